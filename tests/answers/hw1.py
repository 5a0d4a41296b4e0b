"""Homework 1: averages with and without bias correction."""

from tests.answers import Answers, function, replaced

HEADERS = {
    "ewa": "ewa(values, beta)",
    "ewa_corrected": "ewa_corrected(values, beta)",
    "values_holding": "values_holding(share, beta)",
    "unit_gap": "unit_gap(celsius, beta, average)",
}
RULE = "v = beta * v + (1 - beta) * theta"
READ = "v / (1 - beta**t)"
CORRECTED = HEADERS["ewa_corrected"]


def loop(rule=RULE, *edits, keep="v", header=HEADERS["ewa"], start="0.0", values="values", before=""):
    """Return the usual loop with one part of it another, and with edits of its text."""
    text = f"""
{before}
def {header}:
    v, kept = {start}, []
    for t, theta in enumerate({values}, start=1):
        {rule}
        kept.append({keep})
    return kept
"""
    return replaced(text, *edits)


def returning(what, rule=RULE, **other):
    """Return the loop that returns something else."""
    return loop(rule, ("return kept", f"return {what}"), **other)


def corrected(rule=RULE, *edits, keep=READ, **other):
    """Return the loop with the correction."""
    return loop(rule, *edits, keep=keep, header=CORRECTED, **other)


def ewa(*lines):
    """Return an ewa with these lines in it."""
    return function(HEADERS["ewa"], *lines)


RIGHT_EWA = {
    "a loop": loop(),
    "another but equal rule": loop("v += (1 - beta) * (theta - v)"),
    "an array": returning("np.array(kept)"),
    "a tuple": returning("tuple(kept)"),
    "float32": returning("np.array(kept, dtype=np.float32)"),
    "float32 all the way": loop(
        "v = np.float32(np.float32(beta) * v + np.float32(1 - beta) * np.float32(theta))",
        start="np.float32(0)",
    ),
    "numpy scalars": loop(start="np.float64(0)"),
    "an object array": returning("np.array(kept, dtype=object)"),
    "fractions": loop(
        "v = Fraction(beta) * v + (1 - Fraction(beta)) * Fraction(float(theta))",
        start="Fraction(0)",
        before="from fractions import Fraction",
    ),
    "a filled array": ewa(
        "averages = np.zeros(len(values))",
        "for t in range(len(values)):",
        "    averages[t] = beta * averages[t - 1] + (1 - beta) * values[t]",
        "return averages",
    ),
    "weights": ewa(
        "values = np.asarray(values, dtype=np.float32)",
        "days = np.arange(len(values))",
        "age = days[:, None] - days",
        "return np.where(age >= 0, (1 - beta) * float(beta) ** age.clip(0), 0) @ values",
    ),
    "convolution": ewa(
        "n = len(values)", "return np.convolve(values, (1 - beta) * beta ** np.arange(n))[:n]"
    ),
    "recursion": ewa(
        "if len(values) == 0:",
        "    return []",
        "before = ewa(values[:-1], beta)",
        "return before + [beta * (before[-1] if before else 0.0) + (1 - beta) * values[-1]]",
    ),
    "accumulate": "from itertools import accumulate\n"
    + ewa(
        "rule = lambda v, theta: beta * v + (1 - beta) * theta",
        "return list(accumulate(values, rule, initial=0.0))[1:]",
    ),
    "a lambda": "ewa = lambda x, b: [sum((1 - b) * b**k * x[t - k] for k in range(t + 1)) for t in range(len(x))]",
    "an extra argument": loop(header="ewa(values, beta, start=0.0)", start="start"),
    "names of their own": function(
        "ewa(temperatures, b)",
        "v, out = 0, []",
        "for x in temperatures:",
        "    v = v * b + x - x * b",
        "    out += [v]",
        "return out",
    ),
    "prints on the way": loop(RULE + "; print(v)"),
    "warns on the way": loop(RULE + "; warnings.warn('look')", before="import warnings"),
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
    "changes a copy": ewa(
        "values = np.array(values, dtype=float)",
        "values *= 1 - beta",
        "for t in range(1, len(values)):",
        "    values[t] += beta * values[t - 1]",
        "return values",
    ),
}

