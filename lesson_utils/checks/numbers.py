"""Numbers compared in plain Python: what a notebook does to numpy cannot reach this."""

from __future__ import annotations

from math import isfinite

CLOSE = 1e-4
"""Relative to the largest number expected: float32 passes, and every mistake that a check knows is larger."""


def flat(value) -> list[float] | None:
    """Return the numbers of a nested list, tuple or array in order, or None when something in it is none."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        parts = [flat(part) for part in value]
        return None if any(part is None for part in parts) else [x for part in parts for x in part]
    if isinstance(value, (bool, str, bytes)) or value is None:
        return None
    try:
        return [float(value)]
    except (TypeError, ValueError, OverflowError):
        return None


def shape(value) -> tuple[int, ...]:
    """Return the shape of a nested list, tuple or array; that of a number is ()."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        return ()
    return (len(value), *(shape(value[0]) if value else ()))


def same(got, expected, *, close: float = CLOSE) -> bool:
    """Return whether two nested sequences hold the same numbers, to `close` of the largest expected."""
    mine, theirs = flat(got), flat(expected)
    if mine is None or theirs is None or shape(got) != shape(expected):
        return False
    allowed = close * max([abs(x) for x in theirs if isfinite(x)] + [1e-9])
    return all(a == b or abs(a - b) <= allowed for a, b in zip(mine, theirs, strict=True))


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
    words = [f"{x:.{digits}g}".replace("-", "−") for x in numbers[:4]]
    return ", ".join(words) + (", …" if len(numbers) > 4 else "")
