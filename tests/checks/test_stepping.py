"""Homework 2: each mistake is named, at every seed, and no right answer is marked wrong.

Students' answers are text here, run in names of their own as a notebook's cells are.
"""

import random
import re
import textwrap

import numpy as np
import pytest

from lesson_utils.checks import check, examine
from lesson_utils.checks.descents import broken_walks
from lesson_utils.checks.moves import HEAVY_BALL, LECTURE, broken_steps
from lesson_utils.checks.stepping import EXERCISES
from lesson_utils.checks.verdict import OPEN, RIGHT, WRONG

SEEDS = range(10)


def notebook(*cells):
    """Return the names that a notebook holds after these cells."""
    names = {}
    for cell in ("import math\nimport numpy as np", *cells):
        exec(textwrap.dedent(cell), names)
    return names


def function(header, body):
    """Return the cell with a function of this header and body."""
    return f"def {header}:\n" + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")


def causes(name, cells, seeds=SEEDS):
    """Return the causes named over all seeds; a right answer is named "right"."""
    names = notebook(*cells)
    return {verdict.cause or verdict.status for verdict in (examine(name, names, seed) for seed in seeds)}


STEP = "(w, v, dw, alpha, beta)"
LINES = {  # cause: the lines of v and w
    "swapped": ("(1 - beta) * v + beta * dw", "w - alpha * v"),
    "no_one_minus_beta": ("beta * v + dw", "w - alpha * v"),
    "no_beta_v": ("(1 - beta) * dw", "w - alpha * v"),
    "v_is_dw": ("dw", "w - alpha * v"),
    "no_beta": ("v + (1 - beta) * dw", "w - alpha * v"),
    "sign_v": ("beta * v - (1 - beta) * dw", "w - alpha * v"),
    "sign_beta_v": ("(1 - beta) * dw - beta * v", "w - alpha * v"),
    "alpha_twice": ("beta * v + (1 - beta) * alpha * dw", "w - alpha * v"),
    "same_weight": ("beta * v + beta * dw", "w - alpha * v"),
    "one_plus_beta": ("beta * v + (1 + beta) * dw", "w - alpha * v"),
    "bracket": ("beta * (v + (1 - beta) * dw)", "w - alpha * v"),
    "product": ("beta * v * (1 - beta) * dw", "w - alpha * v"),
    "corrected": ("(beta * v + (1 - beta) * dw) / (1 - beta)", "w - alpha * v"),
    "squared": ("beta * v + (1 - beta) * dw**2", "w - alpha * v"),
    "w_for_dw": ("beta * v + (1 - beta) * w", "w - alpha * v"),
    "sign_w": ("beta * v + (1 - beta) * dw", "w + alpha * v"),
    "no_alpha": ("beta * v + (1 - beta) * dw", "w - v"),
    "along_dw": ("beta * v + (1 - beta) * dw", "w - alpha * dw"),
    "step_only": ("beta * v + (1 - beta) * dw", "-alpha * v"),
    "not_moved": ("beta * v + (1 - beta) * dw", "w"),
    "nesterov": ("beta * v + (1 - beta) * dw", "w - alpha * (beta * v + (1 - beta) * dw)"),
    "both": ("beta * v + (1 - beta) * dw", "w - alpha * (v + dw)"),
    "alpha_divides": ("beta * v + (1 - beta) * dw", "w - v / alpha"),
    "bracket_w": ("beta * v + (1 - beta) * dw", "alpha * (w - v)"),
    "share_twice": ("beta * v + (1 - beta) * dw", "w - alpha * (1 - beta) * v"),
    "alpha_inside": ("beta * v + (1 - beta) * alpha * dw", "w - v"),
    # Two mistakes at once.
    "swapped+sign_w": ("(1 - beta) * v + beta * dw", "w + alpha * v"),
    "no_one_minus_beta+no_alpha": ("beta * v + dw", "w - v"),
    "no_beta_v+along_dw": ("(1 - beta) * dw", "w - alpha * dw"),
}


def lines(name, v, w, returned="w, v"):
    return function(f"{name}{STEP}", f"v = {v}\nw = {w}\nreturn {returned}")


