"""Plain descent and momentum on landscapes that are no bowls: two valleys, a saddle, a plateau, a bent valley."""

from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .. import losses, maps, optimizers
from .._validate import check_choice, check_count
from ..drawing import landscape as land
from ..drawing import panels as draw
from ..drawing import style
from ..guard import GuardedStep
from ..stage import FOR_HANDS, Frame, Handle
from .controls import HIGHEST_ALPHA, alpha_slider, beta_slider, check_range, choice, number_box
from .descent import first_steps
from .walking import OWN_MOST, WalkingExplorer
from .words import number, steps

LANDS = {
    "valleys": losses.TwoValleys(), "saddle": losses.Saddle(), "plateau": losses.Plateau(), "bent": losses.Rosenbrock(),
}  # fmt: skip
NAMES = {
    "valleys": "two valleys",
    "saddle": "a saddle",
    "plateau": "a plateau and a step",
    "bent": "a bent valley",
}
SIDES = {"valleys": ("right", "left"), "saddle": ("right", "left")}
REACH = (2.6, 1.95)  # half the window, in true proportions
MIDDLE = {"bent": 0.75}  # of w₂ in the window
HEIGHTS = {"valleys": (-0.06, 0.6), "saddle": (-0.1, 0.6), "plateau": (-0.04, 0.6), "bent": (-0.02, 0.2)}
SAFE = 1.9  # 95 % of plain descent's limit at the minimum
MOST = 500  # steps watched
NEAR = 0.1  # of a minimum: there a run has arrived
MAP_STEPS = 300


def window(surface):
    """Return the (x0, x1, y0, y1) that are shown of a landscape."""
    middle = MIDDLE.get(surface, 0.0)
    return -REACH[0], REACH[0], middle - REACH[1], middle + REACH[1]


@dataclass(frozen=True)
class Result:
    """The numbers behind one frame."""

    settings: dict
    plain_alpha: float
    plain: optimizers.Path
    momentum: optimizers.Path
    ends: np.ndarray
    at: int


