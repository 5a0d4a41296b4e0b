"""Other Pythons are found on the machine, and an environment is made once."""

import subprocess
import sys

import pytest

from tests import environments
from tests.environments import interpreter, node_in, python_in


@pytest.fixture
def in_a_folder(tmp_path, monkeypatch):
    """Let environments be made in a folder of their own."""
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    for name in ("pyproject.toml", "requirements.txt"):
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def test_this_python_is_found():
    here = "{}.{}".format(*sys.version_info)
    said = subprocess.run([interpreter(here), "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith(f"Python {here}.")


def test_a_python_that_is_not_there_is_none():
    assert interpreter("2.3") is None


def test_an_environment_is_made_once(in_a_folder):
    python = python_in(".venv-a", "-r", "requirements.txt")
    (in_a_folder / ".venv-a" / "kept").touch()
    python_in.cache_clear()
    assert (
        python_in(".venv-a", "-r", "requirements.txt") == python
        and (in_a_folder / ".venv-a" / "kept").exists()
    )
    (in_a_folder / "requirements.txt").write_text("# changed\n")
    python_in.cache_clear()
    assert (
        python_in(".venv-a", "-r", "requirements.txt") == python
        and not (in_a_folder / ".venv-a" / "kept").exists()
    )
    subprocess.run([python, "-c", ""], check=True)


def test_what_cannot_be_made_is_not_kept(in_a_folder, monkeypatch):
    def no_network(*command):
        if "install" in command:
            raise RuntimeError("no network")

    monkeypatch.setattr(environments, "_run", no_network)
    with pytest.raises(RuntimeError, match="no network"):
        python_in(".venv-b", "never-asked-for")
    assert not (in_a_folder / ".venv-b" / "made-from.txt").exists()


def test_without_npm_it_is_said(monkeypatch):
    monkeypatch.setattr(environments.shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match="npm is not installed"):
        node_in(".node-a", "never-asked-for")
