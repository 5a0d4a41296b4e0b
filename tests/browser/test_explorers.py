"""The explorers in a real JupyterLab: keyboard, mouse, touch, errors, memory."""

import json
import time

import psutil
import pytest

from lesson_utils import explorers

from .conftest import VERSIONS, in_one_lab

NAMES = explorers.__all__

# Counts frames in which the figure has nothing to show, from the page itself.
WATCH_BLANKS = """() => {
  window.blanks = 0;
  const el = document.querySelector(".rd-stage");
  const frame = () => {
    if (!el.isConnected) { window.blanks += 1; return; } // the page goes on to the next test, and this does not
    const svg = document.querySelector(".rd-stage svg");
    const layers = svg?.querySelectorAll("g > *").length ?? 0;
    const image = svg?.querySelector("image");
    if (!svg || layers < 5 || !image.getAttribute("href") || svg.style.visibility === "hidden") window.blanks += 1;
    requestAnimationFrame(frame);
  };
  frame();
}"""


@pytest.fixture(scope="module")
def local():
    """The same explorers in this process: what a picture must be is computed here."""
    return {name: getattr(explorers, name)() for name in NAMES}


def show(page, name, *cells):
    """Open a notebook with an explorer and wait for its figure."""
    code = f"from lesson_utils.explorers import {name}\nexplorer = {name}()\nexplorer"
    notebook = page.lab.write(f"{name}-{time.monotonic_ns()}.ipynb", *(cells or (code,)))
    page.open(notebook).run_all().wait_stage()
    page.page.wait_for_timeout(800)
    return page


def stage(page):
    """Return what the first figure says of itself."""
    return page.page.evaluate(
        "() => { const el = document.querySelector('.rd-stage');"
        " return {...el.dataset, twin: el.querySelector('.rd-twin').textContent}; }"
    )


def settled(page, explorer, seconds=20):
    """Wait until the picture is the one that belongs to where the controls stand; return the state."""
    end = time.monotonic() + seconds
    state = None
    while True:
        page.page.wait_for_timeout(100)
        now = stage(page)
        if state != json.loads(now["state"]):  # computed once: the kernel needs the machine as well
            state = json.loads(now["state"])
            expected, _ = explorer.stage.answer({"seq": 1, "state": state})
        if all(now[part] == expected[part] for part in ("picture", "twin")):
            return state
        assert time.monotonic() < end, f"the figure did not settle on {state}: it says {now['twin']}"


# Every slider in the newest JupyterLab; in the older one a span, a map and the heart figure: the stage is the same.
SLIDERS = [(VERSIONS[0], name) for name in NAMES]
SLIDERS += [(VERSIONS[1], name) for name in ("AverageExplorer", "MapExplorer", "MomentumExplorer")]


@pytest.mark.parametrize(("lab", "name"), SLIDERS, indirect=["lab"], scope="session")
def test_every_slider_by_keyboard_and_by_mouse(page, local, name):
    explorer = local[name]
    show(page, name)
    settled(page, explorer)
    page.page.evaluate(WATCH_BLANKS)
    handles = page.page.locator(".noUi-handle")
    for i in range(handles.count()):
        handle, seen = handles.nth(i), set()
        for keys in (["Home"], ["End"], ["PageDown", *["ArrowLeft"] * 4]):
            handle.focus()
            for key in keys:
                page.page.keyboard.press(key)
            state = settled(page, explorer)
            seen.add(json.dumps(state))
        assert len(seen) >= 3, f"slider {i} moves with the keyboard"
        track = handle.locator("xpath=ancestor::*[contains(@class,'noUi-base')]").bounding_box()
        dragged = set()
        for part in (1.02, 0.5, -0.02):  # downhill: the lower end of a span leaves the upper one room
            box = handle.bounding_box()
            page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.page.mouse.down()
            page.page.mouse.move(
                track["x"] + part * track["width"], track["y"] + 3, steps=8
            )  # fast, no pause
            page.page.mouse.up()
            dragged.add(json.dumps(settled(page, explorer)))
        assert len(dragged) >= 3, f"slider {i} moves with the mouse"
    assert page.page.evaluate("window.blanks") == 0
    assert not ours(page.errors)


