"""Homework 2: momentum by hand, its two forms, and the largest α."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations, product
from math import sqrt

import numpy as np

from lesson_utils.checks.engine import Probe, Task, examine, formula_task, named, retold, size
from lesson_utils.checks.numbers import finite, flat, formatted, near, plain, shape
from lesson_utils.checks.rule import (
    HEAVY_V,
    LECTURE_V,
    OF_A_WALK,
    OF_GRADIENTS,
    Descent,
    limit,
    of_a_step,
    step,
    walk,
)
from lesson_utils.checks.verdict import WRONG, Answered, Verdict, not_done, right, wrong


def signed(random, low: float, high: float) -> float:
    """Return a number with two decimals between low and high, or its negative: readable in a sentence."""
    return round(random.uniform(low, high), 2) * random.choice((-1, 1))


def shaped(numbers: list, of: tuple[int, ...]):
    """Return numbers as a function is given them: one number as it is, an array in its shape."""
    return np.array(numbers).reshape(of) if of else numbers[0]


def row(numbers: list) -> str:
    """Return numbers in words, an array in brackets."""
    return formatted(numbers) if len(numbers) == 1 else f"[{formatted(numbers)}]"


# --- the zeros that a descent begins with ----------------------------------------------------------------------

NUMBERS, ARRAYS = {"w": (), "b": ()}, {"w": (2, 3), "b": (3,)}
PARAMETERS = (
    # (the shapes, which of them holds whole numbers)
    ({"w": (3,), "b": ()}, ""),
    (ARRAYS, ""),
    ({"W1": (2, 3), "b1": (3,), "W2": (4,)}, "W2"),
    ({"w": (3,), "b": ()}, "b"),
)


def _parameters(random, shapes: dict, whole: str = "") -> dict:
    """Return parameters of these shapes."""
    made = {}
    for key, of in shapes.items():
        count = int(np.prod(of))
        numbers = [random.randint(1, 9) for _ in range(count)]
        if key != whole:
            numbers = [signed(random, 1, 4) for _ in range(count)]
        made[key] = shaped(numbers, of)
    return made


def examine_initialize_velocity(notebook, random) -> Verdict:
    """Look at `initialize_velocity(parameters)`."""
    student = notebook.function("initialize_velocity", ("parameters",))
    raised = None
    for shapes, whole in PARAMETERS:
        parameters = _parameters(random, shapes, whole)
        outcome = student.attempt(parameters)
        if outcome.problem and outcome.problem.cause != "raised":
            return outcome.problem
        raised = raised or outcome.problem
        if not outcome.problem and (verdict := _velocity(parameters, whole, outcome.value)):
            other = student.attempt({"zz": 1.0}).value
            left = verdict.cause == "keys" and isinstance(other, dict) and set(other) & set(outcome.value)
            return wrong("remembers/velocity") if left else verdict
    return _velocity_raised(student, random, raised) if raised else right("initialize_velocity")


def _velocity(parameters: dict, whole: str, got) -> Verdict | None:
    """Return the verdict on the velocity of these parameters, or None when it is right."""
    wanted = {key: f"v_d{key}" for key in parameters}
    if not isinstance(got, dict):
        return wrong("no_dict/velocity", got="a list" if isinstance(got, (list, tuple)) else formatted(got))
    if set(got) != set(wanted.values()):
        return _wrong_keys(list(got), wanted)
    for key, parameter in parameters.items():
        if verdict := _wrong_zeros(key, plain(parameter), got[wanted[key]], key == whole):
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


def _wrong_zeros(key: str, parameter, velocity, whole: bool) -> Verdict | None:
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
    return wrong("integers/velocity", key=key) if whole and all(type(x) is int for x in each) else None


def _velocity_raised(student, random, problem: Verdict) -> Verdict:
    """Return the verdict on a function that stops: for numbers alone, for other names than w and b, or always."""
    numbers, arrays = (
        not student.attempt(_parameters(random, shapes)).problem for shapes in (NUMBERS, ARRAYS)
    )
    if not numbers and not arrays:
        return problem
    error = retold(problem)
    if numbers and arrays:
        return wrong("hard_coded", error=error)
    return wrong("only_vectors/velocity" if arrays else "only_scalars/velocity", error=error)


# --- a step --------------------------------------------------------------------------------------------------------

STEP = ("w", "v", "dw", "alpha", "beta")


def over(
    w: list, v: list, dw: list, alpha: float, beta: float, *, take: float | None = None, **parts
) -> tuple:
    """Return (w, v) of a step taken number by number."""
    pairs = [step(*one, alpha, beta, take, **parts) for one in zip(w, v, dw, strict=True)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def step_probes(random) -> list[Probe]:
    """Return calls with every kind of w, that of the text first.

    v is not zero but in one, for a v of zero hides half the mistakes; dw has either sign among the numbers, and one
    call has numbers as large as a figure has them.
    """
    args = ([2.0], [1.0], [4.0], 0.5, 0.9)
    probes = [Probe(args, given=partial(_given_step, "number", ()), sizes=((), ()))]
    for kind, of, far, alpha, beta, sign in (
        ("number", (), 4, 0.2, None, -1),
        ("number", (), 4, 0.2, None, 1),
        ("number", (), 4, 0.2, 0.0, -1),
        ("number", (), 4, 0.2, None, 0),
        ("number", (), 60, 4.0, 0.97, -1),
        ("array", (3,), 4, 0.2, None, None),
        ("array", (2, 3), 4, 0.2, None, None),
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
        probes.append(Probe(args, kind, partial(_given_step, kind, of), (of, of)))
    return probes


def _given_step(kind: str, of: tuple, w, v, dw, alpha, beta) -> tuple:
    given = (shaped(one, of) for one in (w, v, dw))
    return (*(map(np.array, given) if kind == "point" else given), alpha, beta)


def _step_task(name: str, take: float | None, v_lines: tuple, variant: str) -> Task:
    return Task(
        name,
        STEP,
        partial(over, take=take),
        of_a_step(v_lines),
        step_probes,
        shown=lambda w, v, dw, alpha, beta: (
            f"for w = {row(w)}, v = {row(v)}, dw = {row(dw)}, alpha = {alpha:g} and beta = {beta:g}"
        ),
        names=("w", "v"),
        most=3,
        variant=variant,
        fields=OF_GRADIENTS,
        prefix=f"in your {name} ",
    )


MOMENTUM = _step_task("momentum_step", None, LECTURE_V, "step")
HEAVY = _step_task("heavy_ball_step", 1.0, HEAVY_V, "heavy")

# --- a whole descent -------------------------------------------------------------------------------------------


class _Bowl(Descent):
    """A descent in a bowl in which w and b depend on each other, so that no gradient can stand in for another one.

    matrix: the curvatures of w and b. of: the shape of w. asked: how often the gradient that is handed out was asked.
    """

    def __init__(self, matrix: list, minimum: list, of: tuple, *descent) -> None:
        super().__init__(*descent)
        self.matrix, self.minimum, self.of, self.asked = matrix, minimum, of, 0

    def slope(self, x: list, t: int = 1) -> list:
        """Return the gradient at x."""
        away = [place - m for place, m in zip(x, self.minimum, strict=True)]
        return [sum(h * far for h, far in zip(one, away, strict=True)) for one in self.matrix]

    def given(self) -> tuple:
        """Return what the student's descent is called with."""

        def gradient(w, b):
            w, b = plain(w), plain(b)
            if shape(w) != self.of or shape(b) != () or flat([w, b]) is None:
                raise ValueError(f"gradient got w of the shape {shape(w)} and b of the shape {shape(b)}")
            self.asked += 1
            *dw, db = self.slope(flat([w, b]))
            return shaped(dw, self.of), db

        # What Python calls it in an error that the student reads.
        gradient.__qualname__ = "gradient"
        *w, b = self.start
        return gradient, shaped(w, self.of), b, self.alpha, self.beta, self.steps


