"""The p99 at an accuracy: who is accurate enough, who of them is the fastest, and how surely."""

import math

import numpy as np
import pytest

import strag_sim
from strag_sim.compare.accurate import at_accuracy
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics import Quantity
from strag_sim.statistics.paired import paired, runs_to_tell

SERVICE = {"kind": "exponential", "mean": 1}
KEYS = {
    "runs": 6,
    "requests": 2000,
    "arrivals": {"kind": "poisson", "rate": 1},
    "service": SERVICE,
    "workers": {"count": 10},
    "accuracy": 0.98,
    "models": {
        "good": {"service": SERVICE, "accuracy": 0.96},
        "bad": {"service": SERVICE, "accuracy": 0.2},
        "new": {"service": SERVICE},
    },
    "policies": [
        {"kind": "none"},
        {"kind": "hedge", "delay": 3, "label": "hedge"},
        {"kind": "collage", "grid": 2, "model": "good", "label": "good"},
        {"kind": "collage", "grid": 2, "model": "bad", "label": "bad"},
        {"kind": "collage", "grid": 2, "model": "new", "label": "new"},
    ],
}


@pytest.fixture(scope="module")
def result():
    """Return a result of five policies, the accuracy of the last of which is not known."""
    return strag_sim.simulate(strag_sim.load(KEYS))


def altered(result, **columns):
    """Return the result with other values in columns of its summary."""
    summary = result.summary().assign(**columns)
    return Result(
        tables={**result.tables, "summary": summary},
        scenario=result.scenario,
        provenance=result.provenance,
    )


def rows_of(result, least):
    """Return the rows by label."""
    return strag_sim.compare(result, accuracy=least).at_accuracy().set_index("label")


def test_the_fastest_of_those_that_are_accurate_enough(result):
    """The collages are the fastest; at 97 % one is left, at 98 % none, and the hedge wins."""
    summary = result.summary().set_index("label")

    low = strag_sim.compare(result, accuracy=0.1).accurate
    assert low.fastest == summary["p99"].drop("new").idxmin()
    assert strag_sim.compare(result, accuracy=0.97).accurate.fastest == "good"
    assert strag_sim.compare(result, accuracy=0.98).accurate.fastest == "hedge"
    assert strag_sim.compare(result, accuracy=0.99).accurate.fastest is None


def test_unknown_is_not_enough(result):
    """Whatever is asked for, even nothing; and it is never the fastest, though its p99 is low."""
    found = strag_sim.compare(result, accuracy=0.0)
    rows = found.at_accuracy().set_index("label")

    assert rows["enough"].to_dict() == dict.fromkeys(("none", "hedge", "good", "bad"), "yes") | {
        "new": "unknown"
    }
    assert found.accurate.fastest != "new"
    assert rows.at["new", "verdict"] in ("equal", "lower", "cannot tell")
    assert "new" not in found.accurate.rivals


def test_numbers_are_those_of_pairs(result):
    """Ratio, interval and p of each p99 over the fastest's, uncorrected; the summary's accuracy."""
    rows = rows_of(result, 0.97)
    summary, runs = result.summary().set_index("label"), result.runs()
    base, value = (
        Quantity(summary.at[name, "p99"], runs[runs["label"] == name]["p99"].to_numpy())
        for name in ("good", "none")
    )
    expected = paired(value, base, 0.95)

    assert rows.at["none", "ratio"] == pytest.approx(expected.ratio)
    assert rows.at["none", "ratio_high"] == pytest.approx(expected.ratio_interval.high)
    assert rows.at["none", "p"] == pytest.approx(expected.p)
    assert rows.at["none", "verdict"] == "higher"
    assert rows.at["good", "verdict"] == "fastest"
    assert rows.at["good", "ratio"] == 1
    for column in ("accuracy", "accuracy_low", "p99_high"):
        assert rows[column].to_dict() == pytest.approx(summary[column].to_dict(), nan_ok=True)


