"""Panels of a training run on mini-batches: valleys that lie askew, loss by epochs, dw of each batch."""

from dataclasses import dataclass

import numpy as np

from . import panels as draw
from . import style

RINGS = 13
CLOSER = 0.66  # each ring as a part of the one around it: a narrow valley needs rings of very different size
MOST_POINTS = 180  # of a run that are drawn: more would be heavy to send, and too dense to see


def stride(count, most=MOST_POINTS):
    """Return an odd number k such that every k-th of `count` points makes at most about `most`.

    Odd, because a zig-zag jumps from side to side: every second point of it would look like a calm line.
    """
    return 2 * max(0, -(-(count - most) // (2 * most))) + 1


def thinned(count, most=MOST_POINTS):
    """Return the places of the points to draw: every k-th, and the last."""
    places = np.arange(0, count, stride(count, most))
    return places if count == 0 or places[-1] == count - 1 else np.append(places, count - 1)


def span(ax, x, y=None):
    """Set the limits of an axis or two, when they are not what they should be: matplotlib takes its time."""
    draw.limit_x(ax, *x)
    if y is not None:
        draw.limit_y(ax, *y)


def rounded_up(value):
    """Return a round number that is not below `value`, between 0.001 and a million.

    An axis that ends there stands still while a slider moves: calmer to look at, and cheaper to draw.
    """
    value = float(np.clip(value, 1e-3, 1e6))
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * next(step for step in (1, 1.5, 2, 3, 4, 6, 8, 10, 15) if step * power >= value))


# --- the valley seen from above --------------------------------------------------------------------------


@dataclass
class Valleys:
    """Level sets of one loss or another; they stand still, so they belong to the background."""

    rings: dict
    minima: dict
    star: object

    def show(self, name):
        """Show the level sets and the minimum of that name, and hide the others."""
        for other, rings in self.rings.items():
            for ring in rings:
                ring.set_visible(other == name)
        x, y = self.minima[name]
        draw.put(self.star, [x], [y])


def draw_valleys(ax, losses, windows):
    """Draw the level sets of each loss for its window; return the Valleys.

    losses: name -> (hessian (2, 2), minimum (2,)), in the order of the axes' x and y. windows: name ->
    ((low, high) of x, (low, high) of y), of which the outermost ring takes in the farthest corner.
    """
    rings = {name: _rings(ax, *map(np.asarray, loss), windows[name]) for name, loss in losses.items()}
    return Valleys(rings, {name: minimum for name, (_, minimum) in losses.items()}, draw.draw_minimum(ax))


def _rings(ax, hessian, minimum, window):
    curvatures, directions = np.linalg.eigh(hessian)
    angle = np.degrees(np.arctan2(directions[1, 0], directions[0, 0]))
    corners = np.array([(x, y) for x in window[0] for y in window[1]]) - minimum
    rim = np.sqrt(np.einsum("ci,ij,cj->c", corners, hessian, corners).max())
    rings = []
    for i in range(RINGS):
        width, height = 2 * rim * CLOSER**i / np.sqrt(curvatures)
        rings.append(draw.draw_ring(ax, i / (RINGS - 1), minimum, width, height, angle))
    return rings


# --- loss against epochs -----------------------------------------------------------------------------------


@dataclass
class EpochPanel:
    """How far each run's loss lies above the lowest, as a part of the first, against the epoch."""

    ax: object
    lines: list

    def show(self, runs, in_epoch, steps):
        """Draw each run's excess losses, one a step; `in_epoch` steps are an epoch, the axis holds `steps`."""
        span(self.ax, (0, max(steps, 1) / in_epoch))
        foot, top = self.ax.get_ylim()
        for line, excess in zip(self.lines, runs, strict=True):
            places = np.arange(0, len(excess), stride(len(excess)))  # evenly spaced: half the bytes
            part = np.clip(draw.relative(excess)[places], 10**foot / 10, 10**top * 1000)
            draw.put(line, places / in_epoch, np.log10(part))


def draw_epochs(ax, looks, *, lowest=-6, highest=1):
    """Draw the axes for losses of the given looks; the y axis counts powers of ten."""
    panel = draw.draw_loss(ax, looks, lowest=lowest, highest=highest)
    ax.set_title("loss above the lowest, first = 1")
    ax.locator_params(axis="x", nbins=6, integer=False)
    ax.text(1, -0.3, "epochs", transform=ax.transAxes, ha="right", va="center")
    return EpochPanel(ax, panel.lines)


# --- what each batch says ----------------------------------------------------------------------------------


@dataclass
class BatchPanel:
    """One coordinate of each batch's dw as bars, of v and of the gradient of all the data as lines."""

    ax: object
    bars: object
    line: object
    true: object

    def show(self, first, dw, v, true):
        """Draw the steps from `first` on; the y axis reaches past the largest of dw and v, to a round number."""
        steps = first + np.arange(len(dw))
        draw.put_bars(self.bars, steps, dw)
        draw.put(self.line, steps, v)
        draw.put(self.true, steps, true)
        shown = np.abs(np.concatenate([dw, v]))
        reach = rounded_up(1.03 * shown[np.isfinite(shown)].max(initial=0.0))
        span(self.ax, (first - 0.8, first + max(len(dw), 10) - 0.2), (-reach, reach))


def draw_batch(ax, title):
    """Draw the axes for one coordinate of dw and v of batches."""
    panel = draw.draw_average(ax, title)
    (true,) = ax.plot([], [], **style.line_of(style.TRUE_GRADIENT, linewidth=2.0), zorder=4)
    return BatchPanel(ax, panel.bars, panel.line, draw.moving(true))
