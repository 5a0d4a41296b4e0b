"""The game: what a word hides, that nothing but a run tells of it, and the score."""

import numpy as np
import pytest
from matplotlib.text import Text

from lesson_utils import maps, theory
from lesson_utils.explorers import Challenge
from lesson_utils.explorers.controls import alpha_slider, beta_slider

from ..stage.frames import Holder, same
from .undrawn import undrawn


def played(*pairs, word="banana", done=False, **settings):
    """Return a game without its picture after runs with these (α, β)."""
    game = undrawn(Challenge, word=word, **settings)
    for alpha, beta in pairs:
        game.set(alpha=alpha, beta=beta).run()
    if done:
        game.finish()
    return game


def sentence(explorer):
    """Return what the figure would say."""
    return explorer._sentence(*explorer._compute(explorer.settings))


# --- the runs --------------------------------------------------------------------------------------------


def test_nothing_but_a_run_tells_anything_of_the_ravine():
    """Of two words' ravines a page gets the same frames and the same marks, wherever the sliders stand."""
    pages = [Holder(Challenge(word).stage) for word in ("momentum", "another")]
    assert Challenge("momentum").game.curvatures != Challenge("another").game.curvatures
    for alpha in range(0, 367, 40):
        for beta in (0, 90, 180):
            one, other = (page.ask(alpha=alpha, beta=beta) for page in pages)
            assert one["marks"] == other["marks"] == {}
            assert one["twin"].replace("momentum", "another") == other["twin"]
            assert same(pages[0].layers, pages[1].layers), (alpha, beta)


def test_a_moved_slider_changes_nothing_but_where_the_next_run_stands():
    explorer = Challenge("banana")
    explorer.run()
    page = Holder(explorer.stage)
    page.ask()
    before = page.layers
    page.ask(alpha=200)
    differ = [
        i for i, pair in enumerate(zip(before, page.layers, strict=True)) if not same([pair[0]], [pair[1]])
    ]
    assert len(differ) == 2, "the disc and its middle"


def test_runs_are_counted_as_the_map_counts_them_and_listed():
    pairs = [(1.0, 0.9), (4.0, 0.9), (10.0, 0.5), (500.0, 0.0), (0.0, 0.9)]
    explorer = played(*pairs)
    shallow, steep = explorer.game.curvatures
    for alpha, beta, count in explorer.game.runs:
        walked = theory.steps_to_settle((shallow, steep), alpha, beta, most=10_000)
        assert count == (np.inf if walked is None else walked)
    assert [run[:2] for run in explorer.game.runs] == pairs
    assert "5 runs left" in sentence(explorer) and "stands still" in sentence(explorer)


def test_the_same_pair_again_costs_no_run():
    explorer = played((1.0, 0.9), (4.0, 0.9), (1.0, 0.9), (4.0, 0.9))
    assert len(explorer.game.runs) == 2
    explorer.set(alpha=1.0)
    assert "as in run 1: change one" in sentence(explorer)
    explorer.set(alpha=1.5)
    assert "press Run to try them" in sentence(explorer)


def test_a_run_takes_what_the_page_shows():
    """The slider's own message may come later than the button's."""
    explorer = undrawn(Challenge)
    stops = explorer.controls["alpha"].stops
    press = {"kind": "act", "name": "run", "state": {"alpha": stops.index(4.0), "beta": 50}}
    explorer.stage._on_message(explorer.stage, press, [])
    assert [run[:2] for run in explorer.game.runs] == [(4.0, 0.5)] and explorer.settings["alpha"] == 1.0


def test_no_sentence_names_the_limit_or_kappa_before_the_end():
    explorer = played((500.0, 0.0), (1.0, 0.9), (4.0, 0.9))
    assert "limit" not in sentence(explorer) and "κ" not in sentence(explorer)
    assert "diverges" in sentence(played((500.0, 0.0))), "how it ends is said, and not where that begins"


def test_reset_moves_the_sliders_back_and_keeps_the_runs():
    explorer = played((4.0, 0.9), (10.0, 0.8))
    explorer.reset()
    assert (
        explorer.settings == {"alpha": 1.0, "beta": 0.9, "round": "ravine"} and len(explorer.game.runs) == 2
    )


def test_each_round_has_its_own_ten_runs():
    explorer = played((4.0, 0.9), (10.0, 0.8))
    explorer.set(round="training")
    assert explorer.game.runs == [] and "Lesson 8's training" in sentence(explorer)
    explorer.run()
    explorer.finish()
    assert explorer.game.over and explorer._line.value.startswith("training · banana · ")
    explorer.set(round="ravine")
    assert not explorer.game.over and len(explorer.game.runs) == 2 and explorer._line.value == ""


# --- the end ---------------------------------------------------------------------------------------------


def test_the_tenth_run_ends_the_round_and_no_eleventh_counts():
    explorer = played(*((float(alpha), 0.9) for alpha in range(1, 13)))
    assert len(explorer.game.runs) == 10 and explorer.game.over
    assert [button.disabled for button in explorer._buttons] == [True, True]


