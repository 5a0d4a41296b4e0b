"""The figure of the two conventions in a browser: the kernel moves α while the page asks for frames."""

import re

import pytest

from lesson_utils.explorers import ConventionExplorer
from workshop.lab import FRAME, TWIN, at_rest, raw, until

pytestmark = pytest.mark.line("change")

# Every sentence that is shown.
WATCH = """() => {
  window.seen = [];
  const twin = document.querySelector('.rd-twin');
  new MutationObserver(() => window.seen.push(twin.textContent.replaceAll('\u00a0', ' ')))
    .observe(twin, { childList: true, characterData: true, subtree: true });
}"""


def test_the_page_shows_only_runs_that_the_controls_ask_for(page):
    explorer = ConventionExplorer()
    page.show("ConventionExplorer")
    at_rest(page, explorer, raw(explorer))
    assert_switch_and_beta_never_show_another_run(page, explorer)
    page.press_button("Reset")
    at_rest(page, explorer, raw(explorer))
    assert_an_old_place_of_the_slider_is_believed(page, explorer)
    assert not page.complaints()


def says(page, pattern):
    until(page, f"words => new RegExp(words).test({TWIN})", pattern)


def choose(page, label):
    page.page.locator(".widget-dropdown select").first.select_option(label=label)


def assert_switch_and_beta_never_show_another_run(page, explorer):
    page.page.evaluate(WATCH)
    for label, alpha in (
        ("v = βv + dw", 0.4),
        ("v = βv + α·dw", 0.4),
        ("v = βv + (1−β)dw", 4),
        ("v = βv + dw", 0.4),
    ):
        choose(page, label)
        says(page, f"α = {alpha}, β = 0.9: settles in 96 steps")
    page.slider("β").focus()
    for _ in range(25):
        page.press("ArrowRight")
        page.page.evaluate(FRAME)
    # The page's α is what the kernel made of it: 0.075 of the lecture's 4, and the picture is that run's.
    says(page, "^The heavy ball, α = 0.3, β = 0.925: ")
    at_rest(page, explorer)
    assert page.twin().startswith("The heavy ball, α = 0.3, β = 0.925: ")
    for words in page.page.evaluate("window.seen"):
        of_the_kept_run = re.search(r"same path with α = (?:4|0\.4),|with the same α\.", words)
        assert of_the_kept_run and "α = 40" not in words, words


def assert_an_old_place_of_the_slider_is_believed(page, explorer):
    choose(page, "v = βv + dw")
    says(page, "α = 0.4, β")
    handle = page.slider("α")
    handle.focus()
    page.press("End")  # far away, where the run leaves the picture, and back
    says(page, "α = 500, β = 0.9: diverges")
    page.press("Home")
    says(page, "because α = 0")
    track = page.box(handle.locator("xpath=ancestor::*[contains(@class,'noUi-base')]"))
    stops = explorer.controls["alpha"].stops
    part = stops.index(4.0) / (len(stops) - 1)
    page.page.mouse.click(track["x"] + part * track["width"], track["y"] + 3)
    for _ in range(12):  # to the very place where it stood before the switch
        at_rest(page)
        now = float(re.search(r"α = ([\d.]+),", page.twin())[1])
        if now == 4:
            break
        page.press("ArrowRight" if now < 4 else "ArrowLeft")
    says(page, "^The heavy ball, α = 4, β = 0.9: diverges")
