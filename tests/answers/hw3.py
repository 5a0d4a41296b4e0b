"""Homework 3: a ravine that is new for each student, and training on real data.

Answers that depend on the student's ravine are functions of it.
"""

from math import nan

import numpy as np

from lesson_utils.maps import settle_map
from lesson_utils.theory import best_settings
from tests.answers import Answers, function, replaced

HEADERS = {"kappa_from": "kappa_from(beta)", "train": "train(x, y, batches, alpha, beta)"}

# --- plain descent -----------------------------------------------------------------------------------------


def best(ravine):
    """Return the best α of plain descent."""
    return 2 / sum(ravine.curvatures)


def over(direction, *shares):
    """Return α = share / λ, for each share, as functions of a ravine."""
    return [lambda r, share=share: share / r.curvatures[direction] for share in shares]


def parts(*shares):
    """Return parts of the best α, as functions of a ravine."""
    return [lambda r, share=share: share * best(r) for share in shares]


RIGHT_PLAIN = parts(0.88, 0.95, 1)
WRONG_PLAIN = {
    "diverges": over(1, 2, 2.1, 7),
    "other_direction": over(0, 1, 2, 1.9),
    "momentum_formula": [lambda r: best_settings(r.curvatures, convention="heavy_ball")[0]],
    "one_over": [*over(1, 1), *parts(1 / 2)],
    "creeps": parts(1 / 1.5, 1 / 10, 1e-6),
    "near_limit": over(1, 1.998, 1.9999),
    "not_positive": parts(0, -1),
    "no_number": [
        lambda r: "0.3", lambda r: [0.1, 0.2], lambda r: nan, lambda r: True, lambda r: best_settings,
    ],
}  # fmt: skip

# --- momentum ------------------------------------------------------------------------------------------------


def calm(ravine, beta=None):
    """Return a pair that settles in time, with a β between the best pair's and 0.9."""
    alphas = np.geomspace(1, 37, 120) / ravine.curvatures[1]
    betas = np.linspace(0.6, 0.88, 57) if beta is None else np.array([beta])
    counts = settle_map(ravine.curvatures, alphas, betas[:, None])
    row, column = np.unravel_index(counts.argmin(), counts.shape)
    return float(alphas[column]), float(betas[row])


def divided(ravine):
    """Return the best pair, its α divided by 1−β once more."""
    alpha, beta = best_settings(ravine.curvatures)
    return alpha / (1 - beta), beta


def pair(direction, share, beta):
    """Return the pair α = share / λ and β, as a function of a ravine."""
    return lambda r: (share / r.curvatures[direction], beta)


def calm_times(factor):
    """Return a calm pair with another α, as a function of a ravine."""
    return lambda r: (factor * calm(r)[0], calm(r)[1])


def with_beta(beta):
    """Return a calm α with another β, as a function of a ravine."""
    return lambda r: (calm(r)[0], beta)


RIGHT_MOMENTUM = [calm, lambda r: calm(r, 0.75), lambda r: best_settings(r.curvatures)]
WRONG_MOMENTUM = {
    "heavy_ball": [
        lambda r: (calm(r)[0] * (1 - calm(r)[1]), calm(r)[1]),
        lambda r: best_settings(r.curvatures, convention="heavy_ball"),
    ],
    "divided_twice": [divided],
    "plain_settings": [
        lambda r: (best(r), 0.8),
        lambda r: (best(r), 0.9),
        lambda r: (best(r), 0),
        lambda r: (best(r) / 3, 0),
    ],
    "other_direction": [pair(0, 2, 0.7), pair(0, 1, 0.8), pair(0, 19, 0.9)],
    "diverges": [pair(1, 1.02 * 18, 0.8), pair(1, 38.5, 0.9), pair(1, 3, 0)],
    "beta_high": [pair(1, 10, 0.95), pair(1, 20, 0.9), pair(1, 30, 0.99)],
    "beta_low": [pair(1, 3.5, 0.3), pair(1, 2.3, 0.1)],
    "creeps": [calm_times(0.02), calm_times(1e-4), pair(1, 0.1, 0.9), pair(1, 0.05, 0.95)],
    "near_limit": [pair(1, 17.95, 0.8)],
    "beta_range": [with_beta(1), with_beta(-0.5), with_beta(90)],
    "not_positive": [lambda r: (0, 0.8), calm_times(-1)],
    "no_number": [lambda r: ("1", 0.8), lambda r: (1, [0.8, 0.9])],
}

# --- from which κ on -----------------------------------------------------------------------------------------


def kappa(*lines):
    """Return a kappa_from; a single line is what it returns."""
    lines = lines if len(lines) > 1 else (f"return {lines[0]}",)
    return function(HEADERS["kappa_from"], *lines)


