"""Find the mistake: compute what each known one would give, and see which the answer agrees with.

A task has a formula in parts. A mistake replaces one part or several, so that two mistakes in different parts can be
made together; the fewest that explain all answers are told. What no mistake explains is looked at for what can go
wrong in any function: an argument that is ignored, lost decimals, one kind of input that does not work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from math import isfinite, prod, sqrt
from random import Random

from lesson_utils.checks.numbers import flat, formatted, near, shape
from lesson_utils.checks.verdict import WRONG, Mistake, Verdict, mistake, right, sentences, words, wrong

AT_ONCE = ("endless", "not_done", "printed", "nothing", "in_place", "name", "recursion", "input", "exit")
"""What ends a check with whatever kind of input it happened."""
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

    kind: of the input: "number", "array", "list", "whole", or EDGE. sizes: the shapes of what must come back. example:
    whether it is that of the text.
    """

    args: tuple
    kind: str = "number"
    given: Callable = lambda *args: args
    sizes: tuple | None = None
    example: bool = False


@dataclass(frozen=True)
class Task:
    """What a function is to do.

    formula(*args, **parts) returns the numbers that are due: a number, a list, or one of them for each of `names`.
    mistakes: those that are known. draw(random): the probes, that of the text first. shown(*args): a call in words,
    when it is another than "for beta = 0.9". most: how many mistakes are looked for at once. variant: which words are
    taken where a mistake is said in several ways ("swapped/heavy"). fields: what the sentences need. scale: the size of
    what goes in, where nearly nothing is to come out. loose: a number may come in an array of one. by_hand, may_use: as
    for `Notebook.function`.
    """

    name: str
    arguments: tuple[str, ...]
    formula: Callable
    mistakes: tuple[Mistake, ...]
    draw: Callable
    shown: Callable | None = None
    names: tuple[str, ...] = ()
    most: int = 1
    variant: str = ""
    fields: dict = field(default_factory=dict)
    prefix: str = ""
    scale: float = 0.0
    loose: bool = False
    by_hand: bool = True
    may_use: tuple[str, ...] = ()

    def examine(self, notebook, random) -> Verdict:
        """Return the verdict on the function of a student's notebook."""
        student = self.function(notebook)
        return examine(student, self.probes(random), self) or right(self.name)

    def function(self, notebook):
        """Return the student's function, or end the check with what is wrong with it."""
        return notebook.function(self.name, self.arguments, by_hand=self.by_hand, may_use=self.may_use)

    def probes(self, random) -> list[Probe]:
        """Return probes on which no mistake looks like another one or like the truth: what is said hangs on no luck."""
        for _ in range(100):
            probes = self.draw(random)
            calls = [probe.args for probe in probes if probe.kind in (probes[0].kind, EDGE)]
            seen = [("", self.dues(calls)), *((one.cause, self.dues(calls, one)) for one in self.mistakes)]
            pairs = combinations(seen, 2)
            alike = ((a, b) for (a, one), (b, other) in pairs if a != b and _alike(one, other, self.scale))
            if not (two := next(alike, None)):
                return [replace(probes[0], example=True), *probes[1:]]
        one, other = (cause or "a right answer" for cause in two)
        raise AssertionError(
            f"{self.name}: {one} and {other} give the same numbers on all probes; see ALIKE in rule.py"
        )

    def dues(self, calls: list[tuple], made: Mistake | None = None) -> list:
        """Return what is due for each of these calls, or what one mistake makes of it."""
        return [self.due(args, made.parts if made else {}) for args in calls]

    def in_words(self, args: tuple) -> str:
        """Return a call in words: "for the values 10, 20, 40 and beta = 0.9"."""
        if self.shown:
            return self.shown(*args)
        named = (f"{name} = {arg:g}" for name, arg in zip(self.arguments, args, strict=True))
        return f"for {' and '.join(named)}"

    def due(self, args: tuple, parts: dict) -> list[list[float]] | None:
        """Return the numbers of each thing that is due; None where these mistakes have no meaning."""
        try:
            found = self.formula(*args, **parts)
        except (ArithmeticError, ValueError, IndexError):
            return None
        things = found if self.names else (found,)
        numbers = [flat(thing) for thing in things]
        return None if None in numbers else numbers