V, W = LINES["sign_w"][0], LINES["swapped"][1]
STEPS = [(cause, lines("momentum_step", *pair)) for cause, pair in LINES.items()] + [
    ("sign_v", lines("momentum_step", "beta * v - (1 - beta) * dw", "w + alpha * v")),
    ("same_weight", lines("momentum_step", "(1 - beta) * v + (1 - beta) * dw", W)),
    ("alpha_twice", lines("momentum_step", V, "w - alpha * alpha * v")),
    ("alpha_twice", lines("momentum_step", f"alpha * ({V})", W)),
    ("alpha_inside", lines("momentum_step", f"alpha * ({V})", "w - v")),
    ("alpha_inside", lines("momentum_step", "beta * v - alpha * (1 - beta) * dw", "w + v")),
    ("step_only", lines("momentum_step", V, "alpha * v")),
    ("old_v", function(f"momentum_step{STEP}", f"w = {W}\nv = {V}\nreturn w, v")),
    ("not_carried", function(f"momentum_step{STEP}", f"u = {V}\nw = w - alpha * u\nreturn w, v")),
    ("not_carried", lines("momentum_step", V, W, "w, 0 * v")),
    ("returns_dw", lines("momentum_step", V, W, "w, dw")),
    ("alpha_inside", lines("momentum_step", V, W, "w, alpha * v")),
    ("returns_step", lines("momentum_step", V, W, "w, -alpha * v")),
    ("swapped_results", lines("momentum_step", V, W, "v, w")),
    ("swapped_results+sign_w", lines("momentum_step", V, "w + alpha * v", "v, w")),
    ("only_w", lines("momentum_step", V, W, "w")),
    ("only_v", lines("momentum_step", V, W, "v")),
    ("only_w", lines("momentum_step", "(1 - beta) * dw", W, "w")),
    ("too_many_values", lines("momentum_step", V, W, "w, v, dw")),
    ("no_pair", lines("momentum_step", V, W, "{'w': w, 'v': v}")),
    ("no_pair", lines("momentum_step", V, W, "'done'")),
    ("no_numbers", lines("momentum_step", V, W, "w, None")),
    ("nothing", lines("momentum_step", V, W, "")),
    ("printed", function(f"momentum_step{STEP}", f"v = {V}\nprint({W}, v)")),
    ("nan", lines("momentum_step", V, "w * math.nan")),
    ("nan", lines("momentum_step", f"{V} + math.inf", "w - alpha * v")),
    ("in_place", function(f"momentum_step{STEP}", f"v = {V}\nw -= alpha * v\nreturn w, v")),
    ("in_place", function(f"momentum_step{STEP}", f"v *= beta\nv += (1 - beta) * dw\nreturn {W}, v")),
    (
        "in_place",
        function(
            f"momentum_step{STEP}", f"if np.ndim(v):\n    v[...] = {V}\nelse:\n    v = {V}\nreturn {W}, v"
        ),
    ),
    ("in_place", function(f"momentum_step{STEP}", f"dw *= 1 - beta\nv = beta * v + dw\nreturn {W}, v")),
    ("name", function(f"momentum_step{STEP}", f"v = {V}\nreturn w - alfa * v, v")),
    ("name", function(f"momentum_step{STEP}", f"v_new = beta * velocity + (1 - beta) * dw\nreturn {W}, v")),
    ("raised", function(f"momentum_step{STEP}", "raise ValueError('no')")),
    ("raised", function(f"momentum_step{STEP}", "return 1 / 0")),
    ("raised", function(f"momentum_step{STEP}", f"assert beta > 0\nv = {V}\nreturn {W}, v")),
    ("arguments", function("momentum_step(w, dw, v, alpha, beta)", f"v = {V}\nreturn {W}, v")),
    ("endless", function(f"momentum_step{STEP}", "while True:\n    pass")),
    ("arguments", function("momentum_step(w, v, dw)", f"return {W}, v")),
    # Whole numbers.
    (
        "integers",
        function(f"momentum_step{STEP}", f"v = {V}\nnew = np.zeros_like(w)\nnew[...] = {W}\nreturn new, v"),
    ),
    (
        "integers",
        function(f"momentum_step{STEP}", f"new = np.copy(v)\nnew[...] = {V}\nreturn w - alpha * new, new"),
    ),
    (
        "integers",
        function(f"momentum_step{STEP}", f"v = {V}\nnew = np.copy(w)\nnew -= alpha * v\nreturn new, v"),
    ),
    ("integers", lines("momentum_step", "beta * v + (1 - beta) * dw // 1", W)),
    ("integers", lines("momentum_step", V, "(w - alpha * v) // 1")),
    ("integers", lines("momentum_step", f"np.round({V})", "np.round(w - alpha * v)")),
    ("integers", lines("momentum_step", V, W, "np.array(w).astype(int), v")),
    # One kind of input only.
    ("only_scalars", lines("momentum_step", f"float({V})", W)),
    ("only_scalars", function(f"momentum_step{STEP}", f"v = {V}\nif v > 100:\n    v = 100\nreturn {W}, v")),
    ("only_scalars", lines("momentum_step", "math.fsum([beta * v, (1 - beta) * dw])", W)),
    ("only_vectors", function(f"momentum_step{STEP}", f"new = w.copy()\nv = {V}\nreturn new - alpha * v, v")),
    (
        "only_vectors",
        function(
            f"momentum_step{STEP}",
            """
            new_w, new_v = [], []
            for i in range(len(w)):
                new_v.append(beta * v[i] + (1 - beta) * dw[i])
                new_w.append(w[i] - alpha * new_v[i])
            return new_w, new_v
            """,
        ),
    ),
    ("only_vectors", lines("momentum_step", f"[{V} for v, dw in zip(v, dw)]", "w - alpha * np.array(v)")),
    ("only_scalars", lines("momentum_step", V, "w - alpha * np.sum(v)")),
    ("only_scalars", lines("momentum_step", f"np.mean({V})", W)),
    ("shape", lines("momentum_step", V, "np.reshape(w - alpha * v, -1)")),
    # Something remembered between two calls.
    (
        "remembers",
        "memory = 0.0\n"
        + function(
            f"momentum_step{STEP}",
            "global memory\nmemory = beta * memory + (1 - beta) * dw\nreturn w - alpha * memory, memory",
        ),
    ),
]


@pytest.mark.parametrize(("cause", "cell"), STEPS, ids=[f"{i}-{one[0]}" for i, one in enumerate(STEPS)])
def test_mistakes_in_a_step(cause, cell):
    seeds = range(1) if cause == "endless" else SEEDS
    assert causes("momentum_step", [cell], seeds) == {cause}


