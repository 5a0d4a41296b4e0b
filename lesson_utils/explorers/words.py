"""Numbers as words, the same in every figure."""

AT_MINIMUM = "The start is the minimum itself: nothing pulls, and nothing moves."


def number(value):
    """Format a number with three significant digits, with no exponent unless it is very large or small."""
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return f"{value:.2g}"
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return text.replace("-", "−")


def capital(words):
    """Return words that begin a sentence."""
    return words[0].upper() + words[1:]


def point(values):
    """Return "0.1" or "(0.1, 2)"."""
    words = ", ".join(number(float(value)) for value in values)
    return words if len(values) == 1 else f"({words})"


def steps(count):
    """Return "1 step" or "12 steps"."""
    return f"{count} step" if count == 1 else f"{count} steps"


def verdict(alpha, limit, settled, most, *, show_limit=True):
    """Say how a run ends: alpha against its limit, and the step at which it settles (None: not within most).

    show_limit : whether the sentence says where the limit is
    A run that settles although alpha is at its limit or above starts where the steep direction has its floor.
    """
    if alpha == 0:
        return "stays where it is, because α = 0"
    where = f"limit α = {number(limit)}" if show_limit else ""
    beside = f" ({where})" if show_limit else ""
    if settled is not None and alpha >= limit * (1 - 1e-12):
        return f"settles in {steps(settled)}, only from the valley's floor{beside}"
    if alpha > limit * (1 + 1e-12):
        return f"diverges, its limit is α = {number(limit)}" if show_limit else "diverges"
    if alpha >= limit * (1 - 1e-12):
        return f"swings for ever, exactly at its {where}" if show_limit else "swings for ever"
    if settled is None:
        return f"has not settled after {most} steps{beside}"
    return f"settles in {steps(settled)}{beside}"
