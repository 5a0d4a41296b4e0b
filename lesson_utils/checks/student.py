"""A student's notebook: its names, and its functions, run so that nothing they do can hurt a check."""

from __future__ import annotations

import ast
import copy
import difflib
import functools
import inspect
import io
import re
import sys
import time
import types
import warnings
from contextlib import contextmanager
from dataclasses import dataclass

from lesson_utils.checks.numbers import Other, TooMuch, finite, flat, one_number, plain, shape
from lesson_utils.checks.raised import place_of
from lesson_utils.checks.verdict import Answered, Verdict, not_done, wrong
from lesson_utils.guard import LearnerError, MemoryLimit, TimeLimit, _wrong_arguments, call

SECONDS = 3.0
"""For all calls of one check together: a loop that does not end is told about while the student still waits."""
KEPT = 2000
"""Characters kept of what a function prints."""
LAST = 60
"""So many of the newest cells are searched for the one that did not run."""

_deepcopy = copy.deepcopy
_clock = time.monotonic


@dataclass(frozen=True)
class Outcome:
    """What one call came to: a value in Python's own types, or the verdict that it forces."""

    value: object = None
    problem: Verdict | None = None


class Notebook:
    """The names that a notebook holds."""

    def __init__(self, names: dict) -> None:
        self.names = names

    def function(
        self,
        name: str,
        arguments: tuple[str, ...],
        *,
        seconds: float = SECONDS,
        by_hand: bool = False,
        may_use: tuple[str, ...] = (),
    ) -> Function:
        """Return the student's function of that name, or end the check with what is wrong with it.

        by_hand: also refuse a function of the student's that hands the work to lesson_utils. may_use: what of it
        the exercise allows.
        """
        if name not in self.names:
            raise Answered(self._missing(name, "function"))
        found = self.names[name]
        if found is Ellipsis:
            raise Answered(not_done())
        if not callable(found):
            raise Answered(self._no_function(name, found))
        if _ours(found):
            raise Answered(
                wrong(
                    "imported",
                    f"this {name} comes from lesson_utils. Write one of your own.",
                    f"Look for an import that brings {name}, and take it out.",
                )
            )
        if sentence := _wrong_arguments(found, name, arguments) or _wrong_order(found, name, arguments):
            raise Answered(
                wrong(
                    "arguments",
                    lower_first(sentence),
                    f"The first line must read `def {name}({', '.join(arguments)}):`.",
                )
            )
        if by_hand and (borrowed := _borrowing(found, may_use)):
            raise Answered(
                wrong(
                    "imported",
                    f"your {name} hands its work to {borrowed} of lesson_utils. Write the rule yourself.",
                    f"Take {borrowed} out of {name}; the text of the exercise has all that it needs.",
                )
            )
        return Function(found, name, arguments, seconds)

    def value(self, name: str):
        """Return what the notebook calls `name`, in Python's own types, or end the check when it is not there."""
        if name not in self.names:
            raise Answered(self._missing(name, "answer"))
        found = self.names[name]
        if found is Ellipsis or found is None:
            raise Answered(not_done(f"Store your answer as `{name}`, run that cell, and then this one."))
        return self.look(lambda: found, name)

    def look(self, read, name: str):
        """Return read() in Python's own types, read at arm's length: an attribute may be a trap, too."""
        try:
            with caught():
                return call(lambda: plain(read()), seconds=SECONDS, name=name)
        except LearnerError as error:
            if isinstance(error.__cause__, TooMuch):
                raise Answered(wrong("too_much", f"{name} holds far more than was asked for.")) from None
            raise Answered(wrong("no_numbers", f"{name} cannot be read: {_said(error)}")) from None

    def number(self, name: str) -> float:
        """Return a number of the notebook, or end the check when it is none; an array of one will do."""
        found = one_number(self.value(name))
        numbers = flat(found)
        if numbers is None or shape(found) != () or not finite(found):
            kind = (
                f"{len(numbers)} numbers" if numbers is not None and len(numbers) != 1 else f"{found!r:.60}"
            )
            raise Answered(
                wrong(
                    "no_number",
                    f"{name} must be one number, but it is {kind}.",
                    f"Store the number itself as `{name}`.",
                )
            )
        return numbers[0]

    def _missing(self, name: str, kind: str) -> Verdict:
        """Return the verdict for a name that is not there: a syntax error, another spelling, or nothing yet."""
        if error := _syntax_error(self.names, name):
            line = f" in line {error.lineno}" if error.lineno else ""
            return wrong(
                "syntax",
                f"the cell with your {name} has a syntax error{line} ({error.msg}), so Python knows no {name} yet.",
                "Look at that line and at the one before it: a colon, a bracket or an indent may be missing.",
            )
        if other := _spelt_otherwise(self.names, name, kind):
            return wrong(
                "misspelled",
                f"this notebook knows no {name}, but it knows {other}. Is that your answer under another name?",
                f"Call it {name}, letter by letter, and run its cell again.",
            )
        what = (
            f"function {name}: write it" if kind == "function" else f"{name}: store your answer as `{name}`"
        )
        return not_done(
            f"This notebook knows no {what}, and run its cell. If that cell shows an error, such as a SyntaxError, "
            "mend that first."
        )

    def _no_function(self, name: str, found) -> Verdict:
        kind = type(found).__name__
        if finite(found) and shape(found) == ():
            kind = "a number"
        return wrong(
            "no_function",
            f"{name} is no function any more but {kind}: a later cell has given the name away. "
            "Run the cell with the function again.",
            f"Search for a line that begins with `{name} =`, and choose another name there.",
        )


