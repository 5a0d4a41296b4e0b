"""Homework 3, beside its tables of answers: settings for each student's own ravine, kinds of runs, and the target."""

import re
from math import nan

import numpy as np
import pytest

from lesson_utils import optimizers
from lesson_utils.checks import hw3 as tuning
from lesson_utils.losses import LeastSquares
from lesson_utils.maps import settle_map
from lesson_utils.personal import LETTERS, own_ravine, runs_and_kinds, settles
from lesson_utils.temperatures import load_temperatures
from lesson_utils.theory import best_settings, steps_to_settle
from lesson_utils.training import batch_moments, train_line
from tests.answers import hw3
from tests.checks.notebooks import cause, verdict
from tests.checks.test_answers import assert_plain

NAMES = [f"student {i}" for i in range(80)]
SOME = NAMES[::8]
FEW = SOME[::2]  # where each name costs a search of its own

# --- not done yet ------------------------------------------------------------------------------------------

UNSET = ("plain_alpha", "momentum_alpha", "momentum_beta", "kinds", "train_alpha", "train_beta")
STUBS = (hw3.kappa("...", ""), "def train(x, y, batches, alpha, beta): ...  # your code here")


@pytest.mark.parametrize("exercise", tuning.EXERCISES)
@pytest.mark.parametrize("me", [None, ..., "Ada"])
def test_untouched_is_not_done_with_a_name_and_without(exercise, me):
    for cells, names in (((), {}), (STUBS, dict.fromkeys(UNSET, ...))):
        found = verdict(exercise, *cells, me=me, **names)
        assert found.status == "open" and "not done yet" in found.sentence, found


@pytest.mark.parametrize(
    ("exercise", "names"),
    [
        ("momentum_settings", {"me": "Ada", "momentum_alpha": 1, "momentum_beta": ...}),
        ("momentum_settings", {"me": "Ada", "momentum_alpha": 1}),
        ("kinds", {"me": "Ada", "kinds": {}}),
        ("kinds", {"me": "Ada", "kinds": dict.fromkeys(LETTERS, "…")}),
        ("kinds", {"me": "Ada", "kinds": dict.fromkeys(LETTERS, ...)}),
        ("plain_alpha", {"plain_alpha": 1}),
        ("plain_alpha", {"me": "  ", "plain_alpha": 1}),
        ("train_settings", {"train_alpha": 0.02, "train_beta": 0.9}),
    ],
)
def test_half_done_is_not_done(exercise, names):
    assert verdict(exercise, **names).status == "open"


def test_a_target_without_a_train_says_which_is_missing():
    for cells in ((), ("train = ...",), STUBS):
        found = verdict("train_settings", *cells, train_alpha=0.02, train_beta=0.9)
        assert found.status == "open" and "train of exercise 5 is not written yet" in found.sentence, found
        assert "above" not in found.sentence


@pytest.mark.parametrize("exercise", ["plain_alpha", "momentum_settings"])
def test_a_ravine_of_another_name(exercise):
    ada, other = own_ravine("Ada"), own_ravine("Kim")
    assert not 1 / 9 < ada.curvatures[1] / other.curvatures[1] < 9

    def answers(ravine):
        across = ravine.curvatures[1]
        return {"plain_alpha": hw3.best(ravine), "momentum_alpha": 6 / across, "momentum_beta": 0.6}

    assert cause(exercise, me="Kim", ravine=ada, **answers(ada)) == "another_ravine"
    assert cause(exercise, me="Kim", ravine=ada, **answers(other)) == "right"
    assert cause(exercise, me="ADA", ravine=ada, **answers(ada)) == "right"
    assert cause(exercise, me="Kim", ravine=other, **answers(ada)) not in ("another_ravine", "right")
    assert cause(exercise, me="Kim", ravine="my own", **answers(ada)) not in ("another_ravine", "right")


@pytest.mark.parametrize("exercise", ["plain_alpha", "momentum_settings", "kinds"])
@pytest.mark.parametrize("me", [["Ada"], True, nan, {}, print])
def test_what_is_no_name(exercise, me):
    assert cause(exercise, me=me, plain_alpha=1, momentum_alpha=1, momentum_beta=0.9, kinds={}) == "me"


