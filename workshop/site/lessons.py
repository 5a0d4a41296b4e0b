"""The lessons and homeworks, as the lists in notebooks/README.md and in README.md tell of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from workshop.files import ROOT
from workshop.links import binder
from workshop.lists import rows

HOMEWORK = re.compile(r"^\| \d+ \| \[(\w+)\]\((notebooks/homework/\w+\.ipynb)\) \| (\d+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """What the first page says about one notebook; `path` is below the top folder."""

    name: str
    path: str
    title: str
    sentence: str
    picture: str = ""
    alt: str = ""

    @property
    def opening(self) -> str:
        """The page of the site that opens it with Python in the browser."""
        return f"open.html?notebook={self.path}"

    @property
    def reading(self) -> str:
        """The page of the site that holds it, run."""
        return f"read/{self.name}.html"

    @property
    def binder(self) -> str:
        """Its address on Binder."""
        return binder(self.path)


def lessons() -> list[Entry]:
    """Return the lessons in order."""
    return [
        Entry(
            row.name,
            f"notebooks/{row.name}.ipynb",
            f"{row.number}. {row.title}",
            row.question,
            row.picture,
            row.alt,
        )
        for row in rows()
    ]


def homeworks() -> list[Entry]:
    """Return the homeworks in order."""
    rows = HOMEWORK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    return [Entry(name, path, title_of(path), f"For after lesson {after}.") for name, path, after in rows]


def title_of(path: str) -> str:
    """Return the heading of a notebook."""
    cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
    return "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")
