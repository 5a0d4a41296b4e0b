"""The stage answers a page with what differs, and what the page then holds is the whole picture."""

import io

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from lesson_utils.stage import FOR_HANDS, Frame, Handle, Stage

from .frames import Holder, same


def make():
    figure = Figure(figsize=(6.4, 4), dpi=100)
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    ax.set(xlim=(0, 10), ylim=(-1, 1), title="still")
    (line,) = ax.plot([], [], "o-", animated=True)
    note = ax.text(5, 0.8, "", animated=True)
    ax.xaxis.set_animated(True)
    controls = {
        "height": widgets.FloatSlider(value=0.5, min=-1, max=1),
        "count": widgets.SelectionSlider(options=[("two", 2), ("five", 5), ("nine", 9)], value=5),
        "span": widgets.FloatSlider(value=10, min=5, max=20),
        "paper": widgets.ToggleButtons(options=["white", "grey"]),
    }

    def redraw(settings):
        if settings["height"] > 0.95:
            raise ZeroDivisionError("too high")
        x = np.arange(settings["count"])
        line.set_data(x, settings["height"] * np.cos(x))
        note.set_text(f"h = {settings['height']:.2f}")
        ax.set_xlim(0, settings["span"])
        ax.set_facecolor("white" if settings["paper"] == "white" else "#dddddd")
        handle = Handle(ax, (1, settings["height"]), ("count", "height"), "a point")
        return Frame(twin=f"{settings['count']} points", handles=(handle,), background=settings["paper"])

    return Stage(figure, controls, redraw)


@pytest.fixture(scope="module")
def stage():
    return make()


@pytest.fixture(scope="module")
def other():
    return make()


moves = st.lists(
    st.one_of(
        st.tuples(st.just("height"), st.floats(-1, 0.9)),
        st.tuples(st.just("count"), st.integers(0, 2)),
        st.tuples(st.just("span"), st.floats(5, 20)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40)
@given(moves)
def test_differences_add_up_to_the_whole_picture(stage, other, steps):
    page, state = Holder(stage), {}
    for name, value in steps:
        state[name] = value
        page.ask(**state)
    other._read.clear()
    fresh = Holder(other)
    fresh.id = None  # it holds no frame, so it is sent a whole one
    fresh.ask(**state)
    assert same(page.layers, fresh.layers)


def test_a_frame_that_changes_nothing_sends_nothing(stage):
    page = Holder(stage)
    page.ask(height=0.25)
    reply = page.ask(height=0.25)
    assert reply["new"] == {} and set(reply["layers"]) == {0}


def test_a_page_whose_frame_is_forgotten_is_sent_a_whole_one(stage):
    page = Holder(stage)
    page.ask(height=0.1)
    page.pieces.clear()
    page.id = -5
    page.ask(height=0.1)
    assert 0 not in page.reply["layers"] and len(page.layers) == len(page.reply["layers"])


def test_each_page_asks_for_itself(stage):
    one, two = Holder(stage), Holder(stage)
    for i in range(100):  # more than is remembered
        one.ask(height=i / 200)
    two.ask(height=0.3)
    one.ask(height=0.3)
    assert same(one.layers, two.layers)


def test_an_error_is_told_and_the_next_good_value_brings_the_picture_back(stage):
    page = Holder(stage)
    reply = page.ask(height=0.99)
    assert "ZeroDivisionError: too high" in reply["error"]
    reply = page.ask(height=0.5)
    assert "error" not in reply and reply["twin"] == "5 points"


def test_the_background_holds_what_does_not_move_and_only_that(stage):
    picture = np.asarray(Image.open(io.BytesIO(stage.first_background)).convert("L"), dtype=int)
    axis = picture[:, : int(0.12 * picture.shape[1])]
    inside = picture[int(0.15 * len(picture)) : int(0.85 * len(picture)), int(0.12 * picture.shape[1]) :]
    assert axis.min() < 100, "the axis is there"
    assert inside[:, : int(0.8 * inside.shape[1])].min() > 200, "no line, no moving text"


def test_the_letters_of_what_does_not_move_are_words_and_no_pixels(stage):
    groups = stage.first_frame["letters"]
    words = {s: (style, x, y) for style, texts in groups for x, y, s in texts}
    assert set(words) == {"still", *(f"{v:.2f}".replace("-", "−") for v in np.linspace(-1, 1, 9))}
    style, x, y = words["still"]
    assert (style["anchor"], x) == ("middle", 320) and 0 < y < 40, "over the middle of the axes"
    assert words["1.00"][2] == 40 and words["−1.00"][2] == 360 and words["1.00"][1] < 64
    picture = np.asarray(Image.open(io.BytesIO(stage.first_background)).convert("L"), dtype=int)
    assert picture[: int(0.09 * len(picture))].min() == 255, "no pixel of the title"
    (still,) = stage.strip([stage.settings()])
    still = np.asarray(Image.open(io.BytesIO(still.png)).convert("L"), dtype=int)
    assert still[:36].min() < 100, "a page without a kernel has its title in the picture"


def test_the_background_is_sent_with_its_letters_when_it_changes_and_only_then(stage):
    page = Holder(stage)
    page.ask()
    request = {"seq": 1, "state": {"height": 0.2}, "base": page.id}
    reply, buffers = stage.answer(request)
    assert len(buffers) == 1 and "letters" not in reply
    reply, buffers = stage.answer({**request, "state": {"paper": 1}})
    assert len(buffers) == 2 and reply["letters"]


def test_the_strip_shows_the_moving_artists_and_leaves_the_page_right(stage):
    page = Holder(stage)
    page.ask(height=-0.5)
    before = page.layers
    stills = stage.strip([{**stage.settings(), "height": h} for h in (-0.5, 0.5)])
    one, other = (Image.open(io.BytesIO(still.png)).convert("L") for still in stills)
    assert one.size == other.size == (640, 400)
    apart = np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int))
    assert (apart > 60).sum() > 100, "two settings, two pictures"
    assert [still.sentence for still in stills] == ["5 points", "5 points"]
    page.ask(height=-0.5)
    assert same(before, page.layers)


