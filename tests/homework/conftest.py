"""A teacher's environment, and a course that was graded in it: once for all tests, also when they run side by side."""

import json
import os
import subprocess

import pytest
from filelock import FileLock

from tests.conftest import cannot
from tests.environments import python_in
from tests.homework.course import Course


@pytest.fixture(scope="session")
def teacher():
    """The Python of an environment with nbgrader; without a network there is none, and the test is skipped."""
    if os.name == "nt":
        pytest.skip("the course is graded on Linux or a Mac; on Windows in WSL")
    try:
        return python_in(".venv-nbgrader", "-r", "requirements-homework.txt")
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No nbgrader here: {problem}")


@pytest.fixture(scope="session")
def graded(teacher, tmp_path_factory):
    """Return a function that gives the course with one homework graded; each is graded once."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent

    def once(name):
        course = Course(shared / f"course-{name}", name, teacher)
        done = shared / f"course-{name}.json"
        with FileLock(f"{done}.lock"):
            if not done.exists():
                try:
                    seen = course.run()
                except Exception as problem:
                    done.write_text(json.dumps({"problem": f"{type(problem).__name__}: {problem}"}))
                else:
                    done.write_text(json.dumps(seen))
        course.seen = json.loads(done.read_text())
        if "problem" in course.seen:
            pytest.fail(f"{name} could not be graded: {course.seen['problem']}", pytrace=False)
        return course

    return once