SHORT = function(f"momentum_step{STEP}", f"v = {V}\nreturn w - alpha * v, v")
RIGHT_STEPS = {
    "as in lesson 4": SHORT,
    "another but equal formula": lines("momentum_step", "v + (1 - beta) * (dw - v)", "w - v * alpha"),
    "in one line": function(
        f"momentum_step{STEP}",
        "return w - alpha * beta * v - alpha * (1 - beta) * dw, beta * v - beta * dw + dw",
    ),
    "arrays made of everything": lines("momentum_step", V, W, "np.array(w), np.array(v)"),
    "float32": function(
        f"momentum_step{STEP}",
        f"w, v, dw = np.float32(w), np.float32(v), np.float32(dw)\nv = {V}\nreturn {W}, v",
    ),
    "a list": lines("momentum_step", V, W, "[w, v]"),
    "one array of both": lines("momentum_step", V, W, "np.array([w, v])"),
    "lists inside": lines("momentum_step", V, W, "np.asarray(w).tolist(), np.asarray(v).tolist()"),
    "tuples inside": lines("momentum_step", V, W, "w if np.ndim(w) != 1 else tuple(w), v"),
    "in place on copies": function(
        f"momentum_step{STEP}",
        "w, v = np.array(w, dtype=float), np.array(v, dtype=float)\n"
        "v *= beta\nv += (1 - beta) * dw\nw -= alpha * v\nreturn w, v",
    ),
    "with defaults and more arguments": function(
        "momentum_step(w, v, dw, alpha=0.1, beta=0.9, verbose=False)", f"v = {V}\nreturn {W}, v"
    ),
    "any arguments": function(
        "momentum_step(w, v, dw, *rest, **more)", "alpha, beta = rest\n" + f"v = {V}\nreturn {W}, v"
    ),
    "a loop over elements": function(
        f"momentum_step{STEP}",
        """
        if not np.ndim(w):
            v = beta * v + (1 - beta) * dw
            return w - alpha * v, v
        pairs = [momentum_step(*one, alpha, beta) for one in zip(w, v, dw)]
        return [w for w, v in pairs], [v for w, v in pairs]
        """,
    ),
    "vectorised by numpy": function(f"slow{STEP}", f"v = {V}\nreturn {W}, v")
    + "\nmomentum_step = np.vectorize(slow)",
    "a lambda": "momentum_step = lambda w, v, dw, alpha, beta: "
    "(w - alpha * (beta * v + (1 - beta) * dw), beta * v + (1 - beta) * dw)",
    "a class": "class Step:\n    def __call__(self, w, v, dw, alpha, beta):\n"
    "        v = beta * v + (1 - beta) * dw\n        return w - alpha * v, v\nmomentum_step = Step()",
    "it prints as well": function(f"momentum_step{STEP}", f"v = {V}\nprint(v)\nreturn {W}, v"),
    "it warns": function(f"momentum_step{STEP}", f"np.array([1.0]) / 0\nv = {V}\nreturn {W}, v"),
    "np.add and np.multiply": lines(
        "momentum_step",
        "np.add(np.multiply(beta, v), np.multiply(1 - beta, dw))",
        "np.subtract(w, np.multiply(alpha, v))",
    ),
    "np.dot": lines("momentum_step", "np.dot(beta, v) + np.dot(1 - beta, dw)", W),
    "np.float64 numbers": lines("momentum_step", V, W, "np.float64(w) if not np.ndim(w) else w, v"),
}


@pytest.mark.parametrize("style", RIGHT_STEPS)
def test_right_steps(style):
    assert causes("momentum_step", [RIGHT_STEPS[style]]) == {RIGHT}


HEAVY_V = "beta * v + dw"
HEAVY = [
    ("one_minus_beta_kept", lines("heavy_ball_step", V, W)),
    ("swapped", lines("heavy_ball_step", "v + beta * dw", W)),
    ("v_is_dw", lines("heavy_ball_step", "dw", W)),
    ("no_beta", lines("heavy_ball_step", "v + dw", W)),
    ("sign_v", lines("heavy_ball_step", "beta * v - dw", W)),
    ("sign_w", lines("heavy_ball_step", HEAVY_V, "w + alpha * v")),
    ("sign_v", lines("heavy_ball_step", "beta * v - dw", "w + alpha * v")),
    ("alpha_twice", lines("heavy_ball_step", "beta * v + alpha * dw", W)),
    ("alpha_inside", lines("heavy_ball_step", "beta * v + alpha * dw", "w - v")),
    ("alpha_inside", lines("heavy_ball_step", "beta * v - alpha * dw", "w + v")),
    ("no_alpha", lines("heavy_ball_step", HEAVY_V, "w - v")),
    ("same_weight", lines("heavy_ball_step", "beta * v + beta * dw", W)),
    ("share_twice", lines("heavy_ball_step", HEAVY_V, "w - alpha * (1 - beta) * v")),
    ("lecture_scaled", lines("heavy_ball_step", "(1 - beta) * (beta * v + dw)", W)),
    ("old_v", function(f"heavy_ball_step{STEP}", f"w = {W}\nv = {HEAVY_V}\nreturn w, v")),
    ("not_carried", function(f"heavy_ball_step{STEP}", f"u = {HEAVY_V}\nreturn w - alpha * u, v")),
    ("swapped_results", lines("heavy_ball_step", HEAVY_V, W, "v, w")),
    ("in_place", function(f"heavy_ball_step{STEP}", f"v = {HEAVY_V}\nw -= alpha * v\nreturn w, v")),
    (RIGHT, lines("heavy_ball_step", HEAVY_V, W)),
    (RIGHT, lines("heavy_ball_step", "dw + v * beta", "w + (-alpha) * v", "[w, v]")),
]


@pytest.mark.parametrize(("cause", "cell"), HEAVY, ids=[f"{i}-{one[0]}" for i, one in enumerate(HEAVY)])
def test_heavy_ball_steps(cause, cell):
    assert causes("heavy_ball_step", [cell]) == {cause}


@pytest.fixture
def by_their_twins(monkeypatch):
    """Let the twins of the mistakes, which come from lesson_utils, stand for what a student wrote by hand."""
    monkeypatch.setattr("lesson_utils.checks.student._borrowing", lambda function, may_use: "")


@pytest.mark.parametrize("form", [LECTURE, HEAVY_BALL], ids=["lecture", "heavy ball"])
def test_every_slip_is_reachable(form, by_their_twins):
    """A table entry that another one before it always explains would never be said."""
    name = "momentum_step" if form is LECTURE else "heavy_ball_step"
    for slips, rule in broken_steps(form):
        if len(slips) > 1:
            break
        assert {examine(name, {name: _over_arrays(rule)}, seed).cause for seed in range(5)} == {
            slips[0].cause
        }


@pytest.mark.parametrize("form", [LECTURE, HEAVY_BALL], ids=["lecture", "heavy ball"])
def test_two_and_three_slips_at_once_are_never_right_and_never_nameless(form, by_their_twins):
    name = "momentum_step" if form is LECTURE else "heavy_ball_step"
    several = [(slips, rule) for slips, rule in broken_steps(form) if len(slips) > 1]
    for slips, rule in random.Random(4).sample(several, 150):
        verdict = examine(name, {name: _over_arrays(rule)}, 11)
        assert verdict.status == WRONG, slips
        assert verdict.cause not in ("other", "check_failed"), slips


def _over_arrays(rule):
    return lambda w, v, dw, alpha, beta: rule(w, v, dw, alpha, beta)


# ------------------------------------------------------------------------------------------ the descent

DESCEND = "descend(gradient, w, b, alpha, beta, steps)"


def descent(loop, before="", after="return w, b", count="steps"):
    start = "v_dw = np.zeros(np.shape(w))\nv_db = 0.0"
    body = textwrap.indent(textwrap.dedent(loop).strip("\n"), "    ")
    return function(DESCEND, f"{start}\n{before}\nfor t in range({count}):\n{body}\n{after}")


