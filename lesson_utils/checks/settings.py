"""What the checks of a chosen α and β share."""

from __future__ import annotations

from math import exp, log, sqrt

from lesson_utils.checks.numbers import spoken
from lesson_utils.checks.verdict import Verdict, wrong


def settings(notebook, *names: str) -> list[float]:
    """Return the numbers of those names, or end the check; none is looked at before all are there."""
    found = {name: notebook.value(name) for name in names}
    return [notebook.number(name) for name in found]


def said(value: float) -> str:
    """Return a number as it is read, to three digits."""
    return spoken(value, 3)


def beta_outside(beta: float, name: str) -> Verdict | None:
    """Return the verdict on a β that is none."""
    if 0 <= beta < 1:
        return None
    why = "With 1 or more nothing is ever forgotten" if beta >= 1 else "Below 0 the old steps count backwards"
    return wrong(
        "beta_range",
        f"{name} is {said(beta)}. {why}: β must be at least 0, and below 1.",
        "β is the share of the old v that is kept at each step.",
    )


def not_positive(alpha: float, name: str) -> Verdict | None:
    """Return the verdict on an α with which no step goes downhill."""
    if alpha > 0:
        return None
    what = "no step is taken at all" if alpha == 0 else "each step goes uphill"
    return wrong(
        "not_positive",
        f"with {name} = {said(alpha)} {what}. α must be above 0.",
        "The minus sign stands in the rule already: w = w − αv.",
    )


def limit(beta: float) -> float:
    """Return the limit of αλ in the lecture's form."""
    return 2 * (1 + beta) / (1 - beta)


def geometric(low: float, high: float, count: int) -> list[float]:
    """Return numbers from low to high, each the same number of times as large as the one before."""
    return [low * exp(log(high / low) * i / (count - 1)) for i in range(count)]


def creeps(curvature: float, alpha: float, beta: float) -> bool:
    """Return whether a direction of this curvature is too slow for waves: both roots are real and above 0."""
    return alpha * (1 - beta) * curvature <= (1 - sqrt(beta)) ** 2
