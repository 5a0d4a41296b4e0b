"""The tasks of the checks: each has a catalogue of mistakes."""

from lesson_utils.checks import hw1, hw2, hw3
from lesson_utils.checks.engine import Task

TASKS = [task for homework in (hw1, hw2, hw3) for task in vars(homework).values() if isinstance(task, Task)]
