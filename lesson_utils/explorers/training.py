"""A straight line through real data, trained on mini-batches with plain descent and with momentum."""

from types import SimpleNamespace

import numpy as np

from .. import theory
from .._validate import plural
from ..drawing import batches as draw_run
from ..drawing import panels as draw
from ..drawing import style
from ..guard import GuardedStep
from ..losses import LeastSquares
from ..stage import Frame
from ..temperatures import load_temperatures
from ..training import SCALINGS, batch_moments, draw_batches, rescaled, steps_in_epoch, train_line
from .controls import (
    alpha_slider,
    beta_slider,
    choice,
    count_box,
    count_slider,
    limit_marks,
    stop_slider,
    walk,
)
from .parts import STAR, draw_legend
from .table import by_step
from .walking import WalkingExplorer, is_walking, place_walk
from .words import number, steps

DAYS = 1460  # that have a tomorrow
MOST = DAYS  # steps of a run: one pass over the data, one day at a time
BARS = 50  # steps shown of dw and v
FAR = 100  # times the first gradient: a run that comes to this will not be back
LOWEST_ALPHA, HIGHEST_ALPHA = 1e-4, 50.0
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
PLAIN_TAKES = {"same": "the same α", "half": "half its limit", "close": "95 % of its limit"}
WINDOWS = {  # of b and of w
    "as they are": ((-0.45, 1.75), (-0.15, 2.1)),
    "centred": ((-2.0, 23.0), (-0.15, 2.1)),
    "centred and scaled": ((-2.0, 23.0), (-4.0, 15.7)),
}
VALLEY = (0.075, 0.105, 0.55, 0.765)  # places of the axes, as parts of the figure
RIGHT = ((0.705, 0.7, 0.275, 0.17), (0.705, 0.4, 0.275, 0.17), (0.705, 0.1, 0.275, 0.17))
SHORTEST = 0.16  # of the valley's width: arrows that would be shorter are all lengthened


def length_of(settings):
    """Return (steps in an epoch, steps of the run)."""
    in_epoch = steps_in_epoch(DAYS, settings["batch"])
    return in_epoch, min(MOST, settings["epochs"] * in_epoch)


def _batch(size):
    return "all" if size == DAYS else str(size)


def _run(alpha, batch, epochs, data="as they are", plain="half"):
    return dict(alpha=alpha, beta=0.9, batch=batch, epochs=epochs, data=data, plain=plain)


