"""The first days of a weighted average: too low as it comes, right when divided by the sum of its weights."""

from types import SimpleNamespace

import numpy as np

from .. import averages, bias
from ..drawing import panels as draw
from ..drawing import style
from ..stage import Frame
from .controls import beta_slider, choice, count_slider, mark, switch, walk
from .parts import draw_legend
from .temperature import TemperatureExplorer
from .words import number

MOST_DAYS = 300
SMALL = 0.01  # of the weight: below this share the zero is called forgotten
NOTHING = 0.0005  # of the weight: below this share it is not worth a number
TOPS = (0.01, 0.015, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.5, 0.8, 1.2)
"""Where the axis of the weights may end: in steps, so that it stands still while β is dragged a little."""
RIM = {"markeredgecolor": "white", "markeredgewidth": 1.5}
SERIES = (0.078, 0.115, 0.542, 0.735)  # places of the axes, as parts of the figure
WEIGHTS = (0.7, 0.59, 0.285, 0.26)
SUM = (0.7, 0.115, 0.285, 0.31)


def days_of(count):
    """Declare the days shown and the day among them, of so many."""
    return {
        "days": count_slider(min(60, count), "days shown", 1, count),
        "day": walk(min(3, count), "day t", along=("days",), least=1, most=count, stays=False),
    }


