"""Time, the queues of workers, and the master, in the readable engine."""

from collections import deque
from dataclasses import dataclass
from heapq import heappush

import numpy as np
import simpy
from simpy.events import EventPriority

from strag_sim import rules
from strag_sim.engines.reference.lookup import Lookup
from strag_sim.rules import CREDIT, DECODED, EXPIRES, JOIN, RELEASE, RIPE, STOP
from strag_sim.tables import (
    BUSY,
    COST,
    DROPPED,
    FIRST,
    FIXED,
    NOWHERE,
    ON_START,
    PENDING,
    ROUND_ROBIN,
    RUNNING,
    SCRIPTED,
    SERVING,
    STOPPED,
    WAITING,
    Plan,
)

FINISH, ARRIVE = -1, 4  # what falls due besides the steps of the rules: finishes and clients
SETTLE_LAST = EventPriority(2)  # SimPy's own events have priorities 0 and 1
Job = tuple[int, tuple[int, ...], float]  # the step in which it ends, what then falls due, seconds


@dataclass
class Batch:
    """Tasks that one worker serves together; without batches there is one in each."""

    tasks: list[int]
    serving: int  # those that have neither finished nor been stopped


class Workers(Lookup):
    """Workers, their queues and the master: tasks join, start, finish and are stopped."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.workers = self.fleet.speed.size
        count = max(self.workers, self.fleet.pool_first.size)
        self.queues: list[deque[int]] = [deque() for _ in range(count)]
        self.length = np.zeros(self.workers, np.int64)
        self.busy = np.zeros(self.workers, np.int64)
        self.on_device = np.zeros(self.fleet.device_slots.size, np.int64)
        self.tried: dict[int, int] = {}
        self.begun = np.zeros(self.workers, np.int64)
        self.past = 0
        self.turn = self.fleet.pool_first.copy()
        self.preset: dict[int, int] = {}
        self.joined: dict[int, float] = {}
        self.batch_of: dict[int, Batch] = {}
        self.jobs: deque[Job] = deque()
        self.busy_cores = 0
        self.env = simpy.Environment()
        self.due: dict[int, list[tuple[int, ...]]] = {
            step: [] for step in (FINISH, CREDIT, DECODED, RELEASE, STOP, ARRIVE)
        }
        self.settling = False

    def after(self, delay: float, step: int, *what: int) -> None:
        """Let something fall due in a step of the instant ``delay`` from now."""
        if self.env.now + delay == self.env.now and self.settling:
            heappush(self.due[step], what)
            return
        timeout = self.env.timeout(delay)
        timeout.callbacks.append(lambda _: self.fall_due(step, what))

    def fall_due(self, step: int, what: tuple[int, ...]) -> None:
        """Note what is due now, and settle the instant when all of it is known."""
        heappush(self.due[step], what)
        if not self.settling:
            self.settling = True
            instant = self.env.event()
            instant._ok, instant._value = True, None
            instant.callbacks.append(lambda _: self.settle())
            self.env.schedule(instant, SETTLE_LAST)

    def settle(self) -> None:
        """Settle this instant."""
        raise NotImplementedError

    def master(self, job: Job) -> None:
        """Let the master encode or decode, at once or when it has a core for it."""
        if self.protocol.cores:
            self.jobs.append(job)
        else:
            self.begin(job)

    def begin(self, job: Job) -> None:
        """Let a core of the master begin a job."""
        step, what, duration = job
        self.busy_cores += 1
        self.after(duration, step, *what)

    def send(self, t: int) -> None:
        """Send a task to its worker, over the network where there is one."""
        if self.state[t] != PENDING:
            return  # cancelled before it was sent
        self.log.released[t] = self.env.now
        expires = self.layout.expires[t % self.layout.tasks]
        if expires < np.inf:
            self.after(float(expires), STOP, t, EXPIRES)
        flight = self.network(self.draws.own_to, self.draws.to, t)
        if flight is None:
            self.join(t)
        else:
            self.after(flight, RELEASE, t, JOIN)

    def join(self, t: int) -> None:
        """Let a task join the queue of a worker, or of its pool."""
        if self.state[t] != PENDING:
            return  # cancelled on its way
        self.state[t], self.joined[t] = WAITING, self.env.now
        if self.protocol.wait > 0:
            self.after(self.protocol.wait, STOP, t, RIPE)
        if self.protocol.shared:
            self.queues[self.pool_of(t)].append(t)
            return
        w = self.written_worker(t)
        if w == NOWHERE:
            w = self.choose(t)
        self.worker_of[t] = w
        self.length[w] += 1
        self.queues[w].append(t)

    def written_worker(self, t: int) -> int:
        """Return the worker that is scripted for a task, or chosen for its resend; or -1."""
        g, place = divmod(t, self.layout.tasks)
        if self.protocol.placement == SCRIPTED:
            own = place < self.layout.own
            at = self.groups[g, FIRST] + place if own else (g, place - self.layout.own)
            w = int((self.draws.own_worker if own else self.draws.worker)[at])
            if w != NOWHERE:
                return w
        return int(self.preset.get(t, NOWHERE))

    def choose(self, t: int) -> int:
        """Choose the worker for a task."""
        g, place = divmod(t, self.layout.tasks)
        own = place < self.layout.own
        at = self.groups[g, FIRST] + place if own else (g, place - self.layout.own)
        luck = (self.draws.own_luck if own else self.draws.luck)[at]
        pool = self.pool_of(t)
        first, stop = self.pool(pool)
        taken = self.taken(g)
        w = rules.choose_worker(
            self.protocol.placement,
            luck,
            place,
            first,
            stop,
            self.turn[pool],
            self.length,
            np.array(taken, dtype=np.int64),
            0,
            len(taken),
            self.workers,
        )
        if self.protocol.placement == ROUND_ROBIN:
            self.turn[pool] = w + 1 if w + 1 < stop else first
        return int(w)

    def taken(self, g: int) -> list[int]:
        """Return the workers that tasks of the group went to, in order, where this matters."""
        if not self.protocol.distinct or self.protocol.placement >= FIXED:
            return []
        base = g * self.layout.tasks
        sent = range(base, base + self.layout.regular)
        return sorted(int(self.worker_of[t]) for t in sent if self.worker_of[t] != NOWHERE)

    def stop(self, t: int, forced: bool) -> None:
        """Drop a task that has not started; stop one in service, where that is the rule."""
        if self.state[t] == SERVING and (forced or self.protocol.cancel == RUNNING):
            self.leave(t)
            self.state[t] = STOPPED
            self.count_started(t, -1)
        elif self.state[t] in (PENDING, WAITING):
            self.drop(t)

    def drop(self, t: int) -> None:
        """Take a task that has not started out of its queue, or off its way there."""
        if self.state[t] == WAITING and self.protocol.shared:
            self.queues[self.pool_of(t)].remove(t)
        elif self.state[t] == WAITING:
            self.queues[self.worker_of[t]].remove(t)
            self.length[self.worker_of[t]] -= 1
        self.state[t] = DROPPED
        self.log.finished[t] = self.env.now

    def leave(self, t: int) -> None:
        """Let a task leave its worker, which is free when no task of the batch is in service."""
        w, started, now = self.worker_of[t], self.log.started[t], self.env.now
        batch = self.batch_of[t]
        batch.serving -= 1
        if not self.protocol.shared:
            self.length[w] -= 1
        self.log.finished[t] = now
        if batch.serving == 0:
            self.busy[w] -= 1
            if self.sharing:
                self.on_device[self.fleet.device[w]] -= 1
            self.totals[BUSY] += rules.overlap(started, now, *self.window)
            measured = sum(self.is_measured(u // self.layout.tasks) for u in batch.tasks)
            self.totals[COST] += (now - started) * measured / len(batch.tasks)

    def start_idle(self) -> None:
        """Let idle cores and idle workers start their next, workers in order."""
        while self.jobs and self.busy_cores < self.protocol.cores:
            step, what, duration = self.jobs.popleft()
            g, recovery = divmod(what[0], self.layout.threshold.size)
            if step != DECODED or self.listed_unanswered(g, recovery):
                self.begin((step, what, duration))
        if self.sharing:
            self.start_instances()
            return
        w = 0
        while w < self.workers:
            if self.busy[w] < self.fleet.slots[w] and self.is_ripe(w):
                self.serve(self.take(w), w)
                if self.protocol.wait > 0:
                    w = 0  # it may have dropped what others waited behind
            else:
                w += 1

    def start_instances(self) -> None:
        """Let instances start as their devices have slots: whose first task joined first."""
        while True:
            device, slots = self.fleet.device, self.fleet.device_slots
            able = [
                w
                for w in range(self.workers)
                if self.busy[w] == 0
                and self.on_device[device[w]] < slots[device[w]]
                and self.is_ripe(w)
            ]
            if not able:
                break
            w = min(able, key=lambda w: self.joined[self.queues[self.queue_of(w)][0]])
            self.on_device[device[w]] += 1
            self.serve(self.take(w), w)

    def model(self, t: int) -> int:
        """Return the model that a task runs."""
        return int(self.fleet.model[t % self.layout.tasks])

    def most(self, w: int) -> int:
        """Return how many tasks a batch of a worker may have."""
        return int(self.fleet.most[w]) if self.sharing else self.protocol.most

    def is_ripe(self, w: int) -> bool:
        """Has a worker a task that need not wait, or no longer, for others to share its batch?"""
        queue = self.queues[self.queue_of(w)]
        if not queue or self.env.now >= self.joined[queue[0]] + self.protocol.wait:
            return bool(queue)
        alike = [t for t in queue if self.model(t) == self.model(queue[0])]
        return len(alike) >= self.most(w)

    def take(self, w: int) -> list[int]:
        """Start the first task of a worker's queue and those that share its batch; return them."""
        tasks: list[int] = []
        queue = self.queues[self.queue_of(w)]
        alike = [queue[0]]
        while alike and len(tasks) < self.most(w):
            queue.remove(alike[0])
            self.start(alike[0], w)  # which may drop others from the queue
            tasks.append(alike[0])
            alike = [t for t in queue if self.model(t) == self.model(tasks[0])]
        return tasks

    def serve(self, tasks: list[int], w: int) -> None:
        """Serve the tasks of a batch, which finish together, by a worker as slow as it is now."""
        unslowed = rules.service_time(self.size(tasks, w), self.fleet.speed[w])
        begun, combine = self.begun[w], self.protocol.combine
        service = unslowed
        if self.fleet.interference.size:
            d = self.fleet.device[w]
            service = unslowed * self.fleet.interference[d, self.on_device[d] - 1]
        service, past = rules.slowed(service, w, self.env.now, begun, combine, *self.slowness)
        self.busy[w] += 1
        self.begun[w] += 1
        self.past += past
        batch = Batch(tasks, len(tasks))
        for t in tasks:
            self.batch_of[t], self.log.batch[t] = batch, len(tasks)
            self.log.unslowed[t], self.log.service[t] = unslowed, float(service)
            self.after(float(service), FINISH, t)

    def start(self, t: int, w: int) -> None:
        """Start a task on a worker, which may make queued ones of its group useless."""
        g, place = divmod(t, self.layout.tasks)
        self.state[t], self.worker_of[t], self.log.started[t] = SERVING, w, self.env.now
        self.count_started(t, 1)
        if self.protocol.cancel == ON_START and not self.layout.together:
            for sibling in range(self.layout.tasks):
                u = g * self.layout.tasks + sibling
                sure = self.layout.alternatives and self.tried.get(self.result(u), 0) > 0
                if self.state[u] == WAITING and (sure or self.covered(g, sibling)):
                    self.drop(u)

    def count_started(self, t: int, change: int) -> None:
        """Count a task among those that have started, alternatives once, or no longer so."""
        g, place = divmod(t, self.layout.tasks)
        result = self.result(t)
        self.tried[result] = self.tried.get(result, 0) + change
        if self.tried[result] == max(change, 0):  # the first of them, or the last
            for recovery in self.recoveries_of(place):
                self.started_counts[g, recovery] += change
