"""Ten thousand random plans, larger than those of the tests and new ones each time."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from plans import setups

from strag_sim import engines, plan
from strag_sim.setup import Setup
from strag_sim.tables import STATES, Outcome


@settings(
    max_examples=10_000,
    deadline=None,  # the first plan compiles the engine
    derandomize=False,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
@given(setups(requests=30))
def test_engines_agree_to_the_last_bit(setup: Setup) -> None:
    """Whatever the policy and the features, every request and every task is the same."""
    drawn = plan.draw(setup, 0)

    one, other = (named(engines.run(engine, drawn, True)) for engine in engines.ENGINES)

    np.testing.assert_equal(one, other)


def named(outcome: Outcome) -> Outcome:
    """Return an outcome with its tasks' states as results show them."""
    assert outcome.log is not None
    states = np.array(STATES)[outcome.log.state]
    return outcome._replace(log=outcome.log._replace(state=states))
