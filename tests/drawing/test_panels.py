"""Paths on which every step has a marker, as far as there is room."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from lesson_utils.drawing import panels, style

NUMBERS = st.floats(-300, 300) | st.sampled_from([np.nan, np.inf, -1e300])


@example([(-1.0, -1.0), (-4.0, -4.0)], 4.0)  # in one square of that width, but farther from each other
@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=60), st.floats(0.5, 80))
def test_a_step_has_its_marker_where_its_neighbours_leave_it_room_and_only_there(points, width):
    points = np.array(points, dtype=float).reshape(-1, 2)
    drawn = panels.clear_of_each_other(points, width)
    fine = np.flatnonzero((np.abs(points) <= 300).all(axis=1))
    assert drawn == sorted(set(drawn)) and set(drawn) <= set(fine.tolist())
    if not fine.size:
        return
    path = points[fine]
    assert drawn[0] == fine[0]
    kept = points[drawn]
    gaps = np.hypot(*(kept[:, None] - kept).T)
    assert (gaps + 2 * width * np.eye(len(kept)) >= width * (1 - 1e-9)).all()
    assert fine[-1] in drawn or np.hypot(*(path[-1] - path[0])) < width
    for i in range(1, len(path) - 1):
        near = [path[j] for j in range(max(i - 2, 0), min(i + 3, len(path))) if j != i]
        clear = min(((path[i] - one) ** 2).sum() for one in near) >= width**2
        if fine[i] in drawn:
            assert clear, "a step so short would look like a long one"
        elif clear:
            assert np.hypot(*(path[i] - kept).T).min() < 2.5 * width, "another marker stands there"


def test_a_path_that_slows_down_does_not_look_as_if_it_went_faster():
    """Left out one by one, the markers of ever shorter steps would stand ever farther apart."""
    x = 100 * 0.97 ** np.arange(200)
    drawn = panels.clear_of_each_other(np.column_stack([x, 0 * x]), 1.5)
    *steps, _ = np.diff(x[drawn])  # the last marker is that of the end
    assert len(steps) > 10 and (np.diff(np.abs(steps)) < 0).all()


@pytest.fixture
def path():
    ax = Figure(figsize=(6, 4), dpi=100).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 600), ylim=(0, 400))
    return panels.draw_path(ax, style.PLAIN)


def test_a_path_with_room_has_all_its_markers_again(path):
    x = np.array([10.0, 11, 12, 300])
    panels.put_path(path, x, x)
    assert path.get_markevery() == [0, 3], "neither of two that are near"
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
