"""When a check passes, and when nobody can tell."""

import numpy as np
import pytest
from scipy import stats

import strag_sim
from strag_sim.selfcheck import Check, checks, running, selfcheck
from strag_sim.selfcheck.judging import judge
from strag_sim.selfcheck.measures import z_of_runs

SCENARIO = {
    "arrivals": {"kind": "deterministic", "interval": 100},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 1},
    "runs": 10,
    "policies": [{"kind": "none"}],
}


def check(measure, theory):
    """Return a check of sizes without queueing."""
    return Check(
        family="x",
        name="x",
        scenario={},
        measure=measure,
        theory=theory,
        formula="",
        source="",
    )


def simulated(requests, **keys):
    """Return the result of so many requests that never meet."""
    return strag_sim.simulate(strag_sim.load({**SCENARIO, "requests": requests, **keys}))


def test_z_has_the_probability_of_t():
    """Two-sided: t of 3 and 4 runs' degrees of freedom, in z of the same probability."""
    values = np.array([1.0, 2.0, 4.0, 5.0])
    p = stats.ttest_1samp(values, 2.5).pvalue

    assert z_of_runs(values, 2.5) == pytest.approx(stats.norm.isf(p / 2))
    assert z_of_runs(-values, -2.5) == pytest.approx(-stats.norm.isf(p / 2))


def test_z_is_exact_far_out():
    """Where 1 - p would be 1 in floating point, z is still right."""
    values = 1 + 1e-3 * np.arange(40)
    t = stats.ttest_1samp(values, 0.5).statistic

    assert z_of_runs(values, 0.5) == pytest.approx(stats.norm.isf(stats.t.sf(t, 39)))
    assert z_of_runs(values, 0.5) > 8


@pytest.mark.parametrize(
    ("values", "expected", "z"),
    [
        ([2.0, 2.0, 2.0], 2.0, 0.0),
        ([2.0, 2.0, 2.0], 1.9, np.inf),
        ([2.0, 2.0, 2.0], 2.1, -np.inf),
        ([np.nan, 2.0, 2.0], 2.0, np.inf),
    ],
)
def test_runs_that_do_not_vary(values, expected, z):
    """Constants agree or not; a missing value, as of an unstable policy, never does."""
    assert z_of_runs(values, expected) == z


def test_too_few_requests_are_no_pass():
    """The same check, right by construction: sure with many requests, else inconclusive."""
    few, many = simulated(20), simulated(20_000)

    assert judge(check("mean", 1.0), few, quick=False).outcome == "inconclusive"
    assert not judge(check("mean", 1.0), few, quick=False).passed
    assert judge(check("mean", 1.0), many, quick=False).outcome == "pass"
    assert judge(check("mean", 1.05), many, quick=False).outcome == "fail"


def test_a_standard_error_between_the_two_limits_passes_a_quick_check_only():
    """1 / sqrt(40 x 100) is 1.6 %, between 1 % and 2 %."""
    result = simulated(100, runs=40)

    assert judge(check("mean", 1.0), result, quick=True).outcome == "pass"
    assert judge(check("mean", 1.0), result, quick=False).outcome == "inconclusive"


def test_a_quantile_is_judged_by_the_share_above_it():
    """The share above the true p90 is 0.1; the shown number is the pooled quantile."""
    result = simulated(20_000)
    verdict = judge(check("p90", np.log(10)), result, quick=False)

    above = (result.responses("none").reshape(10, -1) > np.log(10)).mean(axis=1)
    assert verdict.outcome == "pass"
    assert verdict.z == pytest.approx(z_of_runs(above, 0.1))
    assert verdict.simulated == result.summary()["p90"][0]
    assert verdict.low < verdict.simulated < verdict.high


def test_an_unstable_policy_fails():
    """Its mean is not reported, so it cannot agree with any."""
    result = simulated(20_000, arrivals={"kind": "poisson", "rate": 2})

    assert judge(check("mean", 1.0), result, quick=False).outcome == "fail"


def test_an_unknown_family_is_suggested():
    """Nothing is simulated."""
    with pytest.raises(strag_sim.errors.ScenarioError, match="did you mean 'hedge'"):
        checks(["hegde"])


def test_an_interrupted_simulation_ends_the_check(monkeypatch):
    """What is finished of a scenario is too little to judge."""
    result = simulated(100)
    cut = type(result)(
        tables=result.tables,
        scenario=result.scenario,
        provenance={**result.provenance, "interrupted": True},
        samples=result.samples,
    )
    monkeypatch.setattr(running, "simulate", lambda *args, **keys: cut)

    with pytest.raises(KeyboardInterrupt):
        selfcheck(quick=True, families=["mm1"])
