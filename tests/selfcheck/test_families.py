"""Each family passes, and fails as soon as one rule of the simulator is wrong.

A wrong rule is planted in what a run is handed: in the shape as arrays, the protocol, the draws,
the workers, or in what is measured of it. Runs with it have a quarter of the requests of a quick
check: what these find, more find too. Both engines read what is handed to them, so a fault in it
is as good as one in them, of which the compiled one cannot be changed from outside.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from strag_sim.plan import drawing
from strag_sim.policies import KINDS
from strag_sim.selfcheck import FAMILIES, checks, running, selfcheck
from strag_sim.selfcheck.families.accounts import EXAMPLES, WARM_UP
from strag_sim.setup import Setup
from strag_sim.statistics import runs
from strag_sim.tables import NEVER, QUEUED, RANDOM

SHORTER = 20


def wrong(name, **changes):
    """Return a fault: what ``drawing`` calls by a name gives tables with changed columns."""
    right = getattr(drawing, name)

    def broken(*args, **keys):
        table = right(*args, **keys)
        return table._replace(**{key: f(getattr(table, key)) for key, f in changes.items()})

    return drawing, name, broken


def layout(**changes):
    """Return a fault in a policy's shape."""
    return wrong("compile_shape", **changes)


def protocol(**values):
    """Return a fault in how requests and workers deal with each other."""
    return wrong("_protocol", **{key: lambda _, v=value: v for key, value in values.items()})


def drawn(**changes):
    """Return a fault in what is drawn."""
    return wrong("draws", **changes)


def kept(name, factor):
    """Return a fault in what is kept of a run."""
    right = runs.Run
    return runs, "Run", lambda **values: right(**{**values, name: values[name] * factor})


def twice(values):
    """Take each second value for two neighbours: as many, of the same law, not independent."""
    return np.repeat(values[::2], 2)[: values.size]


def gaps_twice(arrival):
    """Let two neighbouring gaps be equal."""
    return np.cumsum(twice(np.diff(arrival, prepend=0.0)))


def narrower(sizes):
    """Keep the mean of sizes, and lose a tenth of their spread."""
    return sizes.mean() + 0.9 * (sizes - sizes.mean())


def every_second_later(arrival):
    """Let every second request come half a gap late."""
    return arrival + 0.5 * arrival[1] * (np.arange(arrival.size) % 2)


def one_by_one(arrival):
    """Let the requests of a batch of three come shortly after each other."""
    return np.sort(arrival + 0.3 * (np.arange(arrival.size) % 3))


def threshold(step):
    """Return a fault: recoveries of several tasks wait for one too many, or one too few."""
    return layout(threshold=lambda needed: np.where(needed > 1, needed + step, needed))


def one_law():
    """Return a fault: all members of an ensemble have the law of the first."""
    right = Setup.law
    return Setup, "law", lambda setup, _: right(setup, next(iter(setup.models), None))


def answers_at_once():
    """Return a fault: answers do not wait for those before them."""
    right = runs.by_request
    return runs, "by_request", lambda outcome, job: right(outcome, replace(job, in_order=False))


def first_segments():
    """Return a fault: requests are answered with their first segment."""
    right = runs.by_request

    def broken(outcome, job):
        found = outcome.completion.reshape(-1, job.segments).min(axis=1)
        return right(outcome, job)._replace(completion=found)

    return runs, "by_request", broken


