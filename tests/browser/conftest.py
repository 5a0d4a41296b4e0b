"""A JupyterLab of each version that learners meet, and a page in a real browser.

Every test in this folder is marked `browser`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.lab import Lab, Page, browser
from tests.conftest import cannot
from tests.environments import python_in

VERSIONS = ("current", "4.4")  # the newest, and the one on Binder
# For what is ours alone and owes nothing to JupyterLab's version: seen once is enough.
in_one_lab = pytest.mark.parametrize("lab", VERSIONS[:1], indirect=True, scope="session")
VIEW = {"width": 1280, "height": 720}  # a projector
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Mark what stands in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def python_for(version):
    """Return the Python that runs JupyterLab `version`: "current" or a number such as "4.4".

    Another version gets an environment of its own beside .venv. RuntimeError: it cannot be made.
    """
    if version == "current":
        return sys.executable
    name = f".venv-lab{version.replace('.', '')}"
    return python_in(name, f"jupyterlab=={version}.*", "-r", "requirements.txt")


def start_lab(version):
    """Start JupyterLab `version`, or skip the test and say why it cannot be had."""
    try:
        python = python_for(version)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No JupyterLab {version} here: {problem}")
    return Lab(python)


@pytest.fixture(scope="session", params=VERSIONS)
def lab(request):
    """A running JupyterLab, of each version in turn; `lab.version` says which."""
    started = start_lab(request.param)
    started.version = request.param
    yield started
    started.close()


@pytest.fixture(scope="session")
def playwright_browser():
    """One Chromium for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, browser(playwright) as started:
        yield started


@pytest.fixture
def page(playwright_browser, lab):
    """A fresh page of 1280 x 720 on `lab`; `page.errors` collects what its console complains about."""
    context = playwright_browser.new_context(viewport=VIEW)
    tab = context.new_page()
    opened = Page(tab, lab)
    opened.errors = []
    tab.on("pageerror", lambda error: opened.errors.append(f"{error.message}\n{error.stack or ''}"))
    tab.on("console", lambda message: _note(opened.errors, message))
    yield opened
    context.close()
    lab.end_kernels()


def _note(errors, message):
    if message.type == "error":
        errors.append(f"{message.text} ({message.location.get('url', '')})")