GRADIENT = "dw, db = gradient(w, b)\n"
VS = "v_dw = beta * v_dw + (1 - beta) * dw\nv_db = beta * v_db + (1 - beta) * db\n"
SWAPPED_VS = "v_dw = (1 - beta) * v_dw + beta * dw\nv_db = (1 - beta) * v_db + beta * db\n"
MOVES = "w = w - alpha * v_dw\nb = b - alpha * v_db\n"
LOOP = GRADIENT + VS + MOVES
STEP_W = "w, v_dw = momentum_step(w, v_dw, dw, alpha, beta)\n"
STEP_B = "b, v_db = momentum_step(b, v_db, db, alpha, beta)\n"
ZEROS_LIKE = "v_dw = np.zeros_like(w)"


def instead(old, new, **more):
    """Return the right descent with one thing changed."""
    assert old in LOOP
    return descent(LOOP.replace(old, new), **more)


DESCENTS = [
    ("not_carried", descent("v_dw, v_db = 0 * w, 0.0\n" + LOOP)),
    (
        "not_carried",
        descent(GRADIENT + STEP_W.replace(", v_dw =", ", _ =") + STEP_B.replace(", v_db =", ", _ =")),
    ),
    (
        "not_carried",
        descent(GRADIENT + VS.replace("beta * v_dw + ", "").replace("beta * v_db + ", "") + MOVES),
    ),
    ("v_is_dw", descent(GRADIENT + "w = w - alpha * dw\nb = b - alpha * db")),
    ("b_forgotten", descent(GRADIENT + VS + "w = w - alpha * v_dw")),
    ("b_forgotten", descent(GRADIENT + STEP_W)),
    ("w_forgotten", descent(GRADIENT + VS + "b = b - alpha * v_db")),
    ("b_uses_dw", instead("(1 - beta) * db", "(1 - beta) * dw")),
    ("b_uses_dw", instead("b - alpha * v_db", "b - alpha * v_dw")),
    ("w_uses_db", instead("(1 - beta) * dw", "(1 - beta) * db")),
    ("crossed", instead("dw, db =", "db, dw =")),
    ("shared_v", descent(GRADIENT + STEP_W + STEP_B.replace("v_db", "v_dw"))),
    ("b_plain", instead("b - alpha * v_db", "b - alpha * db")),
    ("w_plain", instead("w - alpha * v_dw", "w - alpha * dw")),
    ("stale", descent(VS + MOVES, before=GRADIENT)),
    ("stale", descent("dw, _ = gradient(w, b)\n" + STEP_W + "_, db = gradient(w, b)\n" + STEP_B)),
    ("stale", descent("_, db = gradient(w, b)\n" + STEP_B + "dw, _ = gradient(w, b)\n" + STEP_W)),
    ("stale", instead("gradient(w, b)", "gradient(w_0, b_0)", before="w_0, b_0 = w, b")),
    ("not_updated", descent(LOOP.replace("\nw =", "\nx =").replace("\nb =", "\ny ="), after="return x, y")),
    ("not_moved", descent(LOOP.replace("\nw =", "\nx =").replace("\nb =", "\ny ="))),
    ("old_v", descent(GRADIENT + MOVES + VS)),
    ("swapped", descent(GRADIENT + SWAPPED_VS + MOVES)),
    ("no_one_minus_beta", instead("(1 - beta) * ", "")),
    ("no_beta", descent(LOOP.replace("= beta * v", "= v"))),
    ("sign", instead("- alpha", "+ alpha")),
    ("sign", instead("+ (1 - beta)", "- (1 - beta)")),
    ("alpha_twice", instead("(1 - beta) *", "alpha * (1 - beta) *")),
    ("no_alpha", instead("alpha * ", "")),
    ("corrected", descent(GRADIENT + VS + re.sub(r"(v_d.)", r"\1 / (1 - beta**(t + 1))", MOVES))),
    ("corrected_stored", descent(GRADIENT + re.sub(r"= (.+)", r"= (\1) / (1 - beta**(t + 1))", VS) + MOVES)),
    ("too_many", descent(LOOP, count="steps + 1")),
    ("too_few", descent(LOOP, count="steps - 1")),
    ("too_few", descent(LOOP, count="1, steps")),
    ("one_step", descent(LOOP + "return w, b")),
    ("swapped_results", descent(LOOP, after="return b, w")),
    ("only_w", descent(LOOP, after="return w")),
    ("only_b", descent(LOOP, after="return b")),
    ("returns_v", descent(LOOP, after="return v_dw, v_db")),
    ("too_many_values", descent(LOOP, after="return w, b, v_dw, v_db")),
    ("path", descent(LOOP + "path.append((w, b))", before="path = [(w, b)]", after="return path")),
    ("arguments_swapped", instead("gradient(w, b)", "gradient(b, w)")),
    ("raised", instead("gradient(w, b)", "gradient(w)")),
    ("in_place", descent(GRADIENT + VS + "w -= alpha * v_dw\nb -= alpha * v_db")),
    ("name", instead("alpha * v_dw", "alpha * vdw")),
    ("endless", function(DESCEND, "t = 0\nwhile t < steps:\n    dw, db = gradient(w, b)\nreturn w, b")),
    ("nothing", descent(LOOP, after="")),
    ("printed", descent(LOOP, after="print(w, b)")),
    ("path", descent(LOOP + "path.append(w)\n", before="path = []", after="return path, b")),
    ("path", descent(LOOP + "path.append(b)\n", before="path = [b]", after="return w, np.array(path)")),
    ("nan", descent(LOOP, after="return w * math.nan, b")),
    ("only_vectors", descent(LOOP, before="v_dw = np.zeros(w.shape)")),
    ("only_scalars", instead("(1 - beta) * dw", "(1 - beta) * float(dw)")),
    ("only_scalars", instead("w - alpha * v_dw", "w - alpha * np.sum(v_dw)")),
    ("integers", descent(LOOP.replace("\nw =", "\nw[...] ="), before="w = np.array(w)")),
    ("integers", descent(LOOP.replace("\nv_dw =", "\nv_dw[...] ="), before=ZEROS_LIKE)),
    ("integers", descent(LOOP.replace("v_dw = beta * v_dw +", "v_dw *= beta\nv_dw +="), before=ZEROS_LIKE)),
    ("sign+b_forgotten", descent(GRADIENT + VS + "w = w + alpha * v_dw")),
    ("too_many+swapped", descent(GRADIENT + SWAPPED_VS + MOVES, count="steps + 1")),
    ("second_step", instead("alpha * v", "alpha / (t + 1) * v")),
    (
        "remembers",
        "v_dw = v_db = 0.0\n"
        + function(
            DESCEND,
            "global v_dw, v_db\nfor t in range(steps):\n" + textwrap.indent(LOOP, "    ") + "return w, b",
        ),
    ),
]


