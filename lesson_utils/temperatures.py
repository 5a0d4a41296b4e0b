"""Daily temperatures: the shipped record of Seattle, or a CSV of your own city."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .tables import DATE, Table, to_ascii

SEATTLE = Path(__file__).parent / "data" / "seattle_2012_2015.csv"
COLDEST, HOTTEST = -90.0, 60.0
"""No air on Earth was ever colder or hotter than this, in °C."""
SUDDEN, UNHEARD_OF = 15.0, 40.0
"""Days beside each other seldom, and never, differ by more, in °C."""
SOURCE = "US National Weather Service (NOAA NCEI, GHCN-Daily), Seattle-Tacoma airport"

DAY = np.timedelta64(1, "D")
YEARS = 1500, 2500
"""No thermometer stood before, and no forecast reaches further."""


class Unit(NamedTuple):
    """How a file may write a temperature: °C = (number - zero) / scale."""

    name: str
    zero: float
    scale: float

    def celsius(self, number):
        """Return a number, or an array of them, in °C."""
        return (number - self.zero) / self.scale

    def written(self, celsius: float) -> str:
        """Return a temperature in °C as the file would write it."""
        return f"{celsius * self.scale + self.zero:g}"


UNITS = {
    "C": Unit("°C", 0.0, 1.0),
    "F": Unit("°F", 32.0, 1.8),
    "K": Unit("kelvin", 273.15, 1.0),
    "tenths": Unit("tenths of °C", 0.0, 10.0),
}
COLUMN = re.compile(r"temp(_max|_min)?(?:_(c|f|k|tenths))?")


@dataclass(frozen=True, eq=False)
class Temperatures:
    """One temperature a day, without gaps; all arrays have the shape (n,).

    dates: datetime64[D], ascending by one day. celsius: the daily mean in °C. place, source: for titles and
    captions. unit: in which the numbers of a file of one's own were read, a key of UNITS. The rest is None where
    the file has no such column, or not whole: precipitation (mm), wind (m/s) and weather (words); celsius_max and
    celsius_min (°C) where celsius is their mean.
    """

    dates: np.ndarray
    celsius: np.ndarray
    place: str
    source: str
    precipitation: np.ndarray | None = None
    wind: np.ndarray | None = None
    celsius_max: np.ndarray | None = None
    celsius_min: np.ndarray | None = None
    weather: np.ndarray | None = None
    unit: str | None = None


def load_temperatures(
    path: str | os.PathLike | None = None, unit: str | None = None, place: str | None = None
) -> Temperatures:
    """Load the shipped record (Seattle, 2012-2015) or the CSV file at `path`.

    The file needs a column `date` (2024-03-01), one row for each day in order, and `temp_c`; or `temp_max` and
    `temp_min`, of which the mean is taken, in °C. Other units end the names: temp_f, temp_max_f, temp_k,
    temp_tenths (of °C). unit: "C", "F", "K" or "tenths", when the names do not say it. place: for titles, in place
    of the file's name. Other columns, and lines above the header, are passed over. Commas; or semicolons, tabs or
    bars with decimal commas. See data/SOURCES.md for the shipped record. Raises FileNotFoundError when there is
    no such file; ValueError, naming file and row, for anything in it that cannot be right, and for another unit;
    TypeError when `path` is no path, or `unit` or `place` no text.
    """
    shipped = path is None
    if shipped and unit is not None:
        raise ValueError(f"unit must be left out without a file: the shipped record is in °C, not {unit!r}")
    path = SEATTLE if shipped else path
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path must be the name of a CSV file, not {path!r} ({type(path).__name__})")
    if place is not None and not isinstance(place, str):
        raise TypeError(f"place must be a name in quotation marks, not {place!r:.60}")
    asked = None if unit is None else _unit(unit)
    table = Table(Path(path), _needed)
    dates = _dates(table)
    unit, temperatures = _temperatures(table, asked)
    record = {
        "dates": dates,
        "precipitation": _numbers_or_none(table, "precipitation"),
        "wind": _numbers_or_none(table, "wind"),
        "weather": _words_or_none(table, "weather"),
        **temperatures,
    }
    if shipped:
        return Temperatures(place=place or "Seattle", source=SOURCE, **record)
    source = f"file {_in_a_line(table.path.name)}, read as {UNITS[unit].name}"
    return Temperatures(place=_in_a_line(place or _place(table.path)), source=source, unit=unit, **record)


def _in_a_line(name: str) -> str:
    """Return a name without line breaks and marks that turn the words behind it round; a Mac's accents in place."""
    kept = (c for c in name if c not in "\u202a\u202b\u202c\u202d\u202e" and unicodedata.category(c) != "Cs")
    return " ".join(
        unicodedata.normalize(
            "NFC", "".join(" " if unicodedata.category(c) == "Cc" else c for c in kept)
        ).split()
    )


