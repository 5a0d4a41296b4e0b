"""BallExplorer: its arrows add up, its words are true, and the learner's own step moves the ball."""

import numpy as np
import pytest

from lesson_utils import optimizers, oscillator
from lesson_utils.drawing import ball as balls
from lesson_utils.explorers import BallExplorer
from lesson_utils.explorers.ball import CURVATURES, _natural
from lesson_utils.losses import Quadratic

from ..pairwise import pairwise
from ..stage.frames import Holder
from .runs import frame_at, good, words_at
from .undrawn import undrawn

KIND = BallExplorer
BETAS = (0.0, 0.36, 0.5, 0.9, 0.99)
FORMS = ("ewa", "heavy_ball")


@pytest.mark.parametrize(
    ("beta", "alpha", "kind", "convention"), pairwise(BETAS, [0.0, 0.25, 6.1], ["one", "two"], FORMS)
)
def test_the_three_arrows_make_the_next_step(explorer, beta, alpha, kind, convention):
    for at in (0, 1, 7):
        wanted = {
            "beta": beta,
            "alpha": alpha,
            "dimensions": kind,
            "convention": convention,
            "step_shown": at,
        }
        result = explorer._compute({**explorer.settings, **wanted})
        last, friction, push = explorer._parts(result)
        w, dw = result.path.w, result.path.dw
        share = 1 - beta if convention == "ewa" else 1
        np.testing.assert_allclose(push, -alpha * share * dw[at])
        np.testing.assert_allclose(last, w[at] - w[max(at - 1, 0)])
        size = np.abs(w[: at + 2]).max()
        np.testing.assert_allclose(friction, -(1 - beta) * last, atol=1e-12 * size)
        np.testing.assert_allclose(last + friction + push, w[at + 1] - w[at], atol=1e-12 * size)


@pytest.mark.parametrize(
    ("alpha", "beta", "convention"),
    pairwise(
        [0.01, 0.25, 1.0, 1.9, 5.9, 6.0, 6.1, 38, 39, 400],
        BETAS,
        FORMS,
        also=[(6.0, 0.5, "ewa"), (38, 0.9, "ewa"), (0.25, 0.36, "ewa"), (0.25, 0.9, "heavy_ball")],
    ),
)
def test_the_sentence_is_true(explorer, alpha, beta, convention):
    """The words against a long run."""
    twin = words_at(explorer, alpha=alpha, beta=beta, convention=convention)
    path = optimizers.momentum(Quadratic([1.0]).gradient, [-1.0], alpha, beta, 4000, convention=convention)
    places = path.w[: path.diverged_at, 0]
    last = int(np.flatnonzero(np.abs(places) > 0.01)[-1])
    if "creeps in" in twin or "critically" in twin:
        assert places.max() <= 1e-12
    elif "other side at each step" in twin:
        assert places[last] * places[last - 1] < 0 and abs(places[-1]) < 1
    elif "gains energy" in twin:
        assert "diverges" in twin or "swings for ever" in twin
        assert np.abs(places[-5:]).max() >= 1
    else:
        assert "rings" in twin and places.max() > 0
    if "settles in" in twin:
        assert f"settles in {last + 1} step" in twin
    elif alpha and "diverges" in twin:
        assert abs(places[-1]) > 100


def test_presets_are_what_they_are_called(explorer):
    words = [
        oscillator.damping(1.0, one["alpha"], one["beta"], convention=one["convention"])
        for one in explorer.presets.values()
    ]
    assert words[:6] == ["over-damped", "critical", "rings", "rings", "rings", "gains"]


def test_the_critical_point_is_marked_on_the_slider_of_beta(explorer):
    def marks(**changes):
        return frame_at(explorer, **changes).marks["beta"]

    (only,) = marks(alpha=0.25)
    stops = explorer.controls["beta"].stops
    assert stops[round(only["at"] * (len(stops) - 1))] == 0.36 and only["text"] == "critical: 0.360"
    assert [mark["text"] for mark in marks(alpha=0.25, dimensions="two")] == [
        "critical for w₁: 0.779",
        "critical for w₂: 0.360",
    ]
    assert marks(alpha=3.0) == [] and marks(alpha=0.0) == [], "none, and beyond the slider"


def test_the_phase_pictures_circles_are_circles_of_one_energy(explorer):
    result = explorer._compute({**explorer.settings, "alpha": 0.25, "beta": 0.9})
    radius = np.hypot(result.path.w[:, 0], _natural(result))
    np.testing.assert_allclose(0.5 * radius**2, result.height + result.motion)
    assert radius[0] == 2


