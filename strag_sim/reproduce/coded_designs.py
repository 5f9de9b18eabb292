"""A search over what is not known of the two designs: inputs, links, codes, workers and loads."""

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import pandas as pd

from strag_sim.arrivals import Steady
from strag_sim.reproduce.coded_errors import Ratio
from strag_sim.reproduce.coded_sets import DESIGNS, HAVE, MASTER, SENT, over, shipped, simulated

CODES = ((4, 6), (8, 10), (16, 20))  # K = R and N
INPUTS = {  # numbers, and bytes of the plain input
    "3 x 32 x 32": (3_072, 3_072),
    "3 x 224 x 224 as JPEG": (150_528, 110_000),
    "3 x 224 x 224 as bytes": (150_528, 150_528),
}
SCALES = (0.03, 1.0)  # of the latencies: a mean of 4.6 ms, as of a GPU, or of 154 ms
GIGABITS = (1, 10)
WORKERS = (24, 96)
LOADS = (0.1, 0.3, 0.5)
RUNS, REQUESTS = 6, 8_000
UNLIMITED = "1000 Tbit/s"
UNKNOWN = Ratio(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Unknowns:
    """What is not known; ``scale`` is of the latencies, ``gigabits`` a second are of each link."""

    inputs: int
    tasks: int
    image: str
    scale: float
    gigabits: int
    workers: int
    load: float

    @property
    def larger(self) -> float:
        """The bytes of K plain inputs over those of one coded input in float32."""
        numbers, size = INPUTS[self.image]
        return self.inputs * size / (4 * numbers)

    def overrides(self) -> dict[str, Any]:
        """Return what they change in the scenario of designs."""
        numbers, size = INPUTS[self.image]
        code = {
            "kind": "lagrange",
            "inputs": self.inputs,
            "tasks": self.tasks,
            "threshold": self.inputs,
        }
        changed: dict[str, dict[str, Any]] = {
            MASTER: {},
            SENT: {"encode_at": "workers"},
            HAVE: {"encode_at": "workers", "network": {"bandwidth": UNLIMITED}},
        }
        return {
            "requests": REQUESTS,
            "warm_up": REQUESTS // 10,
            "arrivals.offered_load": self.load,
            "service.scale": self.scale,
            "input": {"numbers": numbers, "bytes": size},
            "network.bandwidth": f"{self.gigabits} Gbit/s",
            "workers.count": self.workers,
            "policies": [{**code, **changed[name], "label": name} for name in DESIGNS],
        }


def searched(runs: int | None, jobs: int | None, tell: Callable[[str], None]) -> pd.DataFrame:
    """Return one row for each setting of the unknowns: the p99 of each design, and their ratios.

    ``plain over coded`` is the bytes of K plain inputs over those of one coded input, ``busy`` the
    share of time for which the master's core encodes and decodes in its design; ``sent over
    master`` and ``have over master`` are ratios of p99, with their paired intervals. Where the core
    would be busy for all of its time or more, its queue grows without end, however slowly: p99
    would be that of the length of a run, and it and the ratios are NaN.
    """
    rows = []
    for them in settings():
        result = simulated("designs", runs or RUNS, jobs, them.overrides())
        p99 = result.summary().set_index("label")["p99"]
        row = {**asdict(them), "plain over coded": them.larger, "busy": busy(them)}
        overloaded = row["busy"] >= 1
        row |= {f"p99 of {name}": p99[name] for name in DESIGNS}
        if overloaded:
            row[f"p99 of {MASTER}"] = math.nan
        for name, label in (("sent", SENT), ("have", HAVE)):
            ratio = UNKNOWN if overloaded else over(result, label, MASTER, "p99")
            row |= {
                f"{name} over master": ratio.value,
                f"{name} low": ratio.low,
                f"{name} high": ratio.high,
            }
        rows.append(row)
        if len(rows) % 50 == 0:
            tell(f"designs: {len(rows)} settings")
    return pd.DataFrame(rows).round(6)  # microseconds


def busy(them: Unknowns) -> float:
    """Return the share of its time for which the master's core is needed, where it encodes."""
    setup = shipped("designs", them.overrides()).setups()[DESIGNS.index(MASTER)]
    coding = [law.mean for law in (setup.encode, setup.decode) if law is not None]
    rate = setup.arrivals.mean_rate if isinstance(setup.arrivals, Steady) else math.nan
    return rate / them.inputs * sum(coding)


def settings() -> Iterator[Unknowns]:
    """Yield every setting."""
    axes = product(CODES, INPUTS, SCALES, GIGABITS, WORKERS, LOADS)
    for (inputs, tasks), image, scale, gigabits, workers, load in axes:
        yield Unknowns(inputs, tasks, image, scale, gigabits, workers, load)
