"""A student's notebook: its names, and its functions, run so that nothing they do can hurt a check."""

from __future__ import annotations

import ast
import builtins
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

from lesson_utils.checks.numbers import Other, TooMuch, finite, flat, plain
from lesson_utils.checks.verdict import WRONG, Answered, Verdict, not_done, words, wrong
from lesson_utils.guard import LearnerError, MemoryLimit, TimeLimit, call
from lesson_utils.guard.errors import wrong_arguments

SECONDS = 3.0
"""For all calls of one check together: a loop that does not end is told about while the student still waits."""
KEPT = 2000
"""Characters kept of what a function prints."""
LAST = 60
"""So many of the newest cells are searched for the one that did not run."""


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
        self, name: str, arguments: tuple[str, ...], *, by_hand: bool = True, may_use: tuple[str, ...] = ()
    ) -> Function:
        """Return the student's function of that name, or end the check with what is wrong with it.

        by_hand: also refuse a function of the student's that hands the work to lesson_utils. may_use: what of it
        the exercise allows.
        """
        found = self._found(name, "function")
        if found is Ellipsis:
            raise Answered(not_done())
        if not callable(found):
            kind = "a number" if flat(found) is not None else type(found).__name__
            raise Answered(wrong("no_function", name=name, kind=kind))
        if _ours(found):
            raise Answered(wrong("imported", name=name))
        if sentence := wrong_arguments(found, name, arguments) or _wrong_order(found, name, arguments):
            header = f"def {name}({', '.join(arguments)}):"
            raise Answered(wrong("arguments", error=lower_first(sentence), header=header))
        if by_hand and (borrowed := _borrowed(found, may_use)):
            raise Answered(wrong("imported/inside", name=name, borrowed=borrowed))
        return Function(found, name, arguments)

    def value(self, name: str):
        """Return what the notebook calls `name`, in Python's own types, or end the check when it is not there."""
        found = self._found(name, "answer")
        if found is Ellipsis or found is None:
            raise Answered(not_done("not_done/value", name=name))
        return self.read(lambda: found, name)

    def read(self, get, name: str):
        """Return get() in Python's own types, read at arm's length: an attribute may be a trap, too."""
        try:
            with captured():
                return call(lambda: plain(get()), seconds=SECONDS, name=name)
        except LearnerError as error:
            if isinstance(error.__cause__, TooMuch):
                raise Answered(wrong("too_much", name=name)) from None
            raise Answered(wrong("no_numbers/unread", name=name, error=lower_first(error.sentence))) from None

    def numbers(self, *names: str) -> list[float]:
        """Return the numbers of those names, or end the check; none is looked at before all are there.

        An array of one number will do.
        """
        values = [self.value(name) for name in names]
        for name, value in zip(names, values, strict=True):
            numbers = flat(value)
            if numbers is None or (len(numbers) == 1 and not finite(value)):
                raise Answered(wrong("no_number", name=name, found=f"{value!r:.60}"))
            if len(numbers) != 1:
                raise Answered(wrong("no_number", name=name, found=f"{len(numbers)} numbers"))
        return flat(values)

    def _found(self, name: str, kind: str):
        """Return what is called `name`, or end the check: a syntax error, another spelling, or nothing yet."""
        if error := _syntax_error(self.names, name):
            older = "/older" if name in self.names else ""
            line = f" in line {error.lineno}" if error.lineno else ""
            comma = "leading zeros" in error.msg  # 0,02
            message = "a decimal number is written with a point, as in 0.02" if comma else error.msg
            raise Answered(wrong(f"syntax{older}", name=name, line=line, message=message))
        if name in self.names:
            return self.names[name]
        if other := _spelt_otherwise(self.names, name, kind):
            raise Answered(wrong("misspelled", name=name, other=other))
        raise Answered(not_done(f"not_done/{kind}", name=name))


def called_by(found) -> list[str]:
    """Return the names that a function, and those inside it, look up outside; [] for whatever is no function."""
    if type(found) is not types.FunctionType:
        return []
    codes = [found.__code__]
    for code in codes:  # it grows
        codes += [one for one in code.co_consts if isinstance(one, types.CodeType)]
    return list(dict.fromkeys(name for code in codes for name in code.co_names))