def test_hidden_layout_is_not_painted(explorer):
    """In one dimension nothing of the bowl from above is sent, and the other way round."""
    frame_at(explorer, dimensions="one")
    one = {layer.style.get("fill") for layer in explorer.stage._read_layers()}
    frame_at(explorer, dimensions="two")
    two = {layer.style.get("fill") for layer in explorer.stage._read_layers()}
    assert "#d3e3ee" in two and "#d3e3ee" not in one, "the bowl's floor"


def test_the_legend_names_what_is_drawn_with_the_bowl(explorer):
    page = Holder(explorer.stage)
    for place, shown in ((1, 0), (0, 1)):
        words = [s for _, texts in page.ask(dimensions=place)["letters"] for _, _, s in texts]
        assert words.count("smooth time") == shown and words.count("last step") >= 1


def test_the_start_follows_the_dimension(explorer):
    for kind, controls in (("one", ("start_1",)), ("two", ("start_1", "start_2"))):
        (handle,) = frame_at(explorer, dimensions=kind, start_1=-1.5).handles
        assert handle.controls == controls and handle.at[0] == -1.5
        assert handle.at[1] == (1.125 if kind == "one" else 1.4)


def test_a_ball_that_starts_at_the_minimum(explorer):
    assert "nothing moves" in words_at(explorer, start_1=0.0)
    two = words_at(explorer, start_1=0.0, dimensions="two")
    assert "settles in" in two, "the other direction still moves"


def test_the_learners_own_step_moves_the_ball(explorer):
    own = BallExplorer(step=good, step_shown=3)
    assert own.twin.startswith("Step 3: last step 0.468 + friction −0.0468")
    assert own.twin.split("Step 3")[1] == explorer.set(step_shown=3).twin.split("Step 3")[1]
    own.set(dimensions="two", step_shown=own.controls["step_shown"].max)
    assert "settles in 87 steps" in own.twin
    uphill = BallExplorer(step=lambda w, v, dw, alpha, beta: (w + alpha * dw, v))
    assert "runs away" in uphill.twin


def test_friction_is_measured_where_a_step_brakes_in_its_own_way():
    """A learner's step without friction: what is missing from the next step is nothing."""

    def free(w, v, dw, alpha, beta):
        v = v + (1 - beta) * dw
        return w - alpha * v, v

    explorer = undrawn(BallExplorer, step=free, step_shown=4)
    _, friction, _ = explorer._parts(explorer._compute(explorer.settings))
    assert friction == [0]


@pytest.mark.parametrize(("at", "whole"), [(0, True), (4, False), (5, False)])
def test_an_arrow_is_no_smaller_than_it_has_to_be_and_its_head_no_longer_than_itself(explorer, at, whole):
    """At step 5 the push is a hundredth of the last step, and must look it."""
    _, panels = explorer._new_figure()
    explorer._show(panels, {**explorer.settings, "step_shown": at})
    push = panels["one"]["forces"].arrows[2]
    full_scale, full_breadth = push.full
    assert (push.get_mutation_scale() == full_scale) == whole
    head = balls.HEAD * push.get_mutation_scale()
    tail, tip = push.axes.transData.transform(push._posA_posB)
    length = np.hypot(*(tip - tail)) * 72 / push.figure.dpi
    assert head <= length * 1.001 or push.get_mutation_scale() == pytest.approx(balls.SMALLEST * full_scale)
    assert push.get_linewidth() / full_breadth == pytest.approx(push.get_mutation_scale() / full_scale)
    explorer._show(panels, {**explorer.settings, "step_shown": 0})
    assert push.get_mutation_scale() == full_scale, "it grows again"


def test_csv_holds_the_energy(csv_of):
    rows = csv_of(undrawn(BallExplorer, alpha=0.25, beta=0.9, steps=30, dimensions="two"))
    path = optimizers.momentum(Quadratic(CURVATURES["two"]).gradient, [-2, 1.4], 0.25, 0.9, 30)
    np.testing.assert_allclose([float(r["w2"]) for r in rows], path.w[:, 1])
    height, motion = oscillator.energy(path.w, CURVATURES["two"], 0.25, 0.9)
    np.testing.assert_allclose([float(r["height"]) for r in rows], height)
    np.testing.assert_allclose([float(r["motion"]) for r in rows], motion)
    np.testing.assert_allclose(
        np.diff(path.w, axis=0)[:, 0], [float(r["step_w1"]) for r in rows[1:]], atol=1e-15
    )
