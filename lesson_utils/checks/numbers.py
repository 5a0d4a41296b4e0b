"""Numbers compared in plain Python: what a notebook does to numpy cannot reach this."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

try:
    from numpy._core.multiarray import array as _array
except ImportError:  # numpy 1
    from numpy.core.multiarray import array as _array

CLOSE = 1e-4
"""Relative to the largest number expected: float32 passes, and every mistake that a check knows is larger."""
MOST = 100_000
"""More numbers than this no exercise asks for."""
DEEPEST = 20

_zero = _array([0.0])
_ndarray = type(_zero)
_generic = next(kind for kind in type(_zero[0]).__mro__ if kind.__name__ == "generic")
_view, _tolist, _item = _ndarray.view, _ndarray.tolist, _generic.item
_size = _ndarray.size.__get__


def array(values, whole: bool = False):
    """Return an array of floats, or of whole numbers, whatever has become of `np.array`."""
    return _array(list(values), dtype=int if whole else float)


@dataclass(frozen=True)
class Other:
    """Stands for something that is no number; `words` says what it is: "a generator"."""

    words: str

    def __repr__(self) -> str:
        return self.words


class TooMuch(Exception):  # noqa: N818 - a limit, not an error of ours
    """There are more numbers than any exercise asks for."""


def plain(value):
    """Return a copy that holds only Python's own types; arrays and lists become lists, tuples stay tuples.

    A class of the student's that pretends to be equal to everything has no say in it. What is no number, text,
    sequence or dict becomes an Other. Raises TooMuch, and whatever a strange class raises.
    """
    return _plain(value, [MOST], 0)


def _plain(value, room: list[int], depth: int):
    room[0] -= 1
    if room[0] < 0 or depth > DEEPEST:
        raise TooMuch
    if value is None or value is Ellipsis or type(value) in (float, int, bool, str):
        return value
    if isinstance(value, _ndarray):
        value = _view(value, _ndarray)
        if _size(value) > room[0]:
            raise TooMuch
        return _plain(_tolist(value), room, depth + 1)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (list, tuple)):
        kind = list if isinstance(value, list) else tuple
        return kind([_plain(part, room, depth + 1) for part in kind.__iter__(value)])
    if isinstance(value, dict):
        return {
            key if type(key) in (str, int) else repr(key): _plain(part, room, depth + 1)
            for key, part in dict.items(value)
        }
    if isinstance(value, _generic):
        return _scalar(_item(value))
    if hasattr(value, "tolist"):  # pandas, torch and the like
        return _plain(value.tolist(), room, depth + 1)
    return _scalar(value)


def _scalar(value):
    """Return one number as a float (a Fraction, a numpy longdouble), or an Other."""
    if type(value) in (float, int, bool, str):
        return value
    # A set has no order and bytes are no text: neither is an answer, though float() reads bytes.
    if hasattr(type(value), "__float__") and not isinstance(value, complex):
        return float.__float__(float(value))
    name = type(value).__name__
    return Other(f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}")


def flat(value) -> list[float] | None:
    """Return the numbers of a nested list, tuple or array in order, or None when something in it is none."""
    try:
        return _flat(plain(value))
    except Exception:
        return None


def _flat(value) -> list[float] | None:
    if isinstance(value, (list, tuple)):
        parts = [_flat(part) for part in value]
        return None if any(part is None for part in parts) else [x for part in parts for x in part]
    if type(value) is int:
        return [float(value)]
    return [value] if type(value) is float else None


def shape(value) -> tuple[int, ...] | None:
    """Return the shape of a nested list, tuple or array, () for a number, None for rows of different lengths."""
    try:
        return _shape(plain(value))
    except Exception:
        return None


def one_number(value):
    """Return the number in an array, list or tuple that holds one number only; everything else as it is."""
    numbers = flat(value)
    return numbers[0] if numbers is not None and len(numbers) == 1 else value


def _shape(value) -> tuple[int, ...] | None:
    if not isinstance(value, (list, tuple)):
        return ()
    inner = {_shape(part) for part in value} or {()}
    if len(inner) > 1 or None in inner:
        return None
    return (len(value), *inner.pop())


def same(got, expected, *, close: float = CLOSE, scale: float = 0.0) -> bool:
    """Return whether two nested sequences hold the same numbers, to `close` of the largest expected.

    scale: the size of the numbers that went into it, for where nearly nothing is expected to come out.
    """
    mine, theirs = flat(got), flat(expected)
    if mine is None or theirs is None or len(mine) != len(theirs) or shape(got) != shape(expected):
        return False
    allowed = close * max([abs(x) for x in theirs if isfinite(x)] + [scale, 1e-9])
    return all(near(a, b, allowed) for a, b in zip(mine, theirs, strict=True))


def near(a: float, b: float, allowed: float) -> bool:
    """Return whether two numbers are within `allowed`; infinity and NaN are near themselves."""
    return a == b or abs(a - b) <= allowed or (a != a and b != b)


def finite(value) -> bool:
    """Return whether everything in it is a finite number."""
    numbers = flat(value)
    return numbers is not None and all(isfinite(x) for x in numbers)


def spoken(value, digits: int = 4) -> str:
    """Return numbers as a student reads them: 0.1, or 0.1, 0.2, 0.3, …"""
    numbers = flat(value)
    if numbers is None:
        text = " ".join(repr(value).split())
        return text if len(text) <= 60 else text[:59] + "…"
    if not numbers:
        return "an empty list"
    words = [f"{x:.{digits}g}".replace("-", "−") for x in numbers[:4]]
    return ", ".join(words) + (", …" if len(numbers) > 4 else "")