@pytest.mark.parametrize(("cause", "cell"), DESCENTS, ids=[f"{i}-{one[0]}" for i, one in enumerate(DESCENTS)])
def test_mistakes_in_a_descent(cause, cell):
    seeds = range(1) if cause == "endless" else SEEDS
    named = causes("descend", [SHORT, cell], seeds)
    assert {"+".join(sorted(one.split("+"))) for one in named} == {"+".join(sorted(cause.split("+")))}


RIGHT_DESCENTS = {
    "the four lines": descent(LOOP),
    "with momentum_step": descent(GRADIENT + STEP_W + STEP_B),
    "alpha inside v": descent(
        GRADIENT + VS.replace("(1 - beta)", "alpha * (1 - beta)") + "w, b = w - v_dw, b - v_db"
    ),
    "a while loop": function(
        DESCEND,
        "v_dw, v_db, t = 0, 0, 0\nwhile t < steps:\n"
        + textwrap.indent(LOOP, "    ")
        + "    t += 1\nreturn [w, b]",
    ),
    "gradient called twice": descent("dw = gradient(w, b)[0]\ndb = gradient(w, b)[1]\n" + VS + MOVES),
    "one gradient more": descent(VS + MOVES + GRADIENT, before=GRADIENT),
    "zeros_like": descent(LOOP, before="v_dw, v_db = np.zeros_like(w), np.zeros_like(b)"),
    "float32": descent(LOOP, before="w, b = np.float32(w), np.float32(b)"),
    "in place on copies": descent(
        GRADIENT + VS + "w -= alpha * v_dw\nb -= alpha * v_db",
        before="w, b = np.array(w, float), np.array(b, float)",
    ),
    "a heavy ball at its own alpha": descent(
        LOOP.replace("(1 - beta) * ", "").replace("alpha * v", "(1 - beta) * alpha * v")
    ),
    "recursion": """
        def run(gradient, w, b, v_dw, v_db, alpha, beta, steps):
            if steps == 0:
                return w, b
            dw, db = gradient(w, b)
            w, v_dw = momentum_step(w, v_dw, dw, alpha, beta)
            b, v_db = momentum_step(b, v_db, db, alpha, beta)
            return run(gradient, w, b, v_dw, v_db, alpha, beta, steps - 1)

        def descend(gradient, w, b, alpha, beta, steps):
            return run(gradient, w, b, 0, 0, alpha, beta, steps)
        """,
    "dicts": """
        def descend(gradient, w, b, alpha, beta, steps):
            p, v = {"w": w, "b": b}, {"w": 0, "b": 0}
            for t in range(steps):
                for k, d in zip("wb", gradient(p["w"], p["b"])):
                    p[k], v[k] = momentum_step(p[k], v[k], d, alpha, beta)
            return p["w"], p["b"]
        """,
}


@pytest.mark.parametrize("style", RIGHT_DESCENTS)
def test_right_descents(style):
    assert causes("descend", [SHORT, RIGHT_DESCENTS[style]]) == {RIGHT}


# -------------------------------------------------------------------------------------- initialize_velocity

INITIALIZE = "initialize_velocity(parameters)"


def zeros(value, key='f"v_d{name}"'):
    return function(
        INITIALIZE,
        f"velocity = {{}}\nfor name, value in parameters.items():\n    velocity[{key}] = {value}\nreturn velocity",
    )


def for_each(line, before="velocity = {}", after="return velocity"):
    """Return a function that runs a line (or lines) for each parameter."""
    body = textwrap.indent(line, "    ")
    return function(INITIALIZE, f"{before}\nfor name, value in list(parameters.items()):\n{body}\n{after}")


def returning(expression):
    return function(INITIALIZE, f"return {expression}")