def _descent(random, kind: str, of: tuple, steps: int, *, rests=False, alpha=0.3, beta=(0.6, 0.8)) -> Probe:
    """Return a descent of a kind from a start that is drawn; rests: it starts at the minimum."""
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
    alpha, beta = round(alpha * random.uniform(0.7, 1.3), 2), round(random.uniform(*beta), 2)
    bowl = _Bowl(matrix, minimum, of, start, alpha, beta, steps)
    return Probe((bowl,), kind, _Bowl.given, (of, ()))


def descents(random) -> list[Probe]:
    """Return descents of several lengths and kinds; the first one is the text's."""
    text = _Bowl([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0], (), [1.0, 2.0], 1.0, 0.5, 1)
    return [
        Probe((text,), "number", _Bowl.given, ((), ())),
        _descent(random, "number", (), 2),
        _descent(random, "number", (), 5),
        _descent(random, "number", (), 8, alpha=3.0, beta=(0.7, 0.9)),
        _descent(random, "number", (), 14, beta=(0.92, 0.97)),
        _descent(random, "edge", (), 0),
        _descent(random, "edge", (), 6, rests=True),
        _descent(random, "array", (2,), 4),
        _descent(random, "array", (2, 2), 3),
        _descent(random, "whole", (2,), 3),
    ]


