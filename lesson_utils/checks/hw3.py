"""Homework 3: α and β in a ravine of one's own, kinds of runs, and training on mini-batches down to a target loss."""

from __future__ import annotations

import csv
import random as _random
from collections.abc import Callable
from functools import cache, partial, wraps
from math import ceil, exp, floor, inf, isfinite, log, sqrt

import numpy as np

from lesson_utils.checks.engine import Probe, Task, distinct, examine, forgotten_brackets, separated
from lesson_utils.checks.numbers import flat, formatted, near, plain
from lesson_utils.checks.rule import COUNTS, OF_A_WALK, Descent, walk
from lesson_utils.checks.student import Function, Notebook, Outcome
from lesson_utils.checks.verdict import OPEN, Answered, Verdict, mistake, not_done, right, wrong
from lesson_utils.personal import LETTERS, Ravine, is_given, key, own_ravine, runs_and_kinds, settles
from lesson_utils.temperatures import SEATTLE
from lesson_utils.theory import best_settings

BORDER = 1e-12
"""As in `theory`: so near a border counts as on it."""


def _me(notebook: Notebook):
    """Return the name or number that the student typed, or end the check."""
    me = notebook.names.get("me", ...)
    if not is_given(me):
        raise Answered(not_done("not_done/me"))
    try:
        key(me)
    except (TypeError, ValueError) as error:
        raise Answered(wrong("me", said=error)) from None
    return me


def limit(beta: float) -> float:
    """Return the limit of αλ in the lecture's form."""
    return 2 * (1 + beta) / (1 - beta)


def geometric(low: float, high: float, count: int) -> list[float]:
    """Return numbers from low to high, each the same number of times as large as the one before."""
    return [low * exp(log(high / low) * i / (count - 1)) for i in range(count)]


def creeps(curvature: float, alpha: float, beta: float) -> bool:
    """Return whether a direction of this curvature is too slow for waves: both roots are real and above 0."""
    return alpha * (1 - beta) * curvature <= (1 - sqrt(beta)) ** 2


def _beta_outside(beta: float, name: str) -> Verdict | None:
    """Return the verdict on a β that is none."""
    if 0 <= beta < 1:
        return None
    return wrong("beta_range" if beta >= 1 else "beta_range/below", name=name, beta=beta)


def _not_positive(alpha: float, name: str) -> Verdict | None:
    """Return the verdict on an α with which no step goes downhill."""
    if alpha > 0:
        return None
    return wrong("not_positive/zero" if alpha == 0 else "not_positive", name=name, alpha=alpha)


def _in_this_ravine(examined):
    """Let a check that is not passed say first that the notebook's `ravine` was drawn from another name."""

    @wraps(examined)
    def looked(notebook: Notebook, random) -> Verdict:
        verdict = examined(notebook, random)
        found = notebook.names.get("ravine")
        if (
            verdict.passed
            or type(found) is not Ravine
            or found.curvatures == own_ravine(_me(notebook)).curvatures
        ):
            return verdict
        return wrong("another_ravine")

    return looked


# --- plain descent in the student's own ravine ---------------------------------------------------------------

LESSONS = (0.01, 1.0)
"""The curvatures of the lessons' ravine."""


