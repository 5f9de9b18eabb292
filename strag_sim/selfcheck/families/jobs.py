"""Requests of several segments, and members that share a device, with queues and without."""

import math
from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import (
    DETERMINISTIC,
    EXPONENTIAL,
    NONE,
    RELAXATIONS,
    REQUESTS,
    Scenario,
    on_devices,
    poisson,
    queue,
)
from strag_sim.theory import ensembles, inversion, jobs, laws, queues, redundancy

ONE = {"kind": "ensemble", "members": ["model"]}
BOTH = {"kind": "ensemble", "members": ["first", "second"]}
FIRST, SECOND, FACTOR = 1.0, 0.5, 1.6
MODELS = {
    "first": {"kind": "exponential", "mean": FIRST},
    "second": {"kind": "exponential", "mean": SECOND},
}
SEGMENTS, SERVERS = 6, 3
JOB = {"samples": SEGMENTS, "segment": 1}
GROWTH, BATCH, LOAD = 0.5, 4, 0.6
BY_STAGES = "inverse of prod_i 1 / (1 + s m_i)"
STAGES = "David and Nagaraja 2003"


def checks() -> list[Check]:
    """Return the checks without queueing, those under load, and the books of both."""
    return [*apart(), *sharing(), *under_load(), *in_order(), *books()]


def apart() -> list[Check]:
    """Return the checks of a job on one instance, and on several that share its segments."""
    found = []
    for servers in (1, SERVERS):
        means = jobs.stages(1.0, SEGMENTS, servers)
        found += checks_of(
            "jobs",
            f"a job of {SEGMENTS} segments, instances: {servers}",
            on_devices(
                f"job on {servers}",
                {**ONE, "allocation": [[1]] * servers},
                models={"model": EXPONENTIAL},
                devices=[{"count": servers}],
                job=JOB,
            ),
            ("mean", sum(means), "sum_i 1 / (mu min(k, i)), i segments left"),
            ("p99", quantile(inversion.stages(means)), BY_STAGES),
            ("cost", SEGMENTS, "S / mu"),
            source=STAGES,
        )
    return found


def sharing() -> list[Check]:
    """Return the checks of two members on a device, one after the other and side by side."""
    slowed = [laws.exponential(FIRST), laws.exponential(FACTOR * SECOND)]
    last = ensembles.quorum_survival(slowed, 2)
    return [
        *checks_of(
            "jobs",
            "two members, a device of one slot",
            on_devices("one slot", BOTH, models=MODELS, devices=[{}]),
            ("mean", FIRST + SECOND, "E[X] + E[Y]"),
            ("p99", quantile(inversion.stages([FIRST, SECOND])), BY_STAGES),
            source=STAGES,
        ),
        *checks_of(
            "jobs",
            "two members, a device of two slots",
            on_devices("two slots", BOTH, models=MODELS, devices=[{"interference": [1, FACTOR]}]),
            (
                "mean",
                FIRST + FACTOR * SECOND - 1 / (1 / FIRST + 1 / (FACTOR * SECOND)),
                "E[max(X, f Y)] = a + f b - 1 / (1 / a + 1 / (f b))",
            ),
            ("p99", laws.quantile(last, 0.99), "1 - (1 - e^(-t/a)) (1 - e^(-t/(f b)))"),
            ("cost", FIRST + FACTOR * SECOND, "a + f b"),
            source=STAGES,
        ),
    ]


def under_load() -> list[Check]:
    """Return the checks of Poisson jobs: of segments, of a batch of samples, of two members."""
    both = {"first": EXPONENTIAL, "second": EXPONENTIAL}
    return [
        *of_segments(),
        *of_samples(),
        *checks_of(
            "jobs",
            f"both of 2 models, load {LOAD}",
            loaded("both", BOTH, LOAD, both),
            (
                "mean",
                redundancy.fork_join_of_two_mean(LOAD, 1),
                "(12 - rho) / (8 (mu - lambda))",
            ),
            source="Flatto and Hahn 1984",
        ),
    ]


