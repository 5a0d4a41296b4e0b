"""The figure of the two conventions: α follows the switch, nothing jumps on the way, and the words are true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from lesson_utils import optimizers, theory
from lesson_utils.conventions import FORMS, alpha_for
from lesson_utils.drawing import style
from lesson_utils.drawing.sweep import BETAS, place_of, steps_for
from lesson_utils.explorers import ConventionExplorer
from lesson_utils.losses import Quadratic

from ..pairwise import pairwise
from ..stage.frames import Holder
from .runs import frame_at, heavy_ball
from .undrawn import undrawn

KIND = ConventionExplorer

FILLS = {
    "ewa": style.MOMENTUM["color"],
    "heavy_ball": style.HEAVY_BALL["color"],
    "inside": style.INSIDE["color"],
}


def path_of(page, form):
    """Return the points of a form's path in the valley, in page units."""
    found = [
        xy
        for style, _, xy in page.layers
        if style["k"] == "marks" and FILLS[form] in (style["fill"], style["stroke"]) and len(xy) > 20
    ]
    return max(found, key=len)


def index_of(control, value):
    return [option[1] for option in control.options].index(value)


def test_the_switch_rescales_alpha_and_back_is_where_it_was(explorer):
    alpha, form = explorer.controls["alpha"], explorer.controls["form"]
    form.value = "heavy_ball"
    assert alpha.value == 0.4
    form.value = "inside"
    assert alpha.value == 0.4
    form.value = "ewa"
    assert alpha.value == 4.0


def test_what_code_sets_keeps_the_path_too(explorer):
    explorer.set(form="heavy_ball")
    assert explorer.settings["alpha"] == 0.4 and "walks the same path" in explorer.twin
    explorer.set(beta=0.95)
    assert explorer.settings["alpha"] == 0.2
    explorer.set(form="ewa", beta=0.5, kappa=10.0)
    assert explorer.settings["alpha"] == 4.0
    explorer.set(form="heavy_ball", alpha=3.0)
    assert explorer.settings["alpha"] == 3.0, "who gives α gets it"
    explorer.set(keep=False, beta=0.9)
    assert explorer.settings["alpha"] == 3.0
    explorer.set(keep=True, form="ewa")
    assert explorer.settings["alpha"] == pytest.approx(30.0)


def test_at_the_sliders_end_code_finds_the_way_back_as_a_hand_does():
    explorer = undrawn(ConventionExplorer, form="heavy_ball", alpha=80.0)
    explorer.set(form="ewa")
    assert explorer.settings["alpha"] == 500.0, "the slider ends before 800"
    explorer.set(kappa=10.0)
    explorer.set(form="heavy_ball")
    assert explorer.settings["alpha"] == 80.0


def test_settings_that_fail_leave_alpha_where_it_was():
    explorer = undrawn(ConventionExplorer)
    slider = explorer.controls["steps"]

    def refuse(change):
        if change["new"] == 7:
            raise RuntimeError("no")

    slider.observe(refuse, "value")
    with pytest.raises(RuntimeError):
        explorer.set(form="heavy_ball", steps=7)
    assert explorer.settings["alpha"] == 4.0 and explorer.settings["form"] == "ewa"
    explorer.set(form="heavy_ball")
    assert explorer.settings["alpha"] == 0.4


def test_the_end_of_the_slider_is_not_forgotten(explorer):
    explorer.set(form="heavy_ball", alpha=500.0, beta=0.99)
    assert "The slider ends at 500" in ConventionExplorer(form="heavy_ball", alpha=100.0).twin
    explorer.controls["form"].value = "ewa"
    assert explorer.settings["alpha"] == 500.0, "50000 is beyond the slider's end"
    explorer.controls["form"].value = "heavy_ball"
    assert explorer.settings["alpha"] == 500.0
    assert "error" not in explorer.stage.answer({"seq": 1, "state": {}})[0]


def test_presets_mean_what_they_say_whatever_was_held(explorer):
    explorer.controls["form"].value = "heavy_ball"
    for values in explorer.presets.values():
        explorer.set(**values)
        assert {name: explorer.settings[name] for name in values} == values
        frame = explorer.stage.answer({"seq": 1, "state": {}})[0]
        assert f"α = {values['alpha']:g}" in frame["twin"]
    explorer.reset()
    assert explorer.settings["alpha"] == 4.0 and explorer.settings["form"] == "ewa"


