"""The explorers in a real JupyterLab: keyboard, mouse, touch, presets, a screen reader's view, errors, memory."""

import json
import re
from itertools import pairwise

import pytest
from ipywidgets import Checkbox

from lesson_utils import explorers
from workshop.lab import FRAME, at_rest, raw, until

from .axe import assert_everybody_can_use
from .conftest import in_one_lab

pytestmark = pytest.mark.line("change")
release = pytest.mark.line("release")

# In the older JupyterLab a span, a map and the heart figure: the stage is the same.
OLDER = ("AverageExplorer", "MapExplorer", "MomentumExplorer")
LABS = [("current", name) for name in explorers.__all__]
LABS += [pytest.param("4.4", name, marks=() if name == "MomentumExplorer" else release) for name in OLDER]

# Looks at the figure after each change of it, and counts how often it has nothing to show.
WATCH = """() => {
  const svg = document.querySelector(".rd-stage svg");
  window.watched = { looks: 0, blanks: 0, fields: [], places: new Set() };
  const look = () => {
    watched.looks += 1;
    const full = svg.querySelectorAll("g > *").length >= 5 && svg.querySelector("image").getAttribute("href");
    if (!full || svg.style.visibility === "hidden") watched.blanks += 1;
    const field = svg.querySelector("g g image")?.getAttribute("href");
    if (field && !watched.fields.includes(field)) watched.fields.push(field);
  };
  new MutationObserver(look).observe(svg, { subtree: true, childList: true, attributes: true });
  look();
  const picture = document.querySelector(".rd-picture");
  const page = picture.closest(".jp-WindowedPanel-outer");
  const { places } = watched;
  const stand = () => {
    if (!picture.isConnected) return;
    const { top, left, width } = picture.getBoundingClientRect();
    const strip = document.querySelector(".rd-sliders").getBoundingClientRect().top - top;
    places.add(`${Math.round(8 * (top + page.scrollTop)) / 8} ${left} ${width}, ${Math.round(8 * strip) / 8}`);
    requestAnimationFrame(stand);
  };
  stand();
}"""
# Where things stand, in the order in which the Tab key reaches them.
ORDER = """() => document.querySelector(".rd-presets [data-key]")
  && [...document.querySelectorAll(".rd-explorer :is(button, select, input, .noUi-handle)")]
  .filter((one) => one.offsetParent && one.tabIndex >= 0)
  .map((one) => {
    const box = (one.closest(".rd-picture, .widget-inline-hbox, .rd-player, .rd-presets") ?? one).getBoundingClientRect();
    return [Math.round(box.top + box.height / 2), Math.round(box.left), one.className];
  })"""


@pytest.mark.parametrize(("lab", "name"), LABS, indirect=["lab"], scope="session")
def test_an_explorer_in_the_browser(page, name):
    """One page for all of it: to open one costs more than most of what is seen there."""
    explorer = getattr(explorers, name)()
    page.show(name)
    at_rest(page, explorer, raw(explorer))
    assert_marks_are_on_the_sliders(page, explorer)
    page.page.evaluate(WATCH)
    for i in range(page.page.locator(".noUi-handle").count()):
        assert_slider_follows_keys(page, explorer, i)
        assert_slider_follows_the_mouse(page, explorer, i)
    assert_boxes_follow_the_space_bar(page, explorer)
    watched = page.page.evaluate("window.watched")
    assert watched["looks"] > 10 and watched["blanks"] == 0
    assert_reset(page, explorer)
    assert_presets_and_the_ends_of_their_walks(page, explorer)
    assert_reset(page, explorer)
    assert_thirty_steps(page, explorer)
    places = page.page.evaluate("[...window.watched.places]")
    assert len(places) == 1, f"no drag, no preset and no step moves the picture or its strip: {places}"
    assert_keyboards_order_is_that_of_the_eye(page)
    assert_everybody_can_use(page)
    assert not page.complaints()


def assert_thirty_steps(page, explorer):
    """The heart figure stands for all that walk: thirty frames of each would take minutes."""
    if type(explorer) is not explorers.MomentumExplorer:
        return
    page.press_button("|◀ start")
    for _ in range(30):
        page.press_button("step ▶")
    at_rest(page)