def _unit(unit) -> str:
    if not isinstance(unit, str):
        raise TypeError(f"unit must be one of {_allowed()}, not {unit!r:.60}")
    key = unicodedata.normalize("NFKC", unit).strip().lstrip("°ºo ").lower()
    for known, words in {"C": "celsius", "F": "fahrenheit", "K": "kelvin", "tenths": "tenths of °c"}.items():
        if key in (known.lower(), words):
            return known
    raise ValueError(f"unit must be one of {_allowed()}, not {unit!r:.60}")


def _allowed() -> str:
    return ", ".join(f'"{unit}"' for unit in UNITS)


def _needed(names: list[str]) -> list[str]:
    """Return the columns to read, the date first; none for names that are no header."""
    found = _columns(names)
    wanted = found[""] or found["_max"] + found["_min"]
    return ["date", *wanted] if "date" in names and wanted else []


def _columns(names: list[str]) -> dict[str, list[str]]:
    """Return the columns of temperatures: the means, the highest and the lowest."""
    found = {"": [], "_max": [], "_min": []}
    for name in dict.fromkeys(names):
        if match := COLUMN.fullmatch(name):
            found[match[1] or ""].append(name)
    if not (found["_max"] and found["_min"]):
        found["_max"] = found["_min"] = []
    if "temp" in found[""] and (found["_max"] or len(found[""]) > 1):
        found[""].remove("temp")  # it does not say its unit, and is not needed
    return found


def _words_or_none(table: Table, column: str) -> np.ndarray | None:
    """Return a column of words, or None where it is missing or may have come out wrong."""
    if column not in table.columns or not (table.is_sure or "".join(table.cells(column)).isascii()):
        return None
    return np.array(table.cells(column))


def _numbers_or_none(table: Table, column: str) -> np.ndarray | None:
    """Return a column that nothing depends on, or None where it is missing, there twice or not all numbers."""
    try:
        return np.array(table.numbers(column)) if table.header.count(column) == 1 else None
    except ValueError:
        return None


def _dates(table: Table) -> np.ndarray:
    cells = table.cells("date")
    if len(cells) < 2:
        raise ValueError(f"{table.path.name} must hold at least 2 days below the header, not {len(cells)}")
    dates = np.array([_date(table, i, text) for i, text in enumerate(cells)], dtype="datetime64[D]")
    wrong = np.flatnonzero(np.diff(dates) != DAY)
    if wrong.size:
        i = int(wrong[0]) + 1
        raise table.error(i, _why_no_next_day(dates[i - 1], dates[i], table.row_numbers[i - 1]))
    return dates


def _date(table: Table, i: int, text: str) -> np.datetime64:
    if not text:
        raise table.error(i, "date is empty; every row needs a day such as 2024-03-01")
    match = DATE.fullmatch(to_ascii(text))
    if not match:
        why = (
            "; the header stands here once more"
            if to_ascii(text).lower() == "date"
            else table.other_delimiter(i)
        )
        raise table.error(i, f"date must be written as year-month-day, such as 2024-03-01, not {text!r}{why}")
    year, month, day = map(int, match.groups())
    if not YEARS[0] <= year <= YEARS[1]:
        raise table.error(i, f"date {text!r} has the year {year}; allowed is {YEARS[0]} to {YEARS[1]}")
    try:
        return np.datetime64(f"{year}-{month:02}-{day:02}", "D")
    except ValueError:
        raise table.error(i, f"date {text!r} is not in the calendar") from None


def _why_no_next_day(before: np.datetime64, date: np.datetime64, row: int) -> str:
    if date == before:
        return f"{date} is there twice (also in row {row}); each day may be there once"
    if date < before:
        return f"{date} comes after {before} (row {row}); the days must be in order, one row each"
    count = int((date - before) / DAY) - 1
    if count == 1:
        return f"{before + DAY} is missing before {date}; every day needs a row"
    return f"{before + DAY} to {date - DAY} ({count} days) are missing before {date}; every day needs a row"


def _temperatures(table: Table, asked: str | None) -> tuple[str, dict[str, np.ndarray]]:
    """Return the unit they were read in, and celsius, with celsius_max and celsius_min where the file has these."""
    found, name = _columns(table.header), table.path.name
    kinds = {"celsius": ""} if found[""] else {"celsius_max": "_max", "celsius_min": "_min"}
    for kind in kinds.values():
        if len(found[kind]) > 1:
            raise ValueError(f"{name} has both {' and '.join(found[kind])}: keep one of them")
    columns = [found[kind][0] for kind in kinds.values()]
    units = {COLUMN.fullmatch(column)[2] for column in columns}
    if asked is None and len(units) > 1:
        raise ValueError(f"{name}: {' and '.join(columns)} must be in one unit, and both must say it")
    unit = next(iter(units)) if len(units) == 1 else None
    if unit is None and asked is None and columns == ["temp"]:
        raise ValueError(
            f"{name}: the column temp must say its unit: call it temp_c, temp_f, temp_k or temp_tenths"
        )
    written = next(known for known in UNITS if known.lower() == (unit or "c"))
    if asked and unit and unit != "c" and asked != written:
        raise ValueError(
            f"{name}: unit={asked!r}, but the column {columns[0]} says {UNITS[written].name}: change one"
        )
    unit = asked or written
    numbers = {column: np.array(table.numbers(column)) for column in columns}
    for column in columns:
        _validate_range(table, numbers, column, unit)
    read = [UNITS[unit].celsius(numbers[column]) for column in columns]
    if len(read) == 1:
        return unit, {"celsius": read[0]}
    for i in np.flatnonzero(read[0] < read[1]):
        high, low = (f"{column} {numbers[column][i]:g}" for column in columns)
        raise table.error(
            i, f"{high} is below {low}; do the columns have each other's name, or is one a mark?"
        )
    return unit, {"celsius": (read[0] + read[1]) / 2.0, **dict(zip(kinds, read, strict=True))}


