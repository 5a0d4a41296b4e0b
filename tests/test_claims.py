"""Each lesson and its guide say what the code computes; the check sees a number that is wrong, new or gone."""

from importlib import import_module

import pytest

from tests.claims import claim, faults, guide, lesson, prose
from workshop.files import LESSONS


@pytest.mark.parametrize("number", [path.name[:2] for path in LESSONS])
def test_a_lesson_and_its_guide_say_what_is_so(number):
    said = import_module(
        f"tests.claims.lesson_{number}"
    )  # here: it is computed where it is asked for, and once
    wrong = faults(lesson(number), said.CLAIMS, said.SETTINGS)
    wrong += [
        f"{one} (teaching/{number}.md)"
        for one in faults(guide(number), said.GUIDE_CLAIMS, said.GUIDE_SETTINGS)
    ]
    assert not wrong, "\n".join([f"for tests/claims/lesson_{number}.py:", *wrong])


LESSON = """
## A section of Lesson 4

Plain descent settles in 231 steps at α = 1.98,
and momentum in 88. See [Lesson 3](03_gradient_descent_in_a_ravine.ipynb).

1. Take β = 0.9, and `alpha=4`.

```text
2024-03-01,7.5
```

$$w = w - 0.1\\,dw$$ <details>So v is −0.09.</details>
"""
CLAIMS = [
    claim("settles in {} steps at α = {:.2f}, and momentum in {}", 231, 2 / 1.01, 88),
    claim("v is {:g}", -0.09),
]
SETTINGS = ("β = 0.9",)


def test_a_page_that_is_right_passes():
    assert faults(prose([LESSON]), CLAIMS, SETTINGS) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("231", "232"), ("231", "1231"), ("88.", "880."), ("88.", "88.5."), ("−0.09", "0.09"), ("steps", "rounds"),
     ("88.", "88, or 7."), ("88.", "88, ten times less."), ("0.9,", "0.95,"), ("0.9,", "−0.9,"), ("0.9,", "10.9,")],
)  # fmt: skip
def test_a_change_to_the_page_is_seen(old, new):
    assert LESSON.count(old) == 1
    assert faults(prose([LESSON.replace(old, new)]), CLAIMS, SETTINGS)


def test_a_change_to_the_computation_is_seen_and_told():
    wrong = [claim("settles in {} steps", 230), claim("v is {:g}", -0.09, holds=False)]
    assert faults(prose([LESSON]), [*CLAIMS, *wrong], SETTINGS) == [
        "computed: settles in 230 steps | on the page: settles in 231 steps",
        "the page says what is not so: v is −0.09",
    ]