def test_to_be_done_takes_a_run():
    explorer = undrawn(Challenge)
    assert [button.disabled for button in explorer._buttons] == [False, True]
    explorer.finish()
    assert not explorer.game.over


@pytest.mark.parametrize("round", ["ravine", "training"])
@pytest.mark.parametrize("word", ["banana", "momentum", "κλίση"])
def test_best_possible_is_the_fewest_that_the_sliders_reach(word, round):
    explorer = played((0.3, 0.9), word=word, round=round, done=True)
    alphas, betas = np.array(alpha_slider(1.0).stops), np.array(beta_slider(0.9).stops)
    alpha, beta, fewest = explorer.game.best
    assert theory.steps_to_settle(explorer.game.curvatures, alpha, beta) == fewest
    assert maps.settle_map(explorer.game.curvatures, alphas, betas[:, None]).min() == fewest
    kappas, few = maps.fewest_steps(betas, decades=4)
    ideal = np.interp(np.log(explorer.game.kappa), np.log(kappas), np.log(few.min(axis=0)))
    assert fewest == pytest.approx(np.exp(ideal), rel=0.08), "as the black line of lesson 7's figure"


def test_who_finds_the_best_is_told_so():
    found = played((1.0, 0.9), done=True).game.best
    assert ": nobody can do better." in sentence(played(found[:2], done=True))


def test_the_end_says_kappa_the_score_and_what_was_possible():
    explorer = played((4.0, 0.9), (8.0, 0.8), done=True)
    game = explorer.game
    place, fewest = game.own
    assert sentence(explorer).startswith(f"κ = {game.kappa:.3g}, ")
    assert f"Your best: run {place + 1}, {fewest:.0f} steps, " in sentence(explorer)
    assert f"Best possible: {game.best[2]:.0f} steps" in sentence(explorer)
    assert len(sentence(explorer)) <= explorer.letters


def test_the_longest_sentence_has_its_place():
    for round in ("ravine", "training"):
        explorer = played(word="W" * 40, round=round)
        assert len(sentence(explorer)) <= explorer.letters
        for pair in ((0.0205, 0.905), (0.0275, 0.905)):
            explorer.set(alpha=pair[0], beta=pair[1]).run()
        assert len(sentence(explorer)) <= explorer.letters
        explorer.finish()
        assert len(sentence(explorer.set(alpha=0.01))) <= explorer.letters


def test_the_line_to_copy_gives_nothing_away():
    """No α, β or κ, and not the best possible either: it would tell the others κ, and so β."""
    explorer = played((4.0, 0.9), (8.0, 0.8), word=" Banana ", done=True)
    assert explorer._line.value == f"ravine · Banana · {explorer.game.own[1]:.0f} steps · 2 runs"
    assert played((500.0, 0.0), done=True).line == "ravine · banana · no run settled · 1 run"


@pytest.mark.parametrize("round", ["ravine", "training"])
def test_the_picture_tells_at_the_end_and_not_before(round):
    explorer = Challenge("banana", round=round)
    for alpha in (0.05, 0.1, 0.2):
        explorer.set(alpha=alpha).run()

    def seen():
        panels = explorer.stage._figure, explorer.stage.frame(explorer.settings)
        plane = panels[0].axes[0]
        words = [text.get_text() for text in panels[0].findobj(Text) if text.get_visible()]
        picture = next(image for image in plane.images)
        rings = [patch.get_visible() for patch in panels[0].axes[2].patches]
        return picture.get_visible(), any(rings), any("κ = ?" in word for word in words), words

    before, rings, hidden, words = seen()
    assert (before, rings, hidden) == (False, False, True)
    assert {"1", "2", "3", "7 runs left"} <= set(words)
    explorer.finish()
    after, rings, hidden, words = seen()
    assert (after, rings, hidden) == (True, True, False) and {"1", "2", "3", "your runs"} <= set(words)


def test_numbers_of_ten_runs_in_one_corner_stand_apart():
    explorer = Challenge("banana")
    for i in range(10):
        explorer.set(
            alpha=float(explorer.controls["alpha"].stops[200 + i // 3]), beta=(80 + i % 3) / 100
        ).run()
    explorer.stage.frame(explorer.settings)
    figure = explorer.figure()
    figure.draw_without_rendering()
    texts = [text for text in figure.axes[0].texts if text.get_text().isdigit()]
    boxes = [text.get_window_extent() for text in texts]
    assert len(boxes) == 10
    overlap = [(i, j) for i in range(10) for j in range(i) if boxes[i].overlaps(boxes[j])]
    assert overlap == []


def test_csv_lists_the_runs(csv_of):
    rows = csv_of(played((4.0, 0.9), (500.0, 0.0)))
    assert [row["run"] for row in rows] == [str(i) for i in range(1, 11)]
    assert float(rows[1]["steps"]) == np.inf and rows[2]["alpha"] == "" and rows[0]["word"] == "banana"