@settings(max_examples=25)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["alpha", "beta", "form", "keep"]), st.integers(0, 10_000)), max_size=8
    )
)
def test_whatever_is_moved_in_any_order_the_kept_run_is_kept(made, moves):
    explorer = made
    explorer.reset()
    for name, number in moves:
        control = explorer.controls[name]
        before, held = explorer.settings, lecture(explorer)
        if name == "keep":
            control.value = bool(number % 2)
            continue
        options = control.stops if name in ("alpha", "beta") else FORMS
        control.value = options[number % len(options)]
        now = explorer.settings
        if name == "alpha" or not now["keep"]:
            assert now["alpha"] == (control.value if name == "alpha" else before["alpha"])
        elif explorer._kept.alpha <= 500:
            assert lecture(explorer) == pytest.approx(explorer._kept.alpha, rel=1e-9)
            assert held == pytest.approx(explorer._kept.alpha, rel=1e-9) or before["alpha"] == 500
        # A frame for what the page shows now is one of exactly these settings.
        assert explorer._meant(now) == now


def lecture(explorer):
    now = explorer.settings
    return alpha_for(now["alpha"], now["beta"], source=now["form"], target="ewa")


def test_the_path_does_not_move_before_the_page_hears_of_the_new_alpha(explorer):
    """The page asks with the new form and the old α, before and after the kernel has heard of the form."""
    page = Holder(explorer.stage)
    before = path_of(page, "ewa")
    late = {
        "alpha": explorer.controls["alpha"].index,
        "form": index_of(explorer.controls["form"], "heavy_ball"),
    }
    assert "The heavy ball, α = 0.4, β = 0.9: settles in 96 steps" in page.ask(**late)["twin"]
    np.testing.assert_allclose(path_of(page, "heavy_ball"), before, atol=0.13)
    explorer.controls["form"].value = "heavy_ball"
    assert "The heavy ball, α = 0.4, β = 0.9: settles in 96 steps" in page.ask(**late)["twin"]
    assert "The heavy ball, α = 0.4, β = 0.9: settles in 96 steps" in page.ask()["twin"]
    np.testing.assert_allclose(path_of(page, "ewa"), before, atol=0.13)


def test_a_drag_of_beta_shows_one_lecture_alpha_throughout(explorer):
    """Frames lag behind by several places of β, and by a list of stops that has changed since."""
    explorer.set(form="heavy_ball", alpha=0.4)
    beta, alpha, page = explorer.controls["beta"], explorer.controls["alpha"], Holder(explorer.stage)
    seen = [alpha.index]
    for place in range(60, 120, 7):
        for old in seen[-3:]:
            reply = page.ask(alpha=old, beta=place)
            assert "walks the same path with α = 4," in reply["twin"]
        beta.index = place
        for old in seen[-3:]:
            assert "walks the same path with α = 4," in page.ask(alpha=old, beta=place)["twin"]
        seen.append(alpha.index)


def test_a_slider_that_comes_back_to_an_old_place_is_believed(explorer, monkeypatch):
    """α is dragged back to where it stood before the switch; the page is told to ask again, and gets that run."""
    asked = []
    monkeypatch.setattr(explorer.stage, "send", lambda content, buffers=None: asked.append(content))
    explorer.controls["form"].value = "heavy_ball"
    explorer.controls["alpha"].value = 4.0
    assert asked == [{"kind": "again"}]
    assert "The heavy ball, α = 4, β = 0.9: diverges" in Holder(explorer.stage).ask()["twin"]
    explorer.controls["alpha"].value = 3.0
    assert asked == [{"kind": "again"}], "no more than needed"


def test_what_code_sets_has_the_page_ask_again(explorer, monkeypatch):
    """While several controls are set, a page may have asked for a run that never was."""
    asked = []
    monkeypatch.setattr(explorer.stage, "send", lambda content, buffers=None: asked.append(content))
    explorer.set(form="heavy_ball", beta=0.5)
    assert asked == [{"kind": "again"}]


