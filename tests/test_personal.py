"""Is a ravine of one's own the same everywhere, new for each, and always to be mastered?"""

import os
import re
import subprocess
import sys
from collections import Counter
from hashlib import sha256

import numpy as np
import pytest

from lesson_utils.maps import settle_map
from lesson_utils.personal import (
    LETTERS,
    Draws,
    Ravine,
    is_given,
    key,
    own_ravine,
    own_runs,
    runs_and_kinds,
    settles,
)
from lesson_utils.theory import best_settings

NAMES = [f"student {i}" for i in range(300)]
RAVINES = [own_ravine(name) for name in NAMES]


# --- the name --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "group",
    [
        ("Ada", "ada", " ADA ", "Ada\n", np.str_("Ada")),
        ("José Núñez", "jose  nunez", "JOSE\u0301 NUN\u0303EZ", "José\u00a0Núñez"),
        ("Straße", "STRASSE"),
        ("İpek", "ipek", "IPEK"),
        ("Ａｄａ", "ada"),
        (7, "7", 7.0, np.int64(7), np.float64(7)),
        ("김서연", "\u1100\u1175\u11b7서연"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
    ],
    ids=lambda group: str(group[0]),
)
def test_one_name_in_several_spellings(group):
    assert len({key(me) for me in group}) == 1
    assert len({own_ravine(me).curvatures for me in group}) == 1


def test_other_names_are_other_names():
    names = [
        "Ada",
        "Adam",
        "A da",
        "Øystein",
        "Oystein",
        "प्रिया",
        "प्रया",
        "王伟",
        "王芳",
        "Ivan",
        "Иван",
        "007",
    ]
    names += [7, 70, -7, 7.5]
    assert len({key(name) for name in names}) == len(names)


@pytest.mark.parametrize("me", [..., None, "", "   ", "\n"])
def test_no_name_yet(me):
    assert not is_given(me)
    for drawn in (own_ravine(me), own_runs(me)):
        assert repr(drawn).startswith("○ not done yet")
        with pytest.raises(AttributeError, match="type your name"):
            _ = drawn.curvatures


@pytest.mark.parametrize("me", [True, ["Ada"], b"Ada", 2j, {}, print, np.array([1, 2])])
def test_what_is_no_name(me):
    with pytest.raises(TypeError, match="me must be a name in quotes or a number"):
        own_ravine(me)


@pytest.mark.parametrize("me", [float("nan"), float("inf")])
def test_a_number_without_end_is_no_name(me):
    with pytest.raises(ValueError, match="finite"):
        own_runs(me)


def test_draws_are_those_of_the_hash():
    """Written down once: another Python, numpy or machine must come to the same."""
    part = int(sha256(b"test 1 ada").hexdigest()[:12], 16) / 2**48
    assert Draws("Ada", "test").random() == pytest.approx(part, abs=1e-12)
    assert own_ravine("Ada").curvatures == (0.109, 6.7)
    assert (own_ravine("Ada").plain_steps, own_ravine("Ada").momentum_steps) == (164, 48)
    kinds = ["ripples", "diverges", "ripples", "diverges", "monotone", "oscillates"]
    assert [kind for _, kind in runs_and_kinds("Ada")] == kinds