class Answer:
    """What came back for a probe: the things, the numbers of each, those that are due, and the shapes that are due."""

    def __init__(self, task: Task, probe: Probe, things: Sequence) -> None:
        self.task, self.probe, self.things = task, probe, things
        self.numbers = [flat(thing) for thing in things]
        self.due = task.due(probe.args, {})
        self.sizes = probe.sizes or (((), ()) if task.names else (shape(task.formula(*probe.args)),))
        self.fields = {"name": task.name, "shown": task.in_words(probe.args)}

    def agrees(self, parts: dict | None = None) -> bool:
        """Return whether the numbers are those that are due, or those of a mistake."""
        due = self.task.due(self.probe.args, parts) if parts else self.due
        return due is not None and all(map(partial(near, scale=self.task.scale), self.numbers, due))

    def misshaped(self) -> int | None:
        """Return which thing has another shape than it must have; one number may come in an array of one."""
        loose = self.task.loose or not self.task.names
        for place, (thing, size) in enumerate(zip(self.things, self.sizes, strict=True)):
            single = size == () and loose and len(self.numbers[place] or ()) == 1
            if shape(thing) != size and not single:
                return place
        return None

    @property
    def fine(self) -> bool:
        """Whether it is right, in its numbers and its shapes."""
        return self.agrees() and self.misshaped() is None


def examine(student, probes: Sequence[Probe], task: Task) -> Verdict | None:
    """Return what is wrong with a student's function, or None when it is right for all probes."""
    ran, problems = [], []
    for probe in probes:
        outcome = student.attempt(*probe.given(*probe.args))
        if outcome.problem is None:
            ran.append((probe, outcome.value))
            continue
        last = outcome.problem.cause == "endless" or (not problems and probe.kind != EDGE)
        if last and outcome.problem.cause in AT_ONCE:
            return outcome.problem
        problems.append((probe, outcome.problem))
    if not ran:
        return problems[0][1]
    probe, value = ran[0]
    again = student.attempt(*probe.given(*probe.args))
    if again.problem or repr(again.value) != repr(value):
        return wrong("remembers", name=task.name)
    answers = []
    for probe, value in ran:
        things = _things(value, task)
        if things is None:
            return _no_pair(probe, value, task)
        answers.append(Answer(task, probe, things))
        if None in answers[-1].numbers:
            return _no_numbers(answers[-1])
    return _by_kind(student, answers, problems, task, probes[0].kind)


def _things(value, task: Task) -> tuple | None:
    """Return what came back, thing by thing; None when a pair is due and none is there."""
    if not task.names:
        return (value,)
    return tuple(value) if isinstance(value, (tuple, list)) and len(value) == 2 else None


def _by_kind(student, answers: list[Answer], problems: list, task: Task, main: str) -> Verdict | None:
    """Return the verdict on all kinds of input: on the main kind by its mistakes, on the others by what they lack."""
    of: dict[str, list[Answer]] = {}
    for answer in answers:
        of.setdefault(answer.probe.kind, []).append(answer)
    stopped = {probe.kind: problem for probe, problem in reversed(problems)}
    first, *others = [kind for kind in of if kind != EDGE] or [EDGE]
    if first != main and not _all_fine(answers):
        return problems[0][1]
    if not _all_fine(of[first]) and first in stopped:
        known = len(of[first]) > 2 and _fewest(of[first], task, 1)
        return named(task, known) if known else stopped[first]
    if not _all_fine(of[first]):
        return explain(student, of[first], task)
    fine = [kind for kind in of if kind not in stopped and _all_fine(of[kind])]
    for kind in others:
        if not _all_fine(of[kind]):
            return _wrong_for(kind, fine, student, of[kind], task)
    for probe, problem in problems:
        return _stops_for(probe, problem, fine, set(of), task)
    edge = of.get(EDGE, [])
    return None if _all_fine(edge) else explain(student, of[first] + edge, task)


