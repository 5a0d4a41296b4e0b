"""A whole descent of a weight w and a bias b: the right one, and the slips that students make in it.

In plain Python. A slip replaces one part of `walk`: a line of the step, the wiring of the two steps, the
number of them, where the gradient is taken, or what is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations

import numpy as np

from lesson_utils.checks.moves import LECTURE, W_SLIPS, Slip, along_v, lecture_v, step
from lesson_utils.checks.numbers import flat, shape

_array = np.array


@dataclass
class Task:
    """A descent to make: in a bowl in which w and b depend on each other, so that no gradient can stand in
    for another one.

    w: as the student's function gets it (a number or an array); b: a number. matrix, minimum: those of the bowl.
    """

    w: object
    b: float
    alpha: float
    beta: float
    steps: int
    matrix: list
    minimum: list
    points: list = field(default_factory=list)

    def slope(self, w: list[float], b: float) -> tuple[list[float], float]:
        """Return (dw, db) at a place, w as a list."""
        away = [x - m for x, m in zip([*w, b], self.minimum, strict=True)]
        slopes = [sum(h * x for h, x in zip(row, away, strict=True)) for row in self.matrix]
        return slopes[:-1], slopes[-1]

    def gradient(self):
        """Return the function gradient(w, b) that the student's descent is given; it notes where it is asked."""
        size, noted, slope = shape(self.w), self.points, self.slope

        def gradient(w, b):
            if shape(w) != size or shape(b) != ():
                raise ValueError(f"gradient got w of the shape {shape(w)} and b of the shape {shape(b)}")
            w, b = flat(w), flat(b)[0]
            noted.append((w, b))
            dw, db = slope(w, b)
            return (_array(dw).reshape(size), db) if size else (dw[0], db)

        # What Python calls it in an error that the student reads.
        gradient.__qualname__ = "gradient"
        return gradient


def together(move, state, dw, db, task, t):
    """Move w and b, each with its own v: state is (w, b, v of w, v of b)."""
    w, b, v_w, v_b = state
    moved = [move(*one) for one in zip(w, v_w, dw, strict=True)]
    b, v_b = move(b, v_b, db)
    return [one[0] for one in moved], b, [one[1] for one in moved], v_b


def walk(
    task: Task,
    *,
    v_line: Callable = lecture_v,
    w_line: Callable = along_v,
    wire: Callable = together,
    count: Callable = lambda steps: steps,
    slope: Callable | None = None,
    result: Callable = lambda state: (state[0], state[1]),
) -> list[float]:
    """Return the numbers of w and then of b where the descent ends."""
    start = flat(task.w), float(task.b)
    state = (*start, [0.0] * len(start[0]), 0.0)
    lines = partial(step, v_line=v_line, w_line=w_line)
    move = partial(_moved, lines, task.alpha, task.beta)
    for t in range(count(task.steps)):
        dw, db = (slope or _here)(task, state, start)
        state = wire(move, state, dw, db, task, t + 1)
    w, b = result(state)
    return [*(w if isinstance(w, list) else [w]), *(b if isinstance(b, list) else [b])]


def _moved(lines, alpha, beta, w, v, dw):
    return lines(w, v, dw, alpha, beta)


def _here(task, state, start):
    return task.slope(state[0], state[1])


def _at_the_start(task, state, start):
    return task.slope(*start)


def _arguments_swapped(task, state, start):
    _single(state)
    return task.slope([state[1]], state[0][0])


class Unlike(Exception):  # noqa: N818 - says that a slip cannot be computed for this task
    """A slip that mixes w and b has a meaning only when both are single numbers."""


def _single(state) -> None:
    if len(state[0]) != 1:
        raise Unlike


def _b_stays(move, state, dw, db, task, t):
    w, _, v_w, _ = together(move, state, dw, db, task, t)
    return w, state[1], v_w, state[3]


def _w_stays(move, state, dw, db, task, t):
    _, b, _, v_b = together(move, state, dw, db, task, t)
    return state[0], b, state[2], v_b


def _b_by_dw(move, state, dw, db, task, t):
    _single(state)
    return together(move, state, dw, dw[0], task, t)


