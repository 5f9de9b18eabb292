"""The shape of each policy, and what its parameters may be."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from tabled import table

from strag_sim.policies import (
    KINDS,
    MDS,
    Berrut,
    Collage,
    Ensemble,
    Hedge,
    Lagrange,
    NoRedundancy,
    Parity,
    Relaunch,
    Replication,
)
from strag_sim.policies.shape import Policy, Recovery, Shape, Task, after, own_tasks


def roles(policy: Policy) -> list[str]:
    """Return the roles of a group's tasks."""
    return [task.role for task in policy.shape().tasks]


def ways(policy: Policy) -> list[tuple[str, tuple[int, ...], int, tuple[int, ...]]]:
    """Return the recoveries as (path, tasks, threshold, answers)."""
    return [(r.path, r.tasks, r.threshold, r.answers) for r in policy.shape().recoveries]


def redundant(policy: Policy) -> list[Task]:
    """Return the tasks that are not own."""
    return [task for task in policy.shape().tasks if task.role != "own"]


def test_none() -> None:
    """One own task, any 1 of it."""
    shape = NoRedundancy().shape()

    assert shape == Shape(1, (Task("own"),), (Recovery((0,), 1, (0,), "own"),))
    assert (shape.own, shape.redundant) == (1, 0)


def test_replication() -> None:
    """``copies`` counts all: an own task and two copies at once, any 1; the copies' model."""
    policy = Replication(copies=3, copy_model="small")

    assert roles(policy) == ["own", "copy", "copy"]
    assert ways(policy) == [("own", (0,), 1, (0,)), ("copy", (1, 2), 1, (0,))]
    assert redundant(policy) == [Task("copy", "small", "arrival")] * 2
    assert policy.shape().tasks[0].model is None
    assert all(not r.decode and r.accuracy is None for r in policy.shape().recoveries)
    assert Replication(copies=1).shape() == NoRedundancy().shape()


@pytest.mark.parametrize("delay", [0.02, "p95"])
def test_hedge(delay: float | str) -> None:
    """An own task and hedges, each ``delay`` after the one before; any 1."""
    policy = Hedge(delay=delay, hedges=2, budget=0.1)

    assert roles(policy) == ["own", "hedge", "hedge"]
    assert redundant(policy) == [Task("hedge", release=after(delay))] * 2
    assert ways(policy) == [("own", (0,), 1, (0,)), ("hedge", (1, 2), 1, (0,))]
    assert policy.shape().hedge_budget == 0.1
    assert (Hedge(delay=1).hedges, Hedge(delay=1).budget) == (1, 1.0)


def test_relaunch() -> None:
    """Three attempts in all, each stopped as the next is due; the last has no timeout."""
    policy = Relaunch(timeout=0.3, attempts=3)

    assert roles(policy) == ["own", "copy", "copy"]
    assert [task.expires for task in policy.shape().tasks] == [0.3, 0.3, None]
    assert [task.release for task in policy.shape().tasks] == ["arrival", after(0.3), after(0.3)]
    assert ways(policy) == [("own", (0,), 1, (0,)), ("relaunch", (1, 2), 1, (0,))]
    assert policy.shape().hedge_budget == 1


def test_collage() -> None:
    """k^2 own tasks and a collage when the group is full, which answers any, approximately."""
    policy = Collage(grid=2, model="collage")

    assert roles(policy) == ["own"] * 4 + ["collage"]
    assert redundant(policy) == [Task("collage", "collage", "full", pool="redundant")]
    assert ways(policy) == [
        *[("own", (i,), 1, (i,)) for i in range(4)],
        ("collage", (4,), 1, (0, 1, 2, 3)),
    ]
    assert [r.decode for r in policy.shape().recoveries] == [False] * 4 + [True]
    assert not policy.shape().together


