"""The map of α and β: true colours, true words, and nothing sent that has not changed."""

import csv

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from lesson_utils import maps, optimizers, theory
from lesson_utils.drawing import plane, style
from lesson_utils.explorers import MapExplorer
from lesson_utils.explorers.words import number
from lesson_utils.losses import Quadratic

from ..stage.frames import Holder

FORMS = ("ewa", "heavy_ball")


@pytest.fixture(scope="module")
def explorer():
    return MapExplorer()


def by_hand(alpha, beta, kappa, convention, most=8192):
    """Return the step at which a run settles, by a loop that uses nothing of the package."""
    x, v, last = [1.0, 1.0], [0.0, 0.0], 0
    share = 1 - beta if convention == "ewa" else 1.0
    for step in range(1, 2 * most):
        for i, curvature in enumerate((1 / kappa, 1.0)):
            v[i] = beta * v[i] + share * curvature * x[i]
            x[i] -= alpha * v[i]
        if max(abs(x[0]), abs(x[1])) > 0.01:
            last = step
        if max(abs(x[0]), abs(x[1])) > 1e30:
            return None
        if step - last > 2500:
            break
    return last + 1 if last + 1 <= most else None


@pytest.mark.parametrize("convention", FORMS)
@pytest.mark.parametrize("kappa", [1.0, 25.0, 100.0, 1000.0])
def test_a_random_sample_of_the_colours_agrees_with_runs(explorer, kappa, convention):
    settings = {**explorer.settings, "kappa": kappa, "convention": convention}
    cells = plane.levels(explorer._compute(settings).steps_map)
    alphas, betas = plane.cells()
    rng = np.random.default_rng(int(kappa))
    for row, column in zip(rng.integers(72, size=25), rng.integers(112, size=25), strict=True):
        steps = by_hand(alphas[column], betas[row, 0], kappa, convention)
        limit = theory.stability_limit(1.0, betas[row, 0], convention=convention)
        level = cells[row, column]
        if alphas[column] >= limit:
            assert level >= plane.NEVER, "stripes"
        elif steps is None:
            assert level == plane.NEVER - 1, "more than 1000"
        else:
            low, high = (0, *style.SETTLES)[level], (*style.SETTLES, np.inf)[level]
            assert low < steps <= high


@pytest.mark.parametrize("convention", FORMS)
@pytest.mark.parametrize("alpha", [0, 0.01, 0.9, 1.98, 2, 2.05, 3.8, 4, 10, 38, 500])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kappa", [1, 100, 1000])
def test_the_sentence_is_true(explorer, alpha, beta, kappa, convention):
    settings = {"kappa": kappa, "alpha": alpha, "beta": beta, "convention": convention}
    words = explorer.stage.frame({**explorer.settings, **settings}).twin
    limit = 2 * (1 + beta) / ((1 - beta) if convention == "ewa" else 1)
    assert f"κ = {kappa}, " in words
    if alpha == 0:
        assert "stays where it is, because α = 0" in words
    elif alpha > limit * (1 + 1e-9):
        assert "diverges, its limit is α" in words
    elif alpha >= limit * (1 - 1e-9):
        assert "swings for ever" in words
    else:
        settled = by_hand(alpha, beta, kappa, convention)
        assert ("has not settled" if settled is None else f"settles in {settled} step") in words
        names = [theory.regime(c, alpha, beta, convention=convention) for c in (1.0, 1 / kappa)]
        assert f"; {names[0]} across the valley, {names[1]} along it" in words
    best = theory.best_settings((1 / kappa, 1), convention=convention)
    plain = by_hand(2 / (1 + 1 / kappa), 0.0, kappa, "ewa")
    assert f"{by_hand(*best, kappa, convention)} step" in words.split("Best pair")[1]
    assert words.endswith(f": {plain} step{'s' if plain > 1 else ''}.")


@pytest.mark.parametrize("convention", FORMS)
@pytest.mark.parametrize("kappa", [1.0, 2.0, 10.0, 100.0, 1000.0])
def test_the_best_in_the_long_run_and_the_quickest_place_are_told_apart(explorer, kappa, convention):
    words = explorer.stage.frame({**explorer.settings, "kappa": kappa, "convention": convention}).twin
    pair = theory.best_settings((1 / kappa, 1), convention=convention)
    alphas, betas = plane.cells()
    cells = maps.settle_map((1 / kappa, 1.0), alphas, betas, convention=convention)
    alphas, betas = (np.broadcast_to(one, cells.shape).ravel() for one in (alphas, betas))
    needed = by_hand(alphas[cells.argmin()], betas[cells.argmin()], kappa, convention)
    said = f"; the quickest place of the map needs {needed} steps. "
    best = by_hand(*pair, kappa, convention)
    assert (
        f"Best pair for this κ in the long run: α = {number(pair[0])}, β = {pair[1]:.3g}, {best} step"
        in words
    )
    assert (said in words) == (needed < best) == ("quickest" in words)


