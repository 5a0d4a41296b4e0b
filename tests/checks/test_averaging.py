# ruff: noqa: E501 - a student's function on one line
"""Homework 1: each mistake is called by its name for every random input, and no right answer is called wrong."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from lesson_utils import averages
from lesson_utils.checks import averaging, own_city, series, units
from lesson_utils.temperatures import load_temperatures

from .notebooks import SEEDS, causes, notebook, verdict

NUMPY = "import numpy as np\n"


def loop(rule, start="0.0", keep="v", header="def ewa(values, beta):", before="", values="values"):
    """Return the usual loop as a student's cell, with one line of it another."""
    return f"""
{before}
{header}
    v, kept = {start}, []
    for t, theta in enumerate({values}, start=1):
        {rule}
        kept.append({keep})
    return kept
"""


RIGHT_RULE = "v = beta * v + (1 - beta) * theta"
CORRECTED = "def ewa_corrected(values, beta):"

EWA_RIGHT = {
    "a loop": loop(RIGHT_RULE),
    "another but equal rule": loop("v += (1 - beta) * (theta - v)"),
    "an array": NUMPY + loop(RIGHT_RULE).replace("return kept", "return np.array(kept)"),
    "a tuple": loop(RIGHT_RULE).replace("return kept", "return tuple(kept)"),
    "float32": NUMPY + loop(RIGHT_RULE).replace("return kept", "return np.array(kept, dtype=np.float32)"),
    "float32 all the way": NUMPY
    + loop(
        "v = np.float32(np.float32(beta) * v + np.float32(1 - beta) * np.float32(theta))",
        start="np.float32(0)",
    ),
    "numpy scalars": NUMPY + loop(RIGHT_RULE, start="np.float64(0)"),
    "an object array": NUMPY + loop(RIGHT_RULE).replace("return kept", "return np.array(kept, dtype=object)"),
    "fractions": "from fractions import Fraction\n"
    + loop("v = Fraction(beta) * v + (1 - Fraction(beta)) * Fraction(float(theta))", start="Fraction(0)"),
    "a filled array": NUMPY
    + """
def ewa(values, beta):
    averages = np.zeros(len(values))
    for t in range(len(values)):
        averages[t] = beta * averages[t - 1] + (1 - beta) * values[t]
    return averages
""",
    "weights": NUMPY
    + """
def ewa(values, beta):
    values = np.asarray(values, dtype=float)
    n = len(values)
    k = np.arange(n)[:, None] - np.arange(n)[None, :]
    return np.where(k >= 0, (1 - beta) * float(beta) ** np.maximum(k, 0), 0.0) @ values
""",
    "convolution": NUMPY
    + """
def ewa(values, beta):
    n = len(values)
    return np.convolve(values, (1 - beta) * beta ** np.arange(n))[:n]
""",
    "recursion": """
def ewa(values, beta):
    if len(values) == 0:
        return []
    before = ewa(values[:-1], beta)
    return before + [beta * (before[-1] if before else 0.0) + (1 - beta) * values[-1]]
""",
    "accumulate": """
from itertools import accumulate
def ewa(values, beta):
    return list(accumulate(values, lambda v, theta: beta * v + (1 - beta) * theta, initial=0.0))[1:]
""",
    "a lambda": """
ewa = lambda values, beta: [sum((1 - beta) * beta**k * values[t - k] for k in range(t + 1)) for t in range(len(values))]
""",
    "an extra argument": loop(RIGHT_RULE, header="def ewa(values, beta, start=0.0):", start="start"),
    "names of their own": """
def ewa(temperatures, b):
    v, out = 0, []
    for x in temperatures:
        v = v * b + x - x * b
        out += [v]
    return out
""",
    "prints on the way": loop(RIGHT_RULE + "; print(v)"),
    "warns on the way": "import warnings\n" + loop(RIGHT_RULE + "; warnings.warn('look')"),
    "a class with a call": """
class Average:
    def __call__(self, values, beta):
        v, kept = 0.0, []
        for theta in values:
            v = beta * v + (1 - beta) * theta
            kept.append(v)
        return kept
ewa = Average()
""",
    "changes a copy": NUMPY
    + """
def ewa(values, beta):
    values = np.array(values, dtype=float)
    values *= 1 - beta
    for t in range(1, len(values)):
        values[t] += beta * values[t - 1]
    return values
""",
}

