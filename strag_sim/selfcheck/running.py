"""The checks, carried out: each scenario by the path that users take, and its verdicts."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from strag_sim.errors import ScenarioError
from strag_sim.results import Result
from strag_sim.scenario import load
from strag_sim.scenario.problems import unknown
from strag_sim.selfcheck.check import Check, Verdict
from strag_sim.selfcheck.families import FAMILIES
from strag_sim.selfcheck.judging import judge
from strag_sim.selfcheck.measures import record_for
from strag_sim.simulate import simulate
from strag_sim.statistics import RECORDS

SHORTER = 5  # times fewer requests a run where it is to be quick
Progress = Callable[[int, int], None]


def selfcheck(
    *,
    quick: bool = False,
    families: Iterable[str] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[Verdict]:
    """Hold the simulator against closed forms, by way of scenarios as users write them.

    Parameters
    ----------
    quick : bool
        A fifth of the requests, and so intervals more than twice as wide.
    families : iterable of str or None
        Which of `FAMILIES`; None is all.
    jobs : int or None
        Runs at a time; None is one for each core.
    progress : callable or None
        Called with the number of scenarios that are simulated and that of all, after each.

    Returns
    -------
    list of Verdict
        In the order of the families.

    Raises
    ------
    ScenarioError
        For a family that there is not.
    KeyboardInterrupt
        If it is interrupted.
    """
    verdicts = []
    shared = list(_by_scenario(checks(families)))
    for done, group in enumerate(shared, start=1):
        result = _simulated(group, quick, jobs)
        verdicts += [judge(check, result, quick=quick) for check in group]
        if progress is not None:
            progress(done, len(shared))
    return verdicts


def checks(families: Iterable[str] | None = None) -> list[Check]:
    """Return the checks of some families, or of all; a ScenarioError names an unknown one."""
    names = list(FAMILIES if families is None else dict.fromkeys(families))
    problems = [unknown(name, FAMILIES, "family") for name in names if name not in FAMILIES]
    if problems:
        raise ScenarioError(*problems)
    return [check for name in names for check in FAMILIES[name]()]


def _by_scenario(every: Iterable[Check]) -> Iterator[Sequence[Check]]:
    """Yield the checks of each scenario together."""
    groups: dict[str, list[Check]] = {}
    for check in every:
        groups.setdefault(json.dumps(check.scenario, sort_keys=True), []).append(check)
    yield from groups.values()


def _simulated(group: Sequence[Check], quick: bool, jobs: int | None) -> Result:
    """Return the result of a scenario, with all that its checks need recorded."""
    scenario = dict(group[0].scenario)
    if quick:
        scenario["requests"] //= SHORTER
    record = max((record_for(check.measure) for check in group), key=RECORDS.index)
    result = simulate(load(scenario), jobs=jobs, record=record)
    if result.interrupted:
        raise KeyboardInterrupt
    return result
