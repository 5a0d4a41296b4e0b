"""Where to look when a student's function raises: what such an error mostly comes from."""

from __future__ import annotations

import re

ANYWHERE = "Call the function yourself in a new cell: the error then shows its line."
_ZERO = "What is 0 on that line? Work it out by hand for the first value."

PLACES = (
    (
        UnboundLocalError,
        "",
        "A function uses a name of its own there before it gives it a value: set it before the loop begins.",
    ),
    (
        NameError,
        "",
        "A name is used before it is defined: look for a typo, or for a cell above that did not run.",
    ),
    (
        TypeError,
        r"for \^|bitwise_xor",
        "`^` is no power in Python. A power is written with two stars: `x**t`.",
    ),
    (
        TypeError,
        r"not callable",
        "What stands before the bracket is no function. Is a `*` missing between a number and its bracket? Or did a "
        "cell give away a name such as `list`, `sum` or `len`? (Restarting the kernel brings those back.)",
    ),
    (
        (TypeError, AttributeError),
        r"NoneType",
        "Something there is None: a function without `return` gives None, and so does `list.append(…)`, which must "
        "not stand behind an `=`.",
    ),
    (
        TypeError,
        r"multiply sequence|for \S+ 'list'|'list' and|list indices|concatenate list|tuple",
        "A whole list cannot be multiplied or divided. Take its numbers one at a time, or make an array of it first.",
    ),
    (
        TypeError,
        r"not iterable|has no len|not subscriptable|unsized",
        "One number is treated as if it were several. Print that name and see what it holds.",
    ),
    (
        (TypeError, ValueError),
        r"sequence|scalar|truth value|inhomogeneous",
        "A whole array stands where one number is wanted. Take its numbers one at a time.",
    ),
    (
        ValueError,
        r"broadcast|mismatch|not aligned",
        "Two arrays of different lengths meet there. Print the shape of each.",
    ),
    (
        ValueError,
        r"math domain|expected a (?:positive|nonnegative)",
        "A logarithm wants a number larger than 0, a square root one that is not negative.",
    ),
    (
        IndexError,
        "",
        "A list is asked for a place that it does not have. The places run from 0 to its length − 1, and an empty "
        "list has none.",
    ),
    (KeyError, "", "A dict is asked for a key that it does not have. Print its keys."),
    (
        AttributeError,
        r"'list' object|'float' object|'int' object",
        "That can be asked of an array, but not of a list or of a single number.",
    ),
    (AttributeError, r"ndarray", "That can be asked of a list, but not of an array."),
    (ArithmeticError, r"zero|divide|invalid", _ZERO),
)


def place_of(error: BaseException | None) -> str:
    """Return the place to look at for an exception that a student's function raised."""
    try:
        message = str(error)
    except Exception:
        message = ""
    for kind, pattern, place in PLACES:
        if isinstance(error, kind) and re.search(pattern, message):
            return place
    return ANYWHERE