STORE = 'velocity[f"v_d{name}"] = '
SHAPED = "np.zeros(np.shape(value))"
W_ZEROS, B_ZEROS = (f'"v_d{one}": np.zeros(np.shape(parameters["{one}"]))' for one in "wb")
VELOCITIES = [
    ("ones", zeros("np.ones(np.shape(value))")),
    ("not_zero", zeros("np.full(np.shape(value), 1e-3)")),
    ("copied", zeros("value")),
    ("copied", zeros("np.copy(value)")),
    ("keys", zeros(SHAPED, 'f"d{name}"')),
    ("keys", zeros(SHAPED, "name")),
    ("keys", zeros(SHAPED, 'f"v_{name}"')),
    ("keys", returning('{**parameters, **{f"v_d{k}": 0 * p for k, p in parameters.items()}}')),
    ("shape", zeros("0.0")),
    ("shape", zeros("np.zeros(np.size(value))")),
    ("shape", zeros("np.zeros(2)")),
    ("shape", zeros(f"{SHAPED}.T")),
    ("integers", zeros("np.zeros_like(value)")),
    ("integers", zeros("np.zeros(np.shape(value), dtype=int)")),
    ("integers", zeros("0 * value")),
    (
        "in_place",
        for_each('parameters[f"v_d{name}"] = 0.0 * parameters.pop(name)', after="return parameters"),
    ),
    (
        "in_place",
        for_each("if np.ndim(value):\n    value[...] = 0\n" + STORE + "value if np.ndim(value) else 0.0"),
    ),
    ("in_place", for_each("value *= 0\n" + STORE + "value")),
    ("in_place", for_each(f"parameters[name] = {SHAPED}\n" + STORE + "parameters[name]")),
    ("only_vectors", zeros("np.zeros(value.shape)")),
    ("only_vectors", zeros("np.zeros((value.shape[0],) + value.shape[1:])")),
    ("only_scalars", zeros("0.0 * float(value)")),
    ("hard_coded", returning(f"{{{W_ZEROS}, {B_ZEROS}}}")),
    ("missing", for_each(STORE + SHAPED + "\nreturn velocity")),
    ("missing", returning(f"{{{W_ZEROS}}}")),
    ("no_dict", returning("np.zeros(3)")),
    ("no_dict", returning("[np.zeros(np.shape(p)) for p in parameters.values()]")),
    ("no_numbers", zeros("None")),
    ("nothing", function(INITIALIZE, "velocity = {}")),
    ("nothing", for_each(STORE + SHAPED, after="")),
    ("printed", function(INITIALIZE, 'print({f"v_d{k}": 0.0 for k in parameters})')),
    ("name", zeros("np.zeros(np.shape(valeu))")),
    ("raised", returning("parameters[0]")),
    (RIGHT, zeros(SHAPED)),
    (RIGHT, zeros("np.zeros_like(value, dtype=float)")),
    (RIGHT, zeros("np.zeros(np.shape(value), dtype=np.float32)")),
    (RIGHT, zeros("0.0 * np.array(value)")),
    (RIGHT, zeros(f"{SHAPED}.tolist()")),
    ("integers", zeros(f"{SHAPED} if np.ndim(value) else 0")),
    ("integers", zeros(f"{SHAPED} if np.ndim(value) else 0 * value")),
    (RIGHT, zeros(f"{SHAPED} if np.ndim(value) else 0.0")),
    (RIGHT, zeros("-0.0 * np.abs(value)")),
    (RIGHT, returning('{f"v_d{k}": np.zeros(np.shape(p)) for k, p in reversed(parameters.items())}')),
    (
        RIGHT,
        "from collections import OrderedDict\n" + for_each(STORE + SHAPED, before="velocity = OrderedDict()"),
    ),
]


@pytest.mark.parametrize(
    ("cause", "cell"), VELOCITIES, ids=[f"{i}-{one[0]}" for i, one in enumerate(VELOCITIES)]
)
def test_velocities(cause, cell):
    assert causes("initialize_velocity", [cell]) == {cause}


# ------------------------------------------------------------------------------------------ the two forms


ALPHAS = [
    ("grows", "alpha / (1 - beta)"),
    ("unchanged", "alpha"),
    ("times_beta", "beta * alpha"),
    ("one_plus_beta", "(1 + beta) * alpha"),
    ("only_factor", "1 - beta"),
    ("twice", "(1 - beta) ** 2 * alpha"),
    ("nan", "alpha * math.nan"),
    ("raised", "alpha / 0"),
    ("other", "alpha - beta"),
    ("no_numbers", "'0.4'"),
    (RIGHT, "(1 - beta) * alpha"),
    (RIGHT, "alpha - alpha * beta"),
    (RIGHT, "np.float32(alpha) * np.float32(1 - beta)"),
    (RIGHT, "np.array(alpha * (1 - beta))"),
]


@pytest.mark.parametrize(("cause", "formula"), ALPHAS, ids=[f"{i}-{one[0]}" for i, one in enumerate(ALPHAS)])
def test_heavy_ball_alpha(cause, formula):
    assert causes("heavy_ball_alpha", [function("heavy_ball_alpha(alpha, beta)", f"return {formula}")]) == {
        cause
    }


def test_heavy_ball_alpha_gives_neither_its_factor_nor_the_gap_away():
    names = notebook(function("heavy_ball_alpha(alpha, beta)", "return (1 - beta) * alpha"))
    assert "e-" not in examine("heavy_ball_alpha", names, 1).sentence
    names = notebook(function("heavy_ball_alpha(alpha, beta)", "return alpha + beta"))
    for seed in SEEDS:
        assert "and beta = 0.64 your" in examine("heavy_ball_alpha", names, seed).sentence


def paths(alpha, steps=60, compared="w"):
    """Return the cells that walk both paths, as a student would, and store the gap."""
    return (
        SHORT,
        lines("heavy_ball_step", HEAVY_V, W),
        f"""
        curvature, path_gap = np.array([0.01, 1.0]), 0.0
        w = u = np.array([-9.0, 1.2])
        v = z = np.zeros(2)
        for t in range({steps}):
            w, v = momentum_step(w, v, curvature * w, 4.0, 0.9)
            u, z = heavy_ball_step(u, z, curvature * u, {alpha}, 0.9)
            path_gap = max(path_gap, np.abs({compared}).max())
        """,
    )


@pytest.mark.parametrize(
    ("cause", "cells"),
    [
        (RIGHT, paths(0.4, compared="w - u")),
        (RIGHT, paths((1 - 0.9) * 4, compared="w - u")),
        ("not_walked", ["path_gap = 0"]),
        ("not_walked", ["path_gap = 0.0"]),
        (RIGHT, ["path_gap = np.array(3e-15)"]),
        ("same_alpha", paths(4.0, compared="w - u")),
        ("grows", paths(40.0, compared="w - u")),
        ("compared_v", paths(0.4, compared="v - z")),
        ("other", paths(0.5, compared="w - u")),
        ("no_number", ["path_gap = True"]),
        ("no_number", ["path_gap = [1e-15, 2e-15]"]),
        ("no_number", ["path_gap = math.nan"]),
        ("no_number", ["path_gap = 'small'"]),
        ("no_abs", ["path_gap = -2e-15"]),
        ("not_done", ["path_gap = ..."]),
        ("not_done", []),
    ],
)
def test_path_gap(cause, cells):
    assert causes("path_gap", cells, range(3)) == {cause}


# -------------------------------------------------------------------------------------------- predictions

RIGHT_FIRST = {"plain": -3.0, "momentum": -0.6, "corrected": -3.0}


