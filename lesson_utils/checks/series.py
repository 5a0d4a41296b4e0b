"""Homework 1: the average of a series, with and without correction, and what goes wrong in it."""

from __future__ import annotations

from math import copysign, inf

from lesson_utils.checks.diagnosis import Mistake, diagnose
from lesson_utils.checks.numbers import array, finite, flat, same, shape, spoken
from lesson_utils.checks.raised import place_of
from lesson_utils.checks.student import Function
from lesson_utils.checks.verdict import Verdict, wrong

BY_HAND = (10.0, 20.0, 40.0)
"""Values that a student can follow with pen and paper; the first wrong answer is told for these."""


def ewa(values, beta: float) -> list[float]:
    """Return the averages v_1 … v_n, in plain Python."""
    v, averages = 0.0, []
    for theta in values:
        v = beta * v + (1 - beta) * theta
        averages.append(v)
    return averages


def ewa_corrected(values, beta: float) -> list[float]:
    """Return each average divided by 1 − βᵗ, the first with t = 1."""
    return [v / (1 - beta**t) for t, v in enumerate(ewa(values, beta), start=1)]


def _as_it_is(v, t, beta):
    return v


def _corrected(v, t, beta):
    return v / (1 - beta**t)


def _loop(step, read=_as_it_is, start=lambda values: 0.0):
    """Return the average with another rule: step(v, theta, beta) for the new v, read(v, t, beta) for what is kept."""

    def twin(values, beta):
        v, kept = start(values), []
        for t, theta in enumerate(values, start=1):
            v = step(v, theta, beta)
            kept.append(read(v, t, beta))
        return kept

    return twin


def _rule(v, theta, beta):
    return beta * v + (1 - beta) * theta


def _first(values):
    return values[0]


def _previous_value(read):
    def twin(values, beta):
        before = [0.0, *values[:-1]]
        return [
            read(_rule(old, theta, beta), t, beta)
            for t, (old, theta) in enumerate(zip(before, values, strict=True), start=1)
        ]

    return twin


def _first_left_out(read, later: int):
    """Return the average of a loop that begins at the second value and leaves the first place at 0."""

    def twin(values, beta):
        kept = _loop(_rule, lambda v, t, beta: read(v, t + later, beta))(values[1:], beta)
        return [0.0, *kept]

    return twin