DESCEND = Task(
    "descend",
    ("gradient", "w", "b", "alpha", "beta", "steps"),
    walk,
    OF_A_WALK,
    descents,
    shown=lambda bowl: (
        f"from w = {row(bowl.start[:-1])} and b = {formatted(bowl.start[-1])}, with alpha = {bowl.alpha:g}, beta = "
        f"{bowl.beta:g} and steps = {bowl.steps},"
    ),
    names=("w", "b"),
    most=2,
    variant="walk",
    fields=OF_GRADIENTS,
    prefix="in your descend ",
)


def examine_descend(notebook, random) -> Verdict:
    """Look at `descend(gradient, w, b, alpha, beta, steps)`."""
    student, probes = DESCEND.function(notebook), DESCEND.probes(random)
    verdict = examine(student, probes, DESCEND)
    if verdict and verdict.cause not in ("other", "length", "only_scalars", "integers"):
        return verdict
    for probe in (_descent(random, "number", (), 250), *probes):
        (bowl,) = probe.args
        bowl.asked = 0
        if not student.attempt(*probe.given(bowl)).problem and bowl.asked < bowl.steps:
            return wrong("stops_early", steps=bowl.steps, made=bowl.asked)
    if verdict and verdict.cause == "other":
        first = [_descent(random, "number", (), 1) for _ in range(4)]
        fine = [examine(student, some, DESCEND) is None for some in (first, [probes[1]])]
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


def examine_first_steps(notebook, random) -> Verdict:
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
    for key, (due, mistaken) in PREDICTIONS.items():
        known = {"place_given/one": FIRST["w"] + due, **mistaken}
        name = next((name for name, number in known.items() if _is(values[key], number)), "other/first")
        if not _is(values[key], due):
            of = {"corrected": "corrected momentum", "plain": "plain descent"}.get(key, key)
            return wrong(name, of=of, got=values[key])
    return right("first_steps")


def _is(value: float, due: float) -> bool:
    return near([value], [due], close=1e-3)


# --- the heavy ball's α ------------------------------------------------------------------------------------------


def alpha_probes(random) -> list[Probe]:
    """Return an α for each of several β; the first is the text's, and no β of 0.9 gives the factor away."""
    betas = (0.64, round(random.uniform(0.2, 0.5), 2), round(random.uniform(0.55, 0.85), 2), 0.99)
    calls = [(3.0, 0.0), *((round(random.uniform(1.1, 6), 2), beta) for beta in betas)]
    return [Probe(args) for args in calls]


HEAVY_ALPHA = formula_task(
    "heavy_ball_alpha",
    ("alpha", "beta"),
    lambda alpha, beta: (1 - beta) * alpha,
    {
        "grows": lambda alpha, beta: alpha / (1 - beta),
        "unchanged": lambda alpha, beta: alpha,
        "times_beta": lambda alpha, beta: beta * alpha,
        "one_plus_beta/alpha": lambda alpha, beta: (1 + beta) * alpha,
        "one_plus_beta/below": lambda alpha, beta: alpha / (1 + beta),
        "only_factor": lambda alpha, beta: 1 - beta,
        "twice": lambda alpha, beta: (1 - beta) ** 2 * alpha,
        "sign/alpha": lambda alpha, beta: (beta - 1) * alpha,
        "divided_by_beta/alpha": lambda alpha, beta: alpha / beta,
        "exchanged/alpha": lambda alpha, beta: (1 - alpha) * beta,
        "difference": lambda alpha, beta: alpha - beta,
        "power": lambda alpha, beta: (1 - beta**2) * alpha,
        "power/root": lambda alpha, beta: sqrt(1 - beta) * alpha,
        "power/exponent": lambda alpha, beta: alpha ** (1 - beta),
        "one_minus_alpha": lambda alpha, beta: (1 - alpha) * alpha,
        "ratio": lambda alpha, beta: (1 - beta) * alpha / beta,
        "ratio/up": lambda alpha, beta: beta * alpha / (1 - beta),
    },
    "alpha * (1 - beta)",
    "(1 - beta) * alpha",
    draw=alpha_probes,
)

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
LARGE_GAPS = {"same_alpha": (4.0, 0), "grows/gap": (40.0, 0), "compared_v": (0.4, 1)}
"""The name of a mistake -> (the α of the heavy ball, what is compared: 0 is w, 1 is v)."""
GAP_NEEDS = {task.name: task for task in (MOMENTUM, HEAVY, HEAVY_ALPHA)}