def _wrong_for(kind: str, fine: list, student, answers: list[Answer], task: Task) -> Verdict:
    """Return the verdict on a function that is wrong for one kind of input, without an error."""
    if kind == "whole":
        return wrong("integers/whole", **_side_by_side(answers))
    verdict = explain(student, answers, task)
    cause = next((cause for works, lacks, cause in ONLY if works in fine and lacks == kind), None)
    if cause is None or verdict.cause not in ("other", "shape", "length", "integers"):
        return verdict
    return wrong(f"{cause}/wrong", name=task.name, error=verdict.sentence)


def _stops_for(probe: Probe, problem: Verdict, fine: list, ran: set, task: Task) -> Verdict:
    """Return the verdict on a function that is right, but stops for one kind of input or for one input."""
    error = retold(problem)
    if problem.cause != "raised":
        return problem
    if probe.kind == "whole":
        return wrong("integers/stops", name=task.name, error=error)
    for works, lacks, cause in ONLY:
        if works in fine and lacks == probe.kind and lacks not in ran:
            verdict = wrong(cause, name=task.name, error=error)
            return replace(verdict, place=verdict.place or problem.place)
    return replace(problem, sentence=f"{task.in_words(probe.args)} {problem.sentence}")


def retold(problem: Verdict) -> str:
    """Return "it stopped with …" from "your ewa stopped with …"."""
    return "it " + problem.sentence.removeprefix("your ").split(" ", 1)[-1]


def _all_fine(answers: list[Answer]) -> bool:
    return all(one.fine for one in answers)


# --- which mistakes explain it ---------------------------------------------------------------------------------


