"""The readable engine: SimPy keeps the time, and an instant is settled in four steps.

Whatever happens after a delay falls due in a step of its instant; when SimPy has nothing more at
that time, ``settle`` takes the steps in order, each by id. Slow, and meant to be checked by eye.
"""

from collections import deque
from heapq import heappop, heappush

import numpy as np
import simpy

from strag_sim import rules
from strag_sim.rules import (
    CANCEL_ARRIVES,
    CLOSE,
    CREDIT,
    DEADLINE,
    DECODED,
    DECODING,
    DONE,
    ENCODE_END,
    EXPIRES,
    GATHERING,
    JOIN,
    LATE,
    RELEASE,
    RESENT,
    SEND,
    STOP,
)
from strag_sim.tables import (
    AT_FULL,
    BUSY,
    COMPLETE,
    COST,
    DROPPED,
    ENCODED,
    FINISHED,
    FIRST,
    FIXED,
    INTERRUPTED,
    MEMBERS,
    NEVER,
    NOWHERE,
    ON_START,
    PENDING,
    RETURNING,
    ROUND_ROBIN,
    RUNNING,
    SCRIPTED,
    SERVING,
    SPARE,
    STOPPED,
    STUCK,
    UNANSWERED,
    USED,
    USEFUL,
    WAITING,
    Outcome,
    Plan,
    empty_log,
)

FINISH, ARRIVE = -1, 4  # what falls due besides the steps of the rules: finishes and clients
SETTLE_LAST = 2  # SimPy's own events have priorities 0 and 1


def run(plan: Plan, record: bool = False, stop: np.ndarray | None = None) -> Outcome:
    """Run a plan, which is not changed, to its outcome; see ``compiled.run``."""
    return Simulation(plan, stop).outcome(record)