def _rule_mistakes(read, right) -> tuple[Mistake, ...]:
    """Return the mistakes in v = βv + (1−β)θ itself and in the loop around it."""
    return (
        Mistake(
            "swapped",
            "the two weights look swapped: the old average is multiplied by 1 − β and the new value by β.",
            "When β is close to 1, is it the old average or the new value that must count most?",
            _loop(lambda v, theta, beta: (1 - beta) * v + beta * theta, read),
        ),
        Mistake(
            "no_one_minus",
            "the new value comes in whole: the factor 1 − β in front of it looks forgotten, so the average grows far "
            "beyond the values.",
            "The two shares must add up to 1. Which share does the new value have in your line?",
            _loop(lambda v, theta, beta: beta * v + theta, read),
        ),
        Mistake(
            "no_beta_v",
            "the old average is lost: each number depends on one value only, so βv looks forgotten.",
            "What does the line with the rule do with the v of the day before?",
            _loop(lambda v, theta, beta: (1 - beta) * theta, read),
        ),
        Mistake(
            "beta_forgotten",
            "the old average comes in whole: it is not multiplied by β, so nothing is ever forgotten.",
            "The two shares must add up to 1. Which share does the old v have in your line?",
            _loop(lambda v, theta, beta: v + (1 - beta) * theta, read),
        ),
        Mistake(
            "sign",
            "there is a wrong sign: the new value is taken away from the average where it must be added.",
            "Look at each minus in your rule. One belongs inside the bracket; is there another?",
            _loop(lambda v, theta, beta: beta * v - (1 - beta) * theta, read),
        ),
        Mistake(
            "sign",
            "there is a wrong sign: the old average is taken away where it must be added.",
            "Look at each minus in your rule. One belongs inside the bracket; is there another?",
            _loop(lambda v, theta, beta: (1 - beta) * theta - beta * v, read),
        ),
        Mistake(
            "sign",
            "there is a wrong sign: the share of the new value looks like 1 + β. The two shares must add up to 1.",
            "Look at the sign inside the bracket.",
            _loop(lambda v, theta, beta: beta * v + (1 + beta) * theta, read),
        ),
        Mistake(
            "brackets",
            "the brackets around 1 − β look forgotten: Python multiplies before it subtracts.",
            "Which part of the line must be worked out first? Put that into brackets.",
            _loop(lambda v, theta, beta: beta * v + 1 - beta * theta, read),
        ),
        Mistake(
            "starts_at_first",
            "your v starts with the first value. It must start with v₀ = 0.",
            "What is v before the loop begins?",
            _loop(_rule, read, _first),
        ),
        Mistake(
            "previous_value",
            "the rule mixes each value with the value before it. It must mix each value with the average before it.",
            "Does your v survive from one round of the loop to the next?",
            _previous_value(read),
        ),
        *(
            Mistake(
                "first_left_out",
                "the first number is 0 and the first value is never used: the loop begins one place too late.",
                "Which value does your loop use in its first round, and which v goes with it?",
                _first_left_out(read, later),
            )
            for later in (0, 1)
        ),
        Mistake(
            "shifted",
            "everything comes one place late: v₀ = 0 is kept, and the last average is missing.",
            "What comes first in your loop: keeping v, or working out the new one?",
            lambda values, beta: [0.0, *right(values, beta)[:-1]],
        ),
        Mistake(
            "v0_included",
            "there is one number too many: the v₀ = 0 before the first value is kept as well.",
            "What is in your list before the loop begins?",
            lambda values, beta: [0.0, *right(values, beta)],
        ),
        Mistake(
            "first_missing",
            "there is one number too few: the average of the first value is left out.",
            "With which value does your loop begin, and what does it append then?",
            lambda values, beta: right(values, beta)[1:],
        ),
        Mistake(
            "first_missing",
            "there is one number too few: the loop begins with the second value.",
            "Which value does your loop use in its first round? The places in a list count from 0.",
            lambda values, beta: right(values[1:], beta),
        ),
        Mistake(
            "last_missing",
            "there is one number too few: the average of the last value is left out.",
            "With which value does your loop end? `range(n)` already ends at n − 1.",
            lambda values, beta: right(values, beta)[:-1],
        ),
        Mistake(
            "only_first",
            "only the first average comes back: `return` ends the function in the first round of the loop.",
            "How far is `return` indented? It must stand after the loop, not in it.",
            lambda values, beta: right(values, beta)[:1],
        ),
        Mistake(
            "only_first",
            "only the first average comes back: `return` ends the function in the first round of the loop.",
            "How far is `return` indented, and does it hand over all the averages?",
            lambda values, beta: right(values, beta)[0],
        ),
        Mistake(
            "only_last",
            "only the last average comes back. There must be one for each value.",
            "Which name stands behind `return`: the one with the last v, or the one with all of them?",
            lambda values, beta: right(values, beta)[-1],
        ),
        Mistake(
            "only_last",
            "only the last average comes back. There must be one for each value.",
            "Is the list made before the loop, or made new in every round?",
            lambda values, beta: right(values, beta)[-1:],
        ),
        Mistake(
            "reversed",
            "the averages are right, and in the wrong order: the newest comes first.",
            "The first number you return belongs to the first value.",
            lambda values, beta: right(values, beta)[::-1],
        ),
        Mistake(
            "reversed",
            "the values are taken from the last to the first.",
            "In which order does your loop meet the values?",
            lambda values, beta: right(values[::-1], beta),
        ),
    )


EWA_MISTAKES = (
    *_rule_mistakes(_as_it_is, ewa),
    Mistake(
        "corrected",
        "these are the corrected averages. Here v itself is asked for; the correction is the next exercise.",
        "Take out the division.",
        ewa_corrected,
    ),
)


def _t_from_zero(v, t, beta):
    below = 1 - beta ** (t - 1)
    return v / below if below else copysign(inf, v)


def _stored_back(values, beta):
    v, kept = 0.0, []
    for t, theta in enumerate(values, start=1):
        v = _rule(v, theta, beta) / (1 - beta**t)
        kept.append(v)
    return kept


def _all_by_the_last(values, beta):
    return [v / (1 - beta ** len(values)) for v in ewa(values, beta)]


T_FROM_ZERO = (
    "t_from_zero",
    "t looks counted from 0: then the first v is divided by 1 − β⁰, and that is 0.",
    "What is t for the first value? By which number must that v be divided?",
)


class _Beta(float):
    """A β of which the power 0 is not 1, so that 1 − β⁰ divides without an error."""

    def __pow__(self, power, modulo=None):
        return 0.5 if type(power) in (int, float) and power == 0 else float.__pow__(self, power)


def t_from_zero(student: Function) -> bool:
    """Return whether a function that stops divides by 1 − β⁰, and would go on if that were not 0."""
    stopped = student.attempt(array(BY_HAND), 0.9).problem or student.attempt(list(BY_HAND), 0.9).problem
    if not stopped or "ZeroDivisionError" not in stopped.sentence:
        return False
    return any(not student.attempt(kind(BY_HAND), _Beta(0.9)).problem for kind in (array, list))


