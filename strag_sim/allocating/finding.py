"""The search for an allocation of a scenario's ensemble."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from strag_sim.allocating.allocated import Allocated
from strag_sim.allocating.scoring import OBJECTIVES, Objective, Progress, Scorer, p99, throughput
from strag_sim.ensembles import (
    BATCHES,
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
    steps: tuple[Step, ...] = ()
    settled = interrupted = False
    try:
        steps, settled = _searched(search, devices, members, score, bound, limits)
    except KeyboardInterrupt:
        if score.best is None:
            raise
        interrupted = True
    best = score.best_allocation
    return Allocated(
        label=setup.label,
        allocation=best,
        objective=objective,
        throughput=throughput(setup, best, devices, max(batches)),
        p99=p99(setup, best, devices) if objective == "p99" else math.nan,
        bound=known(best) if known else math.nan,
        devices=devices,
        members=members,
        steps=steps,
        evaluations=score.evaluations,
        settled=settled,
        interrupted=interrupted,
    )


def _searched(
    search: Name,
    devices: Sequence[Device],
    members: Sequence[Member],
    score: Scorer,
    bound: Bound,
    limits: Mapping[str, Any],
) -> tuple[tuple[Step, ...], bool]:
    """Search, by what is simulated in the end; return the steps, and whether it came to its end.

    What ``score`` knows of the bound prunes exactly; ``bound`` alone leads the first climb.
    """
    batches = limits["batches"]
    exact = score.bound if score.objective == "throughput" else None
    if search == "exhaustive":
        found = exhaustive(devices, members, score, batches=batches, bound=exact)
        return found.steps, True
    start = worst_fit(devices, members, batch=min(batches))
    first = Step("start", score(start), 1, 0)
    if search == "worst-fit":
        return (first,), True
    climb = greedy if search == "greedy" else best_batch
    near = climb(start, devices, members, bound, bound=bound, **limits)
    found = climb(near.allocation, devices, members, score, bound=exact, **limits)
    return found.steps, found.settled


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
