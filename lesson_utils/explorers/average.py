"""The exponentially weighted average of daily temperatures."""

from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np
from matplotlib.dates import AutoDateLocator, date2num, num2date
from matplotlib.ticker import FuncFormatter

from .. import averages
from .._validate import check_count
from ..drawing import lettering, style
from ..drawing import panels as draw
from ..stage import Frame
from .controls import Setting, beta_slider, switch, wide_look
from .parts import draw_legend
from .temperature import TemperatureExplorer
from .words import number

FEWEST_DAYS = 7


def days_shown(count):
    """Declare which of so many days are shown: (first, last), counted from 0."""
    last = count - 1

    def validate(days, name):
        if not isinstance(days, tuple | list) or len(days) != 2:
            raise TypeError(f"{name}: {days!r:.60} must be (first, last), two whole numbers")
        if not 0 <= check_count(days[0], name) <= check_count(days[1], name) <= last:
            raise ValueError(f"{name}: {days} must be (first, last) with 0 <= first <= last <= {last}")

    def control(name, first):
        return widgets.IntRangeSlider(value=first[name], min=0, max=last, **wide_look("days shown"))

    allowed = f"(first, last), 0 to {last}"
    return Setting(default=(0, min(364, last)), allowed=allowed, validate=validate, control=control)


