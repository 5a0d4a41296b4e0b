"""The map in a real JupyterLab: press anywhere, drag, arrow keys, and its colours while κ is dragged."""

import pytest

from lesson_utils.explorers import MapExplorer

from .conftest import in_one_lab
from .test_explorers import WATCH_BLANKS, ours, settled, show


@pytest.fixture(scope="module")
def local():
    return MapExplorer()


def setting(page, local):
    """Return the α and β of the picture that is shown."""
    state = settled(page, local)
    return local.controls["alpha"].stops[state["alpha"]], local.controls["beta"].stops[state["beta"]]


def test_the_point_comes_to_the_pointer_and_follows_it(page, local):
    show(page, "MapExplorer")
    assert setting(page, local) == (4, 0.9)
    mouse, field = page.page.mouse, page.page.locator(".rd-field").bounding_box()

    def place(alpha_power, memory_power):
        x, y = (alpha_power + 2) / 4.7, 1 - memory_power / 2
        return field["x"] + x * field["width"], field["y"] + y * field["height"]

    page.page.locator(".rd-field").scroll_into_view_if_needed()
    page.page.evaluate("() => document.querySelector('.rd-field').scrollIntoView({block: 'center'})")
    page.page.wait_for_timeout(300)
    field = page.page.locator(".rd-field").bounding_box()
    mouse.click(*place(1.0, 1.0))
    assert setting(page, local) == (10, 0.9)
    mouse.click(*place(0.0, 0.301))
    assert setting(page, local) == (1, 0.5)
    mouse.move(*place(1.0, 0.5))
    mouse.down()
    mouse.move(*place(2.0, 1.699), steps=25)
    mouse.up()
    assert setting(page, local) == (100, 0.98)
    mouse.move(*place(0.0, 0.2))
    assert setting(page, local) == (100, 0.98), "it was let go"
    mouse.move(*place(2.0, 1.699))
    mouse.down()
    mouse.move(*place(9.0, 5.0), steps=10)
    mouse.up()
    assert setting(page, local) == (500, 0.99), "outside of the map it stays at its edge"
    assert page.page.evaluate("document.activeElement.className") == "rd-handle"
    assert not ours(page.errors)


def test_arrow_keys_move_the_point_from_stop_to_stop(page, local):
    show(page, "MapExplorer")
    settled(page, local)
    grip = page.page.locator(".rd-handle")
    grip.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.page.keyboard.press(key)
    assert setting(page, local) == (4.2, 0.901)
    page.page.keyboard.press("Shift+ArrowLeft")
    assert setting(page, local) == (3.2, 0.901)
    for _ in range(30):
        page.page.keyboard.press("Shift+ArrowDown")
    assert setting(page, local) == (3.2, 0.0)
    assert "α = 3.2, β = 0" in grip.get_attribute("aria-label")


def test_the_best_pair_of_the_button_is_one_key_from_the_border(page, local):
    show(page, "MapExplorer")
    settled(page, local)
    page.page.get_by_role("button", name="Best pair for this κ").click()
    page.page.wait_for_function(
        "() => document.querySelector('.rd-twin').textContent.includes('settles in 45 steps (')"
    )
    disc = page.page.locator(".rd-handle").bounding_box()
    x, y = disc["x"] + 31, disc["y"] + 29  # not in its middle, and with a hand that slips a little
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 1, y - 2)
    page.page.mouse.up()
    page.page.keyboard.press("ArrowDown")
    page.page.wait_for_function(
        "() => document.querySelector('.rd-twin').textContent.includes('β = 0.66: diverges')"
    )


def test_colours_follow_kappa_and_are_never_blank(page, local):
    show(page, "MapExplorer")
    settled(page, local)
    page.page.evaluate(WATCH_BLANKS)
    page.page.evaluate(
        """() => { window.seen = new Set();
        const look = () => {
          seen.add(document.querySelector(".rd-stage svg g image")?.getAttribute("href") ?? "none");
          requestAnimationFrame(look); };
        look(); }"""
    )
    handle = page.slider("κ")
    box = handle.bounding_box()
    page.page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.page.mouse.down()
    for move in range(1, 6):  # the button is held all the while; a busy kernel may take its time
        page.page.mouse.move(box["x"] + 8 - 15 * move, box["y"] + 8)
        page.page.wait_for_function(f"() => window.seen.size > {move}")
    page.page.mouse.move(box["x"] - 150, box["y"] + 8, steps=40)
    page.page.mouse.up()
    settled(page, local)
    seen = page.page.evaluate("[...window.seen]")
    assert all(address.startswith("data:image/png;base64,") for address in seen)
    before = len(seen)
    page.slider("α").focus()
    for _ in range(10):
        page.page.keyboard.press("ArrowRight")
    settled(page, local)
    assert page.page.evaluate("window.seen.size") == before, "moving α leaves the colours alone"
    assert page.page.evaluate("window.blanks") == 0


@in_one_lab
def test_the_point_by_touch(own_page, page, local):
    show(page, "MapExplorer")
    settled(page, local)
    page.page.evaluate("() => document.querySelector('.rd-field').scrollIntoView({block: 'center'})")
    page.page.wait_for_timeout(300)
    field = page.page.locator(".rd-field").bounding_box()
    x, y = field["x"] + 3 / 4.7 * field["width"], field["y"] + 0.5 * field["height"]
    client = page.page.context.new_cdp_session(page.page)
    client.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x - 110, "y": y}]})
    for i in range(12):  # from beside the disc, which a finger near it would take hold of
        point = {"x": x - 110 + 10 * i, "y": y}
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert setting(page, local) == (10, 0.9)