FAULTS = {
    ("mm1", "sizes that two neighbours share"): drawn(own_size=twice),
    ("mmc", "a queue for each worker"): protocol(shared=False),
    ("md1", "gaps that come in pairs"): drawn(arrival=gaps_twice),
    ("mg1", "sizes that spread too little"): drawn(own_size=narrower),
    ("dm1", "a clock that limps"): drawn(arrival=every_second_later),
    ("mmc", "a slot too many"): wrong("fleet", slots=lambda slots: slots + 1),
    ("round-robin", "workers at random"): protocol(placement=RANDOM),
    ("batches", "batches that come one by one"): drawn(arrival=one_by_one),
    ("batch-service", "batches of one too few"): protocol(most=3),
    ("batch-service", "batches that do not wait"): protocol(wait=0.0),
    ("batch-service", "batches that wait for others"): protocol(wait=0.1),
    ("batch-service", "batches that grow by a tenth too much"): wrong(
        "_protocol", growth=lambda growth: growth + 0.1
    ),
    ("batch-service", "requests that come in pairs"): drawn(arrival=gaps_twice),
    ("bursty", "gaps that spread too little"): drawn(
        arrival=lambda arrival: np.cumsum(narrower(np.diff(arrival, prepend=0.0)))
    ),
    ("redundancy-d", "work in service that is not stopped"): protocol(cancel=QUEUED),
    ("redundancy-d", "copies that meet at one worker"): protocol(distinct=False),
    ("full-replication", "copies with the size of the own task"): drawn(size=lambda x: x * np.nan),
    ("cancel-on-start", "copies that are dropped at the answer"): protocol(cancel=QUEUED),
    ("fork-join", "a threshold one too low"): threshold(-1),
    ("split-merge", "a threshold one too high"): threshold(1),
    ("order-statistics", "a threshold one too high"): threshold(1),
    ("order-statistics", "work in service that is not stopped"): protocol(cancel=QUEUED),
    ("hedge", "a delay a tenth too long"): layout(gap=lambda gap: 1.1 * gap),
    ("relaunch", "attempts that are stopped a tenth too late"): layout(expires=lambda x: 1.1 * x),
    ("collage", "a decode that takes no time"): layout(decode_column=lambda x: 0 * x - 1),
    ("collage", "a cancel that is ignored"): protocol(cancel=NEVER),
    ("collage-timeout", "a timeout that counts from a bit later"): layout(
        deadline=lambda deadline: deadline + 0.01
    ),
    ("parity", "a threshold one too low"): threshold(-1),
    ("ensembles", "members that are all alike"): one_law(),
    ("ensembles", "a threshold one too low"): threshold(-1),
    ("ensembles", "a deadline that is not kept"): layout(deadline=lambda deadline: 20 * deadline),
    ("ensembles", "results that count twice"): layout(gives=lambda x: np.arange(x.size)),
    ("ensembles", "a hedge that is late"): layout(gap=lambda gap: 1.5 * gap),
    ("jobs", "requests answered with their first segment"): first_segments(),
    ("jobs", "answers that do not wait for each other"): answers_at_once(),
    ("jobs", "a device of one slot too many"): wrong("fleet", device_slots=lambda x: x + 1),
    ("jobs", "members that do not slow each other"): wrong(
        "fleet", interference=lambda factors: np.where(factors > 1, 1.0, factors)
    ),
    ("jobs", "batches that grow by a tenth too much"): wrong(
        "fleet", multiple=lambda multiple: np.where(multiple > 1, 1.1 * multiple, multiple)
    ),
    ("slow-states", "workers that are a tenth too slow"): wrong(
        "slowness", value=lambda value: np.where(value > 1, 1.1 * value, value)
    ),
    ("slow-states", "workers that are slow together"): wrong(
        "slowness", track=lambda track: track[:, :1] + 0 * track
    ),
    ("saturation", "work in service that is not stopped"): protocol(cancel=QUEUED),
    ("accuracy", "a deadline that is not kept"): layout(deadline=lambda deadline: 20 * deadline),
    ("accuracy", "a threshold one too high"): threshold(1),
    ("accounts", "a mean that is a bit too long"): kept("mean", 1 + 1e-6),
    ("accounts", "work that is counted a bit too high"): kept("totals", 1 + 1e-6),
}


@cache
def verdicts(family):
    """Return the verdicts of a family, of a quick check."""
    return selfcheck(quick=True, families=[family])


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_agrees(family):
    """All checks of it pass; by chance one would not for 6e-5 of all seeds."""
    assert [(v.check.name, v.check.measure, v.z) for v in verdicts(family) if not v.passed] == []


@pytest.mark.parametrize(("family", "fault"), FAULTS)
def test_a_wrong_rule_is_found(family, fault, monkeypatch):
    """With the fault at least one check fails, and not for want of requests."""
    monkeypatch.setattr(running, "SHORTER", SHORTER)
    place, name, broken = FAULTS[family, fault]
    monkeypatch.setattr(place, name, broken)

    found = selfcheck(quick=True, families=[family])

    failed = [(v.check.name, v.check.measure, round(v.z, 1)) for v in found if v.outcome == "fail"]
    print(f"{family}: {failed}")
    assert failed


def test_every_family_has_a_wrong_rule():
    """None is left without a negative control."""
    assert {family for family, _ in FAULTS} == set(FAMILIES)


def test_there_are_many_closed_forms():
    """At least forty, of which each says what it is and where it is from."""
    closed = [check for check in checks() if np.isfinite(check.theory)]

    assert len(closed) >= 40
    assert all(check.formula and check.source for check in closed)
    assert {check.family for check in closed} == set(FAMILIES) - {"accounts"}


def test_every_kind_of_policy_is_accounted_for():
    """A new policy needs an example, or its books are not looked at.

    The oracle, where there is one, is a bound: it has no tasks and runs on nothing.
    """
    assert set(KINDS) - set(EXAMPLES) <= {"oracle"}
    assert set(EXAMPLES) <= set(KINDS)


def test_no_group_straddles_the_warm_up():
    """The count of costs takes it for granted."""
    shapes = [KINDS[kind](**parameters(each)) for kind in EXAMPLES for each in EXAMPLES[kind]]

    assert [WARM_UP % policy.shape().requests for policy in shapes] == [0] * len(shapes)


def parameters(example):
    """Return those of the policy itself."""
    return {key: value for key, value in example.items() if key not in ("cancel", "batch")}


def test_one_simulation_serves_all_checks_of_a_scenario(monkeypatch):
    """Five numbers of M/M/1 are read from the same result, and progress counts scenarios."""
    simulated, seen = [], []
    right = running.simulate
    monkeypatch.setattr(running, "SHORTER", SHORTER)
    monkeypatch.setattr(
        running, "simulate", lambda *args, **keys: simulated.append(1) or right(*args, **keys)
    )

    found = selfcheck(quick=True, families=["mm1"], progress=lambda *done: seen.append(done))

    assert (len(found), len(simulated), seen) == (5, 1, [(1, 1)])
