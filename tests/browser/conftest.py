"""A JupyterLab of each version that learners meet, and a page in a real browser.

Every test in this folder is marked `browser`. Under pytest-xdist two processes share them, each with one Chromium
and one JupyterLab of a version: what waits for a page leaves the other some time.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import cannot
from workshop.environments import made
from workshop.lab import Lab, Page, browser
from workshop.second_starts import twice

VERSIONS = ("current", "4.4")  # the newest, and the one on Binder
# For what is ours alone and owes nothing to JupyterLab's version: seen once is enough.
in_one_lab = pytest.mark.parametrize("lab", VERSIONS[:1], indirect=True, scope="session")
VIEW = {"width": 1280, "height": 720}  # a projector
HERE = Path(__file__).parent
# The first of the two processes, by module; the second has all else, and what is seen in the older JupyterLab.
EXPLORERS = ("accessibility", "conventions", "explorers", "map", "turned_handle")


def pytest_collection_modifyitems(items):
    """Mark what stands in this folder."""
    for item in items:
        if HERE in item.path.parents:
            older = getattr(item, "callspec", None) and item.callspec.params.get("lab") == "4.4"
            first = item.path.stem.removeprefix("test_") in EXPLORERS and not older
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("explorers" if first else "lessons"))


def python_for(version):
    """Return the Python that runs JupyterLab `version`: "current" or a number such as "4.4".

    Another version gets an environment of its own beside .venv. RuntimeError: it cannot be made.
    """
    if version == "current":
        return sys.executable
    return made(f".venv-lab{version.replace('.', '')}")


def start_lab(version):
    """Start JupyterLab `version`, or skip the test and say why it cannot be had."""
    try:
        python = python_for(version)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No JupyterLab {version} here: {problem}")
    return twice(f"JupyterLab {version}", lambda: Lab(python), RuntimeError)


@pytest.fixture(scope="session")
def labs():
    """The JupyterLabs that run, by version: tests of both take turns, and neither is started twice."""
    running = {}
    yield running
    for one in running.values():
        one.close()


@pytest.fixture(scope="session", params=[VERSIONS[0], pytest.param("4.4", marks=pytest.mark.line("release"))])
def lab(request, labs):
    """A running JupyterLab, of each version in turn; `lab.version` says which."""
    version = request.param
    if version not in labs:
        labs[version] = start_lab(version)
        labs[version].version = version
    return labs[version]


@pytest.fixture(scope="session")
def playwright_browser():
    """One Chromium for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, browser(playwright) as started:
        yield started


class Tabs:
    """The tab in which JupyterLab is loaded already: loading it anew takes longer than most of the tests."""

    def __init__(self, playwright_browser, lab):
        self.browser, self.lab, self.opened = playwright_browser, lab, None

    def front(self):
        """Return the Page, with a list `errors` of what its console complains about from now on."""
        if self.opened is None:
            # A figure that walks by itself would stand elsewhere at each look.
            tab = self.browser.new_context(viewport=VIEW, reduced_motion="reduce").new_page()
            self.opened = Page(tab, self.lab)
            self.opened.errors = errors = []
            tab.on("pageerror", lambda error: errors.append(f"{error.message}\n{error.stack or ''}"))
            tab.on("console", lambda message: _note(errors, message))
        self.opened.errors.clear()
        return self.opened

    def drop(self):
        """Close the tab, so that the next test gets a new one."""
        if self.opened is not None:
            self.opened.page.context.close()
        self.opened = None


@pytest.fixture(scope="session")
def all_tabs(playwright_browser):
    """The tabs that are open, by JupyterLab's version."""
    tabs = {}
    yield tabs
    for one in tabs.values():
        one.drop()


@pytest.fixture
def tabs(all_tabs, playwright_browser, lab):
    """The tab that the tests of one JupyterLab share."""
    return all_tabs.setdefault(lab.version, Tabs(playwright_browser, lab))


@pytest.fixture
def page(request, tabs, lab):
    """JupyterLab in a page of 1280 x 720 with nothing open; a test that failed leaves its page to nobody."""
    before = request.session.testsfailed
    yield tabs.front()
    if request.session.testsfailed > before or "own_page" in request.fixturenames:
        tabs.drop()
    else:
        tabs.opened.close_all()
    lab.end_kernels()


@pytest.fixture
def own_page(tabs):
    """For a test that needs a page of its own, or leaves one that others should not have: ask for it before `page`."""
    tabs.drop()


ENDED = "Canceled future for"
"""JupyterLab's words about a kernel that a test has ended meanwhile: they may come when the next one has begun."""


def _note(errors, message):
    if message.type == "error" and ENDED not in message.text:
        errors.append(f"{message.text} ({message.location.get('url', '')})")
