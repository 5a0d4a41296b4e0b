"""Matplotlib artists as layers: what the browser needs to paint them, and no more.

A layer is a style (colour, width, dash, marker: JSON) and a geometry (int16 pixels: bytes). Both are named
by a hash of their content, so a browser that already holds a piece is told its name and is not sent it again.
"""

import base64
import hashlib
import io
import math
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from matplotlib import colors
from matplotlib.axis import Axis
from matplotlib.cbook import is_math_text
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from PIL import Image

UNITS_PER_INCH = 100  # the page's pixels: a figure 12.8 inches wide is 1280 units
STEPS_PER_UNIT = 8  # int16 then reaches 4096 units either way, in eighths of a pixel
REACH = 4000  # units; beyond this nothing can be seen, and int16 would wrap
SEEN = 0.25  # units; a bend of a dense line that is smaller cannot be seen
FAR = 1e9  # units; a line through points farther than this is cut there
_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}


@dataclass(frozen=True, eq=False)
class Layer:
    """One thing to paint: `style` and `geometry` are JSON-able.

    `vertices` are bytes: little-endian int16 pixels, or the PNG of a picture.
    """

    style: dict
    geometry: dict = field(default_factory=dict)
    vertices: bytes = b""

    @cached_property
    def names(self):
        """The names of the style and of the geometry."""
        return name_of(repr(self.style).encode()), name_of(repr(self.geometry).encode() + self.vertices)


def name_of(content):
    """Return a short name for some bytes; equal bytes have an equal name."""
    return base64.b64encode(hashlib.blake2b(content, digest_size=6).digest()).decode()


def read_artist(artist, units):
    """Return the layers of one artist.

    `units` turns display pixels into page units: an (a, height) pair, x -> a x and y -> height - a y.
    TypeError: an artist of a kind the page cannot paint.
    """
    if not artist.get_visible():
        return []
    if isinstance(artist, Line2D):
        return _read_line(artist, units)
    if isinstance(artist, Text):
        return _read_text(artist, units)
    if isinstance(artist, Patch):
        return _read_patch(artist, units)
    if isinstance(artist, Axis):
        return _read_axis(artist, units)
    if isinstance(artist, AxesImage):
        return _read_image(artist, units)
    raise TypeError(
        f"artist: {type(artist).__name__} cannot move on the stage; "
        "allowed are Line2D, Patch, Text, Axis and AxesImage"
    )


# --- lines and markers ---------------------------------------------------------------------------------


def _read_line(line, units):
    pixels = line.get_transform().transform(np.asarray(line.get_xydata(), dtype=float))
    points = _to_units(pixels, units)
    clip = _clip_box(line, units)
    layers = []
    marked = points if line.get_markevery() is None else points[line.get_markevery()]
    if len(marked) < len(points):
        points = _lightened(points)
    if line.get_linestyle() not in ("None", "none", " ", "") and line.get_linewidth() > 0:
        style = {
            "k": "path",
            "stroke": _hex(line.get_color()),
            "width": _points(line.get_linewidth()),
            "dash": [_points(x) for x in (line._dash_pattern[1] or [])],
            "cap": line.get_solid_capstyle() if not line.is_dashed() else line.get_dash_capstyle(),
        }
        layers.append(_path_layer(style, *_clipped(points, clip), line, clip))
    marker = line.get_marker()
    if marker not in (None, "None", "none", "", " "):
        layers.append(_marker_layer(line, marked, clip))
    return layers


def _lightened(points):
    """Return a dense line without the points that cannot be seen: its markers have points of their own to send."""
    if len(points) < 3 or not (np.abs(points) < FAR).all():
        return points
    line = Path(points)
    line.simplify_threshold = SEEN
    simple = line.cleaned(simplify=True)
    return simple.vertices[simple.codes != Path.STOP]


