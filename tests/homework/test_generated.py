"""What is made from the sources is what stands in notebooks/homework/, and it keeps its promises."""

import ast
import json
import re
import subprocess
import sys

import pytest

from lesson_utils.checks import EXERCISES, GRADING_SEED, examine
from teacher import make_homework as homework
from tests import homework_sources
from tests.test_packaging import EXTRAS, NEEDED, by_name, extra, requirements
from workshop.files import ROOT

SOURCES = homework.sources()
LEARNERS = {"lesson_utils", "numpy", "matplotlib", "ipywidgets", "IPython", *sys.stdlib_module_names}
each_homework = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def made(source, *, solved):
    """Return the path of what is made from a source: the student's notebook, or the solution."""
    return homework.MADE / ("solutions" if solved else "") / source.name


def cells(path, kind="code"):
    """Return the sources of a notebook's cells of a kind, by their ids."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind}


def exercises(source):
    """Return the exercises of a homework that have a check."""
    marks = homework_sources.points(source.stem)
    return [name.removeprefix("check_") for name in marks if name.startswith("check_")]


def run(*command):
    """Run a command of the course, which must end well; return what it printed."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.line("change")
def test_nothing_is_stale(teacher):
    run(teacher, "-m", "teacher.make_homework", "--check")


@each_homework
def test_the_code_is_that_of_the_source_and_answers_stand_in_the_solution_alone(source):
    for solved in (False, True):
        path, stale = made(source, solved=solved), "run python -m teacher.make_homework"
        assert cells(path) == homework_sources.code(source.stem, solved=solved), stale
        text = path.read_text(encoding="utf-8")
        assert not re.search("BEGIN|HIDDEN|SOLUTION|import grade|raise NotImplementedError", text)
        assert ("nbgrader" not in text) == solved


def test_a_stale_one_would_be_found(tmp_path):
    for name in ("a", "b", "d"):
        (tmp_path / f"{name}.ipynb").write_text(name)
    assert homework.stale({"a.ipynb": "a", "b.ipynb": "B", "c.ipynb": "c"}, tmp_path) == [
        "b.ipynb: it is not what its source makes",
        "c.ipynb: it is missing",
        "d.ipynb: no source makes it",
    ]


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
@pytest.mark.parametrize("solved", [True, False])
def test_solution_earns_full_marks_and_untouched_nothing(source, solved, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names, _ = homework_sources.run(cells(made(source, solved=solved)))
    printed = capsys.readouterr().out
    for name in exercises(source):
        for seed in (GRADING_SEED, 1, 2):
            verdict = examine(name, names, seed)
            assert verdict.passed if solved else verdict.cause == "not_done", verdict
        assert (f"✓ {name}: these checks pass." if solved else f"○ {name}: not done yet") in printed
    assert solved or not re.search(r"\b(None|Ellipsis)\b", printed)


@each_homework
def test_needs_nothing_but_what_a_learner_has(source):
    nodes = ast.walk(ast.parse("\n".join(cells(made(source, solved=True)).values())))
    for node in (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)):
        names = [getattr(node, "module", None) or alias.name for alias in node.names]
        assert {name.split(".")[0] for name in names} <= LEARNERS


@each_homework
def test_homework_and_solution_link_to_each_other(source):
    asked, solved = (cells(made(source, solved=solved), "markdown") for solved in (False, True))
    assert f"](solutions/{source.name})" in asked[homework.LINK] and list(asked)[-1] == homework.LINK
    assert "This is the solution" in next(iter(solved.values()))
    links = re.findall(r"\]\(([^):#]+)\)", "\n".join(solved.values()))
    assert f"../{source.name}" in links
    assert all((made(source, solved=True).parent / link).exists() for link in links), (
        "it stands a folder deeper"
    )


@pytest.mark.line("change")
def test_the_benchmark_times_every_check():
    """How long one may take is for a quiet machine to say, not for a test."""
    said = run(sys.executable, "-m", "tests.homework.measure", "--one", SOURCES[0].stem, "right")
    seconds = json.loads(said.splitlines()[-1])
    assert set(seconds) == set(exercises(SOURCES[0]))
    assert min(seconds.values()) > 0, seconds


def test_nbgrader_is_nobody_elses_requirement():
    assert [name for name in EXTRAS if "nbgrader" in extra(name)] == ["homework"]
    for wanted in (
        requirements("requirements.txt"),
        requirements("binder/requirements.txt"),
        by_name(NEEDED),
    ):
        assert "nbgrader" not in wanted
