"""What is made from the sources is what stands in notebooks/homework/, and it keeps its promises."""

import ast
import json
import re
import subprocess
import sys

import pytest

from lesson_utils.checks import EXERCISES, GRADING, examine
from tests import homework_sources
from tests.notebook_files import ROOT
from tools import homework

SOURCES = homework.sources()
LEARNERS = {"lesson_utils", "numpy", "matplotlib", "ipywidgets", "IPython", *sys.stdlib_module_names}
each_homework = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def solution(source):
    return homework.MADE / "solutions" / source.name


def cells(path, kind="code"):
    """Return the sources of a notebook's cells of a kind, by their ids."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind}


def exercises(source):
    """Return the exercises of a homework that have a check."""
    marks = homework_sources.points(source.stem)
    return [name.removeprefix("check_") for name in marks if name.startswith("check_")]


def test_there_are_three():
    assert [source.stem[:4] for source in SOURCES] == ["hw1_", "hw2_", "hw3_"]


@pytest.mark.line("change")
def test_nothing_is_stale(teacher):
    done = subprocess.run(
        [teacher, "-m", "tools.homework", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@each_homework
def test_the_code_is_that_of_the_source(source):
    for path, solved in ((homework.MADE / source.name, False), (solution(source), True)):
        assert cells(path) == homework_sources.code(source.stem, solved=solved), (
            "run python -m tools.homework"
        )


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
    code = "f = 1\n### BEGIN SOLUTION\ng = 2\n### END SOLUTION\n### BEGIN HIDDEN TESTS\ngrade('f', 1)\n### END HIDDEN TESTS"
    label = {"nbgrader": {"grade": True}}
    cells = [
        {"cell_type": "code", "id": "f", "metadata": label, "source": code.splitlines(keepends=True)},
        {
            "cell_type": "markdown",
            "id": "m",
            "metadata": {},
            "source": "[1](../01_x.ipynb) [x](https://x.org)",
        },
        {"cell_type": "markdown", "id": "solution_link", "metadata": {}, "source": "[s](solutions/a.ipynb)"},
    ]
    first, answer, links = homework.solution({"cells": cells}, "a")["cells"]
    assert "This is the solution" in first["source"] and "](../a.ipynb)" in first["source"]
    assert (answer["source"], answer["metadata"]) == ("f = 1\ng = 2", {})
    assert links["source"] == "[1](../../01_x.ipynb) [x](https://x.org)"


@each_homework
def test_marks_are_twenty_and_said_alike(source):
    """What a cell is worth stands in its label, in the heading above it, and in its last line."""
    marks, said, heading = homework_sources.points(source.stem), {}, None
    for cell in homework_sources.cells(source.stem):
        text, name = "".join(cell["source"]), cell["id"]
        if found := re.findall(r"^## (\d)\. .*\((\d) marks\)$", text, re.MULTILINE):
            heading = found[-1]
        if name in marks:
            said.setdefault(heading, []).append(marks[name])
        if name in marks and cell["cell_type"] == "code":
            exercise = name.removeprefix("check_")
            assert [line for line in text.splitlines() if line] == [
                f'check("{exercise}")',
                "### BEGIN HIDDEN TESTS",
                "from lesson_utils.checks import grade",
                f'grade("{exercise}", {marks[name]})',
                "### END HIDDEN TESTS",
            ]
    assert sum(marks.values()) == 20
    assert [sum(parts) for parts in said.values()] == [int(marks) for _, marks in said]


def test_every_exercise_stands_in_a_homework():
    assert sorted(name for source in SOURCES for name in exercises(source)) == sorted(EXERCISES)


@each_homework
def test_solution_earns_full_marks(source, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names, _ = homework_sources.run(cells(solution(source)))
    printed = capsys.readouterr().out
    for name in exercises(source):
        for seed in (GRADING, 1, 2):
            assert examine(name, names, seed).passed, examine(name, names, seed)
        assert f"✓ {name}: these checks pass." in printed


@each_homework
def test_untouched_earns_nothing_and_says_so(source, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names, _ = homework_sources.run(cells(homework.MADE / source.name))
    printed = capsys.readouterr().out
    for name in exercises(source):
        assert examine(name, names, GRADING).cause == "not_done"
        assert f"○ {name}: not done yet" in printed
    assert not re.search(r"\b(None|Ellipsis)\b", printed)


@each_homework
def test_students_version_shows_no_answer(source):
    text = (homework.MADE / source.name).read_text(encoding="utf-8")
    for word in ("BEGIN", "HIDDEN", "import grade", "raise NotImplementedError"):
        assert word not in text
    for cell in json.loads(text)["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            stub = "pass  # your code here" if cell["cell_type"] == "code" else "*Write your answer here.*"
            assert stub in "".join(cell["source"])


@each_homework
def test_needs_nothing_but_what_a_learner_has(source):
    for node in ast.walk(ast.parse("\n".join(cells(solution(source)).values()))):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= LEARNERS
        elif isinstance(node, ast.ImportFrom):
            assert node.module.split(".")[0] in LEARNERS


@each_homework
def test_links_to_its_solution_at_the_end(source):
    *_, last = json.loads((homework.MADE / source.name).read_text(encoding="utf-8"))["cells"]
    assert last["id"] == homework.LINK
    assert f"](solutions/{source.name})" in "".join(last["source"])
    text = solution(source).read_text(encoding="utf-8")
    assert "nbgrader" not in text and "SOLUTION" not in text and "HIDDEN" not in text


@pytest.mark.line("change")
def test_the_benchmark_times_every_check():
    """How long one may take is for a quiet machine to say, not for a test."""
    name = SOURCES[0].stem
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.homework", "--one", name, "right"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = json.loads(done.stdout.splitlines()[-1])
    assert set(seconds) == set(exercises(SOURCES[0]))
    assert min(seconds.values()) > 0, seconds


def test_nbgrader_is_nobody_elses_requirement():
    for name in ("requirements.txt", "requirements-dev.txt", "binder/requirements.txt", "pyproject.toml"):
        assert "nbgrader" not in (ROOT / name).read_text(encoding="utf-8")
    assert "nbgrader" in (ROOT / "requirements-homework.txt").read_text(encoding="utf-8")
