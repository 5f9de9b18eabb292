"""What a user should know before believing the numbers of a result."""

from collections.abc import Iterator, Sequence

import numpy as np

from strag_sim.distributions.profile import Profile
from strag_sim.profiles import RATIO
from strag_sim.setup import Setup
from strag_sim.statistics.estimates import SKETCH, Estimates, Quantity
from strag_sim.statistics.intervals import student
from strag_sim.statistics.loads import certain_loads
from strag_sim.statistics.runs import Sample, course_bounds
from strag_sim.statistics.sketch import ERROR, TOP
from strag_sim.statistics.stability import is_steady
from strag_sim.statistics.warm_up import mser

# Quantiles of the tail, which short runs put too low.
TAIL = ("p99", "p999")
# Share of a quantile by which a run alone may be off before it is told.
BIAS = 0.02


def notes(samples: Sequence[Sample], estimates: Sequence[Estimates]) -> list[str]:
    """Return a sentence on each thing that is otherwise than one may think."""
    factors = {text for sample in samples for text in _factors(sample.setup)}
    short = (*_overloaded(samples, estimates), *_cold(samples, estimates))
    rest = (*_biased(samples, estimates), *_sketched(estimates), *sorted(factors))
    return [*_past(samples), *_piling_up(samples), *short, *rest]


def overloaded(samples: Sequence[Sample], estimates: Sequence[Estimates]) -> dict[str, float]:
    """Return the policies whose queues surely grow without end in runs too short to be judged.

    By label, with the least that their load can be. Their responses are as long as the runs are,
    so nothing is to be concluded from them.
    """
    return {
        sample.setup.label: certain_loads(sample.setup).least
        for sample, each in zip(samples, estimates, strict=True)
        if each.stable is None and _is_overloaded(sample)
    }


def bias(quantity: Quantity) -> float:
    """Return by which share a run alone is off an estimate from all, 0 where noise explains it.

    mean_i x_i / x - 1, x of all runs together and x_i of run i alone. Nearest-rank quantiles of the
    tail have a bias of the order of 1 / n in runs of n requests (David and Nagaraja, Order
    Statistics, 2003, section 4.6; for the p99 of 100 exponential responses it is -9 %), so all b
    runs together have about 1/b of it. Noise explains what is below twice its standard error.
    """
    values, runs = quantity.values, quantity.values.size
    if runs < 2 or not quantity.pooled > 0:
        return 0.0
    off = float(values.mean()) - quantity.pooled
    error = float(values.std(ddof=1)) / runs**0.5
    return off / quantity.pooled if abs(off) > 2 * error else 0.0


def _overloaded(samples: Sequence[Sample], estimates: Sequence[Estimates]) -> Iterator[str]:
    """Yield a note where queues surely grow without end, though runs are too short to be judged."""
    loads = overloaded(samples, estimates)
    if loads:
        names = ", ".join(f"{label} (load {load:.3g})" for label, load in loads.items())
        yield (
            f"More work comes than the workers can do: {names}. Queues grow without end, so these "
            "responses are only as long as the runs are"
        )


def _is_overloaded(sample: Sample) -> bool:
    """Return whether a policy's queues grow without end, for certain and whatever was measured."""
    return is_steady(sample.setup) and certain_loads(sample.setup).least > 1


def _cold(samples: Sequence[Sample], estimates: Sequence[Estimates]) -> Iterator[str]:
    """Yield a note where dropping more requests would change a mean by more than its noise.

    How many is told by MSER-5 from the responses along the runs, averaged over all of them. What
    does not go on alike (a trace, scripts, a rate that follows the clock) has no such end.
    """
    found, growing = [], []
    for sample, each in zip(samples, estimates, strict=True):
        judged = each.stable is not False and is_steady(sample.setup) and not _is_overloaded(sample)
        if judged and len(sample.runs) > 1:
            more, change = _still_filling(sample, each.quantities["mean"])
            if more is None:
                growing.append(sample.setup.label)
            elif more:
                found.append((more, f"{sample.setup.label} by {100 * change:.1g} %"))
    if growing:
        yield (
            f"Runs are short: responses of {', '.join(growing)} still changed in their second "
            "half; give more requests"
        )
    if found:
        more, names = max(found)[0], ", ".join(text for _, text in found)
        yield (
            f"warm_up is short: to drop {more:,} more requests would change the mean of {names}, "
            "which is more than its interval tells"
        )


