"""What the shipped scenario of coding costs shows, as its comment and docs say."""

from pathlib import Path

import pytest

import strag_sim
from strag_sim.plan.carrying import costs

SCENARIO = Path(__file__).parents[1] / "scenarios/coding_costs.yaml"
CODED, BUSY = "coded", "coded on a busy core"


def rows(**overrides):
    """Return the summary of a few runs of the scenario, by label."""
    scenario = strag_sim.load(SCENARIO, overrides={"runs": 3, **overrides})
    return strag_sim.simulate(scenario).summary().set_index("label")


def test_how_busy_the_master_is():
    """62.5 groups a second: near a fifth of a quiet core, half of one that takes 8 ms a group."""
    found = {setup.label: costs(setup) for setup in strag_sim.load(SCENARIO).setups()}
    busy = {
        label: 1000 / 16 * (found[label].encode + found[label].decode) for label in (CODED, BUSY)
    }

    assert 0.1 < busy[CODED] < 0.25
    assert busy[BUSY] == pytest.approx(0.52, abs=0.03)


def test_costs_turn_the_comparison():
    """Encoded for nothing, the code has the p99 of no code; with what it costs, it is above."""
    p99 = rows()["p99"]

    assert p99["coded for nothing"] == pytest.approx(p99["none"], rel=0.08)
    assert p99["none"] < p99[CODED] < p99[BUSY]
    assert p99["coded for nothing"] < p99["coded by workers"] < p99[CODED]


def test_the_busy_core_is_overloaded_first():
    """At 2,200 images a second it is, while the workers have half of their time left."""
    table = rows(**{"arrivals.rate": 2200})

    assert table["stable"].to_dict() == {label: label != BUSY for label in table.index}
    assert (table["utilisation"] < 0.6).all()
