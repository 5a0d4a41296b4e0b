"""What this course adds to nbgrader, as nbgrader's own plugins: nbgrader_config.py names them."""

from __future__ import annotations

import csv
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.plugins import ExportPlugin, FileNameCollectorPlugin, zipcollect
from nbgrader.preprocessors import NbGraderPreprocessor, OverwriteCells
from traitlets import List, Unicode


class LeaveOut(NbGraderPreprocessor):
    """Leaves cells out of a release, by their ids."""

    cells = List(Unicode(), ["solution_link"], help="the ids of the cells to leave out").tag(config=True)

    def preprocess(self, nb, resources):
        """Return the notebook without these cells."""
        nb.cells = [cell for cell in nb.cells if cell.get("id") not in self.cells]
        return nb, resources


class ChecksBack(OverwriteCells):
    """Puts each check's hidden lines back in silence: the pre-flight has put in the check as it was released.

    nbgrader compares it with its source, which has lines that no student sees: every check would look edited.
    """

    def report_change(self, name, attr, old, new):
        """Say nothing."""


class MarksAreNumbers(NbGraderPreprocessor):
    """Makes the number that `grade` returns the only way to marks.

    nbgrader alone gives all points for a cell that shows nothing, and none for one that shows a warning.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Keep the last number of a check cell and what was printed; without a number the cell has failed."""
        if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
            return cell, resources
        if any(output.output_type == "error" for output in cell.outputs):
            return cell, resources
        results = [output for output in cell.outputs if output.output_type == "execute_result"]
        printed = [output for output in cell.outputs if output.get("name") == "stdout"]
        most = float(cell.metadata.nbgrader["points"])
        if results and (marks := _number(results[-1])) is not None and 0 <= marks <= most:
            cell.outputs = [*printed, results[-1]]
        else:
            words = "This cell gave no marks, though it must: something above it changed how Python answers."
            cell.outputs = [*printed, new_output("error", ename="NoMarks", evalue=words, traceback=[words])]
        return cell, resources


class OneNotebook(NbGraderPreprocessor):
    """Removes the notebooks that a student's code wrote beside the homework.

    nbgrader takes every notebook in the folder for a part of the homework, and makes no feedback when it knows one not.
    """

    def preprocess(self, nb, resources):
        """Leave the notebook that is graded alone in its folder; return it unchanged."""
        for path in Path(resources["metadata"]["path"]).glob("*.ipynb"):
            if path.stem != resources["nbgrader"]["notebook"]:
                self.log.warning("Removed, because the student's code wrote it: %s", path)
                path.unlink()
        return nb, resources


def _number(output) -> float | None:
    try:
        return float(output["data"]["text/plain"])
    except (KeyError, TypeError, ValueError):
        return None


def _unzip(path, to, **options):
    """Unpack an archive, or copy it as it is when that cannot be: one that is broken must not stop all."""
    try:
        utils.unzip(path, to, **options)
    except Exception:
        shutil.copy(path, to)


zipcollect.unzip = _unzip


class Collector(FileNameCollectorPlugin):
    """Collects files of every kind, so that the pre-flight can say what came in place of a notebook.

    Lets a second file of the same name stand beside the first: nbgrader would collect nothing from anybody.

    Where the pattern finds a `timestamp`, nbgrader takes the newer one.
    """

    seen = Counter()

    def collect(self, submitted_file):
        """Return what the pattern says about a file; its `file_id` is new for each student."""
        info = None if Path(submitted_file).name.startswith(".") else self._match(submitted_file)
        if info:  # the same letters can be written in two ways
            info["student_id"] = unicodedata.normalize("NFC", info["student_id"])
        if info and not info.get("timestamp"):
            key = info["student_id"], info["file_id"].casefold()
            self.seen[key] += 1
            if self.seen[key] > 1:
                name = Path(info["file_id"])
                info["file_id"] = f"{name.stem} ({self.seen[key]}){name.suffix}"
        return info


class Marks(ExportPlugin):
    """Writes marks.csv: a line for each student and homework, with the marks of each exercise.

    `status` says whether the marks are final. Where a submission could not be graded, or nothing was handed
    in, there are no marks in the line: nobody takes a missing number for a zero.
    """

    def export(self, gradebook):
        """Write the file (`--to`), and say on the screen what a person has to look at."""
        root = Path(self.parent.coursedir.root)
        homework = [
            one for one in gradebook.assignments if not self.assignment or one.name in self.assignment
        ]
        exercises = [
            cell.name for one in homework for notebook in one.notebooks for cell in notebook.grade_cells
        ]
        people, rows = {one.id: one for one in gradebook.students}, []
        for one in homework:
            submitted, stopped = {it.student.id: it for it in one.submissions}, _stopped(root, one.name)
            handed_in = {path.parent.name for path in (root / "received").glob(f"*/{one.name}")}
            for student in sorted(people.keys() | handed_in):
                if self.student and student not in self.student:
                    continue
                names = {key: getattr(people.get(student), key, None) or "" for key in NAMES}
                row = {"assignment": one.name, "student_id": student, **names, "out_of": one.max_score}
                if student in stopped:
                    row["status"] = f"not graded: {stopped[student]}"
                elif student not in submitted:
                    row["status"] = NOT_YET if student in handed_in else NOTHING
                elif not (root / "autograded" / student / one.name).is_dir():
                    row["status"] = ENDED
                else:
                    row |= _marks(submitted[student])
                rows.append(row)
        with Path(self.to or "marks.csv").open("w", newline="", encoding="utf-8") as file:
            head = ["assignment", "student_id", *NAMES, "status", "marks", "out_of", "late"]
            table = csv.DictWriter(file, [*head, *dict.fromkeys(exercises)], restval="")
            table.writeheader()
            table.writerows(rows)
        for row in rows:
            if row["status"] not in ("graded", NOTHING):
                print(f"{row['assignment']}, {row['student_id']}: {row['status']}")


NAMES = ("last_name", "first_name")
NOTHING, NOT_YET = "nothing handed in", "not graded yet: run nbgrader autograde"
ENDED = (
    "not graded: its code ended Python (os._exit, exit()) or used too much. Look at it, mend it "
    "in received/, and grade this student again."
)


def _stopped(root: Path, name: str) -> dict[str, str]:
    """Return why submissions never got to nbgrader, by student, as the pre-flight wrote it."""
    report = root / "reports" / f"{name}.csv"
    if not report.exists():
        return {}
    with report.open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row["sentence"] for row in csv.DictReader(file) if row["gradable"] == "no"}


def _marks(submission) -> dict:
    """Return the marks of a graded submission, and which of its answers a person has to read."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    waiting = [grade.name for grade in grades if grade.needs_manual_grade]
    late = submission.late_submission_penalty
    return {
        "status": f"to be read: {', '.join(waiting)}" if waiting else "graded",
        "marks": max(0.0, submission.score - late),
        "late": late or "",
        **{grade.name: grade.score for grade in grades if grade.name not in waiting},
    }
