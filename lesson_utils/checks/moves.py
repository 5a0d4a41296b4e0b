"""The slips in a step of momentum and in a whole descent: what each computes, and what to say about it.

Everything is one number at a time and plain Python. A step is (w, v, dw, alpha, beta) -> (w, v); its slips lie
in the line of v, in the line of w, or in what is returned, and a wrong step is explained by the fewest of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from lesson_utils.checks.verdict import Verdict, wrong


@dataclass(frozen=True)
class Slip:
    """One slip: its short name, what to say (after "your step: "), where to look, and the rule that has it."""

    cause: str
    sentence: str
    place: str
    rule: Callable


def lecture_v(w, v, dw, alpha, beta):
    """Return the new v of the lecture's form."""
    return beta * v + (1 - beta) * dw


def heavy_v(w, v, dw, alpha, beta):
    """Return the new v of the heavy ball."""
    return beta * v + dw


def along_v(w, old, v, dw, alpha, beta):
    """Return the new w, from the new v."""
    return w - alpha * v


def step(w, v, dw, alpha, beta, *, v_line=lecture_v, w_line=along_v, returned=None):
    """Return the new (w, v) as the given lines compute them."""
    new = v_line(w, v, dw, alpha, beta)
    moved = w_line(w, v, new, dw, alpha, beta)
    return moved, (new if returned is None else returned(v, new, dw, alpha))


_V_LINE = "Look at the line that computes v. "
_W_LINE = "Look at the line that computes w. "

