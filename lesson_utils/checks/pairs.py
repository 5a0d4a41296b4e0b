"""Functions that return a pair, (w, v) or (w, b): what they are tried with, and how the pair is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from lesson_utils.checks.descents import Task, Unlike
from lesson_utils.checks.diagnosis import diagnose
from lesson_utils.checks.moves import told
from lesson_utils.checks.numbers import CLOSE, flat, same, shape, spoken
from lesson_utils.checks.verdict import Verdict, wrong

_array = np.array

STEP = ("w", "v", "dw", "alpha", "beta")
NUMBERS, ARRAYS = ("number", "point"), ("vector", "table", "whole")
"""The kinds of w a function is tried with: a Python number, an array without axes; and arrays with some."""
AT_ONCE = ("endless", "not_done", "printed", "nothing", "in_place", "name")
"""What ends a check with whatever kind of input it happened."""


@dataclass(frozen=True)
class StepProbe:
    """One call of a step: w, v and dw as flat lists, and the shape in which they are handed over."""

    kind: str
    size: tuple[int, ...]
    w: list
    v: list
    dw: list
    alpha: float
    beta: float

    def arguments(self) -> tuple:
        """Return what the student's function is called with."""
        arrays = [shaped(one, self.kind, self.size) for one in (self.w, self.v, self.dw)]
        return (*arrays, self.alpha, self.beta)

    def sizes(self) -> tuple:
        """Return the shapes of the pair that must come back."""
        return self.size, self.size

    def __str__(self) -> str:
        named = ", ".join(f"{name} = {row(one)}" for name, one in zip("wv", (self.w, self.v), strict=True))
        return f"for {named}, dw = {row(self.dw)}, alpha = {self.alpha:g} and beta = {self.beta:g}"


@dataclass(frozen=True)
class DescentProbe:
    """One call of a descent."""

    kind: str
    size: tuple[int, ...]
    task: Task

    def arguments(self) -> tuple:
        """Return what the student's function is called with."""
        task = self.task
        return task.gradient(), task.w, task.b, task.alpha, task.beta, task.steps

    def sizes(self) -> tuple:
        """Return the shapes of the pair that must come back."""
        return self.size, ()

    def __str__(self) -> str:
        task = self.task
        start = f"from w = {row(flat(task.w))} and b = {spoken(task.b)}"
        return f"{start}, with alpha = {task.alpha:g}, beta = {task.beta:g} and steps = {task.steps},"


def shaped(numbers: list, kind: str, size: tuple[int, ...]):
    return numbers[0] if kind == "number" else _array(numbers).reshape(size)


def row(numbers: list) -> str:
    return spoken(numbers) if len(numbers) == 1 else f"[{spoken(numbers)}]"


def signed(random, low: float, high: float) -> float:
    """Return a number with two decimals between low and high, or its negative: readable in a sentence."""
    return round(random.uniform(low, high), 2) * random.choice((-1, 1))


def step_probes(random) -> list[StepProbe]:
    """Return calls with every kind of w; v is not zero but in one, for a v of zero hides half the mistakes."""
    probes = []
    for kind, size, beta in (
        ("number", (), None),
        ("number", (), None),
        ("number", (), 0.0),
        ("vector", (3,), None),
        ("table", (2, 3), None),
        ("point", (), None),
        ("whole", (3,), None),
    ):
        count = size[0] * (size[1] if len(size) == 2 else 1) if size else 1
        if kind == "whole":
            rows = [[random.choice((-1, 1)) * random.randint(2, 9) for _ in range(count)] for _ in "wvd"]
        else:
            rows = [[signed(random, 1, 4) for _ in range(count)] for _ in "wvd"]
        beta = round(random.uniform(0.6, 0.9), 2) if beta is None else beta
        probes.append(StepProbe(kind, size, *rows, round(random.uniform(0.11, 0.29), 3), beta))
    zero = StepProbe("number", (), [signed(random, 1, 4)], [0.0], [signed(random, 1, 4)], 0.2, 0.8)
    return [*probes[:3], zero, *probes[3:]]


