"""No request of any plan without batches is answered sooner than in the plan's ideal."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from plans import policies, setups

from strag_sim import plan
from strag_sim.arrivals import Closed
from strag_sim.arrivals import Deterministic as Regular
from strag_sim.distributions.deterministic import Deterministic
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.profile import Profile
from strag_sim.engines import compiled, reference
from strag_sim.plan.ideal import ideal
from strag_sim.policies import Hedge, NoRedundancy, Parity
from strag_sim.policies.oracle import why_unbounded
from strag_sim.policies.shape import Policy
from strag_sim.setup import Setup
from strag_sim.slowdown import Fixed, States
from strag_sim.tables import COMPLETE, Plan

# A change of an ideal plan, given the plan too.
Fault = Callable[[Plan, Plan], Plan]

CALM: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
}


def check(setup: Setup, fault: Fault = lambda best, _: best) -> None:
    """Assert that a plan has a bound, and that it keeps to it."""
    if isinstance(setup.arrivals, Closed):
        return  # requests come when others are answered: no two runs have the same
    drawn = plan.draw(setup, 0)
    best = fault(ideal(drawn), drawn)
    real, bound = compiled.run(drawn), compiled.run(best)

    assert real.code == bound.code == COMPLETE
    assert (bound.completion - real.arrival <= (real.completion - real.arrival) * (1 + 1e-12)).all()


@settings(max_examples=600, **CALM)
@given(setups(batches=False))
def test_no_answer_comes_before_its_bound(setup: Setup) -> None:
    """Random small plans, over all policies and features, full of ties or without any."""
    check(setup)


@settings(max_examples=100, **CALM)
@given(setups(batches=False))
def test_both_engines_have_the_same_bound(setup: Setup) -> None:
    """To the last bit, as of any plan."""
    best = ideal(plan.draw(setup, 0))

    one, other = compiled.run(best), reference.run(best)
    np.testing.assert_array_equal(one.completion, other.completion)
    np.testing.assert_array_equal(one.path, other.path)


@settings(max_examples=300, **CALM)
@given(policies(4))
def test_every_shape_of_the_random_plans_has_a_bound(policy: Policy) -> None:
    """The plans above are of shapes that an oracle accepts."""
    assert why_unbounded(policy.shape()) == ""


def second_best_worker(best: Plan, drawn: Plan) -> Plan:
    """Give tasks the second-best worker, where there is one."""
    speed = np.full_like(best.fleet.speed, np.sort(drawn.fleet.speed)[-2:][0])
    return best._replace(fleet=best.fleet._replace(speed=speed))


def first_machine(best: Plan, drawn: Plan) -> Plan:
    """Give tasks the sizes of the first worker's machine."""
    values = best.fleet.values.copy()
    for book, machine in enumerate(drawn.fleet.machine[:, 0]):
        values[book] = drawn.fleet.values[book, machine]
    return best._replace(fleet=best.fleet._replace(values=values))


def with_slowness(value: Callable[[Plan], list[float]]) -> Fault:
    """Return a fault that takes one value for each part of the slowness."""

    def fault(best: Plan, drawn: Plan) -> Plan:
        values = np.repeat(np.array(value(drawn), dtype=np.float64), best.fleet.speed.size)
        return best._replace(slowness=best.slowness._replace(value=values))

    return fault


def means(drawn: Plan) -> list[float]:
    """Return the mean of each part, over the workers and their steps."""
    slow = drawn.slowness
    steps = [[slow.value[slow.first[k] : slow.first[k + 1]] for k in part] for part in slow.track]
    return [float(np.mean(np.concatenate(part))) for part in steps]


def least_at_first(drawn: Plan) -> list[float]:
    """Return the least of each part at the start of a run, over the workers."""
    slow = drawn.slowness
    return [float(slow.value[slow.first[part]].min()) for part in slow.track]


FAULTS: dict[str, Fault] = {
    "the second-best worker": second_best_worker,
    "the sizes of the first worker's machine": first_machine,
    "the mean of slowness": with_slowness(means),
    "the least slowness of the start": with_slowness(least_at_first),
    "a worker who does one thing at a time": lambda best, _: best._replace(
        fleet=best.fleet._replace(slots=np.ones_like(best.fleet.slots))
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_breaks_the_bound(name: str) -> None:
    """Negative controls: each fails the test above."""
    broken = given(setups(batches=False))(lambda setup: check(setup, FAULTS[name]))

    with pytest.raises(AssertionError):
        settings(max_examples=500, phases=[Phase.generate], **CALM)(broken)()


def small(**keys: Any) -> Setup:
    """Return a setup of two workers that are hardly ever busy."""
    alike = {"speeds": (1.0, 1.0), "slots": (1, 1), "service": Exponential(mean=1.0)}
    known = {"label": "x", "policy": NoRedundancy(), "requests": 500}
    return Setup(**{**known, "arrivals": Regular(interval=1e4), **alike, **keys})


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"policy": Hedge(delay=0.5)},
        {"slowdown": (Fixed(factor=3.0),), "combine": "sum"},
        {"to_worker": Exponential(mean=1.0), "from_worker": Exponential(mean=2.0)},
        {"service": Deterministic(value=0.1)},
    ],
)
def test_the_bound_is_reached_where_nobody_waits(keys: dict[str, Any]) -> None:
    """Workers that are alike and idle: the bound is what happens, to the last bit."""
    drawn = plan.draw(small(**keys), 0)

    np.testing.assert_array_equal(
        compiled.run(drawn).completion, compiled.run(ideal(drawn)).completion
    )


def test_the_least_of_tables_and_of_tracks() -> None:
    """At each level the least of all machines, and in each part the least of all times."""
    setup = small(
        service=Profile(profile="collage-vm", per_worker=True),
        slowdown=(States(factor=4.0, dwell=1e4, share=0.5), Fixed(factors=(3.0, 2.0))),
    )
    drawn = plan.draw(setup, 0)
    best = ideal(drawn)

    used = drawn.fleet.values[0, drawn.fleet.machine[0]]
    assert (used[0] != used[1]).any()
    np.testing.assert_array_equal(best.fleet.values[0, 0], used.min(axis=0))
    assert best.slowness.value.tolist() == [1, 2]


def test_pools_keep_their_own_workers() -> None:
    """Own tasks get the best of theirs, and redundant ones the best of the others."""
    pooled = {"policy": Parity(inputs=2), "speeds": (1.0, 3.0, 2.0), "slots": (1, 1, 1)}
    apart = ideal(plan.draw(small(**pooled, redundant_workers=1), 0))
    mixed = ideal(plan.draw(small(**pooled), 0))
    placed = ideal(plan.draw(small(**pooled, redundant_workers=1, placement="fixed"), 0))

    assert apart.fleet.speed.tolist() == [3, 2]
    assert mixed.fleet.speed.tolist() == placed.fleet.speed.tolist() == [3]
