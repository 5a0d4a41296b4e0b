"""The ball against the update rule, against closed forms, and against the differential equation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson_utils import optimizers, oscillator, theory
from lesson_utils.losses import Quadratic

FORMS = pytest.mark.parametrize("convention", ["ewa", "heavy_ball"])
BETAS = st.floats(0.0, 0.99)
CURVATURES = st.floats(0.05, 20.0)
PARTS = st.floats(0.001, 0.98)  # of the largest α that converges


def run(curvature, alpha, beta, steps, convention, start=-2.0):
    """Return the positions, by a loop that uses nothing of the package."""
    x, v, out = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v + (1 - beta if convention == "ewa" else 1) * curvature * x
        x = x - alpha * v
        out.append(x)
    return np.array(out)


@given(CURVATURES, BETAS, PARTS, st.sampled_from(["ewa", "heavy_ball"]))
def test_the_difference_equation_of_the_ball_is_momentum(curvature, beta, part, convention):
    """The other way: the ball's equation, walked by itself, is the optimizer's path."""
    alpha = part * theory.stability_limit(curvature, beta, convention=convention)
    ball = oscillator.ball(curvature, alpha, beta, convention=convention)
    before, x, path = -2.0, -2.0, [-2.0]  # at rest: the step before the first was none
    for _ in range(60):
        force = -ball.spring * x - ball.friction * (x - before)
        before, x = x, 2 * x - before + force / ball.mass
        path.append(x)
    ours = optimizers.momentum(
        Quadratic((curvature,)).gradient, [-2.0], alpha, beta, 60, convention=convention
    )
    np.testing.assert_allclose(path, ours.w[:, 0], atol=1e-9 * np.abs(path).max(), rtol=0)


def test_the_lectures_ball_and_the_heavy_ball():
    lecture = oscillator.ball(3.0, 0.5, 0.9)
    assert (lecture.mass, lecture.friction, lecture.spring) == pytest.approx((20.0, 2.0, 3.0))
    heavy = oscillator.ball(3.0, 0.5, 0.9, convention="heavy_ball")
    assert (heavy.mass, heavy.friction, heavy.spring) == pytest.approx((2.0, 0.2, 3.0))
    # In the lecture's form β changes the mass and leaves the friction coefficient as it is.
    assert oscillator.ball(3.0, 0.5, 0.0).friction == pytest.approx(lecture.friction)


@FORMS
@pytest.mark.parametrize(
    ("alpha", "beta"), [(0.1, 0.9), (0.03, 0.2), (0.25, 0.36), (0.025, 0.9), (2.0, 0.97)]
)
def test_the_smooth_ball_solves_its_equation(convention, alpha, beta):
    """x″ + (1−β) x′ + a x = 0, by central differences; it starts at rest."""
    a, h = alpha * 1.5 * (1 - beta if convention == "ewa" else 1), 0.01
    x = oscillator.smooth_ball(1.5, alpha, beta, -2.0, h * np.arange(4001), convention=convention)
    speed, push = (x[2:] - x[:-2]) / (2 * h), (x[2:] - 2 * x[1:-1] + x[:-2]) / h**2
    np.testing.assert_allclose(push + (1 - beta) * speed + a * x[1:-1], 0, atol=1e-3 * a)
    assert x[0] == -2 and x[1] == pytest.approx(-2 + a * h**2, abs=a * h**3)


def test_the_smooth_ball_at_and_near_its_own_critical_point():
    times = np.linspace(0, 200, 50)
    at = oscillator.smooth_ball(1.0, 0.025, 0.9, 1.0, times)  # (1−β)/4
    np.testing.assert_allclose(at, np.exp(-0.05 * times) * (1 + 0.05 * times), rtol=1e-9)
    for near in (0.025 * (1 - 1e-9), 0.025 * (1 + 1e-9)):
        np.testing.assert_allclose(oscillator.smooth_ball(1.0, near, 0.9, 1.0, times), at, atol=1e-6)
    np.testing.assert_array_equal(oscillator.smooth_ball(1.0, 0.0, 0.9, -2.0, times), -2.0)


@FORMS
@given(st.floats(0.01, 0.97), CURVATURES)
def test_critical_is_the_border_between_creeping_in_and_passing(convention, beta, curvature):
    alpha = oscillator.critical_alpha(curvature, beta, convention=convention)
    share = 1 - beta if convention == "ewa" else 1
    assert share * alpha * curvature == pytest.approx((1 - np.sqrt(beta)) ** 2)
    assert oscillator.critical_beta(curvature, alpha, convention=convention) == pytest.approx(beta)
    words = [oscillator.damping(curvature, f * alpha, beta, convention=convention) for f in (0.99, 1, 1.01)]
    assert words == ["over-damped", "critical", "rings"]
    assert (run(curvature, 0.99 * alpha, beta, 400, convention) <= 1e-300).all()
    period, _ = oscillator.swing(curvature, 1.3 * alpha, beta, convention=convention)
    x = run(curvature, 1.3 * alpha, beta, int(period) + 2, convention)
    assert (x > 0).any(), "within a swing it passes"


def test_critical_beta_where_there_is_none():
    assert oscillator.critical_beta(1.0, 1.5) is None
    assert oscillator.critical_beta(1.0, 1.0) == 0.0
    assert oscillator.critical_beta(1.0, 0.25) == pytest.approx(0.36)
    assert oscillator.critical_beta(4.0, 0.3, convention="heavy_ball") is None
    assert oscillator.critical_beta(1.0, 0.0) < 1.0


@FORMS
@pytest.mark.parametrize(("alpha", "beta"), [(0.1, 0.9), (1.0, 0.9), (0.1, 0.99), (0.2, 0.7), (3.0, 0.9)])
def test_a_swing_is_counted_in_the_run(convention, alpha, beta):
    """Position and length of the waves, read off a run: every half swing the same numbers again, narrower."""
    period, factor = oscillator.swing(1.0, alpha, beta, convention=convention)
    x = run(1.0, alpha, beta, 1000, convention)
    swung = x / np.sqrt(beta) ** np.arange(1001)  # the envelope taken out: a pure wave is left
    turn = 2 * np.pi / period
    np.testing.assert_allclose(
        swung[2:] + swung[:-2], 2 * np.cos(turn) * swung[1:-1], atol=1e-9 * np.abs(swung).max()
    )
    assert factor == pytest.approx(np.sqrt(beta) ** (period / 2))


@pytest.mark.parametrize(("alpha", "beta"), [(0.1, 0.3), (1.9, 0.0), (0.5, 0.0), (0.0, 0.9), (100.0, 0.9)])
def test_a_ball_that_does_not_ring_has_no_swing(alpha, beta):
    assert oscillator.swing(1.0, alpha, beta) == (np.inf, 0.0)


def test_damping_in_words():
    assert oscillator.damping(1.0, 0.25, 0.36) == "critical"
    assert oscillator.damping(1.0, 1.9, 0.0) == "jumps"
    assert oscillator.damping(1.0, 39.0, 0.9) == "gains" and oscillator.damping(1.0, 38.0, 0.9) == "gains"
    assert oscillator.damping(1.0, 0.0, 0.9) == "over-damped"


@given(CURVATURES, st.floats(0.001, 0.2), st.sampled_from(["ewa", "heavy_ball"]))
def test_friction_takes_the_energy(curvature, part, convention):
    """In small steps the energy falls from swing to swing, and it starts as height alone."""
    beta = 0.9
    alpha = part * theory.stability_limit(curvature, beta, convention=convention)
    x = run(curvature, alpha, beta, 300, convention)
    height, motion = oscillator.energy(x[:, None], [curvature], alpha, beta, convention=convention)
    ball = oscillator.ball(curvature, alpha, beta, convention=convention)
    np.testing.assert_allclose(height, curvature * x**2 / 2)
    np.testing.assert_allclose(motion[1:], ball.mass * np.diff(x) ** 2 / 2)
    assert motion[0] == 0 and (height + motion)[-1] < (height + motion)[0]


def test_a_run_that_diverges_gains_energy():
    x = run(1.0, 4.0, 0.9, 200, "heavy_ball")
    height, motion = oscillator.energy(x[:, None], [1.0], 4.0, 0.9, convention="heavy_ball")
    assert (height + motion)[-1] > 1e3 * (height + motion)[0]
    height, motion = oscillator.energy([[-1.0], [np.nan]], [1.0], 4.0, 0.9)
    assert np.isnan(height[1]) and np.isnan(motion[1])
    assert oscillator.energy([[-1.0], [-1.0]], [1.0], 0.0, 0.9)[1].tolist() == [0, 0]
