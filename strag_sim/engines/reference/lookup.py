"""What the readable engine knows: the plan, and how far its requests, groups and tasks are."""

import numpy as np

from strag_sim import rules
from strag_sim.rules import GATHERING
from strag_sim.tables import FIRST, MEMBERS, NOWHERE, Ints, Plan, bit_of, empty_log


class Lookup:
    """The plan and the state of a run, and questions about them."""

    def __init__(self, plan: Plan) -> None:
        self.layout, self.fleet, self.protocol, self.draws, self.slowness, *_ = plan
        requests, groups = self.draws.arrival.size, self.draws.luck.shape[0]
        tasks, recoveries = groups * self.layout.tasks, self.layout.threshold.size
        self.arrival = self.draws.arrival.copy()
        self.completion = np.full(requests, np.nan)
        self.path = np.full(requests, NOWHERE, np.int16)
        self.group_of = np.full(requests, NOWHERE, np.int32)
        self.groups = np.zeros((groups, 3), np.int32)
        self.counts = np.zeros((groups, recoveries), np.int64)
        self.met = np.zeros((groups, recoveries), np.int64)
        self.returned = np.zeros(requests if self.layout.noting else 0, np.int64)
        self.started_counts = np.zeros((groups, recoveries), np.int64)
        self.sharing = self.fleet.device.size > 0
        self.phase = [GATHERING] * groups
        self.left: dict[int, int] = {}
        self.log = empty_log(tasks)
        self.state, self.worker_of = self.log.state, self.log.worker
        self.spent = np.full(tasks, np.nan)
        self.totals, self.window = np.zeros(3), np.full(2, np.inf)

    def size(self, tasks: list[int], w: int) -> float:
        """Return the size of a batch on a worker: that of its first task, grown by the others."""
        size, book = self.drawn_size(tasks[0]), self.fleet.book[tasks[0] % self.layout.tasks]
        by_batch = book >= 0 and self.fleet.by_batch[book]
        if book >= 0:
            row = self.fleet.machine[book, w] + (len(tasks) - 1 if by_batch else 0)
            size = rules.table_size(size, self.fleet.levels[book], self.fleet.values[book, row])
        if self.sharing and not by_batch:
            size *= self.fleet.multiple[w, len(tasks) - 1]
        elif not by_batch:
            size = rules.batch_size(size, len(tasks), self.protocol.growth)
        for t in tasks:
            g, place = divmod(t, self.layout.tasks)
            if place >= self.layout.own and self.draws.added.shape[1]:
                size += self.draws.added[g, place - self.layout.own]
        return float(size)

    def drawn_size(self, t: int) -> float:
        """Return the size drawn for a task, or its level; a copy or a resend may have the own's."""
        g, place = divmod(t, self.layout.tasks)
        first, own = self.groups[g, FIRST], self.layout.own
        if place < own:
            size = self.draws.own_size[first + place]
        else:
            size = self.draws.size[g, place - own]
            if np.isnan(size):
                size = self.draws.own_size[first + max(place - self.layout.regular, 0)]
        return float(size)

    def network(self, of_own: np.ndarray, of_redundant: np.ndarray, t: int) -> float | None:
        """Return the time of a task's flight; None where the network takes none."""
        if of_own.size + of_redundant.size == 0:
            return None
        g, place = divmod(t, self.layout.tasks)
        if place < self.layout.own:
            return float(of_own[self.groups[g, FIRST] + place])
        return float(of_redundant[g, place - self.layout.own])

    def decode_time(self, g: int, recovery: int) -> float:
        """Return how long a recovery of a group takes to decode."""
        column = self.layout.decode_column[recovery]
        return 0.0 if column == NOWHERE else float(self.draws.decode[g, column])

    def pool(self, pool: int) -> tuple[int, int]:
        """Return the first worker of a pool and the one after its last."""
        return int(self.fleet.pool_first[pool]), int(self.fleet.pool_stop[pool])

    def pool_of(self, t: int) -> int:
        """Return the pool of a task; 0 where all workers serve all tasks."""
        one_pool = self.fleet.pool_first[0] == self.fleet.pool_first[-1]
        return 0 if one_pool else int(self.layout.pool[t % self.layout.tasks])

    def queue_of(self, w: int) -> int:
        """Return the queue that a worker takes its tasks from: its own, or that of its pool."""
        if not self.protocol.shared:
            return w
        return int(np.searchsorted(self.fleet.pool_stop, w, side="right"))

    def result(self, t: int) -> int:
        """Return the first task that gives the same result as this one, which may be itself."""
        g, place = divmod(t, self.layout.tasks)
        return g * self.layout.tasks + int(self.layout.gives[place])

    def mark(self, g: int) -> int:
        """Return the id that stands for a group in the order of an instant."""
        return g * self.layout.tasks + min(self.layout.own, self.layout.tasks - 1)

    def is_measured(self, g: int) -> bool:
        """Does cost count the group? It does if none of its requests is of the warm-up."""
        return bool(self.groups[g, FIRST] >= self.protocol.warm_up)

    def recoveries_of(self, place: int) -> list[int]:
        """Return the recoveries that list a task."""
        return _row(self.layout.task_recoveries, self.layout.task_recoveries_from, place)

    def note(self, g: int, place: int, recovery: int) -> None:
        """Note a task among those that a recovery of its group had."""
        if self.layout.noting:
            self.met[g, recovery] |= bit_of(int(self.layout.gives[place]))

    def tasks_of(self, recovery: int) -> list[int]:
        """Return the places of the tasks that a recovery lists."""
        return _row(self.layout.recovery_tasks, self.layout.recovery_tasks_from, recovery)

    def listed(self, g: int, recovery: int) -> list[int]:
        """Return the requests of a group that a recovery answers, blank places left out."""
        places = _row(self.layout.answers, self.layout.answers_from, recovery)
        first, members = self.groups[g, FIRST], self.groups[g, MEMBERS]
        return [int(first) + place for place in places if place < members]

    def listed_unanswered(self, g: int, recovery: int) -> bool:
        """Is a request that the recovery answers still unanswered?"""
        return any(np.isnan(self.completion[r]) for r in self.listed(g, recovery))

    def needed(self, g: int, place: int) -> bool:
        """Is a task still needed?"""
        layout = self.layout
        return bool(
            rules.needed(
                g,
                place,
                self.groups,
                self.completion,
                self.counts,
                layout.threshold,
                layout.task_recoveries,
                layout.task_recoveries_from,
                layout.answers,
                layout.answers_from,
            )
        )

    def covered(self, g: int, place: int) -> bool:
        """Under cancel-on-start: are the requests of a task sure of their answers?"""
        layout = self.layout
        return bool(
            rules.covered(
                g,
                place,
                self.groups,
                self.completion,
                self.started_counts,
                layout.threshold,
                layout.task_recoveries,
                layout.task_recoveries_from,
                layout.answers,
                layout.answers_from,
                layout.request_recoveries,
                layout.request_recoveries_from,
            )
        )


def _row(flat: Ints, bounds: Ints, row: int) -> list[int]:
    """Return one row of lists that lie end to end."""
    return [int(x) for x in flat[bounds[row] : bounds[row + 1]]]
