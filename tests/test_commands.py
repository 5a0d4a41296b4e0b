"""Each command that the README has for pasting is run by a test; a new one without a test fails here."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readme import command, commands
from workshop.files import ROOT, git

# heading and number of the line under it → who runs that line, and takes it from the README with command()
RUN_BY = {
    ("Start", 0): "tests/test_readme.py",  # shows that .ci/run runs it, as the next one
    ("Test", 0): "tests/test_readme.py",
    ("On Binder", 0): "tests/test_commands.py",
    ("On Binder", 1): "tests/test_binder.py",
    ("On a page with no server", 0): "tests/site/building.py",
    ("On a page with no server", 1): "tests/browser/test_site.py",
    ("On a projector", 0): "tests/browser/test_projector.py",
    ("For a class on a JupyterHub", 0): "tests/test_classroom.py",
    ("For contributors", 0): "tests/test_commands.py",
    ("For contributors", 1): "tests/test_bounds.py",
}


def test_every_command_has_one_who_runs_it():
    headings = [heading for heading, _ in commands()]
    numbered = [(heading, headings[:i].count(heading)) for i, heading in enumerate(headings)]
    assert sorted(numbered) == sorted(RUN_BY)
    for (heading, number), path in RUN_BY.items():
        calls = f'command("{heading}", {number})', f'command("{heading}")'
        source = (ROOT / path).read_text(encoding="utf-8")
        assert any(call in source for call in calls[: 2 if number == 0 else 1]), f"{path} runs it no more"


def test_powershell_has_only_the_two_that_do_the_same():
    """tests/test_readme.py shows that they are the steps of the bash lines."""
    assert [heading for heading, _ in commands("powershell")] == ["Start", "Test"]


@pytest.fixture
def clone(tmp_path):
    """A clean clone, whose .venv/bin/python is the one that runs the tests."""
    if sys.platform == "win32" or git("rev-parse", "HEAD") is None:
        pytest.skip("needs bash and a git checkout")
    subprocess.run(["git", "clone", "-q", ROOT, tmp_path / "clone"], check=True)
    folder = tmp_path / "clone/.venv/bin"
    folder.mkdir(parents=True)
    for name in ("python", "nbstripout"):
        call = shlex.join([sys.executable, *(["-m", "nbstripout"] if name == "nbstripout" else [])])
        (folder / name).write_text(f'#!/bin/sh\nexec {call} "$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    return tmp_path / "clone"


def run(line, cwd):
    """Run a line of the README as it stands there."""
    return subprocess.run(["bash", "-c", line], cwd=cwd, capture_output=True, text=True, check=True).stdout


def test_the_links_are_made(clone):
    page = clone / "README.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("?urlpath=/lab/tree/notebooks/01", "?urlpath=/stale"), encoding="utf-8")
    assert run(command("On Binder", 0), clone) == "wrote the list in README.md\n"
    assert page.read_text(encoding="utf-8") == text


def test_git_leaves_outputs_out(clone):
    # Git doubts files as young as its index, and filters each: a second for each.
    for file in clone.glob("notebooks/**/*.ipynb"):
        os.utime(file, (0, 0))
    run("git update-index -q --refresh", clone)
    run(command("For contributors", 0), clone)
    notebook = next(Path(clone / "notebooks").glob("01*.ipynb"))
    text = notebook.read_text(encoding="utf-8")
    changed = text.replace('"execution_count": null', '"execution_count": 7', 1)
    assert changed != text
    notebook.write_text(changed, encoding="utf-8")
    run(f"git add notebooks/{notebook.name}", clone)
    assert run(f"git show :notebooks/{notebook.name}", clone) == text
