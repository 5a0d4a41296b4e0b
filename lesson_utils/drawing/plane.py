"""The plane of α and β: how many steps a run needs, where its regimes begin, and points on it."""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import ListedColormap

from . import style
from .panels import limit_x, moving, note, place, put, put_log, show

WIDE, HIGH = (-2.0, 2.7), (0.0, 2.0)  # of log10 α and of log10 1/(1−β): 0.01 to 500, and 0 to 0.99
CELLS = (112, 72)  # along α, along β: where steps are counted
FINER = 2  # times as many are drawn each way: borders between counted cells would be stairs
ALPHAS = (0.01, 0.1, 1, 10, 100, 500)
BETAS = (0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
NEVER = len(style.SETTLES_IN)  # the level of what never settles; its stripes are two colours
NUMBER = np.array([0.17, 0.085])  # the room of a run's number
AROUND = (
    (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1), (2, 0), (-2, 0), (0, 2), (0, -2),
)  # fmt: skip
COLORS = ListedColormap([*style.SETTLES_IN, *style.NEVER])
TEXTS = (  # where the names of the regimes stand, whatever κ is
    ("monotone", -1.86, 0.07), ("ripples", -0.35, 0.62), ("diverges", 1.85, 0.32), ("← oscillates", 0.49, 0.05),
)  # fmt: skip


def across(alpha):
    """Return where an α lies along the plane; what is too small for it lies at its edge."""
    return np.log10(np.maximum(alpha, 10.0 ** WIDE[0]))


def up(beta):
    """Return how high a β lies in the plane: even steps double the memory 1/(1−β)."""
    return -np.log10(1.0 - np.asarray(beta))


def cells(finer=1):
    """Return (row of alphas, column of betas): the middles of the plane's cells, or of `finer` times as many."""
    (x0, x1), (y0, y1) = WIDE, HIGH
    wide, high = (finer * count for count in CELLS)
    x = x0 + (x1 - x0) * (np.arange(wide) + 0.5) / wide
    y = y0 + (y1 - y0) * (np.arange(high) + 0.5) / high
    return 10.0**x, 1.0 - 10.0 ** -y[:, None]


def levels(steps, limits):
    """Return which colour each of the finer cells has; what never settles is striped.

    steps : counted in the middles of the cells, each row infinite from some α on
    limits : of α, a column for the finer cells' betas; from there on a run never settles
    """
    # Counts in the middle of what settles lie between the neighbours', in their logarithm; those at its edge go on.
    last = np.maximum(np.isfinite(steps).sum(axis=1) - 1, 0)
    counts = np.where(np.isfinite(steps), steps, np.take_along_axis(steps, last[:, None], axis=1))
    logs = _halved(_halved(np.log(counts)).T).T
    level = np.searchsorted(np.log(np.add(style.SETTLES, 0.5)), logs).astype(np.uint8)
    return np.where(cells(FINER)[0] < limits, level, _stripes(level.shape, FINER))


def _halved(values):
    """Return rows of values, in the middles of cells, for the middles of the cells' halves."""
    before, after = np.vstack([values[:1], values[:-1]]), np.vstack([values[1:], values[-1:]])
    pairs = np.stack([0.75 * values + 0.25 * before, 0.75 * values + 0.25 * after], axis=1)
    return pairs.reshape(-1, values.shape[1])


def _stripes(shape, finer=1):
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return (NEVER + ((rows + columns) % (6 * finer) >= 4 * finer)).astype(np.uint8)


def _colored(levels):
    """Return the colours, four bytes each. Given levels, matplotlib 3.8 draws all of them in the first one's colour."""
    return COLORS(levels, bytes=True)


@dataclass
class Plane:
    """What moves in the plane."""

    ax: object
    picture: object
    lines: dict
    hint: object
    points: dict
    title: object
    shown: object = None  # what its colours and borders were last drawn for

    def show_steps(self, steps, limits):
        """Colour the plane by the steps of its cells, shape (72, 112), up to the limits (see `levels`)."""
        self.picture.set_data(_colored(levels(steps, limits)))

    def uncover(self, seen):
        """Show or hide what the plane tells: its colours, its borders, its best place."""
        for artists in ([self.picture], *self.lines.values(), self.points["best"]):
            for artist in artists:
                show(artist, seen)

    def show_border(self, name, alpha, beta):
        """Draw a border of a regime, one of "limit", "across", "zigzag", "along"."""
        for line in self.lines[name]:
            put(line, np.log10(alpha), up(beta))

    def show_hint(self, alpha, beta, words):
        """Write a few words to the right of a setting."""
        place(self.hint, across(alpha) + 0.12, float(up(beta)), words)

    def show_point(self, name, alpha, beta):
        """Put one of the points "plain", "best", "here"."""
        for point in self.points[name]:
            put(point, [across(alpha)], [up(beta)])


def draw_plane(ax, *, regimes=True):
    """Draw the axes of the plane, with the names of the regimes or without; return its Plane."""
    ax.set(xlim=WIDE, ylim=HIGH)
    ax.set_xticks(np.log10(ALPHAS), [f"{alpha:g}" for alpha in ALPHAS])
    ax.set_yticks(up(np.array(BETAS)), [f"{beta:g}" for beta in BETAS])
    ax.set_xlabel("learning rate α (log scale)", labelpad=1)
    ax.set_ylabel("β", rotation=0, labelpad=8)
    picture = ax.imshow(
        _colored(np.zeros(CELLS[::-1], np.uint8)), interpolation="bilinear",
        origin="lower", extent=(*WIDE, *HIGH), aspect="auto", zorder=0,
    )  # fmt: skip
    moving(picture)
    looks = {"limit": (style.LIMIT, 3.4), "across": (style.ACROSS, 2.2), "zigzag": (style.ACROSS, 1.8)}
    looks["along"] = (style.ALONG, 2.6)
    lines = {name: _border(ax, look, width, rim=name != "zigzag") for name, (look, width) in looks.items()}
    for text, x, y in TEXTS if regimes else ():
        note(ax, x, y, text, coords="data", fontweight="bold", va="bottom")
    hint = note(ax, 0, 0, coords="data", fontsize=style.SMALL, va="center", zorder=6)
    points = {
        "plain": [_point(ax, style.PLAIN["marker"], 12, style.PLAIN["color"], 5)],
        "best": [_point(ax, style.BEST["marker"], 13, style.BEST["color"], 6)],
        "here": [
            _point(ax, "o", 17, "white", 7),
            _point(ax, style.MOMENTUM["marker"], 8, style.MOMENTUM["color"], 8, rim=0),
        ],
    }
    return Plane(ax, picture, lines, hint, points, note(ax, 0.5, 1.02, ha="center", fontweight="bold"))


def _border(ax, look, width, rim):
    lines = [ax.plot([], [], color="white", linewidth=width + 2.4, zorder=2)[0]] if rim else []
    lines += ax.plot([], [], **style.line_of(look, linewidth=width, zorder=3))
    return [moving(line) for line in lines]


def _point(ax, marker, size, color, zorder, rim=2.4):
    (point,) = ax.plot([], [], linestyle="none", marker=marker, markersize=size, zorder=zorder)
    point.set_clip_on(False)  # a setting at the edge is drawn whole
    point.set(markerfacecolor=color, markeredgecolor="black", markeredgewidth=rim)
    return moving(point)


@dataclass
class Tries:
    """Runs at places of the plane, each with its number beside it."""

    points: object
    numbers: list
    shown: tuple = ()

    def show(self, runs, others=()):
        """Mark runs (α, β, …); put each number where it covers no other, no point, and none of the other places."""
        if self.shown == (tuple(runs), tuple(others)):
            return
        self.shown = tuple(runs), tuple(others)
        places = [(across(alpha), float(up(beta))) for alpha, beta, *_ in [*runs, *others]]
        at = np.array(places[: len(runs)]).reshape(-1, 2)
        put(self.points, *at.T)
        taken = list(np.array(places).reshape(-1, 2) / NUMBER)
        for i, text in enumerate(self.numbers):
            if i >= len(at):
                place(text, 0, 0, "")
                continue
            spots = [at[i] / NUMBER + 1.1 * np.array(way) for way in AROUND]
            free = [min(np.abs(spot - one).max() for one in taken) for spot in spots]
            spot = spots[next((k for k, gap in enumerate(free) if gap >= 1), int(np.argmax(free)))]
            taken.append(spot)
            place(text, *(spot * NUMBER), str(i + 1))


def draw_tries(ax, most):
    """Draw nothing yet; return the Tries for `most` runs in a plane."""
    (points,) = ax.plot([], [], linestyle="none", marker="o", markersize=9, zorder=7, clip_on=False)
    points.set(color=style.MOMENTUM["color"], markeredgecolor="black", markeredgewidth=1.2)
    look = {"coords": "data", "ha": "center", "va": "center", "fontsize": style.SMALL, "fontweight": "bold"}
    return Tries(moving(points), [note(ax, 0, 0, **look, zorder=9) for _ in range(most)])


def draw_key(ax):
    """Draw the key to the plane's colours once: steps at each change of colour, and stripes for never."""
    count = len(style.SETTLES_IN)
    bars = np.repeat(np.arange(count, dtype=np.uint8), 12)[:, None].repeat(6, axis=1)
    bars = np.vstack([bars, _stripes((12, 6))])
    ax.imshow(
        _colored(bars), interpolation="nearest", origin="lower", aspect="auto",
        extent=(0, 1, 0, count + 1),
    )  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(0, count + 1), xticks=[])
    ax.yaxis.tick_right()
    ax.set_yticks(range(1, count), [f"{edge}" for edge in style.SETTLES])
    ax.text(1.25, count + 0.5, "never", va="center", fontsize=style.SMALL)
    ax.text(0.5, count + 1.25, "steps", ha="center", va="bottom", fontsize=style.SMALL)
    for side in ax.spines.values():
        side.set_visible(True)


