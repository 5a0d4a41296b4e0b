"""The figure appears, in each JupyterLab that learners meet."""

OURS = ("rd-", "stage", "anywidget", "widget", "Unhandled")  # words in a complaint that would be about us


def test_first_figure_appears(page):
    name = page.lab.write(
        "smoke.ipynb", "from lesson_utils.explorers import MomentumExplorer\nMomentumExplorer()"
    )
    page.open(name).run_all().wait_stage()
    assert page.page.locator(".rd-stage svg[role=img]").first.is_visible()
    assert page.twin().startswith("Plain, α = ")
    assert [error for error in page.errors if any(word in error for word in OURS)] == []


def test_version(own_page, page):
    wanted = {"current": "4.", "4.4": "4.4."}[page.lab.version]
    name = page.lab.write("version.ipynb", "1")
    page.open(name)
    assert page.page.evaluate("() => window.jupyterapp.version").startswith(wanted)


def test_small_answers_are_sent_at_once(page):
    log = (page.lab.home / "log.txt").read_text()
    assert "lesson_utils.server | extension was successfully loaded" in log
