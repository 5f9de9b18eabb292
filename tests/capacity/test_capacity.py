"""Capacities against theory, and what is said where there is none."""

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

import strag_sim
from strag_sim.arrivals import Arrivals, Deterministic, GammaGaps, Mmpp, Phase, Poisson, WeibullGaps
from strag_sim.capacity import Capacities, Capacity
from strag_sim.capacity.points import at_rate
from strag_sim.errors import ScenarioError

# An interval misses the truth once in 10,000 times, as |z| > 3.9 does.
SURE = 0.9999
TWO = {"kind": "replication", "copies": 2}


def scenario_of(*policies: dict[str, Any], **keys: Any) -> strag_sim.Scenario:
    """Return a scenario of exponential sizes of mean 1 s, whose rate does not matter."""
    return strag_sim.load(
        {
            "seed": 5,
            "runs": 20,
            "requests": 10_000,
            "arrivals": {"kind": "poisson", "rate": 1},
            "service": {"kind": "exponential", "mean": 1},
            "workers": {"count": 10},
            "confidence": SURE,
            "policies": list(policies) or [{"kind": "none"}],
            **keys,
        }
    )


@cache
def found_of(name: str) -> Capacity:
    """Return what is found of one of the cases below."""
    policy, keys = CASES[name][:2]
    return strag_sim.capacity(scenario_of(policy, **keys)).policies[0]


# Policy, what else the scenario holds, the largest stable rate, and that of a planted fault.
UNIFORM = {"kind": "uniform", "low": 0.5, "high": 1.5}
ON_ALL = {"workers": {"count": 2, "placement": "fixed"}, "service": UNIFORM, "cancel": "running"}
SHARED = {"workers": {"count": 10, "queue": "shared"}}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], float, float]] = {
    # n / E[S]; 2 % more
    "none": ({"kind": "none"}, SHARED, 10.0, 10.2),
    # n / (2 E[S]); as if one were dropped
    "two copies never": (TWO, {**SHARED, "cancel": "never"}, 5.0, 10.0),
    # stopped at once, exponential copies cost nothing; 2 % more
    "two copies running": (TWO, {"cancel": "running"}, 10.0, 10.2),
    # 1 / E[S_min], for two uniform ones 0.5 + 1/3; as if nothing were gained, n / (2 E[S])
    "copies on all": (TWO, ON_ALL, 1.2, 1.0),
    # two workers of speed 1 and 9 get half of the requests each: 2, and not 10
    "one slow worker": (
        {"kind": "none"},
        {"workers": {"groups": [{"count": 1}, {"count": 1, "speed": 9}]}},
        2.0,
        10.0,
    ),
    # of 6 tasks for 3 requests, in one queue, any 3 answer; as if all ran
    "coded": ({"kind": "mds", "inputs": 3, "tasks": 6}, {**SHARED, "cancel": "running"}, 10.0, 5.0),
}


@pytest.mark.parametrize("case", CASES)
def test_saturation_covers_what_theory_says(case: str) -> None:
    """By intervals of 99.99 %, the search and the measurement in overload agree with theory."""
    *_, expected, planted = CASES[case]
    found = found_of(case)

    print(f"{case}: {found.saturation}")
    assert found.saturation.low <= expected <= found.saturation.high
    assert not found.saturation.low <= planted <= found.saturation.high
    assert found.stable.low - 1e-9 <= expected <= found.stable.high + 1e-9
    assert found.notes == ()


def test_certain_capacities_are_not_searched_for() -> None:
    """Where all tasks run in full there is no noise: the rate, the load and no interval."""
    found = found_of("two copies never").stable

    assert (found.rate, found.low, found.high) == pytest.approx((5.0, 5.0, 5.0), rel=1e-12)
    assert found.load == pytest.approx(0.5)
    assert found.cost == pytest.approx(2.0, rel=0.01)
    assert found.utilisation == pytest.approx(0.99, abs=0.02)


