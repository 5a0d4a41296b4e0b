"""Panels that several figures share: each `draw_…(ax, …)` returns what is moved later by its `show`."""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Ellipse, FancyArrowPatch
from matplotlib.patheffects import withStroke

from . import lettering, style

RINGS = 11
OVERLAP = 0.8  # of a marker's width: so near may two of them be


def moving(*artists):
    """Mark artists as moving, so that a stage leaves them out of its background; return the first."""
    for artist in artists:
        artist.set_animated(True)
    return artists[0]


def note(ax, x, y, words="", *, color=style.INK, coords="axes fraction", **kind):
    """Return a moving text with a white rim, at (x, y) in axes fractions or in data."""
    transform = ax.transAxes if coords == "axes fraction" else ax.transData
    text = ax.text(x, y, words, color=color, transform=transform, **{"fontsize": style.FONT, **kind})
    text.set_path_effects([withStroke(linewidth=4, foreground="white")])
    return moving(text)


def name(ax, x, y, words, *, otherwise="…", **kind):
    """Return a moving text that may hold a name in any script, at (x, y) in axes fractions."""
    look = {"fontsize": style.FONT, "color": style.INK, **kind}
    text = lettering.Name(x, y, words, otherwise=otherwise, transform=ax.transAxes, parse_math=False, **look)
    ax.add_artist(text).set_clip_on(False)
    return moving(text)


def read_from(ax, temperatures, y):
    """Say under a figure from which file of one's own its temperatures come, and in which unit it was read."""
    if temperatures.unit is not None:
        other = ' (for °F: unit="F")' if temperatures.unit == "C" else ""
        file, unit = temperatures.source.rsplit(", ", 1)
        words = f"{lettering.shortened(file, 36)}, {unit}{other}"
        name(ax, 0, y, words, fontsize=style.SMALL, color=style.NOTE, va="bottom")


def put(line, x, y):
    """Give a line its data, when they are not what it has: an untouched line costs the stage nothing.

    Returns whether they were others.
    """
    new = not (
        np.array_equal(line.get_xdata(orig=True), x, equal_nan=True)
        and np.array_equal(line.get_ydata(orig=True), y, equal_nan=True)
    )
    if new:
        line.set_data(x, y)
    return new


def put_path(line, x, y, apart=None):
    """Give a path its points, with markers that stand clear of each other (see `space_markers`)."""
    width = apart or width_of_marker(line)
    seen = (*line.axes.get_xlim(), *line.axes.get_ylim(), width)
    if put(line, x, y) or getattr(line, "seen", None) != seen:
        line.seen = seen
        space_markers(line, width)


def space_markers(line, apart=None):
    """Draw only those markers of a path that stand clear of their neighbours, on axes whose limits are set.

    apart : points (1/72 inch) that two steps must lie apart; by default a marker's width
    """
    pixels = line.get_transform().transform(line.get_xydata())
    width = OVERLAP * (apart or width_of_marker(line))
    drawn = clear_of_each_other(pixels, width * line.figure.dpi / 72)
    every = None if len(drawn) == len(pixels) else drawn
    if line.get_markevery() != every:
        line.set_markevery(every)


def width_of_marker(line):
    """Return how wide a line's markers are with their rim, in points."""
    return line.get_markersize() + line.get_markeredgewidth()


