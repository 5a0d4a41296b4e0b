"""Homework 3: α and β in a ravine of one's own, kinds of runs, and training on mini-batches down to a target loss."""

from __future__ import annotations

import random as _random
from dataclasses import replace
from functools import cache, partial
from math import ceil, floor, inf, isfinite, sqrt

import numpy as np

from lesson_utils.checks.engine import Probe, Task, examine, formula_task
from lesson_utils.checks.numbers import flat, formatted, near, plain
from lesson_utils.checks.rule import COUNTS, OF_A_WALK, OF_GRADIENTS, Descent, changed, limit, walk
from lesson_utils.checks.verdict import OPEN, Answered, Verdict, mistake, not_done, right, wrong
from lesson_utils.losses import LeastSquares
from lesson_utils.personal import LETTERS, Ravine, is_given, key, own_ravine, runs_and_kinds, settles
from lesson_utils.temperatures import load_temperatures
from lesson_utils.theory import BORDER, best_settings, regime
from lesson_utils.training import batch_moments


def _me(notebook):
    """Return the name or number that the student typed, or end the check."""
    me = notebook.names.get("me", ...)
    if not is_given(me):
        raise Answered(not_done("not_done/me"))
    try:
        key(me)
    except (TypeError, ValueError) as error:
        raise Answered(wrong("me", error=error)) from None
    return me


def _out_of_range(exercise: str, alpha: float, beta: float = 0.0) -> Verdict | None:
    """Return the verdict on a β that is none, or an α with which no step goes downhill."""
    if not 0 <= beta < 1:
        return wrong("beta_range" if beta >= 1 else "beta_range/below", name=f"{exercise}_beta", beta=beta)
    if alpha <= 0:
        return wrong(
            "not_positive/zero" if alpha == 0 else "not_positive", name=f"{exercise}_alpha", alpha=alpha
        )
    return None


def _in_this_ravine(examined):
    """Let a check that is not passed say first that the notebook's `ravine` was drawn from another name."""

    def looked(notebook, random) -> Verdict:
        verdict = examined(notebook, random)
        found = notebook.names.get("ravine")
        other = type(found) is Ravine and found.curvatures != own_ravine(_me(notebook)).curvatures
        return wrong("another_ravine") if other and not verdict.passed else verdict

    return looked


# --- plain descent in the student's own ravine ---------------------------------------------------------------

LESSONS = (0.01, 1.0)
"""The curvatures of the lessons' ravine."""


@_in_this_ravine
def examine_plain_alpha(notebook, random) -> Verdict:
    """Look at `plain_alpha`: does plain descent settle in time?"""
    ravine = own_ravine(_me(notebook))
    (alpha,) = notebook.numbers("plain_alpha")
    if verdict := _out_of_range("plain", alpha):
        return verdict
    steps = settles(ravine.curvatures, alpha)
    if steps is not None and steps <= ravine.plain_steps:
        return right("plain_alpha", steps=steps, asked=ravine.plain_steps)
    along, across = ravine.curvatures
    diverges = alpha * across >= 2 * (1 - BORDER)
    elsewhere = "other_ravine/diverges" if diverges else "other_ravine/creeps"
    best_pair = best_settings(ravine.curvatures, convention="heavy_ball")[0]
    found = (
        (abs(alpha / (2 / sum(LESSONS)) - 1) < 0.005, elsewhere),
        (diverges and 0.4 <= alpha * along <= 2.05, "other_direction"),
        (diverges and abs(alpha / best_pair - 1) < 0.01, "momentum_formula"),
        (diverges and 1.7 <= alpha < 2, elsewhere),
        (diverges, "diverges" if alpha * along < 2 else "diverges/far"),
        (alpha * across > 2 / (1 + along / across), "near_limit"),
        (abs(alpha * across - 1) < 0.03, "one_over"),
        (1.7 <= alpha < 2, elsewhere),
        (True, "creeps/plain"),
    )
    came = f"{_came('it', steps)} only" if steps else _came("it", steps)
    name = next(name for holds, name in found if holds)
    return wrong(name, **_fields_of(ravine, alpha), asked=ravine.plain_steps, came=came)


