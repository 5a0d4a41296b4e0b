"""The oldest versions that requirements.txt allows do what the newest do."""

import re
import subprocess

import pytest

from tests.conftest import cannot
from tests.readme import arguments, command
from tests.test_packaging import TOP, floors
from workshop.benchmarks import bounds, draws
from workshop.files import ROOT


@pytest.mark.line("release")
@pytest.mark.timeout(3600)
def test_the_oldest_and_the_newest_versions_pass_the_tests_draw_every_figure_and_run_a_lesson():
    try:
        for end in bounds.ENDS:
            bounds.environment(end, "dev")
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"The {end} versions cannot be had here: {problem}")
    line = arguments(command("For contributors", 1).split(" && ")[-1])
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    said, _ = re.findall(r"^Python .*$", done.stdout, re.MULTILINE)
    for name, version in floors(TOP).items():
        assert re.search(rf"\b{name} {re.escape(version)}(\.0)*(,|$)", said), said


def test_the_ends_are_found_among_the_pythons_of_this_machine(monkeypatch):
    there = {"3.11": "a", "3.12": "b", "3.13": "c"}
    monkeypatch.setattr(bounds, "interpreter", there.get)
    assert (bounds.python_at("oldest"), bounds.python_at("newest")) == ("a", "c")
    with pytest.raises(RuntimeError, match=r"none of the Pythons 3\.10 is"):
        bounds.python_at("oldest", ("3.10",))


def test_every_floor_is_asked_for():
    assert bounds.floors() == [f"{name}=={version}" for name, version in floors(TOP).items()]


def test_the_tests_at_both_ends_are_there():
    found = bounds.tests()
    assert {"tests/test_theory.py", "tests/test_guard.py", "tests/explorers"} <= {*found}
    assert [name for name in found if not (ROOT / name).exists()] == []


def test_a_figure_that_fails_or_looks_otherwise_is_told(monkeypatch):
    def broken():
        raise ValueError("no colours")

    monkeypatch.setattr(draws.explorers, "MapExplorer", broken, raising=False)
    assert draws.not_drawn({"MapExplorer"}) == ["MapExplorer: ValueError: no colours"]
    lesson = draws.LESSONS[0]
    monkeypatch.setattr(draws, "LESSONS", [lesson])
    other = draws.Image.new("RGB", draws.Image.open(draws.thumbnails.place_of(lesson)).size)
    monkeypatch.setattr(draws.thumbnails, "draw", lambda _: other)
    seen = set()
    assert draws.drawn_otherwise(seen) == [f"{lesson.stem}: the first figure looks otherwise"]
    assert seen == {"AverageExplorer"}
