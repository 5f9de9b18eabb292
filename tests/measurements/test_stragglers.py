"""Statistics of measured times, against theory and against what is worked out by hand.

Where chance plays a part: a fixed seed, a z-score over independent data sets with the limit 4, and
a planted fault that is found.
"""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

from strag_sim.measurements import Measurements, facts
from strag_sim.measurements.stragglers import between_workers, dispersion, lag_one

LIMIT = 4
Floats = NDArray[np.float64]


def of_matrix(times: Floats) -> Measurements:
    """Return measurements of rounds and workers, shape (rounds, workers)."""
    rounds, workers = times.shape
    return Measurements(
        times.ravel(),
        np.tile(np.arange(workers, dtype=np.int32), rounds),
        np.repeat(np.arange(rounds, dtype=np.float64), workers),
        tuple(map(str, range(workers))),
    )


def z_score(estimate: Callable[[np.random.Generator], float], truth: float, sets: int) -> float:
    """Return how many standard errors the mean estimate of some data sets is off."""
    found = np.array([estimate(np.random.default_rng((8, i))) for i in range(sets)])
    z = float((found.mean() - truth) / (found.std(ddof=1) / math.sqrt(sets)))
    print(f"{found.mean():.5f} for {truth:.5f}: z = {z:.2f}")
    return z


def autoregressive(rng: np.random.Generator, r: float, rounds: int, workers: int) -> Floats:
    """Return stationary AR(1) series of variance 1, one a column."""
    noise = rng.normal(0, math.sqrt(1 - r * r), (rounds, workers))
    noise[0] = rng.normal(0, 1, workers)
    series: Floats = lfilter([1], [1, -r], noise, axis=0)
    return series


@pytest.mark.parametrize(("r", "workers"), [(0.0, 10), (0.7, 10), (0.7, 1)])
def test_lag_one(r: float, workers: int) -> None:
    """The mean estimate is r less its known bias, however the workers differ.

    The bias of the sums of one worker, -(1 + 2 r) / n, stays; that of their ratio, -2 r / n, is
    divided by the number of workers.
    """
    rounds = 500

    def estimate(rng: np.random.Generator) -> float:
        series = autoregressive(rng, r, rounds, workers) * 0.2 + rng.normal(0, 3, workers)
        return lag_one(of_matrix(np.exp(series)))

    assert abs(z_score(estimate, r - (1 + 2 * r + 2 * r / workers) / rounds, 400)) < LIMIT


def test_lag_one_needs_the_means_of_workers() -> None:
    """The planted fault: with one mean for all, lasting differences pass for memory."""

    def estimate(rng: np.random.Generator) -> float:
        series = autoregressive(rng, 0.7, 500, 10) * 0.2 + rng.normal(0, 3, 10)
        return lag_one(Measurements(np.exp(series.T.ravel())))

    assert abs(z_score(estimate, 0.7 - 2.54 / 500, 50)) > LIMIT


def test_lag_one_by_hand() -> None:
    """Logs less their means -1, 0, 1 and 1, -1: products 0 + 0 - 1 over squares 4."""
    values = np.exp([0.0, 1, 2, 5, 3])
    worker = np.array([0, 0, 0, 1, 1], dtype=np.int32)
    shuffled = [0, 3, 1, 4, 2]

    assert lag_one(Measurements(values, worker, None, ("a", "b"))) == pytest.approx(-1 / 4)
    mixed = Measurements(values[shuffled], worker[shuffled], None, ("a", "b"))
    assert lag_one(mixed) == pytest.approx(-1 / 4)


def ragged(rng: np.random.Generator, share: float, workers: int) -> Measurements:
    """Return workers with from 5 to 30 times each, variance 1, a share of it between them."""
    counts = rng.integers(5, 31, workers)
    worker = np.repeat(np.arange(workers, dtype=np.int32), counts)
    log = rng.normal(0, math.sqrt(share), workers)[worker]
    log += rng.normal(0, math.sqrt(1 - share), worker.size)
    return Measurements(np.exp(log), worker, None, tuple(map(str, range(workers))))


@pytest.mark.parametrize("share", [0.2, 0.8])
def test_between_workers(share: float) -> None:
    """Its odds B / W are B's estimate over W's, whose means are known: both are unbiased."""

    def estimate(rng: np.random.Generator) -> float:
        found = between_workers(ragged(rng, share, 400))
        return found / (1 - found)

    assert abs(z_score(estimate, share / (1 - share), 60)) < LIMIT


