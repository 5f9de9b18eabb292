"""Redundancy under load against closed forms; every claim has a planted fault that fails it."""

import pytest
from against_theory import EXPONENTIAL, LIMIT, Claim, cases, simulated, z_score

from strag_sim.theory import queues, redundancy

UNIFORM = {"kind": "uniform", "low": 0.5, "high": 1.5}


def copies(
    seed, count, workers, load, *, service=EXPONENTIAL, cancel="running", placement="random"
):
    """Simulate copies at an offered load; 2,000 requests are the warm-up."""
    return simulated(
        {"kind": "replication", "copies": count},
        seed=seed,
        arrivals={"kind": "poisson", "rate": load * workers},
        service=service,
        workers={"count": workers, "placement": placement},
        cancel=cancel,
        requests=25_000,
        warm_up=2000,
    )


def both_of_two(seed, load):
    """Simulate requests that need both of two tasks, each with its own worker."""
    return simulated(
        {"kind": "lagrange", "inputs": 1, "tasks": 2, "threshold": 2},
        seed=seed,
        arrivals={"kind": "poisson", "rate": load},
        service=EXPONENTIAL,
        workers={"count": 2, "placement": "fixed"},
        requests=25_000,
        warm_up=2000,
    )


result_of = cases(
    {
        "redundancy-2-of-5-load-0.3": lambda seed: copies(seed, 2, 5, 0.3),
        "redundancy-2-of-5-load-0.6": lambda seed: copies(seed, 2, 5, 0.6),
        "redundancy-2-of-5-load-0.8": lambda seed: copies(seed, 2, 5, 0.8),
        "redundancy-3-of-10-load-0.7": lambda seed: copies(seed, 3, 10, 0.7),
        "copies-on-all-3": lambda seed: copies(seed, 3, 3, 0.7),
        "copies-on-both-uniform": lambda seed: copies(seed, 2, 2, 0.4, service=UNIFORM),
        "copies-never-cancelled": lambda seed: copies(seed, 2, 2, 0.3, cancel="never"),
        "copies-cancelled-on-start": lambda seed: copies(seed, 4, 4, 0.8, cancel="on-start"),
        "fork-join-load-0.5": lambda seed: both_of_two(seed, 0.5),
        "fork-join-load-0.8": lambda seed: both_of_two(seed, 0.8),
    }
)


def uniform_survival(times):
    """Return P(X > t) of a size uniform in [0.5, 1.5]."""
    return 1.5 - times.clip(0.5, 1.5)


def gardner(workers, count, load):
    """Return the redundancy-d mean at an offered load, with sizes of mean 1."""
    return redundancy.redundancy_d_mean(load * workers, 1.0, workers, count)


CLAIMS = [
    # planted: one copy more, one fewer, or a rate off by 3 %
    Claim("redundancy-2-of-5-load-0.3", "mean", gardner(5, 2, 0.3), gardner(5, 3, 0.3)),
    Claim("redundancy-2-of-5-load-0.6", "mean", gardner(5, 2, 0.6), gardner(5, 1, 0.6)),
    Claim("redundancy-2-of-5-load-0.8", "mean", gardner(5, 2, 0.8), gardner(5, 2, 0.824)),
    Claim("redundancy-3-of-10-load-0.7", "mean", gardner(10, 3, 0.7), gardner(10, 3, 0.721)),
    # with cancel-on-completion and exponential sizes the copies cost nothing; planted: 3 % do
    Claim("redundancy-2-of-5-load-0.6", "cost", 1.0, 1.03),
    Claim("redundancy-2-of-5-load-0.6", "utilisation", 0.6, 0.618),
    # three exponential workers in lockstep are one of three times the speed
    Claim("copies-on-all-3", "mean", queues.mm1_mean(2.1, 1 / 3), queues.mm1_mean(2.163, 1 / 3)),
    Claim(
        "copies-on-all-3",
        "p99",
        queues.mm1_quantile(0.99, 2.1, 1 / 3),
        queues.mm1_quantile(0.99, 2.205, 1 / 3),
    ),
    # planted: as if only one copy had been sent
    Claim(
        "copies-on-both-uniform",
        "mean",
        redundancy.copies_on_all_mean(0.8, uniform_survival, 2, upper=1.5),
        redundancy.copies_on_all_mean(0.8, uniform_survival, 1, upper=1.5),
    ),
    # E[min] of two uniforms is 0.5 + 1/3, on both workers
    Claim("copies-on-both-uniform", "cost", 2 * (0.5 + 1 / 3), 1.0),
    # planted: the shared arrivals are forgotten, so that T would be the least of two M/M/1
    Claim(
        "copies-never-cancelled",
        "mean",
        redundancy.two_copies_never_cancelled_mean(0.6, 1.0),
        queues.mm1_mean(0.6, 1.0) / 2,
    ),
    Claim("copies-never-cancelled", "cost", 2.0, 1.0),
    # planted: a random worker without copies; one worker more
    Claim("copies-cancelled-on-start", "mean", queues.mmc_mean(3.2, 1, 4), queues.mm1_mean(0.8, 1)),
    Claim(
        "copies-cancelled-on-start",
        "p99",
        queues.mmc_quantile(0.99, 3.2, 1, 4),
        queues.mmc_quantile(0.99, 3.2, 1, 5),
    ),
    Claim("copies-cancelled-on-start", "cost", 1.0, 2.0),
    # planted: two independent M/M/1, whose larger one has 3/2 of the mean
    Claim(
        "fork-join-load-0.5",
        "mean",
        redundancy.fork_join_of_two_mean(0.5, 1.0),
        1.5 * queues.mm1_mean(0.5, 1.0),
    ),
    Claim(
        "fork-join-load-0.8",
        "mean",
        redundancy.fork_join_of_two_mean(0.8, 1.0),
        1.5 * queues.mm1_mean(0.8, 1.0),
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
