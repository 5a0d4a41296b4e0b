"""What students hand in: for each submission how it differs from a right one, and the marks that it must earn."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from teacher.make_homework import MARKER

NOT_GRADED = "not graded"


@dataclass
class Submission:
    """A student's file.

    answers: the text of answer cells, by their ids, in place of the right one; None leaves the stub.
    changes: are called with the notebook (a dict) at last. raw: what the file holds instead of a notebook.
    marks: of the check cells that do not earn full marks, by exercise; NOT_GRADED for the whole file.
    says: fragments that the feedback must contain. put_right: what the pre-flight must report.
    """

    student: str
    answers: dict[str, str | None] = field(default_factory=dict)
    changes: tuple[Callable[[dict], None], ...] = ()
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
        right = {one["id"]: MARKER.sub("", "".join(one["source"])) for one in source["cells"]}
        for one in notebook["cells"]:
            answer = self.answers.get(one["id"], right[one["id"]])
            if label(one).get("solution") and answer is not None:
                one["source"] = answer.strip("\n")
        for change in self.changes:
            change(notebook)
        return called, json.dumps(notebook).encode()

    def expected(self, release):
        """Return the marks of each exercise; None where a person has to read."""
        marks = {}
        for one in filter(label, release["cells"]):
            name, of = one["id"], label(one)
            if of["grade"]:
                written = of["solution"] and self.answers.get(name, "") is not None
                full = None if written else 0 if of["solution"] else of["points"]
                marks[name] = self.marks.get(name, full)
        return marks


def label(one):
    """Return nbgrader's label of a cell; most have none."""
    return one["metadata"].get("nbgrader", {})


def new(kind, name, source, **label):
    """Return a cell; with a label of nbgrader's when something of it is given."""
    more = {"schema_version": 3, "task": False, "checksum": "as in the release", "grade_id": name}
    metadata = {"nbgrader": more | label} if label else {}
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": name, "metadata": metadata, "source": source, **code}


def code(source, kind="code"):
    """Return a cell that a student added."""
    return new(kind, f"new-{abs(hash(source))}", source)


def text(source):
    """Return a text cell that a student added."""
    return code(source, "markdown")


def cell(notebook, name):
    """Return the cell with an id, which is its grade_id, too."""
    return next(one for one in notebook["cells"] if one["id"] == name)


# --- changes: functions of a notebook --------------------------------------------------------------------------


def write(name, source=None, **label):
    """Return a change of what stands in a cell, or in its label."""

    def change(notebook):
        one = cell(notebook, name)
        one["source"] = one["source"] if source is None else source
        one["metadata"].get("nbgrader", {}).update(label)

    return change


def insert(one, before=None):
    """Return a change that adds a cell, in front of another or at the end."""

    def change(notebook):
        at = notebook["cells"].index(cell(notebook, before)) if before else len(notebook["cells"])
        notebook["cells"].insert(at, copy.deepcopy(one))

    return change


def without(*names):
    """Return a change that deletes cells."""
    return lambda notebook: [notebook["cells"].remove(cell(notebook, name)) for name in names]


def move(*names, before=None):
    """Return a change that moves cells, in front of another or to the end."""

    def change(notebook):
        for name in names:
            one = cell(notebook, name)
            without(name)(notebook)
            insert(one, before)(notebook)

    return change


def twice(*names):
    """Return a change that copies cells with all their metadata, as JupyterLab does."""

    def change(notebook):
        for name in names:
            place = notebook["cells"].index(cell(notebook, name))
            one = {**copy.deepcopy(notebook["cells"][place]), "id": f"copy-{place}"}
            notebook["cells"].insert(place + 1, one)

    return change


def stripped(notebook):
    """Take away all labels, as some editors do."""
    for one in notebook["cells"]:
        one["metadata"] = {}


def renamed(notebook):
    """Give all cells other ids."""
    for number, one in enumerate(notebook["cells"]):
        one["id"] = f"n{number}"


def from_colab(notebook):
    """Write it as Colab does, which knows no ids of cells and another kernel."""
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {"colab": {"provenance": []}}
    for one in notebook["cells"]:
        one["metadata"] = {"id": one.pop("id")}
