"""Steps against κ: what its lines say, against runs that are walked one step at a time."""

import re

import numpy as np
import pytest

from lesson_utils.explorers import ScalingExplorer, scaling
from lesson_utils.theory import best_settings


def walked(kappa, alpha, beta):
    """Return the steps of runs in a ravine of this κ, for arrays of settings that broadcast; no formula."""
    alpha, beta = (np.ravel(one) for one in np.broadcast_arrays(alpha, beta))
    curvatures = np.array([[1 / kappa], [1.0]])
    w, v = np.ones((2, alpha.size)), np.zeros((2, alpha.size))
    settled = np.zeros(alpha.size)
    for step in range(1, 4000):
        v = beta * v + (1 - beta) * curvatures * w
        w = np.clip(w - alpha * v, -1e9, 1e9)
        settled[(np.abs(w) > 0.01).any(axis=0)] = step
        if step > 3 * (
            settled.min() + 1
        ):  # a wave that has come back by now would do so within its own length
            break
    return settled + 1


@pytest.fixture(scope="module")
def made():
    return ScalingExplorer()


@pytest.fixture
def explorer(made):
    made.reset()
    return made


def as_few(counts, searched):
    """Two searches on different grids find the same fewest steps, but for one or for a twentieth."""
    return (np.abs(counts - np.array(searched)) <= np.maximum(1, 0.05 * np.array(searched))).all()


def column(explorer, name, kappas):
    names, rows = explorer._table(explorer._compute(explorer.settings))
    rows = np.array(rows)
    return np.interp(np.log(kappas), np.log(rows[:, 0]), rows[:, names.index(name)])


def test_plain_descent_grows_with_kappa_and_tuned_momentum_with_its_root(explorer):
    kappas = np.array([10.0, 31.622776601683793, 100.0, 316.22776601683796])
    few, plain = [], []
    for kappa in kappas:
        betas = 1 - 10 ** -np.linspace(0.1, 1.3, 40)[:, None]
        few.append(walked(kappa, np.geomspace(2, 40, 120), betas).min())
        plain.append(walked(kappa, np.array([2 / (1 + 1 / kappa)]), 0.0).min())
    assert column(explorer, "plain_best_alpha", kappas) == pytest.approx(plain, abs=1)
    assert as_few(column(explorer, "best_of_all", kappas), few)
    for steps, slope in ((plain, 1.0), (few, 0.5)):
        assert np.polyfit(np.log(kappas), np.log(steps), 1)[0] == pytest.approx(slope, abs=0.06)
    far = np.array([1e3, 1e4])
    for name, slope in (("plain_best_alpha", 1.0), ("best_of_all", 0.5)):
        low, high = column(explorer, name, far)
        assert np.log10(high / low) == pytest.approx(slope, abs=0.02)


def test_the_line_of_a_beta_takes_the_best_alpha_for_each_kappa(explorer):
    kappas = np.array([10.0, 100.0])
    for beta in (0.5, 0.9):
        walks = [walked(kappa, np.geomspace(0.2, 38, 4000), beta).min() for kappa in kappas]
        explorer.set(beta=beta)
        assert as_few(column(explorer, "this_beta_best_alpha", kappas), walks)
        said = [explorer.set(kappa=kappa).twin for kappa in kappas]
        counts = [int(re.search(r"best α for this β: (\d+)\.", words).group(1)) for words in said]
        assert np.abs(np.subtract(counts, walks)).max() <= 1, said


def test_the_point_and_the_diamond_are_runs(explorer):
    result = explorer._compute({"kappa": 38.0, "alpha": 10.0, "beta": 0.9})
    assert (result.here, result.plain) == (88, 88)
    assert result.pair == walked(38.0, *map(np.array, best_settings((1 / 38, 1.0))))[0]
    assert abs(result.best - walked(38.0, np.geomspace(1, 38, 4000), 0.9).min()) <= 1


def test_what_never_settles_is_said_with_its_limit(explorer):
    assert "α = 40, β = 0.9: never settles (limit α = 38)" in explorer.set(alpha=40).twin
    assert "α = 0, β = 0.9: never settles;" in explorer.set(alpha=0).twin


def test_the_button_goes_on_to_the_end_of_the_slider(explorer):
    seen = []
    for _ in range(4):
        explorer.set(**explorer.preset("κ ten times as large"))
        seen.append(explorer.settings["kappa"])
    assert seen == [1e3, 1e4, 1e4, 1e4]


def test_the_curves_are_counted_once():
    assert scaling._curves() is scaling._curves()


def test_the_slider_says_a_large_kappa_in_full(explorer):
    assert explorer.controls["kappa"].options[-1] == ("10000", 1e4)
