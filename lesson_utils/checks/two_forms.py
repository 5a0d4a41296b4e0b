"""The lecture's form and the heavy ball: the α that makes them one path, and the gap between the two."""

from __future__ import annotations

from lesson_utils.checks.diagnosis import Mistake, diagnose
from lesson_utils.checks.moves import HEAVY_BALL, LECTURE, Form
from lesson_utils.checks.numbers import same, spoken
from lesson_utils.checks.verdict import Verdict, right, wrong


def examine_heavy_ball_alpha(notebook, random) -> Verdict:
    """Look at `heavy_ball_alpha(alpha, beta)`."""
    name = "heavy_ball_alpha"
    student = notebook.function(name, ("alpha", "beta"), by_hand=True)
    probes = [
        (round(random.uniform(1.1, 6), 2), beta)
        # The first is the one that is shown beside a wrong answer; at 0.9 it would give the factor away.
        for beta in (0.64, round(random.uniform(0.55, 0.85), 2), 0.99, 0.0)
    ]
    answers = [student(*probe) for probe in probes]
    if verdict := diagnose(name, probes, answers, _heavy_alpha, ALPHA_MISTAKES, shown=_alpha_shown):
        return verdict
    return right(
        "With four random α, each with another β, you return the α that the theory asks for; and at beta = 0 both rules "
        "have one α. What that does to the path, you measure next."
    )


def _heavy_alpha(alpha: float, beta: float) -> float:
    return (1 - beta) * alpha


def _alpha_shown(probe: tuple) -> str:
    return f"for alpha = {probe[0]:g} and beta = {probe[1]:g}"


ALPHA_MISTAKES = (
    Mistake(
        "grows",
        "your heavy_ball_alpha makes α larger. Without its factor, v is the longer one of the two: what must α do?",
        "Compare the two v for a gradient that is 1 at every step.",
        lambda alpha, beta: alpha / (1 - beta),
    ),
    Mistake(
        "unchanged",
        "your heavy_ball_alpha returns α as it is. With one and the same α, the heavy ball makes longer steps.",
        "Compare the two v for a gradient that is 1 at every step.",
        lambda alpha, beta: alpha,
    ),
    Mistake(
        "times_beta",
        "your heavy_ball_alpha multiplies α by beta. At beta = 0 both rules are plain descent: which α do they need there?",
        "Try beta = 0: what comes out, and what must come out?",
        lambda alpha, beta: beta * alpha,
    ),
    Mistake(
        "one_plus_beta",
        "your heavy_ball_alpha makes α larger by a factor 1 + beta. Look at the sign in the bracket.",
        "Compare the two v for a gradient that is 1 at every step.",
        lambda alpha, beta: (1 + beta) * alpha,
    ),
    Mistake(
        "only_factor",
        "your heavy_ball_alpha returns the factor alone, and never uses alpha.",
        "Which of the two arguments does not stand in your line?",
        lambda alpha, beta: 1 - beta,
    ),
    Mistake(
        "twice",
        "your heavy_ball_alpha applies its factor twice.",
        "How much longer is the one v than the other?",
        lambda alpha, beta: (1 - beta) ** 2 * alpha,
    ),
)

RAVINE, START, GAP_STEPS = (0.01, 1.0), (-9.0, 1.2), 60


def _run(form: Form, alpha: float, beta: float) -> list[list[tuple[float, float]]]:
    """Return (w, v) after each step in the ravine, one list for each direction."""
    runs = []
    for curvature, w in zip(RAVINE, START, strict=True):
        v, run = 0.0, []
        for _ in range(GAP_STEPS):
            w, v = form.step(w, v, curvature * w, alpha, beta)
            run.append((w, v))
        runs.append(run)
    return runs


def _path_gap(alpha: float, beta: float, heavy_alpha: float, part: int = 0) -> float:
    """Return the largest distance in one coordinate of w (part 0) or of v (part 1)."""
    pairs = zip(_run(LECTURE, alpha, beta), _run(HEAVY_BALL, heavy_alpha, beta), strict=True)
    return max(abs(a[part] - b[part]) for one, two in pairs for a, b in zip(one, two, strict=True))


def examine_path_gap(notebook, random) -> Verdict:
    """Look at the number `path_gap`."""
    name = "path_gap"
    got = notebook.number(name)
    if got == 0:
        return wrong(
            "not_walked",
            f"{name} is exactly 0. One path that is computed in two ways differs in the last digits.",
            "Did both runs walk, each with its own step? Or do both names hold one and the same list?",
        )
    if 0 < got < 1e-12:
        return right(
            f"A gap of {got:.0e} after {GAP_STEPS} steps is the rounding of the computer: it is one path."
        )
    if -1e-12 < got < 0:
        return wrong(
            "no_abs",
            f"{name} is below zero, and a distance is not.",
            "Take the size of each difference first.",
        )
    for cause, gap, sentence in GAPS:
        if same(got, gap(), close=0.02):
            return wrong(
                cause, f"{name} = {got:.3g} {sentence}", "Print both α, and the first w of both paths."
            )
    return wrong(
        "other",
        f"{name} = {spoken(got)} is more than the rounding of the computer, 10⁻¹²: these are two paths.",
        "Do both runs start at the same w, with v = 0, and make the same number of steps? Do both steps pass their checks?",
    )


GAPS = (
    ("same_alpha", lambda: _path_gap(4.0, 0.9, 4.0), "is the gap when both rules take the same α."),
    ("grows", lambda: _path_gap(4.0, 0.9, 40.0), "is the gap when the heavy ball takes the larger α."),
    (
        "compared_v",
        lambda: _path_gap(4.0, 0.9, 0.4, part=1),
        "is the gap between the two v. They do differ; the question is about w.",
    ),
)
