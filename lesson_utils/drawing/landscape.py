"""A loss that is no bowl: its level sets over the basins of its minima, and the floor of its valley from the side."""

from dataclasses import dataclass

import numpy as np
from contourpy import contour_generator
from matplotlib.colors import to_rgb

from . import style
from .panels import draw_minimum, limit_x, limit_y, moving, put

GRID = (96, 60)  # starts, along and across
COLORS = (255 * np.array([to_rgb(color) for color in style.ENDS])).round().astype(np.uint8)
FINE = 121  # points of a side from which level sets are found
LEVELS = 13


def starts(window):
    """Return the starts in the middles of the cells of a window (x0, x1, y0, y1), shape (60, 96, 2)."""
    x0, x1, y0, y1 = window
    (wide, high) = GRID
    x = x0 + (x1 - x0) * (np.arange(wide) + 0.5) / wide
    y = y0 + (y1 - y0) * (np.arange(high) + 0.5) / high
    return np.stack(np.meshgrid(x, y), axis=-1)


def level_sets(landscape, window):
    """Return the level sets as one line with gaps, denser near the floor: evenly spaced in the root of the loss."""
    x0, x1, y0, y1 = window
    x, y = np.linspace(x0, x1, FINE), np.linspace(y0, y1, FINE)
    loss = landscape.loss(np.stack(np.meshgrid(x, y), axis=-1))
    lowest = float(landscape.loss(landscape.minima[0]))
    generator = contour_generator(x, y, np.sqrt(np.maximum(loss - lowest, 0.0)))
    gap, pieces = np.full((1, 2), np.nan), []
    for level in np.sqrt(1.6) * np.arange(1, LEVELS) / LEVELS:
        for piece in generator.lines(level):
            pieces += [piece, gap]
    return np.concatenate(pieces)


@dataclass
class Land:
    """A landscape from above."""

    ax: object
    picture: object
    lines: object
    stars: list
    shown: tuple = ()  # what its level sets were last drawn for

    def show(self, landscape, window):
        """Draw the level sets and the minima, the lowest one larger."""
        if self.shown == (landscape, window):
            return
        self.shown = landscape, window
        x0, x1, y0, y1 = window
        limit_x(self.ax, x0, x1)
        limit_y(self.ax, y0, y1)
        self.picture.set_extent(window)
        put(self.lines, *level_sets(landscape, window).T)
        for star, places in zip(self.stars, (landscape.minima[:1], landscape.minima[1:]), strict=True):
            put(star, *places.T)

    def colour(self, ends, minima):
        """Colour the starts by where they end (see `maps.basins`)."""
        kinds = np.where(ends < minima, np.minimum(ends, 1), ends - minima + 2)
        self.picture.set_data(COLORS[kinds])


def draw_land(ax):
    """Draw the axes of a landscape, in true proportions; return its Land."""
    picture = ax.imshow(
        np.zeros((*GRID[::-1], 3), np.uint8), interpolation="nearest", origin="lower", aspect="auto", zorder=0
    )
    (lines,) = ax.plot([], [], color=style.CONTOUR, linewidth=0.8, zorder=0.5)
    stars = [draw_minimum(ax, size) for size in (21, 14)]
    return Land(ax, moving(picture), moving(lines), stars)
