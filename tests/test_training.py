"""Batches, the straight line trained on them, and the variance that noise gives a parameter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson_utils import losses, optimizers
from lesson_utils.temperatures import load_temperatures
from lesson_utils.theory import stability_limit
from lesson_utils.training import (
    SCALINGS,
    batch_moments,
    draw_batches,
    noise_variance,
    rescaled,
    steps_in_epoch,
    train_line,
)
from tests.pairwise import pairwise

CELSIUS = load_temperatures().celsius
X, Y = CELSIUS[:-1], CELSIUS[1:]
LINE = losses.LeastSquares(X, Y)


@given(count=st.integers(1, 60), size=st.integers(1, 60), seed=st.integers(0, 9))
def test_each_epoch_takes_every_example_once(count, size, seed):
    size = min(size, count)
    in_epoch = steps_in_epoch(count, size)
    batches = draw_batches(count, size, 3 * in_epoch, seed)
    assert len(batches) == 3 * in_epoch
    for epoch in range(3):
        taken = np.concatenate(batches[epoch * in_epoch : (epoch + 1) * in_epoch])
        assert sorted(taken) == list(range(count))
    assert all(len(batch) == size for batch in batches[: in_epoch - 1])


def test_the_seed_decides_the_batches():
    one, same, other = (np.concatenate(draw_batches(100, 7, 40, seed)) for seed in (3, 3, 4))
    assert np.array_equal(one, same) and not np.array_equal(one, other)
    longer = np.concatenate(draw_batches(100, 7, 60, 3))
    assert np.array_equal(longer[: len(one)], one), "a longer run begins with the same batches"


def test_each_epoch_is_shuffled_anew():
    batches = draw_batches(100, 10, 20, 0)
    assert not np.array_equal(np.concatenate(batches[:10]), np.concatenate(batches[10:]))


@given(size=st.integers(1, 1460), seed=st.integers(0, 5), w=st.floats(-3, 3), b=st.floats(-3, 3))
def test_moments_give_each_batchs_gradient(size, seed, w, b):
    batches = draw_batches(len(X), size, 5, seed)
    for (xx, x, xy, y), batch in zip(batch_moments(X, Y, batches), batches, strict=True):
        expected = LINE.gradient([w, b], batch=batch)
        assert [xx * w + x * b - xy, x * w + b - y] == pytest.approx(expected, rel=1e-10, abs=1e-9)


def test_no_batches_are_no_moments():
    assert batch_moments(X, Y, []).shape == (0, 4)


def by_hand(batches, alpha, beta, heavy):
    """Return the path by the lecture's lines, over the examples themselves."""
    w = b = v_dw = v_db = 0.0
    path = [(w, b)]
    for batch in batches:
        error = w * X[batch] + b - Y[batch]
        dw, db = np.mean(error * X[batch]), np.mean(error)
        v_dw = beta * v_dw + (1 if heavy else 1 - beta) * dw
        v_db = beta * v_db + (1 if heavy else 1 - beta) * db
        w, b = w - alpha * v_dw, b - alpha * v_db
        path.append((w, b))
    return np.array(path)


@pytest.mark.parametrize(
    ("size", "setting", "convention"),
    pairwise([1, 32, 100, 1460], [(0.001, 0.0), (0.004, 0.9), (0.002, 0.5)], ["ewa", "heavy_ball"]),
)
def test_training_is_the_lectures_loop(size, setting, convention):
    alpha, beta = setting
    batches = draw_batches(len(X), size, 200, 2)
    heavy = convention == "heavy_ball"
    alpha = alpha * (1 - beta) if heavy else alpha
    path = train_line(batch_moments(X, Y, batches), alpha, beta, convention=convention)
    np.testing.assert_allclose(path.w, by_hand(batches, alpha, beta, heavy), rtol=1e-8, atol=1e-8)
    assert path.diverged_at is None and path.w.shape == path.v.shape == (201, 2) and path.dw.shape == (200, 2)


