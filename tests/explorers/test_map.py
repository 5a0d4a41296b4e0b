"""The map of α and β: true colours, true words, and nothing sent that has not changed."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from lesson_utils import maps, theory
from lesson_utils.drawing import plane, style
from lesson_utils.explorers import MapExplorer
from lesson_utils.explorers.words import number

from ..drawing.colors import lightness
from ..pairwise import pairwise
from ..stage.frames import Holder
from .runs import frame_at, good, heavy_ball, said_of, words_at

KIND = MapExplorer
FORMS = ("ewa", "heavy_ball")


def settles(alpha, beta, kappa, convention="ewa"):
    return theory.steps_to_settle((1 / kappa, 1.0), alpha, beta, convention=convention)


@pytest.mark.parametrize("convention", FORMS)
@pytest.mark.parametrize("kappa", [1.0, 25.0, 100.0, 1000.0])
def test_the_colours_are_those_of_the_map(explorer, kappa, convention):
    drawn = explorer._compute({**explorer.settings, "kappa": kappa, "convention": convention}).steps_map
    alphas, betas = plane.cells()
    np.testing.assert_array_equal(
        drawn, maps.settle_map((1 / kappa, 1.0), alphas, betas, convention=convention)
    )


@pytest.mark.parametrize(
    ("alpha", "beta", "kappa", "convention"),
    pairwise(
        [0, 0.01, 0.9, 1.98, 2, 2.05, 3.8, 4, 10, 38, 500],
        [0.0, 0.5, 0.9, 0.99],
        [1, 100, 1000],
        FORMS,
        also=[
            (38, 0.9, 100, "ewa"),
            (3.8, 0.9, 100, "heavy_ball"),
            (2, 0.0, 100, "ewa"),
            (4, 0.9, 100, "ewa"),
        ],
    ),
)
def test_the_sentence_is_true(explorer, alpha, beta, kappa, convention):
    words = words_at(explorer, kappa=kappa, alpha=alpha, beta=beta, convention=convention)
    expected = said_of(alpha, beta, kappa, convention)
    assert f"κ = {kappa}, " in words and expected in words
    if "settle" in expected:
        names = [theory.regime(c, alpha, beta, convention=convention) for c in (1.0, 1 / kappa)]
        assert f"; {names[0]} across the valley, {names[1]} along it" in words
    best = theory.best_settings((1 / kappa, 1), convention=convention)
    plain = settles(2 / (1 + 1 / kappa), 0.0, kappa)
    assert f"{settles(*best, kappa, convention)} step" in words.split("Best pair")[1]
    assert words.endswith(f": {plain} step{'s' if plain > 1 else ''}.")


@pytest.mark.parametrize("convention", FORMS)
@pytest.mark.parametrize("kappa", [1.0, 2.0, 10.0, 100.0, 1000.0])
def test_the_best_in_the_long_run_and_the_quickest_place_are_told_apart(explorer, kappa, convention):
    words = words_at(explorer, kappa=kappa, convention=convention)
    pair = theory.best_settings((1 / kappa, 1), convention=convention)
    alphas, betas = plane.cells()
    cells = maps.settle_map((1 / kappa, 1.0), alphas, betas, convention=convention)
    alphas, betas = (np.broadcast_to(one, cells.shape).ravel() for one in (alphas, betas))
    needed = settles(alphas[cells.argmin()], betas[cells.argmin()], kappa, convention)
    said = f"; the map's quickest place needs {needed} steps. "
    best = settles(*pair, kappa, convention)
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


def test_best_pair_follows_kappa_and_the_rule(explorer):
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


def test_one_arrow_key_leaves_the_best_pair_for_a_run_that_diverges(explorer):
    explorer.set(**explorer.preset("Best pair for this κ"))
    stops, at = explorer.controls["beta"].stops, explorer.controls["beta"].index
    assert (stops[at - 1], stops[at + 1]) == (0.66, 0.68), "as lesson 7 says"


@pytest.mark.parametrize("convention", FORMS)
def test_the_lines_stand_where_the_regimes_change(explorer, convention):
    frame_at(explorer, kappa=38.0, convention=convention)
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


@pytest.mark.parametrize("convention", FORMS)
def test_each_word_stands_in_its_own_regime(convention):
    """Whatever κ is: the words name what happens across the valley."""
    for name, x, y in plane.TEXTS:
        if "oscillates" in name:
            continue  # its own strip is too thin for a word, so an arrow points into it
        for dx in (0.0, 0.1 * len(name)):  # where the word begins and where it ends
            assert theory.regime(1.0, 10 ** (x + dx), 1 - 10**-y, convention=convention) == name


def test_the_point_is_the_sliders_point(explorer):
    frame = frame_at(explorer, alpha=10.0, beta=0.99)
    (handle,) = frame.handles
    assert handle.at == pytest.approx((1.0, 2.0)) and handle.controls == ("alpha", "beta") and handle.anywhere
    reply = Holder(explorer.stage).reply
    for name, slider in zip(reply["handles"][0]["stops"], ("alpha", "beta"), strict=True):
        places = reply["new"][name]["stops"]
        assert len(places) == len(explorer.controls[slider].stops) and places == sorted(places)


def test_colours_are_told_apart_by_their_lightness():
    """Neighbours differ in lightness alone, which no colour deficiency takes away."""
    light = [lightness(color) for color in style.SETTLES_IN]
    assert (np.diff(light) < -8).all()
    assert lightness(style.NEVER[0]) - lightness(style.NEVER[1]) > 8, "the stripes can be seen"
    assert abs(lightness(style.NEVER[1]) - light[-1]) > 40, "slow and never do not look alike"


def test_the_levels_are_the_keys():
    counts = [1.0, 10, 11, 20, 50, 100, 200, 500, 1000, 1001, 1e9]
    for count, level in zip(counts, [0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 7], strict=True):
        steps = np.full(plane.CELLS[::-1], float(count))
        steps[:, 60:] = np.inf
        levels = plane.levels(steps, 1.0)
        below = plane.cells(plane.FINER)[0] < 1.0
        assert (levels[:, below] == level).all() and (levels[:, ~below] >= plane.NEVER).all()


@pytest.mark.parametrize("convention", FORMS)
@pytest.mark.parametrize("kappa", [1.0, 25.0, 100.0, 1000.0])
def test_the_finer_colours_are_those_of_the_counts(explorer, kappa, convention):
    """But for a few cells at borders that have teeth: there a count jumps with α and β by a swing."""
    frame_at(explorer, kappa=kappa, convention=convention)
    (picture,) = explorer.stage._figure.axes[0].images
    drawn = np.asarray(picture.get_array())
    alphas, betas = plane.cells(plane.FINER)
    assert drawn.shape[:2] == (len(betas), len(alphas)) and picture.get_interpolation() == "bilinear"
    steps = maps.settle_map((1 / kappa, 1.0), alphas, betas, convention=convention)
    colors = [[round(255 * c) for c in to_rgb(color)] for color in (*style.SETTLES_IN, *style.NEVER)]
    level = np.argmin(np.abs(drawn[..., None, :3].astype(int) - colors).sum(axis=-1), axis=-1)
    np.testing.assert_array_equal(level >= plane.NEVER, np.isinf(steps))
    settles = np.isfinite(steps)
    true = np.searchsorted(style.SETTLES, steps[settles])
    assert (level[settles] != true).mean() < 0.04
    assert (np.abs(level[settles] - true) > 1).mean() < 0.004


def test_the_learners_step_runs_beside_the_map():
    own = MapExplorer(step=good)
    assert "momentum settles in 96 steps" in own.twin and "Your step: settles in 96 steps" in own.twin
    own.set(convention="heavy_ball", alpha=1, beta=0.9)
    assert "momentum settles in 88 steps" in own.twin and "Your step: settles in 423 steps" in own.twin
    own = MapExplorer(step=heavy_ball, convention="heavy_ball", alpha=1, beta=0.9)
    assert "Your step: settles in 88 steps" in own.twin
    assert "Your step: runs away" in own.set(convention="ewa", alpha=4).twin
