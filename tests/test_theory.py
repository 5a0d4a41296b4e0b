"""The formulas against eigenvalues of the iteration, bisection of real runs, and runs step by step."""

import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson_utils import optimizers, theory
from lesson_utils.losses import Quadratic

CONVENTIONS = ("ewa", "heavy_ball")
CURVATURES = st.floats(0.01, 100)
BETAS = st.floats(0.0, 0.99)
KAPPA_100 = (0.01, 1.0)


def eigenvalues(curvature, alpha, beta, convention):
    share = 1 - beta if convention == "ewa" else 1.0
    return np.linalg.eigvals(
        [[1 - alpha * share * curvature, -alpha * beta], [share * curvature, beta]]
    )  # w and v


def diverges(curvature, alpha, beta, convention):
    path = optimizers.momentum(lambda w: curvature * w, [1.0], alpha, beta, 4000, convention=convention)
    return path.diverged_at is not None or abs(path.w[-1, 0]) > 10


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.98])
def test_the_limit_is_where_runs_begin_to_diverge(beta, convention):
    limit = theory.stability_limit(0.7, beta, convention=convention)
    assert not diverges(0.7, limit * 0.995, beta, convention)
    assert diverges(0.7, limit * 1.005, beta, convention)


@settings(deadline=None, max_examples=50)
@given(st.lists(CURVATURES, min_size=1, max_size=4), st.floats(0, 5), BETAS, st.sampled_from(CONVENTIONS))
def test_the_rate_is_the_largest_eigenvalue(curvatures, alpha, beta, convention):
    expected = max(np.abs(eigenvalues(c, alpha, beta, convention)).max() for c in curvatures)
    found = theory.convergence_rate(curvatures, alpha, beta, convention=convention)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_rates_broadcast():
    alpha, beta = np.linspace(0, 5, 7)[:, None], np.linspace(0, 0.99, 5)
    rates = theory.convergence_rate(KAPPA_100, alpha, beta)
    assert rates.shape == (7, 5)
    assert rates[3, 2] == theory.convergence_rate(KAPPA_100, alpha[3, 0], beta[2])
    limits = theory.stability_limit(np.array([1.0, 2.0]), 0.5)
    assert limits.tolist() == [6.0, 3.0] and isinstance(theory.stability_limit(1.0), float)
    assert theory.convergence_rate(1.0, np.array([0.5, 1.0])).tolist() == [0.5, 0.0]


@settings(deadline=None, max_examples=50)
@given(
    CURVATURES, st.floats(1.0, 1000), st.floats(0.5, 1.5), st.floats(-0.2, 0.2), st.sampled_from(CONVENTIONS)
)
def test_no_setting_beats_the_best(low, kappa, factor, shift, convention):
    curvatures = (low, low * kappa)
    alpha, beta = theory.best_settings(curvatures, convention=convention)
    best = theory.convergence_rate(curvatures, alpha, beta, convention=convention)
    assert best == pytest.approx((kappa**0.5 - 1) / (kappa**0.5 + 1), abs=1e-6)
    other = theory.convergence_rate(
        curvatures, alpha * factor, min(max(beta + shift, 0.0), 0.999), convention=convention
    )
    assert other >= best - 1e-6


def test_one_curvature_needs_no_momentum():
    for convention in CONVENTIONS:
        assert theory.best_settings(4.0, convention=convention) == (0.25, 0.0)
        assert theory.best_settings((4.0, 4.0), convention=convention) == (0.25, 0.0)


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 10), BETAS)
def test_converting_there_and_back(alpha, beta):
    ball = theory.convert_alpha(alpha, beta, source="ewa", target="heavy_ball")
    assert ball <= alpha
    assert theory.convert_alpha(ball, beta, source="heavy_ball", target="ewa") == pytest.approx(
        alpha, rel=1e-12
    )
    assert theory.convert_alpha(alpha, beta, source="ewa", target="ewa") == alpha
    assert theory.convergence_rate(1.0, alpha, beta) == pytest.approx(
        theory.convergence_rate(1.0, ball, beta, convention="heavy_ball"), rel=1e-6
    )


@settings(deadline=None, max_examples=50)
@given(CURVATURES, st.floats(0, 1.5), BETAS, st.sampled_from(CONVENTIONS))
def test_the_regime_is_what_the_eigenvalues_say(curvature, part, beta, convention):
    alpha = part * theory.stability_limit(curvature, beta, convention=convention)
    roots = eigenvalues(curvature, alpha, beta, convention)
    said = theory.regime(curvature, alpha, beta, convention=convention)
    largest = roots[np.abs(roots).argmax()]
    if abs(abs(largest) - 1) < 1e-6 or 0 < abs(roots[0] - roots[1]) < 1e-6:
        return  # on a border, where rounding decides
    if abs(largest) > 1:
        assert said == "diverges"
    elif abs(largest.imag) > 0:
        assert said == "ripples"
    else:
        assert said == ("oscillates" if largest.real < -1e-12 else "monotone")