def descent_probes(random) -> list[DescentProbe]:
    probes = []
    for kind, size, steps in (
        ("number", (), 1),
        ("number", (), 5),
        ("number", (), 8),
        ("vector", (2,), 4),
        ("table", (2, 2), 3),
        ("whole", (2,), 3),
    ):
        count = size[0] * (size[1] if len(size) == 2 else 1) if size else 1
        if kind == "whole":
            numbers, b = [random.choice((-1, 1)) * random.randint(2, 6) for _ in range(count)], 0
        else:
            numbers, b = [signed(random, 1, 3) for _ in range(count)], signed(random, 1, 3)
        alpha, beta = round(random.uniform(0.21, 0.39), 2), round(random.uniform(0.6, 0.9), 2)
        matrix, minimum = _bowl(random, count + 1), [signed(random, 5, 8) for _ in range(count + 1)]
        task = Task(shaped(numbers, kind, size), b, alpha, beta, steps, matrix, minimum)
        probes.append(DescentProbe(kind, size, task))
    return probes


def _bowl(random, count: int) -> list[list[float]]:
    """Return a matrix whose directions are coupled, and of which each has a slope of its own."""
    rows = [[random.uniform(0.1, 0.2) for _ in range(count)] for _ in range(count)]
    return [
        [random.uniform(0.4, 1.1) if i == j else rows[min(i, j)][max(i, j)] for j in range(count)]
        for i in range(count)
    ]


# ------------------------------------------------------------------------------------- judging a pair


@dataclass(frozen=True)
class Pair:
    """What a student's function must return: two things by name, and how the right and the broken ones arise.

    right(probe) -> flat numbers of both; broken() yields (slips, function of a probe).
    """

    name: str
    names: tuple[str, str]
    right: Callable
    broken: Callable[[], Iterable]


def examine_pair(student, probes: Sequence, pair: Pair) -> Verdict | None:
    """Return the verdict on a function that returns a pair, or None when it is right for all probes."""
    outcomes = [(probe, student.attempt(*probe.arguments())) for probe in probes]
    problems = [(probe, outcome.problem) for probe, outcome in outcomes if outcome.problem]
    for _, problem in problems:
        if problem.cause in AT_ONCE:
            return problem
    if len(problems) == len(outcomes):
        return problems[0][1]
    if _remembers(student, probes, outcomes):
        return _memory(pair.name)
    ran = [(probe, outcome.value) for probe, outcome in outcomes if not outcome.problem]
    numbers = [(probe, value) for probe, value in ran if probe.kind == "number"]
    # Numbers first: a slip that mixes w and b shows there as itself, and in arrays as a wrong shape.
    for tried in (numbers, ran):
        if tried and (verdict := _judge(tried, pair)):
            return _integers(tried, pair) or (
                _arrays_only(ran, pair, verdict) if tried is ran and numbers else verdict
            )
    return _kinds(pair.name, [probe.kind for probe, _ in ran], problems) if problems else None


def _remembers(student, probes, outcomes) -> bool:
    """Return whether the same call gives another answer the second time."""
    for probe, outcome in outcomes:
        if not outcome.problem:
            again = student.attempt(*probe.arguments())
            return bool(again.problem) or repr(flat(again.value)) != repr(flat(outcome.value))
    return False


def _memory(name: str) -> Verdict:
    return wrong(
        "remembers",
        f"your {name}, called twice with the same arguments, gives two different answers: it remembers something "
        "from one call to the next.",
        "Look for `global`, or for a name from outside the function; all it needs comes in as an argument.",
    )


def _judge(tried: list, pair: Pair) -> Verdict | None:
    answers = []
    for probe, value in tried:
        parts = two_of(value)
        if parts is None:
            return _no_pair(probe, value, pair)
        numbers = [flat(part) for part in parts]
        for name, one, part in zip(pair.names, numbers, parts, strict=True):
            if one is None:
                return wrong(
                    "no_numbers",
                    f"your {pair.name} must return numbers for {name}, not {spoken(part)}.",
                    "Look at the line with `return`, and at what its names hold there.",
                )
        answers.append((probe, parts, numbers))
    if all(agrees(probe, numbers, pair.right) for probe, _, numbers in answers):
        return _shape(answers, pair)
    return (
        _path(answers, pair) or _slips(answers, pair) or _shape(answers, pair) or _unexplained(answers, pair)
    )


