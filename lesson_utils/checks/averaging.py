"""Homework 1: averages."""

from __future__ import annotations

import numpy as np

from lesson_utils.checks.diagnosis import Mistake, diagnose
from lesson_utils.checks.numbers import spoken
from lesson_utils.checks.verdict import right

_array = np.array


def ewa(values, beta: float) -> list[float]:
    """Return the averages, in plain Python."""
    v, averages = 0.0, []
    for theta in values:
        v = beta * v + (1 - beta) * theta
        averages.append(v)
    return averages


def _recursion(keep, take):
    """Return the average in which the old one is multiplied by keep(beta) and the new value by take(beta)."""

    def twin(values, beta):
        v, averages = 0.0, []
        for theta in values:
            v = keep(beta) * v + take(beta) * theta
            averages.append(v)
        return averages

    return twin


EWA_MISTAKES = (
    Mistake(
        "swapped",
        "the two weights look swapped: the old average is multiplied by 1 − β and the new value by β.",
        "In v = βv + (1−β)θ, which of the two is to change little when β is close to 1?",
        _recursion(lambda beta: 1 - beta, lambda beta: beta),
    ),
)


def _shown(probe: tuple) -> str:
    values, beta = probe
    return f"for the values {spoken(values)} and beta = {beta:g}"


def examine_ewa(notebook, random):
    """Look at `ewa(values, beta)`."""
    student = notebook.function("ewa", ("values", "beta"))
    probes = [(_array([random.uniform(-10, 30) for _ in range(12)]), beta) for beta in (0.9, 0.6, 0.0)]
    answers = [student(*probe) for probe in probes]
    if verdict := diagnose("ewa", probes, answers, ewa, EWA_MISTAKES, shown=_shown):
        return verdict
    return right("Random series at three β came back as the recursion gives them, number by number.")


EXERCISES = {"ewa": examine_ewa}
