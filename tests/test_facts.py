"""Every number that the lessons lean on, computed again."""

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


def best_steps(kappa, beta, alphas):
    found = (theory.steps_to_settle((1.0, kappa), alpha, beta, convention="heavy_ball") for alpha in alphas)
    return min(steps for steps in found if steps is not None)


@pytest.mark.parametrize(("beta", "ewa", "ball"), [(0, 2, 2), (0.5, 6, 3), (0.9, 38, 3.8), (0.99, 398, 3.98)])
def test_limits(beta, ewa, ball):
    assert theory.stability_limit(1.0, beta) == pytest.approx(ewa)
    assert theory.stability_limit(1.0, beta, convention="heavy_ball") == pytest.approx(ball)


# kappa: plain, beta = .5, beta = .9, best pair, best beta
STEPS = {
    1: (1, 11, 83, 1, 0),
    10: (23, 12, 83, 12, 0.27),
    25: (58, 15, 85, 21, 0.44),
    38: (88, 23, 85, 26, 0.52),
    100: (231, 72, 86, 45, 0.67),
    400: (922, 303, 88, 99, 0.82),
    1000: (2303, 766, 101, 164, 0.88),
    1442: (3321, 1107, 129, 201, 0.90),
}


@pytest.mark.parametrize("kappa", STEPS)
def test_steps_of_plain_descent_and_the_best_pair(kappa):
    plain, _, _, pair, beta = STEPS[kappa]
    assert theory.steps_to_settle((1.0, kappa), 2 / (1 + kappa)) == plain
    best_alpha, best_beta = theory.best_settings((1.0, kappa), convention="heavy_ball")
    assert best_beta == pytest.approx(beta, abs=0.0051)
    assert theory.steps_to_settle((1.0, kappa), best_alpha, best_beta, convention="heavy_ball") == pair
    assert run_steps((1.0, kappa), best_alpha, best_beta, (1.0, 1.0), "heavy_ball") == pair


@pytest.mark.parametrize("kappa", STEPS)
@pytest.mark.parametrize("column", [1, 2])
def test_steps_of_momentum_at_its_best_alpha(kappa, column):
    # The count hangs on how finely alpha is searched: the table holds what a coarse search finds, and a
    # finer one saves up to 5 steps (with one curvature and beta = .9, 66 at the tiny alpha .0038).
    beta = {1: 0.5, 2: 0.9}[column]
    limit = theory.stability_limit(kappa, beta, convention="heavy_ball")
    saved = STEPS[kappa][column] - best_steps(kappa, beta, limit * np.linspace(0.001, 0.999, 500))
    assert 0 <= saved <= (17 if (kappa, column) == (1, 2) else 5)


def test_from_which_ravine_on_beta_9_wins():
    kappa = (1 + 0.9**0.5) / (1 - 0.9**0.5)
    assert kappa == pytest.approx(38, abs=0.05)
    rate = theory.convergence_rate((1.0, kappa), 2 / (1 + kappa))
    assert rate == pytest.approx(0.9**0.5)
    assert theory.best_settings((1.0, kappa**2))[1] == pytest.approx(0.9)
    assert kappa**2 == pytest.approx(1442, abs=1)


@pytest.mark.parametrize(("alpha", "steps"), [(2, 187), (10, 88), (20, 88), (30, 101), (37, 122)])
def test_the_gain_is_the_room_for_a_larger_alpha(alpha, steps):
    assert theory.steps_to_settle(KAPPA_100, alpha, 0.9) == steps == run_steps(KAPPA_100, alpha, 0.9, (1, 1))


def test_where_both_diverge():
    loss = Quadratic(KAPPA_100)
    assert theory.steps_to_settle(KAPPA_100, 2 / 1.01) == 231
    assert round(2 / 1.01, 2) == 1.98
    assert optimizers.gradient_descent(loss.gradient, (1, 1), 2.05, 9000).diverged_at
    assert optimizers.momentum(loss.gradient, (1, 1), 39, 0.9, 9000).diverged_at


