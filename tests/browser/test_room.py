"""The room that a figure has: it fits its window, stands still, and is in sight with its sliders once its cell has run."""

import pytest

from lesson_utils import explorers
from workshop.lab import FRAME, at_rest, until

from .axe import MEANT, bring, check
from .conftest import VIEW, in_one_lab

pytestmark = pytest.mark.line("change")
WINDOWS = ((1280, 720), (1366, 768), (1440, 900), (1920, 1080))
LARGEST = ("MomentumExplorer", "MethodsExplorer")  # the one of most lessons, and the one with most controls

# What a figure takes of the window that it stands in; `out`: points by which something is out of sight.
ROOM = """figure => {
  const root = document.querySelectorAll(".rd-explorer")[figure];
  const page = root.closest(".jp-WindowedPanel-outer").getBoundingClientRect();
  const out = (node) => {
    const { top, bottom, left, right } = node.getBoundingClientRect();
    return Math.max(page.top - top, bottom - page.bottom, page.left - left, right - page.right);
  };
  const panel = root.querySelector(".rd-piece.rd-panel") ?? root.querySelector(".rd-picture");
  const sliders = [...root.querySelectorAll(".rd-sliders .noUi-target")];
  const shown = [...root.querySelectorAll(".rd-picture text")].filter((one) => one.getAttribute("visibility") !== "hidden");
  const size = (text) => {
    const pieces = [...root.querySelectorAll(".rd-piece")];
    const [x, y] = ["x", "y"].map((name) => Number(text.getAttribute(name)));
    const box = (piece) => piece.querySelector("svg").viewBox.baseVal;
    const piece = pieces.find((one) => x >= box(one).x && x < box(one).x + box(one).width
      && y >= box(one).y && y < box(one).y + box(one).height);
    const shown = piece ?? panel;
    return (parseFloat(getComputedStyle(text).fontSize) * shown.clientWidth) / box(shown).width;
  };
  return {
    high: root.getBoundingClientRect().height, window: page.height, out: out(root), letter: Math.min(...shown.map(size)),
    panel: out(panel), first: out(sliders[0]), last: out(sliders.at(-1)),
    sideways: root.scrollWidth > root.clientWidth || page.width < root.getBoundingClientRect().width,
    lines: Math.round(root.querySelector(".rd-twin").offsetHeight / 20),
  };
}"""
# Runs a cell as Shift and Enter do.
STEP_ON = """async index => {
  const { content } = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = index;
  content.mode = "command";
  await content.scrollToItem(index);
  window.ran = false;
  window.jupyterapp.commands.execute("notebook:run-cell-and-select-next").finally(() => (window.ran = true));
}"""
# The figures whose first panel is in sight, by their place.
IN_SIGHT = f"figure => {{ const room = ({ROOM})(figure); return room.panel <= 1 && room; }}"


def lesson(page, names):
    """Open a notebook that shows explorers with words between them, as a lesson does; return where they stand."""
    cells = []
    for name in names:
        cells += [f"from lesson_utils.explorers import {name}\n{name}()", "# one\n" * 12 + "1"]
    page.open(page.lab.write("room.ipynb", *cells))
    return range(0, len(cells), 2)


def run(page, cell):
    """Run a cell as Shift and Enter do; wait until its figure, the only one, is at rest."""
    page.page.evaluate(STEP_ON, cell)
    until(page, "() => window.ran === true && document.querySelector('.rd-stage[data-rest=yes]') !== null")
    page.page.evaluate(FRAME)


def room(page, cell):
    """Return what a figure takes of its window, once its first panel is in sight."""
    run(page, cell)
    return until(page, IN_SIGHT, 0)


@pytest.fixture
def resize(page):
    """A function that gives the window another size; the next test finds it as it was."""

    def to(width, height):
        page.page.set_viewport_size({"width": width, "height": height})
        until(page, "([width, height]) => innerWidth === width && innerHeight === height", [width, height])
        page.page.evaluate(FRAME)

    yield to
    to(VIEW["width"], VIEW["height"])


