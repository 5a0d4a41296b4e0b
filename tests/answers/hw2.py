"""Homework 2: momentum in both conventions, the descent, and the largest α."""

import re
import textwrap

import numpy as np

from tests.answers import Answers, function, replaced

STEP = "(w, v, dw, alpha, beta)"
HEADERS = {
    "initialize_velocity": "initialize_velocity(parameters)",
    "momentum_step": f"momentum_step{STEP}",
    "descend": "descend(gradient, w, b, alpha, beta, steps)",
    "heavy_ball_step": f"heavy_ball_step{STEP}",
    "heavy_ball_alpha": "heavy_ball_alpha(alpha, beta)",
    "alpha_limit": "alpha_limit(curvature, beta)",
    "largest_alpha": "largest_alpha(curvature, beta)",
}

# ------------------------------------------------------------------------------------------ the step

V, W = "beta * v + (1 - beta) * dw", "w - alpha * v"
HEAVY_V = "beta * v + dw"


def step(v=V, w=W, returned="w, v", name="momentum_step"):
    """Return the lecture's step with its lines of v and w."""
    return function(HEADERS[name], f"v = {v}", f"w = {w}", f"return {returned}")


def heavy(v=HEAVY_V, w=W, returned="w, v"):
    """Return the heavy ball's step."""
    return step(v, w, returned, "heavy_ball_step")


def body(*lines, name="momentum_step"):
    """Return a step with these lines in it."""
    return function(HEADERS[name], *lines)


