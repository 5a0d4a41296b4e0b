"""The figure appears, in each JupyterLab that learners meet."""

import pytest

from .conftest import VERSIONS

pytestmark = pytest.mark.line("change")


@pytest.mark.parametrize("lab", VERSIONS, indirect=True, scope="session")
def test_the_first_figure_appears_in_the_jupyterlab_that_is_meant(page):
    page.show("MomentumExplorer")
    assert page.page.locator(".rd-stage svg[role=graphics-document]").first.is_visible()
    assert page.twin().startswith("Plain, α = ")
    pictures = page.page.locator("div[class^=still-] figure")
    pictures.first.wait_for(state="attached")
    assert pictures.count() == 3 and not any(one.is_visible() for one in pictures.all())
    assert not page.complaints()
    wanted = {"current": "4.", "4.4": "4.4."}[page.lab.version]
    assert page.page.evaluate("() => window.jupyterapp.version").startswith(wanted)
    log = (page.lab.home / "log.txt").read_text()
    assert "lesson_utils.server | extension was successfully loaded" in log, "small answers are sent at once"
