"""What tests need and could not have at once: a browser, a server, a kernel's connection. The summary says so.

Only what is started is started again, once. An assertion about the product is never tried twice.
"""

import os
import tempfile
from pathlib import Path

import pytest

NOTED = "ROLLING_SECOND_STARTS"  # in the environment: the file that all processes of a run write to
_ours = pytest.StashKey()


def second_start(what, why):
    """Note that something is started a second time."""
    line = f"{what}: {' '.join(str(why).split())[-300:]}"
    print(f"second start of {line}")
    if path := os.environ.get(NOTED):
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


def twice(what, start, *problems):
    """Return what `start` returns; when one of these exceptions comes of it, start it again, once."""
    try:
        return start()
    except problems as problem:
        second_start(what, problem)
        return start()


def pytest_configure(config):
    """Name the file in the process that the others are started from."""
    if NOTED not in os.environ:
        handle, os.environ[NOTED] = tempfile.mkstemp(prefix="second-starts-", suffix=".txt")
        os.close(handle)
        config.stash[_ours] = Path(os.environ[NOTED])


def pytest_terminal_summary(terminalreporter, config):
    """Say what had to be started twice."""
    path = config.stash.get(_ours, None)
    if path and (lines := path.read_text(encoding="utf-8").splitlines()):
        terminalreporter.section("started a second time")
        for line in lines:
            terminalreporter.write_line(line)


def pytest_unconfigure(config):
    """Remove the file."""
    if path := config.stash.get(_ours, None):
        path.unlink()
        del os.environ[NOTED]
