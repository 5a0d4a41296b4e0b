"""Cut into pieces for a narrow page, a picture loses nothing: no axes and no word lies across a cut."""

import pytest
from matplotlib.axis import Axis
from matplotlib.text import Text

from lesson_utils import explorers
from lesson_utils.stage.pieces import pieces_of

SLACK = 6  # units: the box of a word has air around its letters


def boxes(figure, renderer):
    """Return (name, box in page units) of what is shown: each axes, and each word."""
    scale, height = 100 / figure.dpi, 100 * figure.get_figheight()
    shown = [ax for ax in figure.axes if ax.get_visible()]
    ticks = {text for ax in shown for one in (ax.xaxis, ax.yaxis) for text in one.findobj(Text)}
    drawn = [axis for ax in shown if ax.axison for axis in ax.findobj(Axis)]
    labels = {
        label
        for axis in drawn
        for tick, label in zip(axis.get_major_ticks(), axis.get_majorticklabels(), strict=False)
        if min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    names = {axis.label for axis in drawn if not axis.get_animated()}
    words = [text for ax in shown for text in ax.findobj(Text) if text not in ticks or text in labels | names]
    words += [text for legend in figure.legends if legend.get_visible() for text in legend.texts]
    for one in [*shown, *words]:
        if isinstance(one, Text) and not (one.get_visible() and one.get_text()):
            continue
        extent = one.get_window_extent(renderer) if isinstance(one, Text) else one.bbox
        yield (
            one.get_text() if isinstance(one, Text) else f"axes {one.get_title()}",
            (scale * extent.x0, height - scale * extent.y1, scale * extent.x1, height - scale * extent.y0),
        )


@pytest.mark.parametrize("name", explorers.__all__)
def test_no_word_and_no_axes_lies_across_a_cut(name):
    explorer = getattr(explorers, name)()
    figure, renderer = explorer.stage._figure, explorer.stage._canvas.get_renderer()
    assert explorer.stage.first_frame["pieces"][-1][0] == "panel"
    for setting in [{}, *map(explorer.preset, explorer.presets)]:
        explorer.stage.frame({**explorer.settings, **setting})
        figure.draw_without_rendering()
        pieces = pieces_of(figure, renderer)
        for words, (x0, y0, x1, y1) in boxes(figure, renderer):
            if (x1 - x0) > 0.9 * explorer.stage.width and y1 < 62:
                continue  # the axes of a key hold its entries, which are pieces of their own
            whole = [
                (x, y, width, height)
                for _, x, y, width, height in pieces
                if x0 > x - SLACK and y0 > y - SLACK and x1 < x + width + SLACK and y1 < y + height + SLACK
            ]
            assert whole, f"{words!r} at {x0:.0f}..{x1:.0f}, {y0:.0f}..{y1:.0f} is in no piece of {pieces}"
    explorer.close()
