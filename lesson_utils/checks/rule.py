"""The one rule of this course, v = βv + (1−β)x, a step and a descent with it, and what students do wrong in them.

One number at a time, in plain Python. Each mistake replaces parts: `rule` (the line of v), `move` (the line of w),
`returned`, and of a descent `wire` (how w and b take their steps), `slope` (where the gradient is taken), `count`
and `result`.

rule(v, x, beta, take, alpha, w): take is the weight of what comes in, 1 − β in the lecture's form and 1 in the heavy
ball. move(w, old, v, dw, alpha, beta, take): old is the v from before this step.
"""

from __future__ import annotations

from collections.abc import Callable

from lesson_utils.checks.verdict import Mistake, mistake


def right_rule(v, x, b, t, a=1.0, w=0.0):
    """Return the new v."""
    return b * v + t * x


def step(
    w, v, dw, alpha, beta, take=None, *,
    rule=right_rule, move=lambda w, old, v, dw, a, b, t: w - a * v, returned=lambda old, v, dw, a: v,
):  # fmt: skip
    """Return the new (w, v); take: the weight of the gradient when it is not 1 − β."""
    t = 1 - beta if take is None else take
    new = rule(v, dw, beta, t, alpha, w)
    return move(w, v, new, dw, alpha, beta, t), returned(v, new, dw, alpha)


def limit(curvature: float, beta: float) -> float:
    """Return the largest α with which a descent in the lecture's form still converges."""
    return 2 * (1 + beta) / ((1 - beta) * curvature)


