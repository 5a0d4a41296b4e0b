"""Every number in homework 3, computed again; it runs for every name, and for none."""

import inspect
import re
from math import ceil, log, sqrt

import numpy as np
import pytest

from lesson_utils.checks import examine, hw3
from lesson_utils.losses import LeastSquares
from lesson_utils.personal import own_ravine, runs_and_kinds
from lesson_utils.temperatures import load_temperatures
from lesson_utils.theory import steps_to_settle
from lesson_utils.training import steps_in_epoch
from tests.claims import claim, faults, prose
from tests.homework_sources import code, run, words
from tests.patience import TO_END

NAME = "hw3_tuning"
TEXT = prose(words(NAME))
CELSIUS = load_temperatures().celsius
LINE = LeastSquares(CELSIUS[:-1], CELSIUS[1:])
ADA = own_ravine("Ada")
(W,), (B,) = hw3.train([1, 2], [2, 3], [[0, 1]], 0.1, 0.9)
MOST = inspect.signature(steps_to_settle).parameters["most"].default
GRADIENT = LeastSquares([1, 2], [2, 3]).gradient([0, 0])

CLAIMS = [
    claim("A function that does not end is stopped after {:g} seconds", TO_END),
    # `own_ravine` draws λ₂ from 0.02 on, so nobody's limit 2/λ₂ is above 100.
    claim("in a valley whose λ₂ is far below yours, with an α that is far too large for you: {} steps",
          steps_to_settle((0.001, 0.004), 200), holds=0.004 < 0.02 and 200 > 2 / 0.02),
    claim("for a run that diverges, and for one that has not settled after {} steps", MOST,
          holds=steps_to_settle((1, 10), 0.2) is None and MOST - 50 < steps_to_settle(1, 5.62e-4) <= MOST
          and steps_to_settle(1, 5.6e-4) is None),
    claim("with β = 0.25 momentum shrinks the error to one half at each step. Plain descent at its best does that in a "
          "ravine of κ = {:.0f}. So is {:.0f}", *[hw3.kappa_from(0.25)] * 2,
          holds=sqrt(0.25) == (3 - 1) / (3 + 1) == 0.5),
    claim("The errors ŷ − y are {:.0f} and {:.0f}. So dw = {:g} and db = {:g}, v_dw = {:.1g} and v_db = {:.2g}, "
          "and the result is w = {:.2g}, b = {:.3g}", -2, -3, *GRADIENT, *(0.1 * GRADIENT), W, B),
    claim("{} pairs of days, in batches of {}, for {} epochs. That is {} steps", len(LINE.x), hw3.SIZE,
          hw3.EPOCHS, hw3.EPOCHS * steps_in_epoch(len(LINE.x), hw3.SIZE)),
    claim("lowest loss that a line can reach is {:.3f}. Come down to {} or lower", LINE.loss_at_minimum,
          hw3.TARGET),
    claim("trains with {} shuffles", hw3.RUNS),
    claim("The larger curvature of these data is {:.0f}", LINE.curvatures[1]),
    claim("shrink by √0.9 ≈ {:.3f} at each step", sqrt(0.9)),
    claim("To come to 1 % takes about {:.0f} such steps, and in my ravine {} were asked",
          log(0.01) / log(sqrt(0.9)), ADA.momentum_steps,
          holds=ceil(log(0.01) / log(sqrt(0.9))) > ADA.momentum_steps),
]  # fmt: skip
TITLES = ("Plain", "Momentum", "From which κ", "What kind", "Train on", "Down to", "In your own")
SETTINGS = (
    "# Homework 3", "It follows to 9, and needs and 4. Plan 40 to 60 minutes",
    *(f"## {number}. {title}" for number, title in enumerate(TITLES, 1)),
    "at its best α, 2/(λ₁+λ₂), the factor", "within 1 % of its distance", "(3 marks)", "(4 marks)",
    "(2 marks)", "With β = 0.9, how many steps", "Your λ₂ is not 1", "between 0 and 1", "Take λ₁ = 1",
    "draws six runs", "with six letters", "both velocities at 0", "Start with w = 0, b = 0",
    "x = (1, 2), y = (2, 3), one batch with both, α = 0.1, β = 0.9",
    "11 examples in batches of 4 leave 3 for", "In exercise 2, why was β = 0.9",
    "begin with 0.9 all the same", "two to four sentences", "With β = 0.9 both", "begin with 0.9 where",
)  # fmt: skip


def test_every_number_is_computed_and_no_other_stands_there():
    assert faults(TEXT, CLAIMS, SETTINGS) == []


@pytest.mark.parametrize("me", ["Øystein", 20_260_107, "김서연"])
def test_the_solution_is_right_for_every_name(me, capsys):
    kinds = {run.letter: kind for run, kind in runs_and_kinds(me)}
    names, shown = run(code(NAME), me={"me": me}, kinds={"kinds": kinds})
    for name in hw3.EXERCISES:
        assert examine(name, names, 0).passed, examine(name, names, 0)
    assert capsys.readouterr().out.count("✓") == len(hw3.EXERCISES)
    assert "settles in" in repr(shown["plain-picture"]) and "settles in" in repr(shown["momentum-picture"])


def test_each_picture_of_the_untouched_version_says_that_nothing_is_done(capsys):
    _, shown = run(code(NAME, solved=False))
    for cell in ("ravine", "plain-picture", "momentum-picture", "runs"):
        assert "not done yet" in repr(shown[cell])


def test_a_name_alone_draws_the_pictures_and_earns_nothing(capsys):
    names, shown = run(code(NAME, solved=False), me={"me": "Ada"})
    assert "λ₁ = 0.109" in repr(shown["ravine"]) and "A shows" in repr(shown["runs"])
    assert "not done yet" in repr(shown["plain-picture"])
    assert capsys.readouterr().out.count("○") == len(hw3.EXERCISES)
    assert not any(examine(name, names, 1).passed for name in hw3.EXERCISES)


def test_what_the_reader_is_told_to_type_runs(capsys):
    names, _ = run(code(NAME))
    told = re.search(r"run `(mean_loss[^`]*)`", "".join(words(NAME))).group(1)
    assert hw3.TARGET < eval(told, names) < 2, "the example must not be a solution"
    assert len(names["shuffles"]) == hw3.RUNS
    assert all(len(batch) == hw3.SIZE for batches in names["shuffles"] for batch in batches)
    # One shuffle flatters a pair that is far from the target in the mean.
    lucky = LINE.loss(names["train"](LINE.x, LINE.y, names["shuffles"][1], 0.1, 0.9))
    assert lucky < hw3.TARGET and names["mean_loss"](0.1, 0.9) > 1.9
    assert np.array_equal(names["line"].x, LINE.x)
