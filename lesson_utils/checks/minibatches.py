"""Homework 3, its last part: a line trained on mini-batches, down to a target loss."""

from __future__ import annotations

import csv
import random as _stdlib_random
from collections.abc import Callable
from functools import cache, partial
from itertools import combinations
from math import isfinite

import numpy as np

from lesson_utils.checks.diagnosis import Mistake, diagnose
from lesson_utils.checks.numbers import flat, same
from lesson_utils.checks.settings import beta_outside, creeps, geometric, limit, not_positive, said, settings
from lesson_utils.checks.verdict import OPEN, Answered, Verdict, not_done, right, wrong
from lesson_utils.temperatures import SEATTLE

_array, _frombuffer = np.array, np.frombuffer
_sum = np.add.reduce
_Random = _stdlib_random.Random


# --- mini-batches ----------------------------------------------------------------------------------------------------


def train(x, y, batches, alpha: float, beta: float) -> list[float]:
    """Return (w, b) after a step of momentum for each batch, in plain Python."""
    x, y = flat(x), flat(y)
    w = b = v_dw = v_db = 0.0
    for batch in batches:
        places = list(map(int, flat(batch)))
        errors = [w * x[i] + b - y[i] for i in places]
        dw = sum(error * x[i] for error, i in zip(errors, places, strict=True)) / len(places)
        db = sum(errors) / len(places)
        v_dw, v_db = beta * v_dw + (1 - beta) * dw, beta * v_db + (1 - beta) * db
        w, b = w - alpha * v_dw, b - alpha * v_db
    return [w, b]


def mistaken(x, y, batches, alpha: float, beta: float, **mistakes) -> list[float]:
    """Return what `train` returns with mistakes built in, those of TRAIN_MISTAKES; with none it is `train`."""
    made = mistakes.get
    x, y = flat(x), flat(y)
    w = b = v_dw = v_db = 0.0
    keep, take = made("weights", lambda beta: (beta, 1 - beta))(beta)
    rate = made("rate", lambda alpha: alpha)(alpha)
    batches = [list(map(int, flat(batch))) for batch in batches][made("taken", slice(None))]
    for t, batch in enumerate(batches, start=1):
        places = range(len(x)) if made("whole") else batch
        count = {"summed": 1, "first": len(batches[0]), "all": len(x)}.get(made("average"), len(places))

        def gradients(w, b, places=places, count=count):
            errors = [w * x[i] + b - y[i] for i in places]
            db = sum(errors) / count
            dw = sum(error * x[i] for error, i in zip(errors, places, strict=True)) / count
            return made("change", lambda dw, db: (dw, db))(dw, db)

        dw, db = gradients(w, b)
        old_w, old_b = v_dw, v_db
        v_dw = dw if made("first_v") and t == 1 else keep * v_dw + take * dw
        if made("late_b"):
            db = gradients(w - rate * v_dw, b)[1]
        v_db = keep * (v_dw if made("one_v") else v_db) + take * db
        if made("first_v") and t == 1:
            v_db = db
        step_w, step_b = (old_w, old_b) if made("old_v") else (v_dw, v_db)
        if made("one_v"):
            v_dw = v_db
            step_w = v_db if made("one_v") == "both lines first" else step_w
        if made("corrected"):
            step_w, step_b = step_w / (1 - beta**t), step_b / (1 - beta**t)
        if made("stored"):
            v_dw, v_db = step_w, step_b
        w -= rate * step_w
        b -= rate * {"w": step_w, "none": 0.0}.get(made("b_by"), step_b)
    return [b, w] if made("turned") else [w, b]


