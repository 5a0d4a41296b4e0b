"""What every test of an explorer shares: one explorer a module, its numbers, and its end."""

import csv
import warnings

import ipywidgets as widgets
import pytest

from lesson_utils import guard

SECONDS = guard.call.__kwdefaults__["seconds"]


@pytest.fixture(autouse=True)
def warnings_are_errors():
    """Refuse what a learner would see; how libraries deprecate each other, and what is collected late, is not that."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
            warnings.simplefilter("ignore", kind)
        yield


@pytest.fixture(autouse=True)
def what_a_test_made_ends_with_it():
    """Close its widgets: ipywidgets keeps each figure, with 8 MB of canvas, until it is closed."""
    before = set(widgets.widget._instances)
    yield
    for key in set(widgets.widget._instances) - before:
        if key in widgets.widget._instances:
            widgets.widget._instances[key].close()


@pytest.fixture(scope="module")
def made(request):
    """A module's explorer, of its KIND, made once: to make one costs more than what most tests ask of it."""
    explorer = request.module.KIND()
    yield explorer
    explorer.close()


@pytest.fixture
def explorer(made):
    """The module's explorer with its controls where they were at first."""
    if made.settings != {name: made._start[name] for name in made.controls}:
        made.reset()
    return made


@pytest.fixture
def csv_of(tmp_path):
    """A function that returns the rows of an explorer's CSV file, each a dict of texts."""

    def read(explorer):
        explorer.to_csv(tmp_path / "run.csv")
        lines = (tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))

    return read


def allow(monkeypatch, seconds):
    """Let a learner's function run so long."""
    monkeypatch.setattr(guard.run_path, "__defaults__", (seconds,))
    monkeypatch.setitem(guard.call.__kwdefaults__, "seconds", seconds)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Give a function that ends all the time that it needs: a machine may be busy."""
    allow(monkeypatch, 60.0)


@pytest.fixture
def stopped_soon(patient, monkeypatch):
    """Stop a function that never ends after a moment, so that nobody waits for it."""
    allow(monkeypatch, 0.3)


@pytest.fixture
def as_learners_have_it(patient, monkeypatch):
    """Stop a function when it is stopped in a learner's notebook."""
    allow(monkeypatch, SECONDS)
