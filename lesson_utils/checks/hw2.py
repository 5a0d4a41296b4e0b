"""Homework 2: momentum by hand, its two forms, and the largest α."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations, product
from math import sqrt

import numpy as np

from lesson_utils.checks.engine import (
    Probe,
    Task,
    distinct,
    examine,
    forgotten_brackets,
    rephrased,
    separated,
    size,
)
from lesson_utils.checks.numbers import finite, flat, formatted, near, plain, shape
from lesson_utils.checks.rule import HEAVY_V, LECTURE_V, OF_A_WALK, Descent, of_a_step, step, walk
from lesson_utils.checks.student import Function, Notebook
from lesson_utils.checks.verdict import WRONG, Answered, Verdict, mistake, not_done, right, wrong


def signed(random, low: float, high: float) -> float:
    """Return a number with two decimals between low and high, or its negative: readable in a sentence."""
    return round(random.uniform(low, high), 2) * random.choice((-1, 1))


def shaped(numbers: list, kind: str, size: tuple[int, ...]):
    """Return numbers as a function is given them: one number as it is, an array in its shape."""
    return numbers[0] if kind == "number" else np.array(numbers).reshape(size)


def row(numbers: list) -> str:
    """Return numbers in words, an array in brackets."""
    return formatted(numbers) if len(numbers) == 1 else f"[{formatted(numbers)}]"


# --- the zeros that a descent begins with ----------------------------------------------------------------------

SIZES = {"vector": (3,), "table": (2, 3), "whole": (4,), "number": (), "whole number": ()}
PARAMETERS = (
    {"w": "vector", "b": "number"},
    {"w": "table", "b": "vector"},
    {"W1": "table", "b1": "vector", "W2": "whole"},
    {"w": "vector", "b": "whole number"},
)


def _parameters(random, kinds: dict) -> dict:
    """Return parameters of these kinds."""
    made = {}
    for key, kind in kinds.items():
        count = int(np.prod(SIZES[kind]))
        whole = [random.randint(1, 9) for _ in range(count)]
        if kind == "whole number":
            made[key] = whole[0]
        else:
            numbers = whole if kind == "whole" else [signed(random, 1, 4) for _ in range(count)]
            made[key] = shaped(numbers, kind, SIZES[kind])
    return made


def examine_initialize_velocity(notebook: Notebook, random) -> Verdict:
    """Look at `initialize_velocity(parameters)`."""
    student = notebook.function("initialize_velocity", ("parameters",))
    raised = None
    for kinds in PARAMETERS:
        parameters = _parameters(random, kinds)
        outcome = student.attempt(parameters)
        if outcome.problem and outcome.problem.cause != "raised":
            return outcome.problem
        raised = raised or outcome.problem
        if not outcome.problem and (verdict := _velocity(parameters, kinds, outcome.value)):
            other = student.attempt({"zz": 1.0}).value
            left = verdict.cause == "keys" and isinstance(other, dict) and set(other) & set(outcome.value)
            return wrong("remembers/velocity") if left else verdict
    return _velocity_raised(student, random, raised) if raised else right("initialize_velocity")


def _velocity(parameters: dict, kinds: dict, got) -> Verdict | None:
    """Return the verdict on the velocity of these parameters, or None when it is right."""
    wanted = {key: f"v_d{key}" for key in parameters}
    if not isinstance(got, dict):
        return wrong("no_dict/velocity", got="a list" if isinstance(got, (list, tuple)) else formatted(got))
    if set(got) != set(wanted.values()):
        return _wrong_keys(list(got), wanted)
    for key, parameter in parameters.items():
        if verdict := _wrong_zeros(key, plain(parameter), kinds[key], got[wanted[key]]):
            return verdict
    return None


def _wrong_keys(keys: list, wanted: dict) -> Verdict:
    needed = f"{', '.join(wanted)} need {', '.join(wanted.values())}"
    if extra := [str(key) for key in keys if key not in wanted.values()]:
        if len(extra) < len(keys):
            return wrong("keys/more", extra=", ".join(extra))
        return wrong("keys/velocity", got=", ".join(map(str, keys)), needed=needed)
    if set(wanted) != {"w", "b"} and set(keys) <= {"v_dw", "v_db"}:
        return wrong("hard_coded/keys", needed=needed)
    return wrong("missing/velocity", got=", ".join(map(str, keys)) or "none", needed=needed)


def _wrong_zeros(key: str, parameter, kind: str, velocity) -> Verdict | None:
    numbers = flat(velocity)
    if numbers is None:
        return wrong("no_numbers/velocity", key=key, got=formatted(velocity))
    if shape(velocity) != shape(parameter):
        return wrong("shape/velocity", key=key, got=size(shape(velocity)), due=size(shape(parameter)))
    if numbers == flat(parameter):
        return wrong("copied", key=key)
    if all(x == 1 for x in numbers):
        return wrong("ones", key=key)
    if any(x != 0 for x in numbers):
        return wrong("not_zero", key=key, got=formatted(velocity))
    each = velocity if isinstance(velocity, list) else [velocity]
    whole = "whole" in kind and all(type(x) is int for x in each)
    return wrong("integers/velocity", key=key) if whole else None


def _velocity_raised(student: Function, random, problem: Verdict) -> Verdict:
    """Return the verdict on a function that stops: for numbers alone, for other names than w and b, or always."""
    numbers, arrays = (
        not student.attempt(_parameters(random, dict(zip("wb", kinds, strict=True)))).problem
        for kinds in (("number", "number"), ("table", "vector"))
    )
    if not numbers and not arrays:
        return problem
    said = rephrased(problem)
    if numbers and arrays:
        return wrong("hard_coded", said=said)
    return wrong("only_vectors/velocity" if arrays else "only_scalars/velocity", said=said)


# --- a step --------------------------------------------------------------------------------------------------------

STEP = ("w", "v", "dw", "alpha", "beta")


def over(
    w: list, v: list, dw: list, alpha: float, beta: float, *, take: float | None = None, **parts
) -> tuple:
    """Return (w, v) of a step taken number by number."""
    pairs = [step(*one, alpha, beta, take, **parts) for one in zip(w, v, dw, strict=True)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _step_told(w, v, dw, alpha, beta) -> str:
    return f"for w = {row(w)}, v = {row(v)}, dw = {row(dw)}, alpha = {alpha:g} and beta = {beta:g}"


def _step_task(name: str, take: float | None, v_lines: tuple, variant: str) -> Task:
    return Task(
        name,
        STEP,
        partial(over, take=take),
        of_a_step(v_lines),
        shown=_step_told,
        names=("w", "v"),
        most=3,
        variant=variant,
        fields={"x": "the gradient", "old": "the old v"},
        prefix=f"in your {name} ",
    )


MOMENTUM = _step_task("momentum_step", None, LECTURE_V, "step")
HEAVY = _step_task("heavy_ball_step", 1.0, HEAVY_V, "heavy")


def step_probes(random) -> list[Probe]:
    """Return calls with every kind of w, that of the text first.

    v is not zero but in one, for a v of zero hides half the mistakes; dw has either sign among the numbers, and one
    call has numbers as large as a figure has them.
    """
    args = ([2.0], [1.0], [4.0], 0.5, 0.9)
    probes = [Probe(args, given=_given_step("number", ()), sizes=((), ()), hand=True)]
    for kind, of, far, alpha, beta, sign in (
        ("number", (), 4, 0.2, None, -1),
        ("number", (), 4, 0.2, None, 1),
        ("number", (), 4, 0.2, 0.0, -1),
        ("number", (), 4, 0.2, None, 0),
        ("number", (), 60, 4.0, 0.97, -1),
        ("vector", (3,), 4, 0.2, None, None),
        ("table", (2, 3), 4, 0.2, None, None),
        ("point", (), 4, 0.2, None, None),
        ("whole", (3,), 4, 0.2, None, None),
    ):
        rows = [[signed(random, far / 4, far) for _ in range(int(np.prod(of)))] for _ in "wvd"]
        if kind == "whole":
            rows = [[random.choice((-1, 1)) * random.randint(2, 9) for _ in one] for one in rows]
        rows[2] = [sign * abs(rows[2][0])] if sign else rows[2]
        rows[1] = [0.0] if sign == 0 else rows[1]
        beta = round(random.uniform(0.6, 0.9), 2) if beta is None else beta
        args = (*rows, round(alpha * random.uniform(0.6, 1.4), 3), beta)
        probes.append(Probe(args, kind, _given_step(kind, of), (of, of)))
    return probes


def _given_step(kind: str, of: tuple) -> Callable:
    return lambda w, v, dw, alpha, beta: (*(shaped(one, kind, of) for one in (w, v, dw)), alpha, beta)


def _examine_step(notebook: Notebook, random, task: Task) -> Verdict:
    student = notebook.function(task.name, STEP)
    probes = separated(lambda: step_probes(random), task)
    return examine(student, probes, task) or right(task.name)


def examine_momentum_step(notebook: Notebook, random) -> Verdict:
    """Look at `momentum_step(w, v, dw, alpha, beta)`."""
    return _examine_step(notebook, random, MOMENTUM)


def examine_heavy_ball_step(notebook: Notebook, random) -> Verdict:
    """Look at `heavy_ball_step(w, v, dw, alpha, beta)`."""
    return _examine_step(notebook, random, HEAVY)


# --- a whole descent -------------------------------------------------------------------------------------------

DESCEND = Task(
    "descend",
    ("gradient", "w", "b", "alpha", "beta", "steps"),
    walk,
    OF_A_WALK,
    shown=lambda task: (
        f"from w = {row(task.w)} and b = {formatted(task.b)}, with alpha = {task.alpha:g}, beta = "
        f"{task.beta:g} and steps = {task.steps},"
    ),
    names=("w", "b"),
    most=2,
    variant="walk",
    fields={"x": "the gradient", "old": "the old v"},
    prefix="in your descend ",
)


class _Bowl:
    """A bowl in which w and b depend on each other, so that no gradient can stand in for another one.

    It hands out its gradient as a function, and counts how often that is asked.
    """

    def __init__(self, matrix: list, minimum: list, kind: str, of: tuple) -> None:
        self.matrix, self.minimum, self.kind, self.of, self.asked = matrix, minimum, kind, of, 0

    def slope(self, w: list, b: float, t: int = 1) -> tuple[list, float]:
        """Return (dw, db) at a place, w as a list."""
        away = [x - m for x, m in zip([*w, b], self.minimum, strict=True)]
        slopes = [sum(h * x for h, x in zip(one, away, strict=True)) for one in self.matrix]
        return slopes[:-1], slopes[-1]

    def given(self, task: Descent) -> tuple:
        """Return what the student's descent is called with."""

        def gradient(w, b):
            w, b = plain(w), plain(b)
            if shape(w) != self.of or shape(b) != () or flat([w, b]) is None:
                raise ValueError(f"gradient got w of the shape {shape(w)} and b of the shape {shape(b)}")
            self.asked += 1
            dw, db = self.slope(flat(w), float(b))
            return (np.array(dw).reshape(self.of), db) if self.of else (dw[0], db)

        # What Python calls it in an error that the student reads.
        gradient.__qualname__ = "gradient"
        return (
            gradient,
            shaped(task.w, self.kind if self.of else "number", self.of),
            task.b,
            task.alpha,
            task.beta,
            task.steps,
        )


