"""Homework 1: the temperatures of a city that the student chose."""

from __future__ import annotations

from itertools import pairwise

from lesson_utils.checks.numbers import finite, flat, shape
from lesson_utils.checks.series import ewa, ewa_corrected
from lesson_utils.checks.verdict import Answered, Verdict, not_done, right, wrong

FEWEST = 60
MOST = 40_000
QUICK = 6_000
"""Days up to which every β is tried for the mistake, so that the check answers within a second."""
BETAS = tuple(hundredths / 100 for hundredths in range(50, 100))
CALM = 0.1
"""The curve may move this much from day to day, measured by how much the temperatures do."""
_HAIR = 1e-9


def moves(series) -> float:
    """Return by how much a series changes from one day to the next, in the mean."""
    return sum(abs(b - a) for a, b in pairwise(series)) / (len(series) - 1)


def calmness(celsius, beta: float, average=ewa_corrected) -> float:
    """Return how much the averaged curve moves, as a share of how much the temperatures do."""
    return moves(average(celsius, beta)) / moves(celsius)


def calm_beta(celsius, average=ewa_corrected) -> float | None:
    """Return the smallest of 0.50, 0.51 … 0.99 at which the average is calm; None when none is."""
    return next((beta for beta in BETAS if calmness(celsius, beta, average) <= CALM), None)


def _temperatures(notebook) -> list[float]:
    """Return the °C of the student's city, or end the check with what is wrong with them."""
    if "city" not in notebook.names:
        raise Answered(not_done("Load your city first, as `city`, and run that cell."))
    found = notebook.names["city"]
    if found is Ellipsis or found is None:
        raise Answered(not_done("Load your city first, as `city`, and run that cell."))
    values = notebook.look(lambda: getattr(found, "celsius", found), "city")
    celsius = flat(values)
    if celsius is None or len(shape(values) or ()) != 1:
        raise Answered(
            wrong(
                "no_city",
                "city holds no temperatures. It must be what load_temperatures gives back.",
                "Call `load_temperatures()`, or with the name of your file in quotation marks.",
            )
        )
    if not FEWEST <= len(celsius) <= MOST or not finite(celsius) or moves(celsius) == 0:
        raise Answered(
            wrong(
                "no_city",
                f"city holds {len(celsius)} days. It takes at least {FEWEST} finite temperatures, and some of them "
                "must differ.",
                "Choose a longer record, or Seattle's with `load_temperatures()`.",
            )
        )
    return celsius


def examine_calm_beta(notebook, random) -> Verdict:
    """Look at `calm_beta`, for the student's own `city`."""
    celsius = _temperatures(notebook)
    beta = notebook.number("calm_beta")
    if not BETAS[0] - _HAIR <= beta <= BETAS[-1] + _HAIR:
        return wrong(
            "range",
            f"calm_beta is {beta:g}, and must be one of 0.50, 0.51, 0.52, … 0.99.",
            "Store the β itself: neither its time constant, nor its place in a list.",
        )
    if abs(beta * 100 - round(beta * 100)) > 1e-6:
        return wrong(
            "between",
            f"calm_beta is {beta:g}, which lies between two of 0.50, 0.51, 0.52, … 0.99.",
            "Try the hundredths one after the other, in a loop.",
        )
    beta = round(beta, 2)
    calm = calmness(celsius, beta)
    below = calmness(celsius, round(beta - 0.01, 2))
    too_small = calm > CALM + _HAIR and beta < BETAS[-1]
    too_large = below <= CALM - _HAIR and beta > BETAS[0]
    if (too_small or too_large) and len(celsius) <= QUICK and beta == calm_beta(celsius, ewa):
        return wrong(
            "uncorrected",
            "this is the β for v itself: its climb from 0 counts as movement. The corrected average is asked for.",
            "Which of your two functions does your loop call?",
        )
    if too_small:
        return wrong(
            "too_small",
            f"at β = {beta:.2f} the curve still moves {_percent(calm)} as much as the temperatures do.",
            "Does your loop stop at the first β that is calm enough, or one before it?",
        )
    if too_large:
        return wrong(
            "too_large",
            f"at β = {beta:.2f} the curve is calm, it moves {_percent(calm)} as much as the temperatures do; but a "
            "smaller β is calm enough already.",
            "Does your loop keep the first β that is calm enough, or the last one?",
        )
    return right(
        f"In your city the curve moves {_percent(calm)} as much as the temperatures at this β, and "
        f"{_percent(below)} at the β before it."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
