"""Homework 1: averages with and without correction, what they hold, and a city of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count, pairwise
from math import ceil, copysign, floor, inf, log

import numpy as np

from lesson_utils.checks.engine import Probe, Task, examine
from lesson_utils.checks.numbers import finite, flat, formatted, plain, shape
from lesson_utils.checks.rule import IN_AVERAGE, right_rule
from lesson_utils.checks.verdict import WRONG, Answered, Verdict, mistake, not_done, right, wrong

# --- the average of a series -----------------------------------------------------------------------------------


def itself(v: float, t: int, beta: float, n: int) -> float:
    """Return the average as it is."""
    return v


def corrected(v: float, t: int, beta: float, n: int) -> float:
    """Return the average of the t-th value, divided by the weight that the values hold."""
    weight = 1 - beta**t
    return v / weight if weight else copysign(inf, v)


def ewa(
    values,
    beta: float,
    *,
    rule: Callable = right_rule,
    read: Callable = itself,
    start: Callable = lambda values: 0.0,
    series: Callable = list,
    old: Callable = lambda v, before: v,
    first: int = 1,
    stored: bool = False,
    result: Callable = lambda kept: kept,
):
    """Return the averages v_1 … v_n.

    read(v, t, beta, count): what is kept of v. start: v₀. series: the values that the loop meets. old(v, value before):
    what goes on to the next value. first: the t of the first value. stored: whether what is kept goes on in place of v.
    result: what becomes of the list.
    """
    v, before, kept = start(values), 0.0, []
    for t, theta in enumerate(series(values), start=first):
        v = rule(old(v, before), theta, beta, 1 - beta, 1.0, 0.0)
        kept.append(read(v, t, beta, len(values)))
        v, before = (kept[-1] if stored else v), theta
    return result(kept)


ewa_corrected = partial(ewa, read=corrected)
"""Return each average divided by 1 − βᵗ, the first with t = 1."""


def _array(values, beta):
    return np.array(values), beta


def _list(values, beta):
    return list(values), beta


def series_probes(random) -> list[Probe]:
    """Return calls with arrays of several lengths, with lists, and with whole numbers; the first one is the text's."""
    drawn = [random.uniform(5, 9), *(random.uniform(-10, 30) for _ in range(4))]
    one = (*drawn, 0.0, *(random.uniform(0, 30) for _ in range(3)))
    below = (random.uniform(-9, -5), *(random.uniform(-20, 5) for _ in range(11)))  # so are its averages
    # Long enough to tell from an average of the newest few.
    long = tuple(random.uniform(-10, 30) for _ in range(200))
    calls = [((10.0, 20.0, 40.0), 0.9), (one, 0.9), (one, round(random.uniform(0.55, 0.8), 2))]
    calls += [(below, 0.9), (below[:7], 0.98), (long, 0.95)]
    edges, whole = (((8.0,), 0.9), (below, 0.0)), ((10, 20, 40, 15), 0.9)
    return [
        *(Probe(args, "array", _array) for args in calls),
        *(Probe(args, "list", _list) for args in calls),
        *(Probe(args, "edge", _array) for args in edges),
        Probe(whole, "whole", _array),
        Probe(whole, "whole", _list),
    ]


