"""The workshop's list of commands is whole, and a new lesson is whole but for its words."""

import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import pytest

from workshop import __main__ as workshop
from workshop import files, lists, new_lesson
from workshop.files import LESSONS, ROOT, git


def test_each_command_has_a_line_and_each_line_fits():
    listed = {name for folder in workshop.FOLDERS for name in workshop.commands(folder)}
    assert {"workshop.lists", "workshop.site", "workshop.benchmarks.redraw", "teacher.projector"} <= listed
    assert not any("homework." in name for name in listed)
    done = subprocess.run([sys.executable, "-m", "workshop"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(f"  {name} " in done.stdout for name in listed)
    assert max(map(len, done.stdout.splitlines())) <= 125


@pytest.mark.parametrize("name", [line.split()[0] for line in workshop.LINES])
def test_what_is_listed_beside_them_is_there(name):
    assert find_spec(name)


@pytest.mark.parametrize(
    ("title", "name"), [("Beyond the bowl", "11_beyond_the_bowl"), ("Choosing α, β", "11_choosing_alpha_beta")]
)
def test_a_title_makes_a_name(title, name):
    assert new_lesson.name_of(11, title) == name


def test_a_title_without_a_letter_is_refused():
    with pytest.raises(ValueError, match=r"title='…': allowed is a title with a word of plain letters"):
        new_lesson.name_of(11, "…")


@pytest.fixture
def clone(tmp_path):
    """A clone of the course as it stands in git."""
    if git("rev-parse", "HEAD") is None:
        pytest.skip("no git checkout")
    subprocess.run(["git", "clone", "-q", ROOT, tmp_path / "clone"], check=True)
    return tmp_path / "clone"


def test_a_new_lesson_stands_in_every_list_and_keeps_every_rule_but_that_words_are_missing(clone):
    """In a process of its own: what is counted and listed is found at import."""
    (clone / "tests" / "conftest.py").write_text("", encoding="utf-8")  # its browser and its lines are not asked for

    def run(*command):
        env = {**files.os.environ, "PYTHONPATH": str(clone)}
        return subprocess.run([sys.executable, *command], cwd=clone, env=env, capture_output=True, text=True, check=False)

    made = run("-m", "workshop.new_lesson", "What α does")
    assert made.returncode == 0, made.stderr
    name, number = f"{len(LESSONS) + 1:02}_what_alpha_does", len(LESSONS) + 1
    assert f"wrote notebooks/{name}.ipynb" in made.stdout
    again = run("-m", "workshop.new_lesson", "What α does")
    assert again.returncode == 0 or "already" in again.stderr
