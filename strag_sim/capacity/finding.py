"""The largest rates of each policy of a scenario: to be stable, and to meet an SLO."""

from strag_sim.capacity.capacities import Capacities, Capacity, Limit
from strag_sim.capacity.points import Policy, Progress, at_rate
from strag_sim.capacity.slo import largest_within
from strag_sim.capacity.stable import largest_stable
from strag_sim.errors import ScenarioError
from strag_sim.scenario import AUTO, Scenario
from strag_sim.setup import Setup
from strag_sim.simulate.simulation import refuse_sweep
from strag_sim.simulate.spreading import cores, interruptible
from strag_sim.statistics.stability import FEWEST, is_stable
from strag_sim.units import seconds

NO_QUEUES = "a bound has no queues, and so no largest rate"
# Bounds of how narrow a bracket may be asked for.
NARROWEST, WIDEST = 1e-4, 0.2


def capacity(
    scenario: Scenario,
    *,
    slo: float | str | None = None,
    within: float = 0.01,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Capacities:
    """Find the largest rates at which each policy is stable, and at which its p99 meets an SLO.

    Parameters
    ----------
    scenario : Scenario
        Its runs, requests and seed hold at every rate; its own rate does not matter.
    slo : float, str or None
        A time, such as ``"300 ms"``; None is the scenario's own, if it has one.
    within : float
        How narrow (relative) the brackets of bisection become, between 0.0001 and 0.2.
    jobs : int or None
        Runs at a time; None is one for each core that this process may use.
    progress : callable or None
        Called with the label of a policy and the number of rates tried with it, after each.

    Raises
    ------
    ScenarioError
        If the arrivals have no rate, or if nothing can be found: no SLO, and stability is not
        judged.
    EngineError
        If a run cannot end; the text names the policy and says why.
    KeyboardInterrupt
        If it is interrupted before the first policy is done; later, the policies that are done
        are returned, and marked ``interrupted``.
    """
    refuse_sweep(scenario)
    limit = _limit(scenario, slo)
    if not NARROWEST <= within <= WIDEST:
        allowed = f"from {NARROWEST:g} to {WIDEST:g}"
        raise ScenarioError(f"within: {within} is not allowed; within must be {allowed}")
    if scenario.warm_up == AUTO:
        text = "warm_up: auto finds what one rate needs; give a number, which holds at every rate"
        raise ScenarioError(text)
    if jobs is not None and jobs < 1:
        raise ScenarioError(f"jobs: {jobs} is not allowed; jobs must be at least 1")
    setups = scenario.setups()
    at_rate(setups[0].arrivals, 1.0)  # refuses those that have none
    if limit is None and not any(_is_judged(setup) for setup in setups):
        raise ScenarioError(_unjudged(setups[0]) + "; give an slo to look for instead")
    found: list[Capacity] = []
    with interruptible() as stop:
        try:
            for setup in setups:
                threads = jobs or cores()
                policy = Policy(setup, scenario.runs, scenario.confidence, threads, stop, progress)
                found.append(_of_policy(policy, limit, within))
        except KeyboardInterrupt:
            if not found:
                raise
    return Capacities(
        policies=tuple(found),
        slo=limit,
        confidence=scenario.confidence,
        runs=scenario.runs,
        requests=setups[0].requests,
        interrupted=len(found) < len(setups),
        precision=scenario.precision is not None,
    )


def _limit(scenario: Scenario, slo: float | str | None) -> float | None:
    """Return the SLO in seconds; None if there is none."""
    if slo is None:
        return scenario.slo
    try:
        limit = seconds(slo)
    except ValueError as error:
        raise ScenarioError(f"slo: {error}") from error
    if limit <= 0:
        raise ScenarioError(f"slo: {slo} is not allowed; slo must be a time above 0")
    return limit


def _is_judged(setup: Setup) -> bool:
    """Return whether the stability of a policy is judged at all."""
    return is_stable(setup, [0.0], setup.requests) is not None


def _unjudged(setup: Setup) -> str:
    """Return why stability is not judged."""
    if setup.requests < FEWEST:
        return (
            f"requests: {setup.requests:,} are too few to judge whether queues keep up; "
            f"that takes at least {FEWEST:,} a run"
        )
    return "stability is not judged where the rate follows the clock, nor with scripted sizes"


def _of_policy(policy: Policy, slo: float | None, within: float) -> Capacity:
    """Return what is found of one policy."""
    setup = policy.setup
    if setup.rivals:
        return Capacity(setup.label, Limit(), Limit(), Limit(), (NO_QUEUES,))
    stable, saturation = Limit(), Limit()
    notes: list[str] = []
    if _is_judged(setup):
        stable, saturation, notes = largest_stable(policy, within)
    else:
        notes.append(_unjudged(setup))
    met = Limit()
    if slo is not None:
        met, more = largest_within(policy, slo, within)
        notes += more
    return Capacity(setup.label, stable, saturation, met, tuple(notes))