@_in_this_ravine
def examine_plain_alpha(notebook: Notebook, random) -> Verdict:
    """Look at `plain_alpha`: does plain descent settle in time?"""
    ravine = own_ravine(_me(notebook))
    (alpha,) = notebook.numbers("plain_alpha")
    if verdict := _not_positive(alpha, "plain_alpha"):
        return verdict
    along, across = ravine.curvatures
    steps = settles(ravine.curvatures, alpha)
    if steps is not None and steps <= ravine.plain_steps:
        return right("plain_alpha", steps=steps, asked=ravine.plain_steps)
    diverges = alpha * across >= 2 * (1 - BORDER)
    fields = {
        "alpha": alpha,
        "along": along,
        "across": across,
        "steep": alpha * across,
        "asked": ravine.plain_steps,
    }
    fields["came"] = (
        "it has not settled after 2000 steps" if steps is None else f"it settles after {steps} steps only"
    )
    elsewhere = "other_ravine/diverges" if diverges else "other_ravine/creeps"
    if abs(alpha / (2 / sum(LESSONS)) - 1) < 0.005:
        return wrong(elsewhere, **fields)
    best_pair = best_settings(ravine.curvatures, convention="heavy_ball")[0]
    if diverges and 0.4 <= alpha * along <= 2.05:
        return wrong("other_direction", **fields)
    if diverges and abs(alpha / best_pair - 1) < 0.01:
        return wrong("momentum_formula", **fields)
    if diverges and 1.7 <= alpha < 2:
        return wrong(elsewhere, **fields)
    if diverges:
        return wrong("diverges" if alpha * along < 2 else "diverges/far", **fields)
    if alpha * across > 2 / (1 + along / across):
        return wrong("near_limit", **fields)
    if abs(alpha * across - 1) < 0.03:
        return wrong("one_over", **fields)
    if 1.7 <= alpha < 2:
        return wrong(elsewhere, **fields)
    return wrong("creeps/plain", **fields)


# --- momentum in the student's own ravine ----------------------------------------------------------------------


@_in_this_ravine
def examine_momentum_settings(notebook: Notebook, random) -> Verdict:
    """Look at `momentum_alpha` and `momentum_beta`: does momentum settle in time?"""
    ravine = own_ravine(_me(notebook))
    alpha, beta = notebook.numbers("momentum_alpha", "momentum_beta")
    fits = partial(_fits, ravine)
    if fits(alpha, beta):
        steps = settles(ravine.curvatures, alpha, beta)
        return right("momentum_settings", steps=steps, asked=ravine.momentum_steps, plain=ravine.plain_steps)
    across = ravine.curvatures[1]
    diverges = beta >= 1 or alpha * across >= limit(beta) * (1 - BORDER)
    if diverges and fits(beta, alpha):
        return wrong("swapped/settings")
    if verdict := _beta_outside(beta, "momentum_beta") or _not_positive(alpha, "momentum_alpha"):
        return verdict
    symptom = _symptom(ravine, alpha, beta)
    fields = {
        "alpha": alpha,
        "beta": beta,
        "across": across,
        "along": ravine.curvatures[0],
        "symptom": symptom,
    }
    fields |= {"asked": ravine.momentum_steps, "capital": symptom[0].upper() + symptom[1:]}
    if _near_pair((alpha, beta), best_settings(LESSONS)):
        return wrong("other_ravine", **fields)
    if diverges:
        return wrong(_why_it_diverges(ravine, alpha, beta), **fields)
    if beta == 0:
        fewest = settles(ravine.curvatures, 2 / sum(ravine.curvatures))
        return wrong("plain_settings/zero", fewest=fewest, **fields)
    if abs(alpha * sum(ravine.curvatures) / 2 - 1) < 0.02:
        return wrong("plain_settings", **fields)
    if fits(alpha / (1 - beta), beta):
        return wrong("heavy_ball/settings", **fields)
    if fits(alpha / across, beta):
        return wrong("other_ravine", **fields)
    return _slow(ravine, alpha, beta, fields)


def _fits(ravine: Ravine, alpha: float, beta: float) -> bool:
    return (
        0 < alpha < inf
        and 0 <= beta < 1
        and settles(ravine.curvatures, alpha, beta, ravine.momentum_steps) is not None
    )


def _near_pair(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] / other[0] - 1) < 0.03 and abs(one[1] - other[1]) < 0.01


def _symptom(ravine: Ravine, alpha: float, beta: float) -> str:
    steep = alpha * ravine.curvatures[1]
    if steep >= limit(beta) * (1 - BORDER):
        return (
            f"across the valley αλ₂ is {formatted(steep, 3)}, the limit for this β is {formatted(limit(beta), 3)}, and it "
            "diverges"
        )
    steps = settles(ravine.curvatures, alpha, beta)
    came = (
        "the run has not settled after 2000 steps"
        if steps is None
        else f"the run settles after {steps} steps"
    )
    return f"{came}, and {ravine.momentum_steps} are asked"


