"""One run of momentum in two ways of writing it, and what each of them calls α."""

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from .. import conventions, optimizers, theory
from ..conventions import alpha_for, alphas_over, walk
from ..drawing import panels as draw
from ..drawing import style
from ..drawing.sweep import BETAS, draw_sweep
from ..guard import GuardedStep
from ..stage import Frame
from .controls import HIGHEST_ALPHA, alpha_slider, beta_slider, choice, count_box, mark, switch
from .ravine import RIGHT, RavineExplorer, ravine
from .table import by_step
from .walking import MOST, OWN_MOST, is_walking, own_sentence
from .words import AT_MINIMUM, capital, number, point, steps, verdict

ORDER = ("heavy_ball", "inside", "ewa")  # from the bottom of the picture to its top
LOOKS = {"inside": style.INSIDE, "heavy_ball": style.HEAVY_BALL, "ewa": style.MOMENTUM}
NAMES = {"ewa": "the lecture's form", "heavy_ball": "the heavy ball", "inside": "Keras' form"}
RULES = {
    "ewa": "lecture: v = βv + (1−β)dw",
    "heavy_ball": "heavy ball: v = βv + dw",
    "inside": "Keras: v = βv + α·dw",
}
FORMS = {"ewa": "v = βv + (1−β)dw", "heavy_ball": "v = βv + dw", "inside": "v = βv + α·dw"}
LATER = {1.0: "stays the same", 0.1: "falls to a tenth", 0.0: "falls to 0", 10.0: "grows tenfold"}
NOWHERE = optimizers.Path(*np.full((3, 1, 2), np.nan))  # the path of a form that is not shown
REACHES = np.array([m * 10.0**p for p in range(-4, 2) for m in (1, 2, 5)])  # of v: its axis seldom moves
ONE_PATH = "One path"
KEY = (0.0, 0.94, 1.0, 0.06)  # place of the two rules above the picture


@dataclass(frozen=True)
class Run:
    """One path with the form that it is written in. alphas: the learning rate of each step."""

    form: str
    alphas: np.ndarray
    alpha: float
    limit: float
    path: optimizers.Path


class KeptRun(NamedTuple):
    """A run that is kept while its form changes: its α in the lecture's form, and the places of α's slider for it."""

    alpha: float
    places: frozenset


def _run(form, alpha, beta=0.9, keep=True, later=1.0, steps=120):
    return dict(form=form, alpha=alpha, beta=beta, keep=keep, later=later, kappa=100.0, steps=steps)


