"""Whatever students do to a notebook: the release is whole again, and nothing that they wrote is lost."""

import copy

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.homework.small import NO_F, NO_G, NO_WHY, RELEASE, WHY, F, G, graded, right, run, transplant, whole
from tests.homework.submissions import (
    cell,
    code,
    from_colab,
    insert,
    label,
    move,
    new,
    renamed,
    stripped,
    text,
    twice,
    without,
    write,
)

pytestmark = pytest.mark.filterwarnings("ignore:Non-unique cell id")


def changed(name, **parts):
    """Return a change of other parts of a cell than its text."""
    return lambda notebook: cell(notebook, name).update(parts)


F_LEFT, G_LEFT, WHY_LEFT = write("f", NO_F), write("g", NO_G), write("why", NO_WHY)
F_GONE, BOTH, WRONG = without("f"), F + "\n\n\n" + G, "def f(x):\n    return 9"
CALLS, HELPER = write("f", "def f(x):\n    return helper(x)"), code("def helper(x):\n    return x")
FLOOR = code("helper = math.floor")
BUT_F_AND_G = [one["id"] for one in RELEASE["cells"] if one["id"] not in "fg"]
LINK = text("When done: [the solution](solutions/hw.ipynb).")
OTHERS = new("code", "check_other", 'check("other")', grade=True, locked=True, points=50, solution=False)

DONE = {  # to a notebook with right answers: what must be reported, and the changes
    "nothing": ("",),
    "checks deleted": ("missing", without("check_f", "check_g")),
    "setup deleted": ("missing", without("setup")),
    "all copied": ("copied", twice("check_f", "f", "g", "check_g", "why", "setup")),
    "more points": ("label", write("check_f", points=100)),
    "no grade any more": ("label", write("check_f", grade=False)),
    "a label with holes": ("label", changed("check_f", metadata={"nbgrader": {"grade_id": "check_f"}})),
    "a label of a wrong kind": ("stripped", changed("check_f", metadata={"nbgrader": "x"})),
    "a check edited": ("edited", write("check_f", "check = lambda *a: None")),
    "a check above its answer": ("moved", move("check_f", before="setup")),
    "stripped": ("stripped", stripped),
    "stripped and renamed": ("stripped", stripped, renamed),
    "one id for all": ("stripped", lambda work: [one.update(id="a", metadata={}) for one in work["cells"]]),
    "from Colab": ("stripped", from_colab),
    "an answer became text": ("", changed("f", cell_type="markdown")),
    "in another order": ("moved", move("ask_g", "g", "check_g", before="ask_f")),
    "two answers alone": ("missing answer_missing moved", without(*BUT_F_AND_G), move("f")),
    "a check of another homework": ("", insert(OTHERS)),
    "a tag": ("", lambda work: cell(work, "check_f")["metadata"].update(tags=["skip-execution"])),
    "outputs of no kind": ("", changed("f", outputs=[{"output_type": "nonsense"}])),
    "a cell of no kind": ("", insert(code("x", "heading"))),
    "the learners' version": ("", insert(LINK)),
    # Where the answer f stands:
    "below its empty cell": ("answer_elsewhere", F_LEFT, insert(code(F), "check_f")),
    "above its empty cell": ("answer_elsewhere", F_LEFT, insert(code(F), "f")),
    "above its emptied cell": ("answer_elsewhere", write("f", ""), insert(code(F), "title")),
    "at the end, twice": ("answer_elsewhere", F_LEFT, insert(code(WRONG)), insert(code(F))),
    "below a heading": ("", write("f", WRONG), move("title", before="check_f"), insert(code(F), "check_f")),
    "in a file of its own": ("answer_elsewhere", F_LEFT, insert(code("from math import floor as f"))),
    "in the setup": ("answer_elsewhere edited", F_LEFT, write("setup", F)),
    "in its check": ("edited", F_LEFT, write("check_f", F + '\ncheck("f")')),
    "in a new cell, its own deleted": ("stripped", F_GONE, insert(code(F), "check_f")),
    "at the end, its own deleted": ("stripped", F_GONE, insert(code(F))),
    "at the top, its own deleted": ("answer_elsewhere", F_GONE, insert(code(F), "setup")),
    "one cell for both": ("answer_elsewhere", F_LEFT, G_LEFT, insert(code(BOTH), "title")),
    "both in one of the two": ("answer_elsewhere", write("f", BOTH), G_LEFT),
    "in a copy below": ("copied", twice("f"), F_LEFT),
    "in a copy at the end": ("copied moved", twice("f"), F_LEFT, move("copy-3")),
    "in the first of two copies": ("copied", twice("f"), write("copy-3", NO_F)),
    "in the second of two tries": ("copied", twice("f"), write("f", WRONG)),
    "split in two": ("copied", twice("f"), write("f", HELPER["source"]), write("copy-3", "f = helper")),
    "split, the second half a trial": ("copied", twice("f"), write("copy-3", "print(f(1))")),
    "with a helper below": ("", CALLS, insert(HELPER, "check_f")),
    "with a helper, its check deleted": ("missing", CALLS, insert(HELPER, "check_f"), without("check_f")),
    "a helper above all, no setup": ("missing", CALLS, insert(FLOOR, "title"), without("setup")),
    "with a helper, moved to the end": ("moved", CALLS, move("f", "check_f"), insert(HELPER, "f")),
    "with a helper, below its check": ("moved", CALLS, move("check_f", before="f"), insert(HELPER, "f")),
    "with a helper, no label": ("stripped", CALLS, insert(HELPER, "f"), stripped, renamed),
    "no label, no questions": ("stripped", without("ask_f", "ask_g", "ask_why"), stripped, renamed),
}  # fmt: skip


