"""Are measured profiles to be trusted: do two sessions agree, does a closed loop come back?

    python verification/gpu_profiles.py PROFILE...

A PROFILE is a shipped profile's name, a file, or a folder of files. Judged is

agreement    medians of all sessions that measured the same model, type of numbers, batch size,
             number of calls at once, load and tenant on the same device: within 3 % of each other
closed loop  a simulated worker with as many clients as a batch has requests, against what was
             measured with one call at a time: mean, p99 and throughput within 1 %

Between two calls the profiler notes the one and begins the other, which counts where calls take a
millisecond: simulated clients think for the median of these pauses (``between``), as the samples
have them. Exit code 1 if anything is off by more, or there is nothing to judge. Seconds a batch
size.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

import strag_sim
from strag_sim import profiles
from strag_sim.profiles import CLOSED, Point, Profile

AGREE, COMES_BACK = 0.03, 0.01
CALLS, RUNS, SEED = 50_000, 4, 11
FEWEST = 299  # calls that bound a p99


def read(given: Sequence[str]) -> dict[str, Profile]:
    """Return profiles with points by the name or path that a scenario gives them."""
    paths = []
    for each in given:
        inside = sorted(Path(each).glob("*.json")) if Path(each).is_dir() else []
        paths += [str(path.resolve()) for path in inside] or [each]
    known = {path: profiles.load(path) for path in paths}
    return {path: profile for path, profile in known.items() if profile.points}


def repeated(found: Sequence[Profile]) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """Yield each configuration that several sessions measured, with their names and medians."""
    sessions: dict[tuple[object, ...], list[tuple[str, float]]] = defaultdict(list)
    for profile in found:
        about = profile.environment
        who = [about.get(key) for key in ("device", "model", "dtype", "compiled", "beside")]
        for point in profile.points:
            what = (*who, point.batch, point.concurrency, point.load)
            sessions[what].append((profile.name, quantile(point, 0.5)))
    for (_, model, dtype, _, _, batch, at_once, load), medians in sessions.items():
        if len(medians) > 1:
            yield f"{model}, {dtype}, batch {batch}, {at_once} at once, {load}", medians


def agreement(found: Sequence[Profile]) -> list[bool]:
    """Print medians of repeated configurations; return for each whether they agree."""
    verdicts = []
    for what, medians in repeated(found):
        values = [value for _, value in medians]
        apart = max(values) / min(values) - 1
        told = ", ".join(f"{name} {1e3 * value:.4g} ms" for name, value in medians)
        verdicts.append(apart <= AGREE)
        print(f"{mark(verdicts[-1])} {what}: {apart:.1%} apart ({told})")
    return verdicts


def closed_loops(found: dict[str, Profile]) -> list[bool]:
    """Print what comes back of each point with enough calls for a p99; return whether it does."""
    verdicts = []
    for path, profile in found.items():
        for point in profile.points:
            if point.load == CLOSED and point.concurrency == 1 and point.n >= FEWEST:
                pause = between(point)
                played = simulated(path, point.batch, pause)
                real = measured(point)
                off = {name: played[name] / real[name] - 1 for name in real}
                verdicts.append(max(map(abs, off.values())) <= COMES_BACK)
                told = ", ".join(f"{name} {each:+.2%}" for name, each in off.items())
                print(
                    f"{mark(verdicts[-1])} {profile.name}, batch {point.batch}: {told}; "
                    f"between {1e6 * pause:.1f} us"
                )
    return verdicts


def measured(point: Point) -> dict[str, float]:
    """Return mean and p99 in seconds and the throughput, of the calls one by one where kept."""
    p99 = quantile(point, 0.99)
    if point.samples is not None:
        p99 = float(np.quantile(point.samples.time, 0.99, method="hazen"))
    return {"mean": point.mean, "p99": p99, "throughput": point.throughput}


def between(point: Point) -> float:
    """Return the median pause between two calls, in seconds; 0 where calls were not kept."""
    if point.samples is None:
        return 0.0
    ends = point.samples.start + point.samples.time
    return float(max(0.0, np.median(point.samples.start[1:] - ends[:-1])))


def simulated(path: str, batch: int, pause: float) -> dict[str, float]:
    """Return mean, p99 and throughput of a worker that has a full batch to serve, or a pause."""
    scenario = {
        "name": "closed",
        "seed": SEED,
        "runs": RUNS,
        "requests": CALLS * batch,
        "arrivals": {"kind": "closed", "clients": batch, "think": pause},
        "service": {"kind": "profile", "profile": path},
        "workers": {"count": 1, **({"batch": {"max": batch}} if batch > 1 else {})},
        "policies": [{"kind": "none"}],
    }
    row = strag_sim.simulate(strag_sim.load(scenario)).summary().iloc[0]
    return {"mean": row["mean"], "p99": row["p99"], "throughput": row["arrival_rate"]}


def quantile(point: Point, level: float) -> float:
    """Return a quantile of the times of a point's calls, in seconds."""
    return float(np.interp(level, point.levels, point.values))


def mark(fine: bool) -> str:
    """Return how a line begins."""
    return "fine" if fine else "OFF "


def main(*given: str) -> int:
    """Print all verdicts, and return the exit code."""
    found = read(given)
    agree = agreement(list(found.values()))
    back = closed_loops(found)
    print(f"{sum(agree)} of {len(agree)} repeated configurations agree within {AGREE:.0%}")
    print(f"{sum(back)} of {len(back)} closed loops come back within {COMES_BACK:.0%}")
    return 0 if agree and back and all([*agree, *back]) else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(str(__doc__))
    sys.exit(main(*sys.argv[1:]))
