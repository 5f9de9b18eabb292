"""Both engines give the same outcome to the same plan, to the last bit."""

import numpy as np
from ensembled import deployed_setups
from hypothesis import HealthCheck, given, settings
from plans import setups, waiting_setups

from strag_sim import plan
from strag_sim.arrivals import Trace
from strag_sim.distributions.deterministic import Deterministic
from strag_sim.engines import compiled, reference
from strag_sim.policies.collage import Collage
from strag_sim.setup import ScriptedPlacement, Setup
from strag_sim.tables import STATES, Outcome


def assert_same(one: Outcome, other: Outcome) -> None:
    """Assert that two outcomes are equal bit for bit, task by task."""
    assert one.code == other.code
    for name in ("arrival", "completion", "path", "group", "totals", "window", "returned"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert one.measured == other.measured
    assert one.log is not None
    assert other.log is not None
    states = [[STATES[code] for code in outcome.log.state] for outcome in (one, other)]
    assert states[0] == states[1]
    for name in ("worker", "released", "started", "finished", "service", "unslowed", "batch"):
        np.testing.assert_array_equal(
            getattr(one.log, name), getattr(other.log, name), err_msg=name
        )


@settings(
    max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(setups())
def test_engines_agree_to_the_last_bit(setup: Setup) -> None:
    """Random small plans, over all policies and features, full of ties or without any."""
    drawn = plan.draw(setup, 0)

    assert_same(reference.run(drawn, record=True), compiled.run(drawn, record=True))


@settings(
    max_examples=500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(waiting_setups())
def test_they_agree_where_workers_wait_for_batches(setup: Setup) -> None:
    """Also where what happens at an instant is mostly due to a queue that was waited for."""
    drawn = plan.draw(setup, 0)

    assert_same(reference.run(drawn, record=True), compiled.run(drawn, record=True))


@settings(
    max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(deployed_setups())
def test_they_agree_on_ensembles_that_share_devices(setup: Setup) -> None:
    """Jobs of segments, instances with batches of their own, copies and hedges of members."""
    drawn = plan.draw(setup, 0)

    assert_same(reference.run(drawn, record=True), compiled.run(drawn, record=True))


def test_a_resend_whose_group_is_still_on_the_network() -> None:
    """Nobody was on time and no worker is known yet: scripted or not, the resend finds one."""
    for placement in (ScriptedPlacement((0, 1, 2, 0), ((1,) * 4,)), "random", "fixed"):
        setup = Setup(
            label="on the network",
            policy=Collage(grid=2, use="timeout", timeout=1.0),
            arrivals=Trace(times=(0.0, 0.0, 0.0, 0.0)),
            service=Deterministic(value=1.0),
            speeds=(1.0,) * 3,
            slots=(1,) * 3,
            placement=placement,
            to_worker=Deterministic(value=2.0),
            requests=4,
        )
        drawn = plan.draw(setup, 0)

        assert_same(reference.run(drawn, record=True), compiled.run(drawn, record=True))