@in_one_lab
@pytest.mark.parametrize("name", NAMES)
def test_every_preset_is_shown_at_its_start_and_at_its_end(page, name):
    """The walk's ends too: a marker that has left the picture must not hold up what is painted after it."""
    explorer = getattr(explorers, name)()
    show(page, name)
    settled(page, explorer)
    for preset in explorer.presets:
        values = explorer.preset(preset)
        page.page.get_by_role("button", name=preset, exact=True).click()
        explorer.set(**values)  # a slider makes room for a value of its own, here as there
        settled(page, explorer)
        for button in (0, 4) if explorer.player else ():
            page.page.locator(".rd-player button").nth(button).click()
            settled(page, explorer)
    assert not ours(page.errors)


def ours(errors):
    """Return the errors that come from the stage's own script."""
    return [error for error in errors if "rd-" in error or "anywidget" in error or "stage" in error]


@pytest.mark.parametrize("name", ["DescentExplorer", "MomentumExplorer"])
def test_the_start_point_by_mouse_and_arrow_keys(page, local, name):
    show(page, name)
    grip = page.page.locator(".rd-handle")
    before = settled(page, local[name])
    grip.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown"):
        page.page.keyboard.press(key)
    after = settled(page, local[name])
    assert after["start_1"] == pytest.approx(before["start_1"] + 0.42)
    assert after["start_2"] == pytest.approx(before["start_2"] - 0.288)
    box = grip.bounding_box()
    picture = page.page.locator(".rd-picture").bounding_box()
    page.page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 22 + picture["width"] / 4, box["y"] + 60, steps=30)
    page.page.mouse.up()
    dragged = settled(page, local[name])
    # A quarter of 1280 units, in axes that are 55 % of the figure wide and 21 wide in w1.
    assert dragged["start_1"] == pytest.approx(after["start_1"] + 0.25 / 0.55 * 21, abs=0.15)
    assert not ours(page.errors)


@in_one_lab
def test_the_start_point_by_touch(own_page, page, local):
    show(page, "MomentumExplorer")
    before = settled(page, local["MomentumExplorer"])
    box = page.page.locator(".rd-handle").bounding_box()
    x, y = box["x"] + 22, box["y"] + 22
    client = page.page.context.new_cdp_session(page.page)
    client.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for i in range(1, 11):
        client.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + 8 * i, "y": y}]}
        )
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    after = settled(page, local["MomentumExplorer"])
    assert after["start_1"] > before["start_1"] + 1


def test_presets_reset_and_marks(page, local):
    show(page, "MomentumExplorer")
    explorer = local["MomentumExplorer"]
    first = settled(page, explorer)
    marks = page.page.locator(".rd-mark")
    assert [marks.nth(i).get_attribute("data-text") for i in range(2)] == ["plain 2", "momentum 38"]
    page.page.get_by_role("button", name="Too large for plain").click()
    page.page.wait_for_function(
        "() => document.querySelector('.rd-twin').textContent.includes('Plain, α = 10: diverges')"
    )
    settled(page, explorer)
    page.page.get_by_role("button", name="Reset").click()
    page.page.wait_for_function(
        "() => document.querySelector('.rd-twin').textContent.includes('α = 4, β = 0.9')"
    )
    assert settled(page, explorer) == first


@in_one_lab
def test_the_walk_plays(page, local):
    show(page, "MomentumExplorer")
    settled(page, local["MomentumExplorer"])
    buttons = page.page.locator(".rd-player button")
    buttons.nth(2).click()
    page.page.wait_for_function(
        "() => /Step [3-9]: the gradient/.test(document.querySelector('.rd-twin').textContent)"
    )
    buttons.nth(2).click()
    walked = settled(page, local["MomentumExplorer"])["step_shown"]
    page.page.wait_for_timeout(700)
    assert settled(page, local["MomentumExplorer"])["step_shown"] == walked, "it stopped"
    for button, expected in ((3, walked + 1), (1, walked), (0, 0), (4, 120)):
        buttons.nth(button).click()
        assert settled(page, local["MomentumExplorer"])["step_shown"] == expected


