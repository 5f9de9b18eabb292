"""Step functions of time, or of tasks: how slow workers are, as the engines look it up."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from strag_sim.tables import Flags, Floats, Ints, Slowness

# What changes no size.
NEUTRAL = {"product": 1.0, "sum": 0.0, "max": 0.0}
_MERGE = {"product": np.multiply, "sum": np.add, "max": np.maximum}


class Tracks(NamedTuple):
    """The tracks of one part, and which worker follows which; see `tables.Slowness`."""

    track: Ints  # (W,)
    first: Ints  # (tracks + 1,)
    at: Floats
    value: Floats
    period: float
    stepped: bool = False


class Intervals(NamedTuple):
    """Stretches of time in which the owner of a track is slow; all of shape (n,), seconds."""

    owner: Ints
    start: Floats
    end: Floats
    value: Floats


def constant(value: Floats) -> Tracks:
    """Return a worker each, always as slow as its value; shape (W,)."""
    workers = np.arange(value.size)
    return Tracks(workers, np.arange(value.size + 1), np.zeros(value.size), value, np.inf)


def gathered(parts: Sequence[Intervals]) -> Intervals:
    """Return all intervals together."""
    return Intervals(
        np.concatenate([part.owner for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.end for part in parts]),
        np.concatenate([part.value for part in parts]),
    )


def of_intervals(
    intervals: Intervals, track: Ints, owners: int, period: float, combine: str
) -> Tracks:
    """Return the tracks of so many owners, who are slow in the intervals and else are not.

    Intervals that overlap combine as slowness does with sizes. What lies before 0 or from
    ``period`` on is cut off, and what other owners have is left out.
    """
    owner, start, end, value = _within(intervals, owners, period)
    # The points of all owners, sorted: each begins at 0, and something changes at each other.
    points = np.concatenate((np.zeros(owners), start, end))
    whose = np.concatenate((np.arange(owners), owner, owner))
    order = np.lexsort((points, whose))
    points, whose = points[order], whose[order]
    new = np.ones(points.size, dtype=np.bool_)
    new[1:] = (points[1:] != points[:-1]) | (whose[1:] != whose[:-1])
    place = np.empty(points.size, dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    begins, ends = np.split(place[owners:], 2)
    values = np.full(int(new.sum()), NEUTRAL[combine])
    # Every stretch between two points that an interval covers, interval after interval.
    covers = ends - begins
    stretch = np.arange(covers.sum()) - np.repeat(np.cumsum(covers) - covers, covers)
    with np.errstate(over="ignore"):  # refused where plans are drawn
        _MERGE[combine].at(values, stretch + np.repeat(begins, covers), np.repeat(value, covers))
    first = np.searchsorted(whose[new], np.arange(owners + 1)).astype(np.int64)
    return Tracks(track, first, points[new], values, period)


def wrong_tracks(tracks: Tracks, workers: int) -> str:
    """Return why engines, which do not look again, could not run these tracks; "" if they can."""
    track, first, at, value = tracks.track, tracks.first, tracks.at, tracks.value
    if track.shape != (workers,) or track.min() < 0 or track.max() >= first.size - 1:
        return f"the track of each of {workers} workers must be one of the {first.size - 1}"
    if first[0] != 0 or first[-1] != at.size or (np.diff(first) < 1).any():
        return "first must divide all steps among the tracks, at least one to each"
    rises = np.diff(at) >= 0
    rises[first[1:-1] - 1] = True  # from a track to the next
    if (at[first[:-1]] != 0).any() or not rises.all():
        return "the steps of a track must begin at 0, and not fall"
    if value.shape != at.shape or not ((value >= 0) & (value < np.inf)).all():
        return "slowness must be a finite number of at least 0 at each step"
    return "" if tracks.period > 0 else f"a period of {tracks.period} is not above 0"


def joined(parts: Sequence[Tracks], workers: int, origin: float = 0.0) -> Slowness:
    """Return the tracks of all parts, timelines from ``origin`` on, as the engines read them."""
    before = np.cumsum([0] + [part.first.size - 1 for part in parts])
    points = np.cumsum([0] + [part.at.size for part in parts])
    tracks = np.empty((len(parts), workers), dtype=np.int64)
    for p, part in enumerate(parts):
        tracks[p] = part.track + before[p]
    starts = [part.first[:-1] + shift for part, shift in zip(parts, points, strict=False)]
    stepped: Flags = np.array([part.stepped for part in parts], dtype=np.bool_)
    return Slowness(
        track=tracks,
        stepped=stepped,
        first=np.concatenate([*starts, points[-1:]]).astype(np.int64),
        at=np.concatenate([np.empty(0), *(part.at for part in parts)]),
        value=np.concatenate([np.empty(0), *(part.value for part in parts)]),
        period=np.concatenate(
            [np.empty(0), *(np.full(part.first.size - 1, part.period) for part in parts)]
        ),
        origin=origin,
    )


def bind(rng: np.random.Generator, things: int, workers: int) -> Ints:
    """Return one of so many things for each worker, all different while there are enough."""
    rounds = -(-workers // things)
    return np.concatenate([rng.permutation(things) for _ in range(rounds)])[:workers]


def _within(intervals: Intervals, owners: int, period: float) -> Intervals:
    """Return the intervals of so many owners, cut to the times from 0 to ``period``."""
    start, end = np.maximum(intervals.start, 0.0), np.minimum(intervals.end, period)
    left = (start < end) & (intervals.owner < owners)
    return Intervals(intervals.owner[left], start[left], end[left], intervals.value[left])
