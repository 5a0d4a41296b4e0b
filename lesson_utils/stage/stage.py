"""The live figure: one drawn background, its letters, and moving layers painted on top of them in the browser."""

import io
import textwrap
import threading
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import anywidget
import numpy as np
import traitlets
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text
from PIL import Image

from ..drawing.lettering import readable
from .frame import FOR_HANDS
from .layers import UNITS_PER_INCH, name_of, read_artist, read_texts
from .pieces import pieces_of

PAGE = Path(__file__).parent / "page"
SCRIPT = (
    "asking",
    "conversation",
    "painter",
    "player",
    "room",
    "keys",
    "widget",
)  # its parts, joined in this order
REMEMBERED = 64  # frames; a page that holds an older one is sent a whole one
NOTHING = ((), None, ())  # what a page holds at first
KEPT = 6  # how hard a picture that a notebook keeps is squeezed: a seventh smaller than at 3
UNDRAWN = "No picture: the figure says in words why."
DPI = 144  # of the background: sharp on a projector, and half the bytes of 200


class Still(NamedTuple):
    """The figure as a picture: `label` says what kind of picture it is, `sentence` what it shows."""

    png: bytes
    label: str
    sentence: str


class Stage(anywidget.AnyWidget):
    """A matplotlib figure whose animated artists follow controls in the browser.

    Artists with `set_animated(True)` move; everything else is drawn once, as a picture, and its letters are sent
    once, as words: the browser writes all letters itself, so that they are sharp at every size and can be selected
    and read aloud. The browser watches the controls itself and asks for frames, several at a time; `redraw` puts
    the artists where a setting wants them, and only what changed is sent. The same artists draw `savefig` and the
    strip for a page without a kernel, so there is one description and two ways to show it.

    Parameters
    ----------
    figure : matplotlib Figure, not one of pyplot's
    controls : dict of name -> ipywidgets control; a control's `value` is the setting of that name
    redraw : callable(settings dict) -> Frame, which moves the artists
    player : name of a whole-number control that buttons under the figure walk through, or ""
    letters : how many the sentence under the figure may have; the page keeps a place for so many
    walks : whether the page presses *walk* by itself, once, when the figure is first seen whole
    """

    # Their text: of a path, anywidget keeps every figure that was ever made, to renew it when the file changes.
    _esm = "\n".join((PAGE / f"{part}.js").read_text(encoding="utf-8") for part in SCRIPT)
    _css = (PAGE / "stage.css").read_text(encoding="utf-8")

    controls = traitlets.Dict().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    player = traitlets.Unicode().tag(sync=True)
    letters = traitlets.Int().tag(sync=True)
    walks = traitlets.Bool().tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)
    first_frame = traitlets.Dict().tag(sync=True)
    first_bytes = traitlets.Bytes().tag(sync=True)
    first_background = traitlets.Bytes().tag(sync=True)

    def __init__(self, figure, controls, redraw, player="", letters=280, walks=False):
        self._figure = figure
        self._widgets = dict(controls)
        self._redraw = redraw
        self._lock = (
            threading.RLock()
        )  # frames are asked for in a subshell's thread, settings in the main one
        figure.set_dpi(DPI)
        self._canvas = FigureCanvasAgg(figure)
        self._read = {}  # artist -> (view limits, layers) as last read
        self._sent, self._last = {}, 0  # frame id -> (names of its layers, its background, its other pieces)
        self._stops = {}  # name of a control -> (its options, their scale, the piece made of them)
        self._background_of = None
        self._png, self._letters, self._still = b"", [], []
        settings = self.settings()
        with self._lock:
            reply, buffers = self._frame(settings, NOTHING)
        super().__init__(
            controls={name: [w.model_id, _trait_of(w)] for name, w in self._widgets.items()},
            width=round(figure.get_figwidth() * UNITS_PER_INCH),
            height=round(figure.get_figheight() * UNITS_PER_INCH),
            player=player,
            letters=letters,
            walks=walks,
            key=f"stage-{uuid4().hex[:12]}",
            first_frame=reply,
            first_bytes=buffers[0],
            first_background=self._png,
        )
        self.on_msg(self._on_message)

    def settings(self):
        """Return the controls' present values by name."""
        return {name: widget.value for name, widget in self._widgets.items()}

    def frame(self, settings=None):
        """Put the artists where `settings` wants them and return what `redraw` said of it (a Frame)."""
        with self._lock:
            return self._redraw(self.settings() if settings is None else settings)

    def ask_again(self):
        """Have every page ask for its frame anew, because what `redraw` knows besides the settings has changed."""
        self.send({"kind": "again"})

    def strip(self, many_settings):
        """Return a Still of the figure at each of `many_settings`, without what is only for hands.

        A setting that cannot be drawn shows its error in words, and ends the strip.
        """
        with self._lock:
            stills = []
            for settings in many_settings:
                try:
                    picture, frame = self._picture(settings)
                except Exception as problem:
                    sentence = _sentence(problem)
                    stills.append(Still(_png(self._error_picture(sentence)), UNDRAWN, sentence))
                    break
                stills.append(Still(_png(picture, KEPT), frame.label, frame.twin))
            self._free_canvas()
        return stills

    def _free_canvas(self):
        """Give back the canvas, 8 MB that a live figure seldom wants again: it draws vectors, not pixels."""
        if self._figure is None:
            return
        self._region, self._clean = None, False
        self._canvas = FigureCanvasAgg(self._figure)
        for text in self._figure.findobj(Text):
            text._renderer = None  # each text keeps what it was last drawn with

    def release(self):
        """Give back the picture's memory; the stage answers no more."""
        with self._lock:
            self._figure.clear()
            self._redraw = _closed
            self._read = self._region = self._figure = self._canvas = None
            self._sent.clear()

    # --- the conversation with the browser -----------------------------------------------------------

    def act(self, name, settings):
        """Do what a button of the page asks for, one with the class rd-act-NAME, with the page's settings."""

    def _on_message(self, _, content, buffers):
        if content.get("kind") == "act":
            self.act(content["name"], self._settings_in(content))
        if content.get("kind") != "ask":
            return
        reply, out = self.answer(content)
        self.send(reply, buffers=out)

    def answer(self, request):
        """Return (reply, buffers) for a browser's request.

        request: {"seq", "page": whose request, "state": raw values, "base": id of a frame it holds}.
        """
        settings = self._settings_in(request)
        with self._lock:
            reply, buffers = self._frame(settings, self._sent.get(request.get("base"), NOTHING))
        return {
            **reply,
            "seq": request.get("seq", 0),
            "page": request.get("page", ""),
            "base": request.get("base"),
        }, buffers

    def _settings_in(self, request):
        settings = self.settings()
        for name, raw in request.get("state", {}).items():
            if name in self._widgets:
                settings[name] = _value_of(self._widgets[name], raw)
        return settings

    def _frame(self, settings, base):
        """Draw a frame; return it as the difference to `base`, the (layers, background, pieces) the page holds."""
        try:
            frame = self._redraw(settings)
            layers, background = self._read_layers(), self._background(frame.background)
            pieces, handles = {}, []
            for handle in frame.handles:
                handles.append(self._handle(handle, pieces))
        except Exception as problem:  # whatever happens in a redraw is told in the figure's place
            return {"kind": "frame", "error": _sentence(problem)}, [b""]
        old, old_background, old_pieces = base
        have = {piece for names in old for piece in names}
        new, data, at = {name: piece for name, piece in pieces.items() if name not in old_pieces}, [], 0
        for layer in layers:
            (style, shape), geometry = layer.names, layer.geometry
            if style not in have:
                new[style] = layer.style
            if shape not in have:
                new[shape] = {**geometry, "at": at} if layer.vertices else geometry
                data.append(layer.vertices)
                at += len(layer.vertices)
            have.update(layer.names)
        names = [layer.names for layer in layers]
        reply = {
            "kind": "frame",
            "id": self._cache_frame(names, background, tuple(pieces)),
            "layers": [
                0 if i < len(old) and old[i] == pair else "".join(pair) for i, pair in enumerate(names)
            ],
            "new": new,
            "twin": frame.twin,
            "label": frame.label,
            "marks": frame.marks,
            "handles": handles,
            "background": background,
            "picture": name_of("".join(a + b for a, b in names).encode() + background.encode()),
        }
        buffers = [b"".join(data)]
        if background != old_background:
            reply |= {"letters": self._letters, "pieces": self._pieces}
            buffers.append(self._png)
        return reply, buffers

    def _cache_frame(self, *held):
        """Keep what was sent for as long as a page may ask for a difference to it; return the frame's id."""
        self._last += 1
        self._sent[self._last] = held
        self._sent.pop(self._last - REMEMBERED, None)
        return self._last

    def _read_layers(self):
        """Return the layers of all moving artists; one that has not been touched since is not read again."""
        units = self._units()
        layers, views = [], {}
        for artist in self._moving():
            axes = artist.axes
            if axes not in views:
                views[axes] = axes and (*axes.viewLim.bounds, *axes.bbox.bounds)
            view = views[axes]
            known = self._read.get(artist)
            is_axis = isinstance(artist, Axis)  # draws nothing but the view's own ticks
            if known is None or known[0] != view or (artist.stale and not is_axis):
                known = self._read[artist] = (view, read_artist(artist, units))
                artist.stale = False
            layers += known[1]
        return layers

    def _units(self):
        return (UNITS_PER_INCH / self._figure.dpi, self._figure.get_figheight() * UNITS_PER_INCH)

    def _moving(self):
        """Return the animated artists in the order in which matplotlib would draw them; hidden axes hide theirs."""
        found = []
        shown = (axes for axes in self._figure.axes if axes.get_visible())
        for axes in sorted(shown, key=lambda axes: axes.get_zorder()):
            found += sorted(
                (artist for artist in axes.get_children() if artist.get_animated()),
                key=lambda a: a.get_zorder(),
            )
        return found + [artist for artist in self._figure.texts if artist.get_animated()]

    def _background(self, key):
        """Draw everything that does not move, when `key` says that it is not the same as before."""
        if not self._png or key != self._background_of:
            self._draw_background()
            self._region, self._clean = None, True
            self._png = _png(Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB"))
            self._letters = read_texts(self._still, self._units())
            self._pieces = pieces_of(self._figure, self._canvas.get_renderer())
            self._background_of = key
            self._name = name_of(self._png + repr(self._letters).encode())
        return self._name

    def _picture(self, settings):
        frame = self._redraw(settings)
        self._background(frame.background)
        if self._region is None:
            if not self._clean:  # artists that move stand on it
                self._draw_background()
            for text in self._still:
                self._figure.draw_artist(text)
            self._region, self._clean = self._canvas.copy_from_bbox(self._figure.bbox), False
        self._canvas.restore_region(self._region)
        for artist in self._moving():
            if artist.get_gid() != FOR_HANDS:
                self._figure.draw_artist(artist)
        self._read.clear()  # drawing marks artists as read
        picture = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        return picture.resize((self.width, self.height), Image.Resampling.BILINEAR), frame

    def _draw_background(self):
        """Draw what does not move, but for its letters, which are noted in `_still`.

        matplotlib 3.8 would draw pictures that move with it: they are hidden meanwhile.
        """
        texts = self._figure.findobj(Text)
        self._still = []
        for text in texts:  # what lays a figure out still asks each of them for its size
            text.draw = lambda _, text=text: text.get_visible() and self._still.append(text)
        pictures = [one for one in self._moving() if isinstance(one, AxesImage)]
        before = [(one.get_visible(), one.stale) for one in pictures]
        for one in pictures:
            one.set_visible(False)
        try:
            self._canvas.draw()
        finally:
            for text in texts:
                del text.draw
            for one, (visible, stale) in zip(pictures, before, strict=True):
                one.set_visible(visible)
                one.stale = stale  # its pixels are the same as before

    def _error_picture(self, sentence):
        """Return a picture that says a sentence in the figure's place."""
        figure = Figure(
            figsize=(self.width / UNITS_PER_INCH, self.height / UNITS_PER_INCH), dpi=UNITS_PER_INCH
        )
        canvas = FigureCanvasAgg(figure)
        words, families = readable("\n".join(textwrap.wrap(sentence, 70)))
        look = {"ha": "center", "va": "center", "fontsize": 18, "fontfamily": families}
        figure.text(0.5, 0.5, words, parse_math=False, **look)
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")

    def _handle(self, handle, pieces):
        """Return a handle in page units, with what the browser needs to turn a pixel into a value.

        The places of a control's stops go into `pieces`, because a page needs them once and not with each frame.
        """
        axes, scale = handle.axes, UNITS_PER_INCH / self._figure.dpi
        height = self._figure.get_figheight() * UNITS_PER_INCH
        box = axes.bbox
        return {
            "controls": list(handle.controls),
            "label": handle.label,
            "box": [
                round(value, 2)
                for value in (scale * box.x0, height - scale * box.y1, scale * box.width, scale * box.height)
            ],
            "limits": [*map(float, axes.get_xlim()), *map(float, axes.get_ylim())],
            "at": [float(handle.at[0]), float(handle.at[1])],
            "stops": [
                self._stops_of(name, scale, pieces)
                for name, scale in zip(handle.controls, handle.scales, strict=False)
            ],
            "anywhere": handle.anywhere,
            "turn": float(handle.turn),
        }

    def _stops_of(self, name, scale, pieces):
        """Return the name of a piece that says where in the axes each stop of a control lies."""
        widget = self._widgets[name]
        if not widget.has_trait("index"):
            raise TypeError(f"scales: the control {name} has no stops, so its axes cannot have a scale")
        known = self._stops.get(name)
        if known is None or known[0] is not widget.options or known[1] is not scale:
            values = [_value_of(widget, i) for i in range(len(widget.options))]
            piece = {"stops": [round(float(scale(value)), 5) for value in values]}
            known = self._stops[name] = (widget.options, scale, name_of(repr(piece).encode()), piece)
        pieces[known[2]] = known[3]
        return known[2]


def _trait_of(widget):
    """Return the trait in which the browser keeps a control's value: a selection knows only its place."""
    return "index" if widget.has_trait("index") else "value"


def _value_of(widget, raw):
    """Return the setting for a browser's raw value."""
    if not widget.has_trait("index"):
        return tuple(raw) if isinstance(raw, list) else raw
    option = widget.options[raw]
    return option[1] if isinstance(option, tuple) else option


def _closed(_):
    raise RuntimeError("its cell was run again, which closed it; make a new one")


def _sentence(problem):
    sentence = (
        getattr(problem, "sentence", None)
        or f"This figure cannot be drawn: {type(problem).__name__}: {problem}"
    )
    return sentence.encode("utf-8", "replace").decode()  # a message may hold half a character


def _png(picture, squeeze=3):
    """Return a picture as PNG bytes; 128 colours are enough for a plot, and a quick squeeze is enough for a page."""
    out = io.BytesIO()
    picture.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        out, "PNG", compress_level=squeeze
    )
    return out.getvalue()
