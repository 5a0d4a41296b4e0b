"""The first page, and the page that shows what is loading."""

from __future__ import annotations

import shutil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workshop.files import ROOT
from workshop.links import UNKNOWN, repository
from workshop.site.lessons import homeworks, lessons

PARTS = Path(__file__).parent / "parts"


def page(template: str, **values) -> str:
    """Return a page of the site from one of the templates beside this file."""
    loader = Environment(
        loader=FileSystemLoader(PARTS), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return loader.get_template(template).render(**values) + "\n"


def build(output: Path) -> None:
    """Write the first page, and what it shows, into the site."""
    (output / "pictures").mkdir()
    for lesson in lessons():
        shutil.copy(ROOT / "notebooks" / "pictures" / lesson.picture, output / "pictures")
    for name in ("site.css", "open.js"):
        shutil.copy(PARTS / name, output)
    on_binder = repository() != UNKNOWN
    first = page("index.html", lessons=lessons(), homeworks=homeworks(), on_binder=on_binder)
    (output / "index.html").write_text(first, encoding="utf-8")
    (output / "open.html").write_text(page("open.html"), encoding="utf-8")
