"""Plain gradient descent in a ravine, and on a parabola."""

from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np

from .. import theory
from ..drawing import panels as draw
from ..drawing import style
from ..losses import Quadratic
from ..stage import Frame
from .controls import (
    alpha_slider,
    box_look,
    count_slider,
    limits_switch,
    mark,
    number_box,
    number_setting,
    switch,
)
from .parts import start_handle
from .ravine import RIGHT, WINDOW, RavineExplorer, ravine
from .table import by_step
from .walking import MOST, WalkingExplorer, first_steps, is_walking, own_sentence
from .words import AT_MINIMUM, number, point, verdict


class DescentExplorer(RavineExplorer):
    """Plain gradient descent in a ravine: it zig-zags across, creeps along, and diverges above 2/λmax.

    step : a function of yours, (w, dw, alpha) -> w, to be drawn instead of w - alpha dw.
    """

    declared = {
        "alpha": alpha_slider(1.9),
        **ravine(),
        "limits": limits_switch(),
        "to_scale": switch(False, "true proportions"),
    }
    signature = "step(w, dw, alpha) -> w"
    presets = {
        "Zig-zag": {"alpha": 1.9, "kappa": 100.0, "steps": 120},
        "Small α: it creeps": {"alpha": 0.2, "kappa": 100.0, "steps": 120},
        "Best α": {"alpha": 1.98, "kappa": 100.0, "steps": 250},
        "Above the limit": {"alpha": 2.05, "kappa": 100.0, "steps": 60},
        "A round bowl": {"alpha": 1.0, "kappa": 1.0, "steps": 20},
    }
    strip = (presets["Small α: it creeps"], presets["Zig-zag"], presets["Above the limit"])
    strips = (
        ({"kappa": 10.0}, ({"alpha": 1.7}, {"alpha": 1.85})),
        ({"steps": 400}, ()),  # long enough for a step of one's own, which is what is compared there
    )
    rows = (("step_shown", "start_1", "start_2", "limits", "to_scale"),)

    def _compute(self, settings):
        loss, start = self._loss_and_start(settings)
        alpha, count = settings["alpha"], settings["steps"]
        path = self._descent(settings["kappa"], loss, start, alpha, count)
        return SimpleNamespace(
            settings=settings, loss=loss, limit=theory.stability_limit(1.0), path=path,
            at=min(settings["step_shown"], count),
        )  # fmt: skip

    def _draw(self, figure):
        panels = self._draw_ravine(figure, (style.PLAIN,))
        draw.follow_y(panels["ax"])
        steep, flat = (figure.add_axes(place) for place in RIGHT[1:])
        draw.name_steps(flat)
        panels["steep"] = draw.draw_coordinate(steep, "w₂, across the valley", (style.PLAIN,))
        panels["flat"] = draw.draw_coordinate(flat, "w₁, along the valley", (style.PLAIN,))
        return panels

    def _legend(self):
        return [style.path_of(style.PLAIN, label="your step" if self._step else "plain descent")]

    def _place(self, panels, result):
        settings, path, at = result.settings, result.path, result.at
        self._place_ravine(panels, result, (path,), f"α = {number(settings['alpha'])}")
        self._place_walk(panels, path, at, settings["steps"], settings["alpha"])
        draw.show(panels["velocity"], False)
        for name, i in (("flat", 0), ("steep", 1)):
            start = abs(path.w[0, i])
            panels[name].show([path.w[: at + 1, i]], settings["steps"], max(start, 0.05 * WINDOW[i]))
        panels["ruler"].show((settings["alpha"],), (result.limit if settings["limits"] else None,))
        marks = mark(result.limit, self.controls["alpha"], "plain", f"limit {number(result.limit)}")
        return Frame(
            twin=self._sentence(result),
            label="Contour plot of a long bowl with the path of gradient descent.",
            marks={"alpha": marks if settings["limits"] else []},
            handles=(self._handle(panels, settings),),
        )

    def _sentence(self, result):
        settings, path, at = result.settings, result.path, result.at
        alpha = settings["alpha"]
        start = np.array([settings["start_1"], settings["start_2"]])
        if self._step is not None:
            words = own_sentence(path, result.loss.minimum)
        elif not start.any():
            words = AT_MINIMUM
        else:
            settled = theory.steps_to_settle(result.loss.curvatures, alpha, start=start, most=MOST)
            ends = verdict(alpha, result.limit, settled, MOST, show_limit=settings["limits"])
            words = f"α = {number(alpha)}: {ends}."
        if is_walking(path, at, settings["steps"]):
            return f"{words} Step {at}: dw = {point(path.dw[at])}."
        if self._step is not None or not start.any() or alpha == 0 or alpha >= result.limit:
            return words
        shallow, steep = (abs(1 - alpha * c) for c in result.loss.curvatures)
        return (
            f"{words} Each step keeps {100 * steep:.3g} % of the distance across the valley, {_side(alpha)}, "
            f"and {100 * shallow:.4g} % along it."
        )

    def _table(self, result):
        path, loss = first_steps(result.path, result.settings["steps"]), result.loss
        dw = np.vstack([path.dw, loss.gradient(path.w[-1])])
        return by_step(["w1", "w2", "dw1", "dw2", "loss"], path.w, dw, loss.loss(path.w))