@pytest.mark.parametrize(
    ("alpha", "beta", "expected"),
    [
        (0.0, 0.0, "monotone"), (0.0, 0.9, "monotone"), (0.5, 0.0, "monotone"), (1.0, 0.0, "monotone"),
        (1.5, 0.0, "oscillates"), (2.0, 0.0, "diverges"), (2.5, 0.0, "diverges"), (0.02, 0.9, "monotone"),
        (4.0, 0.9, "ripples"), (37.99, 0.9, "oscillates"), (38.0, 0.9, "diverges"),
    ],
)  # fmt: skip
def test_regimes_one_by_one(alpha, beta, expected):
    assert theory.regime(1.0, alpha, beta) == expected
    ball = theory.convert_alpha(alpha, beta, source="ewa", target="heavy_ball")
    assert theory.regime(1.0, ball, beta, convention="heavy_ball") == expected


@settings(deadline=None, max_examples=50)
@given(
    st.lists(CURVATURES, min_size=1, max_size=3), st.floats(0.0, 1.05), BETAS, st.sampled_from(CONVENTIONS)
)
def test_steps_to_settle_are_those_of_the_run(curvatures, part, beta, convention):
    alpha = part * theory.stability_limit(max(curvatures), beta, convention=convention)
    loss = Quadratic(curvatures)
    most = 700
    path = optimizers.momentum(
        loss.gradient, np.ones(len(curvatures)), alpha, beta, 2 * most, convention=convention
    )
    expected = optimizers.settles_at(path.w, loss.minimum)
    if expected is not None and expected > most:
        expected = None
    got = theory.steps_to_settle(curvatures, alpha, beta, convention=convention, most=most)
    if got != expected:
        # Only where an error equals the threshold but for rounding.
        assert got is not None and expected is not None
        edge = np.abs(path.w[min(got, expected) : max(got, expected)]).max(axis=1)
        assert (edge < 0.01 * (1 + 1e-8)).all() or (np.abs(edge - 0.01) < 1e-9).any()


def test_steps_to_settle_special_cases():
    assert theory.steps_to_settle(1.0, 1.0) == 1
    assert theory.steps_to_settle(KAPPA_100, 0.0) is None
    assert theory.steps_to_settle(KAPPA_100, 2.0) is None
    assert theory.steps_to_settle(KAPPA_100, 1.9, most=240) is None
    assert theory.steps_to_settle(KAPPA_100, 1.9, most=241) == 241
    assert theory.steps_to_settle(KAPPA_100, 1.9, start=(-9.0, 1.2)) == 241
    assert theory.steps_to_settle(KAPPA_100, 1.0, start=(0.0, 1.0)) == 1
    assert theory.steps_to_settle(KAPPA_100, 5.0, start=(0.0, 0.0)) == 0
    assert theory.steps_to_settle(1.0, 0.1, fraction=0.5) == 7


def test_a_run_that_only_crosses_the_minimum_at_the_end_has_not_settled():
    path = optimizers.momentum(lambda w: 0.01 * w, [1.0], 1.0, 0.99, 3000)
    inside = np.flatnonzero(np.abs(path.w[:, 0]) <= 0.01)
    assert theory.steps_to_settle(0.01, 1.0, 0.99, most=int(inside[0])) is None


def test_thousands_of_steps_are_not_walked_one_by_one():
    lines = 0

    def count(frame, event, arg):
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        settled = theory.steps_to_settle((0.001, 1.0), 1.0, 0.5)
    finally:
        sys.settrace(before)
    assert settled > 4000 and lines < settled / 4


def test_no_warnings_at_the_extremes():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for alpha in (0.0, 1e-300, 1e300):
            theory.convergence_rate((1e-9, 1e9), alpha, 0.999)
            theory.regime(1e9, alpha, 0.999)
            theory.steps_to_settle((1e-9, 1e9), alpha, 0.999, most=100)


@pytest.mark.parametrize("alpha", [1.9, 2.0, 2.5132, 2.52, 30.0])
def test_steps_to_settle_holds_where_the_roots_lie_close_together(alpha):
    """κ = 1000 and β = .99: slow roots that all but meet, where rounding could spoil a shortcut."""
    path = optimizers.momentum(Quadratic((0.001, 1.0)).gradient, [1.0, 1.0], alpha, 0.99, 8000)
    assert theory.steps_to_settle((0.001, 1.0), alpha, 0.99) == optimizers.settles_at(path.w, np.zeros(2))


@pytest.mark.parametrize(("alpha", "settled"), [(0.99, 1), (1.01, 1), (1.1, 2), (0.9, 2)])
def test_a_tie_counts_as_settled(alpha, settled):
    """|1 − αλ| is 0.01 or 0.1, and one or two steps leave 1 % exactly, whatever the last digit says."""
    path = optimizers.gradient_descent(lambda w: w, [1.0], alpha, 10)
    assert theory.steps_to_settle(1.0, alpha) == optimizers.settles_at(path.w, np.zeros(1)) == settled
