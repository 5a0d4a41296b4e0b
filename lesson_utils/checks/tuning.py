"""Homework 3: tuning."""

from __future__ import annotations

from functools import partial, wraps
from math import floor, sqrt

from lesson_utils.checks.diagnosis import Mistake
from lesson_utils.checks.minibatches import examine_train, examine_train_settings
from lesson_utils.checks.numbers import finite, flat, spoken
from lesson_utils.checks.settings import beta_outside, creeps, geometric, limit, not_positive, said, settings
from lesson_utils.checks.verdict import Answered, Verdict, not_done, right, wrong
from lesson_utils.personal import LETTERS, Ravine, key, own_ravine, runs_and_kinds, settles, told

BORDER = 1e-12
"""As in `theory`: so near a border counts as on it."""


def _me(notebook):
    """Return the name or number that the student typed, or end the check."""
    me = notebook.names.get("me", ...)
    if not told(me):
        raise Answered(
            not_done("Type your name or number as `me` at the top, run that cell, and come back here.")
        )
    try:
        key(me)
    except (TypeError, ValueError) as error:
        raise Answered(wrong("me", f"{error}.", "Look at the cell at the top that sets `me`.")) from None
    return me


def _in_this_ravine(examine):
    """Let a check that is not passed say first that the notebook's `ravine` was drawn from another name."""

    @wraps(examine)
    def looked(notebook, random) -> Verdict:
        verdict = examine(notebook, random)
        found = notebook.names.get("ravine")
        if (
            verdict.passed
            or type(found) is not Ravine
            or found.curvatures == own_ravine(_me(notebook)).curvatures
        ):
            return verdict
        return wrong(
            "another_ravine",
            "`ravine` belongs to another name than `me`. Run its cell again, then the cell with your answer, and then "
            "this one.",
            "When you change `me`, run the cell with `ravine = own_ravine(me)` and all those below it.",
        )

    return looked


# --- plain descent in the student's own ravine ---------------------------------------------------------------


@_in_this_ravine
def examine_plain_alpha(notebook, random) -> Verdict:
    """Look at `plain_alpha`: does plain descent settle in time?"""
    ravine = own_ravine(_me(notebook))
    (alpha,) = settings(notebook, "plain_alpha")
    if verdict := not_positive(alpha, "plain_alpha"):
        return verdict
    along, across = ravine.curvatures
    steps = settles(ravine.curvatures, alpha)
    if steps is not None and steps <= ravine.plain_steps:
        return right(
            f"Plain descent with this α settles in your ravine in {steps} steps; {ravine.plain_steps} were asked."
        )
    if alpha * across >= 2 * (1 - BORDER):
        return _plain_diverges(alpha, along, across)
    came = "it has not settled after 2000 steps" if steps is None else f"it settles after {steps} steps only"
    asked = f"{came}, and {ravine.plain_steps} are asked"
    if alpha * across > 2 / (1 + along / across):
        return wrong(
            "near_limit",
            f"across the valley αλ₂ is {spoken(alpha * across)}, so near the limit 2 that the zig-zag hardly "
            f"shrinks: {asked}.",
            "By which factor does the distance across the valley shrink at each step? What would a bit less α do?",
        )
    if abs(alpha * across - 1) < 0.03:
        return wrong(
            "one_over",
            "this α is about 1/λ₂. Across the valley it arrives at once, but along the valley it creeps: "
            + asked
            + ".",
            "Across the valley there is room left: a step may go too far and still come nearer.",
        )
    if 1.7 <= alpha < 2:
        return wrong(
            "other_ravine", _would_do(across, f"In yours it creeps along the valley: {asked}."), SCALE
        )
    return wrong(
        "creeps",
        f"this α is too small: along the valley, where λ₁ = {said(along)}, the run creeps, and {asked}.",
        "Which of the two curvatures sets the largest α that is allowed? Go most of the way there.",
    )


SCALE = "When λ₂ is ten times as large, what must become of α so that αλ₂ stays the same?"


