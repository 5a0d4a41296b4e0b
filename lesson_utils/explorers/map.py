"""The map of all α and β, coloured by the steps a run needs, beside the run at one of its points."""

from types import SimpleNamespace

import numpy as np

from .. import maps, optimizers, theory
from ..drawing import panels as draw
from ..drawing import plane, style
from ..losses import Quadratic
from ..stage import FOR_HANDS, Frame, Handle
from .controls import alpha_slider, beta_slider, choice, count_slider, kappa_slider, limit_marks
from .parts import draw_legend
from .ravine import WINDOW
from .table import by_step
from .walking import MOST, WalkingExplorer, own_sentence
from .words import number, steps, verdict

MAP, KEY = (0.07, 0.11, 0.5, 0.735), (0.588, 0.11, 0.018, 0.69)  # places of the axes, as parts of the figure
BOWL, DISTANCE = (0.735, 0.545, 0.245, 0.3), (0.735, 0.11, 0.245, 0.28)
START = (-9.0, 1.2)
RULES = {"ewa": "v = βv + (1−β)dw", "heavy_ball": "v = βv + dw"}
SWEEP = np.concatenate([np.linspace(0, 0.98, 50), 1 - 10 ** -np.linspace(1.7, 2, 12)])  # betas along a border


def best_pair(settings):
    """Return the α and β with the fastest long-run rate for the present κ."""
    alpha, beta = theory.best_settings((1 / settings["kappa"], 1.0), convention=settings["convention"])
    return {"alpha": alpha, "beta": beta}


def best_plain(settings):
    """Return plain descent at its best α for the present κ."""
    return {"alpha": 2 / (1 / settings["kappa"] + 1), "beta": 0.0}


def usual(settings):
    """Return β = 0.9 with the α that walks as α = 10 does in the lecture's form."""
    alpha = theory.convert_alpha(10.0, 0.9, source="ewa", target=settings["convention"])
    return {"alpha": round(alpha, 12), "beta": 0.9}