@pytest.mark.parametrize(
    ("beta", "alpha", "form", "keep"),
    pairwise(
        [0.0, 0.5, 0.9, 0.99],
        [0.0, 0.4, 3.8, 4.0, 40.0],
        FORMS,
        [True, False],
        also=[(0.9, 3.8, "heavy_ball", True), (0.9, 0.4, "inside", True), (0.9, 4.0, "heavy_ball", True)],
    ),
)
def test_the_sentence_is_true(explorer, alpha, beta, form, keep):
    explorer.set(alpha=alpha, beta=beta, form=form, keep=keep, kappa=100.0, steps=120, later=1.0)
    words = explorer.twin
    beside = "ewa" if form == "heavy_ball" else "heavy_ball"
    other = alpha_for(alpha, beta, source=form, target=beside) if keep else alpha
    own_run, other_run = (run_of(f, a, beta) for f, a in ((form, alpha), (beside, other)))
    one = np.allclose(own_run.w, other_run.w, rtol=1e-6, atol=1e-6, equal_nan=True)
    assert ("walks the same path" in words) == one
    assert ("For the same path it needs" in words) == (not one)
    assert verdict_word(own_run) in words.split(".", 1)[0] + words
    titles = [text.get_text() for ax in explorer.stage._figure.axes for text in ax.texts]
    assert any(("one path" if one else "two paths") in title for title in titles)


def run_of(form, alpha, beta):
    convention = "ewa" if form == "ewa" else "heavy_ball"
    return optimizers.momentum(
        Quadratic((0.01, 1.0)).gradient, (-9, 1.2), alpha, beta, 4000, convention=convention
    )


def verdict_word(run):
    settled = optimizers.settles_at(run.w, (0, 0))
    if (run.w == run.w[0]).all():
        return "stays where it is"
    if settled is not None:
        return f"settles in {settled} steps"
    return "diverges" if not abs(run.w[-1, 1]) < 1e3 else "swings for ever"


def test_the_sentence_about_a_change(explorer):
    explorer.set(form="inside", alpha=0.4, later=0.0, change_at=20)
    assert "Keras' form, α = 0.4 → 0 from step 20 on: after 120 steps w = (−3, −1.22)." in explorer.twin
    assert "The heavy ball, α = 0.4 → 0: w = (−5.16, 0.279)." in explorer.twin
    explorer.set(change_at=200)
    assert "as the run ends before step 200" in explorer.twin
    explorer.set(change_at=0, later=10.0)
    assert "α = 0.4 → 4 from step 0 on: after 120 steps it has run away" in explorer.twin


@pytest.mark.parametrize(
    ("form", "beta", "on_slider", "on_ruler"),
    [
        ("ewa", 0.9, "limit 38", "limit 38"),
        ("heavy_ball", 0.9, "limit 3.8, this form", "limit 38, lecture's form"),
        ("inside", 0.5, "limit 3, this form", "limit 6, lecture's form"),
    ],
)
def test_the_limits_on_the_slider_and_on_the_ruler_are_one_or_say_why_not(
    explorer, form, beta, on_slider, on_ruler
):
    frame = frame_at(explorer, form=form, alpha=0.4, beta=beta, keep=False)
    assert [mark["text"] for mark in frame.marks["alpha"]] == [on_slider]
    said = {text.get_text() for text in explorer.stage._figure.findobj(Text) if text.get_visible()}
    assert [words for words in said if words.startswith("limit")] == [on_ruler]


def test_the_walk_says_both_velocities(explorer):
    explorer.set(step_shown=0)
    assert "Step 0: v = (−0.009, 0.12) moves w by (0.036, −0.48)" in explorer.twin
    assert "in the heavy ball, v = (−0.09, 1.2) moves w by (0.036, −0.48)" in explorer.twin