def pictures(reply):
    return [piece for piece in reply["new"].values() if "png" in piece]


def test_moving_the_point_computes_no_map_and_sends_none(explorer, monkeypatch):
    page = Holder(explorer.stage)
    page.ask()
    calls = []
    real = maps.settle_map
    monkeypatch.setattr(
        maps, "settle_map", lambda *args, **kwargs: calls.append(args) or real(*args, **kwargs)
    )
    sizes = []
    for name, places in (("alpha", range(0, 200, 20)), ("beta", range(0, 180, 20))):
        for place in places:
            reply = page.ask(**{name: place})
            assert pictures(reply) == []
            sizes.append(len(repr(reply)))
    assert calls == []
    assert len(pictures(page.ask(kappa=5))) == 1
    assert len(calls) == 1, "the steep direction is the same for every κ"


def test_a_frame_with_a_new_map_stays_small(explorer):
    page = Holder(explorer.stage)
    page.ask()
    for convention in range(2):
        for place in range(0, len(explorer.controls["kappa"].stops), 4):
            state = {"kappa": place, "convention": convention}
            reply, buffers = explorer.stage.answer({"seq": 1, "base": page.id, "state": state})
            page.take(reply, buffers)
            assert len(repr(reply)) + len(buffers[0]) < 7500, (
                "10 KB with what ipywidgets sends for the slider"
            )


def test_best_pair_follows_kappa_and_the_rule():
    explorer = MapExplorer()
    for kappa in (1.0, 10.0, 100.0, 1000.0):
        for convention in FORMS:
            explorer.set(kappa=kappa, convention=convention)
            explorer.set(**explorer.preset("Best pair for this κ"))
            alpha, beta = theory.best_settings((1 / kappa, 1), convention=convention)
            assert (explorer.settings["alpha"], explorer.settings["beta"]) == (alpha, beta)
            assert explorer.settings["kappa"] == kappa, "it moves the point and not the ravine"
    explorer.set(kappa=100.0, convention="heavy_ball")
    explorer.set(**explorer.preset("β = 0.9, for this form"))
    assert explorer.settings["alpha"] == 1.0 and "settles in 88 steps" in explorer.twin
    explorer.set(convention="ewa")
    explorer.set(**explorer.preset("β = 0.9, for this form"))
    assert explorer.settings["alpha"] == 10.0 and "settles in 88 steps" in explorer.twin
    with pytest.raises(KeyError, match="no preset; allowed are"):
        explorer.preset("best")


def test_the_buttons_use_what_the_settings_are_now():
    explorer = MapExplorer(kappa=1000.0)
    button = next(b for b in explorer.widget.children[0].children if b.description == "Best pair for this κ")
    button.click()
    assert explorer.settings["beta"] == theory.best_settings((0.001, 1))[1]
    explorer.set(kappa=10.0)
    button.click()
    assert explorer.settings["beta"] == theory.best_settings((0.1, 1))[1]


@pytest.mark.parametrize("convention", FORMS)
def test_the_lines_stand_where_the_regimes_change(explorer, convention):
    explorer.stage.frame({**explorer.settings, "kappa": 38.0, "convention": convention})
    axes = explorer.stage._figure.axes[0]
    dashes = {
        "limit": (style.LIMIT, lambda b: theory.stability_limit(1.0, b, convention=convention)),
        "along": (style.ALONG, lambda b: maps.regime_borders(1 / 38, b, convention=convention)[0]),
    }
    for look, expected in dashes.values():
        (line,) = [one for one in axes.lines if one._unscaled_dash_pattern[1] == look["linestyle"][1]]
        beta = 1 - 10 ** -line.get_ydata()
        np.testing.assert_allclose(10 ** line.get_xdata(), expected(beta), rtol=1e-9)
        assert len(beta) > 20
    names = [text.get_text() for text in axes.texts]
    assert all(
        any(name in text for text in names) for name in ("monotone", "ripples", "oscillates", "diverges")
    )
    explorer.stage.frame()