class MapExplorer(WalkingExplorer):
    """The plane of α and β for one κ: each point is a run, coloured by the steps it needs to settle.

    The point is where the sliders for α and β stand: drag it, click in the map, use the arrow keys or the sliders.
    step : a function of yours, (w, v, dw, alpha, beta) -> (w, v), whose run is drawn beside the map.
    """

    declared = {
        "kappa": kappa_slider(100.0),
        "alpha": alpha_slider(4.0),
        "beta": beta_slider(0.9),
        "steps": count_slider(120, "steps", 1, 500),
        "convention": choice("ewa", "rule", RULES),
    }
    presets = {
        "Best pair for this κ": best_pair,
        "β = 0.9, for this form": usual,
        "Plain descent at its best": best_plain,
        "A ravine, κ = 100": {"kappa": 100.0},
        "A gentle ravine, κ = 10": {"kappa": 10.0},
        "A round bowl, κ = 1": {"kappa": 1.0},
    }
    letters = 290
    strip = ({"alpha": 10.0}, {"alpha": 40.0})

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        kappa, alpha, beta = settings["kappa"], settings["alpha"], settings["beta"]
        loss, form = Quadratic((1 / kappa, 1.0)), settings["convention"]
        best = best_pair(settings)
        steps_map, quickest = self._steps_map(kappa, form)
        path = self._momentum(kappa, loss, START, alpha, beta, settings["steps"], convention=form)
        return SimpleNamespace(
            settings=settings, loss=loss, limit=theory.stability_limit(1.0, beta, convention=form),
            best=(best["alpha"], best["beta"]), plain_alpha=best_plain(settings)["alpha"],
            steps_map=steps_map, quickest=quickest, path=path,
            settled=theory.steps_to_settle(loss.curvatures, alpha, beta, convention=form, most=MOST),
        )  # fmt: skip

    def _steps_map(self, kappa, convention):
        """Return (the steps of all cells, the fewest).

        The steep direction is the same for every κ; moving the point changes nothing.
        """

        def cells_and_fewest():
            alphas, betas = plane.cells()
            steep = self._cached(
                convention, None, lambda: maps.settle_map(1.0, alphas, betas, convention=convention)
            )
            cells = np.maximum(maps.settle_map(1 / kappa, alphas, betas, convention=convention), steep)
            return cells, int(cells.min())

        return self._cached("map", (kappa, convention), cells_and_fewest)

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        panels = {"plane": plane.draw_plane(figure.add_axes(MAP))}
        panels["plane"].hint.set_gid(FOR_HANDS)
        plane.draw_key(figure.add_axes(KEY))
        bowl = figure.add_axes(BOWL)
        bowl.set(xlim=(-WINDOW[0], WINDOW[0]), ylim=(-WINDOW[1], WINDOW[1]), yticks=[-1, 0, 1])
        squeezed = (WINDOW[0] / WINDOW[1]) / (bowl.bbox.width / bowl.bbox.height)
        bowl.set_xlabel(f"w₁, squeezed {squeezed:.0f} times", labelpad=0)
        bowl.set_ylabel("w₂", labelpad=-4)
        bowl.set_title("your step at this point" if self._step else "the run at this point")
        panels["bowl"] = draw.draw_bowl(bowl, (0.01, 1.0), count=7)
        panels["path"] = draw.draw_path(bowl, style.MOMENTUM)
        panels["path"].set_markersize(5)
        distance = figure.add_axes(DISTANCE)
        distance.text(1, -0.24, "step", transform=distance.transAxes, ha="right", va="center")
        panels["distance"] = plane.draw_distance(distance, (style.PLAIN, style.MOMENTUM))
        kind = {"ncols": 3, "handlelength": 3.2, "columnspacing": 2.4, "labelspacing": 0.35}
        draw_legend(figure, self._legend(), fontsize=style.SMALL, **kind)
        return panels

    def _legend(self):
        best = {name: style.BEST[name] for name in ("color", "marker", "label")}
        rim = {"markersize": 10, "markeredgecolor": "black", "markeredgewidth": 2}
        momentum = "your step" if self._step else "momentum, at your α and β"
        return [
            style.path_of(style.MOMENTUM, label=momentum),
            style.path_of(style.PLAIN, label="plain descent at its best α"),
            {"linestyle": "none", **best, **rim},
            style.line_of(style.LIMIT, linewidth=3.4),
            style.line_of(style.ACROSS),
            style.line_of(style.ALONG),
        ]

    def _place(self, panels, result):
        settings, form = result.settings, result.settings["convention"]
        kappa, alpha, beta = settings["kappa"], settings["alpha"], settings["beta"]
        self._place_map(panels["plane"], result)
        panels["bowl"].show(result.loss.curvatures)
        draw.put_path(panels["path"], *draw.until_it_leaves(result.path.w[: settings["steps"] + 1], WINDOW).T)
        count = settings["steps"]
        plain = ((kappa - 1) / (kappa + 1)) ** np.arange(count + 1)
        with np.errstate(over="ignore"):
            left = (np.abs(result.path.w[: count + 1]) / np.abs(START)).max(axis=1)
        settled = optimizers.settles_at(result.path.w, (0.0, 0.0)) if self._step else result.settled
        panels["distance"].show((plain, left), count, settled)
        plain_limit = theory.stability_limit(1.0, convention=form)
        marks = limit_marks(self.controls["alpha"], plain_limit, result.limit)
        label = f"Setting, α = {number(alpha)}, β = {beta:.3g}: drag it, press anywhere in the map or use the arrow keys"
        return Frame(
            twin=self._sentence(result),
            label="Map of all learning rates α and all β, coloured by the steps a run needs to settle, "
            "and the run at one point of it.",
            marks={"alpha": marks},
            handles=(
                Handle(
                    panels["plane"].ax, (plane.across(alpha), plane.up(beta)), ("alpha", "beta"), label,
                    scales=(plane.across, plane.up), anywhere=True,
                ),
            ),
        )  # fmt: skip

    def _place_map(self, panel, result):
        settings, form = result.settings, result.settings["convention"]
        if panel.shown != (settings["kappa"], form):  # the field is large: it moves with κ and the rule only
            panel.shown = (settings["kappa"], form)
            limits = maps.regime_borders(1.0, plane.cells(plane.FINER)[1], convention=form)[2]
            panel.show_steps(result.steps_map, limits)
            self._place_borders(panel, settings["kappa"], form)
        panel.show_point("plain", result.plain_alpha, 0.0)
        panel.show_point("best", *result.best)
        panel.show_point("here", settings["alpha"], settings["beta"])
        home = self._untouched(settings, "alpha", "beta")
        panel.show_hint(settings["alpha"], settings["beta"], "drag me" if home else "")

    def _place_borders(self, panel, kappa, form):
        ripples, zigzag, limit = maps.regime_borders(1.0, SWEEP, convention=form)
        low = SWEEP <= 0.3  # above, the zig-zag's border and the limit are one line to the eye
        panel.show_border("limit", limit, SWEEP)
        panel.show_border("across", ripples, SWEEP)
        panel.show_border("zigzag", zigzag[low], SWEEP[low])
        along = maps.regime_borders(1 / kappa, SWEEP, convention=form)[0]
        inside = along <= limit
        panel.show_border("along", along[inside], SWEEP[inside])
        panel.title.set_text(f"κ = {number(kappa)},  {RULES[form]}")

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result):
        settings = result.settings
        alpha, beta, kappa = settings["alpha"], settings["beta"], settings["kappa"]
        words = f"κ = {number(kappa)}, α = {number(alpha)}, β = {beta:.3g}: "
        ending = verdict(alpha, result.limit, result.settled, MOST)
        if self._step is None:
            words += ending + self._regimes(result) + ". "
        else:
            words += f"momentum {ending}. {own_sentence(result.path, np.zeros(2))} "
        return words + self._others(result)

    def _regimes(self, result):
        settings = result.settings
        if settings["alpha"] == 0 or settings["alpha"] >= result.limit * (1 - 1e-12):
            return ""
        across, along = (
            theory.regime(curvature, settings["alpha"], settings["beta"], convention=settings["convention"])
            for curvature in (1.0, 1 / settings["kappa"])
        )
        return f"; {across} across the valley, {along} along it"

    def _others(self, result):
        loss, form = result.loss.curvatures, result.settings["convention"]
        quickest = result.quickest
        best = theory.steps_to_settle(loss, *result.best, convention=form, most=MOST)
        quicker = f"; the map's quickest place needs {steps(quickest)}" if quickest < best else ""
        plain = theory.steps_to_settle(loss, result.plain_alpha, most=MOST)
        return (
            f"Best pair for this κ in the long run: α = {number(result.best[0])}, β = {result.best[1]:.3g}, "
            f"{steps(best)}{quicker}. "
            f"Plain descent at its best α = {number(result.plain_alpha)}: {steps(plain)}."
        )

    def _table(self, result):
        path, count = result.path, result.settings["steps"]
        w, v = path.w[: count + 1], path.v[: count + 1]
        names = ["w1", "w2", "v_dw1", "v_dw2", "dw1", "dw2", "loss"]
        return by_step(names, w, v, result.loss.gradient(w), result.loss.loss(w))
