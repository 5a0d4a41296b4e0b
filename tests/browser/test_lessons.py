"""Each lesson in a real JupyterLab: it runs from the first cell to the last and every figure is painted."""

import re

import pytest

from workshop.files import LESSONS
from workshop.lab import until

pytestmark = [pytest.mark.line("change"), pytest.mark.timeout(600)]
release = pytest.mark.line("release")

# In the older JupyterLab the lesson of the heart figure, and the others before a release.
RUNS = [pytest.param("current", path, id=f"current-{path.stem[:12]}") for path in LESSONS]
RUNS += [
    pytest.param("4.4", path, id=f"4.4-{path.stem[:12]}", marks=() if path.stem.startswith("04") else release)
    for path in LESSONS
]

# What the cells have left, by their numbers: what went wrong, and which show widgets.
LEFT = """() => {
  const left = { errors: [], widgets: [] };
  window.jupyterapp.shell.currentWidget.content.widgets.forEach((cell, i) => {
    if (cell.model.type !== "code") return;
    if (!cell.model.executionCount) left.errors.push(`cell ${i} did not run`);
    const outputs = cell.model.outputs.toJSON();
    for (const one of outputs)
      if (one.output_type === "error" || one.name === "stderr") left.errors.push(JSON.stringify(one).slice(0, 400));
    if (outputs.some((one) => "application/vnd.jupyter.widget-view+json" in (one.data ?? {}))) left.widgets.push(i);
  });
  return left;
}"""
# The notebook keeps far cells out of the page; this brings one in, and its figure's label once that has come to rest.
SCROLL = "i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'center')"
PAINTED = """i => {
  const stage = window.jupyterapp.shell.currentWidget.content.widgets[i].node.querySelector(".rd-stage");
  return stage?.dataset.painted && stage.dataset.rest === "yes" && stage.querySelector("svg").getAttribute("aria-label");
}"""


FIGURE = re.compile(r"(?:Explorer|Challenge)\(")


@pytest.mark.parametrize(("lab", "path"), RUNS, indirect=["lab"], scope="session")
def test_a_lesson_runs_and_paints_every_figure(page, path):
    page.open(page.lab.copy(path)).run_all()
    left = page.page.evaluate(LEFT)
    assert not left["errors"]
    for cell in left["widgets"]:
        page.page.evaluate(SCROLL, cell)
        assert until(page, PAINTED, cell)
    assert len(left["widgets"]) == len(FIGURE.findall(path.read_text(encoding="utf-8")))
    assert not page.errors


def test_the_glossary_opens_beside_the_lesson(page):
    page.lab.copy(LESSONS[0].parent / "GLOSSARY.md")
    page.open(page.lab.copy(LESSONS[0]))
    page.page.get_by_role("link", name="glossary", exact=True).first.click()
    # JupyterLab 4.4 opens a Markdown file in its editor; the page says how to see it without stars and brackets.
    shown = {"current": ".jp-MarkdownViewer h1:has-text('Glossary')", "4.4": ".jp-FileEditor"}
    page.page.wait_for_selector(shown[page.lab.version], timeout=60_000)
