"""What a policy returns: the tasks of one group and the recoveries over them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from strag_sim.accuracies import MOST_TASKS, AccuracyTable, read_accuracy
from strag_sim.errors import AccuracyError

Role = Literal["own", "copy", "hedge", "collage", "parity", "coded", "member"]
ROLES: tuple[Role, ...] = ("own", "copy", "hedge", "collage", "parity", "coded", "member")


@dataclass(frozen=True)
class After:
    """Release a task ``delay`` after the one before it was due, only if it is still needed.

    For the first such task of a group the delay counts from the instant the group is full. It is
    in seconds, or names a quantile of the service distribution ("p95").
    """

    delay: float | str


def after(delay: float | str) -> After:
    """Return the release of a task that is sent only if it is still needed by then."""
    return After(delay)


@dataclass(frozen=True)
class Task:
    """One task of a group.

    Parameters
    ----------
    role : str
        ``own`` computes exactly one request; the others are redundant.
    model : str or None
        Name of the scenario's model that it runs; None is the scenario's ``service``.
    release : "arrival", "full" or After
        When it is sent: with its request (own tasks always; for a redundant task: at the instant
        the group is full, with nothing to encode), when the group is full and encoded, or later.
    expires : float or None
        Seconds after its release at which it is stopped, queued or in service; None is never.
    pool : "own" or "redundant"
        Which workers serve it, where the redundant tasks have workers of their own.
    encodes : bool
        The worker encodes for itself: the scenario's ``encode`` time is part of the task's size.
    alternative : int or None
        Row of an earlier task whose result this one gives too. The first of them that is in
        counts, once, for all recoveries that list them; then none of the others is needed.
    """

    role: Role
    model: str | None = None
    release: Literal["arrival", "full"] | After = "arrival"
    expires: float | None = None
    pool: Literal["own", "redundant"] = "own"
    encodes: bool = False
    alternative: int | None = None


@dataclass(frozen=True)
class Recovery:
    """A rule: any ``threshold`` of these tasks answer these requests.

    Parameters
    ----------
    tasks, answers : tuple of int
        Rows of the shape's tasks, and places of the requests in the group.
    threshold : int
        How many of the tasks must have finished, alternatives counted once.
    path : str
        Name of this way to an answer, as results show it.
    decode : bool
        Whether the answer waits for the scenario's ``decode`` time.
    accuracy : float, AccuracyTable or None
        Of the answers. A table has it by which of the tasks had returned (the j-th of ``tasks`` is
        its task j) and by the place of the request; None is that of the model of the first task.
    among : tuple of int
        The tasks that the table numbers, where these are more than ``tasks``.
    """

    tasks: tuple[int, ...]
    threshold: int
    answers: tuple[int, ...]
    path: str
    decode: bool = False
    accuracy: float | AccuracyTable | None = None
    among: tuple[int, ...] = ()


@dataclass(frozen=True)
class Shape:
    """How one group of requests is laid out and when it recovers.

    Parameters
    ----------
    requests : int
        Requests encoded and recovered together.
    tasks : tuple of Task
        Own tasks first, the i-th computing request i; then the redundant ones.
    recoveries : tuple of Recovery
        The first in order wins a tie; those of own tasks come first.
    together : bool
        The requests of a group complete together: when all tasks are in or at the ``deadline``,
        each request is answered by its first recovery that is met.
    deadline : float or None
        Seconds after the group is full at which a ``together`` group stops waiting.
    resend : bool
        At the deadline, requests without an answer are sent anew to workers that were on time.
        The resend of request i is one more redundant task, after those of ``tasks``.
    hedge_budget : float
        Largest share of requests for which an ``after`` task may be released.
    once : bool
        The first recovery of a group that has its tasks is the only one: no other is decoded beside
        it, and no more tasks are needed. For recoveries that each answer all requests.
    """

    requests: int
    tasks: tuple[Task, ...]
    recoveries: tuple[Recovery, ...]
    together: bool = False
    deadline: float | None = None
    resend: bool = False
    hedge_budget: float = 1.0
    once: bool = False

    def __post_init__(self) -> None:
        """Refuse a shape that no engine could run."""
        own = self.own
        places, rows = range(self.requests), range(len(self.tasks))
        problems = [
            (self.requests < 1, "requests must be at least 1"),
            (not self.tasks, "a group needs at least one task"),
            (own not in (0, self.requests), "there must be one own task a request, or none"),
            (
                any(t.role == "own" for t in self.tasks[own:]),
                "own tasks must come before the redundant ones",
            ),
            (
                any(t.release != "arrival" for t in self.tasks[:own]),
                "own tasks never wait for their group",
            ),
            (
                {i for r in self.recoveries for i in r.answers} != set(places),
                "every request needs a recovery that answers it",
            ),
            (
                any(j not in rows for r in self.recoveries for j in r.tasks),
                "a recovery names a task that does not exist",
            ),
            (
                any(_misplaced(self, row) for row in rows),
                "an alternative names an earlier task of a group of one request, none itself",
            ),
            (
                any(not 1 <= r.threshold <= self.results(r.tasks) for r in self.recoveries),
                "a threshold must lie between 1 and the number of its tasks, alternatives once",
            ),
            (
                self.once
                and (self.together or any(set(r.answers) != set(places) for r in self.recoveries)),
                "once is for recoveries that each answer all requests of the group",
            ),
            (
                any(_unnoted(r) for r in self.recoveries),
                "a table of accuracies is for tasks among the first 63 of a group",
            ),
            (
                self.together != (self.deadline is not None),
                "together and deadline go together",
            ),
            (
                self.together and sum(r.decode for r in self.recoveries) > 1,
                "a group that completes together may have one recovery that decodes",
            ),
            (
                self.resend and not (self.together and own),
                "only own tasks of a together group are resent",
            ),
        ]
        for wrong, message in problems:
            if wrong:
                raise ValueError(f"shape: {message}")

    @property
    def own(self) -> int:
        """Number of own tasks: ``requests``, or 0 for a coded policy."""
        return sum(task.role == "own" for task in self.tasks)

    def results(self, tasks: Iterable[int]) -> int:
        """Return how many results these tasks give, alternatives counted once."""
        return len({self.gives(task) for task in tasks if task < len(self.tasks)})

    def gives(self, task: int) -> int:
        """Return the first task that gives the same result: the task itself if it is no other's."""
        alternative = self.tasks[task].alternative
        return task if alternative is None else alternative

    @property
    def redundant(self) -> int:
        """Number of redundant tasks of a group, resends included."""
        return len(self.tasks) - self.own + (self.requests if self.resend else 0)