class SurfaceExplorer(WalkingExplorer):
    """Plain descent and momentum on a loss that is no bowl, over a map of where the run of each start ends.

    surface : "valleys", "saddle", "plateau" or "bent"
    alpha, beta, plain, colours, steps, start_1, start_2, step_shown set where the other controls begin.
    step : a function of yours, (w, v, dw, alpha, beta) -> (w, v), to be drawn instead of momentum_step.
    """

    presets = {
        "A low barrier": {"surface": "valleys", "alpha": 4.0, "beta": 0.9, "start_1": -1.8, "start_2": 0.6},
        "Past the better one": {
            "surface": "valleys",
            "alpha": 4.0,
            "beta": 0.9,
            "start_1": 2.2,
            "start_2": 0.6,
        },
        "A saddle, one α": {"surface": "saddle", "alpha": 1.9, "beta": 0.9, "start_1": 0.01, "start_2": 1.0},
        "A saddle, α = 10": {
            "surface": "saddle",
            "alpha": 10.0,
            "beta": 0.9,
            "start_1": 0.01,
            "start_2": 1.0,
        },
        "A plateau": {"surface": "plateau", "alpha": 1.9, "beta": 0.9, "start_1": -2.0, "start_2": 0.8},
        "A bent valley": {"surface": "bent", "alpha": 10.0, "beta": 0.9, "start_1": -1.2, "start_2": 1.0},
    }
    strip = (presets["Past the better one"], presets["A bent valley"])
    letters = 230
    rows = (("step_shown", "start_1", "start_2"),)
    signature = "step(w, v, dw, alpha, beta) -> (w, v)"

    def _defaults(self):
        first = {"surface": "valleys", "alpha": 4.0, "beta": 0.9, "plain": "safe", "colours": "momentum"}
        return {**first, "steps": 150, "start_1": -1.8, "start_2": 0.6, "step_shown": 500}

    def _check(self, settings):
        check_choice(settings["surface"], "surface", tuple(LANDS))
        check_range(settings["alpha"], "alpha", 0, HIGHEST_ALPHA)
        check_range(settings["beta"], "beta", 0, 0.99)
        check_choice(settings["plain"], "plain", ("same", "safe"))
        check_choice(settings["colours"], "colours", ("momentum", "plain"))
        check_range(check_count(settings["steps"], "steps"), "steps", 1, MOST)
        check_count(settings["step_shown"], "step_shown")
        check_range(settings["start_1"], "start_1", -REACH[0], REACH[0])
        check_range(settings["start_2"], "start_2", -REACH[1], MIDDLE["bent"] + REACH[1])

    def _make_controls(self, first):
        length, walk = self._walk_controls(first, MOST)
        return {
            "surface": choice(first["surface"], "landscape", [(name, key) for key, name in NAMES.items()]),
            "alpha": alpha_slider(first["alpha"]),
            "beta": beta_slider(first["beta"]),
            "plain": choice(first["plain"], "plain takes", [("the same α", "same"), (f"α = {SAFE}", "safe")]),
            "steps": length,
            "colours": choice(
                first["colours"], "colours for", [("momentum", "momentum"), ("plain descent", "plain")]
            ),
            "start_1": number_box(first["start_1"], "start w₁", -REACH[0], REACH[0]),
            "start_2": number_box(first["start_2"], "start w₂", -REACH[1], MIDDLE["bent"] + REACH[1]),
            "step_shown": walk,
        }

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        loss, start = LANDS[settings["surface"]], (settings["start_1"], settings["start_2"])
        plain_alpha = settings["alpha"] if settings["plain"] == "same" else SAFE
        plain = self._kept(
            "plain", optimizers.gradient_descent, settings["surface"], start, plain_alpha, MOST
        )
        colours = (
            (settings["alpha"], settings["beta"]) if settings["colours"] == "momentum" else (plain_alpha, 0.0)
        )
        ends = self._kept("ends", self._ends, settings["surface"], *colours)
        at = min(settings["step_shown"], settings["steps"])
        return Result(settings, plain_alpha, plain, self._run(loss, start, settings), ends, at)

    def _kept(self, name, compute, surface, *given):
        """Return what is computed for a landscape; it is kept, because most controls leave it as it is."""
        if self._known.get(name, (None,))[0] != (surface, given):
            loss = LANDS[surface]
            found = compute(loss.gradient if name == "plain" else loss, *given)
            self._known[name] = ((surface, given), found)
        return self._known[name][1]

    def __init__(self, step=None, **settings):
        self._known = {}
        super().__init__(step, **settings)

    @staticmethod
    def _ends(loss, alpha, beta):
        surface = next(name for name, one in LANDS.items() if one is loss)
        return maps.basins(loss, land.starts(window(surface)), alpha, beta, steps=MAP_STEPS)

    def _run(self, loss, start, settings):
        alpha, beta = settings["alpha"], settings["beta"]
        if self._step is None:
            return optimizers.momentum(loss.gradient, start, alpha, beta, MOST)
        own = GuardedStep(self._step)
        return self._guarded(
            lambda: optimizers.momentum(loss.gradient, start, alpha, beta, OWN_MOST, step=own),
            (settings["surface"], start, alpha, beta),
        )

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        above = figure.add_axes((0.07, 0.095, 0.55, 0.7333))
        above.set_xlabel("w₁", labelpad=1)
        above.set_ylabel("w₂")
        draw.follow_y(above)
        side = figure.add_axes((0.705, 0.47, 0.275, 0.36))
        side.set(xlim=(-REACH[0], REACH[0]), title="from the side: the loss over w₁")
        side.text(1, -0.13, "w₁", transform=side.transAxes, ha="right", va="center")
        after = figure.add_axes((0.705, 0.1, 0.275, 0.24))
        after.set_title("loss at each step")
        draw.name_steps(after)
        for ax in (side, after):
            draw.follow_y(ax)
        draw.follow_x(after)
        figure.legend(
            handles=self._legend(), loc="upper center", ncols=4, frameon=False, bbox_to_anchor=(0.5, 1.005),
            handlelength=2.6, columnspacing=2, fontsize=style.SMALL,
        )  # fmt: skip
        looks = (style.PLAIN, style.MOMENTUM)
        panels = {"land": land.draw_land(above), "side": side, "after": after}
        (floor,) = side.plot([], [], color=style.INK, linewidth=1.6, zorder=1)
        panels["floor"] = draw.moving(floor)
        panels["paths"] = [draw.draw_path(above, look, zorder=3 + i) for i, look in enumerate(looks)]
        panels["heights"] = [draw.draw_path(side, look, zorder=3 + i) for i, look in enumerate(looks)]
        panels["losses"] = [
            draw.moving(*after.plot([], [], **style.line_of(look), zorder=3)) for look in looks
        ]
        for line in panels["heights"]:
            line.set_markersize(5)
        panels["start"] = draw.draw_start(above)
        panels["title"] = draw.note(above, 0.5, 1.02, ha="center", fontweight="bold")
        panels["hint"] = draw.note(
            above, 0, 0, coords="data", fontsize=style.SMALL, va="bottom", gid=FOR_HANDS
        )
        return panels

    def _legend(self):
        momentum = style.path_of(style.MOMENTUM) | ({"label": "your step"} if self._step else {})
        star = {"linestyle": "none", "marker": "*", "color": style.MINIMUM["color"]}
        words = ("starts that end at the large star", "at the small star", "nowhere yet", "far away")
        return [
            Line2D([], [], **style.path_of(style.PLAIN)),
            Line2D([], [], **momentum),
            Line2D([], [], **star, markersize=16, label="the lowest minimum"),
            *(
                Patch(facecolor=color, edgecolor=style.CONTOUR, label=word)
                for color, word in zip(style.ENDS, words, strict=True)
            ),
        ]

    def _place(self, panels, result):
        settings, at = result.settings, result.at
        surface = settings["surface"]
        loss, runs = LANDS[surface], (result.plain, result.momentum)
        panels["land"].show(loss, window(surface))
        panels["land"].colour(result.ends, len(loss.minima))
        x = np.linspace(-REACH[0], REACH[0], 121)
        draw.put(panels["floor"], x, loss.loss(np.stack([x, loss.floor(x)], axis=-1)))
        low, high = HEIGHTS[surface]
        draw.limit_y(panels["side"], low, high)
        draw.limit_y(panels["after"], low, high)
        draw.limit_x(panels["after"], 0, settings["steps"])
        apart = max(map(draw.width_of_marker, panels["paths"]))
        for i, run in enumerate(runs):
            w = draw.until_it_leaves(run.w[: at + 1], REACH)
            heights = np.clip(loss.loss(w), -1, 10)
            draw.put_path(panels["paths"][i], *w.T, apart)
            draw.put_path(panels["heights"][i], w[:, 0], heights)
            draw.put(panels["losses"][i], np.arange(len(heights)), heights)
        start = (settings["start_1"], settings["start_2"])
        draw.put(panels["start"], *np.transpose([start]))
        home = start == (self._start["start_1"], self._start["start_2"]) and at >= settings["steps"]
        draw.place(panels["hint"], start[0] + 0.1, start[1] + 0.04, "drag me" if home else "")
        rule = (
            "momentum"
            if settings["colours"] == "momentum"
            else f"plain descent, α = {number(result.plain_alpha)}"
        )
        panels["title"].set_text(f"colours: where {rule} is after {MAP_STEPS} steps")
        label = (
            f"Start point, w₁ = {number(start[0])}, w₂ = {number(start[1])}: drag it or use the arrow keys"
        )
        return Frame(
            twin=self._sentence(result),
            label="Contour plot of a loss that is no bowl, with the paths of plain descent and momentum.",
            handles=(Handle(panels["land"].ax, start, ("start_1", "start_2"), label),),
        )

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result):
        settings = result.settings
        own = "Your step" if self._step else "Momentum"
        words = f"Plain, α = {number(result.plain_alpha)}: {_end(settings['surface'], result.plain)}. "
        words += f"{own}, α = {number(settings['alpha'])}, β = {settings['beta']:.3g}: "
        words += f"{_end(settings['surface'], result.momentum)}."
        if result.at < settings["steps"]:
            words = f"Step {result.at}. " + words
        return words

    def _table(self, result):
        count = result.settings["steps"]
        plain, momentum = first_steps(result.plain, count), first_steps(result.momentum, count)
        loss = LANDS[result.settings["surface"]]
        names = ["step", "plain_w1", "plain_w2", "plain_loss", "momentum_w1", "momentum_w2", "momentum_loss"]
        length = min(len(plain.w), len(momentum.w))
        plain, momentum = plain.w[:length], momentum.w[:length]
        columns = np.column_stack([plain, loss.loss(plain), momentum, loss.loss(momentum)])
        return names, [[t, *map(float, row)] for t, row in enumerate(columns)]


def arrived(surface, path):
    """Return (the place of the minimum that a run stays near, the step from which on), or None."""
    found = [np.hypot(*(path.w - minimum).T) for minimum in LANDS[surface].minima]
    place = int(np.argmin([distance[-1] for distance in found]))
    outside = np.flatnonzero(~(found[place] < NEAR))
    if not outside.size:
        return place, 0
    return (place, int(outside[-1]) + 1) if outside[-1] + 1 < len(path.w) else None


def _end(surface, path):
    """Say where a run ends."""
    if (path.w == path.w[0]).all():
        return "stays where it is"
    if path.diverged_at is not None:
        return f"runs away, at step {path.diverged_at} the computer has no numbers left for it"
    end = arrived(surface, path)
    if end is None:
        return f"is on its way after {steps(len(path.w) - 1)}"
    side = f" {SIDES[surface][end[0]]}" if surface in SIDES else ""
    return f"comes to the{side} minimum in {steps(end[1])}"
