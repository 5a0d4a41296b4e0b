"""Where the notebooks and the pages are, how they stand in git, and what is written in them."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NOTEBOOKS = sorted(
    path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)


def git(*arguments, cwd=ROOT):
    """Return what git prints, as bytes, or None where there is no git or no checkout."""
    if shutil.which("git") is None:
        return None
    # Settings of the machine must not decide; those of the caller's own git command (a hook) neither.
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


@cache
def as_committed(path):
    """Return the bytes of a file as git holds them; those on the disk when git does not know the file.

    A learner's own copy may hold outputs. What is handed on to others may not.
    """
    held = git("show", f":{path.relative_to(ROOT).as_posix()}")
    return path.read_bytes() if held is None else held


@cache
def raw(path):
    """Return a notebook as it is committed, as JSON: nbformat would add the ids that are missing."""
    return json.loads(as_committed(path))


@cache
def _on_disk(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def in_order(path):
    """Return (kind, source) of each cell, as they stand on the disk."""
    return [(cell["cell_type"], "".join(cell["source"])) for cell in _on_disk(path)]


def cells(path, kind):
    """Return the sources of all cells of a kind."""
    return [source for one, source in in_order(path) if one == kind]


@cache
def page(path):
    """Return all words of a notebook or of a Markdown file, as they stand on the disk."""
    return (
        "\n\n".join(cells(path, "markdown")) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
    )


def pages():
    """Return every notebook and every Markdown file of ours; a homework's source is read as what is made of it."""
    kinds = ("*.ipynb", "*.md", ":!teacher/homework/source", ":!workshop/template")
    ours = git("ls-files", "--cached", "--others", "--exclude-standard", "--", *kinds)
    if ours is None:
        return sorted({*NOTEBOOKS, *ROOT.glob("*.md"), *(ROOT / "notebooks").rglob("*.md")})
    return sorted(ROOT / name for name in ours.decode().splitlines() if (ROOT / name).exists())


def minutes(path):
    """Return how long a lesson takes: 180 words a minute, and time to guess, to try and to check oneself."""
    text = "\n\n".join(cells(path, "markdown"))
    return len(text.split()) / 180 + 1.5 * text.count("**Predict") + 2.5 * text.count("**Task") + 4