def of_segments() -> list[Check]:
    """Return the checks of jobs that queue for one instance, segment by segment."""
    rate, size = LOAD / SEGMENTS, inversion.stages(jobs.stages(1.0, SEGMENTS, 1))
    return checks_of(
        "jobs",
        f"Poisson jobs of {SEGMENTS} segments, load {LOAD}",
        loaded("jobs", ONE, rate, {"model": EXPONENTIAL}, job=JOB),
        (
            "mean",
            queues.mg1_mean(rate, SEGMENTS, SEGMENTS + SEGMENTS**2),
            "M/G/1, S Erlang: the last of M^[b]/M/1",
        ),
        (
            "p99",
            quantile(inversion.mg1_response(rate, size, SEGMENTS)),
            "inverse of W*(s) S*(s)^b",
        ),
        source="Chaudhry and Templeton 1983; Kleinrock 1975",
    )


def of_samples() -> list[Check]:
    """Return the check of segments that an instance computes in one batch each."""
    size = 1 + GROWTH * (BATCH - 1)
    policy = {**ONE, "batch": {"max": BATCH, "growth": GROWTH}}
    return checks_of(
        "jobs",
        f"segments of {BATCH} samples in batches of {BATCH}, load {LOAD}",
        loaded(
            "batches of samples",
            policy,
            LOAD / size,
            {"model": DETERMINISTIC},
            job={"samples": BATCH},
        ),
        (
            "mean",
            queues.mg1_mean(LOAD / size, size, size**2),
            "M/D/1, D = E[S] (1 + growth (b - 1))",
        ),
        source="Erlang 1909; Kleinrock 1975",
    )


def in_order() -> list[Check]:
    """Return the checks of answers that leave in order, from workers so many that none queues."""
    rate, workers = 2.0, 40  # more than so many at once come once in 10^30
    kept = jobs.in_order_survival(rate, 1.0)
    return checks_of(
        "jobs",
        "answers leave in order, no queueing",
        queue(
            "in order",
            poisson(rate),
            load=rate / workers,
            policy=NONE,
            workers={"count": workers, "queue": "shared"},
            requests=REQUESTS // 2,
            job={"in_order": True},
        ),
        ("mean", laws.mean(kept, upper=60.0), "int 1 - F(t) exp(-lambda E[S] e^(-mu t))"),
        ("p99", laws.quantile(kept, 0.99), "1 - F(t) exp(-lambda E[S] e^(-mu t))"),
        source="Harrus and Plateau 1982",
    )


def books() -> list[Check]:
    """Return the identities of jobs on devices, with a deadline, copies and interference."""
    policy = {
        **BOTH,
        "allocation": [[2, 1], [2, 0]],
        "batch": {"growth": GROWTH},
        "deadline": 4.0,
        "copies": {"first": 2},
    }
    scenario = loaded(
        "books of jobs",
        policy,
        0.1,
        MODELS,
        devices=[{"count": 2, "interference": [1, FACTOR]}],
        job={"samples": 4, "segment": 1},
        cancel="running",
    )
    return checks_of(
        "jobs",
        "books of jobs on devices",
        {**scenario, "runs": 5, "requests": 4000, "warm_up": 240},
        ("L", math.nan, "L = lambda W, L from the merged arrivals and answers"),
        ("utilisation of tasks", math.nan, "busy time of all tasks / (slots x time)"),
        ("cost of tasks", math.nan, "busy time of the measured tasks / requests"),
        source="Little 1961",
    )


def loaded(
    name: str,
    policy: Scenario,
    rate: float,
    models: Scenario,
    *,
    devices: list[Scenario] | None = None,
    **keys: Any,
) -> Scenario:
    """Return Poisson requests at a load of `LOAD` or less; a device a model if none are given.

    The sizes of whole requests vary by no more than exponential ones.
    """
    return on_devices(
        name,
        policy,
        models=models,
        devices=devices or [{"count": len(models)}],
        arrivals=poisson(rate),
        requests=REQUESTS // 2,
        warm_up=math.ceil(RELAXATIONS / (1 - math.sqrt(LOAD)) ** 2),
        **keys,
    )


def quantile(transform: inversion.Transform) -> float:
    """Return the p99 of a law by its transform."""
    return laws.quantile(inversion.survival(transform), 0.99)
