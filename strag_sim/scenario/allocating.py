"""The models of an ensemble put on the devices of a scenario."""

import math
from collections.abc import Iterator
from dataclasses import replace

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.scripted import Scripted
from strag_sim.ensembles import Allocation, Device, Member, problem, read_allocation, worst_fit
from strag_sim.errors import AllocationError
from strag_sim.hints import did_you_mean
from strag_sim.policies.ensemble import Ensemble
from strag_sim.scenario.allocations import MOST_CELLS, WORST_FIT
from strag_sim.scenario.batches import batches_given
from strag_sim.scenario.models import Batch, Entry, Scenario
from strag_sim.scenario.problems import Path, Problem, shown
from strag_sim.scenario.special import NamedModel
from strag_sim.setup import Deployment, Instance, Setup

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
    missing = {
        key: float(value)
        for key, value in known.items()
        if getattr(model, key) is None and value is not None
    }
    return model.model_copy(update=missing)


def law_on(model: NamedModel, kind: str) -> Distribution:
    """Return the law of the sizes of a model on a kind of device."""
    return (model.service_on or {}).get(kind, model.service)


def growth_of(scenario: Scenario, entry: Entry) -> float:
    """Return what share of a sample's time each further one of its batch adds, by default 1."""
    given = batches_given(scenario, entry)
    return next((batch.growth for batch in given if batch.growth is not None), 1.0)


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


def deployed(setup: Setup, allocation: Allocation, devices: tuple[Device, ...]) -> Setup:
    """Return a setup whose workers are the instances of an allocation."""
    models = allocation.models
    instances = tuple(Instance(models[m], d, batch) for d, m, batch in allocation.instances())
    return replace(
        setup,
        deployment=Deployment(devices, instances),
        speeds=tuple(devices[instance.device].speed for instance in instances),
        slots=(1,) * len(instances),
    )


def check_deployments(
    scenario: Scenario, broken: set[str | int]
) -> Iterator[tuple[int, list[Problem]]]:
    """Yield the place of each ensemble, and what keeps it from its members and devices."""
    for i, entry in enumerate(scenario.policies):
        policy, place = entry.policy, ("policies", i)
        if i in broken or not isinstance(policy, Ensemble):
            continue
        wrong = [*_check_members(scenario, policy, place)]
        if not scenario.devices:
            if policy.allocation is not None:
                text = "is not allowed without devices; list them, such as"
                example = "devices: [{memory: 24 GiB}]"
                wrong.append(Problem((*place, "allocation"), f"{text} {example}"))
            yield i, wrong
            continue
        wrong = wrong or [*_check_models(scenario, policy)]
        wrong += _check_entry(scenario, entry, policy, place)
        yield i, wrong or [*_check_allocation(scenario, entry, len(policy.members), place)]


def _check_allocation(
    scenario: Scenario, entry: Entry, members: int, place: Path
) -> Iterator[Problem]:
    """Yield why the members of an ensemble cannot be put on the devices as it says."""
    devices = len(devices_of(scenario))
    if devices * members > MOST_CELLS:
        text = f"{members} on {devices} devices are not allowed; an allocation has at most"
        yield Problem((*place, "members"), f"{text} {MOST_CELLS} cells")
        return
    try:
        allocation_of(scenario, entry)
    except (AllocationError, ValueError) as error:  # times beyond all numbers, too
        yield Problem((*place, "allocation"), str(error))


def _check_members(scenario: Scenario, policy: Ensemble, place: Path) -> Iterator[Problem]:
    """Yield a problem for each member that is no model of the scenario."""
    known = [model.name for model in scenario.models]
    for m, name in enumerate(policy.members):
        if name not in known:
            allowed = f"it must be one of {', '.join(known)}" if known else "the scenario has none"
            text = (
                f"{shown(name)} is not allowed; {allowed}; models are listed under the key models"
            )
            yield Problem((*place, "members", m), text + did_you_mean(name, known))


