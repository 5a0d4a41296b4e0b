"""Every explorer: both ends of every control and between, its picture, its files, its presets."""

import csv
import gc
import io
import weakref

import ipywidgets as widgets
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from lesson_utils import explorers, optimizers
from lesson_utils.drawing import panels
from lesson_utils.explorers import MomentumExplorer, ParabolaExplorer, base, showing
from lesson_utils.explorers.controls import StopSlider
from lesson_utils.losses import Quadratic
from lesson_utils.stage import FOR_HANDS

from ..stage.frames import Holder, same
from .undrawn import undrawn


@pytest.fixture(scope="module", params=explorers.__all__)
def made(request):
    explorer = getattr(explorers, request.param)()
    yield explorer
    explorer.close()


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
    """Draw a frame for settings: the picture is not blank and no number in its sentence is infinite."""
    frame = explorer.stage.frame(settings)
    layers = len(explorer.stage._read_layers())
    assert layers >= 3 and frame.twin, f"{layers} things move, is it blank? At {settings}"
    assert len(frame.twin) <= explorer.letters, "the page keeps no place for so long a sentence"
    assert not any(word in frame.twin for word in ("nan", "inf", "None", "array")), (settings, frame.twin)


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


def test_a_frame_is_small_whichever_slider_moves_and_however_long_the_run_is(explorer):
    """With what ipywidgets sends for the slider itself, the main one stays below 10 KB."""
    page = Holder(explorer.stage)
    moves = {name: len(one.stops) for name, one in explorer.controls.items() if isinstance(one, StopSlider)}
    main = next((name for name in ("beta", "alpha", *moves) if name in moves), None)
    if main is None:
        return

    def largest(name, places):
        page.ask()
        return max(page.size for place in places if page.ask(**{name: place}))

    assert largest(main, range(60, 90)) < 6000
    assert all(largest(name, range(0, count, 12)) < 10_000 for name, count in moves.items())
    if "steps" in explorer.controls:
        explorer.set(steps=explorer.controls["steps"].max)
    assert largest(main, range(60, 90, 3)) < 10_000


def test_frames_do_not_depend_on_what_was_drawn_before(explorer):
    """From any setting to any other: the cached picture equals a fresh one."""
    page, rng = Holder(explorer.stage), np.random.default_rng(7)
    names = [n for n, c in explorer.controls.items() if not isinstance(c, widgets.IntRangeSlider)]
    state = {}
    for _ in range(12):
        name = names[rng.integers(len(names))]
        control = explorer.controls[name]
        options = places(control)
        value = options[rng.integers(len(options))]
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


def paths(page):
    """Return (look, points) of the markers of each path that a page shows."""
    page.ask()
    artists = [one for one in page.stage._moving() for _ in page.stage._read[one][1]]
    return [
        (look, points)
        for artist, (look, _, points) in zip(artists, page.layers, strict=True)
        if hasattr(artist, "seen") and look["k"] == "marks" and len(points) > 3
    ]


def test_markers_of_a_dense_path_leave_its_line_to_be_seen(explorer):
    """At each preset and at parts of its α, where steps are short, for as long as a run can be."""
    alphas = [name for name in explorer.controls if name.startswith("alpha")]
    page, found = Holder(explorer.stage), 0
    for preset in ("", *explorer.presets):
        explorer.reset()
        explorer.set(**(explorer.preset(preset) if preset else {}))
        first = explorer.settings
        if "steps" in first:
            explorer.set(steps=explorer.controls["steps"].max)
        for part in (1.0, 0.25, 0.1):
            explorer.set(**{name: part * first[name] for name in alphas})
            for look, points in paths(page):
                gaps = np.hypot(*(points[:, None] - points).T) + 1e6 * np.eye(len(points))
                width = float(look["shape"].split("a")[1].split()[0]) * 2 if "a" in look["shape"] else 9.0
                assert gaps.min() > 0.65 * panels.OVERLAP * width, (look, explorer.settings)
                found += 1
    drawn = [one for one in explorer.stage._moving() if hasattr(one, "seen") and len(one.get_xdata()) > 3]
    assert found or not drawn


