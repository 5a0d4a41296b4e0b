"""Validate a learner's update rule and a learner's average at each call."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat

import numpy as np

from lesson_utils._validate import check_array, check_beta, check_function, short_repr

from .errors import LearnerError, Stop, call_name, format_exception, wrong_arguments

MODERATE = 1e100
"""Arguments up to this size cannot excuse a NaN or infinity in the answer."""

_ARGUMENTS = {
    1: ("w", "dw", "alpha"),
    2: ("w", "v", "dw", "alpha", "beta"),
    3: ("w", "v", "s", "dw", "t", "alpha", "beta", "beta_2"),
}
"""What a step is called with, by the number of arrays that it returns: those come first, then the gradient."""


class GuardedStep:
    """A learner's update rule, checked at every call.

    With returns=2, step(w, v, dw, alpha, beta) -> (w, v); with returns=1, step(w, dw, alpha) -> w; with
    returns=3, step(w, v, s, dw, t, alpha, beta, beta_2) -> (w, v, s), t counting the steps from 1. `extra`
    names further arguments that come last, such as ("t",). Called with the same arguments, it hands copies
    on and returns arrays of floats of the same shape. It starts no thread: put the whole run under `call` or
    `run_path`, which keep the time.
    Raises LearnerError when the step takes other arguments, raises, returns nothing, no pair, a wrong shape
    or no numbers, makes NaN or infinity out of moderate numbers, or changes its arguments in place.
    """

    def __init__(
        self, step: Callable, *, name: str | None = None, returns: int = 2, extra: tuple[str, ...] = ()
    ) -> None:
        check_function(step, "step")
        if returns not in _ARGUMENTS:
            raise ValueError(f"returns must be 1, 2 or 3, not {short_repr(returns)}")
        self.step, self.name = step, name
        self._who = call_name(step, name)
        self._arguments = (*_ARGUMENTS[returns], *extra)
        self._returned, self._arrays = self._arguments[:returns], self._arguments[: returns + 1]
        self._wrong_arguments = wrong_arguments(step, name, self._arguments)

    def __call__(self, *args):
        if self._wrong_arguments:
            raise LearnerError(self._wrong_arguments)
        if len(args) != len(self._arguments):
            raise TypeError(f"a step takes {', '.join(self._arguments)}, not {len(args)} arguments")
        count = len(self._arrays)
        given = [np.asarray(array) for array in args[:count]]
        copies = [array.copy() for array in given]
        result = _call(self.step, self.name, *copies, *args[count:])
        for name, array, copy in zip(self._arrays, given, copies, strict=True):
            if array.tobytes() != copy.tobytes():
                raise LearnerError(
                    f"{self._who} changed {name} in place, and with it the caller's own {name}: "
                    f"make a new array, `{name} = {name} …`, instead of `{name} += …` or `{name}[…] = …`."
                )
        if result is None:
            ending = ", ".join(self._returned)
            raise LearnerError(f"{self._who} returned nothing: does it end with `return {ending}`?")
        if len(self._returned) == 1:
            with np.errstate(all="ignore"):
                return self._validated(result, "w", given)
        self._check_count(result)
        with np.errstate(all="ignore"):  # once for all: it takes as long as the look itself
            return tuple(map(self._validated, result, self._returned, repeat(given)))

    def _check_count(self, result) -> None:
        count, ending = len(self._returned), f"end it with `return {', '.join(self._returned)}`."
        wanted, article = {2: ("pair", "a"), 3: ("three", "the")}[count]
        if not isinstance(result, (tuple, list)):
            kind = "one array" if isinstance(result, np.ndarray) else short_repr(result)
            raise LearnerError(f"{self._who} returned {kind}, not {article} {wanted}: {ending}")
        if len(result) != count:
            raise LearnerError(f"{self._who} returned {len(result)} values, not the {wanted}: {ending}")

    def _validated(self, value, name: str, given: list[np.ndarray]) -> np.ndarray:
        shape = given[0].shape
        if not (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
            value = _numbers(value, self._who, name)
        if value.shape != shape:
            raise LearnerError(
                f"{self._who} returned {name} with the shape {value.shape}; "
                f"it must have the shape of the w it was given, {shape}."
            )
        if not _all_finite(value) and all(_all_moderate(array) for array in given):
            raise LearnerError(
                f"{self._who} returned {_first_bad(value)} in {name}, though everything "
                "it was given is a finite number: look for a division by zero or an overflow."
            )
        return value


def check_series(function: Callable, values, beta: float, *, name: str | None = None) -> np.ndarray:
    """Return function(values, beta), a learner's average, as an array: one finite number for each value.

    The function gets a copy of `values`. It starts no thread: use call(check_series, function, values, beta).
    Raises LearnerError when the function takes other arguments, raises, returns nothing, a wrong number of
    values, no numbers, NaN or infinity, or changes `values` in place; ValueError or TypeError for bad
    `values` or `beta`.
    """
    check_function(function, "function")
    values, beta = check_array(values, "values"), check_beta(beta)
    who = call_name(function, name)
    if sentence := wrong_arguments(function, name, ("values", "beta")):
        raise LearnerError(sentence)
    copy = values.copy()
    result = _call(function, name, copy, beta)
    if copy.tobytes() != values.tobytes():
        raise LearnerError(f"{who} changed values in place: put the averages into a new list or array.")
    if result is None:
        raise LearnerError(f"{who} returned nothing: does it end with `return` and the averages?")
    result = _numbers(result, who, "the averages")
    if result.ndim == 0:
        raise LearnerError(f"{who} returned one number; it must return one average for each of the values.")
    if result.shape != values.shape:
        got, expected = f"the shape {result.shape}", values.shape
        if result.ndim == values.ndim == 1:
            got, expected = len(result), len(values)
        raise LearnerError(f"{who} returned {got} averages; it must return one for each value, {expected}.")
    if not np.isfinite(result).all():
        raise LearnerError(
            f"{who} returned {_first_bad(result)}, though every value is a finite number: look for a division "
            "by zero or an overflow."
        )
    return result


def _call(function: Callable, name: str | None, *args):
    try:
        return function(*args)
    except (Stop, LearnerError):
        raise
    except (Exception, SystemExit) as error:
        raise LearnerError(format_exception(function, name, error)) from error


def _numbers(value, who: str, name: str) -> np.ndarray:
    """Return what a learner's function returned as floats, or say that it is no numbers."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise LearnerError(f"{who} returned {name} with rows of different lengths.") from None
    if array.dtype.kind not in "fiu":
        kinds = {"c": "complex numbers", "b": "True and False", "U": "text"}
        kind = kinds.get(array.dtype.kind, "other things")
        got = "None" if value is None else f"{kind}: {short_repr(value)}"
        raise LearnerError(f"{who} must return numbers for {name}, but returned {got}.")
    return array if array.dtype.kind == "f" else array.astype(float)


def _all_finite(array: np.ndarray) -> bool:
    # One dot product instead of an array of answers; it may overflow, then look closer.
    flat = array.reshape(-1)
    return flat.dot(flat) < MODERATE or bool(np.isfinite(array).all())


def _all_moderate(array: np.ndarray) -> bool:
    return bool((np.abs(array).astype(float) < MODERATE).all())


def _first_bad(array: np.ndarray) -> str:
    bad = array[~np.isfinite(array)].reshape(-1)[0]
    return "NaN (not a number)" if np.isnan(bad) else "infinity"
