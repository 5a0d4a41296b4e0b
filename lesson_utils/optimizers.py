"""Gradient descent and momentum, in the lecture's form and as the heavy ball."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import count, repeat

import numpy as np

from lesson_utils._validate import (
    check_alpha,
    check_array,
    check_beta,
    check_count,
    check_flag,
    check_function,
    check_positive,
    check_same_shape,
)
from lesson_utils.theory import TIE, gradient_weight

TOO_FAR = 1e150
"""A coordinate of this size counts as diverged: its square still is a number."""
TOO_FAR_SQUARED = TOO_FAR**2


@dataclass(frozen=True, eq=False)
class Path:
    """What an optimizer did, step by step.

    w: shape (steps+1, ...), the parameters, w[0] the start. v: shape (steps+1, ...), the velocity, v[0] = 0.
    dw: shape (steps, ...), dw[t] the gradient at w[t]. diverged_at: the first step at which a coordinate of w
    was not finite or larger than 1e150, else None; w and v are NaN after it, and dw from it on.
    """

    w: np.ndarray
    v: np.ndarray
    dw: np.ndarray
    diverged_at: int | None = None


def momentum_step(w, v, dw, alpha: float, beta: float, *, convention: str = "ewa"):
    """Return the next (w, v): v = beta v + (1 - beta) dw and w = w - alpha v.

    w, v, dw: one shape, any; new arrays are returned. `convention="heavy_ball"`: v = beta v + dw. NaN and
    infinity in w, v, dw pass through without a warning, because a run that diverges is no error.
    Raises ValueError for shapes that differ, beta outside [0, 1), alpha < 0; TypeError for a wrong type.
    """
    w = check_array(w, "w", finite=False)
    v = check_array(v, "v", finite=False)
    dw = check_array(dw, "dw", finite=False)
    check_same_shape(v, "v", w.shape, "w")
    check_same_shape(dw, "dw", w.shape, "w")
    alpha, beta = check_alpha(alpha), check_beta(beta)
    share = gradient_weight(beta, convention)
    with np.errstate(all="ignore"):
        v = beta * v + share * dw
        return w - alpha * v, v


def gradient_descent(gradient: Callable, start, alpha: float, steps: int) -> Path:
    """Walk `steps` steps of w = w - alpha dw from `start`: momentum with beta = 0, so v[t+1] is dw[t].

    gradient: called with w, returns dw of the same shape. start: any shape, finite.
    Raises as `momentum` does.
    """
    return momentum(gradient, start, alpha, 0.0, steps)


def momentum(
    gradient: Callable,
    start,
    alpha: float,
    beta: float,
    steps: int,
    *,
    convention: str = "ewa",
    bias_correction: bool = False,
    step: Callable = momentum_step,
) -> Path:
    """Walk `steps` steps of momentum from `start`, with velocity 0 at first.

    gradient: called with (a copy of) w, returns dw of the same shape. start: any shape, finite.
    bias_correction: step along v / (1 - beta**t), t = 1, 2, …, while v itself stays uncorrected; in the
    lecture's form only, as the heavy ball's velocity is no average.
    step: a function (w, v, dw, alpha, beta) -> (w, v) to use instead of the built-in rule. It gets copies;
    what it returns is used as it is; `convention` is then not looked at any further.
    A run that diverges ends in NaN and raises nothing (see `Path`).
    Raises ValueError for beta outside [0, 1), alpha < 0, shapes that do not match or NaN in `start`;
    TypeError for a wrong type.
    """
    check_function(gradient, "gradient")
    check_function(step, "step")
    start = check_array(start, "start")
    alpha, beta = check_alpha(alpha), check_beta(beta)
    steps = check_count(steps, "steps")
    share = gradient_weight(beta, convention)
    path = _empty_path(start, steps)
    corrected = check_flag(bias_correction, "bias_correction")
    if corrected and convention != "ewa":
        raise ValueError("bias_correction must be False for the heavy ball: its velocity is no average")
    if corrected and step is not momentum_step:
        raise ValueError("bias_correction must be False with a step of your own: put it into that step")
    with np.errstate(all="ignore"):
        if step is momentum_step:
            scale = partial(np.array, dtype=start.dtype)  # numpy multiplies by these faster than by floats
            moves = repeat(scale(alpha))
            if corrected:
                moves = (scale(alpha / (1.0 - beta**t)) for t in count(1))
            diverged_at = _walk(path, gradient, beta, repeat(scale(share)), moves)
        else:
            diverged_at = _walk_own(step, path, "wv", gradient, lambda t: (alpha, beta))
    return Path(path.w, path.v, path.dw, diverged_at)


def settles_at(path_w, minimum, fraction: float = 0.01) -> int | None:
    """Return the first step from which on every coordinate stays near the minimum; None if it never does.

    path_w: shape (steps+1, ...). minimum: shape (...). Near: within `fraction` of the coordinate's own
    distance at the start, or within 1e-12 when it starts at its minimum.
    Raises ValueError for shapes that do not match, an empty path or a fraction that is not above 0.
    """
    path_w = check_array(path_w, "path_w", finite=False)
    minimum = check_array(minimum, "minimum")
    if path_w.ndim == 0 or len(path_w) == 0:
        raise ValueError(f"path_w must hold the start and the steps, not the shape {path_w.shape}")
    check_same_shape(minimum, "minimum", path_w.shape[1:], "one step of path_w")
    fraction = check_positive(fraction, "fraction")
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(path_w - minimum)
    near = distance <= np.where(distance[0] > 0.0, fraction * (1.0 + TIE) * distance[0], 1e-12)
    outside = np.flatnonzero(~near.reshape(len(path_w), -1).all(axis=1))
    if outside.size == 0:
        return 0
    return int(outside[-1]) + 1 if outside[-1] + 1 < len(path_w) else None


def initialize_velocity(parameters: dict) -> dict:
    """Return zeros for every parameter: {"w": …, "b": …} gives {"v_dw": 0…, "v_db": 0…}.

    Shapes are the parameters' own; float32 stays float32, whole numbers get float velocities.
    Raises TypeError when `parameters` is no dict or holds something else than numbers, ValueError for NaN.
    """
    return {f"v_d{name}": np.zeros_like(value) for name, value in _arrays(parameters, "parameters").items()}


def update_parameters(
    parameters: dict, gradients: dict, velocity: dict, alpha: float, beta: float, *, convention: str = "ewa"
) -> tuple[dict, dict]:
    """Take one step of momentum for every parameter; return new (parameters, velocity).

    parameters {"w": …}, gradients {"dw": …}, velocity {"v_dw": …}: equal shapes, any. The dicts and arrays
    given stay as they are. Each result has the dtype of its parameter (float64 for whole numbers).
    Raises ValueError for a missing or superfluous key, shapes that differ, NaN in a parameter, beta outside
    [0, 1), alpha < 0; TypeError for a wrong type.
    """
    parameters = _arrays(parameters, "parameters")
    gradients = _arrays(gradients, "gradients", finite=False)
    velocity = _arrays(velocity, "velocity", finite=False)
    _check_keys(gradients, "gradients", [f"d{name}" for name in parameters])
    _check_keys(velocity, "velocity", [f"v_d{name}" for name in parameters])
    new_parameters, new_velocity = {}, {}
    for name, w in parameters.items():
        dw, v = gradients[f"d{name}"], velocity[f"v_d{name}"]
        check_same_shape(dw, f"gradients['d{name}']", w.shape, f"parameters['{name}']")
        check_same_shape(v, f"velocity['v_d{name}']", w.shape, f"parameters['{name}']")
        new_w, new_v = momentum_step(w, v, dw, alpha, beta, convention=convention)
        new_parameters[name] = np.asarray(new_w, dtype=w.dtype)
        new_velocity[f"v_d{name}"] = np.asarray(new_v, dtype=w.dtype)
    return new_parameters, new_velocity


def _empty_path(start: np.ndarray, steps: int) -> Path:
    w, v = (np.full((steps + 1, *start.shape), np.nan, start.dtype) for _ in "wv")
    w[0], v[0] = start, 0.0
    return Path(w, v, np.full((steps, *start.shape), np.nan, start.dtype))


def _walk(
    path: Path, gradient: Callable, beta: float, takes: Iterable[float], moves: Iterable[float]
) -> int | None:
    """Fill the path with v ← βv + take·dw, w ← w − move·v, and return the step at which it ran away.

    takes, moves: a number for each step. Without the checks of momentum_step, and written into the rows: for speed.
    """
    shape, dtype = path.w.shape[1:], path.w.dtype
    w_rows, v_rows, dw_rows = (
        array.reshape(len(array), path.w[0].size) for array in (path.w, path.v, path.dw)
    )
    w, v = w_rows[0], v_rows[0]
    pull = np.empty_like(w)
    keep = np.array(beta, dtype)
    rows = zip(w_rows[1:], v_rows[1:], dw_rows, takes, moves, strict=False)
    for t, (next_w, next_v, dw, take, move) in enumerate(rows, start=1):
        found = _gradient_at(gradient, w if len(shape) == 1 else w.reshape(shape), shape)
        dw[:] = found if len(shape) == 1 else found.reshape(-1)
        np.multiply(v, keep, next_v)
        np.multiply(dw, take, pull)
        np.add(next_v, pull, next_v)
        np.multiply(next_v, move, pull)
        np.subtract(w, pull, next_w)
        w, v = next_w, next_v
        if not _is_small(w) and _ran_away(w):
            return t
    return None


def _walk_own(step: Callable, path: Path, kept: str, gradient: Callable, rest: Callable) -> int | None:
    """Fill the path with a step of one's own, and return the step at which it ran away.

    kept: names of what the step takes and returns, w first: "wv". rest(t): its arguments after the gradient.
    """
    rows = [getattr(path, name) for name in kept]
    now, shape = [np.array(row[0]) for row in rows], path.w.shape[1:]
    returned = [f"the {name} that step returned" for name in kept]
    for t in range(1, len(path.w)):
        dw = _gradient_at(gradient, now[0], shape)
        path.dw[t - 1] = dw
        new = step(*[array.copy() for array in (*now, dw)], *rest(t))
        # Copies: a step may return an array that it keeps and changes later.
        now = [_floats(value, what, shape).copy() for value, what in zip(new, returned, strict=True)]
        for row, array in zip(rows, now, strict=True):
            row[t] = array
        if not all(map(_is_small, now)) and (_ran_away(now[0]) or not np.isfinite(now[1:]).all()):
            return t
    return None


def _gradient_at(gradient: Callable, w: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return _floats(gradient(w.copy()), "what gradient returned", shape)


def _floats(value, what: str, shape: tuple[int, ...]) -> np.ndarray:
    if not (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        value = check_array(value, what, finite=False)
    if value.shape != shape:
        check_same_shape(value, what, shape, "start")
    return value


def _ran_away(w: np.ndarray) -> bool:
    return not (np.abs(w) <= TOO_FAR).all()


def _is_small(array: np.ndarray) -> bool:
    # One dot product for the common case; who needs it exactly looks again when it is large or NaN.
    flat = array if array.ndim == 1 else array.reshape(-1)
    return flat.dot(flat) < TOO_FAR_SQUARED


def _arrays(values: dict, name: str, *, finite: bool = True) -> dict:
    if not isinstance(values, dict):
        raise TypeError(f"{name} must be a dict of arrays, not {type(values).__name__}")
    return {key: check_array(value, f"{name}[{key!r}]", finite=finite) for key, value in values.items()}


def _check_keys(values: dict, name: str, expected: list[str]) -> None:
    if set(values) != set(expected):
        raise ValueError(f"{name} must have the keys {sorted(expected)}, not {sorted(map(str, values))}")
