"""One idea, one look: the colour, dash, marker and word of everything the course draws.

The colours are Okabe and Ito's, made dark enough to be read as words on white. tests/drawing/test_style.py
computes that those of one figure are told apart under the common colour deficiencies, and that no line is told
apart by colour alone; it finds the looks in here and in the figures by itself.
"""

PLAIN = {"color": "#c45200", "linestyle": (0, (4, 1.6)), "marker": "s", "label": "plain", "rim": 0.0}
MOMENTUM = {"color": "#0072b2", "linestyle": "-", "marker": "o", "label": "momentum", "rim": 0.5}
NESTEROV = {
    "color": "#5c0073", "linestyle": (0, (7, 1.6, 1.4, 1.6)), "marker": "^", "label": "Nesterov", "rim": 0.5,
}  # fmt: skip
RMSPROP = {"color": "#734b71", "linestyle": (0, (1.3, 1.1)), "marker": "D", "label": "RMSprop", "rim": 0.0}
ADAM = {"color": "#101010", "linestyle": (0, (9, 1.4)), "marker": "P", "label": "Adam", "rim": 0.0}
ADAM_RAW = {
    "color": "#c67953", "linestyle": (0, (3, 1, 1, 1, 1, 1)), "marker": "v", "label": "Adam, not corrected", "rim": 0.0,
}  # fmt: skip
OWN = {
    "color": "#1100d9", "linestyle": (0, (5, 1, 1.2, 1, 1.2, 1)), "marker": "p", "label": "your step", "rim": 0.5,
}  # fmt: skip
# The same step in other spellings: hollow markers, so that a path that lies on momentum's leaves it to be seen.
HEAVY_BALL = {
    "color": "#8c1c6d", "linestyle": (0, (1.2, 1.0)), "marker": "D", "label": "heavy ball", "rim": 1.8, "hollow": True,
}  # fmt: skip
INSIDE = {
    "color": "#111111", "linestyle": (0, (6, 1.6, 1.2, 1.6)), "marker": "^", "label": "α inside v", "rim": 1.8,
    "hollow": True,
}  # fmt: skip
GRADIENT = {"color": "#757575", "label": "dw", "breadth": 7.0}
TRUE_GRADIENT = {
    "color": "#1c1c1c",
    "linestyle": (0, (3, 1.4)),
    "label": "dw of all the data",
    "breadth": 2.6,
}
VELOCITY = {"color": "#006644", "linestyle": "-", "label": "v", "breadth": 4.0}
FRICTION = {"color": "#8e2a6b", "label": "friction", "breadth": 2.6}
ENERGY = {"color": "#16163f", "linestyle": (0, (7, 2)), "label": "height + motion"}
NEXT = "#9cc9e8"  # the band under the arrows that make up the next step
SMOOTH = {"color": "#1e1e1e", "linestyle": (0, (5, 1.4, 1, 1.4)), "label": "a ball in smooth time"}
MINIMUM = {"color": "#a00000", "marker": "*", "label": "minimum"}
DATA = {"color": "#8a8a8a", "marker": "o", "label": "one day"}
AVERAGE = {"color": "#0072b2", "linestyle": "-", "label": "average"}
UNCORRECTED = {"color": "#c45200", "linestyle": (0, (4, 1.6)), "label": "without correction"}
STORED_BACK = {"color": "#592f09", "linestyle": (0, (6, 1.4, 1.2, 1.4)), "label": "v̂ stored back"}
CORRECTED = {
    "color": "#8f3f77", "linestyle": (0, (7, 1.6, 1.4, 1.6)), "marker": "D", "label": "momentum, corrected", "rim": 0.5,
}  # fmt: skip
ZERO = {"color": "#0a0a0a", "marker": "X", "label": "the zero, v₀"}
LIMIT = {"color": "#333333", "linestyle": (0, (1, 1.2)), "label": "limit"}
BEST = {"color": "#ffffff", "marker": "D", "label": "best pair in the long run"}
FEWEST = {"color": "#111111", "linestyle": (0, (8, 1.3)), "label": "best α and best β for each κ"}
ITS_BEST = {"color": "#006644", "linestyle": (0, (5, 1.4, 1, 1.4)), "label": "your β, best α for each κ"}
ACROSS = {"color": "#333333", "linestyle": (0, (5, 2)), "label": "waves begin, across the valley"}
ALONG = {"color": "#333333", "linestyle": (0, (5, 1.6, 1, 1.6)), "label": "waves begin, along the valley"}
# A start whose run ends at the lowest minimum, another, nowhere yet, far away.
ENDS = ("#d3ecd8", "#e6d9f0", "#e4e4e4", "#ffffff")
INK = "#222222"
NOTE = "#555555"

VALLEY = ("#eaf3f9", "#d3e3ee")  # from the rim to the floor
CONTOUR = "#8fa3b0"

SETTLES = (10, 20, 50, 100, 200, 500, 1000)  # steps at which the map's colour changes
SETTLES_IN = (  # matplotlib's cividis: each darker than the one before, for every kind of eye
    "#fee838", "#d9c55c", "#b1a570", "#8e8978", "#6c6e72", "#4c556c", "#213b6e", "#00224e",
)  # fmt: skip
NEVER = ("#ffffff", "#cfcfcf")  # stripes

FONT = 15  # points at 1280 x 720: a figure beside its controls is shown at two thirds of that
SMALL = 13

RC = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": FONT,
    "axes.titlesize": FONT,
    "axes.titleweight": "bold",
    "axes.labelsize": FONT,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.unicode_minus": True,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
}


def line_of(look, **changes):
    """Return a look as keyword arguments for a line without markers."""
    wanted = {key: look[key] for key in ("color", "linestyle", "label") if key in look}
    return {"linewidth": 2.6, **wanted, **changes}


def path_of(look, **changes):
    """Return a look as keyword arguments for a trajectory: a line with a marker at each step."""
    hollow = look.get("hollow", False)
    return line_of(
        look,
        **{
            "marker": look["marker"],
            "markersize": 10.5 if hollow else 6.5,
            "markeredgecolor": look["color"] if hollow else "white",
            "markeredgewidth": look["rim"],
            **({"markerfacecolor": "none"} if hollow else {}),
            **changes,
        },
    )