def _why_it_diverges(ravine: Ravine, alpha: float, beta: float) -> str:
    """Return the name of what made α so large."""
    along, across = ravine.curvatures
    best, best_beta = best_settings(ravine.curvatures)
    if abs(beta - best_beta) < 0.02 and abs(alpha * (1 - beta) / best - 1) < 0.1:
        return "divided_twice"
    if alpha * along >= 0.9:
        return "other_direction/settings"
    return "other_ravine" if _fits(ravine, alpha / across, beta) else "diverges/settings"


def _slow(ravine: Ravine, alpha: float, beta: float, fields: dict) -> Verdict:
    """Return the verdict on a pair that converges, but too slowly."""
    along, across = ravine.curvatures
    best_alpha, fewest = _best_for(ravine, beta)
    fields |= {"fewest": fewest, "limit": limit(beta), "root": sqrt(beta), "steep": alpha * across}
    if alpha < best_alpha / 2 and creeps(along, alpha, beta):
        return wrong("creeps/settings", **fields)
    if fewest > ravine.momentum_steps:
        narrow = sqrt(along / across)
        high = beta * (1 + narrow) ** 2 > (1 - narrow) ** 2
        return wrong("beta_high" if high else "beta_low", **fields)
    return wrong("creeps/behind" if alpha < best_alpha else "near_limit/settings", **fields)


def _best_for(ravine: Ravine, beta: float) -> tuple[float, int]:
    """Return the α that settles soonest with this β, of rows of them that become finer, and its steps."""
    low, high = (limit(beta) / ravine.curvatures[1] * part for part in (1 / 60, 0.999))
    steps, alpha = 4000, low
    for count in (40, 12, 12):
        row = geometric(low, high, count)
        counts = [(settles(ravine.curvatures, one, beta, most=steps) or 4000, one) for one in row]
        steps, alpha = min(min(counts), (steps, alpha))
        step = (high / low) ** (1 / (count - 1))
        low, high = alpha / step, alpha * step
    return alpha, steps


# --- from which κ on ---------------------------------------------------------------------------------------------


def kappa_from(beta: float, value: Callable = lambda beta: (1 + sqrt(beta)) / (1 - sqrt(beta))) -> float:
    """Return the κ at which plain descent at its best, (κ−1)/(κ+1) a step, is as slow as √β."""
    return value(beta)


KAPPA_MISTAKES = distinct(
    [
        *(
            mistake(name, value=value)
            for name, value in (
                ("memory", lambda beta: 1 / (1 - beta)),
                ("root_forgotten", lambda beta: (1 + beta) / (1 - beta)),
                ("not_best_alpha", lambda beta: 1 / (1 - sqrt(beta))),
                ("best_pair", lambda beta: kappa_from(beta) ** 2),
                ("limit", lambda beta: 2 * (1 + beta) / (1 - beta)),
                ("upside_down/kappa", lambda beta: 1 / kappa_from(beta)),
                ("twice_root", lambda beta: (1 + 2 * sqrt(beta)) / (1 - 2 * sqrt(beta))),
                ("root_of_kappa", lambda beta: sqrt(kappa_from(beta))),
                ("sign/kappa", lambda beta: (1 + sqrt(beta)) / (sqrt(beta) - 1)),
                ("not_doubled", lambda beta: sqrt(beta) / (1 - sqrt(beta))),
                ("rate", sqrt),
                ("one_minus_rate", lambda beta: 1 - sqrt(beta)),
                ("twice_kappa", lambda beta: 2 * kappa_from(beta)),
                ("only_above", lambda beta: 1 + sqrt(beta)),
            )
        ),
        *forgotten_brackets("beta", "(1 + sqrt(beta)) / (1 - sqrt(beta))"),
    ],
    kappa_from,
    (0.9,),
    (0.5,),
    (0.1,),
)
KAPPA = Task("kappa_from", ("beta",), kappa_from, KAPPA_MISTAKES, shown=lambda beta: f"for beta = {beta:g}")
CONSTANTS = {
    1: "always",
    10: "memory/constant",
    20: "twenty",
    1442: "best_pair/constant",
    100: "lesson_ravine",
}


