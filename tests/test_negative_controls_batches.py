"""Negative controls of batches: an engine with one rule broken fails a named hand-worked case."""

import pytest
import test_cases_batches as cases
from planted import fails_its_case

from strag_sim import rules
from strag_sim.engines import reference
from strag_sim.tables import COST, SERVING

Simulation = reference.Simulation
RIGHT = {name: getattr(Simulation, name) for name in ("join", "leave", "size", "stop", "take")}
RIGHT_SIZE = rules.batch_size


def take_one(self, w):
    """Start the first task alone."""
    t = self.queues[self.queue_of(w)].popleft()
    self.start(t, w)
    return [t]


def start_all_that_were_there(self, w):
    """Let no start within a batch drop another task of it."""
    covered, self.covered = self.covered, lambda *_: False
    tasks = RIGHT["take"](self, w)
    self.covered = covered
    return tasks


def size_of_the_last(self, tasks, w):
    """Take the size of the task that came last."""
    return RIGHT["size"](self, tasks[::-1], w)


def free_at_once(self, t):
    """Free the worker when the first task of a batch leaves."""
    batch = self.batch_of[t]
    batch.serving = 1
    RIGHT["leave"](self, t)
    batch.serving = 1


def stop_all(self, t, forced):
    """Stop the whole batch when one of its tasks is no longer needed."""
    whole = self.batch_of[t].tasks if self.state[t] == SERVING else [t]
    for u in whole:
        RIGHT["stop"](self, u, forced)


def never_stop_batches(self, t, forced):
    """Let every batch run to its end."""
    if self.state[t] != SERVING:
        RIGHT["stop"](self, t, forced)


def wait_anew(self, w):
    """Let the wait begin when the worker is free."""
    queue = self.queues[self.queue_of(w)]
    if not queue:
        return False
    self.first_seen = getattr(self, "first_seen", {})
    since = self.first_seen.setdefault(queue[0], self.env.now)
    if since == self.env.now and self.joined[queue[0]] < since:
        self.after(self.protocol.wait, rules.STOP, queue[0], rules.RIPE)
    alike = [t for t in queue if self.model(t) == self.model(queue[0])]
    return len(alike) >= self.protocol.most or self.env.now >= since + self.protocol.wait


def count_the_batch_as_one(self, t):
    """Let a task join, and count a batch in service as one task."""
    w = self.written_worker(t)
    serving = [u for u, batch in self.batch_of.items() if batch.serving and u != batch.tasks[0]]
    for u in serving:
        self.length[self.worker_of[u]] -= self.state[u] == SERVING
    RIGHT["join"](self, t)
    for u in serving:
        self.length[self.worker_of[u]] += self.state[u] == SERVING
    assert w == -1


def spent_in_full(self, t):
    """Count the whole time of a batch for each of its tasks."""
    before = self.totals[COST]
    RIGHT["leave"](self, t)
    self.totals[COST] = before + (self.totals[COST] - before) * len(self.batch_of[t].tasks)


FAULTS = {
    "batches of one": (
        (Simulation, "take", take_one),
        cases.test_an_idle_worker_takes_whoever_is_there,
    ),
    "growth by all tasks": (
        (rules, "batch_size", lambda size, tasks, growth: RIGHT_SIZE(size, tasks + 1, growth)),
        cases.test_an_idle_worker_takes_whoever_is_there,
    ),
    "the size of the last task": (
        (Simulation, "size", size_of_the_last),
        cases.test_an_idle_worker_takes_whoever_is_there,
    ),
    "a batch that costs as much as its tasks alone": (
        (Simulation, "leave", spent_in_full),
        cases.test_an_idle_worker_takes_whoever_is_there,
    ),
    "a first task that does not wait": (
        (Simulation, "is_ripe", lambda self, w: bool(self.queues[w])),
        cases.test_the_first_waits_for_others,
    ),
    "a wait that begins when the worker is free": (
        (Simulation, "is_ripe", wait_anew),
        cases.test_the_wait_counts_from_when_a_task_joins,
    ),
    "batches of all models": (
        (Simulation, "model", lambda self, t: 0),
        cases.test_a_batch_is_of_one_model,
    ),
    "another model that fills a batch": (
        (Simulation, "model", lambda self, t: 0),
        cases.test_another_model_does_not_fill_a_batch,
    ),
    "a batch that stops with its first unneeded task": (
        (Simulation, "stop", stop_all),
        cases.test_a_cancel_inside_a_batch,
    ),
    "a batch that is never stopped": (
        (Simulation, "stop", never_stop_batches),
        cases.test_a_batch_that_nobody_needs_is_stopped,
    ),
    "an expired attempt that stays": (
        (Simulation, "stop", never_stop_batches),
        cases.test_an_attempt_expires_inside_a_batch,
    ),
    "a worker that is free while its batch runs on": (
        (Simulation, "leave", free_at_once),
        cases.test_a_cancel_inside_a_batch,
    ),
    "siblings that share a batch under on-start": (
        (Simulation, "take", start_all_that_were_there),
        cases.test_cancel_on_start_as_a_batch_fills,
    ),
    "a queue's length that counts a batch as one": (
        (Simulation, "join", count_the_batch_as_one),
        cases.test_queue_lengths_count_tasks,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_case(name, monkeypatch):
    """The case passes, and with the fault it fails."""
    fails_its_case(FAULTS[name], monkeypatch)
