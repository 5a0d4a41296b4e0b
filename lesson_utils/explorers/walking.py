"""What the explorers share that walk an update rule step by step: the learner's own rule, and the walk."""

import numpy as np

from .. import guard, optimizers
from ..drawing import panels as draw
from ..drawing import style
from .base import Explorer

WHOLE = 10**6  # steps; more than any run has
ARROWS = {"true", "push", "velocity"}  # that a walk may have
NO_ARROW = (np.zeros(2), np.zeros(2))
OWN_MOST = 1000  # steps a learner's own function is followed, drawn or not


def is_walking(path, at, steps):
    """Return True when a step comes after `at`: neither the run nor its numbers end there."""
    return at < steps and bool(np.isfinite(path.w[at + 1]).all())


def place_walk(panels, here, arrows):
    """Put the walk's point `here`, with its arrows, name -> (tail, vector); here=None hides them all."""
    draw.show(panels["here"], here is not None)
    if here is not None:
        draw.put(panels["here"], here[:1], here[1:])
    for name in ARROWS & panels.keys():
        draw.point_arrow(panels[name], *arrows.get(name, NO_ARROW))


class WalkingExplorer(Explorer):
    """An explorer of a run.

    step : the learner's own update rule, to be drawn instead of the built-in one.
    """

    signature = ""  # of the learner's step

    def __init__(self, step=None, **settings):
        if step is not None and not callable(step):
            raise TypeError(f"step: {step!r} is not a function; allowed is {self.signature}")
        self._step, self._prints = step, guard.Prints()
        super().__init__(**settings)

    def _own_look(self):
        """Return the look of momentum's path, which is the learner's when there is a step of theirs."""
        return style.path_of(style.MOMENTUM, **({"label": "your step"} if self._step else {}))

    def _at_its_end(self, values):
        """A run that is shown whole is shown whole in the other pictures, however long it is there."""
        walk = self.controls.get(self.player)
        whole = walk is not None and self.player not in values and walk.value >= walk.max
        return {self.player: WHOLE} if whole else {}

    def _guarded(self, walk):
        """Run a walk with the learner's step; whatever goes wrong comes back as a sentence."""
        with self._prints:
            return guard.run_path(walk, name=getattr(self._step, "__name__", "step"))

    def _own_run(self, key, gradient, start, alpha, beta, count, step=None):
        """Return the Path of the learner's step, followed for `count` steps, and at least OWN_MOST, drawn or not.

        key : what the gradient depends on. A run stays while all that it depends on does: a step with random
        numbers is one run from its first step to its last. An error is not kept, so that a mended step is seen.
        step : a function that returns the learner's step as (w, v, dw, alpha, beta) -> (w, v), if it is not such a one
        """
        count = max(count, OWN_MOST)

        def walk():
            own = step() if step else guard.GuardedStep(self._step)
            return optimizers.momentum(gradient, start, alpha, beta, count, step=own)

        return self._cached("own", (key, *start, alpha, beta, count), lambda: self._guarded(walk))

    def _own_descent(self, key, gradient, start, alpha, count):
        """Return the Path of the learner's step(w, dw, alpha), as `_own_run` does."""

        def step():
            own = guard.GuardedStep(self._step, returns=1)
            return lambda w, v, dw, alpha, beta: (own(w, dw, alpha), dw)

        return self._own_run(key, gradient, start, alpha, 0.0, count, step)