def _marker_layer(line, points, clip):
    left, top, width, height = clip or (-REACH, -REACH, 2 * REACH, 2 * REACH)
    size = line.get_markersize() * UNITS_PER_INCH / 72
    x, y = points.T
    with np.errstate(invalid="ignore"):  # a run that diverged ends in NaN
        seen = (
            (x >= left - size) & (x <= left + width + size) & (y >= top - size) & (y <= top + height + size)
        )
    style = {
        "k": "marks",
        "shape": _marker_shape(line.get_marker(), line.get_fillstyle(), size),
        "fill": _hex(line.get_markerfacecolor()),
        "stroke": _hex(line.get_markeredgecolor()),
        "width": _points(line.get_markeredgewidth()),
    }
    shown = points if seen.all() else points[seen]
    return _path_layer(style, shown, None, line, clip)


@lru_cache(maxsize=256)
def _marker_shape(marker, fillstyle, size):
    """Return an SVG path for a marker of `size` units around (0, 0)."""
    from matplotlib.markers import MarkerStyle

    if marker == "o":
        r = round(size / 2, 2)
        return f"m{-r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    style = MarkerStyle(marker, fillstyle)
    path = style.get_path().transformed(style.get_transform())
    pieces, at = [], np.zeros(2)
    for vertices, code in path.iter_segments(curves=False, simplify=False):
        if code == Path.CLOSEPOLY:
            pieces.append("z")
            continue
        target = vertices[-2:] * (size, -size)
        dx, dy = target - at
        pieces.append(f"{'m' if code == Path.MOVETO else 'l'}{dx:.2f} {dy:.2f}")
        at = target
    return "".join(pieces)


def _clipped(points, clip):
    """Return the part of a line that can be seen, and the codes when it is in pieces.

    Matplotlib's own clipper does the work, so a run that leaves for 1e300 leaves in the right direction.
    """
    if clip is None:
        left, top, width, height = -REACH, -REACH, 2 * REACH, 2 * REACH
    else:
        left, top, width, height = clip[0] - 20, clip[1] - 20, clip[2] + 40, clip[3] + 40
    if len(points) == 0:
        return points, None
    low, high = points.min(axis=0), points.max(axis=0)
    if low[0] >= left and low[1] >= top and high[0] <= left + width and high[1] <= top + height:
        return points, None
    near = _reined_in(points)
    path = Path(near).cleaned(clip=(left, top, left + width, top + height), remove_nans=True)
    drawn = path.codes != Path.STOP
    codes, vertices = path.codes[drawn], path.vertices[drawn]
    return vertices, (None if (codes[1:] == Path.LINETO).all() else codes)


def _reined_in(points):
    """Return a line whose far points are brought near, each in its own direction: the clipper multiplies."""
    with np.errstate(invalid="ignore"):
        far = np.abs(points).max(axis=1) >= FAR
    if not far.any():
        return points
    out = []
    for i, point in enumerate(points):
        if not far[i]:
            out.append(point)
            continue
        if i > 0 and not far[i - 1]:
            out.append(_towards(points[i - 1], point))
        out.append((np.nan, np.nan))
        if i + 1 < len(points) and not far[i + 1]:
            out.append(_towards(points[i + 1], point))
    return np.array(out)


def _towards(near, far):
    """Return a point FAR away from `near` in the direction of `far`, which may be infinite."""
    way = np.where(np.isfinite(far), 0.0, np.sign(far)) if np.isinf(far).any() else far - near
    size = np.abs(way).max()
    return near + way * (FAR / size) if size > 0 else near


# --- patches -------------------------------------------------------------------------------------------


def _read_patch(patch, units):
    if isinstance(patch, FancyArrowPatch):  # matplotlib learns when it draws how large a head must be
        patch._dpi_cor = UNITS_PER_INCH / units[0] / 72
    path = patch.get_path().transformed(patch.get_transform())
    style = {
        "k": "path",
        "fill": _hex(patch.get_facecolor()) if patch.get_fill() else "none",
        "stroke": _hex(patch.get_edgecolor()) if patch.get_linewidth() > 0 else "none",
        "width": _points(patch.get_linewidth()),
    }
    clip = _clip_box(patch, units)
    return [_path_layer(style, _to_units(path.vertices, units), path.codes, patch, clip)]


