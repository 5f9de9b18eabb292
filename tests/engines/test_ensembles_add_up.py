"""What holds of every run of an ensemble on devices, told from the log of its tasks alone."""

import itertools
from collections import defaultdict

import numpy as np
import pytest
import test_negative_controls_ensembles as planted
from allotted import allotted
from ensembled import deployed_setups
from hypothesis import HealthCheck, given, settings

from strag_sim import engines, plan
from strag_sim.engines import reference
from strag_sim.ensembles.devices import Device
from strag_sim.setup import Setup
from strag_sim.tables import (
    BUSY,
    COMPLETE,
    COST,
    DROPPED,
    FINISHED,
    PENDING,
    SPARE,
    STOPPED,
    USED,
    USEFUL,
    Floats,
    Outcome,
    Plan,
)

TINY = 1e-9
Spans = dict[tuple[int, float], float]  # (worker, start) of a batch -> when its worker was free


@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(deployed_setups())
def test_random_ensembles_add_up(setup: Setup) -> None:
    """Each segment is answered once, by enough members; devices, states and seconds add up."""
    drawn = plan.draw(setup, 0)

    check(setup, drawn, engines.run("compiled", drawn, record=True))


def check(setup: Setup, drawn: Plan, outcome: Outcome) -> None:
    """Assert all that holds of a run."""
    assert outcome.code == COMPLETE
    check_answers(setup, drawn, outcome)
    check_states(drawn, outcome)
    spans = spans_of(outcome)
    check_devices(drawn, outcome, spans)
    check_seconds(setup, drawn, outcome, spans)


def table(values: Floats, drawn: Plan) -> Floats:
    """Return values by task as one row a segment."""
    return values.reshape(-1, drawn.layout.tasks)


def check_answers(setup: Setup, drawn: Plan, outcome: Outcome) -> None:
    """By the first of each member's alternatives: the quorum, or all that is in at the deadline."""
    layout, log = drawn.layout, outcome.log
    done = (log.state >= FINISHED) & (log.state <= SPARE)
    credited = table(np.where(done, log.finished, np.inf), drawn)
    credited = credited + (drawn.draws.back if drawn.draws.back.size else 0.0)
    used, gives = table(log.state == USED, drawn), layout.gives
    members = np.flatnonzero(gives == np.arange(layout.tasks))
    firsts = np.stack([credited[:, gives == j].min(axis=1) for j in members], axis=1)
    met = np.sort(firsts, axis=1)[:, layout.threshold[0] - 1]
    if layout.together:  # all, or what is there at the deadline, as soon as it is a quorum
        met = np.maximum(met, np.minimum(firsts.max(axis=1), outcome.arrival + layout.deadline))
    decode = drawn.draws.decode[:, 0] if layout.decode_column[0] >= 0 else np.zeros(met.size)

    assert (outcome.path == 0).all()
    assert (outcome.completion >= met + decode - TINY).all()
    if setup.cores is None:
        np.testing.assert_allclose(outcome.completion, met + decode, TINY, TINY)
    for g, row in enumerate(used):
        who = gives[row]
        assert len(set(who)) == who.size >= layout.threshold[0]
        assert layout.together or who.size == layout.threshold[0]
        assert (credited[g, row] <= met[g] + TINY).all()
        assert (credited[g, row] == firsts[g, np.searchsorted(members, who)]).all()


def check_states(drawn: Plan, outcome: Outcome) -> None:
    """All that was released has finished or was cancelled, and what was not is still to come."""
    log = outcome.log
    sent, started = ~np.isnan(log.released), ~np.isnan(log.started)
    finished = (log.state >= FINISHED) & (log.state <= SPARE)
    stopped, dropped = log.state == STOPPED, log.state == DROPPED

    assert (finished | stopped | dropped | (log.state == PENDING)).all()
    assert (sent == (finished | stopped | (dropped & sent))).all()
    assert (started == (finished | stopped)).all()
    assert (log.batch[started] > 0).all()
    assert (log.batch[~started] == 0).all()
    assert (log.released[started] <= log.started[started]).all()
    assert (log.finished[stopped] <= (log.started + log.service)[stopped]).all()
    assert (log.finished[finished] == (log.started + log.service)[finished]).all()
    pool = drawn.layout.pool[np.arange(log.state.size) % drawn.layout.tasks]
    first, stop = drawn.fleet.pool_first[pool], drawn.fleet.pool_stop[pool]
    assert ((first <= log.worker) & (log.worker < stop))[started].all()


