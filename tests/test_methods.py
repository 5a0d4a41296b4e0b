"""Nesterov, RMSprop and Adam against other ways of computing them, by sums, in decimals and in plain floats."""

import math
import warnings
from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lesson_utils import methods, optimizers, theory
from lesson_utils.losses import Quadratic
from tests.pairwise import pairwise

BETAS = st.floats(0.0, 0.99)
SQUARE_BETAS = st.floats(0.0, 0.999)
NUMBERS = st.floats(-5, 5)
RAVINE = Quadratic((0.01, 1.0))
START = (-1.7, 0.6)


def given_gradients(gradients):
    """Return a gradient function that hands out these gradients one after the other, wherever w is."""
    left = iter(gradients)
    return lambda w: np.array(next(left))


def close(got, expected, size=1.0):
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * max(1.0, size))


def power(base, exponent):
    return base**exponent if exponent else Decimal(1)  # Decimal knows no 0⁰


def adam_in_decimals(gradients, start, alpha, beta, beta_2, epsilon=1e-8, *, corrected=True):
    """Algorithm 1 of the paper with 60 digits; the averages are written out as weighted sums, not as recursions."""
    getcontext().prec = 60
    alpha, beta, beta_2, epsilon = (Decimal(float(x)) for x in (alpha, beta, beta_2, epsilon))
    theta, path = [Decimal(float(x)) for x in start], []
    history = []
    for t, row in enumerate(gradients, start=1):
        history.append([Decimal(float(g)) for g in row])
        for i in range(len(theta)):
            m = sum((1 - beta) * power(beta, t - 1 - k) * g[i] for k, g in enumerate(history))
            v = sum((1 - beta_2) * power(beta_2, t - 1 - k) * g[i] ** 2 for k, g in enumerate(history))
            if corrected:
                m, v = m / (1 - beta**t), v / (1 - beta_2**t)
            theta[i] -= alpha * m / (v.sqrt() + epsilon)
        path.append([float(x) for x in theta])
    return np.array(path)


GRADIENTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8)


def not_tiny(gradients):
    """A gradient near ε is the one place where 1e-12 asks for more digits than there are."""
    return all(g == 0 or abs(g) > 1e-4 for row in gradients for g in row)


@settings(deadline=None, max_examples=60)
@given(
    GRADIENTS.filter(not_tiny),
    st.tuples(NUMBERS, NUMBERS),
    st.floats(0, 2),
    BETAS,
    SQUARE_BETAS,
    st.booleans(),
)
def test_adam_is_the_papers_algorithm_in_decimals(gradients, start, alpha, beta, beta_2, corrected):
    assume(beta == 0 or beta > 1e-3)
    assume(beta_2 == 0 or beta_2 > 1e-3)
    path = methods.adam(
        given_gradients(gradients), start, alpha, beta, beta_2, len(gradients), bias_correction=corrected
    )
    expected = adam_in_decimals(gradients, start, alpha, beta, beta_2, corrected=corrected)
    close(path.w[1:], expected, np.abs(expected).max())


@settings(deadline=None, max_examples=60)
@given(GRADIENTS.filter(not_tiny), st.tuples(NUMBERS, NUMBERS), st.floats(0, 2), SQUARE_BETAS)
def test_rmsprop_in_plain_floats(gradients, start, alpha, beta_2):
    """Each s as one exactly rounded sum over all gradients so far."""
    path = methods.rmsprop(given_gradients(gradients), start, alpha, beta_2, len(gradients))
    w = list(start)
    for t in range(1, len(gradients) + 1):
        for i in (0, 1):
            weights = [(1 - beta_2) * beta_2 ** (t - 1 - k) for k in range(t)]
            mean = math.fsum(q * gradients[k][i] ** 2 for k, q in enumerate(weights))
            w[i] -= alpha * gradients[t - 1][i] / (mean**0.5 + 1e-8)
            assert path.s[t, i] == pytest.approx(mean, rel=1e-12, abs=1e-300)
        close(path.w[t], w, max(map(abs, w)))


