"""Plain descent and momentum on the same bowl."""

from types import SimpleNamespace

import numpy as np

from .. import optimizers, theory
from ..drawing import panels as draw
from ..drawing import style
from ..stage import Frame
from .controls import alpha_slider, beta_slider, choice, limit_marks, limits_switch
from .ravine import RIGHT, RavineExplorer, ravine
from .table import by_step
from .walking import MOST, first_steps, is_walking, own_sentence
from .words import AT_MINIMUM, number, verdict

BARS = 60  # steps shown of dw and v: more would be too thin to see
PLAIN_TAKES = {"same": "the same α", "best": "its best α", "close": "95 % of its limit"}
CLOSE = 0.95  # of the limit: where plain descent zig-zags and still converges


class MomentumExplorer(RavineExplorer):
    """Momentum against plain gradient descent in a ravine.

    step : a function of yours, (w, v, dw, alpha, beta) -> (w, v), to be drawn instead of momentum_step.
    """

    declared = {
        "alpha": alpha_slider(4.0),
        "beta": beta_slider(0.9),
        **ravine(),
        "plain": choice("close", "plain takes", PLAIN_TAKES),
        "limits": limits_switch(),
    }
    presets = {
        "The lecture's picture": {"alpha": 4.0, "beta": 0.9, "kappa": 100.0, "steps": 120, "plain": "close"},
        "The same α for both": {"alpha": 1.9, "beta": 0.9, "kappa": 100.0, "steps": 120, "plain": "same"},
        "Too large for plain, right for momentum": {
            "alpha": 10.0, "beta": 0.9, "kappa": 100.0, "steps": 120, "plain": "same",
        },
        "β too high": {"alpha": 4.0, "beta": 0.99, "kappa": 100.0, "steps": 300, "plain": "best"},
        "β = 0": {"alpha": 1.9, "beta": 0.0, "kappa": 100.0, "steps": 120, "plain": "same"},
        "A round bowl": {"alpha": 1.0, "beta": 0.9, "kappa": 1.0, "steps": 120, "plain": "best"},
    }  # fmt: skip
    strip = (presets["β too high"], presets["A round bowl"])
    strips = (
        ({"step_shown": 0}, ({"step_shown": 3}, {"step_shown": 4})),  # v points on, then turns as well
        ({"alpha": 2.0}, (presets["Too large for plain, right for momentum"], {"alpha": 39.0})),
        ({"alpha": 10.0}, ({"kappa": 38.0}, presets["A round bowl"])),
    )
    rows = (("step_shown", "plain", "start_1", "start_2", "limits"),)

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        loss, start = self._loss_and_start(settings)
        alpha, beta, steps = settings["alpha"], settings["beta"], settings["steps"]
        limits = (theory.stability_limit(1.0), theory.stability_limit(1.0, beta))
        plain_alpha = {"same": alpha, "best": 2 / loss.curvatures.sum(), "close": CLOSE * limits[0]}[
            settings["plain"]
        ]
        plain = self._cached(
            "plain", (settings["kappa"], *start, plain_alpha, steps),
            lambda: optimizers.gradient_descent(loss.gradient, start, plain_alpha, steps),
        )  # fmt: skip
        return SimpleNamespace(
            settings=settings, loss=loss, plain_alpha=plain_alpha, limits=limits, plain=plain,
            momentum=self._momentum(settings["kappa"], loss, start, alpha, beta, steps), steps=steps,
            at=min(settings["step_shown"], steps),
        )  # fmt: skip

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        panels = self._draw_ravine(figure, (style.PLAIN, style.MOMENTUM))
        steep, flat = (figure.add_axes(place) for place in RIGHT[1:])
        draw.name_steps(flat)
        panels["steep"] = draw.draw_average(steep, "across the valley: dw and v")
        panels["flat"] = draw.draw_average(flat, "along the valley: dw and v")
        for name, ax in (("steep", steep), ("flat", flat)):
            panels[f"{name}_note"] = draw.note(ax, 0, -0.3, va="center", fontsize=style.SMALL)
        return panels

    def _legend(self):
        return [
            style.path_of(style.PLAIN),
            self._own_look(),
            {"color": style.GRADIENT["color"], "linewidth": 9, "label": "dw, the gradient"},
            style.line_of(style.VELOCITY, label="v, its average"),
        ]

    def _place(self, panels, result):
        settings, at = result.settings, result.at
        plain, momentum = result.plain, result.momentum
        who, alpha = "your step" if self._step else "momentum", settings["alpha"]
        title = (
            f"{who}: α = {number(alpha)}, β = {settings['beta']:g},  plain: α = {number(result.plain_alpha)}"
        )
        self._place_ravine(panels, result, (plain, momentum), title)
        self._place_walk(panels, momentum, at, result.steps, alpha)
        walking = at < result.steps
        shown = min(BARS, at + walking)  # with the step that the arrows show
        for name, i in (("flat", 0), ("steep", 1)):
            dw, v = momentum.dw[:shown, i], momentum.v[1 : shown + 1, i]
            panels[name].show(dw, v, max(abs(momentum.dw[0, i]), 1e-3))
            part = f" in {shown} steps" if name == "steep" and shown < result.steps and not walking else ""
            panels[f"{name}_note"].set_text(_flips(dw, walking) + part)
        show_limits = settings["limits"]
        panels["ruler"].show((result.plain_alpha, alpha), result.limits if show_limits else (None, None))
        return Frame(
            twin=self._sentence(result),
            label="Contour plot of a long bowl with the paths of plain gradient descent and momentum.",
            marks={"alpha": limit_marks(self.controls["alpha"], *result.limits) if show_limits else []},
            handles=(self._handle(panels, settings),),
        )

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result):
        settings, curvatures = result.settings, result.loss.curvatures
        start = np.array([settings["start_1"], settings["start_2"]])
        if not start.any() and self._step is None:
            return AT_MINIMUM
        if result.at < result.steps:
            return self._walk_sentence(result)
        plain = theory.steps_to_settle(curvatures, result.plain_alpha, start=start, most=MOST)
        ends = verdict(result.plain_alpha, result.limits[0], plain, MOST, show_limit=settings["limits"])
        words = f"Plain, α = {number(result.plain_alpha)}: {ends}. "
        if self._step is not None:
            return words + own_sentence(result.momentum, result.loss.minimum)
        alpha, beta = settings["alpha"], settings["beta"]
        momentum = theory.steps_to_settle(curvatures, alpha, beta, start, most=MOST)
        ends = verdict(alpha, result.limits[1], momentum, MOST, show_limit=settings["limits"])
        words += f"Momentum, α = {number(alpha)}, β = {beta:g}: {ends}."
        if plain and momentum and plain != momentum:
            slower, ratio = (
                ("Plain", plain / momentum) if plain > momentum else ("Momentum", momentum / plain)
            )
            words += f" {slower} needs {number(ratio)} times as many steps."
        return words

    def _walk_sentence(self, result):
        at, path = result.at, result.momentum
        if not is_walking(path, at, result.steps):
            return f"Step {at}: the numbers have grown beyond all bounds."
        dw, v = path.dw[at], path.v[at + 1]
        # At step 2 of the lecture's picture w2 is 0 but for the rounding: 2.2e-16 would be read as a number.
        dw = np.where(np.abs(dw) < 1e-13 * np.abs(path.dw[0]).max(), 0.0, dw)
        return (
            f"Step {at}: the gradient dw = ({number(dw[0])}, {number(dw[1])}) alone would go along the grey arrow; "
            f"the step goes along the green one, −αv, with v = ({number(v[0])}, {number(v[1])})."
        )

    def _table(self, result):
        names = ["plain_w1", "plain_w2", "plain_loss", "momentum_w1", "momentum_w2", "v_dw1", "v_dw2"]
        names += ["dw1", "dw2", "momentum_loss"]
        plain, momentum, loss = result.plain, first_steps(result.momentum, result.steps), result.loss
        dw = np.vstack([momentum.dw, loss.gradient(momentum.w[-1])])
        return by_step(names, plain.w, loss.loss(plain.w), momentum.w, momentum.v, dw, loss.loss(momentum.w))


def _flips(dw, walking):
    """Say how often a coordinate of the gradient changes its sign."""
    signs = np.sign(dw[np.isfinite(dw) & (np.abs(dw) > 1e-9 * max(np.abs(dw[:1]).max(initial=0), 1e-12))])
    flips = int(np.sum(signs[1:] != signs[:-1]))
    if len(signs) < 2:
        return ""
    if flips == 0:
        return "dw has not changed sign yet" if walking else "dw never changes sign"
    return f"dw changes sign {flips} time{'s' if flips > 1 else ''}"