def _walked(move: Callable, others: np.ndarray | None = None) -> np.ndarray:
    """Return w and v after each step of move(w, v, dw), (2, steps, 2); others: the w that the gradient is of instead."""
    w, v, rows = np.array(START), np.zeros(2), []
    for t in range(GAP_STEPS):
        w, v = move(w, v, np.array(CURVATURES) * (w if others is None or t == 0 else others[t - 1]))
        rows.append((w, v))
    return np.array(rows).transpose(1, 0, 2)


def _along(line: Callable, alpha: float) -> Callable:
    """Return the step in which v is line(v, dw)."""

    def move(w, v, dw):
        v = line(v, dw)
        return w - alpha * v, v

    return move


def _heavy(alpha: float) -> Callable:
    return _along(lambda v, dw: 0.9 * v + dw, alpha)


def _gaps() -> tuple[set, dict]:
    """Return the gaps of all ways to walk the two paths, and those of a mistake: name -> gaps."""
    due, mistaken = set(), {"shared_gradient": set(), "last_only": set(), "not_largest": set()}
    for line, alpha in product(LECTURE_WAYS, ALPHAS):
        lecture, heavy = _along(line, 4.0), _heavy(alpha)
        one, two = _walked(lecture)[0], _walked(heavy)[0]
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
        mistaken["shared_gradient"] |= {
            np.abs(one - _walked(heavy, one)[0]).max(),
            np.abs(_walked(lecture, two)[0] - two).max(),
        }
    return due, mistaken


def _own_gap(notebook) -> tuple[float, str] | None:
    """Return the gap that the student's own functions give, and which of them loses digits; None when they do not work."""
    try:
        one, two, heavy_alpha = (task.function(notebook) for task in GAP_NEEDS.values())
        heavy = heavy_alpha(4.0, 0.9)
        paths = [
            _walked(lambda *now, own=own, alpha=alpha: map(np.array, own(*now, alpha, 0.9)))[0]
            for own, alpha in ((one, 4.0), (two, heavy))
        ]
    except (Answered, TypeError, ValueError):
        return None
    coarse = abs(flat(heavy)[0] - 0.4) > 1e-14
    return np.abs(
        paths[0] - paths[1]
    ).max(), "heavy_ball_alpha" if coarse else "momentum_step or heavy_ball_step"


def examine_path_gap(notebook, random) -> Verdict:
    """Look at the number `path_gap`; when it is wrong, at the functions that it was measured with first."""
    verdict = _examine_gap(notebook, random)
    for other in GAP_NEEDS if verdict.status == WRONG else ():
        if other in notebook.names and not _passes(notebook, random, other):
            return wrong("earlier/gap", other=other)
    return verdict


def _examine_gap(notebook, random) -> Verdict:
    """Return the verdict on the number: it must be the one that two walks leave."""
    (got,) = notebook.numbers("path_gap")
    if got == 0:
        return wrong("not_walked")
    if -ROUNDING < got < 0:
        return wrong("no_abs")
    shown = f"{got:.0e}".replace("-", "−")
    own = _own_gap(notebook)
    if own and got > 0 and abs(got - own[0]) <= 1e-6 * got:
        if got < ROUNDING:
            return right("path_gap", gap=shown, steps=GAP_STEPS)
        if got < 1e-4 and all(_passes(notebook, random, name) for name in GAP_NEEDS):
            return right("path_gap/coarse", gap=shown, where=own[1])
    if 0 < got < ROUNDING:
        return _small_gap(got, shown)
    for name, (heavy, part) in LARGE_GAPS.items():
        paths = _walked(_along(LECTURE_WAYS[0], 4.0)), _walked(_heavy(heavy))
        if near([got], [np.abs(paths[0] - paths[1])[part].max()], close=0.02):
            return wrong(name, got=f"{got:.3g}")
    return wrong("other/gap", got=got)