STATS = """import gc, os, pathlib, threading, time
from matplotlib.figure import Figure
def report():
    want, got = pathlib.Path("want-NAME"), pathlib.Path("got-NAME")
    while True:
        if want.exists():
            figures = sum(isinstance(o, Figure) for o in gc.get_objects())
            want.unlink()
            got.write_text(f"{os.getpid()} {figures} .")
        time.sleep(0.1)
threading.Thread(target=report, daemon=True).start()"""


def ask_kernel(page, name):
    """Return (process of the kernel, number of figures in it), as told by a thread that STATS started there."""
    want, got = page.lab.folder / f"want-{name}", page.lab.folder / f"got-{name}"
    got.unlink(missing_ok=True)
    want.touch()
    while not (got.exists() and got.read_text().endswith(".")):
        page.page.wait_for_timeout(100)
    pid, figures, _ = got.read_text().split()
    return psutil.Process(int(pid)), int(figures)


@in_one_lab
def test_500_ticks_grow_nothing(page, local):
    code = "from lesson_utils.explorers import MomentumExplorer\nexplorer = MomentumExplorer()\nexplorer"
    show(page, "MomentumExplorer", STATS.replace("NAME", "ticks"), code)
    handle = page.slider("α")
    handle.focus()

    def ticks(count):
        for i in range(count):
            page.page.keyboard.press("ArrowRight" if i % 100 < 50 else "ArrowLeft")
            page.page.wait_for_timeout(8)
        settled(page, local["MomentumExplorer"])

    ticks(100)
    kernel, figures = ask_kernel(page, "ticks")
    memory = kernel.memory_info().rss / 1e6
    shown = int(stage(page)["shown"])
    ticks(500)
    _, figures_after = ask_kernel(page, "ticks")
    after = kernel.memory_info().rss / 1e6
    assert int(stage(page)["shown"]) - shown > 100, "the ticks were drawn"
    assert after - memory < 5, f"{after - memory:.1f} MB more after 500 ticks"
    assert figures_after == figures


def test_a_broken_step_is_told_and_the_notebook_goes_on(page):
    broken = (
        "from lesson_utils.explorers import MomentumExplorer\n"
        "def my_step(w, v, dw, alpha, beta):\n    while True:\n        pass\n"
        "MomentumExplorer(step=my_step)"
    )
    show(page, "MomentumExplorer", broken, "print('the notebook goes on')")
    error = page.page.locator(".rd-error")
    assert "my_step" in error.inner_text() and "Traceback" not in error.inner_text()
    assert error.is_visible()
    page.page.wait_for_selector("text=the notebook goes on")


def test_a_reload_brings_the_figure_back_where_it_was(own_page, page, local):
    show(page, "MomentumExplorer")
    page.slider("α").focus()
    page.page.keyboard.press("Home")
    settled(page, local["MomentumExplorer"])
    page.page.evaluate("() => void window.jupyterapp.commands.execute('docmanager:save')")
    page.page.wait_for_timeout(1500)
    page.page.reload(wait_until="domcontentloaded")
    page.wait_stage()
    state = settled(page, local["MomentumExplorer"])
    assert state["alpha"] == 0


def test_a_kernel_that_is_gone_is_told(page, local):
    code = "from lesson_utils.explorers import MomentumExplorer\nMomentumExplorer()"
    show(page, "MomentumExplorer", STATS.replace("NAME", "gone"), code)
    settled(page, local["MomentumExplorer"])
    kernel, _ = ask_kernel(page, "gone")
    kernel.suspend()
    try:
        page.slider("α").focus()
        page.page.keyboard.press("ArrowRight")
        page.page.wait_for_function(
            "() => document.querySelector('.rd-silent').textContent.includes('does not answer')",
            timeout=20_000,
        )
    finally:
        kernel.resume()
    page.page.keyboard.press("ArrowRight")
    page.page.wait_for_function(
        "() => document.querySelector('.rd-silent').textContent === ''", timeout=20_000
    )
    settled(page, local["MomentumExplorer"])