def kappa_probes(random) -> list[Probe]:
    """Return several β, the text's first.

    At 0.096 and 0.237, rounding up tells κ from the limit of αλ, which is κ + 1/κ. At 0.7 and 0.4, rounding to the
    nearest whole number goes down.
    """
    betas = [0.25, 0.9, 0.5, round(random.uniform(0.3, 0.8), 3), 0.096, 0.237, 0.7, 0.4, 0.98, 0.02]
    return [Probe((beta,), hand=not place) for place, beta in enumerate(betas)]


def examine_kappa_from(notebook: Notebook, random) -> Verdict:
    """Look at `kappa_from(beta)`; a κ that is rounded up to a whole number is right, too."""
    student = notebook.function("kappa_from", ("beta",), by_hand=False)
    probes = separated(lambda: kappa_probes(random), KAPPA)
    values = [flat(student.attempt(*probe.args).value) or () for probe in probes]
    found = [value[0] for value in values if len(value) == 1]
    if len(found) == len(probes) and all(map(isfinite, found)):
        betas = [probe.args[0] for probe in probes]
        if all(_from_there(value, kappa_from(beta)) for value, beta in zip(found, betas, strict=True)):
            return right("kappa_from", kappa=f"{kappa_from(0.9):.0f}")
        if verdict := _whole_or_same(betas, found):
            return verdict
    verdict = examine(student, probes, KAPPA)
    return examine(_RoundedUp(student), probes, KAPPA) if verdict.cause == "other" else verdict


class _RoundedUp:
    """A student's function, whose numbers are those before they were rounded up where that is allowed."""

    def __init__(self, student: Function) -> None:
        self.student = student

    def attempt(self, beta: float) -> Outcome:
        """Return the outcome of one call."""
        outcome = self.student.attempt(beta)
        found = flat(outcome.value) or []
        due = kappa_from(beta)
        rounded = len(found) == 1 and isfinite(found[0]) and _from_there(found[0], due)
        return Outcome(due) if rounded else outcome


def _whole_or_same(betas: list, found: list) -> Verdict | None:
    """Return the verdict on one number for all β, on rounding down, and on a mistake that was rounded."""
    if max(found) - min(found) <= 1e-6 * abs(found[0]):
        name = next(
            (name for number, name in CONSTANTS.items() if abs(found[0] - number) < 0.5), "beta_ignored/kappa"
        )
        return wrong(name, got=found[0])
    for rounded, how in ((floor, "down"), (round, "to the nearest whole number")):
        # Five of them will do: where κ is just below a whole number, the computer may round another way.
        places = [place for place, beta in enumerate(betas) if beta in (0.9, 0.5, 0.7, 0.4, 0.25)]
        if [found[place] for place in places] == [rounded(kappa_from(betas[place])) for place in places]:
            return wrong("rounded_down", how=how)
    for one in KAPPA_MISTAKES:
        dues = [KAPPA.due((beta,), one.parts) for beta in betas]
        for whole in (floor, ceil, round):
            if (
                all(due and value == whole(due[0][0]) for value, due in zip(found, dues, strict=True))
                and len(set(found)) > 3
            ):
                return wrong(one.words)
    return None


def _from_there(value: float, due: float) -> bool:
    """Return whether it is that number as it comes out, or rounded up."""
    rounded_up = value == int(value) and due <= value < due + 1 - 1e-6
    return abs(value - due) <= 0.005 * due or rounded_up


# --- what kind of run is it? ---------------------------------------------------------------------------------------

WORDS = {"monoton": "monotone", "creep": "monotone", "rippl": "ripples", "wav": "ripples", "oscill": "oscillates",
         "zig": "oscillates", "diverg": "diverges"}  # fmt: skip