def _side(alpha):
    return "on the other side each time" if alpha > 1 else "on the same side"


# --- one dimension --------------------------------------------------------------------------------------

HIGHEST_HERE = 10.0  # α
REACH = 2.2  # of w in the parabola's picture
SLIDER = {**box_look("λ curvature"), "style": {"description_width": "84px"}}
HEIGHTS = (3.5, 6.0, 10.5)  # of its axis: round ones, so that it seldom moves


class ParabolaExplorer(WalkingExplorer):
    """Gradient descent on a parabola, the loss λw²/2: below 1/λ it creeps in, above it overshoots, above 2/λ it diverges.

    step : a function of yours, (w, dw, alpha) -> w, to be drawn instead of w - alpha dw; w has one number.
    """

    declared = {
        "alpha": alpha_slider(0.3, lowest=0.1, highest=HIGHEST_HERE),
        "curvature": number_setting(1.0, 0.1, 4, widgets.FloatSlider, step=0.1, **SLIDER),
        "steps": count_slider(12, "steps", 1, 40),
        "start": number_box(-2.0, "start w", -REACH, REACH),
        "limits": limits_switch(),
    }
    signature = DescentExplorer.signature
    presets = {
        "αλ = 0.3": {"alpha": 0.3, "curvature": 1.0},
        "αλ = 1": {"alpha": 1.0, "curvature": 1.0},
        "αλ = 1.7": {"alpha": 1.7, "curvature": 1.0},
        "αλ = 2": {"alpha": 2.0, "curvature": 1.0},
        "αλ = 2.1": {"alpha": 2.1, "curvature": 1.0},
    }
    strip = (presets["αλ = 0.3"], presets["αλ = 1.7"], presets["αλ = 2.1"])
    rows = (("start", "limits"),)
    size = (12.8, 5.6)
    letters = 140

    def _compute(self, settings):
        loss, start = Quadratic((settings["curvature"],)), [settings["start"]]
        path = self._descent(settings["curvature"], loss, start, settings["alpha"], settings["steps"])
        limit = theory.stability_limit(settings["curvature"])
        return SimpleNamespace(settings=settings, loss=loss, limit=limit, path=path, at=settings["steps"])

    def _draw(self, figure):
        bowl = figure.add_axes((0.07, 0.14, 0.5, 0.74))
        bowl.set(xlim=(-REACH - 0.3, REACH + 0.3), xlabel="w")
        bowl.text(-0.085, 0.5, "loss  λw²/2", transform=bowl.transAxes, rotation=90, ha="center", va="center")
        draw.follow_y(bowl)
        curve = draw.draw_line(bowl, color=style.INK, linewidth=2)
        after = figure.add_axes((0.68, 0.14, 0.3, 0.74))
        after.axhline(0, color="#bbbbbb", linewidth=0.8)
        after.set(ylim=(-REACH - 0.3, REACH + 0.3), title="w at each step")
        after.set_xlabel("step")
        after.xaxis.label.set_visible(False)
        after.text(1, -0.1, "step", transform=after.transAxes, ha="right", va="center")
        path = draw.draw_path(bowl, style.PLAIN)
        path.set(linewidth=1.6, markersize=9)
        line = draw.draw_line(after, **style.path_of(style.PLAIN, markersize=8))
        draw.follow_x(after)
        look = {"marker": "*", "markersize": 19, "color": style.MINIMUM["color"], "zorder": 1.5}
        star = draw.moving(*bowl.plot(0, 0, linestyle="none", **look))
        return {
            "bowl": bowl, "curve": curve, "path": path, "after": after, "line": line,
            "start": draw.draw_start(bowl), "star": star,
            "title": draw.note(bowl, 0.5, 1.03, ha="center", fontweight="bold"),
        }  # fmt: skip

    def _place(self, panels, result):
        settings, w = result.settings, result.path.w[: result.at + 1, 0]
        alpha, curvature = settings["alpha"], settings["curvature"]
        top = next(top for top in HEIGHTS if top >= 1.05 * curvature * REACH**2 / 2)
        draw.limit_y(panels["bowl"], -0.06 * top, top)
        grid = np.linspace(-REACH - 0.3, REACH + 0.3, 81)
        draw.put(panels["curve"], grid, curvature * grid**2 / 2)
        shown = draw.until_it_leaves(w[:, None], (REACH,), times=1.6)[:, 0]
        draw.put_path(panels["path"], shown, curvature * shown**2 / 2)
        draw.limit_x(panels["after"], -0.3, settings["steps"] + 0.3)
        draw.put_path(panels["line"], np.arange(len(shown)), shown)
        at = (w[0], curvature * w[0] ** 2 / 2)
        draw.put(panels["start"], *([value] for value in at))
        panels["title"].set_text(f"αλ = {number(alpha * curvature)}")
        slider = self.controls["alpha"]
        marks = mark(1 / curvature, slider, "momentum", f"1/λ = {number(1 / curvature)}")
        marks += mark(result.limit, slider, "plain", f"2/λ = {number(result.limit)}")
        return Frame(
            twin=self._sentence(result),
            label="A parabola with the steps of gradient descent on it.",
            marks={"alpha": marks if settings["limits"] else []},
            handles=(start_handle(panels["bowl"], at, f"w = {number(w[0])}", ("start",)),),
        )

    def _sentence(self, result):
        settings = result.settings
        alpha, curvature = settings["alpha"], settings["curvature"]
        product = round(alpha * curvature, 12)
        words = f"αλ = {number(product)}: "
        if self._step is not None:
            return f"αλ = {number(product)}. {own_sentence(result.path, result.loss.minimum)}"
        if product == 0:
            return words + "w stays where it is, because α = 0."
        kept = number(abs(1 - product))
        if product < 1:
            return (
                words
                + f"w comes nearer without crossing the minimum; each step keeps {kept} of the distance."
            )
        if product == 1:
            return words + "one step lands on the minimum."
        if product < 2:
            return (
                words
                + f"w jumps across the minimum at every step and still converges; each step keeps {kept} of the distance."
            )
        if product == 2:
            return words + "w jumps from side to side for ever, as far each time."
        return words + f"it diverges; each step makes the distance {kept} times as large."

    def _table(self, result):
        path, loss = first_steps(result.path, result.at), result.loss
        dw = np.append(path.dw[:, 0], loss.gradient(path.w[-1])[0])
        return by_step(["w", "dw", "loss"], path.w, dw, loss.loss(path.w))
