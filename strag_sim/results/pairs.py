"""Single requests under two policies, as a table: one row a policy and run."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from strag_sim.arrivals import Closed
from strag_sim.statistics import Sample, per_request
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
    """Return the responses in memory, by label; none of closed loops.

    There request i under one policy is not request i under another: who is answered sooner asks
    sooner.
    """
    return {
        sample.setup.label: [run.response for run in sample.runs]
        for sample in samples
        if not isinstance(sample.setup.arrivals, Closed)
    }


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
