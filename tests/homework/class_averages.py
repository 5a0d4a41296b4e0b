"""What a class hands in for homework 1."""

from datetime import date, timedelta
from math import sin

from tests.homework.submissions import NOT_GRADED, Submission, edited, stripped_and_renamed, twice, without

EWA = """
def ewa(values, beta):
    v, averages = 0.0, []
    for theta in values:
        v = beta * v + (1 - beta) * theta
        averages.append(v)
    return averages
"""
CORRECTED = """
def ewa_corrected(values, beta):
    v, averages = 0.0, []
    for t, theta in enumerate(values, start=1):
        v = beta * v + (1 - beta) * theta
        averages.append(v / (1 - beta**t))
    return averages
"""
GAP = """
def unit_gap(celsius, beta, average):
    in_f = average(1.8 * celsius + 32, beta)
    return (in_f - 32) / 1.8 - average(celsius, beta)
"""

# Right, in other ways.
EWA_AT_ONCE = """
import numpy as np


def ewa(values, beta):
    values = np.asarray(values, dtype=np.float32)
    if not len(values):
        return values
    days = np.arange(len(values))
    age = days[:, None] - days
    return np.where(age >= 0, (1 - beta) * float(beta) ** age.clip(0), 0) @ values
"""
CORRECTED_AT_ONCE = """
def ewa_corrected(values, beta):
    v = np.array(ewa(values, beta))
    return v / (1 - beta ** np.arange(1, len(v) + 1))
"""
HOLDING_BY_LOGARITHM = """
import math


def values_holding(share, beta):
    return math.ceil(math.log(1 - share) / math.log(beta) - 1e-9)
"""
GAP_IN_ONE_LINE = (
    "unit_gap = lambda c, beta, avg, digits=None: (avg(c * 9 / 5 + 32, beta) - 32) * 5 / 9 - avg(c, beta)"
)
OWN_CITY = """
city = load_temperatures("my_city.csv")
limit = 0.1 * np.abs(np.diff(city.celsius)).mean()
for calm_beta in np.arange(50, 100) / 100:
    if np.abs(np.diff(ewa_corrected(city.celsius, calm_beta))).mean() <= limit:
        break
"""
CITY = "date,temp_c\n" + "".join(
    f"{date(2024, 1, 1) + timedelta(day)},{10 - 8 * sin(day / 58) + day * 7 % 11 / 3:.1f}\n"
    for day in range(366)
)

# Mistakes.
ONLY_PRINTED = """
def values_holding(share, beta):
    count = 0
    while 1 - beta**count < share:
        count += 1
    print(count)
"""
IN_PLACE = """
def unit_gap(celsius, beta, average):
    celsius *= 1.8
    celsius += 32
    return (average(celsius, beta) - 32) / 1.8
"""
STORED_BACK = """
def ewa_corrected(values, beta):
    v, averages = 0.0, []
    for t, theta in enumerate(values, start=1):
        v = (beta * v + (1 - beta) * theta) / (1 - beta**t)
        averages.append(v)
    return averages
"""
WHOLE_NUMBERS = """
def ewa_corrected(values, beta):
    averages, v = np.zeros(len(values), dtype=int), 0.0
    for t, theta in enumerate(values, start=1):
        v = beta * v + (1 - beta) * theta
        averages[t - 1] = v / (1 - beta**t)
    return averages
"""
NEVER_ENDS = """
def values_holding(share, beta):
    count = 0
    while True:
        count += 1
"""
PRINTS = """
def unit_gap(celsius, beta, average):
    print("y" * 10_000_000)
    in_f = average(1.8 * celsius + 32, beta)
    return (in_f - 32) / 1.8 - average(celsius, beta)
"""
EXITS = """
def unit_gap(celsius, beta, average):
    raise SystemExit
"""
PATCHES = """
import numpy as np

import lesson_utils.checks as checks
import lesson_utils.checks.diagnosis as diagnosis
import lesson_utils.checks.numbers as numbers

np.allclose = np.isclose = np.array_equal = lambda *args, **options: True
np.abs = lambda values: 0 * values
checks.grade = lambda name, points: points
checks.check = print
numbers.same = diagnosis.same = lambda *args, **options: True
for name in checks.EXERCISES:
    checks.EXERCISES[name] = None


def ewa(values, beta):
    return list(values)
"""
RESET = """
%reset -f
import numpy as np

from lesson_utils.temperatures import load_temperatures
"""
OWN_CHECK = """
def check(number):
    return number + 0.0


def values_holding(share, beta):
    count = 0
    while 1 - beta**count < check(share) - 1e-12:
        count += 1
    return count
"""
SILENT = "from IPython import get_ipython\n\nget_ipython().ast_node_interactivity = 'none'"
EMPTY = dict.fromkeys(("ewa", "ewa_corrected", "values_holding", "unit_gap", "calm_beta", "why"))
NOTHING = {f"check_{name}": 0 for name in EMPTY if name != "why"}

