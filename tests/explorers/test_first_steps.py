"""The explorer of a descent's first steps: its words against runs made here, and a learner's own step."""

import re

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text

from lesson_utils import bias, theory
from lesson_utils.explorers import FirstStepsExplorer

from ..pairwise import pairwise
from ..stage.frames import Holder
from .runs import frame_at, words_at
from .undrawn import undrawn

KIND = FirstStepsExplorer


@pytest.mark.parametrize(
    ("alpha", "beta", "kappa"),
    pairwise([0.01, 0.1, 1, 1.9, 4, 10, 30], [0.0, 0.5, 0.9, 0.99], [1, 100], also=[(4, 0.9, 100)]),
)
def test_the_sentence_is_true(explorer, alpha, beta, kappa):
    twin = words_at(explorer, alpha=alpha, beta=beta, kappa=kappa)
    first = re.search(r"momentum ([\d.]+), corrected ([\d.]+)\.", twin)
    assert float(first[1]) == pytest.approx(1 - beta, abs=0.001) and float(first[2]) == 1
    plain, rest = twin.split(" Momentum: ")
    momentum, corrected = rest.split(" Corrected: ")
    ravine = (1 / kappa, 1.0)
    for words, b, fix in ((plain, 0.0, False), (momentum, beta, False), (corrected, beta, True)):
        settled, widest = bias.corrected_settling(ravine, alpha, b, most=1000)
        settled = settled if fix else theory.steps_to_settle(ravine, alpha, b, most=1000)
        if alpha > 2 * (1 + b) / (1 - b):
            assert "diverges" in words
            continue
        assert (
            "has not settled after 1000 steps" if settled is None else f"settles in {settled} step"
        ) in words
        if fix and widest > 1.05:
            assert f"swings {widest:.3g} times" in words or ("swings " in words and widest >= 1000)
        else:
            assert "swings" not in words


def test_no_step_at_all_and_a_start_at_the_minimum(explorer):
    assert words_at(explorer, alpha=0.0).count("stays where it is") == 3
    assert "nothing moves" in words_at(explorer, start_1=0.0, start_2=0.0)


def drawn(explorer, **settings):
    """Return the lengths as the figure draws them: plain, momentum, corrected."""
    frame_at(explorer, **settings)
    axes = explorer.stage._figure.axes[3]
    assert axes.get_title() == "step length, plain's first = 1"
    return [line.get_ydata().copy() for line in axes.lines if line.get_marker() in "soD"]


def test_the_lengths_of_the_first_steps(explorer):
    plain, momentum, corrected = drawn(explorer, alpha=0.1)
    assert len(plain) == 12 and plain[0] == corrected[0] == 1 and momentum[0] == pytest.approx(0.1)
    assert (np.diff(momentum[:5]) > 0).all() and (np.diff(corrected) < 0).all()


def test_lengths_of_a_run_shorter_than_the_panel_and_of_a_walk(explorer):
    assert [len(lengths) for lengths in drawn(explorer, steps=3)] == [3, 3, 3]
    assert [len(lengths) for lengths in drawn(explorer, step_shown=2)] == [2, 2, 2]


def my_step(w, v, dw, alpha, beta, t):
    v = beta * v + (1 - beta) * dw
    w = w - alpha * v / (1 - beta**t)
    return w, v


def test_the_learners_step_is_the_corrected_one(explorer):
    own = FirstStepsExplorer(step=my_step)
    assert "your step 1. " in own.twin and "Your step: settles in 414 steps." in own.twin
    for one, other in zip(drawn(own), drawn(explorer), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9)
    page = Holder(own.stage)
    page.ask()
    assert "Your step: settles in 414 steps." in page.reply["twin"], "t begins at 1 for every picture"


def test_csv_calls_a_learners_path_theirs():
    for step, name, other in ((None, "corrected", "your_step"), (my_step, "your_step", "corrected")):
        explorer = undrawn(FirstStepsExplorer, step=step)
        names = explorer._table(explorer._compute(explorer.settings))[0]
        assert names[-3:] == [f"{name}_w1", f"{name}_w2", f"{name}_loss"]
        assert not any(column.startswith(other) for column in names)


def test_no_words_speak_of_arrows_that_are_not_drawn(explorer):
    figure = explorer.set(alpha=10.0, step_shown=0).figure()
    assert not [one for one in figure.findobj(FancyArrowPatch) if one.get_visible()]
    assert not [one for one in figure.findobj(Text) if "arrows" in one.get_text() and one.get_visible()]
