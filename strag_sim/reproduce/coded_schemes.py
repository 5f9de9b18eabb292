"""A search for where a Lagrange code answers sooner than a parity model or a collage."""

from itertools import product
from typing import Any

import pandas as pd

from strag_sim.reproduce.coded_sets import INPUTS, LEARNED, simulated
from strag_sim.statistics.estimates import Quantity
from strag_sim.statistics.paired import paired

LOADS = (0.05, 0.1, 0.2, 0.3)
SPARE = (1, 2, 3, 4)  # N - R, of R = K
TOGETHER = (1, INPUTS)  # requests that arrive at once: one, or a whole group
OTHERS: dict[str, dict[str, Any]] = {
    "parity": {"kind": "parity", "inputs": INPUTS},
    "collage": {"kind": "collage", "grid": 2},
}


def searched(runs: int | None, jobs: int | None) -> pd.DataFrame:
    """Return one row a load, number of spare tasks, and way to arrive.

    ``parity`` and ``collage`` are their p99 over that of the Lagrange code, with ``low`` and
    ``high`` ends: above 1 where the code is faster.
    """
    rows = []
    for load, together in product(LOADS, TOGETHER):
        arrivals = {"kind": "poisson", "offered_load": load, "batch": together}
        policies = [_lagrange(spare) for spare in SPARE]
        policies += [{**other, "label": name} for name, other in OTHERS.items()]
        result = simulated("schemes", runs, jobs, {"arrivals": arrivals, "policies": policies})
        p99 = _p99(result.runs(), result.summary())
        for spare in SPARE:
            row = {"load": load, "together": together, "N - R": spare}
            for name in OTHERS:
                found = paired(p99[name], p99[f"{LEARNED} {spare}"], confidence=0.95)
                between = found.ratio_interval
                row |= {name: found.ratio, f"{name} low": between.low, f"{name} high": between.high}
            rows.append(row)
    return pd.DataFrame(rows)


def _lagrange(spare: int) -> dict[str, Any]:
    """Return a Lagrange code of K = R with so many tasks more."""
    code = {"inputs": INPUTS, "tasks": INPUTS + spare, "threshold": INPUTS}
    return {"kind": "lagrange", **code, "label": f"{LEARNED} {spare}"}


def _p99(runs: pd.DataFrame, summary: pd.DataFrame) -> dict[str, Quantity]:
    """Return the p99 of each policy, of all runs and of each."""
    whole = summary.set_index("label")["p99"]
    return {
        str(label): Quantity(float(whole[label]), rows.sort_values("run")["p99"].to_numpy(float))
        for label, rows in runs.groupby("label")
    }
