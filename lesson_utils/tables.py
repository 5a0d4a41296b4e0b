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
from pathlib import Path

DELIMITERS = {
    ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars",
    "，": "wide commas", "；": "wide semicolons", "｜": "wide bars", "،": "Arabic commas",
}  # fmt: skip
DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]00:00(?::00)?)?")
ANY_DATE = re.compile(r"\D?\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
NUMBER = re.compile(r"[-+]?(?:\d+(?:\.|[.,]\d+)?|[.,]\d+)(?:[eE][-+]?\d+)?")
_WHOLE, _DIGITS = re.compile(r"[-+]?\d+"), re.compile(r"\d+")
WORDS = {"", "note", "notes", "weather", "comment", "comments", "remark", "remarks", "description"}
# Marks of direction and of a file's beginning: they may stand around a cell, and mean nothing there.
_AROUND = "\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069 "
_SIGNS = {
    **dict.fromkeys("\N{MINUS SIGN}‐‑‒–﹣", "-"), "٫": ".", "،": ",",
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms of ASCII
}  # fmt: skip


class Table:
    """The cells of a file, by column, with the row numbers a spreadsheet shows.

    path: the file. needed: names -> the columns that a reader wants of a header with these names, that of the
    dates first; none when the names are no header. Lines above the header are passed over, unless they hold days.
    is_sure: whether the encoding is known, so that words are as they were written. ValueError, naming file and
    row, for a file from which a cell, a row or a digit would be lost; FileNotFoundError when there is no such file.
    """

    def __init__(self, path: Path, needed: Callable[[list[str]], list[str]]) -> None:
        self.path = path
        text, self.is_sure = _read_text(path)
        self._is_cut = not text.endswith(("\n", "\r"))
        lines = list(StringIO(text, newline=""))
        at, self.delimiter, self.header = _header(lines, needed)
        if at is None:
            raise ValueError(_no_header(path.name, lines))
        self.header_row = at + 1
        self.columns = {name: self.header.index(name) for name in self.header if name}
        for column in needed(self.header):
            if self.header.count(column) > 1:
                raise ValueError(f"{path.name} has more than one column {column!r}: keep one")
        self._needed = [self.columns[name] for name in needed(self.header)]
        self._refuse_days_above(lines[:at])
        rows = list(self._records(lines[at:]))[1:]
        rows = [(number, cells) for number, cells in rows if not _is_comment(cells)]
        self._words = {}  # of those that were asked for: whether a column is of words
        self._full = [cells for _, cells in rows if len(cells) == len(self.header)]
        behind = range(max(self._needed) + 1, len(self.header))
        self._numbers_behind = any(
            NUMBER.fullmatch(to_ascii(cells[place])) for cells in self._full for place in behind
        )
        self._alike = len({len(cells) for _, cells in rows}) == 1
        self._rows = [self._validated(number, cells) for number, cells in rows]
        self.row_numbers = [number for number, _ in rows]

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

    def other_delimiter(self, i: int) -> str:
        """Return what to say of a row whose cells are parted by something else than the header's, or nothing."""
        cell = self.cells(self.header[self._needed[0]])[i]
        others = {
            mark: name for mark, name in {**DELIMITERS, " ": "spaces"}.items() if mark != self.delimiter
        }
        for mark, name in others.items():
            if mark in cell and ANY_DATE.match(to_ascii(cell)):
                return f"; {name} stand in this row where the header has {DELIMITERS[self.delimiter]}"
        return ""

    def _error(self, number: int, text: str) -> ValueError:
        return ValueError(f"{self.path.name}, row {number}: {text}")

    def _refuse_days_above(self, lines: list[str]) -> None:
        for number, line in enumerate(lines, 1):
            for cells in (_split(line, mark) for mark in DELIMITERS if not line.lstrip().startswith("#")):
                first, second, third = ([to_ascii(cell) for cell in cells] + ["", "", ""])[:3]
                day = ANY_DATE.match(first) and second and not ANY_DATE.match(second)
                if day or (ANY_DATE.match(second) and NUMBER.fullmatch(third)):
                    raise self._error(
                        number, f"a day stands above the header, which is in row {self.header_row}"
                    )

    def _records(self, lines: list[str]):
        """Yield (row number, cells) of each row that holds anything; refuse a row that a quotation mark swallows."""
        closed = re.compile(rf'" +(?=[{re.escape(self.delimiter)}\r\n]|$)')  # spaces behind a closing mark
        lines = [closed.sub('"', line) for line in lines]
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True, skipinitialspace=True)
        number = self.header_row
        while (cells := self._next(reader, number)) is not None:
            if number > self.header_row and any(map(self._swallows, cells)):
                raise self._error(number, f"{_UNCLOSED} in its row, so that it would swallow the rows below")
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in _unwrapped(cells, self.delimiter)]
            number += 1

    def _next(self, reader, number: int) -> list[str] | None:
        try:
            return next(reader, None)
        except csv.Error as problem:
            what = f"{_UNCLOSED}; a quotation mark is missing, or one too many"
            if "expected after" in str(problem):
                what = "text stands right behind a closing quotation mark; one is missing, or one too many"
            elif "limit" in str(problem):
                what = f"a cell holds more than {csv.field_size_limit()} letters; is a quotation mark not closed?"
            raise self._error(number, what) from None

    def _swallows(self, cell: str) -> bool:
        """Return whether a cell of several lines holds what looks like a row."""
        if "\n" not in cell and "\r" not in cell:
            return False
        rows = [line.split(self.delimiter) for line in re.split(r"[\r\n]+", cell)[1:]]
        places = (0, self._needed[0])
        return any(
            ANY_DATE.match(to_ascii(row[at]).strip()) for row in rows for at in places if at < len(row)
        )

    def _is_of_words(self, place: int) -> bool:
        """Return whether a column is of words: then digits in it may be what stood behind a decimal comma."""
        if place not in self._words:
            cells = (to_ascii(cells[place]) for cells in self._full)
            words = any(cell and not NUMBER.fullmatch(cell) for cell in cells)
            self._words[place] = words or self.header[place] in WORDS
        return self._words[place]

    def _validated(self, number: int, cells: list[str]) -> list[str]:
        """Return the cells of a row; refuse those that belong to no column, and a gap that cannot be told."""
        date, last, width = self._needed[0], max(self._needed), len(self.header)
        count = f"{len(cells)} cells, but the header has {width}"
        if date >= len(cells) or not ANY_DATE.match(to_ascii(cells[date])):
            if len(cells) == width + 1 and ANY_DATE.match(to_ascii(cells[date + 1])):
                raise self._error(
                    number, f"{count}: a cell stands in front; give the header an empty first cell"
                )
            return cells  # it is no day, which is the truer reason
        if pair := self._decimal_comma(cells):
            counted, other = f"{count}; ", "a comma is too many or missing"
            if len(cells) == width:
                counted, other = "", f"write {pair.split(',')[0]}.0"
            raise self._error(
                number,
                f"{counted}if {pair} is a number with a decimal comma, write a decimal point, or semicolons between the "
                f"columns; if not, {other}",
            )
        if any(cells[width:]):
            raise self._error(number, f"{count}; a cell belongs to no column: give its column a name")
        if last < len(cells) < width:  # a cell that is missing before the date shows in the date
            between = set(range(date, last)) - set(self._needed)
            if between or (self._numbers_behind and not self._alike):
                raise self._error(number, f"{count}, and nothing says which cell is missing")
        return cells

    def _decimal_comma(self, cells: list[str]) -> str | None:
        """Return the first two cells that could be the two halves of one number."""
        if self.delimiter != ",":
            return None
        width = len(self.header)
        for place in range(self._needed[0] + 1, len(cells) - 1):
            if not (
                _WHOLE.fullmatch(to_ascii(cells[place])) and _DIGITS.fullmatch(to_ascii(cells[place + 1]))
            ):
                continue
            # In a row of the right length, or too short: only where a number that is asked for stands before words.
            split = place in self._needed and place + 1 not in self._needed
            if len(cells) > width or (split and (self._is_of_words(place + 1) or len(cells) < width)):
                return f"{cells[place]},{cells[place + 1]}"
        return None

    def _number(self, i: int, text: str, column: str) -> float:
        if not text:
            raise self.error(i, f"{column} is empty; every day needs a number")
        written = to_ascii(text)
        if written.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            raise self.error(i, f"{column} must be a finite number, not {text!r}")
        if not NUMBER.fullmatch(written):
            raise self.error(i, f"{column} must be a number such as 7.5, not {text!r}")
        if written.endswith(".") and self._is_cut and i == len(self._rows) - 1:
            raise self.error(i, f"the file ends in the middle of {column}: {text!r}; was it saved whole?")
        number = float(written.replace(",", "."))
        if abs(number) == float("inf"):
            raise self.error(i, f"{column} must be a finite number, not {text!r}")
        return number


