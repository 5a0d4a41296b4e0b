"""Whatever students do to a notebook: the release is whole again, and nothing that they wrote is lost."""

import copy

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.homework.small import (
    NO_F,
    NO_G,
    NO_WHY,
    RELEASE,
    WHY,
    F,
    G,
    check_cell,
    code,
    graded,
    right,
    run,
    text,
    transplant,
    whole,
)
from tests.homework.submissions import (
    all_of,
    edited,
    from_colab,
    moved_up,
    stripped,
    stripped_and_renamed,
    twice,
    without,
)

pytestmark = pytest.mark.filterwarnings("ignore:Non-unique cell id")


def of(notebook, name):
    return next(one for one in notebook["cells"] if one["id"] == name)


def insert(new, before=None):
    """Return a change that adds a cell, in front of another or at the end."""

    def change(notebook):
        at = notebook["cells"].index(of(notebook, before)) if before else len(notebook["cells"])
        notebook["cells"].insert(at, copy.deepcopy(new))

    return change


def write(name, source):
    """Return a change of what stands in a cell."""
    return lambda notebook: of(notebook, name).update(source=source)


def move(*names, before=None):
    """Return a change that moves cells, in front of another or to the end."""

    def change(notebook):
        moved = [of(notebook, name) for name in names]
        notebook["cells"] = [one for one in notebook["cells"] if one not in moved]
        for one in moved:
            insert(one, before)(notebook)

    return change


def one_id_for_all(notebook):
    for one in notebook["cells"]:
        one["id"], one["metadata"] = "a", {}


def as_text(notebook):
    of(notebook, "f")["cell_type"] = "markdown"


DAMAGE = {
    "nothing": (all_of(), set()),
    "deleted": (without("check_f"), {"missing"}),
    "both checks deleted": (without("check_f", "check_g"), {"missing"}),
    "setup deleted": (without("setup"), {"missing"}),
    "copied": (twice("check_f", "f"), {"copied"}),
    "all copied": (twice("check_f", "f", "g", "check_g", "why", "setup"), {"copied"}),
    "points": (edited("check_f", points=100), {"points"}),
    "edited": (edited("check_f", "check = lambda *a: None"), {"edited"}),
    "no grade any more": (edited("check_f", grade=False), {"label"}),
    "label with holes": (
        lambda n: of(n, "check_f")["metadata"].update(nbgrader={"grade_id": "check_f"}),
        {"points"},
    ),
    "label of a wrong kind": (lambda n: of(n, "check_f")["metadata"].update(nbgrader="x"), {"stripped"}),
    "above its answer": (moved_up("check_f"), {"moved"}),
    "stripped": (stripped, {"stripped"}),
    "stripped and renamed": (stripped_and_renamed, {"stripped"}),
    "one id for all": (one_id_for_all, {"stripped"}),
    "from Colab": (from_colab, {"stripped"}),
    "an answer became text": (as_text, set()),
    "in another order": (move("ask_g", "g", "check_g", before="ask_f"), {"moved"}),
    "questions deleted": (
        lambda n: (
            n["cells"].__delitem__(slice(None, None)) or n["cells"].extend(of(right(), x) for x in "gf")
        ),
        {"missing", "answer_missing", "moved"},
    ),
    "a check of another homework": (insert(check_cell("other", 50)), set()),
    "a tag": (lambda n: of(n, "check_f")["metadata"].update(tags=["skip-execution"]), set()),
    "outputs of no kind": (lambda n: of(n, "f").update(outputs=[{"output_type": "nonsense"}]), set()),
    "the learners' version": (insert(text("When done: [the solution](solutions/hw.ipynb).")), set()),
}


