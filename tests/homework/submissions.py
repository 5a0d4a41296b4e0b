"""What students hand in: for each submission how it differs from a right one, and the marks that it must earn."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lesson_utils.personal import runs_and_kinds

NOT_GRADED = "not graded"
SOLUTION = re.compile(r"^[^\n]*(?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)


@dataclass
class Submission:
    """A student's file.

    answers: the text of answer cells, by their grade_id, in place of the right one; None leaves the stub.
    change: is called with the notebook (a dict) at last. raw: what the file holds instead of a notebook.
    marks: of the check cells that do not earn full marks, by exercise; NOT_GRADED for the whole file.
    says: fragments that the feedback must contain. put_right: what the pre-flight must report.
    """

    student: str
    answers: dict[str, str | None] = field(default_factory=dict)
    change: Callable[[dict], None] | None = None
    raw: bytes | None = None
    marks: dict[str, float] | str = field(default_factory=dict)
    says: tuple[str, ...] = ()
    put_right: tuple[str, ...] = ()
    called: str = "{student}_{name}.ipynb"
    files: dict[str, str] = field(default_factory=dict)  # what is handed in beside the notebook
    endless: bool = False  # has a loop that is stopped
    quiet: bool = False  # its check cells show no verdict

    def file(self, name, release, source):
        """Return the file's name and its bytes."""
        called = self.called.format(student=self.student, name=name)
        if self.raw is not None:
            return called, self.raw
        notebook = copy.deepcopy(release)
        right = {one["id"]: SOLUTION.sub("", "".join(one["source"])) for one in source["cells"]}
        for cell in notebook["cells"]:
            label = cell["metadata"].get("nbgrader", {})
            if not label.get("solution"):
                continue
            answer = self.answers.get(label["grade_id"], right[cell["id"]])
            if answer is not None:
                cell["source"] = answer
        if self.change:
            self.change(notebook)
        return called, json.dumps(notebook).encode()

    def expected(self, release):
        """Return the marks of each exercise; None where a person has to read."""
        marks = {}
        for cell in release["cells"]:
            label = cell["metadata"].get("nbgrader", {})
            if label.get("grade"):
                name = label["grade_id"]
                written = label["solution"] and self.answers.get(name, "") is not None
                full = None if written else 0 if label["solution"] else label["points"]
                marks[name] = self.marks.get(name, full)
        return marks