def _would_do(across: float, symptom: str) -> str:
    return f"this α would do in the lessons' ravines, where λ₂ = 1; yours has λ₂ = {said(across)}. {symptom}"


def _plain_diverges(alpha: float, along: float, across: float) -> Verdict:
    steep = f"across it αλ₂ is {said(alpha * across)}, the limit is 2, and the run diverges"
    if 0.4 <= alpha * along <= 2.05:
        return wrong(
            "other_direction",
            f"this α fits λ₁, the curvature along the valley. But {steep}.",
            "One α serves both directions. Which of them diverges first when α grows?",
        )
    best_pair = (2 / (sqrt(along) + sqrt(across))) ** 2
    if abs(alpha / best_pair - 1) < 0.01:
        return wrong(
            "momentum_formula",
            "this α comes from the formula of the best pair, which needs momentum. Without it, "
            f"{steep.replace('across it', 'across the valley')}.",
            "Lesson 3 has the best α of plain descent.",
        )
    if 1.7 <= alpha < 2:
        return wrong("other_ravine", _would_do(across, steep[0].upper() + steep[1:] + "."), SCALE)
    return wrong(
        "diverges",
        f"this α is too large: along the valley it would do, but {steep}."
        if alpha * along < 2
        else f"this α is far too large: {steep}.",
        "The limit of plain descent is 2/λ. With which of your two curvatures?",
    )


# --- momentum in the student's own ravine ----------------------------------------------------------------------


@_in_this_ravine
def examine_momentum_settings(notebook, random) -> Verdict:
    """Look at `momentum_alpha` and `momentum_beta`: does momentum settle in time?"""
    ravine = own_ravine(_me(notebook))
    alpha, beta = settings(notebook, "momentum_alpha", "momentum_beta")
    fits = partial(_fits, ravine)
    if fits(alpha, beta):
        steps = settles(ravine.curvatures, alpha, beta)
        return right(
            f"Momentum with this pair settles in your ravine in {steps} steps; {ravine.momentum_steps} were asked, "
            f"and plain descent is content with {ravine.plain_steps}."
        )
    if fits(beta, alpha) and (beta >= 1 or alpha * ravine.curvatures[1] >= limit(beta) * (1 - BORDER)):
        return wrong(
            "swapped",
            "the two numbers look exchanged: as α and β the other way round they would do.",
            "Which of the two must stay below 1?",
        )
    for verdict in (beta_outside(beta, "momentum_beta"), not_positive(alpha, "momentum_alpha")):
        if verdict:
            return verdict
    along, across = ravine.curvatures
    symptom = _symptom(ravine, alpha, beta)
    if alpha * across >= limit(beta) * (1 - BORDER):
        return _momentum_diverges(alpha, beta, ravine, symptom)
    if beta == 0:
        return wrong(
            "plain_settings",
            "with β = 0 this is plain descent, and in your ravine no α brings that below "
            f"{settles((along, across), 2 / (along + across))} "
            f"steps. Asked are {ravine.momentum_steps}.",
            "Choose a β first. Then look how large α may become.",
        )
    if 1.7 <= alpha * across < 2:
        return wrong(
            "plain_settings",
            f"this is the α of plain descent. With β = {said(beta)} at the same α little is gained: {symptom}.",
            "What does β do to the limit of α? That room is the gain.",
        )
    if fits(alpha / (1 - beta), beta):
        return wrong(
            "heavy_ball",
            "this looks like the α of the other form, v = βv + dw. In the lecture's form it is too small: "
            f"{symptom}.",
            "In v = βv + (1−β)dw the gradient is made smaller before it gets into v. What does α have to do "
            "about that?",
        )
    if fits(alpha / across, beta):
        return wrong("other_ravine", _would_do(across, f"In yours, {symptom}."), SCALE)
    return _slow(ravine, alpha, beta, symptom)


