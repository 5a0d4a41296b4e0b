"""A teacher's environment, and a course that is graded in it."""

import os
import subprocess

import pytest

from tests.conftest import cannot
from tests.environments import made
from tests.homework.course import Course


@pytest.fixture(scope="session")
def teacher():
    """The Python of an environment with nbgrader; without a network there is none, and the test is skipped."""
    if os.name == "nt":
        pytest.skip("the course is graded on Linux or a Mac; on Windows in WSL")
    try:
        return made(".venv-nbgrader")
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No nbgrader here: {problem}")


@pytest.fixture(scope="session")
def graded(teacher, tmp_path_factory):
    """Return a function that gives the course with one homework of one line graded; each is graded once."""
    courses = {}

    def once(name, line):
        if (name, line) not in courses:
            course = Course(tmp_path_factory.mktemp("graded") / "course", name, teacher, line)
            courses[name, line] = course
            course.run()
        if "csv" not in courses[name, line].seen:
            pytest.fail("it could not be graded: the first test of this course says why", pytrace=False)
        return courses[name, line]

    return once


@pytest.fixture
def course(request, graded):
    """The course in which one homework was graded, with what is handed in for one line of the tests."""
    return graded(*request.param)
