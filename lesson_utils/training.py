"""Mini-batches: a straight line trained on them, and how far their noise throws a parameter about."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lesson_utils._validate import (
    check_alpha,
    check_beta,
    check_choice,
    check_count,
    check_positive,
    check_same_shape,
    check_values,
    check_vector,
)
from lesson_utils.optimizers import TOO_FAR, Path, momentum
from lesson_utils.theory import BORDER, gradient_weight

SCALINGS = ("as they are", "centred", "centred and scaled")


def draw_batches(count: int, size: int, steps: int, seed: int = 0) -> list[np.ndarray]:
    """Return the examples of `steps` mini-batches as arrays of indices, in the order in which they are taken.

    Each epoch is a fresh shuffle of all `count` examples, cut into pieces of `size`; its last piece holds
    what is left. So every example is taken once an epoch. The same seed gives the same batches.
    Raises ValueError for a size or count below 1, a size above count or negative steps; TypeError for a
    wrong type.
    """
    count, size = check_count(count, "count", 1), check_count(size, "size", 1)
    steps, seed = check_count(steps, "steps"), check_count(seed, "seed")
    if size > count:
        raise ValueError(f"size must be at most count, {count}, not {size}")
    if size == count:
        return [np.arange(count)] * steps  # every batch holds everything: its order makes no difference
    rng, batches = np.random.default_rng(seed), []
    while len(batches) < steps:
        order = rng.permutation(count)
        batches += [order[first : first + size] for first in range(0, count, size)]
    return batches[:steps]


def steps_in_epoch(count: int, size: int) -> int:
    """Return how many batches of `size` one pass over `count` examples takes, the last one cut short."""
    return -(-check_count(count, "count", 1) // check_count(size, "size", 1))


def batch_moments(x, y, batches: list[np.ndarray]) -> np.ndarray:
    """Return the means of x², x, xy and y over each batch, shape (steps, 4).

    For a straight line that is all a batch has to say: its gradient at (w, b) is
    dw = mean(x²) w + mean(x) b − mean(xy) and db = mean(x) w + b − mean(y).
    x, y: shape (n,). batches: what `draw_batches` returns.
    Raises ValueError for shapes that differ, NaN or an empty batch.
    """
    x, y = check_vector(x, "x"), check_vector(y, "y")
    check_same_shape(y, "y", x.shape, "x")
    table = np.stack([x * x, x, x * y, y], axis=1)
    if not batches:
        return np.empty((0, 4))
    if all(batch is batches[0] for batch in batches):
        return np.tile(table[batches[0]].mean(axis=0), (len(batches), 1))
    sizes = np.array([len(batch) for batch in batches])
    if not sizes.all():
        raise ValueError("batches must hold at least one example each, but one is empty")
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return np.add.reduceat(table[np.concatenate(batches)], first, axis=0) / sizes[:, None]


def train_line(
    moments, alpha: float, beta: float = 0.0, start=(0.0, 0.0), *, convention: str = "ewa",
    step: Callable | None = None,
) -> Path:  # fmt: skip
    """Walk one step of momentum for each batch; w of the Path is the pair (w, b) of ŷ = w x + b.

    moments: what `batch_moments` returns. step: a function (w, v, dw, alpha, beta) -> (w, v) to use in
    place of the built-in rule, called with arrays of two; `convention` is then not looked at any further.
    A run that diverges ends in NaN and raises nothing (see `Path`).
    Raises ValueError or TypeError as `optimizers.momentum` does.
    """
    moments = np.asarray(moments, dtype=float).reshape(-1, 4)
    start = check_vector(start, "start", least=2).astype(float)
    check_same_shape(start, "start", (2,), "(w, b)")
    alpha, beta, share = check_alpha(alpha), check_beta(beta), gradient_weight(beta, convention)
    if step is not None:
        coming = iter(moments.tolist())
        return momentum(lambda w: _gradient(w, next(coming)), start, alpha, beta, len(moments), step=step)
    # Plain floats: ten times faster than arrays of two.
    w, b = start.tolist()
    vw = vb = 0.0
    rows = [(w, b, vw, vb, 0.0, 0.0)]
    for xx, x, xy, y in moments.tolist():
        dw = xx * w + x * b - xy
        db = x * w + b - y
        vw = beta * vw + share * dw
        vb = beta * vb + share * db
        w -= alpha * vw
        b -= alpha * vb
        rows.append((w, b, vw, vb, dw, db))
    table = np.array(rows)
    return _as_path(table[:, :2], table[:, 2:4], table[1:, 4:])


def noise_variance(curvature, alpha, beta=0.0, noise=1.0, *, convention: str = "ewa"):
    """Return the variance of w in the long run, on a bowl of this curvature with noise in each gradient.

    noise: the variance of what is added to dw, fresh at each step. With s = 1 − β (lecture's form) or 1:
    αs(1+β) noise / ((1−β) λ (2(1+β) − αsλ)), the variance of the autoregression that w then is
    (w_{t+1} = (1+β−αsλ) w_t − β w_{t−1} − αs noise). Infinity from the stability limit on. Numbers give a
    float; arrays broadcast. Raises ValueError for a bad value, TypeError for a wrong type.
    """
    curvature = check_values(curvature, "curvature", check_positive)
    alpha, beta = check_values(alpha, "alpha", check_alpha), check_values(beta, "beta", check_beta)
    noise = check_values(noise, "noise", check_alpha)
    pull = alpha * gradient_weight(beta, convention)
    room = np.asarray(2.0 * (1.0 + beta) - pull * curvature)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = pull * (1.0 + beta) * noise / ((1.0 - beta) * curvature * room)
    variance = np.where(room > 2.0 * (1.0 + beta) * BORDER, variance, np.inf)
    return float(variance) if variance.ndim == 0 else variance


def rescaled(x, how: str) -> np.ndarray:
    """Return x "as they are", "centred" (minus their mean) or "centred and scaled" (to standard deviation 1).

    x: shape (n,), with at least two different values.
    Raises ValueError for another word or values that are all equal.
    """
    x = check_vector(x, "x", least=2).astype(float)
    check_choice(how, "how", SCALINGS)
    if how == SCALINGS[0]:
        return x
    centred = x - x.mean()
    if how == SCALINGS[1]:
        return centred
    if x.min() == x.max():
        raise ValueError(f"x must hold at least two different values, not {x[0]} throughout")
    return centred / x.std()


def _gradient(w: np.ndarray, moments: list[float]) -> np.ndarray:
    xx, x, xy, y = moments
    return np.array([xx * w[0] + x * w[1] - xy, x * w[0] + w[1] - y])


def _as_path(w: np.ndarray, v: np.ndarray, dw: np.ndarray) -> Path:
    with np.errstate(invalid="ignore"):
        fine = (np.abs(w) <= TOO_FAR).all(axis=1)
    if fine.all():
        return Path(w, v, dw)
    end = int(np.argmin(fine))
    w[end + 1 :] = v[end + 1 :] = dw[end:] = np.nan
    return Path(w, v, dw, end)