def _fits(ravine: Ravine, alpha: float, beta: float) -> bool:
    if not (alpha > 0 and 0 <= beta < 1):
        return False
    steps = settles(ravine.curvatures, alpha, beta, most=ravine.momentum_steps)
    return steps is not None


def _symptom(ravine: Ravine, alpha: float, beta: float) -> str:
    if alpha * ravine.curvatures[1] >= limit(beta) * (1 - BORDER):
        return (
            f"across the valley αλ₂ is {said(alpha * ravine.curvatures[1])}, the limit for this β is "
            f"{said(limit(beta))}, and it diverges"
        )
    steps = settles(ravine.curvatures, alpha, beta)
    came = (
        "the run has not settled after 2000 steps"
        if steps is None
        else f"the run settles after {steps} steps"
    )
    return f"{came}, and {ravine.momentum_steps} are asked"


def _momentum_diverges(alpha: float, beta: float, ravine: Ravine, symptom: str) -> Verdict:
    along, across = ravine.curvatures
    root, other = sqrt(along), sqrt(across)
    best_beta = ((other - root) / (other + root)) ** 2
    best = (2 / (root + other)) ** 2 / (1 - best_beta)
    if abs(beta - best_beta) < 0.02 and abs(alpha * (1 - beta) / best - 1) < 0.1:
        return wrong(
            "divided_twice",
            f"this α looks divided by 1−β once too often: {symptom}.",
            "Is the α that you began with one of the lecture's form, or one of v = βv + dw?",
        )
    if alpha * along >= 0.9:
        return wrong(
            "other_direction",
            f"this α fits λ₁, the curvature along the valley. But {symptom}.",
            "One α serves both directions. Which of them diverges first when α grows?",
        )
    if _fits(ravine, alpha / across, beta):
        return wrong("other_ravine", _would_do(across, symptom[0].upper() + symptom[1:] + "."), SCALE)
    return wrong(
        "diverges",
        f"this α is too large for this β: {symptom}.",
        "The limit of αλ is 2(1+β)/(1−β). Make α smaller, or see what another β does to the limit.",
    )


def _slow(ravine: Ravine, alpha: float, beta: float, symptom: str) -> Verdict:
    """Return the verdict on a pair that converges, but too slowly."""
    along, across = ravine.curvatures
    best_alpha, fewest = _best_for(ravine, beta)
    if alpha < best_alpha / 2 and creeps(along, alpha, beta):
        return wrong(
            "creeps",
            f"this α is too small: along the valley, where λ₁ = {said(along)}, the run creeps, and β cannot "
            "make up for it. " + _sentence(symptom),
            "Leave β for now, and double α until that no longer helps.",
        )
    if fewest > ravine.momentum_steps:
        if beta * (1 + sqrt(along / across)) ** 2 > (1 - sqrt(along / across)) ** 2:
            return wrong(
                "beta_high",
                "β is too high: the run swings past the floor in slow ripples, which shrink by √β = "
                f"{said(sqrt(beta))} a step, "
                f"whatever α is. With this β no α settles it before step {fewest}; {ravine.momentum_steps} "
                "are asked.",
                "By which factor do the ripples have to shrink at each step, to come to 1 % in so many steps?",
            )
        return wrong(
            "beta_low",
            f"β is too low: with it α must stay so small that no α settles the run before step {fewest}; "
            f"{ravine.momentum_steps} are asked.",
            "What does a larger β do to the limit of α?",
        )
    if alpha < best_alpha:
        return wrong(
            "creeps",
            f"this β can do it, but this α is too small: along the valley, where λ₁ = {said(along)}, the run "
            "lags behind. " + _sentence(symptom),
            "Leave β, and make α larger step by step.",
        )
    return wrong(
        "near_limit",
        f"this β can do it, but this α is a bit too large: across the valley αλ₂ is {said(alpha * across)}, "
        "the limit is "
        f"{said(limit(beta))}, and the first swings are wide. " + _sentence(symptom),
        "Leave β, and make α smaller step by step.",
    )


def _sentence(symptom: str) -> str:
    return symptom[0].upper() + symptom[1:] + "."