@pytest.mark.parametrize(("resend", "more"), [(True, 5), (False, 1)])
def test_collage_with_a_timeout(resend: bool, more: int) -> None:
    """The group completes together at the deadline; each request may be sent anew."""
    shape = Collage(grid=2, use="timeout", timeout=0.3, resend=resend).shape()

    assert (shape.together, shape.deadline, shape.resend) == (True, 0.3, resend)
    assert (shape.own, shape.redundant, len(shape.tasks)) == (4, more, 5)


def test_mds() -> None:
    """Five coded tasks when the group is full, any 3 answer all 3, exactly."""
    policy = MDS(inputs=3, tasks=5, model="linear")

    assert policy.shape().requests == 3
    assert redundant(policy) == [Task("coded", "linear", "full")] * 5
    assert ways(policy) == [("coded", (0, 1, 2, 3, 4), 3, (0, 1, 2))]
    assert policy.shape().recoveries[0].decode


@pytest.mark.parametrize(("place", "release"), [("master", "full"), ("workers", "arrival")])
def test_lagrange(place: str, release: str) -> None:
    """Any R of N answer all K; R need not be K. Workers that encode are released at once."""
    policy = Lagrange(inputs=4, tasks=5, threshold=2, encode_at=place)

    assert ways(policy) == [("coded", (0, 1, 2, 3, 4), 2, (0, 1, 2, 3))]
    assert redundant(policy) == [Task("coded", None, release, encodes=place == "workers")] * 5
    assert Lagrange(inputs=1, tasks=3, threshold=1).shape().requests == 1


@pytest.mark.parametrize(
    ("inputs", "stragglers", "errors", "tasks", "waited"),
    [(3, 2, 0, 5, 3), (1, 0, 0, 1, 1), (2, 1, 1, 6, 5), (3, 0, 2, 9, 9), (1, 1, 1, 4, 3)],
)
def test_berrut(inputs: int, stragglers: int, errors: int, tasks: int, waited: int) -> None:
    """N is K + S, or 2K + 2E + S - 1 with errors; the N - S fastest answer all K."""
    policy = Berrut(inputs=inputs, stragglers=stragglers, errors=errors)

    assert roles(policy) == ["coded"] * tasks
    assert ways(policy) == [("coded", tuple(range(tasks)), waited, tuple(range(inputs)))]
    assert waited == tasks - stragglers


def test_parity() -> None:
    """k own tasks at once and r when the group is full; any k of k + r answer what is missing."""
    policy = Parity(inputs=2, parities=2, model="parity")

    assert roles(policy) == ["own", "own", "parity", "parity"]
    assert redundant(policy) == [Task("parity", "parity", "full", pool="redundant")] * 2
    assert ways(policy) == [
        ("own", (0,), 1, (0,)),
        ("own", (1,), 1, (1,)),
        ("parity", (0, 1, 2, 3), 2, (0, 1)),
    ]
    assert policy.shape().recoveries[2].decode
    assert len(Parity(inputs=2).shape().tasks) == 3


def test_ensemble() -> None:
    """A task a member, then copies, then hedges, alternatives of their members; all by default."""
    policy = Ensemble(members=("a", "b"), copies={"b": 3}, hedges={"b": "p95", "a": 0.2})
    shape = policy.shape()

    assert (shape.requests, shape.own, shape.together) == (1, 0, False)
    assert shape.tasks == (
        Task("member", "a"),
        Task("member", "b"),
        *[Task("copy", "b", alternative=1)] * 2,
        Task("hedge", "a", release=after(0.2), alternative=0),
        Task("hedge", "b", release=after("p95"), alternative=1),
    )
    assert ways(policy) == [("ensemble", (0, 1, 2, 3, 4, 5), 2, (0,))]
    assert shape.recoveries[0].decode
    assert shape.recoveries[0].among == (0, 1)
    assert shape.results(range(6)) == 2


