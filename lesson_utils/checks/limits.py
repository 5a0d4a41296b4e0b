"""The largest α that still converges: by its formula, and found by bisection."""

from __future__ import annotations

from math import sqrt

from lesson_utils.checks.diagnosis import Mistake, diagnose
from lesson_utils.checks.numbers import finite, flat, same
from lesson_utils.checks.verdict import Verdict, right, wrong


def _limit(curvature: float, beta: float) -> float:
    return 2 * (1 + beta) / ((1 - beta) * curvature)


def _limit_shown(probe: tuple) -> str:
    return f"for curvature = {probe[0]:g} and beta = {probe[1]:g}"


_BOWL = "Take beta = 0 and a curvature of 4: the answer must be 2/4. Then let beta grow."
LIMIT_MISTAKES = (
    Mistake(
        "no_beta",
        "this is the limit of plain descent, whatever beta is. With momentum the limit is another one.",
        "Where does beta enter? In a bisection: does the run that you look at use it?",
        lambda curvature, beta: 2 / curvature,
    ),
    Mistake(
        "heavy_ball",
        "this is the limit of the heavy ball. The lecture's form, with 1 − β in the line of v, bears a larger α.",
        "Which step do your runs make? Which factor does the heavy ball leave out?",
        lambda curvature, beta: 2 * (1 + beta) / curvature,
    ),
    Mistake(
        "inverse",
        "with a larger beta your limit shrinks. Momentum makes room for a larger α.",
        "Which of 1 + β and 1 − β stands below the line?",
        lambda curvature, beta: 2 * (1 - beta) / ((1 + beta) * curvature),
    ),
    Mistake(
        "no_curvature",
        "this is the limit in a bowl with a curvature of 1, whatever the curvature is.",
        "What is the gradient in this bowl?",
        lambda curvature, beta: 2 * (1 + beta) / (1 - beta),
    ),
    Mistake(
        "curvature_above",
        "your limit grows with the curvature. The steeper the bowl, the shorter the steps that it bears.",
        _BOWL,
        lambda curvature, beta: 2 * (1 + beta) / (1 - beta) * curvature,
    ),
    Mistake(
        "no_two",
        "this is half of the limit. Between here and there w overshoots, and still comes nearer.",
        _BOWL,
        lambda curvature, beta: (1 + beta) / ((1 - beta) * curvature),
    ),
    Mistake(
        "one_minus_beta",
        "1 + β is missing from the limit.",
        "The largest α at beta = .9 is 19 times that at beta = 0. Where does 19 come from?",
        lambda curvature, beta: 2 / ((1 - beta) * curvature),
    ),
    Mistake(
        "ripples",
        "this is where w begins to swing around the minimum. It still comes nearer there, and far beyond.",
        "What does your run count as diverging? Overshooting is not.",
        lambda curvature, beta: (1 - sqrt(beta)) ** 2 / ((1 - beta) * curvature),
    ),
    Mistake(
        "ripples",
        "this is where the slow waves end and w begins to jump from side to side. It still comes nearer there.",
        "What does your run count as diverging? Jumping from side to side is not.",
        lambda curvature, beta: (1 + sqrt(beta)) ** 2 / ((1 - beta) * curvature),
    ),
)


def examine_alpha_limit(notebook, random) -> Verdict:
    """Look at `alpha_limit(curvature, beta)`, the formula."""
    name = "alpha_limit"
    student = notebook.function(name, ("curvature", "beta"), by_hand=True)
    probes = _limit_probes(random, IN_FORMULA)
    answers = [student(*probe) for probe in probes]
    if verdict := diagnose(name, probes, answers, _limit, _named(name, LIMIT_MISTAKES), shown=_limit_shown):
        return verdict
    return right("Four curvatures and four β, 0 among them, gave the α at which a bowl stops converging.")


def _limit_probes(random, ranges) -> list[tuple[float, float]]:
    return [(round(random.uniform(*between), 2), beta) for between, beta in ranges]


IN_FORMULA = (((2.1, 5), 0.9), ((0.2, 0.8), 0.6), ((1.2, 3), 0.0), ((0.2, 0.4), 0.93))
BY_BISECTION = (((2.1, 5), 0.9), ((1.2, 3), 0.0), ((0.2, 0.4), 0.93))
"""Curvatures from … to …, and β. With these the limit lies between 0.7 and 276."""


