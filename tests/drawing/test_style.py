"""Are the colours of a figure told apart by everybody, and is anything told apart by colour alone?

Computed, not looked at. What meets is read from the figures themselves: every registered explorer is drawn at its
start, at each preset and in the middle of its walk, and the looks of style.py are found in it by their colours. So
a new look or a new explorer is covered as soon as it is there.
"""

import re
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.spines import Spine
from matplotlib.text import Text

from lesson_utils import explorers
from lesson_utils.drawing import panels, style

from ..notebook_files import ROOT

APART = (
    10.0  # CIEDE2000; 1 is a difference that can be seen side by side, 2 to 5 one that is seen at a glance
)
READABLE = 4.5  # contrast of words on white: WCAG 2.2, level AA
COLOURED = 12.0  # chroma from which a colour is more than a grey, or the valley's pale blue
BROADER = 1.4  # an arrow is told from another by its breadth from this ratio on

# Linear RGB to CIE XYZ (sRGB, white D65).
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
# Machado, Oliveira and Fernandes (2009), table 1, severity 1.0; for linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


# --- colours as numbers --------------------------------------------------------------------------------


def linear(color):
    """Return a colour as linear RGB."""
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Return linear RGB as CIELAB (white D65)."""
    xyz = XYZ @ rgb / (0.95047, 1.0, 1.08883)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen(color, vision):
    """Return a colour in CIELAB as it looks to somebody with that vision."""
    return lab(np.clip(VISIONS[vision] @ linear(color), 0, 1))


def ciede2000(one, other):
    """Return the CIEDE2000 difference of two CIELAB colours (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    grow = 1 + 0.5 * (1 - np.sqrt(c**7 / (c**7 + 25.0**7)))
    a1, a2 = grow * a1, grow * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    light, c = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * _cosine(hue - 30) + 0.24 * _cosine(2 * hue)
    t += 0.32 * _cosine(3 * hue + 6) - 0.20 * _cosine(4 * hue - 63)
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * c)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * c * t)
    bend = np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))) * 2 * np.sqrt(c**7 / (c**7 + 25.0**7))
    return float(np.sqrt(dl**2 + dc**2 + dh**2 - bend * dc * dh))


def _cosine(degrees):
    return np.cos(np.radians(degrees))


def contrast(one, other="white"):
    """Return the contrast of two colours as WCAG defines it, 1 to 21."""
    a, b = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(c)) for c in (one, other))
    return (b + 0.05) / (a + 0.05)