KINDS = ("monotone", "ripples", "oscillates", "diverges")
SEEN = (
    # (what it is, what was answered, what is shown, the name of the mistake); the first that occurs is told
    ("oscillates", "diverges", None, "overshoot"),
    ("ripples", "diverges", "loss", "rise"),
    ("ripples", "diverges", "w₂", "swing"),
    ("monotone", "diverges", None, "slow"),
    ("diverges", None, None, "growth_missed"),
    ("ripples", "oscillates", None, "mixed"),
    ("oscillates", "ripples", None, "mixed/ripples"),
    ("monotone", None, None, "creeping"),
    (None, "monotone", None, "crossing"),
)


def examine_kinds(notebook: Notebook, random) -> Verdict:
    """Look at `kinds`, the dictionary of letters and words."""
    me, answers = _me(notebook), notebook.value("kinds")
    if not isinstance(answers, dict):
        return wrong("no_dictionary")
    given = {str(letter).strip().upper(): word for letter, word in answers.items()}
    missing = [letter for letter in LETTERS if given.get(letter, ...) in (..., None, "", "…", "...")]
    if len(missing) == len(LETTERS):
        return not_done("not_done/kinds")
    if missing:
        return wrong("missing/kinds", missing=", ".join(missing))
    answered = {letter: _word(given[letter]) for letter in LETTERS}
    for letter, word in answered.items():
        if word is None:
            return wrong("word", got=f"{given[letter]!r:.40}", kinds=", ".join(KINDS))
    mistaken = [
        (kind, answered[run.letter], run.shows)
        for run, kind in runs_and_kinds(me)
        if answered[run.letter] != kind
    ]
    for kind, word, shows, name in SEEN:
        for was, said, of in mistaken:
            if kind in (None, was) and word in (None, said) and shows in (None, of):
                return wrong(name)
    return right("kinds")


def _word(answer) -> str | None:
    text = answer.strip().lower() if isinstance(answer, str) else ""
    return next((word for start, word in WORDS.items() if text.startswith(start)), None)


# --- a line trained on mini-batches ------------------------------------------------------------------------------

TRAIN_ARGUMENTS = ("x", "y", "batches", "alpha", "beta")


class _Data:
    """Examples in batches. slope(w, b, t): the gradient of batch t, as Descent asks for it."""

    def __init__(self, x: list, y: list, batches: list, alpha: float, beta: float) -> None:
        self.x, self.y, self.batches, self.alpha, self.beta = x, y, batches, alpha, beta

    def descent(self) -> Descent:
        """Return the descent that trains on them."""
        task = Descent([0.0], 0.0, self.alpha, self.beta, len(self.batches), self.slope)
        task.data = self
        return task

    def slope(self, w: list, b: float, t: int, places=None, count: int | None = None) -> tuple[list, float]:
        """Return (dw, db) of batch t; places, count: other examples, or another number to divide by."""
        places = self.batches[t - 1] if places is None else places
        errors = [w[0] * self.x[i] + b - self.y[i] for i in places]
        count = count or len(places)
        return [sum(e * self.x[i] for e, i in zip(errors, places, strict=True)) / count], sum(errors) / count


def train(x: list, y: list, batches: list, alpha: float, beta: float, **parts) -> tuple:
    """Return ([w], [b]) after a step of momentum for each batch."""
    return walk(_Data(x, y, batches, alpha, beta).descent(), **parts)


def _otherwise(change: Callable) -> Callable:
    """Return the slope with dw and db changed."""

    def slope(task, state, t):
        (dw,), db = task.slope(state[0], state[1], t)
        dw, db = change(dw, db)
        return [dw], db

    return slope


def _divided(count: Callable, places: Callable = lambda data: None) -> Callable:
    """Return the slope that is divided by another count, or taken from other examples."""

    def slope(task, state, t):
        data = task.data
        return data.slope(state[0], state[1], t, places(data), count(data))

    return slope