@pytest.mark.parametrize(("change", "what"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_undone_and_reported(tmp_path, change, what):
    notebook = right()
    change(notebook)
    made = graded(tmp_path, notebook)
    assert made.what == what
    assert all(found.gradable for found in made.findings)
    whole(made.cells)
    assert run(made.cells) == {"f": 3, "g": 6}
    sources = [c.source for c in made.cells]
    assert WHY in sources or "answer_missing" in what


F_LEFT, G_LEFT, BOTH, WRONG = write("f", NO_F), write("g", NO_G), F + "\n\n\n" + G, "def f(x):\n    return 9"
CALLS, HELPER = "def f(x):\n    return helper(x)", code("def helper(x):\n    return x")
WHERE = {  # where a student's f stands
    "below its empty cell": (all_of(F_LEFT, insert(code(F), "check_f")), {"answer_elsewhere"}),
    "above its empty cell": (all_of(F_LEFT, insert(code(F), "f")), {"answer_elsewhere"}),
    "at the end": (all_of(F_LEFT, insert(code(F))), {"answer_elsewhere"}),
    "at the end, twice": (
        all_of(F_LEFT, insert(code(WRONG)), insert(code(F))),
        {"answer_elsewhere"},
    ),
    "below, and mended below a heading that came there": (
        all_of(write("f", WRONG), move("title", before="check_f"), insert(code(F), "check_f")),
        set(),
    ),
    "in a file of its own": (
        all_of(F_LEFT, insert(code("from math import floor as f"), "title")),
        {"answer_elsewhere"},
    ),
    "at the top": (all_of(F_LEFT, insert(code(F), "title")), {"answer_elsewhere"}),
    "in the setup": (all_of(F_LEFT, write("setup", F)), {"answer_elsewhere", "edited"}),
    "in its check": (all_of(F_LEFT, write("check_f", F + '\ncheck("f")')), {"edited"}),
    "in a new cell, its own deleted": (all_of(without("f"), insert(code(F), "check_f")), {"stripped"}),
    "at the end, its own deleted": (all_of(without("f"), insert(code(F))), {"stripped"}),
    "at the top, its own deleted": (all_of(without("f"), insert(code(F), "setup")), {"answer_elsewhere"}),
    "its own emptied": (all_of(write("f", ""), insert(code(F), "title")), {"answer_elsewhere"}),
    "one cell for both": (
        all_of(F_LEFT, G_LEFT, insert(code(BOTH), "title")),
        {"answer_elsewhere"},
    ),
    "both in one of the two": (
        all_of(write("f", BOTH), G_LEFT),
        {"answer_elsewhere"},
    ),
    "in a copy below": (all_of(twice("f"), F_LEFT), {"copied"}),
    "in a copy at the end": (all_of(twice("f"), F_LEFT, move("copy-3")), {"copied", "moved"}),
    "in the first of two copies": (all_of(twice("f"), write("copy-3", NO_F)), {"copied"}),
    "in the second of two tries": (all_of(twice("f"), write("f", WRONG)), {"copied"}),
    "split in two": (all_of(twice("f"), write("f", HELPER["source"]), write("copy-3", CALLS)), {"copied"}),
    "split, the second half a trial": (all_of(twice("f"), write("copy-3", "print(f(1))")), {"copied"}),
    "with a helper above": (all_of(write("f", CALLS), insert(HELPER, "f")), set()),
    "with a helper below": (all_of(write("f", CALLS), insert(HELPER, "check_f")), set()),
    "with a helper, its check deleted": (
        all_of(write("f", CALLS), insert(HELPER, "check_f"), without("check_f")),
        {"missing"},
    ),
    "with a helper at the very top, the setup deleted": (
        all_of(write("f", CALLS), insert(code("helper = math.floor"), "title"), without("setup")),
        {"missing"},
    ),
    "with a helper, moved to the end": (
        all_of(write("f", CALLS), move("f", "check_f"), insert(HELPER, "f")),
        {"moved"},
    ),
    "below its check, with a helper": (
        all_of(write("f", CALLS), move("check_f", before="f"), insert(HELPER, "f")),
        {"moved"},
    ),
    "no label, a helper above": (
        all_of(write("f", CALLS), insert(HELPER, "f"), stripped_and_renamed),
        {"stripped"},
    ),
    "no label, no questions": (
        all_of(
            lambda n: n.update(cells=[c for c in n["cells"] if "ask" not in c["id"]]), stripped_and_renamed
        ),
        {"stripped"},
    ),
}


@pytest.mark.parametrize(("change", "what"), WHERE.values(), ids=WHERE)
def test_an_answer_counts_wherever_it_stands(tmp_path, change, what):
    notebook = right()
    change(notebook)
    made = graded(tmp_path, notebook)
    whole(made.cells)
    assert run(made.cells) == {"f": 3, "g": 6}
    assert made.what == what


WHY_LEFT = write("why", NO_WHY)
ADDED = f"{NO_WHY}\n\n*This cell was left as it was; other text was added.*"
READ = {  # where a written answer stands
    "in its cell": (write("why", WHY), set(), WHY),
    "with pictures": (lambda n: of(n, "why").update(attachments={"a.png": {"image/png": ""}}), set(), WHY),
    "nowhere": (WHY_LEFT, set(), NO_WHY),
    "nowhere, emptied": (write("why", " \n"), set(), NO_WHY),
    "nowhere, and the link to the solution": (
        all_of(WHY_LEFT, insert(text("[The solution](solutions/hw.ipynb), later."), "end")),
        set(),
        NO_WHY,
    ),
    "beside its cell": (all_of(WHY_LEFT, insert(text(WHY), "end")), {"answer_elsewhere"}, WHY),
    "beside, its own deleted": (all_of(without("why"), insert(text(WHY), "end")), {"stripped"}, WHY),
    "in a copy": (all_of(twice("why"), WHY_LEFT), {"copied"}, WHY),
    "above a copy": (all_of(twice("why"), write("copy-10", NO_WHY)), {"copied"}, WHY),
    "at the end": (all_of(WHY_LEFT, insert(text(WHY))), {"answer_elsewhere"}, ADDED),
    "in the question": (
        all_of(WHY_LEFT, write("ask_why", f"## 3. Why?\n\n{WHY}")),
        {"answer_elsewhere"},
        None,
    ),
    "in a code cell": (all_of(WHY_LEFT, insert(code(WHY), "end")), {"answer_elsewhere"}, ADDED),
    "nowhere, and code in other places": (
        all_of(WHY_LEFT, insert(code("f(1)")), insert(code("g(1)"), "ask_why")),
        set(),
        NO_WHY,
    ),
    "deleted": (without("why"), {"answer_missing"}, None),
}


@pytest.mark.parametrize(("change", "what", "says"), READ.values(), ids=READ)
def test_a_written_answer_is_read_wherever_it_stands(tmp_path, change, what, says):
    """nbgrader gives 0 for a cell that is as it was: that must not happen where something was written."""
    notebook = right()
    change(notebook)
    made = graded(tmp_path, notebook)
    why = next(c for c in made.cells if c.id == "why")
    assert made.what == what
    assert why.source == says if says else why.source != NO_WHY
    pictures = [c["attachments"] for c in notebook["cells"] if "attachments" in c]
    assert pictures == ([why.pop("attachments")] if pictures else [])
    whole(made.cells)


def test_an_answer_that_is_not_quite_python_is_known(tmp_path):
    notebook = right()
    all_of(write("f", "def f(x:\n    return x"), insert(HELPER, "f"), stripped_and_renamed)(notebook)
    made = graded(tmp_path, notebook)
    assert next(c for c in made.cells if c.id == "f").source == "def f(x:\n    return x"
    assert "answer_missing" not in made.what


@pytest.mark.parametrize(("name", "before"), [("setup", True), ("check_f", True), ("draw", False)])
def test_what_was_written_into_a_cell_that_is_no_answer_is_kept_beside_it(tmp_path, name, before):
    notebook = right()
    write(name, "draw(f, 7)")(notebook)
    ids = [c.id for c in graded(tmp_path, notebook).cells]
    kept = next(i for i in ids if i.startswith("student-"))
    assert ids.index(kept) - ids.index(name) == (-1 if before else 1)


# --- any damage at all -----------------------------------------------------------------------------------------

AT = st.integers(0, 99)
KINDS = ("delete", "copy", "move", "strip", "rename", "same id", "retype", "write", "insert", "clear")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), AT, AT), max_size=12)


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
        elif kind == "retype":
            cells[place]["cell_type"] = ("markdown", "code", "raw")[to % 3]
        else:
            change = {
                "strip": {"metadata": {}},
                "rename": {"id": f"n{number}"},
                "same id": {"id": cells[to % len(cells)]["id"]},
                "write": {"source": cells[place]["source"] + "\n" + words},
                "clear": {"source": ""},
            }
            cells[place].update(change[kind])
    return notebook


