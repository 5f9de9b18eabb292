"""Negative controls of ensembles: an engine with one rule broken fails a named hand-worked case."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import test_cases_ensembles as on_devices
import test_cases_ensembles_more as answering
from planted import fails_its_case

from strag_sim import layout, rules
from strag_sim.engines import reference
from strag_sim.plan import deploying, drawing
from strag_sim.tables import FINISHED, SERVING, SPARE

Simulation = reference.Simulation
RIGHT = {
    name: getattr(Simulation, name)
    for name in (
        "count_started",
        "credit",
        "is_ripe",
        "leave",
        "send_if_needed",
        "serve",
        "start_instances",
        "wanted",
    )
}
RIGHT_LATER, RIGHT_MET = layout._later, rules.first_met
RIGHT_SHAPE, RIGHT_PROTOCOL = drawing.compile_shape, drawing._protocol
RIGHT_MULTIPLES, RIGHT_SLOWNESS = deploying._multiples, drawing.slowness


def start_whatever_is_idle(self):
    """Let every idle instance start, whatever its device serves."""
    for w in range(self.workers):
        if self.busy[w] == 0 and self.is_ripe(w):
            self.on_device[self.fleet.device[w]] += 1
            self.serve(self.take(w), w)


def start_in_worker_order(self):
    """Let the first instance in order start, whoever has waited for longest."""
    joined, self.joined = self.joined, dict.fromkeys(self.joined, 0.0)
    RIGHT["start_instances"](self)
    self.joined = joined


def slowed_by(count):
    """Return a service that is slowed by another number of instances."""

    def serve(self, tasks, w):
        d = self.fleet.device[w]
        serving = self.on_device[d]
        self.on_device[d] = count(self, d)
        RIGHT["serve"](self, tasks, w)
        self.on_device[d] = serving

    return serve


def wait_with_who_waits(self, w):
    """Let an instance that waits for its batch keep its device."""
    device, busy = self.fleet.device, self.busy
    others = [v for v in range(self.workers) if v != w and device[v] == device[w] and not busy[v]]
    waits = any(self.queues[self.queue_of(v)] and not RIGHT["is_ripe"](self, v) for v in others)
    return RIGHT["is_ripe"](self, w) and not waits


def keep_the_device(self, t):
    """Free the instance of a task that is stopped, but not its device."""
    stopped = self.state[t] == SERVING  # one that finishes is on its way back already
    RIGHT["leave"](self, t)
    if stopped and self.batch_of[t].serving == 0:
        self.on_device[self.fleet.device[self.worker_of[t]]] += 1


def count_alternatives(self, t):
    """Count a result again when an alternative brings it."""
    self.in_hand.discard(self.result(t))
    return RIGHT["credit"](self, t)


def use_alternatives(self, t):
    """Let an alternative that comes second be part of the answer."""
    ready = RIGHT["credit"](self, t)
    if self.state[t] == SPARE:
        self.state[t] = FINISHED
    return ready


def await_tasks(self, t):
    """Let an alternative that comes second be one of those that a deadline waits for."""
    ready, g = RIGHT["credit"](self, t), t // self.layout.tasks
    if self.state[t] == SPARE and self.layout.together:
        self.left[g] -= 1
        ready = {(g, 0)}
    return ready


def want_what_is_in(self, g, place):
    """Want a task although an alternative has given its result."""
    in_hand, self.in_hand = self.in_hand, set()
    wanted = RIGHT["wanted"](self, g, place)
    self.in_hand = in_hand
    return wanted


def end_the_chain(self, g, place):
    """Send no further hedges after one that was not needed."""
    if self.wanted(g, place):
        RIGHT["send_if_needed"](self, g, place)


def one_after_the_other(shape, tasks, delay):
    """Let each hedge count from the one before it."""
    unrelated = [replace(task, alternative=None) for task in shape.tasks]
    return RIGHT_LATER(SimpleNamespace(tasks=unrelated), tasks, delay)


def count_each_start(self, t, change):
    """Count every task that starts, alternatives too."""
    self.tried = {}
    RIGHT["count_started"](self, t, change)


def forget_who_started(self, t, change):
    """Let an alternative of what has started stay in its queue."""
    RIGHT["count_started"](self, t, change)
    self.tried = {}


def without_the_rest(setup, instance, most):
    """Compute whole batches only."""
    samples, batch = setup.job.samples, instance.batch
    whole = samples if samples < batch else samples - samples % batch
    return RIGHT_MULTIPLES(replace(setup, job=replace(setup.job, samples=whole)), instance, most)


def slow_by_worker(setup, arrival, streams):
    """Let the first instances be slow as the devices of their number are, the rest as the last."""
    slow, devices = RIGHT_SLOWNESS(setup, arrival, streams), setup.machines
    return slow._replace(track=np.minimum(np.arange(len(setup.speeds)), devices - 1)[None])


FAULTS = {
    "instances as slow as the device of their number": (
        (drawing, "slowness", slow_by_worker),
        answering.test_a_device_is_slow_with_all_its_instances,
    ),
    "a device without slots": (
        (Simulation, "start_instances", start_whatever_is_idle),
        on_devices.test_two_members_take_turns_on_a_device,
    ),
    "workers in order instead of who joined first": (
        (Simulation, "start_instances", start_in_worker_order),
        on_devices.test_two_members_take_turns_on_a_device,
    ),
    "interference by the others only": (
        (Simulation, "serve", slowed_by(lambda self, d: max(self.on_device[d] - 1, 1))),
        on_devices.test_interference_is_read_at_the_start,
    ),
    "interference by all slots": (
        (Simulation, "serve", slowed_by(lambda self, d: self.fleet.device_slots[d])),
        on_devices.test_interference_is_read_at_the_start,
    ),
    "the first instance's batch size for all": (
        (Simulation, "most", lambda self, w: int(self.fleet.most[0])),
        on_devices.test_each_instance_has_its_own_batch_size,
    ),
    "the largest batch size for all": (
        (Simulation, "most", lambda self, w: self.protocol.most),
        on_devices.test_an_instance_waits_for_its_own_batch,
    ),
    "a wait that keeps the device": (
        (Simulation, "is_ripe", wait_with_who_waits),
        on_devices.test_a_wait_holds_no_device,
    ),
    "a device that is not freed by a stop": (
        (Simulation, "leave", keep_the_device),
        on_devices.test_a_stop_frees_the_device,
    ),
    "a rest that takes no time": (
        (deploying, "_multiples", without_the_rest),
        on_devices.test_a_segment_larger_than_a_batch,
    ),
    "a segment in one batch": (
        (
            deploying,
            "_multiples",
            lambda setup, i, most: RIGHT_MULTIPLES(setup, replace(i, batch=1000), most),
        ),
        on_devices.test_a_segment_larger_than_a_batch,
    ),
    "a warm-up of segments": (
        (
            drawing,
            "_protocol",
            lambda setup, *rest: RIGHT_PROTOCOL(setup, *rest)._replace(warm_up=setup.warm_up),
        ),
        on_devices.test_jobs_of_segments,
    ),
    "an alternative that counts again": (
        (Simulation, "credit", count_alternatives),
        answering.test_a_member_counts_once,
    ),
    "an alternative that is part of the answer too": (
        (Simulation, "credit", use_alternatives),
        answering.test_a_member_counts_once,
    ),
    "an alternative that is not cancelled": (
        (Simulation, "wanted", want_what_is_in),
        answering.test_a_copy_that_waits_is_dropped,
    ),
    "a hedge of a member that is in": (
        (Simulation, "wanted", want_what_is_in),
        answering.test_a_result_at_the_instant_of_its_hedge,
    ),
    "hedges that end with one that was not needed": (
        (Simulation, "send_if_needed", end_the_chain),
        answering.test_a_hedge_goes_although_the_one_before_was_not_needed,
    ),
    "hedges that count from each other": (
        (layout, "_later", one_after_the_other),
        answering.test_hedges_count_from_the_arrival,
    ),
    "on-start that counts alternatives": (
        (Simulation, "count_started", count_each_start),
        answering.test_alternatives_start_once,
    ),
    "on-start that keeps a copy of what has started": (
        (Simulation, "count_started", forget_who_started),
        answering.test_a_copy_of_what_has_started_is_dropped,
    ),
    "a deadline that waits for tasks": (
        (
            drawing,
            "compile_shape",
            lambda shape, **keys: RIGHT_SHAPE(shape, **keys)._replace(results=len(shape.tasks)),
        ),
        answering.test_a_deadline_waits_for_results_not_for_tasks,
    ),
    "a deadline that counts tasks": (
        (Simulation, "credit", await_tasks),
        answering.test_a_deadline_waits_for_results_not_for_tasks,
    ),
    "a deadline without a quorum": (
        (
            rules,
            "first_met",
            lambda g, request, counts, threshold, *rest: RIGHT_MET(
                g, request, counts, np.ones_like(threshold), *rest
            ),
        ),
        answering.test_a_deadline_waits_for_the_quorum,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_case(name, monkeypatch):
    """The case passes, and with the fault it fails."""
    fails_its_case(FAULTS[name], monkeypatch)
