"""The shipped record, files of one's own, and each way in which a file can be wrong."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson_utils.temperatures import SEATTLE, load_temperatures

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
GOOD = "date,temp_c\n2024-02-28,1.5\n2024-02-29,-2\n2024-03-01,3.25\n"


@pytest.fixture
def load(tmp_path):
    def write_and_load(content, name="new_york_daily_2024.csv", **said):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_temperatures(path, **said)

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
    assert city.source == f"file {name}, read as °C" and city.weather is None and city.celsius_max is None


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
        "date,temp_k\n2024-02-28,274.65\n2024-02-29,271.15\n2024-03-01,276.4\n",
        "date,temp_max_tenths,temp_min_tenths\n2024-02-28,20,10\n2024-02-29,-10,-30\n2024-03-01,35,30\n",
        "date,temp_max_f,temp_min_f\n2024-02-28,35.6,33.8\n2024-02-29,30.2,26.6\n2024-03-01,38.3,37.4\n",
        "date,precipitation,precipitation,temp_c\n2024-02-28,0,1,1.5\n2024-02-29,0,1,-2\n2024-03-01,0,1,3.25\n",
        GOOD.replace("temp_c", "temp_c,note").replace("-2\n", '-2,"snow,\nthen rain"\n'),
        "# my city\n" + GOOD,
        '# "so it is", he said\n\n' + GOOD,
        "Climate of New York, daily\n" + GOOD,
        "latitude,longitude\n52.5,13.4\n\n" + GOOD,
        "from,to\n2024-02-28,2024-03-01\n" + GOOD,
        "# " + GOOD,
        GOOD + "# the end\n",
        "\n".join(f'"{line}"' for line in GOOD.split()),
        GOOD.replace("\n2024", '"\n"2024').replace("date", '"date') + '"',
        GOOD.replace("1.5", '"1.5"'),
        GOOD.replace(",", ', "').replace("\n", '"\n'),
        "sep=;\n" + GOOD.replace(",", ";").replace(".", ","),
        GOOD.replace(",", "|"),
        GOOD.replace(",", ";").replace("\n", ";3\n").replace("temp_c;3", "temp_c;wind, m/s"),
        GOOD.replace(",", "\t").replace("\n", "\t3\n").replace("temp_c\t3", "temp_c\twind, m/s; gusts"),
        GOOD.replace("\n", ",0.0\n").replace("temp_c,0.0", 'temp_c,"Precip\n(mm)"'),
        GOOD.replace("\n", ",a,b\n").replace("temp_c,a,b", "temp_c,note,note"),
        GOOD.replace("\n", ",A\n").replace("temp_c,A", "temp_c,"),
        GOOD.replace(",", '","').replace("\n", '" \n"').join('""').replace('\n""', "\n"),
        GOOD.replace("\n2024", ",note\n2024", 1).replace("-2\n", '-2,"new sensor,\nsee log of 2024-01-05"\n'),
        GOOD.replace(",", "،").replace("date،", "date،"),
        GOOD.replace("date,temp_c", "DATE,TEMP_C").replace("1.5", "1.5"),
        GOOD.replace("date,temp_c", "ignored,date,temp_c").replace("\n2024", "\n1,2024"),
        GOOD.encode() + b"\x1a",
        ("気温データ 東京\n" + GOOD).encode("utf-16-le"),
        "date,temp,temp_max,temp_min\n2024-02-28,7,2,1\n2024-02-29,7,-1,-3\n2024-03-01,7,3.5,3\n",
        "\ufeff\ufeff" + GOOD,
        GOOD.replace("\n2024-03", "\n\ufeff2024-03"),
        GOOD.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
        GOOD.translate({ord(str(n)): chr(0x0660 + n) for n in range(10)} | {ord("."): "٫"}),
        GOOD.replace(",", "，").replace("-", "－").replace("temp_c", "ｔｅｍｐ_c"),
        GOOD.replace("-2\n", "–2\n").encode("cp1252"),
        GOOD.encode("utf-16-le"),
        GOOD.encode("utf-16-be"),
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
        (
            "3.25",
            "71.5",
            r"row 4: temp_c is 71.5; allowed is -90 to 60 °C. Is it a slip, or a mark for a missing value\?$",
        ),
        ("3.25", "-999", "row 4: temp_c is -999; .* a mark for a missing value"),
        (
            "3.25",
            "-200",
            "row 4: temp_c is -200; allowed is -90 to 60 °C. Is it a slip, or a mark for a missing value",
        ),
        (
            "temp_c\n2024-02-28,1.5",
            "temp_f\n2024-02-28,150",
            "row 2: temp_f is 150; allowed is -130 to 140 °F",
        ),
        ("\n2024-02-29", "\n\n2024-02-29x", "row 4: date must be"),
        (
            "2024-02-29,",
            "2024-02-29;",
            "row 3: date .*semicolons stand in this row where the header has commas",
        ),
        ("2024-03-01", "date,temp_c\n2024-03-01", "row 4: date must be .*; the header stands here once more"),
        (
            "date,temp_c\n2024-02-28,1.5",
            "2024-02-28,1.5\ndate,temp_c",
            "row 1: a day stands above the header",
        ),
        ("2024-02-28", "0000-02-28", "row 2: date '0000-02-28' has the year 0; allowed is 1500 to 2500"),
        ("2024-02-28", "9999-02-28", "row 2: .* has the year 9999"),
        (",temp_c", " temp_c", "the columns in row 1 are parted by spaces"),
        (
            "temp_c",
            "temp",
            "the column temp must say its unit: call it temp_c, temp_f, temp_k or temp_tenths",
        ),
        ("temp_c", "temp_max,temp_min_f", "temp_max and temp_min_f must be in one unit"),
        ("-2\n", "\xad2\n", "row 3: temp_c must be a number"),  # a soft hyphen: its sign is not to be lost
        ("-2\n", "-2\n#REF!,\n", "row 4: date must be"),
        ("-2\n", "-2\n# date;temp_f\n", "row 4: date must be"),
        (
            "date,temp_c\n",
            "2024-02-26;7,5\n2024-02-27;1,5\ndate,temp_c\n",
            "row 1: a day stands above the header",
        ),
        ("date,temp_c\n", "day,temp\n27.02.2024,1\ndate,temp_c\n", "row 2: a day stands above the header"),
        (
            "date,temp_c\n2024-02-28",
            "date,temp_c\n1,2024-02-28",
            "row 2: .* a cell stands in front; give the header an",
        ),
        (
            "3.25\n",
            '3.25\n"Source: DWD, Offenbach\nfree to use"\n',
            "row 5: date must be .*, not 'Source: DWD",
        ),
        ("3.25\n", "3.25\nmean,4.4,4\n", "row 5: date must be .*, not 'mean'"),
        ("3.25", "7²", "row 4: temp_c must be a number such as 7.5, not '7²'"),
        ("-2\n", '"-2\n', "row 3: a quotation mark is opened and not closed"),
        (
            "-2\n2024-03-01,3.25",
            '"-2\n2024-03-01,3.25"',
            "row 3: a quotation mark is opened and not closed in its",
        ),
        ("-2\n", '"-2"x\n', "row 3: text stands right behind a closing quotation mark"),
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
        (b"PK\x03\x04xl/workbook.xml", "is a spreadsheet, not a text file: save it as CSV"),
        (b"PK\x03\x04data.csv", "is a zip archive: unpack it"),
        ("<html>" + "A" * 140_000 + "</html>", "has no column 'date'"),
        ("date temp_c\n2024-01-01 3\n", "the columns in row 1 are parted by spaces"),
        ("# date temp_c\n2024-01-01 3\n", "the columns in row 1 are parted by spaces"),
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


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            "date,temp_c\n2024-02-28,5,9\n2024-02-29,6,5\n",
            "row 2: 3 cells, but the header has 2; if 5,9 is a number",
        ),
        (
            "date,temp_c,note\n2024-02-28,7,5,\n2024-02-29,8,9,\n",
            "row 2: .* if 7,5 is a number with a decimal comma",
        ),
        (
            "date,temp_c,\n2024-02-28,7,5\n2024-02-29,8,9\n",
            "row 2: if 7,5 is a number with a decimal comma",
        ),
        ("date,temp_c,note,flag\n2024-02-28,-7,5\n2024-02-29,8,9\n", "row 2: .* if -7,5 is a number"),
        ("date,temp_max,temp_min\n2024-02-28,7,5,3,2\n2024-02-29,8,9,1,1\n", "row 2: .* if 7,5 is a number"),
        (
            "date,temp_c,note\n2024-02-28,7,5\n2024-02-29,-8,2\n",
            "row 2: if 7,5 is a number with a decimal comma",
        ),
        (
            "date,temp_c,sky\n2024-02-28,7.5,fog\n2024-02-29,8,1\n",
            "row 3: if 8,1 is a number with a decimal comma",
        ),
        (
            "date,temp_c,rain\n2024-02-28,7.5,0.0\n2024-02-29,0.3\n",
            "row 3: .* nothing says which cell is missing",
        ),
        (
            "date,temp_c,\n2024-02-28,7.5,0\n2024-02-29,1\n2024-03-01,7,2\n",
            "row 3: .* nothing says which cell",
        ),
        (
            "date,temp_c\n2024-02-28,7.5\n2024-02-29,12.",
            "row 3: the file ends in the middle of temp_c: '12.'",
        ),
        (
            "date,temp_tenths\n2024-02-28,75\n2024-02-29,7.5\n",
            "row 3: temp_tenths is 7.5; allowed are whole numbers",
        ),
        ("date,temp_max,temp_min\n2024-02-28,1,5\n2024-02-29,8,1\n", "row 2: temp_max 1 is below temp_min 5"),
        (
            "date,temp_c\n2024-02-28,7.5,8\n2024-02-29,8\n",
            "row 2: 3 cells, but the header has 2; a cell belongs to no column",
        ),
        (
            "date,wind,temp_c,note\n2024-02-28,3,7.5,a\n2024-02-29,3,7.5\n",
            "row 3: .* nothing says which cell is missing",
        ),
    ],
)
def test_no_digit_and_no_cell_is_lost(load, content, text):
    with pytest.raises(ValueError, match=text):
        load(content)


def test_a_whole_number_before_a_number_among_words_is_read_when_it_has_a_point(load):
    rows = "date,temp_c,note\n2024-02-28,{},5\n2024-02-29,8.5,\n"
    with pytest.raises(
        ValueError, match=r"row 2: if 7,5 is a number with a decimal comma.*; if not, write 7\.0$"
    ):
        load(rows.format("7"))
    assert load(rows.format("7.0")).celsius.tolist() == [7, 8.5]


def test_columns_that_are_not_read_may_end_a_row_early(load):
    assert load("date,temp_c,sky,note\n2024-02-28,7,fog,x\n2024-02-29,8.5\n").celsius.tolist() == [7, 8.5]
    assert load("date,temp_max,temp_min,note\n2024-02-28,7,5\n2024-02-29,8,6,x\n").celsius.tolist() == [6, 7]


# --- units ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "asked"),
    [
        ("81,60 78,59", {"F", "tenths"}),
        ("81.5,60 78,59", {"F"}),
        ("280.6,275 281.2,276", {"K"}),
        ("69,-131 52,-110", {"tenths"}),
        ("280,275 290,281", {"K", "tenths"}),
    ],
)
def test_an_absurd_number_is_asked_for_each_unit_that_all_numbers_fit(load, numbers, asked):
    rows = "".join(f"2024-06-0{day},{pair}\n" for day, pair in enumerate(numbers.split(), 1))
    with pytest.raises(ValueError, match="allowed is -90 to 60 °C") as caught:
        load("date,temp_max,temp_min\n" + rows)
    assert {unit for unit in ("C", "F", "K", "tenths") if f'unit="{unit}"' in str(caught.value)} == asked
    for unit in asked:
        assert load("date,temp_max,temp_min\n" + rows, unit=unit).unit == unit


@pytest.mark.parametrize(
    ("unit", "celsius"), [("F", [-10, -5]), ("°f", [-10, -5]), ("C", [14, 23]), ("tenths", [1.4, 2.3])]
)
def test_a_unit_that_is_said_counts_more_than_the_columns_name(load, unit, celsius):
    city = load("date,temp_max,temp_min\n2024-01-01,16,12\n2024-01-02,25,21\n", unit=unit)
    assert city.celsius == pytest.approx(celsius)
    assert city.source.endswith(f"read as {'°' + unit[-1].upper() if unit != 'tenths' else 'tenths of °C'}")


@pytest.mark.parametrize(
    ("numbers", "asked"),
    [("7.2 75 6.9", set()), ("7 -99 6", {"tenths"}), ("52 60 61 63", {"F", "tenths"}), ("28 285 29", set())],
)
def test_one_number_is_another_unit_only_where_the_days_beside_it_are_alike_in_it(load, numbers, asked):
    rows = "".join(f"2024-06-0{day},{number}\n" for day, number in enumerate(numbers.split(), 1))
    with pytest.raises(ValueError, match=r"a slip, or a mark for a missing value\?") as caught:
        load("date,temp_c\n" + rows)
    assert {unit for unit in ("F", "K", "tenths") if f'unit="{unit}"' in str(caught.value)} == asked


def test_a_unit_that_the_column_denies_is_refused(load):
    with pytest.raises(ValueError, match="unit='C', but the column temp_f says °F: change one"):
        load("date,temp_f\n2024-01-01,50\n2024-01-02,59\n", unit="C")


def test_words_of_an_unknown_encoding_are_left_out(load):
    rows = "date,temp_c,weather\n2024-02-28,1.5,雨\n2024-02-29,2,雪\n"
    assert load(rows).weather.tolist() == ["雨", "雪"]
    assert load(rows.encode("cp932")).weather is None


@pytest.mark.parametrize(
    ("unit", "problem", "text"),
    [("R", ValueError, 'unit must be one of "C", "F", "K", "tenths", not \'R\''), (3, TypeError, "not 3")],
)
def test_another_unit_is_refused(load, unit, problem, text):
    with pytest.raises(problem, match=text):
        load(GOOD, unit=unit)
    with pytest.raises(ValueError, match="unit must be left out without a file"):
        load_temperatures(unit="F")
    with pytest.raises(TypeError, match="place must be a name"):
        load(GOOD, place=3)


@pytest.mark.parametrize("mark", ["-99", "-99.9", "99.9", "-88.8", "-77"])
def test_a_number_that_marks_a_missing_value_is_asked_for(load, mark):
    days = "date,temp_f\n2024-03-01,45.5\n2024-03-02,{}\n2024-03-03,44.1\n"
    with pytest.raises(ValueError, match=rf"row 3: temp_f is {mark}, .*a mark for a missing value\?"):
        load(days.format(mark))
    with pytest.raises(ValueError, match=r"row 2: .*a mark for a missing value"):
        load("date,temp_f\n2024-03-01,-99\n2024-03-02,-99\n")


def test_a_hot_week_and_the_south_pole_hold_no_marks(load):
    assert load("date,temp_f\n2024-07-01,88\n2024-07-02,99.9\n2024-07-03,99\n2024-07-04,96\n").celsius[1] > 37
    assert load("date,temp_f\n2024-07-01,-92\n2024-07-02,-99\n2024-07-03,-99.9\n").celsius[1] < -72
    assert load("date,temp_f\n2024-07-01,99\n2024-07-02,99\n").celsius[0] > 37
    assert load("date,temp_f\n2024-07-01,33\n2024-07-02,77\n").celsius[1] == pytest.approx(25)


# --- a true table, with one trait of files that people have ---------------------------------------------------


def written(rows, names="date,temp_c,note", delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([names.split(","), *rows])
    return out.getvalue()


def other_digits(zero):
    return lambda days, draw: (written(days).translate({ord(str(n)): zero + n for n in range(10)}), None, {})


def with_lines_above(*lines):
    return lambda days, draw: ("\n".join([*lines, written(days)]), None, {})


def converted(turn, reason, unit):
    """A summer's numbers in another unit, which cannot be °C: refused for it, and loaded when it is said."""

    def trait(days, draw):
        summer = [(date, round(17 + (celsius + 5) / 3, 1), note) for date, celsius, note in days]
        rows = [(date, f"{turn(celsius):.10g}", note) for date, celsius, note in summer]
        said = draw(st.booleans())
        return written(rows), None if said else reason, {"unit": unit} if said else {}, summer

    return trait


