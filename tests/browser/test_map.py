"""The map in a real JupyterLab: press anywhere, drag, arrow keys, touch, and its colours while κ is dragged."""

import pytest

from lesson_utils.explorers import MapExplorer
from workshop.lab import TWIN, at_rest, raw, until

from .test_explorers import WATCH

pytestmark = pytest.mark.line("change")


def test_the_map_in_the_browser(page):
    local = MapExplorer()
    page.show("MapExplorer")
    assert setting(page, local) == (4, 0.9)
    assert_point_comes_to_the_pointer_and_follows_it(page, local)
    assert_point_follows_a_finger(page, local)
    assert_arrow_keys_move_it_from_stop_to_stop(page, local)
    assert_best_pair_is_one_key_from_the_border(page)
    reset(page, local)
    assert_colours_follow_kappa_and_are_never_blank(page, local)
    assert not page.complaints()


def setting(page, local):
    """Return the α and β of the picture that is shown."""
    state = at_rest(page, local)
    return local.controls["alpha"].stops[state["alpha"]], local.controls["beta"].stops[state["beta"]]


def reset(page, local):
    page.press_button("Reset")
    local.reset()
    at_rest(page, local, raw(local))


def places(page):
    """Return a function: where on the page a power of ten of α and one of the memory 1/(1−β) lie."""
    field = page.box(page.page.locator(".rd-field"))

    def place(alpha, memory):
        return field["x"] + (alpha + 2) / 4.7 * field["width"], field["y"] + (1 - memory / 2) * field[
            "height"
        ]

    return place


def assert_point_comes_to_the_pointer_and_follows_it(page, local):
    place, mouse = places(page), page.page.mouse
    mouse.click(*place(1.0, 1.0))
    assert setting(page, local) == (10, 0.9)
    mouse.click(*place(0.0, 0.301))
    assert setting(page, local) == (1, 0.5)
    page.drag(place(1.0, 0.5), place(2.0, 1.699), steps=25)
    assert setting(page, local) == (100, 0.98)
    mouse.move(*place(0.0, 0.2))
    assert setting(page, local) == (100, 0.98), "it was let go"
    page.drag(place(2.0, 1.699), place(9.0, 5.0), steps=10)
    assert setting(page, local) == (500, 0.99), "outside of the map it stays at its edge"
    assert page.page.evaluate("document.activeElement.className") == "rd-handle"


def assert_point_follows_a_finger(page, local):
    """It begins beside the disc, which a finger near it would take hold of."""
    reset(page, local)
    x, y = places(page)(1.0, 1.0)
    page.touch((x - 110, y), *((x - 110 + 10 * i, y) for i in range(12)))
    assert setting(page, local) == (10, 0.9)


def assert_arrow_keys_move_it_from_stop_to_stop(page, local):
    reset(page, local)
    grip = page.page.locator(".rd-handle")
    grip.focus()
    page.press("ArrowRight", "ArrowRight", "ArrowUp")
    assert setting(page, local) == (4.2, 0.901)
    page.press("Shift+ArrowLeft")
    assert setting(page, local) == (3.2, 0.901)
    page.press(*["Shift+ArrowDown"] * 30)
    assert setting(page, local) == (3.2, 0.0)
    assert "α = 3.2, β = 0" in grip.get_attribute("aria-label")


def assert_best_pair_is_one_key_from_the_border(page):
    page.press_button("Best pair for this κ")
    says(page, "settles in 45 steps (")
    x, y = page.middle(page.page.locator(".rd-handle"))
    page.drag(
        (x + 9, y + 7), (x + 10, y + 5), steps=1
    )  # not in its middle, and with a hand that slips a little
    page.press("ArrowDown")
    says(page, "β = 0.66: diverges")


def says(page, words):
    until(page, f"words => {TWIN}.includes(words)", words)


def assert_colours_follow_kappa_and_are_never_blank(page, local):
    page.page.evaluate(WATCH)
    x, y = page.middle(page.slider("κ"))
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for move in range(1, 6):  # the button is held all the while; a busy kernel may take its time
        page.page.mouse.move(x - 15 * move, y)
        until(page, "move => watched.fields.length > move", move)
    page.page.mouse.move(x - 150, y, steps=40)
    page.page.mouse.up()
    at_rest(page, local)
    fields = page.page.evaluate("watched.fields")
    assert all(address.startswith("data:image/png;base64,") for address in fields)
    page.slider("α").focus()
    page.press(*["ArrowRight"] * 10)
    at_rest(page, local)
    assert page.page.evaluate("watched.fields.length") == len(fields), "moving α leaves the colours alone"
    assert page.page.evaluate("watched.blanks") == 0