RIGHT_READ = "v / (1 - beta**t)"

CORRECTED_RIGHT = {
    "a loop": loop(RIGHT_RULE, keep=RIGHT_READ, header=CORRECTED),
    "on top of ewa": NUMPY
    + loop(RIGHT_RULE)
    + """
def ewa_corrected(values, beta):
    return np.array(ewa(values, beta)) / (1 - beta ** np.arange(1, len(values) + 1))
""",
    "t + 1": """
def ewa_corrected(values, beta):
    v, hats = 0, []
    for t, theta in enumerate(values):
        v = beta * v + (1 - beta) * theta
        hats.append(v / (1 - beta ** (t + 1)))
    return hats
""",
    "the weights kept beside": """
def ewa_corrected(values, beta):
    v = weight = 0.0
    hats = []
    for theta in values:
        v = beta * v + (1 - beta) * theta
        weight = beta * weight + 1 - beta
        hats.append(v / weight)
    return hats
""",
    "a power kept beside": """
def ewa_corrected(values, beta):
    v, power, hats = 0.0, 1.0, []
    for theta in values:
        v = beta * v + (1 - beta) * theta
        power *= beta
        hats.append(v / (1 - power))
    return hats
""",
    "float32": NUMPY
    + loop(RIGHT_RULE, keep=RIGHT_READ, header=CORRECTED).replace("return kept", "return np.float32(kept)"),
    "a weighted mean": NUMPY
    + """
def ewa_corrected(values, beta):
    weights = [[beta**k for k in range(t, -1, -1)] for t in range(len(values))]
    return [np.average(values[: t + 1], weights=w) for t, w in enumerate(weights)]
""",
}

RULES = {
    "swapped": ["v = (1 - beta) * v + beta * theta"],
    "no_one_minus": ["v = beta * v + theta"],
    "no_beta_v": ["v = (1 - beta) * theta"],
    "beta_forgotten": ["v = v + (1 - beta) * theta"],
    "sign": [
        "v = beta * v - (1 - beta) * theta",
        "v = (1 - beta) * theta - beta * v",
        "v = beta * v + (1 + beta) * theta",
        "v = beta * v + (beta - 1) * theta",
    ],
    "brackets": ["v = beta * v + 1 - beta * theta"],
}


def with_index(first, last, t):
    """Return a loop over places with its own idea of where the series begins and ends."""
    return f"""
def ewa(values, beta):
    v, kept = 0.0, []
    for t in range({first}, len(values){last}):
        v = beta * v + (1 - beta) * values[t]
        kept.append(v)
    return kept
def ewa_corrected(values, beta):
    return [v / (1 - beta ** ({t})) for t, v in enumerate(ewa(values, beta))]
"""


