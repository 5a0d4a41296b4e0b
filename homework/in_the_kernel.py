"""Runs in each kernel before a submission: limits that nbgrader has none for. nbgrader_config.py starts it.

A cell may use SECONDS of processor time (a loop that does not end costs one exercise, also on a busy machine;
after the first one AGAIN is all a cell gets) and print CHARACTERS; all cells together may use MEMORY, ALTOGETHER
seconds and files of FILE bytes. Where the system has no such limits (Windows; memory on a Mac), nbgrader's own
`timeout` is left.

This is no wall: code that wants to can take all of it down. README.md says how to build one.
"""


def _limit():
    import contextlib
    import signal
    import sys

    seconds, again, characters = 6.0, 2.0, 10_000
    altogether, memory, file = 60, 2 << 30, 50 << 20

    class TooLong(BaseException):
        """No `except Exception` holds it; it is shown as one line, without our part of the traceback."""

        def _render_traceback_(self):
            return [
                f"This cell was stopped: it computed for more than {self.args[0]:g} seconds. Does a loop in it not end?"
            ]

    now = [seconds]

    def stop(number, frame):
        allowed, now[0] = now[0], again  # a function that does not end is called by other cells, too
        raise TooLong(allowed)

    class Counted:
        """Lets so many characters of a cell through; the rest would bury the feedback."""

        left = characters

        def __init__(self, stream):
            self.write_on, stream.write = stream.write, self.write

        def write(self, text):
            if Counted.left > 0:
                self.write_on(text[: Counted.left])
                Counted.left -= len(text)
                if Counted.left <= 0:
                    self.write_on("\n… this cell prints more; the rest is left out.\n")
            return len(text)

    def limits():
        import resource

        for which, most in (("CPU", altogether), ("AS", memory), ("FSIZE", file), ("CORE", 0)):
            resource.setrlimit(getattr(resource, f"RLIMIT_{which}"), (most, most))

    def quiet(*args, **options):
        """Say nothing: when marks are given, `grade` says it."""

    import lesson_utils.checks as checks

    checks.check = quiet
    ours = {name: module for name, module in sys.modules.items() if name.startswith("lesson_utils.checks")}
    kept = [(module, dict(vars(module))) for module in ours.values()]
    tables = [(value, dict(value)) for _, names in kept for value in names.values() if type(value) is dict]

    def names_are_free(cell):
        """Let the student's code use the name `check` for something else: the cell's first line meets ours, once."""
        names = get_ipython().user_ns  # noqa: F821
        theirs = [names["check"]] if "check" in names else []

        def ours_once(*args, **options):
            names.pop("check", None)
            if theirs:
                names["check"] = theirs[0]

        if "from lesson_utils.checks import grade" in cell:
            names["check"] = ours_once

    def before(info=None, *_):
        names_are_free(getattr(info, "raw_cell", None) or "")
        # What a notebook put in their place decides nothing.
        sys.modules.update(ours)
        for module, names in kept:
            vars(module).update(names)
        for table, content in tables:
            table.clear()
            table.update(content)
        Counted.left = characters
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, now[0], 1.0)

    def after(*_):
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)

    for stream in (sys.stdout, sys.stderr):
        Counted(stream)
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, stop)
    with contextlib.suppress(ImportError, ValueError, OSError):
        limits()
    events = get_ipython().events  # noqa: F821 - there is one in a kernel
    events.register("pre_run_cell", before)
    events.register("post_run_cell", after)


_limit()
del _limit