class ConventionExplorer(RavineExplorer):
    """One run of momentum, written as an average, as a heavy ball, or with α inside the velocity.

    alpha counts as the chosen `form` counts it: "ewa" (v = βv + (1−β)dw), "heavy_ball" (v = βv + dw) or "inside"
    (v = βv + α dw). With `keep`, α is rescaled when the form or β changes, so that the lecture's α stays.
    later : what α is multiplied by from step `change_at` on
    step : a function of yours, (w, v, dw, alpha, beta) -> (w, v), to be drawn instead of the chosen form's rule.
    """

    declared = {
        "alpha": alpha_slider(4.0),
        "beta": beta_slider(0.9),
        "form": choice("ewa", "the rule", FORMS),
        "keep": switch(True, "keep the path: α follows the rule and β"),
        **ravine(),
        "later": choice(1.0, "later, α", LATER),
        "change_at": count_box(20, "from step", 0, 500),
    }
    presets = {
        ONE_PATH: _run("ewa", 4.0),
        "(1−β) dropped, α left alone": _run("heavy_ball", 4.0, keep=False),
        "α = 0.4 in both": _run("heavy_ball", 0.4, keep=False),
        "β tuned alone": _run("heavy_ball", 0.4, keep=False, beta=0.99, steps=300),
        "α falls to 0": {**_run("inside", 0.4, later=0.0), "change_at": 20},
    }
    letters = 270
    strip = ({"form": "heavy_ball"}, {"form": "heavy_ball", "alpha": 1.0, "beta": 0.99, "steps": 300})
    strips = (
        ({"form": "heavy_ball", "alpha": 4.0}, ({"alpha": 3.7}, {"alpha": 0.4})),
        ({"form": "heavy_ball", "beta": 0.0}, ({"beta": 0.9}, presets["β tuned alone"])),
        ({"form": "inside"}, ({"alpha": 0.04, "later": 10.0},)),
    )
    rows = (("step_shown", "later", "change_at", "start_1", "start_2"),)

    def preset(self, name):
        """Return what the button of that name sets; "One path" asks a learner's step for it in the step's own form."""
        values, form = super().preset(name), self._start["form"]
        if self._step is None or name != ONE_PATH:
            return values
        alpha = alpha_for(values["alpha"], values["beta"], source=values["form"], target=form)
        return {**values, "form": form, "alpha": round(alpha, 12)}

    # --- α that follows -------------------------------------------------------------------------------
    #
    # With `keep`, the run stays, and α is how a form counts it. What is kept is its α in the lecture's form:
    #
    #     a hand, or code, on α or keep ──> _moved ──> _keep:    the run := what the controls say now
    #     a hand, or code, on β or form ──> _moved ──> _follow:  α's slider := the run, as this form counts it
    #     a preset, `set`, Reset ─────────> _put ────> all of them at once, then one of the two
    #     the page asks for a frame ──────> _compute ─> _meant:  its α, or where that is late, the run's
    #
    # A page that has switched the form asks for frames before it hears of the new α, several at a time. So the
    # places where the slider has stood for this run still mean this run, until a hand ends it. A hand that comes
    # to such a place is not believed at once: when the kernel hears of it, the page is told to ask again.

    def _link_controls(self):
        super()._link_controls()
        self._updating = False
        self._keep()
        for name in ("alpha", "beta", "form", "keep"):
            self.controls[name].observe(self._moved, "value")

    @contextmanager
    def _update(self):
        """Move controls without being moved by them, as the links of traitlets do."""
        self._updating = True
        try:
            yield
        finally:
            self._updating = False

    def _moved(self, change):
        if self._updating:
            return
        alpha, keep = self.controls["alpha"], self.controls["keep"]
        if change["owner"] not in (alpha, keep) and keep.value:
            self._follow()
            return
        late = change["owner"] is alpha and alpha.index in self._kept.places
        self._keep()
        if late:
            self.stage.ask_again()

    def _keep(self):
        """Keep the run that the controls show now."""
        alpha, beta, form = (self.controls[name].value for name in ("alpha", "beta", "form"))
        lecture = alpha_for(alpha, beta, source=form, target="ewa")
        self._kept = KeptRun(lecture, frozenset({self.controls["alpha"].index}))

    def _follow(self):
        """Move α's slider to where the kept run stands now."""
        slider, kept = self.controls["alpha"], self._kept
        with self._update():
            slider.value = self._alpha_of(kept, self.controls["beta"].value, self.controls["form"].value)
        self._kept = KeptRun(kept.alpha, kept.places | {slider.index})

    def _put(self, settings):
        with self._update():
            super()._put(settings)
        if "alpha" in settings or not self.controls["keep"].value:
            self._keep()
        else:
            self._follow()
        self.stage.ask_again()

    def _alpha_of(self, kept, beta, form):
        """Return the α of a run in a form, as the slider can show it: at a stop where it is one."""
        alpha = alpha_for(kept.alpha, beta, source="ewa", target=form)
        stops = self.controls["alpha"].stops
        nearest = stops[int(np.abs(np.array(stops) - alpha).argmin())]
        return nearest if np.isclose(nearest, alpha, rtol=1e-9, atol=0) else min(alpha, HIGHEST_ALPHA)

    def _meant(self, settings):
        """Return the settings that a page means which asks with these: its α may be from before the slider moved."""
        kept, stops = self._kept, self.controls["alpha"].stops
        late = settings["alpha"] in stops and stops.index(settings["alpha"]) in kept.places
        if not (settings["keep"] and late):
            return settings
        return {**settings, "alpha": self._alpha_of(kept, settings["beta"], settings["form"])}

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        settings = self._meant(settings)
        loss, start = self._loss_and_start(settings)
        form, alpha, beta = settings["form"], settings["alpha"], settings["beta"]
        beside = "ewa" if form == "heavy_ball" else "heavy_ball"
        other = alpha_for(alpha, beta, source=form, target=beside) if settings["keep"] else alpha
        claimed = self._run(loss, start, settings, form, alpha)
        own = claimed if self._step is None else self._own(loss, start, settings)
        runs = (own, self._run(loss, start, settings, beside, other))
        last = settings["steps"] + 1
        return SimpleNamespace(
            settings=settings, loss=loss, runs=runs, at=min(settings["step_shown"], settings["steps"]),
            one_path=_same_path(*(run.path.w[:last] for run in runs)),
            claimed=claimed.path,  # what a learner's step should have walked
        )  # fmt: skip

    def _alphas(self, settings, alpha, steps):
        return alphas_over(alpha, steps, times=settings["later"], at=settings["change_at"])

    def _run(self, loss, start, settings, form, alpha):
        alphas = self._alphas(settings, alpha, settings["steps"])
        limit = theory.stability_limit(1.0, settings["beta"], convention=conventions.convention_of(form))
        return Run(
            form, alphas, alpha, limit, walk(loss.gradient, start, alphas, settings["beta"], form=form)
        )

    def _own(self, loss, start, settings):
        alpha, beta, start = settings["alpha"], settings["beta"], tuple(start)
        alphas = self._alphas(settings, alpha, max(settings["steps"], OWN_MOST))

        def step():
            own, at = GuardedStep(self._step), count()
            return lambda w, v, dw, alpha, beta: own(w, v, dw, float(alphas[next(at)]), beta)

        key = (settings["kappa"], alphas.tobytes())
        path = self._momentum(key, loss, start, alpha, beta, settings["steps"], step)
        return Run(settings["form"], alphas, alpha, np.inf, path)

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        looks = [LOOKS[form] for form in ORDER]
        panels = self._draw_ravine(figure, looks)
        velocity, sweep = (figure.add_axes(place) for place in RIGHT[1:])
        panels["velocity_panel"] = draw.draw_coordinate(velocity, "v along the valley", looks)
        for line, look in zip(panels["velocity_panel"].lines, looks, strict=True):
            line.set(linestyle=look["linestyle"], linewidth=2.6)
        draw.name_steps(velocity)
        panels["sweep"] = draw_sweep(sweep, looks)
        for panel in ("loss", "sweep"):  # where two runs are one, the lower line still shows at the rim
            panels[panel].lines[0].set_linewidth(6)
        sweep.set_title("steps until 1 % is left, by β")
        ruler = panels["ruler"]
        ruler.ax.set_xlabel("α in the lecture's form (log scale)", labelpad=2)
        ruler.pointers[0].set_markersize(16)
        return panels

    def _draw_legend(self, figure):
        ax = figure.add_axes(KEY)
        ax.set(xlim=(0, 1280), ylim=(0, 1))
        ax.set_axis_off()
        key = []
        for left in (14, 575):
            samples = [
                ax.plot([left, left + 27, left + 54], [0.5] * 3, **style.path_of(LOOKS[form]))
                for form in ORDER
            ]
            words = draw.note(ax, left + 72, 0.5, coords="data", va="center", fontsize=style.FONT - 1)
            key.append(([draw.moving(*sample) for sample in samples], words))
        minimum = style.MINIMUM
        ax.plot([1146], [0.5], linestyle="none", marker="*", markersize=15, color=minimum["color"])
        ax.text(1162, 0.5, minimum["label"], va="center")
        return key

    def _place(self, panels, result):
        settings, at, runs = result.settings, result.at, result.runs
        shown = {run.form: run for run in runs}
        paths = [shown[form].path if form in shown else NOWHERE for form in ORDER]
        ways = "one path, written in two ways" if result.one_path else "two paths"
        self._place_ravine(panels, result, paths, f"β = {settings['beta']:g}:  {ways}")
        for line, path in zip(panels["paths"], paths, strict=True):
            draw.show(line, path is not NOWHERE)
        self._place_walk_of(panels, result)
        self._place_key(panels["key"], runs)
        velocities = [path.v[: at + 1, 0] for path in paths]
        panels["velocity_panel"].show(velocities, settings["steps"], _reach(velocities))
        panels["sweep"].show([self._rates(result, shown.get(form)) for form in ORDER], settings["beta"])
        lecture = {
            run.form: alpha_for(run.alpha, settings["beta"], source=run.form, target="ewa") for run in runs
        }
        limit = theory.stability_limit(1.0, settings["beta"])
        as_lecture = settings["form"] == "ewa"
        form = "" if as_lecture else ", lecture's form"
        # In the lecture's α there is one limit for all forms.
        panels["ruler"].show([lecture.get(form) for form in ORDER], (None, None, limit), form)
        slider = self.controls["alpha"]
        limit = theory.stability_limit(
            1.0, settings["beta"], convention=conventions.convention_of(settings["form"])
        )
        words = f"limit {number(limit)}" if as_lecture else f"limit {number(limit)}, this form"
        return Frame(
            twin=self._sentence(result),
            label="Contour plot of a long bowl with the paths of two ways of writing momentum.",
            marks={"alpha": mark(limit, slider, "momentum", words)},
            handles=(self._handle(panels, settings),),
        )

    def _place_key(self, key, runs):
        for i, (run, (samples, words)) in enumerate(zip(runs, key, strict=True)):
            for form, sample in zip(ORDER, samples, strict=True):
                draw.show(sample, form == run.form)
            own = i == 0 and self._step is not None
            words.set_text(f"{'your step' if own else RULES[run.form]}, α = {_format_alpha(run)}")

    def _place_walk_of(self, panels, result):
        """Show where the walk of the first run stands, with where the gradient alone would go and the next step."""
        run, at, path = result.runs[0], result.at, result.runs[0].path
        arrows = None
        if is_walking(path, at, result.settings["steps"]):
            arrows = [-run.alphas[at] * path.dw[at], path.w[at + 1] - path.w[at]]
        self._place_arrows(panels, path.w[at], arrows)

    def _rates(self, result, run):
        """Return the long-run rate of a form at every β, with α as the switch would set it there."""
        if run is None or (self._step is not None and run is result.runs[0]):
            return None
        settings = result.settings
        if settings["keep"]:
            lecture = alpha_for(run.alpha, settings["beta"], source=run.form, target="ewa")
            return theory.convergence_rate(result.loss.curvatures, lecture, BETAS)
        convention = conventions.convention_of(run.form)
        return theory.convergence_rate(result.loss.curvatures, run.alpha, BETAS, convention=convention)

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result):
        settings = result.settings
        if not (settings["start_1"] or settings["start_2"]) and self._step is None:
            return AT_MINIMUM
        if result.at < settings["steps"]:
            return _walk_sentence(result)
        if self._step is not None:
            return self._own_words(result)
        if settings["later"] != 1.0:
            return self._change_words(result)
        return self._verdict_of(result, result.runs[0]) + self._other_words(result)

    def _verdict_of(self, result, run):
        settings = result.settings
        start = np.array([settings["start_1"], settings["start_2"]])
        settled = theory.steps_to_settle(
            result.loss.curvatures, run.alpha, settings["beta"], start,
            convention=conventions.convention_of(run.form), most=MOST,
        )  # fmt: skip
        words = verdict(run.alpha, run.limit, settled, MOST)
        return f"{capital(NAMES[run.form])}, α = {number(run.alpha)}, β = {settings['beta']:g}: {words}."

    def _other_words(self, result):
        """Say what the other form needs for the same path, and what it does when it does not get it."""
        own, other = result.runs
        needed = alpha_for(own.alpha, result.settings["beta"], source=own.form, target=other.form)
        how = {
            ("ewa", "heavy_ball"): f"α = {number(needed)}, which is (1−β) · {number(own.alpha)}",
            ("heavy_ball", "ewa"): f"α = {number(needed)}, which is {number(own.alpha)} / (1−β)",
            ("inside", "heavy_ball"): "the same α",
        }[own.form, other.form]
        if np.isclose(needed, other.alpha, rtol=1e-9, atol=0):
            end = f" The slider ends at {HIGHEST_ALPHA:g}." if needed > HIGHEST_ALPHA else ""
            return f" {capital(NAMES[other.form])} walks the same path with {how}.{end}"
        return f" {self._verdict_of(result, other)} For the same path it needs {how}."

    def _change_words(self, result, who=None, between=""):
        """Say where the two runs are at the end, as a run whose α changes has no one α to judge."""
        own, other = result.runs
        at, end = result.settings["change_at"], result.settings["steps"]
        when = f" from step {at} on" if at < end else f", as the run ends before step {at}"
        words = f"{who or capital(NAMES[own.form])}, α = {_format_alpha(own)}{when}: "
        words += f"after {steps(end)} {_where(own.path.w[end])}.{between} "
        return (
            words + f"{capital(NAMES[other.form])}, α = {_format_alpha(other)}: {_where(other.path.w[end])}."
        )

    def _own_words(self, result):
        own, other = result.runs
        end, claimed = result.settings["steps"] + 1, NAMES[own.form]
        if _same_path(own.path.w[:end], result.claimed.w):
            words = f" It walks the path of {claimed}."
        else:
            with np.errstate(invalid="ignore"):
                apart = np.abs(own.path.w[:end] - result.claimed.w) > 1e-6
            words = f" It leaves the path of {claimed} at step {int(np.argmax(apart.any(axis=1)))}."
        if result.settings["later"] != 1.0:
            return self._change_words(result, "Your step", words)
        return f"{own_sentence(own.path, result.loss.minimum)}{words} {self._verdict_of(result, other)}"

    def _table(self, result):
        names, columns = [], []
        for run, name in zip(result.runs, ("your_step" if self._step else "", ""), strict=True):
            name, end = name or run.form, result.settings["steps"] + 1
            names += [f"{name}_{what}" for what in ("alpha", "w1", "w2", "v1", "v2", "loss")]
            w, v = run.path.w[:end], run.path.v[:end]
            alphas = np.append(run.alphas[: end - 1], np.nan)  # no step is taken from the last point
            columns += [alphas, w[:, 0], w[:, 1], v[:, 0], v[:, 1], result.loss.loss(w)]
        return by_step(names, *columns)


