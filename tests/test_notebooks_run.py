"""Every notebook runs from top to bottom, and leaves pictures behind on a page without a kernel.

Each notebook is run once, from its own folder, as JupyterLab and Binder do; the tests below share that run.
"""

import base64
import io

import nbformat
import numpy as np
import psutil
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from PIL import Image

from tests.notebook_files import LESSONS, NOTEBOOKS

VIEW = "application/vnd.jupyter.widget-view+json"
NO_ALT = "No description has been provided"  # what nbconvert writes where an alt text is missing
COLOURS = (
    40  # a blank picture has one, bare axes have grey ones only, a drawn one has all of its palette's 128
)
MOST = 250e6  # bytes of one lesson's kernel: docs/classroom.md gives three of them and a server 1 GB
COLOURED = 0.002  # of the pixels: the lines and points are blue and orange


@pytest.fixture(scope="session")
def left_behind():
    """The files that a run left in the notebook's folder."""
    return {}


@pytest.fixture(scope="session")
def weight():
    """The most memory that a notebook's kernel took, in bytes."""
    return {}


@pytest.fixture(scope="session")
def run(left_behind, weight):
    """Return a function that gives a notebook as it is after a run; it runs each notebook once."""
    done = {}

    def run_once(path):
        if path not in done:
            notebook = nbformat.read(path, as_version=4)
            place = {"metadata": {"path": str(path.parent)}}

            def weigh(path=path, **_):
                now = psutil.Process(client.km.provisioner.pid).memory_info().rss
                weight[path] = max(now, weight.get(path, 0))

            client = NotebookClient(
                notebook,
                timeout=180,
                kernel_name="python3",
                resources=place,
                allow_errors=True,
                on_cell_executed=weigh,
            )
            before = set(path.parent.iterdir())
            client.execute()
            left_behind[path] = set(path.parent.iterdir()) - before
            done[path] = notebook
        return done[path]

    return run_once


@pytest.fixture(scope="session")
def page(run):
    """Return a function that gives a notebook's page without a kernel, as `nbconvert --to html` writes it."""
    done = {}

    def page_once(path):
        if path not in done:
            html, _ = HTMLExporter().from_notebook_node(run(path))
            done[path] = BeautifulSoup(html, "html.parser")
        return done[path]

    return page_once


def outputs(notebook):
    """Yield (cell id, output) for all outputs."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield cell.id, output


def explorers(notebook):
    """Return the words of each live figure, in order."""
    data = [output.get("data", {}) for _, output in outputs(notebook)]
    return [one["text/plain"] for one in data if VIEW in one and "Explorer: " in one.get("text/plain", "")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_without_a_complaint(run, path):
    errors = [(name, o.ename, o.evalue) for name, o in outputs(run(path)) if o.output_type == "error"]
    assert errors == []
    assert [(name, o.text) for name, o in outputs(run(path)) if o.get("name") == "stderr"] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_leaves_nothing_behind_in_its_folder(run, left_behind, path):
    run(path)
    assert left_behind[path] == set()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_kernel_is_small(run, weight, path):
    run(path)
    assert 0 < weight[path] < MOST, f"{weight[path] / 1e6:.0f} MB"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_explorers_speak(run, path):
    words = explorers(run(path))
    assert words, "a lesson without a live figure"
    for text in words:
        assert len(text.split(": ", 1)[1]) > 20, text


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_picture_stands_where_each_explorer_stands(run, page, path):
    count = 0
    for cell in page(path).select(".jp-CodeCell"):
        live = cell.find_all("script", type=VIEW)
        pictures = cell.select('div[class^="still-"] img')
        assert len(pictures) == len(live)
        count += len(pictures)
        for picture in pictures:
            check_picture(picture)
    assert count == len(explorers(run(path)))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_picture_is_without_words(page, path):
    for picture in page(path).find_all("img"):
        assert picture.get("alt", "").strip() and NO_ALT not in picture["alt"], str(picture)[:200]


def check_picture(picture):
    """Refuse a picture that a reader could not use: no words, or nothing drawn on it."""
    assert len(picture["alt"].split()) >= 8, picture["alt"]
    head, data = picture["src"].split(",", 1)
    assert head == "data:image/png;base64"
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")).astype(int)
    assert len(np.unique(pixels @ (65536, 256, 1))) > COLOURS
    assert np.mean(np.ptp(pixels, axis=2) > 60) > COLOURED


@pytest.mark.parametrize("channels", [(), (0, 1, 2)], ids=["white", "grey"])
def test_a_blank_picture_would_be_found(channels):
    pixels = np.full((100, 100, 3), 255, np.uint8)
    pixels[..., channels] = np.arange(100)[:, None]
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    source = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    with pytest.raises(AssertionError):
        check_picture({"alt": "a picture of one two three four five six", "src": source})
