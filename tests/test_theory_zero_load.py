"""Policies without queueing against closed forms; every claim has a planted fault that fails it.

Groups are 100 mean sizes apart, so that queues are empty, and requests of a group arrive together.
"""

import numpy as np
import pytest
from against_theory import (
    COLLAGE_VM,
    EXPONENTIAL,
    LIMIT,
    Claim,
    at_zero_load,
    cases,
    collage_vm,
    z_score,
)

from strag_sim.theory import groups, laws, order_statistics, redundancy

EXP = laws.exponential(1.0)
VM, VM_QUANTILE, VM_MAX = collage_vm()
DECODE = 0.02


def exponential_quantile(level):
    """Return the quantile of the exponential law of mean 1."""
    return -np.log1p(-level)


def six_of_eight(seed, service, cancel):
    """Simulate requests that need any six of eight tasks."""
    return at_zero_load(
        {"kind": "lagrange", "inputs": 1, "tasks": 8, "threshold": 6},
        seed=seed,
        groups=5000,
        service=service,
        workers={"count": 8},
        cancel=cancel,
    )


def single(seed, policy, service=EXPONENTIAL, cancel="queued"):
    """Simulate a policy whose groups are single requests, on 4 workers."""
    return at_zero_load(
        policy, seed=seed, groups=10_000, service=service, workers={"count": 4}, cancel=cancel
    )


def collage(seed, cancel, decode=DECODE):
    """Simulate a 3x3 collage that takes as long as an own task."""
    return at_zero_load(
        {"kind": "collage", "grid": 3},
        seed=seed,
        together=9,
        groups=1500,
        service=COLLAGE_VM,
        workers={"count": 10, "placement": "fixed"},
        cancel=cancel,
        decode=decode,
    )


def parity(seed, parities, inputs=2, service=EXPONENTIAL, **keys):
    """Simulate parity groups on workers enough."""
    return at_zero_load(
        {"kind": "parity", "inputs": inputs, "parities": parities},
        seed=seed,
        together=inputs,
        groups=5000,
        service=service,
        workers={"count": inputs + parities, "placement": "fixed"},
        **keys,
    )


result_of = cases(
    {
        "six-of-eight": lambda seed: six_of_eight(seed, EXPONENTIAL, "queued"),
        "six-of-eight-stopped": lambda seed: six_of_eight(seed, EXPONENTIAL, "running"),
        "six-of-eight-vm": lambda seed: six_of_eight(seed, COLLAGE_VM, "queued"),
        "six-of-eight-vm-stopped": lambda seed: six_of_eight(seed, COLLAGE_VM, "running"),
        "hedge": lambda seed: single(seed, {"kind": "hedge", "delay": 1.5}),
        "hedge-stopped": lambda seed: single(
            seed, {"kind": "hedge", "delay": 1.5}, cancel="running"
        ),
        "hedge-vm": lambda seed: single(seed, {"kind": "hedge", "delay": "p95"}, COLLAGE_VM),
        "hedge-vm-stopped": lambda seed: single(
            seed, {"kind": "hedge", "delay": "p95"}, COLLAGE_VM, "running"
        ),
        "two-hedges": lambda seed: single(seed, {"kind": "hedge", "delay": 0.5, "hedges": 2}),
        "relaunch": lambda seed: single(seed, {"kind": "relaunch", "timeout": 2.0, "attempts": 3}),
        "relaunch-vm": lambda seed: single(seed, {"kind": "relaunch", "timeout": 0.25}, COLLAGE_VM),
        "collage": lambda seed: collage(seed, "queued"),
        "collage-stopped": lambda seed: collage(seed, "running"),
        "parity": lambda seed: parity(seed, 1),
        "parity-stopped": lambda seed: parity(seed, 1, cancel="running"),
        "parity-4-2": lambda seed: parity(seed, 2, 4, COLLAGE_VM, decode=DECODE),
        "parity-4-2-stopped": lambda seed: parity(
            seed, 2, 4, COLLAGE_VM, decode=DECODE, cancel="running"
        ),
    }
)


def kth_mean(k):
    """Return the mean of the k-th of eight tasks of the collage authors' profile."""
    return laws.mean(order_statistics.survival(VM, k, 8), upper=VM_MAX)


P95 = float(VM_QUANTILE(np.array(0.95)))
VM_MEAN = laws.mean(VM, upper=VM_MAX)
HEDGE = redundancy.hedge_survival(EXP, 1.5)
HEDGE_LATE = redundancy.hedge_survival(EXP, 1.545)  # planted: a delay off by 3 %
VM_HEDGE = redundancy.hedge_survival(VM, P95)
VM_HEDGE_P90 = redundancy.hedge_survival(VM, float(VM_QUANTILE(np.array(0.90))))
RELAUNCH = redundancy.relaunch_survival(EXP, 2.0, 3)
VM_RELAUNCH = redundancy.relaunch_survival(VM, 0.25)
COLLAGE = groups.collage_survival(VM, VM, DECODE)
COLLAGE_AT_ONCE = groups.collage_survival(VM, VM)  # planted: the decode is forgotten
PARITY = groups.parity_survival(EXP, 2)
PARITY_VM = groups.parity_survival(VM, 4, 2, DECODE)

