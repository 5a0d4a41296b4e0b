"""Momentum as a ball in a bowl: what pushes it, what friction takes, and how far the picture carries."""

from types import SimpleNamespace

import numpy as np

from .. import oscillator, theory
from ..drawing import ball as balls
from ..drawing import panels as draw
from ..drawing import style
from ..losses import Quadratic
from ..stage import Frame
from .controls import alpha_slider, beta_slider, choice, count_slider, mark, number_box, walk
from .parts import draw_legend, start_handle
from .table import by_step
from .walking import MOST, WalkingExplorer, first_steps, is_walking, own_sentence
from .words import AT_MINIMUM, number, point, steps, verdict

WINDOW = (2.6, 2.0)  # of w1 and w2
HEIGHT = 3.7
LIFT = 0.17  # of the ball's centre above the bowl
CURVATURES = {"one": (1.0,), "two": (0.25, 1.0)}
NAMES = {"one": ("w",), "two": ("w₁", "w₂")}
FINE = 4  # points of the smooth ball's curve for each step
ROOM = 1.25  # in w, for the longest arrow

SIDE = (0.135, 0.42, 0.49, 0.47)  # places of the axes, as parts of the figure
FORCES = (0.135, 0.1, 0.49, 0.24)
ABOVE = (0.075, 0.1, 0.55, 0.785)
PHASE = (0.74, 0.585, 0.18, 0.32)
PROFILE = (0.705, 0.6, 0.275, 0.3)
PLACE = (0.705, 0.345, 0.275, 0.14)
ENERGY = (0.705, 0.1, 0.275, 0.14)


def _run(beta, alpha, steps, convention="ewa", dimensions="one"):
    return dict(beta=beta, alpha=alpha, steps=steps, dimensions=dimensions, convention=convention)


