"""What was measured comes out again when the measurement is simulated: closed loops on a profile.

Calls spread by a fifth about their mean. So of n calls the mean has a standard error of
0.2 / sqrt(n), and the 99 % quantile one of 0.2 sqrt(0.99 x 0.01 / n) / phi(2.33) = 0.75 / sqrt(n)
of itself, phi the normal density. At 200,000 calls these are 0.04 % and 0.17 %: a limit of 1 % is
six of them.
"""

import numpy as np
import pytest
from by_batch import point, write

import strag_sim
from strag_sim import profiles

SIZES, SLOTS, CALLS, RUNS = (1, 2, 4, 8), (1, 3), 50_000, 4
MEANS = {1: 10.0, 2: 12.0, 4: 14.0, 8: 40.0}  # ms: a batch of 8 is too large for the cache


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A profile of four batch sizes, alone and three at a time."""
    points = [point(batch, slots, n=2000) for batch in SIZES for slots in SLOTS]
    return write(tmp_path_factory.mktemp("profiles") / "x.json", *points)


@pytest.mark.parametrize("slots", SLOTS)
@pytest.mark.parametrize("batch", SIZES)
def test_a_measurement_is_given_back(path: str, batch: int, slots: int) -> None:
    """As many clients as the measurement had requests under way: its mean, p99 and throughput.

    All clients of a batch are answered together, and share the next one. So responses are those of
    calls, each ``batch`` times.
    """
    result = strag_sim.simulate(
        strag_sim.load(
            {
                "name": "closed",
                "runs": RUNS,
                "requests": CALLS * batch,
                "arrivals": {"kind": "closed", "clients": batch * slots},
                "service": {"kind": "profile", "profile": path, "concurrency": slots},
                "workers": {
                    "groups": [{"count": 1, "slots": slots}],
                    **({"batch": {"max": batch}} if batch > 1 else {}),
                },
                "policies": [{"kind": "none"}],
            }
        )
    )
    row, measured = result.summary().iloc[0], measured_at(path, batch, slots)
    p99 = float(np.interp(0.99, measured.levels, measured.values))

    assert row["mean"] == pytest.approx(measured.mean, rel=0.01)
    assert row["p99"] == pytest.approx(p99, rel=0.01)
    assert row["arrival_rate"] == pytest.approx(measured.throughput, rel=0.01)


def measured_at(path: str, batch: int, slots: int) -> profiles.Point:
    """Return a point of the profile."""
    points = profiles.load(path).points
    return next(p for p in points if (p.batch, p.concurrency) == (batch, slots))


def test_saturation_is_that_of_full_batches(tmp_path):
    """A limit of b answers b / mean(b) a second, and the best limit the maximum, also in between.

    Of 5 x 4,000 batches the standard error is 0.2 / sqrt(20,000) = 0.14 %, of which the limit of
    1 % is seven; the slope of a backlog is somewhat less sure.
    """
    points = [scaled_to(mean, point(batch)) for batch, mean in MEANS.items()]
    profile = write(tmp_path / "x.json", *points)
    limits = [1, 2, 3, 4, 6, 8]
    mean = {**MEANS, 3: 13.0, 6: 27.0}  # lines between what was measured
    scenario = {
        "name": "saturated",
        "runs": 5,
        "requests": 40_000,
        "arrivals": {"kind": "poisson", "rate": 450},
        "service": {"kind": "profile", "profile": profile},
        "workers": {"count": 1},
        "policies": [
            {"kind": "none", "label": f"limit {limit}", "batch": {"max": limit}} for limit in limits
        ],
    }

    found = strag_sim.simulate(strag_sim.load(scenario)).summary().set_index("label")["saturation"]

    expected = {limit: 1000 * limit / mean[limit] for limit in limits}
    for limit in limits:
        assert found[f"limit {limit}"] == pytest.approx(expected[limit], rel=0.01)
    assert found.idxmax() == "limit 4"
    assert found.max() == pytest.approx(max(expected.values()), rel=0.01)


def scaled_to(mean, measured):
    """Return a point whose calls take so many milliseconds in the mean."""
    law = measured["mean"]
    return {
        **measured,
        "mean": mean,
        "std": measured["std"] * mean / law,
        "values": [value * mean / law for value in measured["values"]],
        "throughput": 1000 * measured["batch"] / mean,
    }
