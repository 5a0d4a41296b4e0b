"""The controls that explorers share: plain ipywidgets, with the course's names and ranges."""

from bisect import bisect

import ipywidgets as widgets
import numpy as np

from .._validate import check_number

HIGHEST_ALPHA = 500.0  # the limit at β = 0.99 is α = 398
WIDE = {"description_width": "98px"}


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


def alpha_slider(value, lowest=0.01, highest=HIGHEST_ALPHA, name="alpha", description="α step size"):
    """Return a slider for the learning rate: 0, then `lowest` to `highest` in steps of two to five per cent."""
    hundredths = [*range(100, 200, 5), 198, 202, *range(200, 500, 10), 205, *range(500, 1000, 20)]
    stops = {h / 10**p for p in range(8) for h in hundredths}
    stops = [0.0, *sorted(stop for stop in stops if lowest <= stop <= highest)]
    return StopSlider(name, stops, value, lambda alpha: f"{alpha:.4g}", **wide_look(description))


def beta_slider(value, highest=0.99, name="beta", description="β memory"):
    """Return a slider for β: hundredths up to 0.9, then thousandths up to `highest`, where they matter."""
    stops = [i / 100 for i in range(90)] + [i / 1000 for i in range(900, round(1000 * highest) + 1)]
    return StopSlider(
        name,
        stops,
        value,
        lambda beta: f"{beta:.3g}" if beta > 0.9 else f"{beta:.2f}",
        **wide_look(description),
    )


def kappa_slider(value, decades=3):
    """Return a slider for the condition number: 1 to 1000, or 10 to another power, in steps of two to five per cent."""
    hundredths = [*range(100, 200, 5), *range(200, 500, 10), 250, *range(500, 1000, 20)]
    stops = [h * 10**p / 100 for p in range(decades) for h in sorted(set(hundredths))] + [10.0**decades]
    return StopSlider("kappa", stops, value, lambda kappa: f"{kappa:.5g}", **wide_look("κ how narrow"))


def count_slider(value, description, least, most):
    """Return a slider for a whole number."""
    return widgets.IntSlider(value=value, min=least, max=most, **wide_look(description))


def number_box(value, description, least, most):
    """Return a box for a number that is typed, or moved by dragging a point."""
    return widgets.BoundedFloatText(value=value, min=least, max=most, step=0.1, **_box(description))


def count_box(value, description, least, most):
    """Return a box for a whole number that is typed, or moved by buttons."""
    return widgets.BoundedIntText(value=value, min=least, max=most, **_box(description))


def _box(description):
    return {
        "description": description,
        "style": {"description_width": "auto"},
        "layout": {"width": "auto", "margin": "2px 8px"},
    }


def choice(value, description, options):
    """Return a list of which one entry is chosen."""
    return widgets.Dropdown(
        options=options,
        value=value,
        description=description,
        style={"description_width": "auto"},
        layout={"width": "auto", "margin": "2px 8px"},
    )


def switch(value, description, disabled=False):
    """Return a checkbox."""
    layout = {"width": "auto", "margin": "2px 16px"}
    return widgets.Checkbox(
        value=value, description=description, disabled=disabled, indent=False, layout=layout
    )


def limits_switch(value):
    """Return the checkbox for the limits of α: on the slider's track, on the ruler and in the sentence."""
    return switch(value, "show the limits")


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


def wide_look(description):
    """Return what every slider looks like."""
    return {
        "description": description,
        "style": WIDE,
        "layout": {"width": "auto", "min_width": "260px", "margin": "2px 8px"},
    }