def _walk_sentence(result):
    parts = []
    for run in result.runs:
        path, at = run.path, result.at
        if not is_walking(path, at, result.settings["steps"]):
            parts.append("the numbers have grown beyond all bounds")
            continue
        v, moved = path.v[at + 1], path.w[at + 1] - path.w[at]
        parts.append(f"v = {point(v)} moves w by {point(moved)}")
    return f"Step {result.at}: {parts[0]}; in {NAMES[result.runs[1].form]}, {parts[1]}."


def _same_path(left, right):
    """Return True when two runs are one, as far as numbers of this size can tell."""
    with np.errstate(invalid="ignore"):
        size = np.maximum(np.abs(left), 1.0)
        return bool((~(np.abs(left - right) > 1e-6 * size)).all())


def _reach(series):
    """Return a round number that the series stay within; 1 for a run that leaves for good."""
    largest = max(np.abs(values[np.isfinite(values)]).max(initial=0.0) for values in series)
    return float(REACHES[np.searchsorted(REACHES, largest)]) if largest <= REACHES[-1] else 1.0


def _where(w):
    return f"w = {point(w)}" if np.abs(w).max() < 1e4 else "it has run away"


def _format_alpha(run):
    first, last = run.alphas[0], run.alphas[-1]
    return number(run.alpha) if first == last == run.alpha else f"{number(run.alpha)} → {number(last)}"
