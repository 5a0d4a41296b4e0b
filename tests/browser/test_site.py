"""The page with no server in a real browser: its pages, what it shows while it loads, and a lesson in it."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from tests.browser.lab import free_port
from tests.browser.test_accessibility import AXE, REFUSED
from tests.readme import arguments, command
from tests.site import building

SIZES = ({"width": 1280, "height": 720}, {"width": 390, "height": 844})
PAGES = ("index.html", "read/04_momentum.html", "read/05_ball_in_a_bowl.html", "read/hw1_averages.html")
OPENING = "open.html?notebook=notebooks/04_momentum.ipynb"


@contextmanager
def serving(folder):
    """Serve a folder by the README's line, on a port of its own; the address of the site."""
    port = free_port()
    line = [
        *arguments(command("On a page with no server", 1), sys.executable)[:-1],
        str(port),
        "--bind",
        "127.0.0.1",
    ]
    line[line.index("--directory") + 1] = str(folder)
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(url, timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def site():
    """The address of the site; its Pyodide has no packages."""
    python = building.environment()
    with serving(building.built(python, building.fetch_pyodide(python))) as url:
        yield url


@pytest.fixture(params=SIZES, ids=lambda size: str(size["width"]))
def tab(playwright_browser, request):
    """A page of each size: light on the wide one, dark on the narrow one. `tab.elsewhere`: other sites asked."""
    scheme = "light" if request.param == SIZES[0] else "dark"
    context = playwright_browser.new_context(viewport=request.param, color_scheme=scheme)
    opened = context.new_page()
    opened.elsewhere = []
    context.on("request", lambda one: note(opened.elsewhere, one.url))
    yield opened
    context.close()


def note(found, url):
    """Collect the addresses that are not on this machine."""
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        found.append(url)


def look(tab):
    """Assert that nobody is kept out of a page, and that it is as wide as the screen."""
    tab.evaluate(AXE)
    found = tab.evaluate("() => axe.run()")
    assert [one["id"] for one in found["violations"] if one["impact"] in {*REFUSED, "moderate"}] == []
    assert "color-contrast" in {one["id"] for one in found["passes"]}
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]


def test_the_pages(tab, site):
    for name in PAGES:
        tab.goto(site + name)
        look(tab)
    tab.goto(site)
    for picture in tab.get_by_role("img").all():
        picture.scroll_into_view_if_needed()
    tab.wait_for_function("() => [...document.images].every(one => one.complete && one.naturalWidth > 0)")
    tab.get_by_role("link", name="Read only: 4. Momentum").click()
    tab.wait_for_url("**/read/04_momentum.html")
    strip = tab.get_by_role("img").first
    strip.scroll_into_view_if_needed()
    tab.wait_for_function("() => document.images[0].naturalWidth > 1000")
    assert tab.elsewhere == []


def test_loading_shows_what_happens(tab, site):
    tab.context.route("**/static/pyodide/*.whl", lambda route: route.fulfill(body="x" * 500_000))
    tab.goto(site)
    tab.get_by_role("link", name="Open in your browser: 4. Momentum").click()
    tab.wait_for_selector("#files[data-state=done]")
    said = tab.locator("#files").inner_text()
    assert (
        " files, " in said and said.endswith(" MB") and tab.locator("#bar").evaluate("bar => bar.value") == 1
    )
    tab.wait_for_selector("#python[data-state=now]", timeout=120_000)
    assert "seconds so far" in tab.locator("#time").inner_text()
    look(tab)
    tab.get_by_role("button", name="Show the lesson while Python starts").click()
    lab = tab.frame_locator("#frame")
    # JupyterLab is made for a computer's screen, and the first page says so: on a phone the lesson is only there.
    seen = "visible" if tab.viewport_size == SIZES[0] else "attached"
    lab.locator("h1", has_text="Lesson 4: Momentum").first.wait_for(timeout=60_000, state=seen)
    assert tab.elsewhere == []


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
    python, folder = building.environment(), os.environ.get("ROLLING_PYODIDE")
    if not folder:
        ask = "from jupyterlite_pyodide_kernel.constants import PYODIDE_LOCK_DEFAULT_URL as url; print(url)"
        lock = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
        try:
            urllib.request.urlopen(lock, timeout=10).close()
        except OSError as problem:
            # Not `cannot`: Pyodide's packages are on no registry, so that nobody can promise them.
            pytest.skip(f"Pyodide's packages cannot be had: ROLLING_PYODIDE names no folder, and {problem}")
    output = tmp_path_factory.mktemp("living") / "site"
    building.build(python, output, "--run", "none", *(("--pyodide", folder) if folder else ()))
    with serving(output) as url:
        yield url


def test_a_slider_moves_the_picture(living_site, playwright_browser):
    context = playwright_browser.new_context(viewport=SIZES[0])
    tab = context.new_page()
    tab.goto(living_site + OPENING)
    tab.wait_for_selector("body.opened", timeout=300_000)
    lab = tab.frame_locator("#frame")
    run = (
        "document.getElementById('frame').contentWindow.jupyterapp.commands.execute('notebook:run-all-cells')"
    )
    tab.evaluate(f"() => void {run}")
    figure = lab.locator(".rd-stage[data-painted]").first
    figure.wait_for(timeout=300_000)
    twin = lab.locator(".rd-twin").first
    before, picture = twin.inner_text(), figure.locator("svg").first.inner_html()
    slider = lab.locator(".noUi-handle").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    for step in range(1, 11):
        tab.mouse.move(x + 4 * step, y)
    tab.mouse.up()
    for _ in range(120):
        if twin.inner_text() != before:
            break
        tab.wait_for_timeout(500)
    assert twin.inner_text() != before and figure.locator("svg").first.inner_html() != picture
    context.close()