class BallExplorer(WalkingExplorer):
    """A ball in a bowl: its last step, what friction takes of it, and the push against dw.

    convention : "ewa", the push is (1−β)·dw; "heavy_ball", it is all of dw
    step : a function of yours, (w, v, dw, alpha, beta) -> (w, v), to be drawn instead of momentum_step. The
    figure then measures: `convention` says what counts as the push, and friction is what is missing.
    """

    declared = {
        "beta": beta_slider(0.9),
        "alpha": alpha_slider(1.0),
        "steps": count_slider(80, "steps", 1, 300),
        "start_1": number_box(-2.0, "start w₁", -WINDOW[0], WINDOW[0]),
        "start_2": number_box(1.4, "start w₂", -WINDOW[1], WINDOW[1]),
        "step_shown": walk(500),
        "dimensions": choice("one", "the bowl", {"one": "one dimension", "two": "two dimensions"}),
        "convention": choice("ewa", "the push", {"ewa": "(1−β)·dw, lecture", "heavy_ball": "all of dw"}),
    }
    presets = {
        "Over-damped": _run(0.0, 0.25, 40),
        "Critically damped": _run(0.36, 0.25, 40),
        "It rings": _run(0.9, 0.25, 120),
        "Less friction": _run(0.99, 0.25, 300),
        "Less friction, all of dw": _run(0.99, 0.025, 300, "heavy_ball"),
        "It gains energy": _run(0.2, 3.1, 40),
        "Two dimensions": _run(0.9, 1.0, 80, dimensions="two"),
    }
    strip = (presets["Over-damped"], presets["Two dimensions"])
    strips = (
        # The longest step, and the first one that the push works against.
        ({"step_shown": 0}, ({"step_shown": 3}, {"step_shown": 5})),
        ({"beta": 0.0}, (presets["Critically damped"], presets["It rings"])),
        ({"dimensions": "two"}, ({"beta": 0.6},)),
        ({"steps": 300}, (presets["Less friction"], presets["Less friction, all of dw"])),
        ({"beta": 0.2}, ({"alpha": 2.8}, presets["It gains energy"])),
    )
    rows = (("step_shown", "dimensions", "start_1", "start_2"),)

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        curvatures, convention = CURVATURES[settings["dimensions"]], settings["convention"]
        alpha, beta, count = settings["alpha"], settings["beta"], settings["steps"]
        loss = Quadratic(curvatures)
        start = np.array([settings["start_1"], settings["start_2"]][: len(curvatures)])
        path = self._momentum(len(start), loss, start, alpha, beta, count, convention=convention)
        shown = first_steps(path, count).w
        height, motion = oscillator.energy(shown, curvatures, alpha, beta, convention=convention)
        limit = theory.stability_limit(max(curvatures), beta, convention=convention)
        return SimpleNamespace(
            settings=settings, loss=loss, limit=limit, path=path, at=min(settings["step_shown"], count),
            height=height, motion=motion,  # of the drawn steps, in the unit of the loss
        )  # fmt: skip

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        place, energy = figure.add_axes(PLACE), figure.add_axes(ENERGY)
        second = {**style.MOMENTUM, "color": style.INK}
        panels = {
            "place": draw.draw_coordinate(place, "w at each step", (style.MOMENTUM, second)),
            "smooth": draw.draw_line(place, zorder=3.5, **style.line_of(style.SMOOTH, linewidth=1.8)),
            "energy": draw.draw_loss(energy, (style.ENERGY, style.MOMENTUM), lowest=-6),
            "one": self._draw_one(figure),
            "two": self._draw_two(figure),
        }
        for kind in CURVATURES:  # a legend names what is drawn with this bowl
            columns = {"ncols": 6, "handlelength": 2.2, "columnspacing": 1.2}
            panels[kind]["legend"] = draw_legend(figure, self._legend(kind), **columns)
        panels["place"].lines[1].set_linestyle((0, (2.5, 1.5)))
        energy.set_title("height, and height + motion")
        energy.text(1, -0.43, "step", transform=energy.transAxes, ha="right", va="center")
        return panels

    def _legend(self, kind):
        arrows = (
            (style.VELOCITY, "last step"), (style.FRICTION, "friction"), (style.GRADIENT, "push, against dw"),
        )  # fmt: skip
        return [
            style.path_of(style.MOMENTUM, label="your step" if self._step else "the ball"),
            *({"color": look["color"], "linewidth": 5, "label": words} for look, words in arrows),
            *([style.line_of(style.SMOOTH, label="smooth time")] if kind == "one" else []),
            style.line_of(style.ENERGY),
        ]

    def _draw_one(self, figure):
        """Draw what belongs to the bowl of one dimension."""
        bowl, rows, phase = (figure.add_axes(place) for place in (SIDE, FORCES, PHASE))
        side = balls.draw_side(bowl, CURVATURES["one"][0], WINDOW[0], lift=LIFT)
        bowl.set(ylim=(-0.3, HEIGHT), ylabel="loss  w²/2, the height")
        _star(bowl)
        forces = balls.draw_forces(rows, WINDOW[0])
        rows.set_xlabel("w", labelpad=1)
        phase.set_title("last step against w")
        path, here = balls.draw_phase(phase, WINDOW[0])
        return {
            "axes": (bowl, rows, phase), "side": side, "forces": forces, "phase": path, "phase_here": here,
            "start": draw.draw_start(bowl), **_notes(bowl, rows, (0.99, 0.97, "top")),
        }  # fmt: skip

    def _draw_two(self, figure):
        """Draw what belongs to the bowl of two dimensions."""
        above, profile = figure.add_axes(ABOVE), figure.add_axes(PROFILE)
        above.set(xlim=(-WINDOW[0], WINDOW[0]), ylim=(-WINDOW[1], WINDOW[1]))
        above.set_xlabel("w₁  (λ = 1/4, shallow)", labelpad=1)
        above.set_ylabel("w₂  (λ = 1, steep)", labelpad=-2)
        side = balls.draw_side(profile, CURVATURES["two"][0], WINDOW[0], lift=LIFT)
        profile.set(ylim=(-0.3, 3.2), title="from the side, along w₁")
        side.ball.set_markersize(14)
        _star(profile)
        return {
            "axes": (above, profile), "above": balls.draw_above(above, CURVATURES["two"]), "side": side,
            "start": draw.draw_start(above), **_notes(above, above, (0.99, 0.02, "bottom")),
        }  # fmt: skip

    def _place(self, panels, result):
        settings, at, path = result.settings, result.at, result.path
        kind = settings["dimensions"]
        for name in ("one", "two"):
            for ax in panels[name]["axes"]:
                ax.set_visible(name == kind)
            panels[name]["legend"].set_visible(name == kind)
        here = panels[kind]
        w, height = path.w[: at + 1], result.height[: at + 1]
        seen = draw.until_it_leaves(w, WINDOW[: w.shape[1]], times=2)
        walking = is_walking(path, at, settings["steps"])
        parts, factor = self._parts(result), self._factor(result)
        if kind == "one":
            here["side"].show(seen[:, 0], height[: len(seen)])
            here["forces"].show(w[-1], parts, factor, walking)
            last = _natural(result)[: len(seen)]
            draw.put_path(here["phase"], seen[:, 0], last)
            draw.put(here["phase_here"], seen[-1:, 0], last[-1:])
            start = (settings["start_1"], float(result.height[0]))
        else:
            here["above"].show(seen)
            here["above"].point(parts, factor, walking)
            here["side"].show(seen[:, 0], height[: len(seen)])
            start = (settings["start_1"], settings["start_2"])
        draw.put(here["start"], *([value] for value in start))
        longer = f"arrows drawn {factor} × as long" if factor > 1 else ""
        here["factor"].set_text(longer if walking else "walk step by step to see the arrows")
        here["title"].set_text(
            f"α = {number(settings['alpha'])},  β = {settings['beta']:g}: friction takes "
            f"{number(100 * (1 - settings['beta']))} % of the last step"
        )
        self._place_curves(panels, result)
        return Frame(
            twin=self._sentence(result),
            label="A ball in a bowl, with the arrows that make its next step.",
            marks=self._marks(result),
            handles=(self._handle(here, start, kind),),
            background=kind,
        )

    def _place_curves(self, panels, result):
        """Show position and energy against the step."""
        settings, at = result.settings, result.at
        one, count = settings["dimensions"] == "one", settings["steps"]
        w = result.path.w[: at + 1]
        panels["place"].show([w[:, 0], np.array([]) if one else w[:, 1]], count, 1.4)
        panels["place"].ax.title.set_text("w at each step" if one else "w₁, and w₂ (dashed)")
        draw.show(panels["smooth"], one)
        if one:
            times = np.linspace(0, count, FINE * count + 1)
            smooth = oscillator.smooth_ball(
                1.0, settings["alpha"], settings["beta"], settings["start_1"], times,
                convention=settings["convention"],
            )  # fmt: skip
            draw.put(panels["smooth"], times, smooth)
        total = result.height + result.motion
        panels["energy"].show([total[: at + 1], result.height[: at + 1]], count)

    def _parts(self, result):
        """Return (last step, friction, push) at the step shown; friction is what is missing from the next step."""
        path, at = result.path, min(result.at, len(result.path.dw) - 1)
        with np.errstate(invalid="ignore", over="ignore"):
            last = path.w[at] - path.w[at - 1] if at else np.zeros_like(path.w[0])
            push = -_pull(result.settings) * path.dw[at]
            friction = path.w[at + 1] - path.w[at] - last - push
        # What rounding leaves where there is nothing would be drawn as an arrow.
        size = np.abs(push) + np.abs(last) + np.abs(path.w[at])
        return last, np.where(np.abs(friction) > 1e-12 * size, friction, 0.0), push

    def _factor(self, result):
        """Return how many times as long all arrows of this run are drawn."""
        shown = first_steps(result.path, result.settings["steps"])
        with np.errstate(invalid="ignore", over="ignore"):
            pushes = _pull(result.settings) * shown.dw
            return balls.enlarging(np.concatenate([oscillator.steps_of(shown.w), pushes]), ROOM)

    def _marks(self, result):
        settings, kind = result.settings, result.settings["dimensions"]
        betas, kinds = [], ("momentum", "plain")
        for name, curvature, look in zip(NAMES[kind], CURVATURES[kind], kinds, strict=False):
            critical = oscillator.critical_beta(
                curvature, settings["alpha"], convention=settings["convention"]
            )
            if critical is not None:
                words = "critical" if kind == "one" else f"critical for {name}"
                betas += mark(critical, self.controls["beta"], look, f"{words}: {critical:.3f}")
        limit = mark(result.limit, self.controls["alpha"], "plain", f"limit {number(result.limit)}")
        return {"beta": betas, "alpha": limit}

    def _handle(self, here, at, kind):
        where = ", ".join(f"{name} = {number(value)}" for name, value in zip(NAMES[kind], at, strict=False))
        return start_handle(here["axes"][0], at, where, ("start_1", "start_2")[: len(NAMES[kind])])

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, result):
        settings, path = result.settings, result.path
        if not path.w[0].any() and self._step is None:
            return AT_MINIMUM
        if result.at < settings["steps"]:
            return self._walk_sentence(result)
        if self._step is not None:
            return own_sentence(path, result.loss.minimum)
        alpha, beta, convention = settings["alpha"], settings["beta"], settings["convention"]
        settled = theory.steps_to_settle(
            result.loss.curvatures, alpha, beta, path.w[0], convention=convention, most=MOST
        )
        ends = verdict(alpha, result.limit, settled, MOST)
        if alpha == 0:
            return f"β = {beta:g}: w {ends}."
        words = []
        names = NAMES[settings["dimensions"]]
        for name, curvature, at in zip(names, result.loss.curvatures, path.w[0], strict=True):
            moves = (
                _motion(curvature, alpha, beta, convention) if at else "starts at its minimum and stays there"
            )
            words.append(f"{name} {moves}")
        return f"α = {number(alpha)}, β = {beta:g}: {'; '.join(words)}. The run {ends}."

    def _walk_sentence(self, result):
        parts = self._parts(result)
        if not is_walking(result.path, result.at, result.settings["steps"]):
            return f"Step {result.at}: the numbers have grown beyond all bounds."
        last, friction, push, step = (point(part) for part in (*parts, sum(parts)))
        return f"Step {result.at}: last step {last} + friction {friction} + push {push} = next step {step}."

    def _table(self, result):
        count = len(result.loss.curvatures)
        path = first_steps(result.path, result.settings["steps"])
        names = [f"{word}{i + 1}" for word in ("w", "step_w", "v_dw", "dw") for i in range(count)]
        dw = np.vstack([path.dw, result.loss.gradient(path.w[-1])])
        columns = (path.w, oscillator.steps_of(path.w), path.v, dw, result.height, result.motion)
        return by_step([*names, "height", "motion"], *columns)