def _descent(
    random, kind: str, of: tuple, steps: int, *, rests=False, alpha=0.3, beta=(0.6, 0.8)
) -> tuple[Probe, _Bowl]:
    count = int(np.prod(of)) + 1
    others = [[random.uniform(0.1, 0.2) for _ in range(count)] for _ in range(count)]
    matrix = [
        [random.uniform(0.4, 1.1) if i == j else others[min(i, j)][max(i, j)] for j in range(count)]
        for i in range(count)
    ]
    minimum = [signed(random, 5, 8) for _ in range(count)]
    start = minimum if rests else [signed(random, 1, 3) for _ in range(count)]
    if kind == "whole":
        start = [random.choice((-1, 1)) * random.randint(2, 6) for _ in range(count)]
    bowl = _Bowl(matrix, minimum, "edge" if rests or not steps else kind, of)
    return _call(bowl, start, alpha * random.uniform(0.7, 1.3), random.uniform(*beta), steps)


def _call(
    bowl: _Bowl, start: list, alpha: float, beta: float, steps: int, hand: bool = False
) -> tuple[Probe, _Bowl]:
    task = Descent(start[:-1], start[-1], round(alpha, 2), round(beta, 2), steps, bowl.slope)
    return Probe((task,), bowl.kind, bowl.given, (bowl.of, ()), hand), bowl


