"""A teacher's environment, and a course that is graded in it."""

import os
import subprocess

import pytest

from tests.conftest import cannot
from tests.homework.classes import CLASSES
from tests.homework.course import Course
from workshop.environments import made


@pytest.fixture(scope="session")
def teacher():
    """The Python of an environment with nbgrader; without a network there is none, and the test is skipped."""
    if os.name == "nt":
        pytest.skip("the course is graded on Linux or a Mac; on Windows in WSL")
    try:
        return made(".venv-nbgrader")
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No nbgrader here: {problem}")


COURSES = {}  # by homework and line: each is graded once


@pytest.fixture
def course(request, teacher, tmp_path_factory):
    """The course in which one homework was graded, with what is handed in for one line of the tests."""
    if request.param not in COURSES:
        folder = tmp_path_factory.mktemp("graded") / "course"
        COURSES[request.param] = Course(folder, request.param[0], teacher, CLASSES[request.param])
        COURSES[request.param].run()
    if not COURSES[request.param].rows:
        pytest.fail("it could not be graded: the first test of this course says why", pytrace=False)
    return COURSES[request.param]
