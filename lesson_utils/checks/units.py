"""Homework 1: the same thermometer, averaged in °F and in °C."""

from __future__ import annotations

from lesson_utils.checks.diagnosis import Mistake, diagnose
from lesson_utils.checks.numbers import array, flat, same, shape, spoken
from lesson_utils.checks.series import ewa, ewa_corrected
from lesson_utils.checks.verdict import Verdict, right, wrong

SCALE = 30.0
"""Degrees: where both averages agree, what is left of the rounding is measured against this."""


def unit_gap(celsius, beta: float, average) -> list[float]:
    """Return the average taken in °F and told in °C, minus the average taken in °C."""
    in_f = average([1.8 * c + 32 for c in celsius], beta)
    return [(f - 32) / 1.8 - c for f, c in zip(in_f, average(celsius, beta), strict=True)]


def _gap(there=lambda c: 1.8 * c + 32, back=lambda f: (f - 32) / 1.8, gap=lambda f, c: f - c):
    """Return the gap with another way to °F, back to °C, or of taking the difference."""

    def twin(celsius, beta, average):
        in_f = average([there(c) for c in celsius], beta)
        return [gap(back(f), c) for f, c in zip(in_f, average(celsius, beta), strict=True)]

    return twin


THERE = "0 °C is 32 °F, and 100 °C is 212 °F. Does your line give that?"
BACK = "32 °F is 0 °C, and 212 °F is 100 °C. Does your line give that?"

MISTAKES = (
    Mistake(
        "not_back",
        "the average in °F is not turned back into °C before the difference is taken.",
        "In which unit is each of the two numbers that you subtract?",
        _gap(back=lambda f: f),
    ),
    Mistake(
        "not_back",
        "both averages are told in °F: the difference must be in °C.",
        "In which unit is each of the two numbers that you subtract?",
        _gap(back=lambda f: f, gap=lambda f, c: f - (1.8 * c + 32)),
    ),
    Mistake(
        "offset",
        "on the way back to °C the 32 is forgotten.",
        BACK,
        _gap(back=lambda f: f / 1.8),
    ),
    Mistake(
        "offset",
        "on the way to °F the 32 is forgotten.",
        THERE,
        _gap(there=lambda c: 1.8 * c),
    ),
    Mistake(
        "offset",
        "the 32 is forgotten both ways. Then the two units differ by a factor only, and no gap can be seen.",
        THERE,
        _gap(there=lambda c: 1.8 * c, back=lambda f: f / 1.8),
    ),
    Mistake(
        "sign",
        "on the way back to °C the 32 is added where it must be taken away.",
        BACK,
        _gap(back=lambda f: (f + 32) / 1.8),
    ),
    Mistake(
        "sign",
        "on the way to °F the 32 is taken away where it must be added.",
        THERE,
        _gap(there=lambda c: 1.8 * c - 32),
    ),
    Mistake(
        "order",
        "on the way back to °C, the division comes before the 32 is taken away.",
        f"Which of the two did you do last on the way to °F? Undo that first. {BACK}",
        _gap(back=lambda f: f / 1.8 - 32),
    ),
    Mistake(
        "order",
        "on the way to °F, the 32 is added before the multiplication.",
        THERE,
        _gap(there=lambda c: (c + 32) * 1.8),
    ),
    Mistake(
        "upside_down",
        "on the way to °F you divide by 1.8 where you must multiply.",
        THERE,
        _gap(there=lambda c: c / 1.8 + 32),
    ),
    Mistake(
        "upside_down",
        "on the way back to °C you multiply by 1.8 where you must divide.",
        BACK,
        _gap(back=lambda f: (f - 32) * 1.8),
    ),
    Mistake(
        "reversed",
        "the size of the gap is right and its sign is not: take the average from °F minus the average from °C.",
        "Which of the two do you subtract from which? If that is right: does 0 °C become 32 °F in your line?",
        _gap(gap=lambda f, c: c - f),
    ),
    Mistake(
        "one_unit",
        "this is the average told in °C, and no difference is taken.",
        "What is to be subtracted from it?",
        lambda celsius, beta, average: [
            (f - 32) / 1.8 for f in average([1.8 * c + 32 for c in celsius], beta)
        ],
    ),
    Mistake(
        "only_last",
        "only the last gap comes back. There must be one for each day.",
        "Are the two averages subtracted day by day?",
        lambda celsius, beta, average: unit_gap(celsius, beta, average)[-1],
    ),
    Mistake(
        "no_average",
        "this is the gap between the temperatures and an average, not between two averages.",
        "Is each of the two series averaged before you subtract?",
        lambda celsius, beta, average: [
            (f - 32) / 1.8 - c
            for f, c in zip(average([1.8 * c + 32 for c in celsius], beta), celsius, strict=True)
        ],
    ),
)


