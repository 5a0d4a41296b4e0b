"""The whole plane of (alpha, beta) at once: in how many steps a run settles, and where its regimes begin.

Along a direction of curvature λ the error is x_{n+1} = (1 + β − a) x_n − β x_{n−1} from rest, with a = αλ for
the heavy ball and (1−β)αλ in the lecture's form. Its solution is written down, so no run has to be walked.
"""

from __future__ import annotations

import numpy as np

from lesson_utils._validate import (
    check_alpha,
    check_beta,
    check_count,
    check_curvatures,
    check_number,
    check_positive,
    check_values,
)
from lesson_utils.theory import BORDER, TIE, gradient_weight

BLOCKS = (4, 16, 64, 256)
"""How many steps back from the last possible one are looked at together: most waves end within four."""
MOST = 2.0**40
"""A run that needs more steps counts as one that never settles: nobody waits for it."""
NEARLY_EQUAL = 1e-14
"""Roots whose squared difference is smaller are taken to be that far apart; no step count can see it."""


def settle_map(curvatures, alpha, beta, *, convention: str = "ewa", fraction: float = 0.01):
    """Return the step from which on the error along every curvature stays within `fraction` of its start.

    `theory.steps_to_settle` for every alpha and beta at once, for as many steps as it takes. curvatures: a
    number or shape (k,). alpha, beta: numbers (giving a float) or arrays that broadcast, such as a row of
    alphas and a column of betas. Whole numbers; infinity where a run never settles.
    Raises ValueError for a bad value, TypeError for a wrong type.
    """
    curvatures = check_curvatures(curvatures)
    alpha = check_values(alpha, "alpha", check_alpha)
    beta = check_values(beta, "beta", check_beta)
    if not 0.0 < check_number(fraction, "fraction", "a number between 0 and 1") < 1.0:
        raise ValueError(f"fraction must be a number between 0 and 1, not {fraction}")
    fraction *= 1.0 + TIE
    with np.errstate(over="ignore"):
        pull = alpha * gradient_weight(beta, convention)
        worst = np.zeros(np.broadcast_shapes(np.shape(pull), np.shape(beta)))
        betas = np.broadcast_to(beta, worst.shape).ravel()
        for curvature in np.unique(curvatures):
            a = np.broadcast_to(pull * curvature, worst.shape).ravel()
            np.maximum(worst, _settles(a, betas, fraction).reshape(worst.shape), out=worst)
    return float(worst) if worst.ndim == 0 else worst


def fewest_steps(beta, *, decades: int = 4, fine: int = 48):
    """Return (κ, steps): the fewest steps that any α needs with these betas, for the curvatures 1/κ and 1.

    κ : 10^0 to 10^decades, 12 a decade, shape (k,); steps : shape (..., k) for beta of shape (...)
    fine : how many α a decade are tried, a multiple of 12; the count of the best α lies at most so far below.
    What one direction needs hangs on αλ alone. So one row of counts serves every κ: the shallow direction's is
    the steep one's, κ places further left.
    Raises ValueError for a beta outside [0, 1), TypeError for a wrong type.
    """
    beta = np.asarray(check_values(beta, "beta", check_beta))
    highest = np.log10(2.0 * (1.0 + beta) / (1.0 - beta)).max()
    places = np.arange(-(decades + 1) * fine, int(highest * fine) + 1)
    alone = settle_map(1.0, 10.0 ** (places / fine), beta[..., None])
    shifts = np.arange(0, decades * fine + 1, fine // 12)
    both = [np.maximum(alone[..., shift:], alone[..., : len(places) - shift]) for shift in shifts]
    return 10.0 ** (shifts / fine), np.stack([steps.min(axis=-1) for steps in both], axis=-1)


def basins(landscape, starts, alpha: float, beta: float = 0.0, *, steps: int = 300, near: float = 0.3):
    """Return where the run from each start ends up, walked with the lecture's rule, all of them at once.

    landscape : a `losses.Landscape`; starts : shape (..., 2). Returns whole numbers, shape (...): the place of
    the minimum in `landscape.minima` near which the run is and stays for its last tenth; their count, when it
    is still on its way after `steps` steps; one more, when it has run away.
    Raises ValueError for a bad value, TypeError for a wrong type.
    """
    alpha, beta, steps = check_alpha(alpha), check_beta(beta), check_count(steps, "steps")
    x, y = (np.array(part, dtype=float) for part in np.moveaxis(np.asarray(starts, dtype=float), -1, 0))
    v_x, v_y = np.zeros_like(x), np.zeros_like(y)
    count = len(landscape.minima)
    here, away = np.full(x.shape, count), np.ones(x.shape, dtype=bool)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps):
            slope_x, slope_y = landscape._slopes(x, y)
            v_x = beta * v_x + (1.0 - beta) * slope_x
            v_y = beta * v_y + (1.0 - beta) * slope_y
            x, y = x - alpha * v_x, y - alpha * v_y
            if step == steps - steps // 10 - 1:
                here = _nearest(landscape, x, y, near)
        ends = np.where(_nearest(landscape, x, y, near) == here, here, count)
        away = ~(np.hypot(x, y) < 1e3)
    return np.where(away, count + 1, ends)


