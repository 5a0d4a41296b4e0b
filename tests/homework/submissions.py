"""What students hand in: for each submission how it differs from a right one, and the marks that it must earn."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

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
    endless: bool = False  # has a loop that is stopped

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


EWA = """def ewa(values, beta):
    v, averages = 0.0, []
    for theta in values:
        v = beta * v + (1 - beta) * theta
        averages.append(v)
    return averages
"""
ENDLESS = "\nwhile True:\n    pass\n"

AVERAGES = [
    Submission("right"),
    Submission("empty", {"ewa": None, "why": None}, marks={"check_ewa": 0}, says=("not done yet",)),
    Submission(
        "syntax",
        {"ewa": "def ewa(values, beta:\n    return values"},
        marks={"check_ewa": 0},
        says=("SyntaxError",),
    ),
    Submission(
        "loop",
        {"ewa": "def ewa(values, beta):\n    while True:\n        pass"},
        marks={"check_ewa": 0},
        says=("did not end within",),
    ),
    Submission("toploop", {"ewa": EWA + ENDLESS}, says=("Does a loop in it not end?",)),
    Submission(
        "huge", {"ewa": EWA + "for i in range(10**9):\n    print('x' * 100)"}, says=("the rest is left out",)
    ),
    Submission("sysexit", {"ewa": EWA + "import sys\nsys.exit()"}),
    Submission("osexit", {"ewa": EWA + "import os\nos._exit(0)"}, marks=NOT_GRADED),
    Submission("deleted", change=without("check_ewa"), put_right=("check_ewa was missing",)),
    Submission(
        "edited",
        change=edited("check_ewa", "check = lambda *a: None", points=100),
        put_right=("said 100 points", "had been edited"),
    ),
    Submission("copied", change=twice("ewa", "check_ewa"), put_right=("The cell ewa stood there 2 times",)),
    Submission("stripped", change=stripped, put_right=("labels were gone",)),
    Submission("renamed", change=stripped_and_renamed, put_right=("labels were gone",)),
    Submission(
        "patched",
        {
            "ewa": "import numpy as np\nnp.allclose = lambda *a, **k: True\ndef ewa(values, beta):\n    return values"
        },
        marks={"check_ewa": 0},
    ),
    Submission("text", raw=b"my homework", marks=NOT_GRADED),
    Submission("pdf", raw=b"%PDF-1.4", called="{student}_{name}.pdf", marks=NOT_GRADED),
    Submission("zip", raw=b"PK broken", called="{student}_{name}.zip", marks=NOT_GRADED),
    Submission("again", called="{student}_{name} (1).ipynb", put_right=("It is called",)),
]

CLASSES = {"hw1_averages": AVERAGES}