def two_of(value) -> tuple | None:
    """Return the two parts of a pair, or None when it is none."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(value) if isinstance(value, (tuple, list)) and len(value) == 2 else None


def _no_pair(probe, value, pair: Pair) -> Verdict:
    first, second = pair.names
    place = f"Look at the line with `return`: two values belong there, {first} and then {second}."
    alone = bool(probe.size) and shape(value) == probe.size  # an array is a list by now
    if isinstance(value, (tuple, list)) and len(value) != 1 and not alone:
        if len(value) > 4 or any(isinstance(one, (tuple, list)) for one in value):
            sentence = f"your {pair.name} returns a list of {len(value)}; it must return the last {first} and {second}."
            return wrong("path", sentence, place)
        return wrong(
            "too_many_values",
            f"your {pair.name} returns {len(value)} values; it must return two, {first} and {second}.",
            place,
        )
    if flat(value) is None:
        return wrong(
            "no_pair",
            f"your {pair.name} returns {spoken(value)}; it must return {first} and {second}.",
            place,
        )
    expected = pair.right(probe)
    count = len(flat(value))
    last = same(flat(value), expected[-count:]) and not same(flat(value), expected[:count])
    missing, cause = (first, f"only_{second}") if last else (second, f"only_{first}")
    return wrong(
        cause,
        f"your {pair.name} returns one value, and {missing} is missing: it must return {first} and {second}.",
        place,
    )


def agrees(probe, numbers, computed: Callable) -> bool:
    """Return whether the numbers of both parts are those that `computed` gives for the probe."""
    try:
        expected = computed(probe)
    except Unlike:
        return False
    first = len(numbers[0])
    return len(numbers[0]) + len(numbers[1]) == len(expected) and all(
        _close(got, part) for got, part in zip(numbers, (expected[:first], expected[first:]), strict=True)
    )


def _close(got: list[float], expected: list[float]) -> bool:
    """Return what `same` does, for flat lists: it is asked a thousand times in the search for a slip."""
    allowed = CLOSE * max([abs(x) for x in expected if isfinite(x)] + [1e-9])
    return all(a == b or abs(a - b) <= allowed for a, b in zip(got, expected, strict=True))


def _slips(answers: list, pair: Pair) -> Verdict | None:
    """Return the verdict that the fewest slips explain, tried in both orders of the pair."""
    straight = [(probe, numbers) for probe, _, numbers in answers]
    turned = [(probe, numbers[::-1]) for probe, _, numbers in answers]
    if all(agrees(probe, numbers, pair.right) for probe, numbers in turned):
        return _turned(pair)
    for slips, computed in pair.broken():
        if all(agrees(probe, numbers, computed) for probe, numbers in straight):
            return told(pair.name, slips)
    for slips, computed in pair.broken():
        if len(slips) > 1:
            break
        if all(agrees(probe, numbers, computed) for probe, numbers in turned):
            return _turned(pair, f"+{slips[0].cause}", f" And {slips[0].sentence}")
    return None


def _turned(pair: Pair, more: str = "", said: str = "") -> Verdict:
    first, second = pair.names
    return wrong(
        f"swapped_results{more}",
        f"your {pair.name} returns {second} first and {first} second; whoever calls it takes the one for the "
        f"other.{said}",
        "Look at the line with `return`.",
    )


def _path(answers: list, pair: Pair) -> Verdict | None:
    """Return the verdict on a descent that returns each step's w or b, with or without the start."""
    for probe, parts, _ in answers:
        steps = probe.task.steps if isinstance(probe, DescentProbe) else 1
        for name, part, size in zip(pair.names, parts, probe.sizes(), strict=True):
            if steps > 1 and shape(part) in ((steps, *size), (steps + 1, *size)):
                return wrong(
                    "path",
                    f"your {pair.name} returns {name} after each of the steps; it must return the last {name} only.",
                    "Look at the line with `return`: is a list there that grew in the loop?",
                )
    return None


