"""The bias explorer's words and lines against loops made here, and what it says of a learner's own correction."""

import re
import warnings

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

from lesson_utils import averages, bias
from lesson_utils.drawing import style
from lesson_utils.explorers import BiasExplorer
from lesson_utils.temperatures import load_temperatures
from workshop.files import LESSONS, cells

from ..pairwise import pairwise
from ..stage.frames import Holder, same
from .runs import frame_at, words_at
from .undrawn import undrawn

KIND = BiasExplorer
CELSIUS = load_temperatures().celsius


def told(beta, day, unit):
    """Return (v in the unit, v in °C, sum of the weights, corrected °C) of a day."""
    celsius = bias.averaged_in(CELSIUS[:day], beta, unit)[-1]
    corrected = averages.ewa(CELSIUS[:day], beta, bias_correction=True)[-1]
    return bias.to_unit(celsius, unit), celsius, bias.weight_sum(beta, day), corrected


def three(value):
    return f"{value:.3g}".replace("-", "−")


@pytest.mark.parametrize(
    ("beta", "day", "unit"),
    pairwise(
        [0.01, 0.5, 0.9, 0.98, 0.99], [1, 2, 3, 10, 44, 228, 300], list(bias.UNITS), also=[(0.9, 44, "°C")]
    ),
)
def test_the_sentence_is_true(explorer, beta, day, unit):
    settings = {"beta": beta, "days": 300, "day": day, "unit": unit, "stored_back": False, "corrected": True}
    twin = explorer.stage.frame(settings).twin
    v, celsius, held, hat = told(beta, day, unit)
    assert f"day {day}: v = {three(v)} {unit}" in twin
    assert f"{three(celsius)} °C. Its weights" in twin
    if 1 - held < 0.0005:
        assert "add up to 1 but for less than 0.1 %: there is nothing left to correct" in twin
    else:
        shown = three(held) if held < 0.9995 else "0.999…"
        assert f"add up to {shown}, the zero holds the other {three(100 * (1 - held))} %" in twin
        assert f"divided by {shown}, v becomes v̂ = {three(hat)} °C" in twin
    last = int(twin.split("below 1 % on day ")[1].split(".")[0])
    assert beta**last < 0.01 <= beta ** (last - 1)


def test_beta_zero_has_nothing_to_correct(explorer):
    frame = frame_at(explorer, beta=0.0, stored_back=True)
    assert "the day itself has all the weight, so there is nothing to correct" in frame.twin
    assert explorer.set(beta=0.0).figure().axes[0].texts[1].get_text().endswith("÷ 1 = 9.45 °C")


def test_a_day_beyond_those_shown_is_the_last_one_shown(explorer):
    assert "day 20: " in words_at(explorer, days=20, day=300)


def line(page, color):
    """Return the points of the line of one colour, in page units."""
    found = [xy for look, _, xy in page.layers if look["k"] == "path" and look.get("stroke") == color]
    return max(found, key=len)


def test_the_unit_moves_the_uncorrected_line_only(explorer):
    heights = {}
    for unit in bias.UNITS:
        frame_at(explorer, unit=unit)
        axes = explorer.stage._figure.axes[0]
        lines = {
            line.get_color(): line.get_ydata().copy() for line in axes.lines if len(line.get_xdata()) > 30
        }
        heights[unit] = (lines[style.AVERAGE["color"]], lines[style.UNCORRECTED["color"]])
    for unit in ("°F", "K"):
        np.testing.assert_allclose(heights[unit][0], heights["°C"][0], atol=1e-9)
    assert heights["°C"][1][0] == 0.0
    assert heights["°F"][1][0] == pytest.approx(-17.78, abs=0.005)
    assert heights["K"][1][0] == pytest.approx(-273.15)


def test_stored_back_is_told_and_drawn(explorer):
    page = Holder(explorer.set(stored_back=True, day=2).stage)
    assert "Stored back: 45.7 °C on day 2." in page.ask()["twin"]
    words = [geometry.get("s") for look, geometry, _ in page.layers if look["k"] == "text"]
    assert "v̂ stored back: up to 34232 °C, on day 21" in words
    huge = frame_at(explorer, beta=0.99, days=300, day=300)
    assert "Stored back: more than a million °C on day 300" in huge.twin


