"""The check of the lessons' numbers sees what it is there to see."""

import pytest

from tests.claims import claim, missing, prose, squeezed, unclaimed, unused
from tests.notebook_files import LESSONS, ROOT

LESSON = """
## A section of Lesson 4

Plain descent settles in 231 steps at α = 1.98,
and momentum in 88. See [Lesson 3](03_gradient_descent_in_a_ravine.ipynb).

1. Take β = 0.9.

```text
2024-03-01,7.5
```

$$w = w - 0.1\\,dw$$ and `alpha=4`, and v is −0.09.
"""
TEXT = prose([LESSON])
CLAIMS = [
    claim("settles in {} steps at α = {:.2f}, and momentum in {}", 231, 2 / 1.01, 88),
    claim("v is {:g}", -0.09),
]
SETTINGS = ("β = 0.9",)


def changed(old, new):
    assert LESSON.count(old) == 1
    return prose([LESSON.replace(old, new)])


def test_a_lesson_that_is_right_passes():
    assert missing(TEXT, CLAIMS) == []
    assert unclaimed(TEXT, CLAIMS, SETTINGS) == []
    assert unused(TEXT, SETTINGS) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("231", "232"), ("1.98", "1.99"), ("88.", "89."), ("88.", "880."), ("88.", "88.5."), ("−0.09", "0.09"),
     ("231", "1231"), ("steps", "rounds")],
)  # fmt: skip
def test_a_changed_number_fails(old, new):
    assert missing(changed(old, new), CLAIMS)


def test_a_changed_computation_fails():
    assert missing(TEXT, [claim("settles in {} steps", 230)])


def test_a_claim_that_does_not_hold_fails():
    assert missing(TEXT, [claim("settles in {} steps", 231, holds=False)])


@pytest.mark.parametrize(
    "new", ["and momentum in 88, or 7", "and momentum in 88, 5 % less", "and momentum in 88, ten times less"]
)
def test_a_number_without_a_claim_fails(new):
    text = changed("and momentum in 88", new)
    assert missing(text, CLAIMS) == []
    assert len(unclaimed(text, CLAIMS, SETTINGS)) == 1


@pytest.mark.parametrize("new", ["β = 0.95", "β = 0.9.1", "β = −0.9", "β = 10.9"])
def test_a_changed_setting_fails(new):
    text = changed("β = 0.9", new)
    assert unclaimed(text, CLAIMS, SETTINGS)
    assert unused(text, SETTINGS) == list(SETTINGS)


def test_code_links_and_numbers_of_lessons_are_no_claims():
    lesson = """Lesson 7, `x = 7`, [a way](07_x.ipynb)

```text
7
```

$$7$$

**7.** A question

7. A point
"""
    assert unclaimed(prose([lesson]), []) == []


def test_numbers_in_folded_answers_count():
    text = prose(["<details>\n<summary>Answer</summary>\n\n88 steps\n\n</details>"])
    assert unclaimed(text, []) != []
    assert unclaimed(text, [claim("{} steps", 88)]) == []


def test_a_claim_needs_a_place_for_each_value():
    for template, values in (("{} steps", (1, 2)), ("{} of {} steps", (1,)), ("no step", (1,))):
        with pytest.raises(ValueError, match="places"):
            claim(template, *values)


def test_the_minus_of_print():
    assert claim("dw = {:.1f}", -2).text == "dw = −2.0"
    assert squeezed(" a\n\n b ") == "a b"


def test_every_lesson_has_its_claims():
    for lesson in LESSONS:
        assert (ROOT / "tests" / f"test_claims_{lesson.name[:2]}.py").exists(), (
            f"{lesson.name} has no claims yet"
        )