def _best_for(ravine: Ravine, beta: float) -> tuple[float, int]:
    """Return the α that settles soonest with this β, of a fine row of them, and its steps."""
    top = limit(beta) / ravine.curvatures[1]
    counted = []
    most = 100
    for alpha in geometric(top / 60, top * 0.999, 60):
        if (steps := settles(ravine.curvatures, alpha, beta, most=most)) is not None:
            counted.append((steps, alpha))
    if not counted:
        counted = [
            (settles(ravine.curvatures, alpha, beta, most=4000) or 4000, alpha)
            for alpha in geometric(top / 20, top * 0.999, 12)
        ]
    steps, alpha = min(counted)
    return alpha, steps


# --- from which κ on ---------------------------------------------------------------------------------------------


def kappa_from(beta: float) -> float:
    """Return the κ at which plain descent at its best, (κ−1)/(κ+1) a step, is as slow as √β."""
    return (1 + sqrt(beta)) / (1 - sqrt(beta))


FACTORS = "Write down both factors, plain descent's with κ in it, and momentum's with β. Set them equal, and solve for κ."
KAPPA_MISTAKES = (
    Mistake(
        "memory",
        "what you return is 1/(1−β): that is how many values the average holds, and no κ.",
        FACTORS,
        lambda beta: 1 / (1 - beta),
    ),
    Mistake(
        "root_forgotten",
        "your momentum shrinks by β at each step. While it ripples it shrinks by another factor.",
        "Lesson 7, the wedge: by which factor do the waves shrink?",
        lambda beta: (1 + beta) / (1 - beta),
    ),
    Mistake(
        "not_best_alpha",
        "your plain descent takes α = 1/λ₂, and shrinks by 1 − 1/κ. That is not its best α.",
        "Lesson 3: plain descent's best α goes beyond 1/λ₂. By which factor does it shrink there, in both "
        "directions?",
        lambda beta: 1 / (1 - sqrt(beta)),
    ),
    Mistake(
        "best_pair",
        "this is the κ for which β is the best pair's β. From a much smaller κ on, momentum with this β "
        "already wins.",
        "It has to beat plain descent, not the best pair.",
        lambda beta: kappa_from(beta) ** 2,
    ),
    Mistake(
        "limit",
        "this is 2(1+β)/(1−β), the limit of αλ. For β = 0.9 it comes close by chance, but it is no κ.",
        FACTORS,
        lambda beta: 2 * (1 + beta) / (1 - beta),
    ),
    Mistake(
        "upside_down",
        "your fraction stands upside down: a κ is never below 1.",
        "Solve for κ once more, with care for the signs.",
        lambda beta: 1 / kappa_from(beta),
    ),
    Mistake(
        "twice_root",
        "your momentum shrinks by 2√β at each step. There is no 2 in it: above β = 0.25 that would be growth.",
        "Lesson 7, the wedge: by which factor do the waves shrink?",
        lambda beta: (1 + 2 * sqrt(beta)) / (1 - 2 * sqrt(beta)),
    ),
    Mistake(
        "root_of_kappa",
        "this is the root of the κ that is asked.",
        FACTORS,
        lambda beta: sqrt(kappa_from(beta)),
    ),
)
CONSTANTS = (
    (1, "always", "you say that momentum wins from κ = 1 on, so always. But in a round bowl plain descent "
     "needs one step, and β = 0.9 about 80."),
    (10, "memory", "you return 10 for each β. That is how many values an average with β = 0.9 holds, and no κ."),
    (20, "twenty", "you return 20 for each β. At κ = 20 momentum with β = 0.9 still loses against plain "
     "descent at its best, though it is often shown there."),
    (1442, "best_pair", "you return 1442 for each β. There β = 0.9 is the best pair's β; it wins from a much "
     "smaller κ on."),
    (100, "lesson_ravine", "you return 100 for each β. In that ravine momentum has been winning for long."),
)  # fmt: skip