def called_by(found) -> list[str]:
    """Return the names that a function looks up outside of itself, in order; [] for whatever is no function."""
    if type(found) is not types.FunctionType:
        return []
    codes, names = [found.__code__], []
    for code in codes:  # it grows: a function inside has code of its own
        names += [name for name in code.co_names if name not in names]
        codes += [one for one in code.co_consts if isinstance(one, types.CodeType)]
    return names


class Function:
    """A student's function: called with copies, for a limited time, its prints caught."""

    def __init__(self, function, name: str, arguments: tuple[str, ...], seconds: float) -> None:
        self.function, self.name, self.arguments = function, name, arguments
        self.until = _clock() + seconds
        self.seconds = seconds

    def __call__(self, *args):
        """Return what the function returns, in Python's own types; end the check when it raises, is late,
        returns nothing or changes an argument."""
        outcome = self.attempt(*args)
        if outcome.problem:
            raise Answered(outcome.problem)
        return outcome.value

    def attempt(self, *args) -> Outcome:
        """Return the outcome of one call, whatever happens in it."""
        given = [_deepcopy(arg) for arg in args]
        function = self.function

        def run():
            return plain(function(*given))

        # So that an error is told with the line of the student's function.
        run.__wrapped__ = function
        with caught() as printed:
            try:
                value = call(run, seconds=max(0.05, self.until - _clock()), name=self.name)
            except MemoryLimit:
                return Outcome(problem=self._endless("it took more and more memory, and did not end"))
            except TimeLimit:
                return Outcome(problem=self._endless(f"it did not end within {self.seconds:g} seconds"))
            except LearnerError as error:
                return Outcome(problem=self._raised(error))
        touched = [
            name
            for name, now, before in zip(self.arguments, given, args, strict=False)
            if changed(now, before)
        ]
        if value is Ellipsis or (value is None and is_stub(function)):
            return Outcome(problem=not_done())
        if value is None and printed.text.strip():
            return Outcome(problem=self._printed())
        if touched:
            return Outcome(problem=self._in_place(touched[0], value is None))
        if value is None:
            return Outcome(problem=self._nothing())
        if isinstance(value, Other):
            return Outcome(problem=self._no_numbers(value))
        return Outcome(value)

    def _endless(self, what: str) -> Verdict:
        return wrong(
            "endless",
            f"your {self.name} was stopped: {what}.",
            "A `while` loop needs something in it that makes its condition false one day; a `for` loop must not "
            "append to the list it runs through.",
        )

    def _raised(self, error: LearnerError) -> Verdict:
        cause = error.__cause__
        if isinstance(cause, NotImplementedError):
            return not_done()
        if isinstance(cause, TooMuch):
            return wrong(
                "length",
                f"your {self.name} returns far more than was asked for, or a list that holds itself.",
                "Is the list made new in each call, and is a number appended to it, not the list itself?",
            )
        if isinstance(cause, RecursionError):
            return wrong(
                "recursion",
                f"your {self.name} calls itself again and again without an end.",
                "A function that calls itself needs a case in which it does not.",
            )
        if isinstance(cause, SystemExit):
            return wrong(
                "exit",
                f"your {self.name} ends the whole program (exit or quit) instead of returning an answer.",
                "Take `exit()` or `quit()` out: a function ends with `return …`.",
            )
        kind = "name" if isinstance(cause, NameError) else "raised"
        return wrong(kind, _said(error), place_of(cause))

    def _printed(self) -> Verdict:
        return wrong(
            "printed",
            f"your {self.name} prints something and returns nothing: `print` shows a number, and nobody can go on with it.",
            "End the function with `return …` and what it has found.",
        )

    def _nothing(self) -> Verdict:
        return wrong(
            "nothing",
            f"your {self.name} returns nothing.",
            "Does it end with `return …`, and does each way through it get there?",
        )

    def _in_place(self, name: str, nothing: bool) -> Verdict:
        also = ", and returns nothing" if nothing else ""
        return wrong(
            "in_place",
            f"your {self.name} changes {name}, which belongs to whoever called it{also}.",
            f"`{name} += …`, `{name}[…] = …` and `{name}.append(…)` change what was handed in, under any other name "
            "too; compute into something of your own, and return that.",
        )

    def _no_numbers(self, value: Other) -> Verdict:
        generator = value.words in ("a generator", "a map", "a filter", "a zip", "an enumerate")
        return wrong(
            "no_numbers",
            f"your {self.name} must return numbers, but it returns {value.words}.",
            "`yield` hands the numbers out one at a time: collect them in a list, and return that."
            if generator
            else "Look at the name behind `return`: is it the one with the numbers?",
        )


