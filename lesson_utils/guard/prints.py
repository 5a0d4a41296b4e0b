"""The first lines that a learner's function prints, and no more."""

from __future__ import annotations

import contextvars
import sys
import threading


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

    def write(self, text: str, out) -> int:
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
        return self.out.write(text) if now is None else now[0].write(text, self.out)

    def __getattr__(self, name):
        return getattr(self.out, name)