def test_a_policy_that_does_not_recover() -> None:
    """Hedges that count from the arrival, and run to their end: n / (2 E[S]) once all are sent.

    Starting empty, few requests wait for 12 s, so that it keeps up with more.
    """
    hedge = {"kind": "hedge", "delay": 12}
    keys = {"cancel": "never", "requests": 20_000, "workers": {"count": 10, "queue": "shared"}}
    found = strag_sim.capacity(scenario_of(hedge, runs=4, **keys)).policies[0]

    print(found.stable, found.saturation)
    assert found.saturation.rate == pytest.approx(5.0, rel=0.05)
    assert found.stable.rate > 8
    assert found.notes[0].startswith("starting empty it kept up with ")


@cache
def mm1() -> Capacities:
    """Return what is found of a single queue with an SLO of 15 s on p99."""
    keys = {"workers": {"count": 1}, "requests": 20_000, "warm_up": 2_000}
    return strag_sim.capacity(scenario_of(**keys), slo="15 s", within=0.002)


def test_slo_of_a_single_queue() -> None:
    """Responses are exponential with rate mu - lambda: p99 is 15 s at 1 - ln(100) / 15 = 0.693.

    Planted: the rate at which p98 is.
    """
    found = mm1().policies[0].slo

    print(found)
    assert found.low <= 1 - math.log(100) / 15 <= found.high
    assert not found.low <= 1 - math.log(50) / 15 <= found.high
    assert found.low < found.rate < found.high
    assert found.load == pytest.approx(found.rate)
    assert found.utilisation == pytest.approx(found.rate, rel=0.02)
    assert found.cost == pytest.approx(1.0, rel=0.01)


def test_the_rate_found_meets_the_slo() -> None:
    """A scenario at that rate has a p99 within 15 s, at 1 % more it has not; the numbers agree."""
    rate = mm1().policies[0].slo.rate
    keys = {"workers": {"count": 1}, "requests": 20_000, "warm_up": 2_000}
    p99 = [
        strag_sim.simulate(
            scenario_of(arrivals={"kind": "poisson", "rate": each}, **keys)
        ).summary()["p99"][0]
        for each in (rate, rate * 1.01)
    ]

    assert p99[0] <= 15 < p99[1]


def test_the_largest_rate_where_low_rates_miss_the_slo_too() -> None:
    """Groups of four that are slow to fill: p99 falls with the rate before it rises."""
    coded = {"kind": "mds", "inputs": 4, "tasks": 5, "cancel": "running"}
    found = strag_sim.capacity(scenario_of(coded, runs=3), slo=6.0).policies[0].slo
    slow = scenario_of(coded, runs=3, arrivals={"kind": "poisson", "rate": 0.1 * found.rate})

    assert found.low <= found.rate <= found.high
    assert strag_sim.simulate(slow).summary()["p99"][0] > 6.0


def test_an_slo_that_no_rate_meets() -> None:
    """Without load the p99 of a size is ln(100) = 4.605 s."""
    found = strag_sim.capacity(scenario_of(), slo=4.0).policies[0]

    assert math.isnan(found.slo.rate)
    assert np.isnan([found.slo.low, found.slo.high]).all()
    assert found.notes[0].startswith("no rate meets the SLO of 4 s: p99 is 4.")


def test_one_run_has_no_interval() -> None:
    """Noise is known from several runs only."""
    found = strag_sim.capacity(scenario_of(TWO, runs=1, cancel="running"), slo=9).policies[0]

    assert found.saturation.rate == pytest.approx(10, rel=0.05)
    assert found.slo.rate > 1
    assert np.isnan([found.saturation.low, found.slo.low, found.slo.high]).all()


@pytest.mark.parametrize(
    ("keys", "arguments", "message"),
    [
        ({"arrivals": {"kind": "closed", "clients": 5}}, {}, "closed loop has no rate"),
        ({"arrivals": {"kind": "trace", "times": [0, 1]}, "requests": 2}, {}, "trace has the rate"),
        ({"requests": 9_999}, {}, "9,999 are too few to judge"),
        ({"warm_up": "auto"}, {}, "warm_up: auto finds what one rate needs"),
        ({}, {"slo": "fast"}, "slo: 'fast' is not allowed"),
        ({}, {"slo": 0}, "slo: 0 is not allowed"),
        ({}, {"within": 0.5}, "within: 0.5 is not allowed"),
        ({}, {"jobs": 0}, "jobs: 0 is not allowed"),
    ],
)
def test_what_cannot_be_found(keys: Any, arguments: Any, message: str) -> None:
    """An error says where, what and what to do."""
    with pytest.raises(ScenarioError, match=message):
        strag_sim.capacity(scenario_of(**keys), **arguments)


