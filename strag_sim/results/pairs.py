"""Single requests under two policies, as a table: one row a policy and run."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from strag_sim.arrivals import Closed
from strag_sim.errors import ResultError
from strag_sim.statistics import Run, Sample, Sketch
from strag_sim.statistics.per_request import per_request
from strag_sim.tables import Floats

_NAMES, _COUNTS = ("label", "baseline"), ("run", "requests")
_SHARES, _TIMES = ("faster", "equal", "slower"), ("gained", "lost")
_TYPES = {
    **dict.fromkeys(_NAMES, "object"),
    **dict.fromkeys(_COUNTS, "int64"),
    **dict.fromkeys((*_SHARES, *_TIMES), "float64"),
}


def pairs_frame(responses: Mapping[str, Sequence[Floats]], baseline: str) -> pd.DataFrame:
    """Return how each policy changed the requests of the baseline, run by run.

    Parameters
    ----------
    responses : mapping of str to sequence of array of float
        By label: the responses of each run in seconds, in order of arrival. Without those of the
        baseline there are no rows.
    baseline : str
        The label of the policy that the others are paired with.
    """
    others = [label for label in responses if label != baseline and baseline in responses]
    rows = [
        {"label": label, "baseline": baseline, "run": run, **vars(per_request(*both))}
        for label in others
        for run, both in enumerate(zip(responses[label], responses[baseline], strict=True))
    ]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


def kept_responses(samples: Sequence[Sample]) -> dict[str, list[Floats]]:
    """Return the responses in memory, by label; ResultError where they were not kept.

    Of closed loops there are none: who is answered sooner asks sooner, so that request i under one
    policy is not request i under another.
    """
    return {
        sample.setup.label: [kept(run) for run in sample.runs]
        for sample in samples
        if not isinstance(sample.setup.arrivals, Closed)
    }


def kept(run: Run) -> Floats:
    """Return the responses of a run; ResultError where only a sketch of them was kept."""
    if not isinstance(run.response, Sketch):
        return run.response
    if run.requests is None:
        raise ResultError(
            'so many responses were not kept, only a sketch of them; record="requests" keeps them'
        )
    return run.requests.completion - run.requests.arrival


def recorded_responses(rows: pd.DataFrame) -> dict[str, list[Floats]]:
    """Return recorded responses, by label, of the policies whose requests arrived as the first's.

    In a closed loop they do not.
    """
    found, first = {}, None
    for label, of in rows.groupby("label", sort=False, observed=True):
        arrival = of["arrival"].to_numpy()
        first = arrival if first is None else first
        if np.array_equal(arrival, first):
            found[str(label)] = [one["response"].to_numpy() for _, one in of.groupby("run")]
    return found
