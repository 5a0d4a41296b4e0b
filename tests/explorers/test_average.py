"""The explorer of the average: its words, the learner's own average, a city of one's own."""

import numpy as np
import pytest

from lesson_utils.averages import ewa
from lesson_utils.explorers import AverageExplorer
from lesson_utils.temperatures import load_temperatures

KIND = AverageExplorer


def test_the_sentence_is_true(explorer):
    assert "the newest 10 hold 65 % of the weight, and the curve is about 9 days late" in explorer.twin
    explorer.set(beta=0.98)
    assert "newest 50 hold 64 %" in explorer.twin and "about 49 days late" in explorer.twin
    assert "nothing is averaged" in explorer.set(beta=0.0).twin


def test_an_average_of_the_learners_is_held_against_ours():
    def my_average(values, beta):
        v, out = 0.0, []
        for theta in values:
            v = beta * v + (1 - beta) * theta
            out.append(v)
        return out

    assert "agrees with v = βv + (1−β)θ on every day" in AverageExplorer(average=my_average).twin
    swapped = AverageExplorer(average=lambda values, beta: ewa(values, 1 - beta))
    assert "°C away from v" in swapped.twin


@pytest.mark.parametrize(
    "average",
    [
        lambda values, beta: np.asarray(values, dtype="float32"),
        lambda values, beta: np.full(len(values), 1e300),
    ],
)
def test_float32_and_huge_averages_print_no_warning(average):
    assert AverageExplorer(average=average).twin


@pytest.mark.parametrize("name", ["my_city", "oslo$^$"])  # a dollar sign begins no formula
def test_a_city_of_ones_own_may_have_any_name(tmp_path, name):
    path = tmp_path / f"{name}.csv"
    days = "".join(f"2024-01-{day:02},{day / 2}\n" for day in range(1, 32))
    path.write_text("date,temp_c\n" + days, encoding="utf-8")
    explorer = AverageExplorer(temperatures=load_temperatures(path), days=(0, 20))
    assert explorer.controls["days"].max == 30
    assert "error" not in explorer.stage.first_frame and len(explorer.stage._read_layers()) > 5


def test_every_span_of_days_finds_its_dates(explorer):
    for last in range(1, 1461, 60):
        assert "error" not in explorer.stage.answer({"seq": 1, "state": {"days": [0, last]}})[0], last
