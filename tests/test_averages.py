"""The weighted average against its explicit sum."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lesson_utils import averages

BETAS = st.floats(0.0, 0.999)
SERIES = hnp.arrays(float, st.integers(1, 60), elements=st.floats(-1e3, 1e3))


def explicit_sum(values, beta, bias_correction):
    weights = np.array([[(1 - beta) * beta ** (t - i) if i <= t else 0.0 for i in range(len(values))]
                        for t in range(len(values))])  # fmt: skip
    if bias_correction:
        weights /= weights.sum(axis=1, keepdims=True)
    return weights @ values


@settings(deadline=None, max_examples=50)
@given(SERIES, BETAS)
def test_equals_the_explicit_sum(values, beta):
    before = values.copy()
    for correction in (False, True):
        got = averages.ewa(values, beta, bias_correction=correction)
        assert got.shape == values.shape
        size = 1e-10 * (1.0 + np.abs(values).max())
        assert np.abs(got - explicit_sum(values, beta, correction)).max() <= size
    assert (values == before).all()


@settings(deadline=None, max_examples=50)
@given(st.floats(-1e3, 1e3), BETAS, st.integers(1, 100))
@example(5e-324, 0.5, 1)  # the smallest number there is: (1−β) times it is 0
def test_a_constant_comes_back_when_corrected(value, beta, count):
    got = averages.ewa([value] * count, beta, bias_correction=True)
    assert np.allclose(got, value, rtol=1e-9, atol=1e-300)


def test_columns_are_averaged_each_for_itself():
    table = np.random.default_rng(1).normal(size=(40, 3))
    for correction in (False, True):
        got = averages.ewa(table, 0.9, bias_correction=correction)
        for k in range(3):
            assert np.allclose(
                got[:, k], averages.ewa(table[:, k], 0.9, bias_correction=correction), atol=1e-15
            )


@settings(deadline=None, max_examples=50)
@given(BETAS, st.integers(0, 200))
def test_weights_are_the_answer_to_one_impulse(beta, count):
    impulse = np.zeros(count)
    impulse[:1] = 1.0
    weights = averages.ewa_weights(beta, count)
    assert np.allclose(weights, averages.ewa(impulse, beta), atol=1e-14)
    assert np.isclose(weights.sum(), 1 - beta**count)


def test_memory_is_the_time_constant():
    assert averages.memory(0.0) == 1.0
    assert averages.memory(0.9) == pytest.approx(10)
    assert averages.memory(0.98) == pytest.approx(50)


def test_an_empty_series_has_no_averages():
    assert averages.ewa([], 0.9).shape == (0,)
    assert averages.ewa([], 0.9, bias_correction=True).shape == (0,)