@pytest.mark.parametrize(
    ("keys", "least"),
    [({}, 3), ({"quorum": 2}, 2), ({"deadline": 1.0}, 1), ({"deadline": 1.0, "quorum": 2}, 2)],
)
def test_quorums(keys: dict[str, Any], least: int) -> None:
    """All members, unless there is a quorum, or a deadline, at which one is enough."""
    shape = Ensemble(members=("a", "b", "c"), **keys).shape()

    assert shape.recoveries[0].threshold == least
    assert (shape.together, shape.deadline) == ("deadline" in keys, keys.get("deadline"))


def test_the_accuracy_of_members() -> None:
    """One alone is as accurate as its model; of several a table knows, or nobody."""
    alone, unknown, known = (
        Ensemble(**keys).shape().recoveries[0].accuracy
        for keys in ({"members": ("a",)}, PAIR, FIVE)
    )

    assert alone is None
    assert unknown is not None
    assert math.isnan(unknown)
    assert known.name == "digits-ensemble-5-average"


def test_an_ensemble_without_members() -> None:
    """It is refused."""
    with pytest.raises(ValueError, match="^members: 0 is not allowed"):
        Ensemble(members=())


@pytest.mark.parametrize(
    "make",
    [
        lambda model: Collage(grid=2, model=model),
        lambda model: Lagrange(inputs=2, tasks=3, threshold=2, model=model),
        lambda model: Berrut(inputs=2, stragglers=1, model=model),
        lambda model: Parity(inputs=2, model=model),
    ],
)
def test_approximate_answers(make: Callable[[str | None], Policy]) -> None:
    """As accurate as the model that redundant tasks run; of no model nothing is known."""
    unknown, known = (make(model).shape().recoveries[-1].accuracy for model in (None, "small"))

    assert unknown is not None
    assert math.isnan(unknown)
    assert known is None  # that of the model
    assert MDS(inputs=2, tasks=3).shape().recoveries[0].accuracy is None  # exact: that of own tasks


