"""Estimators against numbers worked by hand, and intervals against their promise."""

import dataclasses
import math

import numpy as np
import pytest
from measured import FACTS, outcome_of, queue, run_of, sample_of, setup_of, simulated

from strag_sim.arrivals import Closed, Trace
from strag_sim.distributions import Scripted
from strag_sim.levels import column, level_of
from strag_sim.setup import Model
from strag_sim.statistics import (
    Sample,
    estimate,
    is_stable,
    measure,
    pooled_quantile,
    quantile,
    section,
    tail,
)
from strag_sim.statistics.responses import Ordered
from strag_sim.statistics.stability import backlog_growth, grows


@pytest.mark.parametrize(
    ("level", "name"),
    [(0.5, "p50"), (0.9, "p90"), (0.99, "p99"), (0.999, "p999"), (0.975, "p975"), (0.05, "p05")],
)
def test_columns_of_quantiles(level, name):
    """A quantile's column is the digits of its level, at least two."""
    assert column(level) == name
    assert level_of(name) == level


@pytest.mark.parametrize(("level", "expected"), [(0.07, 7), (0.29, 29), (0.5, 50), (0.991, 100)])
def test_rank_is_exact(level, expected):
    """Of 1 ... 100 the quantile is ceil(100 level), though 0.07 and 0.29 times 100 round up."""
    assert quantile(np.arange(1.0, 101.0), level) == expected


def test_quantile_agrees_with_numpy():
    """Nearest rank is numpy's inverted_cdf."""
    values = np.sort(np.random.default_rng(1).exponential(size=997))

    for level in (0.001, 0.25, 0.5, 0.9, 0.999):
        assert quantile(values, level) == np.quantile(values, level, method="inverted_cdf")


@pytest.mark.parametrize("shift", [0.0, 0.3, 100.0])
def test_pooled_quantile_is_that_of_all_values(shift):
    """Whatever the runs look like: alike, apart, of different lengths, full of ties."""
    rng = np.random.default_rng(2)
    runs = [np.sort(rng.exponential(size=50 + 7 * i).round(1) + shift * i) for i in range(9)]
    together = np.concatenate(runs)

    for level in (0.01, 0.5, 0.9, 0.99, 0.999):
        expected = np.quantile(together, level, method="inverted_cdf")
        assert pooled_quantile(runs, level) == expected


def test_interval_by_hand():
    """Runs 1, 2, 6 about 3: sqrt((4 + 1 + 9) / (3 x 2)) times t of 2 degrees, 4.302653."""
    found = section(3.0, [1.0, 2.0, 6.0], 0.95)

    assert found.high - 3 == pytest.approx(4.302653 * math.sqrt(14 / 6), rel=1e-6)
    assert found.low + found.high == pytest.approx(6)


def test_nothing_wasted_is_zero():
    """Totals are sums in different orders, so that the useful one may be above that of the cost."""
    totals = np.array([1.0, 0.3, 0.1 + 0.2])
    assert totals[2] > totals[1]
    run = dataclasses.replace(run_of([1.0, 2.0]), totals=totals)

    wasted = estimate(Sample(setup_of(), FACTS, (run, run_of([1.0])))).quantities["wasted"]
    alone = estimate(Sample(setup_of(), FACTS, (run,))).quantities["wasted"]
    assert wasted.values.tolist() == [0.0, 0.25]
    assert alone.pooled == 0.0
    assert math.copysign(1, alone.pooled) == 1


def test_one_run_has_no_interval():
    """One run says nothing about the spread of runs."""
    assert math.isnan(section(3.0, [3.0], 0.95).low)


def test_estimates_by_hand():
    """Responses 1 2 3 4 and 5 6 7 18: mean 5.75, squares about it 199.5, over 7."""
    found = estimate(sample_of([3, 1, 2, 4], [5, 18, 6, 7]), slo=6).quantities

    pooled = {name: each.pooled for name, each in found.items()}
    assert pooled["mean"] == 5.75
    assert pooled["var"] == pytest.approx(199.5 / 7)
    assert pooled["std"] == pytest.approx(math.sqrt(199.5 / 7))
    assert (pooled["p50"], pooled["p90"], pooled["max"]) == (4, 18, 18)
    assert pooled["slo_met"] == 6 / 8
    # Each run: busy 1 in a window of 3 s on one slot; cost 2 on 4 requests, 1.5 of it useful.
    assert pooled["utilisation"] == pytest.approx(1 / 3)
    assert (pooled["cost"], pooled["wasted"]) == (0.5, 0.25)
    assert (pooled["straggled"], pooled["accuracy"]) == (0, pytest.approx(0.9))
    np.testing.assert_allclose(found["mean"].values, [2.5, 9])
    np.testing.assert_allclose(found["var"].values, [5 / 3, 110 / 3])
    np.testing.assert_allclose(found["p50"].values, [2, 6])


