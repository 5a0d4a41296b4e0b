"""Put what a student wrote into the release of a homework: nbgrader then finds every check as it was handed out.

Answers come into their cells, known by nbgrader's label, else by the cell's id, else by what they say. All
else that the student wrote stands between the release's cells as cells of the student's own.
"""

from __future__ import annotations

import re
import symtable
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import nbformat

ONLY_THE_LINK = re.compile(r"[^\n]*\]\(solutions/[^)\n]*\)[^\n]*")
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
    """A submission that nobody can grade: a short name for the reason, and a sentence."""


@dataclass(eq=False)
class Cell:
    """What counts of a handed-in cell: no output, and no tag, for one of them would make nbgrader skip it."""

    kind: str
    text: str
    pictures: dict
    label: dict
    home: int | None  # the place in the release of the cell that it is; a cell of the student's own has none

    def put_into(self, cell):
        """Return a notebook's cell with what stands in this one."""
        cell["source"] = self.text
        if self.pictures and cell["cell_type"] != "code":
            cell["attachments"] = self.pictures
        return cell


def read(path: Path, release: list) -> list[Cell]:
    """Return a handed-in notebook's cells; raises Ungradable when the file is none."""
    if path.stat().st_size > LARGEST:
        raise Ungradable("too_large", f"{path.name} has more than {LARGEST // 1_000_000} MB.")
    try:
        return known(nbformat.reads(path.read_text("utf-8-sig"), as_version=4)["cells"], release)
    except Exception as problem:
        words = " ".join(str(problem).split())[:120]
        raise Ungradable("unreadable", f"{path.name} is no notebook that can be read ({words}).") from None


def known(given: list[dict], release: list) -> list[Cell]:
    """Return the cells of a notebook, known by label or id."""
    homes, cells = {key: i for i, cell in enumerate(release) for key in (cell.id, _name(cell)) if key}, []
    for one in given:
        kind = one["cell_type"] if one["cell_type"] in ("code", "markdown") else "raw"
        parts = one.get("metadata", {}).get("nbgrader"), one.get("attachments")
        label, pictures = (part if isinstance(part, dict) else {} for part in parts)
        home = homes.get(str(label.get("grade_id")), homes.get(str(one.get("id"))))
        cells.append(Cell(kind, "".join(one["source"]), pictures, label, home))
    return cells