def _fields_of(ravine: Ravine, alpha: float) -> dict:
    """Return what the sentences tell of an α in this ravine."""
    along, across = ravine.curvatures
    return {"alpha": alpha, "along": along, "across": across, "steep": alpha * across}


def _came(what: str, steps: int | None) -> str:
    return f"{what} settles after {steps} steps" if steps else f"{what} has not settled after 2000 steps"


# --- momentum in the student's own ravine ----------------------------------------------------------------------


@_in_this_ravine
def examine_momentum_settings(notebook, random) -> Verdict:
    """Look at `momentum_alpha` and `momentum_beta`: does momentum settle in time?"""
    ravine = own_ravine(_me(notebook))
    alpha, beta = notebook.numbers("momentum_alpha", "momentum_beta")
    fits = partial(_fits, ravine)
    if fits(alpha, beta):
        steps = settles(ravine.curvatures, alpha, beta)
        return right("momentum_settings", steps=steps, asked=ravine.momentum_steps, plain=ravine.plain_steps)
    across = ravine.curvatures[1]
    diverges = beta >= 1 or alpha * across >= limit(1, beta) * (1 - BORDER)
    if diverges and fits(beta, alpha):
        return wrong("swapped/settings")
    if verdict := _out_of_range("momentum", alpha, beta):
        return verdict
    symptom = _symptom(ravine, alpha, beta)
    fields = {
        **_fields_of(ravine, alpha),
        "beta": beta,
        "asked": ravine.momentum_steps,
        "limit": limit(1, beta),
    }
    fields |= {"symptom": symptom, "capital": symptom[0].upper() + symptom[1:]}
    lessons_alpha, lessons_beta = best_settings(LESSONS)
    if abs(alpha / lessons_alpha - 1) < 0.03 and abs(beta - lessons_beta) < 0.01:
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
    possible = 0 < alpha < inf and 0 <= beta < 1
    return possible and settles(ravine.curvatures, alpha, beta, ravine.momentum_steps) is not None


def _symptom(ravine: Ravine, alpha: float, beta: float) -> str:
    steep, most = alpha * ravine.curvatures[1], limit(1, beta)
    if steep >= most * (1 - BORDER):
        where = (
            f"across the valley αλ₂ is {formatted(steep, 3)}, the limit for this β is {formatted(most, 3)}"
        )
        return f"{where}, and it diverges"
    came = _came("the run", settles(ravine.curvatures, alpha, beta))
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
    fields |= {"fewest": fewest, "root": sqrt(beta)}
    if alpha < best_alpha / 2 and regime(along, alpha, beta) == "monotone":
        return wrong("creeps/settings", **fields)
    if fewest > ravine.momentum_steps:
        narrow = sqrt(along / across)
        high = beta * (1 + narrow) ** 2 > (1 - narrow) ** 2
        return wrong("beta_high" if high else "beta_low", **fields)
    return wrong("creeps/behind" if alpha < best_alpha else "near_limit/settings", **fields)


def _best_for(ravine: Ravine, beta: float) -> tuple[float, int]:
    """Return the α that settles soonest with this β, of rows of them that become finer, and its steps."""
    low, high = (limit(ravine.curvatures[1], beta) * part for part in (1 / 60, 0.999))
    steps, alpha = 4000, low
    for count in (40, 12, 12):
        row = np.geomspace(low, high, count).tolist()
        counts = [(settles(ravine.curvatures, one, beta, most=steps) or 4000, one) for one in row]
        steps, alpha = min(min(counts), (steps, alpha))
        step = (high / low) ** (1 / (count - 1))
        low, high = alpha / step, alpha * step
    return alpha, steps


# --- from which κ on ---------------------------------------------------------------------------------------------


def kappa_from(beta: float) -> float:
    """Return the κ at which plain descent at its best, (κ−1)/(κ+1) a step, is as slow as √β."""
    return (1 + sqrt(beta)) / (1 - sqrt(beta))


