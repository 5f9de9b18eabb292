"""What a sample costs: seconds of an instance, and of a device."""

from collections.abc import Callable, Sequence
from functools import cache

from strag_sim.ensembles.allocation import Allocation
from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member

# Mean seconds a sample of an instance, by its device, the name of its model, and its batch size.
Costs = Callable[[int, str, int], float]


def sample_seconds(member: Member, device: Device, batch: int, segment: int) -> float:
    """Return the least mean seconds a sample that an instance can take, alone on its device.

    A service takes up to floor(batch / segment) segments, and one at the least. It may take fewer,
    so that the best number counts: throughput may fall towards large batches.
    """
    counts = range(1, max(1, batch // segment) + 1)
    return min(
        member.seconds(device.kind, count * segment, batch) / (count * segment * device.speed)
        for count in counts
    )


def costs_of(devices: Sequence[Device], members: Sequence[Member], segment: int) -> Costs:
    """Return the seconds a sample of any cell, each computed once."""
    named = {member.name: member for member in members}

    @cache
    def seconds(device: int, name: str, batch: int) -> float:
        return sample_seconds(named[name], devices[device], batch, segment)

    return seconds


def capacity(device: Device, instances: int) -> float:
    """Return how many seconds of services that stand alone a device can do a second, at the most.

    A service keeps the factor of its start. Of k that serve at an instant, the j-th oldest began
    beside j - 1 others at the least, so its factor is at least g(j), the least of those for j
    to k that serve. So they do at most 1/g(1) + ... + 1/g(k), and k is at most the slots.
    """
    serving = min(instances, device.slots)
    factors = device.interference or (1.0,) * serving
    return sum(1 / min(factors[j:serving]) for j in range(serving))


def loads(allocation: Allocation, devices: Sequence[Device], costs: Costs) -> tuple[float, ...]:
    """Return the seconds a sample of each device over its capacity, if pools are equally busy.

    The instances of a model share a queue; all of them busy, they split its samples by how fast
    they are, and each is busy for 1 / sum(1 / cost) a sample.
    """
    rate = [0.0] * len(allocation.models)
    on = [0] * len(devices)
    cells = allocation.instances()
    for device, model, batch in cells:
        rate[model] += 1 / costs(device, allocation.models[model], batch)
        on[device] += 1
    busy = [0.0] * len(devices)
    for device, model, _ in cells:
        busy[device] += 1 / rate[model] / capacity(devices[device], on[device])
    return tuple(busy)