@pytest.mark.parametrize("convention", FORMS)
def test_each_word_stands_in_its_own_regime(convention):
    """Whatever κ is: the words name what happens across the valley."""
    for name, x, y in plane.TEXTS:
        if "oscillates" in name:
            continue  # its own strip is too thin for a word, so an arrow points into it
        for dx in (0.0, 0.1 * len(name)):  # where the word begins and where it ends
            assert theory.regime(1.0, 10 ** (x + dx), 1 - 10**-y, convention=convention) == name


def test_the_point_is_the_sliders_point(explorer):
    frame = explorer.stage.frame({**explorer.settings, "alpha": 10.0, "beta": 0.99})
    (handle,) = frame.handles
    assert handle.at == pytest.approx((1.0, 2.0)) and handle.controls == ("alpha", "beta") and handle.anywhere
    reply = Holder(explorer.stage).reply
    for name, slider in zip(reply["handles"][0]["stops"], ("alpha", "beta"), strict=True):
        places = reply["new"][name]["stops"]
        assert len(places) == len(explorer.controls[slider].stops) and places == sorted(places)
    explorer.stage.frame()


def test_colours_are_told_apart_by_their_lightness():
    """Neighbours differ in lightness alone, which no colour deficiency takes away."""
    light = [lightness(color) for color in style.SETTLES_IN]
    assert (np.diff(light) < -8).all()
    assert lightness(style.NEVER[0]) - lightness(style.NEVER[1]) > 8, "the stripes can be seen"
    assert abs(lightness(style.NEVER[1]) - light[-1]) > 40, "slow and never do not look alike"


def lightness(color):
    """Return CIE L*, 0 to 100."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    y = np.dot(linear, (0.2126, 0.7152, 0.0722))
    return 116 * y ** (1 / 3) - 16


def test_the_levels_are_the_keys():
    steps = np.array([[1.0, 10, 11, 20, 50, 100, 200, 500, 1000, 1001, 1e9, np.inf]])
    levels = plane.levels(steps)[0]
    assert levels[:-1].tolist() == [0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 7] and levels[-1] >= plane.NEVER


# --- a function of the learner's -------------------------------------------------------------------------


def good(w, v, dw, alpha, beta):
    v = beta * v + (1 - beta) * dw
    return w - alpha * v, v


def other_form(w, v, dw, alpha, beta):
    v = beta * v + dw
    return w - alpha * v, v


def test_the_learners_step_runs_beside_the_map():
    own = MapExplorer(step=good)
    assert "momentum settles in 96 steps" in own.twin and "Your step: settles in 96 steps" in own.twin
    own = MapExplorer(step=good, convention="heavy_ball", alpha=1, beta=0.9)
    assert "momentum settles in 88 steps" in own.twin and "Your step: settles in 423 steps" in own.twin
    own = MapExplorer(step=other_form, convention="heavy_ball", alpha=1, beta=0.9)
    assert "Your step: settles in 88 steps" in own.twin
    own = MapExplorer(step=other_form)
    assert "Your step: runs away" in own.twin


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda w, v, dw, alpha, beta: None, "returned nothing"),
        (lambda w, v: (w, v), "it must take 5 arguments"),
    ],
)
def test_a_broken_step_is_one_sentence(step, words):
    explorer = MapExplorer(step=step)
    assert (
        words in explorer.stage.first_frame["error"] and explorer.twin == explorer.stage.first_frame["error"]
    )


def test_bad_settings_are_named():
    for settings, words in (
        ({"convention": "adam"}, "convention must be"),
        ({"alpha": 501}, "alpha: 501"),
        ({"beta": 0.995}, "beta: 0.995"),
        ({"kappa": 0.5}, "kappa: 0.5"),
        ({"steps": 0}, "steps: 0"),
    ):
        with pytest.raises(ValueError, match=words):
            MapExplorer(**settings)
    with pytest.raises(
        TypeError, match=r"step: 3 is not a function; allowed is step\(w, v, dw, alpha, beta\)"
    ):
        MapExplorer(step=3)


def test_csv_is_the_run(tmp_path):
    explorer = MapExplorer(alpha=6, beta=0.8, steps=30)
    explorer.to_csv(tmp_path / "run.csv")
    lines = (tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    path = optimizers.momentum(Quadratic((0.01, 1)).gradient, [-9, 1.2], 6, 0.8, 30)
    np.testing.assert_allclose([[float(r["w1"]), float(r["w2"])] for r in rows], path.w, rtol=1e-12)
