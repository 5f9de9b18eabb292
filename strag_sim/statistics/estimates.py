"""All that is estimated of a policy: from its runs together, and from each alone."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from strag_sim.arrivals import Steady
from strag_sim.levels import USUAL, column
from strag_sim.setup import Setup
from strag_sim.statistics.responses import Responses, RunResponses, pooled
from strag_sim.statistics.runs import Facts, Run, Sample, ordered
from strag_sim.statistics.sketch import Sketch
from strag_sim.statistics.stability import is_stable
from strag_sim.statistics.tail import Tail, tail
from strag_sim.tables import BUSY, COST, USEFUL, Floats

EXACT, SKETCH = "exact", "sketch"  # how quantiles were found

Spread = Callable[[Callable[[Run], RunResponses], Iterable[Run]], Iterable[RunResponses]]


@dataclass(frozen=True)
class Quantity:
    """An estimate from all runs together, and from each run alone, shape (runs,)."""

    pooled: float
    values: Floats


@dataclass(frozen=True)
class Estimates:
    """What is known of one policy.

    Parameters
    ----------
    quantities : mapping of str to Quantity
        In the order of the columns of results; NaN where it makes no sense, and for an unstable
        policy whatever describes its responses.
    rate : float
        Requests that arrive in a second; measured where none is given.
    offered_load : float
        Arrival rate x mean size / worker slots.
    stable : bool or None
        None where it is not judged.
    tail : Tail or None
        None for an unstable policy.
    method : str
        EXACT, or SKETCH where there were too many responses to keep: then quantiles are within
        `sketch.ERROR`, relative.
    """

    quantities: Mapping[str, Quantity]
    rate: float
    offered_load: float
    stable: bool | None
    tail: Tail | None
    method: str


def estimate(
    sample: Sample,
    *,
    quantiles: Iterable[float] = USUAL,
    slo: float | None = None,
    confidence: float = 0.95,
    spread: Spread = map,
) -> Estimates:
    """Estimate all that is reported of a policy.

    Parameters
    ----------
    sample : Sample
        Its runs; not changed.
    quantiles : iterable of float
        Levels in (0, 1), beside the usual ones.
    slo : float or None
        Seconds within which a response is good.
    confidence : float
        In (0, 1), of the intervals in the tail.
    spread : callable
        A ``map`` that may work on several runs at once.
    """
    runs = list(spread(ordered, sample.runs))
    cost, stable = _cost(sample.runs), keeps_up(sample)
    of_responses = _of_responses(sample.runs, runs, sorted({*USUAL, *quantiles}))
    slo_met, saturation = _slo_met(runs, slo), _saturation(sample.runs)
    nothing = Quantity(math.nan, np.full(len(runs), np.nan))
    if stable is False:
        of_responses, slo_met = dict.fromkeys(of_responses, nothing), nothing
    quantities = {
        **of_responses,
        "utilisation": _utilisation(sample),
        "cost": cost,
        "wasted": _wasted(sample.runs),
        **_of_paths(sample.facts, sample.runs),
        "slo_met": slo_met,
        "saturation": saturation if stable is False else nothing,
    }
    rate = _rate(sample.setup, sample.runs)
    known = None if stable is False else tail(runs, confidence)
    offered = _offered(sample.setup, rate)
    method = SKETCH if isinstance(runs[0], Sketch) else EXACT
    return Estimates(quantities, rate, offered, stable, known, method)


def keeps_up(sample: Sample) -> bool | None:
    """Return whether a policy's queues keep up by all that was measured; None if it is not judged.

    See `stability.is_stable`.
    """
    growth, cost = [run.growth for run in sample.runs], _cost(sample.runs).values.tolist()
    return is_stable(sample.setup, growth, sample.runs[0].count, cost)


def _of_responses(
    runs: Sequence[Run], responses: Sequence[RunResponses], levels: Sequence[float]
) -> dict[str, Quantity]:
    """Return mean, std, var, the quantiles and max of the responses, in seconds (var: squared).

    The variance is the sample variance (ddof 1) of all measured responses, or of a run's.
    """
    mean, var = _moments(runs)
    found = {"mean": mean, "std": Quantity(math.sqrt(var.pooled), np.sqrt(var.values)), "var": var}
    together = pooled(responses)
    for level in levels:
        found[column(level)] = of_level(together, responses, level)
    largest = np.array([run.top[-1] for run in responses])
    return {**found, "max": Quantity(float(largest.max()), largest)}


def of_level(together: Responses, runs: Sequence[RunResponses], level: float) -> Quantity:
    """Return a quantile of all responses together, and of each run's."""
    alone = np.array([run.quantile(level) for run in runs])
    return Quantity(together.quantile(level), alone)


