"""Bring every list of lessons up to date: their rows, minutes, links and pictures. `--check` only tells what is stale.

What is written by hand stands in one row of notebooks/README.md for each lesson: its question, what it needs, and its
picture in words. The numbers, titles and minutes come from the notebooks, all other lists from these rows.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from workshop import files, links
from workshop.files import ROOT, page

ROW = re.compile(
    r"^\| !\[(?P<alt>[^\]]+)\]\(pictures/(?P<picture>\d\d\.png)\) "
    r"\| \[(?P<number>\d+)\. (?P<title>[^\]]+)\]\((?P<name>\w+)\.ipynb\)<br>(?P<question>[^|]+\?) "
    r"\| (?P<minutes>\d+) \| (?P<needs>[^|]+) \|$",
    re.MULTILINE,
)
HEADING = re.compile(r"# Lesson (\d+): (.+)")
NEW = {
    "alt": "WRITE: what the first picture shows, in words for those who cannot see it",
    "question": "WRITE: the question?",
    "needs": "lesson 4",
}
# Where each list stands: the page, and the lines or words that are written anew.
FOLDERS_LIST, FRONT_PAGE, GUIDE = "notebooks/README.md", "README.md", "notebooks/TEACHING.md"
IN_FOLDER, ON_FRONT = (
    re.compile(r"(?:^\| !\[.+\n)+", re.MULTILINE),
    re.compile(r"(?:^\| \d+ \| \[\d\d_.+\n)+", re.M),
)
IN_GUIDE, MINUTES = (
    re.compile(r"(?:^- \[Lesson .+\n)+", re.MULTILINE),
    re.compile(r"takes \d+ to \d+ minutes"),
)


@dataclass(frozen=True)
class Row:
    """What the lists say of one lesson."""

    number: int
    title: str
    name: str
    minutes: int
    alt: str
    question: str
    needs: str

    @property
    def picture(self) -> str:
        """The file of its picture, in notebooks/pictures/."""
        return f"{self.number:02}.png"


def rows(root: Path = ROOT) -> list[Row]:
    """Return what the lists should say of each lesson, in order. ValueError: a lesson has no heading."""
    kept = {row["name"]: row.groupdict() for row in ROW.finditer(_text(root, FOLDERS_LIST))}
    return [_row(root / path, kept.get(Path(path).stem, NEW)) for path in links.notebooks(root)[0]]


def _row(path: Path, kept: dict) -> Row:
    heading = HEADING.match(page(path))
    if not heading:
        raise ValueError(f"{path.name}: its first line must be such as '# Lesson {path.name[:2]}: Its title'")
    by_hand = {name: kept[name] for name in NEW}
    return Row(int(heading[1]), heading[2], path.stem, round(files.minutes(path)), **by_hand)


def texts(root: Path = ROOT) -> dict[str, str]:
    """Return each page that holds a list, by its path, with its text as it should be."""
    of = rows(root)
    minutes = [row.minutes for row in of]
    folder = "".join(
        f"| ![{row.alt}](pictures/{row.picture}) | [{row.number}. {row.title}]({row.name}.ipynb)<br>{row.question} "
        f"| {row.minutes} | {row.needs} |\n"
        for row in of
    )
    front = "".join(
        f"| {row.number} | [{row.name}](notebooks/{row.name}.ipynb) | {row.question} | {row.minutes} |\n"
        for row in of
    )
    guide = "".join(f"- [Lesson {row.number}: {row.title}](teaching/{row.number:02}.md)\n" for row in of)
    span = f"takes {min(minutes)} to {max(minutes)} minutes"
    changes = {
        FOLDERS_LIST: ((IN_FOLDER, folder), (MINUTES, span), (links.BETWEEN, links.lines(root))),
        FRONT_PAGE: ((ON_FRONT, front), (links.BETWEEN, links.lines(root))),
        GUIDE: ((IN_GUIDE, guide),),
    }
    return {name: _changed(_text(root, name), name, parts) for name, parts in changes.items()}


def _changed(text: str, name: str, parts: tuple) -> str:
    for place, wanted in parts:
        if len(place.findall(text)) != 1:
            raise ValueError(f"{name}: there must be one place for {wanted.splitlines()[0][:60]!r}…")
        text = place.sub(lambda _, wanted=wanted: wanted, text)
    return text


def stale(root: Path = ROOT) -> dict[str, str]:
    """Return each page whose lists are not what they should be, with its text as it should be."""
    return {name: text for name, text in texts(root).items() if text != _text(root, name)}


def _text(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Write or check the lists; 1 when `--check` finds stale ones."""
    parser = argparse.ArgumentParser(
        prog="python -m workshop.lists", description="Bring the lists up to date."
    )
    parser.add_argument("--check", action="store_true", help="write nothing, tell what is stale")
    check = parser.parse_args(arguments).check
    changed = stale()
    for name, text in changed.items():
        print(f"{name}: its list is stale" if check else f"wrote the list in {name}")
        if not check:
            (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
    for row in rows():
        if "WRITE:" in f"{row.alt}{row.question}":
            print(f"lesson {row.number}: {FOLDERS_LIST} has its row, where words are still to come: WRITE:")
    from workshop import thumbnails  # draws with matplotlib, which the lists themselves need not

    drawn = thumbnails.renew(write=not check)
    return int(check and bool(changed or drawn))


if __name__ == "__main__":
    sys.exit(main())
