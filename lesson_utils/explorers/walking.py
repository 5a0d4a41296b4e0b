"""What the explorers share that walk an update rule step by step: the learner's own rule, and the walk."""

import numpy as np

from .. import guard, optimizers
from ..drawing import panels as draw
from ..drawing import style
from .base import Explorer
from .words import number, steps

MOST = 8192  # steps looked ahead for the sentence under the figure
WHOLE = 10**6  # steps; more than any run has
ARROWS = {"true", "push", "velocity"}  # that a walk may have
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
        if name in arrows:
            draw.point_arrow(panels[name], *arrows[name])
        else:
            draw.show(panels[name], False)


def first_steps(path, count):
    """Return the first `count` steps of a path."""
    return optimizers.Path(path.w[: count + 1], path.v[: count + 1], path.dw[:count], path.diverged_at)


def own_sentence(path, minimum):
    """Say how a run of the learner's own step went, as far as it was followed."""
    if path.diverged_at is not None:
        return f"Your step: runs away, until after {steps(path.diverged_at)} the computer has no numbers left for it."
    settled, count = optimizers.settles_at(path.w, minimum), len(path.dw)
    if settled is not None:
        return f"Your step: settles in {steps(settled)}."
    far = [float(np.abs(w - minimum).max()) for w in (path.w[0], path.w[-1])]
    if far[1] > 10 * far[0]:
        times = number(far[1] / far[0]) if far[1] < 1e6 * far[0] else "more than a million"
        return f"Your step: runs away, after {steps(count)} w is {times} times as far away as at first."
    return f"Your step: has not settled after {steps(count)}."


class WalkingExplorer(Explorer):
    """An explorer of a run.

    step : the learner's own update rule, to be drawn instead of the built-in one.
    """

    own = "step"
    signature = "step(w, v, dw, alpha, beta) -> (w, v)"  # of the learner's step

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

    def _momentum(self, key, loss, start, alpha, beta, count, step=None, **built_in):
        """Return the Path of momentum, or of the learner's step when there is one.

        The learner's is followed for OWN_MOST steps at least, drawn or not. It stays while all that it depends on
        does, which is `key` and what else is given: a step with random numbers is one run from its first step to its
        last. An error is not kept, so that a mended step is seen.
        key : what the loss depends on. step() : the learner's as (w, v, dw, alpha, beta) -> (w, v), if it is not one.
        """
        if self._step is None:
            return optimizers.momentum(loss.gradient, start, alpha, beta, count, **built_in)
        count = max(count, OWN_MOST)

        def walk():
            own = step() if step else guard.GuardedStep(self._step)
            return optimizers.momentum(loss.gradient, start, alpha, beta, count, step=own)

        return self._cached("own", (key, *start, alpha, beta, count), lambda: self._guarded(walk))

    def _descent(self, key, loss, start, alpha, count):
        """Return the Path of plain descent, or of the learner's step(w, dw, alpha), as `_momentum` does."""

        def step():
            own = guard.GuardedStep(self._step, returns=1)
            return lambda w, v, dw, alpha, beta: (own(w, dw, alpha), dw)

        return self._momentum(key, loss, start, alpha, 0.0, count, step)
