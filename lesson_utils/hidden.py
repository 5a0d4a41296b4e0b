"""A ravine hidden in a word, for a game: the same for everyone who types the word, on every machine."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field

import numpy as np

from lesson_utils import maps
from lesson_utils._validate import short_repr
from lesson_utils.losses import LeastSquares
from lesson_utils.temperatures import load_temperatures

LONGEST = 40
"""Letters of a word."""
KAPPAS = range(50, 401)
"""With β = 0.9 the best α needs 4 to 1.5 times the fewest steps: fair, and not best."""
STEEPEST = tuple(h * p / 100 for p in (1, 10) for h in (10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82))
"""Curvatures across the valley: no α is known to be safe."""
UNITS = tuple(hundredths / 100 for hundredths in range(25, 151))
"""What a degree Celsius is on the hidden thermometer: κ is 71 to 2230, and 996 for 1."""


def tidy(word):
    """Return a word as it is shown; refuse what is no word."""
    allowed = f"a text of 1 to {LONGEST} letters, such as 'banana'"
    if not isinstance(word, str):
        raise TypeError(f"word must be {allowed}, not {short_repr(word)} ({type(word).__name__})")
    shown = " ".join(unicodedata.normalize("NFKC", word).split())
    if not 1 <= len(shown) <= LONGEST or not shown.isprintable():
        raise ValueError(f"word must be {allowed}, not {short_repr(word)}")
    return shown


def drawn_from(word, options, purpose):
    """Return the option that a word draws: the same on every machine, with capitals or without."""
    digest = hashlib.sha256(f"{purpose} {word.casefold()}".encode()).digest()
    return options[int.from_bytes(digest[:8], "big") % len(options)]


@dataclass
class Game:
    """One round: what is hidden, and what has been tried."""

    curvatures: tuple  # along the valley, across it
    start: tuple  # distances from the minimum, in the same order
    runs: list = field(default_factory=list)  # (α, β, steps) of each; infinity: it never settles
    over: bool = False
    best: tuple = ()  # (α, β, steps) of the best stops of both sliders, once the round is over
    cells: np.ndarray | None = None  # the map, then too

    @property
    def kappa(self):
        """How narrow the valley is."""
        return self.curvatures[1] / self.curvatures[0]

    @property
    def own(self):
        """The place and the steps of the best run so far; of equals the first."""
        counts = [count for *_, count in self.runs]
        return int(np.argmin(counts)), min(counts)

    def count(self, alpha, beta):
        """Return the steps until a run settles, along the valley and across it."""
        return maps.settle_map(self.curvatures, alpha, beta)

    def place(self, alpha, beta):
        """Return which run had this α and β, counted from 1; 0 if none had."""
        return next((i for i, run in enumerate(self.runs, 1) if run[:2] == (alpha, beta)), 0)

    def end(self, alphas, betas, cells):
        """Look everything up: the fewest steps of all these α and β (and of the own runs), and the map's cells."""
        counts = self.count(np.array(alphas), np.array(betas)[:, None])
        row, column = np.unravel_index(counts.argmin(), counts.shape)
        found = (alphas[column], betas[row], counts[row, column])
        self.best = min([found, *self.runs], key=lambda run: run[2])
        self.cells, self.over = self.count(*cells), True


def ravine(word):
    """Return the game of a word's own ravine: both curvatures are unknown."""
    steep = drawn_from(word, STEEPEST, "steepest")
    return Game((steep / drawn_from(word, KAPPAS, "kappa"), steep), (9.0, 1.2))


def training(word):
    """Return the game of lesson 8's line, w = b = 0, its x measured by a thermometer with a unit of the word's."""
    celsius = load_temperatures().celsius
    loss = LeastSquares(drawn_from(word, UNITS, "unit") * celsius[:-1], celsius[1:])
    along, across = np.abs(np.linalg.eigh(loss.hessian)[1].T @ loss.minimum)
    return Game(tuple(loss.curvatures.tolist()), (float(along), float(across)))
