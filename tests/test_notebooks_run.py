"""Every notebook runs from top to bottom, and leaves pictures behind on a page without a kernel.

Each notebook is run once, from its own folder; the tests below share that run. It needs no kernel: what a kernel's
sockets would add is looked at in one lesson for each change, and in all notebooks before a release.
"""

import base64
import io
import json
import re
import subprocess
import sys
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
import psutil
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from PIL import Image

from workshop.files import LESSONS, NOTEBOOKS, ROOT

VIEW = "application/vnd.jupyter.widget-view+json"
NO_ALT = "No description has been provided"  # what nbconvert writes where an alt text is missing
COLOURS = 40  # a blank picture has one, bare axes have grey ones only, a drawn one its palette's 128
COLOURED = 0.0002  # of the pixels: lines and points are blue and orange, and the smallest are a few hundred
MOST = 250e6  # bytes of one lesson's kernel: teacher/classroom.md gives three of them and a server 1 GB
SHOWN = next(path for path in LESSONS if path.name.startswith("04"))  # has every kind of output


class Ran(NamedTuple):
    """A run of a notebook."""

    path: Path
    notebook: nbformat.NotebookNode
    left: set


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """Return a function that runs a notebook once: (notebook with its outputs, files that it left in its folder)."""
    line = [sys.executable, "-m", "tests.running"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(line, cwd=ROOT, **pipes) as process:

        @cache
        def run_once(path):
            out = tmp_path_factory.mktemp("ran") / path.name
            before = set(path.parent.iterdir())
            print(json.dumps([str(path), str(out)]), file=process.stdin, flush=True)
            code = process.stdout.readline().strip()
            assert code == "0", f"{path.name}: the run ended with {code} (-14: it took too long)"
            return nbformat.read(out, as_version=4), set(path.parent.iterdir()) - before

        yield run_once
        process.stdin.close()


# A parameter of a fixture, so that pytest puts the tests of a notebook side by side, and on one worker.
@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def ran(request, run):
    """A notebook's path, the notebook as it is after a run, and the files that the run left in its folder."""
    return Ran(request.param, *run(request.param))


def outputs(notebook):
    """Return (cell id, output) for all outputs."""
    return [(cell.id, output) for cell in notebook.cells for output in cell.get("outputs", ())]


def explorers(cell):
    """Return the words of each live figure of a cell, in order."""
    shown = [output.get("data", {}) for output in cell.get("outputs", ())]
    return [one["text/plain"] for one in shown if VIEW in one and "Explorer: " in one.get("text/plain", "")]


def test_it_runs_without_a_complaint(ran):
    errors = [(name, o.ename, o.evalue) for name, o in outputs(ran.notebook) if o.output_type == "error"]
    assert errors == []
    assert [(name, o.text) for name, o in outputs(ran.notebook) if o.get("name") == "stderr"] == []
    code = [cell for cell in ran.notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


def test_it_leaves_nothing_behind_in_its_folder(ran):
    assert ran.left == set()


def test_its_explorers_speak(ran):
    words = [text for cell in ran.notebook.cells for text in explorers(cell)]
    assert words or ran.path not in LESSONS, "a lesson without a live figure"
    assert [text for text in words if len(text.split(": ", 1)[1]) <= 20] == []


def test_a_picture_stands_where_each_explorer_stands(ran):
    for cell in ran.notebook.cells:
        shown = [output.get("data", {}) for output in cell.get("outputs", ())]
        strips = [one for one in shown if '<div class="still-' in one.get("text/html", "")]
        assert len(strips) == sum(VIEW in one for one in shown), cell.id
        for strip in strips:
            (figure,) = BeautifulSoup(strip["text/html"], "html.parser").find_all("figure")
            alt, sentence = figure.img["alt"], figure.figcaption.text
            assert len(alt.split()) >= 8 and len(sentence.split()) > 5 and alt not in sentence, cell.id
            # A homework's figure waits for the student's function, and says so.
            assert is_drawn(strip["image/png"]) or ran.path not in LESSONS, cell.id


def test_no_picture_is_without_words(ran):
    for name, output in outputs(ran.notebook):
        if "image/png" in output.get("data", {}):
            assert output.metadata.get("image/png", {}).get("alt", "").strip(), name
        for picture in re.findall(r"<img [^>]*>", output.get("data", {}).get("text/html", "")):
            assert re.search(r'alt="[^"]*\w', picture), f"{name}: {picture[:80]}"


def is_drawn(data):
    """Say whether a picture has more on it than paper and axes."""
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")).astype(int)
    colours = len(np.unique(pixels @ (65536, 256, 1)))
    return colours > COLOURS and np.mean(np.ptp(pixels, axis=2) > 60) > COLOURED


def test_a_page_without_a_kernel_has_the_pictures_with_their_words(run):
    """As `nbconvert --to html` writes it, and JupyterLab's export."""
    notebook, _ = run(SHOWN)
    page = BeautifulSoup(HTMLExporter().from_notebook_node(notebook)[0], "html.parser")
    count = sum(len(explorers(cell)) for cell in notebook.cells)
    figures = page.select('div[class^="still-"] > figure')
    assert len(figures) == count > 1
    assert all(figure.img and "step" in figure.figcaption.text for figure in figures)
    for picture in page.find_all("img"):
        assert picture.get("alt", "").strip() and NO_ALT not in picture["alt"], str(picture)[:200]


def said(notebook):
    """Return what a notebook's cells say, without the ids and the pictures of one run."""

    def words(output):
        data = output.get("data", {})
        strip = "still-" in data.get("text/html", "")
        return output.get("text") or (sorted(data) if strip else data.get("text/plain"))

    # A slow kernel sends what a cell prints in several pieces.
    same = groupby(outputs(notebook), lambda it: (it[0], it[1].output_type, it[1].get("name", "")))
    return [
        (*kind, "".join(words(one) for _, one in pieces) if kind[2] else [words(one) for _, one in pieces])
        for kind, pieces in same
    ]


LATER = [
    pytest.param(path, id=path.stem, marks=pytest.mark.line("release")) for path in NOTEBOOKS if path != SHOWN
]


@pytest.mark.line("change")
@pytest.mark.parametrize("path", [pytest.param(SHOWN, id=SHOWN.stem), *LATER])
def test_a_kernel_of_its_own_says_the_same_and_stays_small(path, run):
    notebook, sizes = nbformat.read(path, as_version=4), []

    def weigh(**_):
        sizes.append(psutil.Process(client.km.provisioner.pid).memory_info().rss)

    client = NotebookClient(
        notebook,
        timeout=180,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        allow_errors=True,
        on_cell_executed=weigh,
    )
    client.execute()
    assert said(notebook) == said(run(path)[0])
    assert 0 < max(sizes) < MOST, f"{max(sizes) / 1e6:.0f} MB"
