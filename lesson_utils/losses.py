"""Losses to walk down: a bowl or ravine, the straight line through data, and four landscapes that are no bowls."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from lesson_utils._validate import check_array, check_curvatures, check_number, check_same_shape, check_vector


class _QuadraticLoss:
    """A loss 1/2 (w - minimum)ᵀ hessian (w - minimum) + loss_at_minimum.

    Attributes: .hessian (n, n), .curvatures (n,) its eigenvalues, .minimum (n,), .loss_at_minimum,
    .condition_number (largest curvature over smallest). The arrays are read-only.
    """

    hessian: np.ndarray
    curvatures: np.ndarray
    minimum: np.ndarray
    loss_at_minimum: float = 0.0

    @property
    def condition_number(self) -> float:
        """The largest curvature divided by the smallest."""
        return float(self.curvatures.max() / self.curvatures.min())

    def loss(self, w) -> np.ndarray | float:
        """Return the loss at w: shape (..., n) in, shape (...) out, so a grid or a path goes at once."""
        away = self._checked(w) - self.minimum
        with np.errstate(over="ignore", invalid="ignore"):
            product = away * self._slopes(away)
            # One direction after the other: for two of them that is faster than a sum along the axis.
            total = sum(product[..., i] for i in range(product.shape[-1]))
            return 0.5 * total + self.loss_at_minimum

    def gradient(self, w) -> np.ndarray:
        """Return the gradient at w: shape (..., n) in, the same shape out."""
        w = self._checked(w)
        if w.ndim > 1:
            with np.errstate(over="ignore", invalid="ignore"):
                return self._slopes(w - self.minimum)
        # For the one point that a descent asks for plain floats are the fastest, and round as arrays do.
        (x, y), (first, across, second, x_0, y_0) = w.tolist(), self._numbers
        x, y = x - x_0, y - y_0
        return np.array((first * x + across * y, across * x + second * y))

    def _slopes(self, away: np.ndarray) -> np.ndarray:
        # Without BLAS, whose last digits depend on the processor: a run that rattles makes them large.
        first, across, second, *_ = self._numbers
        x, y = away[..., 0], away[..., 1]
        slopes = np.empty_like(away)
        np.add(first * x, across * y, out=slopes[..., 0])
        np.add(across * x, second * y, out=slopes[..., 1])
        return slopes

    @cached_property
    def _numbers(self) -> tuple[float, ...]:
        (first, across), (_, second) = self.hessian.tolist()
        return first, across, second, *self.minimum.tolist()

    def _checked(self, w) -> np.ndarray:
        if not (isinstance(w, np.ndarray) and w.dtype.kind == "f"):
            # A path that diverged holds NaN: it has no loss, but asking for it is no error.
            w = check_array(w, "w", finite=False)
        if w.ndim == 0 or w.shape[-1] != len(self.minimum):
            raise ValueError(
                f"w must have {len(self.minimum)} as its last dimension, not the shape {w.shape}"
            )
        return w


class Quadratic(_QuadraticLoss):
    """A bowl (equal curvatures) or a ravine: 1/2 Σ curvature_i (distance from the minimum along axis i)²."""

    def __init__(self, curvatures, *, angle: float = 0.0, minimum=(0.0, 0.0)) -> None:
        """Build the loss.

        curvatures: shape (n,), all > 0, kept in this order. angle: radians, counter-clockwise, by which the
        axis of the first curvature is turned from the first coordinate (two curvatures only).
        minimum: shape (n,), zeros when not given.
        Raises ValueError for a bad value or shape, TypeError for a wrong type.
        """
        self.curvatures = _frozen(check_curvatures(curvatures))
        count = len(self.curvatures)
        self.angle = check_number(angle, "angle")
        if self.angle and count != 2:
            raise ValueError(f"angle must be 0 unless there are two curvatures; here are {count}")
        if isinstance(minimum, tuple) and minimum == (0.0, 0.0):
            minimum = np.zeros(count)
        self.minimum = _frozen(check_vector(minimum, "minimum").astype(float))
        check_same_shape(self.minimum, "minimum", self.curvatures.shape, "curvatures")
        self.hessian = _frozen(_rotated(self.curvatures, self.angle))

    def gradient(self, w) -> np.ndarray:
        """Return the gradient at w: shape (..., n) in, the same shape out."""
        return super().gradient(w) if self.angle else self._slopes(self._checked(w) - self.minimum)

    def _slopes(self, away: np.ndarray) -> np.ndarray:
        return super()._slopes(away) if self.angle else away * self.curvatures


class LeastSquares(_QuadraticLoss):
    """Half the mean squared error of the line ŷ = w x + b; its parameters are the pair (w, b)."""

    def __init__(self, x, y) -> None:
        """Build the loss from data.

        x, y: shape (n,), finite, x with at least two different values. The curvatures are ascending and in
        the unit of x² (and of 1, for b).
        Raises ValueError for a bad value or shape, TypeError for a wrong type.
        """
        self.x = _frozen(check_vector(x, "x", least=2).astype(float))
        self.y = _frozen(check_vector(y, "y", least=2).astype(float))
        check_same_shape(self.y, "y", self.x.shape, "x")
        x, y = self.x, self.y
        if x.min() == x.max():
            raise ValueError(f"x must hold at least two different values, not {x[0]} throughout")
        self.hessian = _frozen(np.array([[np.mean(x * x), x.mean()], [x.mean(), 1.0]]))
        spread = np.mean((x - x.mean()) ** 2)  # the product of the two curvatures
        if spread <= np.finfo(float).eps * self.hessian[0, 0]:
            raise ValueError("x must vary more: its values differ too little from their mean to fit a line")
        steep = 0.5 * (self.hessian[0, 0] + 1.0) + math.hypot(0.5 * (self.hessian[0, 0] - 1.0), x.mean())
        self.curvatures = _frozen(np.array([spread / steep, steep]))
        slope = np.mean((x - x.mean()) * (y - y.mean())) / spread
        intercept = y.mean() - slope * x.mean()
        self.minimum = _frozen(np.array([slope, intercept]))
        self.loss_at_minimum = float(0.5 * np.mean((slope * x + intercept - y) ** 2))

    def gradient(self, w, batch=None) -> np.ndarray:
        """Return the gradient (dw, db) at (w, b), over all the data or over one batch of it.

        w: shape (..., 2). batch: None, a slice, or an array of indices into the data (or of booleans).
        Raises ValueError for an empty batch, or an index outside the data.
        """
        if batch is None:
            return super().gradient(w)
        x, y = self._examples(batch)
        w = self._checked(w)
        error = w[..., :1] * x + w[..., 1:] - y
        return np.stack([np.mean(error * x, axis=-1), np.mean(error, axis=-1)], axis=-1)

    def _examples(self, batch) -> tuple[np.ndarray, np.ndarray]:
        if not isinstance(batch, slice):
            batch = np.atleast_1d(np.asarray(batch))
            if batch.size and batch.dtype.kind not in "iub":
                raise TypeError(f"batch must be a slice or an array of indices, not of dtype {batch.dtype}")
            batch = batch if batch.size else slice(0)
        try:
            x, y = self.x[batch], self.y[batch]
        except IndexError as error:
            allowed = (
                f"indices from 0 to {len(self.x) - 1}, or one boolean for each of the {len(self.x)} examples"
            )
            raise ValueError(f"batch must hold {allowed}: {error}") from error
        if x.size == 0:
            raise ValueError("batch must hold at least one example, but it is empty")
        return x, y


# --- landscapes -----------------------------------------------------------------------------------------


class Landscape:
    """A loss of two parameters that is no bowl.

    Attributes: .minima (k, 2), the lowest first; .steepest, the largest curvature at the lowest minimum.
    """

    minima: np.ndarray
    steepest: float = 1.0

    def loss(self, w) -> np.ndarray | float:
        """Return the loss at w: shape (..., 2) in, shape (...) out."""
        x, y = self._parts(w)
        with np.errstate(over="ignore", invalid="ignore"):
            return self._loss(x, y)

    def gradient(self, w) -> np.ndarray:
        """Return the gradient at w: shape (..., 2) in, the same shape out."""
        x, y = self._parts(w)
        if x.ndim == 0:  # for the one point that a descent asks for plain floats are the fastest
            return np.array(self._slopes(float(x), float(y)))
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack(self._slopes(x, y), axis=-1)

    def floor(self, x) -> np.ndarray | float:
        """Return the w₂ of the valley's floor at each w₁: where the loss is lowest across."""
        return 0.0 * np.asarray(x)

    def _parts(self, w):
        w = w if isinstance(w, np.ndarray) and w.dtype.kind == "f" else check_array(w, "w", finite=False)
        if w.ndim == 0 or w.shape[-1] != 2:
            raise ValueError(f"w must have 2 as its last dimension, not the shape {w.shape}")
        return w[..., 0], w[..., 1]