KAPPA = "(1 + np.sqrt(beta)) / (1 - np.sqrt(beta))"
RIGHT_KAPPA = {
    "the formula": kappa(KAPPA),
    "a search": kappa(
        "kappa = 1", "while (kappa - 1) / (kappa + 1) < beta**0.5:", "    kappa += 1", "return kappa"
    ),
    "a bisection": kappa(
        "low, high = 1.0, 1e6",
        "while high - low > 1e-6 * low:",
        "    middle = (low + high) / 2",
        "    low, high = (low, middle) if (middle - 1) / (middle + 1) > beta**0.5 else (middle, high)",
        "return high",
    ),
    "another formula": kappa("round((1 + beta + 2 * beta**0.5) / (1 - beta), 2)"),
    "rounded up": kappa(f"math.ceil({KAPPA})"),
    "float32": kappa("beta = np.float32(beta)", f"return np.float32({KAPPA})"),
    "an array": kappa(f"np.array([{KAPPA}])"),
    "a list": kappa(f"[{KAPPA}]"),
    "another name": f"kappa_from = lambda b: {KAPPA.replace('beta', 'b')}",
}
WRONG_KAPPA = [
    *(
        (cause, kappa(text))
        for cause, texts in {
            "always": ["1", KAPPA.replace("(", "").replace(")", "").replace("np.sqrtbeta", "beta**0.5")],
            "memory": ["1 / (1 - beta)", "10", "round(1 / (1 - beta))"],
            "twenty": ["20"],
            "lesson_ravine": ["100"],
            "best_pair": [f"({KAPPA}) ** 2", "1442", "1442.1"],
            "beta_ignored": ["38", KAPPA.replace("beta", "0.9"), "12.3"],
            "root_forgotten": ["(1 + beta) / (1 - beta)"],
            "not_best_alpha": ["1 / (1 - beta**0.5)"],
            "rounded_down": [f"int({KAPPA})", f"{KAPPA} // 1", f"round({KAPPA})", f"np.floor({KAPPA} + 0.5)"],
            "limit": ["2 * (1 + beta) / (1 - beta)"],
            "upside_down": [f"1 / ({KAPPA})"],
            "twice_root": ["(1 + 2 * beta**0.5) / (1 - 2 * beta**0.5)"],
            "root_of_kappa": [f"({KAPPA}) ** 0.5"],
            "other": [f"math.ceil({KAPPA}) - 1", f"{KAPPA} / 1.1", f"int({KAPPA}) + 1"],
            "twice_kappa": [f"2 * {KAPPA}"],
            "sign": [f"-{KAPPA}"],
            "rate": ["beta**0.5"],
            "not_doubled": ["beta**0.5 / (1 - beta**0.5)"],
            "no_numbers": ["'38'", "{}"],
            "length": ["[1, 2]"],
            "nan": ["math.nan"],
            "printed": [f"print({KAPPA})"],
            "raised": ["1 / 0"],
            "name": ["kapa"],
        }.items()
        for text in texts
    ),
    ("arguments", function("kappa_from()", "return 38")),
    ("no_function", "kappa_from = 38"),
    ("endless", kappa("while True:", "    pass")),
]

# --- mini-batches ----------------------------------------------------------------------------------------------

LECTURES = """
def train(x, y, batches, alpha, beta):
    w = b = v_dw = v_db = 0.0
    for batch in batches:
        error = w * x[batch] + b - y[batch]
        dw, db = np.mean(error * x[batch]), np.mean(error)
        v_dw = beta * v_dw + (1 - beta) * dw
        v_db = beta * v_db + (1 - beta) * db
        w, b = w - alpha * v_dw, b - alpha * v_db
    return w, b
"""
ARRAYS = """
def train(x, y, batches, alpha, beta):
    X = np.stack([x, np.ones(len(x))], axis=1)
    w, v = np.zeros(2), np.zeros(2)
    for batch in batches:
        dw = X[batch].T @ (X[batch] @ w - y[batch]) / len(batch)
        v = beta * v + (1 - beta) * dw
        w = w - alpha * v
    return w
"""


def train(*edits):
    """Return the lecture's train with edits of its text."""
    return replaced(LECTURES, *edits)


V_LINES = ("v_dw = beta * v_dw + (1 - beta) * dw", "v_db = beta * v_db + (1 - beta) * db")
STEP = "w, b = w - alpha * v_dw, b - alpha * v_db"
ERROR = "error = w * x[batch] + b - y[batch]"
DW = "dw, db = np.mean(error * x[batch]), np.mean(error)"


def both(template):
    """Return the edits that put a template in the place of both lines of v."""
    return [(line, template.replace("P", line[2:4])) for line in V_LINES]