_UNCLOSED = "a quotation mark is opened and not closed"


def to_ascii(text: str) -> str:
    """Return a number or date with ASCII digits and signs, whatever script it is written in."""
    if text.isascii():
        return text
    kept = text.strip(_AROUND)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else _SIGNS.get(c, c) for c in kept)


def _header(lines: list[str], needed: Callable) -> tuple[int | None, str, list[str]]:
    """Return (place, delimiter, names) of the first row that is a header, by itself or behind a #."""
    for opened in ("", "#"):
        for at, line in enumerate(lines):
            if line.lstrip(_AROUND).startswith("#") and not opened:
                continue
            for delimiter in DELIMITERS:
                names = _split(_record(lines, at).lstrip(_AROUND + opened), delimiter)
                if needed(names):
                    lines[at] = line.lstrip(_AROUND + opened)
                    return at, delimiter, names
    return None, ",", []


def _record(lines: list[str], at: int) -> str:
    """Return a line, with the next ones while a quotation mark is open: a header's cell may have two lines."""
    record = lines[at]
    for more in lines[at + 1 : at + 5]:
        if record.count('"') % 2 == 0:
            return record
        record += more
    return record if record.count('"') % 2 == 0 else lines[at]


def _split(line: str, delimiter: str) -> list[str]:
    """Return the names in a row, in small letters."""
    line = re.sub(rf'" +(?={re.escape(delimiter)}|\s*$)', '"', line.lstrip(_AROUND))
    try:
        reader = csv.reader(StringIO(line, newline=""), delimiter=delimiter, skipinitialspace=True)
        cells = _unwrapped(next(reader, []), delimiter)
    except csv.Error:  # a line of more than 131,072 letters
        return []
    return [" ".join(to_ascii(cell).lower().replace("i\u0307", "i").split()) for cell in cells]


