"""One build of the site for all tests of it, by the command in the README."""

import json
from pathlib import Path

import pytest

from tests.site import building

INSTALLED = {"site_python", "pyodide", "lock", "site"}


def pytest_collection_modifyitems(items):
    """Put what asks for the site, or for what makes it, into the line for each change, and into one process."""
    for item in items:
        if Path(__file__).parent in item.path.parents and INSTALLED & {*item.fixturenames}:
            for mark in (
                pytest.mark.line("change"),
                pytest.mark.xdist_group("site"),
                pytest.mark.timeout(900),
            ):
                item.add_marker(mark)


@pytest.fixture(scope="session")
def site_python():
    """The Python of the environment that builds the site."""
    return building.environment()


@pytest.fixture(scope="session")
def pyodide():
    """Pyodide's own files without its packages, as npm has them, in the version that the site uses."""
    return building.fetch_pyodide()


@pytest.fixture(scope="session")
def lock(pyodide):
    """Pyodide's list of packages."""
    return json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def site():
    """A site that was built over an older one, with lesson 04 run for its page to read."""
    return building.built()
