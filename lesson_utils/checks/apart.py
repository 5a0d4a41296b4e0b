"""Look at an answer in a copy of this process, which can be ended whatever it does.

Python hands a loop inside of C (`sum(range(10**12))`) no stop, and nothing else gets its turn meanwhile: no thread, and no
Interrupt. A copy can be killed. Where processes cannot be copied well (Windows, macOS, a browser) there is none.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
import warnings
from collections.abc import Callable

SECONDS = 3.5
"""How long the copy may take: a little longer than the limit that stops a loop of Python inside it."""
ENOUGH = 1.2
"""Seconds of computing in that time; a copy with fewer is on a busy machine, and may go on for as long again."""
IDLE = 0.3
"""A copy that computed for fewer seconds than this was waiting, perhaps for something that only the original has."""


def apart(work: Callable, seconds: float = SECONDS):
    """Return work(), done in a copy of this process, or here where there can be none.

    What the work changes is lost with the copy. Raises TimeoutError when the copy computed for `seconds` and was
    killed, EOFError when it ended without an answer: by `os._exit`, or as Python broke down in it.
    """
    if sys.platform != "linux":
        return work()
    ends = ()
    try:
        ends = read, write = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of threads that the copy does not have
            copy = os.fork()
    except OSError:  # no room for one more process, or for a pipe
        for end in ends:
            os.close(end)
        return work()
    if copy == 0:
        _in_the_copy(work, read, write)
    os.close(write)
    try:
        answer, late = _read_until_end(read, seconds)
        while late and IDLE < _computed(copy) < ENOUGH:
            answer, late = _read_until_end(read, seconds)
    finally:
        os.close(read)
        os.kill(copy, signal.SIGKILL)
        used = os.wait4(copy, 0)[2]
    if answer:
        return pickle.loads(answer)
    if not late:
        raise EOFError
    if used.ru_utime + used.ru_stime > IDLE:
        raise TimeoutError
    return work()


def _in_the_copy(work: Callable, read: int, write: int) -> None:
    """Do the work, write what it comes to, and end; nothing of the original's may run here."""
    try:
        os.close(read)
        signal.set_wakeup_fd(-1)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(null, stream)
        with os.fdopen(write, "wb") as pipe:
            pipe.write(pickle.dumps(work()))
    finally:
        os._exit(0)


def _computed(process: int) -> float:
    """Return the seconds that a process has computed so far."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read_until_end(read: int, seconds: float) -> tuple[bytes, bool]:
    """Return what the copy wrote until its end, and whether its time was over before."""
    import select  # a browser's Python may have none

    until, heard, listening = time.monotonic() + seconds, b"", select.poll()
    listening.register(read, select.POLLIN)
    while (left := until - time.monotonic()) > 0:
        if listening.poll(1000 * left):
            part = os.read(read, 1 << 16)
            if not part:
                return heard, False
            heard += part
    return b"", True
