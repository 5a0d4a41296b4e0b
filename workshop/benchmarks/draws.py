"""Draw every explorer and every lesson's thumbnail with the versions that are installed here, and run a lesson.

    python -m workshop.benchmarks.draws

A thumbnail that does not look like the one in notebooks/pictures is a figure that these versions draw otherwise.
Needs no more than a learner's install.
"""

import io
import sys
from importlib.metadata import version

import nbformat
from nbclient import NotebookClient
from PIL import Image

from lesson_utils import explorers
from workshop import thumbnails
from workshop.files import LESSONS, ROOT

LESSON = "07_choosing_alpha_and_beta"  # its map is drawn as a picture, which old versions do in their own way
NAMED = ("jupyterlab", "numpy", "matplotlib", "ipywidgets", "anywidget")


def drawn_otherwise(seen):
    """Return a line for each lesson whose first figure does not look as it is kept; note its explorer in `seen`."""
    problems = []
    for lesson in LESSONS:
        explorer = thumbnails.first_explorer(lesson)
        seen.add(type(explorer).__name__)
        if thumbnails.is_stale(thumbnails.draw(explorer), Image.open(thumbnails.place_of(lesson))):
            problems.append(f"{lesson.stem}: the first figure looks otherwise")
    return problems


def not_drawn(names):
    """Return a line for each of these explorers that cannot be drawn."""
    problems = []
    for name in sorted(names):
        try:
            getattr(explorers, name)().figure().savefig(io.BytesIO(), dpi=50)
        except Exception as problem:
            problems.append(f"{name}: {type(problem).__name__}: {problem}")
    return problems


def not_run(name):
    """Return a line for each error in a lesson."""
    path = ROOT / "notebooks" / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=180, kernel_name="python3", resources=place, allow_errors=True).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [f"{name}: {one.ename}: {one.evalue}" for one in outputs if one.output_type == "error"]


def main():
    """Print the versions and what goes wrong; 1 when something does."""
    python = "{}.{}".format(*sys.version_info)
    print(f"Python {python}, {', '.join(f'{name} {version(name)}' for name in NAMED)}")
    seen = set()
    problems = [*drawn_otherwise(seen), *not_drawn({*explorers.__all__} - seen), *not_run(LESSON)]
    print("\n".join(problems or ["every explorer is drawn, every thumbnail is as it was, the lesson runs"]))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