STAGES: dict[str, object] = {
    "inputs": 4,
    "tasks": 6,
    "threshold": 4,
    "accuracy": "digits-lagrange-4-6-stage-2",
}
SUM: dict[str, object] = {"inputs": 4, "encoder": "sum"}
CODED = {"inputs": 2, "tasks": 3, "threshold": 2}
MANY = {"inputs": 2, "tasks": 11, "threshold": 3}
INFINITE = (math.inf, math.nan)
PAIR = {"members": ["a", "b"]}
FIVE = {"members": ["a", "b", "c", "d", "e"], "accuracy": "digits-ensemble-5-average"}
BERRUT = table(2, 3, 2, kind="berrut")
THREE = table(2, 3, 2)  # of 2 inputs in 3 tasks, 2 or all of which returned
WRONG: list[tuple[str, dict[str, object], str]] = [
    *[("replication", {"copies": x}, "copies") for x in (0, -1)],
    *[("hedge", {"delay": x}, "delay") for x in (-1, *INFINITE, "95", "p0", "p100", "q5", "p95 ")],
    ("hedge", {"delay": 1.0, "hedges": 0}, "hedges"),
    *[("hedge", {"delay": 1.0, "budget": x}, "budget") for x in (-0.1, 1.1, math.nan)],
    *[("relaunch", {"timeout": x}, "timeout") for x in (0, -1, *INFINITE)],
    ("relaunch", {"timeout": 1.0, "attempts": 1}, "attempts"),
    ("collage", {"grid": 0}, "grid"),
    ("collage", {"grid": 2, "use": "late"}, "use"),
    ("collage", {"grid": 2, "use": "timeout"}, "timeout"),
    ("collage", {"grid": 2, "timeout": 1.0}, "timeout"),
    *[("collage", {"grid": 2, "use": "timeout", "timeout": x}, "timeout") for x in (0, *INFINITE)],
    *[("collage", {"grid": 2, "accuracy": x}, "accuracy") for x in ("nowhere.json", THREE)],
    ("collage", {"grid": 3, "canvas": 2}, "canvas"),
    ("mds", {"inputs": 0, "tasks": 2}, "inputs"),
    ("mds", {"inputs": 1, "tasks": 0}, "tasks"),
    ("mds", {"inputs": 3, "tasks": 2}, "inputs"),
    ("lagrange", {"inputs": 0, "tasks": 2, "threshold": 1}, "inputs"),
    ("lagrange", {"inputs": 2, "tasks": 0, "threshold": 1}, "tasks"),
    *[("lagrange", {"inputs": 2, "tasks": 2, "threshold": x}, "threshold") for x in (0, 3)],
    (
        "lagrange",
        {"inputs": 2, "tasks": 2, "threshold": 1, "encode_at": "home"},
        "encode_at",
    ),
    *[
        ("lagrange", {"inputs": k, "tasks": n, "threshold": r, "accuracy": THREE}, "accuracy")
        for k, n, r in ((3, 3, 2), (2, 4, 2), (2, 3, 1))
    ],
    ("berrut", {"inputs": 0, "stragglers": 1}, "inputs"),
    ("berrut", {"inputs": 2, "stragglers": -1}, "stragglers"),
    ("berrut", {"inputs": 2, "stragglers": 1, "errors": -1}, "errors"),
    *[
        ("lagrange", {**CODED, "accuracy": THREE, "least_accuracy": x}, "least_accuracy")
        for x in (-0.1, 1.1, math.nan)
    ],
    ("lagrange", {**CODED, "least_accuracy": 0.9}, "least_accuracy"),
    (
        "lagrange",
        {**CODED, "accuracy": THREE, "least_accuracy": 0.9, "deadline": 1.0},
        "least_accuracy",
    ),
    *[("lagrange", {**CODED, "deadline": x}, "deadline") for x in (0, -1, *INFINITE)],
    *[("berrut", {"inputs": 2, "stragglers": 1, "deadline": x}, "deadline") for x in (0, -1)],
    ("lagrange", {**MANY, "accuracy": table(2, 11, 3), "least_accuracy": 0.9}, "least_accuracy"),
    ("berrut", {"inputs": 2, "stragglers": 1, "accuracy": THREE}, "accuracy"),
    ("berrut", {"inputs": 2, "stragglers": 2, "accuracy": BERRUT}, "accuracy"),
    ("parity", {"inputs": 2, "parities": 2, "accuracy": THREE}, "accuracy"),
    ("parity", {"inputs": 2, "encoder": "mean"}, "encoder"),
    ("parity", {**SUM, "accuracy": "digits-parity-concatenation-4"}, "encoder"),
    ("lagrange", {**STAGES, "encode_at": "workers"}, "accuracy"),
    ("parity", {"inputs": 0}, "inputs"),
    ("parity", {"inputs": 2, "parities": 0}, "parities"),
    ("ensemble", {"members": ["a", "b", "a"]}, "members"),
    *[("ensemble", {**PAIR, "quorum": x}, "quorum") for x in (0, 3)],
    *[("ensemble", {**PAIR, "deadline": x}, "deadline") for x in (0, -1, *INFINITE)],
    ("ensemble", {**PAIR, "combiner": "mean"}, "combiner"),
    ("ensemble", {**FIVE, "combiner": "majority"}, "combiner"),
    *[("ensemble", {**PAIR, "accuracy": x}, "accuracy") for x in ("nowhere.json", THREE)],
    ("ensemble", {**PAIR, "accuracy": "digits-ensemble-5-average"}, "accuracy"),
    *[("ensemble", {**PAIR, "copies": {"b": x}}, "copies.b") for x in (1, 0)],
    ("ensemble", {**PAIR, "copies": {"c": 2}}, "copies.c"),
    *[
        ("ensemble", {**PAIR, "hedges": {"a": x}}, "hedges.a")
        for x in (-1, *INFINITE, "95", "p0", "p100", "q5")
    ],
    ("ensemble", {**PAIR, "hedges": {"c": 1.0}}, "hedges.c"),
]