def clear_of_each_other(points, width):
    """Return the places, in order, of those points that can be marked at `width` from each other.

    A marker stands for a step. Where steps are shorter than `width`, or two of them lead back, there is the line
    alone: with every second marker left out, short steps would look like long ones. The first point comes before
    all others, then the last, then the earlier ones: a walk leaves its marks in their place.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        cells = np.floor(points / (0.7 * width))  # two points in one cell are nearer than a width
    fine = np.flatnonzero((np.abs(cells) < 1e6).all(axis=1))
    if not fine.size:
        return []
    path, clear = points[fine], np.ones(len(fine), dtype=bool)
    for steps in (1, 2):
        near = ((path[steps:] - path[:-steps]) ** 2).sum(axis=1) < width**2
        clear[steps:] &= ~near
        clear[:-steps] &= ~near
    order = np.concatenate([fine[:1], fine[:0:-1][:1], fine[1:-1][clear[1:-1]]])
    # Most points of a run lie at its end, on one spot: of those in one cell only the first is looked at.
    names = cells[order] @ (1.0, 4e6)
    order = order[np.sort(np.unique(names, return_index=True)[1])]
    gaps = points[order, None] - points[order]
    near = (gaps**2).sum(axis=-1) < width**2
    drawn, blocked = [], np.zeros(len(order), dtype=bool)
    for i, place in enumerate(order.tolist()):
        if not blocked[i]:
            drawn.append(place)
            blocked |= near[i]
    return sorted(drawn)


def place(text, x, y, words, **kind):
    """Put a text somewhere, touching it only when that changes something."""
    wanted = {"x": x, "y": y, "text": words, **kind}
    if getattr(text, "placed", None) != wanted:
        text.placed = wanted
        text.set(**wanted)


def show(artist, visible):
    """Show or hide an artist, touching it only when that changes something."""
    if artist.get_visible() != visible:
        artist.set_visible(visible)


def limit_x(ax, low, high):
    """Give the x axis its limits, touching it only when that changes something."""
    if ax.get_xlim() != (low, high):
        ax.set_xlim(low, high)


def limit_y(ax, low, high):
    """Give the y axis its limits, touching it only when that changes something."""
    if ax.get_ylim() != (low, high):
        ax.set_ylim(low, high)


# --- the bowl seen from above --------------------------------------------------------------------------


@dataclass
class Bowl:
    """Level sets of a quadratic with its axes along w1 and w2, or turned from them."""

    rings: list
    corner: tuple
    drawn: tuple = ()

    def show(self, curvatures, minimum=(0.0, 0.0), angle=0.0, corner=None):
        """Draw the level sets for two curvatures (w1, w2), evenly spaced in the square root of the loss.

        angle: radians, counter-clockwise, from the w1 axis to the direction of the first curvature.
        corner: of the window, when it is not the one that the bowl was drawn for.
        """
        self.corner = corner or self.corner
        wanted = tuple(curvatures), tuple(minimum), angle, self.corner
        if self.drawn == wanted:
            return
        self.drawn = wanted
        c1, c2 = curvatures
        rim = np.sqrt(c1 * self.corner[0] ** 2 + c2 * self.corner[1] ** 2)
        for i, ring in enumerate(self.rings):
            radius = rim * (1 - i / len(self.rings))
            ring.set_center(minimum)
            ring.set_width(2 * radius / np.sqrt(c1))
            ring.set_height(2 * radius / np.sqrt(c2))
            ring.set_angle(np.degrees(angle))


def draw_bowl(ax, curvatures, *, minimum=(0.0, 0.0), count=RINGS):
    """Draw a bowl from above, `count` level sets, on axes whose limits are set; return its Bowl."""
    rings = [draw_ring(ax, part, (0, 0), 1, 1) for part in np.arange(count) / (count - 1)]
    moving(*rings)
    x, y = ax.get_xlim(), ax.get_ylim()
    bowl = Bowl(rings, (max(map(abs, x)), max(map(abs, y))))
    bowl.show(curvatures, minimum)
    put(draw_minimum(ax), *np.reshape(minimum, (2, 1)))
    return bowl


def draw_ring(ax, part, center, width, height, angle=0.0):
    """Draw a level set of a bowl; `part` of the way from the rim to the floor gives its colour."""
    low, high = (np.array(to_rgb(color)) for color in style.VALLEY)
    ring = Ellipse(center, width, height, angle=angle, facecolor=tuple(low + part * (high - low)))
    ring.set(edgecolor=style.CONTOUR, linewidth=0.8, zorder=0.5)
    return ax.add_patch(ring)


def draw_minimum(ax, size=19):
    """Return the star of a minimum, nowhere yet."""
    (star,) = ax.plot([], [], linestyle="none", marker="*", markersize=size, zorder=6)
    star.set(color=style.MINIMUM["color"], markeredgecolor="white", markeredgewidth=1.2)
    return moving(star)


def until_it_leaves(w, window, *, times=6):
    """Return a path up to its first point far outside the window: what follows would only fill the picture."""
    with np.errstate(invalid="ignore"):
        inside = (np.abs(w) < times * np.asarray(window)).all(axis=1)
    return w if inside.all() else w[: int(np.argmin(inside)) + 1]


def draw_line(ax, **look):
    """Return an empty line, or empty dots, with these keyword arguments of a line."""
    return moving(*ax.plot([], [], **look))


def draw_path(ax, look, *, zorder=3):
    """Return an empty trajectory of that look."""
    return draw_line(ax, zorder=zorder, **style.path_of(look))


def wear(line, look, **changes):
    """Give a line another look, touching it only when that changes something."""
    if getattr(line, "worn", None) != (look["label"], changes):
        line.worn = (look["label"], changes)
        kind = style.path_of if line.get_marker() not in ("None", "none", "", None) else style.line_of
        line.set(**kind(look, **changes))


def draw_start(ax):
    """Return the start point that is dragged, a white disc with a black rim."""
    (point,) = ax.plot([], [], "o", markersize=15, zorder=7)
    point.set(markerfacecolor="white", markeredgecolor="black", markeredgewidth=2.6)
    return moving(point)


def draw_arrow(ax, look, *, zorder=8):
    """Return a moving arrow in data coordinates; set it with `point_arrow`.

    A look's "breadth" (points) tells arrows apart that meet, as dashes do with lines.
    """
    breadth = look.get("breadth", 4.0)
    arrow = FancyArrowPatch((0, 0), (0, 0), arrowstyle="-|>", shrinkA=0, shrinkB=0)
    arrow.set(color=look["color"], linewidth=breadth, zorder=zorder, visible=False)
    arrow.set_mutation_scale(14 + 1.5 * breadth)
    ax.add_patch(moving(arrow))
    return arrow


def fitting(tail, vectors, window):
    """Return the factor, at most 1, by which all the vectors shrink so that their heads stay in the window."""
    room = np.where(vectors > 0, np.asarray(window) - tail, np.asarray(window) + tail)
    long = np.abs(vectors) > 1e-12
    if not np.isfinite(vectors).all() or not long.any():
        return 1.0
    return float(np.clip(0.97 * (room[long] / np.abs(vectors[long])).min(), 0.0, 1.0))


def point_arrow(arrow, tail, vector, visible=True):
    """Put an arrow at `tail`; an arrow too short to be seen is not drawn."""
    head = np.asarray(tail) + np.asarray(vector)
    seen = visible and bool(np.isfinite(head).all()) and bool(np.any(np.abs(vector) > 1e-9))
    show(arrow, seen)
    if seen:
        arrow.set_positions(tuple(map(float, tail)), tuple(map(float, head)))


# --- curves against the step ---------------------------------------------------------------------------


def draw_curves(ax, looks, **changes):
    """Return an empty curve for each look."""
    return [moving(ax.plot([], [], zorder=3, **style.line_of(look, **changes))[0]) for look in looks]


def draw_zero(ax):
    """Draw a thin line at 0."""
    ax.axhline(0, color="#bbbbbb", linewidth=0.8, zorder=0)


def put_log(line, values, lowest, highest):
    """Give a curve its values at steps 0, 1, … on an axis of powers of ten; cut what lies far outside of it."""
    put(line, np.arange(len(values)), np.log10(np.clip(values, lowest, highest)))


@dataclass
class LossPanel:
    """Loss at each step as a part of the loss at the start, on a log axis."""

    ax: object
    lines: list

    def show(self, runs, steps):
        """Draw each run's losses; 0 is drawn at the foot of the axis."""
        limit_x(self.ax, 0, max(steps, 1))
        foot = self.ax.get_ylim()[0]
        for line, losses in zip(self.lines, runs, strict=True):
            put_log(line, relative(losses), 10**foot / 10, 1e30)


