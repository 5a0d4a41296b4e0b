"""axe-core looks at each explorer in a real JupyterLab, in the light and in the dark theme.

It looks at what is ours, the explorer's output area, and not at JupyterLab around it. axe-core itself comes with
the package axe-playwright-python, so that nothing is fetched while the tests run.
"""

from importlib.resources import files

import pytest

from lesson_utils import explorers

from .conftest import in_one_lab

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
OURS = ".jp-OutputArea:has(.rd-stage)"
REFUSED = {"serious", "critical"}
THEMES = ("JupyterLab Light", "JupyterLab Dark")


def check(page, where=OURS):
    """Return (violations that count, ids of the rules that found something to be right)."""
    found = page.page.evaluate(
        "where => axe.run({ include: [where] }, { resultTypes: ['violations', 'passes'] })", where
    )
    violations = [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in REFUSED
        for node in one["nodes"]
    ]
    return violations, {one["id"] for one in found["passes"]}


def use_theme(page, theme):
    """Change JupyterLab's theme and wait until the page has it."""
    page.page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme
    )
    light = str(theme.endswith("Light")).lower()
    page.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")
    page.page.wait_for_timeout(400)


@pytest.fixture
def open_explorer(page):
    """Return a function that shows an explorer and brings axe-core to the page."""

    def show(name, code=None):
        code = code or f"from lesson_utils.explorers import {name}\n{name}()"
        page.open(page.lab.write(f"axe-{name}.ipynb", code)).run_all().wait_stage()
        page.page.wait_for_timeout(800)
        page.page.evaluate(AXE)
        # JupyterLab's body is 0 high and hides what overflows it: axe would take all words for invisible.
        page.page.evaluate("() => (document.body.style.height = '100vh')")
        return page

    yield show
    use_theme(page, THEMES[0])


@in_one_lab
@pytest.mark.parametrize("name", explorers.__all__)
def test_an_explorer_can_be_used_by_everybody(open_explorer, name):
    page = open_explorer(name)
    for theme in THEMES:
        use_theme(page, theme)
        violations, passed = check(page)
        assert violations == [], theme
        # axe found what it is meant to look at: a picture with words, names of sliders and buttons, colours
        assert {"svg-img-alt", "button-name", "aria-input-field-name", "color-contrast"} <= passed, theme


def spoken(page, slider):
    """Return what a screen reader is told of a slider: its name and its value."""
    return slider.get_attribute("aria-label"), slider.get_attribute("aria-valuetext")


def test_a_slider_says_its_name_and_its_value(open_explorer):
    page = open_explorer("MomentumExplorer")
    alpha = page.slider("α")
    assert spoken(page, alpha) == ("α", "4")
    alpha.focus()
    page.page.keyboard.press("ArrowRight")
    page.page.wait_for_function("() => document.activeElement.getAttribute('aria-valuetext') === '4.1'")
    page.page.get_by_role("button", name="β too high").click()
    page.page.wait_for_function("() => document.querySelector('.rd-twin').textContent.includes('β = 0.99')")
    assert spoken(page, alpha) == ("α", "4")
    assert spoken(page, page.slider("β")) == ("β", "0.99")
    assert spoken(page, page.slider("steps")) == ("steps", "300")


def test_the_ends_of_a_span_have_names_of_their_own(open_explorer):
    page = open_explorer("AverageExplorer")
    handles = page.slider("days shown")
    assert [spoken(page, handles.nth(i)) for i in range(2)] == [
        ("days shown, from", "0"),
        ("days shown, to", "364"),
    ]


def test_an_error_is_announced_and_can_be_read(open_explorer):
    code = (
        "from lesson_utils.explorers import MomentumExplorer\n"
        "def my_step(w, v, dw, alpha, beta):\n    return None\n"
        "MomentumExplorer(step=my_step)"
    )
    page = open_explorer("MomentumExplorer", code)
    assert page.page.get_by_role("alert").is_visible()
    for theme in THEMES:
        use_theme(page, theme)
        assert check(page)[0] == [], theme


def test_axe_sees_a_mistake(open_explorer):
    page = open_explorer("ParabolaExplorer")
    page.page.evaluate("() => document.querySelector('.rd-stage svg').removeAttribute('aria-label')")
    page.page.evaluate("() => (document.querySelector('.rd-twin').style.color = '#cccccc')")
    found = " ".join(check(page)[0])
    assert "svg-img-alt" in found and "color-contrast" in found
