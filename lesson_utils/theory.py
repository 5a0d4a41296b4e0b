"""What theory says about momentum on a quadratic: limits, rates, best settings, regimes.

Along each direction of curvature λ the error x of w and the scaled velocity y = αv follow
y ← βy + a x, x ← x − y, where a = αλ for the heavy ball and (1−β)αλ in the lecture's form. Its roots solve
r² − (1 + β − a) r + β = 0 (Polyak 1964; Goh 2017, "Why Momentum Really Works").
"""

from __future__ import annotations

import numpy as np

from lesson_utils._validate import (
    check_alpha,
    check_beta,
    check_convention,
    check_count,
    check_curvatures,
    check_positive,
    check_same_shape,
    check_values,
    check_vector,
)

BORDER = 1e-12
"""How near a border counts as on it: a slider at 38 stands on the limit 38.000000000000006."""
TIE = 1e-11
"""An error that is larger than `fraction` by less is equal to it: 0.1² is 0.01, whatever the last digit says."""


def stability_limit(curvature, beta=0.0, *, convention: str = "ewa"):
    """Return the alpha below which a run converges: 2(1+β)/((1−β)λ), heavy ball 2(1+β)/λ.

    At the limit itself a run swings for ever. Numbers give a float; arrays broadcast.
    Raises ValueError for a curvature that is not above 0 or beta outside [0, 1), TypeError for a wrong type.
    """
    curvature = check_values(curvature, "curvature", check_positive)
    beta = check_values(beta, "beta", check_beta)
    with np.errstate(over="ignore"):
        return _plain(2.0 * (1.0 + beta) / (gradient_weight(beta, convention) * curvature))


def convergence_rate(curvatures, alpha, beta=0.0, *, convention: str = "ewa"):
    """Return the factor by which the error shrinks per step in the long run; 1 or more: no convergence.

    It is the spectral radius of the iteration, the largest over all curvatures. curvatures: a number or
    shape (k,); alpha and beta: numbers (giving a float) or arrays that broadcast.
    Raises ValueError for a bad value, TypeError for a wrong type.
    """
    curvatures = check_curvatures(curvatures)
    alpha = check_values(alpha, "alpha", check_alpha)
    beta = check_values(beta, "beta", check_beta)
    # The radius first falls with the curvature, then stays, then rises: the two extremes decide.
    with np.errstate(over="ignore", invalid="ignore"):
        pull = alpha * gradient_weight(beta, convention)
        slow = _radius(pull * curvatures.min(), beta)
        return _plain(np.maximum(slow, _radius(pull * curvatures.max(), beta)))


def best_settings(curvatures, *, convention: str = "ewa") -> tuple[float, float]:
    """Return the (alpha, beta) with the fastest long-run rate for curvatures from λ1 to λn.

    Heavy ball: α = (2/(√λ1 + √λn))², β = ((√λn − √λ1)/(√λn + √λ1))² (Polyak 1964); the lecture's α is that
    divided by 1 − β. The first steps may swing wide. One curvature gives (1/λ, 0).
    Raises ValueError for a curvature that is not above 0, TypeError for a wrong type.
    """
    curvatures = check_curvatures(curvatures)
    low, high = np.sqrt(curvatures.min()), np.sqrt(curvatures.max())
    alpha = float((2.0 / (low + high)) ** 2)
    beta = float(((high - low) / (high + low)) ** 2)
    return alpha / gradient_weight(beta, convention), beta


def convert_alpha(alpha, beta, *, source: str, target: str):
    """Return the alpha with which convention `target` walks the path that `source` walks with `alpha`.

    α(heavy ball) = (1−β) α(lecture): dropping (1−β) shrinks alpha. Numbers give a float; arrays broadcast.
    Raises ValueError for an unknown convention or a bad value, TypeError for a wrong type.
    """
    alpha = check_values(alpha, "alpha", check_alpha)
    beta = check_values(beta, "beta", check_beta)
    source, target = check_convention(source, "source"), check_convention(target, "target")
    if source == target:
        return _plain(alpha * np.ones_like(beta))
    return _plain(alpha * (1.0 - beta) if target == "heavy_ball" else alpha / (1.0 - beta))


def regime(curvature: float, alpha: float, beta: float = 0.0, *, convention: str = "ewa") -> str:
    """Say in one word how w moves along a direction of this curvature.

    "diverges": alpha is at its stability limit or above (at the limit it swings for ever).
    "monotone": both roots real and >= 0; from rest w comes nearer without crossing the minimum. alpha = 0
    counts as monotone, though w stays where it is.
    "ripples": complex roots, w swings around the minimum in waves. Never with beta = 0.
    "oscillates": both roots real, the larger in size negative; w ends up changing sides at every step.
    Raises ValueError for a curvature that is not above 0 or a bad alpha or beta, TypeError for a wrong type.
    """
    curvature = check_positive(curvature, "curvature")
    alpha, beta = check_alpha(alpha), check_beta(beta)
    if alpha >= stability_limit(curvature, beta, convention=convention) * (1.0 - BORDER):
        return "diverges"
    a = alpha * gradient_weight(beta, convention) * curvature
    if a <= (1.0 - np.sqrt(beta)) ** 2 * (1.0 + BORDER):
        return "monotone"
    return "ripples" if a < (1.0 + np.sqrt(beta)) ** 2 * (1.0 - BORDER) else "oscillates"


