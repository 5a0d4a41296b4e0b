"""What an explorer declares of each of its settings, and the control that moves it: plain ipywidgets.

Each function here returns a Setting: where it begins, what it may be, and how its control looks.
"""

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as widgets
import numpy as np

from .._validate import check_choice, check_count, check_flag, check_number
from .words import number

HIGHEST_ALPHA = 500.0  # the limit at β = 0.99 is α = 398
WIDE = {"description_width": "98px"}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting of an explorer: all that is said of it.

    allowed : in words, for `help`. validate(value, name) : refuses a value by TypeError or ValueError, which name
    the setting, the value and what is allowed. control(name, first) : makes its widget for the settings at first.
    stops : the numbers at which its slider stops, if it has one that does.
    """

    default: object
    allowed: str
    validate: Callable
    control: Callable
    stops: tuple = ()


@dataclass(frozen=True, kw_only=True)
class Walk(Setting):
    """The place in a run, which the walk's buttons move, from `least` to the run's end.

    along : names of the settings that the run's length depends on. end(settings) : that length.
    stays : whether a walk at the end stays at the end when the run gets longer.
    """

    least: int
    along: tuple
    end: Callable
    stays: bool


def check_range(value, name, least, most):
    """Refuse a number that the control of that name does not reach."""
    if not least <= check_number(value, name) <= most:
        raise ValueError(f"{name}: {value} is outside the figure's range; allowed is {least:g} to {most:g}")


class StopSlider(widgets.SelectionSlider):
    """A slider that stops at chosen numbers, and makes room for any other that code asks for.

    A log slider of ipywidgets moves 4 to the nearest point of its grid, 3.98, when it is first shown; here the
    numbers of the lessons are stops of their own. ValueError: a value outside the stops' range.
    """

    def __init__(self, name, stops, value, show=str, **kwargs):
        self._name, self._show, self._own, self._known = name, show, tuple(stops), None
        stops = self._with(value)
        super().__init__(options=[(show(stop), stop) for stop in stops], value=value, **kwargs)

    @property
    def stops(self):
        """The numbers at which the slider stops, from left to right."""
        if self._known is not self.options:  # asked for at every tick, by each mark on the track
            self._known, self._stops = self.options, tuple(stop for _, stop in self.options)
        return self._stops

    @property
    def own_stops(self):
        """The stops that it was made for, whatever code has asked for since."""
        return self._own

    def __setattr__(self, name, value):
        if name == "value" and self.trait_has_value("options") and value not in self.stops:
            now, stops = self.value, self._with(value)
            with self.hold_sync():
                self.options = [(self._show(stop), stop) for stop in stops]
                super().__setattr__("value", now if now in stops else value)
        super().__setattr__(name, value)

    def _with(self, value):
        """Return the stops with `value` instead of a neighbour: the slider's keys know how many there are."""
        check_range(value, self._name, self._own[0], self._own[-1])
        if value in self._own:
            return self._own
        place = min(bisect(self._own, value), len(self._own) - 2)
        return (*self._own[:place], value, *self._own[place + 1 :])


# --- numbers ---------------------------------------------------------------------------------------------


def within(least, most, whole=False):
    """Return a function that refuses what is no number, or no whole one, from `least` to `most`."""

    def validate(value, name):
        check_range(check_count(value, name, least) if whole else value, name, least, most)

    return validate


def number_setting(default, least, most, widget, *, whole=False, **look):
    """Declare a number, or a whole one, with a widget that has a `min` and a `max`."""

    def control(name, first):
        return widget(value=first[name], min=least, max=most, **look)

    validate, allowed = within(least, most, whole), f"{least:g} to {most:g}"
    return Setting(default=default, allowed=allowed, validate=validate, control=control)


def stop_slider(default, stops, description, show=str, *, whole=False):
    """Declare a number with a slider that stops at chosen ones; show(number) is what stands beside it."""

    def control(name, first):
        return StopSlider(name, stops, first[name], show, **wide_look(description))

    validate, allowed = within(stops[0], stops[-1], whole), f"{stops[0]:g} to {stops[-1]:g}"
    return Setting(default=default, allowed=allowed, validate=validate, control=control, stops=tuple(stops))


def alpha_slider(default, lowest=0.01, highest=HIGHEST_ALPHA, description="α step size"):
    """Declare the learning rate: a slider with 0, then `lowest` to `highest` in steps of two to five per cent."""
    hundredths = [*range(100, 200, 5), 198, 202, *range(200, 500, 10), 205, *range(500, 1000, 20)]
    stops = {h / 10**p for p in range(8) for h in hundredths}
    stops = [0.0, *sorted(stop for stop in stops if lowest <= stop <= highest)]
    return stop_slider(default, stops, description, lambda alpha: f"{alpha:.4g}")


