"""The engine: each known mistake has one name, whatever is drawn; two at once are told; nothing else is made up."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson_utils.checks import engine
from lesson_utils.checks.engine import EDGE, Answer, Probe, Task, forgotten_brackets, formula_task, slips
from lesson_utils.checks.verdict import RIGHT, WRONG, mistake, words
from tests.answers.hw1 import HW1
from tests.answers.hw2 import RIGHT_FIRST_STEPS, WRONG_FIRST_STEPS, formula
from tests.checks.notebooks import cause, named, verdict
from tests.checks.tasks import TASKS

EACH = pytest.mark.parametrize("task", TASKS, ids=[task.name for task in TASKS])


def answered(probes, task, parts):
    """Return what a student answers who makes these mistakes, to the first kind of input; None where that cannot be."""
    of = [probe for probe in probes if probe.kind in (probes[0].kind, EDGE)]
    dues = [task.due(probe.args, parts) for probe in of]
    if None in dues:
        return None
    return [Answer(task, probe, due) for probe, due in zip(of, dues, strict=True)]


@EACH
@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_every_mistake_has_one_name_at_every_seed(task, seed):
    probes = task.probes(random.Random(seed))
    possible = [(one, answered(probes, task, one.parts)) for one in task.mistakes]
    assert (
        sum(answers is not None for _, answers in possible) >= len(possible) - 3
    )  # a curvature may happen to be β
    for one, answers in possible:
        if answers:
            assert engine._known(answers, task).cause == one.cause
            assert not all(answer.agrees() for answer in answers)


@EACH
def test_two_mistakes_at_once_are_named_and_never_right(task):
    source = random.Random(4)
    probes = task.probes(source)
    several = [parts for chosen, parts in slips(task) if len(chosen) > 1]
    assert several or task.most == 1
    for parts in source.sample(several, min(60, len(several))):
        answers = answered(probes, task, parts)
        if answers and not all(answer.agrees() for answer in answers):
            found = engine._known(answers, task)
            assert found and found.status == WRONG


@EACH
def test_the_example_of_the_text_comes_first(task):
    for seed in range(3):
        probes = task.probes(random.Random(seed))
        assert [probe.example for probe in probes] == [True] + [False] * (len(probes) - 1)
        first, again = (task.in_words(task.draw(random.Random(seed + other))[0].args) for other in (0, 9))
        assert first == again


def test_probes_that_leave_two_names_for_one_answer_are_drawn_again():
    def square(x, value=lambda x: x * x):
        return value(x)

    doubled = mistake("doubled", value=lambda x: 2 * x)
    drawn = iter([[Probe((2.0,))], [Probe((3.0,))]])
    task = Task("square", ("x",), square, (doubled,), lambda random: next(drawn))
    assert task.probes(None)[0].args == (3.0,), "at 2, both give 4"


def test_every_pair_of_brackets_may_be_forgotten():
    found = forgotten_brackets("a, b", "(1 + a) / ((1 - a) * b)")
    dues = {round(one.parts["value"](0.5, 3.0), 9) for one in found}
    assert dues == set(map(
        lambda x: round(x, 9),
        (1 + 0.5 / (0.5 * 3), 1.5 / 0.5 * 3, 1.5 / (1 - 1.5), 1 + 0.5 / 0.5 * 3, 1 + 0.5 / -0.5,
         1.5 / 1 - 0.5 * 3, 1 + 0.5 / 1 - 0.5 * 3)))  # fmt: skip


def test_a_mistake_that_gives_what_is_right_or_another_one_gives_is_left_out():
    others = {"same": lambda x: x + x, "one": lambda x: x, "as one": lambda x: x * 1.0}
    task = formula_task(
        "double",
        ("x",),
        lambda x: 2 * x,
        others,
        draw=lambda random: [Probe((0.0,)), Probe((3.0,)), Probe((5.0,))],
    )
    assert [one.words for one in task.mistakes] == ["one"]


def test_where_the_first_numbers_are_right_the_first_wrong_one_is_shown():
    found = verdict(
        "ewa", next(cell for cause, cell in HW1.wrong["ewa"] if cause == "other" and "min(t + 1, 12)" in cell)
    )
    assert "returns " in found.sentence and " as number 13; it must return " in found.sentence


def test_heavy_ball_alpha_gives_neither_its_factor_nor_the_gap_away():
    assert "e-" not in verdict("heavy_ball_alpha", formula("heavy_ball_alpha", "(1 - beta) * alpha")).sentence
    for seed in range(3):
        said = verdict(
            "heavy_ball_alpha", formula("heavy_ball_alpha", "alpha + beta / 2"), seed=seed
        ).sentence
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


def test_two_mistakes_that_are_one_are_told_to_who_wrote_them():
    one, same = (mistake(name, value=lambda x: 2 * x) for name in ("doubled", "twice"))
    task = Task(
        "square", ("x",), lambda x, value=lambda x: x * x: value(x), (one, same), lambda _: [Probe((3.0,))]
    )
    with pytest.raises(AssertionError, match="square: doubled and twice give the same numbers on all probes"):
        task.probes(random.Random(0))


def test_a_mistake_without_a_sentence_is_told_to_who_wrote_it():
    with pytest.raises(
        LookupError, match=r"never_seen has no line in sentences\.txt: write one under that name"
    ):
        words("never_seen")
