"""A classroom's server gives each learner one kernel: all lessons, one after the other, must fit into it."""

import nbformat
import psutil
import pytest
from nbclient import NotebookClient

from workshop.files import LESSONS

MOST = 400e6  # bytes; Binder guarantees 450 MB, and the server needs some of it


def one_after_the_other(paths):
    """Return (a notebook with all cells of several, the lesson of each cell)."""
    whole, lesson_of = nbformat.v4.new_notebook(), []
    for path in paths:
        for cell in nbformat.read(path, as_version=4).cells:
            cell.id = f"{path.stem[:2]}-{cell.id}"
            whole.cells.append(cell)
            lesson_of.append(path.stem)
    return whole, lesson_of


@pytest.mark.line("release")
@pytest.mark.timeout(1200)
def test_all_lessons_fit_into_one_kernel():
    notebook, lesson_of = one_after_the_other(LESSONS)
    most = {}

    def weigh(cell_index, **_):
        now = psutil.Process(client.km.provisioner.pid).memory_info().rss
        lesson = lesson_of[cell_index]
        most[lesson] = max(now, most.get(lesson, 0))

    place = {"metadata": {"path": str(LESSONS[0].parent)}}
    client = NotebookClient(
        notebook, timeout=180, kernel_name="python3", resources=place, on_cell_executed=weigh
    )
    client.execute()
    assert list(most) == [path.stem for path in LESSONS]
    told = ", ".join(f"{lesson[:2]}: {size / 1e6:.0f} MB" for lesson, size in most.items())
    print(f"the kernel's memory after lesson {told}")
    assert max(most.values()) < MOST, told