def _w_by_db(move, state, dw, db, task, t):
    _single(state)
    return together(move, state, [db], db, task, t)


def _crossed(move, state, dw, db, task, t):
    _single(state)
    return together(move, state, [db], dw[0], task, t)


def _one_v(move, state, dw, db, task, t):
    _single(state)
    w, v = move(state[0][0], state[2][0], dw[0])
    b, v = move(state[1], v, db)
    return [w], b, [v], v


def _b_plain(move, state, dw, db, task, t):
    w, _, v_w, v_b = together(move, state, dw, db, task, t)
    return w, state[1] - task.alpha * db, v_w, v_b


def _w_plain(move, state, dw, db, task, t):
    _, b, v_w, v_b = together(move, state, dw, db, task, t)
    return [w - task.alpha * one for w, one in zip(state[0], dw, strict=True)], b, v_w, v_b


def _db_late(move, state, dw, db, task, t):
    w = together(move, state, dw, db, task, t)[0]
    return together(move, state, dw, task.slope(w, state[1])[1], task, t)


def _dw_late(move, state, dw, db, task, t):
    b = together(move, state, dw, db, task, t)[1]
    return together(move, state, task.slope(state[0], b)[0], db, task, t)


def _corrected(move, state, dw, db, task, t):
    _, _, v_w, v_b = together(move, state, dw, db, task, t)
    scale = task.alpha / (1 - task.beta**t)
    return [w - scale * v for w, v in zip(state[0], v_w, strict=True)], state[1] - scale * v_b, v_w, v_b


def _corrected_stored(move, state, dw, db, task, t):
    w, b, v_w, v_b = _corrected(move, state, dw, db, task, t)
    share = 1 - task.beta**t
    return w, b, [v / share for v in v_w], v_b / share


def _from_the_start(move, state, dw, db, task, t):
    _, _, v_w, v_b = together(move, state, dw, db, task, t)
    w, b = flat(task.w), task.b
    return [x - task.alpha * v for x, v in zip(w, v_w, strict=True)], b - task.alpha * v_b, v_w, v_b


def _swapped(state):
    _single(state)
    return state[1], state[0]


