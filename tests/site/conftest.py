"""One build of the site for all tests of it, by the command in the README."""

import json

import pytest

from tests.site import building


@pytest.fixture(scope="session")
def site_python():
    """The Python of the environment that builds the site."""
    return building.environment()


@pytest.fixture(scope="session")
def pyodide(site_python):
    """Pyodide's own files without its packages, as npm has them, in the version that the site uses."""
    return building.fetch_pyodide(site_python)


@pytest.fixture(scope="session")
def lock(pyodide):
    """Pyodide's list of packages."""
    return json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def site(site_python, pyodide):
    """A site that was built over an older one, with lesson 04 run for its page to read."""
    return building.built(site_python, pyodide)
