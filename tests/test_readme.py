"""The README's commands are the ones that CI runs, and what it points to is there."""

import re

import pytest

from tests.notebook_files import LESSONS, ROOT
from tests.readme import README, command, commands
from tests.test_notebook_rules import PATRONISING

CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
START, TEST = command("Start"), command("Test")
START_WINDOWS, TEST_WINDOWS = (line for _, line in commands("powershell"))
LINKS = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)


def steps(command):
    """Return the steps of a bash or PowerShell line, written as bash writes them."""
    command = command.replace("\\", "/").replace(".venv/Scripts/", ".venv/bin/").replace('"', "")
    command = re.sub(r"^py -3", "python3", command)
    return [step.strip(" }") for step in re.split(r"&&|; if \(\$\?\) \{", command)]


@pytest.mark.parametrize("command", [START, TEST, START_WINDOWS, TEST_WINDOWS])
def test_one_line_to_paste(command):
    assert "\n" not in command
    assert command.isascii()


def test_start_makes_installs_and_opens_the_first_lesson():
    venv, install, lab = steps(START)
    assert venv == "python3 -m venv .venv"
    assert install == ".venv/bin/python -m pip install -r requirements.txt"
    assert lab == f".venv/bin/python -m jupyterlab --notebook-dir=. notebooks/{LESSONS[0].name}"


def test_test_installs_and_tests():
    assert steps(TEST) == [
        ".venv/bin/python -m pip install -r requirements-dev.txt",
        ".venv/bin/python -m pytest -n 2 --dist worksteal",
    ]


@pytest.mark.parametrize(("bash", "powershell"), [(START, START_WINDOWS), (TEST, TEST_WINDOWS)])
def test_powershell_does_the_same(bash, powershell):
    """PowerShell 5.1 knows no &&, and `if` sets $? anew: so each step stands inside the one before."""
    assert steps(powershell) == steps(bash)
    assert "&&" not in powershell
    assert powershell.count("{") == powershell.count("}") == len(steps(bash)) - 1
    assert re.search(r"[}\s]*$", powershell).group().count("}") == len(steps(bash)) - 1


def test_ci_runs_these_commands():
    *made, _ = steps(START)
    plain = CI.replace("install -q ", "install ")
    assert f"\n{' && '.join(made)}\n" in plain
    assert CI.rstrip().endswith("\n" + TEST), "pytest's summary must come last"
    assert "export CI=1 ROLLING_REQUIRE_ALL=1\n" in CI


@pytest.mark.parametrize("link", sorted(set(LINKS)))
def test_links_lead_somewhere(link):
    assert (ROOT / link).exists()


def test_heart_figure_stands_at_the_top_with_words():
    first = README.split("\n\n")[1]
    alt, path = re.fullmatch(r"!\[(.+)\]\((.+)\)", first).groups()
    assert path == "docs/momentum_explorer.png"
    assert 20 <= len(alt.split()) <= 90


def test_table_names_every_lesson():
    rows = re.findall(
        r"^\| (\d) \| \[(\w+)\]\(notebooks/(\w+)\.ipynb\) \| .+\? \| (\d+) \|$", README, re.MULTILINE
    )
    assert [file for _, _, file, _ in rows] == [path.stem for path in LESSONS]
    for number, text, file, minutes in rows:
        assert text == file and int(file[:2]) == int(number)
        assert 20 <= int(minutes) <= 40


def test_presets_and_settings_are_the_explorers_own():
    from lesson_utils.explorers import MomentumExplorer

    for name in ("The lecture's picture", "Too large for plain, right for momentum", "β too high"):
        assert name in MomentumExplorer.presets
        assert name in re.sub(r"\s+", " ", README)
    explorer = MomentumExplorer(alpha=10, beta=0.9, kappa=100)
    assert explorer.controls["step_shown"].description == "walk to step" and "*walk to step*" in README


def test_words():
    prose = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    assert [found.group() for found in PATRONISING.finditer(prose)] == []
    assert re.findall(r"\bsimple\b", prose, re.IGNORECASE) == []
