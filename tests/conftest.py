"""What every test shares: the line that it belongs to, the browser that some need, and how much Hypothesis tries.

A test belongs to one of three lines. `quick` has no mark: it needs what PyPI brings and nothing else. `change` is run
for each change, `release` before a release and once a week: `@pytest.mark.line("change")`, on a test or as `pytestmark`
of a module. Of two marks the later line holds.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.patience", "tests.second_starts"]
BROWSER = Path(__file__).parent / "browser"
LINES = ("quick", "change", "release")
MINUTES = {"change": 7, "release": 30}  # on two cores, beside what is installed
NO_CHROMIUM = (
    "Chromium is not installed: on Debian `sudo apt install chromium`; on a Mac or on Windows, "
    "Google Chrome or Edge will do"
)

# Hundreds of kernels and servers start here: what the first one compiles must be there for the next.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Slow machines are no failure; on CI the same examples come every time, so that red means a change of ours.
patient = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # a busy machine draws slowly
settings.register_profile("here", **patient)
settings.register_profile("ci", derandomize=True, **patient)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser):
    """Let a command name its line; a command that names files or tests runs whatever stands there."""
    parser.addoption("--line", choices=LINES, help="which of the three lines of tests to run (quick)")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Decide once what is run, before pytest-xdist asks how many processes it takes and tells them."""
    if config.option.line is None:
        named = config.args_source is pytest.Config.ArgsSource.ARGS
        config.option.line = "named" if named else "quick"
    if config.option.line in MINUTES:
        config.option.dist = "loadgroup"  # what a group shares is started by one process only
        config.option.loadgroup = (
            True  # a process of pytest-xdist read the line above too late, in addopts' place
        )


def pytest_ignore_collect(collection_path, config):
    """Leave the browser's tests unread in the quick line: what they import is not there."""
    if config.option.line == "quick" and collection_path == BROWSER:
        return True
    return None


def pytest_sessionstart(session):
    """Say what a line is about to do, and make the environments that it needs, before any test waits for one."""
    config = session.config
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.line not in MINUTES:
        return
    from workshop.environments import make_all  # the quick line needs none of it

    tell = config.get_terminal_writer().line
    tell(
        f"The line {config.option.line}: about {MINUTES[config.option.line]} minutes on two cores, beside installs."
    )
    make_all(config.option.line, tell)


def line_of(item):
    """Return the line that a test belongs to: the latest that its marks name."""
    return max((mark.args[0] for mark in item.iter_markers("line")), key=LINES.index, default="quick")


def pytest_collection_modifyitems(config, items):
    """Leave out the tests of the other lines."""
    line = config.option.line
    if line == "named":
        return
    others = [item for item in items if line_of(item) != line]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if line_of(item) == line]


def cannot(reason):
    """Skip for want of what a test needs, or fail where it was promised (ROLLING_REQUIRE_ALL=1, as in CI)."""
    if os.environ.get("ROLLING_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="module", autouse=True)
def widgets_end_with_their_module():
    """Close what a module's tests have made: ipywidgets keeps each figure, with 8 MB of canvas, until it is closed."""
    yield
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].Widget.close_all()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Ask for Chromium before a browser test starts anything."""
    if item.get_closest_marker("browser"):
        # Imported here: the tests of the mathematics run without Jupyter.
        from workshop.lab import chromium

        if chromium() is None:
            cannot(NO_CHROMIUM)


def pytest_xdist_auto_num_workers(config):
    """Use two to four processes for a line; for files that are named, none: `--pdb` and `print` work there."""
    few = {"named": 0, "change": 3, "release": 2}  # a browser leaves its core idle half of the time
    return few.get(config.option.line, min(4, max(2, os.cpu_count() or 2)))
