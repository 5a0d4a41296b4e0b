"""The explorers of momentum, of plain descent and of the parabola: their words against runs made by hand."""

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text

from lesson_utils import optimizers, theory
from lesson_utils.drawing import style
from lesson_utils.explorers import DescentExplorer, MomentumExplorer, ParabolaExplorer
from lesson_utils.explorers.descent import REACH
from lesson_utils.losses import Quadratic

from ..pairwise import pairwise
from ..stage.frames import Holder
from .runs import frame_at, good, said_of, words_at
from .undrawn import undrawn

KIND = MomentumExplorer


@pytest.mark.parametrize(
    ("alpha", "beta", "kappa"),
    pairwise(
        [0, 0.01, 1.9, 1.98, 2, 2.05, 4, 10, 30, 37, 38, 39, 400, 500],
        [0.0, 0.5, 0.9, 0.99],
        [1, 25, 100, 1000],
        also=[(38, 0.9, 100), (2, 0.0, 100), (1.98, 0.0, 100), (10, 0.9, 100), (4, 0.9, 100)],
    ),
)
def test_the_sentence_is_true(explorer, alpha, beta, kappa):
    settings = {"alpha": alpha, "beta": beta, "kappa": kappa, "plain": "same"}
    plain, momentum = words_at(explorer, **settings).split("Momentum, ", 1)
    assert said_of(alpha, 0.0, kappa) in plain and said_of(alpha, beta, kappa) in momentum


def test_momentum_loses_in_two_presets_only(explorer):
    losing = [name for name, one in explorer.presets.items() if "Momentum needs" in explorer.set(**one).twin]
    assert losing == ["β too high", "A round bowl"], "lesson 4 asks which two, and answers: change both"


def test_limits_are_marked_on_the_slider(explorer):
    marks = frame_at(explorer, beta=0.9).marks["alpha"]
    stops = explorer.controls["alpha"].stops
    assert [stops[round(mark["at"] * (len(stops) - 1))] for mark in marks] == [2, 38]
    assert [mark["text"] for mark in marks] == ["plain 2", "momentum 38"]


def test_the_walk_shows_the_step_that_comes_next(explorer):
    frame = frame_at(explorer, step_shown=0)
    assert "Step 0: the gradient dw = (−0.09, 1.2)" in frame.twin and "v = (−0.009, 0.12)" in frame.twin
    colors = [layer.style.get("stroke") for layer in explorer.stage._read_layers()]
    assert style.GRADIENT["color"] in colors and style.VELOCITY["color"] in colors, "two arrows"
    frame = frame_at(explorer, step_shown=2)
    assert "Step 2: the gradient dw = (−0.089, 0) alone" in frame.twin


def test_the_learners_own_step_draws_the_lectures_path(explorer):
    own = MomentumExplorer(step=good)
    assert "Your step: settles in 96 steps" in own.twin
    paths = [
        [xy for look, _, xy in Holder(stage).layers if look["k"] == "marks" and len(xy) > 20 and look["fill"] == blue]
        for stage in (own.stage, explorer.stage)
    ]  # fmt: skip
    np.testing.assert_allclose(paths[0][0], paths[1][0], atol=0.13)


blue = style.MOMENTUM["color"]


def test_a_descent_step_of_the_learners():
    explorer = DescentExplorer(step=lambda w, dw, alpha: w - alpha * dw)
    assert "settles in 241 steps" in explorer.twin, "counted beyond the 120 steps that are drawn"
    assert "runs away" in DescentExplorer(step=lambda w, dw, alpha: w + alpha * dw).twin


def test_a_step_of_the_learners_on_the_parabola():
    own = ParabolaExplorer(step=lambda w, dw, alpha: w - alpha * dw)
    rows = [e._table(e._compute(e.settings))[1] for e in (own, undrawn(ParabolaExplorer))]
    assert rows[0] == rows[1], "twelve steps of it, though it is followed further"
    assert own.twin == "αλ = 0.3. Your step: settles in 13 steps."
    own.set(alpha=10.0, curvature=4.0, steps=40)
    assert "runs away" in own.twin and len(own.stage._read_layers()) > 5


def test_the_parabolas_axis_is_as_high_as_it_has_to_be():
    explorer = ParabolaExplorer()
    for curvature in (0.5, 1.0, 1.4, 2.0, 3.0, 4.0):
        for start in (-REACH, REACH):
            (handle,) = explorer.stage.frame(
                {**explorer.settings, "curvature": curvature, "start": start}
            ).handles
            top = handle.axes.get_ylim()[1]
            assert handle.at[1] < 0.97 * top
            assert curvature < 1 or handle.at[1] > 0.5 * top


def test_the_parabolas_sentence_names_the_regime():
    explorer = ParabolaExplorer(curvature=1.0)
    for alpha, words in (
        (0.3, "without crossing"),
        (1.0, "one step lands"),
        (1.7, "still converges"),
        (2.0, "for ever"),
        (2.1, "it diverges"),
        (0.0, "stays where it is"),
    ):
        assert words in explorer.set(alpha=alpha).twin
    assert theory.regime(1.0, 1.7) == "oscillates" and theory.regime(1.0, 2.1) == "diverges"


def test_a_start_at_the_minimum_is_told_as_such(explorer):
    assert "nothing moves" in DescentExplorer(start_1=0, start_2=0, alpha=300).twin
    assert "nothing moves" in explorer.set(start_1=0, start_2=0).twin


def test_arrows_that_are_shortened_say_by_how_much(explorer):
    def shown(**settings):
        figure = explorer.set(**settings).figure()
        said = [t.get_text() for t in figure.findobj(Text) if "as long" in t.get_text() and t.get_visible()]
        arrows = [a for a in figure.findobj(FancyArrowPatch) if a.get_visible()]
        return said, [np.diff(arrow._posA_posB, axis=0)[0] for arrow in arrows]

    said, (push, step) = shown(step_shown=0)
    factor = float(said[0].removeprefix("arrows drawn ").removesuffix(" × as long"))
    assert factor < 1 and np.allclose(step, factor * np.array([0.036, -0.48]), rtol=0.02)
    assert np.allclose(push, 10 * step)
    said, (_, step) = shown(step_shown=30)
    path = optimizers.momentum(Quadratic((0.01, 1.0)).gradient, (-9.0, 1.2), 4.0, 0.9, 31)
    assert said == [] and np.allclose(step, path.w[31] - path.w[30]), "as long as the step"