EWA_WRONG = [
    *((cause, loop(rule)) for cause, rules in RULES.items() for rule in rules),
    ("starts_at_first", loop(RIGHT_RULE, start="values[0]")),
    (
        "starts_at_first",
        "def ewa(values, beta):\n    kept = [values[0]]\n    for x in values[1:]:\n"
        "        kept.append(beta * kept[-1] + (1 - beta) * x)\n    return kept",
    ),
    ("previous_value", loop("v = beta * old + (1 - beta) * theta; old = theta", before="").replace("[]\n", "[]; old = 0\n")),
    (
        "first_left_out",
        NUMPY + "def ewa(values, beta):\n    kept = np.zeros(len(values))\n    for t in range(1, len(values)):\n"
        "        kept[t] = beta * kept[t - 1] + (1 - beta) * values[t]\n    return kept",
    ),
    ("shifted", loop("kept.append(v)", keep="0").replace("kept.append(0)", RIGHT_RULE)),
    ("v0_included", loop(RIGHT_RULE).replace("[]", "[0.0]")),
    ("first_missing", loop(RIGHT_RULE).replace("return kept", "return kept[1:]")),
    ("first_missing", with_index(1, "", "t + 1")),
    ("last_missing", with_index(0, " - 1", "t + 1")),
    ("only_first", loop(RIGHT_RULE).replace("    return", "        return")),
    ("only_first", loop(RIGHT_RULE).replace("    return kept", "        return v")),
    ("only_last", loop(RIGHT_RULE).replace("return kept", "return v")),
    ("only_last", loop(RIGHT_RULE).replace("return kept", "return [v]")),
    ("reversed", loop(RIGHT_RULE).replace("return kept", "return kept[::-1]")),
    ("reversed", loop(RIGHT_RULE, values="values[::-1]")),
    ("corrected", loop(RIGHT_RULE, keep=RIGHT_READ)),
    ("cumulative", "def ewa(values, beta):\n    return [sum(values[:t + 1]) / (t + 1) for t in range(len(values))]"),
    ("values_back", "def ewa(values, beta):\n    return values"),
    ("zeros", NUMPY + "def ewa(values, beta):\n    v = 0.0\n    return np.zeros(len(values))"),
    ("beta_ignored", loop("v = 0.9 * v + 0.1 * theta")),
    ("beta_ignored", loop("v = b * v + (1 - b) * theta", before="b = 0.6")),
    ("values_ignored", loop(RIGHT_RULE, before="theta_all = [float(i) for i in range(12)]", values="theta_all")),
    ("state", "v = 0.0\ndef ewa(values, beta):\n    global v\n    kept = []\n    for x in values:\n"
     "        v = beta * v + (1 - beta) * x\n        kept.append(v)\n    return kept"),
    ("state", loop(RIGHT_RULE, header="def ewa(values, beta, kept=[]):").replace(", kept = 0.0, []", " = 0.0")),
    ("state", "all_v = []\n" + loop(RIGHT_RULE, keep="v").replace("kept.append", "all_v.append").replace("return kept", "return all_v")),
    ("integers", loop(RIGHT_RULE, keep="v // 1")),
    ("integers", loop(RIGHT_RULE, keep="int(v)")),
    ("integers", loop("v = int(beta * v + (1 - beta) * theta)")),
    ("integers", loop("v = (beta * v + (1 - beta) * theta) // 1")),
    ("integers", NUMPY + loop(RIGHT_RULE).replace("return kept", "return np.array(kept, dtype=int)")),
    (
        "integers",
        NUMPY + "def ewa(values, beta):\n    kept, v = np.zeros_like(values), 0\n    for t in range(len(values)):\n"
        "        v = beta * v + (1 - beta) * values[t]\n        kept[t] = v\n    return kept",
    ),
    ("integers", NUMPY + loop(RIGHT_RULE).replace("return kept", "return np.array(kept, dtype=np.array(values).dtype)")),
    ("rounded", loop(RIGHT_RULE, keep="round(v, 2)")),
    ("rounded", loop(RIGHT_RULE, keep="round(v, 1)")),
    (
        "only_arrays",
        NUMPY + "def ewa(values, beta):\n    scaled, v = (1 - beta) * values, 0\n    kept = []\n"
        "    for x in scaled:\n        v = beta * v + x\n        kept.append(v)\n    return kept",
    ),
    ("only_arrays", loop(RIGHT_RULE, values="values.tolist()")),
    ("only_arrays", loop(RIGHT_RULE).replace("[]\n", "[]; n = values.size\n")),
    ("only_lists", loop(RIGHT_RULE).replace("    v, kept", "    if not values:\n        return []\n    v, kept")),
    ("only_lists", loop(RIGHT_RULE, values="values.copy()").replace("[]\n", "[]; values.index(values[0])\n")),
    ("in_place", "def ewa(values, beta):\n    v = 0\n    for t in range(len(values)):\n"
     "        v = values[t] = beta * v + (1 - beta) * values[t]\n    return values"),
    ("in_place", "def ewa(values, beta):\n    v = 0\n    for t in range(len(values)):\n"
     "        v = values[t] = beta * v + (1 - beta) * values[t]"),
    ("in_place", loop(RIGHT_RULE).replace("[]\n", "[]; values = values if hasattr(values, 'size') else values.sort() or values\n")),
    ("nothing", loop(RIGHT_RULE).replace("    return kept", "")),
    ("printed", loop(RIGHT_RULE).replace("return kept", "print(kept)")),
    ("printed", loop(RIGHT_RULE + "; print(v)").replace("    return kept", "")),
    ("no_numbers", loop(RIGHT_RULE, keep="f'{v:.2f}'")),
    ("no_numbers", loop(RIGHT_RULE).replace("return kept", "return str(kept)")),
    ("no_numbers", loop(RIGHT_RULE).replace("return kept", "return dict(enumerate(kept))")),
    ("no_numbers", loop(RIGHT_RULE).replace("return kept", "return (v for v in kept)")),
    ("no_numbers", loop(RIGHT_RULE, keep="v > 5")),
    ("no_numbers", loop(RIGHT_RULE, keep="complex(v, 1)")),
    ("no_numbers", loop(RIGHT_RULE).replace("return kept", "return set(kept)")),
    ("no_numbers", "def ewa(values, beta):\n    v = 0.0\n    return ewa"),
    ("other", "def ewa(values, beta):\n    return [sum((1 - beta) * beta**k * values[t - k] for k in range(min(t + 1, 12)))"
     " for t in range(len(values))]"),
    ("raised", NUMPY + "def ewa(values, beta):\n    kept, v = np.zeros(12), 0\n    for t in range(len(values)):\n"
     "        v = beta * v + (1 - beta) * values[t]\n        kept[t] = v\n    return kept[:len(values)]"),
    ("length", loop(RIGHT_RULE, keep="[v]")),
    ("length", loop(RIGHT_RULE, keep="[v] * t")),
    ("length", loop(RIGHT_RULE).replace("return kept", "return kept, v")),
    ("length", "def ewa(values, beta):\n    return []"),
    ("length", "def ewa(values, beta):\n    return [0.0] * 10**6"),
    ("nan", loop(RIGHT_RULE, start="float('nan')")),
    ("nan", loop(RIGHT_RULE, keep="v if t < 3 else float('inf')")),
    ("raised", loop(RIGHT_RULE, values="range(len(values) + 1)").replace("theta\n", "values[theta]\n")),
    ("raised", loop("v = beta(v) + (1 - beta) * theta")),
    ("raised", loop(RIGHT_RULE).replace("kept.append(v)", "kept = kept.append(v)")),
    ("name", loop("v = beta * v + (1 - beta) * tehta")),
    ("name", "def ewa(values, beta):\n    kept = []\n    for theta in values:\n"
     "        v = beta * v + (1 - beta) * theta\n        kept.append(v)\n    return kept"),
]  # fmt: skip

