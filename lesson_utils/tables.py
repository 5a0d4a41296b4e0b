"""A table with a row for each day, read from a text file. A guess that would lose a cell, a row or a digit is an error.

The cells are parted by Python's `csv`, in its strict form. `pandas` was weighed and left: without a word it shifts
the columns of a row with decimal commas, and swallows the rows between two quotation marks; and every start on
Binder would wait for it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable
from io import StringIO
from itertools import pairwise
from pathlib import Path

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "，": "wide commas"}
DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]00:00(?::00)?)?")
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d*)?")
BOM = "\ufeff"
_MARKS = {
    **dict.fromkeys("\N{MINUS SIGN}‐‑‒–﹣", "-"), "٫": ".", "،": ",",
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms of ASCII
}  # fmt: skip


class Table:
    """The cells of a file, by column, with the row numbers a spreadsheet shows.

    path: the file. needed: names -> the columns that a reader wants of a header with these names, none when the
    names are no header. Lines above the header are passed over. ValueError, naming file and row, for a file from
    which a cell, a row or a digit would be lost; FileNotFoundError when there is no such file.
    """

    def __init__(self, path: Path, needed: Callable[[list[str]], list[str]]) -> None:
        self.path = path
        lines = list(StringIO(_text(path), newline=""))
        at, self.delimiter, self.header = _header(lines, needed)
        if at is None:
            raise ValueError(self._no_header(lines))
        self.header_row = at + 1
        self.columns = {name: self.header.index(name) for name in self.header if name}
        self._width = max(self.columns.values()) + 1  # a header may end in an empty cell
        for column in needed(self.header):
            if self.header.count(column) > 1:
                raise ValueError(f"{path.name} has more than one column {column!r}: keep one")
        self._needed = [self.columns[name] for name in needed(self.header)]
        self._refuse_days_above(lines[:at])
        self.row_numbers, self._rows = [], []
        for number, cells in self._records(lines[at:]):
            if number > self.header_row and not _is_remark(cells):
                self.row_numbers.append(number)
                self._rows.append(self._whole(number, cells))

    def cells(self, column: str) -> list[str]:
        """Return the cells of a column, an empty text where a row is too short."""
        place = self.columns[column]
        return [cells[place] if place < len(cells) else "" for cells in self._rows]

    def numbers(self, column: str) -> list[float]:
        """Return a column as floats; refuse empty cells, text, NaN and infinity."""
        return [self._number(i, text, column) for i, text in enumerate(self.cells(column))]

    def error(self, i: int, text: str) -> ValueError:
        """Return an error about day i, 0 the first."""
        return self._error(self.row_numbers[i], text)

    def parted_otherwise(self, i: int) -> str:
        """Return what to say of a row whose cells are parted by something else than the header's, or nothing."""
        for mark, name in DELIMITERS.items():
            if mark != self.delimiter and any(mark in cell for cell in self._rows[i][:1]):
                return f"; {name} stand in this row where the header has {DELIMITERS[self.delimiter]}"
        return ""

    def _error(self, number: int, text: str) -> ValueError:
        return ValueError(f"{self.path.name}, row {number}: {text}")

    def _records(self, lines: list[str]):
        """Yield (row number, cells) of each row that holds anything; refuse a row that a quotation mark swallows."""
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True, skipinitialspace=True)
        number = self.header_row
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as problem:
                behind = "expected after" in str(problem)
                what = "text stands right behind a closing quotation mark" if behind else _UNCLOSED
                raise self._error(number, f"{what}; a quotation mark is missing, or one too many") from None
            if cells is None:
                return
            if any(DATE.search(plain(line)) for cell in cells for line in re.split(r"[\r\n]+", cell)[1:]):
                raise self._error(number, f"{_UNCLOSED} in its row, so that it would swallow the rows below")
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in _unwrapped(cells, self.delimiter)]
            number += 1

    def _refuse_days_above(self, lines: list[str]) -> None:
        date, first, *_ = self._needed
        for number, line in enumerate(lines, 1):
            cells = [plain(cell) for cell in _split(line, self.delimiter)]
            if (
                len(cells) == len(self.header)
                and DATE.fullmatch(cells[date])
                and NUMBER.fullmatch(cells[first])
            ):
                raise self._error(number, f"a day stands above the header, which is in row {self.header_row}")

    def _whole(self, number: int, cells: list[str]) -> list[str]:
        """Return the cells of a row; refuse those that belong to no column, and a gap that cannot be told."""
        count = f"{len(cells)} cells, but the header names {self._width} columns"
        if pair := self._decimal_comma(cells):
            raise self._error(
                number,
                f"{count}; if {pair} is a number with a decimal comma, write a decimal point, or semicolons between "
                "the columns; if not, a comma is too many or missing",
            )
        if any(cells[self._width :]):
            raise self._error(
                number, f"{count}; numbers need a decimal point, or semicolons between the columns"
            )
        # A cell that is missing before the date shows itself in the date.
        date, last = self._needed[0], max(self._needed)
        between = set(range(date, last)) - set(self._needed)
        if len(cells) < self._width and between:
            raise self._error(number, f"{count}, and nothing says which cell is missing")
        return cells

    def _decimal_comma(self, cells: list[str]) -> str | None:
        """Return the first two cells that could be the two halves of one number, in a row of a wrong length."""
        beyond = any(cells[self._width :])
        if self.delimiter != "," or (len(cells) == len(self.header) and not beyond):
            return None
        for place, (whole, part) in enumerate(pairwise(cells)):
            halves = re.fullmatch(r"[-+]?\d+", plain(whole)) and re.fullmatch(r"\d+", plain(part))
            # In a row that is too short, two columns that are both asked for are rather two numbers.
            two = len(cells) < len(self.header) and (place not in self._needed or place + 1 in self._needed)
            if halves and not two:
                return f"{whole},{part}"
        return None

    def _number(self, i: int, text: str, column: str) -> float:
        if not text:
            raise self.error(i, f"{column} is empty; every day needs a number")
        written = plain(text)
        if "." not in written and written.count(",") == 1:
            written = written.replace(",", ".")
        try:
            if "_" in written:
                raise ValueError
            number = float(written)
        except ValueError:
            raise self.error(i, f"{column} must be a number such as 7.5, not {text!r}") from None
        if number - number != 0:
            raise self.error(i, f"{column} must be a finite number, not {text!r}")
        return number

    def _no_header(self, lines: list[str]) -> str:
        """Return why no row of the file is a header."""
        name = self.path.name
        rows = [(number, line) for number, line in enumerate(lines, 1) if line.strip().strip(BOM)]
        if not rows:
            return f"{name} is empty: it needs a header row with date and temp_c, and the days"
        told = [(number, line) for number, line in rows if not line.lstrip().startswith("#")] or rows
        parted = [
            (number, max((_split(line, mark) for mark in DELIMITERS), key=len)) for number, line in told
        ]
        number, names = next((row for row in parted if "date" in row[1]), parted[0])
        found = ", ".join(cell or "(no name)" for cell in names)
        if len(names) == 1 and "date" in names[0].split():
            return f"{name}: the columns in row {number} are parted by spaces; put commas between them, in each row"
        missing = "temp_c" if "date" in names else "date"
        return (
            f"{name} has no column {missing!r}; the columns found in row {number} are: {found}. "
            "It needs date, and temp_c or temp_f (or both temp_max and temp_min)"
        )


