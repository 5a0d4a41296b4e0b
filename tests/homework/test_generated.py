"""What is made from the sources is what stands in notebooks/homework/, and it keeps its promises."""

import ast
import contextlib
import io
import json
import os
import re
import subprocess
import sys

import pytest

from lesson_utils.checks import GRADING, examine
from lesson_utils.checks.exercises import EXERCISES
from tests.notebook_files import ROOT
from tools import homework

SOURCES = homework.sources()
LEARNERS = {"lesson_utils", "numpy", "matplotlib", "ipywidgets", "IPython", *sys.stdlib_module_names}
each_homework = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def cells(path, kind="code"):
    """Return the sources of a notebook's cells of a kind."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def labels(path):
    """Yield (cell, its nbgrader label) of a notebook."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if label := cell["metadata"].get("nbgrader"):
            yield cell, label


def exercises(source):
    """Return the marks of each exercise that has a check, by its name."""
    return {
        label["grade_id"].removeprefix("check_"): label["points"]
        for _, label in labels(source)
        if label["grade"] and not label["solution"]
    }


def run(path, folder):
    """Run a notebook's code in its folder; return its names and what it printed."""
    names, printed, before = {"__name__": "__main__"}, io.StringIO(), os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(printed):
            for text in cells(path):
                exec(compile(text, path.name, "exec"), names)
    finally:
        os.chdir(before)
    return names, printed.getvalue()


def test_there_are_three():
    assert [source.stem[:4] for source in SOURCES] == ["hw1_", "hw2_", "hw3_"]


def test_nothing_is_stale(teacher):
    done = subprocess.run(
        [teacher, "-m", "tools.homework", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_one_would_be_found(tmp_path):
    made = {"a.ipynb": "a\n", "solutions/a.ipynb": "b\n"}
    (tmp_path / "solutions").mkdir()
    for name, text in made.items():
        (tmp_path / name).write_text(text)
    assert homework.stale(made, tmp_path) == []
    (tmp_path / "a.ipynb").write_text("A\n")
    (tmp_path / "solutions" / "a.ipynb").rename(tmp_path / "solutions" / "b.ipynb")
    assert homework.stale(made, tmp_path) == [
        "a.ipynb: it is not what its source makes",
        "solutions/a.ipynb: it is missing",
        "solutions/b.ipynb: no source makes it",
    ]


def test_solution_keeps_the_answer_alone():
    label = {"nbgrader": {"grade": True}}
    code = "f = 1\n### BEGIN SOLUTION\ng = 2\n### END SOLUTION\n### BEGIN HIDDEN TESTS\ngrade('f', 1)\n### END HIDDEN TESTS"
    source = {
        "cells": [
            {"cell_type": "code", "id": "f", "metadata": label, "source": code.splitlines(keepends=True)},
            {
                "cell_type": "markdown",
                "id": "m",
                "metadata": {},
                "source": "[1](../01_x.ipynb) [x](https://x.org)",
            },
            {
                "cell_type": "markdown",
                "id": "solution_link",
                "metadata": {},
                "source": "[s](solutions/a.ipynb)",
            },
        ],
    }
    first, answer, links = homework.solution(source, "a")["cells"]
    assert "This is the solution" in first["source"] and "](../a.ipynb)" in first["source"]
    assert (answer["source"], answer["metadata"]) == ("f = 1\ng = 2", {})
    assert links["source"] == "[1](../../01_x.ipynb) [x](https://x.org)"


@each_homework
def test_marks_are_twenty_and_said_alike(source):
    """What a check cell is worth stands in its label and in its last line; both must agree."""
    assert sum(label.get("points", 0) for _, label in labels(source)) == 20
    for cell, label in labels(source):
        assert cell["id"] == label["grade_id"]
        if label["grade"] and not label["solution"]:
            name = label["grade_id"].removeprefix("check_")
            lines = [line for line in "".join(cell["source"]).splitlines() if line]
            assert lines[0] == f'check("{name}")'
            assert lines[1:] == [
                "### BEGIN HIDDEN TESTS",
                "from lesson_utils.checks import grade",
                f'grade("{name}", {label["points"]})',
                "### END HIDDEN TESTS",
            ]


def test_every_exercise_stands_in_a_homework():
    assert sorted(name for source in SOURCES for name in exercises(source)) == sorted(EXERCISES)


@each_homework
def test_solution_earns_full_marks(source, tmp_path):
    names, printed = run(homework.MADE / "solutions" / source.name, tmp_path)
    for name in exercises(source):
        assert examine(name, names, GRADING).passed, examine(name, names, GRADING)
        assert f"✓ {name}: these checks pass." in printed


@each_homework
def test_untouched_earns_nothing_and_says_so(source, tmp_path):
    names, printed = run(homework.MADE / source.name, tmp_path)
    for name in exercises(source):
        verdict = examine(name, names, GRADING)
        assert not verdict.passed
        assert verdict.cause == "not_done", verdict
        assert f"○ {name}: not done yet" in printed
    assert not re.search(r"\b(None|Ellipsis)\b", printed)


@each_homework
def test_students_version_shows_no_answer(source):
    path = homework.MADE / source.name
    text = path.read_text(encoding="utf-8")
    for word in ("BEGIN", "HIDDEN", "import grade", "raise NotImplementedError"):
        assert word not in text
    for cell, label in labels(path):
        if label["solution"]:
            stub = "pass  # your code here" if cell["cell_type"] == "code" else "*Write your answer here.*"
            assert stub in "".join(cell["source"])


@each_homework
def test_needs_nothing_but_what_a_learner_has(source):
    for path in (homework.MADE / source.name, homework.MADE / "solutions" / source.name):
        for text in cells(path):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Import):
                    found = {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    found = {node.module.split(".")[0]}
                else:
                    continue
                assert found <= LEARNERS, f"{path.name}: {found - LEARNERS}"


@each_homework
def test_links_to_its_solution_at_the_end(source):
    *_, last = json.loads((homework.MADE / source.name).read_text(encoding="utf-8"))["cells"]
    assert last["id"] == homework.LINK
    assert f"](solutions/{source.name})" in "".join(last["source"])
    text = (homework.MADE / "solutions" / source.name).read_text(encoding="utf-8")
    assert "nbgrader" not in text and "SOLUTION" not in text and "HIDDEN" not in text


@each_homework
def test_the_benchmark_times_every_check(source):
    """How long one may take is for a quiet machine to say, not for a test."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.homework", "--one", source.stem, "right"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = json.loads(done.stdout.splitlines()[-1])
    assert set(seconds) == set(exercises(source))
    assert min(seconds.values()) > 0, seconds


def test_nbgrader_is_nobody_elses_requirement():
    for name in ("requirements.txt", "requirements-dev.txt", "binder/requirements.txt", "pyproject.toml"):
        assert "nbgrader" not in (ROOT / name).read_text(encoding="utf-8")
    assert "nbgrader" in (ROOT / "requirements-homework.txt").read_text(encoding="utf-8")