def test_the_legend_names_the_mistake_when_it_is_drawn_and_only_then(explorer):
    page = Holder(explorer.stage)
    words = [s for _, texts in explorer.stage.first_frame["letters"] for _, _, s in texts]
    assert style.ZERO["label"] in words and style.STORED_BACK["label"] not in words
    words = [s for _, texts in page.ask(stored_back=True)["letters"] for _, _, s in texts]
    assert words.count(style.ZERO["label"]) == 1 and style.STORED_BACK["label"] in words


def test_the_last_day_is_marked_on_the_slider(explorer):
    (mark,) = frame_at(explorer, beta=0.9).marks["days"]
    assert mark["text"] == "zero below 1 %: day 44" and mark["at"] == pytest.approx(43 / 299, abs=1e-4)
    assert frame_at(explorer, beta=0.99).marks["days"] == []


def hidden(found):
    """Return what tells the correction in a figure: visible artists in its colour, and words."""
    lines = [
        one
        for one in found.figure().findobj(Line2D)
        if one.get_visible() and one.get_color() == style.AVERAGE["color"] and shown(one)
    ]
    texts = [one.get_text() for one in found.figure().findobj(Text) if one.get_visible() and shown(one)]
    said = [*texts, found.twin, found.stage.frame().label]
    return lines, [
        one for one in said if re.search("v̂|÷|divided|corrected|bias correction|your function|agrees", one)
    ]


def shown(artist):
    """Whether the legend that an artist is in, if it is in one, is shown."""
    legends = [one for one in artist.get_figure().legends if artist in one.findobj()]
    return all(one.get_visible() for one in legends)


@pytest.mark.parametrize("unit", bias.UNITS)
@pytest.mark.parametrize(("beta", "day"), [(0.9, 1), (0.9, 7), (0.5, 60), (0.0, 3)])
def test_without_the_tick_nothing_tells_the_correction(beta, day, unit):
    for own in (None, correction(), correction(start=2)):
        explorer = BiasExplorer(correct=own, beta=beta, day=day, unit=unit, corrected=False)
        assert hidden(explorer) == ([], [])
        without = explorer._table(explorer._compute(explorer.settings))
        explorer.set(corrected=True)
        lines, words = hidden(explorer)
        assert len(lines) == 4 and len(words) >= 3, "the line, its dot, its weights and the legend's"
        assert explorer._table(explorer._compute(explorer.settings)) == without
        explorer.close()


def test_the_tick_leaves_the_rest_of_the_picture_as_it_is(explorer):
    page = Holder(explorer.stage)
    page.ask(corrected=False)
    first = page.layers
    orange = line(page, style.UNCORRECTED["color"])
    page.ask(corrected=True)
    np.testing.assert_array_equal(line(page, style.UNCORRECTED["color"]), orange)
    assert not same(page.layers, first)
    page.ask(corrected=False)
    assert same(page.layers, first)


def test_presets_leave_the_correction_hidden():
    explorer = BiasExplorer(corrected=False)
    for name in explorer.presets:
        explorer.set(**explorer.preset(name))
        assert explorer.settings["corrected"] is False
    assert all(one["corrected"] is False for one in explorer._pictured())


def test_the_lesson_shows_the_correction_only_where_it_has_been_asked_for():
    found = [source for source in cells(LESSONS[1], "code") if "BiasExplorer(" in source]
    assert ["corrected=False" in source for source in found] == [True] + [False] * (len(found) - 1)


def correction(start=1, store=False, divide=True):
    def my_correction(values, beta):
        v, corrected = 0.0, []
        for t, value in enumerate(values, start=start):
            v = beta * v + (1 - beta) * value
            hat = v / (1 - beta**t) if divide else v
            if store:
                v = hat
            corrected.append(hat)
        return corrected

    return my_correction