def _still_filling(sample: Sample, mean: Quantity) -> tuple[int | None, float]:
    """Return how many more requests to drop, and by which share that changes the mean.

    0 where it makes no difference, None where there is no end to it.
    """
    cut = sample.setup.warm_up
    bounds = course_bounds(cut + sample.runs[0].count)
    first = int(np.searchsorted(bounds[:-1], cut))
    courses = np.array([run.course[first:] for run in sample.runs])
    settled = mser(courses.mean(axis=0))
    drop = courses.shape[1] // 2 if settled is None else settled
    later = float(courses[:, drop:].mean())
    error = student(0.95, len(sample.runs) - 1) * float(mean.values.std(ddof=1))
    if drop == 0 or abs(later - mean.pooled) <= error / len(sample.runs) ** 0.5:
        return 0, 0.0
    more = None if settled is None else int(bounds[first + drop] - cut)
    return more, later / mean.pooled - 1


def _biased(samples: Sequence[Sample], estimates: Sequence[Estimates]) -> Iterator[str]:
    """Yield a note for each quantile of the tail for which runs are short."""
    labels = [sample.setup.label for sample in samples]
    for name in TAIL:
        offs = [bias(each.quantities[name]) for each in estimates]
        off, label = max(zip(offs, labels, strict=True), key=lambda each: abs(each[0]))
        if abs(off) > BIAS:
            side = "low" if off < 0 else "high"
            runs = samples[0].runs
            yield (
                f"Runs are short for {name}: one alone puts that of {label} {100 * abs(off):.2g} % "
                f"too {side}, all together about {100 * abs(off) / len(runs):.1g} %. What averages "
                f"runs has the bias of one; give more than {runs[0].count:,} requests a run"
            )


def _sketched(estimates: Sequence[Estimates]) -> Iterator[str]:
    """Yield a note where quantiles have an error that no interval tells."""
    if any(each.method == SKETCH for each in estimates):
        yield (
            f"Quantiles are from sketches, within {100 * ERROR:g} % of what all responses would "
            f"give (exact among the {TOP:,} longest); their intervals do not know of that"
        )


def _past(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield a note where slowdown began anew."""
    past = {sample.setup.label: sum(run.past for run in sample.runs) for sample in samples}
    counts = [f"{label} {count:,}" for label, count in past.items() if count]
    if counts:
        yield (
            "Slowdown began anew: runs lasted longer than it was measured (replay) or drawn for, "
            f"and met it from its start again. Tasks that began after that: {', '.join(counts)}"
        )


def _piling_up(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield a note where workers fall behind with tasks that no request waits for."""
    loads = {sample.setup.label: certain_loads(sample.setup) for sample in samples}
    behind = [label for label, load in loads.items() if load.least < 1 < load.piling]
    if behind:
        yield (
            f"Tasks pile up without end that no request waits for: {', '.join(behind)}. cancel: "
            "never runs them all; the longer one looks, the fewer answers come from them"
        )


def _factors(setup: Setup) -> Iterator[str]:
    """Yield a note for each profile of factors that is taken for times as it is."""
    times = (setup.encode, setup.decode, setup.to_worker, setup.from_worker)
    for law in (setup.service, *(model.service for model in setup.models.values()), *times):
        if isinstance(law, Profile) and law.profile_data.unit == RATIO and law.scale == 1:
            yield (
                f"Profile {law.profile_data.name} holds factors, not times: 1 was taken for 1 s; "
                "scale says for how many seconds it stands"
            )
