"""The stage tells its pages to ask again, and sends frames in which nothing of a line can be seen."""

import numpy as np
from matplotlib.figure import Figure

from lesson_utils.stage import Frame, Stage

from .frames import Holder


def make(points):
    figure = Figure(figsize=(4, 3))
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.plot(*points, "o", animated=True)
    return Stage(figure, {}, lambda settings: Frame(twin="some words"))


def test_every_page_is_told():
    stage, sent = make(([0.5], [0.5])), []
    stage.send = lambda content, buffers=None: sent.append(content)
    stage.ask_again()
    assert sent == [{"kind": "again"}]


def test_marks_that_all_lie_outside_are_a_piece_without_points():
    for points in (([5.0], [5.0]), ([np.nan], [0.5]), ([], [])):
        page = Holder(make(points))
        assert [len(xy) for style, _, xy in page.layers if style["k"] == "marks"] == [0]
        pieces = [piece for piece in page.reply["new"].values() if piece.get("n") == 0]
        assert pieces and "at" not in pieces[0], "stage.js must not take its points for granted"