def unclosed(days, draw):
    row = draw(st.integers(0, len(days) - 1))
    lines = written(days).splitlines()
    lines[row + 1] = lines[row + 1].rsplit(",", 1)[0] + ',"late'
    if row + 2 < len(lines) and draw(st.booleans()):
        lines[-1] = lines[-1].rsplit(",", 1)[0] + ',"'
    return "\n".join(lines), f"row {row + 2}: .*quotation mark", {}


def mark_in_fahrenheit(days, draw):
    row, mark = (
        draw(st.integers(0, len(days) - 1)),
        draw(st.sampled_from(["-99", "-99.9", "-99.99", "-88.8"])),
    )
    rows = [
        (date, mark if i == row else f"{celsius * 1.8 + 32:.2f}") for i, (date, celsius, _) in enumerate(days)
    ]
    return written(rows, "date,temp_f"), rf"row {row + 2}: temp_f is {mark}, .*missing value", {}


def impossible_year(days, draw):
    year = draw(st.sampled_from(["0000", "0001", "9999"]))
    return written([(year + date[4:], *rest) for date, *rest in days]), f"has the year {int(year)}", {}


def decimal_commas(days, draw):
    rows = "".join(f"{date},{celsius:.1f},{note}\n".replace(".", ",") for date, celsius, note in days)
    return "date,temp_c,note\n" + rows, "row 2: .*decimal", {}