@pytest.mark.parametrize(("kind", "parameters", "key"), WRONG)
def test_wrong_parameters(kind: str, parameters: dict[str, object], key: str) -> None:
    """Each is refused with a message that opens with its key and gives the value."""
    name, _, entry = key.partition(".")
    value: Any = parameters.get(name, "missing")
    with pytest.raises(ValueError, match=f"^{key}: ") as caught:
        KINDS[kind](**parameters)
    assert str(value[entry] if entry else value) in str(caught.value)


def test_every_parameter_is_tested() -> None:
    """Models are names, and resend is a switch; all else can be wrong.

    An allocation is checked with the devices that it is for.
    """
    tested = {(kind, key.partition(".")[0]) for kind, _, key in WRONG}
    names = {(kind, name) for kind in KINDS for name in KINDS[kind].__dataclass_fields__}

    switches = ("resend", "allocation")
    free = {(kind, name) for kind, name in names if "model" in name or name in switches}
    assert tested == names - free


OWN = Recovery((0,), 1, (0,), "own")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"requests": 0}, "requests must be at least 1"),
        ({"tasks": ()}, "at least one task"),
        ({"requests": 2}, "one own task a request, or none"),
        ({"tasks": (Task("copy"), Task("own"))}, "before the redundant"),
        ({"tasks": (Task("own", release="full"),)}, "never wait"),
        ({"recoveries": ()}, "every request needs a recovery"),
        ({"recoveries": (OWN, Recovery((0,), 1, (1,), "x"))}, "every request needs a recovery"),
        ({"recoveries": (Recovery((0, 1), 1, (0,), "x"),)}, "does not exist"),
        ({"recoveries": (Recovery((0,), 0, (0,), "x"),)}, "threshold"),
        ({"recoveries": (Recovery((0, 0), 2, (0,), "x"),)}, "threshold"),
        ({"tasks": (Task("own"), Task("copy", alternative=1))}, "an alternative names an earlier"),
        ({"tasks": (Task("own"), Task("copy", alternative=-1))}, "an alternative names an earlier"),
        ({"tasks": (Task("own", alternative=0),)}, "an alternative names an earlier"),
        (
            {"tasks": (Task("own"), *[Task("copy", alternative=j) for j in (0, 1)])},
            "an alternative names an earlier",
        ),
        (
            {
                "requests": 2,
                "tasks": (*own_tasks(2), Task("copy", alternative=0)),
                "recoveries": (OWN, Recovery((1, 2), 1, (1,), "x")),
            },
            "an alternative names an earlier",
        ),
        (
            {
                "tasks": (Task("own"), Task("copy", alternative=0)),
                "recoveries": (Recovery((0, 1), 2, (0,), "x"),),
            },
            "threshold must lie between 1 and the number of its tasks, alternatives once",
        ),
        ({"together": True}, "together and deadline"),
        ({"deadline": 1.0}, "together and deadline"),
        ({"resend": True}, "only own tasks of a together group"),
    ],
)
def test_shapes_that_no_engine_could_run(keys: dict[str, object], message: str) -> None:
    """Users' own policies are told what is wrong with their shape."""
    right = {"requests": 1, "tasks": own_tasks(1), "recoveries": (OWN,)}

    assert Shape(**right).own == 1
    with pytest.raises(ValueError, match=f"^shape: .*{message}"):
        Shape(**{**right, **keys})


@pytest.mark.parametrize(
    "policy",
    [
        Collage(grid=3),
        MDS(inputs=2, tasks=3),
        Lagrange(inputs=2, tasks=4, threshold=3),
        Berrut(inputs=2, stragglers=1),
        Berrut(inputs=2, stragglers=1, errors=1),
        Parity(inputs=3, parities=2),
    ],
)
def test_the_code_of_a_policy_is_for_its_recovery(policy: Any) -> None:
    """It has as many inputs and tasks, and decodes from as many as the policy waits for."""
    code, recovery = policy.code(), policy.shape().recoveries[-1]

    assert (code.inputs, code.tasks) == (len(recovery.answers), len(recovery.tasks))
    assert code.least <= recovery.threshold
