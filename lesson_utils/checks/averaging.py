"""Homework 1: averages."""

from __future__ import annotations

from math import ceil, floor, log

from lesson_utils.checks.diagnosis import Mistake, diagnose
from lesson_utils.checks.own_city import examine_calm_beta
from lesson_utils.checks.series import (
    CORRECTED_MISTAKES,
    EWA_MISTAKES,
    T_FROM_ZERO,
    diagnose_series,
    ewa,
    ewa_corrected,
    t_from_zero,
)
from lesson_utils.checks.units import examine_unit_gap
from lesson_utils.checks.verdict import Verdict, right, wrong

SERIES = ("values", "beta")


def examine_ewa(notebook, random) -> Verdict:
    """Look at `ewa(values, beta)`."""
    student = notebook.function("ewa", SERIES, by_hand=True)
    return diagnose_series(student, random, ewa, EWA_MISTAKES) or right(
        "Random series of both signs came back number by number, from arrays, lists and whole numbers; and with "
        "beta = 0 each average was the value itself."
    )


def examine_ewa_corrected(notebook, random) -> Verdict:
    """Look at `ewa_corrected(values, beta)`."""
    student = notebook.function("ewa_corrected", SERIES, by_hand=True)
    verdict = diagnose_series(student, random, ewa_corrected, CORRECTED_MISTAKES)
    if verdict and verdict.cause == "raised" and t_from_zero(student):
        return wrong(*T_FROM_ZERO)
    if verdict:
        return verdict
    return right(
        "Random series came back number by number, the first average equal to the first value. A v that was divided "
        "twice, or by the wrong power, would differ there."
    )


def values_holding(share: float, beta: float) -> int:
    """Return how many of the newest values hold at least `share` of the weight."""
    rest, count = 1.0, 0
    while 1 - rest < share:
        rest *= beta
        count += 1
    return count


def _exactly(share: float, beta: float) -> float:
    return log(1 - share) / log(beta)


def _weights_without_factor(share, beta):
    held, count = 0.0, 0
    while held < share and count < 10_000:
        held += beta**count
        count += 1
    return count


def _until_one_is_small(share, beta):
    count = 0
    while (1 - beta) * beta**count >= 1 - share:
        count += 1
    return count


LOOK_AT_TWO = "Take beta = 0.5 and write down the weights of the newest values: 0.5, 0.25, 0.125. Count on your fingers."

