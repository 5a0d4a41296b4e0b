"""The limits that nbgrader has none for: in_the_kernel.py runs this in each kernel, before a submission.

A cell may use SECONDS of processor time (a loop that does not end costs one exercise, also on a busy machine;
after the first one AGAIN is all a cell gets) and print CHARACTERS; all cells together may use MEMORY, ALTOGETHER
seconds and files of FILE bytes. A Mac has no limit on memory.

This is no wall: code that wants to can take all of it down. README.md says how to build one.
"""

import contextlib
import resource
import signal
import sys

from IPython import get_ipython

from lesson_utils import checks

SECONDS, AGAIN, CHARACTERS = 6.0, 2.0, 10_000
ALTOGETHER, MEMORY, FILE = 60, 2 << 30, 50 << 20
shell = get_ipython()


class TooLong(BaseException):
    """No `except Exception` holds it; it is shown as one line, without our part of the traceback."""

    def _render_traceback_(self):
        return [
            f"This cell was stopped: it computed for more than {self.args[0]:g} seconds. Does a loop in it not end?"
        ]


class Timer:
    """Stops a cell when it has computed for too long."""

    seconds = SECONDS

    @classmethod
    def set(cls, seconds):
        signal.setitimer(signal.ITIMER_PROF, seconds, 1.0 if seconds else 0.0)

    @classmethod
    def stop(cls, *_):
        allowed, cls.seconds = cls.seconds, AGAIN  # other cells call a function that does not end, too
        raise TooLong(allowed)


class Counted:
    """Lets so many characters of a cell through; the rest would bury the feedback."""

    left = CHARACTERS

    def __init__(self, stream):
        self.write_on, stream.write = stream.write, self.write

    def write(self, text):
        if Counted.left > 0:
            self.write_on(text[: Counted.left])
            Counted.left -= len(text)
            if Counted.left <= 0:
                self.write_on("\n… this cell prints more; the rest is left out.\n")
        return len(text)


class Kept:
    """The checks as they are now: what a notebook puts in their place decides nothing."""

    def __init__(self):
        self.modules = {name: one for name, one in sys.modules.items() if name.startswith(checks.__name__)}
        self.names = [(one, dict(vars(one))) for one in self.modules.values()]
        values = [value for _, names in self.names for value in names.values()]
        self.tables = [(value, dict(value)) for value in values if type(value) is dict]

    def put_back(self):
        sys.modules.update(self.modules)
        for module, names in self.names:
            vars(module).update(names)
        for table, content in self.tables:
            table.clear()
            table.update(content)


def quiet(*args, **options):
    """Say nothing: when marks are given, `grade` says it."""


def without_check(lines):
    """Leave the line `check("ewa")` out above a `grade`: a student may have called something else `check`."""
    graded = "from lesson_utils.checks import grade\n" in lines
    return [line for line in lines if not (graded and line.startswith("check("))]


def before(*_):
    kept.put_back()
    Counted.left = CHARACTERS
    Timer.set(Timer.seconds)


def after(*_):
    Timer.set(0)


checks.check = quiet
kept = Kept()
for stream in (sys.stdout, sys.stderr):
    Counted(stream)
signal.signal(signal.SIGPROF, Timer.stop)
for which, most in (("CPU", ALTOGETHER), ("AS", MEMORY), ("FSIZE", FILE), ("CORE", 0)):
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(getattr(resource, f"RLIMIT_{which}"), (most, most))
shell.input_transformers_cleanup.append(without_check)
shell.events.register("pre_run_cell", before)
shell.events.register("post_run_cell", after)
