"""The map of all settings against runs that are walked, and its borders against the regimes' own rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson_utils import losses, optimizers, theory
from lesson_utils.maps import basins, fewest_steps, regime_borders, settle_map

CONVENTIONS = ("ewa", "heavy_ball")
MOST = 6000


def walked(curvatures, alpha, beta, convention):
    """Return the step at which each run that is walked settles; infinity when it does not within MOST steps."""
    share = 1 - beta if convention == "ewa" else 1.0
    c = np.reshape(curvatures, (-1, 1, 1))
    x = np.ones((len(curvatures), *np.broadcast_shapes(alpha.shape, beta.shape)))
    v, last = np.zeros_like(x), np.zeros(x.shape[1:])
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1, MOST + 1):
            v = beta * v + share * c * x
            x = x - alpha * v
            last[~(np.abs(x) <= 0.01).all(axis=0)] = t
    return np.where(last < MOST, last + 1, np.inf)


@pytest.mark.parametrize("kappa", [1.0, 3.3, 25.0, 100.0, 1000.0])
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_cell_is_the_run_that_is_walked(kappa, convention):
    rng = np.random.default_rng(7)
    alpha, beta = 10 ** rng.uniform(-2, 2.7, 20), 1 - 10 ** rng.uniform(-2, 0, (20, 1))
    whole = settle_map((1 / kappa, 1.0), alpha, beta, convention=convention)
    steps = walked((1 / kappa, 1.0), alpha, beta, convention)
    done = np.isfinite(steps)
    np.testing.assert_array_equal(whole[done], steps[done])
    assert (whole[~done] > MOST - 800).all(), "a wave may end after MOST"


@given(
    st.floats(1, 1000),
    st.floats(-4, 2.8),
    st.floats(0, 0.995),
    st.sampled_from(CONVENTIONS),
    st.floats(0.001, 0.5),
)
def test_a_cell_is_steps_to_settle(kappa, power, beta, convention, fraction):
    alpha = 10**power
    # A run may touch the fraction to the last digit, so it is moved to both sides.
    most, least = (
        settle_map((1 / kappa, 1.0), alpha, beta, convention=convention, fraction=fraction * (1 + nudge))
        for nudge in (-1e-8, 1e-8)
    )
    steps = theory.steps_to_settle(
        (1 / kappa, 1.0), alpha, beta, convention=convention, fraction=fraction, most=200_000
    )
    if steps is None:
        assert most > 200_000
    else:
        assert least <= steps <= most


@pytest.mark.parametrize("beta", [0.0, 0.25, 0.81, 0.9801])
@pytest.mark.parametrize("nudge", [-1e-6, -1e-9, -1e-13, 0.0, 1e-13, 1e-9, 1e-6])
def test_where_two_roots_meet_the_count_is_right(beta, nudge):
    for border in regime_borders(1.0, beta)[:2]:
        if beta == 0.0 and border * (1 + nudge) >= 2:
            continue
        alpha = border * (1 + nudge)
        assert settle_map(1.0, alpha, beta) == theory.steps_to_settle(1.0, alpha, beta)


def test_what_never_settles_is_infinite():
    assert settle_map((0.01, 1.0), 38, 0.9) == np.inf, "on the limit"
    assert settle_map((0.01, 1.0), 38.01, 0.9) == np.inf
    assert settle_map((0.01, 1.0), 1e308, 0.99) == np.inf
    assert settle_map(1.0, 2.0, 0.0) == np.inf
    for tiny in (0.0, 5e-324, 1e-300, 1e-18):
        assert settle_map((0.01, 1.0), tiny, 0.5) == np.inf
    assert settle_map(1.0, 1e-9, 0.0) == pytest.approx(4.605e9, rel=1e-3), "as many steps as it takes"


def test_known_counts():
    assert settle_map((0.01, 1), 10, 0.9) == 88
    assert settle_map((0.01, 1), 10, (9 / 11) ** 2) == 45
    assert settle_map(1.0, 1.0, 0.0) == 1
    assert settle_map(1.0, 0.9, 0.0) == 2, "0.1 squared is 0.01, and that is within"
    assert isinstance(settle_map(1.0, 1.0, 0.0), float)


def test_the_shallow_direction_is_the_steep_one_moved():
    """Only αλ counts: what the explorer makes use of when κ moves."""
    alpha, beta = np.geomspace(0.01, 500, 30), np.linspace(0, 0.99, 20)[:, None]
    np.testing.assert_array_equal(settle_map(0.01, 100 * alpha, beta), settle_map(1.0, alpha, beta))
    both = np.maximum(settle_map(0.01, alpha, beta), settle_map(1.0, alpha, beta))
    np.testing.assert_array_equal(settle_map((0.01, 1.0), alpha, beta), both)


@given(st.floats(0.01, 100), st.floats(0.0, 0.99), st.sampled_from(CONVENTIONS))
def test_borders_part_the_regimes(curvature, beta, convention):
    names = ("monotone", "ripples", "oscillates", "diverges")
    for i, border in enumerate(regime_borders(curvature, beta, convention=convention)):
        below = theory.regime(curvature, border * (1 - 1e-6), beta, convention=convention)
        above = theory.regime(curvature, border * (1 + 1e-6), beta, convention=convention)
        assert names.index(below) <= i < names.index(above)
    assert border == pytest.approx(theory.stability_limit(curvature, beta, convention=convention))


def test_the_fewest_steps_are_those_of_the_best_alpha_tried():
    betas = np.array([0.0, 0.6, 0.9])
    kappas, few = fewest_steps(betas, decades=2, fine=24)
    assert kappas[[0, 12, 24]] == pytest.approx([1, 10, 100]) and few.shape == (3, 25)
    alphas = 10.0 ** (np.arange(-72, 32) / 24)
    for kappa, column in zip(kappas, few.T, strict=True):
        counts = settle_map((1 / kappa, 1.0), alphas, betas[:, None])
        assert column == pytest.approx(counts.min(axis=1))
    assert fewest_steps(0.9, decades=1)[1].shape == (13,)


@pytest.mark.parametrize("beta", [1.0, -0.1, [0.5, 1.0]])
def test_a_beta_out_of_range_has_no_fewest_steps(beta):
    with pytest.raises(ValueError, match="beta"):
        fewest_steps(beta)


@pytest.mark.parametrize("kind", ["TwoValleys", "Saddle", "Plateau", "Rosenbrock"])
def test_each_start_ends_where_its_own_run_does(kind):
    loss, starts = getattr(losses, kind)(), np.random.default_rng(3).uniform(-2.5, 2.5, (60, 2))
    for alpha, beta in ((1.9, 0.0), (4.0, 0.9), (60.0, 0.9)):
        ends = basins(loss, starts, alpha, beta, steps=200)
        for start, end in zip(starts, ends, strict=True):
            path = optimizers.momentum(loss.gradient, start, alpha, beta, 200)
            if path.diverged_at is not None:
                wanted = len(loss.minima) + 1
            else:
                near = [np.hypot(*(path.w[[180, 200]] - minimum).T).max() < 0.3 for minimum in loss.minima]
                wanted = near.index(True) if True in near else len(loss.minima)
                if not np.hypot(*path.w[-1]) < 1e3:
                    wanted = len(loss.minima) + 1
            assert end == wanted, (start, alpha)


def test_basins_refuse_what_cannot_be():
    with pytest.raises(ValueError, match="steps"):
        basins(losses.Saddle(), [(0.0, 1.0)], 1.0, steps=-1)
    with pytest.raises(ValueError, match="beta"):
        basins(losses.Saddle(), [(0.0, 1.0)], 1.0, 1.0)
