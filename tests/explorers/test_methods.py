"""The explorer of any two methods: true sentences, looks, the turn, the learner's own rule."""

import math

import numpy as np
import pytest

from lesson_utils import methods, optimizers, theory
from lesson_utils.drawing import style
from lesson_utils.explorers import MethodsExplorer
from lesson_utils.explorers.methods import FOLLOWED, METHODS, REACH, SLOTS, window_at
from lesson_utils.losses import Quadratic

from ..pairwise import pairwise
from ..stage.frames import Holder
from .runs import frame_at, words_at
from .undrawn import undrawn

KIND = MethodsExplorer


@pytest.mark.parametrize(
    ("method", "alpha", "betas", "ravine"),
    pairwise(
        ["rmsprop", "adam", "adam_raw"],
        [0.003, 0.01, 0.1, 1.0, 40.0],
        [(0.5, 0.9), (0.9, 0.999), (0.9, 0.9)],
        [(1, 0), (100, 0), (100, 30), (1000, 45)],
    ),
)
def test_what_is_watched_is_true(explorer, method, alpha, betas, ravine):
    (beta, beta_2), (kappa, angle) = betas, ravine
    start = (-1.7, 0.6)
    settings = {"first": method, "alpha_first": alpha, "beta": beta, "beta_2": beta_2}
    settings = {**explorer.settings, **settings, "kappa": float(kappa), "angle": angle, "steps": 120}
    words = explorer.stage.frame(settings).twin.split(". ")[0]
    run = explorer._compute(settings).runs[0]
    # By the functions that tests/test_methods.py holds against decimals: the same numbers, from the same start.
    given = (Quadratic((1 / kappa, 1.0), angle=np.radians(angle)).gradient, run.path.w[0], alpha)
    if method == "rmsprop":
        path = methods.rmsprop(*given, beta_2, FOLLOWED)
    else:
        path = methods.adam(*given, beta, beta_2, FOLLOWED, bias_correction=method == "adam")
    np.testing.assert_array_equal(run.path.w, path.w)
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    np.testing.assert_allclose(run.own, run.path.w @ [[c, -s], [s, c]], rtol=0, atol=1e-12 * (1 + alpha))
    np.testing.assert_allclose(run.own[0], start)
    expected = optimizers.settles_at(run.own, (0, 0))
    if expected is None:
        assert f"has not settled after {FOLLOWED} steps" in words
        said = float(words.split("up to ")[1].split(" away")[0])
        assert said == pytest.approx(np.hypot(*run.own[-51:].T).max(), rel=6e-3)
    else:
        assert f"settles in {expected} step" in words and f"watched for {FOLLOWED}" in words


@pytest.mark.parametrize(
    ("method", "alpha", "beta"),
    pairwise(
        ["plain", "momentum", "nesterov"],
        [0.05, 1.9, 4.0, 13.0, 30.0, 100.0],
        [0.0, 0.5, 0.9, 0.99],
        also=[("nesterov", 13.0, 0.9), ("momentum", 30.0, 0.9)],
    ),
)
def test_what_formulas_say_is_true_at_every_turn(explorer, method, alpha, beta):
    settings = {"second": method, "alpha_second": alpha, "beta": beta, "angle": 30}
    words = words_at(explorer, **settings).split(". ", 1)[1]
    beta = 0.0 if method == "plain" else beta
    limit, settles = (
        (methods.nesterov_limit, methods.nesterov_steps_to_settle)
        if method == "nesterov"
        else (theory.stability_limit, theory.steps_to_settle)
    )
    if alpha > limit(1.0, beta):
        assert "diverges, its limit is α" in words
    else:
        expected = settles((0.01, 1.0), alpha, beta, (-1.7, 0.6))
        assert ("has not settled" if expected is None else f"settles in {expected} step") in words


def test_limits_stand_in_the_sentence_and_on_the_slider(explorer):
    frame = frame_at(explorer, first="nesterov", alpha_first=20.0, second="plain", alpha_second=2.0)
    assert "Nesterov, α = 20: diverges, its limit is α = 13.6" in frame.twin
    assert "Plain descent, α = 2: swings for ever, exactly at its limit" in frame.twin
    assert [mark["text"] for marks in frame.marks.values() for mark in marks] == ["limit 13.6", "limit 2"]
    assert frame_at(explorer, first="rmsprop", second="adam").marks == {
        "alpha_first": [],  # an empty list takes a mark off the slider
        "alpha_second": [],
    }


