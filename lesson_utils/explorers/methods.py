"""Any two of plain descent, momentum, Nesterov's look-ahead, RMSprop and Adam in the same ravine, which can be turned."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D

from .. import methods, optimizers, theory
from ..drawing import panels as draw
from ..drawing import style
from ..guard import GuardedStep
from ..losses import Quadratic
from ..stage import Frame
from .controls import alpha_slider, beta_slider, choice, count_slider, kappa_slider, mark, number_box, walk
from .parts import STAR, draw_hint, start_handle
from .table import by_step
from .walking import MOST, OWN_MOST, WalkingExplorer, is_walking, place_walk
from .words import AT_MINIMUM, capital, number, point, steps, verdict


@dataclass(frozen=True)
class Method:
    """A rule: walk(gradient, start, alpha, …, steps) -> Path takes β, β₂, both or none, as the rule averages.

    formulas : its (largest α, steps to settle); a run of a rule that has none is watched
    """

    name: str
    look: dict
    walk: Callable | None  # None: the learner's
    gradients: bool = True  # averaged with β
    squares: bool = False  # averaged with β₂
    formulas: tuple | None = None


OF_MOMENTUM = (theory.stability_limit, theory.steps_to_settle)
OF_NESTEROV = (methods.nesterov_limit, methods.nesterov_steps_to_settle)
_raw = partial(methods.adam, bias_correction=False)
METHODS = {
    "plain": Method(
        "plain descent", style.PLAIN, optimizers.gradient_descent, gradients=False, formulas=OF_MOMENTUM
    ),
    "momentum": Method("momentum", style.MOMENTUM, optimizers.momentum, formulas=OF_MOMENTUM),
    "nesterov": Method("Nesterov", style.NESTEROV, methods.nesterov, formulas=OF_NESTEROV),
    "rmsprop": Method("RMSprop", style.RMSPROP, methods.rmsprop, gradients=False, squares=True),
    "adam": Method("Adam", style.ADAM, methods.adam, squares=True),
    "adam_raw": Method("Adam, not corrected", style.ADAM_RAW, _raw, squares=True),
    "own": Method("your step", style.OWN, None, squares=True),
}
FOLLOWED = 300  # steps, drawn or not, for a method whose end no formula tells
TAIL = 50  # steps at the end of such a run that are looked at
SLOTS = ("first", "second")
REACH = (1.8, 0.9)  # of the start, along and across the valley
SHAPE = 1.367  # of the window, wide by high: the same scale on both axes, so that a turn looks like one
MARGIN = 0.13
BOWL = (0.065, 0.1, 0.565, 0.735)
RIGHT = ((0.715, 0.7, 0.27, 0.165), (0.715, 0.4, 0.27, 0.175), (0.715, 0.1, 0.27, 0.175))
POINTER = 0.5  # length of the walk's arrows


@dataclass(frozen=True)
class Run:
    """One method's run: its path, the path in the ravine's own directions, its limit and how it ends."""

    method: str
    alpha: float
    path: optimizers.Path
    own: np.ndarray
    limit: float | None
    ending: str


def _two_of(first):
    """Declare which two methods are shown, a learner's own among them if it is the first."""
    names = {key: method.name for key, method in METHODS.items() if key != "own" or first == "own"}
    return {"first": choice(first, "first", names), "second": choice("momentum", "second", names)}


def _run(first, alpha_first, second, alpha_second, steps, **others):
    both = dict(first=first, alpha_first=alpha_first, second=second, alpha_second=alpha_second, steps=steps)
    return {**both, "beta_2": 0.999, "kappa": 100.0, "angle": 0, **others}


