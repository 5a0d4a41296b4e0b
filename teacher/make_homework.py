"""Make the homework's notebooks from their sources: `python -m teacher.make_homework`; `--check` tells which are stale.

teacher/homework/source/NAME/NAME.ipynb is the only one that is written by hand. From it come

- notebooks/homework/NAME.ipynb, the student's, as `nbgrader generate_assignment` makes it;
- notebooks/homework/solutions/NAME.ipynb, the same with its answers.

Needs the extra [homework]. A class gets neither of the two but teacher/homework/release/NAME/NAME.ipynb, which
nbgrader makes in the course's own folder, without the link to the solution.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from workshop.files import ROOT

COURSE = ROOT / "teacher" / "homework"
MADE = ROOT / "notebooks" / "homework"
LINK = "solution_link"
"""The id of the cell that leads from a homework to its solution."""
HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.MULTILINE | re.DOTALL)
MARKER = re.compile(r"^[^\n]*(?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)
LOCAL = re.compile(r"(\]\()(?!https?:|mailto:|#|/|attachment:)")


def sources(course: Path = COURSE) -> list[Path]:
    """Return the source notebooks in order."""
    return sorted(path for path in course.glob("source/*/*.ipynb") if path.stem == path.parent.name)


def students(course: Path = COURSE) -> dict[str, str]:
    """Return each student's version by name, made by nbgrader in a folder of its own.

    Raises RuntimeError with nbgrader's words when it refuses a source.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "course"
        copy.mkdir()
        shutil.copytree(course / "source", copy / "source")
        for file in course.glob("*.py"):
            shutil.copy(file, copy)
        made = {}
        for source in sources(copy):
            _nbgrader(copy, "generate_assignment", source.stem, "--no-db", "--LeaveOut.cells=[]")
            text = (copy / "release" / source.stem / source.name).read_text(encoding="utf-8")
            made[source.stem] = written(json.loads(text))
        return made


def _nbgrader(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "nbgrader", *arguments]
    # Outputs of a test run in colours would end up in the message.
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"}
    )
    if done.returncode:
        raise RuntimeError(done.stderr or done.stdout)


def solution(source: dict, name: str) -> dict:
    """Return a source notebook as one that can be read and run: answers in, everything of nbgrader's out."""
    cells = [_solved(cell) for cell in source["cells"] if cell["id"] != LINK]
    words = f"**This is the solution** of [{name}](../{name}.ipynb). Try that one first, and look here afterwards."
    first = {"cell_type": "markdown", "id": "this_is_the_solution", "metadata": {}, "source": words}
    return {**source, "cells": [first, *cells]}


def _solved(cell: dict) -> dict:
    text = MARKER.sub("", HIDDEN.sub("", "".join(cell["source"]))).rstrip("\n")
    if cell["cell_type"] == "markdown":
        text = LOCAL.sub(r"\1../", text)  # it stands a folder deeper than the homework
    metadata = {key: value for key, value in cell["metadata"].items() if key != "nbgrader"}
    return {**cell, "source": text, "metadata": metadata}


def written(notebook: dict) -> str:
    """Return a notebook as text, byte for byte as nbstripout would leave it."""
    cells = [
        {**cell, "source": "".join(cell["source"]).splitlines(keepends=True)} for cell in notebook["cells"]
    ]
    return json.dumps({**notebook, "cells": cells}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def make(course: Path = COURSE) -> dict[str, str]:
    """Return all generated notebooks: their path below notebooks/homework/, and their text."""
    made = {f"{name}.ipynb": text for name, text in students(course).items()}
    for source in sources(course):
        notebook = json.loads(source.read_text(encoding="utf-8"))
        made[f"solutions/{source.name}"] = written(solution(notebook, source.stem))
    return made


def stale(made: dict[str, str], folder: Path = MADE) -> list[str]:
    """Return what is wrong with a folder of generated notebooks, a line for each file."""
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.ipynb")}
    there = {name: path for name, path in there.items() if ".ipynb_checkpoints" not in name}
    lines = [f"{name}: it is missing" for name in made if name not in there]
    lines += [f"{name}: no source makes it" for name in there if name not in made]
    for name, path in there.items():
        if name in made and path.read_bytes() != made[name].encode():
            lines.append(f"{name}: it is not what its source makes")
    return sorted(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; with --check, 1 when something is stale."""
    parser = argparse.ArgumentParser(description="Make the homework's notebooks from their sources.")
    parser.add_argument("--check", action="store_true", help="write nothing; say what is stale")
    given = parser.parse_args(arguments)
    try:
        made = make()
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
        return 2
    problems = stale(made)
    if given.check:
        print(
            "\n".join(
                [*problems, "`python -m teacher.make_homework` makes them anew."]
                if problems
                else ["All fresh."]
            )
        )
        return bool(problems)
    for name, text in made.items():
        path = MADE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    print("\n".join([f"{len(made)} notebooks made.", *stale(made)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
