"""Hold whole response-time laws against simulation, and draw them as QQ plots.

Run as ``python verification/response_laws.py [DIR]``: a line for each law with the z-scores at
five levels, DIR/response_laws.png and .pdf (by default the folder results/verification), and exit
code 1 if one is beyond 4. A z-score is that of the share of responses above the theoretical
quantile over independent runs, so it has no bias however long or short the runs are; 4 has a
probability of 6e-5, and of 3 in 1000 over all scores together.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import strag_sim
from strag_sim.distributions.profile import Profile
from strag_sim.theory import groups, laws, order_statistics, queues, redundancy

RUNS, REQUESTS, WARM_UP, LIMIT = 60, 100_000, 5000, 4.0
LEVELS = (0.1, 0.5, 0.9, 0.99, 0.999)
FAR_APART = {"kind": "deterministic", "interval": 100.0}
EXPONENTIAL = {"kind": "exponential", "mean": 1.0}
EXP = laws.exponential(1.0)
COLLAGE_VM = {"kind": "profile", "profile": "collage-vm"}
VM_QUANTILE = Profile(profile="collage-vm").quantile
VM = laws.from_quantile(VM_QUANTILE)

Quantile = Callable[[float], float]


@dataclass(frozen=True)
class Law:
    """A scenario and the quantile function that theory gives for its responses."""

    name: str
    quantile: Quantile
    policy: dict[str, Any]
    keys: dict[str, Any] = field(default_factory=dict)
    together: int = 1


def of(survival: laws.Survival) -> Quantile:
    """Return the quantile function of a law without atoms."""
    return lambda level: laws.quantile(survival, level)


def queue(rate: float, **workers: Any) -> dict[str, Any]:
    """Return the scenario of a queue with Poisson arrivals."""
    arrivals = {"kind": "poisson", "rate": rate}
    return {"arrivals": arrivals, "workers": workers, "service": EXPONENTIAL, "warm_up": WARM_UP}


def unqueued(workers: int, service: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """Return a scenario in which groups never meet."""
    placed = {"count": workers, "placement": "fixed"}
    return {"arrivals": FAR_APART, "workers": placed, "service": service, **keys}


LAWS = (
    Law(
        "M/M/1, load 0.8",
        lambda level: queues.mm1_quantile(level, 0.8, 1.0),
        {"kind": "none"},
        queue(0.8, count=1),
    ),
    Law(
        "M/M/10, load 0.9",
        lambda level: queues.mmc_quantile(level, 9.0, 1.0, 10),
        {"kind": "none"},
        queue(9.0, count=10, queue="shared"),
    ),
    Law(
        "round robin to 5, load 0.8",
        lambda level: queues.round_robin_quantile(level, 4.0, 1.0, 5),
        {"kind": "none"},
        queue(4.0, count=5, placement="round-robin"),
    ),
    Law(
        "3 copies on all 3, load 0.8",
        lambda level: queues.mm1_quantile(level, 2.4, 1 / 3),
        {"kind": "replication", "copies": 3},
        queue(2.4, count=3) | {"cancel": "running"},
    ),
    Law(
        "6 copies cancelled on start, load 0.8",
        lambda level: queues.mmc_quantile(level, 4.8, 1.0, 6),
        {"kind": "replication", "copies": 6},
        queue(4.8, count=6) | {"cancel": "on-start"},
    ),
    Law(
        "any 8 of 10, exponential",
        of(order_statistics.survival(EXP, 8, 10)),
        {"kind": "lagrange", "inputs": 1, "tasks": 10, "threshold": 8},
        unqueued(10, EXPONENTIAL),
    ),
    Law(
        "any 8 of 10, collage-vm",
        of(order_statistics.survival(VM, 8, 10)),
        {"kind": "lagrange", "inputs": 1, "tasks": 10, "threshold": 8},
        unqueued(10, COLLAGE_VM),
    ),
    Law(
        "2 hedges, 0.7 apart, exponential",
        of(redundancy.hedge_survival(EXP, 0.7, 2)),
        {"kind": "hedge", "delay": 0.7, "hedges": 2},
        unqueued(3, EXPONENTIAL),
    ),
    Law(
        "relaunch after 250 ms, collage-vm",
        of(redundancy.relaunch_survival(VM, 0.25)),
        {"kind": "relaunch", "timeout": 0.25},
        unqueued(2, COLLAGE_VM),
    ),
    Law(
        "collage 3x3, decode 20 ms, collage-vm",
        of(groups.collage_survival(VM, VM, 0.02)),
        {"kind": "collage", "grid": 3},
        unqueued(10, COLLAGE_VM, decode=0.02),
        together=9,
    ),
    Law(
        "parity, k = 2, exponential",
        of(groups.parity_survival(EXP, 2)),
        {"kind": "parity", "inputs": 2},
        unqueued(3, EXPONENTIAL),
        together=2,
    ),
    Law(
        "parity, k = 4, r = 2, collage-vm",
        of(groups.parity_survival(VM, 4, 2)),
        {"kind": "parity", "inputs": 4, "parities": 2},
        unqueued(6, COLLAGE_VM),
        together=4,
    ),
)


def responses(law: Law, seed: int) -> NDArray[np.float64]:
    """Simulate a law's scenario; return its responses in seconds, shape (RUNS, requests)."""
    scenario: dict[str, Any] = {"name": "law", "seed": seed, "runs": RUNS, **law.keys}
    scenario["policies"] = [{"label": "law", **law.policy}]
    scenario["requests"] = REQUESTS
    if law.together > 1:
        scenario["requests"] = REQUESTS // 4 // law.together * law.together
        times = np.arange(scenario["requests"]) // law.together * 100.0
        scenario["arrivals"] = {"kind": "trace", "times": times.tolist()}
    result = strag_sim.simulate(strag_sim.load(scenario))
    return np.asarray(result.responses("law")).reshape(RUNS, -1)


