"""For which ensembles and GPUs an allocation matrix can be worth what the paper says.

All GPUs are alike, have memory enough, and serve one batch at a time. Then what a matrix is worth
is known without simulating: a model costs c seconds of a GPU for each sample, in its best batch
size. Best batch sizes where worst-fit puts the models serve 1 / max over GPUs of the sum of their
c; no matrix serves more than GPUs / sum of all c in the long run. The engine meets both within 1 %
(the page's table has bounds beside what it serves).
"""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

import pandas as pd

from strag_sim.ensembles import Allocation, Device, Member, worst_fit
from strag_sim.ensembles.costs import costs_of
from strag_sim.reproduce.ensemble_sets import MODELS, Case
from strag_sim.scenario.allocating import devices_of, members_of

LARGEST = 2.7  # Pochelu, Petiton and Conche, abstract: "a speedup up to 2.7x"
AMPLE = 2**40  # bytes
SEGMENT = 32  # samples, as in the scenario; other sizes were found to change nothing
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)


@dataclass(frozen=True)
class Grid:
    """What is searched: sizes of ensembles, so many of each size at most, and what is not known.

    ``most`` are largest batch sizes, in samples.
    """

    members: Sequence[int] = range(1, 13)
    ensembles: int = 60
    gpus: Sequence[int] = range(1, 17)
    most: Sequence[int] = (8, 32, 128)


def searched(grid: Grid) -> pd.DataFrame:
    """Return one row a setting: the most that a matrix can be worth over best batch sizes there.

    ``lowest``, ``median`` and ``highest`` are of that over the ensembles of so many ``members``,
    and ``reach`` is the share of them for which it is the paper's ``LARGEST`` or more.
    """
    device, members = parts()
    rows = []
    for most, size, gpus in product(grid.most, grid.members, grid.gpus):
        costs = of_models(most)
        worth = [
            at_most(costs, worst_fit([device] * gpus, [members[name] for name in names]))
            for names in subsets(size, grid.ensembles)
        ]
        rows.append(
            {
                "batch": most,
                "members": size,
                "GPUs": gpus,
                "ensembles": len(worth),
                "lowest": min(worth),
                "median": statistics.median(worth),
                "highest": max(worth),
                "reach": statistics.mean(each >= LARGEST for each in worth),
            }
        )
    return pd.DataFrame(rows)


def subsets(size: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield up to ``count`` ensembles of so many models, evenly spread over all there are."""
    every = list(combinations(MODELS, size))
    yield from every[:: -(-len(every) // count)]


def of_models(most: int) -> dict[str, float]:
    """Return the seconds of a GPU that a sample of each model costs, in its best batch size."""
    device, members = parts()
    costs = costs_of([device], list(members.values()), SEGMENT)
    batches = [size for size in BATCHES if size <= most]
    return {name: min(costs(0, name, size) for size in batches) for name in members}


def at_most(costs: Mapping[str, float], start: Allocation) -> float:
    """Return what no matrix can pass, over best batch sizes at the places of the start."""
    work = [
        sum(costs[name] for name, batch in zip(start.models, row, strict=True) if batch)
        for row in start.batch
    ]
    return max(work) * len(work) / sum(work)


def ceilings(cases: Sequence[Case]) -> list[float]:
    """Return what no matrix can pass of each case, over best batch sizes there."""
    device, members = parts()
    costs = of_models(max(BATCHES))
    return [
        at_most(costs, worst_fit([device] * case.gpus, [members[name] for name in case.members]))
        for case in cases
    ]


def least_memory(gpus: int) -> float:
    """Return the bytes that each of so many GPUs needs for the twelve, as worst-fit puts them.

    It puts them there on GPUs of any memory that is enough.
    """
    device, members = parts()
    them = list(members.values())
    return max(worst_fit([device] * gpus, them).used(them))


@cache
def parts() -> tuple[Device, Mapping[str, Member]]:
    """Return a GPU with memory enough for all models, and the models by name."""
    scenario = Case(MODELS, 1, AMPLE).scenario()
    (device,) = devices_of(scenario)
    return device, {each.name: each for each in members_of(scenario, scenario.policies[0])}