@pytest.mark.parametrize(
    ("cause", "changed"),
    [
        (RIGHT, {}),
        (RIGHT, {"momentum": -3 / 5}),
        (RIGHT, {"plain": np.float32(-3), "corrected": np.array(-3)}),
        ("harmless_start", {"momentum": -3}),
        ("swapped", {"momentum": -2.4}),
        ("no_alpha", {"momentum": 1.2}),
        ("no_alpha", {"momentum": -1.2}),
        ("no_alpha", {"plain": -6}),
        ("no_alpha", {"plain": 6}),
        ("stands_still", {"momentum": 0}),
        ("sign", {"plain": 3}),
        ("sign", {"momentum": 0.6}),
        ("sign", {"corrected": 3}),
        ("plain_averaged", {"plain": -0.6}),
        ("correction_ignored", {"corrected": -0.6}),
        ("multiplied", {"corrected": -0.12}),
        ("corrected_too_much", {"corrected": -15}),
        ("divided_by_beta", {"corrected": -0.75}),
        ("t_from_two", {"corrected": -0.6 / 0.36}),
        ("swapped", {"corrected": -2.4}),
        ("place_given", {"plain": 2, "momentum": 4.4, "corrected": 2}),
        ("place_given", {"plain": 2}),
        ("other", {"plain": 17}),
        ("no_number", {"plain": "-3"}),
        ("no_number", {"plain": [-3, -3]}),
        ("no_number", {"corrected": float("inf")}),
        ("missing", {"corrected": None}),
        ("missing", {"corrected": ...}),
        ("not_done", {"plain": ..., "momentum": ..., "corrected": ...}),
    ],
)
def test_first_steps(cause, changed):
    verdict = examine("first_steps", {"first_steps": {**RIGHT_FIRST, **changed}}, 1)
    assert (verdict.cause or verdict.status) == cause
    if cause not in (RIGHT, "no_number"):
        # What is said of a wrong prediction must not give away the right one.
        assert not re.search(
            r"−0\.6\b|−3\b|0\.2\b", verdict.sentence.replace(_typed(changed), "") + verdict.place
        )


def _typed(changed):
    return f"{next(iter(changed.values()))}".replace("-", "−")


@pytest.mark.parametrize(
    ("cause", "value"),
    [
        (RIGHT, [-3, -0.6, -3]),
        ("not_done", ...),
        ("not_done", None),
        ("not_done", {}),
        ("missing", {"plain": -3, "corrected": -3}),
        ("keys", {"plain": -3, "Momentum": -0.6, "corrected": -3}),
        ("keys", {"Plain": -3, "Momentum": -0.6, "Corrected": -3}),
        ("no_dict", -3),
        ("no_dict", "plain"),
    ],
)
def test_first_steps_in_other_boxes(cause, value):
    verdict = examine("first_steps", {"first_steps": value}, 1)
    assert (verdict.cause or verdict.status) == cause


# ---------------------------------------------------------------------------------------- the largest alpha

LIMITS = [
    ("no_beta", "2 / curvature"),
    ("heavy_ball", "2 * (1 + beta) / curvature"),
    ("inverse", "2 / curvature * (1 - beta) / (1 + beta)"),
    ("no_curvature", "2 * (1 + beta) / (1 - beta)"),
    ("curvature_above", "2 * curvature * (1 + beta) / (1 - beta)"),
    ("no_two", "(1 + beta) / ((1 - beta) * curvature)"),
    ("one_minus_beta", "2 / ((1 - beta) * curvature)"),
    ("ripples", "(1 - beta**.5)**2 / ((1 - beta) * curvature)"),
    ("ripples", "(1 + beta**.5)**2 / ((1 - beta) * curvature)"),
]
FORMULA = "2 / curvature * (1 + beta) / (1 - beta)"


@pytest.mark.parametrize("name", ["alpha_limit", "largest_alpha"])
@pytest.mark.parametrize(("cause", "formula"), [*LIMITS, (RIGHT, FORMULA)], ids=lambda one: one[:20])
def test_limits_by_formula(name, cause, formula):
    assert causes(name, [function(f"{name}(curvature, beta)", f"return {formula}")]) == {cause}


@pytest.mark.parametrize(
    ("cause", "body"),
    [
        ("nan", "return math.nan"),
        ("nothing", "alpha = 2"),
        ("other", "return 7 + beta"),
        ("raised", "return 2 / (1 - beta) / (curvature - curvature)"),
        ("other", f"return 1.01 * {FORMULA}"),
    ],
)
def test_other_limits(cause, body):
    assert causes("alpha_limit", [function("alpha_limit(curvature, beta)", body)]) == {cause}


def bisection(
    high="1000.0",
    rounds="range(40)",
    step="momentum_step",
    test="abs(w) < 1",
    count=500,
    back="return low",
    start="1.0",
):
    return function(
        "largest_alpha(curvature, beta)",
        f"low, high = 0.0, {high}\nfor _ in {rounds}:\n    alpha, w, v = (low + high) / 2, {start}, 0 * {start}\n"
        f"    for t in range({count}):\n        w, v = {step}(w, v, curvature * w, alpha, beta)\n"
        f"    if {test}:\n        low = alpha\n    else:\n        high = alpha\n{back}",
    )  # fmt: skip


WHILE = """
low, high = 0.0, 1000.0
while high - low > {width}:
    alpha, w, v = (low + high) / 2, 1.0, 0.0
    for t in range(500):
        w, v = momentum_step(w, v, curvature * w, alpha, beta)
    if abs(w) < 1:
        low = alpha
    else:
        high = alpha
return low
"""
FEW = range(8)