class TwoValleys(Landscape):
    """0.1 (w₁² − 1)²/4 − 0.02 w₁ + w₂²/2: two valleys side by side, the right one deeper, a low barrier between."""

    def __init__(self) -> None:
        """Build the loss; its flat places are the roots of 0.1 (w₁³ − w₁) − 0.02."""
        left, self.barrier, right = np.sort(np.roots((0.1, 0.0, -0.1, -0.02)).real)
        self.minima = _frozen(np.array([[right, 0.0], [left, 0.0]]))

    def _loss(self, x, y):
        return 0.025 * (x * x - 1.0) ** 2 - 0.02 * x + 0.5 * y * y

    def _slopes(self, x, y):
        return 0.1 * (x * x - 1.0) * x - 0.02, y


class Saddle(Landscape):
    """−0.05 w₁²/2 + 0.0125 w₁⁴/4 + w₂²/2: a saddle at 0 with curvatures −0.05 and 1, minima at w₁ = ±2."""

    minima = np.array([[2.0, 0.0], [-2.0, 0.0]])

    def _loss(self, x, y):
        return -0.025 * x * x + 0.003125 * (x * x) ** 2 + 0.5 * y * y

    def _slopes(self, x, y):
        return (0.0125 * x * x - 0.05) * x, y


class Plateau(Landscape):
    """0.2 (1 − exp(−2 (w₁ − 1)²)) + 0.005 (w₁ − 1)²/2 + w₂²/2: nearly flat, and then a step down into a hole."""

    minima = np.array([[1.0, 0.0]])

    def _loss(self, x, y):
        return 0.2 * (1.0 - np.exp(-2.0 * (x - 1.0) ** 2)) + 0.0025 * (x - 1.0) ** 2 + 0.5 * y * y

    def _slopes(self, x, y):
        return (0.8 * np.exp(-2.0 * (x - 1.0) * (x - 1.0)) + 0.005) * (x - 1.0), y


