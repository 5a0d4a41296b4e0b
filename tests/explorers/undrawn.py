"""An explorer without its picture, which is most of what it costs: for tests of its numbers and its controls."""

from functools import cache

from matplotlib.figure import Figure

from lesson_utils import explorers
from lesson_utils.stage import Frame


def kind_of(name):
    """Return the explorer of that name, such as "Ball" or "Challenge"."""
    return getattr(explorers, name if name in explorers.__all__ else f"{name}Explorer")


def undrawn(kind, **settings):
    """Return an explorer of that kind (or of that name) that computes, and draws nothing."""
    return _undrawn(kind_of(kind) if isinstance(kind, str) else kind)(**settings)


@cache
def _undrawn(kind):
    class Undrawn(kind):
        def _new_figure(self):
            return Figure(figsize=(1, 1)), {}

        def _show(self, panels, settings):
            return Frame(twin="nothing is drawn")

    return Undrawn
