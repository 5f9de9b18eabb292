"""From a CSV of measured times to a figure: what would redundancy do on these machines?

The file stands for yours: six machines, a row a round and machine. It becomes a profile that keeps
the machines apart, and every policy meets the same slow ones.
"""

from pathlib import Path

import matplotlib.pyplot as plt

import strag_sim
from strag_sim import plots
from strag_sim.measurements import Choice, facts, read
from strag_sim.measurements.writing import write_profile

LOG = Path(__file__).with_name("your_latencies.csv")

times = read(LOG, Choice(columns=("ms",), unit="ms", group="machine", order="round")).measurements
found = facts(times)
print(f"{found.n:,} times of {len(times.names)} machines, p99 {1e3 * found.p99:.0f} ms")
print(f"autocorrelation of a machine's times: {found.lag_1:.2f}")

texts = {"name": "mine", "description": "My machines.", "source": LOG.name, "licence": "mine"}
write_profile(Path("mine.json"), times, unit="ms", **texts)
scenario = {
    "runs": 10,
    "requests": 3000,
    "warm_up": 300,
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "service": {"kind": "profile", "profile": "mine.json", "per_worker": True},
    "workers": {"count": 6, "placement": "shortest-queue"},
    "cancel": "running",
    "policies": [
        {"kind": "none"},
        {"kind": "replication", "copies": 2},
        {"kind": "hedge", "delay": "150 ms"},
    ],
}
result = strag_sim.simulate(strag_sim.load(scenario))
print(result.summary()[["label", "p50", "p99", "cost"]].round(4).to_string(index=False))

with plots.styled("paper"):
    figure, ax = plt.subplots(layout="constrained")
    plots.ccdf(result, ax)
    ax.axvline(300, color="grey", linewidth=0.8)  # a deadline of one's own, in the axis' ms
    figure.savefig("your_latencies.png", dpi=200)