def z_score(observed: NDArray[np.float64], level: float, time: float) -> float:
    """Return the z of the same probability as the Student t of the runs' shares above a time."""
    shares = (observed > time).mean(axis=1)
    t = (shares.mean() - (1 - level)) / (shares.std(ddof=1) / np.sqrt(RUNS))
    return float(np.sign(t) * stats.norm.isf(stats.t.sf(abs(t), RUNS - 1)))


def draw(observed: NDArray[np.float64], law: Law, axes: Any) -> None:
    """Draw the quantiles of the pooled responses over those of theory."""
    levels = 1 - np.logspace(-0.01, -4, 60)
    expected = [law.quantile(float(level)) for level in levels]
    axes.plot([0, max(expected)], [0, max(expected)], color="0.7", linewidth=1)
    axes.plot(expected, np.quantile(observed, levels, method="inverted_cdf"), ".", markersize=3)
    axes.set_title(law.name, fontsize=8)


def main(folder: Path) -> int:
    """Check and draw every law; return the exit code."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(4, 3, figsize=(9, 11), layout="constrained")
    print(f"{'law':40}" + "".join(f"{'p' + f'{100 * level:g}':>8}" for level in LEVELS))
    worst = 0.0
    for seed, (law, place) in enumerate(zip(LAWS, axes.flat, strict=True), start=1):
        observed = responses(law, seed)
        scores = [z_score(observed, level, law.quantile(level)) for level in LEVELS]
        worst = max(worst, *map(abs, scores))
        print(f"{law.name:40}" + "".join(f"{z:+8.2f}" for z in scores))
        draw(observed, law, place)
    figure.supxlabel("theory (s)")
    figure.supylabel("simulation (s)")
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in ("png", "pdf"):
        figure.savefig(folder / f"response_laws.{suffix}")
    print(f"largest |z| {worst:.2f}: {'fail' if worst > LIMIT else 'pass'}")
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "results/verification")))