def test_the_curve_by_beta_is_the_rate(explorer):
    frame_at(explorer, form="heavy_ball", alpha=0.4, keep=False)
    panel = explorer.stage._figure.axes[-1]
    lines = {line.get_color(): line for line in panel.lines if len(line.get_xdata()) == len(BETAS)}
    np.testing.assert_allclose(lines[FILLS["heavy_ball"]].get_xdata(), place_of(BETAS))
    for form, convention in (("heavy_ball", "heavy_ball"), ("ewa", "ewa")):
        drawn = 10 ** lines[FILLS[form]].get_ydata()
        for i in (0, 30, 55, 80):
            exact = theory.steps_to_settle((0.01, 1.0), 0.4, BETAS[i], convention=convention)
            assert drawn[i] == pytest.approx(exact, rel=0.15)
    assert np.isnan(steps_for([1.0, 1.2])).all() and steps_for([0.0])[0] == 1


def keras(w, v, dw, alpha, beta):
    v = beta * v - alpha * dw
    return w + v, v


def test_a_step_is_held_against_the_form_it_claims_to_be():
    own = ConventionExplorer(step=heavy_ball, form="heavy_ball", alpha=0.4)
    assert "Your step: settles in 96 steps. It walks the path of the heavy ball." in own.twin
    assert "The lecture's form, α = 4, β = 0.9: settles in 96 steps" in own.twin
    own.set(form="ewa", alpha=0.4)
    assert "It leaves the path of the lecture's form at step 1" in own.twin


@pytest.mark.parametrize(
    ("form", "alpha", "beside"),
    [("heavy_ball", 0.4, "ewa"), ("inside", 0.4, "heavy_ball"), ("ewa", 4.0, "heavy_ball")],
)
def test_one_path_is_one_path_for_a_step_of_any_form(form, alpha, beside):
    step = {"heavy_ball": heavy_ball, "inside": keras, "ewa": optimizers.momentum_step}[form]
    explorer = ConventionExplorer(step=step, form=form, alpha=3.0, keep=False)
    for name in ("α falls to 0", "One path"):
        next(b for b in buttons(explorer) if b.description == name).click()
    settings = explorer.settings
    assert (settings["form"], settings["alpha"], settings["beta"]) == (form, alpha, 0.9)
    result = explorer._compute(settings)
    assert result.one_path and [run.form for run in result.runs] == [form, beside]
    names = {"ewa": "the lecture's form", "heavy_ball": "the heavy ball", "inside": "Keras' form"}
    assert f"Your step: settles in 96 steps. It walks the path of {names[form]}." in explorer.twin
    other = alpha_for(alpha, 0.9, source=form, target=beside)
    assert f"{names[beside].capitalize()}, α = {other:g}, β = 0.9: settles in 96 steps" in explorer.twin


def buttons(explorer):
    return [w for w in explorer.widget.children[0].children if hasattr(w, "on_click")]


def test_a_step_gets_the_alpha_of_its_time():
    own = ConventionExplorer(step=keras, form="inside", alpha=0.4, later=0.0, change_at=20)
    assert "Your step, α = 0.4 → 0 from step 20 on: after 120 steps w = (−3, −1.22)." in own.twin
    assert "It walks the path of Keras' form." in own.twin
    own.controls["change_at"].value = 40
    assert "It walks the path of Keras' form." in own.twin, "the plan begins anew with each picture"


def columns_of(rows):
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def test_csv_holds_both_runs(csv_of):
    table = columns_of(csv_of(undrawn(ConventionExplorer, steps=30)))
    np.testing.assert_allclose(table["ewa_w1"], table["heavy_ball_w1"], rtol=1e-9)
    np.testing.assert_allclose(10 * np.array(table["ewa_v1"]), table["heavy_ball_v1"], rtol=1e-9)
    assert table["ewa_alpha"][:30] == [4.0] * 30 and len(table["ewa_alpha"]) == 31
    assert table["heavy_ball_alpha"][:30] == [pytest.approx(0.4)] * 30
    assert "alpha" not in table, "each run has its own"


def test_csv_of_a_step_holds_the_alpha_that_it_got(csv_of):
    plan = {"form": "inside", "alpha": 0.4, "later": 0.0, "change_at": 2, "steps": 3, "kappa": 10.0}
    table = columns_of(csv_of(undrawn(ConventionExplorer, step=keras, **plan)))
    for name in ("your_step_alpha", "heavy_ball_alpha"):
        assert table[name] == pytest.approx([0.4, 0.4, 0.0, float("nan")], nan_ok=True)
