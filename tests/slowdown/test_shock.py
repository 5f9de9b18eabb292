"""Shocks: how often, how long and how many workers together, against closed forms."""

import numpy as np
import pytest
from slow_tracks import (
    LIMIT,
    assert_first_workers_stay,
    drawings,
    holds,
    is_slow,
    streams_of,
    value,
)

from strag_sim.distributions import Exponential, Pareto, Uniform
from strag_sim.slowdown import Shock
from strag_sim.theory import slowness

RATE, SHARE, LENGTH, FACTOR = 0.2, 0.4, 3.0, 2.0
PLAIN = Shock(rate=RATE, share=SHARE, factor=FACTOR, length=LENGTH)
LAWS = {"constant": LENGTH, "exponential": Exponential(mean=LENGTH)}


@pytest.fixture(scope="module", params=LAWS)
def found(request):
    """Return 3,000 runs of two workers, under shocks of constant and of exponential lengths."""
    part = Shock(rate=RATE, share=SHARE, factor=FACTOR, length=LAWS[request.param])
    return list(drawings(part, 3000, workers=2, horizon=60.0))


@pytest.mark.parametrize("time", [0.0, 2.0, 30.0, 59.0])
def test_stationary_share(found, time):
    """The chance to be under a shock is that of a busy M/G/infinity queue, at any time."""
    right = 1 - slowness.unhit(RATE, SHARE, LENGTH)

    holds(lambda x: is_slow(x, 1, time), found, right, right + 0.05)


def test_workers_are_hit_together(found):
    """Two workers are free of shocks more often than two independent ones."""
    right = slowness.unhit(RATE, SHARE, LENGTH, workers=2)
    independent = slowness.unhit(RATE, SHARE, LENGTH) ** 2

    holds(lambda x: not (is_slow(x, 0, 30.0) or is_slow(x, 1, 30.0)), found, right, independent)


@pytest.mark.parametrize("lag", [1.0, 2.0, 10.0])
def test_memory(lag):
    """Shocks of constant length reach as far as they are long."""
    found = list(drawings(PLAIN, 3000, horizon=60.0))
    right = slowness.unhit_at_both(RATE, SHARE, LENGTH, lag)
    wrong = slowness.unhit_at_both(RATE, SHARE, LENGTH, lag + 1.5 if lag < 3 else 0.0)

    holds(lambda x: not (is_slow(x, 0, 20.0) or is_slow(x, 0, 20.0 + lag)), found, right, wrong)


def test_overlapping_shocks_compound():
    """Two shocks of factor 2 are a factor of 4; two of 2 s are 4 s; under max they are one."""
    busy = Shock(rate=1.0, share=SHARE, factor=FACTOR, length=LENGTH)
    mean = 1.0 * SHARE * LENGTH
    expected = {
        "product": (slowness.compounded(1.0, SHARE, LENGTH, FACTOR), 1 + mean),
        "sum": (mean * FACTOR, FACTOR * (1 - np.exp(-mean))),
        "max": (FACTOR * (1 - np.exp(-mean)), mean * FACTOR),
    }
    for combine, (right, wrong) in expected.items():
        found = list(drawings(busy, 3000, horizon=30.0, combine=combine))
        holds(lambda x: value(x, 0, 15.0), found, right, wrong)


def test_a_factor_is_drawn_for_each_shock():
    """The mean factor of a worker that is hit by one shock is the law's."""
    part = Shock(rate=0.02, share=1.0, factor=Uniform(low=2.0, high=6.0), length=1.0)
    found = list(drawings(part, 2000, horizon=60.0, workers=2))
    first = [x.value[x.value != 1][0] for x in found if (x.value != 1).any()]

    holds(float, first, 4.0, 4.3)
    assert all(value(x, 0, t) == value(x, 1, t) for x in found[:50] for t in range(60))


def test_a_worker_is_as_slow_among_more_workers_and_in_a_longer_run():
    """Policies with other workers, and runs of other lengths, see the same shocks."""
    assert_first_workers_stay(PLAIN)


def test_memory_is_bounded(monkeypatch):
    """More hits than there may be are not drawn: tracks begin anew earlier."""
    monkeypatch.setattr("strag_sim.slowdown.shock.MOST", 1000)
    tracks = PLAIN.tracks(streams_of(3), 20, 1e9, "product")

    assert tracks.period < 1000
    assert tracks.at.size < 5000


class Counting:
    """A generator that counts the numbers that are drawn of it."""

    drawn = 0

    def __init__(self, rng):
        self.rng = rng

    def __getattr__(self, name):
        def draw(*arguments):
            numbers = getattr(self.rng, name)(*arguments)
            Counting.drawn += np.size(numbers)
            return numbers

        return draw


def test_shocks_that_hit_few_workers_cost_little():
    """A million shocks that hit one of 10,000 workers each; chances are not drawn one by one."""
    part = Shock(rate=1000.0, share=1e-4, factor=2.0, length=0.001)
    streams = streams_of(3)
    tracks = part.tracks(lambda i: Counting(streams(i)), 10_000, 1000.0, "product")
    hits = (tracks.value != 1).sum()

    assert abs(hits - 1e6) <= LIMIT * 1e3
    assert Counting.drawn < 3e6  # of the 10^10 chances


def test_no_shock_at_all():
    """Nobody is slow where shocks are too rare to come."""
    tracks = Shock(rate=1e-9, share=1.0, factor=2.0, length=1.0).tracks(
        streams_of(3), 20, 1.0, "product"
    )

    assert tracks.value.tolist() == [1] * 20


def test_more_hits_than_there_may_be_are_refused():
    """Under way at the start, they would have to be kept, however short the tracks."""
    part = Shock(rate=100.0, share=1.0, factor=2.0, length=10.0)

    with pytest.raises(ValueError, match="at most 1048576 workers are hit at once"):
        part.tracks(streams_of(3), 2000, 1.0, "product")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"rate": 0.0}, "rate: 0.0"),
        ({"share": 0.0}, "share: 0.0 is not allowed; share must be above 0 and at most 1"),
        ({"share": 1.5}, "share: 1.5"),
        ({"length": 0.0}, "length: 0.0"),
        ({"factor": 0.0}, "factor: 0.0"),
        ({"length": Pareto(minimum=1.0, shape=1.0)}, "a law with a finite mean"),
        ({"rate": 1e6}, "at most 1000 shocks are under way"),
    ],
)
def test_wrong_parameters(keys, message):
    """Refused where they are made."""
    with pytest.raises(ValueError, match=message):
        Shock(**{"rate": 1.0, "share": 0.5, "factor": 2.0, "length": 1.0, **keys})
