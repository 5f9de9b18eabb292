"""Scenarios whose answers are known: mean sizes of 1 s, and lengths at which noise is what is left.

A queue that starts empty is below its level for some relaxation times, 1 / (mu (1 - sqrt(rho))^2)
for M/M/1 (Morse 1955, Stochastic properties of waiting lines, Operations Research 3). Measuring
begins after ten of them, when exp(-10), less than 1e-4, of the distance is left: 1e-4 of a mean,
far below its standard error. A run ends when all is answered, so that nothing is cut off there.
"""

import math
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from strag_sim.distributions.profile import Profile
from strag_sim.theory import laws

Scenario = dict[str, Any]

RUNS = 40
REQUESTS = 200_000  # of a queue, a run
GROUPS = 20_000  # that meet no others, a run
INTERVAL = 100.0  # between them; an exponential size of mean 1 exceeds it never
RELAXATIONS = 10

EXPONENTIAL = {"kind": "exponential", "mean": 1.0}
DETERMINISTIC = {"kind": "deterministic", "value": 1.0}
UNIFORM = {"kind": "uniform", "low": 0.5, "high": 1.5}
COLLAGE_VM = {"kind": "profile", "profile": "collage-vm"}
NONE = {"kind": "none"}


def queue(
    name: str,
    arrivals: Mapping[str, Any],
    *,
    load: float,
    policy: Mapping[str, Any] = NONE,
    service: Mapping[str, Any] = EXPONENTIAL,
    workers: Mapping[str, Any] | None = None,
    variation: float = 1.0,
    requests: int = REQUESTS,
    **keys: Any,
) -> Scenario:
    """Return requests that wait for each other, at a load of each slot below 1.

    In a relaxation time of so many seconds at most as many requests come to a slot.
    ``variation`` is how many times longer than that of M/M/1 the relaxation is, (ca^2 + cs^2) / 2
    for gaps and sizes with these coefficients of variation; less than 1 counts as 1.
    """
    crew = dict(workers or {"count": 1})
    slots = sum(g["count"] * g.get("slots", 1) for g in crew.get("groups", [crew]))
    relaxation = max(1.0, variation) / (1 - math.sqrt(load)) ** 2
    return _scenario(
        name,
        policy,
        arrivals=dict(arrivals),
        service=dict(service),
        workers=crew,
        requests=requests,
        warm_up=math.ceil(RELAXATIONS * relaxation * slots),
        **keys,
    )


def poisson(rate: float, **keys: Any) -> Scenario:
    """Return Poisson arrivals."""
    return {"kind": "poisson", "rate": rate, **keys}


def apart(
    name: str,
    policy: Mapping[str, Any],
    *,
    workers: int,
    together: int = 1,
    service: Mapping[str, Any] = EXPONENTIAL,
    placement: str = "random",
    count: int = GROUPS,
    **keys: Any,
) -> Scenario:
    """Return ``count`` groups whose requests arrive together, so far apart that they never meet."""
    return _scenario(
        name,
        policy,
        arrivals={"kind": "deterministic", "interval": INTERVAL, "batch": together},
        service=dict(service),
        workers={"count": workers, "placement": placement},
        requests=count * together,
        **keys,
    )


def on_devices(
    name: str,
    policy: Mapping[str, Any],
    *,
    models: Mapping[str, Mapping[str, Any]],
    devices: Sequence[Mapping[str, Any]],
    arrivals: Mapping[str, Any] | None = None,
    requests: int = GROUPS,
    **keys: Any,
) -> Scenario:
    """Return requests to models on devices by laws; so far apart that they never meet, if alone."""
    return _scenario(
        name,
        policy,
        arrivals=dict(arrivals or {"kind": "deterministic", "interval": INTERVAL}),
        models={name: {"service": dict(law), "memory": 1} for name, law in models.items()},
        devices=[{"memory": 10**9, **device} for device in devices],
        requests=requests,
        **keys,
    )


def saturated(
    name: str,
    policy: Mapping[str, Any],
    *,
    rate: float,
    workers: Mapping[str, Any],
    service: Mapping[str, Any] = EXPONENTIAL,
    **keys: Any,
) -> Scenario:
    """Return requests that come half as fast again as they can be answered, at ``rate``."""
    return _scenario(
        name,
        policy,
        arrivals=poisson(1.5 * rate),
        service=dict(service),
        workers=dict(workers),
        requests=REQUESTS // 4,  # all of which are recorded
        **keys,
    )


def closed(
    name: str,
    policy: Mapping[str, Any],
    *,
    workers: Mapping[str, Any],
    clients: int = 1,
    **keys: Any,
) -> Scenario:
    """Return clients who each send the next request when the last one is answered."""
    return _scenario(
        name,
        policy,
        arrivals={"kind": "closed", "clients": clients},
        workers=dict(workers),
        requests=GROUPS,
        **keys,
    )


def _scenario(name: str, policy: Mapping[str, Any], **keys: Any) -> Scenario:
    """Return a scenario with one policy, and a seed of its own that its name decides."""
    seed = zlib.crc32(name.encode())
    return {"name": name, "seed": seed, "runs": RUNS, "policies": [dict(policy)], **keys}


def uniform_survival(times: laws.FloatArray) -> laws.FloatArray:
    """Return P(X > t) of `UNIFORM`."""
    return 1.5 - np.clip(times, 0.5, 1.5)


@cache
def collage_vm() -> tuple[laws.Survival, laws.Quantile, float]:
    """Return the survival and quantile functions of `COLLAGE_VM`, and its largest value."""
    law = Profile(profile="collage-vm")
    return laws.from_quantile(law.quantile), law.quantile, float(law.quantile(np.array(1.0)))
