"""What goes wrong in a class, in a real JupyterLab: the page says so, and the figure comes back."""

import re

import psutil
import pytest

from lesson_utils.explorers import MomentumExplorer
from workshop.lab import WAKE, at_rest, dataset, until
from workshop.proxy import DelayingProxy
from workshop.second_starts import twice

from .conftest import in_one_lab

pytestmark = [pytest.mark.line("change"), pytest.mark.timeout(900), in_one_lab]
CODE = "from lesson_utils.explorers import MomentumExplorer\nexplorer = MomentumExplorer()\nexplorer"
TYPED = "my_answer = 42  # typed and not yet saved"
LOST, ENDED = "The connection to the server is lost", "The kernel has ended or was restarted"
SILENT = "The kernel does not answer"
SAID = "document.querySelector('.rd-silent')?.textContent ?? ''"
ASKED = "document.querySelector('.jp-Dialog .jp-Dialog-footer button') !== null"  # JupyterLab itself asks something

LISTEN = """() => {
  const status = document.querySelector(".rd-silent");
  window.heard = [];
  new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true });
}"""

RESTART = f"""() => {{
  document.querySelectorAll(".rd-stage").forEach((el) => (el.dataset.old = "yes"));
  window.ran = false;
  const awake = setInterval({WAKE}, 5000);
  window.jupyterapp.commands.execute("notebook:restart-run-all").finally(() => {{
    clearInterval(awake);
    window.ran = true;
  }});
}}"""


@pytest.fixture(scope="module")
def local():
    """The same explorer in this process: what a picture must be is computed here."""
    return MomentumExplorer()


def begin(page, name, local, port=None):
    """Open a figure, and type into the cell under it."""
    page.open(page.lab.write(name, CODE, ""), port).run_all()
    at_rest(page, local)
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
    track = page.box(page.slider("α").locator("xpath=ancestor::*[contains(@class,'noUi-base')]"))
    x, y = page.middle(page.slider("α"))
    page.page.mouse.move(x, y)
    page.page.mouse.down()

    def drag(part, steps=10):
        page.page.mouse.move(track["x"] + part * track["width"], y, steps=steps)

    return drag


def says(page, *words, seconds=60):
    """Wait until the page says one of these under the figure."""
    until(page, f"words => words.some(some => ({SAID}).includes(some))", words, seconds)


def answer(page):
    """Answer what JupyterLab itself asks: yes, or that it has been read."""
    while page.page.evaluate(f"() => {ASKED}"):
        button = page.page.locator(".jp-Dialog .jp-Dialog-footer button").last.element_handle()
        button.click()
        until(page, "button => !button.isConnected", button)


def until_answering(page, condition, arg=None):
    """Wait until a JavaScript function of `arg` is true; answer what JupyterLab itself asks meanwhile."""
    either = f"arg => ({condition})(arg) ? 'true' : {ASKED} && 'asked'"
    while until(page, either, arg) == "asked":
        answer(page)


def run_again(page, local):
    """Restart the kernel and run all cells, as the page asks for; then a new figure must live.

    A server starts a kernel that has died anew, and is confused by who restarts it in the middle of that.
    """
    answer(page)
    page.open(page.notebook)  # it is open: the kernel that the server has started by itself is waited for
    restart(page, local)


def restart(page, local):
    """Choose what the page asks for; a kernel that was shut down is started by it."""
    page.page.evaluate(RESTART)
    until_answering(
        page, "() => window.ran && document.querySelector('.rd-stage[data-painted]:not([data-old])')"
    )
    at_rest(page, local)
    assert page.page.evaluate(SAID) == ""
    lives(page, local)


def lives(page, local):
    """A key moves the figure to the picture of the new setting.

    It is pressed again only where no figure got it: JupyterLab drew the slider anew meanwhile, or asked something.
    """
    before = at_rest(page, local)["alpha"]
    while at_rest(page, local)["alpha"] == before:
        answer(page)
        page.slider("α").evaluate("node => (window.pressed = node)")
        page.slider("α").press("ArrowRight")
        moved = "JSON.parse(document.querySelector('.rd-stage').dataset.state).alpha !== before"
        until(page, f"before => {moved} || !window.pressed.isConnected || {ASKED}", before)


