"""What came after momentum: Nesterov's look-ahead, RMSprop and Adam, in the lecture's form.

v is the average of the gradients, s the average of their squares; both begin at 0. Sources: Nesterov 1983 in the
form of Sutskever, Martens, Dahl and Hinton 2013; Tieleman and Hinton 2012 (RMSprop); Kingma and Ba 2015 (Adam).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lesson_utils import theory
from lesson_utils._validate import (
    check_alpha,
    check_array,
    check_beta,
    check_count,
    check_curvatures,
    check_flag,
    check_function,
    check_positive,
    check_values,
)
from lesson_utils.optimizers import TOO_FAR, Path, _gradient_at, _is_small, _ran_away, _walk_own

EPSILON = 1e-8
"""Keeps a division from being one by 0; the value of the paper on Adam."""
FEW = 4
"""Up to so many parameters are walked as Python's own floats."""


@dataclass(frozen=True, eq=False)
class SquaredPath(Path):
    """A path with s, shape (steps+1, ...): the average of the squared gradients, s[0] = 0, NaN after a divergence."""

    s: np.ndarray | None = None


def nesterov(gradient: Callable, start, alpha: float, beta: float, steps: int) -> Path:
    """Walk `steps` steps of Nesterov's momentum: the gradient is taken where the velocity alone would lead.

    v = beta v + (1 - beta) dw, with dw the gradient at w - alpha beta v; then w = w - alpha v. So path.dw[t] is
    not the gradient at path.w[t]. gradient, start and what is raised: as for `optimizers.momentum`.
    """
    alpha, beta = check_alpha(alpha), check_beta(beta)

    def rule(w, v, s, dw, t):
        v = beta * v + (1.0 - beta) * dw
        return w - alpha * v, v, s

    path = _run(gradient, start, steps, rule, look=alpha * beta)
    return Path(path.w, path.v, path.dw, path.diverged_at)


def rmsprop(
    gradient: Callable, start, alpha: float, beta_2: float, steps: int, *, epsilon: float = EPSILON
) -> SquaredPath:
    """Walk `steps` steps of RMSprop: s = beta_2 s + (1 - beta_2) dw², w = w - alpha dw / (√s + epsilon).

    Squares, root and division go coordinate by coordinate. s is not corrected, so that the first step has the
    size alpha / √(1 - beta_2) in each coordinate. v[t+1] is dw[t]: gradients are not averaged.
    Raises ValueError for beta_2 outside [0, 1), alpha < 0, epsilon not above 0, shapes that do not match or NaN
    in `start`; TypeError for a wrong type.
    """
    alpha, beta_2 = check_alpha(alpha), check_beta(beta_2, "beta_2")
    epsilon = check_positive(epsilon, "epsilon")

    def rule(w, v, s, dw, t):
        s = beta_2 * s + (1.0 - beta_2) * (dw * dw)
        return w - alpha * dw / (_sqrt(s) + epsilon), dw, s

    return _run(gradient, start, steps, rule)


def adam(
    gradient: Callable,
    start,
    alpha: float,
    beta: float,
    beta_2: float,
    steps: int,
    *,
    bias_correction: bool = True,
    epsilon: float = EPSILON,
) -> SquaredPath:
    """Walk `steps` steps of Adam: both averages, v with `beta` and s with `beta_2`, and w = w - alpha v̂ / (√ŝ + epsilon).

    v̂ = v / (1 - beta**t) and ŝ = s / (1 - beta_2**t), t = 1, 2, …; v and s themselves stay uncorrected. With
    `bias_correction=False` v and s are used as they are.
    Raises ValueError for beta or beta_2 outside [0, 1), alpha < 0, epsilon not above 0, shapes that do not match or
    NaN in `start`; TypeError for a wrong type.
    """
    alpha, beta, beta_2 = check_alpha(alpha), check_beta(beta), check_beta(beta_2, "beta_2")
    epsilon = check_positive(epsilon, "epsilon")
    corrected = check_flag(bias_correction, "bias_correction")

    def rule(w, v, s, dw, t):
        v = beta * v + (1.0 - beta) * dw
        s = beta_2 * s + (1.0 - beta_2) * (dw * dw)
        if not corrected:
            return w - alpha * v / (_sqrt(s) + epsilon), v, s
        v_hat, s_hat = v / (1.0 - beta**t), s / (1.0 - beta_2**t)
        return w - alpha * v_hat / (_sqrt(s_hat) + epsilon), v, s

    return _run(gradient, start, steps, rule)


