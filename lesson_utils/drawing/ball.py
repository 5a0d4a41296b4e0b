"""A ball in a bowl: from the side, from above, what makes its next step, and its phase picture."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Circle

from . import style
from .panels import draw_arrow, draw_bowl, draw_path, draw_zero, moving, point_arrow, put, put_path, show

ROWS = ("last step", "+ friction", "+ push", "= next step")
FACTORS = (1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 50, 80, 100, 200, 500, 1000)
RINGS = (0.5, 1.0, 1.5, 2.0)  # radii of the circles of one energy


def draw_ball(ax):
    """Return the ball: a large disc with a dark rim."""
    (ball,) = ax.plot([], [], "o", markersize=21, zorder=6.5)
    ball.set(color=style.MOMENTUM["color"], markeredgecolor=style.INK, markeredgewidth=2.4)
    return moving(ball)


# --- from the side -------------------------------------------------------------------------------------


@dataclass
class Side:
    """A bowl in profile, the places that the ball has been at, and the ball on it."""

    ax: object
    trail: object
    ball: object
    lift: float

    def show(self, w, height):
        """Draw the places up to now; the ball is at the last of them, and rests on what is below it."""
        put_path(self.trail, w, height)
        put(self.ball, w[-1:], height[-1:] + self.lift)


def draw_side(ax, curvature, reach, *, lift=0.0):
    """Draw the profile λw²/2 of a bowl; the ball's centre is `lift` above it."""
    grid = np.linspace(-reach, reach, 121)
    ax.fill_between(grid, -1, curvature * grid**2 / 2, color=style.VALLEY[1], linewidth=0, zorder=0.2)
    ax.plot(grid, curvature * grid**2 / 2, color=style.INK, linewidth=2, zorder=1)
    ax.set_xlim(-reach, reach)
    trail = draw_path(ax, style.MOMENTUM)
    trail.set(linewidth=1.6, markersize=7)
    return Side(ax, trail, draw_ball(ax), lift)


# --- what makes the next step ---------------------------------------------------------------------------


def chained(tail, parts, factor):
    """Return (tail, vector) of last step, friction and push, each from the head of the one before, and of their sum."""
    at, arrows = np.asarray(tail, dtype=float), []
    for part in parts:
        arrows.append((at, factor * part))
        at = at + factor * part
    return [*arrows, (np.asarray(tail, dtype=float), factor * sum(parts))]


HEAD = 0.55  # length of an arrow's head with its rim, as a part of the scale that it is drawn at
SMALLEST = 0.2  # part of its full size that an arrow keeps, so that it can be seen


def point_small(arrow, tail, vector, visible):
    """Put an arrow at `tail`; one that is shorter than its head would be is made smaller as a whole.

    Only where its row names the arrow: from above, its breadth tells it from the others.
    """
    if not hasattr(arrow, "full"):
        arrow.full = arrow.get_mutation_scale(), arrow.get_linewidth()
    point_arrow(arrow, tail, vector, visible)
    if arrow.get_visible():
        scale, breadth = arrow.full
        ends = arrow.axes.transData.transform([tail, np.add(tail, vector)])
        length = np.hypot(*(ends[1] - ends[0])) * 72 / arrow.figure.dpi
        part = np.clip(length / (HEAD * scale), SMALLEST, 1.0)
        arrow.set_mutation_scale(part * scale)
        arrow.set_linewidth(part * breadth)


@dataclass
class Forces:
    """Four arrows, one under the other: the last step, what friction takes, the push, and their sum."""

    ax: object
    arrows: list
    guides: list

    def show(self, w, parts, factor, visible):
        """Draw the parts (last step, friction, push; each of shape (1,)) and their sum, beginning at `w`."""
        chain = chained(w, parts, factor)
        for row, (arrow, (tail, vector)) in enumerate(zip(self.arrows, chain, strict=True)):
            point_small(arrow, (tail[0], 3 - row), (vector[0], 0.0), visible)
        ends = [tail[0] for tail, _ in chain[:3]] + [(chain[2][0] + chain[2][1])[0]]
        for row, (guide, end) in enumerate(zip(self.guides, ends, strict=True)):
            show(guide, visible)
            if visible:  # from where an arrow ends down to where the next one begins
                put(guide, [end, end], [4 - row, 3 - row])


def draw_forces(ax, reach):
    """Draw the rows for the arrows, along the same w axis as the bowl above them."""
    ax.set(xlim=(-reach, reach), ylim=(-0.6, 3.6))
    ax.set_yticks(range(3, -1, -1), ROWS)
    ax.tick_params(axis="y", length=0)
    for tick, look in zip(ax.get_yticklabels(), _LOOKS, strict=True):
        tick.set(color=look["color"], fontweight="bold")
    for row in range(4):
        ax.axhline(row, color="#e4e4e4", linewidth=1, zorder=0)
    ax.axhline(0.5, color=style.INK, linewidth=1, zorder=0)
    guides = [ax.plot([], [], color=style.INK, linewidth=1, linestyle=":", zorder=1)[0] for _ in _LOOKS]
    moving(*guides)
    return Forces(ax, [draw_arrow(ax, look) for look in _LOOKS], guides)


_LOOKS = (style.VELOCITY, style.FRICTION, style.GRADIENT, style.MOMENTUM)


def enlarging(lengths, room):
    """Return the largest round factor by which steps can be drawn longer and still fit into `room`."""
    longest = np.abs(lengths[np.isfinite(lengths)]).max(initial=0.0)
    fits = [factor for factor in FACTORS if factor * longest <= room]
    return fits[-1] if fits else 1


# --- from above ----------------------------------------------------------------------------------------


@dataclass
class Above:
    """The bowl from above with the ball's path, the ball, and the arrows that make its next step."""

    ax: object
    trail: object
    ball: object
    arrows: list

    def show(self, w):
        """Draw the path up to now."""
        put_path(self.trail, *w.T)
        put(self.ball, *w[-1:].T)

    def point(self, parts, factor, visible):
        """Draw last step, friction and push one after the other, and their sum, `factor` times as long."""
        chain = chained(self.ball.get_xydata()[-1], parts, factor)
        for arrow, (tail, vector) in zip(self.arrows, chain, strict=True):
            point_arrow(arrow, tail, vector, visible)


def draw_above(ax, curvatures):
    """Draw a bowl from above on axes whose limits are set."""
    draw_bowl(ax, curvatures)
    trail = draw_path(ax, style.MOMENTUM)
    arrows = [draw_arrow(ax, look) for look in _LOOKS]
    # The sum is a broad band under its parts: none of them is lost where they point the same way.
    arrows[-1].set(linewidth=10, color=style.NEXT, zorder=7.5)
    for arrow, size in zip(arrows, (15, 15, 15, 28), strict=True):
        arrow.set_mutation_scale(size)
    ball = draw_ball(ax)
    ball.set_markersize(17)
    return Above(ax, trail, ball, arrows)


# --- the phase picture ---------------------------------------------------------------------------------


def draw_phase(ax, reach):
    """Draw axes for the last step against position, with circles of one energy; return (path, place)."""
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
    for radius in RINGS:
        ax.add_patch(Circle((0, 0), radius, fill=False, edgecolor="#cfcfcf", linewidth=1, zorder=0.3))
    draw_zero(ax)
    ax.axvline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
    path = draw_path(ax, style.MOMENTUM)
    path.set(linewidth=1.6, markersize=4.5)
    (here,) = ax.plot([], [], "o", markersize=12, zorder=6)
    here.set(color=style.MOMENTUM["color"], markeredgecolor=style.INK, markeredgewidth=2)
    return path, moving(here)