def relative(losses):
    """Return losses as a part of the first one; a run that starts at the minimum is drawn as 0."""
    losses = np.asarray(losses, dtype=float)
    return losses / losses[0] if losses[0] > 0 else np.where(np.isnan(losses), np.nan, 0.0)


def draw_loss(ax, looks, *, lowest=-8, highest=2):
    """Draw the axes for losses of the given looks; the y axis counts powers of ten."""
    ax.set_ylim(lowest, highest)
    ax.set_xlim(0, 120)
    powers = range(lowest, highest + 1, 2)
    ax.set_yticks(list(powers), [_power(p) for p in powers])
    ax.set_title("loss, as part of the first")
    draw_zero(ax)
    lines = draw_curves(ax, looks)
    follow_x(ax)
    return LossPanel(ax, lines)


def _power(p):
    return "1" if p == 0 else "10" + str(p).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


@dataclass
class StepPanel:
    """The size of each step divided by its α, on a log axis."""

    ax: object
    lines: list

    def show(self, runs, steps):
        """Draw each run's steps; what is smaller than the axis reaches leaves it."""
        limit_x(self.ax, 0, max(steps, 1))
        low, high = 10 ** (self.ax.get_ylim()[0] - 0.5), 1e6
        for line, sizes in zip(self.lines, runs, strict=True):
            put_log(line, sizes, low, high)