def test_variance_keeps_small_differences_of_large_responses():
    """1e9 + (0, 1, 2): a sum of squares would have lost the variance of 1."""
    found = estimate(sample_of([1e9, 1e9 + 1, 1e9 + 2], [1e9, 1e9 + 1, 1e9 + 2])).quantities

    assert found["var"].pooled == pytest.approx(4 / 5)


def test_straggled_and_accuracy_by_path():
    """One request of ten is answered by its copy, whose accuracy is 0.8 instead of 0.9."""
    found = estimate(sample_of([1.0] * 20)).quantities

    assert found["straggled"].pooled == 0.1
    assert found["accuracy"].pooled == pytest.approx(0.89)


def test_unknown_accuracy_of_a_path_nobody_took_does_no_harm():
    """Nine requests, all answered by their own tasks."""
    paths = FACTS.paths._replace(accuracy=np.array([0.9, math.nan]))
    facts = dataclasses.replace(FACTS, paths=paths)

    runs = [run_of([1.0] * count, paths=paths) for count in (9, 10)]
    nine, ten = (estimate(Sample(setup_of(), facts, (run,))).quantities for run in runs)
    assert nine["accuracy"].pooled == pytest.approx(0.9)
    assert math.isnan(ten["accuracy"].pooled)


def test_nobody_straggles_without_own_tasks():
    """A coded policy has no own tasks, so straggled is NaN."""
    facts = dataclasses.replace(FACTS, own=0)

    found = estimate(Sample(setup_of(), facts, (run_of([1.0] * 10),)))
    assert math.isnan(found.quantities["straggled"].pooled)


def test_offered_load_is_measured_where_no_rate_is_given():
    """Four requests, one a second, of mean size 1 on two slots."""
    setup = setup_of(arrivals=Trace(times=(0.0, 1.0, 2.0, 3.0)), slots=2)

    assert estimate(Sample(setup, FACTS, (run_of([1.0] * 4, setup),))).offered_load == 0.5


def test_warm_up_is_dropped():
    """The first two requests are not measured."""
    setup = dataclasses.replace(setup_of(), warm_up=2)
    arrival = np.arange(5.0)

    run = measure(outcome_of(arrival, arrival + [9, 9, 1, 2, 3]), setup, FACTS.paths)
    assert run.response.tolist() == [1, 2, 3]
    assert run.answers.tolist() == [3, 0]


def coverage(interval, repetitions=400):
    """Return how often an interval holds the p90 of 8 runs of 200 autocorrelated responses."""
    rng = np.random.default_rng(5)
    noise = rng.standard_normal((repetitions, 8, 240)) * math.sqrt(1 - 0.9**2)
    for i in range(1, 240):
        noise[..., i] += 0.9 * noise[..., i - 1]
    true = 1.2815515655446004  # of the standard normal that each value is, after a warm-up
    held = [low <= true <= high for low, high in map(interval, noise[..., 40:])]
    return float(np.mean(held))


def test_interval_of_a_quantile_covers():
    """A 95 % interval holds the truth in 95 % of 400 repetitions, give or take 4 s.e. of 1.1 %."""

    def over_runs(runs):
        ordered = list(np.sort(runs))
        found = section(
            pooled_quantile(ordered, 0.9), [quantile(x, 0.9) for x in ordered], confidence=0.95
        )
        return found.low, found.high

    assert abs(coverage(over_runs) - 0.95) < 4 * 0.011


def test_order_statistics_of_dependent_responses_do_not_cover():
    """Negative control: the interval that takes all requests as independent fails."""

    def as_if_independent(runs):
        ordered = np.sort(runs, axis=None)
        half = 1.96 * math.sqrt(ordered.size * 0.9 * 0.1)
        middle = 0.9 * ordered.size
        return ordered[int(middle - half)], ordered[int(middle + half)]

    assert coverage(as_if_independent) < 0.6


