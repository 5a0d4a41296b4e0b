"""Begin a figure with controls: its module, its test, its line. `python -m workshop.new_explorer Halving`.

What stands in them at first is a whole figure, of one curve that follows one slider: change it bit by bit.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from workshop.files import ROOT

TEMPLATE = Path(__file__).parent / "template"
LIST = "lesson_utils/explorers/__init__.py"
LINE = re.compile(r'^    "\w+": "\w+",\n', re.MULTILINE)


def begin(name: str, root: Path = ROOT) -> list[Path]:
    """Write the files of NameExplorer and its line in the list of explorers; return their paths.

    ValueError: the name is none. FileExistsError: one of the files is there already.
    """
    if not re.fullmatch(r"([A-Z][a-z]+)+", name) or name == "Explorer":
        raise ValueError(f"name={name!r}: allowed is a name such as Halving or FirstSteps")
    name = name.removesuffix("Explorer")
    module = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    made = {
        root / "lesson_utils" / "explorers" / f"{module}.py": "explorer.py.txt",
        root / "tests" / "explorers" / f"test_{module}.py": "explorer_test.py.txt",
    }
    kept = (root / LIST).read_text(encoding="utf-8")
    if f'"{name}Explorer"' in kept:
        raise FileExistsError(f"{name}Explorer is there already; take another name than those in {LIST}")
    if there := [path for path in made if path.exists()]:
        raise FileExistsError(f"{there[0].relative_to(root).as_posix()} is there already; take another name")
    for path, template in made.items():
        text = (TEMPLATE / template).read_text(encoding="utf-8")
        text = text.replace("NAME", name).replace("SUBJECT", name)
        path.write_text(text, encoding="utf-8", newline="\n")
    lines = [*LINE.findall(kept), f'    "{name}Explorer": "{module}",\n']
    text = kept.replace("".join(lines[:-1]), "".join(sorted(lines)))
    (root / LIST).write_text(text, encoding="utf-8", newline="\n")
    return [*made, root / LIST]


def main(arguments: list[str] | None = None) -> int:
    """Begin an explorer, and say what comes next."""
    parser = argparse.ArgumentParser(prog="python -m workshop.new_explorer", description="Begin an explorer.")
    parser.add_argument("name", help="such as Halving")
    given = parser.parse_args(arguments)
    try:
        made = begin(given.name)
    except (ValueError, FileExistsError) as problem:
        parser.error(str(problem))
    for path in made:
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    print("Change the first two bit by bit. What each part is for stands in `class Explorer` in base.py.")
    print(f"Its tests: .venv/bin/python -m pytest tests/explorers tests/drawing -k {given.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
