"""Runs until they are enough: those that are asked for, or as many as a precision needs."""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from strag_sim.scenario import Precision, Scenario
from strag_sim.simulate.runs import Simulation, finish, samples
from strag_sim.simulate.spreading import Progress
from strag_sim.statistics import (
    Estimates,
    Sample,
    enough_above,
    estimate,
    first_look,
    half_widths,
    next_look,
)


@dataclass(frozen=True)
class Look:
    """What was measured and estimated, of how many runs that were asked for.

    ``reached`` is how precise it is: half widths as shares of the estimates, by label; empty where
    no precision is asked for.
    """

    asked: int
    samples: Sequence[Sample]
    estimates: Sequence[Estimates]
    reached: Mapping[str, float]

    @property
    def runs(self) -> int:
        """How many runs every policy has finished."""
        return len(self.samples[0].runs) if self.samples else 0

    @property
    def interrupted(self) -> bool:
        """Whether some of the runs asked for are missing."""
        return self.runs < self.asked


def enough(scenario: Scenario, simulation: Simulation, progress: Progress | None) -> Look:
    """Simulate until there are enough runs, or it is stopped, and return the last look."""
    precision = scenario.precision
    if precision is None:
        return _look(scenario, simulation, scenario.runs, progress)
    runs = first_look(scenario.runs, precision.max_runs)
    while True:
        look = _look(scenario, simulation, runs, progress)
        ended = look.interrupted or runs == precision.max_runs
        if ended or _is_precise(precision, look):
            return look
        runs = next_look(runs, precision.max_runs)


def missed(precision: Precision, look: Look) -> list[str]:
    """Return a note where a precision was not reached."""
    found = look.reached
    worst = max(found, key=lambda label: found[label], default=None)
    of = precision.of if precision.baseline is None else f"{precision.of} over {precision.baseline}"
    wanted = f"{100 * precision.within:.3g} %"
    if worst is None:
        return [f"precision: no policy is stable of which {of} is known"]
    half = found[worst]
    if _is_precise(precision, look):
        return []
    if half <= precision.within:
        few = f"too few responses lie above {precision.of} after {look.runs:,} runs"
        return [f"precision: {few}; give more requests, or max_runs"]
    text = f"precision: {of} of {worst} is within {100 * half:.2g} %, not {wanted}, after"
    needed = look.runs * (half / precision.within) ** 2
    more = f"; about {needed:,.0f} would do" if math.isfinite(needed) else ""
    return [f"{text} {look.runs:,} runs{more}"]


def _is_precise(precision: Precision, look: Look) -> bool:
    """Return whether every policy's interval is narrow enough, and of enough responses."""
    count = sum(run.count for run in look.samples[0].runs)
    narrow = all(half <= precision.within for half in look.reached.values())
    return narrow and enough_above(precision.of, count)


def _look(scenario: Scenario, simulation: Simulation, runs: int, progress: Progress | None) -> Look:
    """Simulate so many runs, and estimate; the sorting of runs is spread over threads too."""
    finish(simulation, runs, progress)
    measured = samples(simulation)
    with ThreadPoolExecutor(simulation.threads) as pool:
        estimates = [
            estimate(
                sample,
                quantiles=scenario.quantiles,
                slo=scenario.slo,
                confidence=scenario.confidence,
                spread=pool.map,
            )
            for sample in measured
        ]
    precision, labels = scenario.precision, [sample.setup.label for sample in measured]
    if precision is None:
        return Look(runs, measured, estimates, {})
    found = dict(zip(labels, estimates, strict=True))
    widths = half_widths(found, precision.of, precision.baseline, scenario.confidence)
    return Look(runs, measured, estimates, widths)