READS = {
    "uncorrected": ["v"],
    "t_from_zero": ["v / (1 - beta**(t - 1))", "float(v) / float(1 - beta**(t - 1))"],
    "t_from_two": ["v / (1 - beta**(t + 1))"],
    "one_minus_beta": ["v / (1 - beta)"],
    "last_t": ["v / (1 - beta**len(values))"],
    "multiplied": ["v * (1 - beta**t)"],
    "power_only": ["v / beta**t"],
    "bracket_power": ["v / (1 - beta)**t"],
    "times_t": ["v / (1 - beta*t)"],
    "sign": ["v / (1 + beta**t)", "v / (beta**t - 1)"],
    "brackets": ["v / 1 - beta**t"],
    "integers": ["v // (1 - beta**t)"],
    "raised": [
        "v / (1 - beta^t)",
        "v / (1 - beta**t) + 0 / (len(values) - 3)",
        "v / (1 - beta**t) + 0 * (1 / int(t - 1))",
        "v * float(beta)**-t / (float(beta)**-t - 1)",
    ],
}

CORRECTED_WRONG = [
    *(
        (cause, loop(RIGHT_RULE, keep=read, header=CORRECTED))
        for cause, reads in READS.items()
        for read in reads
    ),
    *(
        (cause, loop(rule, keep=RIGHT_READ, header=CORRECTED))
        for cause, rules in RULES.items()
        for rule in rules
    ),
    ("stored_back", loop(RIGHT_RULE + "; v = v / (1 - beta**t)", header=CORRECTED)),
    ("stored_back", loop(RIGHT_RULE + "; v /= 1 - beta**t", header=CORRECTED)),
    ("starts_at_first", loop(RIGHT_RULE, keep=RIGHT_READ, header=CORRECTED, start="values[0]")),
    ("v0_included", loop(RIGHT_RULE, keep=RIGHT_READ, header=CORRECTED).replace("[]", "[0.0]")),
    ("earlier", with_index(0, " - 1", "t + 1")),
    ("earlier", with_index(1, "", "t + 1")),
    ("only_last", loop(RIGHT_RULE, header=CORRECTED).replace("return kept", "return v / (1 - beta**t)")),
    ("beta_ignored", loop("v = 0.9 * v + 0.1 * theta", keep="v / (1 - 0.9**t)", header=CORRECTED)),
    (
        "earlier",
        "def ewa(values, beta): ...\ndef ewa_corrected(values, beta):\n    return ewa(values, beta) / 2",
    ),
]

