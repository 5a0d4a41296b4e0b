"""What is wrong with a learner's function, in one sentence."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from lesson_utils._validate import short_repr


class LearnerError(Exception):
    """What is wrong with a learner's function, as `.sentence`: one sentence in plain words."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Stop(SystemExit):
    """Ends a function from outside: no `except Exception` holds it, and a thread ends by it in silence."""


def call_name(function: Callable, name: str | None) -> str:
    """Return how a sentence begins: "Your momentum_step"."""
    name = name or getattr(function, "__name__", "<lambda>")
    return "Your function" if name.startswith("<") else f"Your {name}"


def format_exception(function: Callable, name: str | None, error: BaseException) -> str:
    """Return the sentence about an exception: its type, its message and the line of the function."""
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    message = message if len(message) <= 200 else message[:199] + "…"
    line = _line_in(function, error)
    where = f" (line {line} of it)" if line else ""
    message = f": {message}" if message else ""
    return f"{call_name(function, name)} stopped with {type(error).__name__}{message}{where}."


def _line_in(function: Callable, error: BaseException) -> int | None:
    """Return the line of the function, its first being 1, that led to the error."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    line = None
    trace = error.__traceback__
    while trace is not None and code is not None:
        if trace.tb_frame.f_code is code:
            line = trace.tb_lineno - code.co_firstlineno + 1
        trace = trace.tb_next
    return line


def wrong_arguments(function: Callable, name: str | None, arguments: tuple[str, ...]) -> str | None:
    """Return a sentence when the function cannot be called with so many arguments."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*arguments)
    except TypeError:
        who, must = call_name(function, name), ", ".join(arguments)
        return f"{who} takes {short_repr(str(signature)).strip(chr(39))}; it must take {len(arguments)} arguments: ({must})."
    return None
