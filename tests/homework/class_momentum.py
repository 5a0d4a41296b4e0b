"""What a class hands in for homework 2."""

from tests.homework.submissions import NOT_GRADED, Submission, moved_up, stripped

ZEROS = """
def initialize_velocity(parameters):
    return {"v_d" + name: np.zeros_like(value) for name, value in parameters.items()}
"""
STEP = """
def momentum_step(w, v, dw, alpha, beta):
    v = beta * v + (1 - beta) * dw
    w = w - alpha * v
    return w, v
"""
HEAVY = """
def heavy_ball_step(w, v, dw, alpha, beta):
    v = beta * v + dw
    w = w - alpha * v
    return w, v
"""
# These three call nothing of the student's but the two steps, so that a mistake costs no other exercise than theirs.
DESCEND = """
def descend(gradient, w, b, alpha, beta, steps):
    v_dw, v_db = 0.0, 0.0
    for _ in range(steps):
        dw, db = gradient(w, b)
        v_dw, v_db = beta * v_dw + (1 - beta) * dw, beta * v_db + (1 - beta) * db
        w, b = w - alpha * v_dw, b - alpha * v_db
    return w, b
"""
LARGEST = """
def largest_alpha(curvature, beta):
    low, high = 0.0, 1000.0
    while high - low > 1e-4:
        middle, w, v = (low + high) / 2, 1.0, 0.0
        for _ in range(500):
            v = beta * v + (1 - beta) * curvature * w
            w = w - middle * v
        low, high = (middle, high) if abs(w) < 1 else (low, middle)
    return low
"""
GAP = """
w = w_heavy = np.array([-9.0, 1.2])
v = v_heavy = np.zeros(2)
gaps = []
for _ in range(60):
    w, v = momentum_step(w, v, np.array([0.01, 1.0]) * w, 4.0, 0.9)
    w_heavy, v_heavy = heavy_ball_step(
        w_heavy, v_heavy, np.array([0.01, 1.0]) * w_heavy, heavy_ball_alpha(4.0, 0.9), 0.9
    )
    gaps.append(np.abs(w - w_heavy).max())
path_gap = max(gaps)
"""
APART = {"descend": DESCEND, "largest_alpha": LARGEST, "path_gap": GAP}
STEP_LOST = {"check_momentum_step": 0, "check_path_gap": 0}

# Right, in other ways.
ZEROS_WITH_DEFAULT = """
def initialize_velocity(parameters, start=0.0):
    return {"v_d" + name: np.full_like(np.asarray(value, float), start) for name, value in parameters.items()}
"""
STEP_AS_A_CORRECTION = """
def momentum_step(w, v, dw, alpha, beta):
    w, v, dw = (np.asarray(array, dtype=np.float64) for array in (w, v, dw))
    v = v + (1 - beta) * (dw - v)
    return [w - alpha * v, v]
"""

# Mistakes.
IN_PLACE = """
def momentum_step(w, v, dw, alpha, beta):
    v *= beta
    v += (1 - beta) * dw
    w -= alpha * v
    return w, v
"""
NEVER_ENDS = """
def momentum_step(w, v, dw, alpha, beta):
    while True:
        v = beta * v + (1 - beta) * dw
    return w, v
"""
NAMES = (
    "initialize_velocity",
    "momentum_step",
    "descend",
    "first_steps",
    "heavy_ball_step",
    "heavy_ball_alpha",
)
NAMES += ("path_gap", "largest_alpha", "alpha_limit")


def step(old, new):
    """Return the answers of a student whose momentum_step says `new` where it should say `old`."""
    assert old in STEP
    return {"momentum_step": STEP.replace(old, new), **APART}


MOMENTUM = [
    Submission("right"),
    Submission(
        "otherways",
        {
            "initialize_velocity": ZEROS_WITH_DEFAULT,
            "momentum_step": STEP_AS_A_CORRECTION,
            "descend": DESCEND,
            "first_steps": "first_steps = dict(plain=np.float32(-3), momentum=-6 / 10, corrected=-3)",
            "heavy_ball_alpha": "heavy_ball_alpha = lambda alpha, beta: alpha - beta * alpha",
            "path_gap": GAP,
            "largest_alpha": LARGEST,
        },
    ),
    Submission(
        "empty", dict.fromkeys(NAMES), marks={f"check_{name}": 0 for name in NAMES}, says=("not done yet",)
    ),
    Submission(
        "swapped",
        {
            **step("beta * v + (1 - beta) * dw", "(1 - beta) * v + beta * dw"),
            "initialize_velocity": ZEROS,
            "heavy_ball_alpha": "def heavy_ball_alpha(alpha, beta):\n    print(alpha * (1 - beta))",
        },
        marks={**STEP_LOST, "check_initialize_velocity": 0, "check_heavy_ball_alpha": 0},
        says=("look swapped", "whole numbers", "prints something and returns nothing"),
    ),
    Submission(
        "alpha",
        {
            **step("(1 - beta) * dw", "alpha * (1 - beta) * dw"),
            "descend": DESCEND.replace("alpha * ", ""),
            "first_steps": "first_steps = {'plain': 3.0, 'momentum': 0.6, 'corrected': 3.0}",
        },
        marks={**STEP_LOST, "check_descend": 0, "check_first_steps": 0},
        says=("applied twice", "never applied", "wrong sign"),
    ),
    Submission(
        "inplace", {"momentum_step": IN_PLACE, **APART}, marks=STEP_LOST, says=("momentum_step changes",)
    ),
    Submission(
        "notcarried",
        {
            **APART,
            "descend": DESCEND.replace("        dw, db", "        v_dw = v_db = 0.0\n        dw, db"),
            "heavy_ball_step": HEAVY.replace("    return w, v\n", ""),
            "alpha_limit": "def alpha_limit(curvature, beta):\n    return 2 / curvature * (1 + beta)",
        },
        marks={f"check_{name}": 0 for name in ("descend", "heavy_ball_step", "path_gap", "alpha_limit")},
        says=("v starts anew at every step", "returns nothing", "heavy ball"),
    ),
    Submission(
        "names",
        {
            **APART,
            "heavy_ball_step": HEAVY.replace("beta * v", "gamma * v"),
            "descend": DESCEND.replace("steps):", "steps:"),
        },
        marks={f"check_{name}": 0 for name in ("descend", "heavy_ball_step", "path_gap")},
        says=("NameError", "SyntaxError"),
    ),
    Submission(
        "loop",
        {"momentum_step": NEVER_ENDS, **APART},
        marks=STEP_LOST,
        says=("did not end within", "Does a loop in it not end?"),
        endless=True,
    ),
    Submission(
        "prints", {"momentum_step": STEP.replace("    return", "    print(w, v, 'x' * 1000)\n    return")}
    ),
    Submission(
        "moved",
        change=moved_up("check_descend"),
        put_right=("The cell check_descend stood above",),
    ),
    Submission("stripped", change=stripped, put_right=("labels were gone",)),
    Submission("kills", {"alpha_limit": "import os\n\nos._exit(1)"}, marks=NOT_GRADED),
]