class BiasExplorer(TemperatureExplorer):
    """The first days of the average v = βv + (1−β)θ, as it comes and divided by 1−βᵗ, the sum of its weights.

    temperatures : what `load_temperatures` returns; Seattle 2012–2015 when left out
    correct : a function of yours, (values, beta) -> corrected averages, to be drawn instead of v/(1−βᵗ)
    """

    own = "correct"
    declared = {
        "beta": beta_slider(0.9),
        **days_of(MOST_DAYS),
        "unit": choice("°C", "averaged in", {unit: unit for unit in bias.UNITS}),
        "stored_back": switch(False, "store v̂ back into v (a mistake)"),
        "corrected": switch(True, "show the correction"),
    }
    presets = {
        "β = 0.9": {"beta": 0.9, "days": 60, "unit": "°C", "stored_back": False},
        "β = 0.98: for months": {"beta": 0.98, "days": 300, "unit": "°C", "stored_back": False},
        "Averaged in °F": {"beta": 0.9, "days": 60, "unit": "°F", "stored_back": False},
        "Averaged in kelvin": {"beta": 0.9, "days": 60, "unit": "K", "stored_back": False},
        "v̂ stored back": {"beta": 0.9, "days": 60, "day": 2, "unit": "°C", "stored_back": True},
    }
    strip = (presets["β = 0.98: for months"],)
    strips = (
        ({"day": 1, "unit": "°C"}, ({"day": 7},)),  # where the zero first holds less than half of the weight
        ({"day": 2}, (presets["v̂ stored back"], {**presets["v̂ stored back"], "beta": 0.5})),
        ({"days": 300}, ({"beta": 0.5}, {"beta": 0.98})),
        ({"unit": "°F"}, ({"unit": "K"}, {"unit": "°C"})),
    )
    rows = (("day", "unit", "stored_back", "corrected"),)
    size = (12.8, 6.4)

    def __init__(self, temperatures=None, correct=None, **settings):
        super().__init__(temperatures, correct, **settings)

    def _declare(self, count):
        self._celsius = self._data.celsius[:MOST_DAYS]
        self.declared = {**self.declared, **days_of(len(self._celsius))}

    # --- the numbers ---------------------------------------------------------------------------------

    def _compute(self, settings):
        beta, unit = settings["beta"], settings["unit"]
        # The days and the switch leave the averages as they are.
        found = self._cached("averages", (beta, unit), lambda: self._averaged(beta, unit))
        return SimpleNamespace(
            settings=settings, averages=found, day=min(settings["day"], settings["days"]),
            sums=bias.weight_sum(beta, np.arange(settings["days"] + 1)),  # from day 0 on
            stored=self._stored_back(beta, unit) if settings["stored_back"] else None,
            forgotten=bias.steps_until(beta, SMALL),
        )  # fmt: skip

    def _averaged(self, beta, unit):
        """Return the averages from day 1 on: v in the unit, and in °C as it comes, corrected, and rightly so."""
        values = bias.to_unit(self._celsius, unit)
        v = averages.ewa(values, beta)
        own = right = v / bias.weight_sum(beta, np.arange(1, len(v) + 1))
        mistake = None
        if self._function is not None:
            own = self._own_averages(values, beta)
            mistake = bias.mistake_in(own, values, beta)
        uncorrected, corrected, right = (bias.to_celsius(found, unit) for found in (v, own, right))
        return SimpleNamespace(
            in_unit=v, uncorrected=uncorrected, corrected=corrected, right=right, mistake=mistake
        )

    def _stored_back(self, beta, unit):
        return bias.to_celsius(bias.stored_back(bias.to_unit(self._celsius, unit), beta), unit)

    # --- the picture ---------------------------------------------------------------------------------

    def _draw(self, figure):
        series = figure.add_axes(SERIES)
        series.set_ylabel("daily mean, °C")
        series.yaxis.set_label_coords(-0.108, 0.5)  # clear of the numbers in kelvin, and of the edge
        below = -0.125 if self._data.unit is None else -0.088
        series.text(0.5, below, "day t, counted from 1", transform=series.transAxes, ha="center", va="center")
        draw.read_from(series, self._data, -0.157)
        series.axhline(0, color="#cccccc", linewidth=0.8, zorder=0)
        day = {"linestyle": "none", "marker": "o", "color": style.DATA["color"]}

        def curve(look, zorder):
            return draw.draw_line(series, zorder=zorder, **style.line_of(look, linewidth=3.2))

        panels = {
            "series": series,
            "points": draw.draw_line(series, zorder=2, markersize=6, markeredgewidth=0, alpha=0.75, **day),
            "before": curve(style.UNCORRECTED, 3),
            "after": curve(style.AVERAGE, 4),
            "stored": curve(style.STORED_BACK, 5),
            "here": draw.draw_line(series, zorder=5, color=style.INK, linewidth=1.6),
            "zero": self._cross(series),
            "dots": self._dots(series),
            "title": draw.note(series, 0.5, 1.03, ha="center", fontweight="bold"),
            "away": draw.note(series, 0.99, 0.985, ha="right", va="top", color=style.STORED_BACK["color"]),
        }
        self._draw_weights(figure, panels)
        self._draw_sum(figure, panels)
        for ax in (series, panels["weights"], panels["sum"]):
            draw.follow_x(ax)
        draw.follow_y(series)
        draw.follow_y(panels["weights"])
        series.locator_params(axis="y", nbins=7)
        panels["legends"] = {
            (after, stored): self._legend(figure, after, stored)
            for after in (False, True)
            for stored in (False, True)
        }
        return panels

    @staticmethod
    def _cross(ax):
        look = {"color": style.ZERO["color"], "marker": style.ZERO["marker"], "linestyle": "none"}
        return draw.draw_line(ax, markersize=12, markeredgecolor="white", zorder=6, **look)

    @staticmethod
    def _dots(ax):
        """Return a marker for v and one for v divided by its weights, both with a white rim."""
        looks = ((style.UNCORRECTED["color"], "s"), (style.AVERAGE["color"], "o"))
        return [
            draw.draw_line(ax, linestyle="none", marker=marker, color=color, markersize=11, zorder=7, **RIM)
            for color, marker in looks
        ]

    def _draw_weights(self, figure, panels):
        ax = panels["weights"] = figure.add_axes(WEIGHTS)
        panels["weights_title"] = draw.note(ax, 0.5, 1.06, ha="center", fontweight="bold")
        dot = {"linestyle": "none", "markeredgewidth": 0, "markersize": 6.5}
        dots = (("before", style.UNCORRECTED, "s", 3), ("after", style.AVERAGE, "o", 4))
        for name, kind, marker, zorder in dots:
            look = {**dot, "marker": marker, "color": kind["color"]}
            panels[f"weights_{name}"] = draw.draw_line(ax, zorder=zorder, **look)
        panels["weights_zero"] = self._cross(ax)

    @staticmethod
    def _draw_sum(figure, panels):
        ax = panels["sum"] = figure.add_axes(SUM)
        ax.set_title("1−βᵗ, weight of the real days")
        ax.set_ylim(0, 1.08)
        ax.set_yticks([0, 0.5, 1])
        ax.text(1, -0.27, "day t", transform=ax.transAxes, ha="right", va="center")
        ax.axhline(1, color="#bbbbbb", linewidth=0.8, zorder=0)
        dot = {"linestyle": "none", "marker": "o", "color": style.INK, "markersize": 10, **RIM}
        panels["curve"] = draw.draw_line(ax, color=style.INK, linewidth=2.6, zorder=3)
        panels["gap"] = draw.draw_line(ax, color=style.ZERO["color"], linewidth=1.6, zorder=2)
        panels["sum_dot"] = draw.draw_line(ax, zorder=5, **dot)
        panels["limit"] = draw.draw_line(ax, zorder=4, **style.line_of(style.LIMIT, linewidth=2.4))
        panels["limit_note"] = draw.note(ax, 0, 0.08, coords="data", va="bottom", fontsize=style.SMALL)

    def _legend(self, figure, corrected, stored):
        name = "your function" if self._function else "v̂ = v/(1−βᵗ)"
        day = {"linestyle": "none", "color": style.DATA["color"], "marker": "o", "markersize": 7}
        cross = {"linestyle": "none", "color": style.ZERO["color"], "marker": "X", "markersize": 10}
        looks = [
            {**day, "label": "one day, θ"},
            style.line_of(style.UNCORRECTED, linewidth=3.2, label="v, as it comes"),
            *([style.line_of(style.AVERAGE, linewidth=3.2, label=name)] if corrected else []),
            *([style.line_of(style.STORED_BACK, linewidth=3.2)] if stored else []),
            {**cross, "label": style.ZERO["label"]},
        ]
        kind = {"ncols": 5, "bbox_to_anchor": (0.5, 1.015), "handlelength": 2.4, "columnspacing": 1.6}
        return draw_legend(figure, looks, **kind)

    def _place(self, panels, result):
        named = result.settings["corrected"], result.settings["stored_back"]
        for names, legend in panels["legends"].items():
            legend.set_visible(names == named)
        for name in ("after", "here", "weights_after"):
            draw.show(panels[name], named[0])
        draw.show(panels["dots"][1], named[0])
        self._place_series(panels, result)
        self._place_weights(panels, result)
        self._place_sum(panels, result)
        slider = self.controls["days"]
        marks = []
        if slider.min < slider.max:
            marks = mark(result.forgotten, slider, "momentum", f"zero below 1 %: day {result.forgotten}")
        return Frame(
            twin=self._sentence(result),
            label=f"The first days of {self._data.place}, their weighted average"
            f"{' with and without bias correction' if named[0] else ''}, the weight of each day, and the sum "
            "of the weights.",
            marks={"days": marks},
            background=named,
        )

    def _place_series(self, panels, result):
        settings, found, day = result.settings, result.averages, result.day
        count, ax = settings["days"], panels["series"]
        days, zero = np.arange(count + 1), float(bias.to_celsius(0.0, settings["unit"]))
        draw.put(panels["points"], days[1:], self._celsius[:count])
        draw.put(panels["before"], days, np.append(zero, found.uncorrected[:count]))
        draw.put(panels["after"], days[1:], found.corrected[:count])
        draw.show(panels["stored"], settings["stored_back"])
        if settings["stored_back"]:
            draw.put(panels["stored"], days[1:], result.stored[:count])
        draw.put(panels["zero"], [0], [zero])
        v, hat = found.uncorrected[day - 1], found.corrected[day - 1]
        for dot, y in zip(panels["dots"], (v, hat), strict=True):
            draw.put(dot, [day], [y])
        draw.put(panels["here"], [day, day], [v, hat])
        shown = self._celsius[:count]
        low, high = min(float(shown.min()), zero), max(float(shown.max()), zero)
        margin = 0.08 * (high - low) + 0.5
        draw.limit_y(ax, low - margin, high + margin)
        draw.limit_x(ax, *_room(count))
        panels["title"].set_text(self._title(result))
        panels["away"].set_text(self._peak(result) if settings["stored_back"] else "")

    def _place_weights(self, panels, result):
        beta, day = result.settings["beta"], result.day
        ax, held = panels["weights"], float(result.sums[day])
        weights, days = averages.ewa_weights(beta, day)[::-1], np.arange(1, day + 1)
        draw.put(panels["weights_before"], days, weights)
        draw.put(panels["weights_after"], days, weights / held)
        draw.put(panels["weights_zero"], [0], [1 - held])
        highest = 1.08 * max(float(weights[-1]) / held, 1 - held)
        draw.limit_x(ax, *_room(day))
        draw.limit_y(ax, 0, next(top for top in TOPS if top >= highest))
        panels["weights_title"].set_text(f"weights on day {day}")

    def _place_sum(self, panels, result):
        count, day, last = result.settings["days"], result.day, result.forgotten
        sums = result.sums
        draw.put(panels["curve"], np.arange(count + 1), sums)
        draw.put(panels["gap"], [day, day], [sums[day], 1])
        draw.put(panels["sum_dot"], [day], [sums[day]])
        ax, inside = panels["sum"], last <= count
        draw.limit_x(ax, *_room(count))
        draw.show(panels["limit"], inside)
        if inside:
            draw.put(panels["limit"], [last, last], [0, 1])
            side = "left" if last < 0.55 * count else "right"
            draw.place(panels["limit_note"], last, 0.08, f"  0.99 on day {last}  ", ha=side)
        else:  # where the curve is not: it may end low or high
            height = 0.08 if sums[count] > 0.5 else 0.8
            draw.place(panels["limit_note"], count, height, "below 0.99 on all days shown", ha="right")

    # --- the words -----------------------------------------------------------------------------------

    def _title(self, result):
        unit, day = result.settings["unit"], result.day
        v = result.averages.in_unit[day - 1]
        if not result.settings["corrected"]:
            words = f"day {day}:  v = {number(v)} {unit}"
            return words if unit == "°C" else f"{words} = {number(result.averages.uncorrected[day - 1])} °C"
        own, right = result.averages.corrected[day - 1], result.averages.right[day - 1]
        if not _agree(own, right):  # the blue dot is the learner's, and a right division would not fit it
            return f"day {day}:  right is {number(right)} °C, your function says {_large(own)} °C"
        hat = bias.to_unit(right, unit)
        words = f"day {day}:  {number(v)} {unit} ÷ {_sum(result.sums[day])} = {number(hat)} {unit}"
        return words if unit == "°C" else f"{words} = {number(result.averages.right[day - 1])} °C"

    def _peak(self, result):
        stored = result.stored[: result.settings["days"]]
        top = int(np.argmax(np.abs(stored)))
        return f"v̂ stored back: up to {_large(stored[top])} °C, on day {top + 1}"

    def _sentence(self, result):
        settings, found, day = result.settings, result.averages, result.day
        beta, unit, held = settings["beta"], settings["unit"], float(result.sums[day])
        v, hat = found.uncorrected[day - 1], found.right[day - 1]
        corrected = settings["corrected"]
        if beta == 0:
            words = f"β = 0, day {day}: the day itself has all the weight"
            return (
                words
                + (", so there is nothing to correct." if corrected else ".")
                + self._own_sentence(result)
            )
        value = f"v = {number(v)} °C"
        if unit != "°C":
            value = f"v = {number(found.in_unit[day - 1])} {unit}, which is {number(v)} °C"
        words = f"β = {beta:g}, day {day}: {value}. "
        if 1 - held < NOTHING:
            words += "Its weights add up to 1 but for less than 0.1 %"
            words += ": there is nothing left to correct. " if corrected else ". "
        else:
            words += (
                f"Its weights add up to {_sum(held)}, the zero holds the other {number(100 * (1 - held))} %"
            )
            words += f"; divided by {_sum(held)}, v becomes v̂ = {number(hat)} °C. " if corrected else ". "
        words += f"The zero falls below 1 % on day {result.forgotten}."
        if settings["stored_back"]:
            words += f" Stored back: {_large(result.stored[day - 1])} °C on day {day}."
        return words + self._own_sentence(result)

    def _own_sentence(self, result):
        found = result.averages
        if self._function is None or not result.settings["corrected"]:
            return ""
        if found.mistake is None:
            return " Your function agrees with v/(1−βᵗ) on every day."
        first = int(np.argmin(_agree(found.corrected, found.right)))
        return (
            f" Your function says {_large(found.corrected[first])} °C on day {first + 1}, where v/(1−βᵗ) is "
            f"{number(found.right[first])} °C{REASONS[found.mistake]}."
        )

    def _table(self, result):
        found, count = result.averages, result.settings["days"]
        divided = "your_function_c" if self._function else "corrected_c"
        names = ["day", "date", "temp_c", "v_c", "sum_of_weights", divided, "stored_back_c"]
        stored = self._stored_back(result.settings["beta"], result.settings["unit"])
        columns = (self._celsius, found.uncorrected, result.sums[1:], found.corrected, stored)
        rows = zip(*(column[:count].tolist() for column in columns), strict=True)
        dates = self._data.dates[:count]
        return names, [[t, str(date), *row] for t, (date, row) in enumerate(zip(dates, rows, strict=True), 1)]


REASONS = {
    "": "",
    "not divided": ": it never divides",
    "stored back": ": it looks as if v̂ were stored back into v",
    "t too large": ": t is one too large, the first day is t = 1",
    "always 1 - beta": ": it divides by 1−β on every day, and the sum is that on day 1 only",
    "multiplied": ": it multiplies where it should divide",
    "one weight swapped": ": β and 1−β have changed places",
}


def _room(count):
    """Return the limits of an axis for days 0 to `count`, with room for the markers."""
    return -0.02 * count - 0.4, 1.02 * count + 0.4


def _agree(own, right):
    """Whether a learner's average is right, but for rounding; where it is not a number it is not."""
    return np.abs(own - right) <= 1e-6 * np.maximum(1.0, np.abs(right))


def _sum(value):
    """Return a sum of weights with three digits, never rounded up to 1."""
    return number(value) if value < 0.9995 or value == 1 else "0.999…"


def _large(value):
    """Return a temperature in words when it is beyond all measure."""
    return (
        number(value) if abs(value) < 1e6 else "more than a million" if value > 0 else "less than −1 million"
    )