SHORT = body(f"v = {V}", "return w - alpha * v, v")
RIGHT_STEP = {
    "as in lesson 4": SHORT,
    "a correction of v": step("v + (1 - beta) * (dw - v)", "w - v * alpha"),
    "in one line": body("return w - alpha * beta * v - alpha * (1 - beta) * dw, beta * v - beta * dw + dw"),
    "arrays made of everything": step(returned="np.array(w), np.array(v)"),
    "float32": body("w, v, dw = np.float32(w), np.float32(v), np.float32(dw)", f"v = {V}", f"return {W}, v"),
    "a list": step(returned="[w, v]"),
    "one array of both": step(returned="np.array([w, v])"),
    "lists inside": step(returned="np.asarray(w).tolist(), np.asarray(v).tolist()"),
    "tuples inside": step(returned="w if np.ndim(w) != 1 else tuple(w), v"),
    "in place on copies": body(
        "w, v = np.array(w, dtype=float), np.array(v, dtype=float)",
        "v *= beta",
        "v += (1 - beta) * dw",
        "w -= alpha * v",
        "return w, v",
    ),
    "with defaults and more arguments": function(
        "momentum_step(w, v, dw, alpha=0.1, beta=0.9, verbose=False)", f"v = {V}", f"return {W}, v"
    ),
    "any arguments": function(
        "momentum_step(w, v, dw, *rest, **more)", "alpha, beta = rest", f"v = {V}", f"return {W}, v"
    ),
    "a loop over elements": body(
        "if not np.ndim(w):",
        "    v = beta * v + (1 - beta) * dw",
        "    return w - alpha * v, v",
        "pairs = [momentum_step(*one, alpha, beta) for one in zip(w, v, dw)]",
        "return [w for w, v in pairs], [v for w, v in pairs]",
    ),
    "vectorised by numpy": replaced(SHORT, ("momentum_step", "slow"))
    + "\nmomentum_step = np.vectorize(slow)",
    "a lambda": f"momentum_step = lambda w, v, dw, alpha, beta: (w - alpha * ({V}), {V})",
    "a class": "class Step:\n"
    + textwrap.indent(function("__call__(self, w, v, dw, alpha, beta)", f"v = {V}", f"return {W}, v"), "    ")
    + "\nmomentum_step = Step()",
    "it prints as well": body(f"v = {V}", "print(v, 'x' * 1000)", f"return {W}, v"),
    "it warns": body("np.array([1.0]) / 0", f"v = {V}", f"return {W}, v"),
    "np.add and np.multiply": step(
        "np.add(np.multiply(beta, v), np.multiply(1 - beta, dw))", "np.subtract(w, np.multiply(alpha, v))"
    ),
    "np.dot": step("np.dot(beta, v) + np.dot(1 - beta, dw)"),
    "np.float64 numbers": step(returned="np.float64(w) if not np.ndim(w) else w, v"),
}
WRONG_STEP = [
    ("swapped", step("(1 - beta) * v + beta * dw")),
    ("share_missing", step("beta * v + dw")),
    ("no_beta_v", step("(1 - beta) * dw")),
    ("v_is_dw", step("dw")),
    ("kept_whole", step("v + (1 - beta) * dw")),
    ("sign_v", step("beta * v - (1 - beta) * dw")),
    ("sign_v", step("beta * v - (1 - beta) * dw", "w + alpha * v")),
    ("sign_beta_v", step("(1 - beta) * dw - beta * v")),
    ("same_weight", step("beta * v + beta * dw")),
    ("same_weight", step("(1 - beta) * v + (1 - beta) * dw")),
    ("one_plus_beta", step("beta * v + (1 + beta) * dw")),
    ("bracket", step("beta * (v + (1 - beta) * dw)")),
    ("product", step("beta * v * (1 - beta) * dw")),
    ("divided", step(f"({V}) / (1 - beta)")),
    ("divided", step(w="w - alpha * v / (1 - beta)")),
    ("squared", step("beta * v + (1 - beta) * dw**2")),
    ("unsigned", step("beta * v + (1 - beta) * abs(dw)")),
    ("unsigned", step("beta * v + (1 - beta) * np.linalg.norm(dw)")),
    ("brackets", step("beta * v + 1 - beta * dw")),
    ("brackets", step(w="w - alpha * beta * v + (1 - beta) * dw", v=V).replace("v = beta", "new = beta", 1)
     .replace("return w, v", "return w, new")),
    ("no_x", step("beta * v")),
    ("beta_ignored", step("0.9 * v + 0.1 * dw")),
    ("other", body("beta = min(beta, 0.9)", f"v = {V}", f"return {W}, v")),
    ("other", body("alpha = min(alpha, 0.5)", f"v = {V}", f"return {W}, v")),
    ("other", step("beta * v + (1 - beta) * np.clip(dw, -5, 5)")),
    ("alpha_ignored", body(f"v = {V}", "return w - beta * v, v")),
    ("remembers", step("beta * v + (1 - beta) * dw * np.random.rand()")),
    ("input", body(f"v = {V}", "return w - float(input()) * v, v")),
    ("w_for_dw", step("beta * v + (1 - beta) * w")),
    ("sign_w", step(w="w + alpha * v")),
    ("no_alpha", step(w="w - v")),
    ("along_dw", step(w="w - alpha * dw")),
    ("step_only", step(w="-alpha * v")),
    ("step_only", step(w="alpha * v")),
    ("not_moved", step(w="w")),
    ("nesterov", step(w=f"w - alpha * ({V})")),
    ("both", step(w="w - alpha * (v + dw)")),
    ("alpha_divides", step(w="w - v / alpha")),
    ("bracket_w", step(w="alpha * (w - v)")),
    ("share_twice", step(w="w - alpha * (1 - beta) * v")),
    ("alpha_twice", step("beta * v + alpha * (1 - beta) * dw")),
    ("alpha_twice", step(w="w - alpha * alpha * v")),
    ("alpha_twice", step(f"alpha * ({V})")),
    ("alpha_inside", step("beta * v + (1 - beta) * alpha * dw", "w - v")),
    ("alpha_inside", step(f"alpha * ({V})", "w - v")),
    ("alpha_inside", step("beta * v - alpha * (1 - beta) * dw", "w + v")),
    ("alpha_inside", step(returned="w, alpha * v")),
    # Two mistakes at once.
    ("swapped+sign_w", step("(1 - beta) * v + beta * dw", "w + alpha * v")),
    ("share_missing+no_alpha", step("beta * v + dw", "w - v")),
    ("no_beta_v+along_dw", step("(1 - beta) * dw", "w - alpha * dw")),
    ("swapped_results+sign_w", step(w="w + alpha * v", returned="v, w")),
    # What is handed back.
    ("old_v", body(f"w = {W}", f"v = {V}", "return w, v")),
    ("not_carried", body(f"u = {V}", "w = w - alpha * u", "return w, v")),
    ("not_carried", step(returned="w, 0 * v")),
    ("returns_dw", step(returned="w, dw")),
    ("returns_step", step(returned="w, -alpha * v")),
    ("swapped_results", step(returned="v, w")),
    ("only_w", step(returned="w")),
    ("only_w", step("(1 - beta) * dw", returned="w")),
    ("only_v", step(returned="v")),
    ("too_many_values", step(returned="w, v, dw")),
    ("no_pair", step(returned="{'w': w, 'v': v}")),
    ("no_pair", step(returned="'done'")),
    ("no_numbers", step(returned="w, None")),
    ("nothing", step(returned="")),
    ("printed", body(f"v = {V}", f"print({W}, v)")),
    ("nan", step(w="w * math.nan")),
    ("nan", step(f"{V} + math.inf")),
    ("in_place", body("v *= beta", "v += (1 - beta) * dw", "w -= alpha * v", "return w, v")),
    ("in_place", body(f"v = {V}", "w -= alpha * v", "return w, v")),
    ("in_place", body("v *= beta", "v += (1 - beta) * dw", f"return {W}, v")),
    ("in_place", body("if np.ndim(v):", f"    v[...] = {V}", "else:", f"    v = {V}", f"return {W}, v")),
    ("in_place", body("dw *= 1 - beta", "v = beta * v + dw", f"return {W}, v")),
    ("name", body(f"v = {V}", "return w - alfa * v, v")),
    ("raised", body("raise ValueError('no')")),
    ("raised", body("return 1 / 0")),
    ("raised", body("assert beta > 0", f"v = {V}", f"return {W}, v")),
    ("arguments", function("momentum_step(w, dw, v, alpha, beta)", f"v = {V}", f"return {W}, v")),
    ("arguments", function("momentum_step(w, v, dw)", f"return {W}, v")),
    ("endless", body("while True:", f"    v = {V}", "return w, v")),
    # Whole numbers.
    ("integers", body(f"v = {V}", "new = np.zeros_like(w)", f"new[...] = {W}", "return new, v")),
    ("integers", body("new = np.copy(v)", f"new[...] = {V}", "return w - alpha * new, new")),
    ("integers", body(f"v = {V}", "new = np.copy(w)", "new -= alpha * v", "return new, v")),
    ("integers", step("beta * v + (1 - beta) * dw // 1")),
    ("integers", step(w="(w - alpha * v) // 1")),
    ("integers", step(f"np.round({V})", "np.round(w - alpha * v)")),
    ("integers", step(returned="np.array(w).astype(int), v")),
    # One kind of input only.
    ("only_scalars", step(f"float({V})")),
    ("only_scalars", body(f"v = {V}", "if v > 100:", "    v = 100", f"return {W}, v")),
    ("only_scalars", step("math.fsum([beta * v, (1 - beta) * dw])")),
    ("only_scalars", step(w="w - alpha * np.sum(v)")),
    ("only_scalars", step(f"np.mean({V})")),
    ("only_vectors", body("new = w.copy()", f"v = {V}", "return new - alpha * v, v")),
    ("only_vectors", body(
        "new_w, new_v = [], []",
        "for i in range(len(w)):",
        "    new_v.append(beta * v[i] + (1 - beta) * dw[i])",
        "    new_w.append(w[i] - alpha * new_v[i])",
        "return new_w, new_v")),
    ("only_vectors", step(f"[{V} for v, dw in zip(v, dw)]", "w - alpha * np.array(v)")),
    ("shape", step(w="np.reshape(w - alpha * v, -1)")),
    # Something remembered between two calls.
    ("remembers", "memory = 0.0\n" + body(
        "global memory", "memory = beta * memory + (1 - beta) * dw", "return w - alpha * memory, memory")),
]  # fmt: skip