BEST = (10.0, (9 / 11) ** 2)


@pytest.mark.parametrize(
    ("alpha", "beta", "steps"),
    [(1.9, 0.0, 241), (4.0, 0.9, 96), (6.0, 0.8, 53), (*BEST, 45), (10, 0.670, 33), (10, 0.669, 59)],
)
def test_the_pictures(alpha, beta, steps):
    assert run_steps(KAPPA_100, alpha, beta, PICTURE_START) == steps
    assert theory.steps_to_settle(KAPPA_100, alpha, beta, PICTURE_START) == steps


def test_the_best_pair_swings_wide():
    assert theory.best_settings(KAPPA_100) == pytest.approx(BEST)
    path = optimizers.momentum(Quadratic(KAPPA_100).gradient, PICTURE_START, *BEST, 60)
    assert np.abs(path.w[:, 1]).max() / 1.2 == pytest.approx(3.7, abs=0.05)


def test_beta_9_loses_in_a_gentle_ravine():
    gentle = (0.04, 1.0)
    assert [theory.steps_to_settle(gentle, alpha) for alpha in (1.86, 1.9, 2 / 1.04)] == [60, 59, 58]
    assert [theory.steps_to_settle(gentle, alpha, 0.9) for alpha in (4.0, 5.0, 8.0)] == [87, 86, 86]


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_noise_in_the_gradient(beta):
    def variance(gain):
        # The steady state S = M S Mᵀ + q qᵀ of (w, v) when each gradient carries noise of variance 1.
        matrix = np.array([[1 - 0.01 * gain, -0.01 * beta], [gain, beta]])
        kick = np.array([-0.01 * gain, gain])
        flat = np.linalg.solve(np.eye(4) - np.kron(matrix, matrix), np.outer(kick, kick).ravel())
        return flat[0]

    ball = {0.0: 0.005, 0.5: 0.010, 0.9: 0.050, 0.99: 0.50}[beta]
    assert variance(1.0) == pytest.approx(ball, rel=0.02)
    assert variance(1 - beta) == pytest.approx(0.005, rel=0.02)


def test_the_variance_under_noise_by_a_run():
    rng = np.random.default_rng(0)
    path = optimizers.momentum(lambda w: w + rng.normal(size=4000), np.zeros(4000), 0.01, 0.9, 1500)
    assert path.w[-1].var() == pytest.approx(0.005, rel=0.1)


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


def test_without_correction_the_average_depends_on_the_unit():
    assert averages.ewa([40.0], 0.98)[0] == pytest.approx(0.8)
    assert round((0.8 - 32) / 1.8, 1) == -17.3
    celsius = (40.0 - 32) / 1.8
    assert averages.ewa([celsius], 0.98)[0] == pytest.approx(0.09, abs=0.005)
    corrected = averages.ewa([40.0], 0.98, bias_correction=True)[0]
    assert (corrected - 32) / 1.8 == pytest.approx(4.44, abs=0.005)
    assert averages.ewa([celsius], 0.98, bias_correction=True)[0] == pytest.approx(4.44, abs=0.005)


def test_the_first_step_of_three_variants():
    loss = Quadratic(KAPPA_100)
    plain, lecture, corrected = (
        optimizers.momentum(loss.gradient, PICTURE_START, 1.0, beta, 1, bias_correction=fix)
        for beta, fix in ((0.0, False), (0.9, False), (0.9, True))
    )
    assert np.allclose(np.diff(lecture.w, axis=0), 0.1 * np.diff(plain.w, axis=0))
    assert np.allclose(corrected.w, plain.w)


def test_seattle():
    seattle = load_temperatures()
    celsius = seattle.celsius
    assert len(celsius) == 1461
    assert (celsius.mean(), celsius.std()) == (pytest.approx(12.3, abs=0.05), pytest.approx(6.0, abs=0.05))
    assert (celsius.min(), celsius.max()) == (pytest.approx(-3.8), pytest.approx(26.7))


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
