"""The first steps of a descent: momentum starts slowly, and with bias correction it does not."""

from itertools import count
from types import SimpleNamespace

import numpy as np

from .. import bias, optimizers, theory
from ..drawing import panels as draw
from ..drawing import style
from ..guard import GuardedStep
from ..stage import Frame
from .controls import alpha_slider, beta_slider, limit_marks
from .ravine import RavineExplorer, ravine
from .table import by_step
from .walking import first_steps, is_walking, own_sentence, place_walk
from .words import AT_MINIMUM, number, verdict

MOST = 1000  # steps looked ahead for the sentence above the figure
SHOWN = 12  # steps whose lengths are drawn
LOOKS = (style.PLAIN, style.MOMENTUM, style.CORRECTED)
LOSS = (0.705, 0.64, 0.275, 0.245)
LENGTHS = (0.705, 0.1, 0.275, 0.41)
TOPS = (1.2, 2.0, 3.0, 4.7)  # where the axis of the lengths may end, in first steps of plain descent


class FirstStepsExplorer(RavineExplorer):
    """Plain descent, momentum, and momentum with bias correction, all with the same α: how they set out.

    step : a function of yours, (w, v, dw, alpha, beta, t) -> (w, v), t = 1, 2, …, to be drawn instead of the
    corrected one.
    """

    declared = {"alpha": alpha_slider(1.0), "beta": beta_slider(0.9), **ravine(steps=40)}
    signature = "step(w, v, dw, alpha, beta, t) -> (w, v)"
    presets = {
        "α = 1": {"alpha": 1.0, "beta": 0.9, "kappa": 100.0, "steps": 40},
        "α = 4": {"alpha": 4.0, "beta": 0.9, "kappa": 100.0, "steps": 120},
        "α = 10: too large for plain": {"alpha": 10.0, "beta": 0.9, "kappa": 100.0, "steps": 120},
        "A small α": {"alpha": 0.5, "beta": 0.9, "kappa": 100.0, "steps": 40},
        "A long memory": {"alpha": 1.0, "beta": 0.98, "kappa": 100.0, "steps": 300},
    }
    letters = 300
    strip = (presets["α = 4"], presets["α = 10: too large for plain"])
    rows = (("step_shown", "start_1", "start_2"),)

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        loss, start = self._loss_and_start(settings)
        alpha, beta, steps = settings["alpha"], settings["beta"], settings["steps"]
        paths = (
            optimizers.gradient_descent(loss.gradient, start, alpha, steps),
            optimizers.momentum(loss.gradient, start, alpha, beta, steps),
            self._momentum(
                settings["kappa"], loss, start, alpha, beta, steps, self._own_step, bias_correction=True
            ),
        )
        limits = (theory.stability_limit(1.0), theory.stability_limit(1.0, beta))
        # paths: plain, momentum, corrected; lengths: of their first steps
        return SimpleNamespace(
            settings=settings, loss=loss, limits=limits, paths=paths, lengths=_lengths(paths),
            at=min(settings["step_shown"], steps),
        )  # fmt: skip

    def _own_step(self):
        own, t = GuardedStep(self._step, extra=("t",)), count(1)
        return lambda w, v, dw, alpha, beta: own(w, v, dw, alpha, beta, next(t))

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        # The correction leaves the limit as it is.
        panels = self._draw_ravine(figure, LOOKS, on_ruler=LOOKS[:2], loss=LOSS)
        panels["lengths"] = self._draw_lengths(figure.add_axes(LENGTHS))
        return panels

    def _legend(self):
        labels = ("plain", "momentum", "your step" if self._step else "momentum, corrected")
        return [style.path_of(look, label=label) for look, label in zip(LOOKS, labels, strict=True)]

    @staticmethod
    def _draw_lengths(ax):
        ax.set_title("step length, plain's first = 1")
        ax.set(xlim=(0.4, SHOWN + 0.6), xticks=range(1, SHOWN + 1))
        ax.text(1, -0.13, "step", transform=ax.transAxes, ha="right", va="center")
        ax.axhline(1, color="#bbbbbb", linewidth=0.8, zorder=0)
        draw.follow_y(ax)
        lines = [draw.draw_line(ax, zorder=3, **style.path_of(look, markersize=9)) for look in LOOKS]
        return ax, lines

    def _place(self, panels, result):
        settings, at = result.settings, result.at
        title = f"α = {number(settings['alpha'])}, β = {settings['beta']:g}"
        self._place_ravine(panels, result, result.paths, title)
        path = result.paths[2]
        place_walk(panels, path.w[at] if is_walking(path, at, settings["steps"]) else None, {})
        self._place_lengths(*panels["lengths"], result)
        panels["ruler"].show((settings["alpha"],) * 2, result.limits)
        marks = limit_marks(self.controls["alpha"], *result.limits)
        return Frame(
            twin=self._sentence(result),
            label="Contour plot of a long bowl with the paths of plain gradient descent, momentum and momentum "
            "with bias correction, and the length of their first steps.",
            marks={"alpha": marks},
            handles=(self._handle(panels, settings),),
        )

    @staticmethod
    def _place_lengths(ax, lines, result):
        shown = min(SHOWN, result.at)
        for line, lengths in zip(lines, result.lengths, strict=True):
            draw.put(line, np.arange(1, shown + 1), lengths[:shown])
        known = result.lengths[np.isfinite(result.lengths)]
        longest = float(known.max(initial=0.0))
        draw.limit_y(ax, 0, next((top for top in TOPS if top >= longest), TOPS[-1]))

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result):
        settings, curvatures = result.settings, result.loss.curvatures
        alpha, beta = settings["alpha"], settings["beta"]
        start = np.array([settings["start_1"], settings["start_2"]])
        if not start.any() and self._step is None:
            return AT_MINIMUM
        first = result.lengths[:, 0]
        words = ""
        if alpha > 0 and start.any():
            whose = "your step" if self._step else "corrected"
            words = f"First step, as part of plain descent's: momentum {number(first[1])}, {whose} {number(first[2])}. "
        settled = theory.steps_to_settle(curvatures, alpha, start=start, most=MOST)
        words += f"Plain: {verdict(alpha, result.limits[0], settled, MOST)}. "
        settled = theory.steps_to_settle(curvatures, alpha, beta, start, most=MOST)
        words += f"Momentum: {verdict(alpha, result.limits[1], settled, MOST)}. "
        if self._step is not None:
            return words + own_sentence(result.paths[2], result.loss.minimum)
        settled, widest = bias.corrected_settling(curvatures, alpha, beta, start, most=MOST)
        words += f"Corrected: {verdict(alpha, result.limits[1], settled, MOST)}"
        if widest > 1.05 and alpha < result.limits[1]:
            words += f", after swings {number(widest)} times as wide as the start"
        return words + "."

    def _table(self, result):
        names, columns = [], []
        runs = ("plain", "momentum", "your_step" if self._step else "corrected")
        for name, path in zip(runs, result.paths, strict=True):
            path = first_steps(path, result.settings["steps"])
            names += [f"{name}_w1", f"{name}_w2", f"{name}_loss"]
            columns += [path.w, result.loss.loss(path.w)]
        return by_step(names, *columns)


def _lengths(paths):
    """Return the lengths of each path's first steps, shape (paths, SHOWN), as parts of plain descent's first."""
    found = np.full((len(paths), SHOWN), np.nan)
    for row, path in zip(found, paths, strict=True):
        with np.errstate(all="ignore"):
            steps = np.diff(path.w[: SHOWN + 1], axis=0)
            row[: len(steps)] = np.hypot(*steps.T)
    unit = found[0, 0]
    return found / unit if unit > 0 else np.where(np.isnan(found), found, 0.0)