HEAVY = heavy()
RIGHT_HEAVY = {"two lines": HEAVY, "other signs": heavy("dw + v * beta", "w + (-alpha) * v", "[w, v]")}
WRONG_HEAVY = [
    ("share_kept", heavy(V)), ("swapped", heavy("v + beta * dw")), ("v_is_dw", heavy("dw")),
    ("kept_whole", heavy("v + dw")), ("sign_v", heavy("beta * v - dw")), ("sign_w", heavy(w="w + alpha * v")),
    ("sign_v", heavy("beta * v - dw", "w + alpha * v")), ("alpha_twice", heavy("beta * v + alpha * dw")),
    ("alpha_inside", heavy("beta * v + alpha * dw", "w - v")),
    ("alpha_inside", heavy("beta * v - alpha * dw", "w + v")), ("no_alpha", heavy(w="w - v")),
    ("same_weight", heavy("beta * v + beta * dw")), ("share_twice", heavy(w="w - alpha * (1 - beta) * v")),
    ("lecture_scaled", heavy("(1 - beta) * (beta * v + dw)")),
    ("old_v", body(f"w = {W}", f"v = {HEAVY_V}", "return w, v", name="heavy_ball_step")),
    ("not_carried", body(f"u = {HEAVY_V}", "return w - alpha * u, v", name="heavy_ball_step")),
    ("swapped_results", heavy(returned="v, w")),
    ("in_place", body(f"v = {HEAVY_V}", "w -= alpha * v", "return w, v", name="heavy_ball_step")),
    ("nothing", body(f"v = {HEAVY_V}", f"w = {W}", name="heavy_ball_step")),
    ("name", heavy("gamma * v + dw")),
]  # fmt: skip

# ------------------------------------------------------------------------------------------ the descent


def descent(loop, before="", after="return w, b", count="steps"):
    """Return a descend with this loop."""
    start = "v_dw = np.zeros(np.shape(w))\nv_db = 0.0"
    inside = textwrap.indent(textwrap.dedent(loop).strip("\n"), "    ")
    return function(HEADERS["descend"], start, before, f"for t in range({count}):", inside, after)


GRADIENT = "dw, db = gradient(w, b)\n"
VS = "v_dw = beta * v_dw + (1 - beta) * dw\nv_db = beta * v_db + (1 - beta) * db\n"
SWAPPED_VS = "v_dw = (1 - beta) * v_dw + beta * dw\nv_db = (1 - beta) * v_db + beta * db\n"
MOVES = "w = w - alpha * v_dw\nb = b - alpha * v_db\n"
LOOP = GRADIENT + VS + MOVES
STEP_W = "w, v_dw = momentum_step(w, v_dw, dw, alpha, beta)\n"
STEP_B = "b, v_db = momentum_step(b, v_db, db, alpha, beta)\n"
ZEROS_LIKE = "v_dw = np.zeros_like(w)"
FORGOTTEN = LOOP.replace("\nw =", "\nx =").replace("\nb =", "\ny =")


