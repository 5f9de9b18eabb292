"""Negative controls: an engine with one rule broken fails a named hand-worked case.

A case that no fault can fail shows nothing. Each fault is planted in the reference engine, and
the case named beside it, which passes without the fault, must then fail.
"""

import tempfile
from pathlib import Path

import numpy as np
import pytest
import test_cases_accounts as accounts
import test_cases_coded as coded
import test_cases_collage as collage
import test_cases_collage_timeout as collage_timeout
import test_cases_copies as copies
import test_cases_instants as instants
import test_cases_loops as loops
import test_cases_queues as queues
import test_cases_slowness as slowness
from planted import fails_its_case

from strag_sim import rules
from strag_sim.engines import reference

Simulation = reference.Simulation


def with_layout(**changes):
    """Return a constructor of the engine that reads another layout than the plan's."""
    right = Simulation.__init__

    def broken(self, plan, *others):
        layout = plan.layout
        changed = {name: change(getattr(layout, name)) for name, change in changes.items()}
        right(self, plan._replace(layout=layout._replace(**changed)), *others)

    return broken


def with_protocol(**changes):
    """Return a constructor of the engine that reads another protocol than the plan's."""
    right = Simulation.__init__

    def broken(self, plan, *others):
        right(self, plan._replace(protocol=plan.protocol._replace(**changes)), *others)

    return broken


def steps_in_order(*names):
    """Return a settlement of an instant whose steps come in another order."""

    def broken(self):
        while any(self.due.values()):
            for name in names:
                if name == "credit":
                    self.answer_credited(self.credit_finished())
                else:
                    getattr(self, name)()
        self.settling = False

    return broken


def credit_one_by_one(self):
    """Answer as soon as one task is credited, though others finish in the same instant."""
    waiting = self.due[reference.FINISH]
    while waiting:
        self.due[reference.FINISH] = [waiting.pop(0)]
        self.answer_credited(RIGHT["credit_finished"](self))
    self.due[reference.FINISH] = []
    return RIGHT["credit_finished"](self)


def join_at_the_head(self, task):
    """Let a task overtake those that wait."""
    RIGHT["join"](self, task)
    self.queues[self.worker_of[task]].rotate(1)


def length_without_the_task_in_service(self, task, worker):
    """Count only tasks that wait."""
    RIGHT["start"](self, task, worker)
    self.length[worker] -= 1


def needed_until_the_last_recovery_has_its_tasks(
    g, place, groups, completion, counts, threshold, *others
):
    """Give up own tasks when the decode of the redundant ones begins, not when it has ended."""
    open_still = counts[g, -1] < threshold[-1]
    return open_still and RIGHT_NEEDED(g, place, groups, completion, counts, threshold, *others)


RIGHT_NEEDED = rules.needed
RIGHT = {name: getattr(Simulation, name) for name in ("credit_finished", "join", "serve", "start")}
STEPS = ("credit", "answer_decoded", "release_due", "cancel_unneeded", "start_idle")


def with_slowness(change):
    """Return a constructor of the engine that reads other slowness than the plan's."""
    right = Simulation.__init__

    def broken(self, plan, *others):
        right(self, plan._replace(slowness=change(plan.slowness)), *others)

    return broken


def slowness_of(change):
    """Return the rule of a slowed service whose arguments are changed before."""

    def broken(service, w, now, begun, combine, *tracks):
        return RIGHT_SLOWED(*change(service, w, now, begun, combine), *tracks)

    return broken


def served_by_any(self, tasks, w):
    """Count the tasks that all workers have begun as those of each."""
    self.begun[:] = self.begun.max()
    RIGHT["serve"](self, tasks, w)


