"""From a release to returned feedback, with the very commands of the README, on real submissions."""

import json
import re
from itertools import groupby

import pytest

from tests.homework.classes import CLASSES
from tests.homework.submissions import NOT_GRADED

EVERY = [(name, one.student) for name, submissions in CLASSES.items() for one in submissions]
every = pytest.mark.parametrize(("name", "student"), EVERY, ids=lambda value: value.removeprefix("hw"))
each = pytest.mark.parametrize("name", CLASSES)


def release(course):
    return json.loads(
        (course.folder / "release" / course.name / f"{course.name}.ipynb").read_text(encoding="utf-8")
    )


@every
def test_marks(graded, name, student):
    course = graded(name)
    one = course.submissions[student]
    row = course.seen["csv"][student]
    if one.marks == NOT_GRADED:
        assert row["status"].startswith("not graded: ")
        assert row["marks"] == "", "a submission that nobody could grade must not look like a zero"
        return
    marks, expected = course.seen["marks"][student], one.expected(release(course))
    assert marks == expected
    if student != "right":  # whose written answers were read
        assert float(row["marks"]) == sum(value or 0 for value in expected.values())
        assert row["status"].startswith("to be read: ") == (None in expected.values())
        for exercise, value in expected.items():
            assert row[exercise] == ("" if value is None else str(float(value)))


@every
def test_feedback(graded, name, student):
    course = graded(name)
    one, page = course.submissions[student], course.feedback(student)
    if one.marks == NOT_GRADED:
        assert page is None
        return
    words = re.sub(r"<[^>]*>", "", page)
    for fragment in one.says:
        assert fragment in words
    for exercise in one.expected(release(course)):
        if exercise.startswith("check_") and not one.quiet:
            mark = "✓" if exercise not in one.marks else "[✗○]"
            assert re.search(rf"{mark} {exercise.removeprefix('check_')}: ", words), exercise
    assert "in_the_kernel" not in words
    assert len(page) < 1_000_000


@every
def test_checks_answer_in_their_own_words(graded, name, student):
    """Neither an error nor a traceback of ours stands below a check, whatever the student did."""
    course = graded(name)
    one = course.submissions[student]
    if one.marks == NOT_GRADED:
        return
    path = course.folder / "autograded" / student / name / f"{name}.ipynb"
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        label = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and label.get("grade"):
            # A kernel that is busy hands one printed line on in two parts.
            kinds = [kind for kind, _ in groupby(output["output_type"] for output in cell["outputs"])]
            assert kinds == (["stream", "error"] if one.quiet else ["stream", "execute_result"])
            parts = [output["text"] for output in cell["outputs"] if output["output_type"] == "stream"]
            said = "".join(part if isinstance(part, str) else "".join(part) for part in parts)
            assert "Traceback" not in said and "lesson_utils" not in said
            assert len(said) < 1000 and "could not look at your answer" not in said


@every
def test_preflight_says_what_it_put_right(graded, name, student):
    course = graded(name)
    said = course.seen["said"]["python preflight.py"]
    lines = [line for line in said.splitlines() if line.startswith(f"  {student}: ")]
    one = course.submissions[student]
    for fragment in one.put_right:
        assert any(fragment in line for line in lines), fragment
    if not one.put_right and one.raw is None:
        assert lines == []


@each
def test_all_marks_are_there_once_the_written_answers_are_read(graded, name):
    row = graded(name).seen["csv"]["right"]
    assert (row["status"], float(row["marks"]), float(row["out_of"])) == ("graded", 20, 20)


@each
def test_who_handed_in_nothing_is_listed(graded, name):
    row = graded(name).seen["csv"]["absent"]
    assert (row["status"], row["marks"], row["last_name"]) == ("nothing handed in", "", "Absent")


@each
def test_commands_end_well(graded, name):
    """Only autograde may say that one could not be graded; the others are graded all the same."""
    course = graded(name)
    broken = any(one.marks == NOT_GRADED and one.raw is None for one in course.submissions.values())
    for command, code in course.seen["codes"].items():
        expected = 1 if command == "nbgrader autograde" and broken else 0
        assert code == expected, course.seen["said"][command]


@each
def test_release_for_a_class_holds_no_answer(graded, name):
    course = graded(name)
    text = json.dumps(release(course))
    for word in ("BEGIN SOLUTION", "HIDDEN TESTS", "import grade", "solutions/", "solution_link"):
        assert word not in text
    assert [path.name for path in (course.folder / "release").rglob("*") if path.is_file()] == [
        f"{name}.ipynb"
    ]


@each
def test_grading_is_cheap(graded, name):
    course = graded(name)
    assert course.seen["cpu"]["nbgrader autograde"] / len(course.submissions) <= 10
