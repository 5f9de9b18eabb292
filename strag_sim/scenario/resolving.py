"""What each policy of a scenario runs on: overrides, and defaults that depend on other keys."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from strag_sim.arrivals import Arrivals, Rated, Trace
from strag_sim.distributions.deterministic import Deterministic
from strag_sim.distributions.distribution import Distribution
from strag_sim.policies.none import NoRedundancy
from strag_sim.policies.oracle import Oracle
from strag_sim.policies.shape import Shape
from strag_sim.scenario.allocating import (
    allocation_of,
    deployed,
    devices_of,
    growth_of,
    with_figures,
)
from strag_sim.scenario.batches import batches_given
from strag_sim.scenario.carrying import (
    coding_times,
    masters_of,
    networks_of,
    payload_of,
    with_bytes,
)
from strag_sim.scenario.devices import job_of
from strag_sim.scenario.labels import labels
from strag_sim.scenario.models import REQUESTS, Batch, Entry, Scenario, WorkerGroup, Workers
from strag_sim.setup import Batching, Model, ScriptedPlacement, Setup


def complete(scenario: Scenario, shapes: Sequence[Shape]) -> Scenario:
    """Return the scenario with labels, requests and the split of the workers filled in."""
    requests = scenario.requests
    if requests is None and isinstance(scenario.arrivals, Trace):
        requests = scenario.arrivals.size - scenario.cut
    named = zip(scenario.policies, labels(scenario.policies), shapes, strict=True)
    policies = tuple(
        entry.model_copy(
            update={"label": label, "redundant_workers": _redundant_workers(scenario, entry, shape)}
        )
        for entry, label, shape in named
    )
    filled = {
        "service": service_of(scenario),
        "models": tuple(with_figures(model) for model in scenario.models),
        "requests": REQUESTS if requests is None else requests,
        "policies": policies,
        "input": with_bytes(scenario.input),
    }
    return scenario.model_copy(update=filled)


def service_of(scenario: Scenario) -> Distribution:
    """Return the law of the sizes of own tasks: if none is given, that of the first model."""
    given: Distribution | None = scenario.service
    return scenario.models[0].service if given is None else given


def setups(scenario: Scenario) -> tuple[Setup, ...]:
    """Return the setup of each policy, in order; an oracle's has those of all others."""
    alone = tuple(
        _on_devices(scenario, entry, _setup(scenario, entry)) for entry in scenario.policies
    )
    rivals = tuple(setup for setup in alone if not isinstance(setup.policy, Oracle))
    return tuple(
        replace(setup, rivals=rivals) if isinstance(setup.policy, Oracle) else setup
        for setup in alone
    )


def machines(workers: Workers) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return the speeds and the slots of the workers, one each."""
    if workers.count is not None:
        return _alike(workers.count, 1.0), _alike(workers.count, 1)
    groups = workers.groups or ()
    speeds = sum((_alike(group.count, group.speed) for group in groups), ())
    slots = sum((_alike(group.count, group.slots) for group in groups), ())
    return speeds, slots


def workers_of(scenario: Scenario, entry: Entry) -> Workers:
    """Return the workers that a policy runs on."""
    own = entry.workers
    if own is not None and own.size:
        return own
    shared = scenario.workers
    if shared.size or not scenario.devices:
        return shared
    groups = tuple(WorkerGroup(count=g.count, speed=g.speed) for g in scenario.devices)
    return shared.model_copy(update={"groups": groups})


def placement_of(scenario: Scenario, entry: Entry) -> Any:
    """Return the placement of a policy: a name or a script."""
    return _first(
        entry.placement,
        entry.workers and entry.workers.placement,
        scenario.workers.placement,
        "random",
    )


def batch_of(scenario: Scenario, entry: Entry) -> Batch:
    """Return how the workers of a policy serve tasks together."""
    given = batches_given(scenario, entry)
    most = _first(*(batch.max for batch in given), 1)
    wait = _first(*(batch.wait for batch in given), 0.0)
    return Batch(max=most, wait=wait, growth=_first(*(batch.growth for batch in given)))


def has_own_pool(shape: Shape) -> bool:
    """Return whether a policy's redundant tasks go to workers of their own, unless shared."""
    return any(task.pool == "redundant" for task in shape.tasks)