_EITHER_V = (
    Slip(
        "no_beta_v",
        "the new v does not depend on the old one: what was gathered so far is thrown away at every step.",
        _V_LINE + "It has two terms; what does the first one keep?",
        lambda w, v, dw, alpha, beta: (1 - beta) * dw,
    ),
    Slip(
        "v_is_dw",
        "the new v is the gradient alone, so this is plain gradient descent, whatever beta is.",
        _V_LINE + "What does it keep of the old v?",
        lambda w, v, dw, alpha, beta: dw,
    ),
    Slip(
        "sign_beta_v",
        "the old v enters the new one with a minus.",
        _V_LINE + "Both terms of an average are added.",
        lambda w, v, dw, alpha, beta: -beta * v + (1 - beta) * dw,
    ),
    Slip(
        "no_dw",
        "the gradient never enters v, so v can only fade.",
        _V_LINE + "Where does dw stand, and is the factor before it zero?",
        lambda w, v, dw, alpha, beta: beta * v,
    ),
    Slip(
        "squared",
        "the gradient is squared on its way into v. Momentum averages dw itself, with its sign.",
        _V_LINE + "What is done to dw there?",
        lambda w, v, dw, alpha, beta: beta * v + (1 - beta) * dw * dw,
    ),
    Slip(
        "w_for_dw",
        "v gathers w where it should gather the gradient.",
        _V_LINE + "Which of the arguments enters it?",
        lambda w, v, dw, alpha, beta: beta * v + (1 - beta) * w,
    ),
)
_LECTURE_V = (
    Slip(
        "swapped",
        "the two weights look swapped: with beta close to 1, the old v should hardly change, and here it does.",
        _V_LINE + "Which of its two terms must be the large one when beta is .9?",
        lambda w, v, dw, alpha, beta: (1 - beta) * v + beta * dw,
    ),
    Slip(
        "no_one_minus_beta",
        "the new gradient enters v with its full weight, so v is no average: its two weights do not add up to 1.",
        _V_LINE + "What multiplies dw?",
        lambda w, v, dw, alpha, beta: beta * v + dw,
    ),
    *_EITHER_V,
    Slip(
        "integers",
        "the decimals of the gradient's share are lost on its way into v.",
        _V_LINE + "Look for `//`, `int(…)` or a rounding.",
        lambda w, v, dw, alpha, beta: beta * v + (1 - beta) * dw // 1,
    ),
    Slip(
        "no_beta",
        "the old v is kept whole: nothing is ever forgotten, and v only grows.",
        _V_LINE + "What multiplies the old v?",
        lambda w, v, dw, alpha, beta: v + (1 - beta) * dw,
    ),
    Slip(
        "sign_v",
        "the gradient enters v with the wrong sign. v is an average of gradients; going downhill comes after it.",
        _V_LINE + "Is there a minus that does not belong there?",
        lambda w, v, dw, alpha, beta: beta * v - (1 - beta) * dw,
    ),
    Slip(
        "alpha_twice",
        "alpha is applied twice: once inside v, and once more when w moves.",
        _V_LINE + "Which of its factors belongs to the other line?",
        lambda w, v, dw, alpha, beta: beta * v + alpha * (1 - beta) * dw,
    ),
    Slip(
        "alpha_twice",
        "alpha is applied twice: once to v, and once more when w moves.",
        _V_LINE + "Which of its factors belongs to the other line?",
        lambda w, v, dw, alpha, beta: alpha * (beta * v + (1 - beta) * dw),
    ),
    Slip(
        "same_weight",
        "the old v and the gradient have the same weight, beta. The two weights of an average add up to 1.",
        _V_LINE + "What multiplies dw?",
        lambda w, v, dw, alpha, beta: beta * v + beta * dw,
    ),
    Slip(
        "same_weight",
        "the old v and the gradient have the same weight, 1 − beta. The two weights of an average add up to 1.",
        _V_LINE + "What multiplies the old v?",
        lambda w, v, dw, alpha, beta: (1 - beta) * v + (1 - beta) * dw,
    ),
    Slip(
        "one_plus_beta",
        "the gradient's weight is above 1: a plus stands where the weights should add up to 1.",
        _V_LINE + "Look at the sign inside the bracket.",
        lambda w, v, dw, alpha, beta: beta * v + (1 + beta) * dw,
    ),
    Slip(
        "bracket",
        "beta multiplies the whole sum, and not the old v alone.",
        _V_LINE + "How far does the bracket reach?",
        lambda w, v, dw, alpha, beta: beta * (v + (1 - beta) * dw),
    ),
    Slip(
        "product",
        "the two terms of v are multiplied with each other; an average adds them.",
        _V_LINE + "What stands between its two terms?",
        lambda w, v, dw, alpha, beta: beta * v * (1 - beta) * dw,
    ),
    Slip(
        "corrected",
        "v is divided by 1 − beta at every step, so it is no average any more: its weights add up to more than 1.",
        _V_LINE + "Which division is in it? The lines of momentum have none.",
        lambda w, v, dw, alpha, beta: (beta * v + (1 - beta) * dw) / (1 - beta),
    ),
)
_HEAVY_V = (
    Slip(
        "one_minus_beta_kept",
        "this is the lecture's form: in the heavy ball the gradient enters v with its full weight.",
        _V_LINE + "Which factor does the heavy ball leave out?",
        lecture_v,
    ),
    Slip(
        "swapped",
        "beta stands at the wrong term: it multiplies the gradient, and the old v is kept whole.",
        _V_LINE + "Which of the two is to fade?",
        lambda w, v, dw, alpha, beta: v + beta * dw,
    ),
    *_EITHER_V,
    Slip(
        "no_beta",
        "the old v is kept whole: without friction v only grows.",
        _V_LINE + "What multiplies the old v?",
        lambda w, v, dw, alpha, beta: v + dw,
    ),
    Slip(
        "sign_v",
        "the gradient enters v with the wrong sign: going downhill comes after v.",
        _V_LINE + "Is there a minus that does not belong there?",
        lambda w, v, dw, alpha, beta: beta * v - dw,
    ),
    Slip(
        "alpha_twice",
        "alpha is applied twice: once inside v, and once more when w moves.",
        _V_LINE + "Which of its factors belongs to the other line?",
        lambda w, v, dw, alpha, beta: beta * v + alpha * dw,
    ),
    Slip(
        "alpha_twice",
        "alpha is applied twice: once to v, and once more when w moves.",
        _V_LINE + "Which of its factors belongs to the other line?",
        lambda w, v, dw, alpha, beta: alpha * (beta * v + dw),
    ),
    Slip(
        "same_weight",
        "beta multiplies both terms of v; in the heavy ball the gradient enters with its full weight.",
        _V_LINE + "What multiplies dw?",
        lambda w, v, dw, alpha, beta: beta * v + beta * dw,
    ),
    Slip(
        "lecture_scaled",
        "v is multiplied by 1 − beta as a whole. The heavy ball leaves that factor out.",
        _V_LINE + "Which factor does the heavy ball leave out?",
        lambda w, v, dw, alpha, beta: (1 - beta) * (beta * v + dw),
    ),
)
W_SLIPS = (
    Slip(
        "sign_w",
        "w moves uphill: the step goes along v, and the way down is against it.",
        _W_LINE + "Which sign stands before alpha?",
        lambda w, old, v, dw, alpha, beta: w + alpha * v,
    ),
    Slip(
        "no_alpha",
        "alpha is never applied: w moves by the whole of v, whatever the step size is.",
        _W_LINE + "Where does alpha stand?",
        lambda w, old, v, dw, alpha, beta: w - v,
    ),
    Slip(
        "alpha_twice",
        "alpha is applied twice on the way from v to w.",
        "Count how often alpha stands in your lines.",
        lambda w, old, v, dw, alpha, beta: w - alpha * alpha * v,
    ),
    Slip(
        "along_dw",
        "w moves along the gradient, so v is computed and never used.",
        _W_LINE + "Which of the two, dw or v, says where to go?",
        lambda w, old, v, dw, alpha, beta: w - alpha * dw,
    ),
    Slip(
        "old_v",
        "w moves with the old v, the one from before this step.",
        "Which of the two lines comes first, and which name does the new v have?",
        lambda w, old, v, dw, alpha, beta: w - alpha * old,
    ),
    Slip(
        "step_only",
        "what comes back as w is only the change of w.",
        _W_LINE + "From where does the step start?",
        lambda w, old, v, dw, alpha, beta: -alpha * v,
    ),
    Slip(
        "step_only",
        "what comes back as w is only the length of the step, without the place it starts from.",
        _W_LINE + "From where does the step start?",
        lambda w, old, v, dw, alpha, beta: alpha * v,
    ),
    Slip(
        "not_moved",
        "w comes back as it was.",
        _W_LINE + "Is its new value the one that you return?",
        lambda w, old, v, dw, alpha, beta: w,
    ),
    Slip(
        "nesterov",
        "w moves along a v that was averaged with the gradient a second time (Nesterov's way). Momentum takes v itself.",
        _W_LINE + "v alone says where to go.",
        lambda w, old, v, dw, alpha, beta: w - alpha * (beta * v + (1 - beta) * dw),
    ),
    Slip(
        "both",
        "w moves along v and along the gradient as well.",
        _W_LINE + "v alone says where to go.",
        lambda w, old, v, dw, alpha, beta: w - alpha * (v + dw),
    ),
    Slip(
        "alpha_divides",
        "w moves by v divided by alpha, so a small step size gives a long step.",
        _W_LINE + "What is done with alpha?",
        lambda w, old, v, dw, alpha, beta: w - v / alpha,
    ),
    Slip(
        "bracket_w",
        "alpha multiplies w as well as v.",
        _W_LINE + "How far does the bracket reach?",
        lambda w, old, v, dw, alpha, beta: alpha * (w - v),
    ),
    Slip(
        "share_twice",
        "1 − beta is applied once more when w moves.",
        _W_LINE + "Which of its factors belongs to the other line?",
        lambda w, old, v, dw, alpha, beta: w - alpha * (1 - beta) * v,
    ),
)
_RETURN = "Look at the line with `return`. "
_RETURNED = (
    Slip(
        "not_carried",
        "the v that you return is the old one, so it is not carried on to the next step.",
        _RETURN + "Has v got its new value there?",
        lambda old, v, dw, alpha: old,
    ),
    Slip(
        "not_carried",
        "the v that you return is zero, so it is not carried on to the next step.",
        _RETURN + "Has v got its new value there?",
        lambda old, v, dw, alpha: 0.0,
    ),
    Slip(
        "returns_dw",
        "what you return as v is the gradient.",
        _RETURN + "Which two names belong there?",
        lambda old, v, dw, alpha: dw,
    ),
    Slip(
        "returns_step",
        "what you return as v is the change of w, not v.",
        _RETURN + "Which two names belong there?",
        lambda old, v, dw, alpha: -alpha * v,
    ),
)