# --- text ----------------------------------------------------------------------------------------------


def _read_text(text, units):
    words = text.get_text()
    if not words:
        return []
    if text.get_parse_math() and is_math_text_of(words):
        raise TypeError(
            f"text: {words!r} is mathtext, which the page cannot move; write plain letters such as α"
        )
    x, y = text.get_transform().transform(
        (float(text.convert_xunits(text.get_unitless_position()[0])), float(text.get_unitless_position()[1]))
    )
    if not (math.isfinite(x) and math.isfinite(y)):
        return []
    style = {
        "k": "text",
        "fill": _hex(text.get_color()),
        "size": round(text.get_fontsize() * UNITS_PER_INCH / 72, 1),
        "weight": "bold" if text.get_fontweight() in ("bold", 700) else "normal",
        "anchor": {"left": "start", "center": "middle", "right": "end"}[text.get_horizontalalignment()],
        "rise": {"top": 0.76, "center": 0.36, "center_baseline": 0.36, "baseline": 0, "bottom": -0.24}[
            text.get_verticalalignment()
        ],
        "turn": -round(text.get_rotation(), 1),
    }
    for effect in text.get_path_effects():
        if isinstance(effect, withStroke):
            style["halo"] = _hex(effect._gc.get("foreground", "white"))
            style["halo_width"] = _points(effect._gc.get("linewidth", 3))
    (a, b), height = _scale(units), units[1]
    where = {"x": round(_bounded(a * x), 1), "y": round(_bounded(height + b * y), 1), "s": words}
    return [Layer(style, where)]


def read_texts(texts, units):
    """Return texts that do not move as [style, [[x, y, words], ...]], one for each style."""
    groups = {}
    for text in texts:
        for layer in _read_text(text, units):
            _, words = groups.setdefault(layer.names[0], (layer.style, []))
            words.append([layer.geometry[key] for key in ("x", "y", "s")])
    return [list(group) for group in groups.values()]


def is_math_text_of(words):
    """Return True when matplotlib would typeset `words` as mathematics."""
    return bool(is_math_text(words))


# --- an axis whose limits move --------------------------------------------------------------------------


def _read_axis(axis, units):
    """Return the ticks, tick labels, grid lines and name of an axis as they stand for the present limits."""
    labels = axis.get_majorticklabels()  # places the ticks for the present limits
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    layers = []
    for tick, label in zip(axis.get_major_ticks(), labels, strict=False):
        if not low - slack <= tick.get_loc() <= high + slack:
            continue
        for line in (tick.gridline, tick.tick1line):
            layers.extend(read_artist(line, units))
        layers.extend(read_artist(label, units))
    return layers


# --- a picture that moves -------------------------------------------------------------------------------


def _read_image(image, units):
    """Return the layer of a picture: a pixel for each of its cells, which the page stretches to their size."""
    cells = image.get_array()
    if cells is None or cells.size == 0:
        return []
    left, right, bottom, top = image.get_extent()
    if image.origin == "upper":
        bottom, top = top, bottom  # now the first row lies at `bottom`
    corners = _to_units(image.get_transform().transform([(left, bottom), (right, top)]), units)
    if not np.isfinite(corners).all():
        return []
    (x0, y0), (x1, y1) = np.clip(corners, -REACH, REACH)
    # A page's picture has its first row at the top and its first column on the left.
    rgba = image.to_rgba(cells, bytes=True)[:: 1 if y0 < y1 else -1, :: 1 if x0 < x1 else -1]
    style = {"k": "image", "smooth": image.get_interpolation() not in ("none", "nearest")}
    if (clip := _clip_box(image, units)) is not None:
        style["clip"] = clip
    if isinstance(alpha := image.get_alpha(), float | int):
        style["opacity"] = round(float(alpha), 3)
        rgba = np.where([True, True, True, False], rgba, 255).astype(np.uint8)
    box = [round(float(v), 2) for v in (min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))]
    data = _cells_png(rgba)
    return [Layer(style, {"box": box, "png": len(data)}, data)]


