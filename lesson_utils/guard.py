"""Run a function that a learner wrote: it may be wrong, it may never end, and the figure must live on."""

from __future__ import annotations

import contextvars
import functools
import inspect
import os
import sys
import threading
import time
from collections.abc import Callable

import numpy as np

from lesson_utils._validate import check_array, check_beta, check_positive, shorten

MODERATE = 1e100
"""Arguments up to this size cannot excuse a NaN or infinity in the answer."""
GIVE_UP_AFTER = 2.0
"""Seconds for which a function that ran out of time is still asked to stop."""
ASK_EVERY = 0.05
MOST_MEMORY = 500 << 20
"""Bytes by which the kernel may grow meanwhile: on Binder it is ended at 2 GB, and all its names are lost."""

_PACKAGES = tuple(os.path.dirname(os.path.abspath(file)) + os.sep for file in (__file__, np.__file__))


class LearnerError(Exception):
    """What is wrong with a learner's function, as `.sentence`: one sentence in plain words."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TimeLimit(LearnerError):  # noqa: N818 - a limit, as the sentence says it
    """A learner's function did not end in time."""


class MemoryLimit(TimeLimit):
    """A learner's function took so much memory that the kernel was in danger: an endless loop that appends."""


class _Stop(SystemExit):
    """Ends a function from outside: no `except Exception` holds it, and a thread ends by it in silence."""


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
    if not callable(function):
        raise TypeError(f"function must be a function, not {shorten(function)}")
    seconds = check_positive(seconds, "seconds")
    run = _Run(function, args)
    try:
        run.thread.start()
    except RuntimeError:
        _run_here(run, seconds)
    else:
        _wait(run, seconds)
    if run.large:
        grown = f"{MOST_MEMORY >> 20} MB more memory"
        raise MemoryLimit(f"{_called(function, name)} was stopped: it took {grown}, and was not done yet.")
    if run.late:
        raise TimeLimit(f"{_called(function, name)} was stopped: it did not end within {_spoken(seconds)}.")
    if run.error is None:
        return run.value
    if isinstance(run.error, LearnerError):
        raise run.error
    raise LearnerError(_stopped(function, name, run.error)) from run.error


def run_path(walk: Callable, seconds: float = 2.0, *, name: str | None = None):
    """Return walk(), a whole path of guarded steps under one time limit: `call` by a clearer name."""
    return call(walk, seconds=seconds, name=name)


class Prints:
    """Passes on the first lines that a learner's function prints, and says once that it leaves out the rest.

    A function that is called at every step of every picture would bury the figure. Use it as a context around
    `call`, which carries it into its thread; what anybody else prints meanwhile is left alone. The count goes
    on from one use to the next.
    """

    def __init__(self, most: int = 20) -> None:
        self._left = most

    def __enter__(self):
        _Router.enter()
        _PRINTS.set((self, _PRINTS.get()))
        return self

    def __exit__(self, *_):
        _PRINTS.set(_PRINTS.get()[1])
        _Router.leave()

    def pass_on(self, text: str, out) -> int:
        """Write a piece of text to `out`, while there are lines left."""
        if self._left > 0:
            out.write(text)
            self._left -= text.count("\n")
            if self._left <= 0:
                out.write("… your function prints more; the rest is left out.\n")
        return len(text)


_PRINTS = contextvars.ContextVar("prints", default=None)  # (whose prints they are now, what was there before)


class _Router:
    """Stands in for sys.stdout while any Prints is in use: figures are drawn in several threads at once."""

    _lock = threading.Lock()
    _users = 0
    _now = None

    def __init__(self, out) -> None:
        self.out = out

    @classmethod
    def enter(cls) -> None:
        with cls._lock:
            if cls._users == 0:
                cls._now = sys.stdout = cls(sys.stdout)
            cls._users += 1

    @classmethod
    def leave(cls) -> None:
        with cls._lock:
            cls._users -= 1
            if cls._users == 0 and sys.stdout is cls._now:
                sys.stdout = cls._now.out

    def write(self, text: str) -> int:
        now = _PRINTS.get()
        return self.out.write(text) if now is None else now[0].pass_on(text, self.out)

    def __getattr__(self, name):
        return getattr(self.out, name)


_ARGUMENTS = {
    1: ("w", "dw", "alpha"),
    2: ("w", "v", "dw", "alpha", "beta"),
    3: ("w", "v", "s", "dw", "t", "alpha", "beta", "beta_2"),
}
"""What a step is called with, by the number of arrays that it returns: those come first, then the gradient."""


