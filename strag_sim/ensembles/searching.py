"""Steepest ascent over allocations: what a search finds, and how it came there."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import gcd, inf
from typing import NamedTuple

from strag_sim.ensembles.allocation import Allocation, problem
from strag_sim.ensembles.bound import Bound
from strag_sim.ensembles.costs import Costs, loads
from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member
from strag_sim.ensembles.neighbours import Neighbour, Room
from strag_sim.errors import AllocationError

# How good an allocation is; more is better.
Score = Callable[[Allocation], float]
# What a search looks at around an allocation.
Around = Callable[[Allocation, Room], Iterable[Neighbour]]

# Scores this close (relative) are equal but for rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Step:
    """A step of a search: what was changed, the score after it, and the work until it was found.

    ``evaluated`` neighbours were scored, ``pruned`` ones were not, since their bound said enough.
    """

    change: str
    score: float
    evaluated: int
    pruned: int


@dataclass(frozen=True)
class Search:
    """What a search found.

    Parameters
    ----------
    allocation, score : Allocation, float
        The best, and its score.
    steps : tuple of Step
        The start, and each step from there.
    evaluations : int
        How often an allocation was scored, also after the last step.
    settled : bool
        Whether no neighbour is better; False where the number of steps ended it.
    """

    allocation: Allocation
    score: float
    steps: tuple[Step, ...]
    evaluations: int
    settled: bool


class Rank(NamedTuple):
    """What is compared: the score; of equal ones the loads of devices, the largest first; memory.

    A batch size beyond which a model is no faster takes memory that another instance could have.
    """

    score: float
    loads: tuple[float, ...]
    memory: float

    def beats(self, other: "Rank") -> bool:
        """Return whether it has the higher score, or the same and lighter loads, or less memory."""
        if self.score > other.score + _ROUNDING * abs(other.score):
            return True
        lighter = (self.loads, self.memory) < (other.loads, other.memory)
        return self.score >= other.score and lighter


class Judge(NamedTuple):
    """What ranks allocations."""

    devices: Sequence[Device]
    members: Sequence[Member]
    costs: Costs
    score: Score
    bound: Bound | None

    def rank(self, allocation: Allocation) -> Rank:
        """Return the rank of an allocation, which takes a score."""
        return self.hope(allocation)._replace(score=self.score(allocation))

    def hope(self, allocation: Allocation) -> Rank:
        """Return the best rank that an allocation can have, which takes none."""
        bound = self.bound(allocation) if self.bound else inf
        return Rank(bound, self.loads(allocation), sum(allocation.used(self.members)))

    def loads(self, allocation: Allocation) -> tuple[float, ...]:
        """Return the loads of the devices, the largest first, to four digits.

        More are not known of measured times, and would hide that a batch size is no faster.
        """
        found = loads(allocation, self.devices, self.costs)
        return tuple(sorted((float(f"{load:.4g}") for load in found), reverse=True))


def ascend(
    start: Allocation,
    room: Room,
    judge: Judge,
    around: Sequence[Around],
    *,
    max_neighbours: int,
    max_iterations: int,
    seed: int,
) -> Search:
    """Go to the best neighbour, and on from there, until none is better or steps are spent.

    ``around`` are kinds of neighbours; the next one is looked at only where the one before has none
    that is better. Neighbours are better by ``Rank.beats``: the throughput of an ensemble is
    that of its bottleneck, and where two devices are equally loaded no change of one alone raises
    it. So of equal scores lighter loads win, without which most searches end at their start; and of
    equal loads less memory, which leaves room for instances.

    The neighbours with the highest bound are scored first, equal ones spread over their whole list
    (by multiples of about 0.618 of it, from a place that ``seed`` and the step shift). Those that
    no longer can be better than the best so far are not scored, which loses nothing. As soon as
    ``max_neighbours`` have been scored, the best of them is gone to; if none is better, all
    others are scored too, so that the search ends at a local optimum.

    Raises
    ------
    AllocationError
        If the start does not fit its devices.
    """
    wrong = problem(start, room.devices, room.members)
    if wrong:
        raise AllocationError(wrong)
    now, rank = start, judge.rank(start)
    steps, evaluations, settled = [Step("start", rank.score, 1, 0)], 1, False
    while not settled and len(steps) <= max_iterations:
        evaluated = pruned = 0
        best: tuple[Neighbour, Rank] | None = None
        for kind in around:
            ordered = _ordered(list(kind(now, room)), judge, seed + len(steps))
            best, scored = _best_of(ordered, rank, judge, max_neighbours)
            evaluated, pruned = evaluated + scored, pruned + len(ordered) - scored
            if best:
                break
        evaluations += evaluated
        if best:
            (change, now), rank = best
            steps.append(Step(change, rank.score, evaluated, pruned))
        settled = best is None
    return Search(now, rank.score, tuple(steps), evaluations, settled)


def _ordered(found: Sequence[Neighbour], judge: Judge, first: int) -> list[tuple[Neighbour, Rank]]:
    """Return neighbours with the rank that they can have at best, the most promising first."""
    hopes = [(found[i], judge.hope(found[i].allocation)) for i in _spread(len(found), first)]
    return sorted(hopes, key=lambda each: -each[1].score)


def _best_of(
    ordered: Sequence[tuple[Neighbour, Rank]], rank: Rank, judge: Judge, most: int
) -> tuple[tuple[Neighbour, Rank] | None, int]:
    """Return the best neighbour that beats this rank, with its own, and how many were scored."""
    best: tuple[Neighbour, Rank] | None = None
    scored = 0
    for neighbour, hope in ordered:
        if not hope.beats(rank):
            continue
        if best and scored >= most:
            break
        found = hope._replace(score=judge.score(neighbour.allocation))
        scored += 1
        if found.beats(rank):
            best, rank = (neighbour, found), found
    return best, scored


def _spread(count: int, first: int) -> Iterator[int]:
    """Yield 0 to count - 1, each once, so that any few in a row lie far from each other."""
    stride = next((s for s in range(round(count * 0.618) or 1, count) if gcd(s, count) == 1), 1)
    yield from ((first + i) * stride % count for i in range(count))
