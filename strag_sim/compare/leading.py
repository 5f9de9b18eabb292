"""Who is surely the best in a measure: told apart from every other policy over the same runs."""

from collections.abc import Sequence
from dataclasses import dataclass
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
# What means the same however long queues grow.
UNAFFECTED = ("cost", "wasted", "accuracy")


@dataclass(frozen=True)
class First:
    """The policy with the best estimate of a column, and those that it is not told apart from."""

    label: str
    rivals: tuple[str, ...]


def leading(result: Result, columns: Sequence[str]) -> dict[str, str]:
    """Return, of each column that has one, the label of the policy that is surely the best.

    Surely best is the `first` that has no rivals. There is none in a column that is neither better
    high nor low, where fewer than two policies have a number, and with one run.
    """
    found = firsts(result, columns)
    return {name: first.label for name, first in found.items() if not first.rivals}


def firsts(result: Result, columns: Sequence[str]) -> dict[str, First]:
    """Return the first of each column that is judged and has a number of two policies or more.

    First is the policy with the lowest estimate (the highest of ``accuracy`` and ``slo_met``) of
    all that have a number and are no oracle, nor, in what is about responses, surely overloaded
    (`Result.overloaded`), for these are only as long as the runs. Its rivals are those that the
    paired test of strag_sim.compare (Student's t of log ratios) does not show to be worse; also one
    that lacks the number in a run, as there is no test then. It was chosen by what is tested, so
    the tests of all pairs of policies in all columns are corrected together (Holm): with a
    probability of at least ``confidence`` no policy is wrongly said to be worse than another.

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
    beaten = set()
    for (name, one, other, test), p in zip(tests, corrected, strict=True):
        if p <= 1 - confidence:
            first_wins = _is_below(test) != (name in HIGH)
            beaten.add((name, one, other) if first_wins else (name, other, one))
    found = {}
    for name in (name for name in looked_at if len(known[name]) > 1):
        best = _first(known[name], name)
        others = (label for label in known[name] if label != best)
        found[name] = First(best, tuple(o for o in others if (name, best, o) not in beaten))
    return found


def is_judged(name: str) -> bool:
    """Return whether a column is better the lower, or the higher, it is."""
    return name not in NEITHER and (is_time(name) or name in (*HIGH, *LOW))


def _known(result: Result, name: str) -> dict[str, Quantity]:
    """Return an estimate of each policy that has one: from all runs, and from each (or NaN)."""
    runs = {str(label): of.sort_values("run") for label, of in result.runs().groupby("label")}
    flooded = name not in UNAFFECTED
    found = {}
    for row in result.summary().to_dict("records"):
        label, values = str(row["label"]), runs[str(row["label"])][name].to_numpy(np.float64)
        meant = row["policy"] != "oracle" and not (flooded and label in result.overloaded)
        if meant and not np.isnan(row[name]):
            found[label] = Quantity(float(row[name]), values)
    return found


def _is_below(test: Paired) -> bool:
    """Return whether the first of two is lower, in the mean over their runs."""
    return test.difference < 0 if np.isnan(test.ratio) else test.ratio < 1


def _first(known: dict[str, Quantity], name: str) -> str:
    """Return the label of the best estimate from all runs."""
    return (max if name in HIGH else min)(known, key=lambda label: known[label].pooled)