_LOOP = "Look at the lines inside the loop. "
_WIRES = (
    Slip(
        "b_forgotten",
        "only w moves; b stays where it started.",
        _LOOP + "Which names get a new value there?",
        _b_stays,
    ),
    Slip(
        "w_forgotten",
        "only b moves; w stays where it started.",
        _LOOP + "Which names get a new value there?",
        _w_stays,
    ),
    Slip(
        "b_uses_dw",
        "b moves by the gradient of w. It has one of its own.",
        _LOOP + "Follow db from the gradient to b.",
        _b_by_dw,
    ),
    Slip(
        "w_uses_db",
        "w moves by the gradient of b. It has one of its own.",
        _LOOP + "Follow dw from the gradient to w.",
        _w_by_db,
    ),
    Slip(
        "crossed",
        "w moves by the gradient of b, and b by that of w.",
        "Look at the line that calls gradient: in which order do the two values come?",
        _crossed,
    ),
    Slip(
        "shared_v",
        "w and b share one v, so each is pushed by the gradients of the other.",
        "How many velocities does a model with two parameters need?",
        _one_v,
    ),
    Slip(
        "b_plain",
        "b moves along its gradient alone, without momentum.",
        _LOOP + "Compare what is done for b with what is done for w.",
        _b_plain,
    ),
    Slip(
        "w_plain",
        "w moves along its gradient alone, without momentum.",
        _LOOP + "Compare what is done for w with what is done for b.",
        _w_plain,
    ),
    Slip(
        "stale",
        "db is taken after w has moved. Both gradients of a step belong to one and the same place.",
        _LOOP + "When is gradient called, and with which w and b?",
        _db_late,
    ),
    Slip(
        "stale",
        "dw is taken after b has moved. Both gradients of a step belong to one and the same place.",
        _LOOP + "When is gradient called, and with which w and b?",
        _dw_late,
    ),
    Slip(
        "corrected",
        "v is bias-corrected at every step. This descent is asked for without the correction.",
        _LOOP + "Is there a division that the four lines of momentum do not have?",
        _corrected,
    ),
    Slip(
        "corrected_stored",
        "v is bias-corrected, and the corrected value is stored back into v. This descent needs no correction.",
        _LOOP + "Is there a division that the four lines of momentum do not have?",
        _corrected_stored,
    ),
)
_SLOPES = (
    Slip(
        "stale",
        "the gradient is always the one of the starting point. It must be taken anew wherever w and b are now.",
        "Look for the call of gradient: does it stand inside the loop, and which w and b does it get?",
        _at_the_start,
    ),
    Slip(
        "arguments_swapped",
        "gradient gets b where it expects w.",
        "Look at the call of gradient: its first argument is w.",
        _arguments_swapped,
    ),
)
_COUNTS = (
    Slip(
        "one_step",
        "there is one step, however many are asked for.",
        "Look at how far the line with `return` is indented: does it belong to the loop?",
        lambda steps: min(1, steps),
    ),
    Slip(
        "too_many",
        "there is one step too many.",
        "Count by hand for steps = 1: how often does your loop run?",
        lambda steps: steps + 1,
    ),
    Slip(
        "too_few",
        "there is one step too few.",
        "Count by hand for steps = 1: how often does your loop run?",
        lambda steps: max(0, steps - 1),
    ),
    Slip(
        "not_moved",
        "w and b come back as they were.",
        "Do w and b get new values in the loop, and are these the ones that you return?",
        lambda steps: 0,
    ),
)
_RESULTS = (
    Slip(
        "swapped_results",
        "b comes back first and w second.",
        "Look at the line with `return`.",
        _swapped,
    ),
    Slip(
        "returns_v",
        "the two velocities come back instead of w and b.",
        "Look at the line with `return`.",
        lambda state: (state[2], state[3]),
    ),
)
_NOT_CARRIED = Slip(
    "not_carried",
    "v starts anew at every step: what it gathered before is lost, and each step is a short plain one.",
    "Where do the velocities get their zeros, inside the loop or before it? And is the new v kept for the next step?",
    next(slip.rule for slip in LECTURE.v_slips if slip.cause == "no_beta_v"),
)
_SIGN = Slip(
    "sign",
    "the steps go uphill: a sign is wrong, where w and b move or where the gradient enters v.",
    _LOOP + "Which signs stand before alpha, and before the gradient's weight?",
    next(slip.rule for slip in W_SLIPS if slip.cause == "sign_w"),
)
_SAME_HERE = ("no_beta_v", "no_dw", "product", "sign_v", "sign_w", "along_dw")
"""Slips of a step that look like another one in a descent from v = 0, where v stays out of sight."""
_STORY = (
    Slip(
        "not_updated",
        "every step sets out from the starting point again: the new w and b are not used in the next step.",
        _LOOP + "Which names do the new values get, and which names does the next step use?",
        {"wire": _from_the_start, "slope": _at_the_start},
    ),
)


def broken_walks() -> Iterator[tuple[tuple[Slip, ...], Callable]]:
    """Yield (slips, a walk with these slips), those with the fewest slips first."""
    for slip in _STORY:
        yield (slip,), partial(walk, **slip.rule)
    v_lines = (_NOT_CARRIED, *(slip for slip in LECTURE.v_slips if slip.cause not in _SAME_HERE))
    w_lines = (_SIGN, *(slip for slip in W_SLIPS if slip.cause not in _SAME_HERE))
    groups = {
        "count": _COUNTS,
        "wire": _WIRES,
        "v_line": v_lines,
        "w_line": w_lines,
        "slope": _SLOPES,
        "result": _RESULTS,
    }
    singles = [(part, slip) for part, slips in groups.items() for slip in slips]
    for count in (1, 2):
        for chosen in combinations(singles, count):
            if len({part for part, _ in chosen}) == count:
                yield (
                    tuple(slip for _, slip in chosen),
                    partial(walk, **{part: slip.rule for part, slip in chosen}),
                )
