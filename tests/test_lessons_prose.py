"""How a lesson speaks: no word that belittles, a question before each answer, something to do everywhere."""

import re

import pytest

from tests.claims import NOTEBOOKS, cells

LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
each_lesson = pytest.mark.parametrize("name", LESSONS)

# Words that tell a reader who is stuck that the fault is theirs.
FORBIDDEN = re.compile(
    r"\b(?:simpl[ey]|simplest|easy|easily|easiest|obvious(?:ly)?|clearly|just|trivial(?:ly)?|straightforward"
    r"|of course|needless to say)\b",
    re.IGNORECASE,
)
FOLDED = re.compile(r"<details>\n<summary>[^\n]+</summary>\n\n(.+?)\n\n</details>(?:\n\n|\Z)", re.DOTALL)


def markdown(name):
    return "\n\n".join(cells(name))


def test_there_are_lessons():
    assert {"01_exponentially_weighted_average", "03_gradient_descent_in_a_ravine", "04_momentum"} <= set(
        LESSONS
    )


@each_lesson
def test_no_word_that_belittles(name):
    assert FORBIDDEN.findall(re.sub(r"`[^`]*`", "", markdown(name))) == []


@pytest.mark.parametrize(
    "text", ["It is just an average", "Of course, it works", "Simply run it", "This is EASY."]
)
def test_the_words_are_seen(text):
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize("text", ["adjust α", "an uneasy path", "the simplex", "unjust"])
def test_longer_words_are_left_alone(text):
    assert not FORBIDDEN.search(text)


@each_lesson
def test_answers_fold(name):
    # Without its blank lines, the Markdown inside is shown as raw text.
    for cell in cells(name):
        count = len(FOLDED.findall(cell))
        for tag in ("<details>", "</details>", "<summary>", "</summary>"):
            assert cell.count(tag) == count, f"{tag} in {cell[:60]!r}"


@pytest.mark.parametrize(
    "broken",
    [
        "<details>\n<summary>A</summary>\nno blank line\n\n</details>",
        "<details>\n<summary>A</summary>\n\nno end\n",
        "<details>\n\nno summary\n\n</details>",
    ],
)
def test_a_broken_fold_is_seen(broken):
    assert FOLDED.findall(broken) == []


@each_lesson
def test_a_question_comes_before_each_answer(name):
    for cell in cells(name):
        asked = re.split(r"<details>", cell)[:-1]
        for before in asked:
            part = before.rsplit("</details>", 1)[-1]
            assert re.search(r"\*\*(?:Predict|Task|\d)\.", part), part


@each_lesson
def test_every_section_has_something_to_do(name):
    # Neither the question at the start nor the formula box at the end.
    sections = re.split(r"^## ", markdown(name), flags=re.MULTILINE)[2:-2]
    for section in sections:
        assert re.search(r"\*\*(?:Predict|Task|Your turn)", section), section[:40]
