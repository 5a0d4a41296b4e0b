"""Look at what students handed in before nbgrader grades it: `python preflight.py hw1_averages`, in this folder.

received/STUDENT/HOMEWORK/ is what came in, and stays as it is. submitted/STUDENT/HOMEWORK/ is what nbgrader
grades: the same, with missing, copied or edited check cells put back from the release. What was done stands in
reports/HOMEWORK.csv and on the screen, a sentence each. A notebook that nobody can grade is listed, and not
handed on: nbgrader would count it as zero.
"""

from __future__ import annotations

import argparse
import csv
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import nbformat

HERE = Path(__file__).resolve().parent
COLUMNS = ("assignment", "student_id", "file", "gradable", "what", "sentence")
ONLY_THE_LINK = re.compile(r"\[[^]\n]*\]\(solutions/[^)\n]*\)[^\n]*")
"""A cell that a release has not, and the homework for those who learn alone has."""
LARGEST = 50_000_000
"""Bytes: a larger file is full of outputs, or is no notebook."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found: a short name for it, a sentence, and whether the submission can be graded."""

    what: str
    sentence: str
    gradable: bool = True


class Ungradable(Exception):  # noqa: N818 - a finding, not an error of ours
    """A submission that nobody can grade, with the finding that says why."""

    def __init__(self, what: str, sentence: str) -> None:
        super().__init__(sentence)
        self.finding = Finding(what, sentence, gradable=False)


# One notebook ---------------------------------------------------------------------------------------------


