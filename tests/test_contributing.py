"""CONTRIBUTING.md names what is there, in plain words, and its commands can be run."""

import re
import subprocess
import sys

import pytest

from tests.notebook_files import ROOT
from tests.readme import README, arguments
from tests.test_notebook_rules import PATRONISING

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"\.venv/bin/python -m [^`\n]+", PAGE)))
LINKS = sorted(set(re.findall(r"\]\((?!https?:)([^)]+)\)", PAGE)))
# Each command is run here in a way that takes a second and changes nothing; the README's tests run the rest.
HARMLESS = {
    "tools.thumbnails": None,  # tests/test_lists.py draws every thumbnail
    "tools.links": ["--check"],
    "benchmarks.redraw": ["--help"],
    "benchmarks.bounds": ["--help"],
    "pytest": ["--collect-only"],
}


@pytest.mark.parametrize("link", LINKS)
def test_links_lead_somewhere(link):
    path, _, anchor = link.partition("#")
    assert (ROOT / path).exists()
    if anchor:
        text = (ROOT / path).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert anchor in [heading.lower().replace(" ", "-") for heading in headings]


def test_the_readme_leads_here():
    assert "](CONTRIBUTING.md)" in README


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_can_be_run(command):
    python, _, module, *given = arguments(command)
    options = HARMLESS[module]
    if options is None:
        return
    line = [python, "-m", module, *given, *options]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert python == sys.executable and done.returncode == 0, done.stdout + done.stderr


def test_the_tests_that_it_names_are_there():
    named = re.findall(r"^\| `(tests/\S+)` \|", PAGE, re.MULTILINE)
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_words():
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    assert [found.group() for found in PATRONISING.finditer(prose)] == []
    assert re.findall(r"\bsimpl[ey]\b", prose, re.IGNORECASE) == []