IN_LOOP = (
    mistake("starts_at_first", start=lambda values: values[0]),
    mistake("previous_value", old=lambda v, before: before),
    *(
        mistake("first_left_out", series=lambda all_: all_[1:], result=lambda kept: [0.0, *kept], first=first)
        for first in (1, 2)
    ),
    mistake("shifted", result=lambda kept: [0.0, *kept[:-1]]),
    mistake("v0_included", result=lambda kept: [0.0, *kept]),
    mistake("first_missing", result=lambda kept: kept[1:]),
    mistake("first_missing/value", series=lambda values: values[1:]),
    mistake("last_missing", result=lambda kept: kept[:-1]),
    mistake("only_first", result=lambda kept: kept[:1]),
    mistake("only_last", result=lambda kept: kept[-1:]),
    mistake("reversed", result=lambda kept: kept[::-1]),
    mistake("reversed/values", series=lambda values: values[::-1]),
    mistake("zeros", result=lambda kept: [0.0] * len(kept)),
)
WHOLLY = (
    mistake("values_back", rule=lambda v, x, b, t, a, w: x, read=itself),
    mistake("cumulative", rule=lambda v, x, b, t, a, w: v + x, read=lambda v, t, beta, n: v / t),
)
FROM_ZERO = tuple(one for one in IN_AVERAGE if one.cause not in ("product", "no_x"))
"""Those that can be told apart where v₀ = 0: the others give zeros only."""
EWA = Task(
    "ewa",
    ("values", "beta"),
    ewa,
    (*FROM_ZERO, *IN_LOOP, *WHOLLY, mistake("corrected", read=corrected)),
    series_probes,
    shown=lambda values, beta: f"for the values {formatted(list(values))} and beta = {beta:g}",
    most=2,
    variant="series",
    fields={"x": "the new value", "old": "the old average"},
)
READS = (
    mistake("uncorrected", read=itself),
    mistake("t_from_zero", first=0),
    mistake("t_from_two", first=2),
    mistake("one_minus_beta", read=lambda v, t, beta, n: v / (1 - beta)),
    mistake("last_t", read=lambda v, t, beta, n: v / (1 - beta**n)),
    mistake("multiplied", read=lambda v, t, beta, n: v * (1 - beta**t)),
    mistake("power_only", read=lambda v, t, beta, n: v / beta**t),
    mistake("bracket_power", read=lambda v, t, beta, n: v / (1 - beta) ** t),
    mistake("times_t", read=lambda v, t, beta, n: v / (1 - beta * t)),
    mistake("sign", read=lambda v, t, beta, n: v / (1 + beta**t)),
    mistake("sign/turned", read=lambda v, t, beta, n: v / (beta**t - 1)),
    mistake("brackets/read", read=lambda v, t, beta, n: v / 1 - beta**t),
    mistake("stored_back", stored=True),
)
CORRECTED = replace(
    EWA,
    name="ewa_corrected",
    formula=ewa_corrected,
    mistakes=(*READS, *(one for one in FROM_ZERO if one.cause != "sign_v"), *IN_LOOP, *WHOLLY),
)


class _Beta(float):
    """A β of which the power 0 is not 1, so that 1 − β⁰ divides without an error."""

    def __pow__(self, power, modulo=None):
        return 0.5 if type(power) in (int, float) and power == 0 else float.__pow__(self, power)


def _divides_by_nothing(student, problem: Verdict) -> bool:
    """Return whether a function that stops divides by 1 − β⁰, and would go on if that were not 0."""
    return "ZeroDivisionError" in problem.sentence and any(
        student.attempt(*given((10.0, 20.0, 40.0), 0.9)).problem
        and not student.attempt(*given((10.0, 20.0, 40.0), _Beta(0.9))).problem
        for given in (_array, _list)
    )


def examine_ewa_corrected(notebook, random) -> Verdict:
    """Look at `ewa_corrected(values, beta)`."""
    verdict = CORRECTED.examine(notebook, random)
    divides = verdict.status == WRONG and _divides_by_nothing(CORRECTED.function(notebook), verdict)
    return wrong("t_from_zero") if divides else verdict


# --- how many values hold a share of the weight ----------------------------------------------------------------


def values_holding(share: float, beta: float) -> int:
    """Return how many of the newest values hold at least `share` of the weight."""
    rest, held = 1.0, 0
    while 1 - rest < share - 1e-12:
        rest, held = rest * beta, held + 1
    return held


def _exactly(share: float, beta: float) -> float:
    return log(1 - share) / log(beta)


def _until_one_is_small(share: float, beta: float) -> int:
    return next(age for age in count() if (1 - beta) * beta**age < 1 - share)