@pytest.mark.parametrize(
    ("cause", "cell"),
    [
        (RIGHT, bisection()),
        (RIGHT, bisection(back="return (low + high) / 2")),
        (RIGHT, bisection(back="return np.float32(high)")),
        (RIGHT, bisection(high="5000 / curvature", test="abs(w) < 1e-2", count=2000)),
        (RIGHT, bisection(test="not (abs(w) >= 1 or math.isnan(w))")),
        (RIGHT, bisection(start="np.array(1.0)")),
        (
            RIGHT,
            bisection(start="np.array([1.0])", test="np.all(np.abs(w) < 1)", back="return np.array(low)"),
        ),
        (RIGHT, function("largest_alpha(curvature, beta)", WHILE.format(width=1e-3))),
        ("heavy_ball", bisection(step="heavy_ball_step")),
        ("no_beta", bisection(step="(lambda w, v, dw, alpha, beta: (w - alpha * dw, v))")),
        ("no_curvature", bisection().replace("curvature * w", "w")),
        ("interval", bisection(back="return low, high")),
        ("bracket", bisection(high="1.0")),
        ("bracket", bisection(high="3.0 / curvature")),
        ("no_beta", bisection(high="2.0 / curvature")),
        ("nan_converges", bisection(test="not abs(w) > 1")),
        ("coarse", bisection(high="400 / curvature", rounds="range(8)")),
        ("coarse", function("largest_alpha(curvature, beta)", f"return 1.03 * {FORMULA}")),
        (RIGHT, function("largest_alpha(curvature, beta)", f"return 1.007 * {FORMULA}")),
        ("endless", function("largest_alpha(curvature, beta)", WHILE.format(width=0))),
        (
            "endless",
            function(
                "largest_alpha(curvature, beta)", WHILE.format(width=1e-3).replace("high = alpha", "pass")
            ),
        ),
        ("nothing", bisection(back="")),
        ("printed", bisection(back="print(low)")),
    ],
)
def test_largest_alpha(cause, cell):
    seeds = range(1) if cause == "endless" else FEW
    assert causes("largest_alpha", [SHORT, lines("heavy_ball_step", HEAVY_V, W), cell], seeds) == {cause}


# ---------------------------------------------------------------------------------------- all exercises


HEADERS = {
    "initialize_velocity": INITIALIZE,
    "momentum_step": f"momentum_step{STEP}",
    "descend": DESCEND,
    "heavy_ball_step": f"heavy_ball_step{STEP}",
    "heavy_ball_alpha": "heavy_ball_alpha(alpha, beta)",
    "alpha_limit": "alpha_limit(curvature, beta)",
    "largest_alpha": "largest_alpha(curvature, beta)",
}


@pytest.mark.parametrize("name", EXERCISES)
def test_untouched_is_not_done(name):
    cells = {"missing": [], "given away": [f"{name} = ..."]}
    if name in HEADERS:
        cells["stub"] = [function(HEADERS[name], "...  # your code here")]
        cells["pass"] = [function(HEADERS[name], '"""Text."""\npass')]
    for kind, cell in cells.items():
        verdict = examine(name, notebook(*cell), 1)
        assert verdict.status == OPEN, kind
        assert verdict.sentence.startswith("not done yet")


@pytest.mark.parametrize("name", EXERCISES)
def test_the_package_is_no_answer(name):
    from lesson_utils import optimizers

    taken = getattr(optimizers, name, None)
    if taken is not None:
        assert examine(name, {name: taken}, 1).status == WRONG


def said():
    """Yield every verdict that the tables of mistakes lead to, and all slips one by one."""
    for tables, name in (
        (STEPS, "momentum_step"),
        (HEAVY, "heavy_ball_step"),
        (VELOCITIES, "initialize_velocity"),
    ):
        for cause, cell in tables:
            if cause != "endless":
                yield name, examine(name, notebook(cell), 5)
    for cause, cell in DESCENTS:
        if cause != "endless":
            yield "descend", examine("descend", notebook(SHORT, cell), 5)


ANSWERS = re.compile(
    r"beta \* v|\(1 - beta\) \* dw|alpha \* v|1 − beta\) ?[·*]|np\.zeros\(np\.shape|dtype=float"
)
BELITTLES = re.compile(
    r"\b(?:simply|easy|easily|obvious(?:ly)?|clearly|just|trivial|of course)\b", re.IGNORECASE
)


def test_what_is_said():
    count = 0
    for name, verdict in said():
        if verdict.status == RIGHT:
            continue
        count += 1
        words = f"{verdict.sentence} {verdict.place}"
        assert name in verdict.sentence or "v_d" in verdict.sentence, words
        assert not ANSWERS.search(words), words
        assert not BELITTLES.search(words), words
        assert "Traceback" not in words and "lesson_utils" not in words, words
        assert verdict.sentence.endswith((".", "?")) and "\n" not in verdict.sentence, words
        assert len(re.findall(r"[.?](?:\s|$)", verdict.sentence)) <= 4, words
    assert count > 100


def test_every_walk_is_reachable(by_their_twins):
    """Each slip of the table, as a function, is named as itself."""
    for slips, walked in broken_walks():
        if len(slips) > 1:
            break
        verdict = examine("descend", {"descend": _of_numbers(walked)}, 2)
        assert verdict.cause == slips[0].cause, slips[0].sentence


def test_two_slips_in_a_walk_are_named(by_their_twins):
    several = [(slips, walked) for slips, walked in broken_walks() if len(slips) > 1]
    for slips, walked in random.Random(5).sample(several, 150):
        verdict = examine("descend", {"descend": _of_numbers(walked)}, 12)
        assert verdict.cause not in ("other", "second_step", "check_failed"), slips


def _of_numbers(walked):
    """Return a student's descent that walks as `walked` does; it asks the gradient for the bowl."""
    from lesson_utils.checks.descents import Task

    def descend(gradient, w, b, alpha, beta, steps):
        size = np.shape(w)
        at = np.ravel(w).astype(float).tolist()

        def slope(w, b):
            dw, db = gradient(np.reshape(w, size) if size else w[0], b)
            return np.ravel(dw).tolist(), float(db)

        task = Task(at if size else at[0], b, alpha, beta, steps, [], [])
        task.slope = slope
        out = walked(task)
        return (np.reshape(out[:-1], size) if size else out[0]), out[-1]

    return descend


def test_checks_are_not_fooled_by_a_patched_numpy(monkeypatch):
    for name in ("allclose", "isclose", "array_equal", "all", "array", "asarray"):
        monkeypatch.setattr(np, name, lambda *args, **kwargs: True)
    assert examine("momentum_step", notebook(dict(STEPS)["swapped"]), 1).cause == "swapped"


def test_check_prints_one_answer(capsys):
    names = notebook(dict(STEPS)["swapped"])
    names["check"] = check
    exec('check("momentum_step")\ncheck("momentum_step", hint=True)', names)
    out = capsys.readouterr().out
    assert out.count("the two weights look swapped") == 2
    assert 'Where to look: check("momentum_step", hint=True)' in out and "Look here:" in out
