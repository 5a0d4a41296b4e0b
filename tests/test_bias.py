"""The bias correction against loops and closed forms, and each known mistake told from the others."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lesson_utils import averages, bias, optimizers
from lesson_utils.losses import Quadratic
from lesson_utils.temperatures import load_temperatures

BETAS = st.floats(0.0, 0.99)
SERIES = hnp.arrays(float, st.integers(1, 60), elements=st.floats(-1e3, 1e3))
CELSIUS = load_temperatures().celsius[:300]


@given(BETAS, st.integers(0, 400))
def test_the_sum_of_the_weights(beta, t):
    assert bias.weight_sum(beta, t) == pytest.approx(averages.ewa_weights(beta, t).sum(), abs=1e-12)
    assert bias.weight_sum(beta, np.array([t]))[0] == pytest.approx(bias.weight_sum(beta, t))


@pytest.mark.parametrize(("beta", "t"), [(0.0, 1), (0.5, 7), (0.9, 44), (0.98, 228), (0.99, 459)])
def test_how_long_it_matters(beta, t):
    assert bias.steps_until(beta) == t
    assert bias.weight_sum(beta, t) > 0.99 >= bias.weight_sum(beta, t - 1)


@given(st.floats(1e-6, 0.999), st.floats(1e-6, 0.999))
def test_it_is_the_first_such_step(beta, left):
    t = bias.steps_until(beta, left)
    assert beta**t < left and (t == 1 or beta ** (t - 1) >= left)


def test_stored_back_by_hand():
    one = 3.0
    two = (0.9 * one + 0.1 * 5.0) / (1 - 0.81)
    three = (0.9 * two + 0.1 * 4.0) / (1 - 0.729)
    np.testing.assert_allclose(bias.stored_back([3.0, 5.0, 4.0], 0.9), [one, two, three])


def test_stored_back_grows_until_the_sum_passes_beta():
    found = bias.stored_back(np.full(400, 10.0), 0.9)
    assert found[0] == pytest.approx(10.0)
    top = int(np.argmax(found)) + 1
    assert bias.weight_sum(0.9, top) <= 0.9 + 0.1 / 1000 and bias.weight_sum(0.9, top + 1) > 0.9
    assert np.isfinite(bias.stored_back(np.full(2000, 1e3), 0.99)).all()


@settings(deadline=None)
@given(SERIES, BETAS, st.sampled_from(sorted(bias.UNITS)))
def test_corrected_the_unit_does_not_matter(celsius, beta, unit):
    found = bias.averaged_in(celsius, beta, unit, bias_correction=True)
    np.testing.assert_allclose(found, averages.ewa(celsius, beta, bias_correction=True), atol=1e-8)


@settings(deadline=None)
@given(SERIES, BETAS, st.sampled_from(sorted(bias.UNITS)))
def test_uncorrected_the_zero_of_the_unit_counts(celsius, beta, unit):
    """v is the corrected average and the unit's zero, mixed in the proportion of their weights."""
    held = bias.weight_sum(beta, np.arange(1, len(celsius) + 1))
    zero = bias.to_celsius(0.0, unit)
    corrected = averages.ewa(celsius, beta, bias_correction=True)
    np.testing.assert_allclose(
        bias.averaged_in(celsius, beta, unit), held * corrected + (1 - held) * zero, atol=1e-8
    )


def test_units_by_hand():
    assert bias.to_unit(100.0, "°F") == pytest.approx(212) and bias.to_unit(0.0, "K") == pytest.approx(273.15)
    assert bias.averaged_in([(40 - 32) / 1.8], 0.98, "°F")[0] == pytest.approx((0.8 - 32) / 1.8)


def learners(power=lambda t: t, store=False, swap=False, sign=1):
    def average(values, beta):
        v, found = 0.0, []
        for t, value in enumerate(values, start=1):
            keep = 1 - beta if swap else beta
            v = keep * v + (1 - keep) * value
            hat = v / (1 - keep ** power(t)) ** sign
            if store:
                v = hat
            found.append(hat)
        return np.array(found)

    return average


WRONG = {
    "not divided": lambda values, beta: averages.ewa(values, beta),
    "stored back": learners(store=True),
    "t too large": learners(power=lambda t: t + 1),
    "always 1 - beta": learners(power=lambda t: 1),
    "multiplied": learners(sign=-1),
    "one weight swapped": learners(swap=True),
    "": lambda values, beta: averages.ewa(values, beta, bias_correction=True) + 0.01,
}


@pytest.mark.parametrize("beta", [0.1, 0.7, 0.9, 0.98, 0.99])
@pytest.mark.parametrize("name", WRONG)
def test_each_mistake_is_named(name, beta):
    assert bias.mistake_in(WRONG[name](CELSIUS, beta), CELSIUS, beta) == name
    assert set(WRONG) - {""} == set(bias.MISTAKES)


@settings(deadline=None)
@given(SERIES, BETAS)
def test_the_right_one_is_never_accused(values, beta):
    assert bias.mistake_in(learners()(values, beta), values, beta) is None


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_float32_is_good_enough(beta):
    found = averages.ewa(CELSIUS, beta, bias_correction=True).astype("float32")
    assert bias.mistake_in(found, CELSIUS, beta) is None


def test_at_beta_zero_nothing_is_wrong_but_what_is_wrong():
    assert bias.mistake_in(averages.ewa(CELSIUS, 0.0), CELSIUS, 0.0) is None
    assert bias.mistake_in(CELSIUS + 1, CELSIUS, 0.0) == ""


@settings(deadline=None, max_examples=40)
@given(st.floats(0.0, 1.1), st.sampled_from([0.0, 0.5, 0.9, 0.97]), st.sampled_from([1.0, 10.0, 100.0]))
def test_corrected_runs_settle_where_the_optimizer_says(part, beta, kappa):
    alpha = part * 2 * (1 + beta) / (1 - beta)
    assume(abs(part - 1) > 0.02)
    bowl, start = Quadratic((1 / kappa, 1.0)), np.array([-9.0, 1.2])
    path = optimizers.momentum(bowl.gradient, start, alpha, beta, 1200, bias_correction=True)
    expected = optimizers.settles_at(path.w, (0.0, 0.0))
    got, widest = bias.corrected_settling(bowl.curvatures, alpha, beta, start, most=600)
    assert got == (expected if expected is not None and expected <= 600 else None)
    if path.diverged_at is None and part < 1:
        assert widest == pytest.approx((np.abs(path.w) / np.abs(start)).max())


def test_corrected_runs_special_cases():
    assert bias.corrected_settling(1.0, 1.0, 0.0) == (1, 1.0)
    assert bias.corrected_settling((0.01, 1.0), 4.0, 0.9, (0.0, 0.0)) == (0, 0.0)
    assert bias.corrected_settling((0.01, 1.0), 39.0, 0.9)[0] is None
    assert bias.corrected_settling((0.01, 1.0), 10.0, 0.9)[1] == pytest.approx(63.6, abs=0.05)
    assert bias.corrected_settling((0.01, 1.0), 500.0, 0.9) == (None, np.inf)
    assert bias.corrected_settling((0.01, 1.0), 1.0, 0.9, most=413)[0] is None
    assert bias.corrected_settling((0.01, 1.0), 1.0, 0.9, most=414)[0] == 414
