"""What a user should know before believing the numbers of a result."""

from collections.abc import Iterator, Sequence

from strag_sim.distributions.profile import Profile
from strag_sim.profiles import RATIO
from strag_sim.setup import Setup
from strag_sim.statistics.loads import certain_loads
from strag_sim.statistics.runs import Sample


def notes(samples: Sequence[Sample]) -> list[str]:
    """Return a sentence on each thing that was simulated otherwise than one may think."""
    factors = {text for sample in samples for text in _factors(sample.setup)}
    return [*_past(samples), *_piling_up(samples), *sorted(factors)]


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
