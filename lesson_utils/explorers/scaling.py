"""How the steps grow when the ravine gets longer: with κ for plain descent, with its root for tuned momentum."""

from functools import cache
from types import SimpleNamespace

import numpy as np

from .. import maps, theory
from ..drawing import panels as draw
from ..drawing import style
from ..stage import Frame, Handle
from .base import Explorer
from .controls import alpha_slider, beta_slider, kappa_slider, limit_marks
from .parts import draw_hint, draw_legend
from .words import number, steps

DECADES = 4  # of κ
MOST = 4.75  # of the steps that are shown, as a power of ten
BETAS = 1 - 10 ** -np.linspace(0, 2, 81)
NEARBY = 10 ** np.linspace(-0.02, 0.02, 301)  # around the best α of a coarse search
SLOPES = (  # where the words on a line of this slope stand
    ("κ times 10: steps times 10", 1.0, 2.2, 2.68), ("κ times 10: steps times √10", 0.5, 1.85, 1.03),
)  # fmt: skip


@cache
def _curves():
    """Return (κ, the fewest steps of plain descent, the fewest of all α and β)."""
    kappas, few = maps.fewest_steps(BETAS, decades=DECADES)
    plain = maps.settle_map(1.0, 2 / (1 + 1 / kappas), 0.0)  # at the best α both directions take as long
    return kappas, plain, few.min(axis=0)


def count(kappa, alpha, beta):
    """Return the steps of runs in ravines of these κ; all may be arrays that broadcast. Infinity: never."""
    return np.maximum(maps.settle_map(1.0, alpha, beta), maps.settle_map(1.0, alpha / kappa, beta))


def best_pair(settings):
    """Return the α and β with the fastest long-run rate for the present κ."""
    alpha, beta = theory.best_settings((1 / settings["kappa"], 1.0))
    return {"alpha": alpha, "beta": beta}


def longer(settings):
    """Return a ravine ten times as long, as far as the slider goes."""
    return {"kappa": min(10 * settings["kappa"], 10.0**DECADES)}


