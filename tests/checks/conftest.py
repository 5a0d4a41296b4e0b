"""What the tests of the checks share."""

import pytest

from lesson_utils.checks.student import Notebook


@pytest.fixture
def hurried(monkeypatch):
    """Stop a student's function after 0.3 seconds: for functions that never end, so that nobody waits for them."""
    monkeypatch.setitem(Notebook.function.__kwdefaults__, "seconds", 0.3)