HOLDING = "from math import *\ndef values_holding(share, beta):\n"
HOLDING_RIGHT = {
    "a loop": HOLDING + "    n, rest = 0, 1.0\n    while rest > 1 - share:\n        rest *= beta\n        n += 1\n    return n",
    "a sum": HOLDING + "    n, held = 0, 0\n    while held < share:\n        held += (1 - beta) * beta**n\n        n += 1\n    return n",
    "a formula": HOLDING + "    return ceil(log(1 - share) / log(beta))",
    "base ten": HOLDING + "    return ceil(log10(1 - share) / log10(beta))",
    "base two": HOLDING + "    return ceil(log2(1 - share) / log2(beta))",
    "a base": HOLDING + "    return ceil(log(1 - share, beta))",
    "log1p": HOLDING + "    return ceil(log1p(-share) / log(beta))",
    "numpy": NUMPY + HOLDING + "    return np.ceil(np.log(1 - share) / np.log(beta))",
    "numpy float32": NUMPY + HOLDING + "    return np.float32(np.ceil(np.log(1 - share) / np.log(beta)))",
    "cumsum": NUMPY + HOLDING + "    w = (1 - beta) * beta ** np.arange(1000)\n    return np.argmax(np.cumsum(w) >= share) + 1",
    "searchsorted": NUMPY + HOLDING + "    w = (1 - beta) * beta ** np.arange(1000)\n    return np.searchsorted(np.cumsum(w), share) + 1",
    "in an array": NUMPY + HOLDING + "    return np.array([ceil(log(1 - share) / log(beta))])",
    "in a tuple": HOLDING + "    return ceil(log(1 - share) / log(beta)),",
    "in a list": HOLDING + "    return [ceil(log(1 - share) / log(beta))]",
}  # fmt: skip

