"""Losses that are no bowls: where runs end, and what the colours and the sentence say of it."""

import numpy as np
import pytest

from lesson_utils import maps, optimizers
from lesson_utils.drawing import landscape as land
from lesson_utils.explorers import SurfaceExplorer, surface
from lesson_utils.optimizers import momentum_step


@pytest.fixture(scope="module")
def made():
    return SurfaceExplorer()


@pytest.fixture
def explorer(made):
    made.reset()
    return made


@pytest.mark.parametrize("name", surface.LANDS)
def test_the_map_is_in_true_proportions(explorer, name):
    figure = explorer.set(surface=name).figure()
    ax = figure.axes[0]
    x0, x1, y0, y1 = *ax.get_xlim(), *ax.get_ylim()
    assert ax.bbox.width / (x1 - x0) == pytest.approx(ax.bbox.height / (y1 - y0), rel=0.01)


@pytest.mark.parametrize("name", surface.LANDS)
def test_the_colour_under_the_start_is_where_its_run_ends(explorer, name):
    """As the sentence says it, wherever the two can be compared: the map looks at 300 steps."""
    loss, rng = surface.LANDS[name], np.random.default_rng(4)
    ends = explorer._compute(explorer.set(surface=name).settings).ends
    starts = land.starts(surface.window(name))
    compared = 0
    for i, j in zip(rng.integers(0, starts.shape[0], 40), rng.integers(0, starts.shape[1], 40), strict=True):
        path = optimizers.momentum(loss.gradient, starts[i, j], 4.0, 0.9, 500)
        end = surface.arrived(name, path)
        if path.diverged_at is not None:
            assert ends[i, j] == len(loss.minima) + 1
        elif end is not None and end[1] < 250:
            assert ends[i, j] == end[0]
            compared += 1
    assert compared > 20 or name == "bent"


def test_level_sets_are_level():
    for name, loss in surface.LANDS.items():
        line = land.level_sets(loss, surface.window(name))
        pieces = np.split(line, np.flatnonzero(np.isnan(line[:, 0])))
        spreads = [
            np.ptp(np.sqrt(loss.loss(piece[1:]) - loss.loss(loss.minima[0])))
            for piece in pieces
            if len(piece) > 2
        ]
        assert len(spreads) >= 5 and max(spreads) < 0.02, name


def test_a_step_of_ones_own_that_is_momentum_comes_to_the_same_place(explorer):
    own = SurfaceExplorer(step=momentum_step)
    for name in explorer.presets:
        ours, theirs = (one.set(**one.preset(name)).twin.split(". ")[1] for one in (explorer, own))
        assert theirs == ours.replace("Momentum", "Your step")


def test_a_broken_step_has_its_sentence():
    explorer = SurfaceExplorer(step=lambda w, v, dw, alpha, beta: (w - alpha * dq, v))  # noqa: F821
    assert "dq" in explorer.twin


def test_what_is_drawn_before_the_walks_end_is_said(explorer):
    assert explorer.set(step_shown=7).twin.startswith(
        "Step 7. Plain, α = 1.9: comes to the left minimum in 18 steps."
    )


def test_a_run_away_is_said(explorer):
    said = explorer.set(surface="bent", start_1=-2.5, start_2=-1.0, alpha=10).twin
    assert said.count("runs away, at step") == 2


def test_the_keys_to_the_colours_and_the_colours_are_one(explorer):
    for name in surface.LANDS:
        explorer.set(surface=name)
        explorer.stage.frame(explorer.settings)
        drawn = explorer.stage._figure.axes[0].images[0].get_array()
        assert set(map(tuple, drawn.reshape(-1, 3))) <= set(map(tuple, land.COLORS))


def test_a_run_that_does_not_move_is_not_on_its_way(explorer):
    assert explorer.set(alpha=0).twin.endswith("Momentum, α = 0, β = 0.9: stays where it is.")


def test_the_colours_are_those_of_the_rule_that_is_chosen(explorer):
    loss, starts = surface.LANDS["valleys"], land.starts(surface.window("valleys"))
    momentum = explorer._compute(explorer.settings).ends
    assert (momentum == maps.basins(loss, starts, 4.0, 0.9)).all()
    for plain, alpha in (("safe", surface.SAFE), ("same", 4.0)):
        ends = explorer._compute(explorer.set(colours="plain", plain=plain).settings).ends
        assert (ends == maps.basins(loss, starts, alpha)).all() and (ends != momentum).any()
        titles = [text.get_text() for text in explorer.figure().axes[0].texts]
        assert f"colours: where plain descent, α = {alpha:g} is after 300 steps" in titles
