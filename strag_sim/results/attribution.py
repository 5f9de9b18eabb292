"""Where the time of requests went, as a table: one row a policy, a set of requests and a part."""

from collections.abc import Sequence

import pandas as pd

from strag_sim.statistics import Estimates, Sample, section
from strag_sim.statistics.attribution import ABOVE, ALL, PARTS, shares

OF = {ABOVE: "above p99", ALL: "all"}
COLUMNS = ("label", "of", "part", "seconds", "share", "share_low", "share_high")


def attribution_frame(
    samples: Sequence[Sample], estimates: Sequence[Estimates], confidence: float
) -> pd.DataFrame | None:
    """Return the parts of each policy's responses; None where they were not asked for.

    Columns: ``label``; ``of`` (which requests: ``above p99`` of their run, or ``all``); ``part``,
    in the order of time; ``seconds``, the mean of a request; ``share`` of these requests' time,
    and its interval ``share_low``, ``share_high``. An unstable policy has no rows, nor has an
    oracle, which runs on nothing; the numbers are NaN where no request lies above p99.
    """
    rows: list[tuple[object, ...]] = []
    if all(run.attribution is None for sample in samples for run in sample.runs):
        return None
    for sample, found in zip(samples, estimates, strict=True):
        runs = [run.attribution for run in sample.runs if run.attribution is not None]
        if not runs or found.stable is False:
            continue
        known = shares(runs)
        for which, of in OF.items():
            for k, part in enumerate(PARTS):
                share = float(known.pooled[which, k])
                interval = section(share, known.values[:, which, k], confidence)
                seconds = float(known.seconds[which, k])
                ends = interval.low, interval.high
                rows.append((sample.setup.label, of, part, seconds, share, *ends))
    return pd.DataFrame(rows, columns=list(COLUMNS))
