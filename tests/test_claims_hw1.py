"""Every number in homework 1, computed again."""

import numpy as np
import pytest

from lesson_utils import averages
from lesson_utils.bias import averaged_in
from lesson_utils.checks import GRADING_SEED, examine, hw1
from lesson_utils.temperatures import load_temperatures
from tests.claims import claim, faults, lesson, prose
from tests.homework_sources import code, run, words
from tests.patience import TO_END

NAME = "hw1_averages"
TEXT = prose(words(NAME))
THREE = (10, 20, 40)
SEATTLE = load_temperatures().celsius
CALM = hw1.calm_beta(SEATTLE.tolist())
HALVES = averages.ewa_weights(0.5, 3)
V_C, V_F = averages.ewa([10.0], 0.9)[0], averages.ewa([50.0], 0.9)[0]

CLAIMS = [
    claim("stops a function that does not end after {:g} seconds", TO_END),
    claim("The first average is 0.1 · 10 = {:g}. Work out", averages.ewa(THREE, 0.9)[0]),
    claim("For the values 10, 20 and 40 and β = 0.9, the first number must be {:g}",
          averages.ewa(THREE, 0.9, bias_correction=True)[0]),
    claim("With β = 0.5 the weights are {:g}, {:g}, {:g}, …", *HALVES),
    claim("So one value holds {:g}, and two hold {:g}: for a share of 0.75", *np.cumsum(HALVES)[:2]),
    claim("for a share of 0.75 the answer is {}, and for 0.8 it is {}",
          hw1.values_holding(0.75, 0.5), hw1.values_holding(0.8, 0.5)),
    claim("One day, 10 °C, β = 0.9. In °C, v₁ is {:g}", V_C),
    claim("The other friend has {:g} °F, and v₁ = {:g} °F", 1.8 * 10 + 32, V_F),
    claim("Turned back, that is {:g} °C. So after the first day the gap is {:g}", (V_F - 32) / 1.8, (V_F - 32) / 1.8 - V_C,
          holds=np.isclose(averaged_in([10.0], 0.9, "°F")[0] - V_C, -16)),
    claim("draw 120 days in Seattle", holds="days=(0, 120)" in "".join(code(NAME).values())),
    claim("In Seattle calm_beta is {:.2f}", CALM),
    claim("the curve is 0.94/(1−0.94) days late, which is about {:.0f} days", CALM / (1 - CALM),
          holds=CALM == 0.94),
    claim("a change of the weather two weeks after", holds=14 <= CALM / (1 - CALM) < 17.5),
]  # fmt: skip

SETTINGS = (
    "Homework 1", "Plan 40 to 60 minutes", "1. The average (4 marks)", "2. The correction (4 marks)",
    "3. How many values hold 95 % of the weight? (3 marks)", "4. °F against °C (3 marks)",
    "5. Your own city (3 marks)", "6. In your own words (3 marks)", "from 0 up to, but not including, 1",
    "Take the values 10, 20 and 40, and β = 0.9", "with β = 0.95", "10 °C every day",
    "All of them together make 1", "between 0 and 1, such as 0.95 for 95 %", "and , between 0 and 1.",
    '"β = 0.9 averages over 10 days." How many days does it take for 95 %', "1.8 times the °C, plus 32",
    "at most a tenth as much", "0.50, 0.51, 0.52, … 0.99", "nearer to 0.5, to 0.9 or to 0.99",
)  # fmt: skip


def test_every_number_is_computed_and_no_other_stands_there():
    assert faults(TEXT, CLAIMS, SETTINGS) == []


def test_the_number_of_lesson_1():
    """The homework asks for a number that the lesson has told: 29 at 95 % and β = 0.9."""
    assert hw1.values_holding(0.95, 0.9) == 29
    assert "29 days" in lesson("01")


def test_the_gap_that_the_check_speaks_of():
    said = examine("unit_gap", run(code(NAME))[0], GRADING_SEED).sentence
    before = (0 - 32) / 1.8
    assert f"began at {before:.1f}".replace("-", "−") in said
    assert np.isclose(0.9 * before, -16), "the example by hand, one day later"


def test_the_solution_is_not_only_right_for_seattle():
    names = run(code(NAME))[0]
    for name, right in (("ewa", False), ("ewa_corrected", True)):
        assert np.allclose(names[name](SEATTLE, 0.98), averages.ewa(SEATTLE, 0.98, bias_correction=right))


def test_the_model_answer_reads_off_the_lag():
    """On a steady rise the curve is β/(1−β) days late."""
    rise = np.arange(1000.0)
    late = rise[-1] - averages.ewa(rise, CALM)[-1]
    assert late == pytest.approx(CALM / (1 - CALM), abs=1e-6)
