"""Check a homework answer: `check("ewa")` says in a sentence whether it is right, or which mistake was made."""

from __future__ import annotations

import difflib
import os
import random
import sys
import textwrap

from lesson_utils.checks import hw1, hw2, hw3
from lesson_utils.checks.apart import apart
from lesson_utils.checks.student import SECONDS, Notebook, called_by
from lesson_utils.checks.verdict import OPEN, WRONG, Answered, Verdict, words, wrong

__all__ = ["check", "examine", "grade"]

EXERCISES = {**hw1.EXERCISES, **hw2.EXERCISES, **hw3.EXERCISES}
"""name -> function of (the student's notebook, a source of random numbers) that returns a verdict."""
GRADING_SEED = 2026
"""The seed of the random inputs when marks are given: grading twice gives the same marks."""
WIDTH = 110
"""Letters on a line: JupyterLab would break longer ones inside a word."""

_print = print  # a notebook may give the name away


def check(name: str, *, hint: bool = False) -> None:
    """Print whether the answer to exercise `name` in this notebook is right, or what is wrong with it.

    hint: also say where to look. Prints and returns nothing; raises nothing, whatever the notebook holds.
    """
    names = sys._getframe(1).f_globals
    if type(name) is not str or name not in EXERCISES:
        _print(_in_lines(_no_exercise(name)))
        return
    seed = int.from_bytes(os.urandom(8), "big")
    _print(_in_lines(_apart(name, names, seed).format(name, hint=bool(hint))))


def grade(name: str, points: float) -> float:
    """Print the verdict on exercise `name` and return its marks: `points` or 0.

    As the last line of a cell, nbgrader takes what it returns for the marks.
    """
    verdict = _apart(name, sys._getframe(1).f_globals, GRADING_SEED)
    _print(verdict.format(name, hint=True))
    return points if verdict.passed else 0


def _apart(name: str, names: dict, seed: int) -> Verdict:
    """Return the verdict as a copy of this process comes to it: an answer that does not end can end nothing else."""
    try:
        return apart(lambda: examine(name, names, seed))
    except TimeoutError:
        return wrong("endless/held", seconds=SECONDS)
    except EOFError:
        return wrong("exit/gone")


def examine(name: str, names: dict, seed: int) -> Verdict:
    """Return the verdict on exercise `name` for a notebook that holds `names`; `seed` draws the inputs.

    Whatever goes wrong in here is a verdict too, and never a right one; only the reader's own stop comes through.
    A wrong answer that calls another exercise's function is told about that one first, when it is not right either.
    """
    verdict = _examined(name, names, seed)
    if verdict.status != WRONG:
        return verdict
    for other in called_by(names.get(name)):
        if other in EXERCISES and other != name and not _examined(other, names, seed).passed:
            return wrong("earlier", name=name, other=other)
    return verdict


def _examined(name: str, names: dict, seed: int) -> Verdict:
    try:
        return EXERCISES[name](Notebook(names), random.Random(seed))
    except Answered as answered:
        return answered.verdict
    except (Exception, SystemExit) as error:
        return Verdict(OPEN, words("check_failed", error=type(error).__name__)[0], "check_failed")


def _in_lines(text: str) -> str:
    """Return the text broken between words; what goes on is set in by two spaces."""
    return "\n".join(
        textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


def _no_exercise(name) -> str:
    """Return what to tell about a name that is none of an exercise."""
    if type(name) is not str:
        given = getattr(name, "__name__", None)
        meant = given if type(given) is str and given in EXERCISES else "ewa"
        return f'Give the name of the exercise in quotation marks: check("{meant}").'
    close = difflib.get_close_matches(name, EXERCISES, 1)
    meant = f'Did you mean check("{close[0]}")?' if close else f"There are: {', '.join(EXERCISES)}."
    return f"There is no exercise {name[:40]!r}. {meant}"
