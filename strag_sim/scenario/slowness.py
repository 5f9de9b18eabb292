"""Whether the parts of the slowdown fit the workers and the way they combine with sizes."""

from collections.abc import Iterator, Sequence

from strag_sim.distributions.distribution import Distribution
from strag_sim.scenario.models import Scenario
from strag_sim.scenario.problems import Path, Problem, shown
from strag_sim.setup import Setup
from strag_sim.slowdown import Fixed, Replay, Shock, States
from strag_sim.slowdown.shock import MOST_HIT

# A worker of fixed speed that is faster than this is a time that was written for a factor.
LEAST_FACTOR = 0.1


def check_slowness(scenario: Scenario, setups: Sequence[Setup]) -> Iterator[Problem]:
    """Yield what is wrong with each part of the slowdown, given the workers of all policies."""
    workers = max(setup.machines for setup in setups)
    for i, part in enumerate(scenario.slowdown):
        path: Path = ("slowdown", i)
        if scenario.combine == "product":
            yield from _check_factors(path, part)
        if isinstance(part, Shock) and (hit := part.hit(workers)) > MOST_HIT:
            text = f"{shown(part.rate)} is not allowed; {hit:.3g} of {workers} workers would be hit"
            more = f"at once, each counted as often as it is hit: at most {MOST_HIT} may"
            yield Problem((*path, "rate"), f"{text} {more}")
        elif isinstance(part, Fixed) and part.factors and len(part.factors) < workers:
            text = f"has {len(part.factors)} entries, but there are up to {workers} workers"
            yield Problem((*path, "factors"), f"{text}: give one for each, or a factor")
        elif isinstance(part, Replay) and part.columns == "fixed":
            columns = part.matrix.shape[1]
            if columns < workers:
                text = f"fixed is not allowed; the matrix has {columns} columns, but there are up"
                yield Problem(
                    (*path, "columns"),
                    f"{text} to {workers} workers: write columns: drawn, which uses some twice",
                )


def slow_laws(scenario: Scenario) -> Iterator[tuple[Path, object]]:
    """Yield where each law of the slowdown stands, and the law."""
    for i, part in enumerate(scenario.slowdown):
        for name in ("factor", "dwell", "length"):
            law = getattr(part, name, None)
            if isinstance(law, Distribution):
                yield ("slowdown", i, name), law


def _check_factors(path: Path, part: object) -> Iterator[Problem]:
    """Yield a problem for a slow state that is faster than usual, and for what must be seconds."""
    if isinstance(part, States | Shock):
        yield from _check_factor((*path, "factor"), part.factor, 1)
    elif isinstance(part, Fixed):
        yield from _check_factor((*path, "factor"), part.factor, LEAST_FACTOR)
        for w, factor in enumerate(part.factors or ()):
            yield from _check_factor((*path, "factors", w), factor, LEAST_FACTOR)


def _check_factor(path: Path, factor: object, least: float) -> Iterator[Problem]:
    """Yield a problem for a factor below the least that makes sense."""
    if isinstance(factor, float) and factor < least:
        text = f"{shown(factor)} is not allowed; with combine: product {{key}} must be at least"
        more = "(times slower); seconds are for combine: sum or max"
        yield Problem(path, f"{text} {least:g} {more}")
