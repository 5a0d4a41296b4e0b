"""Are the colours of a figure told apart by everybody, and is anything told apart by colour alone?

Computed, not looked at. What meets is read from the figures themselves: every registered explorer is drawn at its
start, at each preset and in the middle of its walk, and the looks of style.py are found in it by their colours. So
a new look or a new explorer is covered as soon as it is there.
"""

import re
from itertools import combinations

import numpy as np
import pytest
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.spines import Spine
from matplotlib.text import Text

from lesson_utils import explorers
from lesson_utils.drawing import style
from workshop.files import ROOT

from .colors import VISIONS, apart, chroma, contrast

APART = 10.0  # CIEDE2000; 2 to 5 is seen at a glance, side by side
READABLE = 4.5  # contrast of words on white: WCAG 2.2, level AA
COLOURED = 12.0  # chroma from which a colour is more than a grey, or the valley's pale blue
BROADER = 1.4  # an arrow is told from another by its breadth from this ratio on


def parts_of(thing, name):
    """Yield (name, value) of everything in a value of style.py, however deep it stands."""
    yield name, thing
    inner = (
        thing.items()
        if isinstance(thing, dict)
        else enumerate(thing)
        if isinstance(thing, tuple | list)
        else ()
    )
    for key, part in inner:
        yield from parts_of(part, f"{name}.{key}")


STYLE = [part for name, thing in vars(style).items() if name.isupper() for part in parts_of(thing, name)]
COLORS = {thing.lower() for _, thing in STYLE if re.fullmatch(r"#[0-9a-fA-F]{6}", str(thing))}
LOOKS = {
    name: to_hex(thing["color"])
    for name, thing in STYLE
    if isinstance(thing, dict) and "color" in thing and not name.startswith("RC")
}


@pytest.fixture(scope="module", params=explorers.__all__)
def explorer(request):
    made = getattr(explorers, request.param)()
    yield made
    made.close()


def figures(explorer):
    """Yield the explorer's figure at its start, at each preset and in the middle of each walk, with words for where."""
    for preset in ("start", *explorer.presets):
        explorer.reset()
        if preset != "start":
            explorer.set(**{k: v for k, v in explorer.preset(preset).items() if k in explorer.controls})
        explorer.stage.frame()
        yield preset, explorer.stage._figure
        if explorer.player:
            explorer.set(**{explorer.player: explorer.controls[explorer.player].max // 3})
            explorer.stage.frame()
            yield f"{preset}, walking", explorer.stage._figure


def shown(figure, kind):
    """Return the visible artists of a kind; of an axis, with its ticks and its grid, nothing but the words."""

    def inside(artist):
        if isinstance(artist, kind) and (artist.axes is None or artist.axes.get_visible()):
            yield artist
        for child in artist.get_children():
            if child.get_visible() and (kind is Text or not isinstance(child, Axis)):
                yield from inside(child)

    return list(inside(figure))


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


@pytest.fixture(scope="module")
def colors(explorer):
    """The colours of an explorer's figures, all settings taken together."""
    return set().union(*(colors_of(figure) for _, figure in figures(explorer)))


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


def test_colours_that_meet_are_told_apart_by_everybody_and_come_from_one_place(colors):
    met = {look: color for look, color in LOOKS.items() if color in colors}
    assert met, "no look of style.py is in this figure"
    close = []
    for (one, color), (other, second) in combinations(met.items(), 2):
        for vision in VISIONS if color != second else ():  # looks of one colour are one idea in two lessons
            if apart(color, second, vision) < APART:
                close.append(f"{one} and {other}, {vision}: {apart(color, second, vision):.1f}")
    assert close == []
    strange = {color for color in colors if chroma(color) > COLOURED} - COLORS
    assert strange == set(), "give it a look in drawing/style.py"


def test_lines_that_meet_differ_by_more_than_colour(explorer):
    ours = set(LOOKS.values())
    alike = set()
    for preset, figure in figures(explorer):
        lines = [
            line
            for line in shown(figure, Line2D)
            if is_drawn(line)
            and to_hex(line.get_color()) in ours
            and np.isfinite(np.asarray(line.get_ydata(), dtype=float)).sum() > 1
            and not bars(line)
            and not is_rule(line)
        ]
        for one, other in combinations(lines, 2):
            if one.axes is not other.axes or one.axes is None:
                continue
            if to_hex(one.get_color()) != to_hex(other.get_color()) and sort_of(one) == sort_of(other):
                alike.add((preset, one.get_color(), other.get_color(), sort_of(one)))
    assert alike == set()


def test_arrows_that_meet_differ_by_more_than_colour(explorer):
    alike = set()
    for preset, figure in figures(explorer):
        for one, other in combinations(shown(figure, FancyArrowPatch), 2):
            pair = {to_hex(one.get_edgecolor()), to_hex(other.get_edgecolor())}
            if one.axes is not other.axes or len(pair) == 1 or pair <= named_colors(one.axes):
                continue
            thin, broad = sorted((one.get_linewidth(), other.get_linewidth()))
            same_head = type(one.get_arrowstyle()) is type(other.get_arrowstyle())
            if same_head and one.get_linestyle() == other.get_linestyle() and broad < BROADER * thin:
                alike.add((preset, *sorted(pair)))
    assert alike == set()


def test_words_can_be_read(explorer):
    pale = set()
    for preset, figure in figures(explorer):
        for text in shown(figure, Text):
            if text.get_text().strip() and contrast(text.get_color()) < READABLE:
                pale.add((preset, text.get_text(), to_hex(text.get_color())))
    assert pale == set()


def test_marks_on_a_slider_can_be_read_in_both_themes():
    css = (ROOT / "lesson_utils" / "stage" / "page" / "stage.css").read_text(encoding="utf-8")
    rules = re.findall(r"^([^{\n]*\.rd-mark[^{\n]*)\{([^}]*)\}", css, re.MULTILINE)
    found = [(rule, color) for rule, body in rules for color in re.findall(r"(?:^|[\s;])color: (#\w+)", body)]
    assert len(found) >= 3
    assert '[data-jp-theme-light="false"] .rd-explorer { background: #fff;' in css, "one sheet for both"
    assert [(rule, color) for rule, color in found if contrast(color, "#ffffff") < READABLE] == []