RIGHT_CORRECTED = {
    "a loop": corrected(),
    "on top of ewa": loop()
    + function(CORRECTED, "return np.array(ewa(values, beta)) / (1 - beta ** np.arange(1, len(values) + 1))"),
    "t + 1": corrected(RULE, (", start=1", ""), keep="v / (1 - beta ** (t + 1))"),
    "the weights kept beside": corrected(
        RULE + "; weight = beta * weight + 1 - beta", ("[]", "[]; weight = 0.0"), keep="v / weight"
    ),
    "a power kept beside": corrected(
        RULE + "; power *= beta", ("[]", "[]; power = 1.0"), keep="v / (1 - power)"
    ),
    "float32": corrected(RULE, ("return kept", "return np.float32(kept)")),
    "a weighted mean": function(
        CORRECTED,
        "weights = [[beta**k for k in range(t, -1, -1)] for t in range(len(values))]",
        "return [np.average(values[: t + 1], weights=w) for t, w in enumerate(weights)]",
    ),
}

RULES = {
    "swapped": ["v = (1 - beta) * v + beta * theta"],
    "share_missing": ["v = beta * v + theta"],
    "no_beta_v": ["v = (1 - beta) * theta"],
    "kept_whole": ["v = v + (1 - beta) * theta"],
    "sign_v": ["v = beta * v - (1 - beta) * theta", "v = beta * v + (beta - 1) * theta"],
    "sign_beta_v": ["v = (1 - beta) * theta - beta * v"],
    "one_plus_beta": ["v = beta * v + (1 + beta) * theta"],
    "brackets": ["v = beta * v + 1 - beta * theta", "v = beta * v + theta - beta"],
    "same_weight": ["v = beta * v + beta * theta", "v = (1 - beta) * (v + theta)"],
    "bracket": ["v = beta * (v + (1 - beta) * theta)"],
    "divided": ["v = (beta * v + (1 - beta) * theta) / (1 - beta)"],
    "squared": ["v = beta * v + (1 - beta) * theta**2"],
    "unsigned": ["v = beta * v + (1 - beta) * abs(theta)"],
}


def with_index(first, last):
    """Return a loop over places with its own idea of where the series begins and ends."""
    places = ("enumerate(values, start=1)", f"range({first}, len(values){last})")
    return loop("v = beta * v + (1 - beta) * values[t]", ("t, theta", "t"), places)


def by_ewa(average):
    """Return an ewa_corrected on top of an ewa."""
    return average + function(
        CORRECTED, "return [v / (1 - beta ** (t + 1)) for t, v in enumerate(ewa(values, beta))]"
    )


FILLED = (
    "kept, v = np.zeros({}), 0",
    "for t in range(len(values)):",
    "    v = beta * v + (1 - beta) * values[t]",
    "    kept[t] = v",
    "return kept",
)


def filled(zeros):
    """Return an ewa that fills an array made in its own way."""
    return replaced(ewa(*FILLED), ("np.zeros({})", zeros))


