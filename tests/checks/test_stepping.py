"""Homework 2, beside its tables of answers: every slip and every two of them, and the predictions."""

import random
import re

import numpy as np
import pytest

from lesson_utils.checks import examine
from lesson_utils.checks.descents import Task, broken_walks
from lesson_utils.checks.moves import HEAVY_BALL, LECTURE, broken_steps
from lesson_utils.checks.verdict import RIGHT, WRONG
from tests.answers.hw2 import RIGHT_FIRST_STEPS, WRONG_FIRST_STEPS, formula
from tests.checks.notebooks import cause, named, verdict

FORMS = pytest.mark.parametrize(
    ("name", "form"), [("momentum_step", LECTURE), ("heavy_ball_step", HEAVY_BALL)]
)


@pytest.fixture
def by_their_twins(monkeypatch):
    """Let the twins of the mistakes, which come from lesson_utils, stand for what a student wrote by hand."""
    monkeypatch.setattr("lesson_utils.checks.student._borrowing", lambda function, may_use: "")


def as_step(rule):
    """Return a student's step that moves as a twin does."""
    return lambda w, v, dw, alpha, beta: rule(w, v, dw, alpha, beta)


def as_descent(walked):
    """Return a student's descent that walks as a twin does; it asks the gradient for the bowl."""

    def descend(gradient, w, b, alpha, beta, steps):
        size = np.shape(w)
        at = np.ravel(w).astype(float).tolist()

        def slope(w, b):
            dw, db = gradient(np.reshape(w, size) if size else w[0], b)
            return np.ravel(dw).tolist(), float(db)

        task = Task(at if size else at[0], b, alpha, beta, steps, [], [])
        task.slope = slope
        out = walked(task)
        return (np.reshape(out[:-1], size) if size else out[0]), out[-1]

    return descend


def single(broken):
    return [(slips[0].cause, twin) for slips, twin in broken if len(slips) == 1]


def several(broken, count, seed):
    """Return some of the twins with two or three slips."""
    return random.Random(seed).sample([one for one in broken if len(one[0]) > 1], count)


@FORMS
def test_every_slip_of_a_step_is_reachable(name, form, by_their_twins):
    """A table entry that another one before it always explains would never be said."""
    for slip, rule in single(broken_steps(form)):
        assert {cause(name, seed=seed, **{name: as_step(rule)}) for seed in range(3)} == {slip}


def test_every_slip_of_a_walk_is_reachable(by_their_twins):
    for slip, walked in single(broken_walks()):
        assert cause("descend", seed=2, descend=as_descent(walked)) == slip


@FORMS
def test_two_and_three_slips_of_a_step_are_never_right_and_never_nameless(name, form, by_their_twins):
    for slips, rule in several(list(broken_steps(form)), 100, seed=4):
        found = examine(name, {name: as_step(rule)}, 11)
        assert found.status == WRONG and found.cause not in ("other", "check_failed"), slips


def test_two_slips_in_a_walk_are_named(by_their_twins):
    for slips, walked in several(list(broken_walks()), 100, seed=5):
        found = cause("descend", seed=12, descend=as_descent(walked))
        assert found not in ("other", "second_step", "check_failed"), slips


def test_heavy_ball_alpha_gives_neither_its_factor_nor_the_gap_away():
    assert "e-" not in verdict("heavy_ball_alpha", formula("heavy_ball_alpha", "(1 - beta) * alpha")).sentence
    for seed in range(3):
        said = verdict("heavy_ball_alpha", formula("heavy_ball_alpha", "alpha + beta"), seed=seed).sentence
        assert "and beta = 0.64 your" in said


@pytest.mark.parametrize("value", RIGHT_FIRST_STEPS)
def test_right_predictions(value):
    assert cause("first_steps", first_steps=value) == RIGHT


@pytest.mark.parametrize(("expected", "value"), WRONG_FIRST_STEPS)
def test_a_wrong_prediction_is_named_and_the_right_one_not_given_away(expected, value):
    found = verdict("first_steps", first_steps=value)
    assert named(found) == expected
    if expected not in ("no_number", "no_dict"):
        own = [f"{one}".replace("-", "−") for one in value.values()] if value and value is not ... else []
        said = re.sub("|".join(map(re.escape, own)) or "$.", "", found.sentence) + found.place
        assert not re.search(r"−0\.6\b|−3\b|0\.2\b", said)
