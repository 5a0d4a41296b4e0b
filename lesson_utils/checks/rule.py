"""The one rule of this course, v = βv + (1−β)x, a step and a descent with it, and what students do wrong in them.

One number at a time, in plain Python. Each mistake replaces parts: `rule` (the line of v), `move` (the line of w),
`returned`, and of a descent `wire` (how w and b take their steps), `slope` (where the gradient is taken), `count`
and `result`.

rule(v, x, beta, take, alpha, w): take is the weight of what comes in, 1 − β in the lecture's form and 1 in the heavy
ball. move(w, old, v, dw, alpha, beta, take): old is the v from before this step.
"""

from __future__ import annotations

from collections.abc import Callable

from lesson_utils.checks.verdict import Mistake, Unlike, mistake


def right_rule(v, x, b, t, a=1.0, w=0.0):
    """Return the new v."""
    return b * v + t * x


def right_move(w, old, v, dw, a, b, t):
    """Return the new w."""
    return w - a * v


def right_returned(old, v, dw, a):
    """Return what comes back as v."""
    return v


def step(w, v, dw, alpha, beta, take=None, *, rule=right_rule, move=right_move, returned=right_returned):
    """Return the new (w, v); take: the weight of the gradient when it is not 1 − β."""
    t = 1 - beta if take is None else take
    new = rule(v, dw, beta, t, alpha, w)
    return move(w, v, new, dw, alpha, beta, t), returned(v, new, dw, alpha)


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
    mistake(
        "alpha_inside",
        rule=lambda v, x, b, t, a, w: b * v + a * t * x,
        move=lambda w, old, v, dw, a, b, t: w - v,
    ),
    mistake(
        "alpha_inside",
        rule=lambda v, x, b, t, a, w: b * v - a * t * x,
        move=lambda w, old, v, dw, a, b, t: w + v,
    ),
    mistake(
        "alpha_inside",
        rule=lambda v, x, b, t, a, w: a * (b * v + t * x),
        move=lambda w, old, v, dw, a, b, t: w - v,
    ),
    mistake(
        "sign_v/both",
        rule=lambda v, x, b, t, a, w: b * v - t * x,
        move=lambda w, old, v, dw, a, b, t: w + a * v,
    ),
)
"""Mistakes that show in both lines and are one."""


