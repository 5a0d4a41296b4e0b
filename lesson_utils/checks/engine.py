"""Find the mistake: compute what each known one would give, and see which the answer agrees with.

A task has a formula in parts. A mistake replaces one part or several, so that two mistakes in different parts can be
made together; the fewest that explain all answers are told. What no mistake explains is looked at for what can go
wrong in any function: an argument that is ignored, lost decimals, one kind of input that does not work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import isfinite, prod, sqrt

from lesson_utils.checks.numbers import flat, formatted, near, shape
from lesson_utils.checks.verdict import WRONG, Mistake, Unlike, Verdict, mistake, sentences, words, wrong

AT_ONCE = ("endless", "not_done", "printed", "nothing", "in_place", "name", "recursion", "input", "exit")
"""What ends a check with whatever kind of input it happened."""
FAMILIES = {"vector": "array", "table": "array", "whole list": "whole"}
"""A kind of input -> the family that it belongs to, when that has another name."""
EDGE = "edge"
"""Calls that are looked at last: of no step, with one value, with beta = 0."""
ONLY = (
    # (what works, what does not, the cause)
    ("number", "array", "only_scalars"),
    ("array", "number", "only_vectors"),
    ("array", "list", "only_arrays"),
    ("list", "array", "only_lists"),
)


@dataclass(frozen=True)
class Probe:
    """One call. args: what the formula computes from. given(*args): what the student's function is called with.

    sizes: the shapes of what must come back. hand: whether it is the example of the text.
    """

    args: tuple
    kind: str = "number"
    given: Callable = lambda *args: args
    sizes: tuple | None = None
    hand: bool = False

    @property
    def family(self) -> str:
        """The family of the kind: numbers, arrays, lists, whole numbers."""
        return FAMILIES.get(self.kind, self.kind)


@dataclass(frozen=True)
class Task:
    """What a function is to do.

    formula(*args, **parts) returns the numbers that are due: a number, a list, or one of them for each of `names`.
    mistakes: those that are known. most: how many of them are looked for at once. variant: which words are taken where
    a mistake is said in several ways ("swapped/heavy"). fields: what the sentences need. shown(*args): a call in words.
    scale: the size of what goes in, where nearly nothing is to come out. loose: a number may come in an array of one.
    """

    name: str
    arguments: tuple[str, ...]
    formula: Callable
    mistakes: tuple[Mistake, ...]
    shown: Callable
    names: tuple[str, ...] = ()
    most: int = 1
    variant: str = ""
    fields: dict = field(default_factory=dict)
    prefix: str = ""
    scale: float = 0.0
    loose: bool = False

    def due(self, args: tuple, parts: dict) -> list[list[float]] | None:
        """Return the numbers of each thing that is due; None where these mistakes have no meaning."""
        try:
            found = self.formula(*args, **parts)
        except (ArithmeticError, ValueError, IndexError, Unlike):
            return None
        things = found if self.names else (found,)
        numbers = [flat(thing) for thing in things]
        return None if None in numbers else numbers


@dataclass(frozen=True)
class Answer:
    """What came back for a probe: the things, the numbers of each, those that are due, and the shapes that are due."""

    probe: Probe
    things: tuple
    numbers: list
    due: list
    sizes: tuple
    loose: bool

    def agrees(self, due: list | None, scale: float) -> bool:
        """Return whether the numbers are these."""
        return due is not None and all(
            near(got, wanted, scale=scale) for got, wanted in zip(self.numbers, due, strict=True)
        )

    def misshaped(self) -> int | None:
        """Return which thing has another shape than it must have; one number may come in an array of one."""
        for place, (thing, size) in enumerate(zip(self.things, self.sizes, strict=True)):
            single = size == () and self.loose and len(self.numbers[place] or ()) == 1
            if shape(thing) != size and not single:
                return place + 1
        return None


def examine(student, probes: Sequence[Probe], task: Task) -> Verdict | None:
    """Return what is wrong with a student's function, or None when it is right for all probes."""
    ran, problems = [], []
    for probe in probes:
        outcome = student.attempt(*probe.given(*probe.args))
        if outcome.problem is None:
            ran.append((probe, outcome.value))
            continue
        last = outcome.problem.cause == "endless" or (not problems and probe.family != EDGE)
        if last and outcome.problem.cause in AT_ONCE:
            return outcome.problem
        problems.append((probe, outcome.problem))
    if not ran:
        return problems[0][1]
    if remembers(student, *ran[0]):
        return wrong("remembers", name=task.name)
    answers = []
    for probe, value in ran:
        answer = _answer(probe, value, task)
        if isinstance(answer, Verdict):
            return answer
        answers.append(answer)
    return _by_family(student, answers, problems, task, probes[0].family)


