"""The pictures of a student's own ravine and runs: they show what they say, in words as well."""

import base64
import io

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from lesson_utils.drawing import style
from lesson_utils.drawing.personal import ACROSS, ALONG, Picture, Words, show_run, show_runs
from lesson_utils.personal import own_ravine, own_runs, settles

from .colors import VISIONS, apart, contrast
from .test_style import APART, READABLE

RAVINE = own_ravine("Ada")


def parts(picture):
    data, metadata = picture._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    assert BeautifulSoup(data["text/html"], "html.parser").img["alt"] == alt == data["text/plain"]
    assert data["image/png"] in data["text/html"]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")), alt


@pytest.mark.parametrize(("times", "beta"), [(1, 0), (0.01, 0), (1.2, 0), (5, 0.8), (400, 0.8), (1, 0.999)])
def test_a_run_is_drawn_and_told(times, beta):
    alpha = times * 2 / sum(RAVINE.curvatures)
    picture = show_run(RAVINE, alpha, beta)
    pixels, alt = parts(picture)
    assert pixels.std() > 20 and alt == repr(picture)
    steps = settles(RAVINE.curvatures, alpha, beta)
    asked = RAVINE.momentum_steps if beta else RAVINE.plain_steps
    assert f"at most {asked} steps" in alt
    diverges = alpha * (1 - beta) * RAVINE.curvatures[1] >= 2 * (1 + beta)
    assert (
        "diverges" if diverges else "does not settle" if steps is None else f"settles in {steps} steps"
    ) in alt


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ((...,), "not done yet"), ((None,), "not done yet"), ((1, ...), "not done yet"),
        (("much",), "must be numbers"), (([1, 2],), "must be numbers"), ((-1,), "must not be negative"),
        ((1, 1), "below 1"), ((float("nan"),), "must not"),
    ],
)  # fmt: skip
def test_what_is_no_setting_is_told_and_not_drawn(settings, words):
    shown = show_run(RAVINE, *settings)
    assert isinstance(shown, Words) and words in repr(shown)


def test_without_a_name_there_are_words():
    assert "not done yet" in repr(show_run(own_ravine(...), ...)) and "not done yet" in repr(
        show_runs(own_runs(...))
    )


def test_the_runs_are_told_point_by_point_to_who_cannot_see_them():
    runs = own_runs("Ada")
    picture = show_runs(runs)
    pixels, alt = parts(picture)
    assert isinstance(picture, Picture) and pixels.std() > 10
    for run, ax in zip(runs, picture.figure.axes, strict=True):
        assert ax.get_title() == f"{run.letter}: {run.shows} against the step"
        assert list(ax.lines[-1].get_ydata()) == list(run.values)
        assert f"{run.letter} shows {run.shows}: {run.values[0]:.2g}".replace("-", "−") in alt
    assert alt.count(",") >= 6 * 30


def test_no_answer_stands_in_the_picture():
    picture = show_runs(own_runs("Ada"))
    words = " ".join([repr(picture), *(text.get_text() for ax in picture.figure.axes for text in ax.texts)])
    assert not any(kind in words for kind in ("monotone", "ripples", "oscillates", "diverges"))


def test_lines_and_words_can_be_told_apart():
    picture = show_run(RAVINE, 1.0, 0.8)
    lines = picture.figure.axes[1].lines
    assert len({(line.get_linestyle(), str(line._dash_pattern)) for line in lines}) == len(lines)
    assert all(apart(ALONG["color"], ACROSS["color"], vision) > APART for vision in VISIONS)
    assert all(contrast(line.get_color()) >= READABLE for line in lines)
    sizes = [text.get_fontsize() for ax in picture.figure.axes for text in (*ax.get_xticklabels(), ax.title)]
    assert min(sizes) >= style.SMALL
