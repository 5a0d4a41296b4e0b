"""Each notebook as a page to read: run here once, with pictures in place of the live figures, and no script."""

from __future__ import annotations

import base64
import html
import os
import re
import struct
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path, PurePosixPath

import nbformat
from latex2mathml.converter import convert
from nbclient import NotebookClient
from nbconvert.filters import Highlight2HTML, strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from workshop.files import ROOT
from workshop.site.landing import page
from workshop.site.lessons import Entry, homeworks, lessons

SECONDS = 600
"""The longest that one cell may take on a slow machine."""
LIVE = "application/vnd.jupyter.widget-view+json"
FIGURE = re.compile(
    r'<figure\b[^>]*><img\b[^>]*\bsrc="data:image/png;base64,([^"]+)" alt="([^"]*)"><figcaption>(.*?)</figcaption>'
)
"""A picture with its caption, as an explorer writes it."""


class Renderer(IPythonRenderer):
    """Markdown as HTML, with formulas as MathML: a browser shows them without a script."""

    def __init__(self, here: str) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.here, self.contents = here, []

    def heading(self, text: str, level: int, **attributes) -> str:
        """Return a heading that can be linked to."""
        words = re.findall(r"\w+", html.unescape(re.sub(r"<[^>]+>", "", text)).lower())
        place = "-".join(["at", *words])
        if level == 2:
            self.contents.append((place, text))
        return f'<h{level} id="{place}">{text}</h{level}>\n'

    def table(self, text: str) -> str:
        """Return a table that can be moved sideways on a narrow screen, by keyboard too."""
        words = re.sub(r"<th\b", '<th scope="col"', text.replace("<th></th>", "<td></td>"))
        return (
            f'<div class="wide" role="group" aria-label="Table" tabindex="0"><table>\n{words}</table></div>\n'
        )

    def block_math(self, body: str) -> str:
        """Return a formula on a line of its own."""
        return formula(body, "block")

    def inline_math(self, body: str) -> str:
        """Return a formula in a sentence."""
        return formula(body, "inline")

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link; one to another notebook leads to its page."""
        return super().link(text, destination(url, self.here), title)


def formula(latex: str, display: str) -> str:
    """Return LaTeX as MathML. Its box is drawn by the page's style, for browsers draw none.

    What stands side by side, with \\qquad between, is put in rows: a phone is narrow.
    """
    box = re.fullmatch(r"\s*\\boxed\{(.*)\}\s*", latex, re.DOTALL)
    rows = re.split(r"(?:\\qquad\s*)+", box[1] if box else latex)
    made = "".join(convert(row, display=display) for row in rows)
    kind = "boxed" if box else "rows"
    group = f'<span class="{kind}" role="group" aria-label="Formula" tabindex="0">'
    return made if display == "inline" else f"{group}{made}</span>"


def destination(url: str, here: str) -> str:
    """Return where a link of a notebook leads from that notebook's page.

    here: the folder of the notebook, "notebooks" or below it. LookupError: there is no such page.
    """
    if url.startswith(("https:", "http:", "mailto:", "#")):
        return url
    path, _, part = url.partition("#")
    target = PurePosixPath(os.path.normpath(f"{here}/{path}").replace("\\", "/")).as_posix()
    if target in ("README.md", "notebooks/README.md"):
        return "../index.html"
    pages = _names()
    if target not in pages:
        raise LookupError(f"a notebook in {here} links to {url}, and the site has no page for it.")
    return f"{pages[target]}.html{'#' + part if part else ''}"


@cache
def _names() -> dict[str, str]:
    """Return the name of each page by the path of what stands on it; asked for at every link."""
    return {entry.path: entry.name for entry in all_pages()}


def solutions() -> list[Entry]:
    """Return the homeworks' solutions."""
    paths = [one.path.replace("homework/", "homework/solutions/") for one in homeworks()]
    named = zip(homeworks(), paths, strict=True)
    return [Entry(f"{one.name}_solution", path, f"{one.title}: solution", "") for one, path in named]


def glossary() -> Entry:
    """Return the glossary, which the lessons link to."""
    return Entry("GLOSSARY", "notebooks/GLOSSARY.md", "Glossary", "")


def all_pages() -> list[Entry]:
    """Return everything that has a page."""
    return [*lessons(), *homeworks(), *solutions(), glossary()]


