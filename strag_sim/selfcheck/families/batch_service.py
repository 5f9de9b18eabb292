"""M/M^(1,b)/1, M/D^(1,b)/1: a worker that serves together whoever is there, at most b."""

from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import (
    DETERMINISTIC,
    EXPONENTIAL,
    NONE,
    closed,
    poisson,
    queue,
    saturated,
)
from strag_sim.theory import bulk

FAMILY = "batch-service"
MOST = 4
CHAIN = "embedded chain: n -> max(n - b, 0) + Poisson(lambda D(min(max(n, 1), b)))"
SOURCE = "Neuts 1967"
TAYLOR = "Karlin and Taylor 1975"


def checks() -> list[Check]:
    """Return the checks of batches of at most four."""
    return [
        *exponential(),
        *constant(0.0, 2.4),
        *constant(0.5, 1.0),
        *waiting(),
        *no_time_left(),
        *in_turn(),
    ]


def exponential() -> list[Check]:
    """Return the checks of exponential sizes: the whole law of responses is known."""
    rate = 0.6 * MOST
    found = bulk.markov(rate, 1.0, MOST)
    p99 = bulk.markov_quantile(0.99, rate, 1.0, MOST)
    root = "r in (0, 1): mu r^(b+1) - (lambda + mu) r + lambda = 0"
    return checks_of(
        FAMILY,
        "exponential sizes, at most 4, load 0.6",
        served("bulk", rate, 0.0, 0.6, EXPONENTIAL),
        ("mean", found.mean, f"p_0 r / (1 - r)^2 / lambda + 1 / mu, {root}"),
        ("p99", p99, "T = S, or with chance p_0 / (1 - r) S + W, W exponential, mu (1 - r^b)"),
        ("utilisation", found.busy, "p_0 / (1 - r), 1 / p_0 = mu / lambda + 1 / (1 - r)"),
        ("cost", found.busy / rate, "busy share / lambda"),
        source=SOURCE,
    )


def constant(growth: float, rate: float) -> list[Check]:
    """Return the checks of constant sizes, of which each further task adds a share."""
    times = times_of(growth)
    found = bulk.constant(rate, times)
    load = rate / bulk.saturation(times)
    return checks_of(
        FAMILY,
        f"constant sizes, growth {growth:g}, at most 4, load {load:.4g}",
        served(f"bulk constant {growth:g}", rate, growth, load, DETERMINISTIC),
        ("mean", found.mean, CHAIN),
        ("utilisation", found.busy, CHAIN),
        ("cost", found.busy / rate, "busy share / lambda"),
        source=SOURCE,
    )


def waiting() -> list[Check]:
    """Return the checks of batches that wait to fill, at workers of which some are always idle."""
    rate, wait, times = 2.0, 1.0, times_of(0.5)
    found = bulk.collected(rate, wait, times)
    workers = {"count": 30, "queue": "shared", "batch": {"max": MOST, "wait": wait, "growth": 0.5}}
    scenario = queue(
        "bulk waiting",
        poisson(rate),
        load=found.busy / 30,
        service=DETERMINISTIC,
        workers=workers,
    )
    sizes = "K = 1 + min(N(T), b - 1), N Poisson"
    return checks_of(
        FAMILY,
        "wait 1, idle workers, constant sizes, growth 0.5, at most 4",
        scenario,
        (
            "mean",
            found.mean,
            f"(sum_j (1 + j) P(N(T) > j) / lambda + E[K D(K)]) / E[K], j < b - 1, {sizes}",
        ),
        ("cost", found.busy / rate, f"E[D(K)] / E[K], {sizes}"),
        source=TAYLOR,
    )


def no_time_left() -> list[Check]:
    """Return the check of a worker whose batches are all full."""
    rate = bulk.saturation(times_of(0.25))
    name = "saturated, growth 0.25, at most 4"
    scenario = saturated(f"bulk {name}", NONE, rate=rate, workers=crew(0.25), service=EXPONENTIAL)
    return checks_of(
        FAMILY, name, scenario, ("throughput", rate, "b / (E[S] (1 + g (b - 1)))"), source=SOURCE
    )


def in_turn() -> list[Check]:
    """Return the checks of clients who ask again at once: batches of all of them, or of four."""
    few, many = (bulk.closed(count, times_of(0.5)) for count in (2, 8))
    loop: dict[str, Any] = {"workers": crew(0.5), "service": DETERMINISTIC}
    source = "Little 1961"
    return [
        *checks_of(
            FAMILY,
            "2 clients, constant sizes, growth 0.5, at most 4",
            closed("bulk 2 clients", NONE, clients=2, **loop),
            ("mean", few.mean, "D(c)"),
            ("utilisation", few.busy, "1"),
            source=source,
        ),
        *checks_of(
            FAMILY,
            "8 clients, constant sizes, growth 0.5, at most 4",
            closed("bulk 8 clients", NONE, clients=8, warm_up=8, **loop),
            ("mean", many.mean, "c D(b) / b"),
            ("throughput", 8 / many.mean, "b / D(b)"),
            source=source,
        ),
    ]


def served(
    name: str, rate: float, growth: float, load: float, service: dict[str, Any]
) -> dict[str, Any]:
    """Return Poisson arrivals at a worker that serves four at a time, and relaxes by as many."""
    arriving = poisson(rate)
    workers = crew(growth)
    return queue(name, arriving, load=load, service=service, workers=workers, variation=MOST)


def crew(growth: float) -> dict[str, Any]:
    """Return the worker."""
    return {"count": 1, "batch": {"max": MOST, "growth": growth}}


def times_of(growth: float) -> list[float]:
    """Return how long batches of 1, 2, ... take, in units of a size."""
    return [1 + growth * further for further in range(MOST)]
