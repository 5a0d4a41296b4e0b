"""Numbers as a check compares and tells them, in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

CLOSE = 1e-4
"""Relative to the largest number expected: float32 passes, and every mistake that a check knows is larger."""
MOST = 100_000
"""More numbers than this no exercise asks for."""
DEEPEST = 20


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
    if isinstance(value, np.ndarray):
        if np.ndarray.size.__get__(value) > room[0]:
            raise TooMuch
        return _plain(np.ndarray.tolist(np.ndarray.view(value, np.ndarray)), room, depth + 1)
    for own, read in ((float, float.__float__), (int, int.__int__), (str, str.__str__)):
        if isinstance(value, own):
            return read(value)
    if isinstance(value, (list, tuple)):
        kind = list if isinstance(value, list) else tuple
        return kind([_plain(part, room, depth + 1) for part in kind.__iter__(value)])
    if isinstance(value, dict):
        return {
            key if type(key) in (str, int) else repr(key): _plain(part, room, depth + 1)
            for key, part in dict.items(value)
        }
    if isinstance(value, np.generic):
        return _scalar(value.item())
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
    """Return the numbers of something plain in order, or None when something in it is none."""
    if isinstance(value, (list, tuple)):
        parts = [flat(part) for part in value]
        return None if None in parts else [x for part in parts for x in part]
    if type(value) not in (int, float):
        return None
    try:
        return [float(value)]
    except OverflowError:
        return None


def shape(value) -> tuple[int, ...] | None:
    """Return the shape of something plain: () for a number, None for rows of different lengths."""
    if not isinstance(value, (list, tuple)):
        return ()
    inner = {shape(part) for part in value} or {()}
    if len(inner) > 1 or None in inner:
        return None
    return (len(value), *inner.pop())


def near(got: list[float], due: list[float], *, close: float = CLOSE, scale: float = 0.0) -> bool:
    """Return whether two flat lists hold the same numbers, to `close` of the largest that is due.

    scale: the size of what went in, for where nearly nothing is to come out. Infinity and NaN are near themselves.
    """
    if len(got) != len(due):
        return False
    allowed = close * max([abs(x) for x in due if isfinite(x)] + [scale, 1e-9])
    return all(a == b or abs(a - b) <= allowed or (a != a and b != b) for a, b in zip(got, due, strict=True))


def finite(value) -> bool:
    """Return whether everything in something plain is a finite number."""
    numbers = flat(value)
    return numbers is not None and all(map(isfinite, numbers))


def formatted(value, digits: int = 4) -> str:
    """Return something plain as a student reads it: 0.1, or 0.1, 0.2, 0.3, 0.4, …"""
    numbers = flat(value)
    if numbers is None:
        text = " ".join(repr(value).split())
        return text if len(text) <= 60 else text[:59] + "…"
    if not numbers:
        return "an empty list"
    words = [f"{x:.{digits}g}".replace("-", "−") for x in numbers[:4]]
    return ", ".join(words) + (", …" if len(numbers) > 4 else "")