def lines(*several):
    """Return lines of the loop's body."""
    return "\n        ".join(several)


COUNTED = ("for batch in batches:", "for t, batch in enumerate(batches, 1):")
CORRECTED_STEP = "w, b = w - alpha * v_dw / (1 - beta**t), b - alpha * v_db / (1 - beta**t)"
V_AND_STEP = lines(V_LINES[1], STEP)

RIGHT_TRAIN = {
    "the lecture's": LECTURES,
    "loops": train((ERROR, "dw = db = 0"), (DW, lines(
        "for i in batch:",
        "    e = w * x[i] + b - y[i]",
        "    dw += e * x[i] / len(batch)",
        "    db += e / len(batch)"))),
    "arrays of two": ARRAYS,
    "columns": replaced(
        ARRAYS, ("np.zeros(2)", "np.zeros((2, 1))"), ("y[batch])", "y[batch][:, None])"), ("return w", "return w[0], w[1]")),
    "dictionaries": """
def train(x, y, batches, alpha, beta, start=0.0):
    p, v = {"w": start, "b": start}, {"w": 0.0, "b": 0.0}
    for batch in batches:
        e = p["w"] * x[batch] + p["b"] - y[batch]
        g = {"w": (e * x[batch]).sum() / e.size, "b": e.sum() / e.size}
        for k in p:
            v[k] = beta * v[k] + (1 - beta) * g[k]
            p[k] = p[k] - alpha * v[k]
    return p["w"], p["b"]
""",
    "float32": train(
        ("v_db = 0.0", "v_db = np.float32(0)\n    x, y, alpha, beta = map(np.float32, (x, y, alpha, beta))")),
    "the other form, α converted": train(
        *both("v_P = beta * v_P + P"), (STEP, STEP.replace("alpha", "alpha * (1 - beta)"))),
    "recursion": """
def train(x, y, batches, alpha, beta, state=(0.0, 0.0, 0.0, 0.0)):
    w, b, v_dw, v_db = state
    if not len(batches):
        return w, b
    i = batches[0]
    e = w * x[i] + b - y[i]
    v_dw, v_db = beta * v_dw + (1 - beta) * (e * x[i]).mean(), beta * v_db + (1 - beta) * e.mean()
    return train(x, y, batches[1:], alpha, beta, (w - alpha * v_dw, b - alpha * v_db, v_dw, v_db))
""",
    "a signed velocity": train((ERROR, "error = y[batch] - w * x[batch] - b"), (STEP, STEP.replace("-", "+"))),
    "moments": """
def train(x, y, batches, alpha, beta):
    theta, v = np.zeros(2), np.zeros(2)
    for i in batches:
        H = np.array([[np.mean(x[i] ** 2), x[i].mean()], [x[i].mean(), 1]])
        v += (1 - beta) * (H @ theta - [np.mean(x[i] * y[i]), y[i].mean()] - v)
        theta -= alpha * v
    return tuple(theta)
""",
}  # fmt: skip
EDITS = [  # the mistake's name, and what is edited
    ("not_carried", both("v_P = (1 - beta) * P")),
    ("not_carried", [("error =", lines("v_dw = v_db = 0.0", "error ="))]),
    ("whole_set", [(ERROR, "error = w * x + b - y"), ("error * x[batch]", "error * x")]),
    ("not_averaged", [(DW, "dw, db = np.sum(error * x[batch]), np.sum(error)")]),
    ("fixed_size", [(DW, "n = len(batches[0]); dw, db = np.sum(error * x[batch]) / n, np.sum(error) / n")]),
    ("divided_by_all", [(DW, "dw, db = np.sum(error * x[batch]) / len(x), np.sum(error) / len(x)")]),
    ("b_forgotten", [(STEP, "w = w - alpha * v_dw")]),
    ("b_uses_dw", [(DW, "dw, db = np.mean(error * x[batch]), np.mean(error * x[batch])")]),
    ("b_uses_dw", [(STEP, "w, b = w - alpha * v_dw, b - alpha * v_dw")]),
    ("shared_v", [*both("v_dw = beta * v_dw + (1 - beta) * P"), (STEP, "w, b = w - alpha * v_dw, b - alpha * v_dw")]),
    ("shared_v", [
        ("v_dw = v_db = 0.0", "v = 0.0"),
        (V_LINES[0], "v = beta * v + (1 - beta) * dw"),
        (V_LINES[1], "w = w - alpha * v"),
        (STEP, lines("v = beta * v + (1 - beta) * db", "b = b - alpha * v"))]),
    ("stale", [(V_AND_STEP, lines(
        "w = w - alpha * v_dw", f"db = np.mean({ERROR[8:]})", V_LINES[1], "b = b - alpha * v_db"))]),
    ("old_v", [(lines(V_LINES[0], V_AND_STEP), lines(STEP, *V_LINES))]),
    ("alpha_twice", both("v_P = beta * v_P + alpha * (1 - beta) * P")),
    ("alpha_twice", [(STEP, "w, b = w - alpha**2 * v_dw, b - alpha**2 * v_db")]),
    ("no_alpha", [(STEP, "w, b = w - v_dw, b - v_db")]),
    ("share_missing", both("v_P = beta * v_P + P")),
    ("swapped", both("v_P = (1 - beta) * v_P + beta * P")),
    ("v_is_dw", both("v_P = P")),
    ("sign", [(ERROR, "error = y[batch] - w * x[batch] - b")]),
    ("sign", [(STEP, "w, b = w + alpha * v_dw, b + alpha * v_db")]),
    ("doubled", [(DW, "dw, db = 2 * np.mean(error * x[batch]), 2 * np.mean(error)")]),
    ("halved", [(DW, "dw, db = np.mean(error * x[batch]) / 2, np.mean(error) / 2")]),
    ("x_forgotten", [("np.mean(error * x[batch])", "np.mean(error)")]),
    ("corrected", [COUNTED, (STEP, CORRECTED_STEP)]),
    ("corrected_stored", [COUNTED, (STEP, lines("v_dw, v_db = v_dw / (1 - beta**t), v_db / (1 - beta**t)", STEP))]),
    ("starts_at_first", [
        ("    w = b = v_dw = v_db = 0.0", "    w = b = 0.0\n    v_dw = v_db = None"),
        *both("v_P = P if v_P is None else beta * v_P + (1 - beta) * P")]),
    ("integers", [(DW, "dw, db = np.sum(error * x[batch]) // len(batch), np.sum(error) // len(batch)")]),
    ("too_few", [("in batches:", "in batches[:-1]:")]),
    ("one_step", [("    return w, b", "        return w, b")]),
    ("swapped_results", [("return w, b", "return b, w")]),
    ("only_w", [("return w, b", "return w")]),
    ("too_many_values", [("return w, b", "return w, b, v_dw, v_db")]),
    ("path", [
        ("    for batch", "    path = []\n    for batch"),
        (STEP, lines(STEP, "path.append((w, b))")),
        ("return w, b", "return path")]),
    ("nothing", [("    return w, b", "")]),
    ("printed", [("return w, b", "print(w, b)")]),
    ("in_place", [(STEP, lines(STEP, "x -= x.mean()"))]),
    ("in_place", [("for batch in batches:", lines("while batches:", "batch = batches.pop(0)"))]),
    ("in_place", [(ERROR, lines("y[batch] -= w * x[batch] + b", "error = -y[batch]"))]),
    ("nan", [(DW, "dw, db = np.mean(error * x[batch]) * np.inf, np.mean(error) * np.inf")]),
    ("raised", [("error =", "error = 1 / 0 *")]),
    ("raised", [("x[batch]", "x[batch + 100]")]),
    ("name", [(V_LINES[0], "v_dw = beta * v_dw + (1 - beta) * gradient")]),
    ("no_numbers", [("return w, b", "return 'w', 'b'")]),
    ("no_pair", [("return w, b", "return {'w': w, 'b': b}")]),
    ("arguments", [("alpha, beta):", "alpha):"), (V_LINES[0], "beta = 0.9; " + V_LINES[0])]),
    ("endless", [("for batch in batches:", lines("while True:", "batch = batches[0]"))]),
    ("other", [("    for batch in batches:", "    seen = []\n    for batch in batches:"),
               (ERROR, lines("if batch.tolist() in seen:", "    continue", "seen.append(batch.tolist())", ERROR))]),
    ("other", [("w - alpha * v_dw", "w - 1.1 * alpha * v_dw")]),
]  # fmt: skip
TWO_AT_ONCE = [
    ("share_missing", "not_averaged"),
    ("x_forgotten", "sign"),
    ("v_is_dw", "not_averaged"),
    ("b_forgotten", "share_missing"),
    ("swapped_results", "doubled"),
    ("whole_set", "not_carried"),
    ("swapped", "swapped_results"),
]


def edits_of(cause):
    """Return the edits of the first wrong train with this mistake."""
    return next(edits for name, edits in EDITS if name == cause)


WRONG_TRAIN = [
    *((cause, train(*edits)) for cause, edits in EDITS),
    *((f"{one}+{other}", train(*edits_of(one), *edits_of(other))) for one, other in TWO_AT_ONCE),
]

HW3 = Answers(
    HEADERS,
    {
        "kappa_from": (RIGHT_KAPPA, WRONG_KAPPA),
        "train": (RIGHT_TRAIN, WRONG_TRAIN),
    },
)