WRONG_EWA = [
    *((cause, loop(rule)) for cause, rules in RULES.items() for rule in rules),
    ("starts_at_first", loop(start="values[0]")),
    ("starts_at_first", ewa("kept = [values[0]]", "for x in values[1:]:",
                            "    kept.append(beta * kept[-1] + (1 - beta) * x)", "return kept")),
    ("previous_value", loop("v = beta * old + (1 - beta) * theta; old = theta", ("[]", "[]; old = 0"))),
    ("first_left_out", ewa("kept = np.zeros(len(values))", "for t in range(1, len(values)):",
                           "    kept[t] = beta * kept[t - 1] + (1 - beta) * values[t]", "return kept")),
    ("shifted", loop("kept.append(v)", ("kept.append(0)", RULE), keep="0")),
    ("v0_included", loop(RULE, ("[]", "[0.0]"))),
    ("first_missing", returning("kept[1:]")),
    ("first_missing", with_index(1, "")),
    ("last_missing", with_index(0, " - 1")),
    ("only_first", loop(RULE, ("    return", "        return"))),
    ("only_first", loop(RULE, ("    return kept", "        return v"))),
    ("only_last", returning("v")),
    ("only_last", returning("[v]")),
    ("reversed", returning("kept[::-1]")),
    ("reversed", loop(values="values[::-1]")),
    ("corrected", loop(keep=READ)),
    ("no_beta_v+only_last", returning("v", rule="v = (1 - beta) * theta")),
    ("other", ewa("n = round(1 / (1 - beta))",
                  "return [float(np.mean(values[max(0, i - n + 1): i + 1])) for i in range(len(values))]")),
    ("other", loop("v = max(0, beta * v + (1 - beta) * theta)")),
    ("other", loop("v = beta * v + (1 - beta) * theta if theta else v")),
    ("other", loop(keep="abs(v)")),
    ("input", ewa("beta = float(input('beta? '))", "return list(values)")),
    ("cumulative", ewa("return [sum(values[:t + 1]) / (t + 1) for t in range(len(values))]")),
    ("values_back", ewa("return values")),
    ("zeros", ewa("v = 0.0", "return np.zeros(len(values))")),
    ("beta_ignored", loop("v = 0.9 * v + 0.1 * theta")),
    ("beta_ignored", loop("v = b * v + (1 - b) * theta", before="b = 0.6")),
    ("values_ignored", loop(before="theta_all = [float(i) for i in range(12)]", values="theta_all")),
    ("remembers", loop("v = beta * v + (1 - beta) * theta * np.random.rand()")),
    ("remembers", loop(RULE, ("v, kept = 0.0, []", "global v; kept = []"), before="v = 0.0")),
    ("remembers", loop(RULE, ("v, kept = 0.0, []", "v = 0.0"), header="ewa(values, beta, kept=[])")),
    ("remembers", loop(RULE, ("kept.append", "seen.append"), ("return kept", "return seen"), before="seen = []")),
    ("integers", loop(keep="v // 1")),
    ("integers", loop(keep="int(v)")),
    ("integers", returning("np.array(kept, dtype=int)")),
    ("integers", returning("np.array(kept, dtype=np.array(values).dtype)")),
    ("integers", filled("np.zeros_like(values)")),
    ("rounded", loop(keep="round(v, 2)")),
    ("rounded", loop(keep="round(v, 1)")),
    ("only_arrays", loop("v = beta * v + theta", values="(1 - beta) * values")),
    ("only_arrays", loop(values="values.tolist()")),
    ("only_arrays", loop(RULE, ("[]", "[]; n = values.size"))),
    ("only_lists", loop(RULE, ("    v, kept", "    if not values:\n        return []\n    v, kept"))),
    ("only_lists", loop(RULE, ("[]", "[]; values.index(values[0])"), values="values.copy()")),
    ("in_place", ewa("v = 0", "for t in range(len(values)):",
                     "    v = values[t] = beta * v + (1 - beta) * values[t]", "return values")),
    ("in_place", ewa("v = 0", "for t in range(len(values)):",
                     "    v = values[t] = beta * v + (1 - beta) * values[t]")),
    ("in_place", loop(values="(values if hasattr(values, 'size') else values.sort() or values)")),
    ("nothing", loop(RULE, ("    return kept", ""))),
    ("printed", loop(RULE, ("return kept", "print(kept)"))),
    ("no_numbers", loop(keep="f'{v:.2f}'")),
    ("no_numbers", returning("str(kept)")),
    ("no_numbers", returning("dict(enumerate(kept))")),
    ("no_numbers", returning("(v for v in kept)")),
    ("no_numbers", loop(keep="v > 5")),
    ("no_numbers", loop(keep="complex(v, 1)")),
    ("no_numbers", returning("set(kept)")),
    ("no_numbers", ewa("v = 0.0", "return ewa")),
    ("other", ewa("weight = lambda k: (1 - beta) * beta**k",
                  "days = range(len(values))",
                  "return [sum(weight(k) * values[t - k] for k in range(min(t + 1, 12))) for t in days]")),
    ("raised", filled("12")),
    ("length", loop(keep="[v]")),
    ("length", loop(keep="[v] * t")),
    ("length", returning("kept, v")),
    ("length", ewa("return []")),
    ("length", ewa("return [0.0] * 10**6")),
    ("nan", loop(start="float('nan')")),
    ("raised", loop("v = beta * v + (1 - beta) * values[theta]", values="range(len(values) + 1)")),
    ("raised", loop("v = beta(v) + (1 - beta) * theta")),
    ("raised", loop(RULE, ("kept.append(v)", "kept = kept.append(v)"))),
    ("name", loop("v = beta * v + (1 - beta) * tehta")),
    ("name", loop(RULE, ("v, kept = 0.0, []", "kept = []"))),
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
        "v * float(beta)**-t / (float(beta)**-t - 1)",
    ],
}
WRONG_CORRECTED = [
    *((cause, corrected(keep=read)) for cause, reads in READS.items() for read in reads),
    # With the sign of v or of what it is divided by turned round, the same comes out.
    *(("sign" if cause == "sign_v" else cause, corrected(rule)) for cause, rules in RULES.items() for rule in rules),
    ("swapped+t_from_two", corrected(RULES["swapped"][0], keep="v / (1 - beta**(t + 1))")),
    ("stored_back", corrected(RULE + "; v = v / (1 - beta**t)", keep="v")),
    ("starts_at_first", corrected(start="values[0]")),
    ("v0_included", corrected(RULE, ("[]", "[0.0]"))),
    ("integers", corrected(RULE, ("return kept", "return np.array(kept, dtype=int)"))),
    ("earlier", by_ewa(with_index(0, " - 1"))),
    ("only_last", corrected(RULE, ("return kept", f"return {READ}"), keep="v")),
    ("beta_ignored", corrected("v = 0.9 * v + 0.1 * theta", keep="v / (1 - 0.9**t)")),
    ("earlier", ewa("...") + "\n" + function(CORRECTED, "return ewa(values, beta) / 2")),
]  # fmt: skip