class Simulation:
    """One run: its state, and one method for each thing that happens."""

    def __init__(self, plan: Plan, stop: np.ndarray | None) -> None:
        self.layout, self.fleet, self.protocol, self.draws, *_ = plan
        self.stop_flag = stop
        requests, groups = self.draws.arrival.size, self.draws.luck.shape[0]
        tasks, recoveries = groups * self.layout.tasks, self.layout.threshold.size
        self.arrival = self.draws.arrival.copy()
        self.completion = np.full(requests, np.nan)
        self.path = np.full(requests, NOWHERE, np.int16)
        self.group_of = np.full(requests, NOWHERE, np.int32)
        self.groups = np.zeros((groups, 3), np.int32)
        self.counts = np.zeros((groups, recoveries), np.int64)
        self.started_counts = np.zeros((groups, recoveries), np.int64)
        self.phase = [GATHERING] * groups
        self.left: dict[int, int] = {}
        self.log = empty_log(tasks)
        self.state, self.worker_of = self.log.state, self.log.worker
        self.spent = np.full(tasks, np.nan)
        self.doomed: set[int] = set()
        self.hedged: set[int] = set()
        self.touched: set[int] = set()
        self.totals, self.window = np.zeros(3), np.full(2, np.inf)
        self.arrived = self.filling = self.measured = self.to_send = self.sender = 0
        self.preset: dict[int, int] = {}

        self.workers = self.fleet.speed.size
        self.queues: list[deque[int]] = [deque() for _ in range(max(self.workers, 2))]
        self.length = np.zeros(self.workers, np.int64)
        self.busy = np.zeros(self.workers, np.int64)
        self.turn = self.fleet.pool_first.copy()
        self.jobs: deque[tuple[int, int, float]] = deque()
        self.busy_cores = 0
        self.client_of: dict[int, int] = {}
        self.awaited = [0] * self.protocol.clients

        self.env = simpy.Environment()
        self.due: dict[int, list[tuple[int, ...]]] = {
            step: [] for step in (FINISH, CREDIT, DECODED, RELEASE, STOP, ARRIVE)
        }
        self.settling = False

    def outcome(self, record: bool) -> Outcome:
        """Run to the end."""
        if self.protocol.clients:
            for client in range(self.protocol.clients):
                self.after(0.0, ARRIVE, client)
        else:
            for r, time in enumerate(self.draws.arrival):
                self.after(float(time), ARRIVE, r)
        code = COMPLETE
        while self.env.peek() < np.inf and code == COMPLETE:
            self.env.step()
            if self.stop_flag is not None and self.stop_flag[0]:
                code = INTERRUPTED
        if code == COMPLETE and np.isnan(self.completion).any():
            code = STUCK
        return Outcome(
            code,
            self.arrival,
            self.completion,
            self.path,
            self.group_of,
            self.totals,
            self.window,
            self.measured,
            self.log if record else None,
        )

    # --- time ---------------------------------------------------------------------------------

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
            self.env.schedule(instant, priority=SETTLE_LAST)

    def settle(self) -> None:
        """Settle this instant: the steps in order, until nothing more is due."""
        while any(self.due.values()):
            self.answer_credited(self.credit_finished())
            self.answer_decoded()
            self.release_due()
            self.cancel_unneeded()
            self.start_idle()
        self.settling = False

    # --- (a) finished tasks are credited --------------------------------------------------------

    def credit_finished(self) -> set[tuple[int, int]]:
        """Credit what has finished; return the (group, recovery) that now have their tasks."""
        ready: set[tuple[int, int]] = set()
        while self.due[FINISH]:
            (t,) = heappop(self.due[FINISH])
            if self.state[t] != SERVING:
                continue  # it was stopped
            self.state[t] = RETURNING
            self.leave(t)
            self.spent[t] = self.env.now - self.log.started[t]
            back = self.network(self.draws.own_from, self.draws.back, t)
            if back is None:
                ready |= self.credit(t)
            else:
                self.after(back, CREDIT, t)
        while self.due[CREDIT]:
            ready |= self.credit(heappop(self.due[CREDIT])[0])
        return ready

    def credit(self, t: int) -> set[tuple[int, int]]:
        """Count a finished task; return the recoveries that have their tasks by it."""
        g, place = divmod(t, self.layout.tasks)
        ready, useful = set(), False
        self.state[t] = FINISHED
        for recovery in self.recoveries_of(place):
            self.counts[g, recovery] += 1
            useful |= self.counts[g, recovery] <= self.layout.threshold[recovery]
            if self.counts[g, recovery] == self.layout.threshold[recovery]:
                ready.add((g, recovery))
        if self.layout.together:
            useful = self.credit_together(g, place)
            ready = {(g, 0)}
        if not useful:
            self.state[t] = SPARE
        return ready

    def credit_together(self, g: int, place: int) -> bool:
        """Count a task of a group that completes together; is it in time to be of use?"""
        resent = place >= self.layout.regular
        if resent or self.phase[g] == GATHERING:
            self.left[g] = self.left.get(g, 0) - 1
        return resent or self.phase[g] in (GATHERING, LATE)

    def answer_credited(self, ready: set[tuple[int, int]]) -> None:
        """Answer, or begin to decode, in the order of the shape."""
        for g, recovery in sorted(ready):
            if self.layout.together:
                self.look_at_group(g)
                continue
            self.touched.add(g)
            decode = self.decode_time(g, recovery)
            if decode == 0:
                self.answer(g, recovery)
            elif self.listed_unanswered(g, recovery):
                self.master(DECODED, g * self.layout.threshold.size + recovery, decode)

    def answer(self, g: int, recovery: int) -> None:
        """Answer the members of a group that the recovery can, and mark what it used."""
        if self.listed_unanswered(g, recovery):
            for r in self.listed(g, recovery):
                if np.isnan(self.completion[r]):
                    self.groups[g, UNANSWERED] -= 1
                    self.path[r] = recovery
                    self.complete(r)
            self.note_useful(g, self.mark_used(g, recovery))
            self.touched.add(g)

    def mark_used(self, g: int, recovery: int) -> float:
        """Mark the tasks that an answer is made of, those counted before it; return their time."""
        tasks = self.slice(self.layout.recovery_tasks, self.layout.recovery_tasks_from, recovery)
        ids = [g * self.layout.tasks + place for place in tasks]
        counted = [t for t in ids if self.state[t] in (FINISHED, USED)]
        if self.layout.threshold[recovery] == 1 and self.decode_time(g, recovery) == 0:
            counted = counted[:1]
        return sum((self.use(t) for t in counted), 0.0)

    def use(self, t: int) -> float:
        """Mark a finished task as part of an answer; return its time, once."""
        if self.state[t] != FINISHED:
            return 0.0
        self.state[t] = USED
        return float(self.spent[t])

    def note_useful(self, g: int, spent: float) -> None:
        """Add the time of tasks that were part of an answer."""
        if self.is_measured(g):
            self.totals[USEFUL] += spent

    def complete(self, r: int) -> None:
        """Note the completion of a request, and let its client think when it was the last."""
        self.completion[r] = self.env.now
        if self.protocol.clients:
            client = self.client_of[r]
            self.awaited[client] -= 1
            if self.awaited[client] == 0:
                think = self.draws.think[r] if self.draws.think.size else 0.0
                self.after(think, ARRIVE, client)

    # --- groups that complete together ----------------------------------------------------------

    def look_at_group(self, g: int) -> None:
        """Complete a group when all its tasks are in (or all resends, or all that was late)."""
        self.touched.add(g)
        if self.phase[g] == RESENT and self.left[g] == 0:
            self.complete_group(g)
        elif (self.phase[g] == GATHERING and self.left[g] == 0) or self.phase[g] == LATE:
            self.choose_paths(g)

    def choose_paths(self, g: int) -> list[int]:
        """Give each member its first recovery that has its tasks; return those without one."""
        decoding = None
        missing = []
        for i in range(self.groups[g, MEMBERS]):
            recovery = rules.first_met(
                g,
                i,
                self.counts,
                self.layout.threshold,
                self.layout.request_recoveries,
                self.layout.request_recoveries_from,
            )
            self.path[self.groups[g, FIRST] + i] = recovery
            if recovery == NOWHERE:
                missing.append(i)
            elif self.decode_time(g, recovery) > 0:
                decoding = recovery
        if not missing and decoding is None:
            self.complete_group(g)
        elif not missing:
            self.phase[g] = DECODING
            code = g * self.layout.threshold.size + decoding
            self.master(DECODED, code, self.decode_time(g, decoding))
        return missing

    def complete_group(self, g: int) -> None:
        """Answer all members of a group at once."""
        self.phase[g] = DONE
        self.touched.add(g)
        self.groups[g, UNANSWERED] = 0
        spent = 0.0
        for i in range(self.groups[g, MEMBERS]):
            r = self.groups[g, FIRST] + i
            self.complete(r)
            if self.path[r] == self.layout.threshold.size:
                spent += self.use(g * self.layout.tasks + self.layout.regular + i)
            else:
                spent += self.mark_used(g, self.path[r])
        self.note_useful(g, spent)

    def reach_deadline(self, g: int) -> None:
        """Stop waiting: fill in what is late, or send it anew to workers that were on time."""
        if self.phase[g] != GATHERING:
            return
        self.touched.add(g)
        base = g * self.layout.tasks
        own = range(base, base + self.groups[g, MEMBERS])
        workers = np.array([self.worker_of[t] for t in own if self.worker_of[t] != NOWHERE])
        on_time = np.array([self.worker_of[t] for t in own if self.state[t] == FINISHED])
        missing = self.choose_paths(g)
        if missing:
            self.phase[g] = RESENT if self.layout.resend else LATE
        if missing and self.layout.resend:
            self.left[g] = len(missing)
            for i in missing:
                self.path[self.groups[g, FIRST] + i] = self.layout.threshold.size
                self.preset[base + self.layout.regular + i] = rules.resend_worker(
                    self.draws.luck[g, self.layout.regular + i - self.layout.own],
                    on_time,
                    workers,
                    self.worker_of[base + i],
                )
                self.send(base + self.layout.regular + i)

    # --- (b) decodes ------------------------------------------------------------------------------

    def answer_decoded(self) -> None:
        """Answer the requests whose decode ends now."""
        while self.due[DECODED]:
            (code,) = heappop(self.due[DECODED])
            g, recovery = divmod(code, self.layout.threshold.size)
            self.busy_cores -= 1
            if self.layout.together:
                self.complete_group(g)
            else:
                self.answer(g, recovery)

    def master(self, step: int, code: int, duration: float, kind: int = 0) -> None:
        """Let the master encode or decode, at once or when it has a core for it."""
        job = (step, code, kind, duration)
        if self.protocol.cores:
            self.jobs.append(job)
        else:
            self.begin(job)

    def begin(self, job: tuple[int, int, int, float]) -> None:
        """Let a core of the master begin a job."""
        step, code, kind, duration = job
        self.busy_cores += 1
        self.after(duration, step, *((code,) if step == DECODED else (code, kind)))

    # --- (c) releases -----------------------------------------------------------------------------

    def release_due(self) -> None:
        """Let arrivals, full groups, hedges and all else that is due join, by task id."""
        while self.due[RELEASE] or self.due[ARRIVE] or self.to_send:
            members = self.groups[self.filling, MEMBERS] if self.filling < len(self.groups) else 0
            key = self.filling * self.layout.tasks + (members if self.layout.own else 0)
            releases = self.due[RELEASE]
            if self.arrived == self.arrival.size:
                self.due[ARRIVE].clear()  # clients have nothing more to send
                self.to_send = 0
            arrives = bool(self.due[ARRIVE]) or self.to_send > 0
            if arrives and (not releases or key <= releases[0][0]):
                self.arrive()
            elif releases:
                self.release(*heappop(releases))

    def release(self, t: int, kind: int) -> None:
        """Do what is due for a task, or for the group that its id stands for."""
        g, place = divmod(t, self.layout.tasks)
        if kind == SEND:
            self.send_if_needed(g, place)
        elif kind == JOIN:
            self.join(t)
        elif kind == CLOSE and g == self.filling:
            self.close(g)
        elif kind == ENCODE_END:
            self.busy_cores -= 1
            self.send_all(g, ENCODED)
        elif kind == DEADLINE:
            self.reach_deadline(g)

    def arrive(self) -> None:
        """Let a request arrive; a client sends its round one after the other."""
        r, g = self.arrived, self.filling
        self.arrived += 1
        self.arrival[r] = self.env.now
        if self.to_send == 0:
            (self.sender,) = heappop(self.due[ARRIVE])
            self.to_send = max(self.protocol.round, 1)
        self.to_send -= 1
        if self.protocol.clients:
            self.client_of[r] = self.sender
            self.awaited[self.sender] += 1
        last = self.arrived == self.arrival.size
        if r == self.protocol.warm_up:
            self.window[0] = self.env.now
        if last:
            self.window[1] = self.env.now
        place = int(self.groups[g, MEMBERS])
        if place == 0:
            self.groups[g, FIRST] = r
            if self.protocol.fill_timeout < np.inf and self.layout.requests > 1:
                self.after(self.protocol.fill_timeout, RELEASE, self.mark(g), CLOSE)
        self.groups[g, MEMBERS] += 1
        self.groups[g, UNANSWERED] += 1
        self.group_of[r] = g
        if self.layout.own:
            self.send(g * self.layout.tasks + place)
        if place + 1 == self.layout.requests or last:
            self.close(g)

    def close(self, g: int) -> None:
        """Close a group, full or short, and send its redundant tasks on their way."""
        self.filling += 1
        members = int(self.groups[g, MEMBERS])
        self.measured += members if self.is_measured(g) else 0
        for place in range(members, self.layout.own):  # the results of blank places are known
            for recovery in self.recoveries_of(place):
                self.counts[g, recovery] += 1
        if self.layout.together:
            tasks = self.layout.regular - self.layout.own + members
            self.left[g] = self.left.get(g, 0) + tasks
            self.after(self.layout.deadline, RELEASE, self.mark(g), DEADLINE)
        self.send_all(g, AT_FULL)
        if (self.layout.when == ENCODED).any():
            encode = self.draws.encode[g] if self.draws.encode.size else 0.0
            if encode == 0:
                self.send_all(g, ENCODED)
            else:
                self.master(RELEASE, self.mark(g), encode, ENCODE_END)
        self.plan_later(g, self.layout.next_later[0])

    def plan_later(self, g: int, place: int) -> None:
        """Let the next task that is sent only if needed fall due after its gap."""
        if place != NOWHERE:
            task = g * self.layout.tasks + int(place)
            self.after(float(self.layout.gap[place]), RELEASE, task, SEND)

    def send_if_needed(self, g: int, place: int) -> None:
        """Send a hedge or another attempt if it is still needed and within the budget."""
        if not self.needed(g, place):
            return
        budget = self.layout.budget
        if g in self.hedged or rules.within_budget(len(self.hedged), self.arrived, budget):
            self.hedged.add(g)
            self.send(g * self.layout.tasks + place)
        self.plan_later(g, self.layout.next_later[place + 1])

    def send_all(self, g: int, when: int) -> None:
        """Send the redundant tasks of a group that go at this point."""
        for place in range(self.layout.own, self.layout.regular):
            if self.layout.when[place] == when:
                self.send(g * self.layout.tasks + place)

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
        self.state[t] = WAITING
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

    # --- (d) cancels and starts -------------------------------------------------------------------

    def cancel_unneeded(self) -> None:
        """Stop what has expired, what a cancel reaches now, and what is no longer needed."""
        stops: set[tuple[int, bool]] = set()
        while self.due[STOP]:
            t, kind = heappop(self.due[STOP])
            stops.add((t, kind == EXPIRES))
        if self.protocol.cancel != NEVER:
            for t in self.unneeded():
                if self.protocol.cancel_delay == 0:
                    stops.add((t, False))
                elif t not in self.doomed:
                    self.doomed.add(t)
                    self.after(self.protocol.cancel_delay, STOP, t, CANCEL_ARRIVES)
        self.touched.clear()
        for t, forced in sorted(stops):
            self.stop(t, forced)

    def unneeded(self) -> list[int]:
        """Return the tasks of the groups that changed which are no longer needed."""
        tasks = []
        for g in sorted(self.touched):
            for place in range(self.layout.tasks):
                t = g * self.layout.tasks + place
                blank = self.groups[g, MEMBERS] <= place < self.layout.own
                if self.state[t] in (PENDING, WAITING, SERVING) and not blank:
                    if self.layout.together:
                        wanted = rules.needed_together(self.phase[g], place, self.layout.regular)
                    else:
                        wanted = self.needed(g, place)
                    if not wanted:
                        tasks.append(t)
        return tasks

    def stop(self, t: int, forced: bool) -> None:
        """Drop a task that has not started; stop one in service, where that is the rule."""
        if self.state[t] == SERVING and (forced or self.protocol.cancel == RUNNING):
            self.leave(t)
            self.state[t] = STOPPED
            for recovery in self.recoveries_of(t % self.layout.tasks):
                self.started_counts[t // self.layout.tasks, recovery] -= 1
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
        """Free the worker of a task in service, and account for its time."""
        w, started, now = self.worker_of[t], self.log.started[t], self.env.now
        self.busy[w] -= 1
        if not self.protocol.shared:
            self.length[w] -= 1
        self.log.finished[t] = now
        self.totals[BUSY] += rules.overlap(started, now, *self.window)
        if self.is_measured(t // self.layout.tasks):
            self.totals[COST] += now - started

    def start_idle(self) -> None:
        """Let idle cores and idle workers start their next, workers in order."""
        while self.jobs and self.busy_cores < self.protocol.cores:
            job = self.jobs.popleft()
            g, recovery = divmod(job[1], self.layout.threshold.size)
            if job[0] != DECODED or self.listed_unanswered(g, recovery):
                self.begin(job)
        for w in range(self.workers):
            pool = int(self.fleet.pool_first[0] < self.fleet.pool_first[1] <= w)
            queue = self.queues[pool if self.protocol.shared else w]
            while queue and self.busy[w] < self.fleet.slots[w]:
                self.start(queue.popleft(), w)

    def start(self, t: int, w: int) -> None:
        """Start a task on a worker."""
        g, place = divmod(t, self.layout.tasks)
        self.state[t], self.worker_of[t], self.log.started[t] = SERVING, w, self.env.now
        self.busy[w] += 1
        size = self.size(g, place)
        book = self.fleet.book[place]
        if book >= 0:
            machine = self.fleet.machine[book, w]
            size = rules.table_size(size, self.fleet.levels[book], self.fleet.values[book, machine])
        service = float(rules.service_time(size, self.fleet.speed[w]))
        self.log.service[t] = service
        self.after(service, FINISH, t)
        for recovery in self.recoveries_of(place):
            self.started_counts[g, recovery] += 1
        if self.protocol.cancel == ON_START:
            for sibling in range(self.layout.tasks):
                u = g * self.layout.tasks + sibling
                if self.state[u] == WAITING and self.covered(g, sibling):
                    self.drop(u)

    # --- the plan, looked up ----------------------------------------------------------------------

    def size(self, g: int, place: int) -> float:
        """Return the size of a task; a copy or a resend may have that of the own task."""
        first, own = self.groups[g, FIRST], self.layout.own
        if place < own:
            return float(self.draws.own_size[first + place])
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
        one_pool = self.fleet.pool_first[0] == self.fleet.pool_first[1]
        return 0 if one_pool else int(self.layout.pool[t % self.layout.tasks])

    def mark(self, g: int) -> int:
        """Return the id that stands for a group in the order of an instant."""
        return g * self.layout.tasks + min(self.layout.own, self.layout.tasks - 1)

    def is_measured(self, g: int) -> bool:
        """Does cost count the group? It does if none of its requests is of the warm-up."""
        return bool(self.groups[g, FIRST] >= self.protocol.warm_up)

    def slice(self, flat: np.ndarray, bounds: np.ndarray, row: int) -> list[int]:
        """Return one row of lists that lie end to end."""
        return [int(x) for x in flat[bounds[row] : bounds[row + 1]]]

    def recoveries_of(self, place: int) -> list[int]:
        """Return the recoveries that list a task."""
        return self.slice(self.layout.task_recoveries, self.layout.task_recoveries_from, place)

    def listed(self, g: int, recovery: int) -> list[int]:
        """Return the requests of a group that a recovery answers, blank places left out."""
        places = self.slice(self.layout.answers, self.layout.answers_from, recovery)
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