CODES = [
    # planted: the threshold is off by one
    Claim(
        "six-of-eight",
        "mean",
        order_statistics.exponential_mean(1, 6, 8),
        order_statistics.exponential_mean(1, 7, 8),
    ),
    Claim(
        "six-of-eight",
        "p99",
        order_statistics.quantile(0.99, exponential_quantile, 6, 8),
        order_statistics.quantile(0.99, exponential_quantile, 7, 8),
    ),
    Claim("six-of-eight", "cost", 8.0, 6.0),
    Claim("six-of-eight-stopped", "cost", 6.0, 7.0),
    Claim("six-of-eight-vm", "mean", kth_mean(6), kth_mean(7)),
    Claim(
        "six-of-eight-vm",
        "p50",
        order_statistics.quantile(0.5, VM_QUANTILE, 6, 8),
        order_statistics.quantile(0.5, VM_QUANTILE, 7, 8),
    ),
    Claim(
        "six-of-eight-vm",
        "p99",
        order_statistics.quantile(0.99, VM_QUANTILE, 6, 8),
        order_statistics.quantile(0.99, VM_QUANTILE, 5, 8),
    ),
    Claim(
        "six-of-eight-vm-stopped",
        "cost",
        order_statistics.cost(VM, 6, 8, upper=VM_MAX),
        order_statistics.cost(VM, 7, 8, upper=VM_MAX),
    ),
]
COPIES = [
    # below the delay nothing has happened yet: P(T > t) = exp(-t)
    Claim("hedge", "p50", np.log(2), np.log(2) * 1.03),
    Claim("hedge", "p90", laws.quantile(HEDGE, 0.90), laws.quantile(HEDGE_LATE, 0.90)),
    Claim("hedge", "p99", laws.quantile(HEDGE, 0.99), laws.quantile(HEDGE, 0.987)),
    Claim("hedge", "cost", 1 + np.exp(-1.5), 1 + np.exp(-1.6)),
    # a hedge costs nothing with exponential sizes and cancel-on-completion; planted: 3 % more
    Claim("hedge-stopped", "cost", redundancy.hedge_cost(EXP, 1.5, upper=60.0), 1.03),
    Claim("hedge-vm", "p99", laws.quantile(VM_HEDGE, 0.99), laws.quantile(VM_HEDGE_P90, 0.99)),
    Claim("hedge-vm", "cost", VM_MEAN * 1.05, VM_MEAN * 1.10),
    Claim("hedge-vm-stopped", "cost", redundancy.hedge_cost(VM, P95, upper=VM_MAX), VM_MEAN * 1.05),
    Claim(
        "two-hedges",
        "mean",
        laws.mean(redundancy.hedge_survival(EXP, 0.5, 2)),
        laws.mean(redundancy.hedge_survival(EXP, 0.5, 1)),
    ),
    Claim(
        "two-hedges",
        "cost",
        1 + redundancy.hedges_sent(EXP, 0.5, 2),
        1 + 2 * redundancy.hedges_sent(EXP, 0.5, 1),
    ),
    # exponential sizes have no memory: relaunching changes nothing; planted: 3 % more
    Claim("relaunch", "mean", redundancy.relaunch_mean(EXP, 2.0, 3, upper=60.0), 1.03),
    Claim("relaunch", "p99", laws.quantile(RELAUNCH, 0.99), laws.quantile(RELAUNCH, 0.987)),
    Claim(
        "relaunch-vm",
        "mean",
        redundancy.relaunch_mean(VM, 0.25, upper=VM_MAX),
        VM_MEAN,
    ),
    Claim(
        "relaunch-vm",
        "cost",
        redundancy.relaunch_mean(VM, 0.25, upper=VM_MAX),
        VM_MEAN,
    ),
    Claim(
        "relaunch-vm", "p99", laws.quantile(VM_RELAUNCH, 0.99), float(VM_QUANTILE(np.array(0.99)))
    ),
]
GROUPS = [
    Claim("collage", "mean", laws.mean(COLLAGE, upper=VM_MAX), VM_MEAN),
    Claim("collage", "p99", laws.quantile(COLLAGE, 0.99), laws.quantile(COLLAGE_AT_ONCE, 0.99)),
    Claim("collage", "straggled", groups.collage_answers(VM, VM_QUANTILE, DECODE), 0.5),
    Claim(
        "collage",
        "cost",
        groups.collage_cost(VM, VM, requests=9, upper=VM_MAX, decode=DECODE),
        groups.collage_cost(VM, VM, requests=3, upper=VM_MAX, decode=DECODE),
    ),
    # planted: a collage that is not stopped when all own tasks are done
    Claim(
        "collage-stopped",
        "cost",
        groups.collage_cost(VM, VM, requests=9, upper=VM_MAX, decode=DECODE, cancel="running"),
        laws.mean(COLLAGE, upper=VM_MAX) + VM_MEAN / 9,
    ),
    # planted: the decode is forgotten
    Claim(
        "collage-stopped",
        "straggled",
        groups.collage_answers(VM, VM_QUANTILE, DECODE),
        groups.collage_answers(VM, VM_QUANTILE),
    ),
    Claim("parity", "mean", 2 / 3, laws.mean(groups.parity_survival(EXP, 2, 2))),
    Claim("parity", "p99", laws.quantile(PARITY, 0.99), laws.quantile(PARITY, 0.987)),
    Claim("parity", "cost", 1.5, 1.0),
    # exponential sizes with all stopped at the second of three cost 2 a group; planted: T + P / 2
    Claim("parity-stopped", "cost", groups.parity_cost(EXP, 2, upper=60.0), 7 / 6),
    Claim(
        "parity-4-2",
        "p99",
        laws.quantile(PARITY_VM, 0.99),
        laws.quantile(groups.parity_survival(VM, 4, 1, DECODE), 0.99),
    ),
    Claim(
        "parity-4-2-stopped",
        "cost",
        groups.parity_cost(VM, 4, 2, upper=VM_MAX + DECODE, decode=DECODE),
        VM_MEAN * 1.5,
    ),
]
CLAIMS = CODES + COPIES + GROUPS


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
