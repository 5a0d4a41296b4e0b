"""The page with no server in a real browser: its pages, what it shows while it loads, and a lesson in it."""

import os
import subprocess
import urllib.request
from contextlib import contextmanager

import pytest

from tests.conftest import cannot
from tests.readme import arguments, command
from tests.site import building
from workshop.files import NOTEBOOKS, ROOT
from workshop.lab import until

from .axe import AXE, REFUSED

pytestmark = [pytest.mark.line("change"), pytest.mark.timeout(900)]  # the first of them builds the site
SIZES = ({"width": 1280, "height": 720}, {"width": 390, "height": 844})
PAGES = ("index.html", "read/04_momentum.html", "read/05_ball_in_a_bowl.html", "read/hw1_averages.html")
OPENING = "open.html?notebook=notebooks/04_momentum.ipynb"
MINUTES = 5 * 60_000  # ms for Python to start in a browser
LACKING = (
    "No Pyodide with numpy and matplotlib here, so no slider was moved in the page with no server. No registry has them: "
    "nobody can promise this test, and only a folder in ROLLING_PYODIDE, or the internet, brings it"
)


@contextmanager
def serving(folder):
    """Serve a folder by the README's line, on a port that it chooses; the address of the site."""
    line = arguments(command("On a page with no server", 1))
    line[line.index("--directory") + 1 :] = [str(folder), "--bind", "127.0.0.1", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(line, env=environment, **quiet) as process:
        try:
            said = (
                process.stdout.readline()
            )  # "Serving HTTP on 127.0.0.1 port 40001 (http://127.0.0.1:40001/) ..."
            yield said.split("(")[1].split(")")[0]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def site():
    """The address of the site; its Pyodide has no packages."""
    with serving(building.built()) as url:
        yield url


@pytest.fixture(params=SIZES, ids=lambda size: str(size["width"]))
def tab(playwright_browser, request):
    """A page of each size: light on the wide one, dark on the narrow one. `tab.elsewhere`: other sites asked."""
    scheme = "light" if request.param == SIZES[0] else "dark"
    context = playwright_browser.new_context(viewport=request.param, color_scheme=scheme)
    context.set_default_timeout(60_000)
    opened = context.new_page()
    opened.elsewhere = []
    context.on("request", lambda one: note(opened.elsewhere, one.url))
    yield opened
    context.close()


def note(found, url):
    """Collect the addresses that are not on this machine."""
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        found.append(url)


def assert_everybody_can_read(tab):
    """Assert that nobody is kept out of a page, and that it is as wide as the screen."""
    tab.evaluate(AXE)
    found = tab.evaluate("() => axe.run()")
    assert [one["id"] for one in found["violations"] if one["impact"] in {*REFUSED, "moderate"}] == []
    assert "color-contrast" in {one["id"] for one in found["passes"]}
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]


def test_the_pages_can_be_read_by_everybody_and_ask_no_other_site(tab, site):
    for name in PAGES:
        tab.goto(site + name)
        assert_everybody_can_read(tab)
    tab.goto(site)
    for picture in tab.get_by_role("img").all():
        picture.scroll_into_view_if_needed()
    until(tab, "() => [...document.images].every(one => one.complete && one.naturalWidth > 0)")
    tab.get_by_role("link", name="Read only: 4. Momentum").click()
    tab.wait_for_url("**/read/04_momentum.html")
    tab.get_by_role("img").first.scroll_into_view_if_needed()
    until(tab, "() => document.images[0].naturalWidth > 1000")
    assert tab.elsewhere == []


def test_while_a_lesson_loads_the_page_shows_what_happens(tab, site):
    tab.context.route("**/static/pyodide/*.whl", lambda route: route.fulfill(body="x" * 500_000))
    tab.goto(site)
    tab.get_by_role("link", name="Run it here: 4. Momentum").click()
    tab.wait_for_selector("#files[data-state=done]")
    said = tab.locator("#files").inner_text()
    assert " files, " in said and said.endswith(" MB")
    tab.wait_for_selector("#python[data-state=now]", timeout=120_000)
    assert tab.locator("#bar").evaluate("bar => bar.position") == -1, "full before the longest step"
    until(tab, "() => document.querySelector('#time').textContent.endsWith(' seconds so far')")
    assert_everybody_can_read(tab)
    tab.get_by_role("button", name="Show the lesson while Python starts").click()
    lab = tab.frame_locator("#frame")
    lab.locator("h1", has_text="Lesson 4: Momentum").first.wait_for()
    narrow = tab.viewport_size == SIZES[1]
    lab.locator(".jp-DirListing").wait_for(state="hidden" if narrow else "visible")
    assert tab.get_by_text("Shift + Enter").is_visible()
    assert tab.elsewhere == []
    open_next = "(path) => void window.jupyterapp.commands.execute('docmanager:open', { path })"
    tab.query_selector("#frame").content_frame().evaluate(open_next, "notebooks/05_ball_in_a_bowl.ipynb")
    tab.wait_for_url("**/open.html?notebook=notebooks/05_ball_in_a_bowl.ipynb")
    tab.go_back()
    tab.get_by_role("link", name="Back to the list of lessons").click()
    tab.wait_for_url("**/index.html")  # with its style: a click does not wait for that
    main = tab.locator(".read" if narrow else ".ways .main").first
    assert main.evaluate("one => getComputedStyle(one).fontWeight") == "600", (
        "the button that the lead advises"
    )


