"""The workshop's list of commands is whole, and a new lesson is whole but for its words."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec

import pytest

from workshop import __main__ as workshop
from workshop import new_explorer, new_lesson
from workshop.files import ROOT, git

EVERY_EXPLORER = "tests/explorers/test_explorers.py"


def test_each_command_has_a_line_and_each_line_fits():
    listed = {name for folder in workshop.FOLDERS for name in workshop.commands(folder)}
    assert {"workshop.lists", "workshop.site", "workshop.benchmarks.redraw", "teacher.projector"} <= listed
    assert not any("homework." in name for name in listed)
    done = subprocess.run(
        [sys.executable, "-m", "workshop"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(f"  {name} " in done.stdout for name in listed)
    assert max(map(len, done.stdout.splitlines())) <= 125


@pytest.mark.parametrize("name", [line.split()[0] for line in workshop.LINES])
def test_what_is_listed_beside_them_is_there(name):
    assert find_spec(name)


@pytest.mark.parametrize(
    ("title", "name"),
    [("Beyond the bowl", "11_beyond_the_bowl"), ("Choosing α, β", "11_choosing_alpha_beta")],
)
def test_a_title_makes_a_name(title, name):
    assert new_lesson.name_of(11, title) == name


def test_a_title_without_a_letter_is_refused():
    with pytest.raises(ValueError, match=r"title='…': allowed is a title with a word of plain letters"):
        new_lesson.name_of(11, "…")


@pytest.mark.parametrize("title", ["A | B", "A [B", "A] B", "<b>A", "A\nB"])
def test_a_title_that_would_break_a_list_is_refused(title):
    with pytest.raises(ValueError, match="allowed is a title without"):
        new_lesson.name_of(11, title)


@pytest.fixture
def run(tmp_path):
    """A function that runs a module in a clone of the course, in a process of its own, and returns what came of it."""
    if git("rev-parse", "HEAD") is None:
        pytest.skip("no git checkout")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)

    def run(*command):
        env = {**os.environ, "PYTHONPATH": str(clone)}
        command = [sys.executable, "-m", *command]
        return subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)

    return run


@pytest.mark.line("change")
def test_a_new_lesson_stands_in_every_list_and_keeps_every_rule_but_that_words_are_missing(run):
    made = run("workshop.new_lesson", "What α does")
    assert made.returncode == 0, made.stderr
    number = re.search(r"wrote notebooks/(\d\d)_what_alpha_does.ipynb", made.stdout)[1]
    listed = run("workshop.lists")
    assert f"drew notebooks/pictures/{number}.png" in listed.stdout, listed.stderr
    assert run("workshop.lists", "--check").returncode == 0
    rules = [
        f"tests/test_{part}.py"
        for part in ("notebook_rules", "lists", "claims", "teaching", "glossary", "prose")
    ]
    tried = run(
        "pytest", "-rA", "-k", f"{number} or stale or numbered or page", *rules, "tests/test_notebooks_run.py"
    )
    passed, failed = (
        re.findall(rf"^{word} \S+::(\w+)", tried.stdout, re.MULTILINE) for word in ("PASSED", "FAILED")
    )
    assert set(failed) == {"test_no_word_is_missing_in_a_lesson_that_was_begun"}, tried.stdout[-3000:]
    assert {"test_a_lesson_and_its_guide_say_what_is_so", "test_no_list_is_stale"} <= set(passed)


@pytest.mark.line("change")
def test_a_new_explorer_is_a_whole_figure(run):
    made = run("workshop.new_explorer", "FirstDays").stdout
    assert "wrote lesson_utils/explorers/first_days.py\nwrote tests/explorers/test_first_days.py\n" in made
    again = run("workshop.new_explorer", "FirstDays")
    assert again.returncode == 2 and "is there already; take another name" in again.stderr
    its_own = "tests/explorers/test_first_days.py"
    tried = run(
        "pytest", "-k", "FirstDays or first_days or room", its_own, EVERY_EXPLORER, "tests/test_floors.py"
    )
    assert tried.returncode == 0 and int(re.search(r"(\d+) passed", tried.stdout)[1]) > 15, tried.stdout[
        -3000:
    ]
    for check in (("check", "."), ("format", "--check", ".")):
        done = run("ruff", *check)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["", "halving", "Explorer", "Half-life", "2Days"])
def test_a_wrong_name_of_an_explorer_is_refused(name):
    with pytest.raises(ValueError, match="allowed is a name such as Halving or FirstSteps"):
        new_explorer.begin(name)


@pytest.mark.parametrize("name", ["Parabola", "ParabolaExplorer", "Momentum", "Challenge"])
def test_the_name_of_an_explorer_that_is_there_is_refused_and_nothing_written(name):
    """ParabolaExplorer stands in descent.py: a second line in the list would have taken its place."""
    kept, modules = (
        (ROOT / new_explorer.LIST).read_bytes(),
        sorted((ROOT / new_explorer.LIST).parent.glob("*.py")),
    )
    with pytest.raises(FileExistsError, match=r"is there already.*; take another name"):
        new_explorer.begin(name)
    assert (ROOT / new_explorer.LIST).read_bytes() == kept
    assert sorted((ROOT / new_explorer.LIST).parent.glob("*.py")) == modules
