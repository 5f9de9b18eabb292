"""warm_up: auto: the same as the number that it finds, and what it says when it finds none."""

import pytest

import strag_sim
from strag_sim.scenario import load

BASIC = {
    "name": "warming",
    "seed": 2,
    "runs": 10,
    "requests": 4000,
    "warm_up": "auto",
    "arrivals": {"kind": "poisson", "offered_load": 0.8},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 20, "placement": "shortest-queue"},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2, "cancel": "running"}],
}


def test_it_is_the_number_that_is_found():
    """The result of auto is that of its number; it is the largest that a policy needs."""
    found = strag_sim.simulate(load(BASIC))
    told = found.provenance["warm_up"]
    given = strag_sim.simulate(load({**BASIC, "warm_up": told["dropped"]}))

    assert told["dropped"] == max(told["policies"].values()) > 0
    assert (told["by"], told["runs"], told["requests"]) == ("MSER-5", 10, 4000)
    assert found.summary()["warm_up"].tolist() == [told["dropped"]] * 2
    assert found.summary().equals(given.summary())


def test_what_starts_settled_drops_next_to_nothing():
    """Requests that never meet each other are alike from the first on."""
    alone = {"kind": "deterministic", "interval": "100 s"}
    found = strag_sim.simulate(load({**BASIC, "arrivals": alone}))

    assert found.provenance["warm_up"]["dropped"] < 500


def test_a_ramp_is_dropped():
    """A busy shared queue takes a while to fill: what is dropped was faster than the rest."""
    keys = {"arrivals": {"kind": "poisson", "offered_load": 0.95}, "policies": [{"kind": "none"}]}
    workers = {"count": 5, "queue": "shared"}
    cold = strag_sim.simulate(load({**BASIC, **keys, "workers": workers, "warm_up": 0, "runs": 40}))
    warm = strag_sim.simulate(load({**BASIC, **keys, "workers": workers, "runs": 40}))

    assert warm.provenance["warm_up"]["dropped"] >= 50
    assert warm.summary()["mean"][0] > cold.summary()["mean"][0]


def test_a_trace_is_parted():
    """What is dropped of a trace is not measured; both together are its length."""
    times = [float(i) for i in range(400)]
    trace = {"arrivals": {"kind": "trace", "times": times}, "workers": {"count": 2}}
    keys = {key: value for key, value in BASIC.items() if key != "requests"}
    summary = strag_sim.simulate(load({**keys, **trace})).summary()

    assert (summary["requests"] + summary["warm_up"]).tolist() == [400, 400]


def test_an_overload_is_left_out():
    """It never settles; the other policy's need is what is dropped."""
    keys = {"requests": 10_000, "workers": {"count": 4}, "policies": BASIC["policies"]}
    twice = [{"kind": "none"}, {"kind": "replication", "copies": 2, "cancel": "never"}]
    result = strag_sim.simulate(load({**BASIC, **keys, "policies": twice}))
    told = result.provenance["warm_up"]

    assert told["policies"]["replication 2"] is None
    assert told["dropped"] == told["policies"]["none"]
    assert told["unsettled"] == []


def test_runs_that_are_too_short_are_told():
    """A queue that only grows in 1,500 requests has not settled after half of them."""
    keys = {"requests": 1500, "arrivals": {"kind": "poisson", "rate": 30}, "runs": 10}
    result = strag_sim.simulate(load({**BASIC, **keys, "policies": [{"kind": "none"}]}))

    assert result.provenance["warm_up"]["unsettled"] == ["none"]
    assert result.summary()["warm_up"].tolist() == [750]
    assert any(note.startswith("warm_up: none had not settled") for note in result.notes)


@pytest.mark.parametrize("seed", range(3))
def test_a_warm_up_that_is_short_is_told(seed):
    """60 runs of 6,000 requests to 10 idle workers at load 0.9 have a mean of 9, not of 10.

    Measured after 10,000 requests there is nothing to tell.
    """
    keys = {"requests": 6000, "workers": {"count": 10}, "runs": 60, "seed": seed}
    busy = {"arrivals": {"kind": "poisson", "offered_load": 0.9}, "policies": [{"kind": "none"}]}
    cold = strag_sim.simulate(load({**BASIC, **keys, **busy, "warm_up": 0}))
    warm = strag_sim.simulate(load({**BASIC, **keys, **busy, "warm_up": 10_000}))

    told = ("warm_up is short", "Runs are short: responses of none")
    assert any(note.startswith(told) for note in cold.notes)
    assert not any(note.startswith(told) for note in warm.notes)


def test_queues_that_grow_to_the_end_are_told_of():
    """Too short to be judged unstable, and not certain to be, but seen to grow."""
    keys = {"requests": 3000, "arrivals": {"kind": "poisson", "rate": 30}, "warm_up": 0}
    twice = {"kind": "replication", "copies": 2, "cancel": "running"}
    result = strag_sim.simulate(load({**BASIC, **keys, "policies": [twice]}))

    told = "responses of replication 2 still changed in their second half"
    assert any(told in note for note in result.notes)


def test_what_does_not_go_on_alike_is_not_told_of():
    """A trace of which the second half is busy is what it is."""
    times = [*range(0, 2000, 2), *(2000 + i / 20 for i in range(1000))]
    trace = {"arrivals": {"kind": "trace", "times": times}, "workers": {"count": 10}}
    keys = {**BASIC, "requests": 2000, "warm_up": 0, "policies": [{"kind": "none"}]}
    result = strag_sim.simulate(load({**keys, **trace}))

    assert result.course()["response"].iloc[-200:].mean() > 2
    assert not any(note.startswith("warm_up is short") for note in result.notes)
