"""Checks of arguments: each error names the argument, its value and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from numbers import Integral, Real

import numpy as np

CONVENTIONS = ("ewa", "heavy_ball")


def short_repr(value: object, width: int = 60) -> str:
    """Return `repr(value)` on one line, cut to `width` characters."""
    text = " ".join(repr(value).split())
    return text if len(text) <= width else text[: width - 1] + "…"


def plural(count: float) -> str:
    """Return the ending of a noun that is counted: an s, but not for one."""
    return "" if count == 1 else "s"


def check_number(value: object, name: str, allowed: str = "a finite number") -> float:
    """Return `value` as a float; refuse what is not a finite real number."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise TypeError(f"{name} must be {allowed}, not {short_repr(value)} ({type(value).__name__})")
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise ValueError(f"{name} must be {allowed}, not {short_repr(value)}")
    return number


def check_beta(beta: object, name: str = "beta") -> float:
    """Return `beta` as a float in [0, 1)."""
    allowed = "a number from 0 up to, but not including, 1"
    number = check_number(beta, name, allowed)
    if not 0.0 <= number < 1.0:
        raise ValueError(f"{name} must be {allowed}, not {short_repr(beta)}")
    return number


def check_alpha(alpha: object, name: str = "alpha") -> float:
    """Return `alpha` as a float, finite and not negative."""
    allowed = "a finite number, 0 or larger"
    number = check_number(alpha, name, allowed)
    if number < 0.0:
        raise ValueError(f"{name} must be {allowed}, not {short_repr(alpha)}")
    return number


def check_positive(value: object, name: str) -> float:
    """Return `value` as a float larger than 0."""
    number = check_number(value, name, "a finite number larger than 0")
    if number <= 0.0:
        raise ValueError(f"{name} must be a finite number larger than 0, not {short_repr(value)}")
    return number


def check_count(value: object, name: str, least: int = 0) -> int:
    """Return `value` as an int of at least `least`."""
    allowed = f"a whole number, {least} or larger"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be {allowed}, not {short_repr(value)} ({type(value).__name__})")
    if value < least:
        raise ValueError(f"{name} must be {allowed}, not {value}")
    return int(value)


def check_flag(value: object, name: str) -> bool:
    """Return `value` when it is True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, not {short_repr(value)} ({type(value).__name__})")
    return bool(value)


def check_function(value: object, name: str) -> None:
    """Refuse what cannot be called."""
    if not callable(value):
        raise TypeError(f"{name} must be a function, not {short_repr(value)}")


def check_choice(value: object, name: str, choices: Iterable[str]) -> str:
    """Return `value` when it is one of `choices`."""
    allowed = " or ".join(repr(choice) for choice in choices)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be {allowed}, not {short_repr(value)} ({type(value).__name__})")
    if value not in choices:
        raise ValueError(f"{name} must be {allowed}, not {value!r}")
    return value


def check_convention(convention: object, name: str = "convention") -> str:
    """Return `convention` when it is "ewa" or "heavy_ball"."""
    return check_choice(convention, name, CONVENTIONS)


def check_array(values: object, name: str, *, finite: bool = True) -> np.ndarray:
    """Return `values` as an array of floats (float32 stays float32); refuse what is not numbers."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be a regular array: its rows have different lengths") from error
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name} must hold real numbers, not {short_repr(values)} ({_kind(values, array)})")
    if array.dtype.kind != "f":
        array = array.astype(float)
    if finite and not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        where = f" at index {place[0] if len(place) == 1 else place}" if place else ""
        raise ValueError(f"{name} must hold finite numbers only, but has {array[place]}{where}")
    return array


def check_vector(values: object, name: str, *, least: int = 1) -> np.ndarray:
    """Return `values` as a one-dimensional array of at least `least` finite floats."""
    array = check_array(values, name)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one row of numbers, not an array of shape {array.shape}")
    if len(array) < least:
        raise ValueError(f"{name} must hold at least {least} number{plural(least)}, not {len(array)}")
    return array


def check_curvatures(curvatures: object, name: str = "curvatures") -> np.ndarray:
    """Return one or several curvatures as a vector of positive floats."""
    array = check_vector(np.atleast_1d(check_array(curvatures, name)), name)
    if (array <= 0.0).any():
        raise ValueError(f"{name} must all be larger than 0, not {short_repr(curvatures)}")
    return array.astype(float)


def check_values(values: object, name: str, check) -> np.ndarray | float:
    """Apply the check of one number to a number, or to every number of an array (NaN refused)."""
    if np.ndim(values) == 0:
        return check(values, name)
    array = check_array(values, name).astype(float)
    if array.size:
        check(float(array.min()), name)
        check(float(array.max()), name)
    return array


def check_same_shape(array: np.ndarray, name: str, shape: tuple[int, ...], other: str) -> None:
    """Refuse an array that does not have the shape of the array called `other`."""
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape of {other}, {shape}, not {array.shape}")


def _kind(values: object, array: np.ndarray) -> str:
    return type(values).__name__ if array.ndim == 0 else f"dtype {array.dtype}"
