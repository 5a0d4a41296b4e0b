"""The README's lines do the same in each shell, and `.ci/run` runs them."""

import re

import numpy as np
import pytest

from lesson_utils.maps import fewest_steps
from tests.readme import README, command, commands
from workshop.files import LESSONS, ROOT

CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
START, TEST = command("Start"), command("Test")
START_WINDOWS, TEST_WINDOWS = (line for _, line in commands("powershell"))


def steps(command):
    """Return the steps of a bash or PowerShell line, written as bash writes them."""
    command = command.replace("\\", "/").replace(".venv/Scripts/", ".venv/bin/").replace('"', "")
    command = re.sub(r"^py -3", "python3", command)
    return [step.strip(" }") for step in re.split(r"&&|; if \(\$\?\) \{", command)]


def test_start_makes_installs_and_opens_the_first_lesson():
    venv, install, lab = steps(START)
    assert venv == "python3 -m venv .venv"
    assert install == ".venv/bin/python -m pip install -r requirements.txt"
    assert lab == f".venv/bin/python -m jupyterlab --notebook-dir=. notebooks/{LESSONS[0].name}"


@pytest.mark.parametrize(("bash", "powershell"), [(START, START_WINDOWS), (TEST, TEST_WINDOWS)])
def test_powershell_does_the_same(bash, powershell):
    """PowerShell 5.1 knows no &&, and `if` sets $? anew: so each step stands inside the one before."""
    assert steps(powershell) == steps(bash)
    assert bash.isascii() and powershell.isascii() and "&&" not in powershell
    assert powershell.count("{") == powershell.count("}") == len(steps(bash)) - 1
    assert re.search(r"[}\s]*$", powershell).group().count("}") == len(steps(bash)) - 1


def test_ci_runs_the_two_lines_of_the_readme_and_then_the_one_for_each_change():
    for_each_change = re.search(
        r"^ *(\.venv/bin/python .+ --line change)$", CONTRIBUTING, re.MULTILINE
    ).group(1)
    lines = [" && ".join(steps(START)[:-1]), TEST, for_each_change]
    places = [CI.find(f"\n{line}\n") for line in lines]
    assert -1 not in places, f"not in .ci/run: {lines[places.index(-1)]}"
    assert places == sorted(places)
    assert 0 < CI.find("ROLLING_REQUIRE_ALL=1") < places[0], "nothing may be skipped there"


def test_heart_figure_stands_at_the_top_with_words():
    alt, path = re.fullmatch(r"!\[(.+)\]\((.+)\)", README.split("\n\n")[1]).groups()
    assert path == "notebooks/pictures/momentum_explorer.png"
    assert 20 <= len(alt.split()) <= 90


def test_the_example_of_settings_is_an_explorers_own():
    from lesson_utils.explorers import MomentumExplorer

    assert "`MomentumExplorer(alpha=10, beta=0.9, kappa=100)`" in README
    explorer = MomentumExplorer(alpha=10, beta=0.9, kappa=100)
    assert explorer.controls["step_shown"].description == "walk to step" and "*walk to step*" in README


def test_what_it_says_of_the_valley_is_so():
    """100 times as long: the fewest steps of plain descent, and those of the best α and β."""
    assert "100 times as long costs plain descent 100 times the steps" in " ".join(README.split())
    kappas, few = fewest_steps(1 - 10 ** -np.linspace(0, 2, 81))
    for long in (40, 44, 48):
        plain, tuned = few[0, long] / few[0, long - 24], few.min(axis=0)[long] / few.min(axis=0)[long - 24]
        assert kappas[long] / kappas[long - 24] == pytest.approx(100)
        assert 95 < plain < 105 and 9.5 < tuned < 11.5
