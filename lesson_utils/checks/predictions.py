"""Predictions typed in before anything is computed: the first step of three variants."""

from __future__ import annotations

from collections.abc import Callable

from lesson_utils.checks.numbers import finite, flat, same, spoken
from lesson_utils.checks.verdict import Verdict, not_done, right, wrong

FIRST = {"w": 5.0, "dw": 6.0, "alpha": 0.5, "beta": 0.8}
"""The first step that is to be predicted, from v = 0."""
_PLAIN = -FIRST["alpha"] * FIRST["dw"]
_MOMENTUM = (1 - FIRST["beta"]) * _PLAIN
_WHERE = "Write the two lines of a step down, put v = 0 into them, and follow this one step."
PREDICTIONS = {
    "plain": (
        _PLAIN,
        (
            (-_PLAIN, "sign", "has the wrong sign: w goes downhill, against the gradient."),
            (FIRST["dw"], "no_alpha", "is the gradient. How far w moves depends on the step size, too."),
            (-FIRST["dw"], "no_alpha", "forgets the step size."),
            (_MOMENTUM, "plain_averaged", "is the step of momentum. Plain descent averages nothing."),
        ),
    ),
    "momentum": (
        _MOMENTUM,
        (
            (-_MOMENTUM, "sign", "has the wrong sign: w goes downhill, against the gradient."),
            (
                _PLAIN,
                "harmless_start",
                "takes the first step for one of plain descent. But v starts at zero, and the gradient enters it with a "
                "small weight.",
            ),
            (
                FIRST["beta"] * _PLAIN,
                "swapped",
                "swaps the two weights: it is the old v that gets the large one.",
            ),
            ((1 - FIRST["beta"]) * -FIRST["dw"], "no_alpha", "is v with a minus: the step size is missing."),
            (
                (1 - FIRST["beta"]) * FIRST["dw"],
                "no_alpha",
                "is v. How far w moves depends on the step size, too.",
            ),
            (
                0.0,
                "stands_still",
                "says that w does not move. v is zero before the step, but w moves with the new v.",
            ),
        ),
    ),
    "corrected": (
        _PLAIN,
        (
            (-_PLAIN, "sign", "has the wrong sign: w goes downhill, against the gradient."),
            (
                _MOMENTUM,
                "correction_ignored",
                "leaves the step as it was without the correction. The correction divides by the weights gathered so far.",
            ),
            (
                (1 - FIRST["beta"]) * _MOMENTUM,
                "multiplied",
                "multiplies by 1 − β where the correction divides.",
            ),
            (
                _PLAIN / (1 - FIRST["beta"]),
                "corrected_too_much",
                "corrects what needs no correction: the plain step.",
            ),
            (
                _MOMENTUM / FIRST["beta"],
                "divided_by_beta",
                "divides by β. The weights gathered so far are another number.",
            ),
            (
                _MOMENTUM / (1 - FIRST["beta"] ** 2),
                "t_from_two",
                "divides by the weights of two steps; this is the first one.",
            ),
            (FIRST["beta"] * _PLAIN, "swapped", "swaps the two weights of the average."),
        ),
    ),
}
SAID = {"plain": "plain descent", "momentum": "momentum", "corrected": "corrected momentum"}


def examine_first_steps(notebook, random) -> Verdict:
    """Look at the dict `first_steps`."""
    name = "first_steps"
    found = notebook.value(name)
    if isinstance(found, (list, tuple)) and len(found) == len(PREDICTIONS):
        found = dict(zip(PREDICTIONS, found, strict=True))
    if not isinstance(found, dict):
        return wrong("no_dict", f"{name} must be a dict with your three predictions, not {spoken(found)}.")
    given = {
        key: found[key]
        for key in PREDICTIONS
        if key in found and found[key] is not None and found[key] is not ...
    }
    if others := [key for key, value in found.items() if key not in PREDICTIONS and flat(value)]:
        return wrong(
            "keys",
            f"{name} has the key {others[0]!r}; its keys are {', '.join(map(repr, PREDICTIONS))}.",
            "Capital letters count: copy the three keys from the text.",
        )
    if not given:
        return not_done(f"Put your three predictions into {name}, run that cell, and then this one.")
    if missing := [key for key in PREDICTIONS if key not in given]:
        return wrong(
            "missing",
            f"{name} has no {', '.join(missing)} yet.",
            "The three keys are written above the cell.",
        )
    numbers = {key: flat(value) for key, value in given.items()}
    for key, one in numbers.items():
        if one is None or len(one) != 1 or not finite(one):
            return wrong("no_number", f"{name}: {key} must be one number, not {spoken(given[key])}.")
    values = {key: one[0] for key, one in numbers.items()}
    if _all_are(values, lambda step: FIRST["w"] + step):
        return wrong(
            "place_given",
            f"{name} holds where w is after the step. Asked is how far it moves.",
            "Subtract the 5 at which w stands before the step.",
        )
    for key, value in values.items():
        if verdict := _prediction(name, key, value):
            return verdict
    return right(
        "v starts at zero, so the first step of momentum is 1 − β = 0.2 of the plain one; the correction divides by the "
        "same 0.2."
    )


def _all_are(values: dict, function: Callable) -> bool:
    return all(same(values[key], function(PREDICTIONS[key][0])) for key in PREDICTIONS)


def _prediction(name: str, key: str, value: float) -> Verdict | None:
    """Return the verdict on one prediction, or None when it is right."""
    expected, mistaken = PREDICTIONS[key]
    if same(value, expected, close=1e-3):
        return None
    if same(value, FIRST["w"] + expected, close=1e-3):
        return wrong(
            "place_given",
            f"{key}: {spoken(value)} is where w is after the step. Asked is how far it moves.",
            _WHERE,
        )
    for number, cause, sentence in mistaken:
        if same(value, number, close=1e-3):
            return wrong(cause, f"{SAID[key]}: {spoken(value)} {sentence}", _WHERE)
    return wrong("other", f"{SAID[key]}: its first step is not {spoken(value)}.", _WHERE)