def sutskever(gradient, start, rate, mu, steps):
    """The look-ahead as in the paper of 2013, in its own convention; returns positions and velocities."""
    theta, velocity = np.array(start, dtype=float), np.zeros(len(start))
    path = [theta]
    for _ in range(steps):
        velocity = mu * velocity - rate * gradient(theta + mu * velocity)
        theta = theta + velocity
        path.append(theta)
    return np.array(path)


def rewritten(gradient, start, alpha, beta, steps):
    """The form of the libraries, which needs the gradient at its own w; its w are the places ahead."""
    w, v, path, velocities = np.array(start, dtype=float), 0.0, [], [np.zeros(len(start))]
    path.append(w)
    for _ in range(steps):
        dw = gradient(w)
        v = beta * v + (1 - beta) * dw
        w = w - alpha * beta * v - alpha * (1 - beta) * dw
        path.append(w)
        velocities.append(v)
    return np.array(path), np.array(velocities)


@settings(deadline=None, max_examples=60)
@given(st.tuples(st.floats(0.01, 2), st.floats(0.01, 2)), st.floats(-3, 3), st.floats(0, 0.95), BETAS)
def test_nesterov_in_two_other_forms(curvatures, angle, part, beta):
    loss = Quadratic(curvatures, angle=angle, minimum=(0.3, -0.2))
    alpha = part * methods.nesterov_limit(max(curvatures), beta)
    path = methods.nesterov(loss.gradient, START, alpha, beta, 40)
    size = np.abs(path.w).max()
    close(path.w, sutskever(loss.gradient, START, alpha * (1 - beta), beta, 40), size)
    ahead, velocities = rewritten(loss.gradient, START, alpha, beta, 40)
    close(path.w - alpha * beta * path.v, ahead, size)
    close(path.v, velocities, size)
    close(path.dw, loss.gradient(ahead[:-1]), size)


@pytest.mark.parametrize("name", ["nesterov", "rmsprop", "adam", "adam_raw"])
def test_many_parameters_walk_as_few_do(name):
    """Few parameters go as Python's floats, many as arrays; the shape must not matter either."""
    rng = np.random.default_rng(5)
    start, curvature = rng.normal(size=(3, 4)), rng.uniform(0.1, 1, size=(3, 4))
    walk = {
        "nesterov": lambda g, s: methods.nesterov(g, s, 0.7, 0.8, 30),
        "rmsprop": lambda g, s: methods.rmsprop(g, s, 0.1, 0.9, 30),
        "adam": lambda g, s: methods.adam(g, s, 0.1, 0.9, 0.99, 30),
        "adam_raw": lambda g, s: methods.adam(g, s, 0.1, 0.9, 0.99, 30, bias_correction=False),
    }[name]
    whole = walk(lambda w: curvature * w, start)
    assert whole.w.shape == (31, 3, 4) and whole.dw.shape == (30, 3, 4)
    for i, row in enumerate(curvature):
        part = walk(lambda w, row=row: row * w, start[i])
        for array in ("w", "v", "dw"):
            np.testing.assert_array_equal(getattr(part, array), getattr(whole, array)[:, i])
        if name != "nesterov":
            np.testing.assert_array_equal(part.s, whole.s[:, i])


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("curvature", [0.3, 1.0, 7.0])
def test_runs_on_both_sides_of_nesterovs_limit(curvature, beta):
    limit = methods.nesterov_limit(curvature, beta)
    bowl = Quadratic([curvature])
    below = methods.nesterov(bowl.gradient, [1.0], 0.99 * limit, beta, 3000)
    above = methods.nesterov(bowl.gradient, [1.0], 1.01 * limit, beta, 3000)
    assert below.diverged_at is None and abs(below.w[-1, 0]) < 1e-4
    assert abs(above.w[above.diverged_at or -1, 0]) > 1e4
    assert (
        methods.nesterov_rate(curvature, 0.99 * limit, beta)
        < 1
        < methods.nesterov_rate(curvature, 1.01 * limit, beta)
    )


