"""Why policies are compared run by run: what two intervals hide, the same random numbers show.

Two hedges differ by 5 ms of delay. Their p99s have wide intervals, as runs differ; yet in each run
both met the same requests on the same machines, and the difference is plain.
"""

import strag_sim

SCENARIO = {
    "seed": 5,
    "runs": 12,
    "requests": 3000,
    "warm_up": 300,
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "service": {"kind": "profile", "profile": "collage-vm"},
    "workers": {"count": 10, "placement": "shortest-queue"},
    "policies": [
        {"kind": "hedge", "delay": "280 ms", "label": "soon"},
        {"kind": "hedge", "delay": "285 ms", "label": "later"},
    ],
}
result = strag_sim.simulate(strag_sim.load(SCENARIO))
for row in result.summary().itertuples():
    low, high = 1e3 * row.p99_low, 1e3 * row.p99_high
    print(f"{row.label}: p99 {1e3 * row.p99:.1f} ms, {low:.1f} to {high:.1f}")

p99 = strag_sim.compare(result).table().set_index("measure").loc["p99"]
print(f"later over soon: {p99.ratio:.3f}, {p99.ratio_low:.3f} to {p99.ratio_high:.3f}")
print(f"so later is {p99.verdict}")
