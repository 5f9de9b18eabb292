"""What stands above a page: what the numbers are of, the main finding, what to know before."""

import math
from collections.abc import Iterator

import pandas as pd

from strag_sim.compare import CANNOT_TELL, Comparison, ratio
from strag_sim.results import Result
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
    """Return who has the lowest p99, and how it stands to the first policy; empty without a p99.

    An oracle is a bound and no policy that one could have, so it is passed over.
    """
    table = result.summary().dropna(subset="p99")
    summary = table[table["policy"] != "oracle"]
    if len(summary) < 2:
        return ""
    best = summary.iloc[int(summary["p99"].argmin())]
    text = f"The lowest p99 is that of {best['label']}, {readable(float(best['p99']))}"
    if found is None or best["label"] == found.baseline:
        return f"{text}."
    rows = found.table()
    (row,) = rows[(rows["label"] == best["label"]) & (rows["measure"] == "p99")].to_dict("records")
    if math.isnan(row["ratio"]):
        return f"{text}."
    times = ratio(row["ratio"], row["ratio_low"], row["ratio_high"])
    sure = ", which these runs cannot tell apart" if row["verdict"] == CANNOT_TELL else ""
    return f"{text}: {times} times that of {found.baseline}{sure}."


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
