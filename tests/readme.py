"""The README's commands, so that a test runs what the page says and not a copy of it."""

import re
import shlex
import sys

from workshop.files import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(language="bash"):
    """Return the lines to paste, in order: pairs of the heading that they stand under and the line."""
    heading, found = "", []
    for part in re.split(r"^(#{2,3} [^\n]+| *```\w+\n.*?\n *```)$", README, flags=re.MULTILINE | re.DOTALL):
        if re.match(r"#{2,3} ", part):
            heading = part.lstrip("# ")
        elif part.lstrip().startswith(f"```{language}\n"):
            found += [(heading, line.strip()) for line in part.splitlines()[1:-1]]
    return found


def command(heading, number=0):
    """Return the `number`-th line to paste under `heading`."""
    lines = [line for under, line in commands() if under == heading]
    assert lines, f"heading={heading!r}: allowed are {sorted({under for under, _ in commands()})}"
    return lines[number]


def arguments(line, python=sys.executable):
    """Return a line as a list for subprocess, with `python` in place of the README's .venv/bin/python."""
    return [python if part == ".venv/bin/python" else part for part in shlex.split(line)]