def test_it_rattles_or_is_still_on_its_way(explorer):
    assert "rattles up to 0.0707 away" in words_at(explorer, first="rmsprop", alpha_first=0.1, beta_2=0.9)
    slow = words_at(explorer, first="adam", alpha_first=0.001)
    assert "in the last 50 it is up to" in slow and "rattles" not in slow


def test_nothing_moves_at_alpha_0_or_at_the_minimum(explorer):
    assert words_at(explorer, alpha_first=0.0).startswith("Adam, α = 0: stays where it is, because α = 0.")
    assert "nothing moves" in words_at(explorer, start_1=0.0, start_2=0.0)
    alone = words_at(explorer, start_2=0.0, angle=45)  # along the valley only: rounding is no distance
    assert "settles in" in alone.split(". ")[0] and "settles in" in alone.split(". ", 1)[1]


@pytest.mark.parametrize("angle", [0, 17, 45, 90])
def test_the_start_stays_where_it_is_in_the_ravine(explorer, angle):
    frame = frame_at(explorer, angle=angle)
    (handle,) = frame.handles
    c, s = np.cos(handle.turn), np.sin(handle.turn)
    x, y = handle.at
    np.testing.assert_allclose((c * x + s * y, -s * x + c * y), (-1.7, 0.6))
    loss = Quadratic((0.01, 1.0), angle=np.radians(angle)).loss(np.array(handle.at))
    assert loss == pytest.approx(Quadratic((0.01, 1.0)).loss(np.array((-1.7, 0.6))))
    reply, _ = explorer.stage.answer({"seq": 1, "state": {"angle": angle}})
    assert reply["handles"][0]["turn"] == pytest.approx(np.radians(angle))


def test_every_start_is_inside_the_picture_with_little_room_to_spare():
    for angle in range(0, 91, 5):
        window, far = window_at(angle), []
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        for along in (-REACH[0], REACH[0]):
            for across in (-REACH[1], REACH[1]):
                far.append((abs(c * along - s * across), abs(s * along + c * across)))
        spare = np.array(window) - np.max(far, axis=0)
        assert spare.min() > 0.1
        assert angle > 60 or spare.min() < 0.2


def test_the_picture_has_one_scale_and_grows_with_the_turn(explorer):
    heights = []
    for angle in range(0, 91, 15):
        (handle,) = frame_at(explorer, angle=angle).handles
        ax = handle.axes
        pixels = np.array([ax.bbox.width, ax.bbox.height]) / np.array(
            [np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())]
        )
        assert pixels[0] == pytest.approx(pixels[1], rel=2e-3)
        heights.append(ax.get_ylim()[1])
    assert heights == sorted(heights)


def test_the_bowl_turns(explorer):
    """A turned level set stays one: the loss is the same all along a ring."""
    _, panels = explorer._new_figure()
    explorer._show(panels, {**explorer.settings, "angle": 30})
    loss = Quadratic((0.01, 1.0), angle=np.radians(30)).loss
    for ring in panels["bowl"].rings[1:]:
        points = ring.get_patch_transform().transform(ring.get_path().vertices[::3])
        assert np.ptp(loss(points)) < 1e-3 * loss(points).max()


def test_every_method_has_a_name_and_a_look_of_its_own():
    looks = [method.look for method in METHODS.values()]
    assert len({method.name for method in METHODS.values()}) == len(METHODS)
    for part in ("color", "marker", "linestyle"):
        assert len({look[part] for look in looks}) == len(looks)


def strokes(page):
    return {style_["stroke"] for style_, _, _ in page.layers if style_["k"] == "path"}


def test_lines_and_names_follow_the_choice(explorer):
    page = Holder(explorer.stage)
    names = list(METHODS)
    for first, second in (("plain", "adam_raw"), ("nesterov", "rmsprop"), ("adam", "plain")):
        page.ask(first=names.index(first), second=names.index(second))
        assert {METHODS[first].look["color"], METHODS[second].look["color"]} <= strokes(page)
        others = {one.look["color"] for name, one in METHODS.items() if name not in (first, second)}
        assert not others & strokes(page)


