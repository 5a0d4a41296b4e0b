"""Numbers that the lessons lean on, by the formula and by a run."""

import numpy as np
import pytest

from lesson_utils import averages, optimizers, theory
from lesson_utils.losses import LeastSquares, Quadratic
from lesson_utils.temperatures import load_temperatures

KAPPA_100 = (0.01, 1.0)
PICTURE_START = (-9.0, 1.2)


def run_steps(curvatures, alpha, beta, start, convention="ewa", steps=6000):
    loss = Quadratic(curvatures)
    path = optimizers.momentum(loss.gradient, start, alpha, beta, steps, convention=convention)
    return optimizers.settles_at(path.w, loss.minimum)


@pytest.mark.parametrize(
    ("kappa", "plain", "pair", "beta"),
    [(1, 1, 1, 0), (10, 23, 12, 0.27), (38, 88, 26, 0.52), (100, 231, 45, 0.67), (1442, 3321, 201, 0.90)],
)
def test_steps_of_plain_descent_and_the_best_pair(kappa, plain, pair, beta):
    assert theory.steps_to_settle((1.0, kappa), 2 / (1 + kappa)) == plain
    best_alpha, best_beta = theory.best_settings((1.0, kappa), convention="heavy_ball")
    assert best_beta == pytest.approx(beta, abs=0.0051)
    assert theory.steps_to_settle((1.0, kappa), best_alpha, best_beta, convention="heavy_ball") == pair
    assert run_steps((1.0, kappa), best_alpha, best_beta, (1.0, 1.0), "heavy_ball") == pair


def test_from_which_ravine_on_beta_9_wins():
    kappa = (1 + 0.9**0.5) / (1 - 0.9**0.5)
    assert kappa == pytest.approx(38, abs=0.05)
    rate = theory.convergence_rate((1.0, kappa), 2 / (1 + kappa))
    assert rate == pytest.approx(0.9**0.5)
    assert theory.best_settings((1.0, kappa**2))[1] == pytest.approx(0.9)
    assert kappa**2 == pytest.approx(1442, abs=1)


BEST = (10.0, (9 / 11) ** 2)


@pytest.mark.parametrize(
    ("alpha", "beta", "start", "steps"),
    [
        (2 / 1.01, 0.0, (1, 1), 231),
        *[
            (alpha, 0.9, (1, 1), steps)
            for alpha, steps in ((2, 187), (10, 88), (20, 88), (30, 101), (37, 122))
        ],
        *[(*pair, PICTURE_START, steps) for pair, steps in (((1.9, 0.0), 241), ((4.0, 0.9), 96), (BEST, 45))],
        *[
            (*pair, PICTURE_START, steps)
            for pair, steps in (((6.0, 0.8), 53), ((10, 0.67), 33), ((10, 0.669), 59))
        ],
    ],
)
def test_the_steps_that_the_lessons_tell(alpha, beta, start, steps):
    assert theory.steps_to_settle(KAPPA_100, alpha, beta, start) == steps
    assert run_steps(KAPPA_100, alpha, beta, start) == steps


def test_the_best_pair_swings_wide():
    assert theory.best_settings(KAPPA_100) == pytest.approx(BEST)
    path = optimizers.momentum(Quadratic(KAPPA_100).gradient, PICTURE_START, *BEST, 60)
    assert np.abs(path.w[:, 1]).max() / 1.2 == pytest.approx(3.7, abs=0.05)


def test_beta_9_loses_in_a_gentle_ravine():
    gentle = (0.04, 1.0)
    assert [theory.steps_to_settle(gentle, alpha) for alpha in (1.86, 1.9, 2 / 1.04)] == [60, 59, 58]
    assert [theory.steps_to_settle(gentle, alpha, 0.9) for alpha in (4.0, 5.0, 8.0)] == [87, 86, 86]


# beta: memory, weight held by that many newest, mean age, correction below 1 % after, bias left after 10
AVERAGES = {0.5: (2, 0.75, 1, 7, 0.001), 0.9: (10, 0.65, 9, 44, 0.35), 0.98: (50, 0.64, 49, 228, 0.82)}


@pytest.mark.parametrize("beta", AVERAGES)
def test_the_weighted_average(beta):
    memory, held, age, below, bias = AVERAGES[beta]
    weights = averages.ewa_weights(beta, 5000)
    assert averages.memory(beta) == pytest.approx(memory)
    assert weights[:memory].sum() == pytest.approx(held, abs=0.005)
    assert weights @ np.arange(5000) == pytest.approx(age)
    constant = averages.ewa(np.ones(400), beta)
    assert np.flatnonzero(1 - constant < 0.01)[0] + 1 == below
    assert 1 - constant[9] == pytest.approx(bias, abs=0.005 if bias > 0.01 else 0.0005)


def test_today_predicts_tomorrow():
    celsius = load_temperatures().celsius
    line = LeastSquares(celsius[:-1], celsius[1:])
    assert np.allclose(line.hessian, [[188.28, 12.344], [12.344, 1]], atol=0.005)
    assert line.curvatures == pytest.approx([0.190, 189.1], rel=0.001)
    assert line.condition_number == pytest.approx(996, abs=0.5)
    assert line.minimum == pytest.approx([0.950, 0.617], abs=0.0005)
    centred = LeastSquares(celsius[:-1] - celsius[:-1].mean(), celsius[1:])
    assert centred.condition_number == pytest.approx(36, abs=0.5)


def test_the_data_are_a_ravine():
    celsius = load_temperatures().celsius
    line = LeastSquares(celsius[:-1], celsius[1:])

    def steps(alpha, beta):
        path = optimizers.momentum(line.gradient, (0.0, 0.0), alpha, beta, 4000)
        excess = line.loss(path.w) - line.loss_at_minimum
        return int(np.flatnonzero(excess > 1e-6 * excess[0])[-1]) + 1

    assert steps(2 / line.curvatures.sum(), 0.0) == pytest.approx(3400, rel=0.02)
    limit = theory.stability_limit(line.curvatures.max(), 0.9)
    assert min(steps(limit * part, 0.9) for part in (0.5, 0.54, 0.6)) == pytest.approx(140, rel=0.05)