class Function:
    """A student's function: called with copies, for a limited time, its prints caught."""

    def __init__(self, function, name: str, arguments: tuple[str, ...]) -> None:
        self.function, self.name, self.arguments = function, name, arguments
        self.until = time.monotonic() + SECONDS

    def __call__(self, *args):
        """Return what the function returns, in Python's own types; end the check when that cannot be."""
        outcome = self.attempt(*args)
        if outcome.problem:
            raise Answered(outcome.problem)
        return outcome.value

    def attempt(self, *args) -> Outcome:
        """Return the outcome of one call, whatever happens in it."""
        given = [copy.deepcopy(arg) for arg in args]
        function = self.function

        def run():
            return plain(function(*given))

        # So that an error is told with the line of the student's function.
        run.__wrapped__ = function
        with captured() as printed:
            try:
                value = call(run, seconds=max(0.05, self.until - time.monotonic()), name=self.name)
            except MemoryLimit:
                return self._problem("endless/memory")
            except TimeLimit:
                return self._problem("endless", seconds=SECONDS)
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
            return self._problem("printed")
        if touched:
            return self._problem("in_place/nothing" if value is None else "in_place", argument=touched[0])
        if value is None:
            return self._problem("nothing")
        if isinstance(value, Other):
            lazy = value.words in ("a generator", "a map", "a filter", "a zip", "an enumerate")
            return self._problem("no_numbers/lazy" if lazy else "no_numbers", shown="", got=value.words)
        return Outcome(value)

    def _problem(self, what: str, **fields) -> Outcome:
        return Outcome(problem=wrong(what, name=self.name, **fields))

    def _raised(self, error: LearnerError) -> Verdict:
        cause = error.__cause__
        if isinstance(cause, NotImplementedError):
            return not_done()
        for kind, what in KINDS.items():
            if isinstance(cause, kind):
                return wrong(what, name=self.name)
        kind = "name" if isinstance(cause, NameError) else "raised"
        return Verdict(WRONG, lower_first(error.sentence), kind, place_of(cause))


class _Asked(Exception):  # noqa: N818 - stands for what a student's function did
    """A function asked for input, and nobody is there to type."""


KINDS = {_Asked: "input", TooMuch: "length/endless", RecursionError: "recursion", SystemExit: "exit"}

PLACES = (
    # (the kind of error, what its message says, the name of its words)
    (UnboundLocalError, "", "own name"),
    (NameError, "", "no name"),
    (TypeError, r"for \^|bitwise_xor", "power"),
    (TypeError, r"not callable", "not callable"),
    ((TypeError, AttributeError), r"NoneType", "none"),
    (TypeError, r"multiply sequence|for \S+ 'list'|'list' and|list indices|concatenate list|tuple", "list"),
    (TypeError, r"not iterable|has no len|not subscriptable|unsized", "one number"),
    ((TypeError, ValueError), r"sequence|scalar|truth value|inhomogeneous", "array"),
    (ValueError, r"broadcast|mismatch|not aligned", "lengths"),
    (ValueError, r"math domain|expected a (?:positive|nonnegative)", "logarithm"),
    (IndexError, "", "index"),
    (KeyError, "", "key"),
    (AttributeError, r"'list' object|'float' object|'int' object", "of arrays"),
    (AttributeError, r"ndarray", "of lists"),
    (ArithmeticError, r"zero|divide|invalid", "zero"),
)


def place_of(error: BaseException | None) -> str:
    """Return the place to look at for an exception that a student's function raised."""
    try:
        message = str(error)
    except Exception:
        message = ""
    for kind, pattern, name in PLACES:
        if isinstance(error, kind) and re.search(pattern, message):
            return words(f"raised/{name}")[1]
    return words("raised")[1]


def is_stub(function) -> bool:
    """Return whether a function does nothing at all: its body is `...`, `pass` or a docstring."""

    def without(): ...

    def documented():
        """Do nothing."""

    def given():
        return None

    code = getattr(function, "__code__", None)
    return isinstance(code, types.CodeType) and code.co_code in {
        empty.__code__.co_code for empty in (without, documented, given)
    }


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


def _ours(thing) -> bool:
    """Return whether something comes from lesson_utils."""
    try:
        while isinstance(thing, functools.partial):
            thing = thing.func
        module = thing.__name__ if isinstance(thing, types.ModuleType) else inspect.unwrap(thing).__module__
        return module.split(".")[0] == "lesson_utils"
    except Exception:
        return False


def _borrowed(function, may_use: tuple[str, ...]) -> str:
    """Return the name by which a function itself calls something of lesson_utils that it may not use, or ""."""
    world, names = getattr(function, "__globals__", {}), called_by(function)
    for name in names:
        held = sys.modules.get(name) if name.startswith("lesson_utils") else world.get(name)
        module = isinstance(held, types.ModuleType)
        used = names if module else [getattr(held, "__name__", "")]
        if (module or callable(held)) and _ours(held) and not set(may_use) & set(used):
            return name.split(".")[-1]
    return ""


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
    name = re.escape(name)
    makes = re.compile(rf"^\s*(?:def\s+{name}\b|(?:\w+\s*,\s*)*{name}\s*(?:,\s*\w+\s*)*=(?!=))", re.MULTILINE)
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


def _nobody_types(*_):
    raise _Asked


@contextmanager
def captured():
    """Catch what is printed, leave warnings out, and answer no `input()`: a check speaks in its own words only."""
    before, printed = (sys.stdout, sys.stderr, builtins.input), Printed()
    sys.stdout, sys.stderr, builtins.input = printed, Printed(), _nobody_types
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield printed
    finally:
        sys.stdout, sys.stderr, builtins.input = before
