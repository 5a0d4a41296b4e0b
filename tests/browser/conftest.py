"""A JupyterLab of each version that learners meet, and a page in a real browser.

Every test in this folder is marked `browser`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from tests.browser.lab import ROOT, Lab, Page, browser
from tests.conftest import cannot

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


@cache
def python_for(version):
    """Return the Python that runs JupyterLab `version`: "current" or a number such as "4.4".

    Another version gets an environment of its own beside .venv, kept until the requirements change.
    RuntimeError: it cannot be made, for example without a network.
    """
    if version == "current":
        return sys.executable
    folder = ROOT / f".venv-lab{version.replace('.', '')}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, wanted = folder / "made-from.txt", _stamp(version)
    with FileLock(f"{folder}.lock"):  # tests run side by side: one makes it, the others wait
        if not (stamp.exists() and stamp.read_text() == wanted and python.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            _run(sys.executable, "-m", "venv", folder)
            _run(python, "-m", "pip", "install", "-q", f"jupyterlab=={version}.*", "-r", "requirements.txt")
            stamp.write_text(wanted)
    return str(python)


def _stamp(version):
    parts = [version, sys.version, str(ROOT)]
    parts += [(ROOT / name).read_text() for name in ("pyproject.toml", "requirements.txt")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _run(*command):
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])


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