def cell(notebook, name):
    """Return the cell with a grade_id."""
    return next(
        one for one in notebook["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == name
    )


def without(*names):
    """Return a change that deletes cells."""

    def change(notebook):
        gone = [cell(notebook, name) for name in names]
        notebook["cells"] = [one for one in notebook["cells"] if one not in gone]

    return change


def twice(*names):
    """Return a change that copies cells with all their metadata, as JupyterLab does."""

    def change(notebook):
        for name in names:
            one = cell(notebook, name)
            place = notebook["cells"].index(one)
            notebook["cells"].insert(place + 1, {**copy.deepcopy(one), "id": f"copy-{place}"})

    return change


def stripped(notebook):
    """Take away all labels, as some editors do."""
    for one in notebook["cells"]:
        one["metadata"] = {}


def stripped_and_renamed(notebook):
    """Take away all labels and the ids as well."""
    stripped(notebook)
    for number, one in enumerate(notebook["cells"]):
        one["id"] = f"n{number}"


def edited(name, source=None, **label):
    """Return a change that rewrites a check cell, or its label."""

    def change(notebook):
        one = cell(notebook, name)
        one["source"] = one["source"] if source is None else source
        one["metadata"]["nbgrader"] |= label

    return change


# Homework 1 -------------------------------------------------------------------------------------------------

EWA = """def ewa(values, beta):
    v, averages = 0.0, []
    for theta in values:
        v = beta * v + (1 - beta) * theta
        averages.append(v)
    return averages
"""
VECTORS = """import numpy as np

def ewa(values, beta):
    values = np.asarray(values, dtype=np.float32)
    if not len(values):
        return values
    back = np.arange(len(values))
    weights = np.where(back[:, None] >= back, (1 - beta) * beta ** (back[:, None] - back).clip(0), 0)
    return weights @ values
"""
CORRECTED = "def ewa_corrected(values, beta):\n    v = np.array(ewa(values, beta))\n    return v / (1 - beta ** np.arange(1, len(v) + 1))"
STORED = """def ewa_corrected(values, beta):
    v, averages = 0.0, []
    for t, theta in enumerate(values, start=1):
        v = (beta * v + (1 - beta) * theta) / (1 - beta**t)
        averages.append(v)
    return averages
"""
FROM_ZERO = """def ewa_corrected(values, beta):
    v, averages = 0.0, []
    for t, theta in enumerate(values):
        v = beta * v + (1 - beta) * theta
        averages.append(v / (1 - beta**t) if t else theta)
    return averages
"""
ONE_ONLY = "def unit_gap(celsius, beta, average):\n    f = average(1.8 * celsius + 32, beta)\n    return ((f - 32) / 1.8 - average(celsius, beta))[-1]"
OWN_CITY = """city = load_temperatures("my_city.csv")
limit = 0.1 * np.abs(np.diff(city.celsius)).mean()
for calm_beta in np.arange(50, 100) / 100:
    if np.abs(np.diff(ewa_corrected(city.celsius, calm_beta))).mean() <= limit:
        break
"""
CITY_FILE = "date,temperature_c\n" + "".join(
    f"2024-{month:02}-{day:02},{10 + 8 * ((day * 7 + month * 3) % 11) / 11 + month:.1f}\n"
    for month in range(1, 13)
    for day in range(1, 29)
)
EMPTY_1 = dict.fromkeys(("ewa", "ewa_corrected", "values_holding", "unit_gap", "calm_beta", "written"))
NOTHING = {f"check_{name}": 0 for name in EMPTY_1 if name != "written"}

AVERAGES = [
    Submission("right"),
    Submission(
        "vectors",
        {
            "ewa": VECTORS,
            "ewa_corrected": CORRECTED,
            "values_holding": "import math\ndef values_holding(share, beta):\n    return math.ceil(math.log(1 - share) / math.log(beta) - 1e-9)",
            "unit_gap": "unit_gap = lambda c, beta, average, digits=None: (average(c * 9 / 5 + 32, beta) - 32) * 5 / 9 - average(c, beta)",
            "calm_beta": OWN_CITY,
        },
        files={"my_city.csv": CITY_FILE},
    ),
    Submission("empty", EMPTY_1, marks=NOTHING, says=("not done yet",)),
    Submission(
        "swapped",
        {
            "ewa": EWA.replace("beta * v + (1 - beta) * theta", "(1 - beta) * v + beta * theta"),
            "ewa_corrected": STORED,
            "values_holding": "def values_holding(share, beta):\n    return round(1 / (1 - beta))",
            "unit_gap": ONE_ONLY,
            "calm_beta": "city = load_temperatures()\ncalm_beta = 9.4",
        },
        marks=NOTHING,
        says=("look swapped", "is stored back", "1/(1−β)"),
    ),
    Submission(
        "forgotten",
        {
            "ewa": EWA.replace("(1 - beta) * theta", "theta"),
            "ewa_corrected": FROM_ZERO,
            "values_holding": "def values_holding(share, beta):\n    count = 0\n    while 1 - beta**count < share:\n        count += 1\n    print(count)",
            "unit_gap": "def unit_gap(celsius, beta, average):\n    celsius *= 1.8\n    celsius += 32\n    return average(celsius, beta)",
        },
        marks={
            f"check_{name}": 0 for name in ("ewa", "ewa_corrected", "values_holding", "unit_gap", "calm_beta")
        },
        says=("1−β", "prints its answer and returns nothing", "changes celsius"),
    ),
    Submission(
        "whole",
        {
            "ewa": EWA.replace("beta * v +", "0 * v +"),
            "ewa_corrected": "def ewa_corrected(values, beta):\n    out = np.zeros(len(values), dtype=int)\n    v = 0.0\n    for t, theta in enumerate(values, start=1):\n        v = beta * v + (1 - beta) * theta\n        out[t - 1] = v / (1 - beta**t)\n    return out",
            "values_holding": "def values_holding(share, beta):\n    return counted(share, beta)",
            "unit_gap": "def unit_gap(celsius, beta, average):\n    average(celsius, beta)",
            "calm_beta": "city = load_temperatures()\ncalm_beta = float('nan')",
        },
        marks=NOTHING,
        says=("NameError", "returns nothing"),
    ),
    Submission(
        "syntax",
        {"ewa": "def ewa(values, beta:\n    return values"},
        marks={"check_ewa": 0},
        says=("SyntaxError",),
    ),
    Submission(
        "loop",
        {
            "values_holding": "def values_holding(share, beta):\n    count = 1\n    while True:\n        count += 1\n    return count"
        },
        marks={"check_values_holding": 0},
        says=("did not end within",),
        endless=True,
    ),
    Submission(
        "toploop",
        {"ewa": EWA + "\nwhile True:\n    pass\n"},
        says=("Does a loop in it not end?",),
        endless=True,
    ),
    Submission(
        "huge",
        {
            "ewa": EWA + "for i in range(300_000):\n    print('x' * 100)",
            "unit_gap": "def unit_gap(c, beta, average):\n    print('y' * 10**7)\n    return (average(1.8 * c + 32, beta) - 32) / 1.8 - average(c, beta)",
        },
        says=("the rest is left out",),
    ),
    Submission(
        "sysexit",
        {
            "ewa": EWA + "import sys\nsys.exit()",
            "unit_gap": "def unit_gap(c, beta, average):\n    raise SystemExit",
        },
        marks={"check_unit_gap": 0},
    ),
    Submission(
        "osexit", {"ewa": "import os\n" + EWA.replace("return", "os._exit(0)\n    return")}, marks=NOT_GRADED
    ),
    Submission(
        "deleted",
        change=without("check_ewa", "setup", "check_calm_beta"),
        put_right=("check_ewa was missing", "setup was missing"),
    ),
    Submission(
        "edited",
        {"ewa": None},
        change=edited("check_ewa", "check = lambda *a: None\nprint('✓ ewa')\n100", points=100),
        marks={"check_ewa": 0},
        put_right=("said 100 points", "had been edited"),
    ),
    Submission(
        "copied", change=twice("ewa", "check_ewa", "written"), put_right=("The cell ewa stood there 2 times",)
    ),
    Submission("stripped", change=stripped_and_renamed, put_right=("labels were gone",)),
    Submission(
        "patched",
        {
            "ewa": "import numpy as np\nnp.allclose = np.isclose = np.array_equal = lambda *a, **k: True\nnp.abs = lambda x: 0 * x\n"
            "import lesson_utils.checks as c, lesson_utils.checks.numbers as n, lesson_utils.checks.diagnosis as d\n"
            "c.grade = lambda name, points: points\nc.check = print\nn.same = d.same = lambda *a, **k: True\n"
            "for name in c.EXERCISES:\n    c.EXERCISES[name] = None\n"
            "def ewa(values, beta):\n    return list(values)",
            "calm_beta": "city = load_temperatures()\ncalm_beta = 0.5",
        },
        marks={"check_ewa": 0, "check_calm_beta": 0},
    ),
    Submission(
        "silent",
        {"ewa": "from IPython import get_ipython\nget_ipython().ast_node_interactivity = 'none'"},
        marks=NOTHING,
        says=("This cell gave no marks",),
        quiet=True,
    ),
    Submission("text", raw=b"my homework", marks=NOT_GRADED),
    Submission("pdf", raw=b"%PDF-1.4", called="{student}_{name}.pdf", marks=NOT_GRADED),
    Submission("broken", raw=b"PK broken", called="{student}_{name}.zip", marks=NOT_GRADED),
    Submission("again", called="{student}_{name} (1).ipynb", put_right=("It is called",)),
]

# Homework 2 -------------------------------------------------------------------------------------------------

STEP = "def momentum_step(w, v, dw, alpha, beta):\n    v = beta * v + (1 - beta) * dw\n    w = w - alpha * v\n    return w, v\n"
DESCEND = """def descend(gradient, w, b, alpha, beta, steps):
    v_dw, v_db = 0.0, 0.0
    for step in range(steps):
        dw, db = gradient(w, b)
        v_dw, v_db = beta * v_dw + (1 - beta) * dw, beta * v_db + (1 - beta) * db
        w, b = w - alpha * v_dw, b - alpha * v_db
    return w, b
"""
LARGEST = """def largest_alpha(curvature, beta):
    low, high = 0.0, 1000.0
    while high - low > 1e-4:
        middle, w, v = (low + high) / 2, 1.0, 0.0
        for step in range(500):
            v = beta * v + (1 - beta) * curvature * w
            w = w - middle * v
        low, high = (middle, high) if abs(w) < 1 else (low, middle)
    return low
"""
# These do not call the student's own step, so that a mistake in it costs no other exercise but the gap.
APART = {"descend": DESCEND, "largest_alpha": LARGEST}
NAMES_2 = (
    "initialize_velocity",
    "momentum_step",
    "descend",
    "first_steps",
    "heavy_ball_step",
    "heavy_ball_alpha",
)
NAMES_2 += ("path_gap", "largest_alpha", "alpha_limit")
STEP_LOST = {"check_momentum_step": 0, "check_path_gap": 0}


def step(**change):
    """Return answers with a mistake in momentum_step, as a text that replaces another."""
    text = STEP
    for old, new in change.items():
        text = text.replace(
            {"v": "beta * v + (1 - beta) * dw", "w": "w - alpha * v", "r": "    return w, v\n"}[old], new
        )
    return {"momentum_step": text, **APART}


MOMENTUM = [
    Submission("right"),
    Submission(
        "other_ways",
        {
            "initialize_velocity": "def initialize_velocity(parameters, start=0.0):\n    return {'v_d' + n: np.full_like(np.asarray(p, float), start) for n, p in parameters.items()}",
            "momentum_step": "def momentum_step(w, v, dw, alpha, beta):\n    w, v, dw = (np.asarray(a, dtype=np.float64) for a in (w, v, dw))\n    v = v + (1 - beta) * (dw - v)\n    return [w - alpha * v, v]",
            "descend": DESCEND,
            "first_steps": "first_steps = dict(plain=np.float32(-3), momentum=-6 / 10, corrected=-3)",
            "heavy_ball_alpha": "heavy_ball_alpha = lambda alpha, beta: alpha - beta * alpha",
            "largest_alpha": LARGEST,
        },
    ),
    Submission(
        "empty",
        dict.fromkeys(NAMES_2),
        marks={f"check_{name}": 0 for name in NAMES_2},
        says=("not done yet",),
    ),
    Submission(
        "swapped",
        {
            **step(v="(1 - beta) * v + beta * dw"),
            "initialize_velocity": "def initialize_velocity(parameters):\n    return {'v_d' + n: np.zeros_like(p) for n, p in parameters.items()}",
            "heavy_ball_alpha": "def heavy_ball_alpha(alpha, beta):\n    print(alpha * (1 - beta))",
        },
        marks={**STEP_LOST, "check_initialize_velocity": 0, "check_heavy_ball_alpha": 0},
        says=("prints its answer and returns nothing",),
    ),
    Submission("share", step(v="beta * v + dw"), marks=STEP_LOST, says=("1−β",)),
    Submission("no_memory", step(v="(1 - beta) * dw"), marks=STEP_LOST, says=("βv",)),
    Submission("uphill", step(w="w + alpha * v"), marks=STEP_LOST),
    Submission(
        "alpha",
        {
            **step(v="beta * v + alpha * (1 - beta) * dw"),
            "descend": DESCEND.replace("w - alpha * v_dw", "w - v_dw").replace(
                "b - alpha * v_db", "b - v_db"
            ),
            "first_steps": "first_steps = {'plain': 3.0, 'momentum': 0.6, 'corrected': 3.0}",
        },
        marks={**STEP_LOST, "check_descend": 0, "check_first_steps": 0},
    ),
    Submission(
        "in_place",
        {
            "momentum_step": "def momentum_step(w, v, dw, alpha, beta):\n    v *= beta\n    v += (1 - beta) * dw\n    w -= alpha * v\n    return w, v",
            **APART,
        },
        marks=STEP_LOST,
        says=("changes",),
    ),
    Submission(
        "not_carried",
        {
            "descend": DESCEND.replace("    for step", "    for step").replace(
                "        dw, db", "        v_dw = v_db = 0.0\n        dw, db"
            ),
            "heavy_ball_step": "def heavy_ball_step(w, v, dw, alpha, beta):\n    v = beta * v + dw\n    w = w - alpha * v",
            "alpha_limit": "def alpha_limit(curvature, beta):\n    return 2 / curvature * (1 + beta)",
        },
        marks={"check_descend": 0, "check_heavy_ball_step": 0, "check_path_gap": 0, "check_alpha_limit": 0},
        says=("returns nothing",),
    ),
    Submission("scalars", {**step(r="    return float(w), float(v)\n")}, marks=STEP_LOST),
    Submission(
        "names",
        {
            "heavy_ball_step": "def heavy_ball_step(w, v, dw, alpha, beta):\n    v = gamma * v + dw\n    return w - alpha * v, v",
            "descend": "def descend(gradient, w, b, alpha, beta, steps:\n    return w, b",
        },
        marks={"check_heavy_ball_step": 0, "check_path_gap": 0, "check_descend": 0},
        says=("NameError", "SyntaxError"),
    ),
    Submission(
        "loop",
        {
            "momentum_step": "def momentum_step(w, v, dw, alpha, beta):\n    while True:\n        v = beta * v + (1 - beta) * dw\n    return w, v",
            **APART,
        },
        marks=STEP_LOST,
        says=("did not end within",),
        endless=True,
    ),
    Submission(
        "prints",
        {"momentum_step": STEP.replace("    return", "    print('step', w, v, 'x' * 1000)\n    return")},
    ),
    Submission(
        "moved",
        change=lambda notebook: notebook["cells"].insert(
            2, notebook["cells"].pop(notebook["cells"].index(cell(notebook, "check_descend")))
        ),
        put_right=("check_descend stood above",),
    ),
    Submission("stripped", change=stripped, put_right=("labels were gone",)),
    Submission("osexit", {"alpha_limit": "import os\nos._exit(1)"}, marks=NOT_GRADED),
]

# Homework 3 -------------------------------------------------------------------------------------------------

NAMES_3 = ("plain_alpha", "momentum_settings", "kappa_from", "kinds", "train", "train_settings")
TRAIN = """def train(x, y, batches, alpha, beta):
    w = b = v_dw = v_db = 0.0
    for batch in batches:
        error = w * x[batch] + b - y[batch]
        v_dw = beta * v_dw + (1 - beta) * np.mean(error * x[batch])
        v_db = beta * v_db + (1 - beta) * np.mean(error)
        w, b = w - alpha * v_dw, b - alpha * v_db
    return w, b
"""


def kinds_of(me):
    """Return the answer to `kinds` of a student of that name."""
    return "kinds = " + repr(
        {letter: kind for letter, (_, kind) in zip("ABCDEF", runs_and_kinds(me), strict=True)}
    )


TUNING = [
    Submission("right"),
    Submission(
        "number",
        {
            "me": "me = 4711",
            "kinds": kinds_of(4711),
            "kappa_from": "def kappa_from(beta):\n    f = beta ** 0.5\n    return int(-(-(1 + f) // (1 - f)))",
            "train": TRAIN.replace("return w, b", "return np.array([w, b])"),
        },
    ),
    Submission(
        "empty",
        dict.fromkeys(("me", *NAMES_3, "written")),
        marks={f"check_{name}": 0 for name in NAMES_3},
        says=("not done yet", "Type your name"),
    ),
    Submission(
        "neighbour",  # who copied the words and the numbers of somebody else
        {
            "me": "me = 'Eve'",
            "plain_alpha": "plain_alpha = 0.9",
            "momentum_settings": "momentum_alpha, momentum_beta = 0.9, 4",
            "kinds": kinds_of("Ada"),
        },
        marks={"check_plain_alpha": 0, "check_momentum_settings": 0, "check_kinds": 0},
    ),
    Submission(
        "summed",
        {
            "train": TRAIN.replace("np.mean", "np.sum"),
            "kappa_from": "def kappa_from(beta):\n    return 1 / (1 - beta)",
        },
        marks={"check_train": 0, "check_train_settings": 0, "check_kappa_from": 0},
        says=("averaged",),
    ),
    Submission(
        "loop",
        {"train": "def train(x, y, batches, alpha, beta):\n    while True:\n        pass"},
        marks={"check_train": 0, "check_train_settings": 0},
        says=("did not end within",),
        endless=True,
    ),
    Submission(
        "osexit",
        {"train": "import os\ndef train(x, y, batches, alpha, beta):\n    os._exit(0)"},
        marks=NOT_GRADED,
    ),
]

CLASSES = {"hw1_averages": AVERAGES, "hw2_momentum": MOMENTUM, "hw3_tuning": TUNING}