def _moments(runs: Sequence[Run]) -> tuple[Quantity, Quantity]:
    """Return the mean and the sample variance (ddof 1; NaN for one value).

    The sum of squares about the mean of all is that about the runs' means, plus that of the
    means (Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing
    Sample Variances", 1979): no sum of squares of the responses themselves, which would lose
    the small differences between large ones.
    """
    sizes = np.array([run.count for run in runs])
    means = np.array([run.mean for run in runs])
    squares = np.array([run.squares for run in runs])
    total = int(sizes.sum())
    mean = float((sizes * means).sum()) / total
    all_squares = float((squares + sizes * (means - mean) ** 2).sum())
    pooled = all_squares / (total - 1) if total > 1 else math.nan
    alone = [s / (n - 1) if n > 1 else math.nan for s, n in zip(squares, sizes, strict=True)]
    return Quantity(mean, means), Quantity(pooled, np.array(alone))


def _slo_met(runs: Sequence[RunResponses], slo: float | None) -> Quantity:
    """Return the share of responses of at most ``slo`` seconds; NaN without one."""
    if slo is None:
        return Quantity(math.nan, np.full(len(runs), np.nan))
    met = [int(run.at_most(np.array([slo]))[0]) for run in runs]
    return _ratio(met, [run.count for run in runs])


def _utilisation(sample: Sample) -> Quantity:
    """Return the busy share of the slots between the first measured and the last arrival."""
    slots = sample.setup.servers
    return _ratio(_total(sample.runs, BUSY), [slots * run.window for run in sample.runs])


def _cost(runs: Sequence[Run]) -> Quantity:
    """Return the worker-seconds spent on a request, wasted ones included."""
    return _ratio(_total(runs, COST), [run.measured for run in runs])


def _wasted(runs: Sequence[Run]) -> Quantity:
    """Return the share of the worker-seconds spent on tasks that were part of no answer."""
    useful = _ratio(_total(runs, USEFUL), _total(runs, COST))
    # The two totals are sums in different orders: where nothing is wasted, rounding may leave the
    # useful one above the other, and a share of -2e-16.
    return Quantity(float(np.clip(1 - useful.pooled, 0, 1)), np.clip(1 - useful.values, 0, 1))


def _of_paths(facts: Facts, runs: Sequence[Run]) -> dict[str, Quantity]:
    """Return the mean accuracy of the answers and the share that was not by their own task.

    The accuracy is NaN where that of any answer is not known; straggled is NaN where no own tasks
    exist.
    """
    counts = np.array([run.answers for run in runs])
    sizes = counts.sum(axis=1)
    other = counts[:, [name != "own" for name in facts.paths.name]].sum(axis=1)
    straggled = other if facts.own else np.full(len(runs), np.nan)
    right = [run.right for run in runs]
    return {"accuracy": _ratio(right, sizes), "straggled": _ratio(straggled, sizes)}


def _saturation(runs: Sequence[Run]) -> Quantity:
    """Return the requests that are answered in a second, once queues have grown."""
    return _ratio([run.outflow.answers for run in runs], [run.outflow.seconds for run in runs])


def _offered(setup: Setup, rate: float) -> float:
    """Return the offered load; NaN for an ensemble on devices, whose tasks are all its own."""
    if setup.deployment:
        return math.nan
    return rate * setup.job.segments * setup.service.mean / sum(setup.slots)


def _rate(setup: Setup, runs: Sequence[Run]) -> float:
    """Return the requests that arrive in a second; the rate is measured where none is given."""
    rate = setup.arrivals.mean_rate if isinstance(setup.arrivals, Steady) else math.nan
    if math.isnan(rate):
        gaps = [run.count - 1 for run in runs]
        rate = _ratio(gaps, [run.window for run in runs]).pooled
    return rate


def _total(runs: Sequence[Run], which: int) -> Floats:
    """Return one of the totals of each run, shape (runs,)."""
    return np.array([run.totals[which] for run in runs])


def _ratio(above: Sequence[float] | Floats, below: Sequence[float] | Floats) -> Quantity:
    """Return the ratio of the sums over all runs, and of each run; NaN where it divides by 0.

    The ratio estimator: requests weigh alike, whichever run they are of.
    """
    top, bottom = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    values = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
    whole = float(bottom.sum())
    return Quantity(float(top.sum()) / whole if whole else math.nan, values)