def remembers(student, probe: Probe, value) -> bool:
    """Return whether the same call gives something else the second time."""
    again = student.attempt(*probe.given(*probe.args))
    return bool(again.problem) or repr(again.value) != repr(value)


def _answer(probe: Probe, value, task: Task) -> Answer | Verdict:
    """Return what came back in its parts, or the verdict that they are not there."""
    due, things = task.due(probe.args, {}), _things(value, task)
    if things is None:
        return _no_pair(probe, value, due, task)
    numbers = [flat(thing) for thing in things]
    for name, one, thing in zip(task.names or ("",), numbers, things, strict=True):
        if one is None:
            if task.names:
                return wrong("no_numbers/pair", name=task.name, part=name, got=formatted(thing))
            return wrong("no_numbers", name=task.name, shown=f" {shown(probe, task)}", got=_kind(thing))
    return Answer(probe, things, numbers, due, _sizes(probe, task), task.loose or not task.names)


def _sizes(probe: Probe, task: Task) -> tuple:
    """Return the shapes that must come back."""
    return probe.sizes or (((),) * 2 if task.names else (shape(task.formula(*probe.args)),))


def _things(value, task: Task) -> tuple | None:
    """Return what came back, thing by thing; None when a pair is due and none is there."""
    if not task.names:
        return (value,)
    return tuple(value) if isinstance(value, (tuple, list)) and len(value) == 2 else None


def _by_family(student, answers: list[Answer], problems: list, task: Task, main: str) -> Verdict | None:
    """Return the verdict on all kinds of input: on the main kind by its mistakes, on the others by what they lack."""
    of: dict[str, list[Answer]] = {}
    for answer in answers:
        of.setdefault(answer.probe.family, []).append(answer)
    stopped = {probe.family: problem for probe, problem in reversed(problems)}
    first, *others = [family for family in of if family != EDGE] or [EDGE]
    if first != main and not _all_fine(answers, task):
        return problems[0][1]
    if not _all_fine(of[first], task) and first in stopped:
        known = len(of[first]) > 2 and _fewest(of[first], task, 1)
        return verdict_on(task, known) if known else stopped[first]
    if not _all_fine(of[first], task):
        return explain(student, of[first], task)
    fine = [family for family in of if family not in stopped and _all_fine(of[family], task)]
    for family in others:
        if not _all_fine(of[family], task):
            return _wrong_for(family, fine, student, of[family], task)
    for probe, problem in problems:
        return _stops_for(probe, problem, fine, set(of), task)
    edge = of.get(EDGE, [])
    return None if _all_fine(edge, task) else explain(student, of[first] + edge, task)


def _wrong_for(family: str, fine: list, student, answers: list[Answer], task: Task) -> Verdict:
    """Return the verdict on a function that is wrong for one kind of input, without an error."""
    if family == "whole":
        return wrong("integers/whole", **_side(answers, task))
    verdict = explain(student, answers, task)
    cause = next((cause for works, lacks, cause in ONLY if works in fine and lacks == family), None)
    if cause is None or verdict.cause not in ("other", "shape", "length", "integers"):
        return verdict
    return wrong(f"{cause}/wrong", name=task.name, said=verdict.sentence)


def _stops_for(probe: Probe, problem: Verdict, fine: list, ran: set, task: Task) -> Verdict:
    """Return the verdict on a function that is right, but stops for one kind of input or for one input."""
    said = rephrased(problem)
    if problem.cause != "raised":
        return problem
    if probe.family == "whole":
        return wrong("integers/stops", name=task.name, said=said)
    for works, lacks, cause in ONLY:
        if works in fine and lacks == probe.family and lacks not in ran:
            verdict = wrong(cause, name=task.name, said=said)
            return replace(verdict, place=verdict.place or problem.place)
    return replace(problem, sentence=f"{shown(probe, task)} {problem.sentence}")


def rephrased(problem: Verdict) -> str:
    """Return "it stopped with …" from "your ewa stopped with …"."""
    return "it " + problem.sentence.removeprefix("your ").split(" ", 1)[-1]