class GuardedStep:
    """A learner's update rule, checked at every call.

    With returns=2, step(w, v, dw, alpha, beta) -> (w, v); with returns=1, step(w, dw, alpha) -> w; with
    returns=3, step(w, v, s, dw, t, alpha, beta, beta_2) -> (w, v, s), t counting the steps from 1. `extra`
    names further arguments that come last, such as ("t",). Called with the same arguments, it hands copies
    on and returns arrays of floats of the same shape. It starts no thread: put the whole run under `call` or
    `run_path`, which keep the time.
    Raises LearnerError when the step takes other arguments, raises, returns nothing, no pair, a wrong shape
    or no numbers, makes NaN or infinity out of moderate numbers, or changes its arguments in place.
    """

    def __init__(
        self, step: Callable, *, name: str | None = None, returns: int = 2, extra: tuple[str, ...] = ()
    ) -> None:
        if not callable(step):
            raise TypeError(f"step must be a function, not {shorten(step)}")
        if returns not in _ARGUMENTS:
            raise ValueError(f"returns must be 1, 2 or 3, not {shorten(returns)}")
        self.step = step
        self.name = name
        self.returns = returns
        self._arguments = (*_ARGUMENTS[returns], *extra)
        self._names = self._arguments[:returns]
        self._wrong_arguments = _wrong_arguments(step, name, self._arguments)
        self._arrays = self._arguments[: returns + 1]

    def __call__(self, *args):
        if self._wrong_arguments:
            raise LearnerError(self._wrong_arguments)
        if len(args) != len(self._arguments):
            raise TypeError(f"a step takes {', '.join(self._arguments)}, not {len(args)} arguments")
        count = len(self._arrays)
        given = [np.asarray(array) for array in args[:count]]
        copies = [array.copy() for array in given]
        try:
            result = self.step(*copies, *args[count:])
        except _Stop:
            raise
        except (Exception, SystemExit) as error:
            if isinstance(error, LearnerError):
                raise
            raise LearnerError(_stopped(self.step, self.name, error)) from error
        for name, array, copy in zip(self._arrays, given, copies, strict=True):
            if array.tobytes() != copy.tobytes():
                raise LearnerError(self._changed(name))
        if result is None:
            ending = ", ".join(self._names)
            raise LearnerError(
                f"{_called(self.step, self.name)} returned nothing: does it end with `return {ending}`?"
            )
        if self.returns == 1:
            return self._checked(result, "w", given)
        self._check_count(result)
        return tuple(
            self._checked(value, name, given) for value, name in zip(result, self._names, strict=True)
        )

    def _check_count(self, result) -> None:
        if isinstance(result, (tuple, list)) and len(result) == self.returns:
            return
        who, ending = _called(self.step, self.name), f"end it with `return {', '.join(self._names)}`."
        wanted = {2: "pair", 3: "three"}[self.returns]
        if isinstance(result, (tuple, list)):
            raise LearnerError(f"{who} returned {len(result)} values, not the {wanted}: {ending}")
        kind = "one array" if isinstance(result, np.ndarray) else shorten(result)
        article = "a" if self.returns == 2 else "the"
        raise LearnerError(f"{who} returned {kind}, not {article} {wanted}: {ending}")

    def _checked(self, value, name: str, given: list[np.ndarray]) -> np.ndarray:
        shape = given[0].shape
        if not (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
            value = _numbers(value, _called(self.step, self.name), name)
        if value.shape != shape:
            raise LearnerError(
                f"{_called(self.step, self.name)} returned {name} with the shape {value.shape}; "
                f"it must have the shape of the w it was given, {shape}."
            )
        if not _all_finite(value) and all(_all_moderate(array) for array in given):
            raise LearnerError(
                f"{_called(self.step, self.name)} returned {_first_bad(value)} in {name}, though everything "
                "it was given is a finite number: look for a division by zero or an overflow."
            )
        return value

    def _changed(self, name: str) -> str:
        return (
            f"{_called(self.step, self.name)} changed {name} in place, and with it the caller's own {name}: "
            f"make a new array, `{name} = {name} …`, instead of `{name} += …` or `{name}[…] = …`."
        )


def check_series(function: Callable, values, beta: float, *, name: str | None = None) -> np.ndarray:
    """Return function(values, beta), a learner's average, as an array: one finite number for each value.

    The function gets a copy of `values`. It starts no thread: use call(check_series, function, values, beta).
    Raises LearnerError when the function takes other arguments, raises, returns nothing, a wrong number of
    values, no numbers, NaN or infinity, or changes `values` in place; ValueError or TypeError for bad
    `values` or `beta`.
    """
    if not callable(function):
        raise TypeError(f"function must be a function, not {shorten(function)}")
    values, beta = check_array(values, "values"), check_beta(beta)
    who = _called(function, name)
    if sentence := _wrong_arguments(function, name, ("values", "beta")):
        raise LearnerError(sentence)
    copy = values.copy()
    try:
        result = function(copy, beta)
    except _Stop:
        raise
    except (Exception, SystemExit) as error:
        if isinstance(error, LearnerError):
            raise
        raise LearnerError(_stopped(function, name, error)) from error
    if copy.tobytes() != values.tobytes():
        raise LearnerError(f"{who} changed values in place: put the averages into a new list or array.")
    if result is None:
        raise LearnerError(f"{who} returned nothing: does it end with `return` and the averages?")
    result = _numbers(result, who, "the averages")
    if result.ndim == 0:
        raise LearnerError(f"{who} returned one number; it must return one average for each of the values.")
    if result.shape != values.shape:
        got, expected = (
            (len(result), len(values))
            if result.ndim == values.ndim == 1
            else (f"the shape {result.shape}", values.shape)
        )
        raise LearnerError(f"{who} returned {got} averages; it must return one for each value, {expected}.")
    if not _all_finite(result):
        raise LearnerError(
            f"{who} returned {_first_bad(result)}, though every value is a finite number: look for a division "
            "by zero or an overflow."
        )
    return result


class _Run:
    """One run of a function: its thread and what came of it."""

    def __init__(self, function: Callable, args: tuple) -> None:
        self.value = None
        self.error: BaseException | None = None
        self.late = self.large = False
        self.finished = False
        self.done = threading.Event()
        self._lock = threading.Lock()
        # The context carries where prints go and which numpy warnings are off.
        context = contextvars.copy_context()
        self.work = lambda: context.run(function, *args)
        self.thread = threading.Thread(target=self._in_thread, name="learner", daemon=True)
        self._stop = type("_Stop", (_Stop,), {})

    def _in_thread(self) -> None:
        try:
            try:
                self.value = self.work()
            except BaseException as error:
                self._stop.__del__ = _nothing
                self.error = error
            with self._lock:
                self.finished = True
        except BaseException:
            self._stop.__del__ = _nothing
            self.finished = True
        finally:
            self.done.set()

    def ask_to_stop(self) -> None:
        """Raise _Stop in the thread; the lock keeps a later thread with its number from being hit.

        When a bare `except:` swallows it, the next one is asked for as soon as Python lets go of it: that is at
        the end of the `except:`, so that it comes before the loop gets back into its `try:`. All of that happens
        in C, for a line of Python there would be hit itself.
        """
        import ctypes

        _hush()
        with self._lock:
            if not self.finished and self.thread.ident is not None:
                number = ctypes.c_ulong(self.thread.ident)
                ask = ctypes.pythonapi.PyThreadState_SetAsyncExc
                again = functools.partial(ask, number, ctypes.py_object(self._stop))
                self._stop.__del__ = staticmethod(again)
                again()

    def keep_asking(self) -> None:
        """Ask again and again, for a function may catch the first ones; then leave it behind."""
        until = time.monotonic() + GIVE_UP_AFTER
        while not self.done.wait(ASK_EVERY) and time.monotonic() < until:
            self.ask_to_stop()


def _nothing(self) -> None:
    """Let go of a stop that has done its work."""


_unraisable: Callable | None = None


def _hush() -> None:
    """Have Python say nothing of a stop that falls where nothing can be raised: a `__del__`, a callback.

    A learner would read "Exception ignored in" of a thing of ours. Nothing is lost: the next stop is on its way.
    """
    global _unraisable
    if _unraisable is None:
        _unraisable, sys.unraisablehook = sys.unraisablehook, _tell_others


def _tell_others(unraisable) -> None:
    if not issubclass(unraisable.exc_type, _Stop):
        _unraisable(unraisable)


def _wait(run: _Run, seconds: float) -> None:
    ended = False
    try:
        ended = _watched(run, seconds)
    finally:
        # Also when the wait itself is interrupted: nobody would look after the thread any more.
        if not ended:
            run.ask_to_stop()
            if not run.done.wait(ASK_EVERY):
                threading.Thread(target=run.keep_asking, name="watchdog", daemon=True).start()
    run.late = not ended


def _watched(run: _Run, seconds: float) -> bool:
    """Wait until the run has ended, is late or has taken too much memory; return whether it has ended."""
    until, before = time.monotonic() + seconds, _memory()
    while before is not None and (left := until - time.monotonic()) > 0:
        if run.done.wait(min(left, ASK_EVERY)):
            return True
        if _memory() - before > MOST_MEMORY:
            run.large = True
            return False
    return run.done.wait(max(0.0, until - time.monotonic()))


def _memory() -> int | None:
    """Return the bytes of memory that this process holds, or None where the system has no file that says so."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


class _StopHere(_Stop):
    """A stop that, when a bare `except:` of the function has swallowed it, starts the watching again.

    Python stops watching when the watcher raises, and lets go of the error at the end of the `except:`.
    """

    def __init__(self, again: Callable) -> None:
        super().__init__()
        self._again = again

    def __del__(self) -> None:
        try:
            below = sys._getframe(1)
        except ValueError:  # the program is over
            return
        self._again(below)


_EACH_INSTRUCTION = sys.version_info < (3, 12)
"""Whether Python, in a loop on one line, counts all its rounds as that one line."""


def _run_here(run: _Run, seconds: float) -> None:
    """Run without a thread, looking at the clock before every line that is not of this package or numpy."""
    deadline = time.monotonic() + seconds
    outside = sys._getframe()
    _hush()

    def watch(frame, event, arg):
        if frame.f_code.co_filename.startswith(_PACKAGES):
            return None
        if time.monotonic() > deadline:
            run.late = True
            raise _StopHere(watch_again)
        frame.f_trace_opcodes = _EACH_INSTRUCTION
        return watch

    def watch_again(frame) -> None:
        if run.finished:
            return
        sys.settrace(watch)
        # At every instruction, for the next whole line may be inside the same `try:`.
        while frame not in (None, outside):
            frame.f_trace, frame.f_trace_opcodes, frame = watch, True, frame.f_back

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        run.value = run.work()
        run.finished = True
    except KeyboardInterrupt:
        # In this thread it is the reader who pressed stop.
        raise
    except BaseException as error:
        run.finished = True
        run.error = error
    finally:
        run.finished = True
        sys.settrace(before)


def _called(function: Callable, name: str | None) -> str:
    """Return how a sentence begins: "Your momentum_step"."""
    name = name or getattr(function, "__name__", "<lambda>")
    return "Your function" if name.startswith("<") else f"Your {name}"


def _spoken(seconds: float) -> str:
    return f"{seconds:g} second{'s'[: seconds != 1]}"


def _stopped(function: Callable, name: str | None, error: BaseException) -> str:
    """Return the sentence about an exception: its type, its message and the line of the function."""
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    message = message if len(message) <= 200 else message[:199] + "…"
    line = _line_in(function, error)
    where = f" (line {line} of it)" if line else ""
    said = f": {message}" if message else ""
    return f"{_called(function, name)} stopped with {type(error).__name__}{said}{where}."


def _line_in(function: Callable, error: BaseException) -> int | None:
    """Return the line of the function, its first being 1, that led to the error."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    line = None
    trace = error.__traceback__
    while trace is not None and code is not None:
        if trace.tb_frame.f_code is code:
            line = trace.tb_lineno - code.co_firstlineno + 1
        trace = trace.tb_next
    return line


def _wrong_arguments(function: Callable, name: str | None, arguments: tuple[str, ...]) -> str | None:
    """Return a sentence when the function cannot be called with so many arguments."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*arguments)
    except TypeError:
        who, must = _called(function, name), ", ".join(arguments)
        return f"{who} takes {shorten(str(signature)).strip(chr(39))}; it must take {len(arguments)} arguments: ({must})."
    return None


def _numbers(value, who: str, name: str) -> np.ndarray:
    """Return what a learner's function returned as floats, or say that it is no numbers."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise LearnerError(f"{who} returned {name} with rows of different lengths.") from None
    if array.dtype.kind not in "fiu":
        kind = {"c": "complex numbers", "b": "True and False", "U": "text"}.get(
            array.dtype.kind, "other things"
        )
        got = "None" if value is None else f"{kind}: {shorten(value)}"
        raise LearnerError(f"{who} must return numbers for {name}, but returned {got}.")
    return array if array.dtype.kind == "f" else array.astype(float)


def _all_finite(array: np.ndarray) -> bool:
    # One dot product instead of an array of answers; it may overflow, then look closer.
    flat = array.reshape(-1)
    with np.errstate(all="ignore"):
        with_size = float(flat.dot(flat))
    return with_size < MODERATE or bool(np.isfinite(array).all())


def _all_moderate(array: np.ndarray) -> bool:
    return bool((np.abs(array).astype(float) < MODERATE).all())


def _first_bad(array: np.ndarray) -> str:
    bad = array[~np.isfinite(array)].reshape(-1)[0]
    return "NaN (not a number)" if np.isnan(bad) else "infinity"
