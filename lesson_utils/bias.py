"""Bias correction: what the zero an average starts with costs, and what removes it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from lesson_utils import averages, theory
from lesson_utils._validate import (
    check_alpha,
    check_array,
    check_beta,
    check_choice,
    check_count,
    check_curvatures,
    check_number,
    check_same_shape,
    check_vector,
)

UNITS = {"°C": (1.0, 0.0), "°F": (1.8, 32.0), "K": (1.0, 273.15)}
"""Unit of temperature -> (scale, offset): degrees in that unit are scale * celsius + offset."""


def weight_sum(beta: float, t):
    """Return 1 - beta**t, the sum of the weights (1 - beta) beta**k of the first t values.

    t: a whole number from 0 on, or an array of them; the result has its shape. The rest, beta**t, is the
    weight of v_0 = 0. Raises ValueError for beta outside [0, 1) or a negative t, TypeError for a wrong type.
    """
    beta = check_beta(beta)
    if np.ndim(t) == 0:
        return 1.0 - beta ** check_count(t, "t")
    t = np.asarray(t)
    if t.dtype.kind not in "iu":
        raise TypeError(f"t must hold whole numbers, not dtype {t.dtype}")
    if (t < 0).any():
        raise ValueError(f"t must hold whole numbers, 0 or larger, not {t.min()}")
    return 1.0 - beta ** t.astype(float)


def steps_until(beta: float, left: float = 0.01) -> int:
    """Return the first t at which the zero holds less than `left` of the weight: beta**t < left.

    Raises ValueError for beta outside [0, 1) or left outside (0, 1), TypeError for a wrong type.
    """
    beta = check_beta(beta)
    if not 0.0 < check_number(left, "left") < 1.0:
        raise ValueError(f"left must be a number between 0 and 1, not {left}")
    if beta == 0.0:
        return 1
    t = max(1, int(np.log(left) / np.log(beta)) - 1)
    while beta**t >= left:
        t += 1
    return t


def stored_back(values, beta: float) -> np.ndarray:
    """Return the average that comes out when each corrected value is stored back into v: a mistake.

    values: shape (n,). On a constant series it is too large by beta / (1 - beta**t) more at each step, until
    1 - beta**t passes beta; only then does it come down again.
    Raises ValueError for bad values or beta, TypeError for a wrong type.
    """
    values, beta = check_vector(values, "values"), check_beta(beta)
    v, found = 0.0, []
    for t, value in enumerate(values.tolist(), start=1):
        v = (beta * v + (1.0 - beta) * value) / (1.0 - beta**t)
        found.append(v)
    return np.array(found)


def to_unit(celsius, unit: str) -> np.ndarray:
    """Return degrees Celsius in another of the UNITS; ValueError for one that is not among them."""
    scale, offset = UNITS[check_choice(unit, "unit", UNITS)]
    return scale * check_array(celsius, "celsius") + offset


def to_celsius(degrees, unit: str) -> np.ndarray:
    """Return degrees in one of the UNITS in °C; ValueError for a unit that is not among them."""
    scale, offset = UNITS[check_choice(unit, "unit", UNITS)]
    return (check_array(degrees, "degrees") - offset) / scale


def averaged_in(celsius, beta: float, unit: str, *, bias_correction: bool = False) -> np.ndarray:
    """Return the average of temperatures, taken in `unit` and told in °C; shape and errors as in `ewa`."""
    found = averages.ewa(to_unit(celsius, unit), beta, bias_correction=bias_correction)
    return to_celsius(found, unit)


# --- a learner's own correction -------------------------------------------------------------------------


def _divided(by: Callable) -> Callable:
    def average(values, beta):
        t = np.arange(1, len(values) + 1)
        return averages.ewa(values, beta) / by(beta, t)

    return average


MISTAKES = {
    "not divided": averages.ewa,
    "stored back": stored_back,
    "t too large": _divided(lambda beta, t: 1.0 - beta ** (t + 1.0)),
    "always 1 - beta": _divided(lambda beta, t: 1.0 - beta),
    "multiplied": _divided(lambda beta, t: 1.0 / (1.0 - beta**t)),
    "one weight swapped": lambda values, beta: averages.ewa(values, 1.0 - beta, bias_correction=True),
}
"""What a wrong correction may do: name -> function(values, beta) that does it."""


def mistake_in(found, values, beta: float) -> str | None:
    """Say which of the MISTAKES made `found` out of `values`: its name, "" for none of them, None if it is right.

    found, values: shape (n,). Raises ValueError for shapes that differ or bad values or beta.
    """
    values, beta = check_vector(values, "values"), check_beta(beta)
    found = check_vector(found, "found")
    check_same_shape(found, "found", values.shape, "values")
    if same(found, averages.ewa(values, beta, bias_correction=True)):
        return None
    for name, average in MISTAKES.items():
        if beta > 0.0 and same(found, average(values, beta)):
            return name
    return ""


def same(one, other) -> bool:
    """Return True when two series agree, each value but for rounding (float32 is good enough)."""
    size = np.abs(other).max(initial=1.0)
    with np.errstate(over="ignore"):
        return bool(np.all(np.abs(one - other) <= 1e-6 * np.maximum(np.abs(other), min(1.0, size))))


# --- the first steps of a descent -----------------------------------------------------------------------


def corrected_settling(
    curvatures, alpha: float, beta: float, start=None, *, most: int = 1000
) -> tuple[int | None, float]:
    """Say how momentum with bias correction settles: (step, widest).

    step: from it on every direction stays within 1 % of its start; None when it diverges, or has not settled
    within `most` steps. widest: the largest distance of a direction on the way, as a part of its start.
    curvatures: a number or shape (k,), of a quadratic. start: shape (k,), distances from the minimum along
    those directions (ones when not given). The lecture's form, v / (1 - beta**t).
    Raises ValueError for a bad value or shape, TypeError for a wrong type.
    """
    curvatures = check_curvatures(curvatures)
    alpha, beta, most = check_alpha(alpha), check_beta(beta), check_count(most, "most")
    runs = [_settles(c, alpha, beta, most) for c in theory.directions_that_move(curvatures, start).tolist()]
    settled = max((step for step, _ in runs), default=0)
    widest = max((far for _, far in runs), default=0.0)
    return (settled if settled <= most else None), widest


def _settles(curvature: float, alpha: float, beta: float, most: int) -> tuple[int, float]:
    # Plain floats, one direction at a time: many times faster than rows of an array. Looked at up to twice
    # `most`, because a wave that crosses the minimum there has not settled; or until the correction is over
    # and the waves are too small to come back (theory.steps_to_settle says why).
    w, v, power, outside, widest, before = 1.0, 0.0, 1.0, 0, 1.0, 1.0
    calm = 0.01 * (1.0 - theory.convergence_rate(curvature, alpha, beta))
    push = (1.0 - beta) * curvature
    for t in range(1, 2 * most + 1):
        v = beta * v + push * w
        power *= beta
        w -= alpha * v / (1.0 - power)
        if not -0.01 <= w <= 0.01:
            outside = t
            if not -widest <= w <= widest:
                widest = abs(w)
                if not widest < 1e150:
                    return 2 * most + 1, math.inf
        elif power < 1e-15 and beta * abs(before) + abs(w) < calm:
            break
        before = w
    return outside + 1, widest
