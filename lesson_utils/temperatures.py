"""Daily temperatures: the shipped record of Seattle, or a CSV of your own city."""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SEATTLE = Path(__file__).parent / "data" / "seattle_2012_2015.csv"
COLDEST, HOTTEST = -90.0, 60.0
"""No air on Earth was ever colder or hotter than this, in °C."""

DAY = np.timedelta64(1, "D")
DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]00:00(?::00)?)?")


@dataclass(frozen=True, eq=False)
class Temperatures:
    """One temperature a day, without gaps; all arrays have the shape (n,).

    dates: datetime64[D], ascending by one day. celsius: the daily mean in °C. place, source: for titles and
    captions. The rest is None where the file has no such column: precipitation (mm), wind (m/s),
    celsius_max, celsius_min (°C) and weather (words).
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


def load_temperatures(path: str | os.PathLike | None = None) -> Temperatures:
    """Load the shipped record (Seattle, 2012-2015) or the CSV file at `path`.

    The file needs a column `date` (2024-03-01), one row for each day in order, and `temp_c`, or `temp_f`
    (converted to °C), or `temp_max` and `temp_min` in °C (their mean is taken). Other columns are ignored.
    Commas, or semicolons or tabs with decimal commas. See data/SOURCES.md for the shipped record.
    Raises FileNotFoundError when there is no such file; ValueError, naming file and row (the header is
    row 1), for anything in it that cannot be right; TypeError when `path` is no path.
    """
    if path is None:
        path = SEATTLE
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path must be the name of a CSV file, not {path!r} ({type(path).__name__})")
    table = _Table(Path(path))
    dates = _dates(table)
    shipped = table.path == SEATTLE
    return Temperatures(
        dates=dates,
        place="Seattle" if shipped else _place(table.path),
        source=(
            "US National Weather Service (NOAA NCEI, GHCN-Daily), Seattle-Tacoma airport"
            if shipped
            else f"file {table.path.name}"
        ),
        precipitation=table.optional_numbers("precipitation"),
        wind=table.optional_numbers("wind"),
        weather=np.array(table.cells("weather")) if "weather" in table.columns else None,
        **_temperatures(table),
    )


class _Table:
    """The cells of a CSV file, by column, with the row numbers a spreadsheet shows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        rows = _rows(path)
        if not rows:
            raise ValueError(
                f"{path.name} is empty: it needs a header row with date and temp_c, and the days"
            )
        header = [name.strip().lower() for name in rows[0][1]]
        for number, cells in rows[1:]:
            if any(cell.strip() for cell in cells[len(header) :]):
                raise ValueError(
                    f"{path.name}, row {number}: {len(cells)} cells, but the header has {len(header)}; numbers "
                    "need a decimal point, or semicolons between the columns"
                )
        self.columns = {name: header.index(name) for name in header if name}
        self.row_numbers = [number for number, _ in rows[1:]]
        self._rows = [cells for _, cells in rows[1:]]
        self._header = header

    def cells(self, column: str) -> list[str]:
        """Return the cells of a column, an empty text where a row is too short."""
        place = self.columns[column]
        return [cells[place].strip() if place < len(cells) else "" for cells in self._rows]

    def require(self, column: str) -> None:
        """Refuse a table in which a column is missing, or is there twice."""
        if column not in self.columns:
            found = ", ".join(name or "(no name)" for name in self._header)
            raise ValueError(
                f"{self.path.name} has no column {column!r}; the columns found in row 1 are: {found}. "
                "It needs date, and temp_c or temp_f (or both temp_max and temp_min)"
            )
        if self._header.count(column) > 1:
            raise ValueError(f"{self.path.name} has more than one column {column!r}: keep one")

    def numbers(self, column: str) -> np.ndarray:
        """Return a column as floats; refuse empty cells, text, NaN and infinity."""
        self.require(column)
        return np.array([self._number(i, text, column) for i, text in enumerate(self.cells(column))])

    def optional_numbers(self, column: str) -> np.ndarray | None:
        """Return a column that nothing depends on, or None where it is missing or not all numbers."""
        try:
            return self.numbers(column)
        except ValueError:
            return None

    def error(self, i: int, text: str) -> ValueError:
        """Return an error about day i, 0 the first."""
        return ValueError(f"{self.path.name}, row {self.row_numbers[i]}: {text}")

    def _number(self, i: int, text: str, column: str) -> float:
        if not text:
            raise self.error(i, f"{column} is empty; every day needs a number")
        plain = text.replace("\N{MINUS SIGN}", "-")
        if "." not in plain and plain.count(",") == 1:
            plain = plain.replace(",", ".")
        try:
            if "_" in plain:
                raise ValueError
            number = float(plain)
        except ValueError:
            raise self.error(i, f"{column} must be a number such as 7.5, not {text!r}") from None
        if not np.isfinite(number):
            raise self.error(i, f"{column} must be a finite number, not {text!r}")
        return number


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with its row number, the header first."""
    text = _text(path)
    header = next((line for line in text.splitlines() if line.strip()), "")
    # A comma in the header settles it; otherwise a comma in a cell can only be a decimal comma.
    delimiter = next((mark for mark in ",;\t" if mark in header), ",")
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1))
    except csv.Error as error:
        raise ValueError(f"{path.name} cannot be read as CSV: {error}") from error
    return [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]


def _text(path: Path) -> str:
    if path.is_dir():
        raise ValueError(f"{path.name} is a folder; give the name of a CSV file in it{_csv_files(path)}")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(_missing(path)) from None
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueError(f"{path.name} is a spreadsheet, not a text file: save it as CSV first")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            # Older spreadsheets write accents this way; the columns that count are plain ASCII.
            text = raw.decode("latin-1")
    if re.search(r"[\x00-\x08\x0e-\x1f]", text):
        raise ValueError(
            f"{path.name} is not a text file: it must be CSV, with a header row and one row a day"
        )
    return text


def _missing(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no file {path.name}: its folder {folder} does not exist"
    where = "this folder" if str(folder) == "." else f"the folder {folder}"
    return f"There is no file {path.name} in {where}{_csv_files(folder)}"


def _csv_files(folder: Path) -> str:
    names = sorted(entry.name for entry in folder.iterdir() if entry.suffix.lower() == ".csv")
    return f"; the CSV files there are: {', '.join(names)}" if names else "; there are no CSV files there"


def _dates(table: _Table) -> np.ndarray:
    table.require("date")
    cells = table.cells("date")
    if len(cells) < 2:
        raise ValueError(f"{table.path.name} must hold at least 2 days below the header, not {len(cells)}")
    dates = np.array([_date(table, i, text) for i, text in enumerate(cells)], dtype="datetime64[D]")
    wrong = np.flatnonzero(np.diff(dates) != DAY)
    if wrong.size:
        i = int(wrong[0]) + 1
        raise table.error(i, _why_no_next_day(dates[i - 1], dates[i], table.row_numbers[i - 1]))
    return dates


def _date(table: _Table, i: int, text: str) -> np.datetime64:
    if not text:
        raise table.error(i, "date is empty; every row needs a day such as 2024-03-01")
    match = DATE.fullmatch(text)
    try:
        if match:
            year, month, day = match.groups()
            return np.datetime64(f"{year}-{month:0>2}-{day:0>2}", "D")
    except ValueError:
        raise table.error(i, f"date {text!r} is not in the calendar") from None
    raise table.error(i, f"date must be written as year-month-day, such as 2024-03-01, not {text!r}")


def _why_no_next_day(before: np.datetime64, date: np.datetime64, row: int) -> str:
    if date == before:
        return f"{date} is there twice (also in row {row}); each day may be there once"
    if date < before:
        return f"{date} comes after {before} (row {row}); the days must be in order, one row each"
    count = int((date - before) / DAY) - 1
    if count == 1:
        return f"{before + DAY} is missing before {date}; every day needs a row"
    return f"{before + DAY} to {date - DAY} ({count} days) are missing before {date}; every day needs a row"


def _temperatures(table: _Table) -> dict[str, np.ndarray]:
    """Return celsius, with celsius_max and celsius_min where the file has these."""
    given = [name for name in ("temp_c", "temp_f") if name in table.columns]
    if len(given) == 2:
        raise ValueError(f"{table.path.name} has both temp_c and temp_f: keep one of them")
    if not given and {"temp_max", "temp_min"} <= set(table.columns):
        high, low = (_sensible(table, name) for name in ("temp_max", "temp_min"))
        return {"celsius": (high + low) / 2.0, "celsius_max": high, "celsius_min": low}
    return {"celsius": _sensible(table, given[0] if given else "temp_c")}


def _sensible(table: _Table, column: str) -> np.ndarray:
    """Return a column in °C; refuse what no thermometer on Earth has shown."""
    numbers = table.numbers(column)
    celsius = (numbers - 32.0) / 1.8 if column == "temp_f" else numbers
    absurd = np.flatnonzero((celsius < COLDEST) | (celsius > HOTTEST))
    if absurd.size == 0:
        return celsius
    i = int(absurd[0])
    if column == "temp_f":
        raise table.error(i, f"{column} is {numbers[i]:g}; allowed is -130 to 140 °F")
    hint = "is it a mark for a missing value?"
    if HOTTEST < celsius[i] <= 140.0:
        hint = "this is probably °F, then call the column temp_f"
    raise table.error(i, f"{column} is {numbers[i]:g}; allowed is {COLDEST:g} to {HOTTEST:g} °C; {hint}")


def _place(path: Path) -> str:
    """Return a file's name as a title: new_york_daily_2016_2025.csv gives New York."""
    words = re.split(r"[\s_-]+", path.stem)
    kept = [word for word in words if word and word.lower() != "daily" and not re.fullmatch(r"\d{4}", word)]
    return " ".join(word[:1].upper() + word[1:] for word in kept) or path.stem