class TrainingExplorer(WalkingExplorer):
    """Today's temperature predicts tomorrow's, ŷ = wx + b, trained on mini-batches.

    batch : days in a batch. Plain descent and momentum get the same batches.
    step : a function of yours, (w, v, dw, alpha, beta) -> (w, v), to be drawn instead of momentum_step; its
    w, v and dw are arrays of two, for w and b.
    """

    declared = {
        "alpha": alpha_slider(0.02, LOWEST_ALPHA, HIGHEST_ALPHA),
        "beta": beta_slider(0.9),
        "batch": stop_slider(32, (*SIZES, DAYS), "batch size", _batch, whole=True),
        "epochs": count_slider(10, "epochs", 1, 100),
        "data": choice("as they are", "today's x", {how: how for how in SCALINGS}),
        "plain": choice("half", "plain takes", PLAIN_TAKES),
        "seed": count_box(1, "seed", 0, 99),
        "step_shown": walk(MOST, along=("batch", "epochs"), end=lambda settings: length_of(settings)[1]),
    }
    presets = {
        "All days in each batch": _run(0.1, 1460, 100),
        "Batches of 32": _run(0.02, 32, 10),
        "Large steps in the noise": _run(0.1, 32, 10),
        "The same α": _run(0.01, 32, 10, plain="same"),
        "One day at a time": _run(0.001, 1, 1, plain="same"),
        "Centred": _run(0.01, 32, 10, "centred", "same"),
        "Centred and scaled": _run(0.02, 32, 10, "centred and scaled", "same"),
    }
    letters = 270
    strip = (presets["Batches of 32"], presets["Centred and scaled"])
    strips = (
        ({"step_shown": 50}, ({"step_shown": 61},)),  # the batch and all days disagree
        ({"data": "centred and scaled"}, ({"data": "centred"}, {"data": "as they are"})),
        ({"batch": 1460}, ({"alpha": 0.22},)),  # it runs away
        ({"alpha": 0.1}, ({"alpha": 0.02},)),
        ({"plain": "same"}, ({"beta": 0.0}, {"alpha": 0.001})),
    )
    rows = (("step_shown", "data", "plain", "seed"),)

    def __init__(self, step=None, **settings):
        celsius = load_temperatures().celsius
        self._losses = {how: LeastSquares(rescaled(celsius[:-1], how), celsius[1:]) for how in SCALINGS}
        super().__init__(step, **settings)

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        loss, alpha, beta = self._losses[settings["data"]], settings["alpha"], settings["beta"]
        in_epoch, count = length_of(settings)
        steepest = float(loss.curvatures.max())
        limits = (theory.stability_limit(steepest), theory.stability_limit(steepest, beta))
        plain_alpha = {"same": alpha, "half": limits[0] / 2, "close": 0.95 * limits[0]}[settings["plain"]]
        # α and β leave the batches as they are, and most controls plain descent.
        key = (settings["data"], settings["batch"], count, settings["seed"])
        moments = self._cached("moments", key, lambda: self._moments(loss, *key[1:]))
        plain = self._cached("plain", (key, plain_alpha), lambda: train_line(moments, plain_alpha))
        return SimpleNamespace(
            settings=settings, loss=loss, plain_alpha=plain_alpha, limits=limits, plain=plain,
            momentum=self._run(key, moments, alpha, beta), in_epoch=in_epoch, steps=count,
            at=min(settings["step_shown"], count),
        )  # fmt: skip

    def _moments(self, loss, size, count, seed):
        return batch_moments(loss.x, loss.y, draw_batches(DAYS, size, count, seed))

    def _run(self, key, moments, alpha, beta):
        if self._step is None:
            return train_line(moments, alpha, beta)
        step = GuardedStep(self._step)

        def run():
            return train_line(moments, alpha, beta, step=step)

        return self._cached("own", (key, alpha, beta), lambda: self._guarded(run))

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        draw_legend(figure, self._legend(), handlelength=2.2, columnspacing=1.6)
        ax = figure.add_axes(VALLEY)
        ax.set_xlabel("b", labelpad=1)
        ax.set_ylabel("w", labelpad=3)
        flipped = {how: (one.hessian[::-1, ::-1], one.minimum[::-1]) for how, one in self._losses.items()}
        panels = {"ax": ax, "valleys": draw_run.draw_valleys(ax, flipped, WINDOWS)}
        looks = (style.PLAIN, style.MOMENTUM)
        panels["paths"] = [draw.draw_path(ax, look, zorder=3 + i) for i, look in enumerate(looks)]
        for line in panels["paths"]:
            line.set(linewidth=1.4, markersize=5)
        panels["here"] = draw.draw_path(ax, style.MOMENTUM, zorder=6.5)
        panels["here"].set(markersize=13, markeredgecolor="black", markeredgewidth=2)
        panels["title"] = draw.note(ax, 0.5, 1.02, ha="center", fontweight="bold")
        corner = {"ha": "right", "fontsize": style.SMALL}
        panels["batch"] = draw.note(ax, 0.985, 0.97, va="top", **corner)
        panels["lengthened"] = draw.note(ax, 0.97, 0.03, va="bottom", **corner)
        arrows = (("true", style.TRUE_GRADIENT), ("push", style.GRADIENT), ("velocity", style.VELOCITY))
        for i, (name, look) in enumerate(arrows):
            panels[name] = draw.draw_arrow(ax, look, zorder=8 + i)
        loss, steep, flat = (figure.add_axes(place) for place in RIGHT)
        panels["loss"] = draw_run.draw_epochs(loss, looks)
        panels["dw"] = draw_run.draw_batch(steep, "dw of each batch, and v_dw")
        panels["db"] = draw_run.draw_batch(flat, "db of each batch, and v_db")
        draw.name_steps(flat)
        return panels

    def _legend(self):
        return [
            style.path_of(style.PLAIN),
            self._own_look(),
            {"color": style.GRADIENT["color"], "linewidth": 9, "label": "dw, this batch"},
            style.line_of(style.TRUE_GRADIENT, label="dw, all days"),
            style.line_of(style.VELOCITY, label="v, its average"),
            STAR,
        ]

    def _place(self, panels, result):
        settings, at, run = result.settings, result.at, result.momentum
        ax, window = panels["ax"], np.array(WINDOWS[settings["data"]])
        draw_run.span(ax, *window)
        panels["valleys"].show(settings["data"])
        for line, path in zip(panels["paths"], (result.plain, run), strict=True):
            draw.put_path(line, *_seen(path.w[: at + 1], window))
        excess = [_excess(result.loss, path.w[: at + 1]) for path in (result.plain, run)]
        panels["loss"].show(excess, result.in_epoch, result.steps)
        self._place_batches(panels, result)
        self._place_walk(panels, result, window)
        alpha, beta = number(settings["alpha"]), settings["beta"]
        panels["title"].set_text(
            f"κ = {result.loss.condition_number:.0f},  momentum: α = {alpha}, β = {beta:g},  "
            f"plain: α = {number(result.plain_alpha)}"
        )
        panels["batch"].set_text(_drawn(settings["batch"], at))
        return Frame(
            twin=self._sentence(result, excess),
            label="Contour plot of the loss over b and w with the paths of plain gradient descent and momentum "
            "on mini-batches; the loss against epochs; the gradient of each batch and its average.",
            marks={"alpha": limit_marks(self.controls["alpha"], *result.limits)},
            background=settings["data"],
        )

    def _place_batches(self, panels, result):
        """Show the newest steps of dw and v, with the one that the arrows show; of a run that leaves, its first."""
        run = result.momentum
        with np.errstate(invalid="ignore"):
            gone = ~(np.abs(run.dw) < FAR * np.maximum(np.abs(run.dw[:1]), 1.0)).all(axis=1)
        last = min(result.at + 1, result.steps, int(np.argmax(gone)) if gone.any() else result.steps)
        first = max(0, last - BARS)
        with np.errstate(all="ignore"):
            true = result.loss.gradient(run.w[first:last])
        for name, i in (("dw", 0), ("db", 1)):
            panels[name].show(first, run.dw[first:last, i], run.v[first + 1 : last + 1, i], true[:, i])

    def _place_walk(self, panels, result, window):
        """Show where the walk stands, with the gradient of all days, that of the batch, and the step."""
        run, at, alpha = result.momentum, result.at, result.settings["alpha"]
        here, words, arrows = None, "", {}
        if is_walking(run, at, result.steps):
            here = run.w[at, ::-1]
            vectors = np.array([result.loss.gradient(run.w[at]), run.dw[at], run.v[at + 1]])[:, ::-1]
            vectors *= -alpha
            factor = _stretch(here, vectors, window)
            for name, vector in zip(("true", "push", "velocity"), vectors, strict=True):
                arrows[name] = (here, factor * vector)
            if not 0.99 < factor < 1.01:
                words = f"arrows: α · gradient, {number(factor)} times as long"
        place_walk(panels, here, arrows)
        panels["lengthened"].set_text(words)

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result, excess):
        settings, lowest = result.settings, result.loss.loss_at_minimum
        size, count = settings["batch"], result.steps
        batches = "All days in each batch" if size == DAYS else f"Batches of {size} day{plural(size)}"
        words = f"{batches}: {steps(result.in_epoch)} an epoch"
        if result.at < count:
            return f"{words}, {steps(count)}. {self._walk_sentence(result)}"
        wanted, late = settings["epochs"] * result.in_epoch, _late(excess[0])
        words += f" ({steps(wanted)} would be too many here). " if wanted > count else ". "
        span = f"the last {late} of {steps(count)}" if late > 1 else f"step {count}, the last"
        plain = _outcome(result.plain, excess[0], lowest)
        momentum = f"Momentum, α = {number(settings['alpha'])}, β = {settings['beta']:g}"
        own = "Your step" if self._step else momentum
        return (
            f"{words}Over {span}: plain, α = {number(result.plain_alpha)}, {plain}. "
            f"{own}: {_outcome(result.momentum, excess[1], lowest)}."
        )

    def _walk_sentence(self, result):
        at, run = result.at, result.momentum
        if not is_walking(run, at, result.steps):
            return f"Step {at}: the numbers have grown beyond all bounds."
        true, dw, v = result.loss.gradient(run.w[at]), run.dw[at], run.v[at + 1]
        return (
            f"Step {at}: this batch says dw = {number(dw[0])}, db = {number(dw[1])}; "
            f"all days together say {number(true[0])} and {number(true[1])}; "
            f"the step follows v_dw = {number(v[0])}, v_db = {number(v[1])}."
        )

    def _table(self, result):
        names = ["epoch", "plain_w", "plain_b", "plain_loss", "momentum_w", "momentum_b"]
        names += ["v_dw", "v_db", "batch_dw", "batch_db", "all_dw", "all_db", "momentum_loss"]
        plain, run, loss = result.plain, result.momentum, result.loss
        dw = np.vstack([run.dw, [[np.nan, np.nan]]])  # no batch is drawn after the last step
        epoch = np.arange(len(run.w)) / result.in_epoch
        momentum = (run.w, run.v, dw, loss.gradient(run.w), loss.loss(run.w))
        return by_step(names, epoch, plain.w, loss.loss(plain.w), *momentum)


