"""The projector's command: what it takes, what it says, and that every page names the same keys."""

import os
import re
import socket
from importlib.util import find_spec

import pytest

from lesson_utils.explorers import MomentumExplorer
from lesson_utils.explorers.base import LIVE_ONLY
from lesson_utils.stage import Stage
from teacher.projector import __main__ as projector
from tests.readme import arguments, command
from tests.test_packaging import extra, floors, requirements
from workshop.files import LESSONS, ROOT

STAGE = Stage._esm
GUIDE = (ROOT / "notebooks/TEACHING.md").read_text(encoding="utf-8")
TEMPLATE = projector.TEMPLATES / "voila" / "templates" / "projector"


@pytest.mark.parametrize(
    "wanted", ["4", "04", "momentum", "04_momentum", "Momentum", "notebooks/04_momentum.ipynb"]
)
def test_a_lesson_has_a_number_and_a_name(wanted):
    assert projector.lesson(wanted) == "04_momentum"


def test_every_lesson_can_be_shown():
    assert list(projector.lessons().values()) == [path.stem for path in LESSONS]
    assert [projector.lesson(str(i + 1)) for i in range(len(LESSONS))] == [path.stem for path in LESSONS]


@pytest.mark.parametrize("wanted", [str(len(LESSONS) + 1), "0", "", "gradient", "hw1_averages", "-1"])
def test_a_wrong_lesson_is_told_the_right_ones(wanted):
    with pytest.raises(ValueError, match=re.escape(f"lesson={wanted!r}: allowed are")) as refused:
        projector.lesson(wanted)
    assert all(name in str(refused.value) for name in projector.lessons().values())


def test_the_command_refuses_a_wrong_lesson(capsys):
    with pytest.raises(SystemExit) as ended:
        projector.main(["99"])
    assert ended.value.code == 2
    assert "4  04_momentum" in capsys.readouterr().err


def test_without_voila_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(projector.importlib.util, "find_spec", lambda name: None)
    assert projector.main(["4"]) == 1
    assert '-m pip install -e ".[projector]"' in capsys.readouterr().err


def test_voila_is_for_the_projector_alone():
    wanted = extra("projector")
    assert floors({"voila": wanted["voila"]}) == {"voila": "0.5.11"}
    assert "voila" not in requirements("requirements.txt") and find_spec("lesson_utils.voila") is None


def test_it_shows_what_the_command_asks_for(monkeypatch):
    seen = []
    monkeypatch.setattr(projector.importlib.util, "find_spec", lambda name: True)
    monkeypatch.setattr(projector, "serve", lambda *given: seen.append(given))
    assert projector.main(["4", "--port", "9000", "--no-browser", "--code"]) == 0
    assert projector.main(["5"]) == 0
    assert seen[0] == ("04_momentum", 9000, False, True)
    assert seen[1][0] == "05_ball_in_a_bowl" and seen[1][2:] == (True, False)


def test_a_taken_port_is_not_chosen():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert projector.free_port(port) != port


def test_only_this_machine_is_served_and_code_only_when_asked_for():
    assert "--Voila.ip=127.0.0.1" in projector.options(1)
    assert "--VoilaConfiguration.strip_sources=True" in projector.options(1)
    assert "--VoilaConfiguration.strip_sources=False" in projector.options(1, code=True)


def test_jupyters_own_paths_stay(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "mine")
    assert projector.environment()["JUPYTER_PATH"] == f"{projector.TEMPLATES}{os.pathsep}mine"


def test_a_page_with_a_kernel_gets_no_strip(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **more: shown.append(data))
    explorer = MomentumExplorer()
    for wanted in ("", "1"):
        monkeypatch.setenv(LIVE_ONLY, wanted)
        explorer._ipython_display_()
    assert ["image/png" in data for data in shown] == [False, True, False]


def test_the_page_fetches_nothing_from_elsewhere():
    for path in TEMPLATE.iterdir():
        assert re.findall(r"(?:src|href|url)[=(]\"?https?:", path.read_text(encoding="utf-8")) == [], (
            path.name
        )


def test_the_guide_names_the_keys_that_the_code_has():
    section = GUIDE.split("## A lesson on the wall")[1].split("\n## ")[0]
    keys = set(re.findall(r"^\| `?([^|`]+?)`? \|", section, re.MULTILINE)) - {"key", "---"}
    assert keys == {"1 to 9", "← →", "R", "N, P"}
    assert all(f"Arrow{way}: " in STAGE for way in ("Left", "Right"))
    assert "/^[1-9]$/" in STAGE and "/^r$/i" in STAGE
    script = (TEMPLATE / "projector.js").read_text(encoding="utf-8")
    assert "{ n: 1, p: -1 }" in script
    page = (TEMPLATE / "index.html.j2").read_text(encoding="utf-8")
    assert 'data-rd-keys="in view"' in page and "N next figure · P the one before" in page


def test_no_explorer_has_more_presets_than_digits():
    from lesson_utils import explorers

    assert max(len(getattr(explorers, name).presets) for name in explorers.__all__) <= 9


def test_the_readme_installs_and_shows():
    install, show = command("On a projector").split(" && ")
    assert arguments(install, "python") == ["python", "-m", "pip", "install", "-e", projector.NEEDED]
    assert arguments(show, "python") == ["python", "-m", "teacher.projector", "4"]
