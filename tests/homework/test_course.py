"""From a release to returned feedback, with the very commands of the README, on real submissions.

The line for each change grades what only a kernel can show; the rest is graded before a release.
"""

import json
import re
from itertools import groupby

import pytest

from tests.homework.classes import CLASSES
from tests.homework.submissions import NOT_GRADED

pytestmark = pytest.mark.timeout(1200)  # seconds: the first test of a course waits until all of it is graded


def given(name, line, *more):
    """Return the parameters of a test in a course, with its line; what shares a course runs in one process."""
    marks = [pytest.mark.line(line), pytest.mark.xdist_group("course" if line == "change" else name)]
    return pytest.param((name, line), *more, marks=marks, id="-".join((name, line, *more)))


EVERY = [given(name, one.line, one.student) for name, handed_in in CLASSES.items() for one in handed_in]
LINES = sorted({(name, one.line) for name, handed_in in CLASSES.items() for one in handed_in})
every = pytest.mark.parametrize(("course", "student"), EVERY, indirect=["course"])
each = pytest.mark.parametrize("course", [given(*one) for one in LINES], indirect=True)


@every
def test_marks(course, student):
    one, row = course.submissions[student], course.seen["csv"][student]
    if one.marks == NOT_GRADED:
        assert row["status"].startswith("not graded: ")
        assert row["marks"] == "", "a submission that nobody could grade must not look like a zero"
        return
    expected = one.expected(course.notebook("release"))
    assert course.seen["marks"][student] == expected
    if student != course.read:
        assert float(row["marks"]) == sum(value or 0 for value in expected.values())
        assert row["status"].startswith("to be read: ") == (None in expected.values())
        for exercise, value in expected.items():
            assert row[exercise] == ("" if value is None else str(float(value)))


@every
def test_feedback(course, student):
    one, page = course.submissions[student], course.feedback(student)
    if one.marks == NOT_GRADED:
        assert page is None
        return
    words = re.sub(r"<[^>]*>", "", page)
    for fragment in one.says:
        assert fragment in words
    for exercise in one.expected(course.notebook("release")):
        if exercise.startswith("check_") and not one.quiet:
            mark = "✓" if exercise not in one.marks else "[✗○]"
            assert re.search(rf"{mark} {exercise.removeprefix('check_')}: ", words), exercise
    assert "in_the_kernel" not in words and "limits.py" not in words
    assert len(page) < 1_000_000


@every
def test_checks_answer_in_their_own_words(course, student):
    """Neither an error nor a traceback of ours stands below a check, whatever the student did."""
    one = course.submissions[student]
    if one.marks == NOT_GRADED:
        return
    for cell in course.notebook("autograded", student)["cells"]:
        label = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and label.get("grade"):
            # A kernel that is busy hands one printed line on in two parts.
            kinds = [kind for kind, _ in groupby(output["output_type"] for output in cell["outputs"])]
            assert kinds == (["stream", "error"] if one.quiet else ["stream", "execute_result"])
            said = "".join("".join(output.get("text", "")) for output in cell["outputs"])
            assert "Traceback" not in said and "lesson_utils" not in said
            assert len(said) < 1000 and "could not look at your answer" not in said


@every
def test_preflight_says_what_it_put_right(course, student):
    said = course.seen["said"]["python preflight.py"]
    lines = [line for line in said.splitlines() if line.startswith(f"  {student}: ")]
    one = course.submissions[student]
    for fragment in one.put_right:
        assert any(fragment in line for line in lines), fragment
    if not one.put_right and one.raw is None:
        assert lines == []


@each
def test_all_marks_are_there_once_the_written_answers_are_read(course):
    row = course.seen["csv"][course.read]
    assert (row["status"], float(row["marks"]), float(row["out_of"])) == ("graded", 20, 20)


@each
def test_who_handed_in_nothing_is_listed(course):
    row = course.seen["csv"]["absent"]
    assert (row["status"], row["marks"], row["last_name"]) == ("nothing handed in", "", "Absent")


@each
def test_commands_end_well(course):
    """Only autograde may say that one could not be graded; the others are graded all the same."""
    broken = any(one.marks == NOT_GRADED and one.raw is None for one in course.submissions.values())
    for command, code in course.seen["codes"].items():
        expected = 1 if command == "nbgrader autograde" and broken else 0
        assert code == expected, course.seen["said"][command]


@each
def test_nothing_is_said_that_looks_like_cheating(course):
    """The pre-flight gives nbgrader every check as it was released, whatever came in."""
    said = course.seen["said"]["nbgrader autograde"]
    assert "has changed" not in said and "without encryption" not in said


@each
def test_release_for_a_class_holds_no_answer(course):
    text = json.dumps(course.notebook("release"))
    for word in ("BEGIN SOLUTION", "HIDDEN TESTS", "import grade", "solutions/", "solution_link"):
        assert word not in text
    assert [path.name for path in (course.folder / "release").rglob("*") if path.is_file()] == [
        f"{course.name}.ipynb"
    ]


@pytest.mark.line("release")
@each
def test_grading_is_cheap(course):
    """In seconds of the processor, with loops that are stopped in a fifth of the class: three is usual."""
    assert course.seen["cpu"]["nbgrader autograde"] / len(course.submissions) <= 10