def assert_keyboards_order_is_that_of_the_eye(page):
    order = until(page, ORDER)
    assert len(order) > 3, f"Reset, a preset, a slider and what is beside them: {order}"
    for (y, x, one), (y2, x2, other) in pairwise(order):
        assert y2 > y - 8 and (y2 > y + 8 or x2 >= x), f"{other} after {one}: {order}"


def assert_marks_are_on_the_sliders(page, explorer):
    marks = explorer.stage.frame().marks
    wanted = sorted(mark["text"] for on_one in marks.values() for mark in on_one)
    seen = "() => [...document.querySelectorAll('.noUi-base .rd-mark')].map(one => one.dataset.text).sort()"
    until(page, f"wanted => JSON.stringify(({seen})()) === JSON.stringify(wanted)", wanted)


def assert_slider_follows_keys(page, explorer, i):
    """It stands elsewhere at both ends and in between, and says its name and its value to a screen reader."""
    handle, stands = page.page.locator(".noUi-handle").nth(i), set()
    for keys in (["Home"], ["End"], ["PageDown", *["ArrowLeft"] * 4]):
        handle.focus()
        page.press(*keys)
        state = at_rest(page, explorer)
        stands.add(json.dumps(state))
        assert_says_its_name_and_its_value(handle, explorer, state)
    assert len(stands) == 3, f"slider {i} moves with the keyboard"


def assert_says_its_name_and_its_value(handle, explorer, state):
    name, value = handle.get_attribute("aria-label"), handle.get_attribute("aria-valuetext")
    wanted = {}
    for key, control in explorer.controls.items():
        if isinstance(state[key], list):  # a span has two handles
            wanted |= {f"{control.description}, {end}": state[key][i] for i, end in enumerate(("from", "to"))}
        else:
            wanted[control.description] = (
                control.options[state[key]][0] if hasattr(control, "index") else state[key]
            )
    if isinstance(wanted[name], str):
        assert value == wanted[name], name
    else:
        assert float(value) == pytest.approx(wanted[name], abs=0.006), name


def assert_slider_follows_the_mouse(page, explorer, i):
    handle, stands = page.page.locator(".noUi-handle").nth(i), set()
    track = page.box(handle.locator("xpath=ancestor::*[contains(@class,'noUi-base')]"))
    for part in (1.02, 0.5, -0.02):  # downhill: the lower end of a span leaves the upper one room
        page.drag(page.middle(handle), (track["x"] + part * track["width"], track["y"] + 3))
        stands.add(json.dumps(at_rest(page, explorer)))
    assert len(stands) == 3, f"slider {i} moves with the mouse"


def assert_boxes_follow_the_space_bar(page, explorer):
    """A box is ticked and the tick taken away again; the marks on the sliders follow, as those of the limits must."""
    assert_reset(page, explorer)
    for name, control in explorer.controls.items():
        if isinstance(control, Checkbox) and not control.disabled:
            box = page.page.get_by_role("checkbox", name=control.description)
            for value in (not control.value, control.value):
                box.focus()
                page.press("Space")
                explorer.set(**{name: value})
                at_rest(page, explorer, raw(explorer))
                assert box.is_checked() is value
                assert_marks_are_on_the_sliders(page, explorer)


def assert_reset(page, explorer):
    page.press_button("Reset")
    explorer.reset()
    at_rest(page, explorer, raw(explorer))


def assert_presets_and_the_ends_of_their_walks(page, explorer):
    """A marker that has left the picture at a walk's end must not hold up what is painted after it."""
    for preset in explorer.presets:
        values = explorer.preset(preset)
        page.press_button(preset)
        explorer.set(**values)  # a slider makes room for a value of its own, here as there
        at_rest(page, explorer, raw(explorer))
        for button, end in ((0, "min"), (4, "max")) if explorer.player else ():
            page.page.locator(".rd-player button").nth(button).click()
            explorer.set(**{explorer.player: getattr(explorer.controls[explorer.player], end)})
            at_rest(page, explorer, raw(explorer))


