"""What a figure rests on: how many runs and requests, which intervals, which seed and version."""

import importlib.metadata
from collections.abc import Mapping, Sequence
from typing import Any

from strag_sim.plots.served import Window
from strag_sim.plots.swept import rows_of
from strag_sim.profiles import Profile
from strag_sim.results import Result
from strag_sim.sweep import Swept
from strag_sim.units import readable

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
_BARS = "Student t over runs; of p99 by sectioning"
# How the intervals of each kind were made; what is not here shows none.
INTERVALS = {
    "ccdf": "Student t over runs, at each single time",
    "cdf": "Student t over runs, at each single time",
    "variance": "of standard deviations by sectioning over runs, of ratios of variances Student t "
    "of their logarithms over pairs of runs",
    "paths": "Student t over runs",
    "pareto": _BARS,
    "accuracy-p99": _BARS,
    "gain": "sectioning of logarithms over pairs of runs",
    "p99-load": "sectioning over runs",
}


def of_result(result: Result, kind: str) -> dict[str, object]:
    """Return what a figure of a result rests on, for JSON; ``caption`` is it in sentences."""
    found = _rests_on(result, kind)
    bands = _bands(found) if kind in INTERVALS else ""
    text = f"{SHOWS[kind]}. {_runs(found)}.{bands}"
    if result.overloaded:
        names = ", ".join(result.overloaded)
        text += f" Overloaded, so that responses are only as long as the runs are: {names}."
    return {"caption": text, "figure": kind, "policies": result.labels, **found}


def of_results(results: Sequence[Result], names: Sequence[str], kind: str) -> dict[str, object]:
    """Return what a figure of several results rests on, each under its name, for JSON."""
    each = [
        {"result": name, **_rests_on(result, kind)}
        for name, result in zip(names, results, strict=True)
    ]
    amounts: dict[str, list[str]] = {}
    for found in each:
        amounts.setdefault(f"{_runs(found)}.{_bands(found)}", []).append(str(found["result"]))
    parts = [f"{', '.join(of)}: {amount}" for amount, of in amounts.items()]
    text = " ".join([f"{SHOWS[kind]}.", *parts])
    return {"caption": text, "figure": kind, "policies": results[0].labels, "results": each}


def of_timeline(result: Result, window: Window) -> dict[str, object]:
    """Return what the timeline of a window rests on, for JSON; times are seconds of the run."""
    rests_on = _rests_on(result, "timeline")
    known = {name: rests_on[name] for name in ("requests", "warm_up", "notes")}
    slowest = None
    part = f"{window.start:.6g} s to {window.stop:.6g} s of run {window.run}"
    text = f"{SHOWS['timeline']}: {window.label}, {part}"
    if window.request is not None:
        of = window.request
        response = of.completion - of.arrival
        slowest = {"request": of.number, "arrival": of.arrival, "response": response}
        text += f". Request {of.number:,} took {readable(response)}"
    drawn = {"start": window.start, "stop": window.stop, "tasks": len(window.tasks)}
    shown = {"policy": window.label, "run": window.run, "window": drawn, "slowest": slowest}
    head = {"caption": f"{text}.", "figure": "timeline", **shown}
    return {**head, **known, **_source(result.provenance)}


def of_sweep(swept: Swept, kind: str, where: Sequence[str] = ()) -> dict[str, object]:
    """Return what a figure of a sweep, of the cells that keep ``where``, rests on, for JSON."""
    rows, _ = rows_of(swept, where)
    spread = {
        name: sorted(map(int, rows[name].unique())) for name in ("runs", "requests", "warm_up")
    }
    cells = {"cells": int(rows["cell"].nunique()), "parameters": swept.parameters}
    runs = f"{_range(spread['runs'])} run{'' if spread['runs'] == [1] else 's'}"
    intervals = _intervals(kind, swept.confidence, max(spread["runs"]))
    bands = _bands(intervals) if kind in INTERVALS else ""
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


def _rests_on(result: Result, kind: str) -> dict[str, object]:
    """Return how much was simulated, its intervals, what is to be known of it, and its source."""
    summary, known = result.summary(), result.provenance
    first, runs = summary.iloc[0], int(summary["runs"].max())
    numbers = {
        "runs": runs,
        "requests": int(first["requests"]),
        "n": int((summary["runs"] * summary["requests"]).max()),
        "warm_up": int(first["warm_up"]),
    }
    unstable = [str(label) for label in summary["label"][summary["stable"].eq(False)]]
    intervals = _intervals(kind, known.get("confidence"), runs)
    found = {"unstable": unstable, "overloaded": result.overloaded, "notes": result.notes}
    return {**numbers, **intervals, **found, **_source(known)}


def _intervals(kind: str, confidence: object, runs: int) -> dict[str, object]:
    """Return confidence and method of the intervals of a figure; None where it has none."""
    if kind not in INTERVALS or runs == 1:
        return {"confidence": None, "intervals": None}
    return {"confidence": confidence, "intervals": INTERVALS[kind]}


def _runs(numbers: Mapping[str, Any]) -> str:
    """Return how many runs and requests there are."""
    runs, of = numbers["runs"], f"{numbers['requests']:,} requests"
    many = f"{runs} runs of {of} a policy" if runs > 1 else f"One run of {of} a policy"
    cut = f", after {numbers['warm_up']:,} of warm-up" if numbers["warm_up"] else ""
    return f"{many}{cut}"


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
