"""Slow states: shares, dwells and memory against closed forms, and neighbours together."""

import tracemalloc

import numpy as np
import pytest
from slow_tracks import (
    LIMIT,
    assert_first_workers_stay,
    drawings,
    holds,
    is_slow,
    slow_time,
    streams_of,
    z_score,
)

from strag_sim.distributions import Deterministic, Gamma, Lognormal, Pareto, Uniform
from strag_sim.slowdown import States
from strag_sim.theory import slowness

SHARE, DWELL = 0.3, 5.0
MARKOV = States(factor=4.0, dwell=DWELL, share=SHARE)


@pytest.fixture(scope="module")
def markov():
    """Return 3,000 runs of a worker."""
    return list(drawings(MARKOV, 3000))


@pytest.mark.parametrize("time", [0.0, 1.0, 50.0, 99.9])
def test_stationary_share(markov, time):
    """The chance to be slow is the share at any time, the first included."""
    holds(lambda x: is_slow(x, 0, time), markov, SHARE, SHARE + 0.05)


def test_share_of_time(markov):
    """A worker is slow for this share of a run."""
    holds(lambda x: slow_time(x, 0) / x.period, markov, SHARE, SHARE * 1.1)


def test_dwell(markov):
    """Slow states begin at the rate share / dwell."""

    def begun(tracks):
        return int((tracks.value[1:] != 1).sum())

    holds(begun, markov, 100 * SHARE / DWELL, 100 * SHARE / (DWELL * 1.1))


@pytest.mark.parametrize("lag", [1.0, 3.0, 10.0])
def test_memory(markov, lag):
    """Slow at two times: two states forget as a Markov chain does."""
    right = slowness.slow_at_both(SHARE, DWELL, lag)
    wrong = slowness.slow_at_both(SHARE, DWELL, lag * 2 if lag < 10 else 5.0)

    holds(lambda x: is_slow(x, 0, 20.0) and is_slow(x, 0, 20.0 + lag), markov, right, wrong)


@pytest.mark.parametrize(
    ("law", "upper"),
    [
        (Deterministic(value=4.0), 4.0),
        (Gamma(mean=4.0, cv=0.5), 40.0),
        (Lognormal(mean=4.0, cv=1.0), 400.0),
    ],
    ids=["constant", "gamma", "lognormal"],
)
def test_any_law_of_dwells_is_stationary(law, upper):
    """Also where dwells are not exponential: what is left of the one under way at 0 is right."""
    found = list(drawings(States(factor=2.0, dwell=law, share=SHARE), 3000, horizon=30.0))
    left = slowness.left_of(lambda t: 1 - law.cdf(t), 4.0, 2.0, upper=upper)

    holds(lambda x: is_slow(x, 0, 0.0), found, SHARE, SHARE + 0.05)
    holds(lambda x: is_slow(x, 0, 25.0), found, SHARE, SHARE + 0.05)
    # planted: a whole dwell in place of what is left of one
    holds(
        lambda x: is_slow(x, 0, 0.0) and x.at[1] > 2.0,
        found,
        SHARE * left,
        SHARE * float(1 - law.cdf(2.0)),
    )


@pytest.mark.parametrize("time", [10.0, 100.0])
def test_heavy_tails_of_dwells_are_stationary(time):
    """Pareto 1.1, of which 44 % of the slow time lies beyond the 1 - 2^-13 quantile."""
    part = States(factor=2.0, dwell=Pareto(minimum=1.0, shape=1.1), share=SHARE)
    found = list(drawings(part, 500, workers=16, horizon=200.0))
    shares = [np.mean([is_slow(x, worker, time) for worker in range(16)]) for x in found]

    assert abs(z_score(shares, SHARE)) <= LIMIT
    assert abs(z_score(shares, SHARE - 0.03)) > LIMIT


def test_neighbours_are_slow_together_and_others_are_not():
    """Workers 0 to 2 share their states; worker 3 is another group's, and independent."""
    shared = States(factor=4.0, dwell=DWELL, share=SHARE, shared_by=3)
    found = list(drawings(shared, 3000, workers=7, horizon=20.0))

    assert all(x.track.tolist() == [0, 0, 0, 1, 1, 1, 2] for x in found)
    holds(
        lambda x: is_slow(x, 2, 10.0) and is_slow(x, 3, 10.0),
        found,
        SHARE**2,
        SHARE,
    )


def test_a_factor_is_drawn_for_each_stretch():
    """Its mean is the law's, and it is one number for a whole stretch."""
    law = Uniform(low=2.0, high=6.0)
    found = list(drawings(States(factor=law, dwell=DWELL, share=SHARE), 500))
    slow = [x.value[x.value != 1] for x in found]

    holds(lambda values: float(values[0]), [v for v in slow if v.size], 4.0, 4.3)
    assert all(np.unique(values).size == values.size for values in slow)


@pytest.mark.parametrize(("combine", "usual"), [("product", 1.0), ("sum", 0.0), ("max", 0.0)])
def test_between_states_nothing_changes(combine, usual):
    """What is combined with sizes outside slow states leaves them as they are."""
    tracks = MARKOV.tracks(streams_of(1), 1, 100.0, combine)

    assert set(tracks.value) == {usual, 4.0}


def test_a_worker_is_as_slow_among_more_workers_and_in_a_longer_run():
    """Policies with other workers, and runs of other lengths, see the same slow states."""
    assert_first_workers_stay(MARKOV)


def test_memory_is_bounded(monkeypatch):
    """More stretches than there may be are not drawn: tracks begin anew earlier."""
    monkeypatch.setattr("strag_sim.slowdown.states.MOST", 1000)
    tracks = MARKOV.tracks(streams_of(3), 20, 1e9, "product")

    assert tracks.period == 1000 / 20 * DWELL / SHARE
    assert tracks.at.size < 5000


def test_memory_is_bounded_where_few_dwells_make_up_the_mean(monkeypatch):
    """Pareto 1.001: a mean of 1,001 s, but the median is 2 s; tracks begin anew earlier still."""
    monkeypatch.setattr("strag_sim.slowdown.states.MOST", 1000)
    part = States(factor=4.0, dwell=Pareto(minimum=1.0, shape=1.001), share=0.5)
    # Without long gaps either, so that stretches are many.
    monkeypatch.setattr(States, "between", 1.0)
    tracks = part.tracks(streams_of(3), 20, 1e9, "product")

    assert 100 < tracks.period < 1000 / 20 * 1000
    assert tracks.at.size < 2 * 20 * (2 * 1000 / 20 + 2 * 64)


def test_memory_of_many_workers():
    """What lies past the end is dropped as it is drawn: 64 stretches a worker are 2 kB."""
    workers = 20_000
    tracemalloc.start()
    MARKOV.tracks(streams_of(3), workers, 1.0, "product")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 1000 * workers


def test_all_workers_may_share_their_states():
    """However many neighbours: those that there are."""
    shared = States(factor=4.0, dwell=DWELL, share=SHARE, shared_by=10**30)

    assert shared.tracks(streams_of(3), 5, 100.0, "product").track.tolist() == [0] * 5


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"share": 0.0}, "share: 0.0 is not allowed; share must be above 0 and below 1"),
        ({"share": 1.0}, "share: 1.0"),
        ({"dwell": 0.0}, "dwell: 0.0"),
        ({"factor": -1.0}, "factor: -1.0"),
        ({"shared_by": 0}, "shared_by: 0"),
    ],
)
def test_wrong_parameters(keys, message):
    """Refused where they are made."""
    with pytest.raises(ValueError, match=message):
        States(**{"factor": 2.0, "dwell": 1.0, "share": 0.5, **keys})
