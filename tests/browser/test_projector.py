"""Lesson 4 on the wall, by the README's command: what a class sees, and what the keys do, there and in JupyterLab."""

import queue
import subprocess
import threading

import pytest
from playwright.sync_api import TimeoutError

from lesson_utils.explorers import MomentumExplorer
from tests.conftest import cannot
from tests.readme import arguments, command
from workshop.environments import made
from workshop.files import ROOT
from workshop.lab import FRAME, at_rest, end_with_family, free_port, raw, until
from workshop.second_starts import twice

from .conftest import _note, in_one_lab

pytestmark = [pytest.mark.line("change"), pytest.mark.timeout(600)]
SIZES = ((1280, 720, 22), (1920, 1080, 30))  # points, and how large the words must be
FIGURES = 7
ALL_REST = """count => {
  const at = (words) => document.querySelectorAll(words).length;
  return at(".rd-keys") === count && at(".rd-stage[data-rest=yes]") === count;
}"""
WALK = (
    2  # the lesson's third figure, which begins at step 0; so does the first, which does not walk on a wall
)
BEFORE_IT = 2  # presses of N that lead to it from the question
TOO_LARGE = "Too large for plain, right for momentum"  # its third preset


@pytest.fixture(scope="module")
def address():
    """Where the README's command shows lesson 4."""
    show = command("On a projector").split(" && ")[1]
    try:
        python = made(".venv-projector")
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
        cannot(f"No Voilà here: {problem}")
    server, said = twice("Voilà", lambda: start(arguments(show, python)), RuntimeError)
    yield said
    end_with_family(server)
    server.stdout.close()


def start(line):
    """Start the command without opening a browser; return the process and the address that it says."""
    line = [*line, "--no-browser", f"--port={free_port()}"]
    server = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        return server, _first(server, "The lesson is at ")
    except RuntimeError:
        end_with_family(server)
        server.stdout.close()
        raise


def _first(server, words):
    """Return what follows `words` in the first line that begins with them; go on reading, so that nothing jams."""
    said, lines = queue.Queue(), []

    def read():
        for line in server.stdout:
            said.put(line)
        said.put(None)

    threading.Thread(target=read, daemon=True).start()
    while (line := said.get()) is not None:
        lines.append(line)
        if line.startswith(words):
            return line.removeprefix(words).strip()
    raise RuntimeError("".join(lines))


@pytest.fixture
def wall(playwright_browser, address):
    """The page, with all figures at rest; `wall.errors` holds what its console complained about."""
    context = playwright_browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(f"{error.message}\n{error.stack or ''}"))
    page.on("console", lambda message: _note(page.errors, message))

    def load():
        page.errors.clear()
        page.goto(address, wait_until="commit")
        page.wait_for_selector(
            "#loading progress[value]", timeout=60_000
        )  # no blank page while the lesson runs
        until(page, ALL_REST, FIGURES)

    twice("the projector's page", load, TimeoutError)  # its first connection to the kernel may stay mute
    yield page
    context.close()


def shows(page, explorer, figure=0):
    """Wait until a figure rests where `explorer` stands, and says the same."""
    at_rest(page, explorer, raw(explorer), figure)


def test_a_lesson_on_the_wall_is_large_shows_no_code_and_takes_keys(wall):
    """One page for all: the server and the page cost the time."""
    assert_no_code(wall)
    for width, height, least in SIZES:
        assert_fits(wall, width, height, least)
    assert_keys_are_for_the_figure_in_view(wall)
    assert_typing_is_left_alone(wall)
    assert wall.errors == []