TRAIN = Task(
    "train",
    TRAIN_ARGUMENTS,
    train,
    (
        mistake("whole_set", slope=_divided(lambda data: None, lambda data: range(len(data.x)))),
        mistake("not_averaged", slope=_divided(lambda data: 1)),
        mistake("fixed_size", slope=_divided(lambda data: len(data.batches[0]))),
        mistake("divided_by_all", slope=_divided(lambda data: len(data.x))),
        mistake("doubled", slope=_otherwise(lambda dw, db: (2 * dw, 2 * db))),
        mistake("halved", slope=_otherwise(lambda dw, db: (dw / 2, db / 2))),
        mistake("x_forgotten", slope=_otherwise(lambda dw, db: (db, db))),
        mistake("integers/change", slope=_otherwise(lambda dw, db: (dw // 1, db // 1))),
        *(
            one
            for one in OF_A_WALK
            if one not in COUNTS and one.cause not in ("not_updated", "w_uses_db", "w_for_dw")
        ),
        *(one for one in COUNTS if one.cause in ("one_step", "too_few")),
    ),
    shown=lambda x, y, batches, alpha, beta: (
        f"for {len(x)} examples in {len(batches)} batch{'es' * (len(batches) > 1)}, alpha = {alpha:g} and beta = {beta:g}"
    ),
    names=("w", "b"),
    most=2,
    variant="train",
    fields={"x": "the gradient", "old": "the old v"},
    loose=True,
)


def train_probes(random) -> list[Probe]:
    """Return small data sets in batches of 4, 4 and 3; the text's example first."""
    calls = [([1.0, 2.0], [2.0, 3.0], [[0, 1]], 0.1, 0.9)]
    four = [0.0, 1.0, 2.0, 4.0], [1.0, 3.0, 2.0, 5.0], [[0, 1], [2, 3]], 0.2, 0.5
    calls.append(four)
    for beta in (0.95, 0.6, 0.8):
        x = [random.uniform(-1, 3) for _ in range(11)]
        y = [1.5 * xi - 2 + random.uniform(-2, 2) for xi in x]
        orders = [random.sample(range(11), 11) for _ in range(3)]
        batches = [order[first : first + 4] for order in orders for first in (0, 4, 8)]
        batches += [batches[0], batches[2]]  # a batch may come twice
        calls.append((x, y, batches, round(random.uniform(0.15, 0.35), 3), beta))
    return [Probe(args, "array", _given_data, hand=not place) for place, args in enumerate(calls)]


def _given_data(x, y, batches, alpha, beta):
    return np.array(x), np.array(y), [np.array(batch) for batch in batches], alpha, beta


def examine_train(notebook: Notebook, random) -> Verdict:
    """Look at `train(x, y, batches, alpha, beta)`."""
    student = notebook.function("train", TRAIN_ARGUMENTS, may_use=("LeastSquares",))
    return examine(student, separated(lambda: train_probes(random), TRAIN), TRAIN) or right("train")


# --- down to a target loss ---------------------------------------------------------------------------------------------

TARGET = 1.81
SIZE, EPOCHS = 365, 60
RUNS = 24
"""Shuffles of which the mean loss is taken: the end of a single run is a matter of luck."""
OWN_RUNS = 2
"""Of these, how many the student's own function goes through."""
STEEP = 189.08867
"""The larger curvature of the loss over all days (lesson 8)."""
LOWEST = 1.797563
"""The lowest loss that a line can reach."""


@cache
def _weather() -> tuple[np.ndarray, np.ndarray]:
    """Return (today, tomorrow) of the shipped record."""
    with open(SEATTLE, encoding="utf-8", newline="") as file:
        days = [(float(row["temp_max"]) + float(row["temp_min"])) / 2 for row in csv.DictReader(file)]
    return np.array(days[:-1]), np.array(days[1:])


@cache
def _epochs() -> np.ndarray:
    """Return the places of each batch of each run, (runs, batches, size); they are the same in every check."""
    days = len(_weather()[0])
    drawn = _random.Random(365).randbytes(8 * days * EPOCHS * RUNS)
    return np.frombuffer(drawn, "<u8").reshape(-1, days).argsort(axis=1).reshape(RUNS, -1, SIZE)


@cache
def _moments() -> np.ndarray:
    """Return the means of x², x, xy and y over each batch of each run: all that it has to say to a straight line."""
    x, y = _weather()
    return np.stack([one[_epochs()].mean(axis=2) for one in (x * x, x, x * y, y)], axis=2)


def loss(w, b):
    """Return half the mean squared error over all days."""
    x, y = _weather()
    square, cross = w * w * (x * x).mean() + 2 * w * b * x.mean() + b * b, w * (x * y).mean() + b * y.mean()
    return (square - 2 * cross + (y * y).mean()) / 2


def _ends(alpha: float, beta: float) -> tuple[np.ndarray, np.ndarray]:
    """Return w and b at the end of each run, as a right `train` has them."""
    w = b = v_dw = v_db = np.zeros(RUNS)
    with np.errstate(all="ignore"):
        for xx, x, xy, y in _moments().transpose(1, 2, 0):
            v_dw = beta * v_dw + (1 - beta) * (xx * w + x * b - xy)
            v_db = beta * v_db + (1 - beta) * (x * w + b - y)
            w, b = w - alpha * v_dw, b - alpha * v_db
    return w, b


def _mean_loss(alpha: float, beta: float) -> float:
    """Return the loss at the ends of all runs, their mean."""
    with np.errstate(all="ignore"):
        return float(np.mean(loss(*_ends(alpha, beta))))


def examine_train_settings(notebook: Notebook, random) -> Verdict:
    """Look at `train_alpha` and `train_beta`: does the student's own `train` come down to the target?"""
    alpha, beta = notebook.numbers("train_alpha", "train_beta")
    try:
        student = notebook.function("train", TRAIN_ARGUMENTS, by_hand=False)
        trained = examine_train(notebook, random)
    except Answered as answered:
        if answered.verdict.status != OPEN:
            raise
        raise Answered(not_done("not_done/train")) from None
    if not trained.passed:
        return not_done("not_done/train") if trained.status == OPEN else wrong("train_first")
    if verdict := _beta_outside(beta, "train_beta") or _not_positive(alpha, "train_alpha"):
        return verdict
    fields = {"alpha": alpha, "beta": beta, "curvature": STEEP, "steep": alpha * STEEP, "limit": limit(beta)}
    if alpha * STEEP >= limit(beta):
        changed = alpha < 1 and beta * STEEP < limit(alpha) and _mean_loss(beta, alpha) <= TARGET
        return wrong("swapped/settings") if changed else wrong("diverges/train", **fields)
    ends = _ends(alpha, beta)
    for run, batches in enumerate(_epochs()[:OWN_RUNS]):
        end = flat(plain(student(*_weather(), list(batches), alpha, beta))) or []
        if not near(end, [float(part[run]) for part in ends], close=0.01):
            return wrong("train_first/large")
    mean = _mean_loss(alpha, beta)
    if mean <= TARGET:
        return right("train_settings", runs=RUNS, mean=f"{mean:.4f}", target=TARGET)
    came = f"The mean loss of {RUNS} shuffles is {mean:.4f}; {TARGET} is asked." if isfinite(mean) else ""
    return wrong(_above_target(alpha, beta), came=came, epochs=EPOCHS)


def _above_target(alpha: float, beta: float) -> str:
    """Return the name of what keeps the loss above the target."""
    top = limit(beta) / STEEP
    best, best_alpha = min((_mean_loss(a, beta), a) for a in geometric(top / 100, top * 0.9, 24))
    if beta > 0 and creeps(STEEP, alpha, beta):
        return "creeps/train"
    # In waves the loss shrinks by β a step, whatever α is.
    lasting = (loss(0, 0) - LOWEST) * beta ** (EPOCHS * len(_weather()[0]) // SIZE) > TARGET - LOWEST
    if lasting or best > TARGET:
        if beta == 0:
            return "plain_settings/train"
        return "beta_high/train" if beta > 0.9 else "beta_low/train"
    if alpha >= best_alpha:
        return "noisy"
    return "heavy_ball/train" if _mean_loss(alpha / (1 - beta), beta) <= TARGET else "creeps/train"


EXERCISES = {
    "plain_alpha": examine_plain_alpha,
    "momentum_settings": examine_momentum_settings,
    "kappa_from": examine_kappa_from,
    "kinds": examine_kinds,
    "train": examine_train,
    "train_settings": examine_train_settings,
}