def lines(cells):
    return {line for c in cells for line in c["source"].splitlines() if line.strip()}


def put_in(notebook):
    release = nbformat.from_dict(RELEASE)
    homes = {key: i for i, c in enumerate(release.cells) for key in (c.id, transplant._name(c)) if key}
    cells = [transplant._read(c, c["metadata"], homes) for c in notebook["cells"]]
    return transplant.Transplant(cells, release.cells).cells_to_grade()


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_no_accident_loses_a_line_or_changes_the_release(steps):
    notebook = damaged(steps)
    try:
        made = put_in(notebook)
    except transplant.Ungradable:
        names = {one["metadata"].get("nbgrader", {}).get("grade_id") for one in notebook["cells"]}
        assert not names & {"f", "check_f", "g", "check_g", "why"}
        return
    whole(made)
    assert lines(notebook["cells"]) - lines(RELEASE["cells"]) <= lines(made)
    again = put_in({"cells": copy.deepcopy(made)})
    assert [c.source for c in again] == [c.source for c in made], "a second look must change nothing"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("insert", "write", "strip")), AT, AT), max_size=12))
def test_what_was_in_order_stays_in_order(steps):
    notebook = damaged(steps)
    made = put_in(notebook)
    wanted = [line for c in notebook["cells"] for line in c["source"].splitlines() if line.strip()]
    found = [line for c in made for line in c.source.splitlines() if line.strip()]
    mine = [line for line in wanted if line.startswith("x")]
    assert [line for line in found if line.startswith("x")] == mine
