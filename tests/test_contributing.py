"""CONTRIBUTING.md names what is there."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.readme import README, arguments
from workshop.files import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEPS = sorted(
    {step for line in re.findall(r"\.venv/bin/python -m [^`\n]+", PAGE) for step in line.split(" && ")}
)


def test_the_readme_leads_here():
    assert "](CONTRIBUTING.md)" in README


@pytest.mark.parametrize("step", STEPS)
def test_what_a_command_names_is_there(step):
    """The tests of each tool run it; what it is told here must be there as well."""
    _, _, module, *given = arguments(step)
    assert find_spec(module)
    assert [name for name in given if re.search(r"/|\.txt$", name) and not (ROOT / name).exists()] == []


def test_the_tests_that_it_names_are_there():
    named = re.findall(r"`(tests/\S+)`", PAGE)
    assert len(named) > 8
    missing = [name for name in named if not any(ROOT.glob(name.replace("NN", "[0-9][0-9]")))]
    assert missing == []


def test_where_to_look_is_where_it_is():
    """Each row names files, and what stands in one of them."""
    rows = PAGE.split("| you look for |")[1].split("\n\n")[0].splitlines()[2:]
    for row in rows:
        names = re.findall(r"`([\w/.]+)(?:\(\))?`", row)
        files = [name for name in names if name.endswith((".py", ".js"))]
        found = [path for name in files for path in (ROOT / "lesson_utils").rglob(Path(name).name)]
        assert len(found) >= len(files) > 0, row
        text = "".join(path.read_text(encoding="utf-8") for path in found)
        assert [name for name in names if name not in files and not re.search(rf"\b{name}\b", text)] == [], (
            row
        )