def _stories(take: Callable) -> tuple[Slip, ...]:
    """Return pairs of slips that are one idea; take(beta): the gradient's weight in v."""

    def inside(w, v, dw, alpha, beta):
        v = beta * v + alpha * take(beta) * dw
        return w - v, v

    def keras(w, v, dw, alpha, beta):
        v = beta * v - alpha * take(beta) * dw
        return w + v, v

    def whole(w, v, dw, alpha, beta):
        v = alpha * (beta * v + take(beta) * dw)
        return w - v, v

    def negated(w, v, dw, alpha, beta):
        v = beta * v - take(beta) * dw
        return w + alpha * v, v

    kept = (
        "alpha is inside the v that comes back. Some libraries keep it there, but here v gathers gradients alone, and "
        "alpha comes in when w moves."
    )
    place = "Alpha belongs to the line that computes w, and to no other."
    return (
        Slip("alpha_inside", kept, place, inside),
        Slip("alpha_inside", kept, place, keras),
        Slip("alpha_inside", kept, place, whole),
        Slip(
            "sign_v",
            "w moves the right way, but with two wrong signs: your v has the opposite sign of the gradients' average.",
            "Look at the sign of dw in the line of v, and at the sign in the line of w.",
            negated,
        ),
    )


@dataclass(frozen=True)
class Form:
    """A way of writing momentum: its right step, and the slips that students make in it."""

    step: Callable
    stories: tuple[Slip, ...]
    v_slips: tuple[Slip, ...]
    v_line: Callable