class MethodsExplorer(WalkingExplorer):
    """Two methods of your choice in a ravine that can be turned.

    first, second : which two; "adam_raw" is Adam without bias correction, "own" a step of yours
    beta : for the average of gradients; beta_2 : for the average of their squares; angle : in degrees
    start_1 : along the valley; start_2 : across it
    step : a function of yours, (w, v, s, dw, t, alpha, beta, beta_2) -> (w, v, s), drawn as the first.
    """

    # Three columns: the two methods with their α, and what shapes the bowl.
    declared = {
        **_two_of("adam"),
        "kappa": kappa_slider(100.0),
        "alpha_first": alpha_slider(0.1, lowest=0.001, description="α step, first"),
        "alpha_second": alpha_slider(10.0, lowest=0.001, description="α step, second"),
        "angle": count_slider(0, "turn, °", 0, 90),
        "beta": beta_slider(0.9),
        "beta_2": beta_slider(0.999, highest=0.999, description="β₂ of squares"),
        "steps": count_slider(120, "steps", 1, 500),
        "start_1": number_box(-1.7, "start along", -REACH[0], REACH[0]),
        "start_2": number_box(0.6, "start across", -REACH[1], REACH[1]),
        "step_shown": walk(500),
    }
    signature = "step(w, v, s, dw, t, alpha, beta, beta_2) -> (w, v, s)"
    presets = {
        "RMSprop": _run("rmsprop", 0.01, "plain", 1.9, 300, beta_2=0.9),
        "It rattles": _run("rmsprop", 0.1, "rmsprop", 0.02, 300, beta_2=0.9),
        "Adam": _run("adam", 0.1, "momentum", 10.0, 120, beta=0.9),
        "Adam, turned by 45°": _run("adam", 0.1, "momentum", 10.0, 300, beta=0.9, angle=45),
        "No correction": _run("adam", 0.5, "adam_raw", 0.5, 60, beta=0.9),
        "Nesterov": _run("nesterov", 4.0, "momentum", 4.0, 120, beta=0.9),
    }
    strip = ({"kappa": 1000.0},)
    strips = (
        ({"second": "plain"}, ({"kappa": 1.0}, {"kappa": 1000.0})),
        ({"second": "rmsprop"}, ({"alpha_first": 0.2, "alpha_second": 0.01},)),
        (
            {"second": "adam_raw"},
            ({"step_shown": 1}, {"alpha_first": 0.1, "alpha_second": 0.1, "steps": 120}),
        ),
        ({"first": "adam", "steps": 300}, ({"angle": 45}, {"angle": 45, "alpha_first": 0.35})),
        ({"first": "nesterov"}, ({"step_shown": 2}, {"step_shown": 120})),
        ({"second": "nesterov"}, ()),
    )
    rows = (("step_shown", "start_1", "start_2"),)

    def __init__(self, step=None, **settings):
        if step is not None:
            self.declared = {**self.declared, **_two_of("own")}
        super().__init__(step, **settings)

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        turn = np.radians(settings["angle"])
        loss = Quadratic((1 / settings["kappa"], 1.0), angle=turn)
        start = np.array([settings["start_1"], settings["start_2"]], dtype=float)
        runs = tuple(self._run(slot, settings, loss, start) for slot in SLOTS)
        at = min(settings["step_shown"], settings["steps"])
        return SimpleNamespace(settings=settings, loss=loss, start=start, runs=runs, at=at)

    def _run(self, slot, settings, loss, start):
        """Return a slot's run; it is kept: most sliders move only one, and a learner's may use random numbers."""
        name, alpha = settings[slot], settings[f"alpha_{slot}"]
        method, count = METHODS[name], settings["steps"]
        beta = settings["beta"] if method.gradients else 0.0
        beta_2 = settings["beta_2"] if method.squares else 0.0
        if method.formulas is None:
            count = max(count, OWN_MOST if name == "own" else FOLLOWED)
        key = (name, alpha, beta, beta_2, settings["kappa"], settings["angle"], *start, count)

        def run():
            walk = method.walk or self._own_walk
            betas = [beta] * method.gradients + [beta_2] * method.squares
            path = walk(loss.gradient, _turned(start, loss.angle), alpha, *betas, count)
            own = _turned(path.w, -loss.angle)
            limit = method.formulas and method.formulas[0](1.0, beta)
            ending = _ending(name, alpha, beta, limit, loss, start, path, own)
            return Run(name, alpha, path, own, limit, ending)

        return self._cached(slot, key, run)

    def _own_walk(self, *given):
        step = GuardedStep(self._step, returns=3)
        return self._guarded(lambda: methods.walk(step, *given))

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        looks = (style.PLAIN, style.MOMENTUM)
        ax = figure.add_axes(BOWL)
        ax.text(0.5, -0.073, "w₁", transform=ax.transAxes, ha="center", va="center")
        ax.text(-0.072, 0.5, "w₂", transform=ax.transAxes, ha="center", va="center", rotation=90)
        draw.follow_x(ax)
        draw.follow_y(ax)
        panels = {"ax": ax, "bowl": draw.draw_bowl(ax, (0.01, 1.0))}
        panels["paths"] = [draw.draw_path(ax, look, zorder=4 - i) for i, look in enumerate(looks)]
        panels["ahead"] = draw.draw_path(ax, style.NESTEROV, zorder=9.5)
        panels["ahead"].set(markerfacecolor="white", markeredgecolor=style.NESTEROV["color"])
        panels["ahead"].set(markersize=12, markeredgewidth=2.2)
        panels["here"] = draw.draw_path(ax, looks[0], zorder=6.5)
        panels["title"] = draw.note(ax, 0.5, 1.025, ha="center", fontweight="bold")
        panels["start"] = draw.draw_start(ax)
        panels["hint"] = draw_hint(ax)
        panels["arrows_note"] = draw.note(ax, 0.01, 0.02, fontsize=style.SMALL, va="bottom", ha="left")
        panels["push"] = draw.draw_arrow(ax, style.GRADIENT)
        panels["velocity"] = draw.draw_arrow(ax, style.VELOCITY, zorder=9)
        self._draw_legend(figure, panels, looks)
        loss, across, sizes = (figure.add_axes(place) for place in RIGHT)
        draw.name_steps(sizes)
        panels["loss"] = draw.draw_loss(loss, looks)
        panels["across"] = draw.draw_coordinate(across, "distance across the valley", looks)
        panels["sizes"] = draw.draw_steps(sizes, looks)
        return panels

    def _draw_legend(self, figure, panels, looks):
        """Draw the two entries that change with the choices, and the star."""
        ax = figure.add_axes((0.065, 0.925, 0.92, 0.07))
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.set_axis_off()
        panels["samples"] = [draw.draw_path(ax, look) for look in looks]
        panels["names"] = []
        for i, sample in enumerate(panels["samples"]):
            sample.set_data([0.43 * i + 0.01, 0.43 * i + 0.065], [0.5, 0.5])
            panels["names"].append(
                draw.note(ax, 0.43 * i + 0.08, 0.48, coords="data", va="center", fontweight="bold")
            )
        star = Line2D([], [], **STAR)
        kind = {"handletextpad": 0.1, "borderpad": 0, "bbox_to_anchor": (1.0, 0.5)}
        ax.legend([star], [STAR["label"]], loc="center right", frameon=False, **kind)

    def _place(self, panels, result):
        settings, at, last = result.settings, result.at, result.settings["steps"]
        window = window_at(settings["angle"])
        draw.limit_x(panels["ax"], -window[0], window[0])
        draw.limit_y(panels["ax"], -window[1], window[1])
        panels["bowl"].show(result.loss.curvatures, angle=result.loss.angle, corner=window)
        self._dress(panels, result)
        for line, run in zip(panels["paths"], result.runs, strict=True):
            draw.put_path(line, *draw.until_it_leaves(run.path.w[: at + 1], window).T)
        panels["loss"].show([result.loss.loss(run.path.w[: at + 1]) for run in result.runs], last)
        across = [run.own[: at + 1, 1] for run in result.runs]
        panels["across"].show(across, last, max(abs(result.start[1]), 0.05))
        panels["sizes"].show([_sizes(run)[:at] for run in result.runs], last)
        panels["title"].set_text(_title(settings))
        home = _turned(result.start, result.loss.angle)
        self._place_start(panels, settings, home)
        self._place_step(panels, result)
        slider_marks = {}
        for slot, run in zip(SLOTS, result.runs, strict=True):
            kind, name = "plain" if run.method == "plain" else "momentum", f"alpha_{slot}"
            words = "" if run.limit is None else f"limit {number(run.limit)}"
            slider_marks[name] = mark(run.limit, self.controls[name], kind, words) if words else []
        along, across = (number(value) for value in result.start)
        return Frame(
            twin=self._sentence(result),
            label="Contour plot of a long bowl with the paths of two methods, their losses and their steps.",
            marks=slider_marks,
            handles=(
                start_handle(
                    panels["ax"], home.tolist(), f"{along} along the valley, {across} across it", turn=result.loss.angle
                ),
            ),
        )  # fmt: skip

    def _dress(self, panels, result):
        """Give every line the look of the method that it shows."""
        same = result.runs[0].method == result.runs[1].method
        for i, run in enumerate(result.runs):
            look = METHODS[run.method].look
            hollow = {"markerfacecolor": "white", "markeredgecolor": look["color"], "markeredgewidth": 1.2}
            full = {"markerfacecolor": look["color"]}
            rim = hollow if same and i else full
            thin = {"linewidth": 1.4} if same and i else {}
            for line in (panels["paths"][i], panels["samples"][i]):
                draw.wear(line, look, **rim, **thin)
            for name in ("loss", "across", "sizes"):
                draw.wear(panels[name].lines[i], look, **thin)
            name = panels["names"][i]
            name.set_text(f"{METHODS[run.method].name},  α = {number(run.alpha)}")

    def _place_start(self, panels, settings, home):
        draw.put(panels["start"], [home[0]], [home[1]])
        still = self._untouched(settings, "start_1", "start_2", "angle")
        words = "drag me" if still and settings["step_shown"] >= settings["steps"] else ""
        draw.place(panels["hint"], home[0] + 0.09, home[1] + 0.08, words)

    def _place_step(self, panels, result):
        """Show where the walk stands and which way it goes next."""
        run, at, path = result.runs[0], result.at, result.runs[0].path
        walking, looks_ahead = is_walking(path, at, result.settings["steps"]), run.method == "nesterov"
        draw.show(panels["ahead"], walking and looks_ahead)
        draw.place(
            panels["arrows_note"], 0.01, 0.02,
            "grey: straight downhill   green: the step   (arrows show directions only)" if walking else "",
        )  # fmt: skip
        if not walking:
            place_walk(panels, None, {})
            return
        here = seen = path.w[at]
        if looks_ahead:
            seen = here - run.alpha * result.settings["beta"] * path.v[at]
            draw.put(panels["ahead"], [seen[0]], [seen[1]])
        look = METHODS[run.method].look
        draw.wear(
            panels["here"], look, markersize=13, markerfacecolor=look["color"],
            markeredgecolor="white" if run.method == "adam" else "black", markeredgewidth=2,
        )  # fmt: skip
        window = window_at(result.settings["angle"])
        push, step = _pointer(seen, -path.dw[at], window), _pointer(here, path.w[at + 1] - here, window)
        place_walk(panels, here, {"push": (seen, push), "velocity": (here, step)})

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result):
        if not result.start.any() and self._step is None:
            return AT_MINIMUM
        run, at = result.runs[0], result.at
        if is_walking(run.path, at, result.settings["steps"]):
            dw, step = run.path.dw[at], run.path.w[at + 1] - run.path.w[at]
            place = ", taken where v alone would lead" if run.method == "nesterov" else ""
            return f"Step {at} of {METHODS[run.method].name}: dw = {point(dw)}{place}; the step is {point(step)}."
        return " ".join(
            f"{capital(METHODS[run.method].name)}, α = {number(run.alpha)}: {run.ending}."
            for run in result.runs
        )

    def _table(self, result):
        names, columns = [], []
        for slot, run in zip(SLOTS, result.runs, strict=True):
            names += [f"{slot}_w1", f"{slot}_w2", f"{slot}_loss"]
            w = run.path.w[: result.settings["steps"] + 1]
            columns += [w, result.loss.loss(w)]
        return by_step(names, *columns)