class Rosenbrock(Landscape):
    """((1 − w₁)² + 10 (w₂ − w₁²)²)/100: one valley, bent, with a flat floor (H. Rosenbrock, 1960, with 100 for 10)."""

    minima = np.array([[1.0, 1.0]])
    steepest = float(np.linalg.eigvalsh([[0.82, -0.4], [-0.4, 0.2]])[-1])

    def floor(self, x):
        """Return the w₂ of the valley's floor: w₁²."""
        return np.square(x)

    def _loss(self, x, y):
        return ((1.0 - x) ** 2 + 10.0 * (y - x * x) ** 2) / 100.0

    def _slopes(self, x, y):
        rise = 0.2 * (y - x * x)
        return 0.02 * (x - 1.0) - 2.0 * x * rise, rise


def _frozen(array: np.ndarray) -> np.ndarray:
    # A copy, so that neither the caller's array nor the loss can change the other.
    array = array.copy()
    array.flags.writeable = False
    return array


def _rotated(curvatures: np.ndarray, angle: float) -> np.ndarray:
    if angle == 0.0:
        return np.diag(curvatures)
    first, second = curvatures
    c, s = math.cos(angle), math.sin(angle)
    across = (first - second) * c * s
    return np.array([[first * c * c + second * s * s, across], [across, first * s * s + second * c * c]])
