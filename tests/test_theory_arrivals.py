"""Queues with other than Poisson arrivals against closed forms; every claim has a planted fault."""

import math

import pytest
from against_theory import EXPONENTIAL, LIMIT, Claim, cases, simulated, z_score

from strag_sim.theory import arrivals, queues

STATES = [{"rate": 1.5, "dwell": "10 s"}, {"rate": 0.2, "dwell": 20.0}]
RATES, DWELLS = (1.5, 0.2), (10.0, 20.0)
MEAN_RATE = (1.5 * 10 + 0.2 * 20) / 30
WEIBULL_CV = math.sqrt(5)  # of shape 1/2


def queue(seed, requests=25_000, workers=1, service=EXPONENTIAL, warm_up=2000, **given):
    """Simulate requests without redundancy."""
    return simulated(
        {"kind": "none"},
        seed=seed,
        arrivals=given,
        service=service,
        workers={"count": workers},
        requests=requests,
        warm_up=warm_up,
    )


result_of = cases(
    {
        "gamma-bursty": lambda seed: queue(seed, kind="gamma", rate=0.6, cv=2.0),
        "gamma-calm": lambda seed: queue(seed, kind="gamma", rate=0.8, cv=0.5),
        "gamma-at-offered-load": lambda seed: queue(seed, kind="gamma", offered_load=0.7, cv=1.5),
        "weibull": lambda seed: queue(seed, kind="weibull", rate=0.5, cv=WEIBULL_CV),
        "batches": lambda seed: queue(seed, kind="poisson", rate=0.2, batch=3),
        "batches-of-one-size": lambda seed: queue(
            seed, kind="poisson", rate=0.2, batch=3, service={"kind": "deterministic", "value": 1}
        ),
        "batches-at-offered-load": lambda seed: queue(
            seed, kind="poisson", offered_load=0.6, batch=3
        ),
        "mmpp": lambda seed: queue(seed, kind="mmpp", states=STATES, requests=50_000),
        "mmpp-at-offered-load": lambda seed: queue(
            seed, kind="mmpp", states=STATES, offered_load=0.5, requests=50_000
        ),
    }
)

GAMMA_BURSTY = arrivals.gamma_gaps(0.6, 2.0)
GAMMA_CALM = arrivals.gamma_gaps(0.8, 0.5)
GAMMA_AT_LOAD = arrivals.gamma_gaps(0.7, 1.5)
WEIBULL = arrivals.weibull_gaps(0.5, 0.5)
SCALED = [rate * 0.5 / MEAN_RATE for rate in RATES]

CLAIMS = [
    # planted: cv is taken for cv^2; then the gaps of another law of the same mean and cv
    Claim(
        "gamma-bursty",
        "mean",
        arrivals.gim1_mean(GAMMA_BURSTY, 1),
        arrivals.gim1_mean(arrivals.gamma_gaps(0.6, math.sqrt(2.0)), 1),
    ),
    Claim(
        "gamma-bursty",
        "p99",
        arrivals.gim1_quantile(0.99, GAMMA_BURSTY, 1),
        arrivals.gim1_quantile(0.99, arrivals.gamma_gaps(0.6, math.sqrt(2.0)), 1),
    ),
    Claim("gamma-bursty", "utilisation", 0.6, 0.63),
    Claim(
        "gamma-calm",
        "mean",
        arrivals.gim1_mean(GAMMA_CALM, 1),
        arrivals.gim1_mean(arrivals.gamma_gaps(0.8, math.sqrt(0.5)), 1),
    ),
    Claim(
        "gamma-calm", "p99", arrivals.gim1_quantile(0.99, GAMMA_CALM, 1), queues.mm1_mean(0.8, 1)
    ),
    Claim(
        "gamma-at-offered-load",
        "mean",
        arrivals.gim1_mean(GAMMA_AT_LOAD, 1),
        queues.mm1_mean(0.7, 1),
    ),
    Claim(
        "weibull",
        "mean",
        arrivals.gim1_mean(WEIBULL, 1),
        arrivals.gim1_mean(arrivals.gamma_gaps(0.5, WEIBULL_CV), 1),
    ),
    Claim(
        "weibull",
        "p99",
        arrivals.gim1_quantile(0.99, WEIBULL, 1),
        arrivals.gim1_quantile(0.99, arrivals.gamma_gaps(0.5, WEIBULL_CV), 1),
    ),
    # planted: one by one at the rate of requests; then the load counts batches
    Claim("batches", "mean", arrivals.batch_mg1_mean(0.2, 3, 1, 2), queues.mm1_mean(0.6, 1)),
    Claim("batches", "utilisation", 0.6, 0.2),
    Claim(
        "batches-of-one-size",
        "mean",
        arrivals.batch_mg1_mean(0.2, 3, 1, 1),
        arrivals.batch_mg1_mean(0.2, 3, 1, 2),
    ),
    Claim(
        "batches-at-offered-load",
        "mean",
        arrivals.batch_mg1_mean(0.2, 3, 1, 2),
        arrivals.batch_mg1_mean(0.2, 2, 1, 2),
    ),
    Claim("batches-at-offered-load", "utilisation", 0.6, 0.2),
    # planted: dwells half as long; swapped; rates that are not scaled to the load
    Claim(
        "mmpp",
        "mean",
        arrivals.mmpp_m1_mean(RATES, DWELLS, 1),
        arrivals.mmpp_m1_mean(RATES, [d / 2 for d in DWELLS], 1),
    ),
    Claim("mmpp", "utilisation", MEAN_RATE, (1.5 * 20 + 0.2 * 10) / 30),
    Claim(
        "mmpp-at-offered-load",
        "mean",
        arrivals.mmpp_m1_mean(SCALED, DWELLS, 1),
        arrivals.mmpp_m1_mean(RATES, DWELLS, 1),
    ),
    Claim("mmpp-at-offered-load", "utilisation", 0.5, MEAN_RATE),
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


@pytest.mark.parametrize(
    ("case", "load"),
    [
        ("gamma-at-offered-load", 0.7),
        ("batches", 0.6),
        ("batches-at-offered-load", 0.6),
        ("mmpp", MEAN_RATE),
        ("mmpp-at-offered-load", 0.5),
    ],
)
def test_the_offered_load_counts_requests(case, load):
    """The column is the mean rate of requests, whatever the scenario gives."""
    assert result_of(case).summary()["offered_load"][0] == pytest.approx(load)