HOLDING_WRONG = [
    ("one_less", NUMPY + HOLDING + "    w = (1 - beta) * beta ** np.arange(1000)\n    return np.argmax(np.cumsum(w) >= share)"),
    ("one_less", HOLDING + "    return int(log(1 - share) / log(beta))"),
    ("one_less", HOLDING + "    return log(1 - share) // log(beta)"),
    ("rounded", HOLDING + "    return round(log(1 - share) / log(beta))"),
    ("one_more", HOLDING + "    return ceil(log(1 - share) / log(beta)) + 1"),
    ("strict", HOLDING + "    return int(log(1 - share) / log(beta)) + 1"),
    ("strict", HOLDING + "    n, held = 0, 0\n    while held <= share:\n        held += (1 - beta) * beta**n\n        n += 1\n    return n"),
    ("not_whole", HOLDING + "    return log(1 - share) / log(beta)"),
    ("time_constant", HOLDING + "    return 1 / (1 - beta)"),
    ("time_constant", HOLDING + "    return round(1 / (1 - beta))"),
    ("three_times", HOLDING + "    return 3 / (1 - beta)"),
    ("share_not_rest", HOLDING + "    return ceil(log(share) / log(beta))"),
    ("share_not_rest", HOLDING + "    return log(share) / log(beta)"),
    ("base", HOLDING + "    return ceil(log(1 - share) / log(1 - beta))"),
    ("base", HOLDING + "    return log(1 - share)"),
    ("no_one_minus", HOLDING + "    n, held = 0, 0\n    while held < share:\n        held += beta**n\n        n += 1\n    return n"),
    ("single_weight", HOLDING + "    n = 0\n    while (1 - beta) * beta**n >= 1 - share:\n        n += 1\n    return n"),
    ("endless", HOLDING + "    n, held = 0, 0\n    while held < share:\n        held = (1 - beta) * beta**n\n    return n"),
    ("nothing", HOLDING + "    n = ceil(log(1 - share) / log(beta))"),
    ("constant", HOLDING + "    return 29"),
    *(
        (
            "other",
            NUMPY + HOLDING + f"    w = (1 - beta) * beta ** np.arange({most})\n"
            "    return min(int((np.cumsum(w) < share).sum()) + 1, len(w))",
        )
        for most in (41, 100)
    ),
]  # fmt: skip

GAP = NUMPY + "def unit_gap(celsius, beta, average):\n"
GAP_RIGHT = {
    "in one line": GAP + "    return (average(1.8 * celsius + 32, beta) - 32) / 1.8 - average(celsius, beta)",
    "nine fifths": GAP + "    f = celsius * 9 / 5 + 32\n    return (average(f, beta) - 32) * 5 / 9 - average(celsius, beta)",
    "lists": GAP + "    f = average([1.8 * c + 32 for c in celsius], beta)\n    c = average(list(celsius), beta)\n"
    "    return [(x - 32) / 1.8 - y for x, y in zip(f, c)]",
    "one call with ones": GAP + "    return 32 / 1.8 * (average(np.ones(len(celsius)), beta) - 1)",
    "by the names of the text": GAP + "    f = average(series=1.8 * celsius + 32, beta=beta)\n"
    "    return (f - 32) / 1.8 - average(beta=beta, series=celsius)",
    "a third call": GAP + "    average(celsius, 0.5)\n    return (average(1.8 * celsius + 32, beta) - 32) / 1.8 - average(celsius, beta)",
    "float32": GAP + "    c = celsius.astype(np.float32)\n    return ((average(1.8 * c + 32, beta) - 32) / 1.8 - average(c, beta)).astype(np.float32)",
}  # fmt: skip


def gap(there="1.8 * celsius + 32", back="(f - 32) / 1.8", end="back - average(celsius, beta)"):
    return GAP + f"    f = average({there}, beta)\n    back = {back}\n    return {end}"


GAP_WRONG = [
    ("not_back", gap(back="f")),
    ("not_back", gap(end="f - (1.8 * average(celsius, beta) + 32)")),
    ("offset", gap(back="f / 1.8")),
    ("offset", gap(there="1.8 * celsius")),
    ("offset", gap(there="1.8 * celsius", back="f / 1.8")),
    ("sign", gap(back="(f + 32) / 1.8")),
    ("sign", gap(there="1.8 * celsius - 32")),
    ("order", gap(back="f / 1.8 - 32")),
    ("order", gap(there="(celsius + 32) * 1.8")),
    ("upside_down", gap(there="celsius / 1.8 + 32")),
    ("upside_down", gap(back="(f - 32) * 1.8")),
    ("reversed", gap(there="1.8 * celsius - 32", back="(f + 32) / 1.8")),
    ("reversed", gap(end="average(celsius, beta) - back")),
    ("reversed", gap(end="abs(back - average(celsius, beta))")),
    ("one_average", gap(end="back")),
    ("one_average", gap(end="back - celsius")),
    ("only_last", gap(end="(back - average(celsius, beta))[-1]")),
    ("beta_ignored", gap().replace(", beta)\n    back", ", 0.5)\n    back")),
    ("average_unused", NUMPY + "def mine(v, b): return np.array(v) * b\n" + gap().replace("= average(", "= mine(").replace("- average(", "- mine(")),
    ("raised", gap().replace("average(celsius, beta)", "average(beta, celsius)")),
    ("in_place", GAP + "    c = average(celsius, beta)\n    celsius *= 1.8\n    celsius += 32\n    return (average(celsius, beta) - 32) / 1.8 - c"),
    ("nothing", gap().replace("return ", "")),
]  # fmt: skip

