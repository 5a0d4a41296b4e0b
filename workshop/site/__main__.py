"""Build the page with no server: `python -m workshop.site` writes it to dist/site/.

Needs the extra [site]. The parts:

- lite: JupyterLab and Python for the reader's browser, with the lessons and the wheels that they need;
- reading: each lesson as a page that was run here and can be read without any program;
- landing: the first page, and the page that shows what is loading.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from workshop.site import landing, lite, reading

MARK = ".rolling-downhill"
"""A file that says: this folder was built by us, and may be built anew."""


def main(arguments: list[str] | None = None) -> int:
    """Build the site; 1 when something is missing."""
    given = parse(arguments)
    began = time.monotonic()
    try:
        refuse_others(given.output)
        with tempfile.TemporaryDirectory() as folder:
            work, made = Path(folder) / "work", Path(folder) / "site"
            work.mkdir()
            lite.build(made, work, given.pyodide)
            landing.build(made)
            reading.build(made, given.run)
            replace(given.output, made)
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in given.output.rglob("*") if path.is_file())
    print(f"{given.output}: {size / 1e6:.0f} MB, built in {time.monotonic() - began:.0f} s")
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m workshop.site", description="Build the page with no server."
    )
    parser.add_argument(
        "--output", type=Path, default=lite.ROOT / "dist" / "site", help="the folder to build"
    )
    parser.add_argument(
        "--pyodide", help="a folder with Pyodide's files, or its address; else the public one"
    )
    parser.add_argument("--run", nargs="*", help="the lessons to run for reading, such as 04; else all")
    return parser.parse_args(arguments)


def refuse_others(output: Path) -> None:
    """RuntimeError: the folder holds something that this command did not build."""
    if output.exists() and any(output.iterdir()) and not (output / MARK).exists():
        raise RuntimeError(f"--output {output}: the folder is not empty, and this command did not build it.")


def replace(output: Path, made: Path) -> None:
    """Put the new site in the place of the old one, which stays when a build fails."""
    (made / MARK).write_text("Built by python -m workshop.site\n", encoding="utf-8")
    if output.exists():
        shutil.rmtree(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, output)


if __name__ == "__main__":
    sys.exit(main())
