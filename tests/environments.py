"""Environments beside .venv, for what the tests need and must not stand beside them."""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache

from filelock import FileLock

from tests.notebook_files import ROOT


@cache
def python_in(name, *packages):
    """Return the Python of the environment ROOT/`name`, in which pip has installed `packages`.

    packages: as pip takes them ("jupyterlab==4.4.*", "-r", "requirements.txt"). The environment is kept until
    they, or the requirements, change. RuntimeError: it cannot be made, for example without a network.
    """
    folder = ROOT / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, wanted = folder / "made-from.txt", _stamp(packages)
    with FileLock(f"{folder}.lock"):  # tests run side by side: one makes it, the others wait
        if not (stamp.exists() and stamp.read_text() == wanted and python.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            _run(sys.executable, "-m", "venv", folder)
            _run(python, "-m", "pip", "install", "-q", *packages)
            stamp.write_text(wanted)
    return str(python)


def _stamp(packages):
    files = {"pyproject.toml", "requirements.txt", *(one for one in packages if one.endswith(".txt"))}
    parts = [*packages, sys.version, str(ROOT), *((ROOT / name).read_text() for name in sorted(files))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _run(*command):
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])