@pytest.mark.parametrize(
    ("own", "day", "title"),
    [
        (correction(), 3, "day 3:  2.27 °C ÷ 0.271 = 8.37 °C"),
        (correction(start=2), 3, "day 3:  right is 8.37 °C, your function says 6.6 °C"),
        (correction(store=True), 1, "day 1:  0.89 °C ÷ 0.1 = 8.9 °C"),
        (lambda values, beta: np.full(len(values), 1e9), 1, "your function says more than a million °C"),
    ],
)
def test_the_title_tells_of_the_day_what_the_picture_shows(own, day, title):
    series = BiasExplorer(correct=own, day=day).stage._figure.axes[0]
    assert any(title in text.get_text() for text in series.texts)


@pytest.mark.parametrize("unit", bias.UNITS)
def test_the_axis_label_stands_clear_of_the_numbers_and_of_the_edge(explorer, unit):
    figure = explorer.set(unit=unit).figure()
    figure.draw_without_rendering()
    label = next(one for one in figure.axes[0].texts if "daily mean" in one.get_text()).get_window_extent()
    numbers = [tick.label1.get_window_extent() for tick in figure.axes[0].yaxis.get_major_ticks()]
    assert label.x0 > 0 and label.x1 < min(box.x0 for box in numbers)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (correction(), "Your function agrees with v/(1−βᵗ) on every day."),
        (
            correction(start=2),
            "Your function says 4.68 °C on day 1, where v/(1−βᵗ) is 8.9 °C: t is one too large, the first day is t = 1.",
        ),
        (
            correction(store=True),
            "45.7 °C on day 2, where v/(1−βᵗ) is 7.74 °C: it looks as if v̂ were stored back",
        ),
        (correction(divide=False), "0.89 °C on day 1, where v/(1−βᵗ) is 8.9 °C: it never divides."),
        (lambda values, beta: np.array(values) + 1, "9.9 °C on day 1, where v/(1−βᵗ) is 8.9 °C."),
    ],
)
def test_what_is_said_of_a_learners_correction(own, words):
    assert words in BiasExplorer(correct=own).twin


def test_a_t_counted_from_zero_divides_by_zero():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy warns of it first
        twin = BiasExplorer(correct=correction(start=0)).twin
    assert "Your my_correction returned infinity" in twin and "look for a division by zero" in twin


def test_a_learners_line_is_drawn_in_the_unit_it_is_averaged_in(explorer):
    page = Holder(BiasExplorer(correct=correction(), unit="°F").stage)
    ours = Holder(explorer.set(unit="°F").stage)
    ours.ask()
    np.testing.assert_allclose(*(line(shown, style.AVERAGE["color"]) for shown in (page, ours)))
    assert "agrees" in page.reply["twin"]


@pytest.mark.parametrize("count", [2, 40])
def test_a_city_with_few_days(tmp_path, count):
    path = tmp_path / "my_city.csv"
    days = "".join(f"{np.datetime64('2024-01-01') + d},{d / 2}\n" for d in range(count))
    path.write_text("date,temp_c\n" + days, encoding="utf-8")
    explorer = BiasExplorer(temperatures=load_temperatures(path))
    assert explorer.controls["days"].max == count and "error" not in explorer.stage.first_frame
    for shown in (1, count):
        assert words_at(explorer, days=shown)


def test_csv_is_the_average(csv_of):
    rows = csv_of(undrawn(BiasExplorer, beta=0.98, days=100, unit="°F"))
    assert len(rows) == 100 and rows[0]["date"] == "2012-01-01" and rows[-1]["day"] == "100"
    _, celsius, held, hat = told(0.98, 100, "°F")
    last = rows[-1]
    assert float(last["v_c"]) == pytest.approx(celsius) and float(last["corrected_c"]) == pytest.approx(hat)
    assert float(last["sum_of_weights"]) == pytest.approx(held)


def test_csv_calls_a_learners_numbers_theirs():
    names = [explorer._table(explorer._compute(explorer.settings))[0] for explorer in (
        undrawn(BiasExplorer), undrawn(BiasExplorer, correct=lambda values, beta: values)
    )]  # fmt: skip
    assert "corrected_c" in names[0] and "your_function_c" not in names[0]
    assert "your_function_c" in names[1] and "corrected_c" not in names[1]