def test_one_batch_of_all_is_the_optimizers_own_run():
    moments = batch_moments(X, Y, draw_batches(len(X), len(X), 150))
    path, other = train_line(moments, 0.1, 0.9), optimizers.momentum(LINE.gradient, [0.0, 0.0], 0.1, 0.9, 150)
    np.testing.assert_allclose(path.w, other.w, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(path.v, other.v, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(path.dw, other.dw, rtol=1e-7, atol=1e-8)


def test_a_step_of_ones_own_is_used():
    moments = batch_moments(X, Y, draw_batches(len(X), 32, 300, 1))
    path = train_line(
        moments, 0.02, 0.9, step=lambda w, v, dw, a, b: optimizers.momentum_step(w, v, dw, a, b)
    )
    np.testing.assert_allclose(path.w, train_line(moments, 0.02, 0.9).w, rtol=1e-10, atol=1e-12)
    stays = train_line(moments, 0.02, 0.9, step=lambda w, v, dw, a, b: (w, v))
    assert not stays.w.any() and stays.dw.any()


def test_a_run_that_diverges_ends_in_nan_and_raises_nothing():
    moments = batch_moments(X, Y, draw_batches(len(X), len(X), 3000))
    path, other = train_line(moments, 0.1), optimizers.gradient_descent(LINE.gradient, [0.0, 0.0], 0.1, 3000)
    assert path.diverged_at == other.diverged_at
    end = path.diverged_at
    assert np.isfinite(path.dw[:end]).all()
    assert np.isnan(path.w[end + 1 :]).all() and np.isnan(path.dw[end:]).all()


def test_another_start():
    moments = batch_moments(X, Y, draw_batches(len(X), 32, 10))
    assert np.array_equal(train_line(moments, 0.0, start=(2, -1)).w, np.tile([2.0, -1.0], (11, 1)))


def test_scaling_makes_the_ravine_round():
    kappas = [losses.LeastSquares(rescaled(X, how), Y).condition_number for how in SCALINGS]
    assert kappas[0] == pytest.approx(996, abs=0.5)
    assert kappas[1] == pytest.approx(X.var(), rel=1e-12)
    assert kappas[2] == pytest.approx(1, rel=1e-12)


def test_scaling_changes_no_prediction():
    for how in SCALINGS:
        line = losses.LeastSquares(rescaled(X, how), Y)
        w, b = line.minimum
        np.testing.assert_allclose(w * line.x + b, LINE.minimum[0] * X + LINE.minimum[1], rtol=1e-10)
        assert line.loss_at_minimum == pytest.approx(LINE.loss_at_minimum, rel=1e-10)


ALPHAS = st.floats(0.001, 0.95)
BETAS = st.floats(0.0, 0.95)


def lyapunov(curvature, alpha, beta, noise, convention):
    """Return the stationary variance of w from the covariance S = M S Mᵀ + Q of (w, v), as linear equations."""
    share = 1 - beta if convention == "ewa" else 1.0
    # v' = beta v + share (curvature w + e); w' = w − alpha v'
    matrix = np.array([[1 - alpha * share * curvature, -alpha * beta], [share * curvature, beta]])
    push = np.array([-alpha * share, share])
    left = np.eye(4) - np.kron(matrix, matrix)
    return np.linalg.solve(left, noise * np.outer(push, push).ravel())[0]


@given(part=ALPHAS, beta=BETAS, curvature=st.floats(0.1, 10), noise=st.floats(0.1, 10))
@pytest.mark.parametrize("convention", ["ewa", "heavy_ball"])
def test_the_variance_solves_the_lyapunov_equation(part, beta, curvature, noise, convention):
    alpha = part * stability_limit(curvature, beta, convention=convention)
    found = noise_variance(curvature, alpha, beta, noise, convention=convention)
    assert found == pytest.approx(lyapunov(curvature, alpha, beta, noise, convention), rel=1e-6)


def test_no_variance_beyond_the_limit():
    assert noise_variance(1.0, 2.0) == noise_variance(1.0, 5.0) == np.inf
    assert noise_variance(1.0, 0.0, 0.9) == 0.0
    assert isinstance(noise_variance(1.0, 0.1), float)


@pytest.mark.parametrize("beta", [0.0, 0.36, 0.68, 0.89, 0.9, 0.99])
@pytest.mark.parametrize("convention", ["ewa", "heavy_ball"])
def test_at_the_limit_the_noise_has_no_bound(beta, convention):
    limit = stability_limit(1.0, beta, convention=convention)
    assert noise_variance(1.0, limit, beta, convention=convention) == np.inf
    assert np.isfinite(noise_variance(1.0, 0.999 * limit, beta, convention=convention))
