"""The limits of α are hidden until a learner has looked for them: in the picture, on the slider, in the sentence."""

import re

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

from lesson_utils import explorers, theory
from workshop.files import LESSONS, raw

from ..stage.frames import Holder, same

KINDS = ("Parabola", "Descent", "Momentum")
ALPHAS = (0.0, 0.3, 2.0, 2.05, 38.0, 39.0)  # both borders are there, 2 and 38 at β = 0.9


@pytest.fixture(scope="module", params=KINDS)
def made(request):
    explorer = getattr(explorers, f"{request.param}Explorer")()
    yield explorer
    explorer.close()


def limits_of(settings):
    """Return the largest α of each run that a figure shows."""
    return {
        theory.stability_limit(settings.get("curvature", 1.0), beta)
        for beta in (0.0, settings.get("beta", 0.0))
    }


def lines_at(figure, limits):
    """Return the visible upright lines of a picture's ruler that stand at one of these α."""
    lines = [line for line in figure.findobj(Line2D) if line.get_visible() and len(line.get_xdata()) == 2]
    at = [tuple(np.asarray(line.get_xdata(), dtype=float)) for line in lines]
    return [x for x in at if any(np.allclose(x, np.log10(limit), atol=1e-9) for limit in limits)]


def tells(explorer, **changes):
    """Return where a figure tells a limit: words in the picture, lines on the ruler, marks, the sentence."""
    explorer.set(**changes)
    figure, frame = explorer.figure(), explorer.stage.frame()
    limits = limits_of(explorer.settings)
    texts = [
        t.get_text() for t in figure.findobj(Text) if t.get_visible() and re.search(r"\blimit", t.get_text())
    ]
    lines = lines_at(figure, limits)
    said = re.findall(r"limit α = ([\d.]+)|\blimit", frame.twin)
    return texts, lines, [one["text"] for one in frame.marks["alpha"]], said


def test_they_are_told_at_first_and_hidden_when_the_tick_is_taken_away(explorer):
    walks = explorer.player in explorer.controls
    texts, lines, marks, said = tells(explorer, alpha=1.0)
    count = len(limits_of(explorer.settings))
    assert len(texts) == len(lines) == walks * count and len(said) == walks * count
    assert marks[-count:] and all(any(char.isdigit() for char in one) for one in marks)
    assert tells(explorer, limits=False, alpha=1.0) == ([], [], [], [])
    assert tells(explorer, limits=True) == (texts, lines, marks, said)


def test_no_run_tells_them_when_they_are_hidden(explorer):
    """Whether it creeps, settles, swings for ever or diverges, and from the valley's floor as well."""
    ends = []
    for alpha in (one for one in ALPHAS if one <= explorer.controls["alpha"].stops[-1]):
        floor = {"start_2": 0.0} if "start_2" in explorer.controls else {}
        for changes in ({}, floor):
            explorer.reset()
            assert tells(explorer, limits=False, alpha=alpha, **changes) == ([], [], [], []), (alpha, changes)
            ends.append(explorer.twin)
    for word in ("diverges", "for ever"):
        assert any(word in one for one in ends), "how it ends is said all the same"


def test_hidden_limits_leave_the_rest_as_it_is(explorer):
    """The same path: nothing but the ruler's limits differs between the two pictures."""
    with_them = explorer.stage.frame({**explorer.settings})
    shown = len(explorer.stage._read_layers())
    hidden = explorer.stage.frame({**explorer.settings, "limits": False})
    drawn = 2 * len(limits_of(explorer.settings)) * (explorer.player in explorer.controls)
    assert shown - len(explorer.stage._read_layers()) == drawn, "a line and a word each"
    strip = re.compile(r" \(limit α = [\d.]+\)")
    assert strip.sub("", with_them.twin) == hidden.twin
    rows = [
        explorer._table(explorer._compute({**explorer.settings, "limits": told})) for told in (True, False)
    ]
    assert rows[0] == rows[1]


def test_presets_leave_them_hidden_and_reset_brings_back_how_the_figure_began(explorer):
    hidden = type(explorer)(limits=False)
    for name in hidden.presets:
        hidden.set(**hidden.preset(name))
        assert hidden.settings["limits"] is False and tells(hidden) == ([], [], [], [])
    assert all(one["limits"] is False for one in hidden._pictured()), (
        "nor do the pictures of a page tell them"
    )
    hidden.set(limits=True)
    hidden.reset()
    assert hidden.settings["limits"] is False


def test_a_page_that_ticks_and_takes_the_tick_away_is_where_it_was(explorer):
    page = Holder(explorer.stage)
    page.ask(limits=False)
    first = page.layers
    page.ask(limits=True)
    assert not same(page.layers, first) or explorer.player not in explorer.controls
    page.ask(limits=False)
    assert same(page.layers, first)


@pytest.mark.parametrize("kind", KINDS)
def test_the_csv_says_whether_they_were_shown(kind, tmp_path):
    explorer = getattr(explorers, f"{kind}Explorer")(limits=False)
    explorer.to_csv(tmp_path / "run.csv")
    assert "# limits = False" in (tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("lesson", "found"), [(3, "two-saw"), (4, "limit-derived")])
def test_a_lessons_figures_hide_them_until_the_reader_has_found_them(lesson, found):
    notebook = raw(LESSONS[lesson - 1])["cells"]
    at = next(i for i, cell in enumerate(notebook) if cell["id"] == found)
    hide = [[], []]  # before and after
    for i, cell in enumerate(notebook):
        for name in KINDS:
            if cell["cell_type"] == "code" and f"{name}Explorer(" in "".join(cell["source"]):
                hide[i > at].append("limits=False" in "".join(cell["source"]))
    assert hide[0] and all(hide[0]), "it would answer before it is asked"
    assert hide[1] and not any(hide[1])