def _passes(notebook, random, name: str) -> bool:
    try:
        return GAP_NEEDS[name].examine(notebook, random).passed
    except Answered:
        return False


def _small_gap(got: float, shown: str) -> Verdict:
    """Return the verdict on a gap that is as small as rounding, but not what the notebook's own steps leave."""
    due, mistaken = _gaps()

    def among(gaps):
        return any(abs(got - gap) <= 1e-6 * gap for gap in gaps)

    if among(due):
        return right("path_gap", gap=shown, steps=GAP_STEPS)
    for name, gaps in mistaken.items():
        if among(gaps):
            return wrong(name, got=shown)
    if got / FINEST != int(got / FINEST):
        return wrong("typed", got=shown)
    if min(due) / 2 < got < 4 * max(due):
        return right("path_gap", gap=shown, steps=GAP_STEPS)
    return wrong("last_only" if got < max(due) else "not_largest", got=shown)


# --- the largest α -----------------------------------------------------------------------------------------------


def limit_probes(random) -> list[Probe]:
    """Return curvatures and β, the text's first."""
    drawn = (((2.1, 5), 0.9), ((0.2, 0.8), 0.6), ((1.2, 3), 0.3), ((0.2, 0.4), 0.93))
    calls = [(4.0, 0.0), *((round(random.uniform(*between), 2), beta) for between, beta in drawn)]
    return [Probe(args) for args in calls]


LIMITS = formula_task(
    "alpha_limit",
    ("curvature", "beta"),
    limit,
    {
        "no_beta": lambda curvature, beta: 2 / curvature,
        "heavy_ball": lambda curvature, beta: 2 * (1 + beta) / curvature,
        "inverse": lambda curvature, beta: 2 * (1 - beta) / ((1 + beta) * curvature),
        "no_curvature": lambda curvature, beta: 2 * (1 + beta) / (1 - beta),
        "curvature_above": lambda curvature, beta: 2 * (1 + beta) / (1 - beta) * curvature,
        "no_two": lambda curvature, beta: (1 + beta) / ((1 - beta) * curvature),
        "no_two/four": lambda curvature, beta: 4 * (1 + beta) / ((1 - beta) * curvature),
        "one_minus_beta/limit": lambda curvature, beta: 2 / ((1 - beta) * curvature),
        "ripples": lambda curvature, beta: (1 - sqrt(beta)) ** 2 / ((1 - beta) * curvature),
        "ripples/jumps": lambda curvature, beta: (1 + sqrt(beta)) ** 2 / ((1 - beta) * curvature),
        "upside_down/limit": lambda curvature, beta: (1 - beta) * curvature / (2 * (1 + beta)),
        "one_missing": lambda curvature, beta: 2 * beta / ((1 - beta) * curvature),
        "below_plus": lambda curvature, beta: 2 / ((1 + beta) * curvature),
        "shrinks": lambda curvature, beta: 2 * (1 - beta) / curvature,
        "power/limit": lambda curvature, beta: 2 * (1 + beta) / ((1 - beta) ** 2 * curvature),
        "power/above": lambda curvature, beta: 2 * ((1 + beta) / (1 - beta)) ** 2 / curvature,
        "power/beta": lambda curvature, beta: 2 * (1 + beta**2) / ((1 - beta**2) * curvature),
        "power/roots": lambda curvature, beta: 2 * (1 + sqrt(beta)) / ((1 - sqrt(beta)) * curvature),
        "power/curvature": lambda curvature, beta: 2 * (1 + beta) / ((1 - beta) * curvature**2),
        "power/root_curvature": lambda curvature, beta: 2 * (1 + beta) / ((1 - beta) * sqrt(curvature)),
        "two_inside": lambda curvature, beta: (2 + beta) / ((1 - beta) * curvature),
        "two_inside/both": lambda curvature, beta: (2 + beta) / ((2 - beta) * curvature),
        "sign/limit": lambda curvature, beta: 2 * (1 + beta) / ((beta - 1) * curvature),
    },
    "2 * (1 + beta) / ((1 - beta) * curvature)",
    "2 * (1 + beta) / (curvature * (1 - beta))",
    "2 / curvature * (1 + beta) / (1 - beta)",
    "2 * (1 + beta) / (1 - beta) / curvature",
    "2 / curvature * ((1 + beta) / (1 - beta))",
    "2 / (curvature * (1 - beta)) * (1 + beta)",
    draw=limit_probes,
    prefix="your alpha_limit: ",
)
LARGEST = replace(LIMITS, name="largest_alpha", prefix="your largest_alpha: ", may_use=("momentum_step",))
CLOSE_ENOUGH = 0.01
"""How far a limit that was found by bisection may be off, relatively: runs near the limit decide slowly."""
COARSE = 0.3
BISECTIONS = ((5.0, 0.0), (3.0, 0.0), (2.7, 0.9), (0.2, 0.93))
"""The last one has the largest limit that the text asks for: an interval that is too short for it is told at every seed."""