def with_folder(case, engine):
    """Run a case that writes files, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        case(engine, Path(folder))


def slowest_of_two_instants(service, w, now, *others):
    """Read slowness when service starts and again when it would end."""
    early, past = RIGHT_SLOWED(service, w, now, *others)
    late, _ = RIGHT_SLOWED(service, w, now + service, *others)
    return max(early, late), past


RIGHT_SLOWED = rules.slowed


def order(*places):
    """Return a settlement with the steps (a), (b), (c), cancel, start in this order."""
    return steps_in_order(*(STEPS[place] for place in places))


FAULTS = {
    "a threshold one too high": (
        (Simulation, "__init__", with_layout(threshold=lambda x: x + (x > 1))),
        coded.test_mds_three_of_four,
    ),
    "a threshold one too low": (
        (Simulation, "__init__", with_layout(threshold=lambda x: x - (x > 1))),
        coded.test_lagrange_with_master_times,
    ),
    "a parity that recovers alone": (
        (Simulation, "__init__", with_layout(threshold=lambda x: x * 0 + 1)),
        coded.test_parity_needs_two_of_three,
    ),
    "cancels that are ignored": (
        (Simulation, "cancel_unneeded", lambda self: None),
        copies.test_copies_cancel_running,
    ),
    "a queued cancel that stops work in service": (
        (Simulation, "__init__", with_protocol(cancel=2)),
        copies.test_copies_cancel_queued,
    ),
    "cancels under never": (
        (Simulation, "__init__", with_protocol(cancel=1)),
        copies.test_copies_cancel_never,
    ),
    "cancels that arrive at once": (
        (Simulation, "__init__", with_protocol(cancel_delay=0.0)),
        copies.test_cancel_delay_stops_a_running_loser_late,
    ),
    "siblings that start under on-start": (
        (rules, "covered", lambda *_: False),
        copies.test_copies_cancel_on_start,
    ),
    "a release before a finish": (
        (Simulation, "settle", order(2, 0, 1, 3, 4)),
        instants.test_a_finish_comes_before_a_hedge,
    ),
    "the end of a decode before a finish": (
        (Simulation, "settle", order(1, 0, 2, 3, 4)),
        instants.test_an_own_finish_comes_before_the_end_of_a_decode,
    ),
    "a start before a cancel": (
        (Simulation, "settle", order(0, 1, 2, 4, 3)),
        instants.test_a_cancel_comes_before_a_start,
    ),
    "a timeout before a finish": (
        (Simulation, "settle", order(2, 0, 1, 3, 4)),
        collage_timeout.test_timeout_an_own_answer_exactly_at_the_timeout_is_on_time,
    ),
    "answers before all finishes are credited": (
        (Simulation, "credit_finished", credit_one_by_one),
        instants.test_a_recovery_met_first_loses_to_an_own_task_of_the_same_instant,
    ),
    "a queue that is no FIFO": (
        (Simulation, "join", join_at_the_head),
        queues.test_fifo,
    ),
    "a queue's length without the task in service": (
        (Simulation, "start", length_without_the_task_in_service),
        lambda engine: [
            queues.test_shortest_queue_counts_the_task_in_service(engine, "shortest-queue", seed)
            for seed in range(6)
        ],
    ),
    "a speed that multiplies": (
        (rules, "service_time", lambda size, speed: size * speed),
        queues.test_speeds,
    ),
    "a budget that is ignored": (
        (rules, "within_budget", lambda *_: True),
        lambda engine: copies.test_hedge_budget(engine, 0.5, [1, 3]),
    ),
    "a budget that counts the request too late": (
        (rules, "within_budget", lambda hedged, arrived, budget: hedged <= budget * arrived),
        lambda engine: copies.test_hedge_budget(engine, 0.25, [3]),
    ),
    "hedges sent though they are not needed": (
        (rules, "needed", lambda *_: True),
        copies.test_hedge_fires_once_and_once_not,
    ),
    "an own task that is not needed during a decode": (
        (rules, "needed", needed_until_the_last_recovery_has_its_tasks),
        collage.test_early_one_straggler_cancel_running,
    ),
    "a resend to a worker that was late": (
        (
            rules,
            "resend_worker",
            lambda luck, on_time, own_workers, own_worker, first, stop: own_worker,
        ),
        collage_timeout.test_timeout_resend_to_the_one_worker_on_time,
    ),
    "an image that is not resent": (
        (Simulation, "__init__", with_layout(resend=lambda _: False)),
        collage_timeout.test_timeout_resend_to_the_one_worker_on_time,
    ),
    "a group that does not wait for all": (
        (Simulation, "__init__", with_layout(together=lambda _: False)),
        collage_timeout.test_timeout_no_straggler,
    ),
    "a master with cores enough": (
        (Simulation, "__init__", with_protocol(cores=0)),
        coded.test_encodes_and_decodes_share_the_cores_of_the_master,
    ),
    "a queued decode that is not dropped": (
        (Simulation, "listed_unanswered", lambda *_: True),
        coded.test_a_queued_decode_that_nobody_needs_is_dropped,
    ),
    "a group that waits longer than the fill timeout": (
        (Simulation, "__init__", with_protocol(fill_timeout=5.0)),
        coded.test_fill_timeout_closes_a_group,
    ),
    "a client who does not wait for the whole round": (
        (Simulation, "__init__", with_protocol(round=1)),
        loops.test_barrier_sends_whole_groups,
    ),
    "slowness that is ignored": (
        (rules, "slowed", lambda service, *_: (service, False)),
        slowness.test_a_copy_escapes_a_slow_worker,
    ),
    "slowness that changes during service": (
        (rules, "slowed", slowest_of_two_instants),
        lambda engine: with_folder(slowness.test_slowness_is_read_when_service_starts, engine),
    ),
    "slowness of another worker": (
        (Simulation, "__init__", with_slowness(lambda x: x._replace(track=x.track[:, ::-1]))),
        slowness.test_a_copy_escapes_a_slow_worker,
    ),
    "a change of slowness that comes too late": (
        (rules, "slowed", slowness_of(lambda s, w, now, *rest: (s, w, now - 1e-9, *rest))),
        lambda engine: with_folder(
            slowness.test_the_instant_at_which_it_changes_counts_as_after, engine
        ),
    ),
    "steps that count the task itself": (
        (rules, "slowed", slowness_of(lambda s, w, t, begun, c: (s, w, t, begun + 1, c))),
        lambda engine: with_folder(slowness.test_steps_count_the_tasks_of_each_worker, engine),
    ),
    "steps that count the tasks of all workers": (
        (Simulation, "serve", served_by_any),
        lambda engine: with_folder(slowness.test_steps_count_the_tasks_of_each_worker, engine),
    ),
    "a track that ends and goes on at its last value": (
        (Simulation, "__init__", with_slowness(lambda x: x._replace(period=x.period + np.inf))),
        lambda engine: with_folder(slowness.test_a_replay_begins_anew_and_says_so, engine),
    ),
    "a sum that is a product": (
        (Simulation, "__init__", with_protocol(combine=0)),
        lambda engine: with_folder(slowness.test_parts_combine_in_their_order, engine),
    ),
    "busy time outside the window": (
        (rules, "overlap", lambda start, end, *_: end - start),
        accounts.test_a_row_of_the_summary,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_case(name, monkeypatch):
    """The case passes, and with the fault it fails."""
    fails_its_case(FAULTS[name], monkeypatch)
