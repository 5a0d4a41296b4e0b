"""Builds what the tests look at, once for all of pytest's processes."""

import hashlib
import json
import shutil
import subprocess
import tarfile
from functools import cache

from filelock import FileLock

from tests.conftest import cannot
from tests.environments import python_in
from tests.notebook_files import ROOT, git
from tests.readme import arguments, command

FOLDER = ROOT / "build" / "site-tests"
# What Pyodide has, so that nothing newer is used: a test compares it with Pyodide's lock.
PYODIDES = {"numpy": "2.4.6", "matplotlib": "3.10.8"}
MARK = ".rolling-downhill"


def steps():
    """Return the steps of the README's line that builds the site, each as a list."""
    return [arguments(step) for step in command("On a page with no server").split(" && ")]


@cache
def environment():
    """Return the Python of the environment that builds the site."""
    try:
        newest = [f"{name}<={version}" for name, version in PYODIDES.items()]
        return python_in(".venv-site", "-r", "requirements-site.txt", *newest)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No environment for the site here: {problem}")


@cache
def fetch_pyodide(python):
    """Return the folder with npm's package `pyodide`, in the version that the kernel of this site uses."""
    ask = "from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION as v; print(v)"
    version = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    folder = FOLDER / f"pyodide-{version}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / "package").exists():
            npm = shutil.which("npm")
            if npm is None:
                cannot(
                    "npm is not installed, and Pyodide's files come from it: on Debian `sudo apt install npm`"
                )
            pack = [npm, "pack", "--silent", f"pyodide@{version}"]
            done = subprocess.run(pack, cwd=FOLDER, capture_output=True, text=True, check=False)
            if done.returncode:
                cannot(f"npm cannot get Pyodide {version}: {done.stderr.strip()[-300:]}")
            with tarfile.open(FOLDER / f"pyodide-{version}.tgz") as packed:
                packed.extractall(folder, filter="data")
    return folder / "package"


def _state():
    """Return a stamp of everything that a site is made from."""
    listed = git(
        "ls-files",
        "-co",
        "--exclude-standard",
        "notebooks",
        "tools",
        "lesson_utils",
        "docs",
        "*.toml",
        "*.md",
    )
    names = sorted({*(listed or b"").decode().splitlines(), "requirements-site.txt"})
    parts = [
        hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in names if (ROOT / name).is_file()
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def build(python, output, *options):
    """Build a site by the README's command, and say why when that fails."""
    command = [python, *steps()[-1][1:], "--output", str(output), *map(str, options)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@cache
def built(python, pyodide):
    """Return a site built by the README's command over an older one, with lesson 04 run for its page to read."""
    output, stamp = FOLDER / "site", FOLDER / "site.txt"
    with FileLock(FOLDER / "site.lock"):
        if not (stamp.exists() and stamp.read_text() == _state() and output.exists()):
            stamp.unlink(missing_ok=True)
            shutil.rmtree(output, ignore_errors=True)
            output.mkdir()
            for name in (MARK, "left-over.html", "jupyter-lite.json"):
                (output / name).write_text("{}", encoding="utf-8")
            build(python, output, "--pyodide", pyodide, "--run", "04")
            stamp.write_text(_state())
    return output