@pytest.mark.parametrize("name", ["DescentExplorer", "MomentumExplorer"])
def test_the_start_point_by_arrow_keys_mouse_and_touch(page, name):
    local = getattr(explorers, name)()
    page.show(name)
    grip = page.page.locator(".rd-handle")
    before = at_rest(page, local)
    grip.focus()
    page.press("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown")
    after = at_rest(page, local)
    assert after["start_1"] == pytest.approx(before["start_1"] + 0.42)
    assert after["start_2"] == pytest.approx(before["start_2"] - 0.288)
    width = page.box(page.page.locator(".rd-picture"))["width"]
    x, y = page.middle(grip)
    page.drag((x, y), (x + width / 4, y + 38), steps=30)
    dragged = at_rest(page, local)
    # A quarter of 1280 units, in axes that are 55 % of the figure wide and 21 wide in w1.
    assert dragged["start_1"] == pytest.approx(after["start_1"] + 0.25 / 0.55 * 21, abs=0.15)
    x, y = page.middle(grip)
    page.touch((x, y), *((x - 8 * i, y) for i in range(1, 11)))
    assert at_rest(page, local)["start_1"] < dragged["start_1"] - 1
    assert not page.complaints()


# Two ticks of a clock as quick as the walk's: a walk that went on would have taken a step meanwhile.
TICKS = "() => new Promise((done) => { let n = 0; setInterval(() => (n += 1) === 2 && done(), 250); })"


@in_one_lab
def test_the_walk_plays(page):
    local = explorers.MomentumExplorer()
    page.show("MomentumExplorer")
    player = page.page.locator(".rd-player button")
    player.nth(2).click()
    until(page, "() => JSON.parse(document.querySelector('.rd-stage').dataset.state).step_shown >= 3")
    player.nth(2).click()
    walked = at_rest(page, local)["step_shown"]
    page.page.evaluate(TICKS)
    assert at_rest(page, local)["step_shown"] == walked, "it stopped"
    for button, expected in ((3, walked + 1), (1, walked), (0, 0), (4, 120)):
        player.nth(button).click()
        assert at_rest(page, local)["step_shown"] == expected


RACE = "from lesson_utils.explorers import MomentumExplorer\n"
RACE += "race = MomentumExplorer(steps=8, walk=True)\nrace"
# Each step at which a figure stands, and whether the window holds the whole of its picture then.
STEPS = """() => {
  window.steps = [];
  const look = ([{ target }]) => {
    if (!target.dataset.state) return;
    const { top, bottom } = target.querySelector(".rd-picture").getBoundingClientRect();
    steps.push([JSON.parse(target.dataset.state).step_shown, top >= -8 && bottom <= innerHeight + 8]);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, attributeFilter: ["data-state"] });
}"""
WALKED = "() => JSON.parse(document.querySelector('.rd-stage')?.dataset.state ?? '{}').step_shown === 8"


@pytest.fixture
def motion(page):
    """A page whose reader has not asked for less motion."""
    page.page.emulate_media(reduced_motion="no-preference")
    yield page
    page.page.emulate_media(reduced_motion="reduce")


@in_one_lab
def test_a_figure_walks_by_itself_when_it_is_seen_once_and_comes_to_rest(motion):
    page, local = motion, explorers.MomentumExplorer(steps=8, walk=True)
    page.open(page.lab.write("race.ipynb", RACE, "race.stage.walks"))
    page.page.evaluate(STEPS)
    page.run_all()
    until(page, WALKED)
    assert at_rest(page, local)["step_shown"] == 8
    walked = page.page.evaluate("window.steps")
    assert set(range(9)) <= {step for step, _ in walked}, walked
    assert walked == sorted(walked) and all(whole for step, whole in walked if step), walked
    assert page.run_last() == "False", "no second view and no page that is loaded anew walks again"
    assert not page.complaints()


@in_one_lab
def test_a_figure_that_walks_stands_still_for_who_asks_for_less_motion(page):
    local = explorers.MomentumExplorer(steps=8, walk=True)
    page.open(page.lab.write("still.ipynb", RACE, "race.stage.walks")).run_all()
    assert at_rest(page, local)["step_shown"] == 0
    page.page.evaluate(TICKS)
    assert at_rest(page, local)["step_shown"] == 0
    page.page.locator(".rd-player button").nth(2).click()
    until(page, WALKED)
    assert at_rest(page, local)["step_shown"] == 8


# What looks whether a figure is in view sees only what the test lets it see.
BLIND = """() => {
  window.IntersectionObserver = class {
    constructor(look) { this.look = look; }
    observe(node) { if (node.matches(".rd-picture")) window.eyes = this; }
    unobserve() {}
    disconnect() { this.gone = true; }
  };
}"""