@pytest.mark.parametrize("done", DONE.values(), ids=DONE)
def test_what_was_done_is_reported_and_costs_no_marks(tmp_path, done):
    what, *changes = done
    made = graded(tmp_path, right(*changes))
    whole(made.cells)
    assert run(made.cells) == {"f": 3, "g": 6}
    assert made.what == set(what.split())
    assert all(found.gradable for found in made.findings)
    assert WHY in [one.source for one in made.cells] or "answer_missing" in what


ADDED = f"{NO_WHY}\n\n*This cell was left as it was; other text was added.*"
LINKED = text("[The solution](solutions/hw.ipynb), later.")
READ = {  # where a written answer stands: what its cell says, what must be reported, and the changes
    "in its cell": (WHY, "", write("why", WHY)),
    "nowhere": (NO_WHY, "", WHY_LEFT),
    "nowhere, emptied": (NO_WHY, "", write("why", " \n")),
    "nowhere, and the link to the solution": (NO_WHY, "", WHY_LEFT, insert(LINKED, "end")),
    "nowhere, and code": (NO_WHY, "", WHY_LEFT, insert(code("f(1)")), insert(code("g(1)"), "ask_why")),
    "beside its cell": (WHY, "answer_elsewhere", WHY_LEFT, insert(text(WHY), "end")),
    "beside, its own deleted": (WHY, "stripped", without("why"), insert(text(WHY), "end")),
    "in a copy": (WHY, "copied", twice("why"), WHY_LEFT),
    "in two copies": (WHY, "copied", twice("why"), write("why", "A first try.")),
    "above a copy": (WHY, "copied", twice("why"), write("copy-10", NO_WHY)),
    "at the end": (ADDED, "answer_elsewhere", WHY_LEFT, insert(text(WHY))),
    "in a code cell": (ADDED, "answer_elsewhere", WHY_LEFT, insert(code(WHY), "end")),
    "in the question": (ADDED, "answer_elsewhere", WHY_LEFT, write("ask_why", f"## 3. Why?\n\n{WHY}")),
    "deleted": ("*The cell for this answer was missing.*", "answer_missing", without("why")),
}


