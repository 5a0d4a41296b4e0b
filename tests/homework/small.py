"""A small homework, handed out and handed in, and the modules of the course's folder, which is no package."""

import contextlib
import copy
import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat

from tests.homework.submissions import cell
from tests.notebook_files import ROOT

sys.path.insert(0, str(ROOT / "homework"))
preflight, transplant = map(importlib.import_module, ("preflight", "transplant"))
sys.path.pop(0)

NAME = "hw"
NO_F, NO_G, NO_WHY = "def f(x):\n    pass  # your code here", "pass  # your code here", "*Write here.*"
F, G, WHY = "def f(x):\n    return x", "def g(x):\n    return 2 * x", "Because."
LABEL = {"schema_version": 3, "task": False, "checksum": "as in the release"}


def one(kind, name, source, **label):
    """Return a cell; with a label when something of it is given."""
    metadata = {"nbgrader": {"grade_id": name, **LABEL, **label}} if label else {}
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": name, "metadata": metadata, "source": source, **code}


def code(source):
    """Return a code cell that a student added."""
    return one("code", f"new-{abs(hash(source))}", source)


def text(source):
    """Return a text cell that a student added."""
    return {**code(source), "cell_type": "markdown"}


def answer(name, stub):
    return one("code", name, stub, grade=False, locked=False, solution=True)


def check_cell(name, points):
    label = {"grade": True, "locked": True, "points": points, "solution": False}
    return one("code", f"check_{name}", f'check("{name}")', **label)


RELEASE = {
    "cells": [
        one("markdown", "title", "# Homework"),
        one("code", "setup", "import math", grade=False, locked=True, solution=False),
        one("markdown", "ask_f", "## 1. Write f"),
        answer("f", NO_F),
        check_cell("f", 4),
        one("code", "draw", "draw(f)"),
        one("markdown", "ask_g", "## 2. Write g"),
        answer("g", NO_G),
        check_cell("g", 6),
        one("markdown", "ask_why", "## 3. Why?"),
        one("markdown", "why", NO_WHY, grade=True, locked=False, points=3, solution=True),
        one("markdown", "end", "## What you have now"),
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def right():
    """Return the homework with a right answer to everything."""
    notebook = copy.deepcopy(RELEASE)
    for name, source in {"f": F, "g": G, "why": WHY}.items():
        cell(notebook, name)["source"] = source
    return notebook


def whole(cells):
    """Refuse a notebook that is not the release with answers in it, and other cells between."""
    ids = [c.id for c in cells]
    assert len(ids) == len(set(ids))
    theirs = {c["id"]: c for c in RELEASE["cells"]}
    found = [c for c in cells if c.id in theirs]
    assert [c.id for c in found] == list(theirs)
    for mine in found:
        wanted = theirs[mine.id]
        is_answer = wanted["metadata"].get("nbgrader", {}).get("solution")
        assert mine == {**wanted, **({"source": mine.source} if is_answer else {})}
    assert not any(c.metadata for c in cells if c.id not in theirs)
    nbformat.validate(nbformat.from_dict({**RELEASE, "cells": cells}))


def run(cells):
    """Run the cells as a kernel does; return what f(3) and g(3) are where their checks look at them."""
    seen, names = {}, {"draw": lambda f: None}

    def check(name):
        if name not in seen:
            seen[name] = names[name](3)

    for one in cells:
        names["check"] = check
        if one.cell_type == "code":
            with contextlib.suppress(Exception):
                exec(compile(one.source, one.id, "exec"), names)
    return seen


def graded(folder: Path, notebook, file=f"{NAME}.ipynb"):
    """Hand in a notebook (or bytes); return the cells to grade, or None, and what was found."""
    received, to = folder / "received", folder / "submitted"
    received.mkdir(exist_ok=True)
    content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    (received / file).write_bytes(content)
    findings = preflight.prepare(received, to, nbformat.from_dict(RELEASE), NAME)
    made = to / f"{NAME}.ipynb"
    return SimpleNamespace(
        cells=nbformat.read(made, as_version=4).cells if made.exists() else None,
        what={found.what for found in findings},
        findings=findings,
    )
