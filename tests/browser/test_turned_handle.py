"""A start point whose two controls count along turned directions: it must follow the hand all the same."""

import math

import pytest

from lesson_utils.explorers import MethodsExplorer

from .conftest import in_one_lab
from .test_explorers import ours, settled, show


@in_one_lab
def test_a_turned_start_point_by_arrow_keys_and_by_mouse(page):
    local = MethodsExplorer(angle=30)
    code = "from lesson_utils.explorers import MethodsExplorer\nMethodsExplorer(angle=30)"
    show(page, "MethodsExplorer", code)
    before = settled(page, local)
    grip = page.page.locator(".rd-handle")
    grip.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.page.keyboard.press(key)
    after = settled(page, local)
    # Each key moves by a hundredth of the picture: 5.8 units wide, 4.24 high.
    x, y, c, s = 2 * 0.058, 0.0424, math.cos(math.radians(30)), math.sin(math.radians(30))
    assert after["start_1"] == pytest.approx(before["start_1"] + c * x + s * y, abs=2e-3)
    assert after["start_2"] == pytest.approx(before["start_2"] - s * x + c * y, abs=2e-3)
    box = grip.bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.page.mouse.move(*at)
    page.page.mouse.down()
    page.page.mouse.move(at[0] + 80, at[1] - 20, steps=20)
    page.page.mouse.up()
    settled(page, local)
    moved = grip.bounding_box()
    assert moved["x"] - box["x"] == pytest.approx(80, abs=1.5)
    assert moved["y"] - box["y"] == pytest.approx(-20, abs=1.5)
    assert not ours(page.errors)
