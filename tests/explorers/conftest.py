"""What every test of an explorer shares."""

import warnings

import pytest


@pytest.fixture(autouse=True)
def warnings_are_errors():
    """Refuse what a learner would see; how libraries deprecate each other, and what is collected late, is not that."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
            warnings.simplefilter("ignore", kind)
        yield
