"""What this course adds to nbgrader, as nbgrader's own plugins: nbgrader_config.py names them."""

from __future__ import annotations

import csv
import shutil
import tarfile
import unicodedata
import zipfile
from pathlib import Path

from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin, ExtractorPlugin, FileNameCollectorPlugin
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
    """Puts each check's hidden lines back, and warns only of a check that is not as it was released.

    nbgrader compares it with its source, which has lines that no student sees: every check would look edited.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Remember the checksum that the cell's label had when it was released."""
        self.released = cell.metadata.get("nbgrader", {}).get("checksum")
        return super().preprocess_cell(cell, resources, cell_index)

    def report_change(self, name, attr, old, new):
        """Warn as nbgrader does."""
        if attr != "checksum" or new != self.released:
            super().report_change(name, attr, old, new)


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


class Extractor(ExtractorPlugin):
    """Unpacks the archives that can be unpacked, and copies the others as they are: one must not stop all."""

    def extract(self, archive_path, extracted_path):
        """Set broken archives aside while nbgrader extracts the rest."""
        archives = [path for path in Path(archive_path).rglob("*") if path.suffix in self.zip_ext]
        aside = Path(extracted_path).with_name("broken")
        shutil.rmtree(aside, ignore_errors=True)
        broken = [path for path in archives if not _whole(path)]
        for path in broken:
            self.log.warning("Not an archive that can be unpacked: %s", path)
            aside.mkdir(exist_ok=True)
            path.rename(aside / path.name)
        try:
            super().extract(archive_path, extracted_path)
        finally:
            for path in broken:
                shutil.copy(aside / path.name, extracted_path)
                (aside / path.name).rename(path)
            shutil.rmtree(aside, ignore_errors=True)


def _whole(path: Path) -> bool:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None
        return tarfile.is_tarfile(path)
    except Exception:
        return False


class Collector(FileNameCollectorPlugin):
    """Collects files of every kind, so that the pre-flight can say what came in place of a notebook.

    Lets a second file of the same name stand beside the first: nbgrader would collect nothing from anybody.

    Where the pattern finds a `timestamp`, nbgrader takes the newer one.
    """

    def collect(self, submitted_file):
        """Return what the pattern says about a file; its `file_id` is new for each student."""
        info = None if Path(submitted_file).name.startswith(".") else self._match(submitted_file)
        if info:  # the same letters can be written in two ways
            info["student_id"] = unicodedata.normalize("NFC", info["student_id"])
        if not info or info.get("timestamp"):
            return info
        seen = self.__dict__.setdefault("seen", {})
        key = (info["student_id"], info["file_id"].casefold())
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            name = Path(info["file_id"])
            info["file_id"] = f"{name.stem} ({seen[key]}){name.suffix}"
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
        exercises = [cell for one in homework for notebook in one.notebooks for cell in _cells(notebook)]
        head = ["assignment", "student_id", "last_name", "first_name", "status", "marks", "out_of", "late"]
        rows = []
        for one in homework:
            stopped = _stopped(root, one.name)
            handed_in = {path.parent.name for path in (root / "received").glob(f"*/{one.name}")}
            for student in sorted({person.id for person in gradebook.students} | handed_in):
                if not self.student or student in self.student:
                    rows.append(_line(gradebook, root, one, student, stopped, student in handed_in))
        place = Path(self.to or "marks.csv")
        with place.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, [*head, *dict.fromkeys(exercises)], restval="")
            table.writeheader()
            table.writerows(rows)
        for row in rows:
            if row["status"] not in ("graded", "nothing handed in"):
                print(f"{row['assignment']}, {row['student_id']}: {row['status']}")


def _cells(notebook) -> list[str]:
    return [cell.name for cell in notebook.grade_cells]


def _stopped(root: Path, name: str) -> dict[str, str]:
    """Return why submissions never got to nbgrader, by student, as the pre-flight wrote it."""
    report = root / "reports" / f"{name}.csv"
    if not report.exists():
        return {}
    with report.open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row["sentence"] for row in csv.DictReader(file) if row["gradable"] == "no"}


def _line(gradebook, root, homework, student, stopped, handed_in) -> dict:
    line = {"assignment": homework.name, "student_id": student, "out_of": homework.max_score}
    try:
        person = gradebook.find_student(student)
        line |= {"last_name": person.last_name or "", "first_name": person.first_name or ""}
    except MissingEntry:
        pass
    try:
        submission = gradebook.find_submission(homework.name, student)
    except MissingEntry:
        submission = None
    if student in stopped:
        return line | {"status": f"not graded: {stopped[student]}"}
    if submission is None:
        return line | {
            "status": "not graded yet: run nbgrader autograde" if handed_in else "nothing handed in"
        }
    if not (root / "autograded" / student / homework.name).is_dir():
        return line | {
            "status": "not graded: its code ended Python (os._exit, exit()) or used too much. Look at it, mend it "
            "in received/, and grade this student again."
        }
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    waiting = [grade.name for grade in grades if grade.needs_manual_grade]
    line |= {grade.name: grade.score for grade in grades if grade.name not in waiting}
    status = f"to be read: {', '.join(waiting)}" if waiting else "graded"
    late = submission.late_submission_penalty
    return line | {"status": status, "marks": max(0.0, submission.score - late), "late": late or ""}
