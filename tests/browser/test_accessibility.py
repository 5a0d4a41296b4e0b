"""What axe-core finds where an explorer shows an error; `test_explorers.py` lets it look at each explorer."""

import pytest

from .axe import assert_everybody_can_use, bring, check

pytestmark = pytest.mark.line("change")


def test_an_error_is_announced_and_can_be_read(page):
    code = (
        "from lesson_utils.explorers import MomentumExplorer\n"
        "def my_step(w, v, dw, alpha, beta):\n    return None\n"
        "MomentumExplorer(step=my_step)"
    )
    page.show("error", code)
    assert page.page.get_by_role("alert").is_visible()
    assert_everybody_can_use(page, meant={"button-name", "aria-input-field-name", "color-contrast"})


def test_axe_sees_a_mistake(page):
    page.show("ParabolaExplorer")
    page.page.evaluate("() => document.querySelector('.rd-stage svg').removeAttribute('aria-label')")
    page.page.evaluate("() => (document.querySelector('.rd-twin').style.color = '#cccccc')")
    bring(page)
    found = " ".join(check(page)[0])
    assert "svg-img-alt" in found and "color-contrast" in found
