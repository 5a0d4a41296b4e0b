"""What every test shares: the browser that some of them need, and how much Hypothesis tries."""

import os
import sys

import pytest
from hypothesis import settings

NO_CHROMIUM = (
    "Chromium is not installed: on Debian `sudo apt install chromium`; on a Mac or on Windows, "
    "Google Chrome or Edge will do"
)

# Hundreds of kernels and servers start here: what the first one compiles must be there for the next.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Slow machines are no failure; on CI the same examples come every time, so that red means a change of ours.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def cannot(reason):
    """Skip for want of a browser or of nbgrader, or fail where both were promised (ROLLING_REQUIRE_BROWSER=1)."""
    if os.environ.get("ROLLING_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="module", autouse=True)
def widgets_end_with_their_module():
    """Close what a module's tests have made: ipywidgets keeps each figure, with 8 MB of canvas, until it is closed."""
    yield
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].Widget.close_all()


LONG = {"test_course", "test_memory", "test_binder", "test_classroom", "test_bounds"}


def pytest_collection_modifyitems(items):
    """Let one of two workers begin with the browser, and the other with the modules whose one command takes minutes.

    pytest-xdist gives each worker one half of the list, and evens out at the end: then only short tests are left, and
    two browsers never drag at once.
    """
    parts = {"browser": [], "long": [], "others": []}
    for item in items:
        kind = "long" if item.path.stem in LONG else "others"
        parts["browser" if item.path.parent.name == "browser" else kind].append(item)
    half = max(0, len(items) // 2 - len(parts["browser"]))
    items[:] = [*parts["browser"], *parts["others"][:half], *parts["long"], *parts["others"][half:]]


def pytest_runtest_setup(item):
    """Ask for Chromium before a browser test starts anything."""
    if item.get_closest_marker("browser"):
        # Imported here: the tests of the mathematics run without Jupyter.
        from tests.browser.lab import chromium

        if chromium() is None:
            cannot(NO_CHROMIUM)
