"""Steps (a) and (b) of an instant, in the readable engine: who is answered, and by what."""

from heapq import heappop

import numpy as np

from strag_sim import rules
from strag_sim.engines.reference.workers import ARRIVE, FINISH, Workers
from strag_sim.rules import (
    CREDIT,
    DECODED,
    DECODING,
    DONE,
    GATHERING,
    LATE,
    RESENT,
)
from strag_sim.tables import (
    FINISHED,
    FIRST,
    MEMBERS,
    NOWHERE,
    RETURNING,
    SERVING,
    SPARE,
    TAKEN,
    UNANSWERED,
    USED,
    USEFUL,
    Plan,
)


class Answers(Workers):
    """Finished tasks are credited, and requests answered: one by one, or a whole group."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.client_of: dict[int, int] = {}
        self.awaited = [0] * self.protocol.clients
        self.latest: dict[int, int] = {}
        self.touched: set[int] = set()
        self.in_hand: set[int] = set()

    def credit_finished(self) -> set[tuple[int, int]]:
        """Credit what has finished; return the (group, recovery) that now have their tasks."""
        ready: set[tuple[int, int]] = set()
        while self.due[FINISH]:
            (t,) = heappop(self.due[FINISH])
            if self.state[t] != SERVING:
                continue  # it was stopped
            self.state[t] = RETURNING
            self.leave(t)
            together = len(self.batch_of[t].tasks)
            self.spent[t] = (self.env.now - self.log.started[t]) / together
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
        ready: set[tuple[int, int]] = set()
        useful = False
        self.state[t] = FINISHED
        if self.layout.alternatives:
            if self.result(t) in self.in_hand:
                self.state[t] = SPARE
                return ready
            self.in_hand.add(self.result(t))
            self.touched.add(g)  # its alternatives may wait
        for recovery in self.recoveries_of(place):
            self.counts[g, recovery] += 1
            in_time = self.counts[g, recovery] <= self.layout.threshold[recovery]
            useful |= in_time
            if self.layout.together:
                in_time = rules.needed_together(self.phase[g], place, self.layout.regular)
            if in_time:
                self.note(g, place, recovery)
            if self.counts[g, recovery] == self.layout.threshold[recovery]:
                ready.add((g, recovery))
        if self.layout.together:
            useful = self.credit_together(g, place)
            ready = {(g, 0)}
        if not useful:
            self.state[t] = SPARE
        return ready

    def answer_credited(self, ready: set[tuple[int, int]]) -> None:
        """Answer, or begin to decode, in the order of the shape."""
        for g, recovery in sorted(ready):
            if self.layout.together:
                self.look_at_group(g)
                continue
            if self.layout.once:
                if self.counts[g, recovery] >= TAKEN:
                    continue  # another recovery of the group had its tasks before
                self.counts[g] = TAKEN
            self.touched.add(g)
            decode = self.decode_time(g, recovery)
            if decode == 0:
                self.answer(g, recovery)
            elif self.listed_unanswered(g, recovery):
                self.master((DECODED, (g * self.layout.threshold.size + recovery,), decode))

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
        tasks = self.tasks_of(recovery)
        ids = [g * self.layout.tasks + place for place in tasks]
        counted = [t for t in ids if self.state[t] in (FINISHED, USED)]
        direct = self.layout.threshold[recovery] == 1 and self.decode_time(g, recovery) == 0
        if direct and not self.layout.together:
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
        if self.returned.size and self.path[r] < self.layout.threshold.size:
            self.returned[r] = self.met[self.group_of[r], self.path[r]]
        if self.protocol.clients:
            client = self.client_of[r]
            self.awaited[client] -= 1
            if self.awaited[client] == 0:
                think = self.draws.think[self.latest[client]] if self.draws.think.size else 0.0
                self.after(think, ARRIVE, client)

    def credit_together(self, g: int, place: int) -> bool:
        """Count a task of a group that completes together; is it in time to be of use?"""
        resent = place >= self.layout.regular
        if resent or self.phase[g] == GATHERING:
            self.left[g] = self.left.get(g, 0) - 1
        return resent or self.phase[g] in (GATHERING, LATE)

    def look_at_group(self, g: int) -> None:
        """Complete a group when all its tasks are in (or all resends, or all that was late)."""
        self.touched.add(g)
        if self.phase[g] == RESENT and self.left[g] == 0:
            self.complete_group(g)
        elif (self.phase[g] == GATHERING and self.left[g] == 0) or self.phase[g] == LATE:
            self.choose_paths(g)

    def choose_paths(self, g: int) -> list[int]:
        """Give each member its first recovery that has its tasks; return those without one."""
        decoding = NOWHERE
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
        if not missing and decoding == NOWHERE:
            self.complete_group(g)
        elif not missing:
            self.phase[g] = DECODING
            code = g * self.layout.threshold.size + decoding
            self.master((DECODED, (code,), self.decode_time(g, decoding)))
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