def _misplaced(shape: Shape, row: int) -> bool:
    """Is the task an alternative where there can be none, or to a task that it cannot be for?"""
    named = shape.tasks[row].alternative
    if named is None:
        return False
    early = 0 <= named < row and shape.tasks[named].alternative is None
    return not early or shape.requests > 1


def _unnoted(recovery: Recovery) -> bool:
    """Would a table of accuracies need to know tasks that cannot be noted?"""
    several = isinstance(recovery.accuracy, AccuracyTable) and len(recovery.tasks) > 1
    return several and max(recovery.tasks) >= MOST_TASKS


class Policy(Protocol):
    """A redundancy policy: a frozen dataclass whose fields are its parameters."""

    def shape(self) -> Shape:
        """Return the tasks of one group and the recoveries over them."""
        ...


def own_tasks(requests: int) -> tuple[Task, ...]:
    """Return one own task a request."""
    return (Task("own"),) * requests


def own_recoveries(requests: int) -> tuple[Recovery, ...]:
    """Return, for each request, the recovery by its own task."""
    return tuple(Recovery((i,), 1, (i,), "own") for i in range(requests))


def approximate(model: str | None, table: str | None = None) -> float | AccuracyTable | None:
    """Return the accuracy of an approximate answer: by its table, or the model's; else unknown."""
    if table is not None:
        return read_accuracy(table)
    return None if model else math.nan


def check_accuracy(
    table: str | None, kind: str, *, inputs: int, tasks: int, threshold: int
) -> None:
    """Raise a ValueError unless the table, where one is named, was measured for such a recovery.

    By a code of that kind ``inputs`` requests are answered by any ``threshold`` of its ``tasks``.
    """
    if table is None:
        return
    try:
        known = read_accuracy(table)
    except AccuracyError as error:
        raise ValueError(str(error)) from error
    if known.kind != kind:
        raise ValueError(
            f"accuracy: {table!r} is not allowed; it was measured of the kind {known.kind}, and "
            f"this policy is {kind}"
        )
    if (known.inputs, known.tasks) != (inputs, tasks):
        raise ValueError(
            f"accuracy: {table!r} is not allowed; it was measured with {known.inputs} inputs and "
            f"{known.tasks} tasks, and this policy recovers {inputs} inputs from {tasks} tasks"
        )
    if threshold < known.least:
        raise ValueError(
            f"accuracy: {table!r} is not allowed; it was measured with {known.least} or more tasks "
            f"returned, and this policy answers with {threshold}"
        )


def check_combiner(table: str | None, combiner: str) -> None:
    """Raise a ValueError if the answers of the table's ensemble were combined in another way.

    The table, where one is named, is one of an ensemble: `check_accuracy` comes before.
    """
    if table is None:
        return
    measured = read_accuracy(table).content["code"]["combiner"]
    if measured != combiner:
        raise ValueError(
            f"combiner: {combiner!r} is not allowed with accuracy {table!r}, which was measured "
            f"with {measured}; give combiner: {measured}, or a table of {combiner}"
        )


def at_least(bound: int, **parameters: int) -> None:
    """Raise a ValueError for the first parameter that is below the bound."""
    for name, value in parameters.items():
        if value < bound:
            raise ValueError(f"{name}: {value} is not allowed; {name} must be at least {bound}")