def test_mean_of_short_runs_quantiles_is_biased_and_the_pooled_one_is_not():
    """Negative control: of runs of 50, the mean p99 is their maximum, E = H_50 = 4.499 < 4.605."""
    runs = list(np.sort(np.random.default_rng(3).exponential(size=(4000, 50))))
    truth = math.log(100)

    averaged = np.mean([quantile(x, 0.99) for x in runs])
    assert averaged == pytest.approx(sum(1 / k for k in range(1, 51)), abs=0.08)
    # Standard error of the pooled p99: sqrt(0.99 / 0.01 / 200,000) = 0.0222.
    assert abs(pooled_quantile(runs, 0.99) - truth) < 4 * 0.0222
    assert truth - averaged > 0.05


def growths(load, runs, requests, seed=0):
    """Return the growth of the backlog in runs of a single queue."""
    return [backlog_growth(*queue(load, requests, (seed, run))) for run in range(runs)]


@pytest.mark.parametrize(("runs", "requests"), [(1, 20_000), (20, 10_000)])
@pytest.mark.parametrize(
    ("load", "stable"), [(0.7, True), (0.95, True), (1.05, False), (1.5, False)]
)
def test_stability_of_a_single_queue(load, stable, runs, requests):
    """Below its capacity a queue keeps up, above it does not."""
    found = [
        grows(setup_of(load=load), growths(load, runs, requests, seed), requests)
        for seed in range(5)
    ]
    assert found == [not stable] * 5


def test_growth_counts_requests_without_an_answer():
    """One request a second that is answered after 4 s, then never: 4 wait, then ever more."""
    arrival = np.arange(100.0)
    completion = arrival + np.where(arrival < 50, 4, 1000)

    # An answer at an arrival's instant comes first: 4 s and 1 s apart, 3 wait. The backlog of
    # arrivals 0 ... 24 is 0 1 2 3 3 ...; that of arrival 75 is 25.
    assert backlog_growth(arrival, completion) == pytest.approx(25 - 2.75, abs=0.1)


def test_stability_is_not_judged():
    """Short runs, traces and scripts end where they end."""
    growing = [1e6] * 5

    scripted = dataclasses.replace(setup_of(), service=Scripted(own=(1.0,)))
    model = dataclasses.replace(setup_of(), models={"m": Model(Scripted(own=(1.0,)))})
    looped = setup_of(arrivals=Closed(clients=9))
    assert is_stable(looped, growing, 10_000) is False
    assert is_stable(looped, growing, 9_999) is None
    assert is_stable(setup_of(arrivals=Trace(times=(0.0,))), growing, 10_000) is None
    assert is_stable(scripted, growing, 10_000) is None
    assert is_stable(model, growing, 10_000) is None


def test_an_unstable_policy_has_no_response_times():
    """Its quantiles are blank, its cost and utilisation are not."""
    found = estimate(simulated(load=1.2, requests=10_000), slo=1.0)

    blank = {name for name, each in found.quantities.items() if np.isnan(each.pooled)}
    assert found.stable is False
    assert found.tail is None
    assert blank == {"mean", "std", "var", "p50", "p90", "p95", "p99", "p999", "max", "slo_met"}


def test_tail_is_the_share_above():
    """Each point is the share of all responses above it; the interval is that of a mean."""
    runs = [np.sort(run.response) for run in simulated(requests=5000).runs]
    together = np.concatenate(runs)

    found = tail([Ordered(run) for run in runs], 0.95)
    shares = [np.mean(together > time) for time in found.response]
    np.testing.assert_allclose(found.ccdf, shares, rtol=1e-12, atol=1e-15)
    assert found.ccdf[-1] == 0
    assert found.response.size <= 1000
    place = int(np.argmin(np.abs(found.ccdf - 0.1)))
    alone = [np.mean(x > found.response[place]) for x in runs]
    expected = section(float(found.ccdf[place]), alone, 0.95)
    assert found.high[place] == pytest.approx(expected.high)


def test_the_tail_of_many_runs_has_no_steps_that_are_not_theirs():
    """Between two points are few responses, in the middle and in the tail."""
    rng = np.random.default_rng(5)
    runs = [Ordered(np.sort(rng.exponential(size=5000))) for _ in range(40)]

    found = tail(runs, 0.95)

    assert found.response.size <= 1000
    assert -np.diff(found.ccdf).min() < 0.01
    inner = found.ccdf[(found.ccdf > 1e-3) & (found.ccdf < 0.1)]
    assert (inner[1:] / inner[:-1]).min() > 0.9