def descents(random) -> list[tuple[Probe, _Bowl]]:
    """Return descents of several lengths and kinds with their bowls; the first one is the text's."""
    calls = [_call(_Bowl([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0], "number", ()), [1.0, 2.0], 1.0, 0.5, 1, True)]
    for kind, of, steps, more in (
        ("number", (), 2, {}),
        ("number", (), 5, {}),
        ("number", (), 8, {"alpha": 3.0, "beta": (0.7, 0.9)}),
        ("number", (), 14, {"beta": (0.92, 0.97)}),
        ("number", (), 0, {}),
        ("number", (), 6, {"rests": True}),
        ("vector", (2,), 4, {}),
        ("table", (2, 2), 3, {}),
        ("whole", (2,), 3, {}),
    ):
        calls.append(_descent(random, kind, of, steps, **more))
    return calls


def examine_descend(notebook: Notebook, random) -> Verdict:
    """Look at `descend(gradient, w, b, alpha, beta, steps)`."""
    student = notebook.function("descend", DESCEND.arguments)
    calls: list = []

    def draw():
        calls[:] = descents(random)
        return [probe for probe, _ in calls]

    probes = separated(draw, DESCEND)
    verdict = examine(student, probes, DESCEND)
    if verdict and verdict.cause not in ("other", "length", "only_scalars", "integers"):
        return verdict
    for probe, bowl in (_descent(random, "number", (), 250), *calls):
        bowl.asked, steps = 0, probe.args[0].steps
        if not student.attempt(*probe.given(*probe.args)).problem and bowl.asked < steps:
            return wrong("stops_early", steps=steps, made=bowl.asked)
    if verdict and verdict.cause == "other":
        first = [_descent(random, "number", (), 1)[0] for _ in range(4)]
        fine = [examine(student, some, DESCEND) is None for some in (first, [calls[1][0]])]
        return wrong("second_step") if fine == [True, False] else verdict
    return verdict or right("descend")


