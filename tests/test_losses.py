"""The losses against differences of themselves, and least squares against numpy's."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from lesson_utils import losses
from lesson_utils.losses import LeastSquares, Quadratic

RNG = np.random.default_rng(5)
X = RNG.normal(10, 4, 50)
Y = 0.7 * X + RNG.normal(2, 1, 50)


def check_gradient(loss, gradient, w):
    """The gradient is the slope of the loss (exact for a quadratic, but for rounding)."""
    for i in range(len(w)):
        step = np.zeros(len(w))
        step[i] = 0.5
        slope = loss(w + step) - loss(w - step)
        assert np.isclose(gradient(w)[i], slope, rtol=1e-8, atol=1e-8 * (1 + abs(loss(w))))


@settings(deadline=None, max_examples=40)
@given(
    st.tuples(st.floats(0.01, 100), st.floats(0.01, 100)),
    st.floats(-7, 7),
    st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    st.tuples(st.floats(-9, 9), st.floats(-9, 9)),
)
def test_quadratic(curvatures, angle, minimum, w):
    ravine = Quadratic(curvatures, angle=angle, minimum=minimum)
    check_gradient(ravine.loss, ravine.gradient, np.array(w))
    assert np.allclose(np.linalg.eigvalsh(ravine.hessian), sorted(curvatures), rtol=1e-9, atol=1e-11)
    assert np.allclose(ravine.gradient(minimum), 0)
    assert ravine.loss(minimum) == 0
    away = np.array(w) - minimum
    assert np.isclose(ravine.loss(w), 0.5 * away @ ravine.hessian @ away, atol=1e-12)


@given(st.floats(0.1, 1.5), st.tuples(*[st.floats(-9, 9)] * 4))
def test_gradients_round_as_plain_floats_do(angle, numbers):
    """So a run is the same, to the last digit, whatever the processor lets BLAS do."""
    ravine = Quadratic((0.001, 1.0), angle=angle, minimum=numbers[2:])
    (first, across), (_, second) = ravine.hessian.tolist()
    x, y = numbers[0] - numbers[2], numbers[1] - numbers[3]
    expected = [first * x + across * y, across * x + second * y]
    assert ravine.gradient(np.array(numbers[:2])).tolist() == expected
    assert ravine.gradient(np.array([numbers[:2]] * 3)).tolist() == [expected] * 3


RUNS = """
import hashlib, numpy as np
from lesson_utils import methods, optimizers, oscillator, theory
from lesson_utils import losses
from lesson_utils.losses import LeastSquares, Quadratic
ravine = Quadratic((0.001, 1.0), angle=0.7, minimum=(0.3, -0.2))
line = LeastSquares(np.linspace(3, 9, 1461) ** 2, np.linspace(-1, 4, 1461) ** 3)
parts, start = [line.hessian, line.curvatures, line.minimum], np.array([-1.7, 0.6])
parts.append(methods.rmsprop(ravine.gradient, start, 0.1, 0.9, 500).w)
parts.append(methods.nesterov(ravine.gradient, start, 2.0, 0.9, 500).w)
path = optimizers.momentum(line.gradient, start, 1e-4, 0.9, 500).w
parts += [path, line.gradient(path), line.loss(path), ravine.gradient(path), ravine.loss(path)]
parts += oscillator.energy(path, line.curvatures, 0.1, 0.9)
parts.append(theory._errors(np.array([0.001, 0.1]), 0.9, 0.99, 500, 1e-9))
print(hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest())
"""


def test_every_processor_computes_the_same_digits():
    """OpenBLAS takes the kernel that is named, where it is what numpy uses; an old one has no fused steps."""
    answers = {
        subprocess.run(
            [sys.executable, "-c", RUNS],
            env={**os.environ, "OPENBLAS_CORETYPE": core},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for core in ("Prescott", "Haswell", "")
    }
    assert len(answers) == 1


def test_the_angle_turns_the_axis_of_the_first_curvature():
    ravine = Quadratic((0.1, 2.0), angle=np.pi / 6)
    axis = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    assert np.allclose(ravine.hessian @ axis, 0.1 * axis)
    assert list(ravine.curvatures) == [0.1, 2.0]
    assert ravine.condition_number == pytest.approx(20)
    assert list(Quadratic((2.0, 0.1)).curvatures) == [2.0, 0.1]


@pytest.mark.parametrize("loss", [Quadratic((0.1, 2.0)), Quadratic((0.1, 2.0), angle=1), LeastSquares(X, Y)])
def test_a_grid_goes_at_once(loss):
    grid = RNG.normal(size=(4, 5, 2))
    assert loss.loss(grid).shape == (4, 5)
    assert loss.gradient(grid).shape == (4, 5, 2)
    assert np.isclose(loss.loss(grid)[2, 3], loss.loss(grid[2, 3]))
    assert np.allclose(loss.gradient(grid)[2, 3], loss.gradient(grid[2, 3]))
    assert np.isnan(loss.loss([np.nan, 1.0]))


def test_any_number_of_dimensions():
    bowl = Quadratic([1.0, 2.0, 3.0])
    assert list(bowl.minimum) == [0, 0, 0]
    assert bowl.loss([1, 1, 1]) == pytest.approx(3.0)
    assert Quadratic(4.0).gradient([2.0]) == pytest.approx([8.0])


def test_arguments_stay_as_they_are():
    curvatures, minimum, w = np.array([1.0, 2.0]), np.array([1.0, 1.0]), np.array([3.0, 4.0])
    ravine = Quadratic(curvatures, minimum=minimum)
    ravine.gradient(w)
    curvatures[0] = 9.0
    assert list(ravine.curvatures) == [1.0, 2.0] and list(w) == [3.0, 4.0]
    with pytest.raises(ValueError, match="read-only"):
        ravine.minimum[0] = 7.0


def test_least_squares_is_numpys_line():
    line = LeastSquares(X, Y)
    assert np.allclose(line.minimum, np.polyfit(X, Y, 1))
    assert np.allclose(line.hessian, [[np.mean(X * X), X.mean()], [X.mean(), 1]])
    assert np.allclose(line.curvatures, np.linalg.eigvalsh(line.hessian))
    assert line.loss([0.3, 4.0]) == pytest.approx(0.5 * np.mean((0.3 * X + 4.0 - Y) ** 2))
    assert line.loss(line.minimum) == pytest.approx(line.loss_at_minimum)
    check_gradient(line.loss, line.gradient, np.array([0.3, 4.0]))


def test_batches():
    line, w = LeastSquares(X, Y), np.array([0.3, 4.0])
    assert np.allclose(line.gradient(w, slice(None)), line.gradient(w))
    assert np.allclose(line.gradient(w, np.arange(50)), line.gradient(w))
    part = line.gradient(w, np.array([3, 7]))
    error = 0.3 * X[[3, 7]] + 4.0 - Y[[3, 7]]
    assert np.allclose(part, [np.mean(error * X[[3, 7]]), np.mean(error)])
    assert np.allclose(line.gradient(w, [3, 7]), part)
    halves = [line.gradient(w, slice(0, 25)), line.gradient(w, slice(25, 50))]
    assert np.allclose(np.mean(halves, axis=0), line.gradient(w))
    assert line.gradient(np.ones((6, 2)), slice(0, 9)).shape == (6, 2)


LANDSCAPES = [losses.TwoValleys(), losses.Saddle(), losses.Plateau(), losses.Rosenbrock()]
each_landscape = pytest.mark.parametrize("loss", LANDSCAPES, ids=lambda loss: type(loss).__name__)


@each_landscape
@given(w=st.tuples(st.floats(-3, 3), st.floats(-3, 3)))
def test_a_landscapes_gradient_is_the_slope_of_its_loss(loss, w):
    w, gap = np.array(w), 1e-5
    slopes = [(loss.loss(w + gap * axis) - loss.loss(w - gap * axis)) / (2 * gap) for axis in np.eye(2)]
    assert loss.gradient(w) == pytest.approx(slopes, abs=1e-6)
    assert loss.gradient(np.stack([w, w]))[1] == pytest.approx(loss.gradient(w), rel=1e-14, abs=1e-15)


@each_landscape
def test_a_landscapes_minima_are_those_that_an_optimiser_finds(loss):
    found = []
    for start in np.random.default_rng(2).uniform(-2.5, 2.5, (40, 2)):
        # BFGS as scipy keeps it: from 40 starts, every minimum is found, and no other.
        end = minimize(loss.loss, start, method="BFGS", options={"gtol": 1e-9}).x
        if np.abs(end).max() < 3 and not any(np.allclose(end, one, atol=1e-3) for one in found):
            found.append(end)
    found = np.array(sorted(found, key=loss.loss))
    assert len(found) == len(loss.minima)
    if len(found) > 1 and np.isclose(*loss.loss(found[:2])):  # the saddle's two are equally low
        found = found[np.argsort(-found[:, 0])]
    assert found == pytest.approx(loss.minima, abs=1e-3)
    assert np.abs(loss.gradient(loss.minima)).max() < 1e-12


@each_landscape
def test_a_landscapes_steepest_curvature_and_floor(loss):
    gap, lowest = 1e-4, loss.minima[0]
    hessian = [
        (loss.gradient(lowest + gap * axis) - loss.gradient(lowest - gap * axis)) / (2 * gap)
        for axis in np.eye(2)
    ]
    assert np.linalg.eigvalsh(hessian)[-1] == pytest.approx(loss.steepest, rel=1e-4)
    x = np.linspace(-2, 2, 9)
    floor = np.stack([x, loss.floor(x)], axis=-1)
    for across in (-0.01, 0.01):
        assert (loss.loss(floor + np.array([0, across])) > loss.loss(floor)).all()


def test_the_barrier_between_the_valleys_is_a_saddle():
    loss = losses.TwoValleys()
    top = np.array([loss.barrier, 0.0])
    assert np.abs(loss.gradient(top)).max() < 1e-12
    assert loss.loss(top) > loss.loss(loss.minima[1]) > loss.loss(loss.minima[0])


@each_landscape
def test_a_landscape_refuses_what_is_no_pair(loss):
    for ask in (loss.loss, loss.gradient):
        with pytest.raises(ValueError, match="w must have 2 as its last dimension"):
            ask([1.0, 2.0, 3.0])
