"""Names in any script: a saved picture has no box in it, and says what it could not draw."""

import warnings

import pytest
from matplotlib import font_manager

from lesson_utils.drawing import lettering
from lesson_utils.drawing.lettering import readable, shortened


@pytest.fixture(params=["as installed", "without other fonts"])
def fonts(request, monkeypatch):
    """The fonts of this system, and those of a system that has only matplotlib's own."""
    lettering._family_for.cache_clear()
    if request.param == "without other fonts":
        monkeypatch.setattr(lettering.fontManager, "ttflist", [])
    yield request.param
    lettering._family_for.cache_clear()


@pytest.mark.parametrize(
    "name", ["서울", "東京", "الرياض", "दिल्ली", "กรุงเทพฯ", "Ḩamāh", "Kyïv", "Москва", "Paris 🌍"]
)
def test_what_is_drawn_has_a_letter_for_each_sign(fonts, name):
    words, families = readable(f"{name}, 2023–2024", "Your city")
    assert words.endswith(", 2023–2024") and words[0] not in " ,"
    files = [font_manager.findfont(font_manager.FontProperties(family=family)) for family in families]
    known = set().union(*(font_manager.get_font(file).get_charmap() for file in files))
    assert {ord(letter) for letter in words} <= known


def test_letters_that_no_font_has_are_spelt_or_stood_in_for(monkeypatch):
    monkeypatch.setattr(lettering, "_family_for", lambda letters: None)
    assert readable("서울, 2023") == ("Seoul, 2023", ["DejaVu Sans"])
    assert readable("東京, 2023", "Your city")[0] == "Your city, 2023"
    assert readable("file 東京_2023.csv, read as °C")[0] == "file …_2023.csv, read as °C"
    assert readable("Zürich and Łódź")[0] == "Zürich and Łódź"


def test_letters_that_join_are_drawn_only_where_matplotlib_can_join_them(monkeypatch):
    monkeypatch.setattr(lettering, "SHAPES", False)
    assert readable("الرياض, 2023", "Your city")[0] == "Your city, 2023"


@pytest.mark.parametrize("name", ["W" * 200, "서울" * 90, "e\u0301" * 300, "short"])
def test_a_name_of_any_length_keeps_to_its_room(name):
    kept = shortened(name, 30)
    assert kept == name if name == "short" else kept.endswith("…") and name.startswith(kept[:-1])
    wide = 2 if "서" in name else 1
    assert sum(wide for letter in kept[:-1] if letter != "\u0301") <= 29


def test_no_name_brings_a_warning(fonts):
    from matplotlib.figure import Figure

    figure = Figure()
    ax = figure.add_subplot()
    for name in ("서울", "東京", "दिल्ली"):
        text = ax.add_artist(lettering.Name(0.5, 0.5, name, fontweight="bold", parse_math=False))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure.canvas.draw()
        assert text.get_text() == name, "the page is to have the name as it is"