# --- plain descent -----------------------------------------------------------------------------------------


def plain(name, alpha):
    return cause("plain_alpha", me=name, plain_alpha=alpha)


@pytest.mark.parametrize("name", SOME)
def test_a_right_plain_alpha_passes(name):
    for make in hw3.RIGHT_PLAIN:
        for kind in (float, np.float32, lambda value: np.array([value])):
            assert plain(name, kind(make(own_ravine(name)))) == "right"


@pytest.mark.parametrize(
    ("expected", "make"), [(cause, make) for cause, all_of in hw3.WRONG_PLAIN.items() for make in all_of]
)
def test_a_wrong_plain_alpha(expected, make):
    for name in SOME:
        alpha = make(own_ravine(name))
        found = verdict("plain_alpha", me=name, plain_alpha=alpha)
        # By chance a number may be the one for the lessons' ravines: that is told then, with the same symptom.
        by_chance = (
            isinstance(alpha, float) and 1.7 <= alpha < 2 and expected in ("diverges", "creeps", "near_limit")
        )
        assert found.cause == expected or (by_chance and found.cause == "other_ravine"), (name, alpha)
        assert_plain(found.sentence, found.place)


def test_the_lessons_own_answers_are_told_whatever_the_ravine():
    """The α of lesson 3 and the pair of lesson 7, as the lessons print them."""
    for name in NAMES:
        assert plain(name, 1.98) in ("other_ravine", "right")
        assert momentum(name, (10, 0.669)) in ("other_ravine", "right")


def test_an_alpha_for_a_ravine_like_the_lessons():
    for ravine, name in ((own_ravine(name), name) for name in NAMES[::4]):
        alpha, curvature = 2 / (1 + 1 / ravine.kappa), ravine.curvatures[1]
        if 0.88 <= curvature <= 1:
            assert plain(name, alpha) == "right"
        elif not (0.48 < curvature < 0.53 or 0.98 < curvature < 1.05):
            assert plain(name, alpha) in ("other_direction", "other_ravine")


def test_the_direction_and_the_limit_are_told():
    across = own_ravine("Ada").curvatures[1]
    said = verdict("plain_alpha", me="Ada", plain_alpha=3 / across).sentence
    assert "across" in said and "αλ₂ is 3" in said and "limit is 2" in said
    said = verdict("plain_alpha", me="Ada", plain_alpha=0.1 / across).sentence
    assert "along the valley" in said and "creeps" in said
    said = verdict("momentum_settings", me="Ada", momentum_alpha=20 / 6.7, momentum_beta=0.8).sentence
    assert "αλ₂ is 20, the limit for this β is 18" in said


# --- momentum ------------------------------------------------------------------------------------------------


def momentum(name, pair):
    return cause("momentum_settings", me=name, momentum_alpha=pair[0], momentum_beta=pair[1])


@pytest.mark.parametrize("name", SOME)
def test_a_right_pair_passes(name):
    for pair in (make(own_ravine(name)) for make in hw3.RIGHT_MOMENTUM):
        for kind in (float, np.float64, np.array):
            assert momentum(name, tuple(map(kind, pair))) == "right"
    assert momentum(name, tuple(map(np.float32, hw3.calm(own_ravine(name))))) == "right"


CHANCE = {"diverges", "beta_high", "beta_low", "creeps", "near_limit"}


@pytest.mark.parametrize(
    ("expected", "make"), [(cause, make) for cause, all_of in hw3.WRONG_MOMENTUM.items() for make in all_of]
)
def test_a_wrong_pair(expected, make):
    by_chance = 0
    for name in FEW:
        alpha, beta = make(own_ravine(name))
        found = verdict("momentum_settings", me=name, momentum_alpha=alpha, momentum_beta=beta)
        if found.cause == "other_ravine" and expected in CHANCE:
            # It would do where λ₂ = 1, and that is told together with what happens here.
            last = own_ravine(name).momentum_steps + 1
            assert settles((1 / own_ravine(name).kappa, 1), alpha, beta) <= last
            by_chance += 1
            continue
        assert found.cause == expected, (name, alpha, beta)
        assert_plain(found.sentence, found.place)
    assert by_chance <= 1


