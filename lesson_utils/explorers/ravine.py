"""What the explorers of the elongated bowl share: its controls, its picture, its start point."""

import numpy as np

from ..drawing import panels as draw
from ..drawing import style
from ..losses import Quadratic
from .controls import count_slider, kappa_slider, number_box, walk
from .parts import STAR, draw_hint, draw_legend, start_handle
from .walking import WalkingExplorer, is_walking, place_walk
from .words import number

WINDOW = (10.5, 1.6)  # of w1 and w2
BOWL = (0.07, 0.265, 0.55, 0.62)  # places of the axes, as parts of the figure
RULER = (0.07, 0.1, 0.55, 0.05)
RIGHT = ((0.705, 0.71, 0.275, 0.175), (0.705, 0.41, 0.275, 0.18), (0.705, 0.1, 0.275, 0.18))


def ravine(steps=120):
    """Declare what shapes the bowl and the run in it."""
    return {
        "kappa": kappa_slider(100.0),
        "steps": count_slider(steps, "steps", 1, 500),
        "start_1": number_box(-9.0, "start w₁", -WINDOW[0], WINDOW[0]),
        "start_2": number_box(1.2, "start w₂", -WINDOW[1], WINDOW[1]),
        "step_shown": walk(500),
    }


class RavineExplorer(WalkingExplorer):
    """A bowl with curvatures (1/κ, 1): w1 along the valley, w2 across it."""

    def _loss_and_start(self, settings):
        start = np.array([settings["start_1"], settings["start_2"]], dtype=float)
        return Quadratic((1 / settings["kappa"], 1.0)), start

    # --- the picture ---------------------------------------------------------------------------------

    def _draw_ravine(self, figure, looks, on_ruler=None, loss=RIGHT[0]):
        """Draw the bowl from above, a path for each look, the ruler of α (for all looks, or fewer), the losses.

        loss : place of the losses' axes, as parts of the figure
        """
        ax = figure.add_axes(BOWL)
        ax.set(xlim=(-WINDOW[0], WINDOW[0]), ylim=(-WINDOW[1], WINDOW[1]))
        ax.set_xlabel("w₁  (along the valley, shallow)", labelpad=1)
        ax.set_ylabel("w₂  (across it, steep)", labelpad=1)
        panels = {"ax": ax, "bowl": draw.draw_bowl(ax, (0.01, 1.0))}
        # Painted with what moves: the bowl's rings would cover it in the background.
        panels["scale"] = draw.note(ax, 0.99, 0.02, ha="right", fontsize=style.SMALL, color=style.NOTE)
        self._place_scale(panels, False)
        panels["paths"] = [draw.draw_path(ax, look, zorder=3 + i) for i, look in enumerate(looks)]
        panels["here"] = draw.draw_path(ax, looks[-1], zorder=6.5)
        panels["here"].set(markersize=13, markeredgecolor="black", markeredgewidth=2)
        panels["title"] = draw.note(ax, 0.5, 1.025, ha="center", fontweight="bold")
        panels["length"] = draw.note(ax, 0.01, 0.02, fontsize=style.SMALL, color=style.NOTE)
        panels["start"] = draw.draw_start(ax)
        panels["hint"] = draw_hint(ax)
        panels["push"] = draw.draw_arrow(ax, style.GRADIENT)
        panels["velocity"] = draw.draw_arrow(ax, style.VELOCITY, zorder=9)
        panels["ruler"] = draw.draw_ruler(figure.add_axes(RULER), on_ruler or looks)
        panels["key"] = self._draw_legend(figure)
        panels["loss"] = draw.draw_loss(figure.add_axes(loss), looks)
        return panels

    def _draw_legend(self, figure):
        """Draw what says which path is which; return what moves of it."""
        draw_legend(figure, [*self._legend(), STAR], handlelength=2.6)

    def _place_ravine(self, panels, result, paths, title):
        """Move the bowl, the paths up to the step shown, their losses and the start point."""
        settings, loss, at = result.settings, result.loss, result.at
        panels["title"].set_text(f"κ = {number(settings['kappa'])},  {title}")
        panels["loss"].show([loss.loss(path.w[: at + 1]) for path in paths], settings["steps"])
        corner = self._place_scale(panels, settings["to_scale"]) if "to_scale" in settings else None
        panels["bowl"].show(loss.curvatures, corner=corner)
        # The same for all: where two paths are one, their markers stay on each other.
        apart = max(map(draw.width_of_marker, panels["paths"]))
        for line, path in zip(panels["paths"], paths, strict=True):
            draw.put_path(line, *draw.until_it_leaves(path.w[: at + 1], WINDOW).T, apart)
        x, y = settings["start_1"], settings["start_2"]
        draw.put(panels["start"], [x], [y])
        home = at >= settings["steps"] and self._untouched(settings, "start_1", "start_2")
        draw.place(panels["hint"], x + 0.35, y + 0.07, "drag me" if home else "")

    @staticmethod
    def _place_scale(panels, true):
        """Show the bowl in true proportions, or w₁ squeezed; its axes must follow."""
        ax = panels["ax"]
        wide = WINDOW[0] * ax.bbox.height / ax.bbox.width
        high = wide if true else WINDOW[1]
        draw.limit_y(ax, -high, high)
        squeezed = f"not to scale: w₁ is squeezed {wide / WINDOW[1]:.0f} times"
        panels["scale"].set_text("true proportions" if true else squeezed)
        return WINDOW[0], high

    def _place_walk(self, panels, path, at, steps, alpha):
        """Show where the walk stands, with the arrows of the step that comes next."""
        walking = is_walking(path, at, steps)
        arrows = [-alpha * path.dw[at], -alpha * path.v[at + 1]] if walking else None
        self._place_arrows(panels, path.w[at], arrows)

    @staticmethod
    def _place_arrows(panels, here, arrows):
        """Put the arrows of the gradient and of the step `here`, and say by how much both are shortened."""
        draw.show(panels["length"], arrows is not None)
        if arrows is None:
            place_walk(panels, None, {})
            return
        arrows = np.array(arrows)
        factor = draw.fitting(here, arrows, WINDOW)
        panels["length"].set_text(f"arrows drawn {factor:.2g} × as long" if factor < 0.995 else "")
        push, velocity = factor * arrows
        place_walk(panels, here, {"push": (here, push), "velocity": (here, velocity)})

    def _handle(self, panels, settings):
        x, y = settings["start_1"], settings["start_2"]
        return start_handle(panels["ax"], (x, y), f"w₁ = {number(x)}, w₂ = {number(y)}")
