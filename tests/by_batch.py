"""Profiles of a model that was measured by batch size, made up for tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from strag_sim import profiles
from strag_sim.measurements import quantile_table

LAW = ("n", "mean", "std", "levels", "values")
DEVICE = "Imaginary CPU @ 2 GHz"


def point(batch: int, concurrency: int = 1, n: int = 400, **keys: Any) -> dict[str, Any]:
    """Return a point, in ms: calls of about 10 ms and 2 more a request, slower when not alone."""
    rng = np.random.default_rng((batch, concurrency, n))
    times = (8 + 2 * batch) * concurrency * rng.lognormal(0, 0.2, n)
    return {
        "batch": batch,
        "concurrency": concurrency,
        "load": "closed",
        **quantile_table(times),
        "throughput": 1000 * concurrency * batch / float(times.mean()),
        "autocorrelation": 0.01,
        "effective": 390.5,
        **keys,
    }


def content(*points: dict[str, Any], device: str | None = DEVICE, **keys: Any) -> dict[str, Any]:
    """Return what a profile file holds of some points, in ms."""
    environment = {
        "environment": {"device": device, "torch": "2.13", "tf32": False, "driver": None}
    }
    return {
        "name": "made-up",
        "description": "A model that nobody ran.",
        "source": "This test.",
        "licence": "None.",
        "unit": "ms",
        **{key: points[0][key] for key in LAW},
        **(environment if device is not None else {}),
        "points": list(points),
        **keys,
    }


def write(path: Path, *points: dict[str, Any], device: str | None = DEVICE, **keys: Any) -> str:
    """Write a profile, and return its path as a scenario has it."""
    made: Mapping[str, Any] = content(*points, device=device, **keys)
    profiles.write(path, made)
    return str(path)
