"""Each lesson in a real JupyterLab: it runs from the first cell to the last and every figure is painted."""

import pytest

from ..notebook_files import LESSONS

# The notebook keeps far cells out of the page; this scrolls on until every figure has been seen.
SCROLL = """async () => {
  const panel = window.jupyterapp.shell.currentWidget.content;
  const seen = new Set(), errors = [];
  for (let i = 0; i < panel.widgets.length; i += 1) {
    if (panel.widgets[i].model.type !== "code") continue;
    await panel.scrollToItem(i, "center");
    await new Promise((done) => setTimeout(done, 150));
    const node = panel.widgets[i].node;
    for (const output of panel.widgets[i].model.outputs.toJSON?.() ?? []) {
      if (output.output_type === "error" || output.name === "stderr") errors.push(JSON.stringify(output).slice(0, 400));
    }
    for (let wait = 0; wait < 40 && node.querySelector(".rd-stage:not([data-painted])"); wait += 1)
      await new Promise((done) => setTimeout(done, 100));
    const stage = node.querySelector(".rd-stage");
    if (stage) seen.add(stage.querySelector("svg").getAttribute("aria-label") + i + (stage.dataset.painted ? "" : " BLANK"));
    else if (node.querySelector(".jupyter-widgets, .lm-Widget.jupyter-widgets")) errors.push(`cell ${i}: no figure`);
  }
  return { seen: [...seen], errors };
}"""


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem[:12])
def test_a_lesson_runs_and_paints_every_figure(page, path):
    figures = path.read_text(encoding="utf-8").count("Explorer(")
    page.open(page.lab.copy(path)).run_all()
    page.page.wait_for_function(
        "() => { const cells = window.jupyterapp.shell.currentWidget.content.widgets.filter(c => c.model.type === 'code');"
        " return cells.every(c => c.model.executionCount) && "
        "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'; }",
        timeout=120_000,
    )
    page.page.wait_for_timeout(1000)
    found = page.page.evaluate(SCROLL)
    assert not found["errors"]
    assert len(found["seen"]) == figures, found["seen"]
    assert not [label for label in found["seen"] if "BLANK" in label]
    assert not page.errors


def test_the_glossary_opens_beside_the_lesson(page):
    page.lab.copy(LESSONS[0].parent / "GLOSSARY.md")
    page.open(page.lab.copy(LESSONS[0]))
    page.page.get_by_role("link", name="glossary", exact=True).first.click()
    # JupyterLab 4.4 opens a Markdown file in its editor; the page says how to see it without stars and brackets.
    shown = {"current": ".jp-MarkdownViewer h1:has-text('Glossary')", "4.4": ".jp-FileEditor"}
    page.page.wait_for_selector(shown[page.lab.version], timeout=20_000)
