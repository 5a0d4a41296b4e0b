"""The teacher's page shows the commands that the tests run, and says what is so."""

import re

import pytest

from lesson_utils.checks.apart import SECONDS
from tests.homework.course import README, commands, with_a_list
from workshop.files import ROOT

TEXT = README.read_text(encoding="utf-8")
IGNORED = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
CONFIG = (ROOT / "teacher" / "homework" / "nbgrader_config.py").read_text(encoding="utf-8")
KERNEL = (ROOT / "teacher" / "homework" / "limits.py").read_text(encoding="utf-8")
PATTERNS = re.findall(r"^\| `([^`]+)` \(.+\) \| `(.+)` \|$", TEXT, re.MULTILINE)
OWN = re.search(r'^_NAMES = r"(.+)"$', CONFIG, re.MULTILINE).group(1)
COLLECTED = [
    *PATTERNS,
    ("Ann Lee_123456_assignsubmission_file_hw1_averages.ipynb", PATTERNS[0][1]),
    ("leeann_123_456_hw1_averages.ipynb", PATTERNS[1][1]),
    ("ann_hw1_averages.ipynb", OWN),
    ("ann_hw1_averages/hw1_averages.ipynb", OWN),
    ("ann_work/a b/hw1_averages.ipynb", OWN),
]


def test_the_way_is_complete():
    """tests/homework/course.py runs these; each step that the page promises must be among them."""
    assert [" ".join(line.split()[:2]) for line in commands()] == [
        "nbgrader generate_assignment",
        "mkdir -p",
        "nbgrader zip_collect",
        "python preflight.py",
        "nbgrader autograde",
        "nbgrader generate_feedback",
        "nbgrader export",
    ]
    environment = commands(heading="Once: an environment with nbgrader")
    assert '.venv-nbgrader/bin/python -m pip install -e ".[homework]"' in environment
    assert with_a_list() == "nbgrader db student import students.csv"


@pytest.mark.parametrize(("file", "pattern"), COLLECTED)
def test_patterns_find_student_and_file(file, pattern):
    found = re.match(pattern, f"/a_b/downloaded/hw1_averages/extracted/{file}")
    assert found["student_id"] in ("123456", "leeann", "ann")
    assert found["file_id"] == "hw1_averages.ipynb"


def test_limits_are_those_of_the_code():
    assert "SECONDS, AGAIN, CHARACTERS = 6.0, 2.0, 10_000" in KERNEL
    assert "ALTOGETHER, MEMORY, FILE = 60, 2 << 30, 50 << 20" in KERNEL
    assert "c.Execute.timeout = 60" in CONFIG and 3.5 <= SECONDS < 4
    stopped = "6 seconds of computing (60 seconds of waiting), the next ones after 2"
    for words in (stopped, "10,000 characters", "2 GB", "50 MB", "within 4 seconds"):
        assert words in TEXT


def test_files_are_there_and_what_a_course_writes_is_not_committed():
    for name in re.findall(r"`([a-z_]+\.py)`", TEXT):
        assert (ROOT / "teacher" / "homework" / name).exists(), name
    for folder in ("release", "downloaded", "received", "submitted", "feedback", "reports"):
        assert f"/teacher/homework/{folder}/" in IGNORED
        assert f"{folder}/" in TEXT
    assert "/teacher/homework/gradebook.db*" in IGNORED and "/teacher/homework/*.csv" in IGNORED
