"""Both engines give the same outcome to the same plan, to the last bit."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from plans import setups

from strag_sim import plan
from strag_sim.engines import compiled, reference
from strag_sim.setup import Setup
from strag_sim.tables import STATES, Outcome


def assert_same(one: Outcome, other: Outcome) -> None:
    """Assert that two outcomes are equal bit for bit, task by task."""
    assert one.code == other.code
    for name in ("arrival", "completion", "path", "group", "totals", "window"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert one.measured == other.measured
    assert one.log is not None
    assert other.log is not None
    states = [[STATES[code] for code in outcome.log.state] for outcome in (one, other)]
    assert states[0] == states[1]
    for name in ("worker", "released", "started", "finished", "service"):
        np.testing.assert_array_equal(
            getattr(one.log, name), getattr(other.log, name), err_msg=name
        )


@settings(
    max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(setups())
def test_engines_agree_to_the_last_bit(setup: Setup) -> None:
    """Random small plans, over all policies and features, full of ties or without any."""
    drawn = plan.draw(setup, 0)

    assert_same(reference.run(drawn, record=True), compiled.run(drawn, record=True))
