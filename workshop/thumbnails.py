"""Each lesson's picture in notebooks/README.md; `python -m workshop.lists` draws those that are stale.

A thumbnail is the first live figure behind the lesson's question, as that lesson's own code makes it.
"""

import ast
import contextlib
import io
import json
import os

import numpy as np
from PIL import Image

from lesson_utils.explorers.base import Explorer
from workshop.files import LESSONS, ROOT

FOLDER = ROOT / "notebooks" / "pictures"
WIDTH = 320
SHARPER = 3  # drawn larger and then made smaller, so that thin lines stay lines
STALE = 25.0  # of 255: fonts differ a little from machine to machine, a figure that was changed differs more


def place_of(lesson):
    """Return where a lesson's thumbnail is kept."""
    return FOLDER / f"{lesson.name[:2]}.png"


def first_explorer(lesson):
    """Run a lesson's code as far as the first explorer behind its question, and return that.

    The one before the question asks it: it stands at the start of its walk. LookupError: no cell ends with one.
    """
    notebook = json.loads(lesson.read_text(encoding="utf-8"))
    names, asked = {"__name__": "lesson"}, False
    with _in_folder(lesson.parent):
        for cell in notebook["cells"]:
            source = "".join(cell["source"])
            asked = asked or source.startswith("## The question")
            if cell["cell_type"] == "code":
                shown = _run(source, names)
                if asked and isinstance(shown, Explorer):
                    return shown
    raise LookupError(f"{lesson.name}: no cell ends with an explorer")


def _run(source, names):
    """Run a cell and return the value of its last line, as a notebook shows it."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


@contextlib.contextmanager
def _in_folder(folder):  # Python 3.10 has no contextlib.chdir
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def draw(explorer):
    """Return an explorer's thumbnail as a picture, and close the explorer."""
    out, figure = io.BytesIO(), explorer.figure()
    figure.savefig(out, dpi=SHARPER * WIDTH / figure.get_figwidth())
    explorer.close()
    picture = Image.open(out).convert("RGB")
    size = (WIDTH, round(picture.height * WIDTH / picture.width))
    return picture.resize(size, Image.Resampling.LANCZOS)


def is_stale(drawn, kept):
    """Say whether two pictures differ by more than fonts do."""
    if drawn.size != kept.size:
        return True
    now, then = (_blocks(picture) for picture in (drawn, kept))
    return bool(np.abs(now - then).max() > STALE)


def _blocks(picture, size=10):
    grey = np.asarray(picture.convert("L"), dtype=float)
    height, width = (size * (n // size) for n in grey.shape)
    return grey[:height, :width].reshape(height // size, size, width // size, size).mean(axis=(1, 3))


def renew(write=True):
    """Draw what is missing or stale, or only tell of it; return how many pictures that are."""
    count = 0
    for lesson in LESSONS:
        drawn, place = draw(first_explorer(lesson)), place_of(lesson)
        if place.exists() and not is_stale(drawn, Image.open(place)):
            continue
        count += 1
        if write:
            FOLDER.mkdir(parents=True, exist_ok=True)
            drawn.quantize(256, dither=Image.Dither.NONE).save(place, optimize=True)
        said = "drew" if write else "stale:"
        print(f"{said} {place.relative_to(ROOT).as_posix()} for {lesson.name}")
    return count
