"""The kit for authors of policies passes every shipped policy, and fails wrong ones by name."""

from dataclasses import dataclass

import pytest

from strag_sim import rules
from strag_sim.policies import KINDS
from strag_sim.policies.shape import Policy, Recovery, Shape, Task, after
from strag_sim.testing import check_policy

SHIPPED = [
    KINDS["none"](),
    KINDS["replication"](copies=3),
    KINDS["replication"](copies=2, copy_model="small"),
    KINDS["hedge"](delay="p90", hedges=2, budget=0.3),
    KINDS["relaunch"](timeout=0.7, attempts=3),
    KINDS["collage"](grid=2),
    KINDS["collage"](grid=2, use="timeout", timeout=1.5, model="collage"),
    KINDS["mds"](inputs=3, tasks=4),
    KINDS["lagrange"](inputs=4, tasks=6, threshold=3, encode_at="workers"),
    KINDS["berrut"](inputs=3, stragglers=1, errors=1),
    KINDS["parity"](inputs=3, parities=2),
    KINDS["ensemble"](members=("red", "blue", "green"), combiner="majority"),
    KINDS["ensemble"](
        members=("red", "blue", "green"),
        quorum=2,
        copies={"red": 2},
        hedges={"red": 0.5, "blue": "p90", "green": 0},
    ),
    KINDS["ensemble"](members=("red", "blue"), deadline=1.2, hedges={"red": "p50"}),
]


@pytest.mark.parametrize("policy", SHIPPED, ids=repr)
def test_every_shipped_policy_passes(policy: Policy) -> None:
    """Each kind, with parameters that use all it has."""
    check_policy(policy)


@dataclass(frozen=True)
class HedgeOnly:
    """Answers only by a hedge that is never needed, since nothing else can answer."""

    def shape(self) -> Shape:
        """Return a shape whose only recovery expires before it can finish."""
        task = Task("coded", expires=0.1)
        return Shape(1, (task,), (Recovery((0,), 1, (0,), "coded"),))


@dataclass
class Thawed:
    """A policy that is not frozen."""

    def shape(self) -> Shape:
        """Return a valid shape."""
        return Shape(1, (Task("own"),), (Recovery((0,), 1, (0,), "own"),))


@dataclass(frozen=True)
class Fickle:
    """A policy that changes its mind."""

    def shape(self) -> Shape:
        """Return a shape with a delay that is never the same."""
        DELAYS.append(len(DELAYS))
        tasks = (Task("own"), Task("hedge", release=after(float(len(DELAYS)))))
        return Shape(1, tasks, (Recovery((0,), 1, (0,), "own"), Recovery((1,), 1, (0,), "hedge")))


DELAYS: list[int] = []


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        (HedgeOnly(), "are never answered"),
        (Thawed(), "is not frozen"),
        (Fickle(), "not the same each time"),
        (object(), "is not a dataclass"),
    ],
)
def test_a_wrong_policy_is_told_what_is_wrong(policy: Policy, complaint: str) -> None:
    """The complaint names the rule that is broken."""
    with pytest.raises(AssertionError, match=complaint):
        check_policy(policy)


def test_engines_that_disagree_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with a rule planted in one engine only, the check fails."""
    monkeypatch.setattr(rules, "service_time", lambda size, speed: 2 * size / speed)

    with pytest.raises(AssertionError, match="the engines disagree"):
        check_policy(KINDS["replication"](copies=2), plans=2)
