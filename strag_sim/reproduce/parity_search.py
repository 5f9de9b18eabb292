"""A search over what is not known of ParM's contention: where do all claims hold together?"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from itertools import product
from typing import Any

import pandas as pd

from strag_sim.reproduce.claims import INSIDE, OVERLAPS, Finding
from strag_sim.reproduce.parity_cells import (
    EQUAL,
    PARITY,
    RATE,
    SHUFFLES,
    Cell,
    Measured,
    Setting,
    measured,
    ratio,
)
from strag_sim.reproduce.parity_claims import TALK, ratios

SCENARIO = "calibrated"
# Requests a run: of the search, and of the nearest, which are simulated at length at other rates
# too, as that of the talk is not known.
REQUESTS, LONG = 20_000, 100_000
NEAREST, RATES = 8, (240, 270, 300, 330)
RUNS = 10
ROUNDS = 5  # of the calibration
FOUND, LONGER = "found by the search", "found, delays grow with shuffles"
SEED = 2020  # of what is found, which is not held against the numbers that it was found by
# Seconds: a moment, about a service; or all of a transfer, as in the scenarios.
DWELLS = {"20 ms": 0.02, "a transfer": {"kind": "uniform", "low": 2.05, "high": 4.1}}
# Of tasks that are slow; the last are all tasks of contended instances.
SHARES = (0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.2, 0.376)
SERVICE_CVS = (0.02, 0.05)
# From a full group to its parity in the queue. The last: 602,112 bytes at 1 Gbit/s, less the
# 100 kB of an input, and 0.1 ms.
DELAYS = (0.0001, 0.0005, 0.001, 0.002, 0.0041)
# Where equal resources may have any tail: mean and cv of the added time.
MEANS, CVS = (0.002, 0.005, 0.01, 0.02), (0.0, 1.0, 1.5)
COARSE = (SHARES[0], 0.05, 0.1, 0.2, SHARES[-1])
SIGMAS = (0.1, 2.5)  # of the logarithm; few requests may seem to have any
PINNED = {"p99": 0.01, "p999": 0.001}  # of equal resources, by the calibration


@dataclass(frozen=True)
class Unknowns:
    """What is not known; times in seconds, ``rate`` per second.

    A ``share`` of the tasks is slow; a worker is that for ``dwell`` at a time. A service then takes
    longer by a time with the mean ``added`` and the coefficient of variation ``added_cv``;
    ``calibrated`` is whether these give equal resources the p99 and p99.9 of the talk.
    """

    share: float
    dwell: str
    service_cv: float
    parity_delay: float = DELAYS[0]
    added: float = math.nan
    added_cv: float = math.nan
    calibrated: bool = False
    rate: int = RATE

    def values(self) -> dict[str, Any]:
        """Return what they put in place of a scenario's values, but for share and rate."""
        law = {"kind": "lognormal", "mean": self.added, "cv": self.added_cv}
        return {
            "slowdown.0.dwell": DWELLS[self.dwell],
            "slowdown.0.factor": law if self.added_cv else self.added,
            "service.cv": self.service_cv,
            "encode": self.parity_delay,
        }


def searched(
    again: Mapping[str, Any], jobs: int | None, tell: Callable[[str], None]
) -> pd.DataFrame:
    """Return one row for each setting of the unknowns; ratios are equal resources over parity.

    ``holds`` counts the claims whose range the interval overlaps, ``off`` is by what share the
    ratio that misses its range by most is off. The last rows are those that are least off, again,
    with more ``requests`` a run and at more rates. ``again`` are values in place of those of all
    scenarios, such as runs.
    """
    rows: list[dict[str, Any]] = []
    for settings in (_calibrated(again, jobs, tell), _plain()):
        rows += (_row(them, REQUESTS, again, jobs) for them in settings)
        tell(f"parity: searched {len(rows)} settings")
    near = [_unknowns(row) for row in nearest(pd.DataFrame(rows), NEAREST).to_dict("records")]
    at_rates = [replace(them, rate=rate) for them, rate in product(near, RATES)]
    rows += (_row(them, LONG, again, jobs) for them in at_rates)
    tell(f"parity: simulated the nearest at length, {len(at_rates)} settings")
    return pd.DataFrame(rows)


def nearest(rows: pd.DataFrame, count: int = 1) -> pd.DataFrame:
    """Return the settings that are least off, of those that were simulated at most length."""
    longest: pd.DataFrame = rows[rows["requests"] == rows["requests"].max()]
    return longest.sort_values("off").head(count)


