"""The files that name what must be installed say the same."""

import re

import pytest
from packaging.requirements import Requirement

from workshop.files import ROOT, as_committed, git

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED, EXTRAS = PROJECT["dependencies"], PROJECT["optional-dependencies"]


def lines(path):
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def by_name(wanted):
    """Return requirements, as pip takes them, by name."""
    return {one.name: one for one in map(Requirement, wanted)}


def requirements(path):
    """Return the requirements of a file by name; lines such as `-e .` are left out."""
    return by_name(
        line.split(" #")[0].strip() for line in lines(path) if line and not line.startswith(("#", "-"))
    )


def extra(name):
    """Return what an extra of the package installs beside the package, by name, with the extras that it builds on."""
    wanted = by_name(EXTRAS[name])
    more = [extra(one) for one in wanted.pop(PROJECT["name"], Requirement(PROJECT["name"])).extras]
    return {name: one for part in (*more, wanted) for name, one in part.items()}


def floors(wanted):
    """Return the lowest version of each that is allowed."""
    found = {
        name: [part.version for part in one.specifier if part.operator == ">="]
        for name, one in wanted.items()
    }
    return {name: version for name, (version,) in found.items()}


TOP = requirements("requirements.txt")
LEARNERS = {name: one for name, one in TOP.items() if name != "jupyterlab"}


def test_binder_installs_what_a_learner_installs_but_its_own_jupyterlab():
    assert requirements("binder/requirements.txt") == LEARNERS


def test_binders_file_is_flat():
    """A line that refers to another file would make Binder install everything again at every commit."""
    assert [line for line in lines("binder/requirements.txt") if line.startswith("-")] == []


def test_the_package_needs_what_a_learner_installs_and_a_learner_gets_the_package():
    assert by_name(NEEDED) == LEARNERS and extra("lab") == {"jupyterlab": TOP["jupyterlab"]}
    assert "-e ." in lines("requirements.txt")


def test_each_extra_stands_alone_beside_a_learners_packages():
    """Whoever grades, projects or tests has a JupyterLab to look at; who builds the site needs none."""
    assert [name for name in EXTRAS if "jupyterlab" not in extra(name)] == ["site"]
    assert extra("change").keys() > extra("dev").keys()


def test_both_jupyterlabs_are_allowed():
    assert all(TOP["jupyterlab"].specifier.contains(version) for version in ("4.4.9", "4.6.6"))


def test_every_requirement_has_an_upper_end():
    assert [
        name for name, one in TOP.items() if not any(part.operator == "<" for part in one.specifier)
    ] == []


def test_binders_python_is_written_as_repo2docker_takes_it():
    """It takes python-3.12; python-3.12.3 is an error."""
    (text,) = lines("binder/runtime.txt")
    version = re.fullmatch(r"python-(\d\.\d+)", text).group(1)
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(version)


@pytest.mark.parametrize("path", ["binder/postBuild", ".ci/run"])
def test_scripts_are_bash_with_lf_and_can_be_run(path):
    content = as_committed(ROOT / path)
    assert content.startswith(b"#!/usr/bin/env bash\n") and b"\r" not in content
    assert b"\nset -euo pipefail\n" in content
    if git("rev-parse", "HEAD") is None:
        pytest.skip("no git checkout")
    assert b"eol: lf" in git("check-attr", "eol", "--", path)
    assert git("ls-files", "-s", path).startswith(b"100755 ")


def test_post_build_installs_the_package_without_dependencies():
    assert "pip install --no-deps -e ." in (ROOT / "binder/postBuild").read_text(encoding="utf-8")
