"""Where a picture may be cut, for a page too narrow to show its panels side by side."""

from itertools import pairwise

from .layers import UNITS_PER_INCH

TOP = 62  # units; what lies above is the key
HANDLE = 82  # units that the sample of a line takes to the left of its words
LABELS = 75  # units that the labels of a y axis take to the left of it
MARGIN = 14  # units of white at the left edge, into which numbers may grow
UNDER = 0.62  # of a gap between two panels belongs to the upper one: its ticks and its axis' name


def pieces_of(figure, renderer):
    """Return the pieces of a picture as [kind, x, y, width, height] in page units.

    kind: "key", an entry of the legend, or "panel". A figure of one column of axes is one panel.
    """
    scale, height = UNITS_PER_INCH / figure.dpi, figure.get_figheight() * UNITS_PER_INCH
    width = figure.get_figwidth() * UNITS_PER_INCH

    def box_of(extent):
        return [scale * extent.x0, height - scale * extent.y1, scale * extent.x1, height - scale * extent.y0]

    boxes = {ax: box_of(ax.bbox) for ax in figure.axes}
    key_axes = [ax for ax, box in boxes.items() if box[3] < TOP]
    keys = [
        box_of(text.get_window_extent(renderer))
        for legend in figure.legends
        if legend.get_visible()
        for text in legend.texts
    ]
    keys = [[x0 - HANDLE, y0 - 4, x1 + 6, y1 + 4] for x0, y0, x1, y1 in keys]
    for ax in key_axes:  # its words move, and so each takes what the next one leaves
        _, top, _, bottom = boxes[ax]
        starts = sorted(scale * text.get_transform().transform(text.get_position())[0] for text in ax.texts)
        starts = [start - HANDLE - 10 for start in starts]
        ends = [*starts[1:], width]
        keys += [[start, top, end, bottom] for start, end in zip(starts, ends, strict=True)]
    top = max((box[3] for box in keys), default=0)
    panels = [box for ax, box in boxes.items() if ax not in key_axes and ax.get_visible()]
    right = sorted((box for box in panels if box[0] > 0.6 * width), key=lambda box: box[1])
    cut = min((box[0] for box in right), default=width + LABELS) - LABELS
    rows = [top, *(a[3] + UNDER * (b[1] - a[3]) for a, b in pairwise(right)), height]
    panels = [[-MARGIN, top, cut, height]]
    panels += [[cut, y0, width, y1] for y0, y1 in pairwise(rows) if right]
    return [
        [kind, *(round(float(v)) for v in (x0, y0, x1 - x0, y1 - y0))]
        for kind, found in (("key", keys), ("panel", panels))
        for x0, y0, x1, y1 in found
    ]
