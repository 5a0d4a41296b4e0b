"""Find the mistake: compute what each known one would give, and see which the answer agrees with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lesson_utils.checks.numbers import finite, flat, same, shape, spoken
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
) -> Verdict | None:
    """Return the verdict on answers to `probes`, or None when all are right.

    reference, and each mistake's twin, are called with the arguments of a probe. A mistake is named when it
    explains every answer; failing that, the first wrong answer is shown beside the right one.
    shown: tells a probe in words, for that sentence ("for values 1, 2, 3 and β = 0.9").
    """
    expected = [reference(*probe) for probe in probes]
    pairs = list(zip(probes, answers, expected, strict=True))
    first = next((pair for pair in pairs if not same(pair[1], pair[2])), None)
    if first is None:
        return None
    for mistake in mistakes:
        if all(same(answer, mistake.twin(*probe)) for probe, answer, _ in pairs):
            return wrong(mistake.cause, mistake.sentence, mistake.place)
    probe, answer, right = first
    if flat(answer) is None:
        return wrong(
            "no_numbers", f"your {name} must return numbers, but {shown(probe)} it returns {spoken(answer)}."
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
    return wrong(
        "other",
        f"{shown(probe)} your {name} returns {spoken(answer)}; it must return {spoken(right)}.",
        "Do the first two steps by hand with these numbers, and compare.",
    )


def _size(value) -> str:
    size = shape(value)
    if not size:
        return "one number"
    return f"{size[0]} number{'s'[: size[0] != 1]}" if len(size) == 1 else f"an array of the shape {size}"