def _check_models(scenario: Scenario, policy: Ensemble) -> Iterator[Problem]:
    """Yield what is missing of the models that are put on devices."""
    for model in scenario.models:
        if model.name not in policy.members:
            continue
        if model.memory is None:
            text = "missing; {key} must be what an instance takes on a device, such as 1.2 GB"
            yield Problem(("models", model.name, "memory"), text)
        laws: dict[Path, Distribution] = {("service",): model.service}
        laws |= {("service_on", kind): law for kind, law in (model.service_on or {}).items()}
        for path, law in laws.items():
            if isinstance(law, Profile) and law.per_worker:
                text = "true is not allowed; instances are not bound to measured machines"
                yield Problem(("models", model.name, *path, "per_worker"), text)
            if isinstance(law, Scripted):
                text = "scripted is not allowed on devices; scripted sizes are for workers"
                yield Problem(("models", model.name, *path, "kind"), text)
            elif not math.isfinite(law.mean):
                text = "is not allowed on devices: its mean is infinite; give one with a mean"
                yield Problem(("models", model.name, *path), text)
        measured = {bool(_batches(law)) for law in laws.values()}
        if model.service_on and measured != {True}:  # sizes are drawn before devices are known
            text = "is not allowed but for profiles by batch size, the service's too; give such"
            more = "profiles for all kinds of devices, or the devices a speed"
            yield Problem(("models", model.name, "service_on"), f"{text} {more}")


def _check_entry(
    scenario: Scenario, entry: Entry, policy: Ensemble, place: Path
) -> Iterator[Problem]:
    """Yield what an ensemble on devices may not ask for."""
    own, shared = entry.workers, scenario.workers
    placement = next(
        (p for p in (entry.placement, own and own.placement, shared.placement) if p), "random"
    )
    if placement == "fixed" or not isinstance(placement, str):
        text = "is not allowed for an ensemble on devices, whose allocation says which model is"
        more = "where; {key} must be random, round-robin, shortest-queue or two-choices"
        yield Problem((*place, "placement"), f"{text} {more}")
    if own is not None and own.size:
        text = "is not allowed for an ensemble on devices; leave out count and groups"
        yield Problem((*place, "workers"), text)
    if entry.batch:
        yield from _check_batch(scenario, policy, entry.batch, (*place, "batch"))
    elif own and own.batch:
        yield from _check_batch(scenario, policy, own.batch, (*place, "workers", "batch"))


def _check_batch(
    scenario: Scenario, policy: Ensemble, batch: Batch, path: Path
) -> Iterator[Problem]:
    """Yield what an ensemble on devices says of batches that would count for nothing."""
    if batch.max is not None and policy.allocation not in (None, WORST_FIT):
        text = f"{batch.max} is not allowed with an allocation that has batch sizes; leave it out"
        yield Problem((*path, "max"), f"{text}, or allocation")
    laws = [model.service for model in scenario.models if model.name in policy.members]
    if batch.growth is not None and all(map(_batches, laws)):
        text = f"{batch.growth} is not allowed: all members were measured by batch size"
        yield Problem((*path, "growth"), f"{text}; leave {{key}} out")


def _size_of(scenario: Scenario, entry: Entry) -> int:
    """Return the batch size, in samples, of instances that are put where they fit."""
    return next((batch.max for batch in batches_given(scenario, entry) if batch.max), 1)


def _batches(law: Distribution) -> tuple[int, ...]:
    """Return the batch sizes that a law was measured for; none where it knows only one."""
    return law.batches if isinstance(law, Profile) else ()


def _times(law: Distribution, growth: float) -> tuple[float, ...]:
    """Return the mean seconds of batches of 1, 2, ... samples."""
    if not isinstance(law, Profile) or not law.batches:
        return tuple(law.mean * (1 + growth * further) for further in range(UNMEASURED))
    return tuple(law.batch_means(law.batches[-1]))
