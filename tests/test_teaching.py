"""The teacher's guide: a page for each lesson, and numbers that are so."""

import re

import numpy as np
import pytest

from lesson_utils import averages, losses, optimizers
from lesson_utils.theory import stability_limit, steps_to_settle
from tests.claims import NOTEBOOKS, claim, faults, prose
from workshop.files import LESSONS, page

INDEX = (NOTEBOOKS / "TEACHING.md").read_text(encoding="utf-8")
PAGES = sorted((NOTEBOOKS / "teaching").glob("*.md"))
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def title(path):
    return page(path).splitlines()[0]


def test_each_lesson_has_its_page():
    """tests/test_lists.py shows that the index names it."""
    assert [path.stem for path in PAGES] == [path.name[:2] for path in LESSONS]


@each_lesson
def test_a_page_has_ten_minutes_and_forty(path):
    text = page(NOTEBOOKS / "teaching" / f"{path.name[:2]}.md")
    headings = re.findall(r"^#+ .+$", text, re.MULTILINE)
    assert headings[:3] == ["#" + title(path), "### In ten minutes", "### In forty minutes"]
    ten, forty = text.split("### In ten minutes")[1].split("### In forty minutes")
    for part in (ten, forty):
        assert len(re.findall(r"\b[Aa]sk\b|\?", part)) >= 3, "questions to ask"
    assert ten.count('"') >= 4, "what to ask, and answers to expect"


TEXT = prose([INDEX])
RAVINE = (0.01, 1.0)
BOWL = losses.Quadratic(RAVINE)
PICTURE = optimizers.momentum(BOWL.gradient, (-9.0, 1.2), 4, 0.9, 120)


def steps(alpha, beta=0.0, kappa=100):
    return steps_to_settle((1 / kappa, 1), alpha, beta)


def best_plain(kappa):
    return steps(2 / (1 + 1 / kappa), 0.0, kappa)


CLAIMS = [
    claim("the last 10 hold {:.0f} % of the weight; for 95 % it takes {}",
          100 * averages.ewa_weights(0.9, 10).sum(),
          int(np.argmax(np.cumsum(averages.ewa_weights(0.9, 100)) >= 0.95)) + 1),
    claim("on a steady rise by β/(1−β) steps: {:.0f} at β = 0.9, and {:.0f} at β = 0.98", 0.9 / 0.1, 0.98 / 0.02),
    claim("for αλ between 1 and 2 every step overshoots, and the run converges",
          holds=all(-1 < 1 - product < 0 for product in np.linspace(1.01, 1.99, 50))),
    claim("with β = 0.9 the first step is a tenth of plain descent's",
          holds=np.allclose(PICTURE.v[1], 0.1 * PICTURE.dw[0])),
    claim("with β = 0.9 it is {:.0f}/λ in the lecture's form, {:.0f} times as high",
          stability_limit(1.0, 0.9), stability_limit(1.0, 0.9) / stability_limit(1.0)),
    claim("α = 1 and β = 0.9 turn {} step into {}; β = 0.9 with α = 10 wins from κ = {} on", best_plain(1),
          steps(1, 0.9, 1),
          next(kappa for kappa in range(1, 200) if best_plain(kappa) > steps(10, 0.9, kappa)),
          holds=all(best_plain(kappa) > steps(10, 0.9, kappa) for kappa in range(39, 1001))),
    claim("with β = 0.99 it needs {} steps where plain descent needs {}", steps(4, 0.99), best_plain(100)),
    claim("it rises at {} of 120 steps, and the run settles in {}", np.sum(np.diff(BOWL.loss(PICTURE.w)) > 0),
          steps(4, 0.9)),
    claim("at step {} of the lecture's picture the two arrows point opposite ways",
          np.flatnonzero(PICTURE.dw[:, 1] * PICTURE.v[1:, 1] < 0)[0]),
    claim("it is the same path, with α = {:.1f} instead of 4", 4 * (1 - 0.9),
          holds=np.allclose(optimizers.momentum(BOWL.gradient, (-9, 1.2), 0.4, 0.9, 120,
          convention="heavy_ball").w, PICTURE.w)),
]  # fmt: skip
SETTINGS = (
    "a walk of ten minutes and one of forty", "for ten minutes and", "for forty.", "from 0.9 to 0.98",
    "β = 0.9 averages exactly the last 10 days", "how many days hold 95 %", "sort five values of α", "v₀ = 0",
    "on Binder that happens after ten minutes", "It needs one more package", "F11 fills the screen",
    "| 1 to 9 | presses a preset", "| N, P | goes to the next figure, or to the one before",
    "at first the first one",
)  # fmt: skip


def test_what_the_index_says_is_so():
    assert faults(TEXT, CLAIMS, SETTINGS) == []