def _pull(settings):
    """Return what the gradient is multiplied by in a step."""
    share = 1 - settings["beta"] if settings["convention"] == "ewa" else 1.0
    return settings["alpha"] * share


def _natural(result):
    """Return the last step in the unit in which a ball without friction goes round in a circle: √(2·motion/λ)."""
    with np.errstate(invalid="ignore", over="ignore"):
        size = np.sqrt(2 * result.motion / result.loss.curvatures[0])
        return np.sign(oscillator.steps_of(result.path.w[: len(size), 0])) * size


def _motion(curvature, alpha, beta, convention):
    """Say how the ball moves along one direction."""
    word = oscillator.damping(curvature, alpha, beta, convention=convention)
    if word == "rings":
        period, kept = oscillator.swing(curvature, alpha, beta, convention=convention)
        part = f"{number(100 * kept)} %" if kept >= 0.0005 else "less than 0.05 %"
        return f"rings (a full swing takes {steps_in(period)}, half a swing keeps {part} of the width)"
    return {
        "over-damped": "is over-damped, it creeps in without passing the minimum",
        "critical": "is critically damped, with less friction it would pass the minimum",
        "jumps": "ends up on the other side at each step, which no ball does",
        "gains": "gains energy by itself, which no ball does",
    }[word]


def steps_in(period):
    """Return the length of a swing in words."""
    return f"{period:.1f} steps" if period < 100 else steps(round(period))


def _star(ax):
    """Draw the minimum; it does not move."""
    look = {"marker": "*", "markersize": 17, "color": style.MINIMUM["color"], "zorder": 1.5}
    ax.plot(0, 0, linestyle="none", **look)


def _notes(titled, noted, where):
    """Return the texts that every bowl has: its title, and by how much the arrows are drawn longer."""
    x, y, side = where
    return {
        "title": draw.note(titled, 0.5, 1.02, ha="center", va="bottom", fontweight="bold"),
        "factor": draw.note(noted, x, y, ha="right", va=side, fontsize=style.SMALL),
    }
