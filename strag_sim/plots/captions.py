"""What a figure rests on: how many runs and requests, which intervals, which seed and version."""

import importlib.metadata
from collections.abc import Mapping, Sequence
from typing import Any

from strag_sim.plots.swept import rows_of
from strag_sim.profiles import Profile
from strag_sim.results import Result
from strag_sim.sweep import Swept

# What is drawn, by its kind.
SHOWS = {
    "ccdf": "The share of responses that take longer than a time, by policy",
    "cdf": "The share of responses that take no longer than a time, by policy",
    "variance": "How much responses vary, by policy",
    "timeline": "Tasks on their workers, around the slowest request",
    "paths": "What answered requests, by policy",
    "attribution": "Where the time of requests above p99 went, by policy",
    "pareto": "p99 against cost, by policy",
    "accuracy-p99": "p99 against accuracy, by policy",
    "warm-up": "Mean responses along a run, by policy",
    "gain": "p99 of the first policy over that of each other",
    "p99-load": "p99 against the load, by policy",
    "heatmap": "Which policy has the lowest p99, and its gain over the first",
}
# These show no intervals.
WITHOUT = ("timeline", "attribution", "warm-up", "heatmap")
INTERVALS = "Student t over runs; of quantiles by sectioning"


def of_result(result: Result, kind: str) -> dict[str, object]:
    """Return what a figure of a result rests on, for JSON; ``caption`` is it in sentences."""
    summary, known = result.summary(), result.provenance
    first = summary.iloc[0]
    numbers = {
        "runs": int(summary["runs"].max()),
        "requests": int(first["requests"]),
        "n": int((summary["runs"] * summary["requests"]).max()),
        "warm_up": int(first["warm_up"]),
    }
    intervals = {"confidence": known.get("confidence"), "intervals": INTERVALS}
    if kind in WITHOUT or numbers["runs"] == 1:
        intervals = {"confidence": None, "intervals": None}
    bands = "" if kind in WITHOUT else _bands(intervals)
    text = f"{SHOWS[kind]}. {_runs(numbers)}{bands}"
    unstable = [str(label) for label in summary["label"][summary["stable"].eq(False)]]
    found = {"policies": result.labels, "unstable": unstable, "notes": result.notes}
    return {"caption": text, "figure": kind, **numbers, **intervals, **found, **_source(known)}


def of_sweep(swept: Swept, kind: str, where: Sequence[str] = ()) -> dict[str, object]:
    """Return what a figure of a sweep, of the cells that keep ``where``, rests on, for JSON."""
    rows, _ = rows_of(swept, where)
    spread = {
        name: sorted(map(int, rows[name].unique())) for name in ("runs", "requests", "warm_up")
    }
    cells = {"cells": int(rows["cell"].nunique()), "parameters": swept.parameters}
    runs = f"{_range(spread['runs'])} run{'' if spread['runs'] == [1] else 's'}"
    intervals: dict[str, Any] = {"confidence": swept.confidence, "intervals": INTERVALS}
    if kind in WITHOUT or spread["runs"] == [1]:
        intervals = {"confidence": None, "intervals": None}
    bands = "" if kind in WITHOUT else _bands(intervals)
    text = f"{SHOWS[kind]}. {cells['cells']} cells of {runs} each.{bands}"
    seeds = sorted(map(int, rows["seed"].unique()))
    policies = [str(label) for label in rows["label"].unique()]
    known = {"where": list(where), "policies": policies, "seeds": seeds, "version": _version()}
    return {"caption": text, "figure": kind, **cells, **spread, **intervals, **known}


def of_profile(law: Profile, kind: str = "profile") -> dict[str, object]:
    """Return what a figure of a profile rests on, for JSON."""
    laws = ", and of laws fitted to them" if kind == "fit" else ""
    text = f"The share of times that are longer than a time{laws}: {law.name}. {law.source}"
    known = {"profile": law.name, "n": law.n, "device": law.device, "source": law.source}
    return {"caption": text, "figure": kind, **known, "version": _version()}


def plain(kind: str, text: str, **known: object) -> dict[str, object]:
    """Return the caption of a figure of something else: a sentence, and what is known."""
    return {"caption": text, "figure": kind, **known, "version": _version()}


def _runs(numbers: Mapping[str, int]) -> str:
    """Return how many runs and requests there are, in a sentence."""
    runs, of = numbers["runs"], f"{numbers['requests']:,} requests"
    many = f"{runs} runs of {of} a policy" if runs > 1 else f"One run of {of} a policy"
    cut = f", after {numbers['warm_up']:,} of warm-up" if numbers["warm_up"] else ""
    return f"{many}{cut}."


def _bands(intervals: Mapping[str, Any]) -> str:
    """Return what bands and bars are, in a sentence."""
    if intervals["confidence"] is None:
        return " No intervals: one run has none."
    share = 100 * float(intervals["confidence"])
    return f" Intervals: {share:.4g} % confidence ({intervals['intervals']})."


def _source(known: Mapping[str, Any]) -> dict[str, object]:
    """Return what made a result: its seed, its scenario's name, versions and commit."""
    names = ("name", "seed", "engine", "time", "git")
    found = {name: known[name] for name in names if name in known}
    found["scenario"] = found.pop("name", None)
    return {**found, "version": known.get("versions", {}).get("strag-sim", _version())}


def _range(values: list[int]) -> str:
    """Return the one value that there is, or the least and the largest."""
    return f"{values[0]:,}" if len(values) == 1 else f"{values[0]:,} to {values[-1]:,}"


def _version() -> str:
    """Return the version of strag-sim."""
    return importlib.metadata.version("strag-sim")