def is_stub(function) -> bool:
    """Return whether a function does nothing at all: its body is `...`, `pass` or a docstring."""
    code = getattr(function, "__code__", None)
    return isinstance(code, types.CodeType) and code.co_code in _empty()


def _empty() -> set[bytes]:
    """Return the byte code of functions that do nothing, with a docstring and without."""

    def without(): ...

    def documented():
        """Do nothing."""

    def given():
        return None

    return {function.__code__.co_code for function in (without, documented, given)}


def changed(now, before) -> bool:
    """Return whether an argument differs from its copy, bit by bit, however deep it is nested."""
    if type(now) is not type(before):
        return True
    if isinstance(before, dict):
        return list(now) != list(before) or any(changed(now[key], before[key]) for key in before)
    if isinstance(before, (list, tuple)):
        return len(now) != len(before) or any(map(changed, now, before))
    if hasattr(before, "tobytes"):
        return now.shape != before.shape or now.dtype != before.dtype or now.tobytes() != before.tobytes()
    if isinstance(before, (int, float, str)):
        return now != before and now == now
    return False


def lower_first(sentence: str) -> str:
    """Return a sentence as it goes on after the name of the exercise and a colon."""
    return sentence[:1].lower() + sentence[1:]


def _said(error: LearnerError) -> str:
    return lower_first(error.sentence)


def _module_of(thing) -> str:
    name = getattr(thing, "__name__" if isinstance(thing, types.ModuleType) else "__module__", "")
    return name if isinstance(name, str) else ""


def _ours(thing) -> bool:
    """Return whether something comes from lesson_utils."""
    try:
        while isinstance(thing, functools.partial):
            thing = thing.func
        return _module_of(inspect.unwrap(thing)).split(".")[0] == "lesson_utils"
    except Exception:
        return False


def _borrowing(function, may_use: tuple[str, ...]) -> str:
    try:
        return _borrowed(function, may_use)
    except Exception:
        return ""


DEEPEST = 3
"""So many functions of the notebook, one calling the other, are followed to something of lesson_utils."""


