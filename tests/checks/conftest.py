"""How long a student's function may take here: a right one is not to be called endless because a machine is busy."""

import pytest

from lesson_utils.checks.student import SECONDS
from tests.checks.notebooks import allow


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Give a function that ends all the time that it needs."""
    allow(monkeypatch, 60)


@pytest.fixture
def hurried(patient, monkeypatch):
    """Stop a function that never ends after a moment, so that nobody waits for it."""
    allow(monkeypatch, 0.3)


@pytest.fixture
def as_learners_have_it(patient, monkeypatch):
    """Stop a function when it is stopped in a learner's notebook."""
    allow(monkeypatch, SECONDS)