def test_the_limit_broadcasts_and_is_below_that_of_momentum():
    betas = np.array([0.1, 0.5, 0.9])
    limits = methods.nesterov_limit(2.0, betas)
    assert limits.tolist() == [methods.nesterov_limit(2.0, beta) for beta in betas]
    assert (limits < theory.stability_limit(2.0, betas)).all()
    assert methods.nesterov_limit(1.0) == 2.0


@settings(deadline=None, max_examples=60)
@given(st.floats(0.01, 2), st.floats(0, 1.2), BETAS)
def test_the_rate_is_the_spectral_radius(curvature, part, beta):
    alpha = part * methods.nesterov_limit(curvature, beta)
    a = (1 - beta) * alpha * curvature
    matrix = np.array([[1 - a, -beta * (1 - a)], [a, beta * (1 - a)]])
    radius = np.abs(np.linalg.eigvals(matrix)).max()
    assert methods.nesterov_rate(curvature, alpha, beta) == pytest.approx(radius, abs=1e-6)


@pytest.mark.parametrize(
    ("alpha", "beta", "kappa"),
    pairwise([0.5, 4.0, 13.0], [0.0, 0.5, 0.9], [1, 25, 300], also=[(100.0, 0.99, 100), (1.0, 0.0, 1)]),
)
def test_steps_to_settle_are_those_of_a_run(alpha, beta, kappa):
    curvatures = (1 / kappa, 1.0)
    found = methods.nesterov_steps_to_settle(curvatures, alpha, beta)
    run = methods.nesterov(Quadratic(curvatures).gradient, (1.0, 1.0), alpha, beta, 20_000)
    settled = optimizers.settles_at(run.w, (0, 0))
    assert found == (settled if settled is not None and settled <= 8192 else None)


def test_steps_to_settle_at_the_end_of_its_time():
    curvatures, alpha = (0.01, 1.0), 4.0
    steps = methods.nesterov_steps_to_settle(curvatures, alpha, 0.9)
    assert methods.nesterov_steps_to_settle(curvatures, alpha, 0.9, most=steps) == steps
    assert methods.nesterov_steps_to_settle(curvatures, alpha, 0.9, most=steps - 1) is None
    for most in range(1, 120):  # a wave crosses the minimum now and then: that is not settling
        found = methods.nesterov_steps_to_settle(0.04, 1.0, 0.99, most=most)
        assert found is None
    assert methods.nesterov_steps_to_settle(curvatures, alpha, 0.9, (0.0, 0.0)) == 0
    assert methods.nesterov_steps_to_settle(curvatures, 20.0, 0.9, (1.0, 0.0)) is not None, "only the shallow"


def own_adam(w, v, s, dw, t, alpha, beta, beta_2):
    v = beta * v + (1 - beta) * dw
    s = beta_2 * s + (1 - beta_2) * dw**2
    return w - alpha * (v / (1 - beta**t)) / (np.sqrt(s / (1 - beta_2**t)) + 1e-8), v, s


def test_walk_is_given_what_it_needs():
    ours = methods.adam(RAVINE.gradient, START, 0.1, 0.9, 0.999, 60)
    own = methods.walk(own_adam, RAVINE.gradient, START, 0.1, 0.9, 0.999, 60)
    for array in ("w", "v", "s", "dw"):
        close(getattr(own, array), getattr(ours, array))


def test_walk_hands_out_copies():
    def spoiler(w, v, s, dw, t, *rest):
        new = (w - dw, v + 1, s + t)
        w[:] = v[:] = s[:] = dw[:] = 99.0
        return new

    path = methods.walk(spoiler, RAVINE.gradient, START, 0.1, 0.9, 0.999, 3)
    close(path.w, optimizers.gradient_descent(RAVINE.gradient, START, 1.0, 3).w)
    assert path.v[:, 0].tolist() == [0, 1, 2, 3] and path.s[:, 0].tolist() == [0, 1, 3, 6]