def test_a_pair_for_the_lessons_ravines():
    others = {"right", "other_direction", "heavy_ball", "plain_settings", "divided_twice"}
    seen = []
    for name in NAMES[::4]:
        alpha, beta = hw3.calm(own_ravine(name))
        seen.append(momentum(name, (alpha * own_ravine(name).curvatures[1], beta)))
    assert set(seen) <= {"other_ravine", *others}
    assert seen.count("other_ravine") > len(seen) / 2


def test_alpha_and_beta_exchanged():
    for name in NAMES[::4]:
        alpha, beta = hw3.calm(own_ravine(name))
        found = momentum(name, (beta, alpha))
        settled = alpha < 1 and settles(own_ravine(name).curvatures, beta, alpha) is not None
        assert found == "swapped" or settled, name


# --- from which κ on -----------------------------------------------------------------------------------------


def test_what_the_sentences_say_about_other_kappas():
    assert steps_to_settle((1, 1), 1) == 1 and 75 < steps_to_settle((1, 1), 1, 0.9) < 85
    assert best_settings((1, 1442))[1] == pytest.approx(0.9, abs=1e-4)
    best_at_20 = settle_map((1, 20), np.geomspace(0.01, 1, 400), 0.9).min()
    assert steps_to_settle((1, 20), 2 / 21) < best_at_20


# --- what kind of run is it? ---------------------------------------------------------------------------------


def kinds_of(name):
    return {run.letter: kind for run, kind in runs_and_kinds(name)}


def told(name, kinds):
    return cause("kinds", me=name, kinds=kinds)


@pytest.mark.parametrize("name", SOME)
def test_the_right_words_pass(name):
    right = kinds_of(name)
    zig = {"oscillates": "zig-zag", "ripples": "waves", "monotone": "creeps", "diverges": "diverging"}
    for answer in (
        right,
        {letter.lower(): f" {kind.upper()} " for letter, kind in right.items()},
        {letter: zig[kind] for letter, kind in right.items()},
        dict(reversed(right.items())),
    ):
        assert told(name, answer) == "right"


def changed(name, was, answered, shows=None):
    """Return the answers with one (the first) run of a kind called something else, or None."""
    for run, kind in runs_and_kinds(name):
        if kind == was and shows in (None, run.shows):
            return {**kinds_of(name), run.letter: answered}
    return None


@pytest.mark.parametrize(
    ("was", "answered", "shows", "expected"),
    [
        ("oscillates", "diverges", None, "overshoot"), ("ripples", "diverges", "loss", "rise"),
        ("ripples", "diverges", "w₂", "swing"), ("monotone", "diverges", None, "slow"),
        ("diverges", "oscillates", None, "growth_missed"), ("diverges", "ripples", None, "growth_missed"),
        ("diverges", "monotone", None, "growth_missed"), ("ripples", "oscillates", None, "mixed"),
        ("oscillates", "ripples", None, "mixed"), ("monotone", "ripples", None, "creeping"),
        ("monotone", "oscillates", None, "creeping"), ("ripples", "monotone", None, "crossing"),
        ("oscillates", "monotone", None, "crossing"),
    ],
)  # fmt: skip
def test_a_wrong_word(was, answered, shows, expected):
    tried = [kinds for name in NAMES[::2] if (kinds := (name, changed(name, was, answered, shows)))[1]][:8]
    assert len(tried) == 8
    assert {told(name, kinds) for name, kinds in tried} == {expected}


@pytest.mark.parametrize("word", tuning.KINDS)
def test_one_word_for_all_does_not_pass_and_no_letter_is_told(word):
    for name in SOME:
        found = verdict("kinds", me=name, kinds=dict.fromkeys(LETTERS, word))
        assert found.status == "wrong" and found.cause != "check_failed"
        assert not re.search(r"\b[A-F]\b", found.sentence + found.place)
        assert_plain(found.sentence, found.place)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("ripples", "no_dictionary"), (["ripples"] * 6, "no_dictionary"), ({"A": "ripples"}, "missing"),
        (dict.fromkeys("ABCDE", "ripples"), "missing"), (dict.fromkeys(LETTERS, "explodes"), "word"),
        (dict.fromkeys(LETTERS, 3), "word"), ({letter: ["ripples"] for letter in LETTERS}, "word"),
    ],
)  # fmt: skip
def test_no_answer_to_read(kinds, expected):
    assert told("Ada", kinds) == expected


