"""Measure the homework: how long each check takes, and what grading a class costs.

    python -m tests.homework.measure             seconds of each check, for right and wrong answers
    python -m tests.homework.measure --grade     processor seconds of grading all submissions of the tests

The answers are those of tests/homework/classes.py. Loops that do not end are left out: they are stopped
after a few seconds, by design.
"""

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lesson_utils.checks import check
from teacher.make_homework import MADE, ROOT, sources
from tests.homework.classes import CLASSES
from tests.homework.course import Course
from tests.homework.submissions import NOT_GRADED
from workshop.environments import made

clock = time.perf_counter
LIMIT = 1.0  # seconds for a check
DEAR = 10.0  # processor seconds for a submission


def handed_in(name):
    """Return all submissions of a homework."""
    return [one for (homework, _), those in CLASSES.items() if homework == name for one in those]


def answers(one, release, source):
    """Return a submission's code cells in order, and the checks among them."""
    _, content = one.file("x", release, source)
    for cell in json.loads(content)["cells"]:
        if cell["cell_type"] == "code":
            yield cell, "".join(cell["source"])


def timed(one, release, source):
    """Return the seconds of each check of a submission, by exercise."""
    names, seconds = {"__name__": "__main__"}, {}
    for cell, text in answers(one, release, source):
        label = cell["metadata"].get("nbgrader", {})
        if label.get("grade"):
            name = label["grade_id"].removeprefix("check_")
            names["check"] = check
            start = clock()
            with contextlib.redirect_stdout(io.StringIO()):
                exec(f"check({name!r})", names)
            seconds[name] = clock() - start
        else:
            with contextlib.suppress(Exception, SystemExit), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(text, one.student, "exec"), names)
    return seconds


def one_of(name, student):
    """Print the seconds of one submission's checks."""
    (path,) = [path for path in sources() if path.stem == name]
    one = next(one for one in handed_in(name) if one.student == student)
    source, release = (json.loads(file.read_text(encoding="utf-8")) for file in (path, MADE / path.name))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for file, text in one.files.items():
            Path(file).write_text(text, encoding="utf-8")
        seconds = timed(one, release, source)
        os.chdir(ROOT)
    print(json.dumps(seconds))
    return 0


def alone(name, one):
    """Return the seconds of a submission's checks, measured in a process of its own; what it patches stays there."""
    command = [sys.executable, "-m", "tests.homework.measure", "--one", name, one.student]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 and done.stdout else {}


def checks():
    """Print a line for each exercise; return the slowest check of all."""
    print(f"{'exercise':<24}{'answers':>8}{'right, s':>10}{'slowest, s':>12}   whose")
    worst = 0.0
    for path in sources():
        tried = {}
        for one in handed_in(path.stem):
            if one.raw is None and not one.changes and not one.endless and one.marks != NOT_GRADED:
                for name, took in alone(path.stem, one).items():
                    tried.setdefault(name, {})[one.student] = took
        for name, took in tried.items():
            who = max(took, key=took.get)
            worst = max(worst, took[who])
            print(f"{name:<24}{len(took):>8}{took.get('right', 0):>10.3f}{took[who]:>12.3f}   {who}")
    return worst


def grading():
    """Print what grading costs for each homework; return the dearest submission, on average of a class."""
    python = made(".venv-nbgrader")
    print(f"{'homework':<16}{'submissions':>12}{'CPU s each':>12}{'wall s':>8}")
    worst = 0.0
    for name in (path.stem for path in sources()):
        with tempfile.TemporaryDirectory() as folder:
            graded = Course(Path(folder) / "course", name, python, handed_in(name)).run()
        each = graded.cpu["nbgrader autograde"] / len(graded.submissions)
        worst = max(worst, each)
        print(
            f"{name:<16}{len(graded.submissions):>12}{each:>12.1f}{graded.seconds['nbgrader autograde']:>8.0f}"
        )
    return worst


def main():
    """Run what was asked for; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description="Measure the homework.")
    parser.add_argument("--grade", action="store_true", help="grade the submissions of the tests as well")
    parser.add_argument("--one", nargs=2, metavar=("HOMEWORK", "STUDENT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        return one_of(*given.one)
    slowest = checks()
    print(f"slowest check: {slowest:.3f} s (at most {LIMIT:g})")
    dearest = grading() if given.grade else 0.0
    if given.grade:
        print(f"dearest class: {dearest:.1f} CPU s for a submission (at most {DEAR:g})")
    return slowest > LIMIT or dearest > DEAR


if __name__ == "__main__":
    sys.exit(main())