class AverageExplorer(TemperatureExplorer):
    """A year of real temperatures and their weighted average v = βv + (1−β)θ.

    temperatures : what `load_temperatures` returns; Seattle 2012–2015 when left out
    average : a function of yours, (values, beta) -> array, to be drawn instead of ewa
    days : (first, last), counted from 0
    """

    own = "average"
    declared = {
        "beta": beta_slider(0.9),
        "days": days_shown(1461),
        "bias_correction": switch(False, "bias correction"),
    }
    presets = {
        "β = 0.9": {"beta": 0.9, "bias_correction": False},
        "β = 0.98": {"beta": 0.98, "bias_correction": False},
        "β = 0.5": {"beta": 0.5, "bias_correction": False},
        "β = 0: no average": {"beta": 0.0, "bias_correction": False},
    }
    strip = (presets["β = 0.5"], presets["β = 0.9"], presets["β = 0.98"])
    strips = (({"beta": 0.98}, ({"bias_correction": True},)),)
    size = (12.8, 6.4)

    def __init__(self, temperatures=None, average=None, **settings):
        super().__init__(temperatures, average, **settings)

    def _declare(self, count):
        correction = switch(False, "bias correction", disabled=self._function is not None)
        self.declared = {**self.declared, "days": days_shown(count), "bias_correction": correction}

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        beta, corrected = settings["beta"], settings["bias_correction"]
        # Moving the span of days leaves the average as it is.
        average = self._cached("average", (beta, corrected), lambda: self._averaged(beta, corrected))
        first, last = settings["days"]
        memory = averages.memory(beta)
        return SimpleNamespace(
            settings=settings, average=average, memory=memory,
            weights=averages.ewa_weights(beta, int(max(12, 4 * memory))),
            days=(first, max(last, first + FEWEST_DAYS)),
        )  # fmt: skip

    def _averaged(self, beta, corrected):
        if self._function is None:
            return averages.ewa(self._data.celsius, beta, bias_correction=corrected)
        return self._own_averages(self._data.celsius, beta)

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        data = self._data
        series = figure.add_axes((0.06, 0.11, 0.57, 0.74))
        low, high = data.celsius.min(), data.celsius.max()
        margin = 0.06 * (high - low) + 0.5
        series.set(ylim=(min(low, 0) - margin, high + margin), ylabel="daily mean, °C")
        years = sorted({f"{day.astype(object):%Y}" for day in (data.dates[0], data.dates[-1])})
        title = f"{lettering.shortened(data.place, 30)}, {'–'.join(years)}"
        draw.name(series, 0.5, 1.02, title, otherwise="Your city", ha="center", fontweight="bold")
        draw.read_from(series, data, -0.145)
        series.axhline(0, color="#cccccc", linewidth=0.8, zorder=0)
        self._days = date2num(data.dates)
        look = {"markersize": 4.2, "color": style.DATA["color"], "markeredgewidth": 0, "alpha": 0.75}
        (points,) = series.plot(self._days, data.celsius, "o", zorder=2, **look)
        line = draw.draw_line(series, zorder=4, **style.line_of(style.AVERAGE, linewidth=3.2))
        series.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=9))
        series.xaxis.set_major_formatter(FuncFormatter(lambda x, _: self._date_label(series, x)))
        weights = figure.add_axes((0.71, 0.11, 0.27, 0.74))
        weights.set_title("weight of each day")
        weights.text(1, -0.1, "days ago", transform=weights.transAxes, ha="right", va="center")
        colors = (style.AVERAGE["color"], "#b9c7d1")
        bars = [draw.draw_line(weights, color=color, solid_capstyle="butt") for color in colors]
        limit = draw.draw_line(weights, zorder=5, **style.line_of(style.LIMIT, linewidth=2.4))
        draw.moving(points, series.xaxis)
        draw.follow_x(weights)
        draw.follow_y(weights)
        self._legend(figure)
        return {
            "series": series, "points": points, "line": line, "weights": weights, "bars": bars, "limit": limit,
            "note": draw.note(weights, 0.97, 0.97, ha="right", va="top"),
            "limit_note": draw.note(weights, 0, 0, coords="data", va="top", ha="left", fontsize=style.SMALL),
        }  # fmt: skip

    def _legend(self, figure):
        name = "your average" if self._function else "average v"
        day = {"linestyle": "none", "marker": "o", "markersize": 7, "color": style.DATA["color"]}
        looks = (
            {**day, "label": "one day, θ"},
            style.line_of(style.AVERAGE, linewidth=3.2, label=name),
            style.line_of(style.LIMIT, linewidth=2.4, label="1/(1−β) days"),
        )
        draw_legend(figure, looks, bbox_to_anchor=(0.5, 1.01))

    def _date_label(self, ax, x):
        low, high = ax.get_xlim()
        return f"{num2date(x):%d %b}" if high - low < 150 else f"{num2date(x):%b %Y}"

    def _place(self, panels, result):
        first, last = result.days
        end = min(last, len(self._days) - 1)
        draw.limit_x(panels["series"], self._days[first] - 1, self._days[end] + 1)
        shown = slice(first, last + 1)
        draw.put(panels["points"], self._days[shown], self._data.celsius[shown])
        draw.put(panels["line"], self._days[shown], result.average[shown])
        self._place_weights(panels, result)
        return Frame(
            twin=self._sentence(result),
            label=f"Daily temperatures of {self._data.place} as points, their weighted average as a line, "
            f"and the weight of each day.",
        )

    def _place_weights(self, panels, result):
        ax, weights = panels["weights"], result.weights
        inside = round(result.memory)
        draw.limit_x(ax, -0.7, len(weights) - 0.3)
        draw.limit_y(ax, 0, 1.12 * weights[0])
        width = max(1.0, 150 / len(weights))
        for bar, days in zip(panels["bars"], (range(inside), range(inside, len(weights))), strict=True):
            draw.put(bar, *draw.columns(np.array(days, dtype=float), weights[days.start : days.stop]))
            if bar.get_linewidth() != width:
                bar.set_linewidth(width)
        at = result.memory - 0.5
        draw.put(panels["limit"], [at, at], [0, 0.9 * weights[0]])
        panels["note"].set_text(f"(1−β)βᵏ,  β = {result.settings['beta']:g}")
        words = f"{100 * self._share_inside(result):.0f} % left of the line"
        draw.place(panels["limit_note"], at + 0.02 * len(weights), 0.88 * weights[0], words)

    @staticmethod
    def _share_inside(result):
        """Return the part of the weight that the newest 1/(1−β) values hold."""
        return 1 - result.settings["beta"] ** round(result.memory)

    def _sentence(self, result):
        beta, corrected = result.settings["beta"], result.settings["bias_correction"]
        if beta == 0:
            words = "β = 0: nothing is averaged, v is each day's own temperature. "
        else:
            late = number(beta / (1 - beta))
            words = (
                f"β = {beta:g} averages about 1/(1−β) = {number(result.memory)} days, as a time constant and not as "
                f"a window: the newest {round(result.memory)} hold {100 * self._share_inside(result):.0f} % of the weight, "
                f"and on a steady rise the curve is {late} {'day' if late == '1' else 'days'} late. "
            )
        if self._function is not None:
            return words + self._own_sentence(result)
        if beta == 0:
            return words.strip()
        if corrected:
            return words + "With bias correction the first days start at the right height."
        return words + f"Without bias correction the first day is {number(1 - beta)} of its true value."

    def _own_sentence(self, result):
        expected = averages.ewa(self._data.celsius, result.settings["beta"])
        apart = float(np.abs(result.average - expected).max())
        if apart < 1e-9 * max(1.0, float(np.abs(expected).max())):
            return "Your average agrees with v = βv + (1−β)θ on every day."
        return f"Your average is up to {number(apart)} °C away from v = βv + (1−β)θ."

    def _table(self, result):
        rows = zip(self._data.dates, self._data.celsius, result.average, strict=True)
        return ["date", "temp_c", "average_c"], [[str(day), float(c), float(v)] for day, c, v in rows]