class ScalingExplorer(Explorer):
    """Steps until a run settles against κ, both on logarithmic axes, and one run among them.

    The point moves with κ: drag it, or press anywhere.
    """

    declared = {
        "kappa": kappa_slider(100.0, DECADES),
        "alpha": alpha_slider(10.0),
        "beta": beta_slider(0.9),
    }
    presets = {
        "κ ten times as large": longer,
        "κ = 10": {"kappa": 10.0},
        "κ = 1000": {"kappa": 1000.0},
        "Best pair for this κ": best_pair,
        "α = 30, β = 0.9": {"alpha": 30.0, "beta": 0.9},
    }
    letters = 230
    size = (12.8, 6.4)
    strip = ({"kappa": 1000.0}, {"kappa": 10000.0})

    def _compute(self, settings):
        kappa, alpha, beta = settings["kappa"], settings["alpha"], settings["beta"]
        kappas, tuned = maps.fewest_steps(beta, decades=DECADES)
        return SimpleNamespace(
            settings=settings,
            kept=count(kappas, alpha, beta),  # the steps of this α and β for each κ
            tuned=tuned,  # the fewest of this β for each κ
            here=float(count(kappa, alpha, beta)),
            best=self._best(kappa, beta),
            pair=float(count(kappa, *best_pair(settings).values())),  # of the best pair on paper
            plain=float(count(kappa, 2 / (1 + 1 / kappa), 0.0)),
        )

    @staticmethod
    def _best(kappa, beta):
        """Return the fewest steps of a β, over all α: first of a coarse row, then around the best of these."""
        alphas = theory.stability_limit(1.0, beta) * 10 ** -np.linspace(0.002, 3, 160)
        best = alphas[count(kappa, alphas, beta).argmin()]
        return float(count(kappa, best * NEARBY, beta).min())

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        ax = figure.add_axes((0.085, 0.125, 0.865, 0.765))
        ax.set(xlim=(0, DECADES), ylim=(0, MOST))
        for axis, most in ((ax.xaxis, DECADES), (ax.yaxis, int(MOST))):
            axis.set_ticks(range(most + 1), ["1", "10", "100", "1000", "10 000"][: most + 1])
        ax.set_xlabel("κ, how narrow the ravine is", labelpad=1)
        # Inside, where letters of a narrow window have room to grow.
        inside = {"transform": ax.transAxes, "fontweight": "bold"}
        ax.text(0.012, 0.97, "steps until it settles", ha="left", va="top", **inside)
        ax.grid(color="#dddddd", linewidth=0.8)
        ax.set_axisbelow(True)
        kappas, plain, fewest = _curves()
        ax.plot(np.log10(kappas), np.log10(plain), **style.line_of(style.PLAIN))
        ax.plot(np.log10(kappas), np.log10(fewest), **style.line_of(style.FEWEST))
        for words, slope, x, y in SLOPES:
            turn = np.degrees(np.arctan(slope * ax.bbox.height / MOST / (ax.bbox.width / DECADES)))
            ax.text(x, y, words, rotation=turn, rotation_mode="anchor", fontsize=style.SMALL, va="bottom")
        looks = {"tuned": style.line_of(style.ITS_BEST), "kept": style.line_of(style.MOMENTUM)}
        panels = {name: draw.draw_line(ax, zorder=4, **look) for name, look in looks.items()}
        diamond = {"color": style.BEST["color"], "marker": style.BEST["marker"], "markersize": 11}
        diamond |= {"linestyle": "none", "markeredgecolor": "black", "markeredgewidth": 2}
        panels["pair"] = draw.draw_line(ax, zorder=5, **diamond)
        panels["here"] = draw.draw_path(ax, style.MOMENTUM, zorder=6)
        panels["here"].set(markersize=14, markeredgecolor="black", markeredgewidth=2, clip_on=False)
        looks = (
            style.line_of(style.PLAIN, label="plain descent, best α for each κ"),
            style.line_of(style.MOMENTUM, label="your α and β, for every κ"),
            style.line_of(style.ITS_BEST),
            style.line_of(style.FEWEST),
            {"label": "best pair on paper", **diamond},
        )
        draw_legend(figure, looks, ncols=3, handlelength=2.6, columnspacing=2, fontsize=style.SMALL)
        panels["title"] = draw.note(ax, 0.988, 0.03, ha="right", va="bottom", fontweight="bold")
        panels["hint"] = draw_hint(ax)
        return {"ax": ax, **panels}

    def _place(self, panels, result):
        settings, places = result.settings, np.log10(_curves()[0])
        for name, counts in (("kept", result.kept), ("tuned", result.tuned)):
            with np.errstate(divide="ignore"):
                heights = np.log10(counts)
            draw.put(panels[name], places, np.where(np.isfinite(heights), heights, np.nan))
        at = (
            np.log10(settings["kappa"]),
            MOST if np.isinf(result.here) else min(np.log10(result.here), MOST),
        )
        draw.put(panels["here"], [at[0]], [at[1]])
        draw.put(panels["pair"], [at[0]], [np.log10(result.pair)])
        home = self._untouched(settings, *settings)
        draw.place(panels["hint"], at[0] + 0.04, at[1] + 0.1, "drag me" if home else "")
        panels["title"].set_text(f"your α = {number(settings['alpha'])}, β = {settings['beta']:.3g}")
        limit = theory.stability_limit(1.0, settings["beta"])
        marks = limit_marks(self.controls["alpha"], theory.stability_limit(1.0), limit)
        label = f"κ = {number(settings['kappa'])}: drag the point, press anywhere or use the arrow keys"
        return Frame(
            twin=self._sentence(result, limit),
            label="Steps until a run settles against κ, on logarithmic axes: plain descent, momentum with your α and "
            "β, with your β and its best α, and with the best of both.",
            marks={"alpha": marks},
            handles=(Handle(panels["ax"], at, ("kappa",), label, scales=(np.log10,), anywhere=True),),
        )

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result, limit):
        settings = result.settings
        kappa, alpha, beta = settings["kappa"], settings["alpha"], settings["beta"]
        kappas, _, few = _curves()
        fewest = round(float(np.exp(np.interp(np.log(kappa), np.log(kappas), np.log(few)))))
        words = f"κ = {number(kappa)}: plain descent needs {steps(round(result.plain))} at its best α. "
        words += f"α = {number(alpha)}, β = {beta:.3g}: "
        if np.isfinite(result.here):
            words += f"{steps(round(result.here))}"
        else:
            words += "never settles"
            words += f" (limit α = {number(limit)})" if alpha >= limit else ""
        return words + (
            f"; with the best α for this β: {round(result.best)}. "
            f"Best pair on paper: {round(result.pair)}; best α and β: about {fewest}."
        )

    def _table(self, result):
        kappas, plain, fewest = _curves()
        rows = np.column_stack([kappas, plain, result.kept, result.tuned, fewest]).tolist()
        names = ["kappa", "plain_best_alpha", "this_alpha_and_beta", "this_beta_best_alpha", "best_of_all"]
        return names, rows