class _Calls:
    """An average to hand to the student's function, which notes what it was called with."""

    def __init__(self, rule) -> None:
        self.rule, self.seen = rule, []

    def function(self):
        """Return the average as a function; a copy of it would note nothing."""

        def average(series, beta):
            numbers, betas = flat(series), flat(beta)
            if numbers is None or len(shape(series)) != 1 or betas is None or len(betas) != 1:
                raise TypeError("average(series, beta) takes one series of numbers, and then one beta")
            self.seen.append(betas[0])
            return array(self.rule(numbers, betas[0]))

        average.__qualname__ = "average"
        return average


def _weighted_otherwise(values, beta):
    """Return an average that is neither of the student's own: it weighs with the square of β."""
    return ewa(values, beta * beta)


def examine_unit_gap(notebook, random) -> Verdict:
    """Look at `unit_gap(celsius, beta, average)`."""
    name = "unit_gap"
    student = notebook.function(name, ("celsius", "beta", "average"))
    days = (10.0, *(random.uniform(-10, 30) for _ in range(8)))
    probes = [((10.0, 20.0), 0.9, ewa), (days, 0.9, ewa), (days, 0.7, _weighted_otherwise)]
    probes.append((days, 0.8, ewa_corrected))
    answers = []
    for celsius, beta, rule in probes:
        calls = _Calls(rule)
        answers.append(student(array(celsius), beta, calls.function()))
        if verdict := _calls_wrong(calls.seen, beta, answers[-1], (celsius, beta, rule)):
            return verdict
    if verdict := diagnose(name, probes, answers, unit_gap, MISTAKES, shown=_told, scale=SCALE):
        return verdict
    return right(
        "With v the gap began at −17.8, which is 0 °F in °C, before the first day, and each day made it β times as large; "
        "with the corrected average there was none, for any random temperatures."
    )


def _calls_wrong(seen: list[float], beta: float, answer, probe: tuple) -> Verdict | None:
    """Return the verdict on how the average was called, when the answer is not right all the same.

    There are equal formulas that call it once, such as with ones only.
    """
    if same(answer, unit_gap(*probe), scale=SCALE):
        return None
    if len(seen) >= 2 and any(abs(used - beta) > 1e-9 for used in seen):
        return wrong(
            "beta_ignored",
            f"your unit_gap was given beta = {beta:g}, and calls the average with {spoken(seen)}.",
            "Hand the name beta on, not a number.",
        )
    if not seen:
        return wrong(
            "average_unused",
            "your unit_gap never calls the average that it is given. Perhaps it calls a function of another cell.",
            "The third argument is a function: `average(…)` with two arguments in the brackets.",
        )
    if len(seen) == 1:
        return wrong(
            "one_average",
            "your unit_gap averages only once. It takes two averages to compare: one in °F and one in °C.",
            "Write down the two series first, each in its unit. Then average both.",
        )
    return None


def _told(probe: tuple) -> str:
    celsius, beta, rule = probe
    which = {ewa: "v itself", ewa_corrected: "the corrected average"}.get(rule, "another average")
    return f"for {spoken(celsius)} °C, beta = {beta:g} and {which}"
