"""The search for an allocation of a scenario's ensemble."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from strag_sim.allocating.allocated import Allocated
from strag_sim.allocating.scoring import OBJECTIVES, Objective, Progress, Scorer, p99, throughput
from strag_sim.ensembles import (
    BATCHES,
    Allocation,
    Device,
    Member,
    Step,
    best_batch,
    bounding,
    exhaustive,
    greedy,
    worst_fit,
)
from strag_sim.ensembles.bound import Bound
from strag_sim.errors import ScenarioError
from strag_sim.hints import did_you_mean
from strag_sim.policies.ensemble import Ensemble
from strag_sim.policies.shape import Policy
from strag_sim.scenario import Entry, Scenario
from strag_sim.scenario.allocating import devices_of, members_of

Name = Literal["worst-fit", "best-batch", "greedy", "exhaustive"]
SEARCHES: tuple[Name, ...] = get_args(Name)


def allocate(
    scenario: Scenario,
    *,
    policy: str | None = None,
    search: Name = "greedy",
    objective: Objective = "throughput",
    batches: Sequence[int] = BATCHES,
    max_neighbours: int = 100,
    max_iterations: int = 50,
    progress: Progress | None = None,
) -> Allocated:
    """Find on which devices the models of an ensemble go, and in batches of which size.

    Worst-fit comes first, with the least batch size. From there ``best-batch`` changes batch sizes
    only, and ``greedy`` all: first by the bound of the throughput, which costs nothing, then by
    what the compiled engine simulates. ``exhaustive`` simulates all that may be better than the
    best so far. Pochelu, Petiton and Conche (arXiv:2208.14049) search by worst-fit and a greedy
    algorithm on measured throughput; the first climb, by the bound, and p99 are ours.

    Parameters
    ----------
    scenario : Scenario
        With devices. Its seed draws what all allocations are simulated on.
    policy : str or None
        The label of the ensemble; None is the first of the scenario.
    search, objective : str
        One of ``SEARCHES``; ``throughput`` (samples a second if requests never run out) or ``p99``
        (of one run of the scenario's requests).
    batches : sequence of int
        The batch sizes, in samples, that an instance may have.
    max_neighbours, max_iterations : int
        How many allocations a step looks at, and how many steps each climb takes at the most.
    progress : callable or None
        Called with the number of allocations simulated and the best score, after each.

    Raises
    ------
    ScenarioError
        If the scenario has no such ensemble or no devices, or a parameter is not allowed.
    AllocationError
        If a model fits on no device, or exhaustive search would be too long.
    """
    _check(search, objective, batches)
    place, entry = _ensemble(scenario, policy)
    setup = scenario.setups()[place]
    devices, members = devices_of(scenario), members_of(scenario, entry)
    bound = bounding(devices, members, segment=setup.job.samples)
    known = bound if _all_answer_once(entry.policy) else None
    score = Scorer(setup, devices, objective, max(batches), known, progress)
    limits = {
        "batches": batches,
        "segment": setup.job.samples,
        "max_neighbours": max_neighbours,
        "max_iterations": max_iterations,
    }
    course = _Course(bound)
    settled = interrupted = False
    try:
        best, settled = _searched(search, devices, members, score, course, limits)
    except KeyboardInterrupt:
        if score.best is None:
            raise
        interrupted = True
        best = _best_so_far(score, course)
    return Allocated(
        label=setup.label,
        allocation=best,
        objective=objective,
        throughput=throughput(setup, best, devices, max(batches)),
        p99=p99(setup, best, devices) if objective == "p99" else math.nan,
        bound=known(best) if known else math.nan,
        devices=devices,
        members=members,
        steps=tuple(course.steps),
        evaluations=score.evaluations,
        settled=settled,
        interrupted=interrupted,
    )


@dataclass
class _Course:
    """How a search goes, so that an interrupted one has something to show.

    Its steps so far; and the bound that leads its first climb, with the best allocation by it.
    """

    bound: Bound
    steps: list[Step] = field(default_factory=list)
    best: tuple[float, Allocation] | None = None

    def __call__(self, allocation: Allocation) -> float:
        """Return the bound."""
        value = self.bound(allocation)
        if self.best is None or value > self.best[0]:
            self.best = value, allocation
        return value


def _searched(
    search: Name,
    devices: Sequence[Device],
    members: Sequence[Member],
    score: Scorer,
    course: _Course,
    limits: Mapping[str, Any],
) -> tuple[Allocation, bool]:
    """Search, by what is simulated in the end; return what was found, and whether it settled.

    What ``score`` knows of the bound prunes; ``course`` alone leads the first climb. Where that
    comes to what is worse than its start, the second begins at the start too: scores never fall.
    """
    batches, steps = limits["batches"], course.steps
    exact = score.bound if score.objective == "throughput" else None
    if search == "exhaustive":
        found = exhaustive(devices, members, score, batches=batches, bound=exact)
        steps += found.steps
        return found.allocation, True
    start = worst_fit(devices, members, batch=min(batches))
    steps.append(Step("start", score(start), 1, 0))
    if search == "worst-fit":
        return start, True
    climb = greedy if search == "greedy" else best_batch
    near = climb(start, devices, members, course, bound=course.bound, **limits)
    if near.allocation != start and (worth := score(near.allocation)) >= steps[0].score:
        start = near.allocation
        steps.append(Step(_by_the_bound(len(near.steps) - 1), worth, 1, 0))
    found = climb(start, devices, members, score, bound=exact, **limits)
    steps += found.steps[1:]
    # Where all are overfull, scores tell nothing.
    best = found.allocation if found.score > -math.inf else score.best_allocation
    return best, found.settled


def _by_the_bound(count: int) -> str:
    """Return what is said of the first climb, whose steps were not simulated."""
    return f"{count} step{'' if count == 1 else 's'} by the bound alone"


def _best_so_far(score: Scorer, course: _Course) -> Allocation:
    """Return the best of an interrupted search, that of a climb by the bound too; tell its score.

    The steps of the climb that was interrupted are not known.
    """
    steps, led = course.steps, course.best
    if len(steps) == 1 and led is not None and led[1] != score.best_allocation:
        score(led[1])
    best, allocation = score.best or (-math.inf, score.best_allocation)
    if steps and best > steps[-1].score:
        steps.append(Step("the best when it was interrupted", best, 1, 0))
    return allocation


def _check(search: str, objective: str, batches: Sequence[int]) -> None:
    """Refuse parameters that make no sense."""
    for key, value, known in (("search", search, SEARCHES), ("objective", objective, OBJECTIVES)):
        if value not in known:
            text = f"{key}: {value!r} is not allowed; {key} must be one of {', '.join(known)}"
            raise ScenarioError(text + did_you_mean(value, known))
    if not batches or not all(isinstance(size, int) and size >= 1 for size in batches):
        raise ScenarioError(
            f"batches: {list(batches)} is not allowed; batches must be sizes of at least 1, such "
            "as 1, 2, 4, 8"
        )


def _ensemble(scenario: Scenario, label: str | None) -> tuple[int, Entry]:
    """Return the place and the entry of an ensemble: the one of that label, or the first."""
    if not scenario.devices:
        raise ScenarioError("devices: missing; list them, such as devices: [{memory: 24 GiB}]")
    ensembles = {
        str(entry.label): (i, entry)
        for i, entry in enumerate(scenario.policies)
        if isinstance(entry.policy, Ensemble)
    }
    if not ensembles:
        raise ScenarioError("policies: none is an ensemble; give one, {kind: ensemble, ...}")
    if label is None:
        return next(iter(ensembles.values()))
    if label not in ensembles:
        text = f"policy: {label!r} is no ensemble of the scenario; they are {', '.join(ensembles)}"
        raise ScenarioError(text + did_you_mean(label, ensembles))
    return ensembles[label]


def _all_answer_once(policy: Policy) -> bool:
    """Return whether each member answers each segment, and once, as the bound takes it."""
    shape = policy.shape()
    (answer,) = shape.recoveries
    return len(shape.tasks) == answer.threshold