# --- the first step, on paper ------------------------------------------------------------------------------------

FIRST = {"w": 5.0, "dw": 6.0, "alpha": 0.5, "beta": 0.8}
"""The first step that is to be predicted, from v = 0."""
DW, BETA = FIRST["dw"], FIRST["beta"]
PLAIN = -FIRST["alpha"] * DW
SMALL = (1 - BETA) * PLAIN
PREDICTIONS = {
    "plain": (PLAIN, {"w_for_dw/first": -FIRST["alpha"] * FIRST["w"], "alpha_twice/first": FIRST["alpha"] * PLAIN,
                      "sign/first": -PLAIN, "no_alpha/gradient": DW, "no_alpha/forgotten": -DW,
                      "plain_averaged": SMALL}),
    "momentum": (SMALL, {"alpha_twice/first": FIRST["alpha"] * SMALL, "sign/first": -SMALL,
                         "harmless_start": PLAIN, "swapped/first": BETA * PLAIN,
                         "no_alpha/minus v": -(1 - BETA) * DW, "no_alpha/v": (1 - BETA) * DW,
                         "stands_still": 0.0}),
    "corrected": (PLAIN, {"sign/first": -PLAIN, "correction_ignored": SMALL,
                          "multiplied/first": (1 - BETA) * SMALL,
                          "corrected_too_much": PLAIN / (1 - BETA), "divided_by_beta": SMALL / BETA,
                          "t_from_two/first": SMALL / (1 - BETA**2), "swapped/first": BETA * PLAIN}),
}  # fmt: skip
"""key -> (the prediction that is right, {the name of a mistake: what it predicts})."""


def examine_first_steps(notebook: Notebook, random) -> Verdict:
    """Look at the dict `first_steps`."""
    found = notebook.value("first_steps")
    if isinstance(found, (list, tuple)) and len(found) == len(PREDICTIONS):
        found = dict(zip(PREDICTIONS, found, strict=True))
    if not isinstance(found, dict):
        return wrong("no_dict/first", got=formatted(found))
    given = {key: found[key] for key in PREDICTIONS if found.get(key) not in (None, ...)}
    if others := [key for key, value in found.items() if key not in PREDICTIONS and flat(value)]:
        return wrong("keys/first", key=repr(others[0]), keys=", ".join(map(repr, PREDICTIONS)))
    if not given:
        return not_done("not_done/first")
    if missing := [key for key in PREDICTIONS if key not in given]:
        return wrong("missing/first", missing=", ".join(missing))
    values = {}
    for key, value in given.items():
        if len(flat(value) or ()) != 1 or not finite(value):
            return wrong("no_number/first", key=key, got=formatted(value))
        values[key] = flat(value)[0]
    if all(_is(values[key], FIRST["w"] + due) for key, (due, _) in PREDICTIONS.items()):
        return wrong("place_given")
    for one, other in combinations(PREDICTIONS, 2):
        due, turned = PREDICTIONS[one][0], PREDICTIONS[other][0]
        if not _is(due, turned) and _is(values[one], turned) and _is(values[other], due):
            return wrong("exchanged/first", one=one, other=other)
    return next(filter(None, (_prediction(key, values[key]) for key in PREDICTIONS)), right("first_steps"))


def _is(value: float, due: float) -> bool:
    return near([value], [due], close=1e-3)


