"""What every test of an explorer shares: one explorer a module, its numbers, and its end."""

import csv
import warnings

import ipywidgets as widgets
import pytest


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