def _unwrapped(cells: list[str], delimiter: str) -> list[str]:
    """Return the cells of a row that stands in quotation marks as a whole."""
    if len(cells) == 1 and delimiter in cells[0]:
        return next(
            csv.reader([re.sub(r"[\r\n]+", " ", cells[0])], delimiter=delimiter, skipinitialspace=True)
        )
    return cells


def _is_comment(cells: list[str]) -> bool:
    alone = not any(cells[1:]) and not any(mark in cells[0] for mark in DELIMITERS)
    return alone and re.match(r"#(\s|$)", cells[0]) is not None


def _no_header(name: str, lines: list[str]) -> str:
    """Return why no row of a file is a header."""
    rows = [(number, line.strip(_AROUND + "\r\n\t")) for number, line in enumerate(lines, 1)]
    rows = [(number, line) for number, line in rows if line]
    if not rows:
        return f"{name} is empty: it needs a header row with date and temp_c, and the days"
    for number, line in rows[:50]:
        if "date" in line.lstrip("# ").lower().split():
            return f"{name}: the columns in row {number} are parted by spaces; put commas between them, in each row"
    uncommented = [(number, line) for number, line in rows if not line.startswith("#")] or rows
    parted = [
        (number, max((_split(line, mark) for mark in DELIMITERS), key=len)) for number, line in uncommented
    ]
    number, names = next((row for row in parted if "date" in row[1]), parted[0])
    found = ", ".join(cell[:40] or "(no name)" for cell in names[:30])
    missing = "temp_c" if "date" in names else "date"
    return (
        f"{name} has no column {missing!r}; the columns found in row {number} are: {found}. "
        "It needs date, and temp_c or temp_f (or both temp_max and temp_min)"
    )


# --- the file --------------------------------------------------------------------------------------------


def _read_text(path: Path) -> tuple[str, bool]:
    """Return the text of a file, and whether its encoding is known for sure."""
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise ValueError(f"{name} is a folder; give the name of a CSV file in it{_csv_files(path)}")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(_missing(path)) from None
    except OSError as problem:
        raise ValueError(f"path: {str(path)[:80]!r} cannot be opened: {problem.strerror}") from None
    if raw.startswith(b"PK\x03\x04") and not re.search(rb"xl/|mimetype", raw):
        raise ValueError(f"{name} is a zip archive: unpack it, and give the name of the CSV file in it")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValueError(f"{name} is a spreadsheet, not a text file: save it as CSV first")
    for kind in _encodings(raw):
        try:
            text = raw.decode(kind).rstrip("\0\x1a")  # DOS ends a file so
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text, kind.startswith("utf")
    raise ValueError(f"{name} is not a text file: it must be CSV, with a header row and one row a day")


def _encodings(raw: bytes) -> tuple[str, ...]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    for kind, first in (
        ("utf-16-be", 0),
        ("utf-16-le", 1),
    ):  # without its mark: ASCII has a zero beside each letter
        if raw[first::2].count(0) > len(raw) / 5 and len(raw) % 2 == 0:
            return (kind,)
    # Older spreadsheets write accents in the last two ways; the columns that count are plain ASCII.
    return ("utf-8", "cp1252", "latin-1")


def _missing(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no file {path.name}: its folder {folder} does not exist"
    where = "this folder" if str(folder) == "." else f"the folder {folder}"
    return f"There is no file {path.name} in {where}{_csv_files(folder)}"


def _csv_files(folder: Path) -> str:
    names = sorted(entry.name for entry in folder.iterdir() if entry.suffix.lower() == ".csv")
    return f"; the CSV files there are: {', '.join(names)}" if names else "; there are no CSV files there"
