"""The figure of the two conventions in a browser: the kernel moves α while the page asks for frames."""

import re

from lesson_utils.explorers import ConventionExplorer

from .test_explorers import ours, settled, show

# Every sentence that is shown, and every place of the heavy ball's or the lecture's markers.
WATCH = """() => {
  window.seen = [];
  const twin = document.querySelector('.rd-twin');
  new MutationObserver(() => window.seen.push(twin.textContent))
    .observe(twin, { childList: true, characterData: true, subtree: true });
}"""


def test_the_switch_and_a_drag_of_beta_never_show_another_run(page):
    explorer = ConventionExplorer()
    show(page, "ConventionExplorer")
    settled(page, explorer)
    page.page.evaluate(WATCH)
    rule = page.page.locator(".widget-dropdown select").first
    for label, alpha in (
        ("v = βv + dw", 0.4),
        ("v = βv + α·dw", 0.4),
        ("v = βv + (1−β)dw", 4),
        ("v = βv + dw", 0.4),
    ):
        rule.select_option(label=label)
        page.page.wait_for_function(
            f"() => /α = {alpha}, β = 0.9: settles in 96 steps/.test(document.querySelector('.rd-twin').textContent)"
        )
    page.slider("β").focus()
    for _ in range(25):
        page.page.keyboard.press("ArrowRight")
        page.page.wait_for_timeout(20)
    page.page.wait_for_function("() => document.querySelector('.rd-twin').textContent.includes('β = 0.925')")
    page.page.wait_for_timeout(500)
    # The page's α is what the kernel made of it: 0.075 of the lecture's 4, and the picture is that run's.
    assert page.twin().startswith("The heavy ball, α = 0.3, β = 0.925: ")
    for words in page.page.evaluate("window.seen"):
        of_the_kept_run = re.search(r"same path with α = (?:4|0\.4),|with the same α\.", words)
        assert of_the_kept_run and "α = 40" not in words, words
    assert not ours(page.errors)


def test_an_old_place_of_the_slider_is_believed(page):
    show(page, "ConventionExplorer")
    rule = page.page.locator(".widget-dropdown select").first
    rule.select_option(label="v = βv + dw")
    page.page.wait_for_function("() => document.querySelector('.rd-twin').textContent.includes('α = 0.4, β')")
    handle = page.slider("α")
    handle.focus()
    for key in ("End", "Home"):  # far away, where the run leaves the picture, and back
        page.page.keyboard.press(key)
        words = {"End": "α = 500, β = 0.9: diverges", "Home": "because α = 0"}[key]
        page.page.wait_for_function(
            f"() => document.querySelector('.rd-twin').textContent.includes('{words}')", timeout=10_000
        )
    track = handle.locator("xpath=ancestor::*[contains(@class,'noUi-base')]").bounding_box()
    stops = ConventionExplorer().controls["alpha"].stops
    part = stops.index(4.0) / (len(stops) - 1)
    page.page.mouse.click(track["x"] + part * track["width"], track["y"] + 3)
    for _ in range(12):  # to the very place where it stood before the switch
        now = float(re.search(r"α = ([\d.]+),", page.twin())[1])
        if now == 4:
            break
        page.page.keyboard.press("ArrowRight" if now < 4 else "ArrowLeft")
        page.page.wait_for_function(
            f"() => !document.querySelector('.rd-twin').textContent.includes('α = {now:g},')"
        )
    page.page.wait_for_function(
        "() => document.querySelector('.rd-twin').textContent.startsWith('The heavy ball, α = 4, β = 0.9: diverges')",
        timeout=10_000,
    )
    assert not ours(page.errors)
