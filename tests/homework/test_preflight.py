"""Which file counts, what the pre-flight says about it, and that one student's trouble is nobody else's."""

import json
import subprocess
import unicodedata

import pytest

from tests.homework.small import NAME, NO_F, NO_WHY, RELEASE, graded, preflight, right, whole
from tests.homework.submissions import code, new, text, twice
from workshop.files import ROOT

FILE = f"{NAME}.ipynb"
COLLECT = """
import json, sys
from grading import Collector
one = Collector(named_regexp=r".*/extracted/(?P<student_id>[^/_]+)_(?P<file_id>[^/]+)$")
print(json.dumps([one.collect("/x/extracted/" + file) for file in sys.argv[1:]]))
"""
COLLECTED = {  # the name of a file: the student, and what the file is called then
    "rar_hw.rar": ("rar", "hw.rar"),
    "ups_hw.IPYNB": ("ups", "hw.IPYNB"),
    "ups_hw.ipynb": ("ups", "hw (2).ipynb"),
    ".DS_Store": None,
    unicodedata.normalize("NFD", "zoé_hw.ipynb"): ("zoé", "hw.ipynb"),
}


@pytest.mark.line("change")
def test_every_kind_of_file_is_collected_and_an_id_is_one_however_it_is_written(teacher):
    command = [teacher, "-c", COLLECT, *COLLECTED]
    done = subprocess.run(
        command, cwd=ROOT / "teacher" / "homework", capture_output=True, text=True, check=True
    )
    found = [info and (info["student_id"], info["file_id"]) for info in json.loads(done.stdout)]
    assert found == list(COLLECTED.values())


def notebook(*cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


UNGRADABLE = {
    "words": b"my homework",
    "nothing": b"",
    "half a file": b'{"cells": [',
    "a list": b"[1, 2]",
    "no cells": b"{}",
    "cells of a wrong kind": notebook(1),
    "bytes": b"\xff\xfe\x00",
    "another notebook": notebook(code("1")),
    "another homework": notebook(new("markdown", "title", "# Another"), code(NO_F), text(NO_WHY)),
}


@pytest.mark.parametrize("content", UNGRADABLE.values(), ids=UNGRADABLE)
def test_what_nobody_can_grade_is_said_and_not_handed_on(tmp_path, content):
    made = graded(tmp_path, content)
    assert made.cells is None
    assert [found.gradable for found in made.findings] == [False]
    assert made.findings[0].sentence[-1] in ".?"


@pytest.mark.parametrize("file", ["hw (1).ipynb", "Untitled.ipynb", "hw.IPYNB", "hw.ipynb.txt", "hw.json"])
def test_a_wrong_name_is_forgiven(tmp_path, file):
    made = graded(tmp_path, right(), file)
    assert made.what == {"name"} and file in made.findings[0].sentence
    whole(made.cells)


def test_two_notebooks_without_the_right_name_are_not_guessed_at_and_other_files_come_along(tmp_path):
    graded(tmp_path, b"date,temp_c\n", "my_city.csv")
    graded(tmp_path, right(), "b.ipynb")
    made = graded(tmp_path, right(), "a.ipynb")
    assert made.cells is None and "a.ipynb, b.ipynb" in made.findings[0].sentence
    made = graded(tmp_path, right())
    assert made.cells and "there is a.ipynb, b.ipynb; it is not looked at" in made.findings[0].sentence
    assert sorted(path.name for path in (tmp_path / "submitted").iterdir()) == [FILE, "my_city.csv"]


def test_every_file_is_reported_and_one_students_trouble_is_nobody_elses(tmp_path):
    good = json.dumps(right())
    files = {
        f"release/{NAME}/{FILE}": json.dumps(RELEASE),
        f"received/a[1]/{NAME}/{FILE}": good,
        f"received/ann/{NAME}/{FILE}": good,
        f"received/bob/{NAME}/{FILE}": "no notebook",
        f"received/cid/{NAME}/{FILE}": json.dumps(right(twice("f"))),
        f"received/eve/{NAME}/homework.pdf": "%PDF",
        f"downloaded/{NAME}/extracted/{FILE}": "whose is it?",
        f"downloaded/{NAME}/extracted/a[1]_{FILE}": good,
        f"downloaded/{NAME}/extracted/ann_{FILE}": good,
        f"downloaded/{NAME}/extracted/ups_{FILE}": good,  # the same bytes as two that arrived
    }
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    (tmp_path / f"received/fay/{NAME}").mkdir(parents=True)

    rows = preflight.preflight(tmp_path, NAME)
    assert [(row["student_id"] or row["file"], row["gradable"], row["what"]) for row in rows] == [
        ("a[1]", "no", "id"),
        ("ann", "yes", ""),
        ("bob", "no", "unreadable"),
        ("cid", "yes", "copied"),
        ("eve", "no", "no_notebook"),
        ("fay", "no", "no_notebook"),
        (FILE, "no", "lost"),
        (f"ups_{FILE}", "no", "lost"),
    ]
    assert sorted(path.name for path in (tmp_path / "submitted").iterdir()) == ["ann", "cid"]
    words = preflight.told(rows)
    assert words.startswith("6 students handed in.")
    assert "eve: No notebook was handed in, but homework.pdf." in words
    report = (tmp_path / "reports" / f"{NAME}.csv").read_text(encoding="utf-8")
    assert report.count("\n") == len(rows) + 1
    assert preflight.preflight(tmp_path, NAME) == rows, "a second look must find the same"


def test_without_a_release_the_command_says_what_to_do(tmp_path, capsys):
    assert preflight.main(["hw1_averages", "--root", str(tmp_path)]) == 2
    assert "nbgrader generate_assignment hw1_averages" in capsys.readouterr().out
