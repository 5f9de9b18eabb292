"""Who is surely the best in a measure: told apart from every other policy over the same runs."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from strag_sim.results import Result
from strag_sim.results.quantities import is_time
from strag_sim.statistics import Quantity
from strag_sim.statistics.paired import Paired, holm, paired

# What is better the higher it is, and, beside times, the lower it is.
HIGH, LOW = ("accuracy", "slo_met"), ("var", "wasted")
# The longest response grows with their number, and has no interval.
NEITHER = ("max",)


def leading(result: Result, columns: Sequence[str]) -> dict[str, str]:
    """Return, of each column that has one, the label of the policy that is surely the best.

    Surely best is the policy with the lowest estimate (the highest of ``accuracy`` and
    ``slo_met``) if the paired test of strag_sim.compare (Student's t of log ratios) tells it apart
    from every other policy that has a number and is no oracle. It was chosen by what is tested, so
    the tests of all pairs of policies in all columns are corrected together (Holm): no name in the
    table is wrong with more than 1 - confidence. There is none in a column that is neither better
    high nor low, where fewer than two policies have a number, and with one run.

    Parameters
    ----------
    result : Result
    columns : sequence of str
        Of the summary.
    """
    confidence = float(str(result.provenance["confidence"]))
    looked_at = [name for name in dict.fromkeys(columns) if is_judged(name)]
    known = {name: _known(result, name) for name in looked_at}
    tests = [
        (name, one, other, paired(known[name][one], known[name][other], confidence))
        for name in looked_at
        for one, other in combinations(known[name], 2)
    ]
    corrected = holm([test.p for *_, test in tests])
    beaten: dict[tuple[str, str], set[str]] = {}
    for (name, one, other, test), p in zip(tests, corrected, strict=True):
        if p <= 1 - confidence and not test.same:
            first_wins = _is_below(test) != (name in HIGH)
            winner, loser = (one, other) if first_wins else (other, one)
            beaten.setdefault((name, winner), set()).add(loser)
    return {
        name: label
        for (name, label), losers in beaten.items()
        if len(losers) == len(known[name]) - 1 and label == _first(known[name], name)
    }


def is_judged(name: str) -> bool:
    """Return whether a column is better the lower, or the higher, it is."""
    return name not in NEITHER and (is_time(name) or name in (*HIGH, *LOW))


def _known(result: Result, name: str) -> dict[str, Quantity]:
    """Return an estimate of each policy that has one: from all runs, and from each."""
    runs = {str(label): of.sort_values("run") for label, of in result.runs().groupby("label")}
    found = {}
    for row in result.summary().to_dict("records"):
        label, values = str(row["label"]), runs[str(row["label"])][name].to_numpy(np.float64)
        if row["policy"] != "oracle" and not np.isnan([row[name], *values]).any():
            found[label] = Quantity(float(row[name]), values)
    return found


def _is_below(test: Paired) -> bool:
    """Return whether the first of two is lower, in the mean over their runs."""
    return test.difference < 0 if np.isnan(test.ratio) else test.ratio < 1


def _first(known: dict[str, Quantity], name: str) -> str:
    """Return the label of the best estimate from all runs."""
    return (max if name in HIGH else min)(known, key=lambda label: known[label].pooled)
