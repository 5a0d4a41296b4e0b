"""The pre-flight: which file counts, what is said about it, and that one student's trouble is nobody else's."""

import json

import pytest

from tests.homework.small import NAME, NO_F, NO_WHY, RELEASE, code, graded, one, preflight, right, text, whole
from tests.homework.submissions import twice


def notebook(*cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


UNGRADABLE = {
    "words": b"my homework",
    "nothing": b"",
    "half a file": b'{"cells": [',
    "a list": b"[1, 2]",
    "no cells": b"{}",
    "cells of a wrong kind": b'{"cells": [1], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "bytes": b"\xff\xfe\x00",
    "another notebook": notebook(code("1")),
    "another homework": notebook(one("markdown", "title", "# Another"), code(NO_F), text(NO_WHY)),
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


def test_two_notebooks_without_the_right_name_are_not_guessed_at(tmp_path):
    graded(tmp_path, right(), "b.ipynb")
    made = graded(tmp_path, right(), "a.ipynb")
    assert made.cells is None and "a.ipynb, b.ipynb" in made.findings[0].sentence
    made = graded(tmp_path, right())
    assert made.cells and "there is a.ipynb, b.ipynb; it is not looked at" in made.findings[0].sentence


def test_other_files_come_along(tmp_path):
    graded(tmp_path, b"date,temp_c\n", "my_city.csv")
    graded(tmp_path, right())
    assert (tmp_path / "submitted" / "my_city.csv").exists()


def test_the_report_and_one_students_trouble_is_nobody_elses(tmp_path):
    handed_in = right()

    def put(path, content):
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")

    put(f"release/{NAME}/{NAME}.ipynb", json.dumps(RELEASE))
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


def test_no_file_vanishes_beside_one_of_the_same_bytes_and_an_odd_id_is_named(tmp_path):
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
        place.write_text(json.dumps(RELEASE), encoding="utf-8")
    rows = preflight.preflight(tmp_path, NAME)
    found = [(row["student_id"] or row["file"], row["what"]) for row in rows if row["what"]]
    assert found == [("a[1]", "id"), (f"ups_{NAME}.IPYNB", "lost")]


def test_without_a_release_the_command_says_what_to_do(tmp_path, capsys):
    assert preflight.main(["hw1_averages", "--root", str(tmp_path)]) == 2
    assert "nbgrader generate_assignment hw1_averages" in capsys.readouterr().out
