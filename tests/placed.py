"""Devices and members for tests of allocations: by hand, and drawn."""

import math

from strag_sim.ensembles import Allocation, Device, Member


def member(name="a", memory=1.0, times=(1.0,), **keys):
    """Return a member that a GPU runs in these times."""
    return Member(name=name, memory=memory, times={"gpu": tuple(times)}, **keys)


def matrix(rows, models="abcdefgh"):
    """Return the matrix of these rows, its models named by a letter each."""
    return Allocation(tuple(models[: len(rows[0])]), tuple(map(tuple, rows)))


def drawn_members(rng, count, batches=4):
    """Return members of 1 to 8 bytes, whose time grows with the batch in a straight line."""
    return [
        member(
            f"m{i}",
            memory=float(rng.uniform(1, 8)),
            memory_per_sample=float(rng.uniform(0, 1)),
            times=_line(rng, batches),
        )
        for i in range(count)
    ]


def drawn_devices(rng, count, slots=2, largest=20):
    """Return devices of 6 bytes and more, alike half of the time, else with slots and a speed."""
    if rng.random() < 0.5:
        return [Device(memory=float(rng.uniform(6, largest)))] * count
    return [
        Device(
            memory=float(rng.uniform(6, largest)),
            speed=float(rng.uniform(0.5, 2)),
            **_slots(rng, int(rng.integers(1, slots + 1))),
        )
        for _ in range(count)
    ]


def drawn_matrix(rng, devices, members, batches=(1, 2, 4)):
    """Return a matrix in which each member has an instance; whether it fits is not asked."""
    share = rng.uniform(0.1, 0.9)
    rows = [
        [int(rng.choice(batches)) * bool(rng.random() < share) for _ in members] for _ in devices
    ]
    for model in range(len(members)):
        if not any(row[model] for row in rows):
            rows[rng.integers(len(devices))][model] = 1
    return Allocation(tuple(each.name for each in members), tuple(map(tuple, rows)))


def endless(count, **keys):
    """Return devices whose memory does not matter."""
    return [Device(memory=math.inf, **keys)] * count


def _line(rng, batches):
    """Return the times of batches: one of a sample, and a share of it for each further one."""
    alone, growth = rng.uniform(1e-3, 1e-1), rng.uniform(0.1, 1.2)
    return tuple(float(alone * (1 + growth * further)) for further in range(batches))


def _slots(rng, slots):
    """Return slots, half of the time with factors of interference in any order."""
    if rng.random() < 0.5:
        return {"slots": slots}
    factors = (1.0, *map(float, rng.uniform(1, 2, slots - 1)))
    return {"slots": slots, "interference": factors}
