"""The first allocation: each model once, where most memory is free."""

from collections.abc import Sequence

from strag_sim.ensembles.allocation import Allocation
from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member
from strag_sim.errors import AllocationError

MOST_TOLD = 8  # devices of which it is said why a model does not fit


def worst_fit(
    devices: Sequence[Device], members: Sequence[Member], *, batch: int = 1
) -> Allocation:
    """Return the matrix of the worst fit: each model on the device with most free memory.

    Pochelu, Petiton and Conche (arXiv:2208.14049) begin with a worst fit. That the largest model
    goes first, by the bytes of an instance with this batch size, is our reading of them; of equal
    models the first of ``members`` does. Of devices with equal free memory, that with least taken
    (so that devices of infinite memory fill evenly), then the first. Only devices of a kind for
    which the model has times up to ``batch`` are asked.

    Raises
    ------
    AllocationError
        If a model fits on no device: its size, and what is free on each.
    """
    if batch < 1:
        raise ValueError(f"batch: {batch} is not allowed; batch must be at least 1")
    used = [0.0] * len(devices)
    rows = [[0] * len(members) for _ in devices]
    order = sorted(range(len(members)), key=lambda m: -members[m].footprint(batch))
    for m in order:
        size = members[m].footprint(batch)
        free = [device.memory - taken for device, taken in zip(devices, used, strict=True)]
        fitting = [
            d
            for d, device in enumerate(devices)
            if members[m].largest(device.kind) >= batch and size <= free[d]
        ]
        if not fitting:
            raise AllocationError(_fits_nowhere(members[m], batch, devices, free))
        chosen = max(fitting, key=lambda d: (free[d], -used[d], -d))
        rows[chosen][m] = batch
        used[chosen] += size
    return Allocation(tuple(member.name for member in members), tuple(map(tuple, rows)))


def _fits_nowhere(
    member: Member, batch: int, devices: Sequence[Device], free: Sequence[float]
) -> str:
    """Return that a model fits on no device, and why not on each."""
    reasons = []
    for d, (device, left) in enumerate(zip(devices[:MOST_TOLD], free, strict=False)):
        largest = member.largest(device.kind)
        if largest >= batch:
            reasons.append(f"device {d} has {left:,.0f} bytes free")
        elif largest:
            reasons.append(f"device {d} is a {device.kind}, timed up to batch size {largest}")
        else:
            reasons.append(f"device {d} is a {device.kind}, for which it has no times")
    if len(devices) > MOST_TOLD:
        reasons.append(f"{len(devices) - MOST_TOLD} more have no room either")
    return (
        f"model {member.name} fits nowhere: at batch size {batch} an instance takes "
        f"{member.footprint(batch):,.0f} bytes, and {', '.join(reasons) or 'there is no device'}"
    )
