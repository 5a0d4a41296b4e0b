"""Check a homework answer: `check("ewa")` says in a sentence whether it is right, or which mistake was made.

Every reference is computed here, in plain Python and with functions bound at import, so that nothing a notebook
does to numpy decides about an answer.
"""

from __future__ import annotations

import difflib
import os
import random
import sys
import textwrap

from lesson_utils.checks.exercises import EXERCISES
from lesson_utils.checks.student import Notebook, called_by
from lesson_utils.checks.verdict import OPEN, WRONG, Answered, Verdict, wrong

__all__ = ["check", "examine", "grade"]

GRADING = 20_26
"""The seed of the random inputs when marks are given: grading twice gives the same marks."""

WIDTH = 110
"""Letters on a line: JupyterLab would break longer ones inside a word."""

_fill = textwrap.fill
_print = print
_frame = sys._getframe
_entropy = os.urandom

# Its methods are its own, so that a notebook that replaces one of random.Random changes no input.
_Random = type(
    "_Random",
    (random.Random,),
    {name: thing for name, thing in vars(random.Random).items() if name[:2] != "__"},
)


def check(name: str, *, hint: bool = False) -> None:
    """Print whether the answer to exercise `name` in this notebook is right, or what is wrong with it.

    hint: also say where to look. Prints and returns nothing; raises nothing, whatever the notebook holds.
    """
    names = _frame(1).f_globals
    if type(name) is not str or name not in EXERCISES:
        _print(_in_lines(_no_exercise(name)))
        return
    seed = int.from_bytes(_entropy(8), "big")
    _print(_in_lines(examine(name, names, seed).told(name, hint=bool(hint))))


def _in_lines(words: str) -> str:
    """Return the words broken between words; what goes on is set in by two spaces."""
    return "\n".join(
        _fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        for line in words.split("\n")
    )


def grade(name: str, points: float) -> float:
    """Print the verdict on exercise `name` and return its marks: `points` or 0.

    As the last line of a cell, nbgrader takes what it returns for the marks.
    """
    verdict = examine(name, _frame(1).f_globals, GRADING)
    _print(verdict.told(name, hint=True))
    return points if verdict.passed else 0


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
            return wrong(
                "earlier",
                f"your {name} calls your {other}, and {other} does not pass its own check yet.",
                f"Mend {other} first, and run its cell. What is wrong there shows up here as well.",
            )
    return verdict


def _examined(name: str, names: dict, seed: int) -> Verdict:
    try:
        return EXERCISES[name](Notebook(names), _Random(seed))
    except Answered as answered:
        return answered.verdict
    except (Exception, SystemExit) as error:
        return Verdict(
            OPEN,
            f"this check could not look at your answer ({type(error).__name__}). Restart the kernel, run all "
            "cells, and tell your teacher if it stays.",
            "check_failed",
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