def _prediction(key: str, value: float) -> Verdict | None:
    """Return the verdict on one prediction, or None when it is right."""
    due, mistaken = PREDICTIONS[key]
    fields = {"of": {"corrected": "corrected momentum", "plain": "plain descent"}.get(key, key), "got": value}
    if _is(value, due):
        return None
    if _is(value, FIRST["w"] + due):
        return wrong("place_given/one", **fields)
    return wrong(
        next((name for name, number in mistaken.items() if _is(value, number)), "other/first"), **fields
    )


# --- the heavy ball's α ------------------------------------------------------------------------------------------

ALPHA_CALLS = ((3.0, 0.3), (2.0, 0.64), (0.7, 0.9))


def heavy_alpha(alpha: float, beta: float, value: Callable = lambda alpha, beta: (1 - beta) * alpha) -> float:
    """Return the α with which the heavy ball walks the lecture's path."""
    return value(alpha, beta)


def _values(**formulas: Callable) -> list:
    return [mistake(name.replace("__", "/"), value=value) for name, value in formulas.items()]


HEAVY_ALPHA = Task(
    "heavy_ball_alpha",
    ("alpha", "beta"),
    heavy_alpha,
    distinct(
        [
            *_values(
                grows=lambda alpha, beta: alpha / (1 - beta),
                unchanged=lambda alpha, beta: alpha,
                times_beta=lambda alpha, beta: beta * alpha,
                one_plus_beta__alpha=lambda alpha, beta: (1 + beta) * alpha,
                one_plus_beta__below=lambda alpha, beta: alpha / (1 + beta),
                only_factor=lambda alpha, beta: 1 - beta,
                twice=lambda alpha, beta: (1 - beta) ** 2 * alpha,
                sign__alpha=lambda alpha, beta: (beta - 1) * alpha,
                divided_by_beta__alpha=lambda alpha, beta: alpha / beta,
                exchanged__alpha=lambda alpha, beta: (1 - alpha) * beta,
                difference=lambda alpha, beta: alpha - beta,
                power=lambda alpha, beta: (1 - beta**2) * alpha,
                power__root=lambda alpha, beta: sqrt(1 - beta) * alpha,
                power__exponent=lambda alpha, beta: alpha ** (1 - beta),
                one_minus_alpha=lambda alpha, beta: (1 - alpha) * alpha,
                ratio=lambda alpha, beta: (1 - beta) * alpha / beta,
                ratio__up=lambda alpha, beta: beta * alpha / (1 - beta),
            ),
            *forgotten_brackets("alpha, beta", "alpha * (1 - beta)", "(1 - beta) * alpha"),
        ],
        heavy_alpha,
        *ALPHA_CALLS,
    ),
    shown=lambda alpha, beta: f"for alpha = {alpha:g} and beta = {beta:g}",
)


def alpha_probes(random) -> list[Probe]:
    """Return an α for each of several β; the first is the text's, and no β of 0.9 gives the factor away."""
    betas = (0.64, round(random.uniform(0.2, 0.5), 2), round(random.uniform(0.55, 0.85), 2), 0.99)
    calls = [(3.0, 0.0), *((round(random.uniform(1.1, 6), 2), beta) for beta in betas)]
    return [Probe(args, hand=not place) for place, args in enumerate(calls)]


def examine_heavy_ball_alpha(notebook: Notebook, random) -> Verdict:
    """Look at `heavy_ball_alpha(alpha, beta)`."""
    student = notebook.function("heavy_ball_alpha", ("alpha", "beta"))
    probes = separated(lambda: alpha_probes(random), HEAVY_ALPHA)
    return examine(student, probes, HEAVY_ALPHA) or right("heavy_ball_alpha")


# --- the gap between the two paths -------------------------------------------------------------------------------

CURVATURES, START, GAP_STEPS = (0.01, 1.0), (-9.0, 1.2), 60
ROUNDING = 1e-12
FINEST = 2.0**-58
"""A gap of two walks is a difference of numbers of the size of w: a multiple of their last digit."""
LECTURE_WAYS = (
    lambda v, dw: 0.9 * v + (1 - 0.9) * dw,
    lambda v, dw: 0.9 * v + 0.1 * dw,
    lambda v, dw: v + (1 - 0.9) * (dw - v),
)
ALPHAS = (0.4, (1 - 0.9) * 4.0)