def draw_steps(ax, looks, *, lowest=-3, highest=1):
    """Draw the axes for step sizes of the given looks; the y axis counts powers of ten, 1 stands for α."""
    ax.set(ylim=(lowest, highest + 0.15), xlim=(0, 120), title="each step, divided by its α")
    powers = range(lowest, highest + 1)
    ax.set_yticks(list(powers), [f"{10.0**p:g}" for p in powers])
    draw_zero(ax)
    lines = draw_curves(ax, looks)
    follow_x(ax)
    return StepPanel(ax, lines)


def columns(x, heights):
    """Return the (x, y) of bars from 0 to `heights`, as one line with gaps."""
    points = np.full((len(x), 3, 2), np.nan)
    points[:, :2, 0] = np.asarray(x)[:, None]
    points[:, 0, 1] = 0.0
    points[:, 1, 1] = heights
    return points[..., 0].ravel(), points[..., 1].ravel()


def put_bars(line, x, heights):
    """Draw bars from 0 to `heights`, the thinner the more there are."""
    put(line, *columns(x, heights))
    width = max(1.5, min(8, 190 / max(len(x), 10)))
    if width != line.get_linewidth():
        line.set_linewidth(width)


@dataclass
class AveragePanel:
    """One coordinate of dw as bars and of v as a line, against the step."""

    ax: object
    bars: object
    line: object

    def show(self, dw, v, floor):
        """Draw dw and v; the y axis reaches the larger of them, at least `floor` and at most 4 floors."""
        steps = np.arange(len(dw))
        put_bars(self.bars, steps, dw)
        put(self.line, steps, v)
        shown = np.concatenate([dw, v])
        shown = np.abs(shown[np.isfinite(shown)])
        reach = 1.12 * min(max(shown.max(initial=0.0), floor), 4 * floor)
        limit_y(self.ax, -reach, reach)
        limit_x(self.ax, -0.8, max(len(dw), 10) - 0.2)


def draw_average(ax, title):
    """Draw the axes for one coordinate of dw and v."""
    ax.set_title(title)
    ax.set_xlim(-0.8, 60)
    draw_zero(ax)
    (bars,) = ax.plot([], [], color=style.GRADIENT["color"], linewidth=4, solid_capstyle="butt", zorder=2)
    (line,) = ax.plot([], [], **style.line_of(style.VELOCITY, linewidth=3.0), zorder=3)
    moving(bars, line)
    follow_x(ax)
    follow_y(ax)
    return AveragePanel(ax, bars, line)


