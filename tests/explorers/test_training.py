"""The training explorer: its words against runs made here, its picture, its batches, a learner's step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson_utils import losses, theory
from lesson_utils.drawing import batches as draw_run
from lesson_utils.explorers import TrainingExplorer
from lesson_utils.temperatures import load_temperatures
from lesson_utils.training import SCALINGS, batch_moments, draw_batches, rescaled, steps_in_epoch, train_line

from ..pairwise import pairwise
from ..stage.frames import Holder
from .runs import frame_at, good, words_at
from .undrawn import undrawn

KIND = TrainingExplorer

CELSIUS = load_temperatures().celsius
X, Y = CELSIUS[:-1], CELSIUS[1:]
DAYS = len(X)


def trained(alpha, beta, size, count, data, seed):
    """Return (w, b) at each step, by what tests/test_training.py holds against the lecture's loop."""
    batches = draw_batches(DAYS, size, count, seed)
    return train_line(batch_moments(rescaled(X, data), Y, batches), alpha, beta).w


@pytest.mark.parametrize(
    ("data", "size", "setting"),
    pairwise(
        SCALINGS,
        [1, 32, 1460],
        [(0.0, 0.9), (0.001, 0.0), (0.02, 0.9), (1.9, 0.5), (50.0, 0.99)],
        also=[(SCALINGS[0], 32, (0.02, 0.9)), (SCALINGS[1], 32, (0.02, 0.9))],
    ),
)
def test_the_sentence_is_true(explorer, data, size, setting):
    alpha, beta = setting
    settings = {"data": data, "batch": size, "alpha": alpha, "beta": beta, "epochs": 3, "plain": "same"}
    words = words_at(explorer, step_shown=1460, **settings)
    count = min(1460, 3 * steps_in_epoch(DAYS, size))
    assert f" of {count} steps: plain, " in words or f"step {count}, the last: plain, " in words
    assert ("would be too many here" in words) == (size == 1)
    line = losses.LeastSquares(rescaled(X, data), Y)
    plain, momentum = words.split("Momentum, α = ", 1)
    for part, b in ((plain, 0.0), (momentum, beta)):
        path = trained(alpha, b, size, count, data, explorer.settings["seed"])
        with np.errstate(all="ignore"):
            above = line.loss(path) - line.loss_at_minimum
        late = above[-max(1, len(above) // 10) :].mean()
        if alpha == 0:
            assert "stays where it is" in part
        elif not late < above[0]:
            assert "runs away" in part
        elif 100 * late / line.loss_at_minimum < 0.001:
            assert "less than 0.001 % above" in part
        else:
            said = float(part.split(" % above")[0].split(" ")[-1])
            assert said == pytest.approx(100 * late / line.loss_at_minimum, rel=0.006)
            assert float(part.split("w = ")[1].split(",")[0].replace("−", "-")) == pytest.approx(
                path[-1, 0], rel=0.006
            )


def test_both_get_the_same_batches(explorer):
    for alpha in (0.005, 0.02):  # the second one diverges
        result = explorer._compute({**explorer.settings, "alpha": alpha, "beta": 0.0, "plain": "same"})
        assert np.array_equal(result.plain.w, result.momentum.w, equal_nan=True)


@pytest.mark.parametrize("size", [32, DAYS])
def test_another_seed_gives_other_batches_if_there_are_several(explorer, size):
    one, two = (words_at(explorer, step_shown=1460, seed=seed, batch=size) for seed in (1, 2))
    assert (one == two) == (size == DAYS)


def test_the_walk_says_what_the_batch_and_all_days_say(explorer):
    words = words_at(explorer, step_shown=61)
    batch = draw_batches(DAYS, 32, 460, 1)[61]
    w = trained(0.02, 0.9, 32, 460, "as they are", 1)[61]
    line = losses.LeastSquares(X, Y)
    assert f"dw = {line.gradient(w, batch=batch)[0]:.3g}".replace("-", "−") in words
    assert f"all days together say {line.gradient(w)[0]:.3g}" in words


def test_three_arrows_on_the_walk_and_none_at_the_end(explorer):
    for shown, visible in ((30, True), (1460, False), (0, True)):
        figure_of = explorer.stage._figure
        frame_at(explorer, step_shown=shown)
        arrows = [a for a in figure_of.axes[0].patches if type(a).__name__ == "FancyArrowPatch"]
        assert len(arrows) == 3 and [a.get_visible() for a in arrows] == [visible] * 3


@pytest.mark.parametrize("data", SCALINGS)
def test_the_minimum_and_the_start_are_in_the_picture(explorer, data):
    frame_at(explorer, data=data)
    ax = explorer.stage._figure.axes[0]
    w, b = losses.LeastSquares(rescaled(X, data), Y).minimum
    for x, y in ((b, w), (0, 0)):
        assert ax.get_xlim()[0] < x < ax.get_xlim()[1] and ax.get_ylim()[0] < y < ax.get_ylim()[1]


@pytest.mark.parametrize("data", SCALINGS)
def test_the_rings_are_level_sets(explorer, data):
    """Points on each drawn ring have one loss."""
    frame_at(explorer, data=data)
    line = losses.LeastSquares(rescaled(X, data), Y)
    rings = [patch for patch in explorer.stage._figure.axes[0].patches if type(patch).__name__ == "Ellipse"]
    shown = [ring for ring in rings if ring.get_visible()]
    assert len(shown) == draw_run.RINGS and len(rings) == 3 * draw_run.RINGS
    for ring in shown:
        points = ring.get_patch_transform().transform(ring.get_path().vertices[:-1])
        on_curve = points[::3]  # the others pull the Bézier curves
        above = line.loss(on_curve[:, ::-1]) - line.loss_at_minimum
        assert np.ptp(above) < 1e-6 * above.mean()


def test_limits_are_those_of_all_days(explorer):
    marks = frame_at(explorer, step_shown=1460).marks["alpha"]
    steep = losses.LeastSquares(X, Y).curvatures.max()
    assert [mark["kind"] for mark in marks] == ["plain", "momentum"]
    assert marks[0]["text"] == f"plain {theory.stability_limit(steep):.3g}"
    assert marks[1]["text"] == f"momentum {theory.stability_limit(steep, 0.9):.3g}"


def test_any_batch_size_can_be_set(explorer):
    assert "Batches of 100 days: 15 steps an epoch" in explorer.set(batch=100).twin
    assert "Batches of 1 day:" in explorer.set(batch=1).twin
    assert "All days in each batch: 1 step an epoch" in explorer.set(batch=1460).twin


@pytest.mark.parametrize("alpha", [0.3, 1.0, 50.0])
def test_a_run_that_diverges_still_shows_its_first_gradients(explorer, alpha):
    frame_at(explorer, step_shown=1460, alpha=alpha, beta=0.0)
    for ax in explorer.stage._figure.axes[2:4]:
        bars = next(line for line in ax.lines if line.get_linewidth() > 1.4 and len(line.get_ydata()) > 2)
        assert np.nanmax(np.abs(bars.get_ydata())) > 1
        assert ax.get_ylim()[1] < 1e5, "the axis needs no power of ten beside it"


def test_csv_is_the_run(csv_of):
    rows = csv_of(undrawn(TrainingExplorer, alpha=0.02, epochs=1))
    path = trained(0.02, 0.9, 32, 46, "as they are", 1)
    found = [[float(row["momentum_w"]), float(row["momentum_b"])] for row in rows]
    np.testing.assert_allclose(found, path, rtol=1e-8)
    assert float(rows[-1]["epoch"]) == 1 and float(rows[23]["epoch"]) == 0.5


def test_the_learners_step_draws_the_same_picture(explorer):
    own = TrainingExplorer(step=good)
    assert own.twin.split("Your step: ")[1] == explorer.twin.split("β = 0.9: ")[1]
    for left, right in zip(Holder(own.stage).layers, Holder(explorer.stage).layers, strict=True):
        assert left[0] == right[0]
        if left[2] is not None:
            np.testing.assert_allclose(left[2], right[2], atol=0.13)


def test_a_step_that_climbs_runs_away():
    words = TrainingExplorer(step=lambda w, v, dw, a, b: (w + a * dw, v)).twin
    assert "Your step: runs away" in words


@given(count=st.integers(0, 4000))
def test_thinned_paths_keep_both_ends_and_every_zig_zag(count):
    places = draw_run.thinned(count)
    if count == 0:
        assert len(places) == 0
        return
    assert places[0] == 0 and places[-1] == count - 1 and (np.diff(places) > 0).all()
    assert len(places) <= draw_run.MOST_POINTS + 2
    assert draw_run.stride(count) % 2 == 1, "an even stride would make a zig-zag look calm"


@given(value=st.floats(1e-3, 1e6))
def test_axes_end_at_round_numbers(value):
    top = draw_run.rounded_up(value)
    assert value <= top <= 1.6 * value * (1 + 1e-9)
    assert draw_run.rounded_up(0.0) == pytest.approx(1e-3)
