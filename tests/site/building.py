"""Builds what the tests look at, once for all of pytest's processes."""

import hashlib
import json
import shutil
import subprocess
from functools import cache

from filelock import FileLock

from tests.conftest import cannot
from tests.readme import arguments, command
from workshop.environments import PYODIDES, made, node_in
from workshop.files import ROOT, git

FOLDER = ROOT / "build" / "site-tests"
VERSIONS = dict(one.split("<=") for one in PYODIDES)
MADE_FROM = ("notebooks", "workshop", "lesson_utils", "*.toml", "*.md", "requirements.txt")
MARK = ".rolling-downhill"


def steps():
    """Return the steps of the README's line that builds the site, each as a list."""
    return [arguments(step) for step in command("On a page with no server").split(" && ")]


def had(what, get, *arguments):
    """Return what `get` returns, or skip the test and say why it cannot be had."""
    try:
        return get(*arguments)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        return cannot(f"No {what} here: {problem}")


@cache
def environment():
    """Return the Python of the environment that builds the site."""
    return had("environment for the site", made, ".venv-site")


@cache
def fetch_pyodide():
    """Return the folder with npm's package `pyodide`, in the version that the kernel of this site uses."""
    return had("Pyodide", node_in, ".venv-pyodide", f"pyodide@{constant('PYODIDE_VERSION')}") / "pyodide"


def stand_ins(folder):
    """Fill a folder with Pyodide's core, and with an empty file for each of its packages, which npm does not have."""
    shutil.copytree(fetch_pyodide(), folder, dirs_exist_ok=True)
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    for one in lock["packages"].values():
        (folder / one["file_name"]).touch()


def constant(name):
    """Return one of the settings that the site's kernel comes with."""
    ask = f"from jupyterlite_pyodide_kernel.constants import {name} as value; print(value)"
    run = subprocess.run([environment(), "-c", ask], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def _state():
    """Return a stamp of everything that a site is made from."""
    listed = git("ls-files", "-co", "--exclude-standard", *MADE_FROM) or b""
    files = [ROOT / name for name in sorted(listed.decode().splitlines())]
    parts = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def build(output, *options):
    """Build a site by the README's command, and say why when that fails."""
    command = [environment(), *steps()[-1][1:], "--output", str(output), *map(str, options)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@cache
def built():
    """Return a site built by the README's command over an older one, with lesson 04 run for its page to read."""
    output, stamp, pyodide = FOLDER / "site", FOLDER / "site.txt", FOLDER / "pyodide"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with FileLock(FOLDER / "site.lock"):
        state = _state()
        if not (stamp.exists() and stamp.read_text() == state and output.exists()):
            stamp.unlink(missing_ok=True)
            shutil.rmtree(output, ignore_errors=True)
            output.mkdir()
            for name in (MARK, "left-over.html", "jupyter-lite.json"):
                (output / name).write_text("{}", encoding="utf-8")
            stand_ins(pyodide)
            build(output, "--pyodide", pyodide, "--run", "04")
            stamp.write_text(state)
    return output
