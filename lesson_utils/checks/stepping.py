"""Homework 2: momentum."""

from __future__ import annotations

from lesson_utils.checks.descents import broken_walks, walk
from lesson_utils.checks.limits import examine_alpha_limit, examine_largest_alpha
from lesson_utils.checks.moves import HEAVY_BALL, LECTURE, Form, broken_steps, over
from lesson_utils.checks.numbers import flat
from lesson_utils.checks.pairs import STEP, Pair, agrees, descent_probes, examine_pair, step_probes, two_of
from lesson_utils.checks.predictions import examine_first_steps
from lesson_utils.checks.two_forms import examine_heavy_ball_alpha, examine_path_gap
from lesson_utils.checks.velocities import examine_initialize_velocity
from lesson_utils.checks.verdict import Verdict, right, wrong


def _examine_step(notebook, random, name: str, form: Form, why: str) -> Verdict:
    student = notebook.function(name, STEP, by_hand=True)

    def computed(stepped):
        def numbers(probe):
            w, v = over(stepped, probe)
            return [*w, *v]

        return numbers

    pair = Pair(
        name,
        ("w", "v"),
        computed(form.step),
        lambda: ((slips, computed(stepped)) for slips, stepped in broken_steps(form)),
    )
    return examine_pair(student, step_probes(random), pair) or right(why)


def examine_momentum_step(notebook, random) -> Verdict:
    """Look at `momentum_step(w, v, dw, alpha, beta)`."""
    why = (
        "Random numbers, vectors and tables came back right in w and in v, also from a v that was not zero; "
        "and beta = 0 gave plain descent."
    )
    return _examine_step(notebook, random, "momentum_step", LECTURE, why)


def examine_heavy_ball_step(notebook, random) -> Verdict:
    """Look at `heavy_ball_step(w, v, dw, alpha, beta)`."""
    why = "Random numbers, vectors and tables came back right in w and in v, also from a v that was not zero."
    return _examine_step(notebook, random, "heavy_ball_step", HEAVY_BALL, why)


def examine_descend(notebook, random) -> Verdict:
    """Look at `descend(gradient, w, b, alpha, beta, steps)`."""
    name = "descend"
    student = notebook.function(name, ("gradient", "w", "b", "alpha", "beta", "steps"), by_hand=True)
    pair = Pair(
        name,
        ("w", "b"),
        lambda probe: walk(probe.task),
        lambda: (
            (slips, lambda probe, walked=walked: walked(probe.task)) for slips, walked in broken_walks()
        ),
    )
    probes = descent_probes(random)
    verdict = examine_pair(student, probes, pair)
    if verdict and verdict.cause == "other":
        return _where_it_leaves(name, student, probes, pair) or verdict
    return verdict or right(
        "Descents of different lengths, in bowls where w and b depend on each other, ended where the four lines lead, "
        "for single numbers and for arrays."
    )


def _where_it_leaves(name, student, probes, pair) -> Verdict | None:
    """Return the verdict on a descent whose mistake has no name: whether its first step was right."""
    probe = probes[0]
    first = two_of(student.attempt(*probe.arguments()).value)
    if first is None or not agrees(probe, [flat(part) for part in first], pair.right):
        return None
    return wrong(
        "second_step",
        f"the first step of your {name} is right, and later ones are not.",
        "Look at what goes from one step to the next: w, b and both velocities.",
    )


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