def examine_kappa_from(notebook, random) -> Verdict:
    """Look at `kappa_from(beta)`."""
    student = notebook.function("kappa_from", ("beta",))
    # At 0.096 and 0.237, rounding up tells κ from the limit of αλ, which is κ + 1/κ. At the last two, rounding to
    # the nearest whole number goes down.
    betas = [0.9, 0.5, round(random.uniform(0.3, 0.8), 3), 0.096, 0.237, 0.7, 0.4]
    answers = [student(beta) for beta in betas]
    for beta, answer in zip(betas, answers, strict=True):
        numbers = flat(answer)
        if numbers is None or len(numbers) != 1:
            return wrong(
                "no_numbers",
                f"your kappa_from must return one number, but for beta = {beta:g} it returns {spoken(answer)}.",
                "Look at what stands behind `return`.",
            )
        if not finite(answer):
            return wrong(
                "nan",
                f"for beta = {beta:g} your kappa_from returns {spoken(answer)}.",
                "Look for a division by zero.",
            )
    found = [flat(answer)[0] for answer in answers]
    if all(_from_there(value, kappa_from(beta)) for value, beta in zip(found, betas, strict=True)):
        return right(
            "At seven β it is where plain descent at its best and momentum shrink the error by the same factor. "
            f"For β = 0.9 that is κ ≈ {kappa_from(0.9):.0f}."
        )
    if max(found) - min(found) <= 1e-6 * abs(found[0]):
        return _same_for_all(found[0])
    for rounded, how in ((floor, "down"), (round, "to the nearest whole number")):
        # Four of them will do: where κ is just below a whole number, the computer may round another way.
        dues = [kappa_from(beta) for beta in (0.9, 0.5, 0.7, 0.4)]
        if [*found[:2], *found[5:]] == [rounded(due) for due in dues]:
            return wrong(
                "rounded_down",
                f"your kappa_from rounds {how}. That ends below κ, where plain descent at its best is still faster.",
                "Leave the number as it comes out, or round it up.",
            )
    for mistake in KAPPA_MISTAKES:
        if all(_agrees(value, mistake.twin(beta)) for value, beta in zip(found, betas, strict=True)):
            return wrong(mistake.cause, mistake.sentence, mistake.place)
    beta, value = next(
        (beta, value)
        for beta, value in zip(betas, found, strict=True)
        if not _from_there(value, kappa_from(beta))
    )
    side = "large" if value > kappa_from(beta) else "small"
    return wrong(
        "other",
        f"for beta = {beta:g} your kappa_from returns {spoken(value)}, and that κ is too {side}: there, "
        f"{'momentum has already won' if side == 'large' else 'plain descent at its best is still faster'}.",
        FACTORS,
    )


def _from_there(value: float, due: float) -> bool:
    """Return whether it is that number as it comes out, or rounded up."""
    rounded_up = value == int(value) and due <= value <= due + 1 + 1e-9
    return abs(value - due) <= 0.005 * due or rounded_up


def _agrees(value: float, due: float) -> bool:
    """Return whether it is that number, or a whole number next to it."""
    return abs(value - due) <= 0.005 * abs(due) or (value == int(value) and abs(value - due) < 1 <= due)


def _same_for_all(value: float) -> Verdict:
    place = "Call kappa_from with two different β. A larger β is slower: does it win sooner or later?"
    for number, cause, sentence in CONSTANTS:
        if abs(value - number) < 0.5:
            return wrong(cause, sentence, place)
    fits = " For 0.9 that is right, but not for others." if _agrees(value, kappa_from(0.9)) else ""
    return wrong("beta_forgotten", f"your kappa_from returns {spoken(value)} for each β.{fits}", place)


# --- what kind of run is it? ---------------------------------------------------------------------------------------

WORDS = {"monoton": "monotone", "creep": "monotone", "rippl": "ripples", "wav": "ripples", "oscill": "oscillates",
         "zig": "oscillates", "diverg": "diverges"}  # fmt: skip
