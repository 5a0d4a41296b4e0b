"""What every explorer has: controls, a stage, presets, Reset, a picture without a kernel, a CSV."""

import base64
import html
import os
import time
from functools import cache, partial
from inspect import cleandoc

import ipywidgets as widgets
import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from .._validate import check_flag
from ..drawing import style
from ..drawing.lettering import Name
from ..stage import FOR_HANDS, Stage
from . import showing
from .controls import Walk
from .table import write_table

PAUSE = 0.25  # seconds between the live figure and the strip
MOST_PICTURES = 3  # in the strip for a page without a kernel
LIVE_ONLY = "ROLLING_LIVE_ONLY"  # set in the environment: the page always has a kernel, so it needs no strip


class Explorer:
    """A figure with controls.

    `controls`: the widgets by name. `settings`: their values by name. `figure()`: the picture as a matplotlib
    Figure. `to_csv(path)`: the numbers behind it. `twin`: the sentence under the figure.

    walk : True lets the figure stand at its first step and walk by itself, once, when it is first seen whole. For a
    reader who asks for less motion it waits for the button.

    To write one, write a module with a subclass, a test, and a line in `__init__.py`. The subclass says
    `declared`        its settings, each by a function of `controls`, in the order of the controls,
    `_draw(figure)`   which draws everything once and returns what is moved (see `drawing.panels.moving`),
    `_compute(settings)`       which returns the numbers: from the settings alone, as a page asks for any of them,
    `_place(panels, result)`   which moves what `_draw` returned to the numbers, and returns the Frame,
    `_sentence(result)`        which says in words what the picture shows: the Frame's `twin`,
    `_table(result)`           which returns (column names, rows) of the numbers behind the picture,
    and perhaps `presets` and what else stands below. `_cached` keeps what most controls leave as it is.
    """

    declared: dict = {}  # name of a setting -> Setting
    own = ""  # name of the argument for a function of the learner's, of an explorer that draws one
    size = (12.8, 7.2)  # inches; the page's figure is 1280 x 720 units
    presets: dict = {}  # name of the button -> settings, or a function that makes them of the present ones
    strip: tuple = ()  # settings of further pictures on a page without a kernel
    letters = 240  # that its sentence has at most; 300 are two lines in a window 1366 wide
    strips: tuple = ()  # (settings, strip): the strip of a figure that begins with them, chosen for its lesson
    player = ""  # name of the setting that the walk's buttons move: the Walk among the declared ones
    rows: tuple = ()  # names of controls, a row each; what is not named gets a place in the grid

    def __init_subclass__(cls):
        """Find the walk among the settings, and add their list to the docstring."""
        super().__init_subclass__()
        if "declared" not in vars(cls):
            return
        cls.player = next((name for name, one in cls.declared.items() if isinstance(one, Walk)), "")
        known = [f"{name} : {one.allowed}; {one.default!r} at first" for name, one in cls.declared.items()]
        cls.__doc__ = "\n".join(
            [cleandoc(cls.__doc__), "", "Settings, all of which may be given:", "", *known]
        )

    def __init__(self, *, walk=False, **settings):
        if check_flag(walk, "walk") and not self.player:
            raise TypeError(f"walk: {type(self).__name__} has no steps to walk through")
        if walk:
            settings.setdefault(self.player, self.declared[self.player].least)
        unknown = sorted(set(settings) - set(self.declared))
        if unknown:
            raise TypeError(
                f"{unknown[0]}: {type(self).__name__} has no such setting; allowed are {', '.join(self.declared)}"
            )
        self._start = {
            name: _as_python(settings.get(name, one.default)) for name, one in self.declared.items()
        }
        self._walks = walk
        self._validate(self._start)
        self._known = {}  # name of a result -> (what it was computed from, the result)
        self.controls = {name: one.control(name, self._start) for name, one in self.declared.items()}
        self._link_controls()
        figure, panels = self._new_figure()
        self.stage = Stage(
            figure, self.controls, lambda values: self._show(panels, values), self.player, self.letters, walk
        )
        self.widget = self._lay_out()

    # --- what a subclass can use ---------------------------------------------------------------------

    def _untouched(self, settings, *names):
        """Return True while these settings are where they were at first."""
        return all(settings[name] == self._start[name] for name in names)

    def _link_controls(self):
        """Let controls follow each other: the walk follows the run."""
        for name in self.declared[self.player].along if self.player else ():
            self.controls[name].observe(self._follow_run, "value")

    def _cached(self, name, key, compute):
        """Return compute(), or what it returned for the same key last time; an error is not kept."""
        known = self._known.get(name)
        if known is None or known[0] != key:
            known = self._known[name] = (key, compute())
        return known[1]  # its own, whatever another thread has put there meanwhile

    # --- what every explorer does --------------------------------------------------------------------

    @property
    def settings(self):
        """The controls' present values by name."""
        return self.stage.settings()

    @property
    def twin(self):
        """The sentence that says in words what the picture shows now."""
        try:
            return self.stage.frame().twin
        except Exception as problem:
            return getattr(problem, "sentence", None) or str(problem)

    def set(self, **settings):
        """Set several controls at once, as a preset does; return the explorer."""
        for name in settings:
            if name not in self.controls:
                raise TypeError(f"{name}: no such control; allowed are {', '.join(self.controls)}")
        settings = {name: _as_python(value) for name, value in settings.items()}
        before = self.settings
        self._validate({**before, **settings})
        try:
            self._put(settings)
        except Exception:
            self._put(before)  # all of them or none
            raise
        return self

    def _validate(self, settings):
        for name, value in settings.items():
            self.declared[name].validate(value, name)

    def _put(self, settings):
        walk = self.controls.get(self.player)
        kept = walk and (walk.value, self._stays(walk))
        for name in self.controls:  # in their own order: the run's length comes before the place in it
            if name in settings:
                self.controls[name].value = settings[name]
        if walk and self.player not in settings and not kept[1]:
            walk.value = min(kept[0], walk.max)  # a run shorter for a moment has moved it

    def _follow_run(self, _):
        """Keep the walk's end at the run's end, and the walk there if it was there."""
        walk = self.controls[self.player]
        stays = self._stays(walk)
        walk.max = self.declared[self.player].end(self.settings)
        if stays:
            walk.value = walk.max

    def _stays(self, walk):
        return self.declared[self.player].stays and walk.value >= walk.max

    def preset(self, name):
        """Return the settings that the button of that name would set now."""
        if name not in self.presets:
            raise KeyError(f"{name!r} is no preset; allowed are {', '.join(self.presets)}")
        values = self.presets[name]
        return dict(values(self.settings) if callable(values) else values)

    def reset(self):
        """Put every control back to where it was at first."""
        self.set(**{name: self._start[name] for name in self.controls if name in self._start})

    def close(self):
        """Take the figure off the page and give back what it holds; `figure` and `to_csv` still work."""
        for widget in _family(self.widget):
            widget.close()
        self.stage.release()

    def figure(self):
        """Return the present picture as a new matplotlib Figure, for `savefig` or for changes of your own."""
        figure, panels = self._new_figure()
        self._show(panels, self.settings)
        for artist in figure.findobj(lambda artist: artist.get_gid() == FOR_HANDS):
            artist.remove()
        for artist in figure.findobj(lambda artist: artist.get_animated()):
            artist.set_animated(False)
        for name in figure.findobj(Name):
            for word in name.substitute():
                _warn_once(word)
        return figure

    def to_csv(self, path):
        """Write the numbers behind the present picture to a CSV file; the settings stand in lines with #.

        FileExistsError: the file is there and is not as an explorer wrote it, so it is left as it is.
        """
        names, rows = self._table(self._compute(self.settings))
        write_table(path, type(self).__name__, self.settings, names, rows)

    def _show(self, panels, settings):
        return self._place(panels, self._compute(settings))

    def _new_figure(self):
        with rc_context(style.RC):
            figure = Figure(figsize=self.size, dpi=100)
            return figure, self._draw(figure)

    def _lay_out(self):
        look = {"layout": widgets.Layout(width="auto", margin="2px 4px"), "style": widgets.ButtonStyle()}
        # The classes let the page's keys find the buttons: R, and 1 to 9 in this order.
        buttons = [self._button("Reset", lambda: self._start, {**look, "_dom_classes": ("rd-reset",)})]
        buttons += [self._button(name, partial(self.preset, name), look) for name in self.presets]
        named = {name for row in self.rows for name in row}
        grid = [control for name, control in self.controls.items() if name not in named]
        # The picture, and under it one strip: what answers stands beside what is moved.
        boxes = [widgets.Box(buttons, _dom_classes=("rd-presets",)), self.stage]
        if grid:
            many = ("rd-many",) if len(grid) > 4 else ()
            boxes.append(widgets.Box(grid, _dom_classes=("rd-sliders", *many)))
        for row in self.rows:
            walk = ("rd-walk",) if self.player in row else ()  # the page puts the walk's buttons there
            boxes.append(widgets.Box([self.controls[name] for name in row], _dom_classes=("rd-row", *walk)))
        return widgets.VBox(boxes, _dom_classes=("rd-explorer",))

    def _button(self, name, wanted, look):
        button = widgets.Button(
            description=name, **look
        )  # one look for all: each is a message more at the start
        button.on_click(lambda _: self.set(**{k: v for k, v in wanted().items() if k in self.controls}))
        return button

    # --- showing it ----------------------------------------------------------------------------------

    def _ipython_display_(self):
        """Show the live figure, and after it the strip that a page without a kernel keeps."""
        from IPython.display import display

        showing.note(self)

        words = f"{type(self).__name__}: {self.stage.first_frame.get('twin', '')}".strip()
        view = {"model_id": self.widget.model_id, "version_major": 2, "version_minor": 0}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": words}, raw=True)
        if os.environ.get(LIVE_ONLY):
            return
        time.sleep(PAUSE)  # the page paints the live figure first: both would fight for the same two cores
        stills = self.stage.strip(self._pictured())
        # The class lets the live figure hide these pictures.
        page = (
            f'<div class="still-{self.stage.key}">{"".join(map(_in_page, stills))}'
            "<p><small>Pictures of a live figure. In JupyterLab, run the cell to move its sliders.</small></p></div>"
        )
        texts = [f"{still.label} {still.sentence}".strip() for still in stills]
        # For readers that take no HTML; one picture, for a notebook keeps it beside those of the page.
        first = base64.b64encode(stills[0].png).decode()
        display(
            {"text/html": page, "image/png": first, "text/plain": "\n".join(texts)},
            raw=True,
            metadata={"image/png": {"alt": texts[0]}},
        )

    def _pictured(self):
        """Return the settings shown on a page without a kernel: the present ones, then those chosen for the lesson."""
        settings, pictures = [self.settings], [self.settings]
        for values in self._strip():
            if (chosen := {**self.settings, **values}) not in settings:
                settings.append(chosen)
                pictures.append({**chosen, **self._at_its_end(values)})
        return pictures[:MOST_PICTURES]

    def _strip(self):
        """Return the settings of the further pictures, those made for a figure like this one if there are any."""
        if self._walks:
            at, end = self.controls[self.player].value, self.controls[self.player].max
            return {self.player: at + (end - at) // 4}, {self.player: end}
        now = self.settings.items()
        return next((strip for like, strip in self.strips if like.items() <= now), self.strip)

    def _at_its_end(self, values):
        """Return what a picture with these values needs besides, to show the whole of what the figure shows."""
        return {}


def _in_page(still):
    """Return a picture as HTML. Its sentence is the caption, and is not said again in the picture's place."""
    data, label = base64.b64encode(still.png).decode(), html.escape(still.label, quote=True)
    return (
        '<figure style="margin:0 0 1em;max-width:1280px">'
        f'<img style="width:100%" src="data:image/png;base64,{data}" alt="{label}">'
        f"<figcaption>{html.escape(still.sentence)}</figcaption></figure>"
    )


@cache
def _warn_once(name):
    print(
        f"No font of this system has the letters of {name}, so this picture spells them otherwise. Install one, or "
        'name the place: load_temperatures(…, place="…").'
    )


def _as_python(value):
    """Return numpy's numbers and truth values as Python's own, which every widget takes."""
    return value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value


def _family(widget):
    """Return a widget with everything inside it, and their looks."""
    family = [widget]
    for child in getattr(widget, "children", ()):
        family += _family(child)
    return family + [getattr(widget, name) for name in ("layout", "style") if hasattr(widget, name)]