LECTURE = Form(partial(step, v_line=lecture_v), _stories(lambda beta: 1 - beta), _LECTURE_V, lecture_v)
HEAVY_BALL = Form(partial(step, v_line=heavy_v), _stories(lambda beta: 1.0), _HEAVY_V, heavy_v)


def broken_steps(form: Form) -> Iterator[tuple[tuple[Slip, ...], Callable]]:
    """Yield (slips, step with these slips), those with the fewest slips first."""
    for slip in form.stories:
        yield (slip,), slip.rule
    groups = {"v_line": form.v_slips, "w_line": W_SLIPS, "returned": _RETURNED}
    for count in (1, 2, 3):
        for names in combinations(groups, count):
            for slips in _product([groups[name] for name in names]):
                rules = {name: slip.rule for name, slip in zip(names, slips, strict=True)}
                yield slips, partial(step, **{"v_line": form.v_line, **rules})


def _product(groups: list[tuple]) -> Iterator[tuple]:
    if not groups:
        yield ()
        return
    for first in groups[0]:
        for rest in _product(groups[1:]):
            yield (first, *rest)


def told(name: str, slips: tuple[Slip, ...]) -> Verdict:
    """Return the verdict on one to three slips: the first in words, and that there is more to find."""
    first, *rest = slips
    sentence = f"in your {name} {first.sentence}"
    if rest:
        sentence += f" And {rest[0].sentence}" if len(rest) == 1 else " Two more things are wrong after that."
    return wrong("+".join(slip.cause for slip in slips), sentence, first.place)


def over(stepped: Callable, probe) -> tuple[list[float], list[float]]:
    """Return (w, v) of a step taken number by number."""
    pairs = [
        stepped(w, v, dw, probe.alpha, probe.beta)
        for w, v, dw in zip(probe.w, probe.v, probe.dw, strict=True)
    ]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
