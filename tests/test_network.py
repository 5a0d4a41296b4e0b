"""The network with one hidden layer against numerical derivatives and loops, and its data without leakage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson_utils import network, optimizers
from lesson_utils.temperatures import Temperatures, load_temperatures

WEATHER = load_temperatures()
TRAIN, TEST = network.rain_tomorrow(WEATHER)


def some(inputs=3, hidden=4, m=6, seed=0):
    rng = np.random.default_rng(seed)
    parameters = network.initialize(inputs, hidden, seed)
    parameters = {name: value + 0.3 * rng.normal(size=value.shape) for name, value in parameters.items()}
    return parameters, rng.normal(size=(inputs, m)), rng.integers(0, 2, (1, m)).astype(float)


def by_hand(parameters, X):
    """Return the probabilities one example and one unit at a time."""
    out = []
    for x in X.T:
        z2 = float(parameters["b2"][0, 0])
        for row, bias, weight in zip(parameters["W1"], parameters["b1"], parameters["W2"][0], strict=True):
            z2 += weight * np.tanh(sum(w * one for w, one in zip(row, x, strict=True)) + bias[0])
        out.append(1 / (1 + np.exp(-z2)))
    return np.array([out])


def test_probabilities_are_those_of_a_loop():
    parameters, X, y = some()
    p = by_hand(parameters, X)
    np.testing.assert_allclose(network.probabilities(parameters, X), p, rtol=1e-12)
    assert network.loss(parameters, X, y) == pytest.approx(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    assert network.accuracy(parameters, X, y) == np.mean((p > 0.5) == (y == 1))


@settings(max_examples=15)
@given(inputs=st.integers(1, 5), hidden=st.integers(1, 6), m=st.integers(1, 9), seed=st.integers(0, 99))
def test_gradients_are_the_numerical_ones(inputs, hidden, m, seed):
    parameters, X, y = some(inputs, hidden, m, seed)
    found = network.gradients(parameters, X, y)
    assert list(found) == ["dW1", "db1", "dW2", "db2"]
    for name, value in parameters.items():
        assert found[f"d{name}"].shape == value.shape
        for place in np.ndindex(value.shape):
            sides = []
            for h in (1e-5, -1e-5):
                moved = {**parameters, name: value.copy()}
                moved[name][place] += h
                sides.append(network.loss(moved, X, y))
            assert found[f"d{name}"][place] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-5, abs=1e-8)


def test_the_velocity_has_the_shapes_of_the_parameters():
    parameters = network.initialize(5, 8)
    velocity = optimizers.initialize_velocity(parameters)
    new, velocity = optimizers.update_parameters(
        parameters, network.gradients(parameters, TRAIN.X, TRAIN.y), velocity, 0.1, 0.9
    )
    assert {name: v.shape for name, v in new.items()} == {
        "W1": (8, 5), "b1": (8, 1), "W2": (1, 8), "b2": (1, 1),
    }  # fmt: skip
    assert network.loss(new, TRAIN.X, TRAIN.y) < network.loss(parameters, TRAIN.X, TRAIN.y)


def test_huge_scores_give_finite_losses():
    parameters, X, y = some()
    parameters["b2"] = np.array([[1e4]])
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        assert np.isfinite(network.loss(parameters, X, y))
        assert (network.probabilities(parameters, X) == 1).all()


def test_seeds_start_differently_and_again_alike():
    one, same, other = (network.initialize(5, 8, seed)["W1"] for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)
    assert np.std(network.initialize(400, 300)["W1"]) == pytest.approx(0.05, rel=0.02)


def test_each_example_is_today_and_its_answer_tomorrow():
    days = {str(day): i for i, day in enumerate(WEATHER.dates)}
    for examples in (TRAIN, TEST):
        for column in (0, 17, -1):
            today = days[str(examples.dates[column])]
            assert examples.y[0, column] == (WEATHER.precipitation[today + 1] > 0)


def test_the_split_is_by_time():
    assert TRAIN.X.shape == (5, 1095) and TEST.X.shape == (5, 364)
    assert str(TRAIN.dates[-1]) == "2014-12-30", "its tomorrow is the last training day"
    assert str(TEST.dates[0]) == "2015-01-01"
    assert len(TRAIN.dates) + len(TEST.dates) == len(WEATHER.dates) - 2


def test_nothing_of_the_test_days_reaches_the_training_days():
    changed = {
        name: getattr(WEATHER, name).copy()
        for name in ("precipitation", "wind", "celsius_max", "celsius_min")
    }
    for values in changed.values():
        values[WEATHER.dates >= np.datetime64("2015-01-01")] = 3.21
    other = Temperatures(WEATHER.dates, WEATHER.celsius, "Seattle", "", **changed)
    train, test = network.rain_tomorrow(other)
    assert np.array_equal(train.X, TRAIN.X) and np.array_equal(train.y, TRAIN.y)
    assert not np.array_equal(test.X, TEST.X)


def test_inputs_are_scaled_by_the_training_days():
    np.testing.assert_allclose(TRAIN.X.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(TRAIN.X.std(axis=1), 1)
    assert np.abs(TEST.X.mean(axis=1)).max() > 0.01
    assert len(network.INPUTS) == len(TRAIN.X)