def kept(page):
    """Nothing that was typed is lost, on the page or, once saved, in the file."""
    assert typed(page) == TYPED
    page.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    assert TYPED in (page.lab.folder / page.notebook).read_text(encoding="utf-8")


def test_a_figure_whose_kernel_is_killed_in_the_middle_of_a_drag_comes_back(own_page, page, local):
    begin(page, "killed.ipynb", local)
    drag = grab(page)
    drag(0.8)
    page.kernel().kill()
    drag(0.3, steps=40)
    says(page, ENDED)
    page.page.mouse.up()
    assert "Kernel → Restart Kernel and Run All Cells…" in page.page.evaluate(SAID)
    assert typed(page) == TYPED
    run_again(page, local)
    kept(page)


def test_a_figure_whose_kernel_is_shut_down_says_so_and_nothing_else(own_page, page, local):
    begin(page, "shut.ipynb", local)
    page.page.evaluate(LISTEN)
    page.page.evaluate("() => void (window.shut = window.jupyterapp.commands.execute('kernelmenu:shutdown'))")
    says(page, ENDED)
    # It says so at once. JupyterLab starts no kernel while it is still shutting one down, and does not say so.
    page.page.evaluate("window.shut")
    restart(page, local)
    assert [words for words in page.page.evaluate("heard") if ENDED not in words] == []
    kept(page)


@pytest.mark.line("release")
@pytest.mark.parametrize(("method", "what"), [("DELETE", ""), ("POST", "/restart")])
def test_a_kernel_that_somebody_else_ends_or_restarts_says_so_itself(own_page, page, local, method, what):
    begin(page, "elsewhere.ipynb", local)
    # JupyterLab asks every ten seconds which kernels there are: here it gets no answer, and learns nothing from it.
    page.page.route(re.compile(r"/api/(kernels|sessions)\?"), lambda route: None)
    page.lab.ask(method, f"/api/kernels/{page.kernel_id()}{what}")
    says(page, ENDED)
    assert typed(page) == TYPED


@pytest.mark.line("release")
def test_a_figure_whose_server_is_restarted_comes_back_on_a_new_page(own_page, page, local):
    begin(page, "restarted.ipynb", local)
    page.lab.stop()
    says(page, LOST, ENDED)  # a server that ends in good order ends its kernels first
    twice("JupyterLab, on its old port", page.lab.start, RuntimeError)
    # JupyterLab asks which kernels there are: now, for it waits longer and longer between two questions.
    page.page.evaluate("() => window.jupyterapp.serviceManager.kernels.refreshRunning()")
    says(page, ENDED)
    answer(page)
    assert typed(page) == TYPED
    # JupyterLab may cling to the kernel that is gone, and then restarts nothing: the page says what helps.
    assert "save, reload this page, and do it again" in page.page.evaluate(SAID)
    kept(page)
    page.loaded = False  # the page itself is loaded anew
    page.open(page.notebook)
    run_again(page, local)
    kept(page)


@pytest.mark.line("release")
def test_after_a_network_was_gone_the_figure_shows_the_last_position_of_the_slider(own_page, page, local):
    with DelayingProxy(page.lab.port) as proxy:
        begin(page, "cut.ipynb", local, proxy.port)
        kernel = page.kernel()
        drag = grab(page)
        drag(0.7)
        proxy.cut()
        drag(0.4, steps=60)
        says(page, SILENT)
        shown = dataset(page)["shown"]  # what was on its way has come: it is silent since seconds
        drag(0.2, steps=20)
        page.page.mouse.up()
        # JupyterLab asks every ten seconds who is there: one such question must be lost too.
        until_lost(page, proxy, b"GET /api/kernels")
        left = dataset(page)
        assert left["shown"] == shown, "the cut really cuts"
        proxy.mend()
        until_answering(page, f"() => ({SAID}) === ''")
        at_rest(page, local)
        assert dataset(page)["state"] == left["state"], "the last position of the slider wins"
        assert psutil.pid_exists(kernel.pid)
        lives(page, local)
        kept(page)


def until_lost(page, proxy, words):
    """Wait until the proxy has swallowed these; the page goes on meanwhile."""
    for _ in range(600):
        if words in b"".join(proxy.swallowed):
            return
        page.page.wait_for_timeout(100)
    pytest.fail(f"nobody asked {words} within a minute: {b''.join(proxy.swallowed)[-2000:]}")
