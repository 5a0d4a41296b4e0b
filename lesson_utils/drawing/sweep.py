"""A panel that says for every β how many steps a run takes."""

from dataclasses import dataclass

import numpy as np

from . import style
from .panels import moving, put, show

LONGEST_MEMORY = 2.0  # as a power of ten: 1/(1−β) = 100, β = 0.99
BETAS = 1.0 - 10.0 ** -np.linspace(0.0, LONGEST_MEMORY, 81)
NAMED = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
FEWEST, MOST = 1.0, 4.0  # powers of ten of the steps that are shown


def place_of(beta):
    """Return where β stands along the axis, which is even in the memory 1/(1−β)."""
    return -np.log10(1.0 - np.asarray(beta))


def steps_for(rates, left=0.01):
    """Return the steps after which a rate leaves this part of the error; NaN where it never does.

    A long-run count: exact for an error that shrinks by the same factor at every step.
    """
    rates = np.asarray(rates, dtype=float)
    steps = np.full(rates.shape, np.nan)
    fine = (rates > 0.0) & (rates < 1.0)
    steps[fine] = np.maximum(np.log(left) / np.log(rates[fine]), 1.0)
    steps[rates == 0.0] = 1.0
    return steps


@dataclass
class SweepPanel:
    """Steps against β, a curve for each look, with a point at the present β."""

    ax: object
    lines: list
    points: list
    here: object

    def show(self, rates, beta):
        """Draw a curve for each look: its rate at every one of BETAS (None: not shown); mark `beta`."""
        at = float(place_of(beta))
        put(self.here, [at, at], [FEWEST, MOST])
        for line, point, rate in zip(self.lines, self.points, rates, strict=True):
            show(line, rate is not None)
            show(point, rate is not None)
            if rate is None:
                continue
            powers = np.log10(steps_for(rate))
            put(line, place_of(BETAS), powers)
            height = np.interp(at, place_of(BETAS), powers)
            put(point, [at], [np.clip(height, FEWEST, MOST)])


def draw_sweep(ax, looks):
    """Draw the axes of steps against β for the given looks; both axes stand still."""
    ax.set(xlim=(-0.06, LONGEST_MEMORY + 0.06), ylim=(FEWEST, MOST))
    ax.set_xticks(place_of(NAMED), [f"{beta:g}" for beta in NAMED])
    ax.set_yticks([1, 2, 3, 4], ["10", "100", "1000", "10⁴"])
    ax.text(1, -0.3, "β", transform=ax.transAxes, ha="right", va="center")
    (here,) = ax.plot([], [], color=style.LIMIT["color"], linewidth=1.2, zorder=1)
    lines, points = [], []
    for i, look in enumerate(looks):
        lines.append(moving(ax.plot([], [], **style.line_of(look), zorder=3 + i)[0]))
        points.append(moving(ax.plot([], [], **style.path_of(look, linestyle="none"), zorder=6 + i)[0]))
        points[-1].set_clip_on(False)
    return SweepPanel(ax, lines, points, moving(here))