WRONG = [
    *(("ewa", *case) for case in EWA_WRONG),
    *(("ewa_corrected", *case) for case in CORRECTED_WRONG),
    *(("values_holding", *case) for case in HOLDING_WRONG),
    *(("unit_gap", *case) for case in GAP_WRONG),
]
RIGHT = [
    (name, style, source)
    for name, cases in (
        ("ewa", EWA_RIGHT),
        ("ewa_corrected", CORRECTED_RIGHT),
        ("values_holding", HOLDING_RIGHT),
        ("unit_gap", GAP_RIGHT),
    )
    for style, source in cases.items()
]
SLOW = {"endless"}


@pytest.mark.parametrize(("name", "cause", "source"), WRONG)
def test_the_mistake_is_named(name, cause, source):
    assert causes(name, source, seeds=SEEDS[:1] if cause in SLOW else SEEDS) == {cause}


@pytest.mark.parametrize(("name", "style", "source"), RIGHT)
def test_a_right_answer_passes(name, style, source):
    for seed in SEEDS:
        found = verdict(name, source, seed=seed)
        assert found.passed, found
        assert found.sentence.startswith("these checks pass. ")


def test_a_wrong_call_of_average_is_told_in_the_words_of_the_text():
    said = verdict("unit_gap", gap().replace("average(celsius, beta)", "average(celsius)")).sentence
    assert "average() missing" in said and "<locals>" not in said and "_Calls" not in said


@pytest.mark.parametrize("read", [read for reads in READS.values() for read in reads])
@pytest.mark.parametrize("rule", [rule for rules in RULES.values() for rule in rules])
def test_two_mistakes_at_once_never_pass(rule, read):
    found = verdict("ewa_corrected", loop(rule, keep=read, header=CORRECTED))
    if read == "v / (beta**t - 1)" and rule in RULES["sign"][::3]:
        assert found.passed, "two signs turned round are a right formula"
        return
    assert (found.status, found.cause == "check_failed") == ("wrong", False)


def test_the_packages_own_average_agrees():
    theta = load_temperatures().celsius[:50]
    for mine, on in ((series.ewa, False), (series.ewa_corrected, True)):
        assert np.allclose(mine(theta, 0.9), averages.ewa(theta, 0.9, bias_correction=on), rtol=1e-12)
    held = np.cumsum(averages.ewa_weights(0.9, 100))
    assert averaging.values_holding(0.95, 0.9) == np.argmax(held >= 0.95) + 1 == 29


def test_no_two_mistakes_look_alike():
    """A twin that agreed with another everywhere would leave it to the order which one is named."""
    values, beta = [7.0, -3.0, 12.5, 21.0, 4.0], 0.7
    for right, mistakes in (
        (series.ewa, series.EWA_MISTAKES),
        (series.ewa_corrected, series.CORRECTED_MISTAKES),
    ):
        seen = {}
        for mistake in mistakes:
            got = mistake.twin(values, beta)
            key = tuple(np.round(np.atleast_1d(got), 6)), np.ndim(got)
            assert seen.setdefault(key, mistake.cause) == mistake.cause, mistake
            assert got != right(values, beta)


ALL_MISTAKES = [
    *series.EWA_MISTAKES,
    *series.CORRECTED_MISTAKES,
    *averaging.HOLDING_MISTAKES,
    *units.MISTAKES,
]
ANSWERS = re.compile(
    r"beta \* v|\(1 - beta\)|\(1 - ?beta\*\*t\)|β ?\* ?v|start ?= ?1|np\.log|log\(1 ?[-−] ?share\)|\* 1\.8 \+ 32"
)


