"""Every number in homework 2, computed again."""

import re
from math import ceil, log2

import pytest

from lesson_utils import losses, optimizers
from lesson_utils.checks.hw2 import CURVATURES, FIRST, GAP_STEPS, PREDICTIONS, START
from lesson_utils.temperatures import load_temperatures
from lesson_utils.theory import stability_limit, steps_to_settle
from tests.claims import claim, faults, prose
from tests.homework_sources import code, words
from tests.patience import TO_END

NAME = "hw2_momentum"
NO_CLAIM = re.compile(r"^## \d\.|\(\d marks?\)|\bHomework \d|\bLessons \d to \d", re.MULTILINE)
TEXT = prose([NO_CLAIM.sub("", text) for text in words(NAME)])

CELSIUS = load_temperatures().celsius
WEATHER = losses.LeastSquares(CELSIUS[:-1], CELSIUS[1:])
BY_HAND = {"w": 2.0, "v": 1.0, "dw": 4.0, "alpha": 0.5, "beta": 0.9}
ROUND_BOWL = optimizers.momentum(lambda w: w, (1.0, 2.0), 1.0, 0.5, 2)


def weather(steps):
    return optimizers.momentum(WEATHER.gradient, (0.0, 0.0), 0.1, 0.9, steps).w[-1]


def steps(beta):
    return steps_to_settle(CURVATURES, 4, beta)


def by_hand(convention):
    return optimizers.momentum_step(*BY_HAND.values(), convention=convention)


def bisected(high, beta=0.99):
    """Return where the homework's bisection ends in a bowl with curvature 1, when it begins between 0 and high."""
    low = 0.0
    for _ in range(30):
        alpha, w, v = (low + high) / 2, 1.0, 0.0
        for _ in range(500):
            w, v = optimizers.momentum_step(w, v, w, alpha, beta)
        low, high = (alpha, high) if abs(w) < 1 else (low, alpha)
    return low


CLAIMS = [
    claim("It gives your function {:g} seconds", TO_END),
    claim("A function that does not end is stopped after {:g} seconds", TO_END),
    claim("w = 2, v = 1, dw = 4, α = 0.5 and β = 0.9 give w = {:.2f} and v = {:.1f}", *by_hand("ewa")),
    claim("w = 2, v = 1, dw = 4, α = 0.5 and β = 0.9 give w = {:.2f} and v = {:.1f}", *by_hand("heavy_ball")),
    claim("When the step is right, it settles after {} steps", steps(0.9)),
    claim("With β = 0.5, after {} steps. With β = 0.99 it needs {}", steps(0.5), steps(0.99)),
    claim("In which of the two does your step still settle within 120 steps",
          holds=steps(0.5) <= 120 < steps(0.99)),
    claim("one step leads to w = {:.1f} and b = {:.0f}", *ROUND_BOWL.w[1]),
    claim("The second step leads to {:.0f} in both", ROUND_BOWL.w[2][0], holds=not ROUND_BOWL.w[2].any()),
    claim("After 300 steps your descent must print about {:.3f} and {:.3f}", *weather(300)),
    claim("After 100 steps w is {:.3f} and has nearly arrived; b is {:.3f}", *weather(100),
          holds=abs(weather(100)[0] - WEATHER.minimum[0]) < 0.003 < 0.06 < WEATHER.minimum[1] - weather(100)[1]),
    claim("One parameter stands at w = {w:.0f}".format(**FIRST)),
    claim("the gradient there is dw = {dw:.0f}. With α = {alpha} and β = {beta}".format(**FIRST)),
    claim("a move from 5 to 4.5 is {:.1f}", 4.5 - 5),
    claim("Walk {} steps with", GAP_STEPS),
    claim("dw is ({:.2f} · w₁, {:.0f} · w₂), the start is w = ({:.0f}, {:.1f})", *CURVATURES, *START),
    claim("then would be at least {:.1f}", 2 - 1.7),
    claim("{} rounds. Each halves the distance", ceil(log2(1000 / 0.001))),
    claim("1000 halved 20 times is {:.5f}", 1000 / 2**20),
    claim("in a bowl with curvature 4 the border is at {:.1f}", stability_limit(4.0)),
    claim("is {:.1f}, as above", stability_limit(4.0)),
    claim("By {:.0f}, from {:.0f} to {:.0f}. At β = 0.99 the formula says {:.0f}",
          stability_limit(1.0, 0.9) / stability_limit(1.0), *(stability_limit(1.0, beta) for beta in (0, 0.9, 0.99))),
    claim("a bisection that begins between 0 and 1000 comes to {:.1f}", bisected(1000),
          holds=abs(bisected(1000) / 398 - 1) < 0.01),
    claim("one that does so for every β up to 0.93 may converge here",
          holds=abs(bisected(300) - 300) < 1e-3 and stability_limit(0.2, 0.93) < 300),
]  # fmt: skip
SETTINGS = (
    "plan 40 to 60 minutes", "The zeros are decimal numbers, 0.0,", "with α = 4 and β = 0.9.",
    "Set β to 0.5, then to 0.99", "from w = 1 and b = 2 with α = 1 and β = 0.5",
    "Run the cell with 100 steps", "v divided by 1−βᵗ, where the first step has t = 1",
    "at β = 0 both are plain descent, so", "is 3.", "with , α = 4 and β = 0.9",
    "one path were at (1, 2) and the other at (1, 1.7)", "Start at w = 1 with v = 0, and make 500 steps",
    "The two start 1000 apart", "less than 0.001 apart: 20, 1000, or a million", "right to 1 %",
    "curvatures from 0.2 to 5 and for β from 0 to 0.93",
    "with β = 0 this is plain descent", "in a bowl with curvature 1.",
    "from β = 0 to β = 0.9? Add β = 0.99: is your bisection still within 1 % of the formula",
    "Which four things have to be handed on",
)  # fmt: skip


def test_every_number_is_computed_and_no_other_stands_there():
    assert faults(TEXT, CLAIMS, SETTINGS) == []


def test_the_dataset_of_the_prediction_is_what_the_check_expects():
    plain = -FIRST["alpha"] * FIRST["dw"]
    momentum = (
        optimizers.momentum_step(FIRST["w"], 0.0, FIRST["dw"], FIRST["alpha"], FIRST["beta"])[0] - FIRST["w"]
    )
    assert [PREDICTIONS[key][0] for key in ("plain", "momentum", "corrected")] == pytest.approx(
        [plain, momentum, momentum / (1 - FIRST["beta"])]
    )


def test_nothing_in_the_students_version_shows_an_answer():
    seen = TEXT + "".join(code(NAME, solved=False).values())
    for answer in ("beta * v", "(1 - beta)", "(1+β)", "1+β", "(1−β) ·", "np.zeros", "/ 2, ", "−3", "−0.6"):
        assert answer not in seen.replace(" ", "") and answer not in seen, answer
