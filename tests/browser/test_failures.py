"""What goes wrong in a class, in a real JupyterLab: the page says so, and the figure comes back."""

import os
import signal
import time

import psutil
import pytest

from benchmarks.proxy import DelayingProxy
from lesson_utils.explorers import MomentumExplorer

from .conftest import in_one_lab
from .test_explorers import settled, stage

CODE = """import os, pathlib
pathlib.Path("kernel").write_text(str(os.getpid()))
from lesson_utils.explorers import MomentumExplorer
explorer = MomentumExplorer()
explorer"""
TYPED = "my_answer = 42  # typed and not yet saved"
LOST, ENDED = "The connection to the server is lost", "The kernel has ended or was restarted"
BOX = "Server Connection Error"  # JupyterLab's own: it covers the page and takes every key until it is closed
SAID = "() => document.querySelector('.rd-silent')?.textContent ?? ''"


@pytest.fixture(scope="module")
def local():
    """The same explorer in this process: what a picture must be is computed here."""
    return MomentumExplorer()


def begin(page, name, local, port=None):
    """Open a figure, and type into the cell under it."""
    page.open(page.lab.write(name, CODE, ""), port).run_all().wait_stage()
    settled(page, local)
    page.page.locator(".jp-Notebook .jp-Cell .cm-content").last.click()
    page.page.keyboard.insert_text(TYPED)
    assert typed(page) == TYPED


def typed(page):
    """Return what stands in the last cell."""
    return page.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.at(-1).model.sharedModel.getSource()"
    )


def grab(page):
    """Take hold of α; return a function that drags it to a part of its way."""
    handle = page.slider("α")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    track = handle.locator("xpath=ancestor::*[contains(@class,'noUi-base')]").bounding_box()
    y = box["y"] + box["height"] / 2
    page.page.mouse.move(box["x"] + box["width"] / 2, y)
    page.page.mouse.down()

    def drag(part, steps=10):
        page.page.mouse.move(track["x"] + part * track["width"], y, steps=steps)

    return drag


def says(page, *words, seconds=30):
    """Wait until the page says one of these under the figure."""
    wanted = f"words => words.some(some => ({SAID})().includes(some))"
    page.page.wait_for_function(wanted, arg=words, timeout=1000 * seconds)


def run_again(page, local):
    """Restart the kernel and run all cells, as the page asks for; then a new figure must live."""
    answer(page)
    page.page.evaluate("() => document.querySelectorAll('.rd-stage').forEach(el => (el.dataset.old = 'yes'))")
    page.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:restart-run-all')")
    for _ in range(300):
        answer(page)
        if page.page.locator(".rd-stage[data-painted]:not([data-old])").count():
            break
        page.page.wait_for_timeout(300)
    assert page.page.evaluate(SAID) == ""
    lives(page, local)


def answer(page):
    """Answer JupyterLab's own questions: yes, or that they have been read."""
    buttons = page.page.locator(".jp-Dialog .jp-Dialog-footer button")
    for _ in range(buttons.count()):
        buttons.last.click()
        page.page.wait_for_timeout(300)
        if not buttons.count():
            break


def lives(page, local):
    """A key moves the figure to the picture of the new setting."""
    before = settled(page, local, 60)
    for _ in range(5):
        handle = page.slider("α").element_handle()
        handle.press("ArrowRight")
        # A slider may miss the key only where JupyterLab drew it anew meanwhile, or asks something itself.
        page.page.wait_for_function(
            "([handle, before]) => !handle.isConnected || document.querySelector('.jp-Dialog')"
            " || JSON.parse(document.querySelector('.rd-stage').dataset.state).alpha !== before",
            arg=[handle, before["alpha"]],
        )
        answer(page)
        if settled(page, local, 60)["alpha"] != before["alpha"]:
            return
    pytest.fail("five keys moved nothing")


def kept(page):
    """Nothing that was typed is lost, on the page or, once saved, in the file."""
    assert typed(page) == TYPED
    page.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    assert TYPED in (page.lab.folder / page.notebook).read_text(encoding="utf-8")


@in_one_lab
def test_a_kernel_killed_in_the_middle_of_a_drag(own_page, page, local):
    begin(page, "killed.ipynb", local)
    drag = grab(page)
    drag(0.8)
    os.kill(int((page.lab.folder / "kernel").read_text()), getattr(signal, "SIGKILL", signal.SIGTERM))
    drag(0.3, steps=40)
    says(page, ENDED)
    page.page.mouse.up()
    assert "Kernel → Restart Kernel and Run All Cells…" in page.page.evaluate(SAID)
    assert typed(page) == TYPED
    run_again(page, local)
    kept(page)


@in_one_lab
def test_a_server_that_is_restarted(own_page, page, local):
    begin(page, "restarted.ipynb", local)
    page.lab.stop()
    says(page, LOST, ENDED)  # a server that ends in good order ends its kernels first
    page.lab.start()
    says(page, ENDED, seconds=180)  # JupyterLab waits longer and longer between two tries, up to two minutes
    answer(page)
    assert typed(page) == TYPED
    # JupyterLab may cling to the kernel that is gone, and then restarts nothing: the page says what helps.
    assert "save, reload this page, and do it again" in page.page.evaluate(SAID)
    kept(page)
    page.loaded = False  # the page itself is loaded anew
    page.open(page.notebook)
    run_again(page, local)
    kept(page)


@in_one_lab
def test_a_network_that_is_gone_for_ten_seconds(own_page, page, local):
    with DelayingProxy(page.lab.port) as proxy:
        begin(page, "cut.ipynb", local, proxy.port)
        drag = grab(page)
        drag(0.7)
        page.page.wait_for_timeout(100)
        proxy.cut()
        began = time.monotonic()
        shown = stage(page)["shown"]
        drag(0.4, steps=60)
        says(page, "The kernel does not answer")
        with pytest.raises(Exception, match=r"(?i)timed|abort"):
            page.page.evaluate("() => fetch('/api/status', {signal: AbortSignal.timeout(2000)})")
        drag(0.2, steps=20)
        page.page.mouse.up()
        # JupyterLab asks every ten seconds who is there: one such question at least must be lost.
        page.page.wait_for_timeout(1000 * max(3, 13 - (time.monotonic() - began)))
        assert stage(page)["shown"] == shown and proxy.swallowed > 1000, "the cut really cuts"
        left = stage(page)["state"]
        # Chromium asks once more where a connection ends that it has used before: with one failure only, JupyterLab
        # would notice some cuts and others not.
        proxy.end_connections()
        page.page.wait_for_timeout(500)
        proxy.mend()
        page.page.wait_for_function(f"() => ({SAID})() === ''", timeout=30_000)
        settled(page, local, 30)
        page.page.locator(".jp-Dialog", has_text=BOX).wait_for()
        answer(page)
        page.page.wait_for_timeout(7000)  # JupyterLab has fetched the kernel's state by now
        assert stage(page)["state"] == left, "the last position of the slider wins"
        assert psutil.pid_exists(int((page.lab.folder / "kernel").read_text()))
        lives(page, local)
        kept(page)
