"""What the tests of slowness share: many independent drawings of a part, and their z-scores."""

from collections.abc import Callable, Iterator

import numpy as np

from strag_sim.slowdown import Slowdown, Streams
from strag_sim.slowdown.tracks import NEUTRAL, Tracks

LIMIT = 4.0  # P(|Z| > 4) = 6e-5


def streams_of(*seed: int) -> Streams:
    """Return the generators of a part."""
    return lambda i: np.random.default_rng([*seed, i])


def drawings(
    part: Slowdown,
    count: int,
    *,
    workers: int = 1,
    horizon: float = 100.0,
    combine: str = "product",
) -> Iterator[Tracks]:
    """Yield the tracks of independent runs."""
    for run in range(count):
        yield part.tracks(streams_of(7, run), workers, horizon, combine)


def value(tracks: Tracks, worker: int, time: float) -> float:
    """Return how slow a worker is at a time, looked up from the start."""
    k = tracks.track[worker]
    points = range(tracks.first[k], tracks.first[k + 1])
    return float([tracks.value[i] for i in points if tracks.at[i] <= time][-1])


def is_slow(tracks: Tracks, worker: int, time: float, combine: str = "product") -> bool:
    """Return whether a worker is slower than usual."""
    return value(tracks, worker, time) != NEUTRAL[combine]


def slow_time(tracks: Tracks, worker: int) -> float:
    """Return for how long a worker is slow, until its track begins anew."""
    k = tracks.track[worker]
    here = slice(tracks.first[k], tracks.first[k + 1])
    lengths = np.diff(np.append(tracks.at[here], tracks.period))
    return float(lengths[tracks.value[here] != NEUTRAL["product"]].sum())


def z_score(numbers: Iterator[float] | list[float], expected: float) -> float:
    """Return by how many standard errors the mean of independent numbers lies above a value."""
    values = np.array(list(numbers), dtype=float)
    return float((values.mean() - expected) / (values.std(ddof=1) / np.sqrt(values.size)))


def holds(measure: Callable[[Tracks], float], found: list[Tracks], right: float, wrong: float):
    """Assert that a measure of drawings has this mean, and that it would show a planted one."""
    numbers = [measure(tracks) for tracks in found]
    assert abs(z_score(numbers, right)) <= LIMIT
    assert abs(z_score(numbers, wrong)) > LIMIT


def assert_first_workers_stay(part: Slowdown) -> None:
    """Assert that workers are as slow among more workers, and in a longer run."""
    few = part.tracks(streams_of(3), 3, 50.0, "product")
    many = part.tracks(streams_of(3), 40, 500.0, "product")

    times = np.linspace(0, 49.9, 200)
    for worker in range(3):
        assert [value(few, worker, t) for t in times] == [value(many, worker, t) for t in times]