def _named(name: str, mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    return tuple(Mistake(m.cause, f"your {name}: {m.sentence}", m.place, m.twin) for m in mistakes)


CLOSE_ENOUGH = 0.01
"""How far a limit that was found by bisection may be off, relatively: runs near the limit decide slowly."""
COARSE = 0.3


def examine_largest_alpha(notebook, random) -> Verdict:
    """Look at `largest_alpha(curvature, beta)`, found by bisection."""
    name = "largest_alpha"
    student = notebook.function(name, ("curvature", "beta"), by_hand=True, may_use=("momentum_step",))
    probes = _limit_probes(random, BY_BISECTION)
    answers = []
    for probe in probes:
        outcome = student.attempt(*probe)
        if outcome.problem:
            return _late(name, outcome.problem) if outcome.problem.cause == "endless" else outcome.problem
        answers.append(outcome.value)
    numbers = [flat(answer) for answer in answers]
    if any(one is not None and len(one) == 2 for one in numbers):
        return wrong(
            "interval",
            f"your {name} returns both ends of its interval; it must return one number.",
            "Once they are close, either end will do.",
        )
    if all(one is not None and len(one) == 1 and finite(one) for one in numbers):
        if verdict := _found(name, probes, [one[0] for one in numbers]):
            return verdict
        worst = max(abs(one[0] / _limit(*probe) - 1) for one, probe in zip(numbers, probes, strict=True))
        return right(
            f"For three bowls, each with another β, it is within {100 * worst:.2g} % of the exact limit."
        )
    return diagnose(name, probes, answers, _limit, (), shown=_limit_shown) or right("")


def _late(name: str, late: Verdict) -> Verdict:
    return wrong(
        "endless",
        late.sentence,
        "Halving 30 times, with 500 steps a run, is plenty. If it waits for the interval to become shorter than some "
        "width: does one of its ends move in every round, and is that width larger than the rounding of the computer?",
    )


def _found(name: str, probes: list, got: list[float]) -> Verdict | None:
    """Return the verdict on limits found by bisection, or None when they are close enough."""
    right_ones = [_limit(*probe) for probe in probes]
    off = [abs(a / b - 1) for a, b in zip(got, right_ones, strict=True)]
    if max(off) <= CLOSE_ENOUGH:
        return None
    for mistake in _named(name, LIMIT_MISTAKES):
        if all(
            same(a, mistake.twin(*probe), close=CLOSE_ENOUGH) for a, probe in zip(got, probes, strict=True)
        ):
            return wrong(mistake.cause, mistake.sentence, mistake.place)
    missed = [
        (a, b, probe)
        for a, b, probe, far in zip(got, right_ones, probes, off, strict=True)
        if far > CLOSE_ENOUGH
    ]
    if max(off) < COARSE:
        return wrong(
            "coarse",
            f"{_limit_shown(missed[0][2])} your {name} returns {missed[0][0]:.4g}, near the limit, but not within 1 %.",
            "Go on halving until the interval is short compared with its ends; and make each run long enough to tell.",
        )
    if len(missed) > 1 and _one_end(missed):
        return _end(name, missed)
    a, b, probe = missed[0]
    return wrong(
        "other",
        f"{_limit_shown(probe)} your {name} returns {a:.4g}, but a run {'still converges' if a < b else 'diverges'} there.",
        "Print each middle of the interval, and whether the run with it converged.",
    )


def _one_end(missed: list) -> bool:
    """Return whether all that were missed end at one and the same α, or at one and the same α times λ."""
    return any(
        all(
            same(value(a, probe), value(missed[0][0], missed[0][2]), close=CLOSE_ENOUGH)
            for a, _, probe in missed
        )
        for value in (lambda a, probe: a, lambda a, probe: a * probe[0])
    )


def _end(name: str, missed: list) -> Verdict:
    if all(a < b / 100 for a, b, _ in missed):
        return wrong(
            "lower_end",
            f"your {name} ends at {missed[0][0]:.4g}, far below every limit: as if each run diverged.",
            "Print each middle of the interval, and whether the run with it converged. When is a run long enough to tell?",
        )
    if all(a < b for a, b, _ in missed):
        return wrong(
            "bracket",
            f"your {name} stops at the upper end of its first interval, {missed[0][0]:.4g}, and the limit lies above it.",
            "How large can the limit become for a small curvature and a large beta? The interval must reach so far.",
        )
    return wrong(
        "nan_converges",
        f"your {name} ends at {missed[0][0]:.4g} for different bowls. Either a run that has left all bounds counts as "
        "converged, or the middle takes the place of the wrong end.",
        "Where w is `inf` or `nan`, each comparison with it is False: which way does your condition go then? And which "
        "end of the interval may move when a run converges?",
    )