def test_what_is_for_hands_is_on_the_page_and_not_in_the_strip(stage):
    (note,) = (text for text in stage._figure.axes[0].texts)
    page = Holder(stage)
    before = stage.strip([stage.settings()])
    note.set_gid(FOR_HANDS)
    try:
        without = stage.strip([stage.settings()])
        page.ask()
        assert any(shape.get("s") == "h = 0.50" for _, shape, _ in page.layers)
    finally:
        note.set_gid(None)
    assert stage.strip([stage.settings()]) == before != without


def test_handles_know_their_place(stage):
    (handle,) = Holder(stage).ask(height=0.5)["handles"]
    assert handle["box"] == pytest.approx([64, 40, 512, 320])
    assert handle["limits"] == [0, 10, -1, 1] and handle["at"] == [1, 0.5]
    assert handle["stops"] == [] and handle["anywhere"] is False


def test_a_setting_from_the_page_is_the_controls_own_value(stage):
    page = Holder(stage)
    page.ask(count=2)
    assert page.reply["twin"] == "9 points"
    assert stage.settings()["count"] == 5, "asking for a frame moves no control"


def test_hidden_axes_hide_what_moves_on_them():
    """As matplotlib draws it: two axes in one place, and a setting says which of them is seen."""
    figure = Figure(figsize=(4, 3), dpi=100)
    axes = [figure.add_axes((0.1, 0.1, 0.8, 0.8)) for _ in range(2)]
    for ax, marker in zip(axes, "os", strict=True):
        ax.plot([0, 1], [0, 1], marker, animated=True)
        ax.xaxis.set_animated(True)
    which = widgets.Dropdown(options=[("first", 0), ("second", 1)], value=0)

    def redraw(settings):
        for i, ax in enumerate(axes):
            ax.set_visible(settings["which"] == i)
        return Frame(twin=f"axes {settings['which']}", background=settings["which"])

    stage = Stage(figure, {"which": which}, redraw)
    page = Holder(stage)
    shapes = []
    for index in (0, 1, 0):
        page.ask(which=index)
        shapes.append([style["shape"] for style, _, _ in page.layers if style["k"] == "marks"][-1:])
        assert sum(style["k"] == "text" for style, _, _ in page.layers) < 10, "one row of tick labels"
    assert shapes[0] == shapes[2] != shapes[1]
    assert len([s for s, _, _ in page.layers if s["k"] == "marks" and s["shape"] == shapes[0][0]]) == 1


def test_every_page_is_told_to_ask_again(stage, monkeypatch):
    sent = []
    monkeypatch.setattr(stage, "send", lambda content, buffers=None: sent.append(content))
    stage.ask_again()
    assert sent == [{"kind": "again"}]


