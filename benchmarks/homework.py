"""Measure the homework: how long each check takes, and what grading a class costs.

    python -m benchmarks.homework             seconds of each check, for right and wrong answers
    python -m benchmarks.homework --grade     processor seconds of grading all submissions of the tests

The answers are those of tests/homework/submissions.py. Loops that do not end are left out: they are stopped
after a few seconds, by design.
"""

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
from pathlib import Path

from lesson_utils.checks import check
from tests.environments import python_in
from tests.homework.classes import CLASSES
from tests.homework.course import Course
from tools.homework import sources

LIMIT = 1.0  # seconds for a check
DEAR = 10.0  # processor seconds for a submission


def answers(one, source):
    """Return a submission's code cells in order, and the checks among them."""
    release = {"cells": source["cells"], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    _, content = one.file("x", release, source)
    for cell in json.loads(content)["cells"]:
        if cell["cell_type"] == "code":
            yield cell, "".join(cell["source"])


def timed(one, source):
    """Return the seconds of each check of a submission, by exercise, and what each said."""
    names, seconds, said = {"__name__": "__main__"}, {}, {}
    for cell, text in answers(one, source):
        label = cell["metadata"].get("nbgrader", {})
        if label.get("grade"):
            name = label["grade_id"].removeprefix("check_")
            names["check"] = check
            printed, start = io.StringIO(), time.perf_counter()
            with contextlib.redirect_stdout(printed):
                exec(f"check({name!r})", names)
            seconds[name], said[name] = time.perf_counter() - start, printed.getvalue()
        else:
            with contextlib.suppress(Exception, SystemExit), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(text, one.student, "exec"), names)
    return seconds, said


def checks():
    """Print a line for each exercise; return the slowest check of all."""
    print(f"{'exercise':<24}{'answers':>8}{'right, s':>10}{'slowest, s':>12}   whose")
    worst = 0.0
    for path in sources():
        source = json.loads(path.read_text(encoding="utf-8"))
        tried = {}
        for one in CLASSES.get(path.stem, ()):
            if one.raw is None and one.change is None and not one.endless:
                for name, took in timed(one, source)[0].items():
                    tried.setdefault(name, {})[one.student] = took
        for name, took in tried.items():
            who = max(took, key=took.get)
            worst = max(worst, took[who])
            print(f"{name:<24}{len(took):>8}{took.get('right', 0):>10.3f}{took[who]:>12.3f}   {who}")
    return worst


def grading():
    """Print what grading costs for each homework; return the dearest submission, on average of a class."""
    python = python_in(".venv-nbgrader", "-r", "requirements-homework.txt")
    print(f"{'homework':<16}{'submissions':>12}{'CPU s each':>12}{'wall s':>8}")
    worst = 0.0
    for name in CLASSES:
        with tempfile.TemporaryDirectory() as folder:
            seen = Course(Path(folder) / "course", name, python).run()
        each = seen["cpu"]["nbgrader autograde"] / len(CLASSES[name])
        worst = max(worst, each)
        print(f"{name:<16}{len(CLASSES[name]):>12}{each:>12.1f}{seen['seconds']['nbgrader autograde']:>8.0f}")
    return worst


def main():
    """Run what was asked for; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description="Measure the homework.")
    parser.add_argument("--grade", action="store_true", help="grade the submissions of the tests as well")
    given = parser.parse_args()
    slowest = checks()
    print(f"slowest check: {slowest:.3f} s (at most {LIMIT:g})")
    dearest = grading() if given.grade else 0.0
    if given.grade:
        print(f"dearest class: {dearest:.1f} CPU s for a submission (at most {DEAR:g})")
    return slowest > LIMIT or dearest > DEAR


if __name__ == "__main__":
    sys.exit(main())
