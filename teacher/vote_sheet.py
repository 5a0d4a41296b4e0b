"""Write the questions of a lesson on a page to print, with room for a guess: `python -m teacher.vote_sheet 4`.

The page is made from the lesson's *Predict* questions, and needs no internet: dist/vote-04.html.
"""

import argparse
import html
import re
from pathlib import Path

import nbformat
from nbconvert.filters.markdown import markdown2html

from workshop.files import LESSONS, ROOT

QUESTION = re.compile(r"\*\*Predict\.\*\*\s*(.+?)\s*(?=<details>|\*\*Task|\*\*Predict|\Z)", re.DOTALL)
ROW = """<li>{question}
<p class="vote">my guess <span></span> &#9633; sure <b>then:</b> &#9633; it is so</p></li>"""
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}: vote sheet</title>
<style>
  body {{ font: 12pt/1.4 sans-serif; max-width: 44em; margin: 2em auto; }}
  li {{ break-inside: avoid; margin-bottom: 1.2em; }}
  .vote {{ color: #444; margin: .4em 0; }}
  .vote span {{ display: inline-block; width: 16em; border-bottom: 1px solid #444; margin-right: 1em; }}
</style>
<h1>{title}</h1>
<p>Guess first, then look. Write your guess before the figure moves.</p>
<ol>
{rows}
</ol>
</html>
"""


def questions(lesson):
    """Return the Predict questions of a lesson's notebook, as Markdown, in order."""
    cells = nbformat.read(lesson, as_version=4).cells
    return [
        found for cell in cells if cell.cell_type == "markdown" for found in QUESTION.findall(cell.source)
    ]


def sheet(lesson):
    """Return the page for a lesson's notebook."""
    title = nbformat.read(lesson, as_version=4).cells[0].source.splitlines()[0].removeprefix("# ")
    rows = "\n".join(ROW.format(question=markdown2html(one)) for one in questions(lesson))
    return PAGE.format(title=html.escape(title), rows=rows)


def main(arguments=None):
    """Write one sheet; return its path."""
    parser = argparse.ArgumentParser(description="Write the questions of a lesson on a page to print.")
    parser.add_argument("lesson", type=int, help="the lesson's number")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder to write to")
    given = parser.parse_args(arguments)
    lessons = {int(path.name[:2]): path for path in LESSONS}
    if given.lesson not in lessons:
        parser.error(f"lesson: {given.lesson} is no lesson; allowed are {', '.join(map(str, lessons))}")
    given.out.mkdir(parents=True, exist_ok=True)
    path = given.out / f"vote-{given.lesson:02}.html"
    path.write_text(sheet(lessons[given.lesson]), encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")
    return path


if __name__ == "__main__":
    main()