def read(path: Path) -> nbformat.NotebookNode:
    """Return a handed-in file as a notebook without outputs; raises Ungradable when it is none."""
    if path.stat().st_size > LARGEST:
        raise Ungradable("too_large", f"{path.name} has more than {LARGEST // 1_000_000} MB.")
    try:
        found = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
        cells = [_clean(cell) for cell in found["cells"]]
        metadata = {key: found["metadata"][key] for key in ("kernelspec",) if key in found["metadata"]}
    except Exception as problem:
        words = " ".join(str(problem).split())[:120]
        raise Ungradable("unreadable", f"{path.name} is no notebook that can be read ({words}).") from None
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _clean(cell) -> nbformat.NotebookNode:
    """Return a cell as if it had never run, and without tags: one of them would make nbgrader skip it."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    new = make.get(cell["cell_type"], nbformat.v4.new_raw_cell)(source)
    new["id"] = str(cell.get("id") or new["id"])
    if isinstance(label := cell.get("metadata", {}).get("nbgrader"), dict):
        new["metadata"]["nbgrader"] = label
    if isinstance(pictures := cell.get("attachments"), dict) and new["cell_type"] != "code":
        new["attachments"] = pictures
    return new


def repair(given: nbformat.NotebookNode, release: nbformat.NotebookNode) -> list[Finding]:
    """Give a notebook the release's check cells, labels and points, and return what had to be done.

    Every locked cell of the release stands in it once afterwards, behind the answer that it looks at. What a
    student wrote into such a cell is kept in a cell of its own in front of it. Ungradable: nothing in it
    belongs to this homework.
    """
    work = _Repair(given, release)
    if not work.is_this_homework():
        raise Ungradable("other_notebook", "Nothing in it comes from this homework: is it another notebook?")
    for step in (work.find_answers, work.keep_one_of_each, work.put_labels_back, work.put_cells_back):
        step()
    work.leave_written_answers_to_a_person()
    work.finish()
    return work.findings


class _Repair:
    def __init__(self, given, release) -> None:
        self.notebook, self.cells = given, given.cells
        self.release = release.cells
        self.labelled = {_name(cell): cell for cell in self.release if _name(cell)}
        self.findings: list[Finding] = []
        by_id = {cell.id: _name(cell) for cell in self.labelled.values()}
        by_text = {cell.source.strip(): name for name, cell in self.labelled.items() if _locked(cell)}
        self.names: dict[int, str] = {}  # id() of a handed-in cell -> the labelled cell that it is
        self.stripped: list[str] = []
        for cell in self.cells:
            name = _name(cell)
            if name not in self.labelled:
                name = by_id.get(cell.id) or by_text.get(cell.source.strip())
                if name:
                    self.stripped.append(name)
            if name:
                self.names[id(cell)] = name

    def is_this_homework(self) -> bool:
        """Return whether an answer or a check of it is there; the first lines look alike in every homework."""
        labels = [self.labelled[name].metadata["nbgrader"] for name in self.names.values()]
        return any(label.get("solution") or label.get("grade") for label in labels)

    def note(self, what: str, sentence: str) -> None:
        self.findings.append(Finding(what, sentence))

    def find_answers(self) -> None:
        """Take for an answer what stands below its question, where the labels are gone."""
        plain = {cell.source.strip() for cell in self.release if not _name(cell)}
        for before, cell in zip(self.release, self.release[1:], strict=False):
            name = _name(cell)
            if not name or _locked(cell) or name in self.names.values():
                continue
            at = next(
                (i for i, c in enumerate(self.cells) if c.source.strip() == before.source.strip()), None
            )
            below = None if at is None else next(iter(self.cells[at + 1 : at + 2]), None)
            if below is None or id(below) in self.names or below.source.strip() in plain:
                continue
            if below.cell_type == cell.cell_type:
                self.names[id(below)] = name
                self.stripped.append(name)

    def keep_one_of_each(self) -> None:
        """Leave the last one of several; an untouched copy gives way to one that says something."""
        for name, original in self.labelled.items():
            same = [cell for cell in self.cells if self.names.get(id(cell)) == name]
            if len(same) < 2:
                continue
            if _locked(original):
                best = [cell for cell in same if cell.source.strip() == original.source.strip()] or same
            else:
                best = [cell for cell in same if cell.source.strip() != original.source.strip()] or same
            for cell in same:
                if cell is not best[-1]:
                    del self.names[id(cell)]
            self.note("copied", f"The cell {name} stood there {len(same)} times; one of them counts.")

    def put_labels_back(self) -> None:
        """Give each labelled cell the label, the points and (where locked) the text of the release."""
        for name in self.labelled:
            cell = next((cell for cell in self.cells if self.names.get(id(cell)) == name), None)
            if cell is None:
                continue
            original = self.labelled[name]
            old, new = cell.metadata.get("nbgrader", {}), original.metadata["nbgrader"]
            if old and old.get("points") != new.get("points"):
                self.note(
                    "points", f"The cell {name} said {old.get('points')} points; it has {new.get('points')}."
                )
            elif old and any(old.get(key) != new[key] for key in ("grade", "locked", "solution")):
                self.note("label", f"The label of the cell {name} had been changed; it is put back.")
            if _locked(original) and cell.source.strip() != original.source.strip():
                self.note(
                    "edited",
                    f"The cell {name} had been edited; it is put back, below what was written there.",
                )
                self.cells.insert(_at(self.cells, cell), _plain(cell))
            if _locked(original) or cell.cell_type != original.cell_type:
                self._turn_into(cell, original)
            cell.metadata = nbformat.from_dict(dict(original.metadata))
        if self.stripped:
            listed = ", ".join(dict.fromkeys(self.stripped))
            self.note(
                "stripped", f"nbgrader's labels were gone from these cells, and are put back: {listed}."
            )

    def put_cells_back(self) -> None:
        """Insert what is missing, and move a check that stands above its answer below it."""
        for place, original in enumerate(self.release):
            name = _name(original)
            if not name:
                continue
            cell = next((cell for cell in self.cells if self.names.get(id(cell)) == name), None)
            if cell is not None and not self._too_early(place, cell):
                continue
            if cell is not None:
                if not _locked(original):
                    continue
                self.cells.pop(_at(self.cells, cell))
                self.note("moved", f"The cell {name} stood above the answer it looks at; it is moved below.")
            elif _locked(original):
                self.note("missing", f"The cell {name} was missing; it is put back.")
            elif original.metadata["nbgrader"].get("grade"):
                words = "A person has to look whether it stands in another cell."
                self.note("answer_missing", f"The answer {name} was missing. {words}")
            else:
                continue  # the answer may stand in any other cell: an empty one would hide it
            new = nbformat.from_dict(dict(original))
            if not _locked(original) and original.cell_type == "markdown":
                new["source"] = "*The cell for this answer was missing.*"  # nbgrader counts an empty one as 0
            self.names[id(new)] = name
            self.cells.insert(self._place_for(place), new)

    def leave_written_answers_to_a_person(self) -> None:
        """Mark an answer cell that is as it was, where the student wrote text elsewhere: nbgrader would give it 0."""
        known = {cell.source.strip() for cell in self.release} | {""}
        if not any(
            cell.cell_type != "code"
            and id(cell) not in self.names
            and cell.source.strip() not in known
            and not ONLY_THE_LINK.fullmatch(cell.source.strip())
            for cell in self.cells
        ):
            return
        for cell in self.cells:
            original = self.labelled.get(self.names.get(id(cell)))
            if original is None or _locked(original) or original.cell_type != "markdown":
                continue
            if original.metadata["nbgrader"].get("grade") and cell.source.strip() == original.source.strip():
                cell["source"] = f"{original.source}\n\n*This cell was left as it was; other text was added.*"
                name = self.names[id(cell)]
                self.note(
                    "answer_elsewhere",
                    f"The answer {name} was left empty, and there is text in other cells. A person has to read it.",
                )

    def _too_early(self, place: int, cell) -> bool:
        """Return whether a labelled cell stands above the answer that comes before it in the release."""
        answers = [_name(c) for c in self.release[:place] if _name(c) and not _locked(c)]
        if not answers:
            return False
        at = [i for i, c in enumerate(self.cells) if self.names.get(id(c)) == answers[-1]]
        return bool(at) and _at(self.cells, cell) < at[-1]

    def _place_for(self, place: int) -> int:
        """Return where a cell of the release belongs: in front of the next one that is there, as late as can be."""
        low = 0
        for original in self.release[:place]:
            at = self._where(original)
            low = low if at is None else max(low, at + 1)
        after = [self._where(original) for original in self.release[place + 1 :]]
        return next((at for at in after if at is not None and at >= low), len(self.cells))

    def _where(self, original) -> int | None:
        name = _name(original)
        for i, cell in enumerate(self.cells):
            if self.names.get(id(cell)) == name if name else cell.source.strip() == original.source.strip():
                return i
        return None

    def _turn_into(self, cell, original) -> None:
        """Make a cell what the release's is, with the student's text where that is not locked."""
        source = original.source if _locked(original) else cell.source
        kept = self.names[id(cell)]
        new = nbformat.from_dict(dict(original))
        new["source"] = source
        cell.clear()
        cell.update(new)
        self.names[id(cell)] = kept

    def finish(self) -> None:
        """Take other homework's labels away, and make every id unique."""
        seen = {
            cell.id
            for cell in self.cells
            if id(cell) in self.names and _set_id(cell, self.labelled, self.names)
        }
        for cell in self.cells:
            if id(cell) in self.names:
                continue
            cell.metadata.pop("nbgrader", None)
            if (
                cell.id in seen
                or not cell.id.replace("-", "").replace("_", "").isalnum()
                or len(cell.id) > 64
            ):
                cell["id"] = nbformat.v4.new_code_cell()["id"]
            seen.add(cell.id)


