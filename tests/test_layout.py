"""Shapes as arrays, each policy with small parameters worked out by hand."""

import math
import sys
from types import FrameType

import numpy as np
import pytest

import strag_sim.layout as layout_module
from strag_sim.layout import FEW, compile_shape
from strag_sim.policies import (
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
from strag_sim.policies.shape import After, Policy, Recovery, Shape, Task
from strag_sim.tables import AT_FULL, ENCODED, LATER, ON_RESEND, Ints, Layout

NEVER = math.inf


def compiled(policy: Policy | Shape, *, decodes: bool = True) -> Layout:
    """Return the layout; a delay that names a quantile is 0.5 s."""
    shape = policy if isinstance(policy, Shape) else policy.shape()
    return compile_shape(shape, delay=seconds, decodes=decodes)


def seconds(task: Task) -> float:
    """Return the delay of a later task."""
    assert isinstance(task.release, After)
    return 0.5 if isinstance(task.release.delay, str) else task.release.delay


def rows(flat: Ints, bounds: Ints) -> list[list[int]]:
    """Return the rows that stand end to end in an array."""
    return [flat[a:b].tolist() for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


def task_recoveries(layout: Layout) -> list[list[int]]:
    """Return the recoveries that list each task."""
    return rows(layout.task_recoveries, layout.task_recoveries_from)


def recovery_tasks(layout: Layout) -> list[list[int]]:
    """Return the tasks that each recovery lists."""
    return rows(layout.recovery_tasks, layout.recovery_tasks_from)


def answers(layout: Layout) -> list[list[int]]:
    """Return the requests that each recovery answers."""
    return rows(layout.answers, layout.answers_from)


def request_recoveries(layout: Layout) -> list[list[int]]:
    """Return the recoveries that answer each request."""
    return rows(layout.request_recoveries, layout.request_recoveries_from)


def test_none() -> None:
    """One task, one recovery, nothing to count."""
    layout = compiled(NoRedundancy())

    assert (layout.requests, layout.own, layout.regular, layout.tasks) == (1, 1, 1, 1)
    assert (layout.together, layout.deadline, layout.resend, layout.budget) == (
        False,
        NEVER,
        False,
        1.0,
    )
    assert not layout.counting
    assert (layout.threshold.tolist(), layout.decode_column.tolist()) == ([1], [-1])
    assert task_recoveries(layout) == recovery_tasks(layout) == [[0]]
    assert answers(layout) == request_recoveries(layout) == [[0]]
    assert (layout.when.tolist(), layout.next_later.tolist()) == ([AT_FULL], [-1, -1])
    assert (layout.gap.tolist(), layout.expires.tolist(), layout.pool.tolist()) == (
        [0],
        [NEVER],
        [0],
    )
    assert rows(layout.few, layout.few_from) == [[0]]


def test_replication() -> None:
    """The own task and the copies are two ways to the answer; all are useless after either."""
    layout = compiled(Replication(copies=3))

    assert (layout.requests, layout.own, layout.regular, layout.tasks) == (1, 1, 3, 3)
    assert layout.when.tolist() == [AT_FULL] * 3
    assert layout.threshold.tolist() == [1, 1]
    assert recovery_tasks(layout) == [[0], [1, 2]]
    assert task_recoveries(layout) == [[0], [1], [1]]
    assert (answers(layout), request_recoveries(layout)) == ([[0], [0]], [[0, 1]])
    assert rows(layout.few, layout.few_from) == [[0, 1, 2], [0, 1, 2]]
    assert layout.has_few.all()
    assert not layout.counting


@pytest.mark.parametrize(("delay", "gap"), [(0.2, 0.2), ("p95", 0.5)])
def test_hedge(delay: float | str, gap: float) -> None:
    """Hedges follow each other, the first from full; after place j - 1 comes next_later[j]."""
    layout = compiled(Hedge(delay=delay, hedges=2, budget=0.1))

    assert layout.when.tolist() == [AT_FULL, LATER, LATER]
    assert layout.gap.tolist() == [0, gap, gap]
    assert layout.next_later.tolist() == [1, -1, 2, -1]
    assert layout.expires.tolist() == [NEVER] * 3
    assert (layout.budget, layout.counting) == (0.1, False)


def test_relaunch() -> None:
    """Each attempt but the last expires when the next is due."""
    layout = compiled(Relaunch(timeout=0.3, attempts=3))

    assert layout.when.tolist() == [AT_FULL, LATER, LATER]
    assert layout.gap.tolist() == [0, 0.3, 0.3]
    assert layout.expires.tolist() == [0.3, 0.3, NEVER]
    assert layout.next_later.tolist() == [1, -1, 2, -1]
    assert recovery_tasks(layout) == [[0], [1, 2]]


def test_collage() -> None:
    """Of 2 x 2 requests each is answered by its own task, or all by the fifth, decoded."""
    layout = compiled(Collage(grid=2))

    assert (layout.requests, layout.own, layout.regular, layout.tasks) == (4, 4, 5, 5)
    assert layout.when.tolist() == [AT_FULL] * 4 + [ENCODED]
    assert layout.pool.tolist() == [0, 0, 0, 0, 1]
    assert recovery_tasks(layout) == [[0], [1], [2], [3], [4]]
    assert answers(layout) == [[0], [1], [2], [3], [0, 1, 2, 3]]
    assert request_recoveries(layout) == [[0, 4], [1, 4], [2, 4], [3, 4]]
    assert layout.threshold.tolist() == [1] * 5
    assert layout.decode_column.tolist() == [-1, -1, -1, -1, 0]
    assert rows(layout.few, layout.few_from) == [[0, 4], [1, 4], [2, 4], [3, 4], [0, 1, 2, 3, 4]]
    assert layout.counting
    assert not compiled(Collage(grid=2), decodes=False).counting
    assert compiled(Collage(grid=2), decodes=False).decode_column.tolist() == [-1] * 5


def test_collage_with_a_timeout() -> None:
    """The resend of each request is one more task, which no recovery lists."""
    layout = compiled(Collage(grid=2, use="timeout", timeout=0.4), decodes=False)

    assert (layout.regular, layout.tasks) == (5, 9)
    assert (layout.together, layout.deadline, layout.resend) == (True, 0.4, True)
    assert layout.when.tolist() == [AT_FULL] * 4 + [ENCODED] + [ON_RESEND] * 4
    assert task_recoveries(layout)[5:] == [[], [], [], []]
    assert layout.pool.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert layout.expires.tolist() == [NEVER] * 9
    assert layout.counting
    assert compiled(Collage(grid=2, use="timeout", timeout=0.4, resend=False)).tasks == 5


def test_mds() -> None:
    """Any two of three coded tasks answer both requests; there are no own tasks."""
    layout = compiled(MDS(inputs=2, tasks=3))

    assert (layout.requests, layout.own, layout.regular, layout.tasks) == (2, 0, 3, 3)
    assert layout.when.tolist() == [ENCODED] * 3
    assert (layout.threshold.tolist(), layout.decode_column.tolist()) == ([2], [0])
    assert recovery_tasks(layout) == [[0, 1, 2]]
    assert task_recoveries(layout) == [[0], [0], [0]]
    assert (answers(layout), request_recoveries(layout)) == ([[0, 1]], [[0], [0]])
    assert rows(layout.few, layout.few_from) == [[0, 1, 2]]
    assert compiled(MDS(inputs=2, tasks=3), decodes=False).counting  # it takes two


@pytest.mark.parametrize(("place", "when"), [("master", ENCODED), ("workers", AT_FULL)])
def test_lagrange(place: str, when: int) -> None:
    """Threshold 3 of 4 for 2 requests; workers that encode are sent the inputs at once."""
    policy = Lagrange(inputs=2, tasks=4, threshold=3, encode_at=place)
    layout = compiled(policy)

    assert layout.when.tolist() == [when] * 4
    assert layout.threshold.tolist() == [3]
    assert answers(layout) == [[0, 1]]


def test_berrut() -> None:
    """K = 2, S = 1, E = 1: N = 2 x 2 + 2 + 1 - 1 = 6 tasks, of which the 5 fastest."""
    layout = compiled(Berrut(inputs=2, stragglers=1, errors=1))

    assert (layout.tasks, layout.threshold.tolist()) == (6, [5])


def test_parity() -> None:
    """Two own tasks and a parity: each own, or any two of three, which is decoded."""
    layout = compiled(Parity(inputs=2))

    assert layout.when.tolist() == [AT_FULL, AT_FULL, ENCODED]
    assert layout.pool.tolist() == [0, 0, 1]
    assert layout.threshold.tolist() == [1, 1, 2]
    assert recovery_tasks(layout) == [[0], [1], [0, 1, 2]]
    assert task_recoveries(layout) == [[0, 2], [1, 2], [2]]
    assert answers(layout) == [[0], [1], [0, 1]]
    assert layout.decode_column.tolist() == [-1, -1, 0]


def test_ensemble() -> None:
    """Members, then copies, then hedges, each of which gives the result of its member."""
    hedges = {"a": 0.7, "b": "p95", "c": 0.7}
    layout = compiled(Ensemble(members=("a", "b", "c"), quorum=2, copies={"b": 3}, hedges=hedges))

    assert (layout.requests, layout.own, layout.regular, layout.tasks) == (1, 0, 8, 8)
    assert (layout.alternatives, layout.results) == (True, 3)
    assert layout.gives.tolist() == [0, 1, 2, 1, 1, 0, 1, 2]
    assert layout.when.tolist() == [AT_FULL] * 5 + [LATER] * 3
    assert layout.threshold.tolist() == [2]
    assert recovery_tasks(layout) == [list(range(8))]
    # b's hedge is due at 0.5, then those of a and c at 0.7, in their order
    assert layout.next_later.tolist() == [6, -1, -1, -1, -1, -1, 7, 5, -1]
    assert layout.gap.tolist() == pytest.approx([0, 0, 0, 0, 0, 0.2, 0.5, 0])


def test_who_is_asked_once_has_no_alternatives() -> None:
    """Of other policies each task gives its own result; so do resends."""
    ensemble = compiled(Ensemble(members=("a", "b")))
    collage = compiled(Collage(grid=2, use="timeout", timeout=0.4))

    assert (ensemble.alternatives, ensemble.results) == (False, 2)
    assert (collage.alternatives, collage.results) == (False, 5)
    assert collage.gives.tolist() == list(range(9))


def test_later_tasks_that_are_no_alternatives_follow_each_other() -> None:
    """Each counts from the one before; an alternative from the arrival; in order of their times."""
    tasks = (
        Task("own"),
        Task("hedge", release=After(2.0)),
        Task("hedge", release=After(1.0), alternative=0),
        Task("hedge", release=After(1.0)),
    )
    layout = compiled(Shape(1, tasks, (Recovery((0, 1, 2, 3), 1, (0,), "all"),)))

    # due at 2, 1, and a second after the one before it in the shape, 2
    assert layout.next_later.tolist() == [2, -1, 3, 1, -1]
    assert layout.gap.tolist() == [0, 1, 1, 0]


def test_decodes_are_numbered_in_order() -> None:
    """Only recoveries that decode have a column."""
    own, coded = Task("own"), Task("coded", release="full")
    shape = Shape(
        1,
        (own, coded, coded),
        (
            Recovery((1,), 1, (0,), "one", decode=True),
            Recovery((0,), 1, (0,), "own"),
            Recovery((2,), 1, (0,), "two", decode=True),
        ),
    )

    assert compiled(shape).decode_column.tolist() == [0, -1, 1]


@pytest.mark.parametrize(("copies", "few"), [(FEW, True), (FEW + 1, False)])
def test_few_tasks_are_listed(copies: int, few: bool) -> None:
    """Up to a bound; beyond it all tasks must be looked at."""
    layout = compiled(Replication(copies=copies))

    assert layout.has_few.tolist() == [few, few]
    assert layout.few.size == (2 * copies if few else 0)


def test_own_answers_of_a_large_collage_list_few() -> None:
    """Whatever the grid: an own answer makes two tasks useless, the collage all of them."""
    layout = compiled(Collage(grid=5))

    assert layout.has_few.tolist() == [True] * 25 + [False]
    assert rows(layout.few, layout.few_from)[7] == [7, 25]


LARGEST = [
    (lambda n: Replication(copies=n), 4096),
    (lambda n: Hedge(delay=0.1, hedges=n), 4095),
    (lambda n: Relaunch(timeout=0.1, attempts=n), 4096),
    (lambda n: MDS(inputs=n // 2, tasks=n), 4096),
    (lambda n: Parity(inputs=n - 1), 4096),
    (lambda n: Collage(grid=math.isqrt(n)), 63**2),
    (lambda n: Collage(grid=math.isqrt(n), use="timeout", timeout=1.0), 44**2),
]


@pytest.mark.parametrize(("policy", "size"), LARGEST)
def test_the_largest_groups_compile_in_linear_time(policy, size: int) -> None:
    """Four times the tasks take four times the calls and steps, not sixteen times."""
    small, large = (steps(policy(n).shape()) for n in (size // 4, size))

    print(small, large)
    assert large < 6 * small


def test_more_than_linear_time_would_be_seen(monkeypatch) -> None:
    """If every own answer listed all tasks, four times the parity group would take ten times."""
    monkeypatch.setattr(layout_module, "FEW", 10**9)
    small, large = (steps(Parity(inputs=n - 1).shape()) for n in (64, 256))

    print(small, large)
    assert large > 10 * small


def steps(shape: Shape) -> int:
    """Return how many lines and calls of Python it takes to compile a shape."""
    count = 0

    def step(frame: FrameType, event: str, _: object):
        nonlocal count
        count += event in ("line", "call")
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        compiled(shape)
    finally:
        sys.settrace(before)
    return count


def test_types() -> None:
    """Engines are compiled for these types alone."""
    layout = compiled(Collage(grid=2, use="timeout", timeout=0.4))
    kinds = {
        name: value.dtype
        for name, value in layout._asdict().items()
        if isinstance(value, np.ndarray)
    }

    floats = {name for name, kind in kinds.items() if kind == np.float64}
    flags = {name for name, kind in kinds.items() if kind == np.bool_}
    assert (floats, flags) == ({"gap", "expires"}, {"has_few"})
    assert all(kinds[name] == np.int64 for name in kinds.keys() - floats - flags)
