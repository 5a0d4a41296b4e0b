"""What the explorers share that walk an update rule step by step: the learner's own rule, and the walk."""

from .. import guard, optimizers
from .base import Explorer
from .controls import count_box, count_slider

WHOLE = 10**6  # steps; more than any run has
OWN_MOST = 1000  # steps a learner's own function is followed, drawn or not


class WalkingExplorer(Explorer):
    """An explorer of a run, with the run's length in `steps` and the place in it in `step_shown`.

    step : the learner's own update rule, to be drawn instead of the built-in one.
    """

    signature = ""  # of the learner's step
    player = "step_shown"

    def __init__(self, step=None, **settings):
        if step is not None and not callable(step):
            raise TypeError(f"step: {step!r} is not a function; allowed is {self.signature}")
        self._step, self._prints, self._known_run = step, guard.Prints(), (None, None)
        super().__init__(**settings)

    def _walk_controls(self, first, most):
        """Return the controls for the run's length, at most `most`, and for the place in it."""
        steps = count_slider(first["steps"], "steps", 1, most)
        # A box, no slider: the keys of a slider whose end moves with the run go on using its first end.
        walk = count_box(min(first["step_shown"], first["steps"]), "walk to step", 0, first["steps"])
        steps.observe(self._follow_steps, "value")
        return steps, walk

    def _follow_steps(self, change):
        """Keep the walk's end at the run's end, and the walk there if it was there."""
        walk = self.controls["step_shown"]
        at_end = walk.value >= walk.max
        walk.max = change["new"]
        if at_end:
            walk.value = change["new"]

    def _at_its_end(self, values):
        """A run that is shown whole is shown whole in the other pictures, however long it is there."""
        walk = self.controls.get(self.player)
        whole = walk is not None and self.player not in values and walk.value >= walk.max
        return {self.player: WHOLE} if whole else {}

    def _guarded(self, walk, key=None):
        """Run a walk with the learner's step; whatever goes wrong comes back as a sentence.

        key : everything that the walk depends on. While it stays, so does the run: a step with random numbers
        is one run from its first step to its last. An error is not kept, so that a mended step is seen.
        """
        if key is None or self._known_run[0] != key:
            with self._prints:
                path = guard.run_path(walk, name=getattr(self._step, "__name__", "step"))
            if key is None:
                return path
            self._known_run = (key, path)
        return self._known_run[1]

    def _own_descent(self, loss, start, alpha, count):
        """Follow the learner's step(w, dw, alpha) for `count` steps, and at least OWN_MOST; return the Path."""
        own, most = guard.GuardedStep(self._step, returns=1), max(count, OWN_MOST)

        def walk():
            def step(w, v, dw, a, beta):
                return own(w, dw, a), dw

            return optimizers.momentum(loss.gradient, start, alpha, 0.0, most, step=step)

        return self._guarded(walk, (*loss.curvatures, *start, alpha, most))
