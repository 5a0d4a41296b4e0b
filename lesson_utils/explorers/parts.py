"""What many figures have: a start point that asks to be dragged, and a legend above all."""

from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from ..drawing import panels as draw
from ..drawing import style
from ..stage import FOR_HANDS, Handle

STAR = {"linestyle": "none", "markersize": 15, **style.MINIMUM}  # the minimum in a legend


def draw_legend(figure, looks, **kind):
    """Draw the legend above a figure; looks: for each entry a line's keyword arguments, or an artist."""
    handles = [look if isinstance(look, Artist) else Line2D([], [], **look) for look in looks]
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, 1.005), "frameon": False, "ncols": len(handles)}
    return figure.legend(handles=handles, **{**place, **kind})


def draw_hint(ax):
    """Return the words beside a point that ask to drag it, which stand in no picture that nobody can touch."""
    return draw.note(ax, 0, 0, coords="data", fontsize=style.SMALL, va="bottom", ha="left", gid=FOR_HANDS)


def start_handle(ax, at, where, controls=("start_1", "start_2"), **kind):
    """Return the Handle of a start point; where: its place in words."""
    label = f"Start point, {where}: drag it or use the arrow keys"
    return Handle(ax, tuple(at), controls, label, **kind)
