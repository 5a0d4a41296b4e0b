"""A network with one hidden layer, and the question it is asked: does it rain tomorrow?

Examples stand in columns, as in the lecture: X has the shape (inputs, m), y the shape (1, m).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lesson_utils._validate import check_array, check_count
from lesson_utils.temperatures import Temperatures

INPUTS = ("rain today, yes or no", "millimetres of rain", "highest temperature", "lowest temperature", "wind")
WET = 0.0  # mm; a day with more than this is a day of rain


@dataclass(frozen=True, eq=False)
class Examples:
    """Days and whether it rained on the day after: X (inputs, m), y (1, m) of 0 and 1, dates (m,) of today."""

    X: np.ndarray
    y: np.ndarray
    dates: np.ndarray

    def batch(self, columns) -> Examples:
        """Return the examples with these indices."""
        return Examples(self.X[:, columns], self.y[:, columns], self.dates[columns])


def rain_tomorrow(weather: Temperatures, test_from: str = "2015-01-01") -> tuple[Examples, Examples]:
    """Return (train, test): today's weather in X, in y whether it rains tomorrow.

    The split is by time. A training pair ends before `test_from`, a test pair begins on it or later; the one
    pair across the border is left out. Each input is shifted and scaled to mean 0 and standard deviation 1
    *of the training days*, so that nothing of the test days is used.
    Raises ValueError when the record has no rain, wind or highest temperature, or one part would be empty.
    """
    columns = (weather.precipitation, weather.celsius_max, weather.celsius_min, weather.wind)
    if any(column is None for column in columns):
        raise ValueError("weather must have precipitation, temp_max, temp_min and wind")
    rain, high, low, wind = columns
    wet = (rain > WET).astype(float)
    inputs = np.stack([wet, np.log1p(rain), high, low, wind])[:, :-1]
    dates, border = weather.dates, np.datetime64(test_from, "D")
    train, test = dates[1:] < border, dates[:-1] >= border
    if not (train.any() and test.any()):
        raise ValueError(f"test_from must leave days on both sides, but {test_from} does not")
    mean, spread = inputs[:, train].mean(axis=1, keepdims=True), inputs[:, train].std(axis=1, keepdims=True)
    everything = Examples((inputs - mean) / spread, wet[None, 1:], dates[:-1])
    return everything.batch(np.flatnonzero(train)), everything.batch(np.flatnonzero(test))


def initialize(inputs: int, hidden: int, seed: int = 0) -> dict:
    """Return parameters at random: W1 (hidden, inputs), b1 (hidden, 1), W2 (1, hidden), b2 (1, 1).

    Weights are normal with variance 1/(numbers that flow in), biases 0: every unit starts in the part of
    tanh that is not flat yet, and no two start alike.
    """
    inputs, hidden = check_count(inputs, "inputs", 1), check_count(hidden, "hidden", 1)
    rng = np.random.default_rng(check_count(seed, "seed"))
    return {
        "W1": rng.normal(size=(hidden, inputs)) / np.sqrt(inputs),
        "b1": np.zeros((hidden, 1)),
        "W2": rng.normal(size=(1, hidden)) / np.sqrt(hidden),
        "b2": np.zeros((1, 1)),
    }


def probabilities(parameters: dict, X) -> np.ndarray:
    """Return the network's probability of rain for each column of X, shape (1, m)."""
    return _logistic(_forward(parameters, X)[1])


def loss(parameters: dict, X, y) -> float:
    """Return the mean cross-entropy −log(probability given to what happened); it is always finite."""
    z = _forward(parameters, X)[1]
    # log(1 + e^z) − y z, which cannot overflow.
    return float(np.mean(np.logaddexp(0.0, z) - _answers(y, z) * z))


def gradients(parameters: dict, X, y) -> dict:
    """Return {"dW1", "db1", "dW2", "db2"}, each of its parameter's shape, by backpropagation."""
    hidden, z = _forward(parameters, X)
    dz2 = (_logistic(z) - _answers(y, z)) / z.shape[1]
    dz1 = (parameters["W2"].T @ dz2) * (1.0 - hidden**2)
    return {
        "dW1": dz1 @ X.T,
        "db1": dz1.sum(axis=1, keepdims=True),
        "dW2": dz2 @ hidden.T,
        "db2": dz2.sum(axis=1, keepdims=True),
    }


def accuracy(parameters: dict, X, y) -> float:
    """Return the part of the days on which "rain" or "no rain", whichever is likelier, is right."""
    p = probabilities(parameters, X)
    return float(np.mean((p > 0.5) == (_answers(y, p) > 0.5)))


def _forward(parameters: dict, X) -> tuple[np.ndarray, np.ndarray]:
    """Return what the hidden units say, (hidden, m), and the score of rain, (1, m)."""
    hidden = np.tanh(parameters["W1"] @ X + parameters["b1"])
    return hidden, parameters["W2"] @ hidden + parameters["b2"]


def _logistic(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * z))  # 1/(1 + e^-z), which cannot overflow


def _answers(y, like: np.ndarray) -> np.ndarray:
    y = check_array(y, "y").reshape(1, -1)
    if y.shape != like.shape:
        raise ValueError(f"y must hold one answer for each column of X, {like.shape[1]}, not {y.shape[1]}")
    return y