def walk(
    step: Callable, gradient: Callable, start, alpha: float, beta: float, beta_2: float, steps: int
) -> SquaredPath:
    """Walk `steps` steps with a rule of your own: step(w, v, s, dw, t, alpha, beta, beta_2) -> (w, v, s).

    v and s begin at 0, t at 1; dw is the gradient at w. The step gets copies, and what it returns is used as it
    is, so it decides what v and s mean.
    Raises as `adam` does; what the step itself raises comes through.
    """
    check_function(gradient, "gradient")
    check_function(step, "step")
    alpha, beta, beta_2 = check_alpha(alpha), check_beta(beta), check_beta(beta_2, "beta_2")
    path = _empty(start, steps)
    with np.errstate(all="ignore"):
        diverged_at = _walk_own(step, path, "wvs", gradient, lambda t: (t, alpha, beta, beta_2))
    return SquaredPath(path.w, path.v, path.dw, diverged_at, path.s)


# --- what theory says about Nesterov's look-ahead on a quadratic ------------------------------------------
#
# With a = (1 - β)αλ the error x and y = αv follow y ← β(1 - a) y + a x, x ← x - y: momentum in which β is
# smaller where the curvature is larger (Sutskever and others 2013, theorem 2.1).


def nesterov_limit(curvature, beta=0.0):
    """Return the alpha below which Nesterov's momentum converges: 2(1+β) / ((1−β)(1+2β)λ).

    Numbers give a float; arrays broadcast.
    Raises ValueError for a curvature that is not above 0 or beta outside [0, 1), TypeError for a wrong type.
    """
    curvature = check_values(curvature, "curvature", check_positive)
    beta = check_values(beta, "beta", check_beta)
    with np.errstate(over="ignore"):
        limit = 2.0 * (1.0 + beta) / ((1.0 - beta) * (1.0 + 2.0 * beta) * curvature)
    return float(limit) if np.ndim(limit) == 0 else limit


def nesterov_rate(curvatures, alpha: float, beta: float) -> float:
    """Return the factor by which the error shrinks per step in the long run; 1 or more: no convergence.

    The larger root of r² − (1−a)(1+β) r + β(1−a) = 0 in size, the largest over all curvatures.
    Raises ValueError for a bad value, TypeError for a wrong type.
    """
    a = check_alpha(alpha) * (1.0 - check_beta(beta)) * check_curvatures(curvatures)
    trace, product = (1.0 - a) * (1.0 + beta), beta * (1.0 - a)
    spread = np.sqrt(np.maximum(trace**2 - 4.0 * product, 0.0))
    complex_roots = trace**2 < 4.0 * product
    return float(
        np.where(complex_roots, np.sqrt(np.maximum(product, 0.0)), (np.abs(trace) + spread) / 2).max()
    )


def nesterov_steps_to_settle(
    curvatures, alpha: float, beta: float, start=None, *, most: int = 8192, fraction: float = 0.01
) -> int | None:
    """Return the step from which on the error along every curvature stays within `fraction` of its start.

    The run itself, from velocity 0; arguments and answer as for `theory.steps_to_settle`.
    Raises ValueError for a bad value or shape, TypeError for a wrong type.
    """
    curvatures = check_curvatures(curvatures)
    alpha, beta, most = check_alpha(alpha), check_beta(beta), check_count(most, "most")
    fraction = check_positive(fraction, "fraction") * (1.0 + theory.TIE)
    settled = 0
    for curvature in theory.directions_that_move(curvatures, start).tolist():
        found = _settles(alpha * (1.0 - beta) * curvature, beta, most, fraction)
        if found is None:
            return None
        settled = max(settled, found)
    return settled