def _nearest(landscape, x, y, near):
    """Return the place of the minimum within `near` of each point, or the count of minima."""
    found = np.full(x.shape, len(landscape.minima))
    for place, (a, b) in enumerate(landscape.minima.tolist()):
        found[(x - a) ** 2 + (y - b) ** 2 < near**2] = place
    return found


def regime_borders(curvature: float, beta, *, convention: str = "ewa"):
    """Return the three alphas at which w begins to ripple, to oscillate and to diverge (see `theory.regime`).

    (1−√β)², (1+√β)² and 2(1+β), divided by λ and in the lecture's form by 1−β too. beta: a number or an array.
    Raises ValueError for a curvature that is not above 0 or beta outside [0, 1), TypeError for a wrong type.
    """
    curvature = check_positive(curvature, "curvature")
    beta = check_values(beta, "beta", check_beta)
    scale, root = gradient_weight(beta, convention) * curvature, np.sqrt(beta)
    return (1.0 - root) ** 2 / scale, (1.0 + root) ** 2 / scale, 2.0 * (1.0 + beta) / scale


def _settles(a: np.ndarray, beta: np.ndarray, fraction: float) -> np.ndarray:
    """Return the step at which each (a, beta) of two rows settles."""
    out = np.full(a.shape, np.inf)
    half = 0.5 * (1.0 + beta - a)  # of the sum of the two roots; their product is beta
    waves = np.abs(half) < np.sqrt(beta)
    falls = ~waves & (a > 0.0) & (a < 2.0 * (1.0 + beta) * (1.0 - BORDER))
    waves &= beta > 0.0
    for chosen, last in ((waves, _last_of_wave), (falls, _last_of_fall)):
        if chosen.any():
            out[chosen] = last(a[chosen], beta[chosen], half[chosen], fraction) + 1.0
    return out


def _last_of_wave(a, beta, half, fraction):
    """Return the last step n at which a wave, x_n = ρⁿ A cos(nθ − φ) with ρ = √β, is larger than `fraction`."""
    log_rho = 0.5 * np.log(beta)
    across = np.sqrt(np.maximum(beta - half**2, NEARLY_EQUAL))  # ρ sin θ
    theta = np.arctan2(across, half)
    tilt = 0.5 * (1.0 - beta - a) / across
    phi = np.arctan(tilt)
    rim = (np.log(fraction) - 0.5 * np.log1p(tilt**2)) / log_rho  # where the envelope falls below `fraction`
    last, at = np.where(rim > MOST, np.inf, 0.0), np.floor(rim)
    left = np.flatnonzero(rim <= MOST)
    for block in (*BLOCKS, *[BLOCKS[-1]] * 10_000):
        n = np.maximum(at[left, None] - np.arange(block), 0.0)
        level = np.exp((rim[left, None] - n) * log_rho[left, None])
        outside = np.abs(np.cos(n * theta[left, None] - phi[left, None])) > level
        outside |= n == 0.0  # the start itself is outside
        found = outside.any(axis=1)
        last[left[found]] = n[found, outside[found].argmax(axis=1)]
        left = left[~found]
        if not left.size:
            return last
        at[left] -= block
    return last


def _last_of_fall(a, beta, half, fraction):
    """Return the last step at which x_n = C Rⁿ + (1 − C) rⁿ, with real roots |R| > |r|, is larger than `fraction`.

    Both roots have one sign and C > 1, so |x_n| rises at most once and then falls: the steps before the last are
    all outside, and halving the interval finds it.
    """
    spread = np.sqrt(np.maximum(half**2 - beta, NEARLY_EQUAL))
    large = half + np.copysign(spread, half)
    small = beta / large
    share = (large - beta) / (large - small)
    fast = np.log(np.maximum(np.abs(small), 1e-300))
    slow = np.log(np.maximum(np.abs(large), 1e-300))
    near = large > 0.5  # close to 1 the large root has lost its digits, but (1 − R)(1 − r) = a
    slow[near] = np.log1p(-a[near] / (1.0 - small[near]))
    low = np.zeros(a.shape)
    with np.errstate(divide="ignore", over="ignore"):
        high = np.maximum(np.ceil((np.log(fraction) - np.log(share)) / slow) + 1.0, 1.0)
    too_slow = high > MOST
    high[too_slow] = 1.0
    while True:
        middle = np.floor(0.5 * (low + high))
        open_ = middle > low
        if not open_.any():
            return np.where(too_slow, np.inf, low)
        outside = share * np.exp(middle * slow) - (share - 1.0) * np.exp(middle * fast) > fraction
        low = np.where(open_ & outside, middle, low)
        high = np.where(open_ & ~outside, middle, high)
