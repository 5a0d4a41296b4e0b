"""What a word hides: the same everywhere, and a game worth playing."""

import unicodedata

import numpy as np
import pytest

from lesson_utils import hidden, maps
from lesson_utils.losses import LeastSquares
from lesson_utils.temperatures import load_temperatures

WORDS = [f"word {i}" for i in range(300)]


def test_a_word_hides_the_same_everywhere():
    """Written down: another machine, another Python or another day must find these."""
    ravines = {word: hidden.ravine(word) for word in ("momentum", "banana", "été")}
    found = {word: (game.curvatures[1], round(game.kappa)) for word, game in ravines.items()}
    assert found == {"momentum": (5.6, 226), "banana": (1.0, 128), "été": (0.56, 153)}
    units = {word: hidden.drawn_from(word, hidden.UNITS, "unit") for word in found}
    assert units == {"momentum": 0.88, "banana": 0.77, "été": 0.54}


@pytest.mark.parametrize("same_word", ["  BaNaNa\t", "banana", "BANANA\n"])
def test_capitals_and_spaces_around_a_word_make_no_difference(same_word):
    assert hidden.ravine(hidden.tidy(same_word)).curvatures == hidden.ravine("banana").curvatures


def test_one_word_is_one_word_however_its_letters_are_stored():
    apart = unicodedata.normalize("NFD", "Été  d'or")
    assert apart != "été d'or" and hidden.tidy(apart).casefold() == "été d'or"


def test_every_word_makes_a_game_worth_playing():
    """β = 0.9 is fair, and not best; another word is another game."""
    ravines = {hidden.ravine(word).curvatures for word in WORDS}
    assert len(ravines) > 290
    kappas = np.array([steep / shallow for shallow, steep in ravines])
    assert kappas.min() > 49.9 and kappas.max() < 400.1 and np.ptp(kappas) > 300
    _, fewest = maps.fewest_steps(np.linspace(0, 0.99, 100), decades=3)
    places, usual = maps.fewest_steps(0.9, decades=3)
    inside = (places > 49) & (places < 401)
    ratio = (usual / fewest.min(axis=0))[inside]
    assert ratio.min() > 1.3 and ratio.max() < 4.5


def test_the_second_round_is_lesson_8s_training_with_x_in_another_unit():
    celsius = load_temperatures().celsius
    for word in WORDS[:20]:
        unit = hidden.drawn_from(word, hidden.UNITS, "unit")
        loss, game = LeastSquares(unit * celsius[:-1], celsius[1:]), hidden.training(word)
        np.testing.assert_allclose(game.curvatures, loss.curvatures)
        at_zero = 0.5 * np.dot(game.curvatures, np.square(game.start)) + loss.loss_at_minimum
        assert at_zero == pytest.approx(float(loss.loss(np.zeros(2)))), "it starts at w = b = 0"
    kappas = [LeastSquares(unit * celsius[:-1], celsius[1:]).condition_number for unit in hidden.UNITS]
    assert (round(min(kappas)), round(max(kappas))) == (71, 2230)
    assert LeastSquares(celsius[:-1], celsius[1:]).condition_number == pytest.approx(
        kappas[hidden.UNITS.index(1.0)]
    )


@pytest.mark.parametrize(
    ("word", "error"),
    [("", ValueError), ("  ", ValueError), ("x" * 41, ValueError), ("a\x00b", ValueError), ("\ud800", ValueError),
     (7, TypeError), (None, TypeError), (b"banana", TypeError)],
)  # fmt: skip
def test_what_is_no_word_is_named(word, error):
    with pytest.raises(error, match=r"^word must be a text of 1 to 40 letters, such as 'banana', not "):
        hidden.tidy(word)


def test_of_equal_runs_the_first_counts():
    game = hidden.Game((0.01, 1.0), (9.0, 1.2), [(1, 0.9, 90.0), (2, 0.9, 80.0), (3, 0.9, 80.0)])
    assert game.own == (1, 80.0) and game.place(2, 0.9) == 2 and game.place(2, 0.8) == 0


def test_the_best_possible_is_never_beaten():
    """Code may set an α between two stops of the slider."""
    game = hidden.ravine("banana")
    game.runs.append((11.52, 0.7312, 1.0))
    game.end((1.0, 11.5), (0.9, 0.73), (np.ones(1), np.ones(1) / 2))
    assert game.over and game.best == game.runs[0]
    game.runs.clear()
    game.end((1.0, 11.5), (0.9, 0.73), (np.ones(1), np.ones(1) / 2))
    assert game.best == (11.5, 0.73, 34.0)
