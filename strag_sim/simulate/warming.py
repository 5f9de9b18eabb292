"""``warm_up: auto``: runs from empty queues tell how many requests to drop, before they are run."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from strag_sim.arrivals import Trace
from strag_sim.scenario import AUTO, Scenario
from strag_sim.simulate.runs import Simulation, finish, samples
from strag_sim.statistics import Sketch, keeps_up, mser

# The response of the i-th request is averaged over all runs that are asked for, because what noise
# hides in fewer would show in them; but over so many at least, and so many responses at most.
FEWEST, MOST = 10, 20_000_000
# At so many requests of a run it is looked, at most.
LONGEST = 1_000_000


@dataclass(frozen=True)
class WarmUp:
    """How many requests each policy needs to settle, and how many all of them drop.

    ``policies`` is by label: None for one that is unstable, or has not settled within half of
    ``requests``; the latter are named in ``unsettled``. What is dropped is the largest need, so
    that policies are compared over the same requests.
    """

    dropped: int
    runs: int
    requests: int
    policies: dict[str, int | None]
    unsettled: list[str]


def settle(scenario: Scenario, simulation: Simulation) -> tuple[Scenario, WarmUp | None]:
    """Return the scenario with its warm-up as a number, and how that was found, if it was.

    KeyboardInterrupt if it was interrupted.
    """
    if scenario.warm_up != AUTO:
        return scenario, None
    found = find(simulation, scenario.runs)
    if found is None:
        raise KeyboardInterrupt
    return without(scenario, found.dropped), found


def find(simulation: Simulation, runs: int) -> WarmUp | None:
    """Return the warm-up that policies need; None if it was interrupted.

    ``simulation`` says how to simulate; its setups are looked at one after another, over their
    first ``runs`` runs or as many as is sensible, and from their first request.
    """
    found: dict[str, int | None] = {}
    unsettled: list[str] = []
    requests = min(simulation.setups[0].requests, LONGEST)
    runs = max(FEWEST, min(runs, MOST // requests))
    for setup in simulation.setups:
        if setup.rivals:  # without queues nothing fills
            continue
        pilot = dataclasses.replace(setup, requests=requests, warm_up=0)
        alone = dataclasses.replace(
            simulation, setups=(pilot,), record="summary", attribution=False, finished={}
        )
        stable, cut = _settled(alone, runs)
        if stable is None:
            return None
        found[setup.label] = cut if stable else None
        if stable and cut is None:
            unsettled.append(setup.label)
    needs = [need for need in found.values() if need is not None]
    dropped = requests // 2 if unsettled else max(needs, default=0)
    return WarmUp(dropped, runs, requests, found, unsettled)


def unsettled(found: WarmUp) -> list[str]:
    """Return a note on the policies that have not settled."""
    if not found.unsettled:
        return []
    names, half = ", ".join(found.unsettled), found.requests // 2
    return [
        f"warm_up: {names} had not settled, by MSER-5, after {half:,} of {found.requests:,} "
        "requests, and so many are dropped; give more requests, or the number to drop"
    ]


def without(scenario: Scenario, dropped: int) -> Scenario:
    """Return the scenario with so many requests to drop; of a trace the rest is measured."""
    requests = scenario.requests
    if isinstance(scenario.arrivals, Trace) and requests is not None:
        requests = min(requests, scenario.arrivals.size - dropped)
    return scenario.model_copy(update={"warm_up": dropped, "requests": requests})


def _settled(pilot: Simulation, runs: int) -> tuple[bool | None, int | None]:
    """Return whether a policy is stable, None if interrupted, and where it has settled."""
    finish(pilot, runs)
    measured = samples(pilot)
    if not measured or len(measured[0].runs) < runs:
        return None, None
    if keeps_up(measured[0]) is False:
        return False, None
    responses = (run.response for run in measured[0].runs)
    kept = [response for response in responses if not isinstance(response, Sketch)]  # all of them
    return True, mser(np.mean(kept, axis=0))
