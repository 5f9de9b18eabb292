"""What stands above a page: what the numbers are of, the main finding, what to know before."""

import math
from collections.abc import Iterator

import pandas as pd

from strag_sim.compare import Comparison, ratio
from strag_sim.compare.leading import First, firsts
from strag_sim.results import Result
from strag_sim.results.estimated import usual
from strag_sim.units import readable, rounded


def about(result: Result) -> list[str]:
    """Return what the numbers are of: policies, runs, requests, seed, engine, time."""
    summary, known = result.summary(), result.provenance
    runs, requests, dropped = (int(summary[n].iloc[0]) for n in ("runs", "requests", "warm_up"))
    texts = [
        _count(len(summary), "policy", "policies"),
        f"{_count(runs, 'run', 'runs')} of {requests:,} requests",
        f"after {dropped:,} of warm-up" if dropped else "no warm-up",
    ]
    if "seed" in known:
        texts.append(f"seed {known['seed']}")
    if "engine" in known:
        texts.append(f"{known['engine']} engine")
    if "time" in known:
        texts.append(str(known["time"]).replace("T", " ").replace("+00:00", " UTC"))
    return texts


def finding(result: Result, found: Comparison | None) -> str:
    """Return who has the lowest p99, and whether that is sure; empty with fewer than two of them.

    It is sure where ``strag-sim table`` marks it: by the tests of all pairs of policies in the
    usual columns. An oracle is a bound and no policy that one could have, so it is passed over.
    """
    summary = result.summary()
    first = firsts(result, usual(summary)).get("p99")
    if first is None:
        return ""
    (best,) = summary.loc[summary["label"] == first.label, "p99"]
    lowest = f"The lowest p99 is that of {first.label}, {readable(float(best))}"
    times = "" if found is None else _times(found, first.label)
    return f"{lowest}{times}. {_sure(first, int(summary['runs'].iloc[0]))}"


def _times(found: Comparison, label: str) -> str:
    """Return how the p99 of a policy stands to the baseline's; empty for the baseline itself."""
    rows = found.table()
    of = rows[(rows["label"] == label) & (rows["measure"] == "p99")]
    if of.empty or math.isnan(of["ratio"].iloc[0]):
        return ""
    numbers = (float(of[name].iloc[0]) for name in ("ratio", "ratio_low", "ratio_high"))
    return f": {ratio(*numbers)} times that of {found.baseline}"


def _sure(first: First, runs: int) -> str:
    """Return whether the first is told apart from all others, in a sentence."""
    if runs == 1:
        return "One run cannot tell it apart from the others."
    if not first.rivals:
        return "It is told apart from every other policy that has one."
    *some, last = first.rivals
    rivals = f"{', '.join(some)} and {last}" if some else last
    return f"With all pairs tested together, it cannot be told apart from {rivals}."


def warnings(result: Result) -> list[str]:
    """Return what a reader must know before believing the numbers, a sentence or two each."""
    summary = result.summary()
    texts = []
    if result.interrupted:
        texts.append("Interrupted: these are the runs that every policy had finished.")
    if int(summary["runs"].iloc[0]) == 1:
        texts.append("One run: there are no intervals, so nothing says how sure a number is.")
    return [*texts, *_unstable(summary), *map(_sentence, result.notes)]


def _unstable(summary: pd.DataFrame) -> Iterator[str]:
    """Yield what is to be said of each policy that does not keep up."""
    for _, policy in summary[summary["stable"].eq(False).fillna(False)].iterrows():
        rates = ""
        if not math.isnan(policy["saturation"]):
            answered, arriving = (rounded(policy[n]) for n in ("saturation", "arrival_rate"))
            rates = f" It answers about {answered} requests a second; {arriving} arrive."
        yield (
            f"{policy['label']} is unstable: requests arrive faster than they are answered, so its "
            f"response times depend on how long one looks and are not given.{rates}"
        )


def _sentence(note: str) -> str:
    """Return a note as a sentence."""
    return note[:1].upper() + note[1:] + ("" if note.endswith((".", "!", "?")) else ".")


def _count(number: int, one: str, more: str) -> str:
    """Return a number of things."""
    return f"{number:,} {one if number == 1 else more}"
