"""Runs by loops over plain floats, which use nothing of the package; steps as a learner writes them; frames."""


def settles_by_hand(alpha, beta, kappa, convention="ewa", most=8192):
    """Return the step from which momentum stays within 1 % of its start on x²/2κ + y²/2, or None after `most`."""
    x, v, last = [1.0, 1.0], [0.0, 0.0], 0
    share = 1 - beta if convention == "ewa" else 1.0
    for step in range(1, 2 * most):
        for i, curvature in enumerate((1 / kappa, 1.0)):
            v[i] = beta * v[i] + share * curvature * x[i]
            x[i] -= alpha * v[i]
        far = max(abs(x[0]), abs(x[1]))
        if far > 0.01:
            last = step
        if far > 1e30:
            return None
        if step - last > 3000:
            break
    return last + 1 if last + 1 <= most else None


def said_of(alpha, beta, kappa, convention="ewa"):
    """Return what a sentence must say of a run of momentum."""
    limit = 2 * (1 + beta) / ((1 - beta) if convention == "ewa" else 1)
    if alpha == 0:
        return "stays where it is, because α = 0"
    if alpha >= limit * (1 - 1e-9):
        return "diverges, its limit is α" if alpha > limit * (1 + 1e-9) else "swings for ever"
    settled = settles_by_hand(alpha, beta, kappa, convention)
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
