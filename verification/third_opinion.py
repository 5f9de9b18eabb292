"""A third simulator, written from the contract alone: naive, slow, and meant to be obviously right.

It shares no line with the engines and not their ``rules.py``. There is no heap of events: at each
instant it looks at all requests, groups, tasks, workers and jobs anew, and the next instant is the
least of all times that are pending. One pass does the four steps of an instant; while something
is still due at the same time, the next pass is at that time again.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.tables import (
    AT_FULL,
    ENCODED,
    FIXED,
    LATER,
    NEVER,
    NOWHERE,
    ON_START,
    RANDOM,
    ROUND_ROBIN,
    RUNNING,
    SCRIPTED,
    SHORTEST_QUEUE,
    Plan,
)

PENDING, ON_ITS_WAY, QUEUED, SERVING, RETURNING = "to-come", "on-its-way", "queued", "run", "back"
SKIPPED = "pending"  # a hedge that was not released when it was due
FINISHED, DROPPED, STOPPED = "finished", "cancelled-queued", "cancelled-running"
STARTED = (SERVING, RETURNING, FINISHED)
UNSTARTED = (ON_ITS_WAY, QUEUED)

FILLING, AWAITED, LATE, RESENT, DECODING, SETTLED = range(6)  # phases of a group


@dataclass
class Task:
    """One task of a group, and what has become of it so far."""

    id: int
    group: int
    place: int
    state: str = PENDING
    due: float = math.inf  # when a LATER task is to be released
    released: float = math.nan
    joins: float = math.inf
    turn: int = 0  # its place among all that have joined a queue
    joined: float = math.nan
    worker: int = NOWHERE
    started: float = math.nan
    ends: float = math.inf  # service
    unslowed: float = math.nan  # service without slowness
    batch: "Batch | None" = None
    credited: float = math.inf
    expires: float = math.inf
    useless: float = math.inf  # when its cancel arrives
    finished: float = math.nan  # or was cancelled


@dataclass
class Batch:
    """Tasks that a worker began together, in the order in which it took them."""

    worker: int
    started: float
    tasks: list[Task] = field(default_factory=list)

    def kept_until(self) -> float:
        """Return when its worker was free again: when the last task finished or was stopped."""
        return max(task.finished for task in self.tasks)


@dataclass
class Group:
    """Requests that are recovered together."""

    id: int
    first: int
    members: int = 0
    phase: int = FILLING
    opened: float = math.inf
    full: float = math.inf
    hedged: bool = False
    recovered: bool = False  # a recovery has had its tasks
    ready: list[int] = field(default_factory=list)  # those that have, where one is taken up
    count: list[int] = field(default_factory=list)  # tasks credited, by recovery
    came: list[list[int]] = field(default_factory=list)  # which those were, as they came
    given: set[int] = field(default_factory=set)  # results that are in, by the first who gives it
    # Of a group that ends together, at its deadline: the way of each member, who has none, the
    # workers of its own tasks, and of those that are in.
    ways: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    served_by: list[int] = field(default_factory=list)
    on_time: list[int] = field(default_factory=list)


@dataclass
class Job:
    """An encode (recovery -1) or a decode, which may wait for a core of the master."""

    group: Group
    recovery: int
    length: float
    ends: float = math.inf
    running: bool = False


@dataclass
class Answers:
    """What the simulator returns: by request, and by task id."""

    arrival: list[float]
    completion: list[float]
    path: list[int]
    returned: list[int]  # bit j: task j of the group had returned
    group: list[int]
    state: list[str]
    worker: list[int]
    released: list[float]
    started: list[float]
    finished: list[float]
    unslowed: list[float]
    batch: list[int]  # tasks that started together; 0 where none did
    busy: float  # worker-seconds from the first measured to the last arrival
    cost: float  # worker-seconds of measured groups


class Simulation:
    """The state of a run, and the steps that change it."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.layout, self.draws = plan, plan.layout, plan.draws
        self.protocol, self.on_devices = plan.protocol, plan.fleet.device.size > 0
        count, groups, width = plan.draws.arrival.size, plan.draws.luck.shape[0], plan.layout.tasks
        self.now = -math.inf
        self.arrival = [math.nan] * count
        self.completion = [math.nan] * count
        self.path = [NOWHERE] * count
        self.returned = [0] * count
        self.group_of = [NOWHERE] * count
        self.client = [NOWHERE] * count
        self.groups: list[Group] = []
        self.tasks = [Task(i, i // width, i % width) for i in range(groups * width)]
        self.jobs: list[Job] = []
        self.batches: list[Batch] = []
        self.arrived = 0
        self.joined = 0
        self.begun: dict[int, int] = {}  # batches that a worker has begun
        self.next_in_pool: dict[tuple[int, ...], int] = {}
        clients = plan.protocol.clients
        self.sends = [0.0] * clients  # when each client of a closed loop sends its next round
        self.sent = [0] * clients  # of the round that it is sending
        self.awaits = [0] * clients
        self.answered_in_step: set[int] = set()
        self.last_sent: dict[int, int] = {}

    def run(self) -> Answers:
        """Do passes until nothing is pending."""
        while (now := min(self.pending(), default=math.inf)) < math.inf:
            assert now >= self.now
            self.now = now
            self.credit_finished()
            self.answer_decoded()
            self.release_due()
            self.cancel_useless()
            self.start_tasks()
            self.start_jobs()
        tasks = self.tasks
        return Answers(
            self.arrival,
            self.completion,
            self.path,
            self.returned,
            self.group_of,
            [task.state for task in tasks],
            [task.worker for task in tasks],
            [task.released for task in tasks],
            [task.started for task in tasks],
            [task.finished for task in tasks],
            [task.unslowed for task in tasks],
            [len(task.batch.tasks) if task.batch else 0 for task in tasks],
            self.busy(),
            self.cost(),
        )

    def busy(self) -> float:
        """Return the worker-seconds between the first measured and the last arrival."""
        low, high = self.arrival[self.protocol.warm_up], self.arrival[-1]
        return sum(
            max(0.0, min(high, batch.kept_until()) - max(low, batch.started))
            for batch in self.batches
        )

    def cost(self) -> float:
        """Return the worker-seconds of groups whose first request is past the warm-up."""
        total = 0.0
        for batch in self.batches:
            each = (batch.kept_until() - batch.started) / len(batch.tasks)
            for task in batch.tasks:
                if self.groups[task.group].first >= self.protocol.warm_up:
                    total += each
        return total

    # What is pending.

    def pending(self) -> Iterator[float]:
        """Yield all times at which something is due."""
        yield self.next_arrival()
        for group in self.groups:
            yield self.closes(group)
            yield self.deadline(group)
        for job in self.jobs:
            yield job.ends
        yield from self.pending_of_tasks()
        for worker in range(self.plan.fleet.speed.size):
            if (first := self.first_in_queue(worker)) and self.has_slot(worker):
                yield first.joined + self.protocol.wait

    def pending_of_tasks(self) -> Iterator[float]:
        """Yield all times at which something is due of a task."""
        for task in self.tasks:
            if task.state == PENDING:
                yield task.due
            if task.state == ON_ITS_WAY:
                yield task.joins
            if task.state == SERVING:
                yield task.ends
            if task.state == RETURNING:
                yield task.credited
            if self.stoppable(task):
                yield task.useless
            if task.state in (*UNSTARTED, SERVING):
                yield task.expires

    def next_arrival(self) -> float:
        """Return when the next request arrives."""
        if self.arrived == len(self.arrival):
            return math.inf
        if self.protocol.clients:
            return min(self.sends)
        return float(self.draws.arrival[self.arrived])

    def closes(self, group: Group) -> float:
        """Return when a group stops waiting for members."""
        return group.opened + self.protocol.fill_timeout if group.phase == FILLING else math.inf

    def deadline(self, group: Group) -> float:
        """Return when a group that completes together stops waiting for its tasks."""
        together = self.layout.together and group.phase == AWAITED
        return group.full + self.layout.deadline if together else math.inf

    def stoppable(self, task: Task) -> bool:
        """Return whether a cancel that arrives would stop the task."""
        cancel = self.protocol.cancel
        if cancel == NEVER:
            return False
        return task.state in (PENDING, *UNSTARTED) or (cancel == RUNNING and task.state == SERVING)

    # (a) finished tasks are credited.

    def credit_finished(self) -> None:
        """Free the workers of tasks that finish now, and credit results that are back."""
        self.answered_in_step = set()
        credited: set[int] = set()
        for task in self.tasks:
            if task.state == SERVING and task.ends == self.now:
                task.state, task.finished = RETURNING, self.now
                task.credited = self.now + self.drawn(
                    task, self.draws.own_from, self.draws.back, 0.0
                )
            if task.state == RETURNING and task.credited == self.now:
                task.state = FINISHED
                self.credit(task)
                credited.add(task.group)
        for group in (self.groups[g] for g in sorted(credited)):
            if self.layout.together:  # what came at the same time is all there
                self.settle(group)
            elif self.layout.once and group.ready:  # and the first in order is taken up
                self.recover(group, min(group.ready))

    def credit(self, task: Task) -> None:
        """Count the task in its recoveries; answer, or ask for a decode, where that suffices."""
        group, gives = self.groups[task.group], self.gives(task.place)
        if gives in group.given:
            return  # an alternative of it was here before
        group.given.add(gives)
        for r in self.recoveries_of(task.place):
            group.count[r] += 1
            if not self.layout.together or group.phase in (AWAITED, FILLING, LATE):
                group.came[r].append(gives)
            if group.count[r] == self.layout.threshold[r] and not self.layout.together:
                if self.layout.once:
                    group.ready.append(r)
                else:
                    self.recover(group, r)

    def recover(self, group: Group, r: int) -> None:
        """Answer by a recovery that has just been met, after its decode."""
        if self.layout.once and group.recovered:
            return
        group.recovered = True
        length = self.decode_length(group, r)
        if length == 0:
            self.answer_by(group, r)
        elif not self.all_answered(group, r):
            self.ask(Job(group, r, length))

    def answer_by(self, group: Group, r: int) -> None:
        """Answer what the recovery answers; within one step the first in order wins."""
        for request in self.answers_of(group, r):
            self.answer(request, r)

    def answer(self, request: int, path: int) -> None:
        """Answer a request; its client goes on when the last of a round is answered."""
        if not math.isnan(self.completion[request]):
            if request in self.answered_in_step:
                self.path[request] = min(path, self.path[request])
                self.note(request, self.path[request])
            return
        self.completion[request], self.path[request] = self.now, path
        self.note(request, path)
        self.answered_in_step.add(request)
        client = self.client[request]
        if client == NOWHERE:
            return
        self.awaits[client] -= 1
        if self.awaits[client] == 0:
            think = self.draws.think
            self.sends[client] = self.now + (
                float(think[self.last_sent[client]]) if think.size else 0.0
            )

    def note(self, request: int, path: int) -> None:
        """Note which tasks the way to an answer had: its first, or all of a group that waits."""
        if path < self.layout.threshold.size:
            came = self.groups[self.group_of[request]].came[path]
            enough = len(came) if self.layout.together else int(self.layout.threshold[path])
            self.returned[request] = sum(1 << place for place in came[:enough])

    # Groups that complete together.

    def settle(self, group: Group) -> None:
        """Complete the group if all that it waits for is there."""
        layout, tasks = self.layout, self.tasks_of(group)
        if group.phase == AWAITED:
            regular = [t for t in tasks[: layout.regular] if self.exists(group, t)]
            if {self.gives(t.place) for t in regular} <= group.given:
                self.fill(group)
        elif group.phase == LATE:
            self.fill(group)
        elif group.phase == RESENT and all(
            tasks[layout.regular + i].state == FINISHED for i in group.late
        ):
            self.complete(group)

    def fill(self, group: Group) -> None:
        """Take each answer from the first way that has its tasks; send anew, or wait, if none has.

        This is done when all tasks are in, at the deadline, and after it whenever one comes.
        """
        layout, tasks = self.layout, self.tasks_of(group)
        group.ways = [self.first_met(group, i) for i in range(group.members)]
        group.late = [i for i, way in enumerate(group.ways) if way == NOWHERE]
        own = tasks[: min(group.members, layout.own)]
        group.served_by = [t.worker for t in own]
        group.on_time = [t.worker for t in own if t.state == FINISHED]
        lengths = {r: self.decode_length(group, r) for r in group.ways if r != NOWHERE}
        decoded = [r for r, length in lengths.items() if length > 0]
        if group.late and layout.resend:
            group.phase = RESENT
            for i in group.late:
                group.ways[i] = layout.threshold.size
                self.release(tasks[layout.regular + i], self.now)
        elif group.late:
            group.phase = LATE
        elif decoded:
            group.phase = DECODING
            self.ask(Job(group, decoded[0], lengths[decoded[0]]))
        else:
            self.complete(group)

    def first_met(self, group: Group, i: int) -> int:
        """Return the first recovery that answers a member and has its tasks; -1 if none has."""
        met = range(self.layout.threshold.size)
        ways = [r for r in met if group.count[r] >= self.layout.threshold[r]]
        return next((r for r in ways if group.first + i in self.answers_of(group, r)), NOWHERE)

    def complete(self, group: Group) -> None:
        """Answer all requests of a group, each by its way."""
        group.phase = SETTLED
        for i, way in enumerate(group.ways):
            self.answer(group.first + i, way)

    # (b) decodes that end now answer their requests.

    def answer_decoded(self) -> None:
        """End the decodes that are due, by group and recovery."""
        self.answered_in_step = set()
        done = [job for job in self.jobs if job.ends == self.now and job.recovery != NOWHERE]
        for job in sorted(done, key=lambda job: (job.group.id, job.recovery)):
            self.jobs.remove(job)
            if self.layout.together:
                self.complete(job.group)
            else:
                self.answer_by(job.group, job.recovery)

    def ask(self, job: Job) -> None:
        """Ask the master for a job: it begins at once, or in step (d) where cores are few."""
        if not self.protocol.cores:
            job.running, job.ends = True, self.now + job.length
        self.jobs.append(job)

    # (c) releases due join their queue.

    def release_due(self) -> None:
        """Do all that is due in this step, the least id first."""
        while due := list(self.due_releases()):
            _, kind, what = min(due, key=lambda item: item[:2])
            if kind == 0:
                self.arrive()
            elif kind == 1:
                self.close(self.groups[what])
            elif kind == 2:
                self.end_encode(self.groups[what])
            elif kind == 3:
                self.fill(self.groups[what])
            elif kind == 4:
                self.release_later(self.tasks[what])
            else:
                self.join(self.tasks[what])

    def due_releases(self) -> Iterator[tuple[int, int, int]]:
        """Yield (id, kind, which) of all that is due in step (c)."""
        layout, now = self.layout, self.now
        if self.next_arrival() <= now:
            filling = self.groups and self.groups[-1].phase == FILLING
            number = len(self.groups) - bool(filling)
            place = min(self.groups[-1].members, layout.own) if filling else 0
            yield number * layout.tasks + place, 0, 0
        for group in self.groups:
            base = group.id * layout.tasks
            if self.closes(group) <= now:
                yield base + layout.own, 1, group.id
            if self.deadline(group) <= now:
                yield base + layout.own, 3, group.id
        for job in self.jobs:
            if job.ends <= now and job.recovery == NOWHERE:
                yield job.group.id * layout.tasks + layout.own, 2, job.group.id
        for task in self.tasks:
            if task.state == PENDING and task.due <= now:
                yield task.id, 4, task.id
            if task.state == ON_ITS_WAY and task.joins <= now:
                yield task.id, 5, task.id

    def arrive(self) -> None:
        """Let the next request arrive, in a closed loop from a client that has a round to send."""
        client = NOWHERE
        if self.protocol.clients:
            client = self.sends.index(min(self.sends))
            self.sent[client] += 1
            self.awaits[client] += 1
            if self.sent[client] == self.protocol.round:
                self.sends[client], self.sent[client] = math.inf, 0
        self.admit(client)

    def admit(self, client: int) -> None:
        """Take the next request into the group that is filling."""
        request = self.arrived
        self.arrived += 1
        self.arrival[request], self.client[request] = self.now, client
        self.last_sent[client] = request
        if not self.groups or self.groups[-1].phase != FILLING:
            count = [0] * self.layout.threshold.size
            group = Group(len(self.groups), request, opened=self.now, count=count)
            group.came = [[] for _ in count]
            self.groups.append(group)
        group = self.groups[-1]
        self.group_of[request] = group.id
        group.members += 1
        if self.layout.own:
            self.release(self.tasks_of(group)[group.members - 1], self.now)
        if group.members == self.layout.requests or self.arrived == len(self.arrival):
            self.close(group)

    def close(self, group: Group) -> None:
        """Release what is released when a group is full."""
        group.phase, group.full = AWAITED, self.now
        for place in range(group.members, self.layout.own):
            for r in self.recoveries_of(place):
                group.count[r] += 1  # a blank is known: it counts as credited
                group.came[r].append(place)
        tasks = self.tasks_of(group)
        redundant = tasks[self.layout.own : self.layout.regular]
        for task in redundant:
            if self.layout.when[task.place] == AT_FULL:
                self.release(task, self.now)
        due, later = self.now, int(self.layout.next_later[0])
        while later != NOWHERE:  # one after the other: none is skipped, whatever becomes of others
            assert self.layout.when[later] == LATER
            due += float(self.layout.gap[later])
            tasks[later].due = due
            later = int(self.layout.next_later[later + 1])
        if any(self.layout.when[task.place] == ENCODED for task in redundant):
            encode = self.draws.encode
            length = float(encode[group.id]) if encode.size else 0.0
            if length == 0:
                self.release_encoded(group)
            else:
                self.ask(Job(group, NOWHERE, length))

    def end_encode(self, group: Group) -> None:
        """End the encode of a group."""
        self.jobs = [j for j in self.jobs if j.group is not group or j.recovery != NOWHERE]
        self.release_encoded(group)

    def release_encoded(self, group: Group) -> None:
        """Release the tasks that waited for the encode."""
        for task in self.tasks_of(group):
            if self.layout.when[task.place] == ENCODED and task.state == PENDING:
                self.release(task, self.now)

    def release_later(self, task: Task) -> None:
        """Release a hedge or the next attempt, if it is still needed and allowed."""
        group, due = self.groups[task.group], task.due
        task.due = math.inf
        hedged = sum(g.hedged for g in self.groups)
        allowed = group.hedged or hedged + 1 <= self.layout.budget * self.arrived
        if self.needed(task) and allowed:
            group.hedged = True
            self.release(task, due)
        else:
            task.state = SKIPPED

    def release(self, task: Task, released: float) -> None:
        """Send a task to its worker."""
        task.state, task.released = ON_ITS_WAY, released
        task.joins = released + self.drawn(task, self.draws.own_to, self.draws.to, 0.0)
        task.expires = released + float(self.layout.expires[task.place])

    def join(self, task: Task) -> None:
        """Put a task that has come through the network into a queue."""
        self.joined += 1
        task.state, task.turn, task.joined = QUEUED, self.joined, self.now
        if not self.protocol.shared:
            task.worker = self.place(task)

    # Placement.

    def place(self, task: Task) -> int:
        """Return the worker of a task that joins."""
        layout, protocol, draws = self.layout, self.protocol, self.draws
        luck = self.drawn(task, draws.own_luck, draws.luck, 0.0)
        if protocol.placement == SCRIPTED:
            scripted = int(self.drawn(task, draws.own_worker, draws.worker, NOWHERE))
            if scripted != NOWHERE:
                return scripted
        if task.place >= layout.regular:
            candidates = self.resend_workers(task)
            if candidates:
                return candidates[int(luck * len(candidates))]
        if protocol.placement == FIXED:
            return task.place % self.plan.fleet.speed.size
        return self.choose(self.pool(task), self.free(task), luck)

    def choose(self, pool: list[int], free: list[int], luck: float) -> int:
        """Return one of the free workers of a pool."""
        n, placement = len(free), self.protocol.placement
        if placement in (RANDOM, SCRIPTED):
            return free[int(luck * n)]
        if placement == ROUND_ROBIN:
            turn = self.next_in_pool.get(tuple(pool), 0)
            order = pool[turn:] + pool[:turn]
            worker = next(w for w in order if w in free)
            self.next_in_pool[tuple(pool)] = (pool.index(worker) + 1) % len(pool)
            return worker
        if placement == SHORTEST_QUEUE:
            least = min(self.queue_length(w) for w in free)
            ties = [w for w in free if self.queue_length(w) == least]
            return ties[int(luck * len(ties))]
        if n == 1:
            return free[0]
        a = int(luck * n)
        b = int((luck * n - a) * (n - 1))
        b += b >= a
        one, other = free[a], free[b]
        return one if self.queue_length(one) <= self.queue_length(other) else other

    def pool(self, task: Task) -> list[int]:
        """Return the workers that may serve a task, in order."""
        fleet, pool = self.plan.fleet, self.layout.pool[task.place]
        return list(range(int(fleet.pool_first[pool]), int(fleet.pool_stop[pool])))

    def free(self, task: Task) -> list[int]:
        """Return the workers of the pool without a task of the group; all, if there are none."""
        pool = self.pool(task)
        if not self.protocol.distinct:
            return pool
        siblings = self.tasks_of(self.groups[task.group])[: self.layout.regular]
        taken = {t.worker for t in siblings}
        return [w for w in pool if w not in taken] or pool

    def queue_length(self, worker: int) -> int:
        """Return how many tasks wait at a worker or are in service there."""
        return sum(t.worker == worker and t.state in (QUEUED, SERVING) for t in self.tasks)

    def resend_workers(self, task: Task) -> list[int]:
        """Return the workers of on-time own tasks, else of the group's other own tasks."""
        group, mine = self.groups[task.group], task.place - self.layout.regular
        workers = group.served_by
        on_time = group.on_time
        known = [w for w in workers if w != NOWHERE]
        others = [w for w in known if w != workers[mine]]
        rest = [w for w in self.pool(task) if w not in known] if known else []
        return on_time or others or rest or known

    # (d) tasks no longer needed are cancelled, idle workers and cores start.

    def cancel_useless(self) -> None:
        """Stop tasks that have expired, and those whose cancel has arrived."""
        for task in self.tasks:
            if not self.cancellable(task):
                continue
            if task.useless == math.inf and not self.needed(task):
                task.useless = self.now + self.protocol.cancel_delay
            arrived = task.useless <= self.now and self.stoppable(task)
            if arrived or task.expires <= self.now:
                self.stop(task)

    def cancellable(self, task: Task) -> bool:
        """Return whether the task is queued, in service, or on its way to being so."""
        if task.state == PENDING:
            sent = task.due < math.inf or self.layout.when[task.place] == ENCODED
            return (
                sent and task.group < len(self.groups) and self.groups[task.group].phase != FILLING
            )
        return task.state in (*UNSTARTED, SERVING)

    def stop(self, task: Task) -> None:
        """Cancel a task, queued or in service."""
        task.state = STOPPED if task.state == SERVING else DROPPED
        task.finished = self.now

    def needed(self, task: Task) -> bool:
        """Return whether an unanswered request still waits for the task."""
        group = self.groups[task.group]
        if self.layout.once and group.recovered:
            return False
        if self.gives(task.place) in group.given:
            return False
        if self.layout.together and group.phase in (RESENT, DECODING, SETTLED):
            return group.phase == RESENT and task.place >= self.layout.regular
        return any(
            group.count[r] < self.layout.threshold[r] and not self.all_answered(group, r)
            for r in self.recoveries_of(task.place)
        ) or (self.layout.together and group.phase in (FILLING, AWAITED, LATE))

    def start_tasks(self) -> None:
        """Let the first worker that may start a batch do so, until there is none.

        A start may drop the first of another queue, so that a full batch is what comes first there.
        Of instances on devices the first is the one whose task has been queued for longest.
        """
        workers = range(self.plan.fleet.speed.size)
        while able := [(w, first) for w in workers if (first := self.ready(w))]:
            worker, first = able[0]
            if self.on_devices:
                worker, first = min(able, key=lambda pair: (pair[1].joined, pair[0]))
            self.start(worker, self.taken(worker, first))

    def ready(self, worker: int) -> Task | None:
        """Return the first task of the queue, if the worker has a slot and need not wait."""
        first = self.first_in_queue(worker)
        if first is None or not self.has_slot(worker):
            return None
        full = len(self.like(worker, first)) >= self.most(worker)
        return first if full or self.now >= first.joined + self.protocol.wait else None

    def taken(self, worker: int, first: Task) -> Batch:
        """Take tasks of the first one's model out of the queue; what they make useless is not."""
        batch = Batch(worker, self.now)
        self.batches.append(batch)
        while len(batch.tasks) < self.most(worker) and (queue := self.like(worker, first)):
            task = queue[0]
            batch.tasks.append(task)
            task.worker, task.state, task.started, task.batch = worker, SERVING, self.now, batch
            if self.protocol.cancel == ON_START:
                self.drop_siblings(task)
        return batch

    def start(self, worker: int, batch: Batch) -> None:
        """Let all tasks of a batch take as long as it takes."""
        unslowed, time = self.service(batch, worker)
        self.begun[worker] = self.begun.get(worker, 0) + 1
        for task in batch.tasks:
            task.unslowed, task.ends = unslowed, self.now + time

    def service(self, batch: Batch, worker: int) -> tuple[float, float]:
        """Return how long the worker takes if it were not slow, and as slow as it is now."""
        slow = self.plan.slowness
        time = unslowed = self.batch_size(batch) / float(self.plan.fleet.speed[worker])
        time *= self.interference(worker)
        for part, tracks in enumerate(slow.track):
            k = tracks[worker]
            at, value = (x[slow.first[k] : slow.first[k + 1]] for x in (slow.at, slow.value))
            position = self.begun.get(worker, 0) if slow.stepped[part] else self.now - slow.origin
            reached = [v for a, v in zip(at, value, strict=True) if a <= position % slow.period[k]]
            combine = (time * reached[-1], time + reached[-1], max(time, reached[-1]))
            time = float(combine[self.protocol.combine])
        return unslowed, time

    def interference(self, worker: int) -> float:
        """Return the factor of a service that begins now, by all that its device then serves."""
        factors = self.plan.fleet.interference
        if not factors.size:
            return 1.0
        device = int(self.plan.fleet.device[worker])
        return float(factors[device, self.serving_on(device) - 1])

    def serving_on(self, device: int) -> int:
        """Return how many instances of a device have a batch in service."""
        on = self.plan.fleet.device
        return sum(self.serving(w) for w in range(on.size) if on[w] == device)

    def serving(self, worker: int) -> int:
        """Return how many batches of a worker have a task that is still in service."""
        return sum(
            batch.worker == worker and any(task.state == SERVING for task in batch.tasks)
            for batch in self.batches
        )

    def has_slot(self, worker: int) -> bool:
        """Return whether a worker serves fewer batches than it has slots, and so its device."""
        fleet = self.plan.fleet
        if self.on_devices:
            device = int(fleet.device[worker])
            if self.serving_on(device) >= int(fleet.device_slots[device]):
                return False
        return self.serving(worker) < int(fleet.slots[worker])

    def most(self, worker: int) -> int:
        """Return how many tasks the worker takes at once."""
        return int(self.plan.fleet.most[worker]) if self.on_devices else self.protocol.most

    def first_in_queue(self, worker: int) -> Task | None:
        """Return the task that has been longest in the worker's queue."""
        return min(self.queue(worker), key=lambda t: t.turn, default=None)

    def like(self, worker: int, first: Task) -> list[Task]:
        """Return the queued tasks of the same model, in order."""
        model = self.plan.fleet.model
        same = [t for t in self.queue(worker) if model[t.place] == model[first.place]]
        return sorted(same, key=lambda t: t.turn)

    def queue(self, worker: int) -> list[Task]:
        """Return what is queued for a worker."""
        return [t for t in self.tasks if t.state == QUEUED and self.may_serve(worker, t)]

    def may_serve(self, worker: int, task: Task) -> bool:
        """Return whether the worker takes the task, once its turn has come."""
        return worker in self.pool(task) if self.protocol.shared else task.worker == worker

    def drop_siblings(self, task: Task) -> None:
        """Drop queued tasks of the group whose requests are answered or sure to be.

        So are those whose result one that has started gives as well: they add nothing.
        """
        if self.layout.together:
            return  # all of them are waited for
        group = self.groups[task.group]
        for sibling in self.tasks_of(group):
            resent = sibling.place >= self.layout.regular  # only it can answer its request
            if resent or sibling.state != QUEUED:
                continue
            if self.gives(sibling.place) in self.started(group) or all(
                self.sure(group, request)
                for r in self.recoveries_of(sibling.place)
                for request in self.answers_of(group, r)
            ):
                self.stop(sibling)

    def sure(self, group: Group, request: int) -> bool:
        """Return whether enough tasks have started to answer a request."""
        if not math.isnan(self.completion[request]):
            return True
        started = self.started(group)
        return any(
            sum(r in self.recoveries_of(place) for place in started) >= self.layout.threshold[r]
            for r in range(self.layout.threshold.size)
            if request in self.answers_of(group, r)
        )

    def started(self, group: Group) -> set[int]:
        """Return the results of tasks that have started, by the first who gives each, and blanks.

        A blank place, and the result of a task that has started, are sure to come.
        """
        tasks = self.tasks_of(group)
        sure = [t for t in tasks if t.state in STARTED or not self.exists(group, t)]
        return {self.gives(t.place) for t in sure}

    def start_jobs(self) -> None:
        """Let idle cores of the master start jobs in the order in which they were asked for."""
        self.jobs = [
            job
            for job in self.jobs
            if job.running
            or job.recovery == NOWHERE
            or not self.all_answered(job.group, job.recovery)
        ]
        for job in self.jobs:
            busy = sum(other.running for other in self.jobs)
            if not job.running and busy < self.protocol.cores:
                job.running, job.ends = True, self.now + job.length

    # Looking things up.

    def tasks_of(self, group: Group) -> list[Task]:
        """Return the tasks of a group by place."""
        width = self.layout.tasks
        return self.tasks[group.id * width : (group.id + 1) * width]

    def exists(self, group: Group, task: Task) -> bool:
        """Return whether a place of the group is no blank."""
        filling = group.phase == FILLING
        return filling or task.place >= self.layout.own or task.place < group.members

    def gives(self, place: int) -> int:
        """Return the first task that gives the result of this one; itself if it is no other's."""
        return int(self.layout.gives[place])

    def recoveries_of(self, place: int) -> list[int]:
        """Return the recoveries that a task is part of."""
        first, stop = self.layout.task_recoveries_from[place : place + 2]
        return [int(r) for r in self.layout.task_recoveries[first:stop]]

    def answers_of(self, group: Group, r: int) -> list[int]:
        """Return the requests that a recovery of the group answers."""
        first, stop = self.layout.answers_from[r : r + 2]
        return [group.first + int(i) for i in self.layout.answers[first:stop] if i < group.members]

    def all_answered(self, group: Group, r: int) -> bool:
        """Return whether all that the recovery answers is answered."""
        return not any(math.isnan(self.completion[i]) for i in self.answers_of(group, r))

    def decode_length(self, group: Group, r: int) -> float:
        """Return how long the recovery decodes."""
        column = self.layout.decode_column[r]
        return 0.0 if column == NOWHERE else float(self.draws.decode[group.id, column])

    def batch_size(self, batch: Batch) -> float:
        """Return the time that a batch takes at speed 1: by its first task, and how many it is."""
        fleet, first, many = self.plan.fleet, batch.tasks[0], len(batch.tasks)
        size, growth = self.size(first), self.protocol.growth
        book = int(fleet.book[first.place])
        if book != NOWHERE:
            row = int(fleet.machine[book, batch.worker])
            if fleet.by_batch[book]:
                row += many - 1
            size = float(np.interp(size, fleet.levels[book], fleet.values[book, row]))
        if book == NOWHERE or not fleet.by_batch[book]:
            alone = 1.0 + growth * (many - 1)
            size *= float(fleet.multiple[batch.worker, many - 1]) if self.on_devices else alone
        added = self.draws.added
        return size + sum(self.drawn(task, np.empty(0), added, 0.0) for task in batch.tasks)

    def size(self, task: Task) -> float:
        """Return the size of a task, or its level; a resend or a shared size is the own one."""
        size = self.drawn(task, self.draws.own_size, self.draws.size, math.nan)
        if math.isnan(size):
            member = max(task.place - self.layout.regular, 0)
            size = float(self.draws.own_size[self.groups[task.group].first + member])
        return size

    def drawn(
        self, task: Task, own: NDArray[Any], redundant: NDArray[Any], default: float
    ) -> float:
        """Return what was drawn for a task, from the column of own or of redundant tasks."""
        if task.place < self.layout.own:
            return float(own[self.groups[task.group].first + task.place]) if own.size else default
        return (
            float(redundant[task.group, task.place - self.layout.own])
            if redundant.size
            else default
        )


def simulate(plan: Plan) -> Answers:
    """Return what becomes of all requests and tasks of a plan."""
    return Simulation(plan).run()