def _all_fine(answers: list[Answer], task: Task) -> bool:
    return all(one.agrees(one.due, task.scale) and not one.misshaped() for one in answers)


# --- which mistakes explain it ---------------------------------------------------------------------------------


def explain(student, answers: list[Answer], task: Task) -> Verdict:
    """Return the verdict on answers that are not all right: by a mistake that is known, or by what they look like."""
    if all(answer.agrees(answer.due, task.scale) for answer in answers):
        return _misshaped(answers, task)
    if _constant(answers) and not _infinite(answers, task):
        name = "constant/" + task.name
        return wrong(
            name if name in sentences() else "constant", name=task.name, got=formatted(answers[0].things[0])
        )
    return (
        _path(answers, task)
        or _nested(answers, task)
        or _known(answers, task)
        or _infinite(answers, task)
        or _decimals(answers, task)
        or (_misshaped(answers, task) if answers[0].sizes == ((),) else None)
        or _ignored(student, answers, task)
        or _misshaped(answers, task)
        or _side_by_side(answers, task)
    )


def slips(task: Task, most: int | None = None) -> Iterator[tuple[tuple[Mistake, ...], dict]]:
    """Yield (mistakes, the parts that they replace), the fewest first."""
    for count in range(1, (most or task.most) + 1):
        for chosen in combinations(task.mistakes, count):
            parts = {part: rule for one in chosen for part, rule in one.parts.items()}
            if len(parts) == sum(len(one.parts) for one in chosen):
                yield chosen, parts


def _known(answers: list[Answer], task: Task) -> Verdict | None:
    """Return the verdict that the fewest mistakes explain, in either order of a pair."""
    if found := _fewest(answers, task, task.most):
        return verdict_on(task, found)
    if not task.names:
        return None
    turned = [replace(one, numbers=one.numbers[::-1]) for one in answers]
    if all(one.agrees(one.due, task.scale) for one in turned):
        return _turned(task, ())
    found = _fewest(turned, task, 1)
    return _turned(task, found) if found else None


def _fewest(answers: list[Answer], task: Task, most: int) -> tuple[Mistake, ...]:
    return next(
        (
            chosen
            for chosen, parts in slips(task, most)
            if all(one.agrees(task.due(one.probe.args, parts), task.scale) for one in answers)
        ),
        (),
    )


def verdict_on(task: Task, found: tuple[Mistake, ...]) -> Verdict:
    """Return the verdict on mistakes: the first two in words, and that there is more to find."""
    (sentence, place), *more = [_words(task, one) for one in found]
    sentence = f"{task.prefix}{sentence}"
    if more:
        ending = f" And {more[0][0]}" if len(more) == 1 else " Two more things are wrong after that."
        sentence = f"several things together explain your numbers. First, {sentence}{ending}"
    return Verdict(WRONG, sentence, "+".join(one.cause for one in found), place)


def _words(task: Task, one: Mistake) -> tuple[str, str]:
    own = f"{one.words}/{task.variant}"
    return words(own if own in sentences() else one.words, name=task.name, **task.fields)


def _turned(task: Task, found: tuple[Mistake, ...]) -> Verdict:
    first, second = task.names
    verdict = wrong("swapped_results", name=task.name, first=first, second=second)
    if not found:
        return verdict
    return replace(
        verdict,
        cause=f"swapped_results+{found[0].cause}",
        sentence=f"{verdict.sentence} And {_words(task, found[0])[0]}",
    )


def separated(draw: Callable[[], list[Probe]], task: Task) -> list[Probe]:
    """Return probes on which no mistake looks like another one or like the truth: what is said hangs on no luck."""
    for _ in range(100):
        probes = draw()
        first = [probe for probe in probes if probe.family in (probes[0].family, EDGE)]
        seen = [("", [task.due(probe.args, {}) for probe in first])]
        for one in task.mistakes:
            found = [task.due(probe.args, one.parts) for probe in first]
            if any(cause != one.cause and _alike(found, other, task.scale) for cause, other in seen):
                break
            seen.append((one.cause, found))
        else:
            return probes
    raise AssertionError(f"no probes tell all mistakes of {task.name} apart")


