"""Arrivals that come in bursts: gamma gaps, and a rate that changes by itself."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import queue
from strag_sim.theory import arrivals

CV, RATE = 2.0, 0.6
RATES, DWELLS = (1.2, 0.2), (10.0, 20.0)


def checks() -> list[Check]:
    """Return the checks of GI/M/1, whose responses are exponential, and of MMPP/M/1."""
    gaps = arrivals.gamma_gaps(RATE, CV)
    bursts = {"kind": "gamma", "rate": RATE, "cv": CV}
    states = [{"rate": r, "dwell": d} for r, d in zip(RATES, DWELLS, strict=True)]
    load = sum(r * d for r, d in zip(RATES, DWELLS, strict=True)) / sum(DWELLS)
    return [
        *checks_of(
            "bursty",
            f"GI/M/1, gamma gaps, cv {CV:g}, load {RATE}",
            queue("bursty gamma", bursts, load=RATE, variation=(CV**2 + 1) / 2),
            ("mean", arrivals.gim1_mean(gaps, 1), "1 / (mu (1 - s)), s = A*(mu (1 - s))"),
            ("p99", arrivals.gim1_quantile(0.99, gaps, 1), "ln 100 E[T]"),
            source="Kleinrock 1975",
        ),
        *checks_of(
            "bursty",
            f"MMPP/M/1, two states, load {load:.2g}",
            queue("bursty mmpp", {"kind": "mmpp", "states": states}, load=load, variation=10),
            (
                "mean",
                arrivals.mmpp_m1_mean(RATES, DWELLS, 1),
                "pi_n = pi_0 R^n, L + R (Q - L - mu I) + mu R^2 = 0",
            ),
            ("utilisation", load, "mean rate / mu"),
            source="Neuts 1981",
        ),
    ]
