"""The zeros that a descent begins with: `initialize_velocity`."""

from __future__ import annotations

import numpy as np

from lesson_utils.checks.numbers import flat, same, shape, spoken
from lesson_utils.checks.pairs import shaped, signed, sized
from lesson_utils.checks.verdict import Verdict, right, wrong

_array = np.array


def examine_initialize_velocity(notebook, random) -> Verdict:
    """Look at `initialize_velocity(parameters)`."""
    name = "initialize_velocity"
    student = notebook.function(name, ("parameters",), by_hand=True)
    sizes = {"vector": (3,), "table": (2, 3), "whole": (4,), "number": (), "whole number": ()}
    numbers = (
        {"w": "vector", "b": "number"},
        {"w": "table", "b": "vector"},
        {"W1": "table", "b1": "vector", "W2": "whole"},
        {"w": "vector", "b": "whole number"},
    )
    raised = None
    for kinds in numbers:
        parameters = {key: _parameter(random, kind, sizes[kind]) for key, kind in kinds.items()}
        outcome = student.attempt(parameters)
        if outcome.problem:
            if outcome.problem.cause != "raised":
                return outcome.problem
            raised = raised or (kinds, outcome.problem)
            continue
        if verdict := _velocity(name, parameters, kinds, outcome.value):
            return verdict
    if raised:
        return _velocity_raised(name, student, random, sizes, *raised)
    return right(
        "Parameters of several names and shapes each got zeros of their own shape, and stayed as they were."
    )


def _parameter(random, kind: str, size: tuple):
    count = size[0] * (size[1] if len(size) == 2 else 1) if size else 1
    if kind == "whole number":
        return random.randint(1, 9)
    if kind == "whole":
        return _array([random.randint(1, 9) for _ in range(count)])
    return shaped([signed(random, 1, 4) for _ in range(count)], kind, size)


def _velocity(name: str, parameters: dict, kinds: dict, got) -> Verdict | None:
    """Return the verdict on the velocity of these parameters, or None when it is right."""
    wanted = [f"v_d{key}" for key in parameters]
    listed = f"{', '.join(parameters)} need {', '.join(wanted)}"
    if not hasattr(got, "keys"):
        return wrong(
            "no_dict",
            f"your {name} must return a dict of velocities, not {spoken(got)}.",
            "What does `{}` make?",
        )
    keys = list(got.keys())
    if set(keys) != set(wanted):
        return _wrong_keys(name, keys, parameters, wanted, listed)
    for (key, parameter), velocity in zip(parameters.items(), (got[key] for key in wanted), strict=True):
        if verdict := _wrong_zeros(name, key, parameter, kinds[key], velocity):
            return verdict
    return None


def _wrong_keys(name, keys, parameters, wanted, listed) -> Verdict:
    said = ", ".join(map(str, keys)) or "none"
    place = "Look at the name under which each velocity is stored, and at what your loop runs over."
    if set(wanted) < set(keys):
        extra = ", ".join(str(key) for key in keys if key not in wanted)
        return wrong(
            "keys", f"your {name} returns more than the velocities: {extra} does not belong there.", place
        )
    if set(parameters) != {"w", "b"} and set(keys) <= {"v_dw", "v_db"}:
        return wrong("hard_coded", f"your {name} knows w and b only: {listed}.", place)
    if set(keys) < set(wanted):
        return wrong(
            "missing", f"your {name} leaves a parameter out: {listed}, and you return {said}.", place
        )
    return wrong("keys", f"your {name} names the velocities {said}; {listed}.", place)


def _wrong_zeros(name, key, parameter, kind, velocity) -> Verdict | None:
    numbers, size = flat(velocity), shape(parameter)
    if numbers is None:
        return wrong(
            "no_numbers",
            f"v_d{key} must hold numbers, not {spoken(velocity)}.",
            "What is stored under that name?",
        )
    if shape(velocity) != size:
        return wrong(
            "shape",
            f"{key} is {sized(size)}, and your {name} makes v_d{key} {sized(shape(velocity))}.",
            "From where does each velocity take its shape? A parameter may also be one number.",
        )
    if same(velocity, parameter):
        return wrong(
            "copied",
            f"v_d{key} holds the values of {key} itself. At the start nothing moves.",
            "What is the velocity of a ball at rest?",
        )
    if numbers and all(x == 1 for x in numbers):
        return wrong(
            "ones",
            f"v_d{key} is filled with ones. At the start nothing moves.",
            "What is the velocity of a ball at rest?",
        )
    if any(x != 0 for x in numbers):
        return wrong(
            "not_zero",
            f"v_d{key} holds {spoken(velocity)}. At the start nothing moves.",
            "`np.empty` promises nothing about its contents.",
        )
    if kind == "whole number" and _all_int(velocity):
        return wrong(
            "integers",
            f"{key} comes as a whole number, and v_d{key} is a whole number too. The zeros must be decimal numbers.",
            "Of which type are the zeros? The parameter must not decide that.",
        )
    if kind == "whole" and _all_int(velocity):
        return wrong(
            "integers",
            f"{key} comes as whole numbers, and so does v_d{key}: a velocity stored there would lose its decimals.",
            "Of which type are the zeros? The parameter must not decide that.",
        )
    return None


def _all_int(value) -> bool:
    """Return whether an array, or the list that it became on its way here, holds integers."""
    value = value.tolist() if hasattr(value, "tolist") else value
    return all(map(_all_int, value)) if isinstance(value, (list, tuple)) else type(value) is int


def _velocity_raised(name, student, random, sizes, kinds, problem) -> Verdict:
    """Return the verdict on a function that stops: for numbers alone, for other names than w and b, or always."""
    tries = {
        "numbers": {"w": "number", "b": "number"},
        "arrays": {"w": "table", "b": "vector"},
    }
    works = {
        label: not student.attempt(
            {key: _parameter(random, kind, sizes[kind]) for key, kind in kinds.items()}
        ).problem
        for label, kinds in tries.items()
    }
    said = problem.sentence.removeprefix("your ")
    if works["arrays"] and not works["numbers"]:
        return wrong(
            "only_vectors",
            f"your {name} works for arrays, but not when a parameter is one number: {said}",
            "A number has no `.shape`. Which function of numpy tells the shape of both?",
        )
    if works["numbers"] and not works["arrays"]:
        return wrong(
            "only_scalars",
            f"your {name} works for numbers, but not for arrays: {said}",
            "What does it do with a parameter?",
        )
    if works["numbers"] and works["arrays"]:
        return wrong(
            "hard_coded",
            f"your {name} works for parameters called w and b, but not for others, such as W1 and b1: {said}",
            "Which names does your function take for granted? Those of the parameters are the keys of the dict.",
        )
    return problem
