"""Make the shipped rate envelopes from the arrivals of two Azure services for language models.

    python scripts/make_envelopes.py FOLDER [TARGET]

FOLDER holds AzureLLMInferenceTrace_code.csv and AzureLLMInferenceTrace_conv.csv. An envelope is
the number of arrivals in bins of 10 s from the first arrival, over their mean; the last bin, which
the trace does not fill, is left out with its arrivals. Beside it stands what was measured on the
trace itself: the coefficient of variation (cv) of its gaps, the variance over the mean of the
number of arrivals in windows of 1, 10 and 60 s (idc), and ``cv_on_the_clock``, that of the gaps
on a clock that runs with the envelope, which is what ``cv`` of arrivals that vary stands for.
"""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from strag_sim.arrivals import Trace
from strag_sim.arrivals.rate_curve import RateCurve
from strag_sim.whole import whole

SHIPPED = Path(__file__).parents[1] / "strag_sim/arrivals/data"
BIN = 10.0
WINDOWS = (1, 10, 60)
SOURCE = (
    "Computed from github.com/Azure/AzurePublicDataset, commit b469a11, data/"
    "AzureLLMInferenceTrace_{file}.csv; Patel et al., Splitwise (ISCA 2024)."
)
LICENCE = "CC-BY-4.0 (the traces, by Microsoft); changed: only rates computed from them are kept."
SERVICES = {
    "azure-code": ("code", "Requests for code completion over 57 minutes of 16 November 2023"),
    "azure-conversation": (
        "conv",
        "Requests of conversations over the first 29 minutes, to 18:45 UTC, of 16 November 2023",
    ),
}


def main(folder: str, target: str | Path = SHIPPED) -> None:
    """Read the traces and write the envelopes."""
    for name, (file, what) in SERVICES.items():
        path = Path(folder) / f"AzureLLMInferenceTrace_{file}.csv"
        times = Trace(path=str(path), column="TIMESTAMP").recorded()
        description = f"{what}, to one service of Azure for language models."
        content = {
            "name": name,
            "description": description,
            "source": SOURCE.format(file=file),
            "licence": LICENCE,
            **envelope(times),
        }
        shipped = Path(target) / f"{name}.json"
        with whole(shipped) as out:
            out.write(f"{json.dumps(content, indent=1)}\n".encode())
        print(shipped, content["mean_rate"], content["measured"])


def envelope(times: NDArray[np.float64]) -> dict[str, object]:
    """Return the envelope of arrivals, and what was measured on them."""
    counts = in_windows(times, BIN)
    mean = float(counts.mean())
    measured = {
        "n": int(times.size),
        "seconds": round(float(times[-1]), 6),
        "gap_cv": round(variation(np.diff(times)), 4),
        "idc": {f"{width} s": round(dispersion(times, width), 4) for width in WINDOWS},
        "cv_on_the_clock": round(variation(np.diff(on_the_clock(times, counts))), 4),
    }
    relative = [round(float(count) / mean, 6) for count in counts]
    return {
        "bin": BIN,
        "mean_rate": round(mean / BIN, 6),
        "measured": measured,
        "relative": relative,
    }


def in_windows(times: NDArray[np.float64], width: float) -> NDArray[np.int64]:
    """Return the number of arrivals in each whole window from 0."""
    windows = int(times[-1] // width)
    inside = times[times < windows * width]  # the last window of a histogram has both its ends
    return np.histogram(inside, np.arange(windows + 1) * width)[0]


def dispersion(times: NDArray[np.float64], width: float) -> float:
    """Return the variance (ddof 1) over the mean of the number of arrivals in windows."""
    counts = in_windows(times, width)
    return float(counts.var(ddof=1) / counts.mean())


def variation(gaps: NDArray[np.float64]) -> float:
    """Return the coefficient of variation of gaps."""
    return float(gaps.std(ddof=1) / gaps.mean())


def on_the_clock(times: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the times, within whole bins, on a clock that runs with the envelope."""
    rates = counts / BIN
    curve = RateCurve(np.arange(counts.size + 1) * BIN, rates, rates)
    return curve.due(times[times < curve.period])


if __name__ == "__main__":
    main(*sys.argv[1:])