IN_BOTH = (
    mistake("no_beta_v", rule=lambda v, x, b, t, a, w: t * x),
    mistake("kept_whole", rule=lambda v, x, b, t, a, w: v + t * x),
    mistake("sign_v", rule=lambda v, x, b, t, a, w: b * v - t * x),
    mistake("sign_beta_v", rule=lambda v, x, b, t, a, w: t * x - b * v),
    mistake("same_weight", rule=lambda v, x, b, t, a, w: b * v + b * x),
    mistake("squared", rule=lambda v, x, b, t, a, w: b * v + t * x * x),
    mistake("unsigned", rule=lambda v, x, b, t, a, w: b * v + t * abs(x)),
    mistake("no_x", rule=lambda v, x, b, t, a, w: b * v),
)
"""Mistakes in the line of v that are made in either form."""
IN_AVERAGE = (
    mistake("swapped", rule=lambda v, x, b, t, a, w: t * v + b * x),
    mistake("share_missing", rule=lambda v, x, b, t, a, w: b * v + x),
    *IN_BOTH,
    mistake("one_plus_beta", rule=lambda v, x, b, t, a, w: b * v + (1 + b) * x),
    mistake("same_weight/small", rule=lambda v, x, b, t, a, w: t * v + t * x),
    mistake("brackets", rule=lambda v, x, b, t, a, w: b * v + 1 - b * x),
    mistake("brackets", rule=lambda v, x, b, t, a, w: b * v + x - b),
    mistake("bracket", rule=lambda v, x, b, t, a, w: b * (v + t * x)),
    mistake("product", rule=lambda v, x, b, t, a, w: b * v * t * x),
    mistake("divided", rule=lambda v, x, b, t, a, w: (b * v + t * x) / t),
)
"""Mistakes in an average: of temperatures, or of gradients in the lecture's form."""
WITH_ALPHA = (
    mistake("w_for_dw", rule=lambda v, x, b, t, a, w: b * v + t * w),
    mistake("integers/v", rule=lambda v, x, b, t, a, w: b * v + t * x // 1),
    mistake("alpha_twice/inside", rule=lambda v, x, b, t, a, w: b * v + a * t * x),
    mistake("alpha_twice/v", rule=lambda v, x, b, t, a, w: a * (b * v + t * x)),
)
LECTURE_V = (*IN_AVERAGE, mistake("v_is_dw", rule=lambda v, x, b, t, a, w: x), *WITH_ALPHA)
HEAVY_V = (
    mistake("share_kept", rule=lambda v, x, b, t, a, w: b * v + (1 - b) * x),
    mistake("swapped/heavy", rule=lambda v, x, b, t, a, w: v + b * x),
    mistake("v_is_dw", rule=lambda v, x, b, t, a, w: x),
    *IN_BOTH[1:],
    *WITH_ALPHA,
    mistake("lecture_scaled", rule=lambda v, x, b, t, a, w: (1 - b) * (b * v + x)),
    mistake("brackets", rule=lambda v, x, b, t, a, w: b * v + 1 - b * x),
)

MOVES = (
    mistake("sign_w", move=lambda w, old, v, dw, a, b, t: w + a * v),
    mistake("no_alpha", move=lambda w, old, v, dw, a, b, t: w - v),
    mistake("alpha_twice/w", move=lambda w, old, v, dw, a, b, t: w - a * a * v),
    mistake("along_dw", move=lambda w, old, v, dw, a, b, t: w - a * dw),
    mistake("old_v", move=lambda w, old, v, dw, a, b, t: w - a * old),
    mistake("step_only", move=lambda w, old, v, dw, a, b, t: -a * v),
    mistake("step_only/length", move=lambda w, old, v, dw, a, b, t: a * v),
    mistake("not_moved", move=lambda w, old, v, dw, a, b, t: w),
    mistake("nesterov", move=lambda w, old, v, dw, a, b, t: w - a * (b * v + t * dw)),
    mistake("both", move=lambda w, old, v, dw, a, b, t: w - a * (v + dw)),
    mistake("alpha_divides", move=lambda w, old, v, dw, a, b, t: w - v / a),
    mistake("bracket_w", move=lambda w, old, v, dw, a, b, t: a * (w - v)),
    mistake("share_twice", move=lambda w, old, v, dw, a, b, t: w - a * (1 - b) * v),
    mistake("divided/w", move=lambda w, old, v, dw, a, b, t: w - a * v / (1 - b)),
    mistake("brackets/w", move=lambda w, old, v, dw, a, b, t: w - a * b * old + t * dw),
)
RETURNED = (
    mistake("not_carried", returned=lambda old, v, dw, a: old),
    mistake("not_carried/zero", returned=lambda old, v, dw, a: 0.0),
    mistake("returns_dw", returned=lambda old, v, dw, a: dw),
    mistake("returns_step", returned=lambda old, v, dw, a: -a * v),
)
ONE_IDEA = (
    mistake("alpha_inside", rule=lambda v, x, b, t, a, w: b * v + a * t * x, move=lambda w, old, v, dw, a, b, t: w - v),
    mistake("alpha_inside", rule=lambda v, x, b, t, a, w: b * v - a * t * x, move=lambda w, old, v, dw, a, b, t: w + v),
    mistake("alpha_inside", rule=lambda v, x, b, t, a, w: a * (b * v + t * x), move=lambda w, old, v, dw, a, b, t: w - v),
    mistake("sign_v/both", rule=lambda v, x, b, t, a, w: b * v - t * x, move=lambda w, old, v, dw, a, b, t: w + a * v),
)  # fmt: skip
"""Mistakes that show in both lines and are one."""
OF_GRADIENTS = {"x": "the gradient", "old": "the old v"}
"""What the sentences call the parts of the rule, where it averages gradients."""


def of_a_step(v_lines: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """Return the mistakes of a single step."""
    return (*ONE_IDEA, *v_lines, *MOVES, *RETURNED)


# --- a descent with w and b ----------------------------------------------------------------------------------------


class Descent:
    """A descent to make. start: the numbers of w, and b as the last one.

    Those below it have slope(x, t): the gradient at x, in the same order, of step t, counted from 1.
    """

    def __init__(self, start: list, alpha: float, beta: float, steps: int) -> None:
        self.start, self.alpha, self.beta, self.steps = start, alpha, beta, steps


def together(move, x, v, d, task, t):
    """Move w and b, each with its own v: x, v and the gradient d hold the numbers of w, and b as the last one."""
    moved = [move(*one) for one in zip(x, v, d, strict=True)]
    return [place for place, _ in moved], [velocity for _, velocity in moved]


def walk(
    task: Descent,
    *,
    wire: Callable = together,
    count: Callable = lambda steps: steps,
    slope: Callable = lambda task, x, t: task.slope(x, t),
    result: Callable = lambda x, v: x,
    **lines: Callable,
) -> tuple[list, list]:
    """Return the w and the b at which the descent ends; lines: `rule` and `move` of each step."""
    x, v = list(task.start), [0.0] * len(task.start)

    def one(w, v, dw):
        return step(w, v, dw, task.alpha, task.beta, **lines)

    for t in range(1, count(task.steps) + 1):
        x, v = wire(one, x, v, slope(task, x, t), task, t)
    *w, b = result(x, v)
    return w, [b]


def pair(x: list) -> list:
    """Return [w, b]. Raises ValueError where w holds several numbers, and cannot be mixed with b."""
    if len(x) != 2:
        raise ValueError("w holds several numbers")
    return x


def changed(change: Callable) -> Callable:
    """Return the slope in which change(dw, db) stands for dw and db."""
    return lambda task, x, t: [*change(*pair(task.slope(x, t)))]


def _by(change: Callable) -> Callable:
    """Return the wire in which w and b move by change(dw, db)."""
    return lambda move, x, v, d, task, t: together(move, x, v, change(*pair(d)), task, t)


def _parted(w_wire: Callable, b_wire: Callable) -> Callable:
    """Return the wire in which w goes one way, and b another."""

    def wire(*now):
        return [[*one[:-1], other[-1]] for one, other in zip(w_wire(*now), b_wire(*now), strict=True)]

    return wire


def _still(move, x, v, d, task, t):
    return x, v


def _plainly(move, x, v, d, task, t):
    return _less(x, d, task.alpha), together(move, x, v, d, task, t)[1]


def _less(x: list, v: list, alpha: float) -> list:
    """Return x − αv."""
    return [place - alpha * velocity for place, velocity in zip(x, v, strict=True)]


def _after(first: Callable) -> Callable:
    """Return the wire that takes the gradient where another one has moved to."""

    def wire(move, x, v, d, task, t):
        there, _ = first(move, x, v, d, task, t)
        return together(move, x, v, task.slope(there, t), task, t)

    return wire


def _one_v(move, x, v, d, task, t):
    w, shared = move(x[0], v[0], pair(d)[0])
    b, shared = move(x[1], shared, d[1])
    return [w, b], [shared, shared]


def _one_v_first(move, x, v, d, task, t):
    (_, b), shared = _one_v(move, x, v, d, task, t)
    return [x[0] - task.alpha * shared[0], b], shared


def _corrected(move, x, v, d, task, t):
    _, v = together(move, x, v, d, task, t)
    return _less(x, v, task.alpha / (1 - task.beta**t)), v


def _corrected_stored(move, x, v, d, task, t):
    x, v = _corrected(move, x, v, d, task, t)
    return x, [velocity / (1 - task.beta**t) for velocity in v]


def _starts_at_dw(move, x, v, d, task, t):
    return (_less(x, d, task.alpha), d) if t == 1 else together(move, x, v, d, task, t)


def _from_the_start(move, x, v, d, task, t):
    _, v = together(move, x, v, d, task, t)
    return _less(task.start, v, task.alpha), v


def _at_the_start(task, x, t):
    return task.slope(task.start, t)


B_STAYS, W_STAYS = _parted(together, _still), _parted(_still, together)
WIRES = (
    mistake("b_forgotten", wire=B_STAYS),
    mistake("w_forgotten", wire=W_STAYS),
    mistake("b_uses_dw", wire=_by(lambda dw, db: (dw, dw))),
    mistake("w_uses_db", wire=_by(lambda dw, db: (db, db))),
    mistake("crossed", wire=_by(lambda dw, db: (db, dw))),
    mistake("shared_v", wire=_one_v),
    mistake("shared_v", wire=_one_v_first),
    mistake("b_plain", wire=_parted(together, _plainly)),
    mistake("w_plain", wire=_parted(_plainly, together)),
    mistake("stale/db", wire=_parted(together, _after(B_STAYS))),
    mistake("stale/dw", wire=_parted(_after(W_STAYS), together)),
    mistake("corrected", wire=_corrected),
    mistake("corrected_stored", wire=_corrected_stored),
    mistake("starts_at_first", wire=_starts_at_dw),
)
SLOPES = (
    mistake("stale", slope=_at_the_start),
    mistake("arguments_swapped", slope=lambda task, x, t: task.slope(pair(x)[::-1], t)),
)
COUNTS = (
    mistake("one_step", count=lambda steps: min(1, steps)),
    mistake("too_many", count=lambda steps: steps + 1),
    mistake("too_few", count=lambda steps: max(0, steps - 1)),
    mistake("never_none", count=lambda steps: max(1, steps)),
    mistake("not_moved/walk", count=lambda steps: 0),
)
RESULTS = (
    mistake("swapped_results/walk", result=lambda x, v: pair(x)[::-1]),
    mistake("returns_v", result=lambda x, v: v),
)
ALIKE = {"no_beta_v", "no_x", "product", "sign_v", "sign_w", "along_dw", "divided/w"}
"""Mistakes of a step that look like another one in a descent from v = 0, where v stays out of sight."""


def _named(words: str, mistakes: tuple[Mistake, ...]) -> dict:
    return next(one.parts for one in mistakes if one.words == words)


OF_A_WALK = (
    mistake("not_updated", wire=_from_the_start, slope=_at_the_start),
    *COUNTS,
    *WIRES,
    mistake("not_carried/walk", **_named("no_beta_v", LECTURE_V)),
    *(one for one in LECTURE_V if one.words not in ALIKE),
    mistake("sign", **_named("sign_w", MOVES)),
    *(one for one in MOVES if one.words not in ALIKE),
    *SLOPES,
    *RESULTS,
)
"""The mistakes of a whole descent, from v = 0."""
