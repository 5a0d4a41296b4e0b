"""What students hand in: for each submission how it differs from a right one, and the marks that it must earn."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tools.homework import MARKER

NOT_GRADED = "not graded"


@dataclass
class Submission:
    """A student's file.

    answers: the text of answer cells, by their grade_id, in place of the right one; None leaves the stub.
    change: is called with the notebook (a dict) at last. raw: what the file holds instead of a notebook.
    marks: of the check cells that do not earn full marks, by exercise; NOT_GRADED for the whole file.
    says: fragments that the feedback must contain. put_right: what the pre-flight must report. line: "change" for
    what only a kernel can show; the others are graded before a release.
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
    line: str = "release"

    def file(self, name, release, source):
        """Return the file's name and its bytes."""
        called = self.called.format(student=self.student, name=name)
        if self.raw is not None:
            return called, self.raw
        notebook = copy.deepcopy(release)
        right = {one["id"]: MARKER.sub("", "".join(one["source"])) for one in source["cells"]}
        for cell in notebook["cells"]:
            label = cell["metadata"].get("nbgrader", {})
            if not label.get("solution"):
                continue
            answer = self.answers.get(label["grade_id"], right[cell["id"]])
            if answer is not None:
                cell["source"] = answer.strip("\n")
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


def all_of(*changes):
    """Return a change that makes several."""

    def change(notebook):
        for one in changes:
            one(notebook)

    return change


def another_kernel(notebook):
    """Say that the notebook was written for a kernel that the teacher has not."""
    notebook["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}


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


def moved_up(name):
    """Return a change that moves a cell to the top."""

    def change(notebook):
        one = cell(notebook, name)
        notebook["cells"].remove(one)
        notebook["cells"].insert(1, one)

    return change


def added(*sources):
    """Return a change that adds cells of code at the end."""

    def change(notebook):
        for source in sources:
            new = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
            notebook["cells"].append({**new, "id": f"new-{len(notebook['cells'])}", "source": source})

    return change


def from_colab(notebook):
    """Write it as Colab does, which knows no ids of cells."""
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {"colab": {"provenance": []}}
    for one in notebook["cells"]:
        one["metadata"] = {"id": one.pop("id")}