@pytest.mark.parametrize("done", READ.values(), ids=READ)
def test_a_written_answer_is_read_wherever_it_stands(tmp_path, done):
    """nbgrader gives 0 for a cell that is as it was: that must not happen where something was written."""
    says, what, *changes = done
    made = graded(tmp_path, right(*changes))
    why = cell({"cells": made.cells}, "why")
    assert (why.source, made.what) == (says, set(what.split()))
    whole(made.cells)


def test_pictures_of_an_answer_come_along(tmp_path):
    picture = {"a.png": {"image/png": ""}}
    made = graded(tmp_path, right(changed("why", attachments=picture)))
    assert cell({"cells": made.cells}, "why").attachments == picture


def test_an_answer_that_is_not_quite_python_is_known(tmp_path):
    broken = "def f(x:\n    return x"
    made = graded(tmp_path, right(write("f", broken), insert(HELPER, "f"), stripped, renamed))
    assert cell({"cells": made.cells}, "f").source == broken
    assert "answer_missing" not in made.what


@pytest.mark.parametrize(("name", "place"), [("setup", -1), ("check_f", -1), ("draw", 1)])
def test_what_was_written_into_a_cell_that_is_no_answer_is_kept_beside_it(tmp_path, name, place):
    ids = [one.id for one in graded(tmp_path, right(write(name, "draw(f, 7)"))).cells]
    assert ids[ids.index(name) + place].startswith("student-")


# --- any damage at all -----------------------------------------------------------------------------------------

AT = st.integers(0, 99)
KINDS = ("delete", "copy", "move", "strip", "rename", "same id", "retype", "write", "insert", "clear")


def steps(*kinds):
    return st.lists(st.tuples(st.sampled_from(kinds), AT, AT), max_size=12)


def damaged(steps):
    """Return a notebook after some accidents; each line that is written is a new one."""
    notebook = right()
    cells = notebook["cells"]
    for number, (kind, at, to) in enumerate(steps):
        place, words = at % (len(cells) or 1), f"x{number} = {number}"
        if kind == "insert" or not cells:
            cells.insert(place, code(words) if to % 2 else text(words))
        elif kind == "delete":
            del cells[place]
        elif kind == "copy":
            cells.insert(to % len(cells), {**copy.deepcopy(cells[place]), "id": f"copy-{number}"})
        elif kind == "move":
            cells.insert(to % len(cells), cells.pop(place))
        else:
            change = {
                "strip": {"metadata": {}},
                "rename": {"id": f"n{number}"},
                "same id": {"id": cells[to % len(cells)]["id"]},
                "retype": {"cell_type": ("markdown", "code", "raw")[to % 3]},
                "write": {"source": cells[place]["source"] + "\n" + words},
                "clear": {"source": ""},
            }
            cells[place].update(change[kind])
    return notebook


def lines(cells):
    return [line for one in cells for line in one["source"].splitlines() if line.strip()]


def put_in(notebook):
    release = nbformat.from_dict(RELEASE).cells
    return transplant.Transplant(transplant.known(notebook["cells"], release), release).cells_to_grade()


@settings(max_examples=400, deadline=None)
@given(steps(*KINDS))
def test_no_accident_loses_a_line_or_changes_the_release(steps):
    notebook = damaged(steps)
    try:
        made = put_in(notebook)
    except transplant.Ungradable:
        names = {label(one).get("grade_id") for one in notebook["cells"]}
        assert not names & {"f", "check_f", "g", "check_g", "why"}
        return
    whole(made)
    assert set(lines(notebook["cells"])) - set(lines(RELEASE["cells"])) <= set(lines(made))
    again = put_in({"cells": copy.deepcopy(made)})
    assert [one.source for one in again] == [one.source for one in made], "a second look must change nothing"


@settings(max_examples=200, deadline=None)
@given(steps("insert", "write", "strip"))
def test_what_was_in_order_stays_in_order(steps):
    notebook = damaged(steps)
    made, written = map(lines, (put_in(notebook), notebook["cells"]))
    assert [line for line in made if line[0] == "x"] == [line for line in written if line[0] == "x"]
