"""The ways of writing momentum, against recurrences written here by hand from their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson_utils import conventions, optimizers
from lesson_utils.conventions import alpha_for, alphas_over, walk
from lesson_utils.losses import Quadratic

CURVATURES = np.array([0.01, 1.0])
START = np.array([-9.0, 1.2])
BOWL = Quadratic(CURVATURES)

alphas = st.floats(0.0, 3.0)
betas = st.floats(0.0, 0.98)


def gradient(w):
    return CURVATURES * w


def pytorch(lrs, momentum):
    """torch.optim.SGD, and Goh 2017: b₁ = g₁; later b ← μb + g; θ ← θ − lr·b."""
    theta, b, seen = START.copy(), None, [START.copy()]
    for lr in lrs:
        g = gradient(theta)
        b = g.copy() if b is None else momentum * b + g
        theta = theta - lr * b
        seen.append(theta)
    return np.array(seen)


def keras(lrs, momentum):
    """keras.optimizers.SGD, and Sutskever 2013: velocity = momentum * velocity - rate * g; w = w + velocity."""
    w, velocity, seen = START.copy(), np.zeros(2), [START.copy()]
    for learning_rate in lrs:
        velocity = momentum * velocity - learning_rate * gradient(w)
        w = w + velocity
        seen.append(w)
    return np.array(seen)


def close(left, right):
    scale = max(np.abs(right[np.isfinite(right)]).max(), 1.0)
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12 * scale)


STEADY = np.full(60, 0.4)
FALLING = alphas_over(0.4, 60, times=0.1, at=20)
RISING = alphas_over(0.04, 60, times=10.0, at=20)
plans = pytest.mark.parametrize("plan", [STEADY, FALLING, RISING], ids=["steady", "falling", "rising"])


@plans
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_pytorch_is_the_heavy_ball(plan, beta):
    close(pytorch(plan, beta), walk(gradient, START, plan, beta, form="heavy_ball").w)


@plans
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_keras_keeps_alpha_inside(plan, beta):
    close(keras(plan, beta), walk(gradient, START, plan, beta, form="inside").w)


@given(alpha=alphas, beta=betas)
def test_a_constant_alpha_gives_the_optimizers_path(alpha, beta):
    for form in ("ewa", "heavy_ball"):
        ours = walk(gradient, START, np.full(40, alpha), beta, form=form)
        known = optimizers.momentum(BOWL.gradient, START, alpha, beta, 40, convention=form)
        np.testing.assert_allclose(ours.w, known.w, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(ours.v, known.v, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(ours.dw, known.dw, rtol=1e-10, atol=1e-12)


@given(
    alpha=alphas,
    beta=betas,
    source=st.sampled_from(conventions.FORMS),
    target=st.sampled_from(conventions.FORMS),
)
def test_one_path_in_every_form(alpha, beta, source, target):
    other = alpha_for(alpha, beta, source=source, target=target)
    left = walk(gradient, START, np.full(30, alpha), beta, form=source).w
    right = walk(gradient, START, np.full(30, other), beta, form=target).w
    size = max(np.abs(left).max(), 1.0)
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9 * size)
    assert np.isclose(alpha_for(other, beta, source=target, target=source), alpha)


def test_dropping_the_factor_shrinks_alpha():
    assert alpha_for(4.0, 0.9, source="ewa", target="heavy_ball") == pytest.approx(0.4)
    assert alpha_for(4.0, 0.9, source="ewa", target="inside") == pytest.approx(0.4)
    assert alpha_for(0.4, 0.9, source="inside", target="ewa") == pytest.approx(4.0)


def test_the_velocities_differ_by_the_factor():
    lecture = walk(gradient, START, np.full(30, 4.0), 0.9)
    ball = walk(gradient, START, np.full(30, 0.4), 0.9, form="heavy_ball")
    inside = walk(gradient, START, np.full(30, 0.4), 0.9, form="inside")
    np.testing.assert_allclose(ball.v, 10 * lecture.v, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(inside.v, 0.4 * ball.v, rtol=1e-9, atol=1e-12)


def test_plans():
    np.testing.assert_array_equal(alphas_over(4.0, 3), [4, 4, 4])
    np.testing.assert_array_equal(alphas_over(4.0, 4, times=0.5, at=2), [4, 4, 2, 2])
    np.testing.assert_array_equal(alphas_over(4.0, 2, times=0.5, at=9), [4, 4])
    assert alphas_over(4.0, 0).shape == (0,)


def test_a_run_that_diverges_ends_in_nan():
    path = walk(gradient, START, np.full(2000, 30.0), 0.5, form="heavy_ball")
    known = optimizers.momentum(BOWL.gradient, START, 30.0, 0.5, 2000, convention="heavy_ball")
    assert path.diverged_at == known.diverged_at
    assert np.isnan(path.w[path.diverged_at + 1 :]).all() and np.isfinite(path.w[: path.diverged_at]).all()