CORRECTED_MISTAKES = (
    Mistake(
        "uncorrected",
        "these are the averages v themselves: nothing is divided by anything yet.",
        "Each v_t is divided by the sum of the weights in it. How large is that sum on the first day?",
        ewa,
    ),
    Mistake(*T_FROM_ZERO, _loop(_rule, _t_from_zero)),
    Mistake(
        "t_from_two",
        "t looks one too large: the first v is divided by 1 − β².",
        "What is t for the first value? Count before or after you divide, but not twice.",
        _loop(_rule, lambda v, t, beta: v / (1 - beta ** (t + 1))),
    ),
    Mistake(
        "one_minus_beta",
        "each v is divided by 1 − β. That is right for the first value only: t must grow from value to value.",
        "How much weight do the real values hold together on the second day?",
        _loop(_rule, lambda v, t, beta: v / (1 - beta)),
    ),
    Mistake(
        "last_t",
        "each v is divided by the same number, the one that belongs to the last value.",
        "t must be 1 for the first value, 2 for the second, and so on.",
        _all_by_the_last,
    ),
    Mistake(
        "multiplied",
        "v is multiplied by 1 − βᵗ where it must be divided.",
        "The v of the first days is too small. Does your correction make it larger or smaller?",
        _loop(_rule, lambda v, t, beta: v * (1 - beta**t)),
    ),
    Mistake(
        "power_only",
        "v is divided by βᵗ. That is the weight which the zero has left; the real values hold the rest.",
        "By what must you divide so that the first v becomes the first value?",
        _loop(_rule, lambda v, t, beta: v / beta**t),
    ),
    Mistake(
        "bracket_power",
        "the power stands on the bracket, (1 − β)ᵗ. It belongs to β alone.",
        "Which part must be worked out first: the power or the difference?",
        _loop(_rule, lambda v, t, beta: v / (1 - beta) ** t),
    ),
    Mistake(
        "times_t",
        "β is multiplied by t where it must be raised to the power t.",
        "`*` multiplies. How is a power written in Python?",
        _loop(_rule, lambda v, t, beta: v / (1 - beta * t)),
    ),
    Mistake(
        "sign",
        "there is a wrong sign: v is divided by 1 + βᵗ.",
        "The weights in v add up to less than 1. What is missing from 1?",
        _loop(_rule, lambda v, t, beta: v / (1 + beta**t)),
    ),
    Mistake(
        "sign",
        "there is a wrong sign: v is divided by βᵗ − 1, so every average has turned round.",
        "Which is larger, 1 or βᵗ?",
        _loop(_rule, lambda v, t, beta: v / (beta**t - 1)),
    ),
    Mistake(
        "brackets",
        "the brackets around what you divide by look forgotten: Python divides before it subtracts.",
        "Which part of the line must be worked out first? Put that into brackets.",
        _loop(_rule, lambda v, t, beta: v / 1 - beta**t),
    ),
    Mistake(
        "stored_back",
        "the corrected value is stored back into v, and the next average is built on it.",
        "The division is for reading. Which name goes on to the next round of the loop?",
        _stored_back,
    ),
    *_rule_mistakes(_corrected, ewa_corrected),
)


def shown(probe: tuple) -> str:
    """Return a probe in words."""
    values, beta = probe
    return f"for the values {spoken(list(values))} and beta = {beta:g}"


def diagnose_series(student: Function, random, right, mistakes: tuple[Mistake, ...]) -> Verdict | None:
    """Return what is wrong with a student's average, or None.

    It is run on arrays, on lists and on whole numbers, and twice on the same values.
    """
    one, two = (_series(random) for _ in range(2))
    betas = (0.9, round(random.uniform(0.55, 0.8), 2))
    probes = [(BY_HAND, 0.9), (one, betas[0]), (one, betas[1]), (two, betas[0]), (two[:7], 0.98)]
    # Long enough to tell from an average of the newest few.
    probes.append((tuple(random.uniform(-10, 30) for _ in range(200)), 0.95))
    answers = []
    for values, beta in probes:
        outcome = student.attempt(array(values), beta)
        if outcome.problem:
            return _stopped(student, outcome.problem, probes, right)
        answers.append(outcome.value)
    if verdict := _depends(student, probes, answers):
        return verdict
    if verdict := diagnose(student.name, probes, answers, right, mistakes, shown=shown):
        return verdict
    return (
        _without_memory(student, two, right)
        or _lists(student, probes, right)
        or _whole(student, right)
        or _single(student, right)
    )


def _series(random) -> tuple[float, ...]:
    """Return temperatures of different sizes and signs, the first far from zero."""
    return (random.uniform(5, 9), *(random.uniform(-10, 30) for _ in range(11)))


def _stopped(student: Function, problem: Verdict, probes: list, right) -> Verdict:
    """Return the verdict on a function that stops with an array: perhaps it works with lists."""
    if problem.cause != "raised":
        return problem
    for values, beta in probes:
        outcome = student.attempt(list(values), beta)
        if outcome.problem or not same(outcome.value, right(values, beta)):
            return problem
    return wrong(
        "only_lists",
        f"your {student.name} works with a list, but with a NumPy array {_shortened(problem.sentence)}",
        problem.place,
    )


