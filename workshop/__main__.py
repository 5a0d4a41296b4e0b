"""List the commands of the course, a line each: `python -m workshop`."""

import ast
import os
import re

from workshop.files import ROOT

PYTHON = r".venv\Scripts\python" if os.name == "nt" else ".venv/bin/python"
LINES = {
    "pytest": "Run the quick line of tests.",
    "pytest --line change": "Run the tests for each change: a browser, a server, a graded course.",
    "pytest --line release": "Run the tests before a release.",
    "pytest PATH": "Run the tests in a file or a folder, one at a time.",
    "tests.homework.measure": "Measure how long the homework's checks take, and what grading a class costs.",
    "ruff check .": "Check the code; `ruff format .` formats it.",
}
FOLDERS = {
    "workshop": 'To build and to measure (the benchmarks need: pip install -e ".[change]")',
    "teacher": "To teach",
}


def commands(folder):
    """Return the modules of a folder that are commands, by name, with the first sentence of each."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        parts = path.relative_to(ROOT).with_suffix("").parts
        if '\nif __name__ == "__main__":' not in text or parts[:2] == ("teacher", "homework"):
            continue  # what a teacher runs in that folder stands in its own README
        name = ".".join(part for part in parts if part != "__main__")
        found[name] = first_sentence(ast.get_docstring(ast.parse(text)))
    return found


def first_sentence(text):
    """Return what a docstring says of its command, without the command itself."""
    line = " ".join(text.split("\n\n")[0].split())
    return re.split(r"[:.,;] ", line)[0].rstrip(".") + "."


def main():
    """Print the list."""
    parts = {"To test": LINES, **{title: commands(folder) for folder, title in FOLDERS.items()}}
    width = max(len(name) for part in parts.values() for name in part)
    print(f"Each command begins with {PYTHON} -m, in the top folder; --help after it tells the rest.")
    for title, part in parts.items():
        print(f"\n{title}")
        for name, what in part.items():
            print(f"  {name:<{width}}  {what}")


if __name__ == "__main__":
    main()
