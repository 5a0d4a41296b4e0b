"""Limits of time and memory for a learner's function, in a thread of its own or, in a browser, in the only one."""

from __future__ import annotations

import contextvars
import ctypes
import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lesson_utils._validate import check_function, check_positive, plural

from .errors import LearnerError, Stop, call_name, format_exception

MOST_MEMORY = 500 << 20
"""Bytes by which the kernel may grow meanwhile: on Binder it is ended at 2 GB, and all its names are lost."""
LOOK_EVERY = 0.05
"""Seconds between two looks at the memory, or at a function that was asked to stop."""
GIVE_UP_AFTER = 2.0
"""Seconds for which a function that ran out of time is still asked to stop."""

_raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
_PACKAGES = tuple(str(folder) + os.sep for folder in (Path(__file__).parents[1], Path(np.__file__).parent))


class TimeLimit(LearnerError):  # noqa: N818 - a limit, as the sentence says it
    """A learner's function did not end in time."""


class MemoryLimit(TimeLimit):
    """A learner's function took so much memory that the kernel was in danger: an endless loop that appends."""


def call(function: Callable, *args, seconds: float = 2.0, name: str | None = None):
    """Return function(*args), run in a thread of its own for at most `seconds`.

    name: what the sentences call the function, its own name when not given. A function that is late is
    stopped at its next line of Python, and so is one that makes the kernel grow by MOST_MEMORY bytes (where the
    system tells how large it is, as Linux does). One that waits inside C (time.sleep, sum of an endless iterator)
    is left behind. Where threads cannot be started, it runs in this one, watched line by line.
    Raises TimeLimit when it is late, MemoryLimit when it took too much, LearnerError for whatever it raised
    itself (SystemExit and KeyboardInterrupt too; a LearnerError from inside comes through as it is), TypeError
    or ValueError for arguments of `call` that are wrong.
    """
    check_function(function, "function")
    seconds = check_positive(seconds, "seconds")
    run = _Run(function, args)
    try:
        run.thread.start()
    except RuntimeError:
        _watch_lines(run, seconds)
    else:
        _wait(run, seconds)
    if run.large:
        grown = f"{MOST_MEMORY >> 20} MB more memory"
        raise MemoryLimit(f"{call_name(function, name)} was stopped: it took {grown}, and was not done yet.")
    if run.late:
        within = f"{seconds:g} second{plural(seconds)}"
        raise TimeLimit(f"{call_name(function, name)} was stopped: it did not end within {within}.")
    if run.error is None:
        return run.value
    if isinstance(run.error, LearnerError):
        raise run.error
    raise LearnerError(format_exception(function, name, run.error)) from run.error


def run_path(walk: Callable, seconds: float = 2.0, *, name: str | None = None):
    """Return walk(), a whole path of guarded steps under one time limit: `call` by a clearer name."""
    return call(walk, seconds=seconds, name=name)


class _Run:
    """One run of a function: what came of it, and the stop that ends it.

    A loop that tries again may swallow the stop for ever, as this one does, where `helper` has a mistake:

        while True:
            try:
                return helper(w)
            except:
                pass

    (From Python 3.13 on the call is the only place in it where a stop can fall.) So the stop asks for the next one as
    soon as Python lets go of it, at the end of the `except:`: that one falls outside of the `try:`. It must happen in
    C, for a line of Python there would be hit itself.
    """

    def __init__(self, function: Callable, args: tuple) -> None:
        self.value = None
        self.error: BaseException | None = None
        self.late = self.large = False
        self.done = threading.Event()
        self._finished, self._lock = False, threading.Lock()
        # The context carries where prints go and which numpy warnings are off.
        self._work = functools.partial(contextvars.copy_context().run, function, *args)
        self._stop = type("Stop", (Stop,), {})
        self.thread = threading.Thread(target=self, name="learner", daemon=True)

    def __call__(self) -> None:
        """Run the function, and note what it returns or raises."""
        try:
            try:
                self.value = self._work()
            except BaseException as error:
                self._stop.__del__ = _nothing
                self.error = error
            with self._lock:
                self._finished = True
            _nothing(self)  # a stop that was asked for too late falls at the next call
        except BaseException:
            self._stop.__del__ = _nothing
            self._finished = True
        finally:
            self.done.set()

    def stop(self) -> None:
        """Raise the stop in the function; the lock keeps a later thread with its number from being hit."""
        _silence_stops()
        with self._lock:
            if not self._finished:
                thread = ctypes.c_ulong(self.thread.ident or threading.get_ident())
                again = functools.partial(_raise_in, thread, ctypes.py_object(self._stop))
                self._stop.__del__ = staticmethod(again)
                again()

    def keep_stopping(self) -> None:
        """Stop it again while it has not ended: a stop may be kept, and Python 3.10 lets few fall outside of a `try:`."""
        until = time.monotonic() + GIVE_UP_AFTER
        while not self.done.wait(LOOK_EVERY) and time.monotonic() < until:
            self.stop()


def _nothing(self) -> None:
    """Let go of a stop that has done its work."""


_other_hook = sys.unraisablehook


def _silence_stops() -> None:
    """Have Python print nothing of a stop that falls where nothing can be raised; the next one is on its way.

    That is a callback of the garbage collector, in which an endless loop that appends spends its time.
    """
    global _other_hook
    if sys.unraisablehook is not _tell_others:
        _other_hook, sys.unraisablehook = sys.unraisablehook, _tell_others


def _tell_others(unraisable) -> None:
    if not issubclass(unraisable.exc_type, Stop):
        _other_hook(unraisable)


def _wait(run: _Run, seconds: float) -> None:
    """Wait until the run has ended, is late or has taken too much memory; then stop it."""
    until, before = time.monotonic() + seconds, _memory()
    try:
        while not run.done.wait(max(0.0, min(until - time.monotonic(), LOOK_EVERY))):
            run.large = before is not None and _memory() - before > MOST_MEMORY
            run.late = time.monotonic() >= until
            if run.large or run.late:
                break
    finally:
        # Also when the wait itself is interrupted: nobody would look after the thread any more.
        if not run.done.is_set():
            run.stop()
            threading.Thread(target=run.keep_stopping, name="watchdog", daemon=True).start()


def _memory() -> int | None:
    """Return the bytes of memory that this process holds, or None where the system has no file that says so."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def _watch_lines(run: _Run, seconds: float) -> None:
    """Run without a thread, looking at the clock before every line that is not of this package or numpy."""
    until = time.monotonic() + seconds

    def watch(frame, event, arg):
        if frame.f_code.co_filename.startswith(_PACKAGES):
            return None
        if time.monotonic() > until:
            run.late = True
            sys.settrace(None)
            run.stop()
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        run()
    finally:
        sys.settrace(before)
