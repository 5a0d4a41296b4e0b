"""One build of the site for all tests of it, by the command in the README."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import cannot
from tests.environments import python_in
from tests.notebook_files import ROOT
from tests.site.building import built, fetch_pyodide


@pytest.fixture(scope="session")
def site_python():
    """The Python of the environment that builds the site."""
    try:
        return python_in(".venv-site", "-r", "requirements-site.txt")
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No environment for the site here: {problem}")


@pytest.fixture(scope="session")
def pyodide(site_python):
    """Pyodide's own files without its packages, as npm has them, in the version that the site uses."""
    return fetch_pyodide(site_python)


@pytest.fixture(scope="session")
def lock(pyodide):
    """Pyodide's list of packages."""
    return json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def site(site_python, pyodide):
    """A site that was built twice into the same folder, with lesson 04 run for its page to read."""
    return built(site_python, pyodide)
