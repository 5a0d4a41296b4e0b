"""The exponentially weighted average."""

from __future__ import annotations

import numpy as np

from lesson_utils._validate import check_array, check_beta, check_count, check_flag


def ewa(values, beta: float, *, bias_correction: bool = False) -> np.ndarray:
    """Average a series as it arrives: v_t = beta v_{t-1} + (1 - beta) theta_t, with v_0 = 0.

    values: shape (n,) or (n, ...), averaged along axis 0. Returns float64 of the same shape and unit:
    v_1 … v_n. With `bias_correction` each v_t is divided by 1 - beta**t, the sum of the weights it holds;
    the running v itself stays uncorrected.
    Raises ValueError for NaN or infinity in `values` or beta outside [0, 1), TypeError for a wrong type.
    """
    series = check_array(values, "values")
    beta = check_beta(beta)
    if series.ndim == 0:
        raise ValueError(f"values must be a series of numbers, not the single number {values!r}")
    average = _run(series, beta)
    if check_flag(bias_correction, "bias_correction"):
        t = np.arange(1, len(series) + 1).reshape((-1,) + (1,) * (series.ndim - 1))
        average /= 1.0 - beta**t
    return average


def ewa_weights(beta: float, count: int) -> np.ndarray:
    """Return the weights (1 - beta) beta**k, k = 0 … count-1, that an average gives to its newest values.

    Shape (count,), newest first; they add up to 1 - beta**count.
    Raises ValueError for beta outside [0, 1) or a negative count, TypeError for a wrong type.
    """
    beta = check_beta(beta)
    return (1.0 - beta) * beta ** np.arange(check_count(count, "count"))


def memory(beta: float) -> float:
    """Return 1 / (1 - beta), the time constant of the average, in steps (not a window: see the weights).

    Raises ValueError for beta outside [0, 1), TypeError for a wrong type.
    """
    return 1.0 / (1.0 - check_beta(beta))


def _run(series: np.ndarray, beta: float) -> np.ndarray:
    rest = 1.0 - beta
    if series.ndim > 1:
        average = np.empty(series.shape)
        v = np.zeros(series.shape[1:])
        for t, theta in enumerate(series):
            v = beta * v + rest * theta
            average[t] = v
        return average
    # Plain floats: several times faster than one array element at a time.
    v = 0.0
    average = []
    for theta in series.tolist():
        v = beta * v + rest * theta
        average.append(v)
    return np.array(average)