def window_at(angle):
    """Return how far the picture reaches in w1 and w2: any start has room in it, at this turn and all smaller ones."""
    along, across = REACH
    turn = min(math.radians(angle), math.atan2(along, across))  # there the picture is highest
    c, s = math.cos(turn), math.sin(turn)
    high = max(across * c + along * s, (along * c + across * s) / SHAPE) + MARGIN
    return SHAPE * high, high


def _turned(points, angle):
    """Return points, shape (..., 2), turned: those of the ravine's own directions become those of w."""
    c, s = math.cos(angle), math.sin(angle)
    x, y = points[..., 0], points[..., 1]
    return np.stack([c * x - s * y, s * x + c * y], axis=-1)  # no BLAS: see losses


def _pointer(tail, vector, window):
    """Return an arrow that shows a direction only, short enough to stay in the window."""
    size = float(np.hypot(*vector))
    arrow = vector * (POINTER / size) if size > 0 else np.zeros(2)
    return arrow * draw.fitting(tail, arrow[None], window)


def _ending(method, alpha, beta, limit, loss, start, path, own):
    """Say how a run ends: by the formulas where there are some, by looking where there are none."""
    if limit is None:
        return _watched(alpha, start, path, own, method == "own")
    if alpha >= limit and loss.angle:
        start = None  # in a turned ravine rounding alone leaves the valley's floor
    settled = METHODS[method].formulas[1](loss.curvatures, alpha, beta, start, most=MOST)
    return verdict(alpha, limit, settled, MOST)