@dataclass
class CoordinatePanel:
    """One coordinate of w against the step."""

    ax: object
    lines: list

    def show(self, runs, steps, floor):
        """Draw a coordinate of each run; the y axis is symmetric and reaches at most 3 floors."""
        for line, values in zip(self.lines, runs, strict=True):
            put(line, np.arange(len(values)), values)
        shown = np.abs(np.concatenate([v[np.isfinite(v)] for v in runs]))
        reach = 1.12 * min(max(shown.max(initial=0.0), floor), 3 * floor)
        limit_y(self.ax, -reach, reach)
        limit_x(self.ax, 0, max(steps, 1))


def draw_coordinate(ax, title, looks):
    """Draw the axes for one coordinate of w."""
    ax.set_title(title)
    draw_zero(ax)
    lines = draw_curves(ax, looks, linestyle="-", linewidth=2.0)
    follow_x(ax)
    follow_y(ax)
    return CoordinatePanel(ax, lines)


def name_steps(ax):
    """Write "step" under an axis whose own name would move with it."""
    ax.text(1, -0.3, "step", transform=ax.transAxes, ha="right", va="center")


NAME_OF_Y = 0.7  # inches that the name of a y axis stands to the left of it


def follow_x(ax):
    """Let the x axis move: its ticks and labels are painted with each frame."""
    ax.locator_params(axis="x", nbins=6, integer=True)
    moving(ax.xaxis)


def follow_y(ax):
    """Let the y axis move; its name stays, as a text of its own: of what moves only the ticks are painted."""
    ax.locator_params(axis="y", nbins=4)
    if name := ax.get_ylabel():
        ax.yaxis.label.set_visible(False)
        at = -NAME_OF_Y * ax.figure.dpi / ax.bbox.width
        ax.text(at, 0.5, name, rotation=90, transform=ax.transAxes, ha="center", va="center")
    moving(ax.yaxis)


# --- the ruler of α ------------------------------------------------------------------------------------


@dataclass
class Ruler:
    """α on a log scale with the limits of the two methods and where α stands."""

    ax: object
    pointers: list
    limits: list
    words: list

    def show(self, alphas, limits, form=""):
        """Put a pointer at each α and a line at each limit (None: not shown).

        form : words on how the limits are counted, where a slider beside the ruler counts otherwise
        """
        low, high = self.ax.get_xlim()
        for pointer, alpha in zip(self.pointers, alphas, strict=True):
            show(pointer, alpha is not None)
            if alpha is not None:
                at = np.log10(alpha) if alpha > 0 else low
                put(pointer, [min(max(at, low), high)], [0.5])
        for line, text, limit in zip(self.limits, self.words, limits, strict=True):
            show(line, limit is not None)
            show(text, limit is not None)
            if limit is None:
                continue
            at = np.log10(limit)
            put(line, [at, at], [0, 1])
            side = "left" if at < (0.5 if form else 0.75) * high else "right"
            place(text, min(at, high - 0.02), 1.08, f"limit {limit:.3g}{form}", ha=side)


def draw_ruler(ax, looks, *, lowest=-2.0, highest=2.7):
    """Draw the ruler; a pointer and a limit for each look."""
    ax.set(xlim=(lowest, highest), ylim=(0, 1), yticks=[])
    ax.spines["left"].set_visible(False)
    marks = [m * 10.0**p for p in range(-2, 3) for m in (1, 2, 5) if m * 10.0**p <= 10**highest]
    marks.remove(0.02)  # its label would touch 0.01's
    ax.set_xticks(np.log10(marks), [f"{m:g}" for m in marks])
    ax.set_xlabel("learning rate α (log scale)", labelpad=2)
    limits, pointers, words = [], [], []
    for i, look in enumerate(looks):
        (limit,) = ax.plot([], [], color=look["color"], linewidth=3, linestyle=look["linestyle"], zorder=9)
        limits.append(moving(limit))
        words.append(note(ax, 0, 1.08, coords="data", color=look["color"], fontsize=style.SMALL, va="bottom"))
        (pointer,) = ax.plot(
            [], [], linestyle="none", marker=look["marker"], markersize=11 - 2 * i, zorder=5 + i
        )
        pointer.set(color=look["color"], markeredgecolor="white", markeredgewidth=1.5)
        pointers.append(moving(pointer))
    return Ruler(ax, pointers, limits, words)