def examine_largest_alpha(notebook, random) -> Verdict:
    """Look at `largest_alpha(curvature, beta)`, found by bisection."""
    student, found = LARGEST.function(notebook), []
    for args in BISECTIONS:
        outcome = student.attempt(*args)
        if outcome.problem:
            late = outcome.problem.cause == "endless"
            return wrong("endless/bisection", error=outcome.problem.sentence) if late else outcome.problem
        found.append(outcome.value)
    if any(len(flat(value) or ()) == 2 for value in found):
        return wrong("interval")
    for args, value in zip(BISECTIONS, found, strict=True):
        fields = {"name": LARGEST.name, "got": formatted(value)}
        if len(flat(value) or ()) != 1:
            return wrong("no_numbers", shown=f" {LARGEST.in_words(args)}", **fields)
        if not finite(value):
            return wrong("nan", shown=LARGEST.in_words(args), **fields)
    return _found(student, flat(found))


def _found(student, got: list[float]) -> Verdict:
    """Return the verdict on limits found by bisection."""
    due = [limit(*args) for args in BISECTIONS]
    off = [abs(a / b - 1) for a, b in zip(got, due, strict=True)]
    if max(off) <= CLOSE_ENOUGH:
        return right("largest_alpha", worst=f"{100 * max(off):.2g}")
    if max(got) - min(got) <= CLOSE_ENOUGH * abs(max(got)):
        return wrong("constant/largest_alpha", got=got[0])
    for one in LARGEST.mistakes:
        mistaken = zip(got, LARGEST.dues(BISECTIONS, one), strict=True)
        if all(b and near([a], b[0], close=CLOSE_ENOUGH) for a, b in mistaken):
            return named(LARGEST, (one,))
    if min(got) <= 0:
        return wrong("coarse/zero", got=min(got))
    missed = [place for place, far in enumerate(off) if far > CLOSE_ENOUGH]
    first, last = missed[0], missed[-1]
    if max(off) > 0.05 and all(got[place] < due[place] for place in missed):
        # A bowl with a limit that is far larger still: who returns the same there has met an end of the interval.
        curvature, beta = BISECTIONS[last]
        further = student.attempt(curvature, 1 - (1 - beta) / 4)
        if not further.problem and near(flat(further.value) or [], [got[last]], close=CLOSE_ENOUGH):
            return wrong("bracket/largest_alpha", got=got[last])
    fields = {"got": got[first], "shown": LARGEST.in_words(BISECTIONS[first])}
    if max(off) < COARSE:
        return wrong("coarse", **fields)
    side = "still converges" if got[first] < due[first] else "diverges"
    return wrong("other/largest_alpha", side=side, **fields)


EXERCISES = {
    "initialize_velocity": examine_initialize_velocity,
    "momentum_step": MOMENTUM.examine,
    "descend": examine_descend,
    "first_steps": examine_first_steps,
    "heavy_ball_step": HEAVY.examine,
    "heavy_ball_alpha": HEAVY_ALPHA.examine,
    "path_gap": examine_path_gap,
    "largest_alpha": examine_largest_alpha,
    "alpha_limit": LIMITS.examine,
}
