"""A ravine and some runs of one's own: drawn from a name or a number, the same on every machine.

The numbers come from a hash of the name and not from a random generator, because those of libraries may change from
version to version.
"""

from __future__ import annotations

import hashlib
import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from lesson_utils.theory import best_settings, steps_to_settle

STEPS = 30
"""Steps of each run of `own_runs`."""
LETTERS = "ABCDEF"


def is_given(me) -> bool:
    """Return whether somebody has typed a name at all: `...`, None and a text of spaces are none."""
    return not (me is Ellipsis or me is None or (isinstance(me, str) and not me.strip()))


def key(me) -> str:
    """Return the name or number as what it is drawn by.

    Capital letters, accents and spaces around or between words make no difference, nor does 7 or "7".
    Raises ValueError for no name or a number that is not finite, TypeError for anything else.
    """
    if not is_given(me):
        raise ValueError("me must be your name or number, but it is not typed yet")
    if isinstance(me, bool) or not isinstance(me, (str, numbers.Real)):
        raise TypeError(f"me must be a name in quotes or a number, not {type(me).__name__}")
    if not isinstance(me, str):
        if not math.isfinite(me):
            raise ValueError(f"me must be a name or a finite number, not {me}")
        return str(int(me)) if me == int(me) else repr(float(me))
    text = normalize("NFKD", normalize("NFKD", me).casefold())
    return " ".join(normalize("NFC", "".join(c for c in text if not combining(c))).split())


class Draws:
    """Numbers drawn from a name, one after the other, for one purpose."""

    def __init__(self, me, purpose: str) -> None:
        self._key, self._purpose, self._count = key(me), purpose, 0

    def random(self) -> float:
        """Return a number from 0 to below 1."""
        self._count += 1
        text = f"{self._purpose} {self._count} {self._key}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48

    def uniform(self, low: float, high: float) -> float:
        """Return a number from low to high."""
        return low + (high - low) * self.random()

    def log_uniform(self, low: float, high: float) -> float:
        """Return a number from low to high, whose logarithm is evenly spread."""
        return low * (high / low) ** self.random()

    def choice(self, things: Sequence):
        """Return one of the things."""
        return things[int(self.random() * len(things))]

    def shuffled(self, things: Sequence) -> list:
        """Return the things in a drawn order."""
        left, order = list(things), []
        while left:
            order.append(left.pop(int(self.random() * len(left))))
        return order


# --- the ravine ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ravine:
    """A ravine along the axes, its minimum at 0.

    me: the name it is drawn from. curvatures: (λ₁ along the valley, λ₂ across it). start: (w₁, w₂).
    plain_steps, momentum_steps: within how many steps a run is to settle.
    """

    me: str
    curvatures: tuple[float, float]
    start: tuple[float, float]
    plain_steps: int
    momentum_steps: int

    @property
    def kappa(self) -> float:
        """The larger curvature divided by the smaller one."""
        return self.curvatures[1] / self.curvatures[0]

    def __repr__(self) -> str:
        along, across = self.curvatures
        return (
            f"The ravine of {self.me}: λ₁ = {along:g} along the valley, λ₂ = {across:g} across it, "
            f"κ = {self.kappa:.0f}.\nPlain descent is to settle within {self.plain_steps} steps, "
            f"momentum within {self.momentum_steps}."
        )


class Unnamed:
    """Stands in for what is drawn from a name, until there is one."""

    def __repr__(self) -> str:
        return "○ not done yet. Type your name or number as `me`, run that cell, and then this one."

    def __getattr__(self, name):
        raise AttributeError(f"there is no {name} yet: type your name or number as `me` first")


def own_ravine(me) -> Ravine | Unnamed:
    """Return the ravine of a name or number; while none is typed, what says so.

    Raises ValueError or TypeError as `key` does.
    """
    if not is_given(me):
        return Unnamed()
    draws = Draws(me, "ravine")
    kappa, across = draws.log_uniform(45, 150), _rounded(draws.log_uniform(0.02, 20), 2)
    along = _rounded(across / kappa, 3)
    sides = draws.choice((-1, 1)), draws.choice((-1, 1))
    start = sides[0] * round(draws.uniform(6, 9), 1), sides[1] * round(draws.uniform(0.8, 1.4), 1)
    plain = settles((along, across), 2 / (along + across))
    best = settles((along, across), *best_settings((along, across)))
    return Ravine(
        key(me), (along, across), start, math.ceil(PLAIN_ROOM * plain), math.ceil(MOMENTUM_ROOM * best)
    )


