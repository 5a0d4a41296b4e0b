"""A submission that runs as another user, as the teacher's page says, reaches nothing that is not its own."""

import os
import shutil
import subprocess

import pytest

from tests.conftest import cannot
from tests.homework.course import NAMED, Course
from tests.homework.submissions import Submission
from workshop.environments import python_in
from workshop.files import ROOT

# Seconds: an environment is made, and a course is graded.
pytestmark = [pytest.mark.line("release"), pytest.mark.timeout(1200)]
AS = ["runuser", "-u", "nobody", "--"]
SPY = """
import os
read = "../../../gradebook.db", "../../../source", "../../../received", "../../other", "/etc/shadow"
write = "x.txt", "../../../x.txt", "../../../limits.py"
for path in read + write:
    try:
        open(path, "a" if path in write else "r")
        print("reached", path)
    except OSError as error:
        print(type(error).__name__, path)
print("user", os.getuid())
while True:
    pass
"""


def nobodys(python):
    """Return whether another user may use this Python, and read the course."""
    command = [*AS, python, "-c", "import lesson_utils"]
    return subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0


@pytest.fixture
def python(teacher):
    """A Python with nbgrader that another user may use; one below somebody's home is not, but the system's own is."""
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("runuser") is None:
        pytest.skip("becoming another user needs root and runuser")
    if nobodys(teacher):
        return teacher
    if os.path.exists("/usr/bin/python3"):
        theirs = python_in(".venv-grader", "-e", ".[homework]", python="/usr/bin/python3")
        if nobodys(theirs):
            return theirs
    cannot("nobody else may read this Python or this folder: both lie below somebody's home")


def test_what_a_submission_can_reach(python, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("other") / "course"
    for part in (folder.parent, *folder.parent.parents):
        if part.owner() == "root" and part != part.parent and not part.stat().st_mode & 1:
            part.chmod(part.stat().st_mode | 1)  # pytest's own folders are closed to others
    monkeypatch.setenv("AS_GRADER", " ".join(AS))
    monkeypatch.setenv("JUPYTER_PATH", str(folder.with_name("share")))
    shutil.copytree(
        ROOT / "teacher" / "homework" / "as_grader", folder.with_name("share") / "kernels" / "as_grader"
    )
    course = Course(folder, NAMED, python, [Submission("spy", {"ewa": SPY}), Submission("other")])
    course.run([
        f"nbgrader generate_assignment {NAMED}",
        f"mkdir -p autograded downloaded/{NAMED}/archive",
        f"nbgrader zip_collect {NAMED} --force --CourseDirectory.submitted_directory=received",
        f"python preflight.py {NAMED}",
        "chmod 700 source received submitted autograded reports release",
        "chmod 600 gradebook.db",
        f"nbgrader autograde {NAMED} --Execute.kernel_name=as_grader",
        "nbgrader export --to marks.csv",
    ])  # fmt: skip
    assert not any(course.codes.values()), course.said
    cells = course.notebook("autograded", "spy")["cells"]
    texts = ["".join(o.get("text", "")) for cell in cells for o in cell.get("outputs", ())]
    said = next(text for text in texts if "user " in text)
    assert "reached" not in said and "user 0" not in said and said.count("PermissionError") == 8
    assert not (folder / "x.txt").exists()
    assert float(course.rows["other"]["marks"]) > 0
