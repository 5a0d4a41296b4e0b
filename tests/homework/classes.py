"""What a class hands in for each homework. Mistakes in exercises come from the tables in tests/answers."""

from datetime import date, timedelta
from math import sin

from lesson_utils.personal import runs_and_kinds
from tests.answers import hw2, replaced
from tests.answers.hw1 import HW1
from tests.answers.hw2 import HW2
from tests.answers.hw3 import HW3
from tests.homework.submissions import (
    NOT_GRADED,
    Submission,
    code,
    from_colab,
    insert,
    move,
    twice,
    without,
    write,
)


def slips(homework, **causes):
    """Return a wrong answer to each exercise, by the name of its mistake."""
    return {exercise: homework.slip(exercise, cause) for exercise, cause in causes.items()}


def none(*exercises):
    """Return the marks of these exercises: none."""
    return {f"check_{exercise}": 0 for exercise in exercises}


# --- homework 1: averages --------------------------------------------------------------------------------------

EWA, CORRECTED = HW1.right["ewa"]["a loop"], HW1.right["ewa_corrected"]["a loop"]
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
PATCHES = """
from lesson_utils import checks
from lesson_utils.checks import engine

checks.grade = lambda name, points: points
checks.check = print
engine.near = lambda *args, **options: True
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
AS_IN_PYTHON = "vars = getattr = hasattr = type = len = 3  # names that Python itself has"
SILENT = "from IPython import get_ipython\n\nget_ipython().ast_node_interactivity = 'none'"
GAP = HW1.right["unit_gap"]["three lines"]
GAP_PRINTS = replaced(GAP, ("    f =", "    print('y' * 10_000_000)\n    f ="))
AVERAGES_ASKED = ("ewa", "ewa_corrected", "values_holding", "unit_gap", "calm_beta")
NOTHING = none(*AVERAGES_ASKED)


ONLY_A_KERNEL = [  # can show what becomes of these
    Submission("right"),
    Submission("empty", dict.fromkeys((*AVERAGES_ASKED, "why")), marks=NOTHING, says=("not done yet",)),
    Submission("partly",
               {"ewa": EWA.replace("beta):", "beta:"), **slips(HW1, values_holding="endless", unit_gap="exit")},
               marks=none("ewa", "values_holding", "unit_gap"),
               says=("SyntaxError", "did not end within", "ends the whole program"), endless=True),
    Submission("cellloop",
               {"ewa": f"{AS_IN_PYTHON}\n\n\n{EWA}", "ewa_corrected": f"{CORRECTED}\n\nwhile True:\n    pass",
                "unit_gap": f"{GAP}\n\nimport sys\n\nsys.exit()"},
               says=("more than 6 seconds. Does a loop in it not end?", "SystemExit"), endless=True),
    Submission("floods",
               {"ewa": EWA + "\n\nfor _ in range(300_000):\n    print('x' * 100)",
                "ewa_corrected": CORRECTED + "\n\nhoard = bytearray(3 << 30)", "unit_gap": GAP_PRINTS},
               says=("the rest is left out", "MemoryError")),
    Submission("kills", {"ewa": "import os\n" + replaced(EWA, ("return", "os._exit(0)\n    return"))},
               marks=NOT_GRADED),
    Submission("edited", {"ewa": None},
               (write("check_ewa", "check = lambda *args: None\n100", points=100), twice("ewa_corrected"),
                without("setup", "check_unit_gap"), move("check_calm_beta", before="ewa")),
               marks=none("ewa"),
               put_right=("label of the cell check_ewa had been changed", "cell check_ewa had been edited",
                          "ewa_corrected stood there 2 times", "setup was missing", "check_unit_gap was missing",
                          "check_calm_beta stood above")),
    Submission("patched", {"ewa": PATCHES, "calm_beta": "city = load_temperatures()\ncalm_beta = 0.5"},
               marks=none("ewa", "calm_beta")),
    Submission("silent", {"ewa": SILENT}, marks=NOTHING, says=("This cell gave no marks",), quiet=True),
    Submission("text", raw=b"my homework", marks=NOT_GRADED),
    Submission("broken", raw=b"PK broken", called="{student}_{name}.zip", marks=NOT_GRADED),
    Submission("reuses",  # the name of our function
               {"ewa": EWA + "\n\ncheck = True", "ewa_corrected": CORRECTED + "\n\ndel check",
                "values_holding": OWN_CHECK, "unit_gap": RESET + GAP,
                "calm_beta": CORRECTED + replaced(OWN_CITY, ('"my_city.csv"', ""))}),
]  # fmt: skip
AVERAGES = [
    Submission("colab", {"calm_beta": OWN_CITY}, (from_colab,), files={"my_city.csv": CITY},
               put_right=("labels were gone",)),
    Submission("swapped",
               {**slips(HW1, ewa="swapped", ewa_corrected="stored_back", values_holding="time_constant",
                        unit_gap="only_last"), "calm_beta": "city = load_temperatures()\ncalm_beta = 9.4"},
               marks=NOTHING, says=("look swapped", "stored back", "1/(1 − β)")),
    Submission("elsewhere", {"ewa": None, "ewa_corrected": None},
               (insert(code(EWA)), insert(code(CORRECTED.removeprefix(EWA)))),
               put_right=("answer ewa stood in another cell", "answer ewa_corrected stood in another cell")),
]  # fmt: skip

# --- homework 2: momentum --------------------------------------------------------------------------------------

# These call nothing of the student's but the two steps, so that a mistake costs no other exercise than theirs.
APART = {
    "descend": HW2.right["descend"]["the four lines"],
    "largest_alpha": replaced(
        HW2.right["largest_alpha"]["halved 40 times"],
        (
            "w, v = momentum_step(w, v, curvature * w, alpha, beta)",
            f"v = {hw2.V.replace('dw', 'curvature * w')}; w = {hw2.W}",
        ),
    ),
    "path_gap": hw2.paths("heavy_ball_alpha(4.0, 0.9)"),
}
STEP_LOST = none("momentum_step", "path_gap")

MOMENTUM = [
    Submission("right"),
    Submission("prints", {"momentum_step": HW2.right["momentum_step"]["it prints as well"]}),
    Submission("swapped",
               {**APART, "path_gap": hw2.paths("0.4"),
                "first_steps": "first_steps = dict(plain=np.float32(-3), momentum=-6 / 10, corrected=-3)",
                **slips(HW2, momentum_step="swapped", initialize_velocity="integers", heavy_ball_alpha="printed")},
               marks={**STEP_LOST, **none("initialize_velocity", "heavy_ball_alpha")},
               says=("look swapped", "whole numbers", "prints something and returns nothing")),
    Submission("loop", {**APART, **slips(HW2, momentum_step="endless")}, marks=STEP_LOST,
               says=("did not end within", "Does a loop in it not end?"), endless=True),
]  # fmt: skip

# --- homework 3: tuning ----------------------------------------------------------------------------------------

TRAIN = HW3.right["train"]["the lecture's"]


def kinds_of(me):
    """Return the right answer to `kinds` of the student who types `me`."""
    return f"kinds = { ({run.letter: kind for run, kind in runs_and_kinds(me)}) }"


TUNING = [
    Submission("right"),
    Submission("neighbour",  # whose words and numbers are somebody else's
               {"me": "me = 'Eve'", "plain_alpha": "plain_alpha = 0.9",
                "momentum_settings": "momentum_alpha, momentum_beta = 0.9, 4", "kinds": kinds_of("Ada"),
                **slips(HW3, train="not_averaged")},
               marks=none("plain_alpha", "momentum_settings", "kinds", "train", "train_settings"),
               says=("diverges", "summed over the batch and not averaged")),
    Submission("nameless", {"me": None}, marks=none("plain_alpha", "momentum_settings", "kinds"),
               says=("not done yet", "Type your name")),
    # nbgrader would look for the other notebook in its database
    Submission("stray", {"me": "me = 4711", "kinds": kinds_of(4711),
                         "train": TRAIN + "\n\nopen('notes.ipynb', 'w').write('{}')"}),
    Submission("kills",  # where nothing but checks calls it: they look at it in a copy
               {"train": replaced(TRAIN, ("    return", "    import os\n\n    os._exit(0)\n    return")),
                "kappa_from": "def kappa_from(beta):\n    return sum(range(10**12))"},
               marks=none("train", "train_settings", "kappa_from"), endless=True,
               says=("something in it ends Python itself", "did not come to an end within")),
]  # fmt: skip

CLASSES = {  # by homework and line of the tests; the first of each is right
    ("hw1_averages", "change"): ONLY_A_KERNEL,
    ("hw1_averages", "release"): AVERAGES,
    ("hw2_momentum", "release"): MOMENTUM,
    ("hw3_tuning", "release"): TUNING,
}
