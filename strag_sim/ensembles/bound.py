"""How many samples a second no schedule of an allocation can beat."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from strag_sim.ensembles.allocation import Allocation, Cell
from strag_sim.ensembles.costs import capacity, costs_of
from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member
from strag_sim.ensembles.simplex import largest_value

Bound = Callable[[Allocation], float]


def throughput_bound(
    allocation: Allocation,
    devices: Sequence[Device],
    members: Sequence[Member],
    *,
    segment: int = 1,
) -> float:
    """Return the samples a second that no schedule of this allocation can beat, in the long run.

    Every member predicts every sample (no quorum, no copies), and the allocation has no
    ``problem``. Let X be the samples a second, x_i those of instance i, and c_i its least seconds
    a sample (``sample_seconds``); w_i = c_i x_i is then what it does of services that stand alone,
    in seconds a second. A model's instances share all samples; an instance does one service at a
    time, and beside others none takes less; a device does not more than its ``capacity``. So X is
    at most the largest with

        X <= sum of w_i / c_i over the instances of each model,
        w_i <= 1 for each instance,
        sum of w_i over the instances of a device <= h(its instances), for each device.

    Where all devices have one slot, h is 1, and the bound is exact: any w that keeps to it is what
    a device does that takes its instances in turn, for as long as w says, given enough samples.
    With more slots it is a bound; with three or more, and interference, some of its instances
    might be bounded further. It is our own; the paper (arXiv:2208.14049) measures.
    """
    return bounding(devices, members, segment=segment)(allocation)


def bounding(devices: Sequence[Device], members: Sequence[Member], *, segment: int = 1) -> Bound:
    """Return ``throughput_bound`` as a function of the allocation, for whoever asks often.

    What a sample costs in each cell is looked up once.
    """
    costs = costs_of(devices, members, segment)

    def bound(allocation: Allocation) -> float:
        cells = allocation.instances()
        seconds = [costs(cell.device, allocation.models[cell.model], cell.batch) for cell in cells]
        on = Counter(cell.device for cell in cells)
        most = {device: capacity(devices[device], count) for device, count in on.items()}
        if len(cells) == len(allocation.models):
            return _alone(cells, seconds, most)
        return _shared(cells, seconds, most, len(allocation.models))

    return bound


def _alone(cells: Sequence[Cell], seconds: Sequence[float], most: dict[int, float]) -> float:
    """Return the bound where each model has one instance, which sees all samples."""
    busy = dict.fromkeys(most, 0.0)
    for cell, cost in zip(cells, seconds, strict=True):
        busy[cell.device] += cost
    return 1 / max(*seconds, *(busy[device] / most[device] for device in busy))


def _shared(
    cells: Sequence[Cell], seconds: Sequence[float], most: dict[int, float], models: int
) -> float:
    """Return the bound by the linear programme; its columns are the instances, then X."""
    # In the time that the fastest instance takes, so that numbers are about 1.
    unit = min(seconds)
    row_of = {device: models + row for row, device in enumerate(most)}
    several = [i for i, cell in enumerate(cells) if most[cell.device] > 1]
    rows = np.zeros((models + len(most) + len(several), len(cells) + 1))
    limits = np.ones(len(rows))
    rows[:models, -1], limits[:models] = 1.0, 0.0
    for i, (cell, cost) in enumerate(zip(cells, seconds, strict=True)):
        rows[cell.model, i] = -unit / cost
        rows[row_of[cell.device], i] = 1.0
    for device, row in row_of.items():
        limits[row] = most[device]
    rows[range(models + len(most), len(rows)), several] = 1.0
    gains = np.zeros(len(cells) + 1)
    gains[-1] = 1.0
    return largest_value(rows, limits, gains) / unit