@in_one_lab
def test_a_figure_waits_until_it_is_whole_and_leaves_the_walk_to_a_hand_that_comes_first(own_page, motion):
    page, local = motion, explorers.MomentumExplorer(steps=8, walk=True)
    page.open(page.lab.write("blind.ipynb", RACE, "race.stage.walks"))
    page.page.evaluate(BLIND)
    page.run_all()
    until(page, "() => window.eyes !== undefined")
    page.page.evaluate("eyes.look([{ intersectionRatio: 0.5 }])")
    assert at_rest(page, local)["step_shown"] == 0 and not page.page.evaluate("eyes.gone")
    page.page.locator(".rd-picture").click(position={"x": 10, "y": 10})
    assert page.page.evaluate("eyes.gone") and page.run_last() == "False"
    assert at_rest(page, local)["step_shown"] == 0


@in_one_lab
def test_a_hand_takes_over_from_a_figure_that_walks_by_itself(motion):
    local = explorers.MomentumExplorer(steps=400, walk=True)
    motion.open(motion.lab.write("hand.ipynb", RACE.replace("steps=8", "steps=400"))).run_all()
    until(motion, WALKED)
    motion.page.locator(".rd-player button").nth(1).click()
    stopped = at_rest(motion, local)["step_shown"]
    motion.page.evaluate(TICKS)
    assert at_rest(motion, local)["step_shown"] == stopped < 400


@release
@pytest.mark.timeout(900)
@in_one_lab
def test_500_ticks_grow_nothing(page):
    count = "import gc\nfrom matplotlib.figure import Figure\nsum(isinstance(o, Figure) for o in gc.get_objects())"
    local = explorers.MomentumExplorer()
    page.show(
        "ticks", "from lesson_utils.explorers import MomentumExplorer\nMomentumExplorer()", "first = 0", count
    )
    page.slider("α").focus()
    kernel = page.kernel()

    def ticks(number):
        for i in range(number):
            page.press("ArrowRight" if i % 100 < 50 else "ArrowLeft")
            if i % 4 == 3:  # a fourth of them at least is drawn
                at_rest(page)
        at_rest(page, local)

    ticks(100)
    memory, figures = kernel.memory_info().rss / 1e6, page.run_last()
    ticks(500)
    after = kernel.memory_info().rss / 1e6
    assert after - memory < 5, f"{after - memory:.1f} MB more after 500 ticks"
    assert page.run_last() == figures and re.fullmatch(r"\d+", figures)


def test_a_broken_step_is_told_and_the_notebook_goes_on(page):
    broken = (
        "from lesson_utils.explorers import MomentumExplorer\n"
        "def my_step(w, v, dw, alpha, beta):\n    while True:\n        pass\n"
        "MomentumExplorer(step=my_step)"
    )
    page.show("broken", broken, "print('the notebook goes on')")
    error = page.page.locator(".rd-error")
    assert "my_step" in error.inner_text() and "Traceback" not in error.inner_text()
    assert error.is_visible()
    page.page.wait_for_selector("text=the notebook goes on")


def test_a_reload_brings_the_figure_back_where_it_was(page):
    local = explorers.MomentumExplorer()
    page.show("MomentumExplorer")
    page.slider("α").focus()
    page.press("Home")
    at_rest(page, local, {"alpha": 0})
    page.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.page.reload(wait_until="domcontentloaded")
    page.wait_stage()
    assert at_rest(page, local)["alpha"] == 0


def test_a_kernel_that_does_not_answer_is_told_and_so_is_its_return(page):
    page.show("MomentumExplorer")
    kernel = page.kernel()
    says = "document.querySelector('.rd-silent').textContent"
    wide = "document.querySelector('.rd-picture').clientWidth"
    before = page.page.evaluate(wide)
    kernel.suspend()
    try:
        page.slider("α").focus()
        page.press("ArrowRight")
        until(page, f"{says}.includes('does not answer')")
        page.page.evaluate(FRAME)
        assert page.page.evaluate(wide) == before, "what is said moves no picture"
    finally:
        kernel.resume()
    page.press("ArrowRight")
    until(page, f"{says} === ''")
    at_rest(page, explorers.MomentumExplorer())