HOLDING_MISTAKES = (
    Mistake(
        "one_less",
        "your number is one too small: so many values hold a little less than the share.",
        f"A place counted from 0, or a number rounded down, is one short. {LOOK_AT_TWO}",
        lambda share, beta: values_holding(share, beta) - 1,
    ),
    Mistake(
        "one_less",
        "your number is one too small unless the share is hit exactly: it is rounded down.",
        f"Does the last value that is needed count, when only a part of its weight is needed? {LOOK_AT_TWO}",
        lambda share, beta: floor(_exactly(share, beta)),
    ),
    Mistake(
        "rounded",
        "your number is rounded to the nearest. So many values must hold *at least* the share.",
        "When 28.4 values would be needed, are 28 enough?",
        lambda share, beta: round(_exactly(share, beta)),
    ),
    Mistake(
        "one_more",
        "your number is one too large: one value fewer holds the share already.",
        f"Is the counter moved on once more after the share is reached? {LOOK_AT_TWO}",
        lambda share, beta: values_holding(share, beta) + 1,
    ),
    Mistake(
        "strict",
        "your number is right, but for a share that is hit exactly: at beta = 0.5 the two newest values hold 0.75, "
        "which is at least 0.75, and you take a third.",
        "Does your comparison ask for more than the share, or for at least the share?",
        lambda share, beta: floor(_exactly(share, beta)) + 1,
    ),
    Mistake(
        "not_whole",
        "your number is right but for its decimals: how many *values* are needed must be a whole number.",
        "So many values must hold at least the share. Up or down?",
        _exactly,
    ),
    Mistake(
        "time_constant",
        "this is 1/(1 − β), the time constant. It does not depend on the share at all.",
        "The time constant says how long the memory is. Add up weights in its place.",
        lambda share, beta: 1 / (1 - beta),
    ),
    Mistake(
        "time_constant",
        "this is 1/(1 − β), the time constant, as a whole number. It does not depend on the share at all.",
        "The time constant says how long the memory is. Add up weights in its place.",
        lambda share, beta: round(1 / (1 - beta)),
    ),
    Mistake(
        "three_times",
        "this is three times 1/(1 − β), a rule of thumb for a share of 0.95. It does not depend on the share.",
        "Add up the weights of the newest values until they reach the share.",
        lambda share, beta: 3 / (1 - beta),
    ),
    Mistake(
        "share_not_rest",
        "this is how long the *rest* takes: after so many values, the older ones together still hold the share.",
        "After n values, the older ones together still hold βⁿ. How large may that be at most?",
        lambda share, beta: ceil(log(share) / log(beta)),
    ),
    Mistake(
        "share_not_rest",
        "this is how long the *rest* takes: after so many values, the older ones together still hold the share.",
        "After n values, the older ones together still hold βⁿ. How large may that be at most?",
        lambda share, beta: log(share) / log(beta),
    ),
    *(
        Mistake(
            "base",
            "the logarithm has the wrong base: the weights shrink by the factor β, not by 1 − β.",
            "By which number is the weight multiplied from one day to the day before?",
            lambda share, beta, whole=whole: whole(log(1 - share) / log(1 - beta)),
        )
        for whole in (ceil, float)
    ),
    *(
        Mistake(
            "base",
            "the logarithm of the rest is taken, and β does not come in: it must be the logarithm to the base β.",
            "`log(x)` alone asks how often you multiply by 2.718…; you want to know how often by β.",
            lambda share, beta, whole=whole: whole(log(1 - share)),
        )
        for whole in (ceil, float)
    ),
    Mistake(
        "no_one_minus",
        "the weights look like βᵏ without the factor 1 − β, and add up to more than 1.",
        "How large is the weight of the newest value alone?",
        _weights_without_factor,
    ),
    Mistake(
        "single_weight",
        "this looks at the weight of one value at a time. The weights of all the newest values must be added up.",
        "What grows from day to day until it reaches the share?",
        _until_one_is_small,
    ),
)


def _told(probe: tuple) -> str:
    return f"for share = {probe[0]:g} and beta = {probe[1]:g}"


def _holding_probes(random) -> list[tuple[float, float]]:
    """Return a share that lies well between two counts, once nearer to each, and shares that are hit exactly."""
    probes = [(0.95, 0.9), (0.5, 0.5), (0.75, 0.5), (0.95, 0.5)]
    for beta, part, most in ((0.9, 0.3, 40), (0.8, 0.7, 40), (0.97, 0.3, 40), (0.99, 0.3, 400)):
        count = random.randint(most // 2 if most > 40 else 4, most) + part
        probes.append((round(1 - beta**count, 6), beta))
    return probes


def examine_values_holding(notebook, random) -> Verdict:
    """Look at `values_holding(share, beta)`."""
    name = "values_holding"
    student = notebook.function(name, ("share", "beta"))
    probes = _holding_probes(random)
    answers = [student(*probe) for probe in probes]
    if verdict := diagnose(name, probes, answers, values_holding, HOLDING_MISTAKES, shown=_told):
        return verdict
    return right(
        "For shares between two counts, and for 0.75 at beta = 0.5 which two values hold exactly, you counted enough "
        "values and not one too many."
    )


EXERCISES = {
    "ewa": examine_ewa,
    "ewa_corrected": examine_ewa_corrected,
    "values_holding": examine_values_holding,
    "unit_gap": examine_unit_gap,
    "calm_beta": examine_calm_beta,
}