def assert_no_code(page):
    assert page.locator(".jp-InputArea-editor, .highlight").count() == 0
    assert "import numpy" not in page.locator("main").inner_text()
    assert page.locator("[class^='still-'], figure").count() == 0, "pictures beside the live figure"
    assert page.locator("details").count() > 20 and page.locator("details[open]").count() == 0
    printed = page.locator(".rd-printed")
    printed.first.locator("summary").click()
    assert printed.first.locator("pre").inner_text().strip() == "[0.96829007 0.16248992]"
    links = page.locator("main a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert "05_ball_in_a_bowl.ipynb" in links and not [link for link in links if link.endswith(".md")]


MEASURE = """() => {
  const size = (node) => parseFloat(getComputedStyle(node).fontSize);
  const words = document.querySelectorAll(".jp-RenderedMarkdown :is(p, li, td, summary), .rd-twin");
  const figures = [...document.querySelectorAll(".rd-explorer")].map((one) => {
    const picture = one.querySelector(".rd-picture").getBoundingClientRect();
    const strip = one.querySelector(".rd-sliders").getBoundingClientRect();
    return { share: picture.width / innerWidth, high: strip.bottom - one.getBoundingClientRect().top };
  });
  const sliders = document.querySelector(".rd-sliders");
  const more = [1, 2].map(() => sliders.appendChild(document.createElement("div")));
  const tracks = [...sliders.querySelectorAll(".noUi-base")].map((one) => one.getBoundingClientRect().width);
  const letters = size(sliders.querySelector(".widget-label"));
  more.forEach((one) => one.remove());
  return { figures, track: Math.min(...tracks) / letters, words: Math.min(...[...words].map(size)),
    title: size(document.querySelector("h1")), wide: document.documentElement.scrollWidth };
}"""


# The page has given each picture the height that its presets, its sentence and its sliders leave.
LAID_OUT = """() => [...document.querySelectorAll(".rd-explorer")].every((one) => {
  const bottom = one.querySelector(".rd-sliders").getBoundingClientRect().bottom - one.getBoundingClientRect().top;
  return bottom <= innerHeight && bottom >= 0.9 * innerHeight;
})"""


def assert_fits(page, width, height, least):
    page.set_viewport_size({"width": width, "height": height})
    until(page, "width => innerWidth === width", width)
    page.evaluate(FRAME)  # in which the page hears of its new size
    until(page, LAID_OUT)
    found = page.evaluate(MEASURE)
    assert found["words"] >= least and found["title"] >= 1.5 * found["words"]
    assert found["wide"] <= width, "a scroll bar across"
    assert found["track"] >= 8, "with six controls, as in lesson 9, a slider is long enough for its marks"
    for figure in found["figures"]:
        assert figure["share"] >= 0.7, "in JupyterLab it is 0.6"
        assert figure["high"] <= height, (
            "the picture with its presets, its sentence and its sliders is in view"
        )


def assert_keys_are_for_the_figure_in_view(page):
    press, local = page.keyboard.press, MomentumExplorer(step_shown=0, limits=False)
    first = at_rest(page)
    assert first["step_shown"] == 0
    page.evaluate("document.querySelector('h2').scrollIntoView()")
    press("3")  # no figure is in view
    for _ in range(BEFORE_IT):
        press("n")
    press("3")
    shows(page, local.set(**local.preset(TOO_LARGE)), WALK)
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        press(key)
    shows(page, local.set(step_shown=2), WALK)
    press("Control+1")
    press("r")
    local.reset()
    shows(page, local, WALK)
    assert at_rest(page) == first, "the figure above it"
    top = page.evaluate("scrollY")
    page.evaluate("() => addEventListener('scrollend', () => (window.glided = true), { once: true })")
    press("PageDown")
    until(page, "top => window.glided && scrollY > top + 500", top)
    press("p")
    until(page, "top => scrollY === top", top)
    button = page.get_by_role("button", name=TOO_LARGE).nth(WALK)
    assert button.get_attribute("aria-keyshortcuts") == button.get_attribute("data-key") == "3"


def assert_typing_is_left_alone(page):
    explorer = page.locator(".rd-explorer").nth(WALK)
    before = at_rest(page, figure=WALK)
    field = explorer.locator("input[type=number]").first
    field.click()
    for key in ("Control+a", "1", "2", "r", "ArrowLeft"):
        page.keyboard.press(key)
    assert field.input_value() == "12"
    page.keyboard.press("Enter")
    typed = {"step_shown": 12}
    assert at_rest(page, wanted=typed, figure=WALK) == {**before, **typed}
    explorer.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")  # a slider's arrows are its own
    moved = {"alpha": before["alpha"] + 1}
    assert at_rest(page, wanted=moved, figure=WALK) == {**before, **typed, **moved}


@in_one_lab
def test_in_jupyterlab_the_keys_need_the_focus(page):
    code = "from lesson_utils.explorers import MomentumExplorer\nMomentumExplorer(step_shown=0)"
    page.open(page.lab.write("keys.ipynb", code, "1 + 1")).run_all().wait_stage()
    tab, local = page.page, MomentumExplorer(step_shown=0)
    tab.wait_for_selector(".rd-presets [data-key='3']", timeout=60_000)
    assert tab.locator(".rd-keys").count() == 0, "the line with the keys is for the wall"
    into_figure = {"position": {"x": 10, "y": 10}}
    tab.locator(".rd-picture").click(**into_figure)
    page.press("ArrowRight", "ArrowRight")
    shows(tab, local.set(step_shown=2))
    tab.locator(".jp-CodeCell .jp-InputPrompt").nth(1).click()
    # JupyterLab's own 3 and R change what the second cell is. Of the figure, they would make something that one step
    # more does not bring to where it must stand now.
    page.press("Escape", "r", "ArrowRight", "3")
    tab.locator(".rd-picture").click(**into_figure)
    page.press("ArrowRight")
    shows(tab, local.set(step_shown=3))
    page.press("3")
    shows(tab, local.set(**local.preset(TOO_LARGE)))
    page.press("r")
    local.reset()
    shows(tab, local)
    assert tab.locator(".jp-CodeCell .rd-stage").count() == 1, (
        "the figure's own cell has stayed a cell of code"
    )
