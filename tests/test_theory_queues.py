"""Queues without redundancy against closed forms; every claim has a planted fault that fails it."""

import pytest
from against_theory import EXPONENTIAL, LIMIT, Claim, cases, simulated, z_score

from strag_sim.theory import queues

NONE = {"kind": "none"}
ONE = {"count": 1}


def poisson(rate):
    """Return Poisson arrivals."""
    return {"kind": "poisson", "rate": rate}


def open_queue(seed, rate, service, workers, requests=25_000):
    """Simulate requests without redundancy; 2,000 of them are the warm-up."""
    return simulated(
        NONE,
        seed=seed,
        arrivals=poisson(rate),
        service=service,
        workers=workers,
        requests=requests,
        warm_up=2000,
    )


result_of = cases(
    {
        "mm1": lambda seed: open_queue(seed, 0.7, EXPONENTIAL, ONE),
        "mm1-at-offered-load": lambda seed: simulated(
            NONE,
            seed=seed,
            arrivals={"kind": "poisson", "offered_load": 0.7},
            service={"kind": "exponential", "mean": "20 ms"},
            workers={"count": 3, "placement": "random"},
            requests=25_000,
            warm_up=3000,
        ),
        "mm1-fast": lambda seed: open_queue(
            seed, 1.4, EXPONENTIAL, {"groups": [{"count": 1, "speed": 2.0}]}
        ),
        "mm4-shared": lambda seed: open_queue(
            seed, 3.2, EXPONENTIAL, {"count": 4, "queue": "shared"}
        ),
        "mm4-slots": lambda seed: open_queue(
            seed, 3.2, EXPONENTIAL, {"groups": [{"count": 1, "slots": 4}]}
        ),
        "md1": lambda seed: open_queue(seed, 0.8, {"kind": "deterministic", "value": 1.0}, ONE),
        "mg1-uniform": lambda seed: open_queue(
            seed, 0.8, {"kind": "uniform", "low": 0.5, "high": 1.5}, ONE
        ),
        "mg1-hyperexponential": lambda seed: open_queue(
            seed, 0.6, {"kind": "hyperexponential", "means": [0.5, 3.0], "weights": [0.8, 0.2]}, ONE
        ),
        "mg1-gamma": lambda seed: open_queue(
            seed, 0.7, {"kind": "gamma", "mean": 1.0, "cv": 0.7}, ONE
        ),
        "mg1-lognormal": lambda seed: open_queue(
            seed, 0.6, {"kind": "lognormal", "mean": 1.0, "cv": 1.2}, ONE
        ),
        "round-robin-2": lambda seed: open_queue(
            seed, 1.6, EXPONENTIAL, {"count": 2, "placement": "round-robin"}
        ),
        "round-robin-5": lambda seed: open_queue(
            seed, 4.0, EXPONENTIAL, {"count": 5, "placement": "round-robin"}
        ),
    }
)

CLAIMS = [
    # planted: the rate is off by 3 %
    Claim("mm1", "mean", queues.mm1_mean(0.7, 1), queues.mm1_mean(0.721, 1)),
    Claim("mm1", "p50", queues.mm1_quantile(0.5, 0.7, 1), queues.mm1_quantile(0.5, 0.721, 1)),
    Claim("mm1", "p99", queues.mm1_quantile(0.99, 0.7, 1), queues.mm1_quantile(0.99, 0.721, 1)),
    Claim("mm1", "utilisation", 0.7, 0.721),
    Claim("mm1", "cost", 1.0, 1.03),
    # planted: the rate of all three workers at one of them (unstable), so of two; here 3 % off
    Claim("mm1-at-offered-load", "mean", 0.02 / 0.3, 0.02 / (1 - 0.721)),
    Claim("mm1-at-offered-load", "utilisation", 0.7, 0.721),
    # planted: the speed multiplies, E[S] = 2, which would be unstable; here a speed of 1.97
    Claim("mm1-fast", "mean", queues.mm1_mean(1.4, 0.5), queues.mm1_mean(1.4, 1 / 1.94)),
    # planted: one slot more, as if the master served too
    Claim("mm4-shared", "mean", queues.mmc_mean(3.2, 1, 4), queues.mmc_mean(3.2, 1, 5)),
    Claim(
        "mm4-shared",
        "p99",
        queues.mmc_quantile(0.99, 3.2, 1, 4),
        queues.mmc_quantile(0.99, 3.2, 1, 5),
    ),
    Claim("mm4-shared", "utilisation", 0.8, 0.64),
    Claim("mm4-slots", "mean", queues.mmc_mean(3.2, 1, 4), queues.mmc_mean(3.2, 1, 5)),
    Claim(
        "mm4-slots",
        "p99",
        queues.mmc_quantile(0.99, 3.2, 1, 4),
        queues.mmc_quantile(0.99, 3.2, 1, 5),
    ),
    Claim("mm4-slots", "utilisation", 0.8, 3.2),
    # planted: the second moment of another law of the same mean
    Claim("md1", "mean", queues.md1_mean(0.8, 1), queues.mg1_mean(0.8, 1, 1 + 1 / 12)),
    Claim("md1", "utilisation", 0.8, 0.824),
    Claim("mg1-uniform", "mean", queues.mg1_mean(0.8, 1, 1 + 1 / 12), queues.md1_mean(0.8, 1)),
    Claim(
        "mg1-hyperexponential",
        "mean",
        queues.mg1_mean(0.6, 1, 0.8 * 2 * 0.25 + 0.2 * 2 * 9),
        queues.mm1_mean(0.6, 1),
    ),
    Claim("mg1-gamma", "mean", queues.mg1_mean(0.7, 1, 1.49), queues.mm1_mean(0.7, 1)),
    Claim("mg1-lognormal", "mean", queues.mg1_mean(0.6, 1, 2.44), queues.mm1_mean(0.6, 1)),
    # planted: the workers are chosen at random
    Claim("round-robin-2", "mean", queues.round_robin_mean(1.6, 1, 2), queues.mm1_mean(0.8, 1)),
    Claim(
        "round-robin-2",
        "p99",
        queues.round_robin_quantile(0.99, 1.6, 1, 2),
        queues.mm1_quantile(0.99, 0.8, 1),
    ),
    Claim(
        "round-robin-5",
        "mean",
        queues.round_robin_mean(4, 1, 5),
        queues.round_robin_mean(4, 1, 4.5),
    ),
    Claim(
        "round-robin-5",
        "p99",
        queues.round_robin_quantile(0.99, 4, 1, 5),
        queues.mm1_quantile(0.99, 0.8, 1),
    ),
]


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_the_simulation_agrees_with_theory(claim):
    """|z| <= 4: a false alarm has probability 6e-5."""
    z = z_score(result_of(claim.case), claim.measure, claim.expected)

    print(f"{claim}: z = {z:+.2f}")
    assert abs(z) <= LIMIT


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_a_planted_fault_is_found(claim):
    """The number that the fault would give lies outside."""
    z = z_score(result_of(claim.case), claim.measure, claim.planted)

    print(f"{claim}: z = {z:+.2f}")
    assert abs(z) > LIMIT


def test_a_fault_in_the_scenario_is_found():
    """The other way round: the simulated rate is off by 3 %, the theory is right."""
    result = open_queue(1, 0.721, EXPONENTIAL, ONE)

    assert abs(z_score(result, "mean", queues.mm1_mean(0.7, 1))) > LIMIT
    assert abs(z_score(result, "utilisation", 0.7)) > LIMIT
