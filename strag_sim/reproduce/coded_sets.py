"""Simulations of coded classification, and what is compared of their policies."""

from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any

import pandas as pd

from strag_sim.accuracies import AccuracyTable, read_accuracy
from strag_sim.compare import compare
from strag_sim.reproduce.coded_errors import Ratio, error_of_table, table_of, widened
from strag_sim.results import Result
from strag_sim.scenario import Scenario, load
from strag_sim.simulate import simulate

FOLDER = files("strag_sim.reproduce") / "scenarios/coded"
SUMMED_OF_EIGHT = "./digits-parity-sum-8.json"
INPUTS, TASKS = 4, 6  # K and N of most settings: our reading
THRESHOLDS = (4, 5, 6)
MASTER, SENT, HAVE = "master", "workers sent the inputs", "workers with the inputs"
DESIGNS = (MASTER, SENT, HAVE)
NO_CODE = "no code"
LEARNED = "learned Lagrange"
BERRUT, EXACT = "Berrut (ApproxIFER)", "exact Lagrange of a polynomial"
SUMMED, TILED = "parity of a sum (ParM)", "parity of tiles (ParM)"
COLLAGE = "collage 2x2"


def shipped(name: str, overrides: Mapping[str, Any]) -> Scenario:
    """Return a scenario of this set, with these values in place of its own."""
    with as_file(FOLDER) as folder:
        return load(folder / f"{name}.yaml", overrides=overrides)


def simulated(
    name: str, runs: int | None, jobs: int | None, overrides: Mapping[str, Any] = {}
) -> Result:
    """Return the result of a scenario of this set, with so many runs if given."""
    again = {} if runs is None else {"runs": runs}
    return simulate(shipped(name, {**again, **overrides}), jobs=jobs)


def over(result: Result, label: str, base: str, measure: str) -> Ratio:
    """Return a policy over another in a measure; NaN where one is unstable or knows no number.

    The interval is the paired one over runs; of accuracies it has the errors of the tables too,
    but of two that are looked up in the same place, whose error is the same.
    """
    table = compare(result, baseline=base).table()
    row = table[(table["label"] == label) & (table["measure"] == measure)].iloc[0]
    found = Ratio(*(float(row[name]) for name in ("ratio", "ratio_low", "ratio_high")))
    if measure != "accuracy" or table_of(result, label) == table_of(result, base):
        return found
    return widened(found, error_of_table(result, label), error_of_table(result, base))


def at(design: str, threshold: int) -> str:
    """Return the label of a design with a threshold R."""
    return f"{design}, R = {threshold}"


def measured(result: Result) -> pd.DataFrame:
    """Return what is written of a result: a row a policy, times in seconds.

    Intervals of accuracies have the errors of the tables too.
    """
    names = ["p50", "p99", "accuracy"]
    columns = [name + end for name in names for end in ("", "_low", "_high")]
    frame = result.summary()[["label", *columns, "straggled", "cost", "utilisation"]]
    known = [
        widened(Ratio(*ends), error_of_table(result, label))
        for label, *ends in frame[["label", *columns[-3:]]].itertuples(index=False)
    ]
    return frame.assign(
        accuracy_low=[each.low for each in known], accuracy_high=[each.high for each in known]
    )


def of_eight() -> AccuracyTable:
    """Return the table of our parity model of eight digits, which no scenario but these needs."""
    with as_file(FOLDER) as folder:
        return read_accuracy(SUMMED_OF_EIGHT, folder)
