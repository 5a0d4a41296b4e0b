"""Binder would run the lessons: the README's rehearsal is run once, on the last commit, with its three mistakes."""

import re
import subprocess
import sys

import pytest

from tests.conftest import cannot
from tests.readme import README, arguments, command
from workshop.benchmarks import binder, image
from workshop.environments import made
from workshop.files import LESSONS, ROOT, git
from workshop.second_starts import second_start

DOCKERFILE = """USER root
RUN apt-get install a
COPY --chown=0:0 build_script_files/a-2eb-123456 /tmp/env/environment.lock
COPY --chown=0:0 src/binder/requirements.txt ${REPO_DIR}/binder/requirements.txt
USER ${NB_USER}
RUN pip install \\
  -r "binder/requirements.txt"
USER root
COPY --chown=0:0 src/ ${REPO_DIR}/
USER ${NB_USER}
RUN ./binder/postBuild
"""


def rehearsed(test):
    """Mark a test that asks for the rehearsal: it takes minutes, and the world decides what it installs."""
    for mark in (pytest.mark.line("release"), pytest.mark.xdist_group("binder"), pytest.mark.timeout(1800)):
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def printed():
    """What the rehearsal prints; without a network there is none."""
    if sys.platform != "linux":
        pytest.skip("Binder is Linux: so is its rehearsal")
    if git("rev-parse", "HEAD") is None:
        pytest.skip("no git checkout")
    try:
        made(image.REPO2DOCKER)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No repo2docker here: {problem}")
    done = subprocess.run(
        arguments(command("On Binder", 1).split(" && ")[-1]),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    for told in re.findall(r"^started again: (.+)$", done.stdout, re.MULTILINE):
        second_start("Binder's server", told)
    return done.stdout


def row(printed, name):
    return re.search(rf"^{name} +(.+)$", printed, re.MULTILINE)[1]


@rehearsed
def test_the_rehearsal_runs_a_lesson_and_adds_what_the_readme_says(printed):
    assert row(printed, "notebooks run") == f"1: {LESSONS[0].stem}"
    assert row(printed, "base packages changed") == "none"
    packages, megabytes = re.search(r"adds (\d+) packages and about (\d+) MB", README).groups()
    assert row(printed, "packages added").startswith(f"{packages}: ")
    assert float(row(printed, "MB added")) == pytest.approx(float(megabytes), rel=0.15)
    assert float(row(printed, "seconds added")) > 0


@rehearsed
@pytest.mark.parametrize(
    ("mistake", "why"),
    [
        ("package not importable", "ModuleNotFoundError: No module named 'lesson_utils'"),
        ("a requirement is missing", "ModuleNotFoundError: No module named 'matplotlib'"),
        ("CRLF in postBuild", image.CRLF),
    ],
)
def test_each_mistake_is_noticed_in_one_sentence(printed, mistake, why):
    (line,) = [line for line in printed.splitlines() if line.startswith(f"noticed: {mistake}: ")]
    assert line.endswith(f" fails: {why}")


def test_a_mistake_that_nothing_notices_ends_the_rehearsal():
    with pytest.raises(image.RehearsalError, match="not noticed: a mistake"):
        binder.noticed("a mistake", print)


def test_the_lines_of_the_dockerfile_that_concern_the_project():
    assert image.steps(DOCKERFILE) == [
        ("COPY", "src/binder/requirements.txt ${REPO_DIR}/binder/requirements.txt"),
        ("RUN", 'pip install    -r "binder/requirements.txt"'),
        ("COPY", "src/ ${REPO_DIR}/"),
        ("RUN", "./binder/postBuild"),
    ]


def test_a_line_that_needs_root_is_refused():
    with pytest.raises(image.RehearsalError, match="RUN apt-get install b needs root"):
        image.steps(DOCKERFILE + "USER root\nRUN apt-get install b\n")


def test_a_changed_file_is_put_back(tmp_path):
    file = tmp_path / "postBuild"
    file.write_bytes(b"one\npip install\n")
    with binder.changed(file, binder.without("pip")):
        assert file.read_bytes() == b"one\n"
    with pytest.raises(OSError), binder.changed(file, lambda text: text.replace("\n", "\r\n")):
        assert file.read_bytes() == b"one\r\npip install\r\n"
        raise OSError
    assert file.read_bytes() == b"one\npip install\n"