def test_after_shift_and_enter_a_figure_is_whole_in_its_window(page, resize):
    (cell,) = lesson(page, LARGEST[1:])
    for width, height in WINDOWS[:2]:
        resize(width, height)
        seen = room(page, cell)
        assert seen["high"] <= seen["window"] and seen["out"] <= 1, (width, height, seen)
        assert seen["letter"] >= 10.9 and not seen["sideways"], (width, height, seen)
        if width >= 1366:
            assert seen["lines"] <= 2, seen


@pytest.mark.line("release")
@pytest.mark.parametrize("name", explorers.__all__)
def test_each_figure_is_whole_in_each_window(page, resize, name):
    (cell,) = lesson(page, (name,))
    for width, height in WINDOWS:
        resize(width, height)
        seen = room(page, cell)
        assert seen["out"] <= 1 and seen["letter"] >= 10.9, (width, height, seen)


@in_one_lab
def test_in_a_low_or_narrow_window_the_first_panel_and_the_main_sliders_are_in_sight(page, resize):
    (cell,) = lesson(page, LARGEST[:1])
    for width, height in ((911, 512), (820, 1180), (390, 844)):  # the first: 1366 x 768 at 150 %
        resize(width, height)
        seen = room(page, cell)
        assert seen["panel"] <= 1 and seen["last"] <= 1, (width, height, seen)
        assert seen["letter"] >= 11.9 and not seen["sideways"], (width, height, seen)
    page.slider("α").focus()
    page.press("ArrowRight")
    local = explorers.MomentumExplorer()
    at_rest(page, local)
    x, y = page.middle(page.page.locator(".rd-handle"))
    page.touch((x, y), (x + 20, y + 10), (x + 40, y + 10))
    moved = at_rest(page, local)
    assert moved["start_1"] > -8 and moved["start_2"] < 1.2, "the start point follows a finger in its piece"


@in_one_lab
def test_presets_without_room_stand_in_a_menu_and_work_there(page, resize):
    local = explorers.MomentumExplorer()
    page.show("MomentumExplorer")
    assert page.page.locator(".rd-more").count() == 0, "there is room for all"
    resize(900, 768)
    menu = page.page.get_by_role("combobox", name="More presets")
    menu.wait_for()
    hidden = menu.locator("option").all_inner_texts()[1:]
    assert hidden == list(local.presets)[-len(hidden) :]
    menu.select_option(label="A round bowl")
    local.set(**local.preset("A round bowl"))
    at_rest(page, local, {"kappa": 0, "beta": 90})
    assert menu.input_value() == menu.locator("option").first.inner_text(), "it says again how many there are"


@in_one_lab
def test_a_broken_function_can_be_read_in_a_low_and_in_a_narrow_window(page, resize):
    code = "from lesson_utils.explorers import MomentumExplorer\ndef step(w, v, dw, alpha, beta):\n    return None\n"
    name = page.lab.write("broken.ipynb", code + "MomentumExplorer(step=step)")
    for width, height in ((911, 512), (390, 844)):
        resize(width, height)
        page.open(name).run_all()
        at_rest(page)
        alert = page.page.get_by_role("alert")
        assert alert.inner_text().strip()
        assert alert.evaluate("one => one.scrollHeight <= one.clientHeight"), "the whole sentence is seen"
        page.close_all()


@in_one_lab
def test_a_number_stays_on_the_line_of_its_letter(page):
    page.show("MomentumExplorer")
    words = page.page.locator(".rd-twin").first.text_content()
    assert "α\xa0=\xa04," in words and "96\xa0steps (limit" in words, words


@in_one_lab
def test_in_forced_colours_nothing_is_lost(page):
    page.show("MomentumExplorer")
    page.page.emulate_media(forced_colors="active")
    try:
        bring(page)
        violations, passed = check(page)
        assert violations == [] and MEANT - {"color-contrast"} <= passed
        line = "one => getComputedStyle(one).outlineStyle"
        assert page.page.locator(".noUi-target").first.evaluate(line) == "solid", "a track is seen"
        letters = page.page.locator(".rd-picture text").first
        assert letters.evaluate("one => getComputedStyle(one).forcedColorAdjust") == "none"
    finally:
        page.page.emulate_media(forced_colors="none")
