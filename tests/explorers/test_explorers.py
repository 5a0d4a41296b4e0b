"""Every explorer: both ends of every control and between, true sentences, files, presets, bad input."""

import csv
import io
import weakref

import ipywidgets as widgets
import numpy as np
import pytest
from PIL import Image

from lesson_utils import explorers, optimizers, theory
from lesson_utils.averages import ewa
from lesson_utils.drawing import style
from lesson_utils.explorers import AverageExplorer, DescentExplorer, MomentumExplorer, ParabolaExplorer
from lesson_utils.explorers.controls import StopSlider
from lesson_utils.losses import Quadratic
from lesson_utils.temperatures import load_temperatures

from ..stage.frames import Holder, same

ALL = [getattr(explorers, name) for name in explorers.__all__]


@pytest.fixture(scope="module", params=ALL, ids=lambda kind: kind.__name__)
def explorer(request):
    return request.param()


def places(control):
    """Return both ends of a control and some values between."""
    if isinstance(control, StopSlider):
        stops = control.stops
        return [stops[i] for i in (0, 1, len(stops) // 3, len(stops) // 2, -2, -1)]
    if isinstance(control, widgets.Dropdown):
        return [value for _, value in control.options]
    if isinstance(control, widgets.Checkbox):
        return [False, True]
    low, high = control.min, control.max
    if isinstance(control, widgets.IntRangeSlider):
        return [(low, low + 1), (low, high), (high - 30, high), (high, high)]
    middle = (low + high) / 2
    return [low, int(middle) if isinstance(low, int) else middle, high]


def draws(explorer, settings):
    """Draw a frame for settings; return it. The picture is not blank and no number in it is infinite."""
    frame = explorer.stage.frame(settings)
    layers = explorer.stage._read_layers()
    assert len(layers) > 5 and frame.twin
    assert not any(word in frame.twin for word in ("nan", "inf", "None", "array"))
    return frame


def test_both_ends_of_every_control_and_between_are_drawn(explorer):
    for name, control in explorer.controls.items():
        for value in places(control):
            draws(explorer, {**explorer.settings, name: value})


def test_any_three_extremes_at_once_are_drawn(explorer):
    """An orthogonal array: every three controls meet at all their ends, in far fewer frames than all ends of all."""
    ends = {name: (places(control)[0], places(control)[-1]) for name, control in explorer.controls.items()}
    half = 1 << (len(ends) - 1).bit_length()
    for row in range(2 * half):
        at = [(row & (half | column)).bit_count() % 2 for column in range(len(ends))]
        draws(explorer, {name: pair[end] for (name, pair), end in zip(ends.items(), at, strict=True)})


def test_a_frame_is_small(explorer):
    name = "beta" if "beta" in explorer.controls else "alpha"
    page = Holder(explorer.stage)
    page.ask()
    sizes = []
    for index in range(60, 90):
        reply, buffers = explorer.stage.answer({"seq": 1, "base": page.id, "state": {name: index}})
        page.take(reply, buffers)
        sizes.append(len(repr(reply)) + len(buffers[0]))
    assert max(sizes) < 6000, "with what ipywidgets sends for the slider itself this stays below 10 KB"


def test_presets_and_reset(explorer):
    first = explorer.settings
    for name in explorer.presets:
        values = explorer.preset(name)
        explorer.set(**values)
        assert {k: v for k, v in explorer.settings.items() if k in values} == values
        draws(explorer, explorer.settings)
    explorer.reset()
    assert explorer.settings == first


def test_the_buttons_do_what_the_presets_say(explorer):
    buttons = [w for w in explorer.widget.children[0].children if isinstance(w, widgets.Button)]
    assert [b.description for b in buttons] == ["Reset", *explorer.presets]
    values = explorer.preset(buttons[1].description)
    buttons[1].click()
    assert all(explorer.settings[k] == v for k, v in values.items())
    buttons[0].click()


def test_figure_is_the_same_picture(explorer):
    figure = explorer.figure()
    out = io.BytesIO()
    figure.savefig(out, dpi=100)
    # Letters are hinted at two sizes, so blocks of 40 pixels are compared, not pixels.
    drawn = np.asarray(Image.open(out).convert("L"), dtype=float)
    shown = np.asarray(
        Image.open(io.BytesIO(explorer.stage.strip([explorer.settings])[0])).convert("L"), dtype=float
    )
    assert drawn.shape == shown.shape
    blur = [a.reshape(a.shape[0] // 40, 40, a.shape[1] // 40, 40).mean(axis=(1, 3)) for a in (drawn, shown)]
    assert np.abs(blur[0] - blur[1]).max() < 20
    assert drawn.std() > 10


def test_a_figure_is_the_users_own(explorer):
    one, two = explorer.figure(), explorer.figure()
    one.axes[0].set_title("mine")
    assert two.axes[0].get_title() != "mine"
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []


def test_still_has_words_for_each_picture(explorer):
    picture, alt = explorer._still()
    assert Image.open(io.BytesIO(picture)).format == "PNG"
    assert 2 <= Image.open(io.BytesIO(picture)).height / (100 * explorer.size[1]) <= 4 and "explorer" in alt


def test_display_carries_the_widget_and_the_picture(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **kwargs: shown.append((data, kwargs)))
    explorer._ipython_display_()
    (view, _), (still, extra) = shown
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.widget.model_id
    assert 'alt="' in still["text/html"] and "image/png" in still and extra["metadata"]["image/png"]["alt"]


def test_csv_has_the_settings_and_the_numbers(explorer, tmp_path):
    path = tmp_path / "run.csv"
    explorer.to_csv(path)
    explorer.to_csv(path)  # an explorer's own file may be written again
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# Rolling Downhill: {type(explorer).__name__}, ")
    for name, value in explorer.settings.items():
        assert f"# {name} = {value}" in lines
    table = list(csv.reader(line for line in lines if not line.startswith("#")))
    assert len(table) > 5 and all(len(row) == len(table[0]) for row in table)


def test_nobodys_file_is_overwritten(explorer, tmp_path):
    path = tmp_path / "essay.csv"
    path.write_text("my essay")
    with pytest.raises(FileExistsError, match="holds something else already"):
        explorer.to_csv(path)
    assert path.read_text() == "my essay"


def test_unknown_settings_are_named(explorer):
    with pytest.raises(TypeError, match="has no such setting; allowed are"):
        type(explorer)(alfa=1)
    with pytest.raises(TypeError, match="alfa: no such control; allowed are"):
        explorer.set(alfa=1)


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        (MomentumExplorer, {"beta": 1.0}, "beta: 1.0 is outside the figure's range; allowed is 0 to 0.99"),
        (MomentumExplorer, {"alpha": -1}, "alpha: -1 is outside the figure's range; allowed is 0 to 500"),
        (MomentumExplorer, {"alpha": float("nan")}, "alpha must be a finite number"),
        (MomentumExplorer, {"plain": "fast"}, "plain"),
        (MomentumExplorer, {"kappa": 0.5}, "kappa: 0.5"),
        (DescentExplorer, {"steps": 0}, "steps: 0"),
        (DescentExplorer, {"start_1": 40}, "start_1: 40"),
        (ParabolaExplorer, {"curvature": 0}, "curvature: 0"),
        (AverageExplorer, {"days": (9, 5)}, r"days: \(9, 5\)"),
    ],
)
def test_bad_settings_are_named(kind, settings, words):
    with pytest.raises(ValueError, match=words):
        kind(**settings)


def test_wrong_types_are_named():
    with pytest.raises(TypeError, match="beta must be"):
        MomentumExplorer(beta="0.9")
    with pytest.raises(
        TypeError, match=r"step: 3 is not a function; allowed is step\(w, v, dw, alpha, beta\)"
    ):
        MomentumExplorer(step=3)
    with pytest.raises(TypeError, match="average: 3 is not a function"):
        AverageExplorer(average=3)
    with pytest.raises(TypeError, match="is not what load_temperatures"):
        AverageExplorer(temperatures=[1, 2])


def test_a_slider_makes_room_for_any_value_in_its_range():
    explorer = MomentumExplorer()
    explorer.controls["alpha"].value = 1.2345
    assert explorer.settings["alpha"] == 1.2345 and 1.2345 in explorer.controls["alpha"].stops
    with pytest.raises(ValueError, match="alpha: 501 is outside"):
        explorer.controls["alpha"].value = 501
    assert explorer.settings["alpha"] == 1.2345


@pytest.mark.parametrize("alpha", [0, 0.01, 1.9, 1.98, 2, 2.05, 4, 10, 30, 37, 38, 39, 400, 500])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kappa", [1, 25, 100, 1000])
def test_the_sentence_is_true(momentum_explorer, alpha, beta, kappa):
    """The words against a run of 8192 steps made here, step by step."""
    frame = momentum_explorer.stage.frame(
        {**momentum_explorer.settings, "alpha": alpha, "beta": beta, "kappa": kappa, "plain": "same"}
    )
    plain, momentum = frame.twin.split("Momentum, ", 1)
    for words, b in ((plain, 0.0), (momentum, beta)):
        limit = 2 * (1 + b) / (1 - b)
        if alpha == 0:
            assert "stays where it is, because α = 0" in words
        elif alpha > limit * (1 + 1e-9):
            assert "diverges, its limit is α" in words
        elif alpha >= limit * (1 - 1e-9):
            assert "swings for ever" in words
        else:
            settled = by_hand(alpha, b, kappa)
            assert ("has not settled" if settled is None else f"settles in {settled} step") in words


def by_hand(alpha, beta, kappa, most=8192):
    """Return the step at which momentum settles, by a loop that uses nothing of the package."""
    x, v, last = [1.0, 1.0], [0.0, 0.0], 0
    curvature = (1 / kappa, 1.0)
    for step in range(1, 2 * most):
        for i in (0, 1):
            v[i] = beta * v[i] + (1 - beta) * curvature[i] * x[i]
            x[i] -= alpha * v[i]
        if max(abs(x[0]), abs(x[1])) > 0.01:
            last = step
        if step - last > 3000:
            break
    return last + 1 if last + 1 <= most else None


@pytest.fixture(scope="module")
def momentum_explorer():
    return MomentumExplorer()


def test_divergence_is_drawn_up_to_where_it_leaves(momentum_explorer):
    frame = draws(
        momentum_explorer,
        {**momentum_explorer.settings, "alpha": 500, "beta": 0.0, "steps": 500, "plain": "same"},
    )
    assert "diverges" in frame.twin


def test_limits_are_marked_on_the_slider(momentum_explorer):
    marks = momentum_explorer.stage.frame({**momentum_explorer.settings, "beta": 0.9}).marks["alpha"]
    stops = momentum_explorer.controls["alpha"].stops
    assert [stops[round(mark["at"] * (len(stops) - 1))] for mark in marks] == [2, 38]
    assert [mark["text"] for mark in marks] == ["plain 2", "momentum 38"]


def test_the_walk_shows_the_step_that_comes_next(momentum_explorer):
    frame = momentum_explorer.stage.frame({**momentum_explorer.settings, "step_shown": 0})
    assert "Step 0: the gradient dw = (−0.09, 1.2)" in frame.twin and "v = (−0.009, 0.12)" in frame.twin
    kinds = [
        layer
        for layer in momentum_explorer.stage._read_layers()
        if layer.style.get("stroke") in (style.GRADIENT["color"], style.VELOCITY["color"])
    ]
    assert len(kinds) >= 2, "two arrows"
    frame = momentum_explorer.stage.frame({**momentum_explorer.settings, "step_shown": 2})
    assert "Step 2: the gradient dw = (−0.089, 0) alone" in frame.twin
    momentum_explorer.stage.frame()


def test_the_walks_end_follows_the_run():
    explorer = MomentumExplorer()
    explorer.set(steps=300)
    assert explorer.settings["step_shown"] == 300
    explorer.set(step_shown=7)
    explorer.set(steps=200)
    assert explorer.settings["step_shown"] == 7
    explorer.set(steps=5)
    assert explorer.settings["step_shown"] == 5


def test_csv_is_the_run(tmp_path):
    explorer = MomentumExplorer(alpha=6, beta=0.8, steps=30, plain="same")
    explorer.to_csv(tmp_path / "run.csv")
    lines = (tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    path = optimizers.momentum(Quadratic((0.01, 1)).gradient, [-9, 1.2], 6, 0.8, 30)
    np.testing.assert_allclose(
        [[float(r["momentum_w1"]), float(r["momentum_w2"])] for r in rows], path.w, rtol=1e-12
    )
    np.testing.assert_allclose([float(r["v_dw2"]) for r in rows], path.v[:, 1], rtol=1e-12)


# --- a function of the learner's -------------------------------------------------------------------------


def good(w, v, dw, alpha, beta):
    v = beta * v + (1 - beta) * dw
    w = w - alpha * v
    return w, v


def test_the_learners_own_step_draws_the_lectures_path():
    own, ours = MomentumExplorer(step=good), MomentumExplorer()
    assert "Your step: settles in 96 steps" in own.twin
    pages = Holder(own.stage), Holder(ours.stage)
    paths = [
        [
            xy
            for style, _, xy in page.layers
            if style["k"] == "marks" and style["fill"] == "#0072b2" and len(xy) > 20
        ]
        for page in pages
    ]
    np.testing.assert_allclose(paths[0][0], paths[1][0], atol=0.13)


def raises(w, v, dw, alpha, beta):
    return w - alpha * velocity, v  # noqa: F821


def nothing(w, v, dw, alpha, beta):
    w = w - alpha * v


def wrong_shape(w, v, dw, alpha, beta):
    return np.append(w, 1), v


def not_a_number(w, v, dw, alpha, beta):
    return w * np.nan, v


def changes_arguments(w, v, dw, alpha, beta):
    v *= beta
    v += (1 - beta) * dw
    w -= alpha * v
    return w, v


def never_ends(w, v, dw, alpha, beta):
    while True:
        w = w - 0


def leaves(w, v, dw, alpha, beta):
    raise SystemExit


def too_few(w, v):
    return w, v


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (raises, "NameError"),
        (nothing, "returned nothing"),
        (wrong_shape, "shape"),
        (not_a_number, "NaN"),
        (changes_arguments, "changed"),
        (never_ends, "second"),
        (leaves, "SystemExit"),
        (too_few, "argument"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whatever_a_step_does_wrong_is_one_sentence_in_the_figure(step, words):
    explorer = MomentumExplorer(step=step, steps=20)
    reply = explorer.stage.first_frame
    assert words in reply["error"] and step.__name__ in reply["error"]
    assert "Traceback" not in reply["error"] and "\n" not in reply["error"]
    assert explorer.twin == reply["error"]
    assert reply["error"] in explorer._still()[1]
    assert good(np.zeros(2), np.zeros(2), np.zeros(2), 1, 0.9)[0].shape == (2,), "the notebook goes on"


def test_a_mended_step_brings_the_picture_back():
    broken = [True]

    def step(w, v, dw, alpha, beta):
        if broken[0]:
            raise ValueError("not yet")
        return good(w, v, dw, alpha, beta)

    explorer = MomentumExplorer(step=step)
    page = Holder(explorer.stage)
    assert "not yet" in page.reply["error"]
    broken[0] = False
    assert "settles in 96" in page.ask()["twin"]


def test_a_descent_step_of_the_learners():
    explorer = DescentExplorer(step=lambda w, dw, alpha: w - alpha * dw)
    assert "settles in 241 steps" in explorer.twin, "counted beyond the 120 steps that are drawn"
    wrong = DescentExplorer(step=lambda w, dw, alpha: w + alpha * dw)
    assert "runs away" in wrong.twin
    assert "returned nothing" in DescentExplorer(step=lambda w, dw, alpha: None).twin


def test_a_step_of_the_learners_on_the_parabola():
    own = ParabolaExplorer(step=lambda w, dw, alpha: w - alpha * dw)
    ours = ParabolaExplorer()
    assert numbers_of(own) == numbers_of(ours), "twelve steps of it, though it is followed further"
    assert own.twin == "αλ = 0.3. Your step: settles in 13 steps."
    assert "runs away" in ParabolaExplorer(step=lambda w, dw, alpha: w + alpha * dw).twin
    assert "returned nothing" in ParabolaExplorer(step=lambda w, dw, alpha: None).twin
    own.set(alpha=10.0, curvature=4.0, steps=40)
    draws(own, own.settings)


def numbers_of(explorer):
    return explorer._table(explorer._compute(explorer.settings))[1]


def test_an_average_of_the_learners():
    def my_average(values, beta):
        v, out = 0.0, []
        for theta in values:
            v = beta * v + (1 - beta) * theta
            out.append(v)
        return out

    assert "agrees with v = βv + (1−β)θ on every day" in AverageExplorer(average=my_average).twin
    swapped = AverageExplorer(average=lambda values, beta: ewa(values, 1 - beta))
    assert "°C away from v" in swapped.twin
    short = AverageExplorer(average=lambda values, beta: values[:-1])
    assert "error" in short.stage.first_frame


def test_the_average_explorers_sentence_is_true():
    explorer = AverageExplorer(beta=0.9)
    assert "the newest 10 hold 65 % of the weight, and the curve is about 9 days late" in explorer.twin
    explorer.set(beta=0.98)
    assert "newest 50 hold 64 %" in explorer.twin and "about 49 days late" in explorer.twin
    explorer.set(beta=0.0)
    assert "nothing is averaged" in explorer.twin


def test_a_city_of_ones_own(tmp_path):
    path = tmp_path / "my_city.csv"
    path.write_text(
        "date,temp_c\n" + "".join(f"2024-01-{d:02},{d / 2}\n" for d in range(1, 32)), encoding="utf-8"
    )
    explorer = AverageExplorer(temperatures=load_temperatures(path), days=(0, 20))
    assert explorer.controls["days"].max == 30
    draws(explorer, explorer.settings)


def test_the_parabolas_sentence_names_the_regime():
    explorer = ParabolaExplorer(curvature=1.0)
    for alpha, words in ((0.3, "without crossing"), (1.0, "one step lands"), (1.7, "still converges")):
        explorer.set(alpha=alpha)
        assert words in explorer.twin
    for alpha, words in ((2.0, "for ever"), (2.1, "it diverges"), (0.0, "stays where it is")):
        explorer.set(alpha=alpha)
        assert words in explorer.twin
    assert theory.regime(1.0, 1.7) == "oscillates" and theory.regime(1.0, 2.1) == "diverges"


def test_frames_do_not_depend_on_what_was_drawn_before(explorer):
    """From any setting to any other: the cached picture equals a fresh one."""
    page, rng = Holder(explorer.stage), np.random.default_rng(7)
    names = [n for n, c in explorer.controls.items() if not isinstance(c, widgets.IntRangeSlider)]
    state = {}
    for _ in range(12):
        name = names[rng.integers(len(names))]
        options = places(explorer.controls[name])
        value = options[rng.integers(len(options))]
        control = explorer.controls[name]
        if isinstance(control, StopSlider):
            value = control.stops.index(value)
        elif control.has_trait("index"):
            value = [v for _, v in control.options].index(value)
        state[name] = value
        page.ask(**state)
    explorer.stage._read.clear()
    fresh = Holder(explorer.stage)
    fresh.id = None
    fresh.ask(**state)
    assert same(page.layers, fresh.layers)


# --- what fresh eyes found -------------------------------------------------------------------------------


def test_a_cell_that_is_run_again_gives_back_what_it_held(monkeypatch):
    from lesson_utils.explorers import showing

    runs = iter([("a", 1), ("a", 2), ("b", 3), ("b", 4)])
    monkeypatch.setattr(showing, "_running_cell", lambda: next(runs))
    monkeypatch.setattr(showing, "_shown", {})
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: None)
    before = len(widgets.widget._instances)
    first, second = ParabolaExplorer(), ParabolaExplorer()
    first._ipython_display_()
    second._ipython_display_()  # the same cell, run again
    assert first.stage.comm is None and second.stage.comm is not None
    assert first.figure() and first.settings["alpha"] == 0.3, "its numbers are still there"
    second._ipython_display_()  # shown in another cell too: that cell's next run leaves it alive in the first
    third = ParabolaExplorer()
    third._ipython_display_()
    assert second.stage.comm is not None
    second.close()
    third.close()
    assert len(widgets.widget._instances) == before


def test_a_value_between_stops_keeps_their_number():
    slider = MomentumExplorer().controls["alpha"]
    count = len(slider.stops)
    for value in (3.3333, 0.0051, 499.9, 4.0):
        slider.value = value
        assert slider.value == value and len(slider.stops) == count
        assert slider.stops[0] == 0 and slider.stops[-1] == 500 and list(slider.stops) == sorted(slider.stops)
    assert 3.3333 not in slider.stops


def test_set_is_all_or_nothing():
    explorer = ParabolaExplorer()
    with pytest.raises(ValueError, match="alpha: 50"):
        explorer.set(curvature=2.0, alpha=50.0)
    assert explorer.settings["curvature"] == 1.0


def test_set_does_not_depend_on_the_order_of_its_arguments():
    for settings in ({"step_shown": 200, "steps": 300}, {"steps": 300, "step_shown": 200}):
        assert MomentumExplorer().set(**settings).settings["step_shown"] == 200


def test_numbers_of_numpy_are_numbers():
    explorer = MomentumExplorer(alpha=np.float64(4), beta=np.array(0.9), steps=np.int64(50))
    assert explorer.settings["steps"] == 50 and explorer.settings["beta"] == 0.9
    assert AverageExplorer(bias_correction=np.True_).settings["bias_correction"] is True


@pytest.mark.parametrize("days", [None, 5, "ab", {0, 5}, (0.5, 9.5), (True, 5)])
def test_wrong_days_are_named(days):
    with pytest.raises(TypeError, match="days"):
        AverageExplorer(days=days)


def test_csv_paths_that_cannot_be_are_named(explorer, tmp_path):
    with pytest.raises(IsADirectoryError, match="is a folder; add a file name"):
        explorer.to_csv(tmp_path)
    with pytest.raises(FileNotFoundError, match="is not there; make it first"):
        explorer.to_csv(tmp_path / "no" / "run.csv")
    with pytest.raises(TypeError, match="path: 5 is no file name"):
        explorer.to_csv(5)
    (tmp_path / "empty.csv").touch()
    explorer.to_csv(tmp_path / "empty.csv")
    with (tmp_path / "empty.csv").open("a") as own:
        own.write("my,own,notes\n")
    with pytest.raises(FileExistsError):
        explorer.to_csv(tmp_path / "empty.csv")


def test_float32_and_huge_averages_print_no_warning():
    AverageExplorer(average=lambda values, beta: np.asarray(values, dtype="float32"))
    AverageExplorer(average=lambda values, beta: np.full(len(values), 1e300))


def test_a_place_with_a_dollar_sign_is_no_formula(tmp_path):
    path = tmp_path / "oslo$^$.csv"
    path.write_text(
        "date,temp_c\n" + "".join(f"2024-01-{d:02},{d}\n" for d in range(1, 32)), encoding="utf-8"
    )
    explorer = AverageExplorer(temperatures=load_temperatures(path), days=(0, 20))
    assert "error" not in explorer.stage.first_frame


def test_half_a_character_in_a_message_is_no_trouble():
    def step(w, v, dw, alpha, beta):
        raise ValueError("\ud800 x")

    assert "ValueError" in MomentumExplorer(step=step)._still()[1]


def test_a_start_at_the_minimum_is_told_as_such():
    assert "nothing moves" in DescentExplorer(start_1=0, start_2=0, alpha=300).twin
    assert "nothing moves" in MomentumExplorer(start_1=0, start_2=0).twin


def test_a_step_that_prints_at_every_step_does_not_bury_the_figure(capsys):
    def step(w, v, dw, alpha, beta):
        print("w is", w)
        return good(w, v, dw, alpha, beta)

    explorer = MomentumExplorer(step=step)
    explorer._still()
    print("the notebook's own words")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("w is [-9.") and len(lines) == 22
    assert lines[-2:] == ["… your function prints more; the rest is left out.", "the notebook's own words"]


def test_every_span_of_days_finds_its_dates():
    explorer = AverageExplorer()
    for last in range(1, 1461, 20):
        assert "error" not in explorer.stage.answer({"seq": 1, "state": {"days": [0, last]}})[0], last


def test_a_shown_explorer_keeps_no_canvas_and_a_closed_one_nothing():
    import gc

    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure

    def living(kind):
        gc.collect()
        return sum(issubclass(type(thing), kind) for thing in gc.get_objects())

    canvases, figures = living(RendererAgg), living(Figure)
    explorer = MomentumExplorer()
    assert living(RendererAgg) > canvases
    shown = explorer._still()
    assert living(RendererAgg) == canvases, "8 MB for each figure of a lesson"
    assert living(Figure) == figures + 1
    assert explorer._still() == shown, "it can be drawn again"
    assert "error" not in explorer.stage.answer({"seq": 1, "state": {}})[0]
    explorer.close()
    assert living(RendererAgg) == canvases
    assert "make a new one" in explorer.twin and "make a new one" in explorer._still()[1]
    gone = weakref.ref(explorer)
    del explorer
    assert living(Figure) == figures and gone() is None, "fifty runs of a cell leave nothing behind"


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("DescentExplorer", {"alpha": 3.0, "start_2": 0.0}),
        ("MomentumExplorer", {"alpha": 50.0, "start_2": 0.0}),
        ("FirstStepsExplorer", {"alpha": 10.0, "beta": 0.3, "kappa": 10.0, "start_2": 0.0}),
        ("ConventionExplorer", {"alpha": 50.0, "start_2": 0.0}),
        ("BallExplorer", {"dimensions": "two", "alpha": 50.0, "start_2": 0.0}),
        ("MethodsExplorer", {"first": "plain", "alpha_first": 3.0, "start_2": 0.0, "angle": 0}),
    ],
)
def test_a_run_on_the_valleys_floor_is_not_said_to_diverge(name, settings):
    """Above its limit a run converges when it starts where the steep direction has its minimum."""
    explorer = getattr(explorers, name)(**settings)
    assert "only because it starts on the valley's floor" in explorer.twin
    assert "diverges" not in explorer.twin and "gains energy" not in explorer.twin