def _shape(answers: list, pair: Pair) -> Verdict | None:
    for probe, parts, _ in answers:
        for name, part, size in zip(pair.names, parts, probe.sizes(), strict=True):
            if shape(part) != size:
                return wrong(
                    "shape",
                    f"{probe} your {pair.name} returns {name} as {sized(shape(part))}; it must be {sized(size)}, "
                    f"as the {name} that it gets.",
                    "Do its lines work with the whole arrays, and with nothing but the arguments?",
                )
    return None


def sized(size: tuple) -> str:
    return f"an array of the shape {size}" if size else "one number"


def _unexplained(answers: list, pair: Pair) -> Verdict | None:
    probes = [(probe,) for probe, _, _ in answers]
    got = [[*numbers[0], *numbers[1]] for _, _, numbers in answers]
    return diagnose(pair.name, probes, got, pair.right, (), shown=lambda probe: str(probe[0]))


def _integers(tried: list, pair: Pair) -> Verdict | None:
    """Return the verdict when decimals were lost: for whole numbers alone, or in all that comes back."""
    seen = []
    for probe, value in tried:
        parts = two_of(value)
        numbers = None if parts is None else [flat(part) for part in parts]
        if numbers is None or None in numbers:
            return None
        seen.append((probe, numbers))
    missed = {probe.kind for probe, numbers in seen if not agrees(probe, numbers, pair.right)}
    if missed == {"whole"}:
        return wrong(
            "integers",
            f"your {pair.name} loses the decimals when {pair.names[0]} comes as whole numbers: an array of integers "
            "keeps integers, whatever is written into it.",
            "Look for `zeros_like`, `copy()` or `astype`: of which type is the array that the result is written into?",
        )
    for part, name in enumerate(pair.names):
        moves = any(any(numbers[part]) for _, numbers in seen)
        if moves and all(_rounded(numbers, part, pair.right(probe)) for probe, numbers in seen):
            return wrong(
                "integers",
                f"your {pair.name} returns whole numbers for {name}: the decimals are lost on the way.",
                "Look for `//`, `int(…)`, `astype(int)` or a rounding.",
            )
    return None


def _rounded(numbers: list, part: int, expected: list) -> bool:
    """Return whether one part of a pair holds whole numbers, each less than 1 away from the right one."""
    got, count = numbers[part], len(numbers[0])
    wanted = expected[count:] if part else expected[:count]
    if len(got) != len(wanted) or not all(map(isfinite, got)):
        return False
    return all(a == int(a) and abs(a - b) < 1 for a, b in zip(got, wanted, strict=True)) and got != wanted


def _arrays_only(ran: list, pair: Pair, verdict: Verdict) -> Verdict:
    """Return the verdict on a function that is right for numbers, and wrong for arrays without any error."""
    if verdict.cause not in ("other", "shape", "length"):
        return verdict
    return wrong(
        "only_scalars",
        f"your {pair.name} is right for single numbers, and wrong for arrays: {verdict.sentence}",
        "Does it look at one element, or add several up, where all of them should be treated alike?",
    )


def _kinds(name: str, fine: Sequence[str], problems: list) -> Verdict:
    """Return the verdict on a function that is right for some kinds of input, and stops for others."""
    failing, problem = [probe.kind for probe, _ in problems], problems[0][1]
    said = problem.sentence.removeprefix("your ")
    if set(failing) <= {"whole"}:
        return wrong(
            "integers",
            f"your {name} stops when whole numbers come in: {said}",
            "An array of integers keeps integers. Of which type is the array that the result is written into?",
        )
    if set(failing) <= set(ARRAYS) and not set(fine) & {"vector", "whole"}:
        return wrong(
            "only_scalars",
            f"your {name} works for single numbers, but not for arrays: {said}",
            "Look for `if`, `float(…)` or a function of `math`: they take one number.",
        )
    if set(failing) <= set(NUMBERS) and "number" not in fine:
        return wrong(
            "only_vectors",
            f"your {name} works for arrays, but not when w is a single number: {said}",
            "Look for `len`, `.shape`, `.copy()` or an index: a number has none of them.",
        )
    return wrong(
        problem.cause,
        f"your {name} is right for some inputs, but {problems[0][0]} {said}",
        problem.place,
    )
