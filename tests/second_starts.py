"""The summary of a run says what had to be started a second time."""

import os
import tempfile
from pathlib import Path

import pytest

from workshop.second_starts import NOTED

_ours = pytest.StashKey()


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