def _shortened(sentence: str) -> str:
    """Return "it stopped with …" from "your ewa stopped with …"."""
    return "it " + sentence.split(" ", 2)[-1]


def _depends(student: Function, probes: list, answers: list) -> Verdict | None:
    """Return the verdict on a function that remembers its last call, or that does not look at an argument."""
    values, beta = probes[1]
    again = student.attempt(array(values), beta)
    if again.problem:
        return again.problem
    if flat(answers[1]) is not None and not same(again.value, answers[1]):
        return wrong(
            "state",
            f"your {student.name} gives something else when it is called again with the same values: something is "
            "left over from the call before.",
            "Everything that changes must be set inside the function, before its loop: neither in another cell, nor "
            "in the line with `def`.",
        )
    if not all(finite(answer) and shape(answer) == (len(values),) for answer in answers[1:4]):
        return None
    if same(answers[1], answers[2]):
        return _beta_ignored(student.name, values, answers[1], [beta for _, beta in probes[1:3]])
    if same(answers[1], answers[3]):
        return wrong(
            "values_ignored",
            f"your {student.name} gives the same numbers for two different series: it does not look at values.",
            "Does the loop run over the argument, or over a series from another cell?",
        )
    return None


def _beta_ignored(name: str, values: tuple, answer, betas: list[float]) -> Verdict:
    """Return the verdict on a function that gives the same for two β: what does it give?"""
    if same(answer, [0.0] * len(values)):
        return wrong(
            "zeros",
            f"your {name} returns zeros only: the averages are worked out nowhere, or not kept.",
            "Which line puts each new v into what you return?",
        )
    if same(answer, values):
        return wrong(
            "values_back",
            f"your {name} returns the values as they came: nothing is averaged.",
            "Which name stands behind `return`, and what was put into it?",
        )
    if same(answer, [sum(values[:t]) / t for t in range(1, len(values) + 1)]):
        return wrong(
            "cumulative",
            f"your {name} gives the plain mean of all values so far. Here newer values must count more than older ones.",
            "Where does beta come into your rule?",
        )
    return wrong(
        "beta_ignored",
        f"your {name} gives the same numbers for beta = {betas[0]:g} and for beta = {betas[1]:g}: it does not look at "
        "beta.",
        "Does a number such as 0.9 stand where the name beta belongs?",
    )


def _without_memory(student: Function, values: tuple, right) -> Verdict | None:
    outcome = student.attempt(array(values), 0.0)
    return outcome.problem or diagnose(student.name, [(values, 0.0)], [outcome.value], right, (), shown=shown)


def _lists(student: Function, probes: list, right) -> Verdict | None:
    for values, beta in probes:
        outcome = student.attempt(list(values), beta)
        problem = outcome.problem
        if problem and problem.cause != "raised":
            return problem
        if problem:
            said = _shortened(problem.sentence)
            return wrong(
                "only_arrays",
                f"your {student.name} works with a NumPy array, but with a list {said}",
                problem.place or place_of(None),
            )
        if not same(outcome.value, right(values, beta)):
            return wrong(
                "only_arrays",
                f"your {student.name} works with a NumPy array, but for the list {spoken(list(values))} it returns "
                f"{spoken(outcome.value)}; it must return {spoken(right(values, beta))}.",
                "A list times a whole number is a longer list. Take the numbers of the list one at a time.",
            )
    return None


def _whole(student: Function, right) -> Verdict | None:
    values, beta = (10, 20, 40, 15), 0.9
    for given, kind in ((array(values, whole=True), "an array"), (list(values), "a list")):
        outcome = student.attempt(given, beta)
        if outcome.problem:
            return outcome.problem
        if not same(outcome.value, right(values, beta)):
            return wrong(
                "integers",
                f"for {kind} of whole numbers, {spoken(list(values))}, your {student.name} returns "
                f"{spoken(outcome.value)}; it must return {spoken(right(values, beta))}. The decimals are cut off.",
                "An array made after the pattern of `values` holds whole numbers when `values` does. Which line makes "
                "the place for your averages?",
            )
    return None


def _single(student: Function, right) -> Verdict | None:
    outcome = student.attempt(array([8.0]), 0.9)
    if outcome.problem:
        return outcome.problem
    if not same(outcome.value, right([8.0], 0.9)):
        return wrong(
            "length",
            f"for a series of one value, 8, your {student.name} returns {spoken(outcome.value)}; it must return one "
            f"number, {spoken(right([8.0], 0.9))}.",
            "Does the loop run once then, and is its number returned in a list or an array?",
        )
    return None