def test_a_button_acts_on_what_the_page_shows_and_not_on_what_the_kernel_knows(stage, monkeypatch):
    done, before = [], stage.settings()
    monkeypatch.setattr(stage, "act", lambda name, settings: done.append((name, settings)))
    stage._on_message(stage, {"kind": "act", "name": "run", "state": {"height": 0.3}}, [])
    assert before["height"] != 0.3 and done == [("run", {**before, "height": 0.3})]


@pytest.mark.parametrize("at", [([5.0], [5.0]), ([np.nan], [0.5]), ([], [])])
def test_marks_that_all_lie_outside_are_a_piece_without_points(at):
    figure = Figure(figsize=(4, 3))
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.plot(*at, "o", animated=True)
    page = Holder(Stage(figure, {}, lambda settings: Frame(twin="some words")))
    assert [len(xy) for style, _, xy in page.layers if style["k"] == "marks"] == [0]
    pieces = [piece for piece in page.reply["new"].values() if piece.get("n") == 0]
    assert pieces and "at" not in pieces[0], "the page must not take its points for granted"


def make_map(scales=True):
    figure = Figure(figsize=(6.4, 4), dpi=100)
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    ax.set(xlim=(-1, 3), ylim=(0, 5))
    image = ax.imshow(np.zeros((20, 30)), extent=(-1, 3, 0, 5), aspect="auto", vmin=0, vmax=9, animated=True)
    (dot,) = ax.plot([], [], "o", animated=True)
    controls = {
        "rate": widgets.SelectionSlider(options=[("a", 0.1), ("b", 1.0), ("c", 100.0)], value=1.0),
        "height": widgets.FloatSlider(value=2, min=0, max=5),
        "shade": widgets.IntSlider(value=3, min=0, max=9),
    }
    drawn = []

    def redraw(settings):
        if drawn[-1:] != [settings["shade"]]:
            drawn.append(settings["shade"])
            image.set_data(np.full((20, 30), settings["shade"]))
        at = (np.log10(settings["rate"]), settings["height"])
        dot.set_data([at[0]], [at[1]])
        handle = Handle(
            ax, at, ("rate", "height"), "a point", scales=(np.log10,) if scales else (), anywhere=True
        )
        return Frame(twin="a map", handles=(handle,))

    return Stage(figure, controls, redraw)


def pictures(reply):
    return [piece for piece in reply["new"].values() if "png" in piece]


def test_a_picture_is_sent_when_its_cells_change_and_only_then():
    page = Holder(make_map())
    assert len(pictures(page.reply)) == 1
    assert pictures(page.ask(rate=2)) == [], "the point moves over it"
    assert len(pictures(page.ask(rate=2, shade=7))) == 1
    assert pictures(page.ask(rate=0, shade=7)) == []
    (picture,) = [xy for style, _, xy in page.layers if style["k"] == "image"]
    assert Image.open(io.BytesIO(picture.tobytes())).size == (30, 20)


def test_a_picture_stands_in_the_strip_and_not_in_the_background():
    stage = make_map()
    background = np.asarray(Image.open(io.BytesIO(stage.first_background)).convert("RGB"), dtype=int)
    (still,) = stage.strip([stage.settings()])
    strip = np.asarray(Image.open(io.BytesIO(still.png)).convert("RGB"), dtype=int)
    middle = (len(strip) // 2, strip.shape[1] // 3)
    assert (background[len(background) // 2, background.shape[1] // 3] > 250).all()
    assert np.ptp(strip[middle]) > 30


def test_a_handle_knows_the_places_of_its_controls_stops():
    page = Holder(make_map())
    (handle,) = page.reply["handles"]
    assert handle["anywhere"] is True
    assert page.pieces[handle["stops"][0]][0] == {"stops": [-1.0, 0.0, 2.0]}
    again = page.ask(rate=2)
    assert again["handles"][0]["stops"] == handle["stops"] and handle["stops"][0] not in again["new"]
    page.stage._widgets["rate"].options = [("a", 10.0), ("b", 1.0)]
    new = page.ask(rate=0)
    assert new["new"][new["handles"][0]["stops"][0]] == {"stops": [1.0, 0.0]}


def test_a_scale_needs_a_control_with_stops():
    figure = Figure()
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    slider = widgets.FloatSlider()
    handle = Handle(ax, (0, 0), ("x",), "a point", scales=(np.log10,))
    stage = Stage(figure, {"x": slider}, lambda _: Frame(twin="", handles=(handle,)))
    assert "the control x has no stops" in stage.first_frame["error"]
