"""Every answer of the tables: each mistake is called by its name, in words that help, and no right one is called wrong."""

import re

import pytest

from lesson_utils.checks import EXERCISES
from lesson_utils.checks.engine import ONLY
from lesson_utils.checks.verdict import OPEN, SENTENCES, WRONG, sentences
from tests.answers import function
from tests.answers.hw1 import HW1
from tests.answers.hw2 import HW2
from tests.answers.hw3 import HW3
from tests.checks.notebooks import SEEDS, STOPPED, examined, notebook, verdict
from tests.checks.tasks import TASKS
from tests.test_prose import BELITTLES

HOMEWORK = (HW1, HW2, HW3)
FOLDER = SENTENCES.parent
WRONG_ANSWERS = [
    pytest.param(exercise, cause, [*work.before.get(exercise, ()), cell], id=f"{exercise}-{number}-{cause}")
    for work in HOMEWORK
    for exercise, answers in work.wrong.items()
    for number, (cause, cell) in enumerate(answers)
]
RIGHT_ANSWERS = [
    pytest.param(exercise, [*work.before.get(exercise, ()), cell], id=f"{exercise}-{style}")
    for work in HOMEWORK
    for exercise, styles in work.right.items()
    for style, cell in styles.items()
]
HEADERS = {exercise: header for work in HOMEWORK for exercise, header in work.headers.items()}

ANSWERS = re.compile(
    r"beta \* v|\(1 - beta\) ?\* ?dw|\(1 - ?beta\*\*t\)|alpha \* v|1 − beta\) ?[·*]|β ?\* ?v|start ?= ?1|np\.(?:log|zeros)"
    r"|log\(1 ?[-−] ?share\)|\* 1\.8 \+ 32|dtype=float|return w,|sqrt\("
)


def assert_plain(*texts):
    """Refuse what belittles a student, gives the answer away, or speaks of our machinery."""
    for text in texts:
        assert not BELITTLES.search(text), text
        assert not ANSWERS.search(text), text
        assert "Traceback" not in text and "lesson_utils" not in text and "\n" not in text, text
        assert len(text) < 420 and len(re.findall(r"[.?!](?:\s|$)", text)) <= 4, text


@STOPPED
@pytest.mark.parametrize(("exercise", "cause", "cells"), WRONG_ANSWERS)
def test_a_mistake_is_called_by_its_name_in_words_that_help(exercise, cause, cells, request):
    if cause == "endless":
        request.getfixturevalue("hurried")
    names = notebook(*cells)
    for seed in SEEDS[:1] if cause == "endless" else SEEDS:
        found = examined(exercise, names, seed)
        assert found.status == WRONG, found
        assert set(found.cause.split("+")) == set(cause.split("+")), found
    assert found.place
    said = re.sub(r"\{.*\}", "", found.sentence)  # a dictionary of the student's is shown as it is
    assert said[-1] in ".?" and not re.search(r"(?<![\w`])-\d", said), "a minus sign is not a hyphen"
    assert_plain(said, found.place)


@pytest.mark.parametrize(("exercise", "cells"), RIGHT_ANSWERS)
def test_a_right_answer_passes_however_it_is_written(exercise, cells):
    names = notebook(*cells)
    for seed in SEEDS:
        found = examined(exercise, names, seed)
        assert found.passed, found
        assert found.sentence.startswith("these checks pass. ")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_is_untouched_is_not_done(exercise):
    cells = {"no cell run": [], "given back": [f"{exercise} = ..."]}
    if header := HEADERS.get(exercise):
        cells["stub"] = [function(header, "...  # your code here")]
        cells["documented"] = [function(header, '"""Text."""', "pass")]
    for kind, given in cells.items():
        found = verdict(exercise, *given)
        assert (found.status, found.cause) == (OPEN, "not_done"), kind
        assert found.sentence.startswith("not done yet. ")


def test_every_sentence_is_plain_and_every_mistake_has_one():
    for name, (sentence, place) in sentences().items():
        starts_anew = name.startswith(("not_done", "right/", "raised")) or sentence.startswith("{")
        assert starts_anew or not sentence[0].isupper(), f"{name} goes on after the exercise and a colon"
        assert not sentence or sentence[-1] in ".?}", name
        assert not place or place[-1] in ".?)`", name
        assert_plain(re.sub(r"of lesson_utils|from lesson_utils", "", sentence), place)
    for task in TASKS:
        assert {one.words for one in task.mistakes} <= set(sentences())


def test_every_sentence_is_said_somewhere():
    """A sentence that no mistake and no line of the checks names would be edited for nothing."""
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    variants = {task.variant for task in TASKS}
    for name in sentences():
        cause = name.split("/")[0]
        told = re.search(rf"""["']{re.escape(name)}["']""", code) or name.split("/")[-1] in (
            *EXERCISES,
            *variants,
        )
        kwarg = re.search(rf"\b{re.escape(name.replace('/', '__'))}=", code)
        assert told or kwarg or f"{cause}/" in PREFIXES, name


PREFIXES = {"right/", "raised/", "not_done/", "syntax/", *(f"{cause}/" for _, _, cause in ONLY)}
"""Names of which the second part is put together in the code."""


def test_every_exercise_has_answers_that_are_wrong_and_right():
    told = {exercise for work in HOMEWORK for exercise in work.wrong}
    assert told == {exercise for work in HOMEWORK for exercise in work.right}
    assert set(EXERCISES) - told == {
        "calm_beta", "first_steps", "plain_alpha", "momentum_settings", "kinds", "train_settings",
    }, "these are tested with what they are about"  # fmt: skip