@pytest.mark.parametrize(
    ("low", "high", "enough"),
    [
        (0.95, 0.99, "yes"),  # at exactly what was asked for
        (0.95 - 1e-12, 0.99, "yes"),  # but for rounding
        (0.9499, 0.99, "cannot tell"),
        (0.90, 0.95, "cannot tell"),
        (0.90, 0.9499, "no"),
        (math.nan, math.nan, "cannot tell"),  # one run has no interval
    ],
)
def test_the_interval_decides(result, low, high, enough):
    """Not the estimate: the whole interval must lie at or above the accuracy."""
    changed = altered(result, accuracy=(low + high) / 2, accuracy_low=low, accuracy_high=high)
    if math.isnan(low):
        changed = altered(changed, accuracy=0.97)

    assert set(rows_of(changed, 0.95)["enough"]) == {enough}


def test_who_cannot_be_told_from_the_fastest():
    """A tenth worker at a load of a few per cent changes next to nothing."""
    few = {"kind": "none", "label": "ten", "workers": {"count": 10}, "placement": "shortest-queue"}
    more = {**few, "label": "nine", "workers": {"count": 9}}
    slow = {"kind": "none", "label": "one", "workers": {"count": 1}}
    keys = {**KEYS, "arrivals": {"kind": "poisson", "rate": 0.7}, "policies": [slow, few, more]}
    result = strag_sim.simulate(strag_sim.load({**keys, "runs": 3, "requests": 300}))
    found = strag_sim.compare(result, accuracy=0.9)
    rows = found.at_accuracy().set_index("label")

    other = {"ten": "nine", "nine": "ten"}[found.accurate.fastest]
    assert found.accurate.rivals == (other,)
    assert rows.at["one", "verdict"] == "higher"
    assert rows.at[other, "verdict"] in ("equal", "cannot tell")


def test_how_many_runs_would_tell(result):
    """At the level of this test alone, with the power of about 80 % as elsewhere."""
    rng = np.random.default_rng(3)
    runs = result.runs()
    noise = np.exp(rng.normal(0, 0.5, len(runs)))
    changed = Result(
        tables={**result.tables, "runs": runs.assign(p99=runs["p99"].to_numpy() * noise)},
        scenario=result.scenario,
        provenance=result.provenance,
    )
    found = at_accuracy(changed, 0.97, "student", 0.95)
    row = found.rows.set_index("label").loc["hedge"]
    one, other = (
        np.log(changed.runs().query(f"label == '{name}'")["p99"].to_numpy())
        for name in ("hedge", "good")
    )
    effect = abs((one - other).mean()) / (one - other).std(ddof=1)

    assert row["verdict"] == "cannot tell"
    assert row["runs_needed"] == runs_to_tell(effect, 0.05)


def test_one_run_has_no_interval():
    """So no policy is known to be accurate enough, and there is no fastest."""
    alone = strag_sim.simulate(strag_sim.load({**KEYS, "runs": 1}))
    found = strag_sim.compare(alone, accuracy=0.5)

    assert found.accurate.fastest is None
    assert found.at_accuracy()["enough"].tolist() == [*["cannot tell"] * 4, "unknown"]
    assert found.at_accuracy()["ratio"].isna().all()


def test_an_unstable_policy_is_never_the_fastest():
    """It has no p99, however accurate it is."""
    slow = {"kind": "replication", "copies": 2, "label": "two", "cancel": "never"}
    keys = {"arrivals": {"kind": "poisson", "rate": 2.5}, "workers": {"count": 4}, "runs": 4}
    policies = {"requests": 10_000, "policies": [{"kind": "none"}, slow]}
    result = strag_sim.simulate(strag_sim.load({**KEYS, **keys, **policies}))
    found = strag_sim.compare(result, accuracy=0.9)

    assert found.accurate.fastest == "none"
    assert found.at_accuracy()["enough"].tolist() == ["yes", "yes"]
    assert found.at_accuracy()["verdict"].tolist() == ["fastest", "unstable"]
    assert found.accurate.rivals == ()


def test_the_other_tables_stay_as_they_are(result):
    """What is asked of accuracy changes no test of the table, and no column."""
    plain, asked = strag_sim.compare(result), strag_sim.compare(result, accuracy=0.95)

    assert asked.table().equals(plain.table())
    assert asked.requests().equals(plain.requests())
    with pytest.raises(ResultError, match="no accuracy was asked for"):
        plain.at_accuracy()


@pytest.mark.parametrize("least", [-0.1, 95, math.nan])
def test_an_accuracy_is_a_share(result, least):
    """The message says what is allowed."""
    with pytest.raises(ResultError, match="is not allowed; accuracy must be a share from 0 to 1"):
        strag_sim.compare(result, accuracy=least)