def kappa_probes(random) -> list[Probe]:
    """Return several β, the text's first.

    At 0.096 and 0.237, rounding up tells κ from the limit of αλ, which is κ + 1/κ. At 0.7 and 0.4, rounding to the
    nearest whole number goes down.
    """
    betas = [0.25, 0.9, 0.5, round(random.uniform(0.3, 0.8), 3), 0.096, 0.237, 0.7, 0.4, 0.98, 0.02]
    return [Probe((beta,)) for beta in betas]


KAPPA = formula_task(
    "kappa_from",
    ("beta",),
    kappa_from,
    {
        "memory": lambda beta: 1 / (1 - beta),
        "root_forgotten": lambda beta: (1 + beta) / (1 - beta),
        "not_best_alpha": lambda beta: 1 / (1 - sqrt(beta)),
        "best_pair": lambda beta: kappa_from(beta) ** 2,
        "limit": lambda beta: 2 * (1 + beta) / (1 - beta),
        "upside_down/kappa": lambda beta: 1 / kappa_from(beta),
        "twice_root": lambda beta: (1 + 2 * sqrt(beta)) / (1 - 2 * sqrt(beta)),
        "root_of_kappa": lambda beta: sqrt(kappa_from(beta)),
        "sign/kappa": lambda beta: (1 + sqrt(beta)) / (sqrt(beta) - 1),
        "not_doubled": lambda beta: sqrt(beta) / (1 - sqrt(beta)),
        "rate": sqrt,
        "one_minus_rate": lambda beta: 1 - sqrt(beta),
        "twice_kappa": lambda beta: 2 * kappa_from(beta),
        "only_above": lambda beta: 1 + sqrt(beta),
    },
    "(1 + sqrt(beta)) / (1 - sqrt(beta))",
    draw=kappa_probes,
    by_hand=False,
)
CONSTANTS = {
    1: "always",
    10: "memory/constant",
    20: "twenty",
    1442: "best_pair/constant",
    100: "lesson_ravine",
}


def examine_kappa_from(notebook, random) -> Verdict:
    """Look at `kappa_from(beta)`; a κ that is rounded up to a whole number is right, too."""
    student, probes = KAPPA.function(notebook), KAPPA.probes(random)
    rounded_up = examine(_RoundedUp(student), probes, KAPPA)
    if rounded_up is None:
        return right("kappa_from", kappa=f"{kappa_from(0.9):.0f}")
    values = [flat(student.attempt(*probe.args).value) or () for probe in probes]
    if all(len(value) == 1 and isfinite(*value) for value in values):
        verdict = _whole_or_same([probe.args[0] for probe in probes], [value for (value,) in values])
        if verdict:
            return verdict
    verdict = examine(student, probes, KAPPA)
    return rounded_up if verdict.cause == "other" else verdict


class _RoundedUp:
    """A student's function, whose numbers are those before they were rounded up where that is allowed."""

    def __init__(self, student) -> None:
        self.student = student

    def attempt(self, beta: float):
        """Return the outcome of one call."""
        outcome = self.student.attempt(beta)
        found = flat(outcome.value) or []
        due = kappa_from(beta)
        rounded = len(found) == 1 and isfinite(found[0]) and _from_there(found[0], due)
        return replace(outcome, value=due) if rounded else outcome


def _whole_or_same(betas: list, found: list) -> Verdict | None:
    """Return the verdict on one number for all β, on rounding down, and on a mistake that was rounded."""
    if max(found) - min(found) <= 1e-6 * abs(found[0]):
        constants = (name for number, name in CONSTANTS.items() if abs(found[0] - number) < 0.5)
        return wrong(next(constants, "beta_ignored/kappa"), got=found[0])
    # Five of them will do: where κ is just below a whole number, the computer may round another way.
    five = [place for place, beta in enumerate(betas) if beta in (0.9, 0.5, 0.7, 0.4, 0.25)]
    for whole, how in ((floor, "down"), (round, "to the nearest whole number")):
        if all(found[place] == whole(kappa_from(betas[place])) for place in five):
            return wrong("rounded_down", how=how)
    for one in KAPPA.mistakes if len(set(found)) > 3 else ():
        dues = KAPPA.dues([(beta,) for beta in betas], one)
        for whole in (floor, ceil, round):
            if all(due and value == whole(due[0][0]) for value, due in zip(found, dues, strict=True)):
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