def holding(*lines):
    """Return a values_holding with these lines in it."""
    return "from math import *\n" + function(HEADERS["values_holding"], *lines)


def counted(held="held += (1 - beta) * beta**n", goes_on="held < share"):
    """Return a values_holding that counts in a loop."""
    return holding("n, held = 0, 0", f"while {goes_on}:", f"    {held}", "    n += 1", "return n")


LOGS = "log(1 - share) / log(beta)"
SUMS = "w = (1 - beta) * beta ** np.arange(1000)"
RIGHT_HOLDING = {
    "a loop": holding(
        "n, rest = 0, 1.0", "while rest > 1 - share:", "    rest *= beta", "    n += 1", "return n"
    ),
    "a sum": counted(),
    "a formula": holding(f"return ceil({LOGS} - 1e-9)"),
    "base ten": holding("return ceil(log10(1 - share) / log10(beta))"),
    "base two": holding("return ceil(log2(1 - share) / log2(beta))"),
    "a base": holding("return ceil(log(1 - share, beta))"),
    "log1p": holding("return ceil(log1p(-share) / log(beta))"),
    "numpy": holding("return np.ceil(np.log(1 - share) / np.log(beta))"),
    "numpy float32": holding("return np.float32(np.ceil(np.log(1 - share) / np.log(beta)))"),
    "cumsum": holding(SUMS, "return np.argmax(np.cumsum(w) >= share) + 1"),
    "searchsorted": holding(SUMS, "return np.searchsorted(np.cumsum(w), share) + 1"),
    "in an array": holding(f"return np.array([ceil({LOGS})])"),
    "in a tuple": holding(f"return ceil({LOGS}),"),
    "in a list": holding(f"return [ceil({LOGS})]"),
}
WRONG_HOLDING = [
    ("one_less", holding(SUMS, "return np.argmax(np.cumsum(w) >= share)")),
    ("one_less", holding(f"return int({LOGS})")),
    ("rounded", holding(f"return round({LOGS})")),
    ("one_more", holding(f"return ceil({LOGS}) + 1")),
    ("strict", holding(f"return int({LOGS}) + 1")),
    ("strict", counted(goes_on="held <= share")),
    ("not_whole", holding(f"return {LOGS}")),
    ("time_constant", holding("return round(1 / (1 - beta))")),
    ("time_constant", holding("return 1 / (1 - beta)")),
    ("three_times", holding("return 3 / (1 - beta)")),
    ("share_not_rest", holding("return ceil(log(share) / log(beta))")),
    ("share_not_rest", holding("return log(share) / log(beta)")),
    ("exchanged", holding("return ceil(log(1 - share) / log(1 - beta))")),
    ("exchanged", counted("held += beta * (1 - beta)**n")),
    ("upside_down", holding("return log(beta) / log(1 - share)")),
    ("share_over", holding("return ceil(share / (1 - beta))")),
    ("constant", holding("return ceil(log(beta) / log(1 - share))")),
    ("constant", counted("held += (1 - beta) * beta**n", "n < 1")),
    ("base", holding("return log(1 - share)")),
    ("constant", counted("held += beta**n")),
    ("single_weight", counted("", "(1 - beta) * beta**n >= 1 - share")),
    ("endless", counted("held = (1 - beta) * beta**n; n -= 1")),
    ("nothing", holding(f"n = ceil({LOGS})")),
    ("printed", holding(f"print(ceil({LOGS}))")),
    ("name", holding("return summed(share, beta)")),
    ("constant", holding("return 29")),
    *(
        ("other", holding(SUMS.replace("1000", most),
                          "return min(int((np.cumsum(w) < share).sum()) + 1, len(w))"))
        for most in ("41", "100")
    ),
]  # fmt: skip


