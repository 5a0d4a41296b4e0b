"""From a release to returned feedback, with the very commands of the README, on real submissions.

The line for each change grades what only a kernel can show; the rest is graded before a release.
"""

import json
import re
from itertools import groupby

import pytest

from tests.homework.classes import CLASSES
from tests.homework.submissions import NOT_GRADED, label

pytestmark = pytest.mark.timeout(1200)  # seconds: the first test of a course waits until all of it is graded


def given(name, line, *more):
    """Return the parameters of a test in a course, with its line; what shares a course runs in one process."""
    marks = [pytest.mark.line(line), pytest.mark.xdist_group("course" if line == "change" else name)]
    return pytest.param((name, line), *more, marks=marks, id="-".join((name, line, *more)))


ALL = [(key, one) for key, handed_in in CLASSES.items() for one in handed_in]
GRADED = [given(*key, one.student) for key, one in ALL if one.marks != NOT_GRADED]
REFUSED = [given(*key, one.student) for key, one in ALL if one.marks == NOT_GRADED]
every = pytest.mark.parametrize(("course", "student"), GRADED, indirect=["course"])
each = pytest.mark.parametrize("course", [given(*key) for key in CLASSES], indirect=True)


@every
def test_marks(course, student):
    one, row = course.submissions[student], course.rows[student]
    expected = one.expected(course.notebook("release"))
    if student == course.read:
        assert (row["status"], float(row["marks"]), float(row["out_of"])) == ("graded", 20, 20)
        return
    assert {name: row[name] for name in expected} == {
        name: "" if value is None else str(float(value)) for name, value in expected.items()
    }
    assert float(row["marks"]) == sum(value or 0 for value in expected.values())
    assert row["status"].startswith("to be read: ") == (None in expected.values())


@every
def test_feedback(course, student):
    page = course.feedback(student)
    words = re.sub(r"<[^>]*>", "", page)
    for fragment in course.submissions[student].says:
        assert fragment in words
    assert "in_the_kernel" not in words and "limits.py" not in words
    assert len(page) < 1_000_000


@every
def test_checks_answer_in_their_own_words(course, student):
    """Neither an error nor a traceback of ours stands below a check, whatever the student did."""
    one = course.submissions[student]
    for cell in course.notebook("autograded", student)["cells"]:
        if cell["cell_type"] == "code" and label(cell).get("grade"):
            # A kernel that is busy hands one printed line on in two parts.
            kinds = [kind for kind, _ in groupby(output["output_type"] for output in cell["outputs"])]
            assert kinds == (["stream", "error"] if one.quiet else ["stream", "execute_result"])
            said = "".join("".join(output.get("text", "")) for output in cell["outputs"])
            mark = "[✗○✓]" if one.quiet else "[✗○]" if cell["id"] in one.marks else "✓"
            assert re.match(rf"{mark} {cell['id'].removeprefix('check_')}: ", said)
            assert not re.search("Traceback|lesson_utils|could not look at your answer", said)
            assert len(said) < 1000


@every
def test_preflight_says_what_it_put_right(course, student):
    said = course.said["python preflight.py"].splitlines()
    mine = "\n".join(line for line in said if line.startswith(f"  {student}: "))
    put_right = course.submissions[student].put_right
    assert all(fragment in mine for fragment in put_right) and bool(mine) == bool(put_right), mine


@pytest.mark.parametrize(("course", "student"), REFUSED, indirect=["course"])
def test_what_could_not_be_graded_looks_like_no_zero(course, student):
    row = course.rows[student]
    assert row["status"].startswith("not graded: ") and row["marks"] == ""
    assert course.feedback(student) is None


@each
def test_commands_end_well_and_who_handed_in_nothing_is_listed(course):
    """Only autograde may say that one could not be graded; the others are graded all the same."""
    broken = any(one.marks == NOT_GRADED and one.raw is None for one in course.submissions.values())
    for command, code in course.codes.items():
        assert code == (broken and command == "nbgrader autograde"), course.said[command]
    assert not re.search("has changed|without encryption", course.said["nbgrader autograde"])
    row = course.rows["absent"]
    assert (row["status"], row["marks"], row["last_name"]) == ("nothing handed in", "", "Absent")


@each
def test_release_for_a_class_holds_no_answer(course):
    text = json.dumps(course.notebook("release"))
    for word in ("BEGIN SOLUTION", "HIDDEN TESTS", "import grade", "solutions/", "solution_link"):
        assert word not in text
    files = [path.name for path in (course.folder / "release").rglob("*") if path.is_file()]
    assert files == [f"{course.name}.ipynb"]