def holding_probes(random) -> list[Probe]:
    """Return shares that lie well between two counts, once nearer to each, and shares that are hit exactly."""
    calls = [(0.75, 0.5), (0.95, 0.9), (0.5, 0.5), (0.95, 0.5), (0.95, 0.2), (0.99, 0.3)]
    for beta, part, most in ((0.9, 0.3, 40), (0.8, 0.7, 40), (0.97, 0.3, 40), (0.99, 0.3, 400)):
        age = random.randint(most // 2 if most > 40 else 4, most) + part
        calls.append((round(1 - beta**age, 6), beta))
    return [Probe(args) for args in calls]


NO_COUNTS = (
    ("time_constant", lambda share, beta: 1 / (1 - beta)),
    ("three_times", lambda share, beta: 3 / (1 - beta)),
    ("share_not_rest", lambda share, beta: log(share) / log(beta)),
    ("exchanged", lambda share, beta: log(1 - share) / log(1 - beta)),
    ("upside_down/log", lambda share, beta: log(beta) / log(1 - share)),
    ("base", lambda share, beta: log(1 - share)),
    ("base", lambda share, beta: -log(1 - share)),
    ("share_over", lambda share, beta: share / (1 - beta)),
)
"""The name of a mistake, and its number, which may be left as it is, rounded up, or rounded."""
HOLDING = Task(
    "values_holding",
    ("share", "beta"),
    lambda share, beta, value=values_holding: value(share, beta),
    (
        mistake("one_less", value=lambda share, beta: values_holding(share, beta) - 1),
        mistake("one_less/floor", value=lambda share, beta: floor(_exactly(share, beta) + 1e-9)),
        mistake("rounded/nearest", value=lambda share, beta: round(_exactly(share, beta))),
        mistake("one_more", value=lambda share, beta: values_holding(share, beta) + 1),
        mistake("strict", value=lambda share, beta: floor(_exactly(share, beta) + 1e-9) + 1),
        mistake("not_whole", value=_exactly),
        *(
            mistake(name, value=lambda share, beta, value=value, whole=whole: whole(value(share, beta)))
            for name, value in NO_COUNTS
            for whole in (float, ceil, round)
        ),
        mistake("single_weight", value=_until_one_is_small),
    ),
    holding_probes,
    by_hand=False,
)


# --- °F against °C -----------------------------------------------------------------------------------------------


def unit_gap(
    celsius,
    beta: float,
    average: Callable,
    *,
    there: Callable = lambda c: 1.8 * c + 32,
    back: Callable = lambda f: (f - 32) / 1.8,
    difference: Callable = lambda f, c: f - c,
    in_c: Callable = lambda celsius, beta, average: average(celsius, beta),
    in_f: Callable = lambda fahrenheit, beta, average: average(fahrenheit, beta),
    result: Callable = lambda gaps: gaps,
) -> list[float]:
    """Return the average taken in °F and told in °C, minus the average taken in °C."""
    one, two = in_f([there(c) for c in celsius], beta, average), in_c(celsius, beta, average)
    return result([difference(back(f), c) for f, c in zip(one, two, strict=True)])


def noting(rule: Callable, used: list) -> Callable:
    """Return an average to hand to the student's function, which notes the β that it is called with."""

    def average(series, beta):
        numbers, weight = flat(plain(series)), flat(plain(beta))
        if numbers is None or len(shape(plain(series)) or ()) != 1 or len(weight or ()) != 1:
            raise TypeError("average(series, beta) takes one series of numbers, and then one beta")
        used.extend(weight)
        return np.array(rule(numbers, *weight))

    # What Python calls it in an error that the student reads.
    average.__qualname__ = "average"
    return average


def _weighted_otherwise(values, beta: float) -> list[float]:
    """Return an average that is neither of the student's own; its weights add up to more than 1 in the end."""
    return [1.7 * v for v in ewa(values, beta * beta)]


AVERAGES = {ewa: "v itself", ewa_corrected: "the corrected average", _weighted_otherwise: "another average"}


def gap_probes(random) -> list[Probe]:
    """Return days and averages of three kinds, that of the text first."""
    days = (10.0, *(random.uniform(-10, 30) for _ in range(8)))
    calls = [((10.0,), 0.9, ewa), ((10.0, 20.0), 0.9, ewa), (days, 0.9, ewa)]
    calls += [(days, 0.7, _weighted_otherwise), (days, 0.8, ewa_corrected)]

    def given(celsius, beta, average):
        return np.array(celsius), beta, noting(average, [])

    return [Probe(args, "array", given) for args in calls]


UNITS = Task(
    "unit_gap",
    ("celsius", "beta", "average"),
    unit_gap,
    (
        mistake("not_back", back=lambda f: f),
        mistake("not_back/both", back=lambda f: f, difference=lambda f, c: f - (1.8 * c + 32)),
        mistake("offset/back", back=lambda f: f / 1.8),
        mistake("offset/there", there=lambda c: 1.8 * c),
        mistake("offset", there=lambda c: 1.8 * c, back=lambda f: f / 1.8),
        mistake("sign/back", back=lambda f: (f + 32) / 1.8),
        mistake("sign/there", there=lambda c: 1.8 * c - 32),
        mistake("order/back", back=lambda f: f / 1.8 - 32),
        mistake("brackets/back", back=lambda f: f - 32 / 1.8),
        mistake("order/there", there=lambda c: (c + 32) * 1.8),
        mistake("upside_down/there", there=lambda c: c / 1.8 + 32),
        mistake("upside_down/back", back=lambda f: (f - 32) * 1.8),
        mistake("reversed/gap", difference=lambda f, c: c - f),
        mistake("unsigned/gap", difference=lambda f, c: abs(f - c)),
        mistake("one_unit", difference=lambda f, c: f),
        mistake("only_last/gap", result=lambda gaps: gaps[-1:]),
        mistake("one_gap/mean", result=lambda gaps: [sum(gaps) / len(gaps)]),
        mistake("no_average", in_c=lambda celsius, beta, average: celsius),
        mistake("no_average/f", in_f=lambda fahrenheit, beta, average: fahrenheit),
        *(
            mistake("another_average", **{part: lambda series, beta, average, rule=rule: rule(series, beta)})
            for part in ("in_c", "in_f")
            for rule in (ewa, ewa_corrected)
        ),
    ),
    gap_probes,
    shown=lambda celsius, beta, average: (
        f"for {formatted(list(celsius))} °C, beta = {beta:g} and {AVERAGES[average]}"
    ),
    scale=30.0,  # degrees: where both averages agree, what is left of the rounding is measured against this
    most=2,
    by_hand=False,
)


def examine_unit_gap(notebook, random) -> Verdict:
    """Look at `unit_gap(celsius, beta, average)`."""
    student, probes = UNITS.function(notebook), UNITS.probes(random)
    verdict = examine(student, probes, UNITS)
    if verdict is None:
        return right("unit_gap")
    celsius, beta, average = probes[3].args
    used: list[float] = []
    if student.attempt(np.array(celsius), beta, noting(average, used)).problem:
        return verdict
    if not used:
        return wrong("average_unused")
    nameless = verdict.cause not in {one.cause for one in UNITS.mistakes} and "+" not in verdict.cause
    if nameless and any(abs(one - beta) > 1e-9 for one in used):
        return wrong("beta_ignored/average", beta=beta, used=formatted(used))
    if len(used) == 1 and "another_average" not in verdict.cause:
        return wrong("one_average")
    return verdict


# --- one's own city --------------------------------------------------------------------------------------------

FEWEST, MOST = 60, 40_000
"""Days that a city may have."""
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
    found = notebook.names.get("city")
    if found is Ellipsis or found is None:
        raise Answered(not_done("not_done/city"))
    values = notebook.read(lambda: getattr(found, "celsius", found), "city")
    celsius = flat(values)
    if celsius is None or len(shape(values) or ()) != 1:
        raise Answered(wrong("no_city"))
    if not FEWEST <= len(celsius) <= MOST or not finite(celsius) or moves(celsius) == 0:
        raise Answered(wrong("no_city/few", days=len(celsius), fewest=FEWEST))
    return celsius


def examine_calm_beta(notebook, random) -> Verdict:
    """Look at `calm_beta`, for the student's own `city`."""
    celsius = _temperatures(notebook)
    (beta,) = notebook.numbers("calm_beta")
    if not BETAS[0] - _HAIR <= beta <= BETAS[-1] + _HAIR:
        return wrong("range", beta=beta)
    if abs(beta * 100 - round(beta * 100)) > 1e-6:
        return wrong("between", beta=beta)
    beta = round(beta, 2)
    calm, below = calmness(celsius, beta), calmness(celsius, round(beta - 0.01, 2))
    shares = {"beta": f"{beta:.2f}", "calm": _percent(calm), "below": _percent(below)}
    too_small = calm > CALM + _HAIR and beta < BETAS[-1]
    too_large = below <= CALM - _HAIR and beta > BETAS[0]
    if (too_small or too_large) and len(celsius) <= QUICK and beta == calm_beta(celsius, ewa):
        return wrong("uncorrected/beta")
    if too_small:
        return wrong("too_small", **shares)
    if too_large:
        return wrong("too_large", **shares)
    return right("calm_beta", **shares)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


EXERCISES = {
    "ewa": EWA.examine,
    "ewa_corrected": examine_ewa_corrected,
    "values_holding": HOLDING.examine,
    "unit_gap": examine_unit_gap,
    "calm_beta": examine_calm_beta,
}
