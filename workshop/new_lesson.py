"""Begin a lesson: its notebook, its claims, its page for the teacher. `python -m workshop.new_lesson "Its title"`.

What stands there at first are the parts of a lesson in their order, and WRITE: where words are to come. The lesson
that was the last one so far leads to the new one.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import nbformat

from workshop.files import ROOT
from workshop.links import notebooks

TEMPLATE = Path(__file__).parent / "template"
CODE = re.compile(r"^```python\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
LETTERS = {"α": "alpha", "β": "beta", "κ": "kappa", "λ": "lambda", "θ": "theta"}
LAST = "This was the last lesson. All of them are listed in [the README](../README.md)."
BY_HAND = "WRITE: in half a sentence, what it is about."


def name_of(number: int, title: str) -> str:
    """Return the name of a lesson's file, such as "04_momentum".

    ValueError: the title has no letter for it, or one that would break a row or a link of the lists.
    """
    if re.search(r"[][|<>\n]", title):
        raise ValueError(
            f"title={title!r}: allowed is a title without [ ] | < >, which mean something in the lists"
        )
    for letter, word in LETTERS.items():
        title = title.replace(letter, f" {word} ")
    words = re.findall(r"[a-z0-9]+", title.lower())
    if not words:
        raise ValueError(f"title={title!r}: allowed is a title with a word of plain letters")
    return "_".join([f"{number:02}", *words])


def begin(title: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new lesson, the last one; return their paths.

    ValueError: the title makes no name. FileExistsError: one of the files is there already.
    """
    last = root / notebooks(root)[0][-1]
    number = int(last.name[:2]) + 1
    name = name_of(number, title)
    made = {
        root / "notebooks" / f"{name}.ipynb": "lesson.md",
        root / "tests" / "claims" / f"lesson_{number:02}.py": "claims.py.txt",
        root / "notebooks" / "teaching" / f"{number:02}.md": "guide.md",
    }
    if there := [path for path in made if path.exists()]:
        raise FileExistsError(f"{there[0].relative_to(root).as_posix()} is there already; take it away first")
    homework = _lead_on(last, f"{number:02}", f"Lesson {number}: {title}", name)
    for path, template in made.items():
        text = (TEMPLATE / template).read_text(encoding="utf-8").replace("TITLE", title)
        text = text.replace("Lesson NN", f"Lesson {number}").replace("NN", f"{number:02}")
        if path.suffix == ".ipynb":
            _write(_notebook(text.replace("NEXT", f"{LAST}\n\n{homework}")), path)
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
    return [*made, last]


def _lead_on(last: Path, number: str, title: str, name: str) -> str:
    """Let the lesson that was the last one lead to the new one; return its line about the homework."""
    notebook = nbformat.read(last, as_version=4)
    cell = notebook.cells[-1]
    if LAST not in cell.source:
        raise ValueError(f"{last.name}: its last cell must hold {LAST!r}")
    homework = cell.source.split("\n\n")[-1]
    cell.source = cell.source.replace(LAST, f"**Next:** [{title}]({name}.ipynb). {BY_HAND}")
    _write(notebook, last)
    return homework


def _notebook(text: str) -> nbformat.NotebookNode:
    """Return the notebook of a text: a cell for each piece of code, and one for each heading's words."""
    cells, names = [], set()
    for i, part in enumerate(CODE.split(text)):
        pieces = [part] if i % 2 else re.split(r"\n(?=## )", part)
        for piece in filter(None, map(str.strip, pieces)):
            made = nbformat.v4.new_code_cell(piece) if i % 2 else nbformat.v4.new_markdown_cell(piece)
            made.id = _id(piece, names)
            cells.append(made)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _id(source: str, taken: set[str]) -> str:
    """Return a name for a cell, of its first words; an id stays when the words change."""
    words = re.findall(r"[a-z]+", source.replace("WRITE", "").lower())[:3]
    name = "-".join(words) or "cell"
    while name in taken:
        name += "-again"
    taken.add(name)
    return name


def _write(notebook: nbformat.NotebookNode, path: Path) -> None:
    path.write_text(nbformat.writes(notebook, indent=1) + "\n", encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None) -> int:
    """Begin a lesson, and say what comes next."""
    parser = argparse.ArgumentParser(prog="python -m workshop.new_lesson", description="Begin a lesson.")
    parser.add_argument("title", help='such as "Beyond the bowl"')
    given = parser.parse_args(arguments)
    try:
        made = begin(given.title)
    except (ValueError, FileExistsError) as problem:
        parser.error(str(problem))
    for path in made:
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    print(
        "Put words where WRITE: stands, then run `python -m workshop.lists`, which brings all lists up to date."
    )
    print(
        "The row in notebooks/README.md has words of yours as well: the question, the picture, what it needs."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