_UNCLOSED = "a quotation mark is opened and not closed"


def plain(text: str) -> str:
    """Return a number or date with ASCII digits and signs, whatever script it is written in."""
    if text.isascii():
        return text
    kept = (c for c in text if unicodedata.category(c) != "Cf")  # marks of direction, a byte-order mark
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else _MARKS.get(c, c) for c in kept)


def _header(lines: list[str], needed: Callable) -> tuple[int | None, str, list[str]]:
    """Return (place, delimiter, names) of the first line that is a header, by itself or behind a #."""
    for opened in ("", "# \t"):
        for at, line in enumerate(lines):
            if line.lstrip(BOM + " ").startswith("#") and not opened:
                continue
            for delimiter in DELIMITERS:
                names = _split(line.lstrip(BOM + opened), delimiter)
                if needed(names):
                    lines[at] = line.lstrip(BOM + opened)
                    return at, delimiter, names
    return None, ",", []


def _split(line: str, delimiter: str) -> list[str]:
    """Return the names in a line, in small letters."""
    cells = next(csv.reader([line.lstrip(BOM)], delimiter=delimiter, skipinitialspace=True), [])
    return [plain(cell).strip().lower() for cell in _unwrapped(cells, delimiter)]


def _unwrapped(cells: list[str], delimiter: str) -> list[str]:
    """Return the cells of a row that stands in quotation marks as a whole."""
    if len(cells) == 1 and delimiter in cells[0]:
        return next(csv.reader([cells[0]], delimiter=delimiter, skipinitialspace=True))
    return cells


def _is_remark(cells: list[str]) -> bool:
    return cells[0].startswith("#") and not any(cells[1:])


# --- the file --------------------------------------------------------------------------------------------


def _text(path: Path) -> str:
    if path.is_dir():
        raise ValueError(f"{path.name} is a folder; give the name of a CSV file in it{_csv_files(path)}")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(_missing(path)) from None
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValueError(f"{path.name} is a spreadsheet, not a text file: save it as CSV first")
    text = _decoded(raw)
    if text is None or re.search(r"[\x00-\x08\x0e-\x1f]", text):
        raise ValueError(
            f"{path.name} is not a text file: it must be CSV, with a header row and one row a day"
        )
    return text


def _decoded(raw: bytes) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        kinds = ("utf-16",)
    elif len(raw) > 3 and not raw[:200:2].strip(b"\0"):
        kinds = ("utf-16-be",)  # without its mark: each letter of a header has a zero beside it
    elif len(raw) > 3 and not raw[1:200:2].strip(b"\0"):
        kinds = ("utf-16-le",)
    else:
        # Older spreadsheets write accents in the last two ways; the columns that count are plain ASCII.
        kinds = ("utf-8", "cp1252", "latin-1")
    for kind in kinds:
        try:
            return raw.decode(kind)
        except UnicodeDecodeError:
            continue
    return None


def _missing(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no file {path.name}: its folder {folder} does not exist"
    where = "this folder" if str(folder) == "." else f"the folder {folder}"
    return f"There is no file {path.name} in {where}{_csv_files(folder)}"


def _csv_files(folder: Path) -> str:
    names = sorted(entry.name for entry in folder.iterdir() if entry.suffix.lower() == ".csv")
    return f"; the CSV files there are: {', '.join(names)}" if names else "; there are no CSV files there"
