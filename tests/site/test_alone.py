"""What Pyodide cannot do, threads and signals, nobody misses; and its versions of numpy and matplotlib will do."""

import json
import shutil
import subprocess
import sys

from lesson_utils import explorers
from tests.conftest import cannot
from tests.notebook_files import ROOT
from tests.site.building import PYODIDES


def run(*command):
    """Return what a command prints."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_all_works_in_pyodides_versions_without_threads_and_signals(site_python, lock):
    assert {name: lock["packages"][name]["version"] for name in PYODIDES} == PYODIDES
    lines = run(site_python, "-m", "tests.site.alone", "04").splitlines()
    if sys.version_info >= (3, 11):  # for Python 3.10 there is no numpy as new as Pyodide's
        assert lines[0] == f"numpy {PYODIDES['numpy']} matplotlib {PYODIDES['matplotlib']}"
    assert [line for line in lines if line.startswith("drew")] == [
        f"drew {name} moved" for name in explorers.__all__
    ]
    assert "stopped: Your for_ever was stopped: it did not end within 0.3 seconds." in lines
    assert lines[-1] == "ran 04_momentum"


def test_an_endless_loop_is_stopped_in_the_real_pyodide(pyodide):
    node = shutil.which("node")
    if node is None:
        cannot("node is not installed, and Pyodide runs in it: on Debian `sudo apt install nodejs`")
    version, threads, stopped, wrong, value, untraced = json.loads(
        run(node, "tests/site/in_pyodide.mjs", str(pyodide), str(ROOT)).splitlines()[-1]
    )
    assert version.startswith("3.") and threads == "can't start new thread"
    assert stopped == "Your for_ever was stopped: it did not end within 0.3 seconds."
    assert wrong == "Your wrong stopped with ZeroDivisionError: division by zero (line 2 of it)."
    assert value == 7 and untraced is True
