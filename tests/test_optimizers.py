"""The update rules against closed forms."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lesson_utils import optimizers, theory
from lesson_utils.losses import Quadratic

CONVENTIONS = ("ewa", "heavy_ball")
BETAS = st.floats(0.0, 0.99)
ALPHAS = st.floats(0.0, 3.0)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)
RAVINE = Quadratic((0.01, 1.0))


def share(beta, convention):
    return 1 - beta if convention == "ewa" else 1.0


def velocity_as_a_sum(v, gradients, beta, convention):
    """v after all gradients, written out as one weighted sum in place of a recursion."""
    n = len(gradients)
    powers = beta ** np.arange(n - 1, -1, -1.0)
    return beta**n * v + share(beta, convention) * np.tensordot(powers, gradients, axes=1)


@settings(deadline=None, max_examples=50)
@given(st.data(), SHAPES, ALPHAS, BETAS, st.sampled_from(CONVENTIONS))
def test_the_step_is_the_weighted_sum(data, shape, alpha, beta, convention):
    """Several steps in a row, from a v that is not 0; no argument is changed."""
    numbers = st.floats(-5, 5)
    w, v = start_w, start_v = [data.draw(hnp.arrays(float, shape, elements=numbers)) for _ in "wv"]
    gradients = data.draw(hnp.arrays(float, (4, *shape), elements=numbers))
    moved = np.zeros(shape)
    for n, dw in enumerate(gradients, start=1):
        before = [array.copy() for array in (w, v, dw)]
        new_w, new_v = optimizers.momentum_step(w, v, dw, alpha, beta, convention=convention)
        for array, old in zip((w, v, dw), before, strict=True):
            assert (array == old).all()
        expected = velocity_as_a_sum(start_v, gradients[:n], beta, convention)
        moved = moved + alpha * expected
        assert np.shape(new_w) == np.shape(new_v) == shape
        assert np.allclose(new_v, expected, rtol=1e-12, atol=1e-12)
        assert np.allclose(new_w, start_w - moved, rtol=1e-12, atol=1e-12)
        w, v = np.asarray(new_w), np.asarray(new_v)


def own_step(w, v, dw, alpha, beta):
    v = beta * v + (1 - beta) * dw
    return w - alpha * v, v


def powers_of_the_iteration(hessian, start, alpha, beta, steps, convention):
    """The path by powers of the matrix that takes (w, v) to the next (w, v); the minimum is 0."""
    n, s = len(start), share(beta, convention)
    one = np.eye(n)
    matrix = np.block([[one - alpha * s * hessian, -alpha * beta * one], [s * hessian, beta * one]])
    state = np.concatenate([start, np.zeros(n)])
    return np.array([np.linalg.matrix_power(matrix, t) @ state for t in range(steps + 1)])


@settings(deadline=None, max_examples=40)
@given(
    st.tuples(st.floats(0.01, 2), st.floats(0.01, 2)),
    st.floats(-3, 3),
    st.floats(0.0, 0.95),
    BETAS,
    st.sampled_from(CONVENTIONS),
)
def test_the_path_is_the_power_of_the_iteration(curvatures, angle, part, beta, convention):
    loss = Quadratic(curvatures, angle=angle)
    alpha = part * theory.stability_limit(max(curvatures), beta, convention=convention)
    path = optimizers.momentum(loss.gradient, (1.0, -2.0), alpha, beta, 40, convention=convention)
    expected = powers_of_the_iteration(loss.hessian, (1.0, -2.0), alpha, beta, 40, convention)
    size = 1e-12 * max(1.0, np.abs(expected).max())
    assert np.abs(np.hstack([path.w, path.v]) - expected).max() <= 10 * size
    assert np.allclose(path.dw, loss.gradient(path.w[:-1]), atol=size)
    assert path.diverged_at is None


@settings(deadline=None, max_examples=40)
@given(SHAPES, st.floats(0.0, 1.9), BETAS, st.sampled_from(CONVENTIONS))
def test_the_loop_and_the_step_walk_one_path(shape, alpha, beta, convention):
    start = np.random.default_rng(0).normal(size=shape)

    def gradient(w):
        return 0.7 * w + 0.1

    def step(*args):
        return optimizers.momentum_step(*args, convention=convention)

    fast = optimizers.momentum(gradient, start, alpha, beta, 25, convention=convention)
    slow = optimizers.momentum(gradient, start, alpha, beta, 25, convention=convention, step=step)
    assert fast.w.shape == (26, *shape) and fast.v.shape == (26, *shape) and fast.dw.shape == (25, *shape)
    for name in ("w", "v", "dw"):
        assert (getattr(fast, name) == getattr(slow, name)).all()


def test_beta_0_is_plain_descent():
    plain = optimizers.gradient_descent(RAVINE.gradient, (-9.0, 1.2), 1.9, 50)
    factors = 1 - 1.9 * RAVINE.curvatures
    assert np.allclose(plain.w, np.array([-9.0, 1.2]) * factors ** np.arange(51)[:, None], atol=1e-12)
    assert (plain.v[1:] == plain.dw).all() and (plain.v[0] == 0).all()
    for convention in CONVENTIONS:
        same = optimizers.momentum(RAVINE.gradient, (-9.0, 1.2), 1.9, 0.0, 50, convention=convention)
        assert (same.w == plain.w).all()


@settings(deadline=None, max_examples=30)
@given(BETAS)
def test_bias_correction_makes_each_step_alpha_times_a_constant_gradient(beta):
    path = optimizers.momentum(lambda w: np.full(2, 3.0), np.zeros(2), 0.1, beta, 20, bias_correction=True)
    assert np.allclose(path.w, -0.3 * np.arange(21)[:, None], rtol=1e-10)
    assert np.allclose(path.v, 3.0 * (1 - beta ** np.arange(21))[:, None], rtol=1e-10), "v was corrected"


def test_divergence_ends_in_nan_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for step in (optimizers.momentum_step, own_step):
            path = optimizers.momentum(RAVINE.gradient, (-9.0, 1.2), 50.0, 0.9, 9000, step=step)
            at = path.diverged_at
            assert np.abs(path.w[at]).max() > optimizers.TOO_FAR >= np.abs(path.w[at - 1]).max()
            assert np.isnan(path.w[at + 1 :]).all() and np.isnan(path.v[at + 1 :]).all()
            assert np.isnan(path.dw[at:]).all() and np.isfinite(path.dw[:at]).all()
            assert optimizers.settles_at(path.w, RAVINE.minimum) is None
        for bad in (np.nan, np.inf, 1e308):
            path = optimizers.momentum(lambda w, bad=bad: np.full(2, bad), (0.0, 0.0), 1.0, 0.5, 3)
            assert path.diverged_at == 1
            path = optimizers.momentum(
                lambda w, bad=bad: np.full(2, bad), (0.0, 0.0), 1.0, 0.5, 3, step=own_step
            )
            assert path.diverged_at == 1
        big = optimizers.momentum(lambda w: 0.0 * w, np.full(8, 0.9e150), 1.0, 0.5, 3)
        assert big.diverged_at is None


def test_a_step_of_ones_own_gets_copies_and_five_arguments():
    seen = []

    def spoiler(w, v, dw, alpha, beta):
        seen.append((alpha, beta))
        new = (w - alpha * dw, v + 1.0)
        w[:], v[:], dw[:] = 99.0, 99.0, 99.0
        return new

    path = optimizers.momentum(
        RAVINE.gradient, (1.0, 1.0), 0.5, 0.9, 3, step=spoiler, convention="heavy_ball"
    )
    assert (path.w == optimizers.gradient_descent(RAVINE.gradient, (1.0, 1.0), 0.5, 3).w).all()
    assert (path.v[:, 0] == [0, 1, 2, 3]).all() and seen == [(0.5, 0.9)] * 3


def test_a_step_that_returns_its_own_array_again_and_again():
    kept = np.zeros(2)

    def step(w, v, dw, alpha, beta):
        kept[:] = w - 1
        return kept, kept

    path = optimizers.momentum(lambda w: w, (5.0, 5.0), 0.1, 0.5, 3, step=step)
    assert path.w[:, 0].tolist() == [5, 4, 3, 2]


def test_a_gradient_cannot_change_the_path():
    def spoiler(w):
        w *= 2.0
        return w

    path = optimizers.gradient_descent(spoiler, (1.0, 2.0), 0.25, 3)
    assert np.allclose(path.w, np.array([1.0, 2.0]) * 0.5 ** np.arange(4)[:, None])


def test_no_steps_and_numbers_as_parameters():
    assert optimizers.momentum(RAVINE.gradient, (1, 2), 1, 0.9, 0).w.tolist() == [[1.0, 2.0]]
    path = optimizers.momentum(lambda w: 2 * w, 3, 0.25, 0.0, 2)
    assert path.w.tolist() == [3.0, 1.5, 0.75]
    assert optimizers.momentum_step(1.0, 0.0, 2.0, 0.5, 0.5) == (0.5, 1.0)


def test_float32_stays_float32():
    path = optimizers.momentum(lambda w: w, np.ones(2, np.float32), 0.1, 0.9, 3)
    assert path.w.dtype == path.v.dtype == path.dw.dtype == np.float32


def test_settles_at():
    path = np.array([[1.0, -2.0], [0.005, 0.0], [0.5, 0.0], [0.01, -0.02], [0.0, 0.01]])
    assert optimizers.settles_at(path, (0.0, 0.0)) == 3
    assert optimizers.settles_at(path, (0.0, 0.0), fraction=0.001) is None
    assert optimizers.settles_at(path[:3], (0.0, 0.0)) is None
    assert optimizers.settles_at(np.zeros((4, 2)), (0.0, 0.0)) == 0
    stays = np.array([[1.0, 3.0], [0.0, 3.0 + 1e-11], [0.0, 3.0]])
    assert optimizers.settles_at(stays, (0.0, 3.0)) == 2


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_dicts_of_parameters(convention):
    rng = np.random.default_rng(2)
    parameters = {
        "W1": rng.normal(size=(3, 2)),
        "b1": rng.normal(size=3).astype(np.float32),
        "k": np.array([1, 2]),
    }
    velocity = optimizers.initialize_velocity(parameters)
    assert {name: (v.shape, v.dtype.name, v.any()) for name, v in velocity.items()} == {
        "v_dW1": ((3, 2), "float64", False),
        "v_db1": ((3,), "float32", False),
        "v_dk": ((2,), "float64", False),
    }
    velocity = {name: v + 0.5 for name, v in velocity.items()}
    gradients = {f"d{name}": rng.normal(size=w.shape) for name, w in parameters.items()}
    before = [{k: a.copy() for k, a in d.items()} for d in (parameters, gradients, velocity)]
    new, new_velocity = optimizers.update_parameters(
        parameters, gradients, velocity, 0.1, 0.9, convention=convention
    )
    for name, w in parameters.items():
        v = 0.9 * 0.5 + share(0.9, convention) * gradients[f"d{name}"]
        assert np.allclose(new_velocity[f"v_d{name}"], v, atol=1e-6)
        assert np.allclose(new[name], w - 0.1 * v, atol=1e-6)
    assert new["b1"].dtype == new_velocity["v_db1"].dtype == np.float32
    assert new["k"].dtype == np.float64
    for now, then in zip((parameters, gradients, velocity), before, strict=True):
        assert all((now[key] == then[key]).all() for key in then)
