"""Where an oracle would say nothing, or something wrong, it is refused."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from strag_sim import plan
from strag_sim.arrivals import Trace
from strag_sim.distributions.scripted import Scripted
from strag_sim.engines import compiled
from strag_sim.errors import ScenarioError
from strag_sim.plan.ideal import ideal
from strag_sim.policies import NoRedundancy
from strag_sim.policies.oracle import Oracle, why_unbounded
from strag_sim.policies.shape import (
    Policy,
    Recovery,
    Shape,
    Task,
    after,
    own_recoveries,
    own_tasks,
)
from strag_sim.scenario import dump, load
from strag_sim.setup import ScriptedPlacement, Setup
from strag_sim.tables import COMPLETE, STUCK
from strag_sim.testing import check_policy


@dataclass(frozen=True)
class Any2:
    """Any two of two own tasks and a copy answer both requests."""

    def shape(self) -> Shape:
        """Return the shape: blank places may meet its recovery, and nobody looks."""
        return Shape(2, (*own_tasks(2), Task("copy")), (Recovery((0, 1, 2), 2, (0, 1), "any"),))


@dataclass(frozen=True)
class First:
    """The own task of the first request answers the second one too."""

    def shape(self) -> Shape:
        """Return the shape: it does so if the second has come by then."""
        return Shape(2, own_tasks(2), (*own_recoveries(2), Recovery((0,), 1, (0, 1), "first")))


@dataclass(frozen=True)
class Chain:
    """A hedge for the first request, and then one for the second."""

    def shape(self) -> Shape:
        """Return the shape: the second hedge is due only if the first was needed."""
        hedge = Task("hedge", release=after(1.0))
        by = (Recovery((2,), 1, (0,), "hedge"), Recovery((3,), 1, (1,), "hedge"))
        return Shape(2, (*own_tasks(2), hedge, hedge), (*own_recoveries(2), *by))


@dataclass(frozen=True)
class Barrier:
    """Two requests complete together, by their own tasks alone."""

    def shape(self) -> Shape:
        """Return the shape: if all are in when the group closes short, nobody looks before 20."""
        return Shape(2, own_tasks(2), own_recoveries(2), together=True, deadline=20.0)


# Arrivals, own sizes, those of each redundant task, workers of own tasks, and the fill timeout.
# Redundant tasks go to worker 2.
CASES: list[tuple[Policy, Any, Any, Any, Any, float | None]] = [
    # Own 2 is done at 1 where nobody waits, before its group closes at 2; else at 2.5, after it.
    (Any2(), (0, 0, 0, 9), (1.5, 1, 1, 1), ((1, 1, 1),), (0, 0, 0, 0), 2.0),
    # Own 2 is done at 2, before request 3 has come, or at 3.
    (First(), (0, 0, 0, 2.5), (1, 1, 2, 9), (), (0, 0, 0, 0), None),
    # Request 2 is answered at 0.5, and its hedge not needed at 1, or at 2.
    (Chain(), (0, 0, 0, 0), (1, 0.5, 0.5, 9), ((1, 1), (1, 1)), (0, 0, 0, 1), None),
    # Own 2 is done at 1, before its group closes at 2, or at 11.5, after it.
    (Barrier(), (0, 0, 0, 20), (1.5, 9, 1, 1), (), (0, 0, 0, 0), 2.0),
]


@pytest.mark.parametrize(
    ("policy", "times", "own", "redundant", "worker", "fill"),
    CASES,
    ids=[type(case[0]).__name__ for case in CASES],
)
def test_shapes_that_idle_workers_delay(
    policy: Policy, times: Any, own: Any, redundant: Any, worker: Any, fill: float | None
) -> None:
    """Where tasks queue some request is answered, which idle workers answer later or never."""
    setup = Setup(
        label="own",
        policy=policy,
        arrivals=Trace(times=tuple(map(float, times))),
        service=Scripted(own=own, redundant=redundant),
        speeds=(1.0,) * 3,
        slots=(1,) * 3,
        placement=ScriptedPlacement(worker, tuple((2,) * len(row) for row in redundant)),
        fill_timeout=fill,
        requests=len(times),
    )
    drawn = plan.draw(setup, 0)
    busy, idle = compiled.run(drawn), compiled.run(ideal(drawn))

    print(busy.completion, idle.completion)
    assert busy.code == COMPLETE
    assert idle.code == STUCK or (idle.completion > busy.completion).any()
    assert why_unbounded(policy.shape())


RIGHT: dict[str, Any] = {
    "arrivals": {"kind": "poisson", "rate": 1},
    "service": {"kind": "exponential", "mean": "10 ms"},
    "workers": {"count": 10},
    "policies": [{"kind": "none"}, {"kind": "oracle"}, {"kind": "mds", "inputs": 2, "tasks": 3}],
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"policies": [{"kind": "oracle"}]}, "policies.0: an oracle alone is not allowed"),
        (
            {"policies": [{"kind": "none"}, {"kind": "oracle"}, {"kind": "oracle"}]},
            "policies.2: a second oracle is not allowed",
        ),
        (
            {"arrivals": {"kind": "closed", "clients": 3}},
            "policies.1: an oracle is not allowed in a closed loop: requests come when",
        ),
        (
            {"policies": [{"kind": "none"}, {"kind": "oracle", "cancel": "never"}]},
            "policies.1.cancel: is not allowed for an oracle, which runs on nothing",
        ),
        (
            {"policies": [First(), {"kind": "oracle"}]},
            "policies.1: an oracle is not allowed beside 'First', which idle workers may delay",
        ),
    ],
)
def test_scenarios_that_have_no_bound(change: dict[str, Any], message: str) -> None:
    """Each is refused with where and why."""
    with pytest.raises(ScenarioError, match=re.escape(message)):
        load(RIGHT | change)


def test_an_oracle_has_the_setups_of_all_others() -> None:
    """With all that they override; others have no rivals, and an oracle no plan."""
    none = {"kind": "none", "workers": {"count": 3}}
    known = load(RIGHT | {"policies": [none, *RIGHT["policies"][1:]]})
    first, oracle, last = known.setups()

    assert oracle.rivals == (first, last)
    assert first.rivals == last.rivals == ()
    assert len(first.speeds) == 3
    assert load(dump(known)) == known
    with pytest.raises(ValueError, match="an oracle has no plan of its own"):
        plan.draw(oracle, 0)


def test_scripts_need_nothing_for_an_oracle() -> None:
    """Sizes of coded tasks alone will do: an oracle has no own tasks."""
    sizes = {"kind": "scripted", "redundant": [[1], [2], [3]]}
    times = {"kind": "trace", "times": [0, 0]}

    assert load(RIGHT | {"service": sizes, "arrivals": times, "policies": RIGHT["policies"][1:]})


def test_as_a_policy_it_is_a_request_alone() -> None:
    """It keeps to the rules of policies, whoever asks for its shape."""
    check_policy(Oracle(), plans=2)

    assert Oracle().shape() == NoRedundancy().shape()
