"""The times of transfers in a plan, and what policies cost by their setup."""

import numpy as np
import pytest
from payloads import Backed, TwoOfThree, exact_rates  # noqa: F401

import strag_sim
from strag_sim import plan
from strag_sim.plan.carrying import costs

INPUT = {"numbers": 1000, "bytes": 500, "answers": 10}


def scenario(policy, **keys):
    """Return a scenario of one policy."""
    return strag_sim.load(
        {
            "runs": 2,
            "requests": 50,
            "arrivals": {"kind": "poisson", "rate": 1.5},
            "service": {"kind": "exponential", "mean": 1},
            "workers": {"count": 6},
            "policies": [policy],
            "input": INPUT,
            **keys,
        }
    )


def drawn(policy, **keys):
    """Return the draws of a plan."""
    return plan.draw(scenario(policy, **keys).setups()[0], 1).draws


def test_all_else_is_drawn_as_without():
    """A bandwidth adds a constant a column to the times of the network and changes nothing else."""
    network = {"to_worker": {"kind": "exponential", "mean": 1}, "from_worker": 0.25}
    policy = {"policy": Backed()}
    without = drawn(policy, network=network)
    with_it = drawn(policy, network={**network, "bandwidth": "8 kbit/s"})

    # 500 bytes in 0.5 s, 1002 numbers of 4 bytes in 4.008 s, 40 bytes back in 0.04 s
    np.testing.assert_allclose(with_it.own_to - without.own_to, 0.5)
    np.testing.assert_allclose(with_it.to - without.to, 4.008)
    np.testing.assert_allclose(with_it.own_from - without.own_from, 0.04)
    np.testing.assert_allclose(with_it.back - without.back, 0.04)
    changed = {"own_to", "own_from", "to", "back"}
    for name in set(without._fields) - changed:
        np.testing.assert_array_equal(getattr(with_it, name), getattr(without, name))


def test_without_a_network_the_times_are_those_of_transfers():
    """Each task of a code has its own, in all groups."""
    found = drawn({"policy": TwoOfThree()}, network={"bandwidth": "8 kbit/s"})

    assert (found.own_to.size, found.own_from.size) == (0, 0)
    np.testing.assert_allclose(found.to, np.tile([4, 4.004, 4.008], (25, 1)))
    np.testing.assert_allclose(found.back, np.full((25, 3), 0.04))


def test_without_a_bandwidth_nothing_takes_time_on_the_way():
    """The features stay switched off."""
    found = drawn({"policy": TwoOfThree()})

    assert (found.to.size, found.back.size, found.own_to.size, found.own_from.size) == (0,) * 4


def test_slow_times_of_a_closed_loop_last_as_long_as_its_transfers():
    """A round of a client takes its task's transfer too, so a run may take that much longer."""
    loop = {
        "arrivals": {"kind": "closed", "clients": 2},
        "slowdown": [{"kind": "states", "factor": 4, "dwell": 5, "share": 0.1}],
    }
    periods = [
        plan.draw(scenario({"kind": "none"}, network=network, **loop).setups()[0], 0).slowness
        for network in ({"to_worker": 0.5, "from_worker": 0.04}, {"bandwidth": "8 kbit/s"})
    ]

    assert periods[0].period[0] == pytest.approx(periods[1].period[0], rel=1e-12)


def test_costs_of_a_policy():
    """Bytes and their times, of own and of redundant tasks; operations over the rate."""
    keys = {"network": {"bandwidth": "8 kbit/s"}, "master": {"rate": 1000}}
    found = costs(scenario({"policy": Backed(), "label": "b"}, **keys).setups()[0])

    assert (found.label, found.own_bytes, found.redundant_bytes) == ("b", 500, 4008)
    assert found.request_bytes == (500 + 500 + 4008) / 2
    assert (found.own_transfer, found.redundant_transfer) == (0.5, pytest.approx(4.008))
    assert (found.encode, found.encode_at, found.decode) == (10, "master", 0.03)


def test_costs_of_who_does_not_encode():
    """Nothing is encoded, decoded or sent besides; without an input, no bytes are known."""
    found = costs(scenario({"kind": "none"}).setups()[0])
    unknown = costs(scenario({"kind": "none"}, input=None).setups()[0])

    assert (found.own_bytes, found.own_transfer, found.request_bytes) == (500, 0, 500)
    assert (found.redundant_bytes, found.redundant_transfer) == (None, None)
    assert (found.encode, found.encode_at, found.decode) == (None, None, None)
    assert (unknown.own_bytes, unknown.own_transfer, unknown.request_bytes) == (None, None, None)


def test_costs_where_workers_encode():
    """All plain inputs of a group to each worker, a share of the operations at each."""
    policy = {"policy": TwoOfThree(encode_at="workers")}
    found = costs(scenario(policy, master={"rate": 1000}).setups()[0])

    assert (found.redundant_bytes, found.request_bytes) == (1000, 1500)
    assert (found.encode, found.encode_at) == (pytest.approx(10 / 3), "workers")
