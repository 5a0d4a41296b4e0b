"""Look at what students handed in before nbgrader grades it: `python preflight.py hw1_averages`, in this folder.

received/STUDENT/HOMEWORK/ is what came in, and stays as it is. submitted/STUDENT/HOMEWORK/ is what nbgrader
grades: the release, with the student's answers in its answer cells and the student's own cells between them.
What was odd stands in reports/HOMEWORK.csv and on the screen, a sentence each. A notebook that nobody can
grade is listed, and not handed on: nbgrader would count it as zero.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import nbformat
from transplant import Finding, Transplant, Ungradable, read

HERE = Path(__file__).resolve().parent
COLUMNS = ("assignment", "student_id", "file", "gradable", "what", "sentence")


def choose(folder: Path, name: str) -> tuple[Path, list[Finding]]:
    """Return the notebook that a student means, and what was odd about it; raises Ungradable when unsure."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    notebooks = [
        one for one in files if one.suffix.lower() == ".ipynb" and not one.stem.endswith("-checkpoint")
    ]
    exact = [one for one in notebooks if one.name == f"{name}.ipynb"]
    if len(exact) == 1:
        others = ", ".join(one.name for one in notebooks if one not in exact)
        words = f"Besides {exact[0].name} there is {others}; it is not looked at."
        return exact[0], [Finding("several", words)] if others else []
    if len(notebooks) > 1:
        listed = ", ".join(one.name for one in notebooks)
        raise Ungradable("several", f"Which of these counts? {listed}. Leave one of them in received/.")
    others = [one for one in files if one.suffix in (".json", ".txt")]
    hidden = [one for one in others if one.read_text("utf-8", errors="replace").lstrip().startswith("{")]
    if found := notebooks or (hidden if len(hidden) == 1 else []):
        return found[0], [Finding("name", f"It is called {found[0].name}; taken as {name}.ipynb.")]
    listed = ", ".join(one.name for one in files if one.name != "timestamp.txt") or "no file at all"
    raise Ungradable("no_notebook", f"No notebook was handed in, but {listed}.")


def prepare(folder: Path, to: Path, release: nbformat.NotebookNode, name: str) -> list[Finding]:
    """Make submitted/STUDENT/HOMEWORK of received/STUDENT/HOMEWORK, and return what was found."""
    shutil.rmtree(to, ignore_errors=True)
    try:
        path, findings = choose(folder, name)
        work = Transplant(read(path, release.cells), release.cells)
        text = nbformat.writes(nbformat.from_dict({**release, "cells": work.cells_to_grade()}))
    except Ungradable as ungradable:
        return [Finding(*ungradable.args, gradable=False)]
    except Exception as problem:  # one student's odd file must not stop the others
        words = f"{type(problem).__name__}: {' '.join(str(problem).split())[:120]}"
        return [Finding("unreadable", f"It could not be looked at ({words}).", gradable=False)]
    to.mkdir(parents=True)
    for other in folder.iterdir():
        if other.is_file() and other.suffix.lower() != ".ipynb" and other != path:
            shutil.copy(other, to)
    (to / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8", newline="\n")
    return findings + work.findings


def preflight(root: Path, name: str) -> list[dict]:
    """Look at every submission of a homework; returns the rows of the report, after writing it."""
    release = nbformat.read(root / "release" / name / f"{name}.ipynb", as_version=4)
    rows = []
    for folder in sorted((root / "received").glob(f"*/{name}")):
        student = folder.parent.name
        if set(student) & set("[]*?"):
            words = "nbgrader cannot grade an id with one of [ ] * ? in it. Rename the folder in received/."
            rows.append(_row(name, student, Finding("id", words, gradable=False)))
            continue
        findings = prepare(folder, root / "submitted" / student / name, release, name)
        rows += [_row(name, student, found) for found in findings or [Finding("", "")]]
    rows += [_row(name, "", found, file) for file, found in lost(root, name)]
    place = root / "reports" / f"{name}.csv"
    place.parent.mkdir(exist_ok=True)
    with place.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    return rows


def _row(name: str, student: str, found: Finding, file: str = "") -> dict:
    gradable = "yes" if found.gradable else "no"
    return dict(zip(COLUMNS, (name, student, file, gradable, found.what, found.sentence), strict=True))


def lost(root: Path, name: str) -> Iterator[tuple[str, Finding]]:
    """Yield the downloaded files that reached no student's folder."""
    arrived = [(file.parts[0], content) for file, content in _files(root / "received", f"*/{name}/**/*")]
    for file, content in _files(root / "downloaded" / name / "extracted", "**/*"):
        same = [one for one in arrived if one[1] == content and one[0] in str(file)]
        if same:  # each file that arrived stands for one: two students can hand in the same bytes
            arrived.remove(max(same, key=lambda one: len(one[0])))
            continue
        sentence = (
            "It reached nobody's folder: the pattern in nbgrader_config.py does not fit its name, or a newer "
            "file of this student or one that you changed in received/ stands in its place."
        )
        yield str(file), Finding("lost", sentence, gradable=False)


def _files(folder: Path, pattern: str) -> list[tuple[Path, str]]:
    """Return each file's path in a folder, however its letters are written, and what stands for its bytes."""
    files = [path for path in sorted(folder.glob(pattern)) if path.is_file()]
    names = [Path(unicodedata.normalize("NFC", str(path.relative_to(folder)))) for path in files]
    return [(name, sha256(path.read_bytes()).hexdigest()) for name, path in zip(names, files, strict=True)]


def told(rows: list[dict]) -> str:
    """Return the report in words."""
    students = {row["student_id"] for row in rows if row["student_id"]}
    stopped = [row for row in rows if row["gradable"] == "no"]
    mended = [row for row in rows if row["gradable"] == "yes" and row["what"]]
    lines = [f"{len(students)} students handed in."]
    for head, part in (("Cannot be graded", stopped), ("Put right", mended)):
        if part:
            lines += ["", f"{head}:"]
            lines += [f"  {row['student_id'] or row['file']}: {row['sentence']}" for row in part]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 2 when there is no release to compare with."""
    parser = argparse.ArgumentParser(description="Look at what students handed in before nbgrader grades it.")
    parser.add_argument("homework", help="its name, such as hw1_averages")
    parser.add_argument("--root", type=Path, default=HERE, help="the course's folder")
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # of ids that two cells have, of odd escapes in a student's code
    try:
        rows = preflight(given.root, given.homework)
    except FileNotFoundError as problem:
        print(f"No release: run `nbgrader generate_assignment {given.homework}` first ({problem.filename}).")
        return 2
    print(told(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
