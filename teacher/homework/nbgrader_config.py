"""nbgrader's settings for this course; nbgrader reads them from the folder in which it is started."""

import os
import sys
import warnings
from pathlib import Path

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import OverwriteCells

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # grading.py, this course's plugins
# nbgrader calls `alembic` by its name, also where its environment is not activated.
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")

c = get_config()  # noqa: F821 - nbgrader provides it

warnings.filterwarnings("ignore", module="nbgrader")  # of its database, at every new submission

c.CourseDirectory.course_id = "rolling_downhill"
c.CourseDirectory.root = str(HERE)

# What a student finds in place of an answer: nothing that raises, so that an untouched notebook runs through.
c.ClearSolutions.code_stub = {"python": "pass  # your code here"}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# A class gets no link to the solutions; `python -m teacher.make_homework` keeps it for those who learn alone.
c.GenerateAssignment.preprocessors = ["grading.LeaveOut", *GenerateAssignment.preprocessors.default()]

# Names such as ann_hw1_averages.ipynb; README.md has the patterns for other systems. What is no notebook is
# collected as well, so that preflight.py can say what came in its place.
_NAMES = r".*/extracted/(?P<student_id>[^/_]+)_(?:[^/]*/)*(?P<file_id>[^/]+)$"
c.ZipCollectApp.collector_plugin = "grading.Collector"
c.FileNameCollectorPlugin.named_regexp = _NAMES

# Seconds of waiting for one cell. Processor time, memory and prints are limited inside the kernel.
c.Execute.timeout = 60
c.Execute.error_on_timeout = {
    "ename": "TooLong",
    "evalue": "",
    "traceback": ["This cell was stopped: it did not end in time. Does a loop in it not end?"],
}
c.Execute.extra_arguments = [
    f"--IPKernelApp.exec_files={HERE / 'in_the_kernel.py'}",
    "--IPKernelApp.log_level=ERROR",  # each kernel would warn that it is reached without encryption
]
c.Execute.startup_timeout = 120
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # threads ask for memory, too
c.LimitOutput.max_lines = 200
c.LimitOutput.max_traceback = 30

c.Autograde.sanitize_preprocessors = [
    "grading.ChecksBack" if one is OverwriteCells else one
    for one in Autograde.sanitize_preprocessors.default()
]
run, *after = Autograde.autograde_preprocessors.default()
c.Autograde.autograde_preprocessors = [run, "grading.MarksAreNumbers", "grading.OneNotebook", *after]

c.ExportApp.plugin_class = "grading.Marks"
