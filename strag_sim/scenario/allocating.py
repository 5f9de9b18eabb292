"""The models of an ensemble put on the devices of a scenario."""

from collections.abc import Iterator

import numpy as np

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.ensembles import Allocation, Device, Member, problem, read_allocation, worst_fit
from strag_sim.errors import AllocationError
from strag_sim.policies.ensemble import Ensemble
from strag_sim.scenario.allocations import WORST_FIT
from strag_sim.scenario.models import Entry, Scenario
from strag_sim.scenario.problems import Path, Problem
from strag_sim.scenario.special import NamedModel
from strag_sim.setup import Deployment, Instance

# The batch sizes up to which it is known how long a model takes that was not measured by them.
UNMEASURED = 1024


def devices_of(scenario: Scenario) -> tuple[Device, ...]:
    """Return the devices of a scenario, one each."""
    return tuple(device for group in scenario.devices or () for device in group.devices())


def members_of(scenario: Scenario, entry: Entry) -> tuple[Member, ...]:
    """Return the members of an ensemble, with the memory that they take and their mean times."""
    policy = entry.policy
    named = {model.name: model for model in scenario.models}
    names = policy.members if isinstance(policy, Ensemble) else ()
    kinds = {device.kind for device in devices_of(scenario)}
    growth = growth_of(scenario, entry)
    return tuple(
        Member(
            name=name,
            memory=named[name].memory or 0.0,
            memory_per_sample=named[name].memory_per_sample or 0.0,
            times={kind: _times(law_on(named[name], kind), growth) for kind in kinds},
        )
        for name in names
    )


def with_figures(model: NamedModel) -> NamedModel:
    """Return a model with what its profile says of its memory and accuracy, where it does not."""
    law = model.service
    figures = law.profile_data.model if isinstance(law, Profile) else None
    if figures is None:
        return model
    known = {key: getattr(figures, key) for key in ("accuracy", "memory", "memory_per_sample")}
    missing = {key: value for key, value in known.items() if getattr(model, key) is None}
    return model.model_copy(update=missing)


def law_on(model: NamedModel, kind: str) -> Distribution:
    """Return the law of the sizes of a model on a kind of device."""
    return dict(model.on or {}).get(kind, model.service)


def growth_of(scenario: Scenario, entry: Entry) -> float:
    """Return what share of a sample's time each further one of its batch adds, by default 1."""
    holders = (entry, entry.workers, scenario.workers)
    given = [holder.batch.growth for holder in holders if holder and holder.batch]
    return next((growth for growth in given if growth is not None), 1.0)


def allocation_of(scenario: Scenario, entry: Entry) -> Allocation | None:
    """Return the matrix of a policy; None where its tasks go to workers that run all models.

    Raises an AllocationError where there is none.
    """
    policy, devices = entry.policy, devices_of(scenario)
    if not isinstance(policy, Ensemble) or not devices:
        return None
    members = members_of(scenario, entry)
    given = policy.allocation
    if given is None or given == WORST_FIT:
        return worst_fit(devices, members, batch=_size_of(scenario, entry))
    if isinstance(given, str):
        found = read_allocation(given)
    else:
        found = Allocation(models=policy.members, batch=given)
    wrong = problem(found, devices, members)
    if wrong:
        raise AllocationError(wrong)
    return found


def deployment_of(scenario: Scenario, entry: Entry) -> Deployment | None:
    """Return the instances of a policy's models, those of each model next to each other."""
    allocation = allocation_of(scenario, entry)
    if allocation is None:
        return None
    instances = [
        Instance(model, d, row[m])
        for m, model in enumerate(allocation.models)
        for d, row in enumerate(allocation.batch)
        if row[m]
    ]
    return Deployment(devices_of(scenario), tuple(instances))


def check_deployments(scenario: Scenario, broken: set[str | int]) -> Iterator[Problem]:
    """Yield what keeps the ensembles of a scenario from its devices."""
    for i, entry in enumerate(scenario.policies):
        policy = entry.policy
        if i in broken or not isinstance(policy, Ensemble):
            continue
        place: Path = ("policies", i)
        known = {model.name for model in scenario.models}
        if not scenario.devices:
            if policy.allocation is not None:
                text = "is not allowed without devices; list them, such as"
                yield Problem((*place, "allocation"), f"{text} devices: [{{memory: 24 GiB}}]")
            continue
        wrong = [*_check_models(scenario, policy)] if known.issuperset(policy.members) else []
        yield from wrong
        if wrong or not known.issuperset(policy.members):  # which is told with the tasks
            continue
        yield from _check_entry(scenario, entry, place)
        try:
            allocation_of(scenario, entry)
        except AllocationError as error:
            yield Problem((*place, "allocation"), str(error).replace("{", "{{").replace("}", "}}"))


def _check_models(scenario: Scenario, policy: Ensemble) -> Iterator[Problem]:
    """Yield what is missing of the models that are put on devices."""
    for model in scenario.models:
        if model.name not in policy.members:
            continue
        if model.memory is None:
            text = "missing; {key} must be what an instance takes on a device, such as 1.2 GB"
            yield Problem(("models", model.name, "memory"), text)
        laws = {("service",): model.service} | {("on", k): law for k, law in model.on or ()}
        for path, law in laws.items():
            if isinstance(law, Profile) and law.per_worker:
                text = "true is not allowed; instances are not bound to measured machines"
                yield Problem(("models", model.name, *path, "per_worker"), text)
        measured = {bool(_batches(law)) for law in laws.values()}
        if len(measured) > 1:
            text = "is not allowed; the services of a model are all measured by batch size or none"
            yield Problem(("models", model.name, "on"), text)


def _check_entry(scenario: Scenario, entry: Entry, place: Path) -> Iterator[Problem]:
    """Yield what an ensemble on devices may not ask for."""
    own, shared = entry.workers, scenario.workers
    placement = next(
        (p for p in (entry.placement, own and own.placement, shared.placement) if p), "random"
    )
    if placement == "fixed" or not isinstance(placement, str):
        text = "is not allowed with devices, whose allocation says which model is where; {key}"
        yield Problem(
            (*place, "placement"),
            f"{text} must be random, round-robin, shortest-queue or two-choices",
        )
    if own is not None and own.size:
        text = "is not allowed with devices; leave out the count and the groups of workers"
        yield Problem((*place, "workers"), text)


def _size_of(scenario: Scenario, entry: Entry) -> int:
    """Return the batch size, in samples, of instances that are put where they fit."""
    holders = (entry, entry.workers, scenario.workers)
    return next((h.batch.max for h in holders if h and h.batch and h.batch.max), 1)


def _batches(law: Distribution) -> tuple[int, ...]:
    """Return the batch sizes that a law was measured for; none where it knows only one."""
    return law.batches if isinstance(law, Profile) else ()


def _times(law: Distribution, growth: float) -> tuple[float, ...]:
    """Return the mean seconds of batches of 1, 2, ... samples."""
    if not isinstance(law, Profile) or not law.batches:
        return tuple(law.mean * (1 + growth * further) for further in range(UNMEASURED))
    levels, values = law.batch_tables(law.batches[-1])
    return tuple(float(np.trapezoid(row, levels)) for row in values)
