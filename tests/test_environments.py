"""What benchmarks and tests install beside .venv is made once, and other Pythons are found on the machine."""

import sys

import pytest

from tests import environments
from tests.environments import interpreter, node_in, python_in


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Let environments be made in a folder of their own, as empty folders; return the list of those that are made."""
    found = []

    def install(folder, *packages, python):
        folder.mkdir()
        if "nowhere" in packages:
            raise RuntimeError("no network")
        found.append((folder.name, *packages))

    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "new_environment", install)
    for name in ("pyproject.toml", "requirements.txt"):
        (tmp_path / name).write_text("# nothing\n")
    return found


def test_an_environment_is_made_once_and_anew_when_the_requirements_change(installed, tmp_path):
    wanted = (".venv-a", "-r", "requirements.txt")
    for times, text in ((1, "# nothing\n"), (2, "# changed\n")):
        (tmp_path / "requirements.txt").write_text(text)
        for _ in range(2):
            python_in.cache_clear()
            assert python_in(*wanted) == str(tmp_path / ".venv-a" / environments.BIN)
        assert installed == [wanted] * times


def test_what_cannot_be_made_is_tried_again_the_next_time(installed, tmp_path):
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no network"):
            python_in(".venv-b", "nowhere")
    assert not (tmp_path / ".venv-b" / environments.STAMP).exists()


def test_without_npm_it_is_said(monkeypatch):
    monkeypatch.setattr(environments.shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match="npm is not installed"):
        node_in(".node-a", "never-asked-for")


def test_a_python_is_found_or_none():
    assert interpreter("{}.{}".format(*sys.version_info)) == sys.executable
    assert interpreter("2.3") is None
