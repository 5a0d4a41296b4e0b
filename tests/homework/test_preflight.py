"""The pre-flight: what students do to check cells is undone, and what they wrote is kept."""

import copy
import importlib.util
import json
import sys

import nbformat
import pytest

from tests.homework.submissions import cell, edited, moved_up, stripped, stripped_and_renamed, twice, without
from tests.notebook_files import ROOT

NAME = "hw"


# The course's folder is no package.
_spec = importlib.util.spec_from_file_location("preflight", ROOT / "homework" / "preflight.py")
preflight = sys.modules["preflight"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(preflight)
STUB = "def {}(x):\n    pass  # your code here"


def one(kind, name, source, **label):
    """Return a cell; with a label when it has a grade."""
    known = {"grade_id": name, "schema_version": 3, "task": False, "checksum": name, **label}
    metadata = {"nbgrader": known} if label else {}
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": name, "metadata": metadata, "source": source, **code}


def answer(name, source):
    return one("code", name, source, grade=False, locked=False, solution=True)


def check_cell(name, points):
    label = {"grade": True, "locked": True, "points": points, "solution": False}
    return one("code", f"check_{name}", f'check("{name}")', **label)


@pytest.fixture
def release():
    return {
        "cells": [
            one("markdown", "title", "# Homework"),
            one("code", "setup", "from c import check", grade=False, locked=True, solution=False),
            one("markdown", "ask_f", "## 1. Write f"),
            answer("f", STUB.format("f")),
            check_cell("f", 4),
            one("markdown", "ask_g", "## 2. Write g"),
            answer("g", STUB.format("g")),
            check_cell("g", 6),
            one("markdown", "ask_why", "## 3. Why?"),
            one("markdown", "why", "*Write here.*", grade=True, locked=False, points=3, solution=True),
            one("markdown", "end", "## What you have now"),
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture
def handed_in(release):
    notebook = copy.deepcopy(release)
    cell(notebook, "f")["source"] = "def f(x):\n    return x"
    cell(notebook, "g")["source"] = "def g(x):\n    return 2 * x"
    cell(notebook, "why")["source"] = "Because."
    return notebook


@pytest.fixture
def look(release, tmp_path):
    """Return a function: hand in a notebook (or bytes), and get it back as (cells, findings)."""

    def at(notebook, file=f"{NAME}.ipynb"):
        folder, to = tmp_path / "received", tmp_path / "submitted"
        folder.mkdir(exist_ok=True)
        content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        (folder / file).write_bytes(content)
        findings = preflight.prepare(folder, to, nbformat.from_dict(release), NAME)
        made = to / f"{NAME}.ipynb"
        return (nbformat.read(made, as_version=4).cells if made.exists() else None), findings

    return at


def whole(cells, release):
    """Refuse a notebook in which a labelled cell of the release is missing, twice, changed or in another order."""
    found = [c for c in cells if "nbgrader" in c.metadata]
    wanted = [c for c in release["cells"] if "nbgrader" in c["metadata"]]
    assert [c.metadata.nbgrader.grade_id for c in found] == [
        c["metadata"]["nbgrader"]["grade_id"] for c in wanted
    ]
    for mine, theirs in zip(found, wanted, strict=True):
        assert dict(mine.metadata.nbgrader) == theirs["metadata"]["nbgrader"]
        assert mine.cell_type == theirs["cell_type"]
        if not theirs["metadata"]["nbgrader"]["solution"]:
            assert mine.source == theirs["source"]
    ids = [c.id for c in cells]
    assert len(ids) == len(set(ids))


def texts(cells):
    return [c.source for c in cells]


def test_a_good_one_passes_untouched(look, handed_in, release):
    cells, findings = look(handed_in)
    assert findings == []
    assert texts(cells) == texts(nbformat.from_dict(handed_in).cells)
    whole(cells, release)


DAMAGE = {
    "deleted": (without("check_f"), {"missing"}),
    "both checks deleted": (without("check_f", "check_g"), {"missing"}),
    "setup deleted": (without("setup"), {"missing"}),
    "copied": (twice("check_f", "f"), {"copied"}),
    "all copied": (twice("check_f", "f", "g", "check_g", "why", "setup"), {"copied"}),
    "points": (edited("check_f", points=100), {"points"}),
    "edited": (edited("check_f", "check = lambda *a: None"), {"edited"}),
    "no grade any more": (edited("check_f", grade=False), {"label"}),
    "label with holes": (
        lambda n: cell(n, "check_f")["metadata"].update(nbgrader={"grade_id": "check_f"}),
        {"points"},
    ),
    "label of a wrong kind": (lambda n: cell(n, "check_f")["metadata"].update(nbgrader="x"), {"stripped"}),
    "above its answer": (moved_up("check_f"), {"moved"}),
    "stripped": (stripped, {"stripped"}),
    "stripped and renamed": (stripped_and_renamed, {"stripped"}),
}


@pytest.mark.parametrize(("change", "what"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_undone_and_reported(look, handed_in, release, change, what):
    change(handed_in)
    cells, findings = look(handed_in)
    assert {found.what for found in findings} == what
    assert all(found.gradable for found in findings)
    whole(cells, release)
    for text in ("def f(x):\n    return x", "def g(x):\n    return 2 * x", "Because."):
        assert text in texts(cells)


def test_what_stood_in_an_edited_check_cell_is_kept_above_it(look, handed_in, release):
    change = edited("setup", "from c import check\nimport math")
    change(handed_in)
    cells, _ = look(handed_in)
    whole(cells, release)
    kept = texts(cells).index("from c import check\nimport math")
    assert texts(cells)[kept + 1] == "from c import check"


def test_a_missing_check_comes_behind_everything_of_its_exercise(look, handed_in):
    without("check_f")(handed_in)
    place = handed_in["cells"].index(cell(handed_in, "f"))
    handed_in["cells"].insert(place + 1, one("code", "mine", "def f(x):\n    return 3 * x"))
    cells, _ = look(handed_in)
    order = [c.id for c in cells]
    assert order.index("f") < order.index("mine") < order.index("check_f") < order.index("ask_g")


def test_an_answer_without_its_cell_is_not_hidden_by_an_empty_one(look, handed_in):
    without("f")(handed_in)
    handed_in["cells"].insert(1, one("code", "mine", "def f(x):\n    return x"))
    cells, findings = look(handed_in)
    assert findings == []
    assert STUB.format("f") not in texts(cells)


def test_a_written_answer_that_is_gone_is_reported(look, handed_in, release):
    without("why")(handed_in)
    cells, findings = look(handed_in)
    assert [found.what for found in findings] == ["answer_missing"]
    assert "*Write here.*" not in texts(cells), "nbgrader would count it as zero, and nobody would read"
    whole(cells, release)


def test_an_answer_in_another_cell_is_left_to_a_person(look, handed_in, release):
    cell(handed_in, "why")["source"] = "*Write here.*"
    handed_in["cells"].append(one("markdown", "mine", "Because."))
    cells, findings = look(handed_in)
    assert [found.what for found in findings] == ["answer_elsewhere"] and "why" in findings[0].sentence
    assert next(c for c in cells if c.id == "why").source != "*Write here.*"
    whole(cells, release)


def test_an_answer_that_was_not_written_stays_empty(look, handed_in):
    cell(handed_in, "why")["source"] = "*Write here.*"
    handed_in["cells"].append(one("markdown", "link", "[The solution](solutions/hw.ipynb), for later."))
    cells, findings = look(handed_in)
    assert findings == [] and "*Write here.*" in texts(cells)


def test_the_copy_that_was_written_into_counts(look, handed_in):
    twice("why")(handed_in)
    handed_in["cells"][-2]["source"] = "*Write here.*"
    cells, _ = look(handed_in)
    assert next(c for c in cells if "nbgrader" in c.metadata and c.id == "why").source == "Because."


def test_label_of_another_homework_is_taken_away(look, handed_in, release):
    handed_in["cells"].append(check_cell("other", 50))
    cells, _ = look(handed_in)
    whole(cells, release)


def test_a_tag_that_makes_nbgrader_skip_a_cell_is_gone(look, handed_in):
    cell(handed_in, "check_f")["metadata"]["tags"] = ["skip-execution"]
    cells, _ = look(handed_in)
    assert all("tags" not in c.metadata for c in cells)


def test_outputs_are_left_behind(look, handed_in):
    cell(handed_in, "f")["outputs"] = [{"output_type": "nonsense"}]
    cells, findings = look(handed_in)
    assert findings == [] and all(not c.get("outputs") for c in cells)


UNGRADABLE = {
    "words": b"my homework",
    "nothing": b"",
    "half a file": b'{"cells": [',
    "a list": b"[1, 2]",
    "no cells": b"{}",
    "cells of a wrong kind": b'{"cells": [1], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "bytes": b"\xff\xfe\x00",
    "another notebook": json.dumps(
        {"cells": [one("code", "x", "1")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    ),
}


@pytest.mark.parametrize("content", UNGRADABLE.values(), ids=UNGRADABLE)
def test_what_nobody_can_grade_is_said_and_not_handed_on(look, content):
    cells, findings = look(content if isinstance(content, bytes) else content.encode())
    assert cells is None
    assert [found.gradable for found in findings] == [False]
    assert findings[0].sentence[-1] in ".?"


@pytest.mark.parametrize("file", ["hw (1).ipynb", "Untitled.ipynb", "hw.IPYNB", "hw.ipynb.txt", "hw.json"])
def test_a_wrong_name_is_forgiven(look, handed_in, release, file):
    cells, findings = look(handed_in, file)
    assert [found.what for found in findings] == ["name"] and file in findings[0].sentence
    whole(cells, release)


def test_two_notebooks_without_the_right_name_are_not_guessed_at(look, handed_in):
    look(handed_in, "b.ipynb")
    cells, findings = look(handed_in, "a.ipynb")
    assert cells is None and "a.ipynb, b.ipynb" in findings[0].sentence


def test_other_files_come_along(look, handed_in, tmp_path):
    look(b"date,temp_c\n", "my_city.csv")
    look(handed_in)
    assert (tmp_path / "submitted" / "my_city.csv").exists()


def test_the_report_and_one_students_trouble_is_nobody_elses(release, handed_in, tmp_path):
    def put(path, content):
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")

    put(f"release/{NAME}/{NAME}.ipynb", json.dumps(release))
    put(f"received/ann/{NAME}/{NAME}.ipynb", json.dumps(handed_in))
    put(f"received/bob/{NAME}/{NAME}.ipynb", "no notebook")
    put(f"received/eve/{NAME}/homework.pdf", "%PDF")
    (tmp_path / f"received/fay/{NAME}").mkdir(parents=True)
    put(f"downloaded/{NAME}/extracted/{NAME}.ipynb", "whose is it?")
    twice("f")(handed_in)
    put(f"received/cid/{NAME}/{NAME}.ipynb", json.dumps(handed_in))

    rows = preflight.preflight(tmp_path, NAME)
    assert [(row["student_id"], row["gradable"], row["what"]) for row in rows] == [
        ("ann", "yes", ""),
        ("bob", "no", "unreadable"),
        ("cid", "yes", "copied"),
        ("eve", "no", "no_notebook"),
        ("fay", "no", "no_notebook"),
        ("", "no", "lost"),
    ]
    assert sorted(path.name for path in (tmp_path / "submitted").iterdir()) == ["ann", "cid"]
    words = preflight.told(rows)
    assert (
        words.startswith("5 students handed in.")
        and "eve: No notebook was handed in, but homework.pdf." in words
    )
    assert (tmp_path / "reports" / f"{NAME}.csv").read_text(encoding="utf-8").count("\n") == 7
    assert preflight.preflight(tmp_path, NAME) == rows, "a second look must find the same"


def test_no_file_vanishes_beside_one_of_the_same_bytes_and_an_odd_id_is_named(release, tmp_path):
    for path in (
        f"received/mia/{NAME}/{NAME}.ipynb",
        f"received/a[1]/{NAME}/{NAME}.ipynb",
        f"downloaded/{NAME}/extracted/mia_{NAME}.ipynb",
        f"downloaded/{NAME}/extracted/ups_{NAME}.IPYNB",
        f"downloaded/{NAME}/extracted/a[1]_{NAME}.ipynb",
        f"release/{NAME}/{NAME}.ipynb",
    ):
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(release), encoding="utf-8")
    rows = preflight.preflight(tmp_path, NAME)
    found = [(row["student_id"] or row["file"], row["what"]) for row in rows if row["what"]]
    assert found == [("a[1]", "id"), (f"ups_{NAME}.IPYNB", "lost")]


def test_without_a_release_the_command_says_what_to_do(tmp_path, capsys):
    assert preflight.main(["hw1_averages", "--root", str(tmp_path)]) == 2
    assert "nbgrader generate_assignment hw1_averages" in capsys.readouterr().out
