"""A start point whose two controls count along turned directions: it must follow the hand all the same."""

import math

import pytest

from lesson_utils.explorers import MethodsExplorer
from lesson_utils.explorers.methods import window_at
from workshop.lab import at_rest

from .conftest import in_one_lab

pytestmark = pytest.mark.line("change")


@in_one_lab
def test_a_turned_start_point_by_arrow_keys_and_by_mouse(page):
    local = MethodsExplorer(angle=30)
    page.show("turned", "from lesson_utils.explorers import MethodsExplorer\nMethodsExplorer(angle=30)")
    before = at_rest(page, local)
    grip = page.page.locator(".rd-handle")
    grip.focus()
    page.press("ArrowRight", "ArrowRight", "ArrowUp")
    after = at_rest(page, local)
    # Each key moves by a hundredth of the picture.
    x, y = (2 * part / 100 for part in window_at(30))
    x, c, s = 2 * x, math.cos(math.radians(30)), math.sin(math.radians(30))
    assert after["start_1"] == pytest.approx(before["start_1"] + c * x + s * y, abs=2e-3)
    assert after["start_2"] == pytest.approx(before["start_2"] - s * x + c * y, abs=2e-3)
    x, y = page.middle(grip)
    page.drag((x, y), (x + 80, y - 20), steps=20)
    at_rest(page, local)
    assert page.middle(grip) == pytest.approx((x + 80, y - 20), abs=1.5)
    assert not page.complaints()