def chroma(color):
    """Return how far a colour is from grey."""
    return float(np.hypot(*seen(color, "normal")[1:]))


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [  # of the test data that Sharma, Wu and Dalal published with their paper
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_ciede2000(one, other, difference):
    assert ciede2000(one, other) == pytest.approx(difference, abs=5e-5)
    assert ciede2000(other, one) == pytest.approx(difference, abs=5e-5)


def test_lab_and_contrast():
    assert lab(linear("white")) == pytest.approx((100, 0, 0), abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx((53.24, 80.09, 67.20), abs=0.02)
    assert lab(linear("#0000ff")) == pytest.approx((32.30, 79.19, -107.86), abs=0.02)
    assert contrast("black") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.005)  # the lightest grey that may be read
    assert contrast("#777777") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("vision", VISIONS)
def test_no_vision_changes_a_grey(vision):
    assert VISIONS[vision].sum(axis=1) == pytest.approx(np.ones(3), abs=2e-6)


@pytest.mark.parametrize(
    ("cone", "vision", "share"), [(0, "protanopia", 0.18), (1, "deuteranopia", 0.21), (2, "tritanopia", 0.85)]
)
def test_who_lacks_a_cone_misses_what_it_alone_sees(cone, vision, share):
    """The cones are Hunt, Pointer and Estevez's: they come from elsewhere than the matrices above."""
    cones = np.array([[0.4002, 0.7076, -0.0808], [-0.2263, 1.1653, 0.0457], [0, 0, 0.9182]]) @ XYZ
    grey, other = np.full(3, 0.3), np.eye(3)[cone] * share
    pair = [np.linalg.solve(cones, (1 + sign * other) * (cones @ grey)) for sign in (1, -1)]
    assert all(((rgb >= 0) & (rgb <= 1)).all() for rgb in pair)
    apart = {
        name: ciede2000(*(lab(np.clip(matrix @ rgb, 0, 1)) for rgb in pair))
        for name, matrix in VISIONS.items()
    }
    assert apart[vision] == min(apart.values()) < 0.3 * apart["normal"]


# --- what stands in the figures ------------------------------------------------------------------------


def looks_in(thing, name):
    """Yield (name, colour) of every look in a value of style.py, however deep it stands."""
    if isinstance(thing, dict):
        if "color" in thing:
            yield name, to_hex(thing["color"])
        for key, inner in thing.items():
            yield from looks_in(inner, f"{name}.{key}")
    elif isinstance(thing, tuple | list):
        for i, inner in enumerate(thing):
            yield from looks_in(inner, f"{name}.{i}")


def hexes_in(thing):
    """Yield every colour in a value of style.py, be it a look's or not."""
    if isinstance(thing, dict | tuple | list):
        for inner in thing.values() if isinstance(thing, dict) else thing:
            yield from hexes_in(inner)
    elif isinstance(thing, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", thing):
        yield thing.lower()


COLORS = {color for name, thing in vars(style).items() if name.isupper() for color in hexes_in(thing)}
LOOKS = dict(
    pair
    for name, thing in vars(style).items()
    if name.isupper() and name != "RC"
    for pair in looks_in(thing, name)
)


@cache
def figures(name):
    """Return an explorer's figures, each with the words for its settings."""
    explorer = getattr(explorers, name)()
    found = []
    for preset, settings in {"start": {}, **explorer.presets}.items():
        explorer.reset()
        settings = settings(explorer.settings) if callable(settings) else settings
        explorer.set(**{key: value for key, value in settings.items() if key in explorer.controls})
        found.append((preset, explorer.figure()))
        if explorer.player:
            explorer.set(**{explorer.player: explorer.controls[explorer.player].max // 3})
            found.append((f"{preset}, walking", explorer.figure()))
    explorer.close()
    return found


def shown(figure, kind):
    """Return the visible artists of a kind, without the axes' own ticks and grids."""
    ticks = {
        part
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for part in axis.findobj(Line2D)
        if kind is Line2D
    }
    return [
        artist
        for artist in figure.findobj(kind)
        if artist.get_visible() and (artist.axes is None or artist.axes.get_visible()) and artist not in ticks
    ]


def is_drawn(line):
    return line.get_linestyle() not in ("None", "none", " ", "") and line.get_linewidth() > 0


def has_marker(line):
    return line.get_marker() not in (None, "None", "none", " ", "")


def colors_of(figure):
    """Return the colours of everything in a figure but its words."""
    found = set()
    for line in shown(figure, Line2D):
        if is_drawn(line):
            found.add(line.get_color())
        if has_marker(line):
            found |= {to_hex(line.get_markerfacecolor()), to_hex(line.get_markeredgecolor())}
    for patch in shown(figure, Patch):
        if isinstance(patch, Spine):
            continue
        if patch.get_fill():
            found.add(to_hex(patch.get_facecolor()))
        if patch.get_linewidth() > 0:
            found.add(to_hex(patch.get_edgecolor()))
    return {to_hex(color) for color in found}


@cache
def colors_in(name):
    """Return the colours of an explorer's figures, all settings taken together."""
    return frozenset().union(*(colors_of(figure) for _, figure in figures(name)))


def bars(line):
    """Return True for bars: they are drawn as one line with gaps."""
    known = np.isfinite(np.asarray(line.get_ydata(), dtype=float))
    return bool((~known[:-1] & known[1:]).any())


def is_rule(line):
    """Return True for a straight grey line along an axis: its place is what it says, and no curve looks so."""
    x, y = (np.asarray(data, dtype=float) for data in line.get_data())
    return len(x) == 2 and (x[0] == x[1] or y[0] == y[1]) and chroma(line.get_color()) < COLOURED


def sort_of(line):
    """Return what tells a line from others besides its colour."""
    return (
        bars(line),
        str(line._dash_pattern[1]) if line.is_dashed() else "solid",
        str(line.get_marker()) if has_marker(line) else "",
    )


def named_colors(ax):
    """Return the colours of the words in some axes: an arrow with its name beside it needs no other sign."""
    return {
        to_hex(text.get_color())
        for text in ax.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    }


each_explorer = pytest.mark.parametrize("name", explorers.__all__)


@each_explorer
def test_colours_that_meet_are_told_apart(name):
    met = {look: color for look, color in LOOKS.items() if color in colors_in(name)}
    assert met, "no look of style.py is in this figure"
    close = []
    for (one, color), (other, second) in combinations(met.items(), 2):
        for vision in VISIONS if color != second else ():  # looks of one colour are one idea in two lessons
            apart = ciede2000(seen(color, vision), seen(second, vision))
            if apart < APART:
                close.append(f"{one} and {other}, {vision}: {apart:.1f}")
    assert close == []


@each_explorer
def test_colours_come_from_the_one_place(name):
    strange = {color for color in colors_in(name) if chroma(color) > COLOURED} - COLORS
    assert strange == set(), "give it a look in drawing/style.py"


@each_explorer
def test_lines_that_meet_differ_by_more_than_colour(name):
    ours = set(LOOKS.values())
    alike = set()
    for preset, figure in figures(name):
        for ax in figure.axes:
            lines = [
                line
                for line in shown(figure, Line2D)
                if line.axes is ax
                and is_drawn(line)
                and to_hex(line.get_color()) in ours
                and np.isfinite(np.asarray(line.get_ydata(), dtype=float)).sum() > 1
                and not bars(line)
                and not is_rule(line)
            ]
            for one, other in combinations(lines, 2):
                if to_hex(one.get_color()) != to_hex(other.get_color()) and sort_of(one) == sort_of(other):
                    alike.add((preset, one.get_color(), other.get_color(), sort_of(one)))
    assert alike == set()


@each_explorer
def test_arrows_that_meet_differ_by_more_than_colour(name):
    alike = set()
    for preset, figure in figures(name):
        for one, other in combinations(shown(figure, FancyArrowPatch), 2):
            pair = {to_hex(one.get_edgecolor()), to_hex(other.get_edgecolor())}
            if one.axes is not other.axes or len(pair) == 1 or pair <= named_colors(one.axes):
                continue
            thin, broad = sorted((one.get_linewidth(), other.get_linewidth()))
            same_head = type(one.get_arrowstyle()) is type(other.get_arrowstyle())
            if same_head and one.get_linestyle() == other.get_linestyle() and broad < BROADER * thin:
                alike.add((preset, *sorted(pair)))
    assert alike == set()


@each_explorer
def test_words_can_be_read(name):
    pale = set()
    for preset, figure in figures(name):
        for text in shown(figure, Text):
            if text.get_text().strip() and contrast(text.get_color()) < READABLE:
                pale.add((preset, text.get_text(), to_hex(text.get_color())))
    assert pale == set()


def test_marks_on_a_slider_can_be_read_in_both_themes():
    css = (ROOT / "lesson_utils" / "stage" / "stage.css").read_text(encoding="utf-8")
    rules = re.findall(r"^([^{\n]*\.rd-mark[^{\n]*)\{([^}]*)\}", css, re.MULTILINE)
    found = [
        (rule, color, "#111111" if "light=" in rule else "#ffffff")
        for rule, body in rules
        for color in re.findall(r"(?:^|[\s;])color: (#\w+)", body)
    ]
    assert len(found) >= 5
    assert [(rule, color) for rule, color, ground in found if contrast(color, ground) < READABLE] == []


# --- the checks see what they are there to see ---------------------------------------------------------


def test_looks_are_found_however_deep():
    assert dict(looks_in({"a": {"color": "red"}, "b": ({"color": "blue"},)}, "X")) == {
        "X.a": "#ff0000",
        "X.b.0": "#0000ff",
    }
    assert {"PLAIN", "MOMENTUM", "GRADIENT", "VELOCITY", "MINIMUM", "LIMIT"} <= set(LOOKS)


def test_bars_are_no_line_and_a_run_that_ends_in_nan_is_no_bar():
    assert bars(Line2D(*panels.columns([0, 1], [1.0, 2.0])))
    assert not bars(Line2D([0, 1, 2, 3], [1.0, 2.0, np.nan, np.nan]))


def test_a_dash_and_a_marker_count():
    plain, momentum, velocity = (
        Line2D([0, 1], [0, 1], **kind)
        for kind in (
            style.path_of(style.PLAIN),
            style.path_of(style.MOMENTUM),
            style.line_of(style.VELOCITY),
        )
    )
    assert len({sort_of(plain), sort_of(momentum), sort_of(velocity)}) == 3