def beta_slider(default, highest=0.99, description="β memory"):
    """Declare β: a slider with hundredths up to 0.9, then thousandths up to `highest`, where they matter."""
    stops = [i / 100 for i in range(90)] + [i / 1000 for i in range(900, round(1000 * highest) + 1)]
    return stop_slider(
        default, stops, description, lambda beta: f"{beta:.3g}" if beta > 0.9 else f"{beta:.2f}"
    )


def kappa_slider(default, decades=3):
    """Declare the condition number: a slider from 1 to 10 to that power, in steps of two to five per cent."""
    hundredths = [*range(100, 200, 5), *range(200, 500, 10), 250, *range(500, 1000, 20)]
    stops = [h * 10**p / 100 for p in range(decades) for h in sorted(set(hundredths))] + [10.0**decades]
    return stop_slider(default, stops, "κ how narrow", lambda kappa: f"{kappa:.5g}")


def count_slider(default, description, least, most):
    """Declare a whole number, with a slider."""
    return number_setting(default, least, most, widgets.IntSlider, whole=True, **wide_look(description))


def number_box(default, description, least, most):
    """Declare a number that is typed into a box, or moved by dragging a point."""
    look = {"step": 0.1, **box_look(description)}
    return number_setting(default, least, most, widgets.BoundedFloatText, **look)


def count_box(default, description, least, most):
    """Declare a whole number that is typed into a box, or moved by buttons."""
    return number_setting(default, least, most, widgets.BoundedIntText, whole=True, **box_look(description))


def walk(
    default, description="walk to step", *, along=("steps",), end=None, least=0, most=np.inf, stays=True
):
    """Declare the place in a run (see Walk); end(settings) is by default the one setting that it runs along.

    A box, no slider: the keys of a slider whose end moves with the run go on using its first end.
    most : refuse what is above it; by default any step may be asked for, and the run's end is shown
    """
    end = end or (lambda settings: settings[along[0]])

    def control(name, first):
        last = end(first)
        return widgets.BoundedIntText(
            value=min(first[name], last), min=least, max=last, **box_look(description)
        )

    return Walk(
        default=default, allowed=f"{least} to the end", validate=within(least, most, whole=True),
        control=control, least=least, along=along, end=end, stays=stays,
    )  # fmt: skip


# --- choices ---------------------------------------------------------------------------------------------


def choice(default, description, labels):
    """Declare a list of which one entry is chosen; labels: its values, with the words for each."""
    *others, last = map(repr, labels)
    allowed = f"{', '.join(others)} or {last}"

    def validate(value, name):
        if isinstance(default, str):
            check_choice(value, name, labels)
        elif check_number(value, name, allowed) not in labels:
            raise ValueError(f"{name} must be {allowed}, not {value}")

    def control(name, first):
        options = [(words, value) for value, words in labels.items()]
        return widgets.Dropdown(options=options, value=first[name], **box_look(description))

    return Setting(default=default, allowed=allowed, validate=validate, control=control)


def switch(default, description, disabled=False):
    """Declare a checkbox."""

    def control(name, first):
        look = {"indent": False, "layout": {"width": "auto", "margin": "2px 16px"}}
        return widgets.Checkbox(value=first[name], description=description, disabled=disabled, **look)

    return Setting(default=default, allowed="True or False", validate=check_flag, control=control)


def limits_switch():
    """Declare the checkbox for the limits of α: on the slider's track, on the ruler and in the sentence."""
    return switch(True, "show the limits")


# --- what controls look like, and the marks on their tracks ----------------------------------------------


def box_look(description):
    """Return what every box and every list looks like."""
    return {
        "description": description,
        "style": {"description_width": "auto"},
        "layout": {"width": "auto", "margin": "2px 8px"},
    }


def wide_look(description):
    """Return what every slider looks like."""
    return {
        "description": description,
        "style": WIDE,
        "layout": {"width": "auto", "min_width": "260px", "margin": "2px 8px"},
    }


def along(value, slider):
    """Return where a value lies along a slider's track, 0 to 1, or None when it is off the track."""
    if not isinstance(slider, StopSlider):
        part = (value - slider.min) / (slider.max - slider.min)
        return round(part, 4) if 0 <= part <= 1 else None
    stops = slider.stops
    if not stops[0] <= value <= stops[-1]:
        return None
    return round(float(np.interp(value, stops, np.linspace(0, 1, len(stops)))), 4)


def mark(value, slider, kind, text):
    """Return the marks (one or none) that show `value` on a slider's track."""
    at = along(value, slider)
    return [] if at is None else [{"at": at, "kind": kind, "text": text}]


def limit_marks(slider, plain, momentum):
    """Return the marks that show on α's track how far plain descent and momentum converge."""
    limits = (("plain", plain), ("momentum", momentum))
    return [one for kind, limit in limits for one in mark(limit, slider, kind, f"{kind} {number(limit)}")]