def examine_kinds(notebook, random) -> Verdict:
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
        for was, called, of in mistaken:
            if kind in (None, was) and word in (None, called) and shows in (None, of):
                return wrong(name)
    return right("kinds")


def _word(answer) -> str | None:
    text = answer.strip().lower() if isinstance(answer, str) else ""
    return next((word for start, word in WORDS.items() if text.startswith(start)), None)


# --- a line trained on mini-batches ------------------------------------------------------------------------------


class _Data(Descent):
    """Training on examples in batches, from w = b = 0."""

    def __init__(self, x: list, y: list, batches: list, alpha: float, beta: float) -> None:
        super().__init__([0.0, 0.0], alpha, beta, len(batches))
        self.x, self.y, self.batches = x, y, batches

    def slope(self, x: list, t: int, places=None, count: int | None = None) -> list:
        """Return [dw, db] of batch t; places, count: other examples, or another number to divide by."""
        places = self.batches[t - 1] if places is None else places
        errors = [x[0] * self.x[i] + x[1] - self.y[i] for i in places]
        sums = sum(e * self.x[i] for e, i in zip(errors, places, strict=True)), sum(errors)
        return [one / (count or len(places)) for one in sums]


def train(x: list, y: list, batches: list, alpha: float, beta: float, **parts) -> tuple:
    """Return ([w], [b]) after a step of momentum for each batch."""
    return walk(_Data(x, y, batches, alpha, beta), **parts)


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
    return [Probe(args, "array", _given_data) for args in calls]


def _given_data(x, y, batches, alpha, beta):
    return np.array(x), np.array(y), [np.array(batch) for batch in batches], alpha, beta


