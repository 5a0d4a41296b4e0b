"""The ways in which momentum is written, and a run whose learning rate may change on the way.

All of them are v ← βv + take·dw, w ← w − move·v. They differ in where (1−β) and alpha stand:

| form | take | move | who writes it so |
|---|---|---|---|
| "ewa" | 1−β | alpha | the lecture; the first average of Adam (Kingma and Ba 2015) |
| "heavy_ball" | 1 | alpha | PyTorch's SGD; Goh 2017, "Why Momentum Really Works" |
| "inside" | alpha | 1 | Keras' SGD and Sutskever et al. 2013 with the sign of v turned; Polyak 1964 |

In Polyak's own writing, w_{t+1} = w_t − α dw + β(w_t − w_{t−1}), the velocity is the last step itself.

With alpha and β constant only the product take·move tells in w. When alpha changes, "inside" parts from the
others: what its velocity holds was multiplied by the alpha of its time (Goyal et al. 2017, remark 2).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lesson_utils._validate import (
    check_alpha,
    check_array,
    check_beta,
    check_choice,
    check_count,
    check_same_shape,
    check_values,
    check_vector,
)
from lesson_utils.optimizers import TOO_FAR, TOO_FAR_SQUARED, Path
from lesson_utils.theory import convert_alpha

FORMS = ("ewa", "heavy_ball", "inside")


def convention_of(form: str) -> str:
    """Return the convention in which a form counts alpha: "inside" counts it as the heavy ball does.

    Raises ValueError for an unknown form, TypeError for a wrong type.
    """
    return "ewa" if check_choice(form, "form", FORMS) == "ewa" else "heavy_ball"


def alpha_for(alpha, beta, *, source: str, target: str):
    """Return the alpha with which form `target` walks the path that form `source` walks with a constant `alpha`.

    Numbers give a float; arrays broadcast. Raises ValueError for an unknown form or a bad value, TypeError for
    a wrong type.
    """
    return convert_alpha(alpha, beta, source=convention_of(source), target=convention_of(target))


def alphas_over(alpha: float, steps: int, *, times: float = 1.0, at: int = 0) -> np.ndarray:
    """Return the learning rate of each step, shape (steps,): `alpha`, and from step `at` on `alpha * times`.

    Raises ValueError for a negative or non-finite alpha or times, or a negative count; TypeError for a wrong type.
    """
    alphas = np.full(check_count(steps, "steps"), check_alpha(alpha))
    alphas[check_count(at, "at") :] *= check_alpha(times, "times")
    return alphas


def walk(gradient: Callable, start, alphas, beta: float, *, form: str = "ewa") -> Path:
    """Walk one step of `form` for each learning rate in `alphas`, from `start` with velocity 0.

    gradient: called with w, shape (n,), returns dw of that shape. start: shape (n,). alphas: shape (steps,).
    The path's v is the velocity as this form keeps it. A run that diverges ends in NaN (see `Path`).
    Raises ValueError for a bad value or shape, TypeError for a wrong type.
    """
    if not callable(gradient):
        raise TypeError(f"gradient must be a function, not {gradient!r}")
    start = check_vector(start, "start").astype(float)
    alphas = np.atleast_1d(check_values(check_array(alphas, "alphas").ravel(), "alphas", check_alpha))
    beta = check_beta(beta)
    steps = len(alphas)
    take, move = {
        "ewa": (np.full(steps, 1.0 - beta), alphas),
        "heavy_ball": (np.ones(steps), alphas),
        "inside": (alphas, np.ones(steps)),
    }[check_choice(form, "form", FORMS)]
    path = Path(
        np.full((steps + 1, len(start)), np.nan),
        np.full((steps + 1, len(start)), np.nan),
        np.full((steps, len(start)), np.nan),
    )
    path.w[0], path.v[0] = start, 0.0
    with np.errstate(all="ignore"):
        diverged_at = _walk(path, gradient, beta, take, move)
    return Path(path.w, path.v, path.dw, diverged_at)


def _walk(path: Path, gradient: Callable, beta: float, take: np.ndarray, move: np.ndarray) -> int | None:
    w, v = path.w[0], path.v[0]
    rows = zip(path.w[1:], path.v[1:], path.dw, take.tolist(), move.tolist(), strict=True)
    for t, (next_w, next_v, dw, take_now, move_now) in enumerate(rows, start=1):
        found = gradient(w)
        check_same_shape(found, "what gradient returned", w.shape, "start")
        dw[:] = found
        np.multiply(v, beta, next_v)
        next_v += take_now * dw
        np.subtract(w, move_now * next_v, next_w)
        w, v = next_w, next_v
        if not w.dot(w) < TOO_FAR_SQUARED and not (np.abs(w) <= TOO_FAR).all():
            return t
    return None