def _watched(alpha, start, path, own, is_own):
    """Say how a run ended, as far as it was followed."""
    if alpha == 0 and not is_own:
        return "stays where it is, because α = 0"
    count = len(path.dw)
    if path.diverged_at is not None:
        if (np.abs(path.w[path.diverged_at]) <= optimizers.TOO_FAR).all():
            return f"breaks off: after {steps(path.diverged_at)} an average is too large a number for the computer"
        return f"runs away, until after {steps(path.diverged_at)} the computer has no numbers left for it"
    # A direction that starts at its minimum counts as settled within 1 % of the whole distance.
    distance = np.abs(own)
    near = distance <= 0.01 * np.where(start != 0, np.abs(start), max(np.abs(start).max(), 1e-9))
    outside = np.flatnonzero(~near.all(axis=1))
    if outside.size == 0 or outside[-1] < count:
        settled = int(outside[-1]) + 1 if outside.size else 0
        return f"settles in {steps(settled)} (watched for {count})"
    tail = own[-TAIL - 1 :]
    far = number(float(np.hypot(*tail.T).max()))
    turns = (np.sign(tail[1:]) * np.sign(tail[:-1]) < 0).sum(axis=0).max()
    how = "rattles" if turns >= TAIL // 5 else "is"
    return (
        f"has not settled after {steps(count)}; in the last {TAIL} it {how} up to {far} away from the minimum"
    )


def _sizes(run):
    """Return the largest coordinate of each step, divided by α."""
    with np.errstate(invalid="ignore"):
        return np.abs(np.diff(run.path.w, axis=0)).max(axis=1) / (run.alpha or 1.0)


def _title(settings):
    turned = f", turned by {settings['angle']}°" if settings["angle"] else ""
    used = [METHODS[settings[slot]] for slot in SLOTS]
    words = f"κ = {number(settings['kappa'])}{turned}"
    if any(method.gradients for method in used):
        words += f",  β = {settings['beta']:g}"
    if any(method.squares for method in used):
        words += f",  β₂ = {settings['beta_2']:g}"
    return words
