"""Arrivals as scenarios write them."""

from pathlib import Path
from typing import Any

import pytest

import strag_sim
from strag_sim.arrivals import GammaGaps, Mmpp, Phase, Poisson, Trace, Varying, WeibullGaps
from strag_sim.errors import ScenarioError
from strag_sim.scenario import dump, load

RIGHT: dict[str, Any] = {
    "service": {"kind": "exponential", "mean": "20 ms"},
    "workers": {"count": 3},
    "policies": [{"kind": "none"}],
}
TWO = [{"rate": 30, "dwell": "2 s"}, {"rate": 0, "dwell": 4}]
STEPS = {"times": [0, "10 s", "1 min"], "rates": [20, 2]}
RATE = 0.6 * 3 / 0.020  # of a load of 0.6

KINDS = [
    ({"kind": "gamma", "cv": 2, "rate": 5}, GammaGaps(cv=2, rate=5)),
    ({"kind": "weibull", "cv": 2, "rate": 5, "batch": 2}, WeibullGaps(cv=2, rate=5, batch=2)),
    (
        {"kind": "mmpp", "states": TWO},
        Mmpp(states=(Phase(rate=30, dwell=2), Phase(rate=0, dwell=4))),
    ),
    ({"kind": "varying", **STEPS}, Varying(times=(0, 10, 60), rates=(20, 2))),
    (
        {"kind": "varying", "envelope": "azure-code", "cv": 3, "random_start": True},
        Varying(envelope="azure-code", cv=3, random_start=True),
    ),
    (
        {"kind": "trace", "times": [0, "1 s", "1500 ms"], "jitter": "500ms"},
        Trace(times=(0, 1, 1.5), jitter=0.5),
    ),
]


@pytest.mark.parametrize(("given", "made"), KINDS)
def test_kinds(given: dict[str, Any], made: object) -> None:
    """Each is read as the dataclass that it names, and written out as what reads the same."""
    scenario = load(RIGHT | {"arrivals": given})

    assert scenario.arrivals == made
    assert load(dump(scenario)) == scenario
    assert load(dump(scenario)).setups() == scenario.setups()


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "poisson"},
        {"kind": "gamma", "cv": 2},
        {"kind": "weibull", "cv": 0.5},
        {"kind": "mmpp", "states": TWO},
        {"kind": "varying", **STEPS},
        {"kind": "varying", "envelope": "azure-conversation"},
    ],
)
@pytest.mark.parametrize("batch", [1, 4])
def test_an_offered_load_is_of_requests(given: dict[str, Any], batch: int) -> None:
    """It becomes the rate, of batches, that brings so much work to the scenario's workers."""
    arrivals = given | {"offered_load": 0.6, "batch": batch}
    twice = {"kind": "none", "workers": {"count": 6}, "label": "twice the workers"}

    first, second = load(
        RIGHT | {"arrivals": arrivals, "policies": [{"kind": "none"}, twice]}
    ).setups()

    assert first.arrivals == second.arrivals
    assert first.arrivals.rate == pytest.approx(RATE / batch)
    assert first.arrivals.mean_rate == pytest.approx(RATE)


def test_the_results_show_the_load() -> None:
    """The column offered_load is the mean rate of requests x mean size / slots."""
    found = {}
    for kind in ({"kind": "deterministic", "interval": 0.1}, {"kind": "mmpp", "states": TWO}):
        arrivals = {**kind, "batch": 3}
        result = strag_sim.simulate(
            load(RIGHT | {"arrivals": arrivals, "requests": 300, "runs": 2})
        )
        found[kind["kind"]] = result.summary()["offered_load"][0]

    assert found == {"deterministic": pytest.approx(0.2), "mmpp": pytest.approx(0.2)}


def test_a_trace_of_batches(tmp_path: Path) -> None:
    """By default all its requests are used, less the warm-up; more are refused."""
    (tmp_path / "times.csv").write_text("at\n5\n6\n7.5\n")
    trace = {"kind": "trace", "path": str(tmp_path / "times.csv"), "batch": 4}

    assert load(RIGHT | {"arrivals": trace, "warm_up": 2}).requests == 10
    with pytest.raises(ScenarioError, match=r"must be at most 12 \(the trace holds 12 arrivals"):
        load(RIGHT | {"arrivals": trace, "requests": 13})


def test_stamps_in_a_scenario(tmp_path: Path) -> None:
    """Dates load as they are; the path starts at the scenario's folder."""
    rows = "TIMESTAMP,ContextTokens\n2023-11-16 18:17:03.9799600,4808\n2023-11-16 18:17:04.5,3\n"
    (tmp_path / "azure.csv").write_text(rows)
    path = tmp_path / "s.yaml"
    path.write_text(
        "arrivals: {kind: trace, path: azure.csv, column: TIMESTAMP, scale: 0.5}\n"
        "service: {kind: exponential, mean: 1}\nworkers: {count: 1}\npolicies: [{kind: none}]\n"
    )

    scenario = load(path)

    assert scenario.requests == 2
    assert scenario.arrivals.recorded().tolist() == [0, pytest.approx(0.52004)]


def test_jitter_may_close_more_groups() -> None:
    """Scripted sizes are asked for as many groups as a timeout could close, whatever is drawn."""
    scripted = {"kind": "scripted", "own": [1] * 4, "redundant": [[1, 1]]}
    given = RIGHT | {
        "service": scripted,
        "arrivals": {"kind": "trace", "times": [0, 0, 3, 3]},
        "workers": {"count": 4},
        "policies": [{"kind": "parity", "inputs": 2}],
        "fill_timeout": 1,
    }

    assert load(given).requests == 4
    given["arrivals"] = given["arrivals"] | {"jitter": 3}
    with pytest.raises(ScenarioError, match="row 0 has 2 entries, but .* has 4 groups"):
        load(given)


def test_states_that_change_all_the_time() -> None:
    """Whether there are too many changes shows once the load is a rate; then it is told."""
    fast = {
        "kind": "mmpp",
        "states": [{"rate": 1, "dwell": "10 us"}, {"rate": 0, "dwell": "10 us"}],
    }

    with pytest.raises(ScenarioError, match=r"arrivals.states: 2e\+05 changes an arrival are not"):
        load(RIGHT | {"arrivals": fast})
    with pytest.raises(ScenarioError, match=r"arrivals.states: .* changes an arrival are not allo"):
        load(RIGHT | {"arrivals": fast | {"offered_load": 0.6}})


def test_two_kinds_are_one_at_cv_one() -> None:
    """Gamma and Weibull gaps of cv 1 are exponential, so tell of themselves what Poisson does."""
    poisson = Poisson(rate=3, batch=2)
    for same in (GammaGaps(rate=3, cv=1, batch=2), WeibullGaps(rate=3, cv=1, batch=2)):
        assert (same.mean_rate, same.dispersion) == (poisson.mean_rate, poisson.dispersion)
