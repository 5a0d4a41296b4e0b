"""How long a learner's function may take in a test: a right one is not to be called endless because a machine is busy."""

import pytest

from lesson_utils import guard
from lesson_utils.checks import apart, student

TO_END = student.SECONDS
LEARNERS = guard.call.__kwdefaults__["seconds"], TO_END


@pytest.fixture
def allow(monkeypatch):
    """A function that sets the seconds of a function in a figure, and those of one that a check calls."""

    def set_to(figure, check):
        monkeypatch.setattr(guard.run_path, "__defaults__", (figure,))
        monkeypatch.setitem(guard.call.__kwdefaults__, "seconds", figure)
        monkeypatch.setattr(student, "SECONDS", check)
        monkeypatch.setattr(apart, "__defaults__", (check + 0.5,))

    return set_to


@pytest.fixture(autouse=True)
def patient(allow):
    """Give a function that ends all the time that it needs."""
    allow(60.0, 60.0)


@pytest.fixture
def hurried(patient, allow):
    """Stop a function that never ends after a moment, so that nobody waits for it."""
    allow(0.3, 0.3)


@pytest.fixture
def as_learners_have_it(patient, allow):
    """Stop a function when it is stopped in a learner's notebook."""
    allow(*LEARNERS)