def spans_of(outcome: Outcome) -> Spans:
    """Return how long each batch kept its worker; what was stopped as it started is left out."""
    log, spans = outcome.log, defaultdict(float)
    for t in np.flatnonzero(log.finished > log.started):
        key = (int(log.worker[t]), float(log.started[t]))
        spans[key] = max(spans[key], float(log.finished[t]))
    return dict(spans)


def check_devices(drawn: Plan, outcome: Outcome, spans: Spans) -> None:
    """No instance serves two batches at once or too large a one, no device more than its slots."""
    fleet, log = drawn.fleet, outcome.log
    started = log.batch > 0
    assert (log.batch[started] <= fleet.most[log.worker[started]]).all()
    for w in range(fleet.speed.size):
        mine = sorted((start, end) for (worker, start), end in spans.items() if worker == w)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(mine))
    for d, slots in enumerate(fleet.device_slots):
        here = [(start, end) for (w, start), end in spans.items() if fleet.device[w] == d]
        assert all(sum(s <= at < end for s, end in here) <= slots for at, _ in here)


def check_seconds(setup: Setup, drawn: Plan, outcome: Outcome, spans: Spans) -> None:
    """Busy, spent and useful worker-seconds are sums over the log."""
    log, low, high = outcome.log, *outcome.window
    busy = sum(max(0.0, min(end, high) - max(start, low)) for (_, start), end in spans.items())
    group = np.arange(log.state.size) // drawn.layout.tasks
    measured = group >= setup.warm_up * setup.job.segments
    kept = [
        (spans.get((w, s), s) - s) / b
        for w, s, b in zip(log.worker.tolist(), log.started.tolist(), log.batch, strict=True)
        if b > 0
    ]
    shares = np.zeros(log.state.size)
    shares[log.batch > 0] = kept
    shares[log.finished == log.started] = 0.0
    found = [busy, shares[measured].sum(), shares[measured & (log.state == USED)].sum()]
    np.testing.assert_allclose(outcome.totals[[BUSY, COST, USEFUL]], found, TINY, TINY)


ON = [("red", 0, 1), ("red", 1, 2), ("green", 0, 3), ("green", 1, 1)]
SEEN = {
    "a device without slots": ("start_instances", planted.start_whatever_is_idle),
    "the largest batch for all": ("most", lambda self, w: self.protocol.most),
    "an alternative that counts again": ("credit", planted.count_alternatives),
    "an alternative that is used": ("credit", planted.use_alternatives),
    "a deadline that counts tasks": ("credit", planted.await_tasks),
    "a device that is not freed": ("leave", planted.keep_the_device),
}


@pytest.mark.parametrize("name", SEEN)
def test_a_planted_fault_does_not_add_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: some of 20 runs of a small ensemble break the sums above."""
    attribute, broken = SEEN[name]
    rng = np.random.default_rng(5)
    setups = [
        allotted(
            ON, sizes=rng.integers(1, 9, (4, 8)).tolist(), arrivals=list(range(8)),
            devices=[Device(memory=1)] * 2, copies={"red": 2}, hedges={"green": 2},
            deadline=[None, 6.0][i % 2], cancel=["queued", "running"][i // 2 % 2],
        )
        for i in range(20)
    ]  # fmt: skip
    drawn = [plan.draw(setup, 0) for setup in setups]

    def check_all() -> None:
        for setup, each in zip(setups, drawn, strict=True):
            check(setup, each, reference.run(each, record=True))

    check_all()
    monkeypatch.setattr(reference.Simulation, attribute, broken)
    with pytest.raises(AssertionError):
        check_all()