PLAIN_ROOM = 1.15
"""Times the steps of plain descent at its best: the room that is left for an α which is not the best."""
MOMENTUM_ROOM = 1.35
"""Times the steps of the best pair on paper; still fewer than any α can reach with β = 0.9."""


def settles(curvatures: Sequence[float], alpha: float, beta: float = 0.0, most: int = 2000) -> int | None:
    """Return the step from which on each direction stays within 1 % of its start; None when there is none up to `most`."""
    return steps_to_settle(curvatures, alpha, beta, most=most)


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


# --- the runs --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """One run to look at: `values` against the step, of w₂ or of the loss."""

    letter: str
    shows: str
    values: tuple[float, ...]


def own_runs(me) -> list[Run] | Unnamed:
    """Return the runs A to F of a name or number; while none is typed, what says so.

    Raises ValueError or TypeError as `key` does.
    """
    return [run for run, _ in runs_and_kinds(me)] if is_given(me) else Unnamed()


def runs_and_kinds(me) -> list[tuple[Run, str]]:
    """Return each run with the word for it: "monotone", "ripples", "oscillates" or "diverges"."""
    draws = Draws(me, "runs")
    makers = [_creeping, _zig_zag, _waves, _growing, _loss_in_waves]
    makers.append(draws.choice((_zig_zag, _waves, _growing, _loss_that_grows)))
    drawn = [make(draws) for make in draws.shuffled(makers)]
    return [
        (Run(letter, shows, tuple(values)), kind)
        for letter, (shows, values, kind) in zip(LETTERS, drawn, strict=True)
    ]


def _walk(a: float, beta: float, start: float) -> list[float]:
    """Return x for each step of y ← βy + ax, x ← x − y; a is (1−β)αλ."""
    x, y, path = start, 0.0, [start]
    for _ in range(STEPS):
        y = beta * y + a * x
        x -= y
        path.append(x)
    return path


def _start(draws: Draws) -> float:
    return draws.choice((-1, 1)) * draws.uniform(1, 6)


def _creeping(draws: Draws):
    beta = draws.choice((0.0, 0.3, 0.5))
    border = (1 - math.sqrt(beta)) ** 2
    a = draws.uniform(0.07, 0.14) if beta == 0 else border * draws.uniform(0.5, 0.9)
    return "w₂", _walk(a, beta, _start(draws)), "monotone"


def _zig_zag(draws: Draws):
    # The root −ρ of r² − (1+β−a) r + β = 0 is the larger one as long as ρ² > β.
    beta, rho = draws.choice((0.0, 0.1, 0.2)), draws.uniform(0.84, 0.93)
    return "w₂", _walk(1 + beta + rho + beta / rho, beta, _start(draws)), "oscillates"


def _waves(draws: Draws):
    return "w₂", _rippling(draws, draws.uniform(0.85, 0.93), _start(draws)), "ripples"


def _rippling(draws: Draws, beta: float, start: float, *, stretch: float = 1.0) -> list[float]:
    period = stretch * draws.uniform(8, 14)
    return _walk(1 + beta - 2 * math.sqrt(beta) * math.cos(2 * math.pi / period), beta, start)


def _growing(draws: Draws):
    beta, rho = draws.choice((0.0, 0.1, 0.3)), draws.uniform(1.03, 1.06)
    return "w₂", _walk(1 + beta + rho + beta / rho, beta, _start(draws)), "diverges"


def _loss_in_waves(draws: Draws):
    # The loss rises and falls twice in each wave of w: longer waves keep its bumps apart.
    path = _rippling(draws, draws.uniform(0.88, 0.94), draws.uniform(1, 6), stretch=1.5)
    return "loss", [x * x / 2 for x in path], "ripples"


def _loss_that_grows(draws: Draws):
    """Return a loss that first falls along the valley; across it, what is small at first grows without end."""
    start, rho = draws.uniform(1, 6), draws.uniform(1.08, 1.13)
    along = _walk(draws.uniform(0.07, 0.12), 0.0, start)
    across = _walk(1 + rho, 0.0, start * math.sqrt(draws.uniform(1.5, 4)) / rho**STEPS)
    return "loss", [(x * x + y * y) / 2 for x, y in zip(along, across, strict=True)], "diverges"
