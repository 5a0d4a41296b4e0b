"""The game in a real JupyterLab, played with the keyboard alone."""

import pytest

from lesson_utils.explorers import Challenge
from workshop.lab import at_rest, until

from .axe import assert_everybody_can_use
from .conftest import in_one_lab

pytestmark = pytest.mark.line("change")
SAID = "words => document.querySelector('.rd-twin').textContent.replaceAll('\\u00a0', ' ').includes(words)"
PLACE = "() => document.querySelector('.rd-picture').getBoundingClientRect().toJSON()"


@in_one_lab
def test_a_game_with_the_keyboard(page):
    local = Challenge()
    page.show("Challenge")
    place = page.page.evaluate(PLACE)
    for right in (7, 12, 5):
        run_after(page, local, right)
    page.press_button("Run")
    at_rest(page)
    assert "7 runs left" in page.twin(), "the same α and β again cost no run"
    page.press("Tab")
    assert page.page.evaluate("document.activeElement.textContent") == "I am done"
    page.press("Enter")
    local.finish()
    until(page, SAID, "Best possible")
    at_rest(page, local)
    assert page.page.get_by_label("line to copy").input_value() == local.line
    assert all(
        page.page.get_by_role("button", name=name, exact=True).is_disabled()
        for name in Challenge.buttons.values()
    )
    assert page.page.evaluate(PLACE) == place, "no run and no end moves the picture"
    assert_everybody_can_use(page)
    assert not page.complaints()


def run_after(page, local, right):
    """Move α by so many stops and press Run at once: it runs what the slider says, however late the kernel hears of it."""
    page.slider("α").focus()
    page.press(*["ArrowRight"] * right, *["Tab"] * 4, "Enter")
    stops = local.controls["alpha"].stops
    local.set(alpha=stops[stops.index(local.settings["alpha"]) + right]).run()
    until(page, SAID, f"Run {len(local.game.runs)},")
    at_rest(page, local)