def distinct(mistakes: Iterable[Mistake], formula: Callable, *calls: tuple) -> tuple[Mistake, ...]:
    """Return the mistakes without those that give, for these calls, what the formula gives or one before them."""
    kept = {}
    task = Task("", (), formula, (), shown=str)
    due = [task.due(args, {}) for args in calls]
    for one in mistakes:
        found = [task.due(args, one.parts) for args in calls]
        if None not in found and not any(_alike(found, other, 0.0) for other in (due, *kept.values())):
            kept[one] = found
    return tuple(kept)


def forgotten_brackets(arguments: str, *texts: str) -> Iterator[Mistake]:
    """Yield the mistake of a formula, written in one of these ways, in which one or more pairs of brackets are missing."""
    for text in texts:
        open_, pairs = [], []
        for place, letter in enumerate(text):
            if letter == "(":
                open_.append(place)
            elif letter == ")":
                pairs.append((open_.pop(), place))
        pairs = [(first, last) for first, last in pairs if not text[:first].endswith("sqrt")]
        for count in range(1, len(pairs) + 1):
            for chosen in combinations(pairs, count):
                gone = {place for pair in chosen for place in pair}
                left = "".join(letter for place, letter in enumerate(text) if place not in gone)
                yield mistake("brackets/formula", value=eval(f"lambda {arguments}: {left}", {"sqrt": sqrt}))


def _alike(one: list, other: list, scale: float) -> bool:
    return all(
        a is not None and b is not None and all(near(x, y, scale=scale) for x, y in zip(a, b, strict=True))
        for a, b in zip(one, other, strict=True)
    )


# --- what can go wrong in any function -----------------------------------------------------------------------------


def _no_pair(probe: Probe, value, due: list, task: Task) -> Verdict:
    first, second = task.names
    fields = {"name": task.name, "first": first, "second": second}
    alone = bool(probe.sizes and probe.sizes[0]) and shape(value) == probe.sizes[0]
    nested = isinstance(value, (tuple, list)) and any(isinstance(one, (tuple, list)) for one in value)
    if isinstance(value, (tuple, list)) and (len(value) != 1 or nested) and not alone:
        many = len(value) > 4 or nested
        return wrong("path/list" if many else "too_many_values", count=len(value), **fields)
    numbers = flat(value)
    if numbers is None:
        return wrong("no_pair", got=formatted(value), **fields)
    last = near(numbers, due[1]) and not near(numbers, due[0])
    missing, there = (first, second) if last else (second, first)
    return replace(wrong("only_one", missing=missing, **fields), cause=f"only_{there}")


def _misshaped(answers: list[Answer], task: Task) -> Verdict | None:
    for one in answers:
        if place := one.misshaped():
            got, due = shape(one.things[place - 1]), one.sizes[place - 1]
            fields = {"shown": shown(one.probe, task), "name": task.name}
            if not task.names:
                return wrong("length", got=size(got), due=size(due), **fields)
            return wrong("shape", part=task.names[place - 1], got=size(got), due=size(due), **fields)
    return None


def _nested(answers: list[Answer], task: Task) -> Verdict | None:
    """Return the verdict on as many numbers as are due, but in lists inside of lists."""
    deeper = [
        one
        for one in answers
        for thing, due in zip(one.things, one.sizes, strict=True)
        if len(shape(thing) or ()) > max(1, len(due)) and len(flat(thing)) == prod(due)
    ]
    return _misshaped(deeper, task) if deeper else None


def size(found: tuple | None) -> str:
    """Return a shape in words."""
    if not found:
        return "one number" if found == () else "rows of different lengths"
    if found == (1,):
        return "a list or an array with one number in it"
    return f"{found[0]} numbers" if len(found) == 1 else f"an array of the shape {found}"


def _path(answers: list[Answer], task: Task) -> Verdict | None:
    """Return the verdict on a descent that returns each step's w or b, with or without the start."""
    for one in answers:
        steps = getattr(one.probe.args[0], "steps", 0) if task.names else 0
        for part, thing, due in zip(task.names, one.things, one.sizes if steps > 1 else (), strict=False):
            if shape(thing) in ((steps, *due), (steps + 1, *due)):
                return wrong("path", name=task.name, part=part)
    return None


def _constant(answers: list[Answer]) -> bool:
    """Return whether one and the same number comes back for everything, though others are due."""
    got = {tuple(one.numbers[0]) if one.sizes == ((),) else () for one in answers}
    due = {tuple(one.due[0]) for one in answers}
    return len(answers) > 1 and len(got) == 1 and len(got.pop()) == 1 and len(due) > 1