def steps_to_settle(
    curvatures,
    alpha: float,
    beta: float = 0.0,
    start=None,
    *,
    convention: str = "ewa",
    most: int = 8192,
    fraction: float = 0.01,
) -> int | None:
    """Return the step from which on the error along every curvature stays within `fraction` of its start.

    Exact, not asymptotic: the run itself, from velocity 0. curvatures: a number or shape (k,). start: shape
    (k,), distances from the minimum along those directions (ones when not given); a direction that starts at
    its minimum stays there. Returns None for a run that diverges or has not settled within `most` steps.
    Raises ValueError for a bad value or shape, TypeError for a wrong type.
    """
    curvatures = check_curvatures(curvatures)
    alpha, beta = check_alpha(alpha), check_beta(beta)
    share = gradient_weight(beta, convention)
    most = check_count(most, "most")
    fraction = check_positive(fraction, "fraction") * (1.0 + TIE)
    curvatures = directions_that_move(curvatures, start)
    if curvatures.size == 0:
        return 0
    a = alpha * share * curvatures
    rate = _radius(a, beta).max()
    if not rate < 1.0:
        return None
    outside = np.flatnonzero((_errors(a, beta, rate, most, fraction) > fraction).any(axis=0))
    settled = int(outside[-1]) + 1 if outside.size else 0
    return settled if settled <= most else None


def directions_that_move(curvatures: np.ndarray, start) -> np.ndarray:
    """Return the curvatures of all directions that do not start at their minimum; start None: none does."""
    if start is None:
        return curvatures
    start = check_vector(start, "start")
    check_same_shape(start, "start", curvatures.shape, "curvatures")
    return curvatures[start != 0.0]


def gradient_weight(beta, convention: str):
    """Return what the gradient is multiplied by on its way into the velocity: 1 − β, or 1 for the heavy ball."""
    return 1.0 - beta if check_convention(convention) == "ewa" else 1.0


def _radius(a, beta):
    """Return the size of the larger root of r² − (1 + β − a) r + β = 0."""
    trace = np.abs(1.0 + beta - a)
    root = np.sqrt(beta)
    # Factored, so that a square of a huge a cannot overflow; complex roots have the size √β.
    spread = np.sqrt(np.maximum(trace - 2.0 * root, 0.0)) * np.sqrt(trace + 2.0 * root)
    return np.where(trace <= 2.0 * root, root, 0.5 * (trace + spread))


def _errors(a: np.ndarray, beta: float, rate: float, most: int, fraction: float) -> np.ndarray:
    """Return |x_0|, |x_1|, … for each direction, shape (k, count), from x_0 = 1 and rest.

    By doubling: the n-th power of the iteration y ← βy + a x, x ← x − y takes a block of n states to the next n.
    (Pairs of neighbouring x would do as well on paper; where the roots lie close together their difference
    drowns in rounding.) It ends when no later error can exceed `fraction`: the factors in
    x_{n+m} = B_m x_{n+1} − β B_{m−1} x_n are at most m rate^{m−1}, which is at most 1/(1 − rate).
    """
    # The power's two columns, then the states: one product serves both, and without `@`, whose last digits
    # depend on the processor.
    table = np.empty((len(a), 2, 3))
    table[:, 0] = np.stack([1.0 - a, np.full_like(a, -beta), np.ones_like(a)], axis=-1)
    table[:, 1] = np.stack([a, np.full_like(a, beta), np.zeros_like(a)], axis=-1)
    count, calm = 1, fraction * (1.0 - rate)
    # Past `most`, because a wave that crosses the minimum just there has not settled.
    enough = max(2 * most, 1024)
    while True:
        product = table[:, :, :1] * table[:, :1]
        product += table[:, :, 1:2] * table[:, 1:]
        # The power squared, the states, and the states that follow.
        table = np.concatenate([product[:, :, :2], table[:, :, 2:], product[:, :, 2:]], axis=2)
        count *= 2
        if count > enough or all(
            beta * abs(before) + abs(last) <= calm for before, last in table[:, 0, -2:].tolist()
        ):
            return np.abs(table[:, 0, 2:])


def _plain(value):
    """Return a float for a single number, arrays as they are."""
    return float(value) if np.ndim(value) == 0 else value
