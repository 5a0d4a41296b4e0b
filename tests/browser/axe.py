"""axe-core looks at what is ours, the explorer's output area, and not at JupyterLab around it.

axe-core itself comes with the package axe-playwright-python, so that nothing is fetched while the tests run.
"""

from importlib.resources import files

from workshop.lab import until

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
OURS = ".jp-OutputArea:has(.rd-stage)"
REFUSED = {"serious", "critical"}
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
# What axe must have found to be right: a picture with words, names of sliders and buttons, colours.
MEANT = {"svg-img-alt", "button-name", "aria-input-field-name", "color-contrast"}
CHANGED = """([light, where]) => {
  const paper = getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor;
  const shade = Math.max(...paper.match(/[\\d.]+/g).slice(0, 3).map(Number));
  const moving = document.querySelector(where).getAnimations({ subtree: true }).some((one) => one.playState !== "finished");
  const covered = document.getElementById("jupyterlab-splash");
  return document.body.dataset.jpThemeLight === String(light) && shade > 128 === light && !moving && !covered;
}"""


def use_theme(page, theme):
    """Change JupyterLab's theme and wait until the page has its colours."""
    command = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
    page.page.evaluate(command, theme)
    until(page, CHANGED, [theme == LIGHT, OURS])


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


def assert_everybody_can_use(page, meant=MEANT):
    """Assert that axe finds nothing wrong in either theme, and that it has found what is meant."""
    bring(page)
    try:
        for theme in (LIGHT, DARK):
            use_theme(page, theme)
            violations, passed = check(page)
            assert violations == [], theme
            assert meant <= passed, f"{theme}: nothing is right of {meant - passed}"
    finally:
        use_theme(page, LIGHT)


def bring(page):
    """Bring axe-core to a page."""
    page.page.evaluate(AXE)
    # JupyterLab's body is 0 high and hides what overflows it: axe would take all words for invisible.
    page.page.evaluate("() => (document.body.style.height = '100vh')")
