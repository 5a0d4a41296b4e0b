"""What a figure must say of a run; steps as a learner writes them; frames."""

from lesson_utils import theory


def said_of(alpha, beta, kappa, convention="ewa"):
    """Return what a sentence must say of a run of momentum; tests/test_theory.py holds the count against runs."""
    limit = 2 * (1 + beta) / ((1 - beta) if convention == "ewa" else 1)
    if alpha == 0:
        return "stays where it is, because α = 0"
    if alpha >= limit * (1 - 1e-9):
        return "diverges, its limit is α" if alpha > limit * (1 + 1e-9) else "swings for ever"
    settled = theory.steps_to_settle((1 / kappa, 1.0), alpha, beta, convention=convention)
    return "has not settled" if settled is None else f"settles in {settled} step"


def frame_at(explorer, **changes):
    """Move the explorer's own figure to its settings with these changes; return the Frame. No control moves."""
    return explorer.stage.frame({**explorer.settings, **changes})


def words_at(explorer, **changes):
    """Return the sentence that stands under the figure at these changes."""
    return frame_at(explorer, **changes).twin


def good(w, v, dw, alpha, beta):
    v = beta * v + (1 - beta) * dw
    w = w - alpha * v
    return w, v


def heavy_ball(w, v, dw, alpha, beta):
    v = beta * v + dw
    return w - alpha * v, v


def never_ends(w, v, dw, alpha, beta):
    while True:
        w = w - 0