AVERAGES = [
    Submission("right"),
    Submission(
        "otherways",
        {
            "ewa": EWA_AT_ONCE,
            "ewa_corrected": CORRECTED_AT_ONCE,
            "values_holding": HOLDING_BY_LOGARITHM,
            "unit_gap": GAP_IN_ONE_LINE,
            "calm_beta": OWN_CITY,
        },
        files={"my_city.csv": CITY},
    ),
    Submission(
        "reuses",  # the name of our function
        {
            "ewa": EWA + "\n\ncheck = True",
            "ewa_corrected": CORRECTED + "\n\ndel check",
            "values_holding": OWN_CHECK,
            "unit_gap": RESET + GAP,
            "calm_beta": CORRECTED + OWN_CITY.replace('"my_city.csv"', ""),
        },
    ),
    Submission("empty", EMPTY, marks=NOTHING, says=("not done yet",)),
    Submission(
        "swapped",
        {
            "ewa": EWA.replace("beta * v + (1 - beta) * theta", "(1 - beta) * v + beta * theta"),
            "ewa_corrected": STORED_BACK,
            "values_holding": "def values_holding(share, beta):\n    return round(1 / (1 - beta))",
            "unit_gap": GAP.replace("return (in_f", "return ((in_f").replace(
                "celsius, beta)\n", "celsius, beta))[-1]\n"
            ),
            "calm_beta": "city = load_temperatures()\ncalm_beta = 9.4",
        },
        marks=NOTHING,
        says=("look swapped", "stored back", "1/(1 − β)"),
    ),
    Submission(
        "forgotten",
        {
            "ewa": EWA.replace("(1 - beta) * theta", "theta"),
            "ewa_corrected": CORRECTED.replace("start=1", "start=0"),
            "values_holding": ONLY_PRINTED,
            "unit_gap": IN_PLACE,
            "calm_beta": None,
        },
        marks=NOTHING,
        says=("1 − β", "prints something and returns nothing", "changes celsius"),
    ),
    Submission(
        "wholenumbers",
        {
            "ewa": EWA.replace("beta * v +", ""),
            "ewa_corrected": WHOLE_NUMBERS,
            "values_holding": "def values_holding(share, beta):\n    return counted(share, beta)",
            "unit_gap": "def unit_gap(celsius, beta, average):\n    average(celsius, beta)",
            "calm_beta": "city = load_temperatures()\ncalm_beta = float('nan')",
        },
        marks=NOTHING,
        says=("whole numbers", "NameError", "returns nothing"),
    ),
    Submission(
        "syntax",
        {"ewa": EWA.replace("beta):", "beta:"), "unit_gap": EXITS},
        marks={"check_ewa": 0, "check_unit_gap": 0},
        says=("SyntaxError",),
    ),
    Submission(
        "loop",
        {"values_holding": NEVER_ENDS},
        marks={"check_values_holding": 0},
        says=("did not end within",),
        endless=True,
    ),
    Submission(
        "cellloop",
        {"ewa": EWA + "\n\nwhile True:\n    pass"},
        says=("Does a loop in it not end?",),
        endless=True,
    ),
    Submission(
        "prints",
        {"ewa": EWA + "\n\nfor _ in range(300_000):\n    print('x' * 100)", "unit_gap": PRINTS},
        says=("the rest is left out",),
    ),
    Submission("exits", {"ewa": EWA + "\n\nimport sys\n\nsys.exit()"}, says=("SystemExit",)),
    Submission(
        "kills", {"ewa": "import os\n" + EWA.replace("return", "os._exit(0)\n    return")}, marks=NOT_GRADED
    ),
    Submission(
        "deleted",
        change=without("check_ewa", "setup", "check_calm_beta"),
        put_right=("check_ewa was missing", "setup was missing", "check_calm_beta was missing"),
    ),
    Submission(
        "edited",
        {"ewa": None},
        change=edited("check_ewa", "check = lambda *args: None\nprint('✓ ewa')\n100", points=100),
        marks={"check_ewa": 0},
        put_right=("said 100 points", "had been edited"),
    ),
    Submission(
        "copied", change=twice("ewa", "check_ewa", "why"), put_right=("The cell ewa stood there 2 times",)
    ),
    Submission("renamed", change=stripped_and_renamed, put_right=("labels were gone",)),
    Submission(
        "patched",
        {"ewa": PATCHES, "calm_beta": "city = load_temperatures()\ncalm_beta = 0.5"},
        marks={"check_ewa": 0, "check_calm_beta": 0},
    ),
    Submission("silent", {"ewa": SILENT}, marks=NOTHING, says=("This cell gave no marks",), quiet=True),
    Submission("text", raw=b"my homework", marks=NOT_GRADED),
    Submission("pdf", raw=b"%PDF-1.4", called="{student}_{name}.pdf", marks=NOT_GRADED),
    Submission("broken", raw=b"PK broken", called="{student}_{name}.zip", marks=NOT_GRADED),
    Submission("again", called="{student}_{name} (1).ipynb", put_right=("It is called",)),
]