KINDS = ("monotone", "ripples", "oscillates", "diverges")
LAST_SWINGS = "Compare the last swings with the first ones. Where is the run going in the end?"
SIDES = "Count the points between two crossings of the dotted line: is it one at a time, or several?"
SEEN = (
    # (what it is, what was answered, what is shown, cause, sentence, place); the first that occurs is told
    ("oscillates", "diverges", None, "overshoot",
     "an overshoot is taken for divergence: at least one run that you say diverges goes too far at every "
     "step, and still comes nearer.", LAST_SWINGS),
    ("ripples", "diverges", "loss", "rise",
     "a rise of the loss is taken for divergence. With momentum the loss may rise on the way; what counts is "
     "whether the tops of its bumps fall.", LAST_SWINGS),
    ("ripples", "diverges", "w₂", "swing",
     "a wave is taken for divergence: at least one run that you say diverges swings to and fro, less and less.",
     LAST_SWINGS),
    ("monotone", "diverges", None, "slow",
     "slow is not divergent: at least one run that you say diverges comes nearer at every step.", LAST_SWINGS),
    ("diverges", None, None, "growth_missed",
     "at least one run runs away, and you call it something else.", LAST_SWINGS),
    ("ripples", "oscillates", None, "mixed",
     "ripples and zig-zag are mixed up: \"oscillates\" is for a run that changes sides at every step.", SIDES),
    ("oscillates", "ripples", None, "mixed",
     "ripples and zig-zag are mixed up: in ripples several steps lie between one crossing and the next.", SIDES),
    ("monotone", None, None, "creeping",
     "at least one run never crosses the floor, and you give it a word for those that do.", "Does it ever "
         "cross the dotted line?"),
    (None, "monotone", None, "crossing",
     "at least one run that you call monotone crosses the floor, or touches it and rises again.", "A monotone "
         "run never turns round."),
)  # fmt: skip


def examine_kinds(notebook, random) -> Verdict:
    """Look at `kinds`, the dictionary of letters and words."""
    me, answers = _me(notebook), notebook.value("kinds")
    if not isinstance(answers, dict):
        return wrong(
            "no_dictionary",
            'kinds must be a dictionary, such as {"A": "…", "B": "…"}, with a word for each letter.',
            "A dictionary stands in curly brackets, with a colon between each letter and its word.",
        )
    given = {str(letter).strip().upper(): word for letter, word in answers.items()}
    missing = [letter for letter in LETTERS if given.get(letter, ...) in (..., None, "", "…", "...")]
    if len(missing) == len(LETTERS):
        return not_done("Give each of the letters A to F its word in `kinds`.")
    if missing:
        return wrong("missing", f"no word yet for {', '.join(missing)}.", "There are six letters, A to F.")
    words = {letter: _word(given[letter]) for letter in LETTERS}
    for letter, word in words.items():
        if word is None:
            return wrong(
                "word",
                f"{given[letter]!r:.40} is none of the words. They are: {', '.join(KINDS)}.",
                "The section above says what each of them means.",
            )
    drawn = runs_and_kinds(me)
    mistaken = [(kind, words[run.letter], run.shows) for run, kind in drawn if words[run.letter] != kind]
    if not mistaken:
        return right("Each of your six runs has the word that the theory has for its α and β.")
    for kind, word, shows, cause, sentence, place in SEEN:
        for was, answered, of in mistaken:
            if kind in (None, was) and word in (None, answered) and shows in (None, of):
                return wrong(cause, sentence, place)
    raise AssertionError(mistaken)


def _word(answer) -> str | None:
    text = answer.strip().lower() if isinstance(answer, str) else ""
    return next((word for start, word in WORDS.items() if text.startswith(start)), None)


EXERCISES = {
    "plain_alpha": examine_plain_alpha,
    "momentum_settings": examine_momentum_settings,
    "kappa_from": examine_kappa_from,
    "kinds": examine_kinds,
    "train": examine_train,
    "train_settings": examine_train_settings,
}