def _cells_png(rgba):
    """Return cells of (height, width, 4) bytes as a PNG, with a palette when they have at most 256 colours."""
    packed = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]
    height, width = packed.shape
    cells = packed.ravel()  # looked at run by run: neighbours are mostly alike
    starts = np.flatnonzero(np.append(True, cells[1:] != cells[:-1]))
    palette, index = np.unique(cells[starts], return_inverse=True)
    index = np.repeat(index, np.diff(np.append(starts, cells.size)))
    out = io.BytesIO()
    if len(palette) > 256:
        Image.fromarray(np.ascontiguousarray(rgba)).save(out, "PNG")
        return out.getvalue()
    picture = Image.frombytes("P", (width, height), index.astype(np.uint8).tobytes())
    entries = palette.view(np.uint8).reshape(-1, 4)
    picture.putpalette(entries[:, :3].tobytes())
    seen_through = {} if (entries[:, 3] == 255).all() else {"transparency": entries[:, 3].tobytes()}
    picture.save(out, "PNG", compress_level=7, **seen_through)  # 9 takes eight times as long
    return out.getvalue()


# --- shared --------------------------------------------------------------------------------------------


def _path_layer(style, points, codes, artist, clip):
    if clip is not None:
        style["clip"] = clip
    if (alpha := artist.get_alpha()) is not None:
        style["opacity"] = round(float(alpha), 3)
    geometry, vertices = _pack(points, codes, style["k"] == "marks")
    return Layer(style, geometry, vertices)


def _pack(points, codes, marks=False):
    """Return (description, bytes): pairs of int16, or the y alone where the x are evenly spaced."""
    if not (np.abs(points) < REACH).all():  # only outlines of patches reach so far; lines have been clipped
        points = np.clip(np.nan_to_num(points, nan=0.0), -REACH, REACH)
    whole = np.rint(points * STEPS_PER_UNIT).astype("<i2")
    if codes is None and len(whole) > 2:
        x = points[:, 0]
        step = (x[-1] - x[0]) / (len(x) - 1)
        if step > 0.25 and np.abs(x - (x[0] + step * np.arange(len(x)))).max() < 0.06:
            spacing = [round(float(x[0]), 2), round(float(step), 5)]
            return {"n": len(whole), "x": spacing}, whole[:, 1].tobytes()
        moved = np.ones(len(whole), dtype=bool)  # a path that has settled stays on one pixel: once is enough
        np.any(whole[1:] != whole[:-1], axis=1, out=moved[1:])
        whole = whole[moved]
    geometry = {"n": len(whole)}
    if codes is not None:
        geometry["codes"] = "".join(_LETTERS[code] for code in codes.tolist())
    return geometry, whole.tobytes()


def _scale(units):
    return (units[0], -units[0])


def _to_units(pixels, units):
    (a, b), height = _scale(units), units[1]
    return pixels * (a, b) + (0.0, height)


def _clip_box(artist, units):
    """Return the [x, y, width, height] outside which nothing of the artist is shown, or None."""
    box = artist.get_clip_box()
    if box is None or not artist.get_clip_on():
        return None
    a, height = units
    return [round(v, 1) for v in (a * box.x0, height - a * box.y1, a * box.width, a * box.height)]


def _bounded(value):
    return min(max(value, -REACH), REACH)


def _points(value):
    """Return a length in points as page units."""
    return round(float(value) * UNITS_PER_INCH / 72, 2)


def _hex(color):
    return _hex_of(color if isinstance(color, str) else tuple(color))


@lru_cache(maxsize=256)
def _hex_of(color):
    red, green, blue, alpha = colors.to_rgba(color)
    if alpha == 0:
        return "none"
    return colors.to_hex((red, green, blue, alpha), keep_alpha=alpha < 1)