@pytest.mark.parametrize("mistake", ALL_MISTAKES, ids=lambda mistake: mistake.cause)
def test_sentences_say_what_is_wrong_and_not_the_answer(mistake):
    for text in (mistake.sentence, mistake.place):
        assert text and not ANSWERS.search(text)
        assert not re.search(r"\b(?:just|simply|easy|easily|obvious|clearly|of course|trivial)\b", text)
    assert mistake.sentence[0].islower(), "it goes on after the name and a colon"
    assert 1 <= len(re.findall(r"[.?!](?:\s|$)", mistake.sentence)) <= 2


STUBS = {
    "ewa": "def ewa(values, beta):\n    ...  # your code here",
    "ewa_corrected": "def ewa_corrected(values, beta):\n    ...  # your code here",
    "values_holding": "def values_holding(share, beta):\n    ...  # your code here",
    "unit_gap": "def unit_gap(celsius, beta, average):\n    ...  # your code here",
    "calm_beta": "city = ...  # your code here\ncalm_beta = ...  # your code here",
}


@pytest.mark.parametrize("name", averaging.EXERCISES)
@pytest.mark.parametrize("cells", [True, False], ids=["the stub", "no cell run"])
def test_untouched_is_not_done(name, cells):
    found = verdict(name, *([STUBS[name]] if cells else []))
    assert (found.status, found.cause) == ("open", "not_done")
    assert found.sentence.startswith("not done yet. ")


SEATTLE = load_temperatures()
CALM = own_city.calm_beta(SEATTLE.celsius.tolist())


def calm(beta, city=SEATTLE):
    return verdict("calm_beta", city=city, calm_beta=beta)


@pytest.mark.parametrize(
    "given",
    [CALM, np.float64(CALM), np.float32(CALM), np.array(CALM), np.array([CALM]), (CALM,), CALM + 1e-12],
)
def test_calm_beta_passes(given):
    assert calm(given).passed


def test_calm_beta_is_what_numpy_says():
    theta = SEATTLE.celsius
    moves = np.abs(np.diff(theta)).mean()
    calm_ones = [
        beta
        for beta in np.arange(50, 100) / 100
        if np.abs(np.diff(averages.ewa(theta, beta, bias_correction=True))).mean() <= 0.1 * moves
    ]
    assert calm_ones[0] == CALM


@pytest.mark.parametrize(
    "city", [SEATTLE.celsius, SEATTLE.celsius.tolist(), SEATTLE.celsius.astype(np.float32)]
)
def test_a_city_may_be_its_temperatures(city):
    assert calm(CALM, city).passed


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        (CALM - 0.01, "too_small"),
        (0.5, "too_small"),
        (CALM + 0.01, "too_large"),
        (0.99, "too_large"),
        (1 / (1 - CALM), "range"),
        (44, "range"),
        (-0.9, "range"),
        (CALM + 0.004, "between"),
        ("0.94", "no_number"),
        ([0.94, 0.95], "no_number"),
        (float("nan"), "no_number"),
        (True, "no_number"),
        (lambda: 0.94, "no_number"),
    ],
)
def test_calm_beta_says_what_is_wrong(given, cause):
    assert calm(given).cause == cause


@pytest.mark.parametrize(
    "city",
    [
        "Seattle",
        12.0,
        [1.0, 2.0],
        [5.0] * 100,
        [float("nan")] * 100,
        SimpleNamespace(celsius=None),
        {"a": 1},
        load_temperatures,
    ],
)
def test_a_city_without_temperatures(city):
    assert calm(0.9, city).cause == "no_city"


def test_calm_beta_for_v_itself_is_named():
    # A short, cold record, in which the climb from zero is a large part of all movement.
    celsius = [-12 + (i * 7) % 5 for i in range(80)]
    mine, theirs = own_city.calm_beta(celsius, series.ewa), own_city.calm_beta(celsius)
    assert mine != theirs
    assert calm(mine, celsius).cause == "uncorrected"


def test_the_cells_run_one_after_another():
    names = notebook(STUBS["ewa"], EWA_RIGHT["a loop"])
    assert "kept" not in names and callable(names["ewa"])