def as_setting(row: Mapping[Any, Any]) -> Setting:
    """Return a row of the search as a setting, to be simulated like others, with a new seed."""
    them = _unknowns(row)
    values = {**them.values(), "seed": SEED}
    return Setting(SCENARIO, FOUND, them.share / Cell().share, values, them.rate)


def longer(row: Mapping[Any, Any], cell: Cell) -> Setting:
    """Return the same with delays that grow in proportion to the cell's shuffles."""
    them = _unknowns(row)
    grown = replace(them, added=them.added * cell.shuffles / SHUFFLES)
    return replace(as_setting(asdict(grown)), label=LONGER)


def calibrate(them: Unknowns, again: Mapping[str, Any], jobs: int | None) -> Unknowns:
    """Return these with a lognormal added time that gives equal resources the talk's p99 and p99.9.

    Notes
    -----
    Of two quantiles x of a lognormal added time ln x is linear in the normal quantiles z of their
    levels among slow tasks. What the simulated quantiles of equal resources lack of the talk's is
    added to ln x, round after round: slow workers take fewer tasks from a shared queue, so that no
    formula gives them.
    """
    from scipy.special import ndtri

    z = [-float(ndtri(level / them.share)) for level in PINNED.values()]
    wanted = {name: TALK[EQUAL][name] - TALK[EQUAL]["p50"] for name in PINNED}
    log = [math.log(time) for time in wanted.values()]
    for _ in range(ROUNDS):
        sigma = min(max((log[1] - log[0]) / (z[1] - z[0]), SIGMAS[0]), SIGMAS[1])
        mean = math.exp(log[0] - sigma * z[0] + sigma**2 / 2)
        them = replace(them, added=mean, added_cv=math.sqrt(math.expm1(sigma**2)))
        alone = {"policies": [{"kind": "none", "label": EQUAL}]}
        of = _simulated(them, {"requests": REQUESTS, "runs": RUNS, **again, **alone}, jobs)[EQUAL]
        for i, (name, time) in enumerate(wanted.items()):
            log[i] += math.log(time / (of[name].pooled - of["p50"].pooled))
    return replace(them, calibrated=True)


def _calibrated(
    again: Mapping[str, Any], jobs: int | None, tell: Callable[[str], None]
) -> Iterator[Unknowns]:
    """Yield settings under which equal resources have the talk's tail."""
    for share, dwell, cv in product(SHARES, DWELLS, SERVICE_CVS):
        tell(f"parity: calibrating, {share:g} of tasks slow for {dwell}, service cv {cv:g}")
        found = calibrate(Unknowns(share, dwell, cv), again, jobs)
        for delay in DELAYS:
            yield replace(found, parity_delay=delay)


def _plain() -> Iterator[Unknowns]:
    """Yield settings whatever tail they give to equal resources."""
    for share, dwell, cv, mean, of_mean in product(COARSE, DWELLS, SERVICE_CVS, MEANS, CVS):
        yield Unknowns(share, dwell, cv, added=mean, added_cv=of_mean)


def _row(
    them: Unknowns, requests: int, again: Mapping[str, Any], jobs: int | None
) -> dict[str, Any]:
    """Return what is simulated of a setting, and how far it is from the claims."""
    of, claims = _simulated(them, {"requests": requests, "runs": RUNS, **again}, jobs), ratios()
    found = {name: ratio(of, name) for name in claims}
    holds, off = 0, 0.0
    for name, claim in claims.items():
        value, (low, high) = found[name].ratio, astuple(found[name].ratio_interval)
        finding = Finding(claim=claim, setting="", value=value, low=low, high=high)
        holds += finding.verdict in (INSIDE, OVERLAPS)
        off = max(off, claim.low / value - 1, value / claim.high - 1)
    times = {
        f"{label}_{name}".replace(" ", "_"): of[label][name].pooled
        for label in TALK
        for name in TALK[label]
    }
    of_claims = {name: found[name].ratio for name in claims}
    return {"requests": requests, **asdict(them), **times, **of_claims, "holds": holds, "off": off}


def _unknowns(row: Mapping[Any, Any]) -> Unknowns:
    """Return the unknowns of a row."""
    return Unknowns(**{name: row[name] for name in Unknowns.__dataclass_fields__})


def _simulated(them: Unknowns, again: Mapping[str, Any], jobs: int | None) -> Measured:
    """Return what is measured under a setting at the rate, k and shuffles of most figures."""
    values = {
        **them.values(),
        "slowdown.0.share": them.share,
        "arrivals.rate": them.rate,
        **again,
    }
    if "policies" not in values:
        values["policies"] = [
            {"kind": "none", "label": EQUAL},
            {"kind": "parity", "inputs": 2, "redundant_workers": 6, "label": PARITY},
        ]
    return measured(SCENARIO, values, jobs)
