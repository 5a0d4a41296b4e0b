"""A run as a CSV file, written so that nobody's work is lost."""

import csv
import io
import zlib
from pathlib import Path

import numpy as np

MARK = "# Rolling Downhill"


def by_step(names, *columns):
    """Return (column names, rows) of numbers at each step from 0 on; columns: shape (steps+1,) or (steps+1, n)."""
    rows = np.column_stack(columns).tolist()
    return ["step", *names], [[t, *row] for t, row in enumerate(rows)]


def write_table(path, title, settings, names, rows):
    """Write settings (lines with #) and numbers to `path`.

    A file that is there already is replaced only when it is exactly what an explorer wrote. TypeError: path is
    no path. IsADirectoryError, FileNotFoundError, FileExistsError: it is a folder, has no folder, or is
    somebody's own.
    """
    if not isinstance(path, str | Path) or not str(path):
        raise TypeError(f'path: {path!r} is no file name; allowed is a text such as "run.csv"')
    path = Path(path).expanduser()
    if path.is_dir():
        raise IsADirectoryError(f'path: {path} is a folder; add a file name, such as "run.csv"')
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path: the folder {path.parent} is not there; make it first")
    if path.exists() and not _is_ours(path):
        raise FileExistsError(f"path: {path} holds something else already; choose another name")
    out = io.StringIO(newline="")
    for name, value in settings.items():
        out.write(f"# {name} = {value}\n")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(names)
    table.writerows(rows)
    text = out.getvalue()
    path.write_text(f"{MARK}: {title}, {_sum_of(text)}\n{text}", encoding="utf-8", newline="\n")


def _sum_of(text):
    return f"{zlib.crc32(text.encode()):08x}"


def _is_ours(path):
    """Return True for an empty file and for one that has not been touched since an explorer wrote it."""
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8", errors="replace")
    first, _, rest = text.partition("\n")
    return not text or (first.startswith(MARK) and first.endswith(_sum_of(rest)))