TRAITS = {
    "none": lambda days, draw: (written(days), None, {}),
    "unclosed quotation mark": unclosed,
    "decimal commas": decimal_commas,
    "mark in °F": mark_in_fahrenheit,
    "impossible year": impossible_year,
    "°F": converted(lambda c: c * 1.8 + 32, "Is it °F", "F"),
    "kelvin": converted(lambda c: c + 273.15, "Is it kelvin", "K"),
    "tenths": converted(lambda c: round(c * 10), "Is it tenths of °C", "tenths"),
    "remark": with_lines_above("# my city"),
    "title": with_lines_above("My city, a title", ""),
    "metadata": with_lines_above("latitude,longitude", "52.5,13.4", ""),
    "sep": lambda days, draw: ("sep=;\n" + written(days, delimiter=";"), None, {}),
    "bars": lambda days, draw: (written(days, delimiter="|"), None, {}),
    "comma in the header": lambda days, draw: (
        written(days, delimiter=";").replace("note", "wind, m/s").replace(".", ","), None, {},
    ),
    "rows in quotation marks": lambda days, draw: (
        "\n".join('"' + line.replace('"', '""') + '"' for line in written(days).splitlines()), None, {},
    ),
    "two byte-order marks": lambda days, draw: ("\ufeff\ufeff" + written(days), None, {}),
    "full-width digits": other_digits(0xFF10),
    "Arabic digits": other_digits(0x0660),
    "Devanagari digits": other_digits(0x0966),
}  # fmt: skip


@settings(max_examples=500, deadline=None, derandomize=True)
@given(data=st.data(), trait=st.sampled_from(sorted(TRAITS)), count=st.integers(2, 30), first=st.dates())
def test_a_file_loads_whole_or_is_refused_for_its_true_reason(tmp_path_factory, data, trait, count, first):
    start = np.datetime64(first.replace(year=1900 + first.year % 200), "D")
    tenths = data.draw(st.lists(st.integers(-50, 300), min_size=count, max_size=count))
    note = data.draw(st.sampled_from(["", "fog"]))
    days = [(str(start + i), value / 10, note) for i, value in enumerate(tenths)]
    content, reason, said, *true = TRAITS[trait](days, data.draw)
    path = tmp_path_factory.mktemp("files") / "city.csv"
    path.write_text(content, encoding="utf-8", newline="")
    if reason is not None:
        with pytest.raises(ValueError, match=reason):
            load_temperatures(path, **said)
        return
    city = load_temperatures(path, **said)
    dates, celsius, _ = zip(*(true[0] if true else days), strict=True)
    assert city.dates.astype(str).tolist() == list(dates)
    assert city.celsius == pytest.approx(list(celsius), abs=1e-7)
