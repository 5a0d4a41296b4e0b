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
from itertools import repeat

import numpy as np

from lesson_utils._validate import (
    check_alpha,
    check_array,
    check_beta,
    check_choice,
    check_count,
    check_function,
    check_values,
    check_vector,
)
from lesson_utils.optimizers import Path, _empty_path, _walk
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
    check_function(gradient, "gradient")
    start = check_vector(start, "start").astype(float)
    alphas = np.atleast_1d(check_values(check_array(alphas, "alphas").ravel(), "alphas", check_alpha))
    beta = check_beta(beta)
    rates, one = list(map(np.array, alphas)), repeat(np.array(1.0))
    factors = {
        "ewa": (repeat(np.array(1.0 - beta)), rates),
        "heavy_ball": (one, rates),
        "inside": (rates, one),
    }[check_choice(form, "form", FORMS)]
    path = _empty_path(start, len(alphas))
    with np.errstate(all="ignore"):
        diverged_at = _walk(path, gradient, beta, *factors)
    return Path(path.w, path.v, path.dw, diverged_at)
