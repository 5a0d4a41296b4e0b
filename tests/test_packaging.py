"""The files that name what must be installed say the same."""

import re

import pytest
from packaging.requirements import Requirement

from tests.notebook_files import ROOT, as_committed, git

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirements(path):
    """Return the requirements of a file by name; lines such as `-e .` are left out."""
    lines = [line.split(" #")[0].strip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
    parsed = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return {one.name: one for one in parsed}


def floor(requirement):
    """Return the lowest version that a requirement allows."""
    return next(part.version for part in requirement.specifier if part.operator == ">=")


TOP = requirements("requirements.txt")
BINDER = requirements("binder/requirements.txt")
PACKAGE = {one.name: one for one in map(Requirement, PROJECT["dependencies"])}


def test_binder_installs_what_a_learner_installs_but_its_own_jupyterlab():
    expected = {name: one for name, one in TOP.items() if name != "jupyterlab"}
    assert expected == BINDER


def test_binders_file_is_flat():
    """A line that refers to another file would make Binder install everything again at every commit."""
    lines = (ROOT / "binder/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("-")] == []


def test_package_needs_what_a_learner_installs():
    assert set(PACKAGE) == set(TOP) - {"jupyterlab"}
    assert {name: floor(one) for name, one in PACKAGE.items()} == {name: floor(TOP[name]) for name in PACKAGE}


def test_learner_gets_the_package_itself():
    assert "-e ." in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()


def test_both_jupyterlabs_are_allowed():
    assert all(TOP["jupyterlab"].specifier.contains(version) for version in ("4.4.9", "4.6.6"))


def test_every_requirement_has_an_upper_end():
    assert [
        name for name, one in TOP.items() if not any(part.operator == "<" for part in one.specifier)
    ] == []


def test_binders_python():
    """repo2docker takes python-3.12; python-3.12.3 is an error."""
    text = (ROOT / "binder/runtime.txt").read_text(encoding="utf-8").strip()
    major, minor = re.fullmatch(r"python-(\d)\.(\d+)", text).groups()
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(f"{major}.{minor}")


@pytest.mark.parametrize("path", ["binder/postBuild", ".ci/run"])
def test_scripts_are_bash_with_lf(path):
    content = as_committed(ROOT / path)
    assert content.startswith(b"#!/usr/bin/env bash\n") and b"\r" not in content
    assert b"\nset -euo pipefail\n" in content
    assert b"eol: lf" in git("check-attr", "eol", "--", path)


def test_post_build_is_executable():
    held = git("ls-files", "-s", "binder/postBuild")
    if not held:
        pytest.skip("no git checkout")
    assert held.startswith(b"100755 ")


def test_post_build_installs_the_package_without_dependencies():
    assert "pip install --no-deps -e ." in (ROOT / "binder/postBuild").read_text(encoding="utf-8")
