"""Homework 1, beside its tables of answers: two mistakes at once, what the text promises, and the own city."""

from types import SimpleNamespace

import numpy as np
import pytest

from lesson_utils import averages
from lesson_utils.checks import hw1
from lesson_utils.temperatures import load_temperatures
from tests.answers.hw1 import READS, RULES, corrected, gap
from tests.checks.notebooks import cause, verdict

SEATTLE = load_temperatures()
CALM = hw1.calm_beta(SEATTLE.celsius.tolist())


def test_a_wrong_call_of_average_is_told_in_the_words_of_the_text():
    said = verdict("unit_gap", gap(end="back - average(celsius)")).sentence
    assert "average() missing" in said and "<locals>" not in said and "_Calls" not in said


@pytest.mark.parametrize("read", [read for reads in READS.values() for read in reads])
def test_two_mistakes_at_once_never_pass(read):
    for rule in (rule for rules in RULES.values() for rule in rules):
        found = verdict("ewa_corrected", corrected(rule, keep=read))
        if read == "v / (beta**t - 1)" and rule in RULES["sign_v"]:
            assert found.passed, "two signs turned round are a right formula"
        else:
            assert found.status == "wrong" and found.cause != "check_failed", rule


def test_the_packages_own_average_agrees():
    theta = SEATTLE.celsius[:50]
    for mine, on in ((hw1.ewa, False), (hw1.ewa_corrected, True)):
        assert np.allclose(mine(theta, 0.9), averages.ewa(theta, 0.9, bias_correction=on), rtol=1e-12)
    held = np.cumsum(averages.ewa_weights(0.9, 100))
    assert hw1.values_holding(0.95, 0.9) == np.argmax(held >= 0.95) + 1 == 29


def calm(beta, city=SEATTLE):
    return cause("calm_beta", city=city, calm_beta=beta)


@pytest.mark.parametrize(
    "given",
    [CALM, np.float64(CALM), np.float32(CALM), np.array(CALM), np.array([CALM]), (CALM,), CALM + 1e-12],
)
def test_calm_beta_passes(given):
    assert calm(given) == "right"


def test_calm_beta_is_what_numpy_says():
    theta = SEATTLE.celsius
    moves = np.abs(np.diff(theta)).mean()
    calm_ones = [
        beta
        for beta in np.arange(50, 100) / 100
        if np.abs(np.diff(averages.ewa(theta, beta, bias_correction=True))).mean() <= 0.1 * moves
    ]
    assert calm_ones[0] == CALM


@pytest.mark.parametrize(
    "city", [SEATTLE.celsius, SEATTLE.celsius.tolist(), SEATTLE.celsius.astype(np.float32)]
)
def test_a_city_may_be_its_temperatures(city):
    assert calm(CALM, city) == "right"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (CALM - 0.01, "too_small"), (0.5, "too_small"), (CALM + 0.01, "too_large"), (0.99, "too_large"),
        (1 / (1 - CALM), "range"), (44, "range"), (-0.9, "range"), (CALM + 0.004, "between"),
        ("0.94", "no_number"), ([0.94, 0.95], "no_number"), (float("nan"), "no_number"), (True, "no_number"),
        (lambda: 0.94, "no_number"),
    ],
)  # fmt: skip
def test_calm_beta_says_what_is_wrong(given, expected):
    assert calm(given) == expected


@pytest.mark.parametrize(
    "city",
    [
        "Seattle", 12.0, [1.0, 2.0], [5.0] * 100, [float("nan")] * 100, SimpleNamespace(celsius=None),
        {"a": 1}, load_temperatures,
    ],
)  # fmt: skip
def test_a_city_without_temperatures(city):
    assert calm(0.9, city) == "no_city"


def test_calm_beta_for_v_itself_is_named():
    # A short, cold record, in which the climb from zero is a large part of all movement.
    celsius = [-12 + (i * 7) % 5 for i in range(80)]
    mine, theirs = hw1.calm_beta(celsius, hw1.ewa), hw1.calm_beta(celsius)
    assert mine != theirs
    assert calm(mine, celsius) == "uncorrected"
