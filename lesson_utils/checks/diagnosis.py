"""Find the mistake: compute what each known one would give, and see which the answer agrees with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lesson_utils.checks.numbers import CLOSE, finite, flat, near, one_number, same, shape, spoken
from lesson_utils.checks.verdict import Verdict, wrong


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make: `twin` computes what comes out of it, from the same arguments."""

    cause: str
    sentence: str
    place: str
    twin: Callable


def diagnose(
    name: str,
    probes: Sequence[tuple],
    answers: Sequence,
    reference: Callable,
    mistakes: Sequence[Mistake],
    *,
    shown: Callable[[tuple], str],
    scale: float = 0.0,
) -> Verdict | None:
    """Return the verdict on answers to `probes`, or None when all are right.

    reference, and each mistake's twin, are called with the arguments of a probe. A mistake is named when it
    explains every answer; failing that, the first wrong answer is shown beside the right one. Where one number is
    due, an array or a tuple with one number is that number.
    shown: tells a probe in words, for that sentence ("for values 1, 2, 3 and β = 0.9"). scale: the size of what
    goes in, for where nearly nothing is expected to come out.
    """
    expected = [reference(*probe) for probe in probes]
    answers = [
        one_number(answer) if shape(due) == () else answer
        for answer, due in zip(answers, expected, strict=True)
    ]
    cases = list(zip(probes, answers, expected, strict=True))
    first = next((case for case in cases if not same(case[1], case[2], scale=scale)), None)
    if first is None:
        return None
    for mistake in mistakes:
        if all(_explains(mistake, probe, answer, scale) for probe, answer, _ in cases):
            return wrong(mistake.cause, mistake.sentence, mistake.place)
    return _unknown(name, *first, shown, scale, [case[1:] for case in cases])


def _explains(mistake: Mistake, probe: tuple, answer, scale: float) -> bool:
    try:
        return same(answer, mistake.twin(*probe), scale=scale)
    except (ArithmeticError, ValueError, IndexError):
        return False


def _unknown(name: str, probe: tuple, answer, right, shown: Callable, scale: float, cases: list) -> Verdict:
    """Return the verdict on a wrong answer that no known mistake explains."""
    if flat(answer) is None:
        return wrong(
            "no_numbers",
            f"your {name} must return numbers, but {shown(probe)} it returns {_kind(answer)}.",
            "Look at the name behind `return`, and at what goes into it: text, True and False, or None are no numbers.",
        )
    if not finite(answer):
        return wrong(
            "nan",
            f"{shown(probe)} your {name} returns {spoken(answer)}, though every number it gets is finite.",
            "Look for a division by zero, or for a value that is used before it is set.",
        )
    if shape(answer) != shape(right):
        return wrong(
            "length",
            f"{shown(probe)} your {name} returns {_size(answer)}; it must return {_size(right)}.",
            "Count how often your loop runs, and what it appends each time.",
        )
    if _all_equal([got for got, _ in cases]) and not _all_equal([due for _, due in cases]):
        return wrong(
            "constant",
            f"your {name} returns {spoken(answer)}, whatever it is given.",
            "Follow its arguments from the first line to `return`: which of them has a part in what comes out?",
        )
    if all(_whole(got) and finite(got) and shape(got) == shape(due) for got, due in cases) and any(
        not _whole(due) for _, due in cases
    ):
        return wrong(
            "integers",
            f"{shown(probe)} your {name} returns {spoken(answer)}: whole numbers only. The decimals are cut off.",
            "Look for `//`, `int(…)`, `round(…)`, or an array that was made to hold whole numbers.",
        )
    if digits := _rounded(cases):
        return wrong(
            "rounded",
            f"your {name} rounds its numbers to {digits} decimal{'s'[: digits != 1]}. Return them as they are.",
            "Round when you print. What is rounded here, all who use it later have to live with.",
        )
    return wrong(
        "other", _side_by_side(name, probe, answer, right, shown, scale), _first_steps(answer, right, scale)
    )


def _all_equal(values: list) -> bool:
    """Return whether there are several, with the same numbers in all of them (the shapes may differ)."""
    numbers = [set(flat(value) or ()) for value in values]
    return len(values) > 1 and len(numbers[0]) == 1 and all(one == numbers[0] for one in numbers)


def _side_by_side(name: str, probe: tuple, answer, right, shown: Callable, scale: float) -> str:
    digits = 4 if spoken(answer) != spoken(right) else 9
    place = _first_off(answer, right, scale)
    if place < 4:
        return f"{shown(probe)} your {name} returns {spoken(answer, digits)}; it must return {spoken(right, digits)}."
    got, due = (spoken(flat(value)[place], digits) for value in (answer, right))
    return f"{shown(probe)} number {place + 1} of what your {name} returns is {got}; it must be {due}."


def _first_steps(answer, right, scale: float) -> str:
    place = _first_off(answer, right, scale)
    if not shape(right):
        return "Work it out by hand with these numbers, and compare."
    if place == 0:
        return "Work out the first two numbers by hand, and compare."
    return (
        f"The first {place if place > 1 else 'one'} of them {'are' if place > 1 else 'is'} right. "
        "What happens after that?"
    )


def _first_off(answer, right, scale: float) -> int:
    """Return the first place at which two lists of the same shape differ."""
    mine, theirs = flat(answer), flat(right)
    allowed = CLOSE * max([abs(x) for x in theirs] + [scale, 1e-9])
    return next(i for i, (a, b) in enumerate(zip(mine, theirs, strict=True)) if not near(a, b, allowed))


def _whole(value) -> bool:
    numbers = flat(value)
    return numbers is not None and all(x == x // 1 for x in numbers)


def _rounded(cases: list) -> int:
    """Return to how many decimals every answer is the right one rounded, or 0."""
    for digits in (1, 2, 3):
        if all(
            shape(got) == shape(due)
            and all(
                abs(a - b) <= 0.5001 * 10**-digits and abs(a - round(a, digits)) < 1e-9
                for a, b in zip(flat(got), flat(due), strict=True)
            )
            for got, due in cases
        ):
            return digits
    return 0


def _kind(answer) -> str:
    if isinstance(answer, str):
        return "text"
    if isinstance(answer, bool):
        return f"{answer}"
    if isinstance(answer, dict):
        return "a dict"
    return spoken(answer)


def _size(value) -> str:
    size = shape(value)
    if size is None:
        return "rows of different lengths"
    if not size:
        return "one number"
    return f"{size[0]} number{'s'[: size[0] != 1]}" if len(size) == 1 else f"an array of the shape {size}"
