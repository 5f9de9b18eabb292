"""Intervals become step functions, whatever their order and however they overlap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.slowdown.tracks import Intervals, bind, constant, joined, of_intervals

MERGE = {"product": np.prod, "sum": np.sum, "max": lambda values: max(values, default=0.0)}
TICKS = st.integers(-3, 12).map(float)


def intervals(rows):
    """Return intervals from (owner, start, end, value)."""
    columns = [np.array(column) for column in zip(*rows, strict=True)] or [np.empty(0)] * 4
    return Intervals(columns[0].astype(np.int64), *(c.astype(float) for c in columns[1:]))


def test_by_hand():
    """Owner 0: slow by 2 from 1 to 4 and by 3 from 2 to 6; owner 1 never; owner 2 from the start.

    So owner 0 is at 1, 2, 6, 3, 1 from 0, 1, 2, 4 and 6 on. Owner 2's interval ends beyond the
    period of 8; owner 3 is nobody's.
    """
    rows = [(0, 2, 6, 3), (2, -1, 9, 5), (0, 1, 4, 2), (3, 0, 1, 7)]
    tracks = of_intervals(intervals(rows), np.array([2, 0, 1]), 3, 8.0, "product")

    assert tracks.first.tolist() == [0, 5, 6, 8]
    assert tracks.at.tolist() == [0, 1, 2, 4, 6, 0, 0, 8]
    assert tracks.value.tolist() == [1, 2, 6, 3, 1, 1, 5, 1]
    assert tracks.track.tolist() == [2, 0, 1]


@pytest.mark.parametrize("combine", MERGE)
@given(rows=st.lists(st.tuples(st.integers(0, 2), TICKS, TICKS, st.integers(1, 4)), max_size=8))
def test_at_every_time_the_intervals_that_cover_it(combine, rows):
    """The value at a time merges those of all intervals of the owner that hold it."""
    tracks = of_intervals(intervals(rows), np.arange(3), 3, 10.0, combine)

    for owner in range(3):
        here = slice(tracks.first[owner], tracks.first[owner + 1])
        at, value = tracks.at[here], tracks.value[here]
        assert at[0] == 0
        assert (np.diff(at) > 0).all()
        for time in np.arange(0, 10, 0.5):
            covering = [v for o, start, end, v in rows if o == owner and start <= time < end]
            assert value[np.searchsorted(at, time, side="right") - 1] == MERGE[combine](covering)


def test_parts_are_joined():
    """Tracks of several parts lie end to end; a part that has none left nothing."""
    moving = of_intervals(intervals([(0, 1, 2, 3)]), np.array([0, 0]), 1, 4.0, "product")
    both = joined([constant(np.array([5.0, 6.0])), moving], 2)

    assert both.track.tolist() == [[0, 1], [2, 2]]
    assert both.first.tolist() == [0, 1, 2, 5]
    assert both.at.tolist() == [0, 0, 0, 1, 2]
    assert both.value.tolist() == [5, 6, 1, 3, 1]
    assert both.period.tolist() == [np.inf, np.inf, 4.0]
    assert joined([], 2).track.shape == (0, 2)


@given(things=st.integers(1, 7), workers=st.integers(1, 30), seed=st.integers(0, 99))
def test_bound_without_replacement(things, workers, seed):
    """Each thing is used as often as any other, give or take one; fewer workers: the first ones."""
    bound = bind(np.random.default_rng(seed), things, workers)
    counts = np.bincount(bound, minlength=things)

    assert counts.max() - counts.min() <= 1
    assert bind(np.random.default_rng(seed), things, 1)[0] == bound[0]
