"""Pictures of a ravine of one's own and of runs in it; each is a Picture that a notebook shows by itself."""

import base64
import html
import io
from math import isfinite

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from lesson_utils.losses import Quadratic
from lesson_utils.optimizers import momentum
from lesson_utils.personal import Ravine, settles

from . import lettering, panels, style

ALONG = {"color": "#5c0073", "linestyle": "-", "label": "w₁, along the valley"}
ACROSS = {"color": "#c45200", "linestyle": (0, (4, 1.6)), "label": "w₂, across it"}
OPEN = "○ not done yet."
FOOT = -3.5  # powers of ten, the lowest distance drawn


class Picture:
    """A figure with words: the words are its alt text, and what is printed where there are no pictures."""

    def __init__(self, figure: Figure, words: str) -> None:
        self.figure, self.words = figure, words

    def __repr__(self) -> str:
        return self.words

    def _repr_mimebundle_(self, include=None, exclude=None):
        png = io.BytesIO()
        self.figure.savefig(png, format="png")
        data = base64.b64encode(png.getvalue()).decode()
        # HTML, because an exported page loses the alt text of a picture that comes as image/png.
        page = (
            f'<img style="width:100%;max-width:1280px" src="data:image/png;base64,{data}" '
            f'alt="{html.escape(self.words, quote=True)}">'
        )
        return (
            {"text/html": page, "image/png": data, "text/plain": self.words},
            {"image/png": {"alt": self.words}},
        )


class Words:
    """What a cell shows in the place of a picture."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return self.words


def show_run(ravine, alpha=None, beta=0.0) -> Picture | Words:
    """Return the picture of a run of momentum, the lecture's form, in a ravine of one's own.

    beta = 0 is plain descent. What is not typed yet (`...`) or is no setting is told in words.
    """
    if not isinstance(ravine, Ravine):
        return Words(repr(ravine))
    if alpha is Ellipsis or beta is Ellipsis or alpha is None or beta is None:
        return Words(f"{OPEN} Type your settings in the cell above, run it, and then this one.")
    try:
        alpha, beta = float(alpha), float(beta)
    except (TypeError, ValueError):
        return Words("α and β must be numbers.")
    if not (isfinite(alpha) and alpha >= 0 and 0 <= beta < 1):
        return Words("α must not be negative, and β must be at least 0 and below 1.")
    asked = ravine.momentum_steps if beta else ravine.plain_steps
    with rc_context(style.RC):
        return _picture(ravine, alpha, beta, asked)


def show_runs(runs) -> Picture | Words:
    """Return the picture of several runs (`personal.own_runs`), a panel for each."""
    if not isinstance(runs, list):
        return Words(repr(runs))
    with rc_context(style.RC):
        figure = Figure(figsize=(12.8, 7.6), dpi=100)
        for ax, run in zip(figure.subplots(2, 3).flat, runs, strict=True):
            draw_run(ax, run)
        figure.subplots_adjust(left=0.06, right=0.99, top=0.94, bottom=0.08, hspace=0.36, wspace=0.22)
    listed = "; ".join(
        f"{run.letter} shows {run.shows}: {', '.join(_format(value) for value in run.values)}" for run in runs
    )
    return Picture(figure, f"Runs against the step, a panel for each. {listed}.")


def draw_run(ax, run) -> None:
    """Draw one run against the step."""
    look = style.MOMENTUM if run.shows == "w₂" else style.STORED_BACK | {"marker": "D", "rim": 0.5}
    ax.axhline(0, **style.line_of(style.LIMIT, linewidth=1.5, label=None))
    ax.plot(range(len(run.values)), run.values, **style.path_of(look, linewidth=1.8, markersize=5.5))
    ax.set_title(f"{run.letter}: {run.shows} against the step")
    ax.set_xlim(-0.5, len(run.values) - 0.5)


def _picture(ravine: Ravine, alpha: float, beta: float, asked: int) -> Picture:
    path = momentum(Quadratic(ravine.curvatures).gradient, ravine.start, alpha, beta, 2 * asked).w
    look = style.MOMENTUM if beta else style.PLAIN
    figure = Figure(figsize=(12.8, 5.6), dpi=100)
    left, right = figure.subplots(1, 2)
    left.set(xlim=(-11, 11), ylim=(-2.4, 2.4), xlabel="w₁", ylabel="w₂")
    title, families = lettering.readable(f"ravine of {lettering.shortened(ravine.me, 20)}", "yours")
    left.set_title(title, fontfamily=families, parse_math=False)
    panels.draw_bowl(left, ravine.curvatures)
    seen = panels.until_it_leaves(path, (11, 2.4)).T
    (line,) = left.plot(*seen, **style.path_of(look, linewidth=1.8, markersize=5))
    right.set(xlim=(0, 2 * asked), ylim=(10**FOOT, 30), yscale="log", xlabel="step")
    right.set_title("distance, as a part of that at the start")
    with np.errstate(invalid="ignore", over="ignore"):
        parts = np.clip(np.abs(path / path[0]), 10**FOOT / 3, 1e6)
    for part, kind in zip(parts.T, (ALONG, ACROSS), strict=True):
        right.plot(part, **style.line_of(kind))
    right.axhline(0.01, **style.line_of(style.LIMIT, linewidth=1.8, label="1 %"))
    right.axvline(asked, **style.line_of(style.ACROSS, linewidth=1.8, label=f"{asked} steps"))
    right.legend(loc="upper right", framealpha=0.95, fontsize=style.SMALL)
    figure.subplots_adjust(left=0.07, right=0.985, top=0.82, bottom=0.13, wspace=0.2)
    panels.space_markers(line)
    words = _describe(ravine, alpha, beta, asked)
    figure.suptitle(words, fontsize=style.FONT)
    return Picture(figure, words)


def _describe(ravine: Ravine, alpha: float, beta: float, asked: int) -> str:
    steps = settles(ravine.curvatures, alpha, beta)
    came = "does not settle within 2000 steps" if steps is None else f"settles in {steps} steps"
    if alpha * (1 - beta) * max(ravine.curvatures) >= 2 * (1 + beta):
        came = "diverges"
    name = f"Momentum, α = {alpha:.4g}, β = {beta:.4g}," if beta else f"Plain descent, α = {alpha:.4g},"
    return f"{name} {came}; asked: at most {asked} steps"


def _format(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")