def _borrowed(thing, may_use: tuple[str, ...] = (), world: dict | None = None, depth: int = 0) -> str:
    """Return the name by which a function calls something of lesson_utils that it may not use, or "".

    It is followed through the notebook's own functions and classes, defaults, and what a function closes over.
    """
    if isinstance(thing, functools.partial):
        held = {"partial": thing.func}
    elif isinstance(thing, types.FunctionType):
        world = thing.__globals__ if world is None else world
        if thing.__globals__ is not world:
            return ""
        held = {**_named_in(thing.__code__, world, may_use), **_held_by(thing)}
    elif isinstance(thing, types.MethodType):
        held = {thing.__name__: thing.__func__}
    else:
        kind = thing if isinstance(thing, type) else type(thing)
        if kind.__module__ != "__main__":
            return ""
        held = {**vars(kind), **(getattr(thing, "__dict__", {}) if kind is not thing else {})}
    for name, other in held.items():
        if _is_code(other) and _ours(other) and not _may_use(other, may_use):
            return name
    if depth < DEEPEST:
        for other in held.values():
            if found := _is_code(other) and _borrowed(other, may_use, world, depth + 1):
                return found
    return ""


def _is_code(thing) -> bool:
    return isinstance(thing, types.ModuleType) or callable(thing)


def _may_use(thing, may_use: tuple[str, ...]) -> bool:
    return getattr(thing, "__name__", "") in may_use


def _named_in(code: types.CodeType, world: dict, may_use: tuple[str, ...]) -> dict:
    """Return what the names in a function stand for, with those of its inner functions."""
    held = {}
    for name in code.co_names:
        if name.split(".")[0] == "lesson_utils":
            held[name.split(".")[-1]] = sys.modules.get(name) or sys.modules["lesson_utils"]
        elif name in world:
            held[name] = world[name]
    if set(code.co_names) & set(may_use):
        held = {name: thing for name, thing in held.items() if not isinstance(thing, types.ModuleType)}
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            held |= _named_in(part, world, may_use)
    return held


def _held_by(function: types.FunctionType) -> dict:
    """Return what a function keeps in its defaults and closes over."""
    held = dict(enumerate(function.__defaults__ or ())) | (function.__kwdefaults__ or {})
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            held[name] = cell.cell_contents
        except ValueError:  # nothing in it yet
            continue
    return {getattr(thing, "__name__", "a default"): thing for thing in held.values()}


def _wrong_order(function, name: str, arguments: tuple[str, ...]) -> str | None:
    """Return a sentence when a function has the right arguments in another order."""
    try:
        found = tuple(inspect.signature(function).parameters)[: len(arguments)]
    except (TypeError, ValueError):
        return None
    if found != arguments and sorted(found) == sorted(arguments):
        return f"Your {name} takes ({', '.join(found)}); the order must be ({', '.join(arguments)})."
    return None


def _syntax_error(names: dict, name: str) -> SyntaxError | None:
    """Return the error of the newest cell that would have made `name`, if Python could not read that cell.

    Jupyter keeps the text of all cells that were run in a list called In.
    """
    ran = names.get("In")
    if type(ran) is not list:
        return None
    makes = re.compile(rf"^\s*(?:def\s+{re.escape(name)}\b|{re.escape(name)}\s*=)", re.MULTILINE)
    for source in reversed(ran[-LAST:]):
        if type(source) is str and makes.search(source):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    compile(source, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            except SyntaxError as error:
                return error
            except ValueError:
                pass
            return None
    return None


def _spelt_otherwise(names: dict, name: str, kind: str) -> str | None:
    """Return a name in the notebook that looks like this one, for something that the student made."""
    functions = kind == "function"
    mine = {
        other.lower(): other
        for other, thing in names.items()
        if type(other) is str
        and not other.startswith("_")
        and isinstance(thing, types.FunctionType) == functions
        and not isinstance(thing, (types.ModuleType, type))
        and not _ours(thing)
    }
    close = difflib.get_close_matches(name.lower(), mine, 1, 0.85)
    return mine[close[0]] if close else None


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
    out, err, printed = sys.stdout, sys.stderr, Printed()
    sys.stdout, sys.stderr = printed, Printed()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield printed
    finally:
        sys.stdout, sys.stderr = out, err