def _infinite(answers: list[Answer], task: Task) -> Verdict | None:
    for one in answers:
        for numbers, thing in zip(one.numbers, one.things, strict=True):
            if not all(map(isfinite, numbers)):
                return wrong("nan", shown=shown(one.probe, task), name=task.name, got=formatted(thing))
    return None


def _ignored(student, answers: list[Answer], task: Task) -> Verdict | None:
    """Return the verdict on a function that gives the same whenever one argument alone is another."""
    if len(answers[0].probe.args) != len(task.arguments) or not any(answers[0].numbers):
        return None
    for place, argument in enumerate(task.arguments):
        same = [_unmoved(student, one, place, other, task) for one in answers for other in answers[-2:]]
        if True in same and False not in same:
            return replace(wrong("ignored", name=task.name, argument=argument), cause=f"{argument}_ignored")
    return None


def _unmoved(student, one: Answer, place: int, other: Answer, task: Task) -> bool | None:
    """Return whether the answer stays as it is with this argument of another call; None where it should stay."""
    probe = one.probe
    args = (*probe.args[:place], other.probe.args[place], *probe.args[place + 1 :])
    if args == probe.args or task.due(args, {}) in (None, one.due):
        return None
    found = student.attempt(*probe.given(*args))
    return not found.problem and repr(_things(found.value, task)) == repr(one.things)


def _decimals(answers: list[Answer], task: Task) -> Verdict | None:
    """Return the verdict on decimals that are cut off, or rounded."""
    for place, part in enumerate(task.names or ("",)):
        pairs = [(one.numbers[place], one.due[place]) for one in answers]
        if any(len(got) != len(due) for got, due in pairs):
            return None
        both = [(a, b) for got, due in pairs for a, b in zip(got, due, strict=True)]
        if not any(a for a, _ in both) or all(b == b // 1 for _, b in both):
            continue
        if all(a == a // 1 and abs(a - b) < 1 for a, b in both):
            of = f" for {part}" if part else ""
            return wrong("integers", name=task.name, of=of, got=formatted([a for a, _ in both]))
        for digits in (1, 2, 3):
            if all(abs(a - b) <= 3 * 10**-digits and abs(a - round(a, digits)) < 1e-9 for a, b in both):
                return wrong("rounded", name=task.name, digits=f"{digits} decimal{'s' * (digits != 1)}")
    return None


def shown(probe: Probe, task: Task) -> str:
    """Return a call in words: "for the values 10, 20, 40 and beta = 0.9"."""
    return task.shown(*probe.args)


def _side(answers: list[Answer], task: Task) -> dict:
    """Return the first wrong answer and what is due, in words."""
    one = next(answer for answer in answers if not _all_fine([answer], task))
    digits = 4 if [*map(formatted, one.numbers)] != [*map(formatted, one.due)] else 9
    names = [f"{part} = " for part in task.names] or [""]

    def in_words(things):
        rows = [f"{name}{_row(thing, digits)}" for name, thing in zip(names, things, strict=True)]
        return " and ".join(rows)

    places = [
        i for i, (a, b) in enumerate(zip(one.numbers[0], one.due[0], strict=False)) if not near([a], [b])
    ]
    if not task.names and places and places[0] > 3:
        got, due = (f"{things[0][places[0]]:.{digits}g}" for things in (one.numbers, one.due))
        got, due = f"{got} as number {places[0] + 1}", due.replace("-", "−")
        return {"name": task.name, "shown": shown(one.probe, task), "got": got.replace("-", "−"), "due": due}
    return {
        "name": task.name,
        "shown": shown(one.probe, task),
        "got": in_words(one.numbers),
        "due": in_words(one.due),
    }


def _row(numbers: list, digits: int) -> str:
    return f"[{formatted(numbers, digits)}]" if len(numbers) > 1 else formatted(numbers, digits)


def _side_by_side(answers: list[Answer], task: Task) -> Verdict:
    """Return the verdict on a wrong answer without a name: the example of the text first, when that is wrong."""
    hand = [one for one in answers if one.probe.hand]
    if not hand:
        return wrong("other", **_side(answers, task))
    return wrong("other/later" if _all_fine(hand, task) else "other/hand", **_side(answers, task))


def _kind(thing) -> str:
    return "text" if isinstance(thing, str) else "a dict" if isinstance(thing, dict) else formatted(thing)