def test_divergence_ends_in_nan_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for start in (START, np.ones(6)):  # floats and arrays
            path = methods.nesterov(lambda w: w, start, 500.0, 0.9, 900)
            at = path.diverged_at
            assert np.abs(path.w[at]).max() > optimizers.TOO_FAR >= np.abs(path.w[at - 1]).max()
            assert np.isnan(path.w[at + 1 :]).all() and np.isnan(path.dw[at:]).all()
            for bad in (np.nan, np.inf):
                for walk in (methods.nesterov, methods.rmsprop):
                    path = walk(lambda w, bad=bad: np.full(len(w), bad), start, 1.0, 0.5, 3)
                    assert path.diverged_at == 1 and np.isnan(path.w[2:]).all()
        own = methods.walk(lambda w, v, s, *_: (10.0 * w, v, s), RAVINE.gradient, START, 1, 0, 0, 900)
        assert own.diverged_at is not None and np.isnan(own.s[-1]).all()


def test_a_gradient_of_nothing_but_zeros():
    for walk in (
        methods.adam(np.zeros_like, START, 0.1, 0.9, 0.999, 5),
        methods.rmsprop(np.zeros_like, np.ones(6), 0.1, 0.9, 5),
    ):
        assert (walk.w == walk.w[0]).all() and walk.diverged_at is None


def test_no_steps_numbers_and_float32():
    assert methods.adam(RAVINE.gradient, START, 1, 0.9, 0.999, 0).w.tolist() == [list(START)]
    assert methods.nesterov(lambda w: 2 * w, 3, 0.25, 0.0, 2).w.tolist() == [3.0, 1.5, 0.75]
    path = methods.adam(lambda w: w, np.ones(2, np.float32), 0.1, 0.9, 0.999, 3)
    assert path.w.dtype == path.v.dtype == path.s.dtype == path.dw.dtype == np.float32
    start = np.array(START)
    methods.rmsprop(RAVINE.gradient, start, 0.1, 0.9, 3)
    assert start.tolist() == list(START)


USUAL = {
    methods.nesterov: {"alpha": 1.0, "beta": 0.9},
    methods.rmsprop: {"alpha": 1.0, "beta_2": 0.9},
    methods.adam: {"alpha": 1.0, "beta": 0.9, "beta_2": 0.999},
    methods.walk: {"step": own_adam, "alpha": 1.0, "beta": 0.9, "beta_2": 0.999},
}
BAD = [
    ({"gradient": None}, TypeError, "gradient must be a function"),
    ({"gradient": lambda w: w[:1]}, ValueError, "what gradient returned must have the shape of start"),
    ({"gradient": lambda w: None}, TypeError, "what gradient returned must hold real numbers"),
    ({"start": [np.nan, 1.0]}, ValueError, "start must hold finite numbers only"),
    ({"start": "here"}, TypeError, "start must hold real numbers"),
    ({"alpha": -0.1}, ValueError, "alpha must be a finite number, 0 or larger, not -0.1"),
    ({"alpha": True}, TypeError, "alpha must be"),
    ({"beta": 1.0}, ValueError, "beta must be"),
    ({"beta_2": 1.0}, ValueError, "beta_2 must be"),
    ({"beta_2": None}, TypeError, "beta_2 must be"),
    ({"steps": -1}, ValueError, "steps must be a whole number, 0 or larger, not -1"),
    ({"steps": 2.0}, TypeError, "steps must be"),
    ({"epsilon": 0.0}, ValueError, "epsilon must be a finite number larger than 0"),
    ({"bias_correction": 1}, TypeError, "bias_correction must be True or False"),
    ({"step": 3}, TypeError, "step must be a function"),
    ({"step": lambda *a: (a[0][:1], a[1], a[2])}, ValueError, "the w that step returned"),
]


EXTRA = {methods.rmsprop: {"epsilon"}, methods.adam: {"epsilon", "bias_correction"}}


@pytest.mark.parametrize(
    ("walk", "change", "error", "text"),
    [
        (walk, *bad)
        for walk, usual in USUAL.items()
        for bad in BAD
        if set(bad[0]) <= {"gradient", "start", "steps", *usual, *EXTRA.get(walk, ())}
    ],
)
def test_bad_input_is_named(walk, change, error, text):
    usual = {"gradient": RAVINE.gradient, "start": (1.0, 1.0), "steps": 3, **USUAL[walk]}
    with pytest.raises(error, match=text):
        walk(**(usual | change))
