"""What Pyodide cannot do, threads and signals, nobody misses; and its versions of numpy and matplotlib will do."""

import json
import shutil
import subprocess
import sys

import pytest

from lesson_utils import explorers
from tests.site.building import VERSIONS
from workshop.files import ROOT


def run(*command):
    """Return what a command prints."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.line("release")  # the next kernel may come with the next Pyodide
def test_pyodides_versions_are_those_that_the_site_is_made_with(lock):
    assert {name: lock["packages"][name]["version"] for name in VERSIONS} == VERSIONS


def test_all_works_in_pyodides_versions_without_threads_and_signals(site_python):
    lines = run(site_python, "-m", "tests.site.alone", "04").splitlines()
    if sys.version_info >= (3, 11):  # for Python 3.10 there is no numpy as new as Pyodide's
        assert lines[0] == f"numpy {VERSIONS['numpy']} matplotlib {VERSIONS['matplotlib']}"
    assert [line for line in lines if line.startswith("drew")] == [
        f"drew {name} moved" for name in explorers.__all__
    ]
    assert "stopped: Your for_ever was stopped: it did not end within 0.3 seconds." in lines
    assert lines[-1] == "ran 04_momentum"


def test_an_endless_loop_is_stopped_in_the_real_pyodide(pyodide):
    node = shutil.which("node")
    version, threads, stopped, wrong, value, untraced = json.loads(
        run(node, "tests/site/in_pyodide.mjs", str(pyodide), str(ROOT)).splitlines()[-1]
    )
    assert version.startswith("3.") and threads == "can't start new thread"
    assert stopped == "Your for_ever was stopped: it did not end within 0.3 seconds."
    assert wrong == "Your wrong stopped with ZeroDivisionError: division by zero (line 2 of it)."
    assert value == 7 and untraced is True