def _validate_range(table: Table, numbers: dict[str, np.ndarray], column: str, unit: str) -> None:
    """Refuse what no thermometer on Earth has shown, and what rather marks a missing value."""
    values, celsius = numbers[column], UNITS[unit].celsius(numbers[column])
    absurd = np.flatnonzero((celsius < COLDEST) | (celsius > HOTTEST))
    if absurd.size:
        i = int(absurd[0])
        low, high = (UNITS[unit].written(limit) for limit in (COLDEST, HOTTEST))
        others = [kind for kind in UNITS if kind != unit and _fits(numbers, column, i, kind)]
        alone = absurd.size < len(values) / 2  # then it must be near the days beside it, in another unit
        fitting = [
            one
            for one in others
            if not alone or not _stands_alone(values, UNITS[one].celsius(values), i, SUDDEN)
        ]
        asked = [f'Is it {UNITS[kind].name}? Then load the file with unit="{kind}".' for kind in fitting]
        mark = "Is it a slip, or a mark for a missing value?"
        asked.insert(0 if _may_be_a_mark(values[i]) else len(asked), mark)
        allowed = f"{column} is {values[i]:g}; allowed is {low} to {high} {UNITS[unit].name}"
        raise table.error(i, f"{allowed}. {' '.join(asked)}")
    if unit == "tenths" and (broken := np.flatnonzero(values % 1)).size:
        raise table.error(
            broken[0], f"{column} is {values[broken[0]]:g}; allowed are whole numbers, of tenths of °C"
        )
    high = np.flatnonzero(np.abs(values) >= 77) if unit != "tenths" else ()  # digits mean nothing in tenths
    marks = [i for i in high if _may_be_a_mark(values[i])]
    far = np.abs(np.diff(celsius)) > UNHEARD_OF
    for i in [*marks, *(np.flatnonzero(far[:-1] & far[1:]) + 1)]:
        limit = SUDDEN if i in marks else UNHEARD_OF
        if _stands_alone(values, celsius, i, limit):
            away = f"and the days beside it are more than {limit:g} °C away"
            raise table.error(
                i, f"{column} is {values[i]:g}, {away}. Is it a slip, or a mark for a missing value?"
            )


def _may_be_a_mark(value: float) -> bool:
    """Return whether a number is one of those that stand for a missing value: 99, -99.9, 999, -88.8 …"""
    digits = set(f"{abs(value):g}".replace(".", ""))
    return (value >= 99 and digits == {"9"}) or (value <= -77 and digits in ({"7"}, {"8"}, {"9"}))


def _stands_alone(values: np.ndarray, celsius: np.ndarray, i: int, limit: float) -> bool:
    """Return whether the days beside day i are far from it: the next ones that are no marks, if it may be one."""
    before, after = i - 1, i + 1
    if limit == SUDDEN:
        while before >= 0 and _may_be_a_mark(values[before]):
            before -= 1
        while after < len(values) and _may_be_a_mark(values[after]):
            after += 1
    beside = [celsius[at] for at in (before, after) if 0 <= at < len(values)]
    if not beside:
        return values[i] <= -99  # nothing but marks
    return all(abs(one - celsius[i]) > limit for one in beside)


def _fits(numbers: dict[str, np.ndarray], column: str, absurd: int, unit: str) -> bool:
    """Return whether all numbers of a file, but for marks, can be temperatures in a unit, and the absurd one too."""
    every = [number for one in numbers.values() for number in one if not _may_be_a_mark(number)]
    every.append(numbers[column][absurd])
    if unit == "tenths" and any(number != round(number) for number in every):
        return False
    return all(COLDEST <= UNITS[unit].celsius(number) <= HOTTEST for number in every)


def _place(path: Path) -> str:
    """Return a file's name as a title: new_york_daily_2016_2025.csv gives New York."""
    words = re.split(r"[\s_-]+", path.stem)
    kept = [word for word in words if word and word.lower() != "daily" and not re.fullmatch(r"\d{4}", word)]
    return " ".join(word[:1].upper() + word[1:] for word in kept) or path.stem