def build(output: Path, only: list[str] | None = None) -> None:
    """Write the pages into the site's folder read/.

    only: the beginnings of the names of the lessons that are run, such as "04"; all lessons when None.
    Homeworks are shown as they are handed out. Raises RuntimeError with a cell's words when it fails.
    """
    folder = output / "read"
    folder.mkdir()
    ran = [one for one in lessons() if only is None or one.name.startswith(tuple(only))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for one, notebook in zip(ran, pool.map(run, ran), strict=True):
            write(folder, one, notebook, was_run=True)
    for one in all_pages():
        if one not in ran:
            write(folder, one, read(one), was_run=False)


def read(entry: Entry):
    """Return a notebook as it stands in the course; the glossary as one of a single cell."""
    if entry.path.endswith(".md"):
        text = (ROOT / entry.path).read_text(encoding="utf-8")
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    return nbformat.read(ROOT / entry.path, as_version=4)


def run(entry: Entry):
    """Return a notebook with what its cells show. RuntimeError: a cell failed."""
    notebook = read(entry)
    where = {"metadata": {"path": str((ROOT / entry.path).parent)}}
    try:
        NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources=where).execute()
    except Exception as problem:
        raise RuntimeError(f"{entry.path} cannot be run: {strip_ansi(str(problem))[-1500:]}") from problem
    return notebook


def write(folder: Path, entry: Entry, notebook, *, was_run: bool) -> None:
    """Write one page, and the pictures on it."""
    pictures = Pictures(folder, entry.name)
    renderer = Renderer(PurePosixPath(entry.path).parent.as_posix())
    highlight = Highlight2HTML(pygments_lexer="python")
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(MarkdownWithMath(renderer=renderer).render(cell.source))
        elif cell.cell_type == "code" and cell.source.strip():
            parts.append(highlight(cell.source))
            parts += [shown for one in cell.outputs if (shown := output_of(one, pictures))]
    values = {"content": "\n".join(parts), "contents": renderer.contents, "kind": kind(entry, was_run)}
    text = page("read.html", entry=entry, **values)
    (folder / f"{entry.name}.html").write_text(text, encoding="utf-8")


def kind(entry: Entry, was_run: bool) -> str:
    """Return what a page is: "lesson", "not run", "exercise" or "text"."""
    if entry.path.endswith(".md"):
        return "text"
    return "exercise" if "homework/" in entry.path else "lesson" if was_run else "not run"


class Pictures:
    """Keeps the pictures of one page beside it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.count = folder, name, 0

    def keep(self, png: str, alt: str, caption: str = "") -> str:
        """Write a picture, and return the element that shows it, with its caption, which is HTML.

        ValueError: it has no words for who cannot see.
        """
        if not alt.strip():
            raise ValueError(f"a picture of {self.name} has no alternative text.")
        self.count += 1
        data = base64.b64decode(png)
        width, height = struct.unpack(">II", data[16:24])
        file = self.folder / f"{self.name}-{self.count}.png"
        file.write_bytes(data)
        size = f'width="{width}" height="{height}" loading="lazy"'
        image = f'<img src="{file.name}" alt="{html.escape(alt)}" {size}>'
        if caption:
            return f"<figure>{image}<figcaption>{caption}</figcaption></figure>"
        return f"<figure>{image}</figure>"


def output_of(output, pictures: Pictures) -> str:
    """Return what a cell shows as HTML; nothing for a live figure, whose pictures are an output of their own."""
    if output.output_type == "stream":
        return text_of(output.text)
    if output.output_type == "error":
        return text_of(f"{output.ename}: {output.evalue}")
    data = output.data
    if LIVE in data:
        return ""
    if figures := FIGURE.findall(data.get("text/html", "")):
        return "\n".join(pictures.keep(png, html.unescape(alt), words) for png, alt, words in figures)
    if "image/png" in data:
        return pictures.keep(data["image/png"], alt_of(data))
    return text_of(data.get("text/plain", ""))


def alt_of(data: dict) -> str:
    """Return the words of a picture: its alternative text, or else what stands for it in a terminal."""
    found = re.search(r'<img\b[^>]*\balt="([^"]+)"', data.get("text/html", ""))
    return html.unescape(found[1]) if found else data.get("text/plain", "")


def text_of(text: str) -> str:
    """Return printed text as HTML."""
    return f'<pre class="printed">{html.escape(strip_ansi(text).rstrip())}</pre>' if text.strip() else ""
