"""The lists of lessons name what is there: the folder's own, with pictures, and the one on the front page."""

import numpy as np
import pytest
from PIL import Image

from workshop import lists, thumbnails
from workshop.files import LESSONS, minutes, page

ROWS = {row.name: row for row in lists.rows()}
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def test_no_list_is_stale():
    """Each has a row for each lesson, in order, and says what the others and the lesson say."""
    assert list(lists.stale()) == [], "`python -m workshop.lists` writes them anew"


@each_lesson
def test_a_lesson_fits_a_school_hour_and_its_picture_has_words(path):
    row = ROWS[path.stem]
    assert row.number == int(path.name[:2])
    assert minutes(path) <= 45
    assert len(row.alt.split()) >= 8


@each_lesson
def test_what_a_row_needs_the_lesson_needs(path):
    needs = page(path).split("**What you need:**")[1].split("\n\n")[0].lower()
    for wanted in ROWS[path.stem].needs.split(", "):
        assert wanted.split(" as ")[0] in needs, wanted


@each_lesson
def test_the_thumbnail_is_not_stale(path):
    place = thumbnails.place_of(path)
    assert place.exists(), "`python -m workshop.lists` draws it"
    kept = Image.open(place)
    assert kept.width == thumbnails.WIDTH
    assert place.stat().st_size < 60_000
    assert not thumbnails.is_stale(thumbnails.draw(thumbnails.first_explorer(path)), kept), (
        "`python -m workshop.lists` draws it anew"
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