def test_nothing_random_decides():
    code = "from lesson_utils.personal import own_ravine, runs_and_kinds as r; print(own_ravine('Zoë'), r('Zoë'))"
    ran = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
        ).stdout
        for env in (dict(os.environ, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    ]
    assert ran[0] == ran[1] and "zoe" in ran[0]


def test_draws_are_spread_evenly():
    parts = np.array([Draws(i, "spread").random() for i in range(2000)])
    assert np.histogram(parts, 10, (0, 1))[0].min() > 150
    draws = Draws("Ada", "order")
    assert Counter(draws.choice("abc") for _ in range(300)).keys() == set("abc")
    assert sorted(draws.shuffled(LETTERS)) == list(LETTERS)


# --- the ravines -------------------------------------------------------------------------------------------


def test_ravines_differ():
    assert len({ravine.curvatures for ravine in RAVINES}) > 290
    kappas, steep = (
        [f(ravine) for ravine in RAVINES] for f in (lambda r: r.kappa, lambda r: r.curvatures[1])
    )
    assert 44 < min(kappas) < 50 and 140 < max(kappas) < 151
    assert min(steep) < 0.05 and max(steep) > 8


def test_every_ravine_is_to_be_mastered_with_room_to_spare():
    for ravine in RAVINES[:100]:
        best = 2 / sum(ravine.curvatures)
        for part in (0.88, 0.92, 0.96, 1.0):
            assert settles(ravine.curvatures, part * best) <= ravine.plain_steps
        alpha, beta = best_settings(ravine.curvatures)
        assert settles(ravine.curvatures, alpha, beta) <= ravine.momentum_steps / 1.3
        # The best pair is a knife's edge; a calmer choice leaves room on all sides.
        alphas = np.array([7, 8, 9, 10, 11]) / ravine.curvatures[1]
        counts = settle_map(ravine.curvatures, alphas, np.array([0.68, 0.72, 0.76])[:, None])
        assert (counts <= ravine.momentum_steps).sum() >= 4, ravine


def test_nine_tenths_is_never_enough():
    for ravine in RAVINES[:100]:
        alphas = np.geomspace(0.5, 38, 150) / ravine.curvatures[1]
        assert settle_map(ravine.curvatures, alphas, 0.9).min() > ravine.momentum_steps


def test_a_neighbours_answer_does_not_do():
    """Of all pairs of students, one in fifty could copy."""
    work = 0
    for ravine, other in zip(RAVINES, RAVINES[1:] + RAVINES[:1], strict=True):
        alpha, beta = best_settings(other.curvatures)
        plain = settles(ravine.curvatures, 2 / sum(other.curvatures), most=ravine.plain_steps)
        both = plain and settles(ravine.curvatures, alpha, beta, most=ravine.momentum_steps)
        work += both is not None
    assert work <= 12


def test_a_ravine_speaks():
    ravine = own_ravine("Ada")
    assert isinstance(ravine, Ravine) and ravine.kappa == pytest.approx(6.7 / 0.109)
    assert "λ₁ = 0.109" in repr(ravine) and "within 164 steps" in repr(ravine) and "within 48" in repr(ravine)
    assert all(5 < abs(r.start[0]) < 10 and 0.7 < abs(r.start[1]) < 1.5 for r in RAVINES)


# --- the runs ----------------------------------------------------------------------------------------------


def read_from(run):
    """Return the word for a run as a reader finds it in the picture."""
    values = np.array(run.values)
    early, late = np.abs(values[:10]).max(), np.abs(values[-10:]).max()
    if late > 1.05 * early and abs(values[-1]) > np.abs(values[-12:-6]).max():
        return "diverges"
    if run.shows == "loss":
        turns = np.diff(np.sign(np.diff(values)))
        return "ripples" if (turns < 0).sum() >= 2 else "?"
    sides = values[:-1] * values[1:] < 0
    if not sides.any():
        return "monotone" if (np.diff(np.abs(values)) < 0).all() else "?"
    if sides.all():
        return "oscillates"
    apart = np.diff(np.flatnonzero(sides))
    return "ripples" if len(apart) >= 3 and apart.min() >= 3 else "?"


def test_the_word_for_each_run_can_be_read_from_it():
    for name in NAMES:
        for run, kind in runs_and_kinds(name):
            assert read_from(run) == kind, (name, run)


def test_all_kinds_and_a_loss_occur_but_where_and_how_often_is_open():
    counts = Counter()
    for name in NAMES:
        drawn = runs_and_kinds(name)
        assert {kind for _, kind in drawn} == {"monotone", "ripples", "oscillates", "diverges"}
        assert [run.letter for run, _ in drawn] == list(LETTERS)
        assert any(run.shows == "loss" and kind == "ripples" for run, kind in drawn)
        counts[tuple(kind for _, kind in drawn)] += 1
    assert len(counts) > 100 and counts.most_common(1)[0][1] < 15


def test_the_runs_tell_no_kind():
    assert not re.search("monotone|ripples|oscillates|diverges", repr(own_runs("Ada")))
