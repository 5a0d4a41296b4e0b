"""A small homework, handed out and handed in, and the modules of the course's folder, which is no package."""

import contextlib
import copy
import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat

from tests.homework.submissions import cell, label, new
from workshop.files import ROOT

sys.path.insert(0, str(ROOT / "teacher" / "homework"))
preflight, transplant = map(importlib.import_module, ("preflight", "transplant"))
sys.path.pop(0)

NAME = "hw"
NO_F, NO_G, NO_WHY = "def f(x):\n    pass  # your code here", "pass  # your code here", "*Write here.*"
F, G, WHY = "def f(x):\n    return x", "def g(x):\n    return 2 * x", "Because."
ANSWER = {"grade": False, "locked": False, "solution": True}
CHECK = {"grade": True, "locked": True, "solution": False}
RELEASE = {
    "cells": [
        new("markdown", "title", "# Homework"),
        new("code", "setup", "import math", grade=False, locked=True, solution=False),
        new("markdown", "ask_f", "## 1. Write f"),
        new("code", "f", NO_F, **ANSWER),
        new("code", "check_f", 'check("f")', points=4, **CHECK),
        new("code", "draw", "draw(f)"),
        new("markdown", "ask_g", "## 2. Write g"),
        new("code", "g", NO_G, **ANSWER),
        new("code", "check_g", 'check("g")', points=6, **CHECK),
        new("markdown", "ask_why", "## 3. Why?"),
        new("markdown", "why", NO_WHY, grade=True, locked=False, points=3, solution=True),
        new("markdown", "end", "## What you have now"),
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def right(*changes):
    """Return the homework with a right answer to everything, and then these changes."""
    notebook = copy.deepcopy(RELEASE)
    for name, source in {"f": F, "g": G, "why": WHY}.items():
        cell(notebook, name)["source"] = source
    for change in changes:
        change(notebook)
    return notebook


def whole(cells):
    """Refuse a notebook that is not the release with answers in it, and other cells between."""
    ids = [one.id for one in cells]
    assert len(ids) == len(set(ids))
    found = [one for one in cells if not one.id.startswith("student-")]
    assert [one.id for one in found] == [one["id"] for one in RELEASE["cells"]]
    for mine, wanted in zip(found, RELEASE["cells"], strict=True):
        assert mine == {**wanted, **({"source": mine.source} if label(wanted).get("solution") else {})}
    assert not any(one.metadata for one in cells if one not in found)
    nbformat.validate(nbformat.from_dict({**RELEASE, "cells": cells}))


def run(cells):
    """Run the cells as a kernel does; return what f(3) and g(3) are where their checks look at them first."""
    seen, names = {}, {"draw": lambda f: None}
    for one in cells:
        names["check"] = lambda name: seen.setdefault(name, names[name](3))
        if one.cell_type == "code":
            with contextlib.suppress(Exception):
                exec(compile(one.source, one.id, "exec"), names)
    return seen


def graded(folder: Path, notebook, file=f"{NAME}.ipynb"):
    """Hand in a notebook (or bytes); return the cells to grade, or None, and what was found."""
    received, made = folder / "received", folder / "submitted" / f"{NAME}.ipynb"
    received.mkdir(exist_ok=True)
    (received / file).write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    findings = preflight.prepare(received, made.parent, nbformat.from_dict(RELEASE), NAME)
    return SimpleNamespace(
        cells=nbformat.read(made, as_version=4).cells if made.exists() else None,
        what={found.what for found in findings},
        findings=findings,
    )