def gap(there="1.8 * celsius + 32", back="(f - 32) / 1.8", end="back - average(celsius, beta)", beta="beta"):
    """Return a unit_gap with one part of it another."""
    return function(HEADERS["unit_gap"], f"f = average({there}, {beta})", f"back = {back}", f"return {end}")


EWA_TOO = loop(RULE, ("return kept", "return np.array(kept)"))
MINE = "def mine(v, b): return np.array(v) * b\n"
RIGHT_GAP = {
    "three lines": gap(),
    "in one line": "unit_gap = lambda c, beta, avg, digits=None: "
    "(avg(c * 9 / 5 + 32, beta) - 32) * 5 / 9 - avg(c, beta)",
    "lists": gap(
        "[1.8 * c + 32 for c in celsius]",
        "average(list(celsius), beta)",
        "[(x - 32) / 1.8 - y for x, y in zip(f, back)]",
    ),
    "one call with ones": gap("np.ones(len(celsius))", "32 / 1.8 * (f - 1)", "back"),
    "by the names of the text": gap(
        end="back - average(beta=beta, series=celsius)", there="series=1.8 * celsius + 32", beta="beta=beta"
    ),
    "a third call": gap(back="(f - 32) / 1.8; average(celsius, 0.5)"),
    "float32": gap(
        "1.8 * celsius.astype(np.float32) + 32",
        end="(back - average(celsius.astype(np.float32), beta)).astype(np.float32)",
    ),
}
WRONG_GAP = [
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
    ("unsigned", gap(end="abs(back - average(celsius, beta))")),
    ("brackets", gap(back="f - 32 / 1.8")),
    ("one_gap", gap(end="np.mean(back - average(celsius, beta))")),
    ("not_back+reversed", gap(back="f", end="average(celsius, beta) - back")),
    ("another_average", EWA_TOO + gap(end="back - ewa(celsius, beta)")),
    ("another_average", EWA_TOO + replaced(gap(), ("f = average", "f = ewa"))),
    ("one_average", gap(end="back")),
    ("one_average", function(HEADERS["unit_gap"], "c = average(celsius, beta)", "return (c * 1.8 + 32 - 32) / 1.8 - c")),
    ("one_average", gap(end="back - celsius")),
    ("only_last", gap(end="(back - average(celsius, beta))[-1]")),
    ("beta_ignored", gap(beta="0.5")),
    ("average_unused", MINE + replaced(gap(), ("= average(", "= mine("), ("- average(", "- mine("))),
    ("raised", gap(end="back - average(beta, celsius)")),
    ("raised", gap(end="back - average(celsius)")),
    ("in_place", gap("celsius", end="average(celsius, beta)").replace(
        "f = ", "celsius *= 1.8; celsius += 32; f = ")),
    ("nothing", function(HEADERS["unit_gap"], "average(celsius, beta)")),
    ("exit", function(HEADERS["unit_gap"], "raise SystemExit")),
]  # fmt: skip

HW1 = Answers(
    HEADERS,
    {
        "ewa": (RIGHT_EWA, WRONG_EWA),
        "ewa_corrected": (RIGHT_CORRECTED, WRONG_CORRECTED),
        "values_holding": (RIGHT_HOLDING, WRONG_HOLDING),
        "unit_gap": (RIGHT_GAP, WRONG_GAP),
    },
)
