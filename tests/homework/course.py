"""A course in a folder of its own: the commands that homework/README.md shows, run on submissions of a script."""

import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from tests.homework.submissions import Submission
from workshop.files import ROOT

README = ROOT / "teacher" / "homework" / "README.md"
NAMED = "hw1_averages"  # the homework in the README's commands

READ = """
import sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "rolling_downhill") as book:
    for notebook in book.find_submission(sys.argv[1], sys.argv[2]).notebooks:
        for grade in notebook.grades:
            if grade.needs_manual_grade:
                grade.manual_score, grade.needs_manual_grade = grade.max_score, False
    book.db.commit()
"""  # what the Formgrader does when a teacher has read an answer


def commands(name=NAMED, heading="From the homework to the marks"):
    """Return the commands that the README shows below a heading, in order, for one homework."""
    text = README.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = "\n".join(re.findall(r"^```bash\n(.*?)\n```", text, re.MULTILINE | re.DOTALL)).splitlines()
    return [line.replace(NAMED, name) for line in lines]


def with_a_list():
    """Return the command for teachers who have a list of their class."""
    return commands(heading="Once: an environment with nbgrader")[-1]


class Course:
    """The folder of a course, and what came out of grading one homework in it.

    handed_in: the submissions. The first one of them is right, and a person reads its written answers.
    """

    def __init__(self, folder: Path, name: str, python: str, handed_in: list[Submission]) -> None:
        self.folder, self.name, self.python = folder, name, python
        self.submissions = {one.student: one for one in handed_in}
        self.read = handed_in[0].student
        self.said, self.codes, self.cpu, self.seconds, self.rows = {}, {}, {}, {}, {}

    def prepare(self):
        """Make the folder, as a teacher has it who begins."""
        self.folder.mkdir()
        for file in (ROOT / "teacher" / "homework").glob("*.py"):
            shutil.copy(file, self.folder)
        shutil.copytree(
            ROOT / "teacher" / "homework" / "source" / self.name, self.folder / "source" / self.name
        )
        people = f"id,last_name,first_name\nabsent,Absent,Ada\n{self.read},Right,Rob\n"
        (self.folder / "students.csv").write_text(people)

    def run(self, lines=None):
        """Run commands, or the README's; keep what they printed, their seconds, and the marks."""
        import resource  # there is none on Windows, where the fixture skips

        self.prepare()
        for line in lines or [with_a_list(), *commands(self.name)]:
            if "zip_collect" in line:
                self.hand_in()
            if "generate_feedback" in line:
                self.command(shlex.join(["python", "-c", READ, self.name, self.read]))
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            done = self.command(line)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            key = " ".join(line.split()[:2])
            self.said[key], self.codes[key] = done.stdout + done.stderr, done.returncode
            self.seconds[key] = time.monotonic() - start
            self.cpu[key] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        with (self.folder / "marks.csv").open(encoding="utf-8", newline="") as file:
            self.rows = {row["student_id"]: row for row in csv.DictReader(file)}
        return self

    def command(self, line):
        """Run one line as a teacher does in the course's folder, with the environment's programs."""
        program, *arguments = shlex.split(line)
        start = {"nbgrader": [self.python, "-m", "nbgrader"], "python": [self.python]}.get(program, [program])
        env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
        for key, folder in (("IPYTHONDIR", ".ipython"), ("JUPYTER_CONFIG_DIR", ".jupyter")):
            env[key] = str(self.folder / folder)
        quiet = {"capture_output": True, "text": True, "check": False}
        return subprocess.run([*start, *arguments], cwd=self.folder, env=env, timeout=900, **quiet)

    def hand_in(self):
        """Put each submission into the folder of downloaded files."""
        release, source = self.notebook("release"), self.notebook("source")
        archive = self.folder / "downloaded" / self.name / "archive"
        for one in self.submissions.values():
            file, content = one.file(self.name, release, source)
            (archive / file).write_bytes(content)
            for beside, text in one.files.items():
                (archive / f"{one.student}_{beside}").write_text(text, encoding="utf-8")

    def notebook(self, *folders):
        """Return the homework's notebook in a folder of the course."""
        path = self.folder.joinpath(*folders, self.name, f"{self.name}.ipynb")
        return json.loads(path.read_text(encoding="utf-8"))

    def feedback(self, student):
        """Return a student's feedback page, or None when there is none."""
        page = self.folder / "feedback" / student / self.name / f"{self.name}.html"
        return page.read_text(encoding="utf-8") if page.exists() else None