# --- how far a run still has to go -----------------------------------------------------------------------


@dataclass
class DistancePanel:
    """The part of the way that is left at each step, in the direction that has more of it left; log axis."""

    ax: object
    lines: list
    mark: object
    words: object

    def show(self, runs, steps, settled):
        """Draw the distances of runs, and a line where the last of them settles (None: nowhere)."""
        low, high = self.ax.get_ylim()
        limit_x(self.ax, 0, max(steps, 1))
        for line, left in zip(self.lines, runs, strict=True):
            put_log(line, left, 10 ** (low - 1), 1e30)
        seen = settled is not None and settled <= steps
        put(self.mark, [settled, settled] if seen else [], [low, high] if seen else [])
        side = "right" if seen and settled > 0.55 * steps else "left"
        shift = (-0.02 if side == "right" else 0.02) * steps
        words = f"settles at {settled}" if seen else ""
        place(self.words, (settled if seen else 0) + shift, high - 0.25, words, ha=side)


def draw_distance(ax, looks, *, lowest=-4, highest=1):
    """Draw the axes for the distance that is left; return its DistancePanel."""
    ax.set_ylim(lowest, highest)
    names = {-4: "0.01 %", -2: "1 %", 0: "100 %"}
    ax.set_yticks(list(names), list(names.values()))
    ax.set_title("distance left")
    ax.axhline(-2, **style.line_of(style.LIMIT, linewidth=1.6, zorder=1, label=None))
    lines = [moving(ax.plot([], [], **style.line_of(look), zorder=3 + i)[0]) for i, look in enumerate(looks)]
    (mark,) = ax.plot([], [], color=style.INK, linewidth=1.4, zorder=2)
    ax.locator_params(axis="x", nbins=5, integer=True)
    moving(mark, ax.xaxis)
    words = note(ax, 0, 0, coords="data", fontsize=style.SMALL, va="top")
    return DistancePanel(ax, lines, mark, words)