def _set_id(cell, labelled, names) -> bool:
    cell["id"] = labelled[names[id(cell)]].id
    return True


def _at(cells: list, cell) -> int:
    """Return where this very cell stands; `index` would find an equal one."""
    return next(i for i, other in enumerate(cells) if other is cell)


def _name(cell) -> str | None:
    label = cell.metadata.get("nbgrader") or {}
    return label.get("grade_id") if isinstance(label, dict) else None


def _locked(cell) -> bool:
    return not cell.metadata["nbgrader"].get("solution", False)


def _plain(cell) -> nbformat.NotebookNode:
    """Return a student's text from a locked cell as a cell of its own."""
    make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    return make(cell.source)


# One student ----------------------------------------------------------------------------------------------


def choose(folder: Path, name: str) -> tuple[Path, list[Finding]]:
    """Return the notebook that a student means, and what was odd about it; raises Ungradable when unsure."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    notebooks = [
        path for path in files if path.suffix.lower() == ".ipynb" and not path.stem.endswith("-checkpoint")
    ]
    exact = [path for path in notebooks if path.name == f"{name}.ipynb"]
    if len(exact) == 1:
        others = [path.name for path in notebooks if path not in exact]
        if not others:
            return exact[0], []
        return exact[0], [
            Finding("several", f"Besides {exact[0].name} there is {', '.join(others)}; it is not looked at.")
        ]
    if len(notebooks) == 1:
        return notebooks[0], [Finding("name", f"It is called {notebooks[0].name}; taken as {name}.ipynb.")]
    if notebooks:
        listed = ", ".join(path.name for path in notebooks)
        raise Ungradable("several", f"Which of these counts? {listed}. Leave one of them in received/.")
    hidden = [path for path in files if path.suffix in (".json", ".txt")]
    if len(hidden) == 1 and hidden[0].read_text(encoding="utf-8", errors="replace").lstrip().startswith("{"):
        return hidden[0], [Finding("name", f"It is called {hidden[0].name}; taken as {name}.ipynb.")]
    listed = ", ".join(path.name for path in files if path.name != "timestamp.txt") or "no file at all"
    raise Ungradable("no_notebook", f"No notebook was handed in, but {listed}.")


def prepare(folder: Path, to: Path, release: nbformat.NotebookNode, name: str) -> list[Finding]:
    """Make submitted/STUDENT/HOMEWORK of received/STUDENT/HOMEWORK, and return what was found."""
    shutil.rmtree(to, ignore_errors=True)
    try:
        path, findings = choose(folder, name)
        notebook = read(path)
        findings += repair(notebook, release)
        text = nbformat.writes(notebook)
    except Ungradable as ungradable:
        return [ungradable.finding]
    except Exception as problem:  # one student's odd file must not stop the others
        words = " ".join(str(problem).split())[:120]
        return [
            Finding("unreadable", f"It could not be looked at ({type(problem).__name__}: {words}).", False)
        ]
    to.mkdir(parents=True)
    for other in folder.iterdir():
        if other.is_file() and other.suffix.lower() != ".ipynb" and other != path:
            shutil.copy(other, to)
    (to / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8", newline="\n")
    return findings


# A class --------------------------------------------------------------------------------------------------


def preflight(root: Path, name: str) -> list[dict]:
    """Look at every submission of a homework; returns the rows of the report, after writing it."""
    release = nbformat.read(root / "release" / name / f"{name}.ipynb", as_version=4)
    rows = []
    for folder in sorted((root / "received").glob(f"*/{name}")):
        student = folder.parent.name
        if set(student) & set("[]*?"):
            words = "nbgrader cannot grade an id with one of [ ] * ? in it. Rename the folder in received/."
            rows.append(_row(name, student, Finding("id", words, gradable=False)))
            continue
        findings = prepare(folder, root / "submitted" / student / name, release, name)
        for found in findings or [Finding("", "")]:
            rows.append(_row(name, student, found))
    rows += [_row(name, "", found, file) for file, found in lost(root, name)]
    place = root / "reports" / f"{name}.csv"
    place.parent.mkdir(exist_ok=True)
    with place.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    return rows


def _row(name: str, student: str, found: Finding, file: str = "") -> dict:
    gradable = "yes" if found.gradable else "no"
    return dict(zip(COLUMNS, (name, student, file, gradable, found.what, found.sentence), strict=True))


def lost(root: Path, name: str) -> Iterator[tuple[str, Finding]]:
    """Yield the downloaded files that reached no student's folder."""
    received = [path for path in (root / "received").glob(f"*/{name}/**/*") if path.is_file()]
    arrived = [(_student(path, root), _digest(path)) for path in received]
    folder = root / "downloaded" / name / "extracted"
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        file, digest = str(path.relative_to(folder)), _digest(path)
        words = unicodedata.normalize("NFC", file)
        same = [one for one in arrived if one[1] == digest and one[0] in words]
        if same:  # each file that arrived stands for one: two students can hand in the same bytes
            arrived.remove(max(same, key=lambda one: len(one[0])))
            continue
        sentence = (
            "It reached nobody's folder: the pattern in nbgrader_config.py does not fit its name, or a newer "
            "file of this student or one that you changed in received/ stands in its place."
        )
        yield file, Finding("lost", sentence, gradable=False)


def _student(path: Path, root: Path) -> str:
    return unicodedata.normalize("NFC", path.relative_to(root / "received").parts[0])


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def told(rows: list[dict]) -> str:
    """Return the report in words."""
    students = {row["student_id"] for row in rows if row["student_id"]}
    stopped = [row for row in rows if row["gradable"] == "no"]
    mended = [row for row in rows if row["gradable"] == "yes" and row["what"]]
    lines = [f"{len(students)} students handed in."]
    for head, part in (("Cannot be graded", stopped), ("Put right", mended)):
        if part:
            lines += ["", f"{head}:"]
            lines += [f"  {row['student_id'] or row['file']}: {row['sentence']}" for row in part]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 2 when there is no release to compare with."""
    parser = argparse.ArgumentParser(description="Look at what students handed in before nbgrader grades it.")
    parser.add_argument("homework", help="its name, such as hw1_averages")
    parser.add_argument("--root", type=Path, default=HERE, help="the course's folder")
    given = parser.parse_args(arguments)
    try:
        rows = preflight(given.root, given.homework)
    except FileNotFoundError as problem:
        print(f"No release: run `nbgrader generate_assignment {given.homework}` first ({problem.filename}).")
        return 2
    print(told(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
