"""What a class hands in for homework 3, where each student has a ravine and pictures of their own."""

from lesson_utils.personal import runs_and_kinds
from tests.homework.submissions import NOT_GRADED, Submission

TRAIN = """
def train(x, y, batches, alpha, beta):
    w = b = v_dw = v_db = 0.0
    for batch in batches:
        error = w * x[batch] + b - y[batch]
        v_dw = beta * v_dw + (1 - beta) * np.mean(error * x[batch])
        v_db = beta * v_db + (1 - beta) * np.mean(error)
        w, b = w - alpha * v_dw, b - alpha * v_db
    return w, b
"""
KAPPA_ROUNDED_UP = """
import math


def kappa_from(beta):
    factor = beta**0.5
    return math.ceil((1 + factor) / (1 - factor))
"""
NAMES = ("plain_alpha", "momentum_settings", "kappa_from", "kinds", "train", "train_settings")


def kinds_of(me):
    """Return the right answer to `kinds` of the student who types `me`."""
    return f"kinds = { ({run.letter: kind for run, kind in runs_and_kinds(me)}) }"


TUNING = [
    Submission("right"),
    Submission(
        "otherways",
        {
            "me": "me = 4711",
            "kinds": kinds_of(4711),
            "kappa_from": KAPPA_ROUNDED_UP,
            "train": TRAIN.replace("return w, b", "return np.array([w, b])"),
        },
    ),
    Submission(
        "empty",
        dict.fromkeys(("me", *NAMES, "written")),
        marks={f"check_{name}": 0 for name in NAMES},
        says=("not done yet", "Type your name"),
    ),
    Submission(
        "neighbour",  # whose words and numbers are somebody else's
        {
            "me": "me = 'Eve'",
            "plain_alpha": "plain_alpha = 0.9",
            "momentum_settings": "momentum_alpha, momentum_beta = 0.9, 4",
            "kinds": kinds_of("Ada"),
        },
        marks={"check_plain_alpha": 0, "check_momentum_settings": 0, "check_kinds": 0},
        says=("diverges",),
    ),
    Submission(
        "summed",
        {
            "train": TRAIN.replace("np.mean", "np.sum"),
            "kappa_from": "def kappa_from(beta):\n    return 1 / (1 - beta)",
        },
        marks={"check_train": 0, "check_train_settings": 0, "check_kappa_from": 0},
        says=("summed over the batch and not averaged",),
    ),
    Submission(
        "loop",
        {
            "train": TRAIN.replace(
                "        w, b = w", "        while True:\n            pass\n        w, b = w"
            )
        },
        marks={"check_train": 0, "check_train_settings": 0},
        says=("did not end within",),
        endless=True,
    ),
    Submission(  # nbgrader would look for the other notebook in its database
        "stray", {"train": TRAIN + "\n\nopen('notes.ipynb', 'w').write('{}')"}
    ),
    Submission(
        "kills",
        {"train": TRAIN.replace("    return", "    import os\n\n    os._exit(0)\n    return")},
        marks=NOT_GRADED,
    ),
]