def explain(student, answers: list[Answer], task: Task) -> Verdict:
    """Return the verdict on answers that are not all right: by a mistake that is known, or by what they look like."""
    if all(one.agrees() for one in answers):
        return _misshaped(answers)
    return (
        _constant(answers)
        or _path(answers)
        or _nested(answers)
        or _known(answers, task)
        or _infinite(answers)
        or _decimals(answers, task)
        or (_misshaped(answers) if answers[0].sizes == ((),) else None)
        or _ignored(student, answers, task)
        or _misshaped(answers)
        or _other(answers)
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
        return named(task, found)
    if not task.names:
        return None
    turned = [Answer(task, one.probe, one.things[::-1]) for one in answers]
    found = _fewest(turned, task, 1)
    if not found and not all(one.agrees() for one in turned):
        return None
    first, second = task.names
    verdict = wrong("swapped_results", name=task.name, first=first, second=second)
    for one in found:
        sentence = f"{verdict.sentence} And {_words(task, one)[0]}"
        verdict = replace(verdict, cause=f"{verdict.cause}+{one.cause}", sentence=sentence)
    return verdict


def _fewest(answers: list[Answer], task: Task, most: int) -> tuple[Mistake, ...]:
    """Return the fewest mistakes that explain all answers; none when none do."""
    found = (chosen for chosen, parts in slips(task, most) if all(one.agrees(parts) for one in answers))
    return next(found, ())


def named(task: Task, found: tuple[Mistake, ...]) -> Verdict:
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


def formula_task(
    name: str,
    arguments: tuple[str, ...],
    formula: Callable,
    others: dict,
    *written: str,
    draw: Callable,
    **more,
) -> Task:
    """Return the task of a function of one formula.

    others: the name of a mistake -> the formula that it stands for. written: ways to write the formula, in which
    brackets may be forgotten. A mistake that gives what the formula or one before it gives is left out.
    """

    def due(*args, value=formula):
        return value(*args)

    task = Task(name, arguments, due, (), draw, **more)
    calls = [probe.args for probe in draw(Random(0))[1:]]
    kept, seen = [], [task.dues(calls)]
    named = (mistake(words, value=value) for words, value in others.items())
    for one in (*named, *forgotten_brackets(", ".join(arguments), *written)):
        found = task.dues(calls, one)
        if None not in found and not any(_alike(found, other, 0.0) for other in seen):
            kept.append(one)
            seen.append(found)
    return replace(task, mistakes=tuple(kept))


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
    """Return whether two lists of what is due hold the same; what has no meaning is like nothing."""
    return all(
        a and b and all(map(partial(near, scale=scale), a, b)) for a, b in zip(one, other, strict=True)
    )


# --- what can go wrong in any function -----------------------------------------------------------------------------


def _no_numbers(answer: Answer) -> Verdict:
    """Return the verdict on something that is no number, nor numbers."""
    place = answer.numbers.index(None)
    thing = answer.things[place]
    if answer.task.names:
        return wrong(
            "no_numbers/pair", name=answer.task.name, part=answer.task.names[place], got=formatted(thing)
        )
    kind = "text" if isinstance(thing, str) else "a dict" if isinstance(thing, dict) else formatted(thing)
    return wrong("no_numbers", name=answer.task.name, shown=f" {answer.fields['shown']}", got=kind)


def _no_pair(probe: Probe, value, task: Task) -> Verdict:
    """Return the verdict on what came back where two things are due."""
    first, second = task.names
    fields = {"name": task.name, "first": first, "second": second}
    alone = bool(probe.sizes and probe.sizes[0]) and shape(value) == probe.sizes[0]
    nested = isinstance(value, (tuple, list)) and any(isinstance(one, (tuple, list)) for one in value)
    if isinstance(value, (tuple, list)) and (len(value) != 1 or nested) and not alone:
        many = len(value) > 4 or nested
        return wrong("path/list" if many else "too_many_values", count=len(value), **fields)
    numbers, due = flat(value), task.due(probe.args, {})
    if numbers is None:
        return wrong("no_pair", got=formatted(value), **fields)
    last = near(numbers, due[1]) and not near(numbers, due[0])
    missing, there = (first, second) if last else (second, first)
    return replace(wrong("only_one", missing=missing, **fields), cause=f"only_{there}")


def _misshaped(answers: list[Answer]) -> Verdict | None:
    """Return the verdict on the first thing that has another shape than it must have."""
    for one in answers:
        place = one.misshaped()
        if place is not None:
            name, part = ("shape", one.task.names[place]) if one.task.names else ("length", "")
            got, due = size(shape(one.things[place])), size(one.sizes[place])
            return wrong(name, part=part, got=got, due=due, **one.fields)
    return None


def _nested(answers: list[Answer]) -> Verdict | None:
    """Return the verdict on as many numbers as are due, but in lists inside of lists."""
    deeper = [
        one
        for one in answers
        for thing, due in zip(one.things, one.sizes, strict=True)
        if len(shape(thing) or ()) > max(1, len(due)) and len(flat(thing)) == prod(due)
    ]
    return _misshaped(deeper)


def size(found: tuple | None) -> str:
    """Return a shape in words."""
    if not found:
        return "one number" if found == () else "rows of different lengths"
    if found == (1,):
        return "a list or an array with one number in it"
    return f"{found[0]} numbers" if len(found) == 1 else f"an array of the shape {found}"


def _path(answers: list[Answer]) -> Verdict | None:
    """Return the verdict on a descent that returns each step's w or b, with or without the start."""
    for one in answers:
        steps = getattr(one.probe.args[0], "steps", 0)
        for part, thing, due in zip(one.task.names, one.things, one.sizes, strict=False):
            if steps > 1 and shape(thing) in ((steps, *due), (steps + 1, *due)):
                return wrong("path", name=one.task.name, part=part)
    return None


def _constant(answers: list[Answer]) -> Verdict | None:
    """Return the verdict on one and the same number for everything, though others are due."""
    got = {tuple(one.numbers[0]) if one.sizes == ((),) else () for one in answers}
    due = {tuple(one.due[0]) for one in answers}
    if len(answers) < 2 or len(got) > 1 or len(got.pop()) != 1 or len(due) < 2 or _infinite(answers):
        return None
    name, own = answers[0].task.name, f"constant/{answers[0].task.name}"
    return wrong(own if own in sentences() else "constant", name=name, got=formatted(answers[0].things[0]))


def _infinite(answers: list[Answer]) -> Verdict | None:
    """Return the verdict on numbers that are infinite, or none at all."""
    for one in answers:
        for numbers, thing in zip(one.numbers, one.things, strict=True):
            if not all(map(isfinite, numbers)):
                return wrong("nan", got=formatted(thing), **one.fields)
    return None


def _ignored(student, answers: list[Answer], task: Task) -> Verdict | None:
    """Return the verdict on a function that gives the same whenever one argument alone is another."""
    if len(answers[0].probe.args) != len(task.arguments) or not any(answers[0].numbers):
        return None
    for place, argument in enumerate(task.arguments):
        same = [_unmoved(student, one, place, other) for one in answers for other in answers[-2:]]
        if True in same and False not in same:
            return replace(wrong("ignored", name=task.name, argument=argument), cause=f"{argument}_ignored")
    return None


def _unmoved(student, one: Answer, place: int, other: Answer) -> bool | None:
    """Return whether the answer stays as it is with this argument of another call; None where it should stay."""
    probe, task = one.probe, one.task
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
        both = [pair for one in pairs for pair in zip(*one, strict=True)]
        if not any(a for a, _ in both) or all(b == b // 1 for _, b in both):
            continue
        if all(a == a // 1 and abs(a - b) < 1 for a, b in both):
            of = f" for {part}" if part else ""
            return wrong("integers", name=task.name, of=of, got=formatted([a for a, _ in both]))
        for digits in (1, 2, 3):
            if all(abs(a - b) <= 3 * 10**-digits and abs(a - round(a, digits)) < 1e-9 for a, b in both):
                return wrong("rounded", name=task.name, digits=f"{digits} decimal{'s' * (digits != 1)}")
    return None


def _side_by_side(answers: list[Answer]) -> dict:
    """Return the first wrong answer and what is due, in words."""
    one = next(answer for answer in answers if not answer.fine)
    digits = 4 if [*map(formatted, one.numbers)] != [*map(formatted, one.due)] else 9
    if not one.task.names:
        pairs = enumerate(zip(one.numbers[0], one.due[0], strict=False))
        place = next((place for place, (got, due) in pairs if not near([got], [due])), 0)
        if place > 3:
            got, due = (formatted(numbers[place], digits) for numbers in (one.numbers[0], one.due[0]))
            return {**one.fields, "got": f"{got} as number {place + 1}", "due": due}
    labels = [f"{name} = " for name in one.task.names] or [""]
    got, due = (
        " and ".join(label + _row(part, digits) for label, part in zip(labels, parts, strict=True))
        for parts in (one.numbers, one.due)
    )
    return {**one.fields, "got": got, "due": due}


def _row(numbers: list, digits: int) -> str:
    return f"[{formatted(numbers, digits)}]" if len(numbers) > 1 else formatted(numbers, digits)


def _other(answers: list[Answer]) -> Verdict:
    """Return the verdict on a wrong answer without a name: the example of the text first, when that is wrong."""
    example = [one.fine for one in answers if one.probe.example]
    name = {(): "other", (True,): "other/later", (False,): "other/example"}[tuple(example)]
    return wrong(name, **_side_by_side(answers))