def test_an_slo_without_a_verdict_on_stability() -> None:
    """Rates that follow the clock are not judged, but their p99 can be."""
    arrivals = {"kind": "varying", "times": [0, 10, 20], "rates": [1, 3], "rate": 1}
    found = strag_sim.capacity(scenario_of(runs=2, arrivals=arrivals), slo=10).policies[0]

    assert math.isnan(found.stable.rate)
    assert 1 < found.slo.rate < 10
    assert found.notes == (
        "stability is not judged where the rate follows the clock, nor with scripted sizes",
    )


@pytest.mark.parametrize(
    "arrivals",
    [
        Poisson(rate=2),
        Poisson(offered_load=0.5, batch=4),
        GammaGaps(rate=2, cv=3),
        WeibullGaps(rate=2, cv=0.5, batch=2),
        Deterministic(interval=3.0, batch=2),
    ],
)
def test_the_same_draws_at_every_rate(arrivals: Arrivals) -> None:
    """Twice the rate halves each gap, to rounding."""
    slow, fast = at_rate(arrivals, 5.0), at_rate(arrivals, 10.0)
    times = [each.draw(np.random.default_rng(1), 100) for each in (slow, fast)]

    assert slow.mean_rate == pytest.approx(5.0)
    np.testing.assert_allclose(times[0], 2 * times[1], rtol=1e-12)


def test_bursts_last_as_long_at_every_rate() -> None:
    """Only the rates of an mmpp are multiplied, as everywhere."""
    bursts = Mmpp(states=(Phase(rate=3, dwell=20), Phase(rate=1, dwell=60)))

    assert at_rate(bursts, 6.0) == Mmpp(states=bursts.states, rate=6.0)


def test_a_bound_has_no_capacity() -> None:
    """Nobody waits in an oracle; the policies beside it are looked at."""
    scenario = scenario_of({"kind": "none"}, {"kind": "oracle"}, runs=2)
    known, bound = strag_sim.capacity(scenario, slo=9).policies

    assert known.stable.rate == pytest.approx(10)
    assert math.isnan(bound.stable.rate)
    assert bound.notes == ("a bound has no queues, and so no largest rate",)


def test_nothing_depends_on_the_number_of_threads() -> None:
    """The same scenario has the same capacities, to the last bit."""
    scenario = scenario_of(TWO, runs=3, cancel="running")

    one, two = (strag_sim.capacity(scenario, slo=9, jobs=jobs) for jobs in (1, 2))
    assert one == two


def test_interrupted() -> None:
    """The policies that are done are kept; where none is, the interrupt goes on."""
    scenario = scenario_of({"kind": "none"}, TWO, runs=2)

    def stop(label: str, _: int) -> None:
        if label.startswith("replication"):
            raise KeyboardInterrupt

    found = strag_sim.capacity(scenario, progress=stop)
    assert [policy.label for policy in found.policies] == ["none"]
    assert found.interrupted
    with pytest.raises(KeyboardInterrupt):
        strag_sim.capacity(scenario_of(TWO, runs=2), progress=stop)


def test_table(tmp_path: Any) -> None:
    """A row a policy; the file holds the same."""
    found = strag_sim.capacity(scenario_of(TWO, runs=2), slo="8 s")
    found.save(tmp_path / "found.csv")

    table = found.table()
    names = ("rate", "rate_low", "rate_high", "load", "utilisation", "cost")
    limits = [f"{which}_{name}" for which in ("stable", "saturation", "slo") for name in names]
    assert list(table) == ["label", *limits, "notes"]
    assert table["slo_rate"][0] == found.policies[0].slo.rate
    assert (tmp_path / "found.csv").read_text().splitlines()[0] == ",".join(table)
    assert found.slo == 8.0