def test_buttons_set_and_draw_the_presets_and_reset_takes_them_back(explorer):
    first = explorer.settings
    reset, *others = (w for w in explorer.widget.children[0].children if isinstance(w, widgets.Button))
    assert [reset.description, *(b.description for b in others)] == ["Reset", *explorer.presets]
    for button in others:
        values = explorer.preset(button.description)
        button.click()
        assert {k: v for k, v in explorer.settings.items() if k in values} == values
        draws(explorer, explorer.settings)
    reset.click()
    assert explorer.settings == first


def grey(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=float)


def test_figure_is_the_picture_that_a_page_shows(explorer):
    out = io.BytesIO()
    explorer.figure().savefig(out, dpi=100)
    drawn, shown = grey(out.getvalue()), grey(explorer.stage.strip([explorer.settings])[0].png)
    assert drawn.shape == shown.shape and drawn.std() > 10
    # Letters are hinted at two sizes, so blocks of 40 pixels are compared, not pixels.
    blur = [a.reshape(a.shape[0] // 40, 40, a.shape[1] // 40, 40).mean(axis=(1, 3)) for a in (drawn, shown)]
    assert np.abs(blur[0] - blur[1]).max() < 20


def displayed(explorer, monkeypatch):
    """Return what an explorer displays: (data, metadata) of the live figure and of its pictures."""
    shown = []
    monkeypatch.setattr(base, "PAUSE", 0)
    monkeypatch.setattr("IPython.display.display", lambda data, **more: shown.append((data, more)))
    explorer._ipython_display_()
    return [(data, more.get("metadata", {})) for data, more in shown]


def test_display_carries_the_widget_and_pictures_with_their_sentences_under_them(explorer, monkeypatch):
    (view, _), (still, metadata) = displayed(explorer, monkeypatch)
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.widget.model_id
    page = BeautifulSoup(still["text/html"], "html.parser")
    assert page.div["class"] == [f"still-{explorer.stage.key}"], "the live figure hides the whole of it"
    frames = [explorer.stage.frame(settings) for settings in explorer._pictured()]
    assert [one.figcaption.text for one in page.find_all("figure")] == [frame.twin for frame in frames]
    images = page.select("figure > img:first-child")
    assert [image["alt"] for image in images] == [frame.label for frame in frames]
    assert 2 <= len(images) <= base.MOST_PICTURES, (
        f"strip: {explorer.strip} must make one picture more, or two"
    )
    assert all(len(image["alt"]) < 200 for image in images)
    for image in images:
        picture = Image.open(io.BytesIO(base.base64.b64decode(image["src"].partition(",")[2])))
        assert picture.format == "PNG" and picture.size == tuple(round(100 * side) for side in explorer.size)
    assert images[0]["src"] == f"data:image/png;base64,{still['image/png']}", "and no other once more"
    alt = metadata["image/png"]["alt"]
    assert frames[0].label in alt and frames[0].twin in alt, "alone it has no caption"
    assert all(frame.twin in still["text/plain"] for frame in frames)


def test_what_a_function_says_is_no_html(monkeypatch):
    def step(w, v, dw, alpha, beta):
        raise ValueError('<b>"&')

    explorer = MomentumExplorer(step=step)
    page = BeautifulSoup(displayed(explorer, monkeypatch)[1][0]["text/html"], "html.parser")
    assert page.figcaption.text == explorer.twin and '<b>"&' in explorer.twin and page.figure.img["alt"]


ASK = {"Convention", "Descent", "FirstSteps", "Map", "Methods", "Momentum", "Scaling", "Surface"}


def test_what_asks_for_hands_stands_in_the_live_figure_only(explorer):
    def asking(figure):
        return [text for text in figure.findobj(Text) if "drag" in text.get_text()]

    explorer.stage.frame(explorer.settings)
    found = asking(explorer.stage._figure)
    assert all(text.get_gid() == FOR_HANDS for text in found) and len(found) <= 1
    assert found or type(explorer).__name__.removesuffix("Explorer") not in ASK
    assert asking(explorer.figure()) == []


def test_a_figure_is_the_users_own():
    explorer = ParabolaExplorer()
    one, two = explorer.figure(), explorer.figure()
    one.axes[0].set_title("mine")
    assert two.axes[0].get_title() != "mine" and explorer.stage._figure.axes[0].get_title() != "mine"
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []


def test_a_cell_that_is_run_again_gives_back_what_it_held(monkeypatch):
    runs = iter([("a", 1), ("a", 2), ("b", 3), ("b", 4)])
    monkeypatch.setattr(showing, "_running_cell", lambda: next(runs))
    monkeypatch.setattr(showing, "_shown", {})
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: None)
    monkeypatch.setenv(base.LIVE_ONLY, "1")
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


@pytest.fixture
def living():
    """A function that counts the living things of a kind that were made since."""
    gc.collect()
    gc.freeze()  # what is there already need not be looked through each time

    def count(kind):
        gc.collect()
        return sum(issubclass(type(thing), kind) for thing in gc.get_objects())

    yield count
    gc.unfreeze()


def test_a_shown_explorer_keeps_no_canvas_and_a_closed_one_nothing(living):
    explorer = ParabolaExplorer()
    assert living(RendererAgg) == living(Figure) == 1
    shown = explorer.stage.strip(explorer._pictured())
    assert living(RendererAgg) == 0, "8 MB for each figure of a lesson"
    assert living(Figure) == 1
    assert explorer.stage.strip(explorer._pictured()) == shown, "it can be drawn again"
    assert "error" not in explorer.stage.answer({"seq": 1, "state": {}})[0]
    explorer.close()
    assert living(RendererAgg) == 0
    assert "make a new one" in explorer.twin and "make a new one" in explorer.stage.strip([{}])[0].sentence
    gone = weakref.ref(explorer)
    del explorer
    assert living(Figure) == 0 and gone() is None, "fifty runs of a cell leave nothing behind"


def test_csv_has_the_settings_and_the_numbers_and_overwrites_nobodys_file(explorer, tmp_path):
    path = tmp_path / "run.csv"
    explorer.to_csv(path)
    explorer.to_csv(path)  # an explorer's own file may be written again
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# Rolling Downhill: {type(explorer).__name__}, ")
    for name, value in explorer.settings.items():
        assert f"# {name} = {value}" in lines
    table = list(csv.reader(line for line in lines if not line.startswith("#")))
    assert len(table) > 5 and all(len(row) == len(table[0]) for row in table)
    path.write_text("my essay")
    with pytest.raises(FileExistsError, match="holds something else already"):
        explorer.to_csv(path)
    assert path.read_text() == "my essay"


@pytest.mark.parametrize(
    ("kind", "settings", "column", "start"),
    [
        ("Map", {"alpha": 6}, "w", (-9, 1.2)),
        ("Momentum", {"alpha": 6, "plain": "same"}, "momentum_w", (-9, 1.2)),
        ("Momentum", {"alpha": 6, "plain": "same"}, "v_dw", (-9, 1.2)),
        ("Methods", {"second": "momentum", "alpha_second": 6}, "second_w", (-1.7, 0.6)),
        ("Methods", {"first": "momentum", "alpha_first": 6}, "first_w", (-1.7, 0.6)),
    ],
)
def test_csv_is_the_run(kind, settings, column, start, csv_of):
    rows = csv_of(undrawn(kind, beta=0.8, steps=30, **settings))
    path = optimizers.momentum(Quadratic((0.01, 1)).gradient, start, 6, 0.8, 30)
    expected = path.v if column == "v_dw" else path.w
    np.testing.assert_allclose(
        [[float(row[f"{column}{i}"]) for i in "12"] for row in rows], expected, rtol=1e-12
    )


def test_csv_paths_that_cannot_be_are_named(tmp_path):
    explorer = undrawn(MomentumExplorer)
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
    assert "only from the valley's floor" in explorer.twin
    assert "diverges" not in explorer.twin and "gains energy" not in explorer.twin


def test_a_ravine_can_be_seen_in_true_proportions():
    explorer = explorers.DescentExplorer()
    for true, words in ((True, "true proportions"), (False, "not to scale: w₁ is squeezed 4 times")):
        ax = explorer.set(to_scale=true).figure().axes[0]
        per_unit = [
            size / np.ptp(ends)
            for size, ends in ((ax.bbox.width, ax.get_xlim()), (ax.bbox.height, ax.get_ylim()))
        ]
        assert per_unit[1] / per_unit[0] == pytest.approx(1.0 if true else 4.15, rel=0.01)
        assert words in [text.get_text() for text in ax.texts]
