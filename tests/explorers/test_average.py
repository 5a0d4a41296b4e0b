"""The explorer of the average: its words, the learner's own average, a city of one's own."""

import unicodedata

import numpy as np
import pytest

from lesson_utils.averages import ewa
from lesson_utils.drawing import lettering
from lesson_utils.explorers import AverageExplorer, BiasExplorer
from lesson_utils.temperatures import load_temperatures

KIND = AverageExplorer


def test_the_sentence_is_true(explorer):
    assert (
        "the newest 10 hold 65 % of the weight, and on a steady rise the curve is 9 days late"
        in explorer.twin
    )
    explorer.set(beta=0.98)
    assert "newest 50 hold 64 %" in explorer.twin and "curve is 49 days late" in explorer.twin
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


@pytest.fixture
def city(tmp_path):
    def load(name, **said):
        path = tmp_path / f"{name}.csv"
        days = "".join(f"2024-01-{day:02},{day / 2}\n" for day in range(1, 32))
        path.write_text("date,temp_c\n" + days, encoding="utf-8")
        return load_temperatures(path, **said)

    return load


def letters(explorer):
    return [layer.geometry["s"] for layer in explorer.stage._read_layers() if layer.style["k"] == "text"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("my_city", "My City, 2024"),
        ("oslo$^$", "Oslo$^$, 2024"),  # a dollar sign begins no formula
        ("서울_2024", "서울, 2024"),
        (unicodedata.normalize("NFD", "서울"), "서울, 2024"),  # as a Mac writes it
        ("W" * 200, "W" * 29 + "…, 2024"),
    ],
)
def test_a_city_of_ones_own_may_have_any_name(city, name, title):
    explorer = AverageExplorer(temperatures=city(name), days=(0, 20))
    assert explorer.controls["days"].max == 30
    assert "error" not in explorer.stage.first_frame and title in letters(explorer)


def test_a_picture_of_a_city_that_no_font_can_write_says_so_once(city, capsys, monkeypatch):
    monkeypatch.setattr(lettering, "_family_for", lambda letters: None)
    explorer = AverageExplorer(temperatures=city("부산"))
    drawn = [text.get_text() for _ in range(2) for text in explorer.figure().findobj(lettering.Name)]
    assert drawn.count("Busan, 2024") == 2
    assert capsys.readouterr().out.count("부산") == 1
    assert "부산, 2024" in letters(explorer), "the page has letters for it"


@pytest.mark.parametrize("kind", [AverageExplorer, BiasExplorer])
def test_the_figure_says_from_which_file_it_is_and_in_which_unit_it_was_read(city, kind):
    assert 'file oslo.csv, read as °C (for °F: unit="F")' in letters(kind(temperatures=city("oslo")))
    assert "file oslo.csv, read as °F" in letters(kind(temperatures=city("oslo", unit="F")))
    assert not any("read as" in words for words in letters(kind()))


def test_what_an_explorer_wrote_can_be_read_back(tmp_path):
    for explorer in (AverageExplorer(), BiasExplorer()):
        explorer.to_csv(tmp_path / "run.csv")
        city = load_temperatures(tmp_path / "run.csv")
        assert city.celsius.tolist() == load_temperatures().celsius[: len(city.celsius)].tolist()
        (tmp_path / "run.csv").unlink()


def test_every_span_of_days_finds_its_dates(explorer):
    for last in range(1, 1461, 60):
        assert "error" not in explorer.stage.answer({"seq": 1, "state": {"days": [0, last]}})[0], last