def test_a_file_that_does_not_come_is_told(tab, site):
    tab.context.route("**/pyodide.asm.wasm", lambda route: route.abort())
    tab.goto(site + OPENING)
    alert = tab.get_by_role("alert")
    assert "A file did not come. Are you online?" in alert.inner_text()
    alert.get_by_role("link", name="read the page").click()
    tab.wait_for_url("**/read/04_momentum.html")


@pytest.fixture(scope="module")
def living_site(tmp_path_factory):
    """The address of a site with all of Pyodide, or a skip that says why it cannot be had."""
    folder = os.environ.get("ROLLING_PYODIDE")
    if not folder:
        try:
            urllib.request.urlopen(building.constant("PYODIDE_LOCK_DEFAULT_URL"), timeout=60).close()
        except OSError as problem:
            pytest.skip(f"{LACKING} ({problem})")  # not `cannot`
    elif not os.path.isdir(folder):
        cannot(f"ROLLING_PYODIDE={folder}: no such folder")
    output = tmp_path_factory.mktemp("living") / "site"
    building.build(output, "--run", "none", *(("--pyodide", folder) if folder else ()))
    with serving(output) as url:
        yield url


RESTS = "() => document.querySelector('.rd-stage')?.dataset.rest === 'yes'"
SHOWN = """() => {
  const el = document.querySelector(".rd-stage");
  return [el.dataset.state, el.querySelector(".rd-twin").textContent, el.querySelector("svg").innerHTML];
}"""
RUN = """async () => {
  await window.jupyterapp.commands.execute("notebook:run-all-cells");
  window.ran = true;
}"""
PROBLEMS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .flatMap((one) => one.model.outputs?.toJSON() ?? [])
  .filter((one) => one.output_type === "error" || one.name === "stderr")"""
OPEN = """() => [...window.jupyterapp.shell.widgets("main")].map((one) => [one.context?.path, one.context?.model.dirty])"""
LAST = "window.jupyterapp.shell.currentWidget.content.widgets.at(-1).model.sharedModel"
BUSY = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'"
TYPED = "my_answer = 42"


def opened(tab, site, path):
    """Open a notebook from the first page; return the frame with JupyterLab: this notebook alone is open in it."""
    tab.goto(site)
    tab.locator(f"a[href='open.html?notebook={path}']").click()
    tab.wait_for_selector("body.opened", timeout=MINUTES)
    lab = tab.query_selector("#frame").content_frame()
    assert lab.evaluate(OPEN) == [[path, False]], (
        "each tab would have a Python of its own, and nothing is unsaved"
    )
    return lab


def type_below(lab, words):
    """Write into a new cell at the end."""
    lab.evaluate(
        "() => { const { content } = window.jupyterapp.shell.currentWidget; content.activeCellIndex = 1e9; }"
    )
    lab.evaluate("() => window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    lab.evaluate(f"() => {LAST}.setSource('{words}')")


def with_python(test):
    """Mark a test that runs Python in the browser."""
    wide = pytest.mark.parametrize("tab", SIZES[:1], indirect=True)
    return pytest.mark.line("release")(pytest.mark.timeout(3600)(wide(test)))


@with_python
def test_each_lesson_and_homework_runs_in_the_browser_alone_and_keeps_what_was_typed(living_site, tab):
    paths = [one.relative_to(ROOT).as_posix() for one in NOTEBOOKS if one.parent.name != "solutions"]
    for path in paths:
        lab = opened(tab, living_site, path)
        lab.evaluate(f"() => void ({RUN})()")
        lab.wait_for_function("() => window.ran", timeout=MINUTES)
        assert lab.evaluate(PROBLEMS) == [], path
        if "homework" not in path:  # a figure there waits for the student's own code
            moves(lab)
        type_below(lab, TYPED)
        assert len(tab.workers) == 1, "one Python"
        tab.get_by_role("link", name="All lessons").click()
        tab.wait_for_selector("#lessons")
    for path in paths[0], paths[-1]:
        assert opened(tab, living_site, path).evaluate(f"{LAST}.getSource()") == TYPED


def moves(lab):
    """Assert that a slider moves the first figure, and changes its words and its picture."""
    lab.wait_for_function(RESTS, timeout=MINUTES)
    whole = lab.locator(".rd-explorer").first.get_by_role("button", name="all ▶|")
    if whole.count():  # at the first step of a walk the words are not those of the whole run
        whole.click()
        lab.wait_for_function(RESTS, timeout=MINUTES)
    before = lab.evaluate(SHOWN)
    lab.locator(".noUi-handle").first.press("End")
    moved = f"before => ({RESTS})() && document.querySelector('.rd-stage').dataset.state !== before"
    lab.wait_for_function(moved, arg=before[0])
    assert [old == new for old, new in zip(before, lab.evaluate(SHOWN), strict=True)] == [False] * 3


@with_python
def test_who_interrupts_a_cell_that_never_ends_is_told_what_helps(living_site, tab):
    lab = opened(tab, living_site, "notebooks/04_momentum.ipynb")
    type_below(lab, "while True: pass")
    lab.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-cell')")
    lab.wait_for_function(BUSY)
    lab.get_by_role("button", name="Interrupt the kernel").click()
    said = tab.get_by_role("status").filter(
        has_text="Kernel → Restart Kernel…: interrupt does not stop it here"
    )
    said.wait_for()
    lab.evaluate("() => void window.jupyterapp.commands.execute('notebook:restart-kernel')")
    lab.locator(".jp-Dialog-footer button").last.click()
    said.wait_for(state="detached", timeout=MINUTES)