TRAIN_MISTAKES = (
    # (cause, sentence, place, the arguments with which `mistaken` makes it)
    ("v_not_carried", "v does not come through from batch to batch: it is set to zero again, or βv is missing.",
     "Where does v get its zero: before the loop, or inside it? And what does each new v keep of the old one?",
     {"weights": lambda beta: (0.0, 1 - beta)}),
    ("whole_set", "the gradient comes from all the data and not from the batch.",
     "Which x and y go into the error: all of them, or those that the batch names?", {"whole": True}),
    ("not_averaged", "the gradient is summed over the batch and not averaged: a larger batch takes larger steps.",
     "The loss is half the *mean* squared error.", {"average": "summed"}),
    ("fixed_size", "each sum is divided by the size of the first batch, but the last batch of an epoch is smaller.",
     "How many examples are in *this* batch?", {"average": "first"}),
    ("divided_by_all", "the sum over the batch is divided by the number of all examples.",
     "How many examples are in *this* batch?", {"average": "all"}),
    ("b_forgotten", "b never leaves 0.", "Which line changes b, and does its result get back into b?",
     {"b_by": "none"}),
    ("b_takes_w", "b is moved by v_dw. It has a velocity of its own.", "There are two velocities, v_dw and "
     "v_db.", {"b_by": "w"}),
    ("one_v", "w and b share one v: what one stores there, the other reads.", "There are two velocities, v_dw "
     "and v_db.", {"one_v": "both lines first"}),
    ("one_v", "w and b share one v: what one stores there, the other reads.", "There are two velocities, v_dw "
     "and v_db.", {"one_v": "by turns"}),
    ("late_b", "db is computed with the new w. Both gradients belong to the old w and b.",
     "Compute dw and db first, both. Then change w and b.", {"late_b": True}),
    ("order", "the step is taken with the old v, and v is renewed afterwards.",
     "In the lecture v comes first. Then w moves by the new v.", {"old_v": True}),
    ("alpha_twice", "α is applied twice, in v and in the step.", "In which of the lines does alpha stand?",
     {"rate": lambda alpha: alpha * alpha}),
    ("alpha_missing", "α is not used.", "How long is a step along v?", {"rate": lambda alpha: 1.0}),
    ("share_missing", "(1−β) is missing: this is v = βv + dw, the other form.", "Lesson 6 has both forms.",
     {"weights": lambda beta: (beta, 1.0)}),
    ("swapped", "the two weights look exchanged: the old v is multiplied by 1−β and the gradient by β.",
     "Which of the two is to change little when β is close to 1?", {"weights": lambda beta: (1 - beta, beta)}),
    ("beta_unused", "β is not used: this is plain descent.", "Along what do the steps go: along dw, or along v?",
     {"weights": lambda beta: (0.0, 1.0)}),
    ("sign", "each step goes uphill: a sign is wrong.",
     "Either the error is y − ŷ instead of ŷ − y, or the step is added instead of subtracted.",
     {"change": lambda dw, db: (-dw, -db)}),
    ("doubled", "the gradient is twice as large as it should be: that is the mean squared error without the half.",
     "The loss is *half* the mean squared error. What becomes of the 2?",
     {"change": lambda dw, db: (2 * dw, 2 * db)}),
    ("halved", "the gradient is half as large as it should be: the ½ of the loss is used up by the square.",
     "Differentiate ½e² once more.", {"change": lambda dw, db: (dw / 2, db / 2)}),
    ("x_forgotten", "dw has no x in it: it is the same as db.", "Differentiate ½(wx + b − y)² with respect to "
     "w.", {"change": lambda dw, db: (db, db)}),
    ("corrected", "you divide v by 1−βᵗ. That is bias correction, which is not asked here.",
     "Take the two lines of lesson 4.", {"corrected": True}),
    ("corrected_stored", "you divide v by 1−βᵗ and store that back into v. No correction is asked here.",
     "Take the two lines of lesson 4.", {"corrected": True, "stored": True}),
    ("first_v", "v begins as the first gradient. It must begin as zero.", "What is v before the first batch?",
     {"first_v": True}),
    ("integers", "something is cut down to whole numbers.", "Look for `//`, `int(…)`, or an array that was "
     "made of whole numbers.",
     {"change": lambda dw, db: (dw // 1, db // 1)}),
    ("last_missing", "the last batch is left out.", "Where does your loop end?", {"taken": slice(-1)}),
    ("first_only", "only the first batch is used: the function returns while it is still in the loop.",
     "How far is `return` indented?", {"taken": slice(1)}),
    ("turned", "b comes back first and w second.", "Return w, then b.", {"turned": True}),
)  # fmt: skip


def _train_probes(random) -> list[tuple]:
    probes = []
    for beta in (0.9, 0.6, 0.8):
        x = [random.uniform(-1, 3) for _ in range(11)]
        y = [1.5 * xi - 2 + random.uniform(-2, 2) for xi in x]
        batches = []
        for _ in range(3):
            order = random.sample(range(11), 11)
            batches += [_array(order[first : first + 4]) for first in (0, 4, 8)]
        probes.append((_array(x), _array(y), batches, round(random.uniform(0.15, 0.35), 3), beta))
    return probes


TRAIN = ("x", "y", "batches", "alpha", "beta")


def examine_train(notebook, random) -> Verdict:
    """Look at `train(x, y, batches, alpha, beta)`."""
    student = notebook.function("train", TRAIN, by_hand=True, may_use=("LeastSquares",))
    probes = _train_probes(random)
    answers = [_pair(student(*probe)) for probe in probes]
    mistakes = [
        Mistake(cause, sentence, place, partial(mistaken, **flags))
        for cause, sentence, place, flags in TRAIN_MISTAKES
    ]
    verdict = diagnose("train", probes, answers, train, mistakes, shown=_shown)
    if verdict is None:
        return right(
            "Three small data sets, in batches of 4, 4 and 3, ended at the w and b where the lecture's rule ends."
        )
    if verdict.cause == "other":
        return _two_mistakes(probes, answers) or verdict
    return verdict


def _pair(answer):
    numbers = flat(answer)
    return numbers if numbers is not None and len(numbers) == 2 else answer


def _shown(probe: tuple) -> str:
    return f"for {len(probe[0])} examples in {len(probe[2])} batches, alpha = {probe[3]:g} and beta = {probe[4]:g}"


def _one_after_the_other(first: Callable, second: Callable) -> Callable:
    return lambda dw, db: second(*first(dw, db))


def _two_mistakes(probes, answers) -> Verdict | None:
    """Return the verdict on an answer that two mistakes together explain."""
    for one, other in combinations(TRAIN_MISTAKES, 2):
        flags = {**one[3], **other[3]}
        if len(flags) < len(one[3]) + len(other[3]):
            if "change" not in one[3] or "change" not in other[3]:
                continue
            flags["change"] = _one_after_the_other(one[3]["change"], other[3]["change"])
        twin = Mistake(
            f"{one[0]}+{other[0]}",
            f"two things at once. First, {one[1]} Second, {other[1]}",
            f"{one[2]} {other[2]}",
            partial(mistaken, **flags),
        )
        verdict = diagnose("train", probes[:1], answers[:1], train, [twin], shown=_shown)
        if verdict is None or verdict.cause != twin.cause:
            continue
        verdict = diagnose("train", probes, answers, train, [twin], shown=_shown)
        if verdict is not None and verdict.cause == twin.cause:
            return verdict
    return None


# --- down to a target loss ---------------------------------------------------------------------------------------------

TARGET = 1.81
SIZE, EPOCHS = 365, 60
RUNS = 24
"""Shuffles of which the mean loss is taken: the end of a single run is a matter of luck."""
TRAIN_FIRST = (
    'Your train of exercise 5 is not written yet. Write it, see to check("train"), and come back here.'
)
OWN_RUNS = 2
"""Of these, how many the student's own function goes through."""


@cache
def _weather() -> tuple[list[float], list[float]]:
    """Return (today, tomorrow) of the shipped record, read without numpy."""
    with open(SEATTLE, encoding="utf-8", newline="") as file:
        days = [(float(row["temp_max"]) + float(row["temp_min"])) / 2 for row in csv.DictReader(file)]
    return days[:-1], days[1:]


@cache
def _epochs() -> list[list]:
    """Return the batches of each run, arrays of places; they are the same in every check."""
    runs, random = [], _Random(365)
    days = len(_weather()[0])
    for _ in range(RUNS):
        # Methods of arrays, unlike numpy's functions, are out of a notebook's reach.
        orders = [_frombuffer(random.randbytes(8 * days), "<u8").argsort() for _ in range(EPOCHS)]
        runs.append([order[first : first + SIZE] for order in orders for first in range(0, days, SIZE)])
    return runs


@cache
def _all_moments() -> list[list[list[float]]]:
    """Return the means of x², x, xy and y over each batch: all that it has to say to a straight line."""
    table = _array([(x * x, x, x * y, y) for x, y in zip(*_weather(), strict=True)])
    return [[(_sum(table[batch]) / len(batch)).tolist() for batch in batches] for batches in _epochs()]


@cache
def _whole() -> tuple[float, ...]:
    """Return the means of x², x, xy, y and y² over all days."""
    x, y = _weather()
    pairs = ((x, x), (x, [1.0] * len(x)), (x, y), (y, [1.0] * len(y)), (y, y))
    return tuple(sum(a * b for a, b in zip(*pair, strict=True)) / len(x) for pair in pairs)


def loss(w: float, b: float) -> float:
    """Return half the mean squared error over all days."""
    xx, x, xy, y, yy = _whole()
    return (w * w * xx + 2 * w * b * x + b * b - 2 * w * xy - 2 * b * y + yy) / 2


def _end(moments, alpha: float, beta: float) -> tuple[float, float]:
    """Return (w, b) where a right `train` ends, for batches of which the moments are given."""
    w = b = v_dw = v_db = 0.0
    for xx, x, xy, y in moments:
        dw, db = xx * w + x * b - xy, x * w + b - y
        v_dw = beta * v_dw + (1 - beta) * dw
        v_db = beta * v_db + (1 - beta) * db
        w, b = w - alpha * v_dw, b - alpha * v_db
    return w, b


def _mean_loss(alpha: float, beta: float) -> float:
    """Return the loss at the ends of all runs, their mean."""
    return sum(loss(*_end(moments, alpha, beta)) for moments in _all_moments()) / RUNS


def examine_train_settings(notebook, random) -> Verdict:
    """Look at `train_alpha` and `train_beta`: does the student's own `train` come down to the target?"""
    alpha, beta = settings(notebook, "train_alpha", "train_beta")
    try:
        student = notebook.function("train", TRAIN)
        trained = examine_train(notebook, random)
    except Answered as answered:
        if answered.verdict.status != OPEN:
            raise
        raise Answered(not_done(TRAIN_FIRST)) from None
    if not trained.passed:
        return wrong(
            "train_first",
            'your train is not right yet, so its loss says little. First see to check("train").',
            "Go back to exercise 5.",
        )
    for verdict in (beta_outside(beta, "train_beta"), not_positive(alpha, "train_alpha")):
        if verdict:
            return verdict
    if alpha * STEEP >= limit(beta):
        return wrong(
            "diverges",
            f"this α is too large for this β: the larger curvature of these data is {STEEP:.0f}, so αλ is "
            f"{said(alpha * STEEP)}, "
            f"above the limit {said(limit(beta))}, and the run diverges.",
            "The limit of α is that of the steep direction. Which α does it leave you with your β?",
        )
    x, y = (_array(values) for values in _weather())
    for batches, moments in zip(_epochs()[:OWN_RUNS], _all_moments(), strict=False):
        end = _pair(student(x, y, list(batches), alpha, beta))
        if not same(end, list(_end(moments, alpha, beta)), close=0.01):
            return wrong(
                "train_first",
                "your train does well on small data, but not on these: it ends at another w and b than the "
                "rule does.",
                "Does it take for granted how many examples or batches there are?",
            )
    mean = _mean_loss(alpha, beta)
    if mean <= TARGET:
        return right(
            f"From {RUNS} shuffles the mean loss at the end is {mean:.4f}; {TARGET} was asked. "
            "Your train was run on two of them, and ends where the rule does."
        )
    return _above_target(alpha, beta, mean)


STEEP = 189.08867
"""The larger curvature of the loss over all days (lesson 8)."""
LOWEST = 1.797563
"""The lowest loss that a line can reach."""


def _above_target(alpha: float, beta: float, mean: float) -> Verdict:
    came = f"The mean loss of {RUNS} shuffles is {mean:.4f}; {TARGET} is asked." if isfinite(mean) else ""
    top = limit(beta) / STEEP
    best, best_alpha = min((_mean_loss(a, beta), a) for a in geometric(top / 100, top * 0.9, 24))
    if beta > 0 and creeps(STEEP, alpha, beta):
        return _too_small(came)
    # In waves the loss shrinks by β a step, whatever α is.
    lasting = (loss(0, 0) - LOWEST) * beta ** (EPOCHS * len(_weather()[0]) // SIZE) > TARGET - LOWEST
    if lasting:
        best = float("inf")
    if best > TARGET:
        if beta == 0:
            return wrong(
                "plain_settings",
                "with β = 0 this is plain descent. With no α does it get down to the target in so many "
                f"steps. {came}",
                "What does a larger β do to the limit of α?",
            )
        if beta > 0.9:
            return wrong(
                "beta_high",
                f"β is too high: in {EPOCHS} epochs the slow ripples do not die out, whatever α is. {came}",
                "How many steps are there in all, and how many does v remember?",
            )
        return wrong(
            "beta_low",
            "β is too low: the α that it allows is too small to get along the valley, or the noise is too "
            f"large. {came}",
            "What does a larger β do to the limit of α?",
        )
    if alpha < best_alpha:
        if _mean_loss(alpha / (1 - beta), beta) <= TARGET:
            return wrong(
                "heavy_ball",
                "this looks like the α of the other form, v = βv + dw. In the lecture's form it is too "
                f"small. {came}",
                "In v = βv + (1−β)dw the gradient is made smaller before it gets into v. What does α have to "
                "do about that?",
            )
        return _too_small(came)
    return wrong(
        "noisy",
        f"α is too large: each batch throws w and b about, and they do not come to rest. {came}",
        "Leave β, and halve α until that no longer helps.",
    )


def _too_small(came: str) -> Verdict:
    return wrong(
        "creeps",
        f"α is too small: along the valley, the direction of b, the run has not arrived. {came}",
        "Leave β, and double α until that no longer helps.",
    )
