"""A run of the readable engine: an instant is settled in four steps.

Whatever happens after a delay falls due in a step of its instant; when SimPy has nothing more at
that time, ``settle`` takes the steps in order, each by id. Slow, and meant to be checked by eye.
"""

from heapq import heappop

import numpy as np

from strag_sim import rules
from strag_sim.engines.reference.answers import Answers
from strag_sim.engines.reference.workers import ARRIVE
from strag_sim.rules import (
    CANCEL_ARRIVES,
    CLOSE,
    DEADLINE,
    ENCODE_END,
    EXPIRES,
    GATHERING,
    JOIN,
    LATE,
    RELEASE,
    RESENT,
    RIPE,
    SEND,
    STOP,
)
from strag_sim.tables import (
    AT_FULL,
    COMPLETE,
    ENCODED,
    FINISHED,
    FIRST,
    INTERRUPTED,
    MEMBERS,
    NEVER,
    NOWHERE,
    PENDING,
    SERVING,
    STUCK,
    UNANSWERED,
    WAITING,
    Outcome,
    Plan,
)


class Simulation(Answers):
    """One run: requests arrive in groups, and an instant is settled step by step."""

    def __init__(self, plan: Plan, stop: np.ndarray | None = None) -> None:
        super().__init__(plan)
        self.stop_flag = stop
        self.arrived = self.filling = self.measured = self.to_send = self.sender = 0
        self.doomed: set[int] = set()
        self.hedged: set[int] = set()

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
            self.past,
            self.returned,
        )

    def settle(self) -> None:
        """Settle this instant: the steps in order, until nothing more is due."""
        while any(self.due.values()):
            self.answer_credited(self.credit_finished())
            self.answer_decoded()
            self.release_due()
            self.cancel_unneeded()
            self.start_idle()
        self.settling = False

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
            self.latest[self.sender] = r
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
                self.note(g, place, recovery)
                self.started_counts[g, recovery] += 1
        self.touched.add(g)  # who is answered already may not need what is sent now
        if self.layout.together:
            tasks = self.layout.results - self.layout.own + min(members, self.layout.own)
            self.left[g] = self.left.get(g, 0) + tasks
            self.after(self.layout.deadline, RELEASE, self.mark(g), DEADLINE)
        self.send_all(g, AT_FULL)
        if (self.layout.when == ENCODED).any():
            encode = self.draws.encode[g] if self.draws.encode.size else 0.0
            if encode == 0:
                self.send_all(g, ENCODED)
            else:
                self.master((RELEASE, (self.mark(g), ENCODE_END), encode))
        self.plan_later(g, self.layout.next_later[0])

    def plan_later(self, g: int, place: int) -> None:
        """Let the next task that is sent only if needed fall due after its gap."""
        if place != NOWHERE:
            task = g * self.layout.tasks + int(place)
            self.after(float(self.layout.gap[place]), RELEASE, task, SEND)

    def send_if_needed(self, g: int, place: int) -> None:
        """Send a hedge or another attempt if it is still needed and within the budget."""
        wanted, budget = self.wanted(g, place), self.layout.budget
        if wanted and (
            g in self.hedged or rules.within_budget(len(self.hedged), self.arrived, budget)
        ):
            self.hedged.add(g)
            self.send(g * self.layout.tasks + place)
        if wanted or self.layout.alternatives:  # of a request that is answered none is needed
            self.plan_later(g, self.layout.next_later[place + 1])

    def wanted(self, g: int, place: int) -> bool:
        """Is a task still wanted: is its result not in, and would it serve its group?"""
        if self.result(g * self.layout.tasks + place) in self.in_hand:
            return False
        if self.layout.together:
            return bool(rules.needed_together(self.phase[g], place, self.layout.regular))
        return self.needed(g, place)

    def send_all(self, g: int, when: int) -> None:
        """Send the redundant tasks of a group that go at this point."""
        for place in range(self.layout.own, self.layout.regular):
            if self.layout.when[place] == when:
                self.send(g * self.layout.tasks + place)

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
                    *self.pool(0),
                )
                self.send(base + self.layout.regular + i)

    def cancel_unneeded(self) -> None:
        """Stop what has expired, what a cancel reaches now, and what is no longer needed."""
        stops: set[tuple[int, bool]] = set()
        while self.due[STOP]:
            t, kind = heappop(self.due[STOP])
            if kind != RIPE:  # for that there is nothing to stop
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
            # The redundant tasks of a group come when it closes, for members that may yet arrive.
            existing = self.layout.own if g == self.filling else self.layout.tasks
            for place in range(existing):
                t = g * self.layout.tasks + place
                blank = self.groups[g, MEMBERS] <= place < self.layout.own
                undone = self.state[t] in (PENDING, WAITING, SERVING) and not blank
                if undone and not self.wanted(g, place):
                    tasks.append(t)
        return tasks