def _excess(loss, w):
    """Return how far the loss of all the data lies above the lowest, at each point of a path."""
    return np.maximum(loss.loss(w) - loss.loss_at_minimum, 0.0)


def _seen(w, window):
    """Return the (b, w) of a path to draw: thinned, and up to where it is far outside the window."""
    points = w[draw_run.thinned(len(w)), ::-1]
    middle, half = window.mean(axis=1), np.ptp(window, axis=1) / 2
    return (draw.until_it_leaves(points - middle, half) + middle).T


def _drawn(size, at):
    batch = "all days" if size == DAYS else f"{size} day{plural(size)}"
    every = draw_run.stride(at + 1)
    words = f"; every {every}{'rd' if every == 3 else 'th'} step drawn" if every > 1 else ""
    return f"batch: {batch}{words}"


def _stretch(here, arrows, window):
    """Return the factor for all arrows: shrunk to stay in the window, or lengthened to be seen."""
    middle, half = window.mean(axis=1), np.ptp(window, axis=1) / 2
    if not np.isfinite(arrows).all() or not (np.abs(here - middle) < half).all():
        return 1.0
    longest = np.hypot(*(arrows / (2 * half)).T).max()
    wanted = max(1.0, SHORTEST / longest) if longest > 1e-9 else 1.0
    return wanted * draw.fitting(here - middle, wanted * arrows, half)


def _late(excess):
    """Return how many steps at a run's end are judged: a tenth, because the last alone is a throw of the dice."""
    return max(1, len(excess) // 10)


def _outcome(path, excess, lowest):
    """Say where a run ended, and how high it was over its last tenth."""
    if path.diverged_at is not None:
        return f"runs away, until after {steps(path.diverged_at)} the computer has no numbers left for it"
    if (path.w[-1] == path.w[0]).all():
        return "stays where it is"
    late = float(np.mean(excess[-_late(excess) :]))
    if late > excess[0]:
        times = number(late / excess[0]) if late < 1e6 * excess[0] else "more than a million"
        return f"runs away, {times} times as far above the lowest loss as at first"
    percent = 100 * late / lowest
    above = "less than 0.001" if percent < 0.001 else number(percent)
    w, b = path.w[-1]
    return f"{above} % above the lowest loss, ending at w = {number(w)}, b = {number(b)}"
