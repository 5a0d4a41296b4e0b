"""A game: a word hides a ravine, and ten runs are all there is to find a good α and β for it."""

import ipywidgets as widgets
import numpy as np

from .. import hidden, maps, optimizers, theory
from ..drawing import panels as draw
from ..drawing import plane, style
from ..losses import Quadratic
from ..stage import Frame, Handle
from .base import Explorer
from .controls import alpha_slider, beta_slider, choice
from .map import SWEEP
from .parts import draw_legend
from .words import number, steps

RUNS = 10
ROUNDS = {"ravine": "A hidden ravine", "training": "Lesson 8's training, x in a hidden unit"}
WINDOW = (1.17, 2.0)  # along the valley and across it, in parts of the distances at the start
MAP, KEY = (0.07, 0.11, 0.5, 0.74), (0.588, 0.11, 0.018, 0.695)  # places of the axes, as parts of the figure
VALLEY, LIST = (0.735, 0.55, 0.245, 0.3), (0.715, 0.03, 0.28, 0.42)
MOST = 500  # steps drawn


class Challenge(Explorer):
    """A game. The word hides a ravine, the same for everyone who types it; find α and β for it in ten runs.

    Nothing but a run tells anything of it, until the tenth or *I am done*. *Reset* moves the sliders back and
    keeps the runs; to begin anew, run the cell again.
    word : any text of 1 to 40 letters. Capitals, and spaces around it, make no difference.
    """

    declared = {
        "alpha": alpha_slider(1.0),
        "beta": beta_slider(0.9),
        "round": choice(
            "ravine", "round", {"ravine": "1: a hidden ravine", "training": "2: a real training"}
        ),
    }
    buttons = {"run": "Run", "finish": "I am done"}
    letters = 200
    strip = ({"round": "training"},)
    rows = (("round",),)

    def __init__(self, word="momentum", **settings):
        self.word = hidden.tidy(word)
        self._games = {"ravine": hidden.ravine(self.word), "training": hidden.training(self.word)}
        super().__init__(**settings)

    # --- the game ------------------------------------------------------------------------------------

    @property
    def game(self):
        """The round that is played now, with its runs."""
        return self._games[self.settings["round"]]

    def run(self):
        """Run with the present α and β, as the button does. The same α and β again cost no run."""
        self._act("run", self.settings)

    def finish(self):
        """End the round and show the map, as the button does; before the first run it does nothing."""
        self._act("finish", self.settings)

    def _act(self, name, settings):
        game, pair = self._games[settings["round"]], (settings["alpha"], settings["beta"])
        if name == "run" and not game.over and not game.place(*pair):
            game.runs.append((*pair, game.count(*pair)))
        if game.runs and not game.over and (name == "finish" or len(game.runs) == RUNS):
            game.end(*(self.declared[one].stops for one in ("alpha", "beta")), plane.cells())
        self._update_buttons()
        self.stage.ask_again()

    @property
    def line(self):
        """One line for a class's board: the fewest steps, and how many runs they took. It gives no α, β or κ."""
        game = self.game
        fewest = min([count for *_, count in game.runs], default=np.inf)
        best = steps(round(fewest)) if np.isfinite(fewest) else "no run settled"
        return f"{self.settings['round']} · {self.word} · {best} · {_runs(len(game.runs))}"

    def _lay_out(self):
        root = super()._lay_out()
        layout = widgets.Layout(width="auto", margin="2px 4px")
        self._buttons = [
            widgets.Button(description=words, layout=layout, _dom_classes=(f"rd-act-{name}",))
            for name, words in self.buttons.items()
        ]
        self.stage.act = self._act
        self._line = widgets.Text(description="line to copy", style={"description_width": "auto"})
        self._line.layout = widgets.Layout(width="auto", flex="1 1 260px", margin="2px 8px")
        row = root.children[-1]
        row.children = (*self._buttons, *row.children, self._line)
        self.controls["round"].observe(lambda _: self._update_buttons(), "value")
        self._update_buttons()
        return root

    def _update_buttons(self):
        """Let the buttons and the line to copy follow the game."""
        run, done = self._buttons
        run.disabled, done.disabled = self.game.over, self.game.over or not self.game.runs
        self._line.value = self.line if self.game.over else ""

    def _compute(self, settings):
        return settings, self._games[settings["round"]]

    def _path(self, game, alpha, beta):
        """Return a run in parts of the distances at its start, along the valley and across it."""

        def walk():
            count = int(min(max(game.count(alpha, beta), 1), MOST))
            path = optimizers.momentum(Quadratic(game.curvatures).gradient, (-1.0, 1.0), alpha, beta, count)
            return draw.until_it_leaves(path.w, WINDOW)

        return self._cached("path", (game.curvatures, alpha, beta), walk)

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        panels = {"plane": plane.draw_plane(figure.add_axes(MAP), regimes=False)}
        panels["tries"] = plane.draw_tries(panels["plane"].ax, RUNS)
        plane.draw_key(figure.add_axes(KEY))
        valley, rows = figure.add_axes(VALLEY), figure.add_axes(LIST)
        valley.set(xlim=(-WINDOW[0], WINDOW[0]), ylim=(-WINDOW[1], WINDOW[1]))
        valley.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        valley.set_xlabel("along the valley", labelpad=0)
        valley.set_ylabel("across it", labelpad=-4)
        panels["valley"] = draw.draw_bowl(valley, (1.0, 1.0), count=7)
        panels["path"] = draw.draw_path(valley, style.MOMENTUM)
        panels["path"].set_markersize(5)
        panels["title"] = draw.note(valley, 0.5, 1.03, ha="center", fontweight="bold")
        rows.set_axis_off()
        panels["left"] = draw.note(rows, 0, 0.95, fontweight="bold")
        places = 0.84 - 0.085 * np.arange(RUNS)
        panels["rows"] = [draw.note(rows, 0.02, y, fontsize=style.SMALL) for y in places]
        black = {"linestyle": "none", "markeredgecolor": "black"}
        white = {"color": "white", "markersize": 12, "markeredgewidth": 2, **black}
        blue = {"color": style.MOMENTUM["color"], "markersize": 9, **black}
        looks = [
            {"marker": "o", "label": "your runs", **blue},
            {"marker": "o", "label": "your α and β", **white},
            {"marker": style.BEST["marker"], "label": "best possible", **white},
            style.line_of(style.LIMIT, linewidth=3.4, label="limit"),
        ]
        draw_legend(figure, looks, fontsize=style.SMALL)
        return panels

    def _place(self, panels, result):
        settings, game = result
        alpha, beta, over = settings["alpha"], settings["beta"], game.over
        self._place_map(panels["plane"], game)
        panels["plane"].show_point("here", alpha, beta)
        panels["tries"].show(game.runs, [game.best[:2]] if over else [])
        for ring in panels["valley"].rings:
            draw.show(ring, over)  # their shape is κ
        if over:
            panels["valley"].show(np.multiply(game.curvatures, np.square(game.start)), corner=WINDOW)
        walked = [(alpha, beta)] if over else [run[:2] for run in game.runs[-1:]]
        draw.put_path(panels["path"], *(self._path(game, *walked[0]).T if walked else ([], [])))
        panels["title"].set_text(
            f"run {len(game.runs)}" * bool(walked) if not over else "the run at this point"
        )
        panels["left"].set_text("your runs" if over else f"{_runs(RUNS - len(game.runs))} left")
        for i, row in enumerate(panels["rows"]):
            best = bool(game.runs) and i == game.own[0] and np.isfinite(game.own[1])
            words = "".join(f"{i + 1}.  {_run(game, run, ':  ')}" for run in game.runs[i : i + 1])
            draw.place(row, *row.get_position(), words, fontweight="bold" if best else "normal")
        at, scales = (plane.across(alpha), plane.up(beta)), (plane.across, plane.up)
        label = f"Setting, {_pair(alpha, beta)}: drag it, press anywhere or use the arrow keys"
        return Frame(
            twin=self._sentence(settings, game),
            label="Plane of all α and all β with the runs so far, the path of one run, and a list of all.",
            handles=(Handle(panels["plane"].ax, at, ("alpha", "beta"), label, scales=scales, anywhere=True),),
        )

    @staticmethod
    def _place_map(panel, game):
        panel.uncover(game.over)
        panel.title.set_text(f"κ = {number(game.kappa)}" if game.over else "κ = ?")
        if game.over and panel.shown != game.curvatures:
            panel.shown, steep = game.curvatures, game.curvatures[1]
            panel.show_steps(game.cells, maps.regime_borders(steep, plane.cells(plane.FINER)[1])[2])
            panel.show_border("limit", maps.regime_borders(steep, SWEEP)[2], SWEEP)
            panel.show_point("best", *game.best[:2])

    # --- the words -----------------------------------------------------------------------------------

    def _sentence(self, settings, game):
        pair, left = (settings["alpha"], settings["beta"]), RUNS - len(game.runs)
        if game.over:
            low, high = map(number, game.curvatures)
            here = _run(game, (*pair, game.count(*pair)))
            return f"κ = {number(game.kappa)}, curvatures {low} and {high}. {_score(game)} Now {here}."
        known, next_one = game.place(*pair), f"Now {_pair(*pair)}: press Run to try them."
        if known:
            next_one = f"Now {_pair(*pair)}, as in run {known}: change one."
        if not game.runs:
            what = f"{ROUNDS[settings['round']]}, made from “{self.word}”."
            return f"{what} You have {_runs(RUNS)}, and the best of them counts. {next_one}"
        last = f"Run {len(game.runs)}, {_run(game, game.runs[-1])}."
        return f"{last} {_best(game)}. {_runs(left)} left. {next_one}"

    def _table(self, result):
        played = [[i, self.word, *run] for i, run in enumerate(result[1].runs, 1)]
        empty = [[i, self.word, "", "", ""] for i in range(len(played) + 1, RUNS + 1)]
        return ["run", "word", "alpha", "beta", "steps"], played + empty


def _runs(count):
    return f"{count} run" if count == 1 else f"{count} runs"


def _pair(alpha, beta):
    return f"α = {number(alpha)}, β = {beta:.3g}"


def _run(game, run, between=": "):
    """Say how a run ended, and not where the limit is."""
    alpha, beta, count = run
    ended = "stands still" if alpha == 0 else "never settles"
    if np.isfinite(count):
        ended = steps(round(count))
    elif alpha > theory.stability_limit(game.curvatures[1], beta) * (1 + theory.BORDER):
        ended = "diverges"
    return f"{_pair(alpha, beta)}{between}{ended}"


def _best(game):
    place, fewest = game.own
    return (
        f"Your best: run {place + 1}, {steps(round(fewest))}" if np.isfinite(fewest) else "None has settled"
    )


def _score(game):
    fewest, (alpha, beta, possible) = game.own[1], game.best
    words = f"Best possible: {steps(round(possible))}, {_pair(alpha, beta)}. {_best(game)}"
    if np.isinf(fewest):
        return f"{words}."
    if fewest == possible:
        return f"{words}: nobody can do better."
    return f"{words}, {number(100 * (fewest / possible - 1))} % more."
