"""The lists of lessons name what is there: the folder's own, with pictures, and the one on the front page."""

import re

import numpy as np
import pytest
from PIL import Image

from workshop import thumbnails
from workshop.files import LESSONS, ROOT, minutes, page

FOLDER = ROOT / "notebooks"
LIST = (FOLDER / "README.md").read_text(encoding="utf-8")
FRONT = (ROOT / "README.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| !\[(?P<alt>[^\]]+)\]\(pictures/(?P<picture>\d\d)\.png\) "
    r"\| \[(?P<number>\d+)\. (?P<title>[^\]]+)\]\((?P<file>\w+)\.ipynb\)<br>(?P<question>[^|]+\?) "
    r"\| (?P<minutes>\d+) \| (?P<needs>[^|]+) \|$",
    re.MULTILINE,
)
ROWS = [found.groupdict() for found in ROW.finditer(LIST)]
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def row_of(path):
    found = [row for row in ROWS if row["file"] == path.stem]
    assert found, f"notebooks/README.md has no row for {path.stem}"
    return found[0]


def test_each_lesson_has_its_row():
    assert [row["file"] for row in ROWS] == [path.stem for path in LESSONS]
    assert LIST.count("\n| ") == len(ROWS) + 1, "a row that is not written like the others"
    shortest, longest = (round(one(map(minutes, LESSONS))) for one in (min, max))
    assert f"takes {shortest} to {longest} minutes" in LIST


@each_lesson
def test_a_row_says_what_the_lesson_and_the_front_page_say(path):
    row = row_of(path)
    assert f"# Lesson {row['number']}: {row['title']}" == page(path).splitlines()[0]
    assert row["picture"] == path.name[:2]
    assert f"| {row['question']} | {row['minutes']} |" in FRONT
    assert int(row["minutes"]) == round(minutes(path)), "counted from its words, questions and tasks"
    assert minutes(path) <= 45, "a lesson fits a school hour"
    assert len(row["alt"].split()) >= 8


@each_lesson
def test_what_a_row_needs_the_lesson_needs(path):
    needs = page(path).split("**What you need:**")[1].split("\n\n")[0].lower()
    for wanted in row_of(path)["needs"].split(", "):
        assert wanted.split(" as ")[0] in needs, wanted


@each_lesson
def test_the_thumbnail_is_not_stale(path):
    place = thumbnails.place_of(path)
    assert place.exists(), "`python -m workshop.thumbnails` draws it"
    kept = Image.open(place)
    assert kept.width == thumbnails.WIDTH
    assert place.stat().st_size < 60_000
    assert not thumbnails.is_stale(thumbnails.draw(thumbnails.first_explorer(path)), kept), (
        "`python -m workshop.thumbnails` draws it anew"
    )


def test_no_thumbnail_without_its_lesson():
    kept = sorted(path.name for path in thumbnails.FOLDER.glob("[0-9]*"))
    assert kept == [f"{path.name[:2]}.png" for path in LESSONS]


def test_a_thumbnail_of_another_figure_is_stale():
    one, other = (Image.open(thumbnails.place_of(path)).convert("RGB") for path in LESSONS[:2])
    assert thumbnails.is_stale(one, other.resize(one.size))
    assert not thumbnails.is_stale(one, one)
    noise = np.random.default_rng(0).integers(-20, 20, (one.height, one.width, 3))
    noisy = Image.fromarray(np.clip(np.asarray(one).astype(int) + noise, 0, 255).astype("uint8"))
    assert not thumbnails.is_stale(one, noisy), "another machine's fonts are no change"
