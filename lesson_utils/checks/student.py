"""A student's notebook: its names, and its functions, run so that nothing they do can hurt a check."""

from __future__ import annotations

import copy
import io
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from lesson_utils.checks.numbers import finite, flat
from lesson_utils.checks.verdict import Answered, Verdict, not_done, wrong
from lesson_utils.guard import LearnerError, TimeLimit, _wrong_arguments, call

SECONDS = 3.0
"""For all calls of one check together: a loop that does not end is told about while the student still waits."""
KEPT = 2000
"""Characters kept of what a function prints."""

_deepcopy = copy.deepcopy
_errstate = np.errstate
_clock = time.monotonic


@dataclass(frozen=True)
class Outcome:
    """What one call came to: a value, or the verdict that it forces."""

    value: object = None
    problem: Verdict | None = None


class Notebook:
    """The names that a notebook holds."""

    def __init__(self, names: dict) -> None:
        self.names = names

    def function(self, name: str, arguments: tuple[str, ...], *, seconds: float = SECONDS) -> Function:
        """Return the student's function of that name, or end the check with what is wrong with it."""
        if name not in self.names:
            raise Answered(
                not_done(
                    f"This notebook knows no function {name}: write it, and run its cell. If that cell shows an error, "
                    "such as a SyntaxError, mend that first."
                )
            )
        found = self.names[name]
        if found is Ellipsis:
            raise Answered(not_done())
        if not callable(found):
            kind = type(found).__name__
            raise Answered(
                wrong(
                    "no_function",
                    f"{name} is no function but {kind}: a later cell may have given the name away.",
                    f"Search for a line that begins with `{name} =`.",
                )
            )
        if str(getattr(found, "__module__", "")).split(".")[0] == "lesson_utils":
            raise Answered(
                wrong(
                    "imported",
                    f"this {name} comes from lesson_utils. Write one of your own.",
                    f"Look for an import that brings {name}, and take it out.",
                )
            )
        if sentence := _wrong_arguments(found, name, arguments):
            raise Answered(
                wrong(
                    "arguments", sentence, f"The first line must read `def {name}({', '.join(arguments)}):`."
                )
            )
        return Function(found, name, arguments, seconds)

    def value(self, name: str):
        """Return what the notebook calls `name`, or end the check when it is not there yet."""
        if name not in self.names or self.names[name] is Ellipsis or self.names[name] is None:
            raise Answered(not_done(f"Store your answer as `{name}`, run that cell, and then this one."))
        return self.names[name]

    def number(self, name: str) -> float:
        """Return a number of the notebook, or end the check when it is none."""
        found = self.value(name)
        numbers = flat(found)
        if numbers is None or len(numbers) != 1 or not finite(found):
            raise Answered(wrong("no_number", f"{name} must be one number, not {found!r:.60}."))
        return numbers[0]


class Function:
    """A student's function: called with copies, for a limited time, its prints caught."""

    def __init__(self, function, name: str, arguments: tuple[str, ...], seconds: float) -> None:
        self.function, self.name, self.arguments = function, name, arguments
        self.until = _clock() + seconds
        self.seconds = seconds

    def __call__(self, *args):
        """Return what the function returns; end the check when it raises, is late, returns nothing or
        changes an argument."""
        outcome = self.attempt(*args)
        if outcome.problem:
            raise Answered(outcome.problem)
        return outcome.value

    def attempt(self, *args) -> Outcome:
        """Return the outcome of one call, whatever happens in it."""
        given = [_deepcopy(arg) for arg in args]
        with caught() as printed:
            try:
                value = call(self.function, *given, seconds=max(0.05, self.until - _clock()), name=self.name)
            except TimeLimit:
                return Outcome(problem=self._late())
            except LearnerError as error:
                if isinstance(error.__cause__, NotImplementedError):
                    return Outcome(problem=not_done())
                return Outcome(problem=self._raised(error))
        if value is None:
            return Outcome(problem=self._nothing(printed.text))
        for name, arg, kept in zip(self.arguments, given, args, strict=False):
            if changed(arg, kept):
                return Outcome(problem=self._in_place(name))
        return Outcome(value)

    def _late(self) -> Verdict:
        return wrong(
            "endless",
            f"your {self.name} was stopped: it did not end within {self.seconds:g} seconds.",
            "A `while` loop needs something in it that makes its condition false one day.",
        )

    def _raised(self, error: LearnerError) -> Verdict:
        sentence = error.sentence[0].lower() + error.sentence[1:]
        if isinstance(error.__cause__, NameError):
            place = (
                "A name is used before it is defined: look for a typo, or for a cell above that did not run."
            )
            return wrong("name", sentence, place)
        return wrong(
            "raised", sentence, "Call the function yourself in a new cell: the error then shows its line."
        )

    def _nothing(self, printed: str) -> Verdict:
        if printed.strip():
            return wrong(
                "printed",
                f"your {self.name} prints its answer and returns nothing, so nobody can go on with it.",
                "End the function with `return …` where it now has `print(…)`.",
            )
        if is_stub(self.function):
            return not_done()
        return wrong(
            "nothing",
            f"your {self.name} returns nothing.",
            "Does it end with `return …`, and does each way through it get there?",
        )

    def _in_place(self, name: str) -> Verdict:
        return wrong(
            "in_place",
            f"your {self.name} changes {name}, which belongs to whoever called it.",
            f"`{name} += …`, `{name}[…] = …` and `{name}.append(…)` change what was handed in; "
            "compute into a name or a list of your own.",
        )


def is_stub(function) -> bool:
    """Return whether a function does nothing at all: its body is `...`, `pass` or a docstring."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    return not code.co_names and code.co_nlocals == code.co_argcount + code.co_kwonlyargcount


def changed(now, before) -> bool:
    """Return whether an argument differs from its copy (numbers and shapes; NaN equals NaN)."""
    if isinstance(before, dict):
        return list(now) != list(before) or any(changed(now[key], before[key]) for key in before)
    if isinstance(before, (list, tuple)):
        return len(now) != len(before) or any(map(changed, now, before))
    if hasattr(before, "tobytes"):
        return now.shape != before.shape or now.tobytes() != before.tobytes()
    return False


class Printed(io.TextIOBase):
    """Keeps the beginning of what is printed; the rest is counted as printed and forgotten."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """Keep `text` while there is room."""
        if len(self.text) < KEPT:
            self.text += text[:KEPT]
        return len(text)


@contextmanager
def caught():
    """Catch what is printed and leave warnings out: a check answers in its own words only."""
    before, printed = sys.stdout, Printed()
    sys.stdout = printed
    try:
        with warnings.catch_warnings(), _errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield printed
    finally:
        sys.stdout = before