# --- mini-batches ----------------------------------------------------------------------------------------------


def test_an_unknown_mistake_is_shown_beside_the_right_numbers():
    found = verdict("train", hw3.HW3.slip("train", "other"))
    assert "it must return" in found.sentence


def test_the_reference_is_the_optimizers():
    rng = np.random.default_rng(3)
    x, y = rng.normal(2, 1, 20), rng.normal(0, 1, 20)
    batches = [rng.permutation(20)[:7] for _ in range(15)]
    path = train_line(batch_moments(x, y, batches), 0.1, 0.8)
    assert [float(x) for (x,) in tuning.train(x, y, batches, 0.1, 0.8)] == pytest.approx(
        list(path.w[-1]), rel=1e-12
    )
    line, w, v = LeastSquares(x, y), np.zeros(2), np.zeros(2)
    for batch in batches:
        w, v = optimizers.momentum_step(w, v, line.gradient(w, batch), 0.1, 0.8)
    assert [float(x) for (x,) in tuning.train(x, y, batches, 0.1, 0.8)] == pytest.approx(list(w), rel=1e-12)


# --- down to the target ------------------------------------------------------------------------------------------


def target(alpha, beta, cell=None):
    return cause("train_settings", cell or hw3.train(), train_alpha=alpha, train_beta=beta)


@pytest.mark.parametrize(
    "pair", [(0.012, 0.9), (0.02, 0.9), (0.03, 0.9), (0.015, 0.8), (0.02, 0.85), (0.02, 0.95), (0.03, 0.93)]
)
def test_a_right_pair_reaches_the_target(pair):
    assert target(*pair) == "right"


def test_other_shuffles_would_do_as_well():
    """The target is no luck of the check's own shuffles, and plain descent misses it with any."""
    celsius = load_temperatures().celsius
    line, rng = LeastSquares(celsius[:-1], celsius[1:]), np.random.default_rng(0)
    runs = []
    for _ in range(12):
        batches = [batch for _ in range(60) for batch in np.split(rng.permutation(1460), 4)]
        runs.append(batch_moments(line.x, line.y, batches))
    mean = {pair: np.mean([line.loss(train_line(run, *pair).w[-1]) for run in runs])
            for pair in [(0.02, 0.9), (0.015, 0.85), *((a, 0) for a in (0.002, 0.003, 0.004, 0.005, 0.006))]}  # fmt: skip
    assert mean[0.02, 0.9] < 1.808 and mean[0.015, 0.85] < 1.81
    assert min(value for (_, beta), value in mean.items() if beta == 0) > 1.816


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        ((0.004, 0), "plain_settings"), ((0.01, 0), "plain_settings"), ((0.006, 0.3), "beta_low"),
        ((0.006, 0.5), "beta_low"), ((0.02, 0.99), "beta_high"), ((0.01, 0.98), "beta_high"),
        ((0.02, 0.97), "beta_high"), ((0.002, 0.9), "heavy_ball"), ((0.003, 0.8), "heavy_ball"),
        ((0.006, 0.9), "creeps"), ((1e-5, 0.9), "creeps"), ((0.0001, 0.8), "creeps"),
        ((1e-6, 0.98), "creeps"), ((0.1, 0.9), "noisy"), ((0.06, 0.85), "noisy"), ((0.02, 0), "diverges"),
        ((0.3, 0.9), "diverges"), ((10, 0.9), "diverges"), ((0.02, 1), "beta_range"),
        ((0.02, -1), "beta_range"), ((-0.02, 0.9), "not_positive"), ((0, 0.9), "not_positive"),
        (("0.02", 0.9), "no_number"),
    ],
)  # fmt: skip
def test_a_pair_that_misses_the_target(pair, expected):
    found = verdict("train_settings", hw3.train(), train_alpha=pair[0], train_beta=pair[1])
    assert found.cause == expected
    assert_plain(found.sentence, found.place)


def test_a_wrong_train_comes_first():
    assert target(0.02, 0.9, hw3.HW3.slip("train", "share_missing")) == "train_first"