def of_a_step(v_lines: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """Return the mistakes of a single step."""
    return (*ONE_IDEA, *v_lines, *MOVES, *RETURNED)


# --- a descent with w and b ----------------------------------------------------------------------------------------


class Descent:
    """A descent to make. w: a list of numbers; b: a number. slope(w, b, t) -> (dw, db) of step t, counted from 1."""

    def __init__(self, w: list, b: float, alpha: float, beta: float, steps: int, slope: Callable) -> None:
        self.w, self.b, self.alpha, self.beta, self.steps, self.slope = w, b, alpha, beta, steps, slope


def together(move, state, dw, db, task, t):
    """Move w and b, each with its own v: state is (w, b, v of w, v of b)."""
    w, b, v_w, v_b = state
    moved = [move(*one) for one in zip(w, v_w, dw, strict=True)]
    b, v_b = move(b, v_b, db)
    return [one[0] for one in moved], b, [one[1] for one in moved], v_b


def walk(
    task: Descent,
    *,
    rule: Callable = right_rule,
    move: Callable = right_move,
    wire: Callable = together,
    count: Callable = lambda steps: steps,
    slope: Callable = lambda task, state, t: task.slope(state[0], state[1], t),
    result: Callable = lambda state: (state[0], state[1]),
) -> tuple[list, list]:
    """Return the w and the b at which the descent ends."""
    state = (list(task.w), task.b, [0.0] * len(task.w), 0.0)

    def one(w, v, dw):
        return step(w, v, dw, task.alpha, task.beta, rule=rule, move=move)

    for t in range(1, count(task.steps) + 1):
        dw, db = slope(task, state, t)
        state = wire(one, state, dw, db, task, t)
    w, b = result(state)
    return w if isinstance(w, list) else [w], b if isinstance(b, list) else [b]


def single(state) -> None:
    """Refuse to mix w and b where w holds several numbers."""
    if len(state[0]) != 1:
        raise Unlike


def _b_stays(move, state, dw, db, task, t):
    w, _, v_w, _ = together(move, state, dw, db, task, t)
    return w, state[1], v_w, state[3]


def _w_stays(move, state, dw, db, task, t):
    _, b, _, v_b = together(move, state, dw, db, task, t)
    return state[0], b, state[2], v_b


def _b_by_dw(move, state, dw, db, task, t):
    single(state)
    return together(move, state, dw, dw[0], task, t)


def _w_by_db(move, state, dw, db, task, t):
    single(state)
    return together(move, state, [db], db, task, t)


def _crossed(move, state, dw, db, task, t):
    single(state)
    return together(move, state, [db], dw[0], task, t)


def _one_v(move, state, dw, db, task, t):
    single(state)
    w, v = move(state[0][0], state[2][0], dw[0])
    b, v = move(state[1], v, db)
    return [w], b, [v], v


def _one_v_first(move, state, dw, db, task, t):
    single(state)
    v = move(0.0, state[2][0], dw[0])[1]
    b, v = move(state[1], v, db)
    return [state[0][0] - task.alpha * v], b, [v], v


def _b_plain(move, state, dw, db, task, t):
    w, _, v_w, v_b = together(move, state, dw, db, task, t)
    return w, state[1] - task.alpha * db, v_w, v_b


def _w_plain(move, state, dw, db, task, t):
    _, b, v_w, v_b = together(move, state, dw, db, task, t)
    return [w - task.alpha * one for w, one in zip(state[0], dw, strict=True)], b, v_w, v_b


def _db_late(move, state, dw, db, task, t):
    w = together(move, state, dw, db, task, t)[0]
    return together(move, state, dw, task.slope(w, state[1], t)[1], task, t)


def _dw_late(move, state, dw, db, task, t):
    b = together(move, state, dw, db, task, t)[1]
    return together(move, state, task.slope(state[0], b, t)[0], db, task, t)


def _corrected(move, state, dw, db, task, t):
    _, _, v_w, v_b = together(move, state, dw, db, task, t)
    scale = task.alpha / (1 - task.beta**t)
    return [w - scale * v for w, v in zip(state[0], v_w, strict=True)], state[1] - scale * v_b, v_w, v_b


def _corrected_stored(move, state, dw, db, task, t):
    w, b, v_w, v_b = _corrected(move, state, dw, db, task, t)
    share = 1 - task.beta**t
    return w, b, [v / share for v in v_w], v_b / share


def _starts_at_dw(move, state, dw, db, task, t):
    if t > 1:
        return together(move, state, dw, db, task, t)
    w = [x - task.alpha * one for x, one in zip(state[0], dw, strict=True)]
    return w, state[1] - task.alpha * db, dw, db


def _from_the_start(move, state, dw, db, task, t):
    _, _, v_w, v_b = together(move, state, dw, db, task, t)
    w = [x - task.alpha * v for x, v in zip(task.w, v_w, strict=True)]
    return w, task.b - task.alpha * v_b, v_w, v_b


def _swapped(state):
    single(state)
    return state[1], state[0]


def _at_the_start(task, state, t):
    return task.slope(task.w, task.b, t)


def _arguments_swapped(task, state, t):
    single(state)
    return task.slope([state[1]], state[0][0], t)


WIRES = (
    mistake("b_forgotten", wire=_b_stays),
    mistake("w_forgotten", wire=_w_stays),
    mistake("b_uses_dw", wire=_b_by_dw),
    mistake("w_uses_db", wire=_w_by_db),
    mistake("crossed", wire=_crossed),
    mistake("shared_v", wire=_one_v),
    mistake("shared_v", wire=_one_v_first),
    mistake("b_plain", wire=_b_plain),
    mistake("w_plain", wire=_w_plain),
    mistake("stale/db", wire=_db_late),
    mistake("stale/dw", wire=_dw_late),
    mistake("corrected", wire=_corrected),
    mistake("corrected_stored", wire=_corrected_stored),
    mistake("starts_at_first", wire=_starts_at_dw),
)
SLOPES = (mistake("stale", slope=_at_the_start), mistake("arguments_swapped", slope=_arguments_swapped))
COUNTS = (
    mistake("one_step", count=lambda steps: min(1, steps)),
    mistake("too_many", count=lambda steps: steps + 1),
    mistake("too_few", count=lambda steps: max(0, steps - 1)),
    mistake("never_none", count=lambda steps: max(1, steps)),
    mistake("not_moved/walk", count=lambda steps: 0),
)
RESULTS = (
    mistake("swapped_results/walk", result=_swapped),
    mistake("returns_v", result=lambda state: (state[2], state[3])),
)
ALIKE = {"no_beta_v", "no_x", "product", "sign_v", "sign_w", "along_dw", "divided/w"}
"""Mistakes of a step that look like another one in a descent from v = 0, where v stays out of sight."""


def _kept(mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    return tuple(one for one in mistakes if one.words not in ALIKE)


def _part(cause: str, mistakes: tuple[Mistake, ...]) -> dict:
    return next(one.parts for one in mistakes if one.cause == cause)


OF_A_WALK = (
    mistake("not_updated", wire=_from_the_start, slope=_at_the_start),
    *COUNTS,
    *WIRES,
    mistake("not_carried/walk", **_part("no_beta_v", LECTURE_V)),
    *_kept(LECTURE_V),
    mistake("sign", **_part("sign_w", MOVES)),
    *_kept(MOVES),
    *SLOPES,
    *RESULTS,
)
"""The mistakes of a whole descent, from v = 0."""