def test_two_runs_of_one_method_are_told_apart(explorer):
    _, panels = explorer._new_figure()
    explorer._show(panels, {**explorer.settings, "first": "rmsprop", "second": "rmsprop"})
    one, two = panels["paths"]
    assert one.get_markerfacecolor() == style.RMSPROP["color"] and two.get_markerfacecolor() == "white"
    assert one.get_linewidth() > two.get_linewidth()
    explorer._show(panels, {**explorer.settings, "first": "rmsprop", "second": "adam"})
    assert two.get_markerfacecolor() == style.ADAM["color"] and two.get_linewidth() == one.get_linewidth()


def test_the_walk_says_what_the_first_does(explorer):
    words = words_at(explorer, step_shown=0)
    assert "Step 0 of Adam: dw = (−0.017, 0.6); the step is (0.1, −0.1)." in words
    words = words_at(explorer, first="nesterov", alpha_first=4.0, step_shown=2)
    assert "Step 2 of Nesterov: dw = (−0.0167, −0.16), taken where v alone would lead" in words


def test_the_place_ahead_is_shown_for_nesterov_only(explorer):
    _, panels = explorer._new_figure()
    settings = {**explorer.settings, "first": "nesterov", "alpha_first": 4.0, "step_shown": 2}
    explorer._show(panels, settings)
    np.testing.assert_allclose(panels["ahead"].get_ydata(), [-0.15984])
    np.testing.assert_allclose(panels["here"].get_ydata(), [0.0864])
    assert panels["ahead"].get_visible()
    explorer._show(panels, {**settings, "first": "momentum"})
    assert not panels["ahead"].get_visible() and panels["push"].get_visible()
    explorer._show(panels, {**settings, "step_shown": 500})
    assert not panels["push"].get_visible() and not panels["here"].get_visible()


def own_momentum(w, v, s, dw, t, alpha, beta, beta_2):
    v = beta * v + (1 - beta) * dw
    return w - alpha * v, v, s


def test_the_learners_own_rule_is_drawn_as_the_first():
    explorer = MethodsExplorer(step=own_momentum, alpha_first=10, second="momentum")
    assert explorer.settings["first"] == "own"
    count = theory.steps_to_settle((0.01, 1.0), 10, 0.9, (-1.7, 0.6))
    assert f"Your step, α = 10: settles in {count} steps (watched for 1000)" in explorer.twin
    path = explorer._compute(explorer.settings).runs[0].path.w[:121]
    expected = optimizers.momentum(Quadratic((0.01, 1.0)).gradient, (-1.7, 0.6), 10, 0.9, 120).w
    np.testing.assert_allclose(path, expected, atol=1e-13)
    explorer.set(first="adam", second="own", alpha_second=10.0)
    assert f"settles in {count} steps (watched" in explorer.twin.split(". ", 1)[1]


@pytest.mark.parametrize(
    ("power", "words"),
    [
        (1.0, "breaks off: after 309 steps an average is too large a number for the computer"),
        (0.0, "runs away, until after"),
    ],
)
def test_an_average_without_bound_is_no_path_that_runs_away(power, words):
    def step(w, v, s, dw, t, alpha, beta, beta_2):
        return w - alpha * dw * (1.0 + 1e3 * (1 - power)), v, np.full(2, 10.0**power) ** t

    assert f"Your step, α = 0.1: {words}" in MethodsExplorer(step=step, alpha_first=0.1).twin


def test_a_kept_run_is_that_of_its_settings(explorer):
    """Runs are kept for each slot; a random walk through the settings must end where a new explorer begins."""
    rng = np.random.default_rng(3)
    choices = {
        "first": list(METHODS)[:-1], "second": list(METHODS)[:-1], "alpha_first": [0.01, 1.0], "beta": [0.5, 0.9],
        "alpha_second": [0.1, 4.0], "beta_2": [0.0, 0.99], "kappa": [10.0, 100.0], "angle": [0, 45],
        "steps": [20, 400], "start_1": [-1.0, 1.5],
    }  # fmt: skip
    settings = explorer.settings
    for _ in range(60):
        name = list(choices)[rng.integers(len(choices))]
        settings = {**settings, name: choices[name][rng.integers(len(choices[name]))]}
        kept, new = (
            explorer._compute(settings),
            undrawn(MethodsExplorer)._compute(settings) if _ % 10 == 9 else None,
        )
        if new is not None:
            for slot in range(len(SLOTS)):
                np.testing.assert_array_equal(kept.runs[slot].path.w, new.runs[slot].path.w)
                assert kept.runs[slot].ending == new.runs[slot].ending