def _settles(a: float, beta: float, most: int, fraction: float) -> int | None:
    """Return the step at which one direction settles, by plain floats; None when it does not within `most`."""
    rate = nesterov_rate(1.0, a / (1.0 - beta), beta)
    if not rate < 1.0:
        return None
    # No later error exceeds m rate^(m-1) times the last pair, and that is at most 1/(1 - rate).
    enough, keep = fraction * (1.0 - rate), beta * (1.0 - a)
    x, y, last = 1.0, 0.0, 0
    for t in range(1, most + 1):
        y = keep * y + a * x
        x, before = x - y, x
        if abs(x) > fraction:
            last = t
        elif abs(keep * before) + abs(x) <= enough:
            break
    else:
        # A wave that crosses the minimum at the end of the time has not settled.
        for _ in range(most):
            y = keep * y + a * x
            x -= y
            if abs(x) > fraction:
                return None
    return last + 1 if last + 1 <= most else None


# --- the loop ---------------------------------------------------------------------------------------------


def _sqrt(value):
    return math.sqrt(value) if isinstance(value, float) else np.sqrt(value)


def _empty(start, steps: int) -> SquaredPath:
    start, steps = check_array(start, "start"), check_count(steps, "steps")
    w, v, s = (np.full((steps + 1, *start.shape), np.nan, start.dtype) for _ in "wvs")
    w[0], v[0], s[0] = start, 0.0, 0.0
    return SquaredPath(w, v, np.full((steps, *start.shape), np.nan, start.dtype), None, s)


def _run(gradient: Callable, start, steps: int, rule: Callable, look: float | None = None) -> SquaredPath:
    """Walk with rule(w, v, s, dw, t) -> (w, v, s); `look` times v is how far ahead of w the gradient is taken."""
    check_function(gradient, "gradient")
    path = _empty(start, steps)
    few = path.w.dtype == float and path.w.ndim == 2 and path.w.shape[1] <= FEW
    with np.errstate(all="ignore"):
        diverged_at = (_walk_few if few else _walk_arrays)(path, gradient, rule, look)
    return SquaredPath(path.w, path.v, path.dw, diverged_at, path.s)


def _walk_arrays(path: SquaredPath, gradient: Callable, rule: Callable, look: float | None) -> int | None:
    w, v, s = (np.array(rows[0]) for rows in (path.w, path.v, path.s))
    for t in range(1, len(path.dw) + 1):
        dw = _gradient_at(gradient, w if look is None else np.asarray(w - look * v), path.w.shape[1:])
        path.dw[t - 1] = dw
        # Through the rows, so that every step is rounded to the path's own dtype.
        path.w[t], path.v[t], path.s[t] = rule(w, v, s, path.dw[t - 1], t)
        w, v, s = (np.array(rows[t]) for rows in (path.w, path.v, path.s))
        if not _is_small(w) and _ran_away(w):
            return t
    return None


def _walk_few(path: SquaredPath, gradient: Callable, rule: Callable, look: float | None) -> int | None:
    # The same rule on one number after the other: for two parameters Python's floats beat numpy by far.
    shape = path.w.shape[1:]
    w, v, s = (rows[0].tolist() for rows in (path.w, path.v, path.s))
    kept, diverged_at = ([], [], [], []), None
    for t in range(1, len(path.dw) + 1):
        here = w if look is None else [x - look * y for x, y in zip(w, v, strict=True)]
        dw = _gradient_at(gradient, np.array(here), shape).tolist()
        new = [rule(*numbers, t) for numbers in zip(w, v, s, dw, strict=True)]
        w, v, s = zip(*new, strict=True)
        for rows, row in zip(kept, (w, v, s, dw), strict=True):
            rows.append(row)
        if not all(-TOO_FAR <= x <= TOO_FAR for x in w):
            diverged_at = t
            break
    if kept[0]:
        for rows, found, first in zip((path.w, path.v, path.s, path.dw), kept, (1, 1, 1, 0), strict=True):
            rows[first : first + len(found)] = found
    return diverged_at
