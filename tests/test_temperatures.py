"""The shipped record, files of one's own, and each way in which a file can be wrong."""

from pathlib import Path

import numpy as np
import pytest

from lesson_utils.temperatures import SEATTLE, load_temperatures

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
GOOD = "date,temp_c\n2024-02-28,1.5\n2024-02-29,-2\n2024-03-01,3.25\n"


@pytest.fixture
def load(tmp_path):
    def write_and_load(content, name="new_york_daily_2024.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_temperatures(path)

    return write_and_load


def test_the_shipped_record():
    seattle = load_temperatures()
    assert seattle.place == "Seattle" and "NOAA" in seattle.source
    assert seattle.dates.dtype == "datetime64[D]"
    assert (str(seattle.dates[0]), str(seattle.dates[-1])) == ("2012-01-01", "2015-12-31")
    assert (np.diff(seattle.dates) == np.timedelta64(1, "D")).all()
    assert (seattle.celsius == (seattle.celsius_max + seattle.celsius_min) / 2).all()
    assert (seattle.celsius_max >= seattle.celsius_min).all()
    for name in ("precipitation", "wind", "weather"):
        assert getattr(seattle, name).shape == (1461,)
    assert set(seattle.weather) == {"drizzle", "fog", "rain", "snow", "sun"}


def test_the_provenance_says_what_the_file_holds():
    text = (SEATTLE.parent / "SOURCES.md").read_text(encoding="utf-8")
    seattle = load_temperatures()
    celsius = seattle.celsius
    for number in (
        f"{celsius.mean():.2f}",
        f"{celsius.std():.2f}",
        f"−{-celsius.min():.1f}",
        f"{celsius.max():.1f}",
        f"{seattle.celsius_max.max():.1f}",
        f"{seattle.precipitation.sum():,.0f} mm",
        "USW00024233",
    ):
        assert number in text
    assert str(seattle.dates[celsius.argmin()]) == "2014-02-06"
    assert str(seattle.dates[celsius.argmax()]) == "2014-08-11"


@pytest.mark.parametrize(
    ("name", "place", "count", "first"),
    [
        ("central_england_daily_2016_2025.csv", "Central England", 3653, 4.7),
        ("seoul_daily_2014_2023.csv", "Seoul", 3652, 4.0),
    ],
)
def test_other_cities(name, place, count, first):
    if not (SHARED / name).exists():
        pytest.skip(f"{name} is not part of the project and not beside it")
    city = load_temperatures(SHARED / name)
    assert (city.place, len(city.celsius), city.celsius[0]) == (place, count, first)
    assert city.source == f"file {name}" and city.weather is None and city.celsius_max is None


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD + "\n\n",
        GOOD + ",\n",
        "\n" + GOOD,
        GOOD.replace("date,temp_c", " Date , TEMP_C "),
        GOOD.replace(",", ";").replace(".", ","),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("1.5", '"1,5"'),
        GOOD.replace("-2\n", "\N{MINUS SIGN}2\n"),
        GOOD.replace("2024-0", "2024/0"),
        GOOD.encode("utf-16"),
        GOOD.replace("\n2024", ",Zürich\n2024").encode("latin-1"),
        "station,temp_c,date,note\nA,1.5,2024-02-28,\nA,-2,2024-02-29,x\nA,3.25,2024-03-01\n",
        "date,temp_f\n2024-02-28,34.7\n2024-02-29,28.4\n2024-03-01,37.85\n",
        "date,temp_max,temp_min\n2024-02-28,2,1\n2024-02-29,-1,-3\n2024-03-01,3.5,3\n",
    ],
)
def test_files_that_can_be_read(load, content):
    city = load(content)
    assert city.celsius == pytest.approx([1.5, -2, 3.25])
    assert city.dates.astype(str).tolist() == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert city.place == "New York"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("temp_c", "temperature", "no column 'temp_c'; the columns found in row 1 are: date, temperature"),
        ("date,", "day,", "no column 'date'; the columns found in row 1 are: day, temp_c"),
        ("temp_c", "date", "no column 'temp_c'|more than one column 'date'"),
        ("temp_c\n", "temp_c,temp_f\n", "both temp_c and temp_f"),
        ("2024-02-29", "29.2.2024", r"row 3: date must be written as year-month-day.*'29.2.2024'"),
        ("2024-02-29", "2024-02-30", "row 3: date '2024-02-30' is not in the calendar"),
        ("2024-02-29", "", "row 3: date is empty"),
        ("2024-02-29,-2\n", "", "row 3: 2024-02-29 is missing before 2024-03-01"),
        ("2024-03-01", "2024-03-05", r"row 4: 2024-03-01 to 2024-03-04 \(4 days\) are missing"),
        ("2024-02-29", "2024-02-28", r"row 3: 2024-02-28 is there twice \(also in row 2\)"),
        ("2024-02-29", "2024-02-20", "row 3: 2024-02-20 comes after 2024-02-28"),
        ("3.25", "mild", "row 4: temp_c must be a number such as 7.5, not 'mild'"),
        ("3.25", "1_0", "row 4: temp_c must be a number"),
        ("3.25", "", "row 4: temp_c is empty"),
        (",3.25", "", "row 4: temp_c is empty"),
        ("3.25", "nan", "row 4: temp_c must be a finite number, not 'nan'"),
        ("3.25", "-inf", "row 4: temp_c must be a finite number"),
        ("3.25", "71.5", r"row 4: temp_c is 71.5; allowed is -90 to 60 °C; this is probably °F"),
        ("3.25", "-999", "row 4: temp_c is -999; .* a mark for a missing value"),
        (
            "temp_c\n2024-02-28,1.5",
            "temp_f\n2024-02-28,150",
            "row 2: temp_f is 150; allowed is -130 to 140 °F",
        ),
        ("\n2024-02-29", "\n\n2024-02-29x", "row 4: date must be"),
    ],
)
def test_what_is_wrong_is_named(load, old, new, text):
    assert old in GOOD
    with pytest.raises(ValueError, match=text) as caught:
        load(GOOD.replace(old, new, 1))
    assert "new_york_daily_2024.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("date,temp_c\n", "at least 2 days below the header, not 0"),
        ("date,temp_c\n2024-01-01,3\n", "at least 2 days below the header, not 1"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not a text file"),
        (b"PK\x03\x04rest", "is a spreadsheet, not a text file: save it as CSV"),
    ],
)
def test_files_that_are_no_table(load, content, text):
    with pytest.raises(ValueError, match=text):
        load(content)


def test_a_missing_file_names_those_that_are_there(tmp_path):
    (tmp_path / "oslo.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=r"no file olso.csv .*the CSV files there are: oslo.csv$"):
        load_temperatures(tmp_path / "olso.csv")
    with pytest.raises(FileNotFoundError, match=r"its folder .* does not exist"):
        load_temperatures(tmp_path / "nowhere" / "oslo.csv")
    with pytest.raises(ValueError, match=r"is a folder; .* oslo.csv"):
        load_temperatures(tmp_path)


@pytest.mark.parametrize("path", [3, True, ["a.csv"]])
def test_a_path_of_a_wrong_type_is_refused(path):
    with pytest.raises(TypeError, match="path must be the name of a CSV file"):
        load_temperatures(path)


def test_decimal_commas_are_not_cut_off(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("date,temp_c\n2024-02-28,5,9\n2024-02-29,6,5\n", encoding="utf-8")
    with pytest.raises(
        ValueError, match="row 2: 3 cells, but the header has 2; numbers need a decimal point"
    ):
        load_temperatures(path)