class Transplant:
    """Puts what a student wrote into the release: answers into their cells, all else in order between these."""

    def __init__(self, given: list[Cell], release: list) -> None:
        self.cells, self.release, self.findings = given, release, []
        answers = [i for i, cell in enumerate(release) if _label(cell).get("solution")]
        self.stubs = {i: release[i].source.strip() for i in answers}
        self.stripped: list[str] = []
        self.instead: dict[int, str] = {}  # what an answer's cell says when the answer stands elsewhere

    def cells_to_grade(self) -> list:
        """Return the new notebook's cells; raises Ungradable when nothing comes from this homework."""
        for place in range(len(self.release)):
            self.find_by_text(place)
        homes = {one.home for one in self.cells}
        if not any(_label(self.release[i]).get("grade") or i in self.stubs for i in homes - {None}):
            words = "Nothing in it comes from this homework: is it another notebook?"
            raise Ungradable("other_notebook", words)
        for place in range(len(self.release)):
            self.keep_one(place)
        self.look_at_the_order()
        for place in self.stubs:
            if not any(self.is_written(one) for one in self.at(place)):
                (self.find_code if self.release[place].cell_type == "code" else self.find_text)(place)
        if self.stripped:
            words = "nbgrader's labels were gone from these cells, and are put back"
            self.note("stripped", f"{words}: {', '.join(self.stripped)}.")
        return self.joined()

    def note(self, what: str, sentence: str) -> None:
        self.findings.append(Finding(what, sentence))

    def at(self, place: int) -> list[Cell]:
        return [one for one in self.cells if one.home == place]

    def is_written(self, one: Cell) -> bool:
        return one.text.strip() not in ("", *self.stubs.values())

    def is_as_released(self, one: Cell, place: int) -> bool:
        return one.text.strip() == self.release[place].source.strip()

    def find_by_text(self, place: int) -> None:
        """Find a cell of the release that has neither label nor id any more; answers have no text to know."""
        if place not in self.stubs and not self.at(place):
            same = (one for one in self.cells if one.home is None and self.is_as_released(one, place))
            if one := next(same, None):
                one.home = place

    def keep_one(self, place: int) -> None:
        """Let the last copy count: of an answer one that was written into, of others one that was not."""
        due, same, answer = _label(self.release[place]), self.at(place), place in self.stubs
        good = [one for one in same if (self.is_written(one) if answer else self.is_as_released(one, place))]
        for one in same:
            one.home = place if one is (good or same)[-1] else None
        if not due:
            return
        name, label = due["grade_id"], (good or same)[-1].label if same else due
        if label.get("grade_id") != name:
            self.stripped.append(name)
        elif any(label.get(key) != due.get(key) for key in ("grade", "locked", "points", "solution")):
            self.note("label", f"The label of the cell {name} had been changed; it is put back.")
        if len(same) > 1:
            words = "one of them counts, and what stands in the others is kept."
            self.note("copied", f"The cell {name} stood there {len(same)} times; {words}")
        if not answer and not same:
            self.note("missing", f"The cell {name} was missing; it is put back.")
        elif not answer and not good:
            words = "it is put back, below what was written there."
            self.note("edited", f"The cell {name} had been edited; {words}")

    def look_at_the_order(self) -> None:
        there = [one for i, cell in enumerate(self.release) if _name(cell) for one in self.at(i)]
        for before, one in pairwise(there):
            if self.cells.index(one) < self.cells.index(before):
                names = [_name(self.release[cell.home]) for cell in (one, before)]
                self.note("moved", "The cell {} stood above the cell {}; it is moved below.".format(*names))

    def own(self) -> dict[Cell, int]:
        """Return all else that the student wrote, and in front of which place of the release each of it comes.

        That is behind everything it stood behind, but in front of the next answer or check, which may need it.
        What was written into a check stands above that, and what was written into a text below.
        """
        labelled = {i for i, cell in enumerate(self.release) if _name(cell)}
        setup = [i for i in labelled - self.stubs.keys() if not _label(self.release[i])["grade"]]
        # Where the setup is missing, its imports come first.
        place, places = max((i + 1 for i in setup if not self.at(i)), default=0), {}
        for one in self.cells:
            if one.home is not None:
                place = max(place, one.home + 1)
            places[one] = place if one.home is None else one.home if one.home in labelled else one.home + 1
        following = len(self.release)
        for one in reversed(self.cells):
            if one.home in labelled:
                following = one.home
            elif one.home is None:
                places[one] = min(places[one], following)
        return {one: places[one] for one in self.cells if self.is_written(one) and not self.is_in_place(one)}

    def is_in_place(self, one: Cell) -> bool:
        return one.home is not None and (one.home in self.stubs or self.is_as_released(one, one.home))

    def is_beside(self, at: int, place: int) -> bool:
        """Return whether no answer or check stands between the place of an answer and that of another cell."""
        return at <= place + 1 and not any(map(_name, self.release[at:place]))

    def find_code(self, place: int) -> None:
        """Take the last cell that gives a value to what was asked for; where it runs early enough it may stay."""
        name, own = _name(self.release[place]), self.own()
        asked = {name} | _bound(self.stubs[place])
        written = [one for one in self.cells if one.kind == "code" and self.is_written(one)]
        fit = [one for one in written if asked & _bound(one.text)]
        mine = [one for one in fit if one.home is None]
        if mine and (own[mine[-1]] > place or self.is_beside(own[mine[-1]], place)):
            self.take(mine[-1], place)
        elif mine or any(one.home < place for one in fit):
            self.instead[place] = "# This answer stands further up."
            self.note("answer_elsewhere", f"The answer {name} stands in a cell further up, and counts there.")
        elif not self.at(place):
            self.note("answer_missing", f"The answer {name} was missing, and no other cell holds it.")

    def find_text(self, place: int) -> None:
        """Take the text beside the cell; where other text is, a person has to read it: nbgrader would give 0."""
        name, own = _name(self.release[place]), self.own()
        own = {one: at for one, at in own.items() if not ONLY_THE_LINK.fullmatch(one.text.strip())}
        beside = [one for one, at in own.items() if self.is_beside(at, place) and one.home is None]
        text = [one for one in own if one.kind != "code"]
        if found := [one for one in beside if one in text]:
            self.take(found[0], place)
        elif not self.at(place):
            self.instead[place] = "*The cell for this answer was missing.*"
            words = "was missing. A person has to look whether it stands in another cell."
            self.note("answer_missing", f"The answer {name} {words}")
        elif text or any(own[one] >= place for one in beside):
            words = "This cell was left as it was; other text was added."
            self.instead[place] = f"{self.stubs[place]}\n\n*{words}*"
            words = "was left empty, and there is text in other cells. A person has to read it."
            self.note("answer_elsewhere", f"The answer {name} {words}")

    def take(self, found: Cell, place: int) -> None:
        """Put a cell of the student's own into the cell of the answer."""
        name = _name(self.release[place])
        if self.at(place):
            self.note("answer_elsewhere", f"The answer {name} stood in another cell; it is put into its own.")
        else:
            self.stripped.append(name)
        found.home = place

    def joined(self) -> list:
        own, cells = self.own(), []
        for place, cell in enumerate([*deepcopy(self.release), None]):
            for one in [one for one, at in own.items() if at == place]:
                new = getattr(nbformat.v4, f"new_{one.kind}_cell")
                cells.append(one.put_into(new(id=f"student-{len(cells)}")))
            if cell is not None:
                for one in self.at(place) if place in self.stubs else ():
                    cell = one.put_into(cell) if self.is_written(one) else cell
                cell["source"] = self.instead.get(place, cell["source"])
                cells.append(cell)
        return cells


def _label(cell) -> dict:
    return cell.metadata.get("nbgrader", {})


def _name(cell) -> str | None:
    return _label(cell).get("grade_id")


def _bound(code: str) -> set[str]:
    """Return the names to which a cell gives a value, also where it is not quite Python."""
    try:
        symbols = symtable.symtable(code, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(re.findall(r"(?m)^(?:def[ \t]+)?(\w+)[ \t]*[(=]", code))
    return {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}
