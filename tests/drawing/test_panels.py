"""Paths on which every step has a marker, as far as there is room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from lesson_utils.drawing import panels, style

NUMBERS = st.floats(-300, 300) | st.sampled_from([np.nan, np.inf, -1e300])


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=60), st.floats(0.5, 80))
def test_markers_stand_clear_of_each_other_and_leave_no_gap(points, width):
    points = np.array(points, dtype=float).reshape(-1, 2)
    drawn = panels.clear_of_each_other(points, width)
    fine = np.flatnonzero((np.abs(points) <= 300).all(axis=1))
    assert drawn == sorted(set(drawn)) and set(drawn) <= set(fine.tolist())
    if not fine.size:
        return
    assert drawn[0] == fine[0]
    kept = points[drawn]
    gaps = np.hypot(*(kept[:, None] - kept).T)
    assert (gaps + 2 * width * np.eye(len(kept)) >= width * (1 - 1e-9)).all()
    assert fine[-1] in drawn or np.hypot(*(points[fine[-1]] - kept[0])) < width
    to_kept = np.hypot(*(points[fine][:, None] - kept).T).min(axis=0)
    assert (to_kept < 2.5 * width).all()


@pytest.fixture
def path():
    ax = Figure(figsize=(6, 4), dpi=100).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 600), ylim=(0, 400))
    return panels.draw_path(ax, style.PLAIN)


def test_a_path_with_room_has_all_its_markers_again(path):
    x = np.array([10.0, 11, 12, 300])
    panels.put_path(path, x, x)
    assert path.get_markevery() == [0, 3]
    path.stale = False
    panels.put_path(path, x, x)
    assert not path.stale, "nothing has changed"
    panels.put_path(path, x, x, apart=0.5)
    assert path.get_markevery() is None and path.stale


def test_a_walk_leaves_its_markers_in_their_place(path):
    t = np.linspace(0, 12, 80)
    x, y = 300 + 20 * t * np.cos(t), 200 + 12 * t * np.sin(t)
    before = []
    for end in range(1, len(t)):
        panels.put_path(path, x[:end], y[:end])
        every = path.get_markevery()
        now = list(range(end)) if every is None else every
        assert set(before[:-2]) - set(now) <= {end - 2}
        before = now