def instead(old, new, **more):
    """Return the right descent with one thing changed."""
    return descent(replaced(LOOP, (old, new)), **more)


RIGHT_DESCENT = {
    "the four lines": descent(LOOP),
    "with momentum_step": descent(GRADIENT + STEP_W + STEP_B),
    "alpha inside v": descent(
        GRADIENT + VS.replace("(1 - beta)", "alpha * (1 - beta)") + "w, b = w - v_dw, b - v_db"
    ),
    "a while loop": function(
        HEADERS["descend"],
        "v_dw, v_db, t = 0, 0, 0",
        "while t < steps:",
        textwrap.indent(LOOP, "    ") + "    t += 1",
        "return [w, b]",
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
WRONG_DESCENT = [
    ("not_carried", descent("v_dw, v_db = 0 * w, 0.0\n" + LOOP)),
    ("not_carried", descent(GRADIENT + (STEP_W + STEP_B).replace(", v_dw =", ", _ =").replace(", v_db =", ", _ ="))),
    ("not_carried", descent(GRADIENT + VS.replace("beta * v_dw + ", "").replace("beta * v_db + ", "") + MOVES)),
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
    ("not_updated", descent(FORGOTTEN, after="return x, y")),
    ("not_moved", descent(FORGOTTEN)),
    ("old_v", descent(GRADIENT + MOVES + VS)),
    ("swapped", descent(GRADIENT + SWAPPED_VS + MOVES)),
    ("share_missing", instead("(1 - beta) * ", "")),
    ("kept_whole", instead("= beta * v", "= v")),
    ("brackets", instead("(1 - beta) *", "1 - beta *")),
    ("sign", instead("- alpha", "+ alpha")),
    ("sign", instead("+ (1 - beta)", "- (1 - beta)")),
    ("alpha_twice", instead("(1 - beta) *", "alpha * (1 - beta) *")),
    ("no_alpha", instead("alpha * ", "")),
    ("corrected", descent(GRADIENT + VS + re.sub(r"(v_d.)", r"\1 / (1 - beta**(t + 1))", MOVES))),
    ("corrected_stored", descent(GRADIENT + re.sub(r"= (.+)", r"= (\1) / (1 - beta**(t + 1))", VS) + MOVES)),
    ("too_many", descent(LOOP, count="steps + 1")),
    ("never_none", descent(LOOP, count="max(1, steps)")),
    ("stops_early", descent(GRADIENT + "if abs(db) < 0.1:\n    break\n" + VS + MOVES)),
    ("stops_early", descent(GRADIENT + "if np.all(dw == 0) and db == 0:\n    return w, b\n" + VS + MOVES)),
    ("stops_early", descent(LOOP, count="min(steps, 10)")),
    ("other", descent(LOOP, before="beta = min(beta, 0.9)")),
    ("stops_early", descent(LOOP, count="min(steps, 100)")),
    ("recursion", """
        def descend(gradient, w, b, alpha, beta, steps, vw=0.0, vb=0.0):
            dw, db = gradient(w, b)
            vw, vb = beta * vw + (1 - beta) * dw, beta * vb + (1 - beta) * db
            return descend(gradient, w - alpha * vw, b - alpha * vb, alpha, beta, steps - 1, vw, vb)
        """),
    ("starts_at_first", instead(
        VS, "if t == 0:\n    v_dw, v_db = dw, db\nelse:\n" + textwrap.indent(VS, "    "))),
    ("too_few", descent(LOOP, count="steps - 1")),
    ("too_few", descent(LOOP, count="1, steps")),
    ("one_step", descent(LOOP + "return w, b")),
    ("swapped_results", descent(LOOP, after="return b, w")),
    ("only_w", descent(LOOP, after="return w")),
    ("only_b", descent(LOOP, after="return b")),
    ("returns_v", descent(LOOP, after="return v_dw, v_db")),
    ("too_many_values", descent(LOOP, after="return w, b, v_dw, v_db")),
    ("path", descent(LOOP + "path.append((w, b))", before="path = [(w, b)]", after="return path")),
    ("path", descent(LOOP + "path.append(w)\n", before="path = []", after="return path, b")),
    ("path", descent(LOOP + "path.append(b)\n", before="path = [b]", after="return w, np.array(path)")),
    ("arguments_swapped", instead("gradient(w, b)", "gradient(b, w)")),
    ("raised", instead("gradient(w, b)", "gradient(w)")),
    ("in_place", descent(GRADIENT + VS + "w -= alpha * v_dw\nb -= alpha * v_db")),
    ("name", instead("alpha * v_dw", "alpha * vdw")),
    ("endless", function(HEADERS["descend"], "while 0 < steps:", "    dw, db = gradient(w, b)", "return w, b")),
    ("nothing", descent(LOOP, after="")),
    ("printed", descent(LOOP, after="print(w, b)")),
    ("nan", descent(LOOP, after="return w * math.nan, b")),
    ("only_vectors", descent(LOOP, before="v_dw = np.zeros(w.shape)")),
    ("only_scalars", instead("(1 - beta) * dw", "(1 - beta) * float(dw)")),
    ("only_scalars", instead("w - alpha * v_dw", "w - alpha * np.sum(v_dw)")),
    ("integers", instead("\nw =", "\nw[...] =", before="w = np.array(w)")),
    ("integers", instead("\nv_dw =", "\nv_dw[...] =", before=ZEROS_LIKE)),
    ("integers", instead("v_dw = beta * v_dw +", "v_dw *= beta\nv_dw +=", before=ZEROS_LIKE)),
    ("sign+b_forgotten", descent(GRADIENT + VS + "w = w + alpha * v_dw")),
    ("too_many+swapped", descent(GRADIENT + SWAPPED_VS + MOVES, count="steps + 1")),
    ("second_step", instead("alpha * v", "alpha / (t + 1) * v")),
    ("remembers", "v_dw = v_db = 0.0\n" + function(
        HEADERS["descend"], "global v_dw, v_db", "for t in range(steps):", textwrap.indent(LOOP, "    "), "return w, b")),
]  # fmt: skip

# -------------------------------------------------------------------------------------- initialize_velocity


def for_each(line, before="velocity = {}", after="return velocity"):
    """Return an initialize_velocity that runs a line (or lines) for each parameter."""
    inside = textwrap.indent(line, "    ")
    return function(
        HEADERS["initialize_velocity"],
        before,
        f"for name, value in list(parameters.items()):\n{inside}\n{after}",
    )


def zeros(value, key='f"v_d{name}"'):
    """Return an initialize_velocity that stores this value under this key."""
    return for_each(f"velocity[{key}] = {value}")


def returning(expression):
    """Return an initialize_velocity of one line."""
    return function(HEADERS["initialize_velocity"], f"return {expression}")


STORE = 'velocity[f"v_d{name}"] = '
SHAPED = "np.zeros(np.shape(value))"
W_ZEROS, B_ZEROS = (f'"v_d{one}": np.zeros(np.shape(parameters["{one}"]))' for one in "wb")
RIGHT_VELOCITY = {
    "zeros of a shape": zeros(SHAPED),
    "zeros_like with a type": zeros("np.zeros_like(value, dtype=float)"),
    "float32": zeros("np.zeros(np.shape(value), dtype=np.float32)"),
    "times zero": zeros("0.0 * np.array(value)"),
    "lists": zeros(f"{SHAPED}.tolist()"),
    "a number for a number": zeros(f"{SHAPED} if np.ndim(value) else 0.0"),
    "minus zero": zeros("-0.0 * np.abs(value)"),
    "another order": returning('{f"v_d{k}": np.zeros(np.shape(p)) for k, p in reversed(parameters.items())}'),
    "an ordered dictionary": "from collections import OrderedDict\n"
    + for_each(STORE + SHAPED, before="velocity = OrderedDict()"),
    "with a default": function(
        "initialize_velocity(parameters, start=0.0)",
        'return {"v_d" + k: np.full_like(np.asarray(p, float), start) for k, p in parameters.items()}',
    ),
}
WRONG_VELOCITY = [
    ("ones", zeros("np.ones(np.shape(value))")),
    ("remembers", function("initialize_velocity(parameters, velocity={})",
                           f"for name, value in parameters.items():\n    {STORE}{SHAPED}", "return velocity")),
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
    ("integers", zeros("0 * value")),
    ("integers", zeros(f"{SHAPED} if np.ndim(value) else 0")),
    ("in_place", for_each('parameters[f"v_d{name}"] = 0.0 * parameters.pop(name)', after="return parameters")),
    ("in_place", for_each(f"if np.ndim(value):\n    value[...] = 0\n{STORE}value if np.ndim(value) else 0.0")),
    ("in_place", for_each(f"value *= 0\n{STORE}value")),
    ("in_place", for_each(f"parameters[name] = {SHAPED}\n{STORE}parameters[name]")),
    ("only_vectors", zeros("np.zeros(value.shape)")),
    ("only_scalars", zeros("0.0 * float(value)")),
    ("hard_coded", returning(f"{{{W_ZEROS}, {B_ZEROS}}}")),
    ("missing", for_each(f"{STORE}{SHAPED}\nreturn velocity")),
    ("no_dict", returning("np.zeros(3)")),
    ("no_dict", returning("[np.zeros(np.shape(p)) for p in parameters.values()]")),
    ("no_numbers", zeros("None")),
    ("nothing", function(HEADERS["initialize_velocity"], "velocity = {}")),
    ("nothing", for_each(STORE + SHAPED, after="")),
    ("printed", function(HEADERS["initialize_velocity"], 'print({f"v_d{k}": 0.0 for k in parameters})')),
    ("name", zeros("np.zeros(np.shape(valeu))")),
    ("raised", returning("parameters[0]")),
]  # fmt: skip

# ------------------------------------------------------------------------------------------ the two forms


def formula(name, text):
    """Return a function of one formula."""
    return function(HEADERS[name], f"return {text}")


def formulas(name, *pairs):
    """Return the answers to an exercise that is one formula."""
    return [(cause, formula(name, text)) for cause, text in pairs]


RIGHT_ALPHA = {
    text: formula("heavy_ball_alpha", text)
    for text in (
        "(1 - beta) * alpha",
        "alpha - beta * alpha",
        "np.float32(alpha) * np.float32(1 - beta)",
        "np.array(alpha * (1 - beta))",
    )
}
WRONG_ALPHA = [
    *formulas("heavy_ball_alpha", ("grows", "alpha / (1 - beta)"), ("unchanged", "alpha"),
              ("times_beta", "beta * alpha"), ("one_plus_beta", "(1 + beta) * alpha"), ("only_factor", "1 - beta"),
              ("twice", "(1 - beta) ** 2 * alpha"), ("nan", "alpha * math.nan"), ("raised", "alpha / 0"),
              ("difference", "alpha - beta"), ("brackets", "1 - beta * alpha"),
              ("sign", "(beta - 1) * alpha"), ("divided_by_beta", "alpha / beta"),
              ("exchanged", "(1 - alpha) * beta"), ("power", "(1 - beta**2) * alpha"), ("power", "alpha ** (1 - beta)"),
              ("power", "alpha * (1 - beta) ** 0.5"), ("one_minus_alpha", "(1 - alpha) * alpha"),
              ("ratio", "(1 - beta) * alpha / beta"), ("ratio", "beta * alpha / (1 - beta)"),
              ("one_plus_beta", "alpha / (1 + beta)"), ("beta_ignored", "alpha / 10"),
              ("other", "alpha / 2 + beta"), ("no_numbers", "'0.4'")),
    ("printed", function(HEADERS["heavy_ball_alpha"], "print(alpha * (1 - beta))")),
]  # fmt: skip


def paths(alpha, compared="w - u"):
    """Return the cell that walks both paths, as a student would, and stores the gap."""
    return textwrap.dedent(f"""
        curvature, path_gap = np.array([0.01, 1.0]), 0.0
        w = u = np.array([-9.0, 1.2])
        v = z = np.zeros(2)
        for t in range(60):
            w, v = momentum_step(w, v, curvature * w, 4.0, 0.9)
            u, z = heavy_ball_step(u, z, curvature * u, {alpha}, 0.9)
            path_gap = max(path_gap, np.abs({compared}).max())
        """)


INLINE = """
w = u = np.array([-9, 1.2]); v = x = np.zeros(2); h = np.array([0.01, 1]); path_gap = 0
for _ in range(60):
    v = 0.9 * v + (1 - 0.9) * h * w
    x = 0.9 * x + h * {at}
    w = w - 4 * v
    u = u - 0.4 * x
    path_gap = max(path_gap, np.abs(w - u).max())
"""
FLOAT32 = "def heavy_ball_alpha(alpha, beta):\n    return np.float32(alpha * (1 - beta))\n"
RIGHT_GAP = {
    "walked": paths(0.4),
    "converted": paths("(1 - 0.9) * 4"),
    "an array": paths(0.4) + "path_gap = np.array([path_gap])",
    "without functions": INLINE.format(at="u"),
    "with other numbers": INLINE.format(at="u").replace("(1 - 0.9)", "0.1").replace("0.4", "(1 - 0.9) * 4"),
    "in another order": INLINE.format(at="u").replace(
        "0.9 * v + (1 - 0.9) * h * w", "v + (1 - 0.9) * (h * w - v)"
    ),
    "in a third order": INLINE.format(at="u").replace(
        "0.9 * v + (1 - 0.9) * h * w", "h * w + 0.9 * (v - h * w)"
    ),
    "in float32": FLOAT32 + paths("heavy_ball_alpha(4.0, 0.9)"),
}
WRONG_GAP = [
    ("shared_gradient", INLINE.format(at="w")), ("typed", "path_gap = 3e-15"), ("typed", "path_gap = 1e-13"),
    ("last_only", paths(0.4).replace("max(path_gap, np.abs(w - u).max())", "np.abs(w - u).max()")),
    ("last_only", INLINE.format(at="u").replace("(1 - 0.9)", "0.1").replace(
        "max(path_gap, np.abs(w - u).max())", "np.abs(w - u).max()")),
    ("not_largest", INLINE.format(at="u").replace("(1 - 0.9)", "0.1").replace("np.abs(w - u).max()", "np.abs(w - u).sum()")),
    ("not_largest", paths(0.4).replace("np.abs(w - u).max()", "np.linalg.norm(w - u)")),
    ("not_walked", "path_gap = 0"), ("same_alpha", paths(4.0)),
    ("earlier", HEAVY.replace("heavy_ball_step", "momentum_step") + "\n" + paths(0.4)),
   
    ("grows", paths(40.0)), ("compared_v", paths(0.4, "v - z")), ("other", paths(0.5)),
    ("no_number", "path_gap = True"), ("no_number", "path_gap = [1e-15, 2e-15]"),
    ("no_number", "path_gap = math.nan"), ("no_number", "path_gap = 'small'"),
    ("no_abs", "path_gap = -2e-15"),
]  # fmt: skip

# ---------------------------------------------------------------------------------------- the largest alpha

LIMIT = "2 / curvature * (1 + beta) / (1 - beta)"
LIMITS = [
    ("no_beta", "2 / curvature"), ("brackets", "2 * 1 + beta / (1 - beta) / curvature"),
    ("brackets", "2 * (1 + beta) / 1 - beta / curvature"), ("power", "2 * (1 + beta) / (1 - beta)**2 / curvature"),
    ("power", "2 * (1 + beta) / (1 - beta) / curvature**2"), ("two_inside", "(2 + beta) / (1 - beta) / curvature"),
    ("shrinks", "2 * (1 - beta) / curvature"), ("below_plus", "2 / ((1 + beta) * curvature)"),
    ("no_two", "4 * (1 + beta) / (1 - beta) / curvature"), ("one_missing", "2 * beta / (1 - beta) / curvature"),
    ("upside_down", "curvature * (1 - beta) / (2 + 2 * beta)"), ("heavy_ball", "2 * (1 + beta) / curvature"),
    ("inverse", "2 / curvature * (1 - beta) / (1 + beta)"), ("no_curvature", "2 * (1 + beta) / (1 - beta)"),
    ("curvature_above", "2 * curvature * (1 + beta) / (1 - beta)"),
    ("no_two", "(1 + beta) / ((1 - beta) * curvature)"), ("one_minus_beta", "2 / ((1 - beta) * curvature)"),
    ("ripples", "(1 - beta**.5)**2 / ((1 - beta) * curvature)"),
    ("ripples", "(1 + beta**.5)**2 / ((1 - beta) * curvature)"),
]  # fmt: skip
OTHER_LIMITS = [
    ("nan", "math.nan"),
    ("curvature_ignored", "7 + beta"),
    ("raised", "2 / (1 - beta) / (curvature - curvature)"),
    ("other", f"1.01 * {LIMIT}"),
]
HALVED = """
low, high = 0.0, 1000.0
for _ in range(40):
    alpha, w, v = (low + high) / 2, 1.0, 0.0
    for t in range(500):
        w, v = momentum_step(w, v, curvature * w, alpha, beta)
    if abs(w) < 1:
        low = alpha
    else:
        high = alpha
return low
"""
TO_A_WIDTH = ("for _ in range(40):", "while high - low > 1e-3:")


def bisection(*edits):
    """Return a largest_alpha by bisection, with edits of its text."""
    return function(HEADERS["largest_alpha"], replaced(HALVED, *edits))


PLAIN_STEP = "(lambda w, v, dw, alpha, beta: (w - alpha * dw, v))"
RIGHT_LARGEST = {
    "halved 40 times": bisection(),
    "the middle": bisection(("return low", "return (low + high) / 2")),
    "the upper end": bisection(("return low", "return np.float32(high)")),
    "a strict run": bisection(("1000.0", "5000 / curvature"), ("< 1", "< 1e-2"), ("500", "2000")),
    "not a number is no convergence": bisection(("abs(w) < 1", "not (abs(w) >= 1 or math.isnan(w))")),
    "an array of no dimension": bisection(("1.0, 0.0", "np.array(1.0), np.array(0.0)")),
    "arrays": bisection(
        ("1.0, 0.0", "np.array([1.0]), np.array([0.0])"),
        ("abs(w) < 1", "np.all(np.abs(w) < 1)"),
        ("return low", "return np.array(low)"),
    ),
    "to a width": bisection(TO_A_WIDTH),
    "a formula": formula("largest_alpha", LIMIT),
    "nearly": formula("largest_alpha", f"1.007 * {LIMIT}"),
}
WRONG_LARGEST = [
    *formulas("largest_alpha", *LIMITS),
    ("heavy_ball", bisection(("momentum_step", "heavy_ball_step"))),
    ("no_beta", bisection(("momentum_step", PLAIN_STEP))),
    ("no_curvature", bisection(("curvature * w", "w"))),
    ("interval", bisection(("return low", "return low, high"))),
    ("bracket", bisection(("1000.0", "1.0"))),
    ("no_beta", bisection(("1000.0", "2.0 / curvature"))),
    ("constant", bisection(("abs(w) < 1", "not abs(w) > 1"))),
    ("constant", bisection(("return low", "    return low"))),
    ("constant", bisection(("1.0, 0.0", "0.0, 0.0"))),
    ("bracket", bisection(("1000.0", "200.0"))),
    ("bracket", bisection(("1000.0", "50.0 / curvature"))),
    ("coarse", bisection(("1000.0", "400 / curvature"), ("range(40)", "range(8)"))),
    ("coarse", formula("largest_alpha", f"1.03 * {LIMIT}")),
    ("coarse", bisection(("range(40)", "range(10)"))),
    ("coarse", bisection(("return low", "return round(low, 1)"))),
    ("other", "kept = {}\n" + bisection(("return low", "return kept.setdefault(beta, low)"))),
    ("endless", bisection(("for _ in range(40):", "while high - low > 0:"))),
    ("endless", bisection(TO_A_WIDTH, ("high = alpha", "pass"))),
    ("nothing", bisection(("return low", ""))),
    ("printed", bisection(("return low", "print(low)"))),
]
RIGHT_LIMIT = {"the formula": formula("alpha_limit", LIMIT)}
WRONG_LIMIT = [
    *formulas("alpha_limit", *LIMITS, *OTHER_LIMITS),
    ("nothing", function(HEADERS["alpha_limit"], "alpha = 2")),
]

HW2 = Answers(
    HEADERS,
    {
        "initialize_velocity": (RIGHT_VELOCITY, WRONG_VELOCITY),
        "momentum_step": (RIGHT_STEP, WRONG_STEP),
        "descend": (RIGHT_DESCENT, WRONG_DESCENT),
        "heavy_ball_step": (RIGHT_HEAVY, WRONG_HEAVY),
        "heavy_ball_alpha": (RIGHT_ALPHA, WRONG_ALPHA),
        "path_gap": (RIGHT_GAP, WRONG_GAP),
        "alpha_limit": (RIGHT_LIMIT, WRONG_LIMIT),
        "largest_alpha": (RIGHT_LARGEST, WRONG_LARGEST),
    },
    before={"descend": [SHORT], "path_gap": [SHORT, HEAVY], "largest_alpha": [SHORT, HEAVY]},
)

# ------------------------------------------------------------------------------------------ the predictions

FIRST_STEPS = {"plain": -3.0, "momentum": -0.6, "corrected": -3.0}
RIGHT_FIRST_STEPS = [
    FIRST_STEPS,
    {**FIRST_STEPS, "momentum": -3 / 5},
    {**FIRST_STEPS, "plain": np.float32(-3), "corrected": np.array(-3)},
    [-3, -0.6, -3],
]
WRONG_FIRST_STEPS = [
    *(
        (cause, {**FIRST_STEPS, **wrong})
        for cause, wrong in (
            ("w_for_dw", {"plain": -2.5}), ("alpha_twice", {"momentum": -0.3}),
            ("exchanged", {"momentum": -3, "corrected": -0.6}), ("exchanged", {"plain": -0.6, "momentum": -3}),
            ("harmless_start", {"momentum": -3}), ("swapped", {"momentum": -2.4}),
            ("no_alpha", {"momentum": 1.2}), ("no_alpha", {"momentum": -1.2}), ("no_alpha", {"plain": -6}),
            ("no_alpha", {"plain": 6}), ("stands_still", {"momentum": 0}), ("sign", {"plain": 3}),
            ("sign", {"momentum": 0.6}), ("sign", {"corrected": 3}), ("plain_averaged", {"plain": -0.6}),
            ("correction_ignored", {"corrected": -0.6}), ("multiplied", {"corrected": -0.12}),
            ("corrected_too_much", {"corrected": -15}), ("divided_by_beta", {"corrected": -0.75}),
            ("t_from_two", {"corrected": -0.6 / 0.36}), ("swapped", {"corrected": -2.4}),
            ("place_given", {"plain": 2, "momentum": 4.4, "corrected": 2}), ("place_given", {"plain": 2}),
            ("other", {"plain": 17}), ("no_number", {"plain": "-3"}), ("no_number", {"plain": [-3, -3]}),
            ("no_number", {"corrected": float("inf")}), ("missing", {"corrected": None}),
            ("missing", {"corrected": ...}), ("not_done", dict.fromkeys(FIRST_STEPS, ...)),
        )
    ),
    ("not_done", ...),
    ("not_done", None),
    ("not_done", {}),
    ("missing", {"plain": -3, "corrected": -3}),
    ("keys", {"plain": -3, "Momentum": -0.6, "corrected": -3}),
    ("keys", {"Plain": -3, "Momentum": -0.6, "Corrected": -3}),
    ("no_dict", -3),
    ("no_dict", "plain"),
]  # fmt: skip