TRAIN = Task(
    "train",
    ("x", "y", "batches", "alpha", "beta"),
    train,
    (
        mistake("whole_set", slope=lambda data, x, t: data.slope(x, t, range(len(data.x)))),
        mistake("not_averaged", slope=lambda data, x, t: data.slope(x, t, count=1)),
        mistake("fixed_size", slope=lambda data, x, t: data.slope(x, t, count=len(data.batches[0]))),
        mistake("divided_by_all", slope=lambda data, x, t: data.slope(x, t, count=len(data.x))),
        mistake("doubled", slope=changed(lambda dw, db: (2 * dw, 2 * db))),
        mistake("halved", slope=changed(lambda dw, db: (dw / 2, db / 2))),
        mistake("x_forgotten", slope=changed(lambda dw, db: (db, db))),
        mistake("integers/change", slope=changed(lambda dw, db: (dw // 1, db // 1))),
        *(
            one
            for one in OF_A_WALK
            if one not in COUNTS and one.cause not in ("not_updated", "w_uses_db", "w_for_dw")
        ),
        *(one for one in COUNTS if one.cause in ("one_step", "too_few")),
    ),
    train_probes,
    shown=lambda x, y, batches, alpha, beta: (
        f"for {len(x)} examples in {len(batches)} batch{'es' * (len(batches) > 1)}, alpha = {alpha:g} and beta = {beta:g}"
    ),
    names=("w", "b"),
    most=2,
    variant="train",
    fields=OF_GRADIENTS,
    loose=True,
    may_use=("LeastSquares",),
)


# --- down to a target loss ---------------------------------------------------------------------------------------------

TARGET = 1.81
SIZE, EPOCHS = 365, 60
RUNS = 24
"""Shuffles of which the mean loss is taken: the end of a single run is a matter of luck."""
OWN_RUNS = 2
"""Of these, how many the student's own function goes through."""


@cache
def _weather() -> LeastSquares:
    """Return the loss of the line that says tomorrow from today, over all days of the shipped record."""
    celsius = load_temperatures().celsius
    return LeastSquares(celsius[:-1], celsius[1:])


@cache
def _epochs() -> np.ndarray:
    """Return the places of each batch of each run, (runs, batches, size); they are the same in every check."""
    days = len(_weather().x)
    drawn = _random.Random(365).randbytes(8 * days * EPOCHS * RUNS)
    return np.frombuffer(drawn, "<u8").reshape(-1, days).argsort(axis=1).reshape(RUNS, -1, SIZE)


@cache
def _moments() -> np.ndarray:
    """Return what each batch of each run has to say to a straight line, (batches, 4, runs)."""
    moments = batch_moments(_weather().x, _weather().y, [*_epochs().reshape(-1, SIZE)])
    return moments.reshape(RUNS, -1, 4).transpose(1, 2, 0)


def _ends(alpha: float, beta: float) -> tuple[np.ndarray, np.ndarray]:
    """Return w and b at the end of each run, as a right `train` has them."""
    w = b = v_dw = v_db = np.zeros(RUNS)
    with np.errstate(all="ignore"):
        for xx, x, xy, y in _moments():
            v_dw = beta * v_dw + (1 - beta) * (xx * w + x * b - xy)
            v_db = beta * v_db + (1 - beta) * (x * w + b - y)
            w, b = w - alpha * v_dw, b - alpha * v_db
    return w, b


def _mean_loss(alpha: float, beta: float) -> float:
    """Return the loss at the ends of all runs, their mean."""
    with np.errstate(all="ignore"):
        return float(np.mean(_weather().loss(np.stack(_ends(alpha, beta), axis=1))))


def examine_train_settings(notebook, random) -> Verdict:
    """Look at `train_alpha` and `train_beta`: does the student's own `train` come down to the target?"""
    alpha, beta = notebook.numbers("train_alpha", "train_beta")
    try:
        student = replace(TRAIN, by_hand=False).function(notebook)
        trained = TRAIN.examine(notebook, random)
    except Answered as answered:
        if answered.verdict.status != OPEN:
            raise
        raise Answered(not_done("not_done/train")) from None
    if not trained.passed:
        return not_done("not_done/train") if trained.status == OPEN else wrong("train_first")
    if verdict := _out_of_range("train", alpha, beta):
        return verdict
    line = _weather()
    curvature = float(line.curvatures[1])
    if alpha * curvature >= limit(1, beta):
        if alpha < 1 and beta * curvature < limit(1, alpha) and _mean_loss(beta, alpha) <= TARGET:
            return wrong("swapped/settings")
        steep = {"curvature": curvature, "steep": alpha * curvature, "limit": limit(1, beta)}
        return wrong("diverges/train", alpha=alpha, beta=beta, **steep)
    ends = _ends(alpha, beta)
    for run, batches in enumerate(_epochs()[:OWN_RUNS]):
        end = flat(plain(student(line.x, line.y, list(batches), alpha, beta))) or []
        if not near(end, [float(part[run]) for part in ends], close=0.01):
            return wrong("train_first/large")
    mean = _mean_loss(alpha, beta)
    if mean <= TARGET:
        return right("train_settings", runs=RUNS, mean=f"{mean:.4f}", target=TARGET)
    came = f"The mean loss of {RUNS} shuffles is {mean:.4f}; {TARGET} is asked." if isfinite(mean) else ""
    return wrong(_above_target(alpha, beta), came=came, epochs=EPOCHS)


def _above_target(alpha: float, beta: float) -> str:
    """Return the name of what keeps the loss above the target."""
    line = _weather()
    top = limit(line.curvatures[1], beta)
    best, best_alpha = min((_mean_loss(a, beta), a) for a in np.geomspace(top / 100, top * 0.9, 24))
    if beta > 0 and regime(line.curvatures[1], alpha, beta) == "monotone":
        return "creeps/train"
    # In waves the loss shrinks by β a step, whatever α is.
    lowest = line.loss_at_minimum
    lasting = (line.loss(np.zeros(2)) - lowest) * beta ** len(_moments()) > TARGET - lowest
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
    "train": TRAIN.examine,
    "train_settings": examine_train_settings,
}