def test_between_workers_is_corrected_for_noise() -> None:
    """The planted fault: the plain share of the squares is too large by noise in the means."""

    def estimate(rng: np.random.Generator) -> float:
        drawn = ragged(rng, 0.2, 400)
        log = np.log(drawn.values) - np.log(drawn.values).mean()
        counts = np.bincount(drawn.worker)
        means = np.bincount(drawn.worker, log) / counts
        share = float(counts @ means**2 / (log @ log))
        return share / (1 - share)

    assert z_score(estimate, 0.2 / 0.8, 60) > LIMIT


def test_workers_that_do_not_differ() -> None:
    """Cut at 0 where means differ less than noise would; 1 where there is no noise."""
    log = np.array([[0.0, 1], [1, 0]])

    assert between_workers(of_matrix(np.exp(log))) == 0
    assert between_workers(of_matrix(np.exp([[0.0, 1], [0, 1]]))) == pytest.approx(1)


def test_dispersion_of_independent_stragglers() -> None:
    """The mean is 1: here workers straggle with one probability, each for itself."""

    def estimate(rng: np.random.Generator) -> float:
        return dispersion(rng.random((500, 20)) < 0.1)

    assert abs(z_score(estimate, 1, 300)) < LIMIT


def test_dispersion_of_shared_shocks() -> None:
    """A shock of one round in 10 that hits each worker with 1/2: the variance is known.

    The planted fault of the test before: there it would be taken for 1.
    """
    workers, rate, hit, own = 20, 0.1, 0.5, 0.02
    shocked = 1 - (1 - hit) * (1 - own)
    p = rate * shocked + (1 - rate) * own
    inner = rate * shocked * (1 - shocked) + (1 - rate) * own * (1 - own)
    outer = rate * (1 - rate) * (shocked - own) ** 2
    truth = (workers * inner + workers**2 * outer) / (workers * p * (1 - p))

    def estimate(rng: np.random.Generator) -> float:
        shock = rng.random((20_000, 1)) < rate
        slow = rng.random((20_000, workers)) < own
        return dispersion(slow | (shock & (rng.random(slow.shape) < hit)))

    assert truth > 5
    assert abs(z_score(estimate, truth, 60)) < LIMIT
    assert z_score(estimate, 1, 10) > LIMIT


def test_facts_by_hand() -> None:
    """Five workers in four rounds, 1 s but for a few."""
    times = np.ones((4, 5))
    times[0, :2] = 2.0
    times[1, 0] = 4.0
    found = facts(of_matrix(times))

    assert (found.n, found.workers, found.rounds, found.complete_rounds) == (20, 5, 4, 4)
    assert found.mean == 25 / 20
    assert found.cv == pytest.approx(math.sqrt(41 / 20 - 1.25**2) / 1.25)
    assert (found.p50, found.p90, found.p95, found.p99, found.p999) == (1, 2, 2, 4, 4)
    assert (found.max, found.beyond_1_5, found.beyond_3) == (4, 3 / 20, 1 / 20)
    # 2, 1, 0 and 0 stragglers a round: the variance is 11/12, p is 3/20.
    assert found.dispersion == pytest.approx(11 / 12 / (5 * 0.15 * 0.85))


def test_incomplete_rounds_do_not_count() -> None:
    """The dispersion is of rounds in which each worker was measured once."""
    times = np.ones((4, 5))
    times[:2, 0] = 9.0
    whole = of_matrix(times)
    keep = np.arange(20) != 3
    assert whole.worker is not None
    assert whole.step is not None
    found = facts(
        Measurements(whole.values[keep], whole.worker[keep], whole.step[keep], whole.names)
    )

    assert (found.rounds, found.complete_rounds) == (4, 3)
    assert found.dispersion == pytest.approx((1 / 3) / (5 * (1 / 15) * (14 / 15)))


def test_what_there_is_not_is_nan() -> None:
    """One worker, one time, equal times: no number is made up, and nothing warns."""
    alone = facts(Measurements(np.array([3.0])))
    equal = facts(of_matrix(np.full((3, 4), 0.1)))

    for name in ("lag_1", "between", "dispersion"):
        assert math.isnan(getattr(alone, name))
    for name in ("lag_1", "dispersion"):
        assert math.isnan(getattr(equal, name))
    assert (alone.mean, alone.max, alone.cv, alone.rounds) == (3, 3, 0, 0)