def _redundant_workers(scenario: Scenario, entry: Entry, shape: Shape) -> int | None:
    """Return how many workers serve redundant tasks only; None where a policy knows no such."""
    if not has_own_pool(shape):
        return entry.redundant_workers
    given = _first(entry.redundant_workers, scenario.redundant_workers)
    if given is not None:
        return int(given)
    placement = placement_of(scenario, entry)
    if placement == "fixed" or isinstance(placement, ScriptedPlacement):
        return 0  # both name workers themselves
    redundant = sum(task.pool == "redundant" for task in shape.tasks)
    share = workers_of(scenario, entry).size * redundant / (shape.requests + redundant)
    return max(1, math.floor(share))


def _setup(scenario: Scenario, entry: Entry) -> Setup:
    """Return one policy's setup."""
    speeds, slots = machines(workers_of(scenario, entry))
    own, shared = entry.workers or Workers(), scenario.workers
    batch = batch_of(scenario, entry)
    network = networks_of(scenario, entry)
    encode, decode = coding_times(scenario, entry)

    def given(key: str, default: Any) -> Any:
        return _first(getattr(entry, key), getattr(scenario, key), default)

    return Setup(
        label=entry.label or entry.kind,
        policy=entry.policy,
        arrivals=arrivals_of(scenario),
        service=scenario.service,
        speeds=speeds,
        slots=slots,
        job=job_of(scenario.job),
        models=_models(scenario),
        queue=_first(entry.queue, own.queue, shared.queue, "per-worker"),
        placement=placement_of(scenario, entry),
        distinct=_first(entry.distinct, own.distinct, shared.distinct, True),
        batching=Batching(batch.max or 1, batch.wait or 0.0, batch.growth or 0.0),
        redundant_workers=entry.redundant_workers or 0,
        cancel=given("cancel", "queued"),
        cancel_delay=given("cancel_delay", 0.0),
        encode=_law(given("encode", encode)),
        decode=_law(given("decode", decode)),
        to_worker=_law(_first(*(each.to_worker for each in network))),
        from_worker=_law(_first(*(each.from_worker for each in network))),
        payload=payload_of(scenario),
        bandwidth=_first(*(each.bandwidth for each in network)),
        cores=_first(*(each.cores for each in masters_of(scenario, entry))),
        fill_timeout=given("fill_timeout", None),
        shared_size=given("shared_size", False),
        slowdown=scenario.slowdown,
        combine=scenario.combine,
        accuracy=_accuracy(scenario.accuracy),
        requests=scenario.requests or REQUESTS,
        warm_up=scenario.cut,
        seed=scenario.seed,
    )


def _on_devices(scenario: Scenario, entry: Entry, setup: Setup) -> Setup:
    """Return the setup of an ensemble with the instances of its models on devices for workers.

    Those of a model share a queue where nothing else is said.
    """
    allocation = allocation_of(scenario, entry)
    if allocation is None:
        return setup
    own, shared = entry.workers or Workers(), scenario.workers
    queue = _first(entry.queue, own.queue, shared.queue, "shared")
    batching = replace(setup.batching, most=1, growth=growth_of(scenario, entry))
    handled = replace(setup, queue=queue, batching=batching)
    return deployed(handled, allocation, devices_of(scenario))


def arrivals_of(scenario: Scenario) -> Arrivals:
    """Return the arrivals, an offered load turned into a rate by the scenario's own workers.

    Policies with other workers see the same arrivals: equal resources are compared on one load.
    """
    arrivals = scenario.arrivals
    if isinstance(arrivals, Rated):
        _, slots = machines(workers_of(scenario, Entry(policy=NoRedundancy())))
        mean = scenario.service.mean * job_of(scenario.job).segments
        return arrivals.at_capacity(mean, sum(slots))
    return arrivals


def _models(scenario: Scenario) -> Mapping[str, Model]:
    """Return the models by name."""
    return {
        model.name: Model(model.service, _accuracy(model.accuracy), model.service_on or {})
        for model in scenario.models
    }


def _accuracy(accuracy: float | None) -> float:
    """Return an accuracy, NaN where none is given."""
    return math.nan if accuracy is None else accuracy


def _law(time: float | Distribution | None) -> Distribution | None:
    """Return a time as a distribution, None for 0."""
    if isinstance(time, int | float):
        return Deterministic(value=float(time)) if time > 0 else None
    return time


def _first(*values: Any) -> Any:
    """Return the first value that is given."""
    return next((value for value in values if value is not None), None)


@lru_cache(maxsize=64, typed=True)  # 1 and 1.0 are not the same
def _alike(count: int, value: Any) -> tuple[Any, ...]:
    """Return a value for each of many workers, the same tuple for all policies."""
    return (value,) * count