def _walked(line: Callable, alpha: float, others: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return w and v after each step, a row each; others: the w at which the gradient is taken, when not its own."""
    w, v, rows = np.array(START), np.zeros(2), []
    for t in range(GAP_STEPS):
        v = line(v, np.array(CURVATURES) * (w if others is None or t == 0 else others[t - 1]))
        w = w - alpha * v
        rows.append((w, v))
    return tuple(np.array(rows).transpose(1, 0, 2))


def _heavy_line(v, dw):
    return 0.9 * v + dw


def _gaps() -> tuple[set, dict]:
    """Return the gaps of all ways to walk the two paths, and those of a mistake: name -> gaps."""
    due, mistaken = set(), {"shared_gradient": set(), "last_only": set(), "not_largest": set()}
    for line, alpha in product(LECTURE_WAYS, ALPHAS):
        one, two = _walked(line, 4.0)[0], _walked(_heavy_line, alpha)[0]
        apart = np.abs(one - two)
        sums, norms = apart.sum(axis=1), np.sqrt((apart**2).sum(axis=1))
        due.add(apart.max())
        mistaken["last_only"] |= {apart[-1].max(), *apart[-1]}
        mistaken["not_largest"] |= {
            sums.max(),
            sums.sum(),
            apart.mean(),
            norms.max(),
            apart.max(axis=1).mean(),
        }
        fed = _walked(_heavy_line, alpha, one)[0], _walked(line, 4.0, two)[0]
        mistaken["shared_gradient"] |= {np.abs(one - fed[0]).max(), np.abs(fed[1] - two).max()}
    return due, mistaken


def _gap(heavy: float, part: int) -> float:
    """Return the gap for another α of the heavy ball, in w (part 0) or in v (part 1)."""
    return np.abs(_walked(LECTURE_WAYS[0], 4.0)[part] - _walked(_heavy_line, heavy)[part]).max()


LARGE_GAPS = {"same_alpha": (4.0, 0), "grows/gap": (40.0, 0), "compared_v": (0.4, 1)}


def _own_gap(notebook: Notebook) -> tuple[float, str] | None:
    """Return the gap that the student's own functions give, and which of them loses digits; None when they do not work."""
    try:
        one, two = (notebook.function(name, STEP) for name in ("momentum_step", "heavy_ball_step"))
        heavy = notebook.function("heavy_ball_alpha", ("alpha", "beta"))(4.0, 0.9)
        gap, w, u, v, z = 0.0, np.array(START), np.array(START), np.zeros(2), np.zeros(2)
        for _ in range(GAP_STEPS):
            w, v = map(np.array, one(w, v, np.array(CURVATURES) * w, 4.0, 0.9))
            u, z = map(np.array, two(u, z, np.array(CURVATURES) * u, heavy, 0.9))
            gap = max(gap, np.abs(w - u).max())
    except (Answered, TypeError, ValueError):
        return None
    coarse = abs(flat(heavy)[0] - 0.4) > 1e-14
    return gap, "heavy_ball_alpha" if coarse else "momentum_step or heavy_ball_step"


def examine_path_gap(notebook: Notebook, random) -> Verdict:
    """Look at the number `path_gap`; when it is wrong, at the functions that it was measured with first."""
    verdict = _examine_gap(notebook, random)
    for other in GAP_NEEDS if verdict.status == WRONG else ():
        if other in notebook.names and not _passes(notebook, random, other):
            return wrong("earlier/gap", other=other)
    return verdict


def _examine_gap(notebook: Notebook, random) -> Verdict:
    """Return the verdict on the number: it must be the one that two walks leave."""
    (got,) = notebook.numbers("path_gap")
    if got == 0:
        return wrong("not_walked")
    if -ROUNDING < got < 0:
        return wrong("no_abs")
    own = _own_gap(notebook)
    if own and got > 0 and abs(got - own[0]) <= 1e-6 * got:
        if got < ROUNDING:
            return right("path_gap", gap=f"{got:.0e}".replace("-", "−"), steps=GAP_STEPS)
        if got < 1e-4 and all(_passes(notebook, random, name) for name in GAP_NEEDS):
            return right("path_gap/coarse", gap=f"{got:.0e}".replace("-", "−"), where=own[1])
    if 0 < got < ROUNDING:
        return _small_gap(got)
    for name, (heavy, part) in LARGE_GAPS.items():
        if near([got], [_gap(heavy, part)], close=0.02):
            return wrong(name, got=f"{got:.3g}")
    return wrong("other/gap", got=got)


GAP_NEEDS = {
    "momentum_step": examine_momentum_step,
    "heavy_ball_step": examine_heavy_ball_step,
    "heavy_ball_alpha": examine_heavy_ball_alpha,
}


def _passes(notebook: Notebook, random, name: str) -> bool:
    try:
        return GAP_NEEDS[name](notebook, random).passed
    except Answered:
        return False


def _small_gap(got: float) -> Verdict:
    """Return the verdict on a gap that is as small as rounding, but not what the notebook's own steps leave."""
    due, mistaken = _gaps()

    def among(gaps):
        return any(abs(got - gap) <= 1e-6 * gap for gap in gaps)

    said = f"{got:.0e}".replace("-", "−")
    if among(due):
        return right("path_gap", gap=said, steps=GAP_STEPS)
    for name, gaps in mistaken.items():
        if among(gaps):
            return wrong(name, got=said)
    if got / FINEST != int(got / FINEST):
        return wrong("typed", got=said)
    if min(due) / 2 < got < 4 * max(due):
        return right("path_gap", gap=said, steps=GAP_STEPS)
    return wrong("last_only" if got < max(due) else "not_largest", got=said)


# --- the largest α -----------------------------------------------------------------------------------------------

LIMIT = ("curvature", "beta")


def limit(
    curvature: float,
    beta: float,
    value: Callable = lambda curvature, beta: 2 * (1 + beta) / ((1 - beta) * curvature),
) -> float:
    """Return the largest α that still converges."""
    return value(curvature, beta)


LIMIT_MISTAKES = distinct(
    [
        *_values(
            no_beta=lambda curvature, beta: 2 / curvature,
            heavy_ball=lambda curvature, beta: 2 * (1 + beta) / curvature,
            inverse=lambda curvature, beta: 2 * (1 - beta) / ((1 + beta) * curvature),
            no_curvature=lambda curvature, beta: 2 * (1 + beta) / (1 - beta),
            curvature_above=lambda curvature, beta: 2 * (1 + beta) / (1 - beta) * curvature,
            no_two=lambda curvature, beta: (1 + beta) / ((1 - beta) * curvature),
            no_two__four=lambda curvature, beta: 4 * (1 + beta) / ((1 - beta) * curvature),
            one_minus_beta__limit=lambda curvature, beta: 2 / ((1 - beta) * curvature),
            ripples=lambda curvature, beta: (1 - sqrt(beta)) ** 2 / ((1 - beta) * curvature),
            ripples__jumps=lambda curvature, beta: (1 + sqrt(beta)) ** 2 / ((1 - beta) * curvature),
            upside_down__limit=lambda curvature, beta: (1 - beta) * curvature / (2 * (1 + beta)),
            one_missing=lambda curvature, beta: 2 * beta / ((1 - beta) * curvature),
            below_plus=lambda curvature, beta: 2 / ((1 + beta) * curvature),
            shrinks=lambda curvature, beta: 2 * (1 - beta) / curvature,
            power__limit=lambda curvature, beta: 2 * (1 + beta) / ((1 - beta) ** 2 * curvature),
            power__above=lambda curvature, beta: 2 * ((1 + beta) / (1 - beta)) ** 2 / curvature,
            power__beta=lambda curvature, beta: 2 * (1 + beta**2) / ((1 - beta**2) * curvature),
            power__roots=lambda curvature, beta: 2 * (1 + sqrt(beta)) / ((1 - sqrt(beta)) * curvature),
            power__curvature=lambda curvature, beta: 2 * (1 + beta) / ((1 - beta) * curvature**2),
            power__root_curvature=lambda curvature, beta: 2 * (1 + beta) / ((1 - beta) * sqrt(curvature)),
            two_inside=lambda curvature, beta: (2 + beta) / ((1 - beta) * curvature),
            two_inside__both=lambda curvature, beta: (2 + beta) / ((2 - beta) * curvature),
            sign__limit=lambda curvature, beta: 2 * (1 + beta) / ((beta - 1) * curvature),
        ),
        *forgotten_brackets(
            "curvature, beta",
            "2 * (1 + beta) / ((1 - beta) * curvature)",
            "2 * (1 + beta) / (curvature * (1 - beta))",
            "2 / curvature * (1 + beta) / (1 - beta)",
            "2 * (1 + beta) / (1 - beta) / curvature",
            "2 / curvature * ((1 + beta) / (1 - beta))",
            "2 / (curvature * (1 - beta)) * (1 + beta)",
        ),
    ],
    limit,
    (2.3, 0.3),
    (0.45, 0.64),
    (4.4, 0.9),
)
LIMITS = Task(
    "alpha_limit",
    LIMIT,
    limit,
    LIMIT_MISTAKES,
    shown=lambda curvature, beta: f"for curvature = {curvature:g} and beta = {beta:g}",
    prefix="your alpha_limit: ",
)


def limit_probes(random) -> list[Probe]:
    """Return curvatures and β, the text's first."""
    drawn = (((2.1, 5), 0.9), ((0.2, 0.8), 0.6), ((1.2, 3), 0.3), ((0.2, 0.4), 0.93))
    calls = [(4.0, 0.0), *((round(random.uniform(*between), 2), beta) for between, beta in drawn)]
    return [Probe(args, hand=not place) for place, args in enumerate(calls)]


def examine_alpha_limit(notebook: Notebook, random) -> Verdict:
    """Look at `alpha_limit(curvature, beta)`, the formula."""
    student = notebook.function("alpha_limit", LIMIT)
    return examine(student, separated(lambda: limit_probes(random), LIMITS), LIMITS) or right("alpha_limit")


CLOSE_ENOUGH = 0.01
"""How far a limit that was found by bisection may be off, relatively: runs near the limit decide slowly."""
COARSE = 0.3
WIDEST = (0.2, 0.93)
"""The largest limit that the text asks for: an interval that is too short for it is told at every seed."""


def examine_largest_alpha(notebook: Notebook, random) -> Verdict:
    """Look at `largest_alpha(curvature, beta)`, found by bisection."""
    student = notebook.function("largest_alpha", LIMIT, may_use=("momentum_step",))
    calls = [(5.0, 0.0), (3.0, 0.0), (2.7, 0.9), WIDEST]
    found = []
    for args in calls:
        outcome = student.attempt(*args)
        if outcome.problem:
            late = outcome.problem.cause == "endless"
            return wrong("endless/bisection", said=outcome.problem.sentence) if late else outcome.problem
        found.append(outcome.value)
    numbers = [flat(value) for value in found]
    if any(one is not None and len(one) == 2 for one in numbers):
        return wrong("interval")
    for args, one, value in zip(calls, numbers, found, strict=True):
        if one is None or len(one) != 1:
            return wrong(
                "no_numbers", name="largest_alpha", shown=f" {LIMITS.shown(*args)}", got=formatted(value)
            )
        if not finite(value):
            return wrong("nan", name="largest_alpha", shown=LIMITS.shown(*args), got=formatted(value))
    return _found(student, calls, [one[0] for one in numbers])


def _found(student: Function, calls: list, got: list[float]) -> Verdict:
    """Return the verdict on limits found by bisection."""
    off = [abs(a / limit(*args) - 1) for a, args in zip(got, calls, strict=True)]
    if max(off) <= CLOSE_ENOUGH:
        return right("largest_alpha", worst=f"{100 * max(off):.2g}")
    if max(got) - min(got) <= CLOSE_ENOUGH * abs(max(got)):
        return wrong("constant/largest_alpha", got=got[0])
    for one in LIMIT_MISTAKES:
        if all(
            near([a], [limit(*args, **one.parts)], close=CLOSE_ENOUGH)
            for a, args in zip(got, calls, strict=True)
        ):
            return _named(one)
    shown = [(a, args) for a, args, far in zip(got, calls, off, strict=True) if far > CLOSE_ENOUGH]
    fields = {"got": shown[0][0], "shown": LIMITS.shown(*shown[0][1])}
    if min(got) <= 0:
        return wrong("coarse/zero", got=min(got))
    below = all(a < limit(*args) for a, args in shown)
    # A bowl with a limit that is far larger still: who returns the same there has met an end of the interval.
    a, (curvature, beta) = shown[-1]
    further = student.attempt(curvature, 1 - (1 - beta) / 4)
    if (
        below
        and max(off) > 0.05
        and not further.problem
        and near(flat(further.value) or [], [a], close=CLOSE_ENOUGH)
    ):
        return wrong("bracket/largest_alpha", got=a)
    if max(off) < COARSE:
        return wrong("coarse", **fields)
    side = "still converges" if shown[0][0] < limit(*shown[0][1]) else "diverges"
    return wrong("other/largest_alpha", side=side, **fields)


def _named(one) -> Verdict:
    verdict = wrong(one.words)
    return replace(verdict, sentence=f"your largest_alpha: {verdict.sentence}")


EXERCISES = {
    "initialize_velocity": examine_initialize_velocity,
    "momentum_step": examine_momentum_step,
    "descend": examine_descend,
    "first_steps": examine_first_steps,
    "heavy_ball_step": examine_heavy_ball_step,
    "heavy_ball_alpha": examine_heavy_ball_alpha,
    "path_gap": examine_path_gap,
    "largest_alpha": examine_largest_alpha,
    "alpha_limit": examine_alpha_limit,
}
