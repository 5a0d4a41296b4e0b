"""Plain descent and momentum on landscapes that are no bowls: two valleys, a saddle, a plateau, a bent valley."""

from types import SimpleNamespace

import numpy as np
from matplotlib.patches import Patch

from .. import losses, maps, optimizers
from ..drawing import landscape as land
from ..drawing import panels as draw
from ..drawing import style
from ..stage import Frame
from .controls import alpha_slider, beta_slider, choice, count_slider, number_box, walk
from .parts import draw_hint, draw_legend, start_handle
from .table import by_step
from .walking import WalkingExplorer, first_steps
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


def _run(surface, alpha, start_1, start_2):
    return dict(surface=surface, alpha=alpha, beta=0.9, start_1=start_1, start_2=start_2)


class SurfaceExplorer(WalkingExplorer):
    """Plain descent and momentum on a loss that is no bowl, over a map of where the run of each start ends.

    step : a function of yours, (w, v, dw, alpha, beta) -> (w, v), to be drawn instead of momentum_step.
    """

    declared = {
        "surface": choice("valleys", "landscape", NAMES),
        "alpha": alpha_slider(4.0),
        "beta": beta_slider(0.9),
        "plain": choice("safe", "plain takes", {"same": "the same α", "safe": f"α = {SAFE}"}),
        "steps": count_slider(150, "steps", 1, MOST),
        "colours": choice("momentum", "colours for", {"momentum": "momentum", "plain": "plain descent"}),
        "start_1": number_box(-1.8, "start w₁", -REACH[0], REACH[0]),
        "start_2": number_box(0.6, "start w₂", -REACH[1], MIDDLE["bent"] + REACH[1]),
        "step_shown": walk(500),
    }
    presets = {
        "A low barrier": _run("valleys", 4.0, -1.8, 0.6),
        "Past the better one": _run("valleys", 4.0, 2.2, 0.6),
        "A saddle, one α": _run("saddle", 1.9, 0.01, 1.0),
        "A saddle, α = 10": _run("saddle", 10.0, 0.01, 1.0),
        "A plateau": _run("plateau", 1.9, -2.0, 0.8),
        "A bent valley": _run("bent", 10.0, -1.2, 1.0),
    }
    strip = (presets["Past the better one"], presets["A bent valley"])
    letters = 230
    rows = (("step_shown", "start_1", "start_2"),)

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        loss, start = LANDS[settings["surface"]], (settings["start_1"], settings["start_2"])
        plain_alpha = settings["alpha"] if settings["plain"] == "same" else SAFE
        plain = self._cached(
            "plain", (settings["surface"], start, plain_alpha),
            lambda: optimizers.gradient_descent(loss.gradient, start, plain_alpha, MOST),
        )  # fmt: skip
        colours = (
            (settings["alpha"], settings["beta"]) if settings["colours"] == "momentum" else (plain_alpha, 0.0)
        )
        ends = self._cached(
            "ends", (settings["surface"], colours),
            lambda: maps.basins(loss, land.starts(window(settings["surface"])), *colours, steps=MAP_STEPS),
        )  # fmt: skip
        alpha, beta = settings["alpha"], settings["beta"]
        momentum = self._momentum(settings["surface"], loss, start, alpha, beta, MOST)
        return SimpleNamespace(
            settings=settings, plain_alpha=plain_alpha, plain=plain, ends=ends,
            momentum=momentum, at=min(settings["step_shown"], settings["steps"]),
        )  # fmt: skip

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
        kind = {"ncols": 4, "handlelength": 2.6, "columnspacing": 2}
        draw_legend(figure, self._legend(), fontsize=style.SMALL, **kind)
        looks = (style.PLAIN, style.MOMENTUM)
        panels = {"land": land.draw_land(above), "side": side, "after": after}
        panels["floor"] = draw.draw_line(side, color=style.INK, linewidth=1.6, zorder=1)
        panels["paths"] = [draw.draw_path(above, look, zorder=3 + i) for i, look in enumerate(looks)]
        panels["heights"] = [draw.draw_path(side, look, zorder=3 + i) for i, look in enumerate(looks)]
        panels["losses"] = [draw.draw_line(after, zorder=3, **style.line_of(look)) for look in looks]
        for line in panels["heights"]:
            line.set_markersize(5)
        panels["start"] = draw.draw_start(above)
        panels["title"] = draw.note(above, 0.5, 1.02, ha="center", fontweight="bold")
        panels["hint"] = draw_hint(above)
        return panels

    def _legend(self):
        star = {"linestyle": "none", "marker": "*", "color": style.MINIMUM["color"]}
        words = ("starts that end at the large star", "at the small star", "nowhere yet", "far away")
        return [
            style.path_of(style.PLAIN),
            self._own_look(),
            {**star, "markersize": 16, "label": "the lowest minimum"},
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
        home = at >= settings["steps"] and self._untouched(settings, "start_1", "start_2")
        draw.place(panels["hint"], start[0] + 0.1, start[1] + 0.04, "drag me" if home else "")
        plain = f"plain descent, α = {number(result.plain_alpha)}"
        rule = "momentum" if settings["colours"] == "momentum" else plain
        panels["title"].set_text(f"colours: where {rule} is after {MAP_STEPS} steps")
        where = f"w₁ = {number(start[0])}, w₂ = {number(start[1])}"
        return Frame(
            twin=self._sentence(result),
            label="Contour plot of a loss that is no bowl, with the paths of plain descent and momentum.",
            handles=(start_handle(panels["land"].ax, start, where),),
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
        names = ["plain_w1", "plain_w2", "plain_loss", "momentum_w1", "momentum_w2", "momentum_loss"]
        length = min(len(plain.w), len(momentum.w))
        plain, momentum = plain.w[:length], momentum.w[:length]
        return by_step(names, plain, loss.loss(plain), momentum, loss.loss(momentum))


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
