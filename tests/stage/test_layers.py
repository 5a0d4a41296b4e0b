"""Artists become layers whose pixels are matplotlib's own."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch
from PIL import Image

from lesson_utils.stage.layers import Layer, read_artist

from .frames import points

UNITS = (1.0, 400.0)  # a figure of 6 x 4 inches at 100 dpi


@pytest.fixture
def ax():
    axes = Figure(figsize=(6, 4), dpi=100).add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set(xlim=(0, 10), ylim=(-2, 2))
    return axes


def where(layer):
    return points({**layer.geometry, "at": 0}, layer.vertices)


def on_page(ax, xy):
    return ax.transData.transform(xy) * (1, -1) + (0, 400)


def test_a_line_is_where_matplotlib_draws_it(ax):
    xy = np.array([[1, -1], [3, 1.5], [4, 0.2], [9, 1]])
    (line,) = ax.plot(*xy.T, "o--", color="#d55e00", linewidth=2, markersize=7)
    path, marks = read_artist(line, UNITS)
    np.testing.assert_allclose(where(path), on_page(ax, xy), atol=1 / 16 + 1e-9)
    np.testing.assert_allclose(where(marks), on_page(ax, xy), atol=1 / 16 + 1e-9)
    assert path.style["stroke"] == "#d55e00"
    assert path.style["width"] == pytest.approx(2 * 100 / 72, abs=0.01)
    assert path.style["dash"] == pytest.approx([2 * 3.7 * 100 / 72, 2 * 1.6 * 100 / 72], abs=0.02)
    assert path.names[1] == marks.names[1], "the same points are sent once"


def test_evenly_spaced_points_send_their_heights_only(ax):
    (line,) = ax.plot(np.arange(11), np.sin(np.arange(11)))
    (layer,) = read_artist(line, UNITS)
    assert len(layer.vertices) == 2 * 11
    np.testing.assert_allclose(where(layer), on_page(ax, line.get_xydata()), atol=0.15)


def test_a_line_that_leaves_for_infinity_leaves_in_the_right_direction(ax):
    (line,) = ax.plot([1, 1.5, 2e200, np.nan], [0, 0.5, 2e200, np.nan])
    (layer,) = read_artist(line, UNITS)
    seen = where(layer)
    assert np.isfinite(seen).all() and np.abs(seen).max() <= 4000
    slope = np.diff(seen, axis=0)[-1]
    expected = on_page(ax, [2, 1]) - on_page(ax, [1, 0])
    assert slope[1] / slope[0] == pytest.approx(expected[1] / expected[0], rel=0.02)


@pytest.fixture(scope="module")
def line():
    axes = Figure(figsize=(6, 4), dpi=100).add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set(xlim=(0, 10), ylim=(-2, 2))
    return axes.plot([], [], "o-")[0]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=0, max_size=30))
def test_no_number_breaks_a_line(line, values):
    line.set_data(values, values[::-1])
    for layer in read_artist(line, UNITS):
        assert np.abs(where(layer)).max(initial=0) <= 4000


def test_gaps_stay_gaps(ax):
    (line,) = ax.plot([1, 1, np.nan, 2, 2, np.nan], [0, 1, np.nan, 0, -1, np.nan])
    (layer,) = read_artist(line, UNITS)
    assert layer.geometry["codes"] == "MLML"
    np.testing.assert_allclose(where(layer), on_page(ax, [[1, 0], [1, 1], [2, 0], [2, -1]]), atol=0.07)


def test_a_settled_path_is_sent_once(ax):
    (line,) = ax.plot([1, 5, *[5] * 400], [0, 1, *[1] * 400])
    assert len(where(read_artist(line, UNITS)[0])) == 2


def test_markers_that_are_left_out_are_not_sent(ax):
    xy = np.array([[1, -1], [3, 1.5], [4, 0.2], [9, 1]])
    (line,) = ax.plot(*xy.T, "o-", markevery=[0, 3])
    path, marks = read_artist(line, UNITS)
    np.testing.assert_allclose(where(path), on_page(ax, xy), atol=1 / 16 + 1e-9)
    np.testing.assert_allclose(where(marks), on_page(ax, xy[[0, 3]]), atol=1 / 16 + 1e-9)


def test_a_dense_line_with_few_markers_is_sent_without_what_cannot_be_seen(ax):
    x = np.append(np.linspace(1, 9, 400), 3.0)
    y = np.sin(x) + 1e-4 * (-1.0) ** np.arange(len(x))
    (line,) = ax.plot(x, y, "o-", markevery=[0, 400])
    path, _ = read_artist(line, UNITS)
    sent, all_points = where(path), on_page(ax, line.get_xydata())
    assert len(sent) < 100
    np.testing.assert_allclose(sent[[0, -1]], all_points[[0, -1]], atol=0.3)
    off = np.abs(np.interp(all_points[:-1, 0], *sent[:-1].T) - all_points[:-1, 1])
    assert off.max() < 0.6


def test_a_patch_keeps_its_curves_and_colours(ax):
    ring = ax.add_patch(Ellipse((5, 0), 4, 2, facecolor="#eaf3f9", edgecolor="black", linewidth=1))
    (layer,) = read_artist(ring, UNITS)
    assert layer.style["fill"] == "#eaf3f9" and "C" in layer.geometry["codes"]
    box = where(layer)
    np.testing.assert_allclose(
        [box.min(axis=0), box.max(axis=0)], [on_page(ax, (3, 1)), on_page(ax, (7, -1))], atol=2
    )


def test_an_arrow_reaches_its_head(ax):
    arrow = ax.add_patch(
        FancyArrowPatch((1, 0), (4, 1), arrowstyle="-|>", mutation_scale=20, shrinkA=0, shrinkB=0)
    )
    (layer,) = read_artist(arrow, UNITS)
    away = np.linalg.norm(where(layer) - on_page(ax, (4, 1)), axis=1).min()
    assert away < 4


def test_an_arrows_head_is_as_large_before_matplotlib_has_drawn_it_as_after(ax):
    ax.figure.set_dpi(144)
    arrow = ax.add_patch(FancyArrowPatch((0.2, 0.2), (0.8, 0.8), arrowstyle="-|>", mutation_scale=20))
    units = (100 / 144, 100 * ax.figure.get_figheight())
    (before,) = read_artist(arrow, units)
    FigureCanvasAgg(ax.figure).draw()
    (after,) = read_artist(arrow, units)
    assert before.names == after.names


def test_text_says_its_words_at_its_place(ax):
    text = ax.text(2, 1, "β = 0.9", fontsize=18, ha="right", va="bottom", fontweight="bold")
    (layer,) = read_artist(text, UNITS)
    assert (
        layer.geometry["s"] == "β = 0.9"
        and layer.style["anchor"] == "end"
        and layer.style["weight"] == "bold"
    )
    np.testing.assert_allclose([layer.geometry["x"], layer.geometry["y"]], on_page(ax, (2, 1)), atol=0.06)
    assert layer.style["size"] == pytest.approx(25, abs=0.1)


def test_an_axis_moves_with_its_limits(ax):
    ax.set_xlim(100, 200)
    words = {
        layer.geometry["s"]: layer.geometry["x"]
        for layer in read_artist(ax.xaxis, UNITS)
        if "s" in layer.geometry
    }
    assert words["120"] == pytest.approx(on_page(ax, (120, 0))[0], abs=0.06)
    assert all(100 <= float(word) <= 200 for word in words)


def pixels(layer):
    """Return the picture of a layer as (height, width, 4) bytes, its first row at the top of the page."""
    return np.asarray(Image.open(io.BytesIO(layer.vertices)).convert("RGBA"))


@pytest.mark.parametrize("origin", ["lower", "upper"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_picture_is_where_matplotlib_draws_it(ax, origin, turned):
    cells = np.arange(6.0).reshape(2, 3)
    extent = (1, 7, -1, 1) if origin == "lower" else (7, 1, 1, -1)
    image = ax.imshow(
        cells, cmap="cividis", origin=origin, extent=extent, aspect="auto", interpolation="nearest"
    )
    ax.set(xlim=(0, 10), ylim=(2, -2) if turned else (-2, 2))
    (layer,) = read_artist(image, UNITS)
    x, y, width, height = layer.geometry["box"]
    left, right = on_page(ax, (1, 0))[0], on_page(ax, (7, 0))[0]
    top, bottom = sorted(on_page(ax, (0, y))[1] for y in (-1, 1))
    np.testing.assert_allclose([x, x + width, y, y + height], [left, right, top, bottom], atol=0.02)
    assert layer.geometry["png"] == len(layer.vertices) and layer.style["k"] == "image"
    seen = pixels(layer)
    assert seen.shape == (2, 3, 4)
    canvas = FigureCanvasAgg(ax.get_figure())
    canvas.draw()
    drawn = np.asarray(canvas.buffer_rgba())
    for row in range(2):
        for column in range(3):
            at = drawn[round(y + height * (row + 0.5) / 2), round(x + width * (column + 0.5) / 3)]
            np.testing.assert_allclose(at, seen[row, column], atol=2)


def test_few_colours_make_a_small_picture(ax):
    rng = np.random.default_rng(7)
    blocks = np.kron(rng.integers(0, 9, (6, 9)), np.ones((10, 10)))
    image = ax.imshow(blocks, cmap="cividis", interpolation="nearest")
    ax.set(xlim=(0, 90), ylim=(60, 0))
    (layer,) = read_artist(image, UNITS)
    assert len(layer.vertices) < 500 and not layer.style["smooth"]
    np.testing.assert_array_equal(pixels(layer), image.to_rgba(blocks, bytes=True))


def test_many_colours_and_holes_come_through(ax):
    cells = np.arange(30.0 * 30).reshape(30, 30)
    image = ax.imshow(cells, cmap="viridis", interpolation="bilinear", alpha=0.5, extent=(0, 1, 0, 1))
    image.set_cmap(image.get_cmap().with_extremes(bad=(0, 0, 0, 0)))
    ax.set(xlim=(0, 1), ylim=(1, 0) if image.origin == "lower" else (0, 1))
    (layer,) = read_artist(image, UNITS)
    assert layer.style["smooth"] and layer.style["opacity"] == 0.5 and (pixels(layer)[..., 3] == 255).all()
    image.set(alpha=None, data=np.ma.masked_less(cells % 5, 1))
    (layer,) = read_artist(image, UNITS)
    assert (pixels(layer)[..., 3] == np.where(cells % 5 < 1, 0, 255)).all() and "opacity" not in layer.style
    image.set_data(np.random.default_rng(1).random((40, 40, 3)))
    (layer,) = read_artist(image, UNITS)
    np.testing.assert_array_equal(pixels(layer), image.to_rgba(image.get_array(), bytes=True))


def test_hidden_artists_are_not_sent(ax):
    (line,) = ax.plot([1, 2], [0, 1])
    line.set_visible(False)
    assert read_artist(line, UNITS) == []


def test_what_cannot_move_is_refused_by_name(ax):
    with pytest.raises(TypeError, match="PathCollection cannot move on the stage; allowed are Line2D"):
        read_artist(ax.scatter([1], [1]), UNITS)
    with pytest.raises(TypeError, match="mathtext"):
        read_artist(ax.text(1, 1, r"$\alpha$"), UNITS)


def test_equal_content_has_an_equal_name():
    one, two = Layer({"k": "path"}, {"n": 1}, b"abcd"), Layer({"k": "path"}, {"n": 1}, b"abcd")
    assert one.names == two.names
    assert one.names[1] != Layer({"k": "path"}, {"n": 1}, b"abce").names[1]
    assert {len(name) for name in one.names} == {8}
