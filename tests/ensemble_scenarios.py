"""Scenarios of ensembles, as users write them."""

from copy import deepcopy
from typing import Any

DEVICES = {
    "requests": 50,
    "runs": 2,
    "arrivals": {"kind": "poisson", "rate": 5},
    "devices": [
        {"count": 2, "memory": "8 GiB"},
        {"memory": "16 GB", "kind": "cpu", "speed": 0.5, "interference": [1, 1.5]},
        {"memory": 1e9, "slots": 2},
    ],
    "job": {"samples": 8, "segment": 4, "in_order": True},
    "models": {
        "red": {
            "service": {"kind": "exponential", "mean": "10 ms"},
            "memory": "1 GB",
            "memory_per_sample": "1 MB",
        },
        "blue": {
            "service": {"kind": "exponential", "mean": "5 ms"},
            "memory": 2e9,
            "accuracy": 0.7,
        },
    },
    "policies": [
        {"kind": "ensemble", "members": ["red", "blue"], "batch": {"max": 4, "growth": 0.5}},
        {
            "kind": "ensemble",
            "members": ["blue", "red"],
            "allocation": [[8, 0], [0, 8], [4, 4], [0, 0]],
            "quorum": 1,
            "deadline": "20 ms",
            "combiner": "majority",
            "copies": {"red": 2},
            "hedges": {"blue": "10 ms", "red": "p95"},
            "queue": "per-worker",
            "placement": "two-choices",
        },
        {"kind": "none"},
    ],
}


def devices(**changes: Any) -> dict[str, Any]:
    """Return the scenario of devices with values put at dotted paths; "DROP" drops a key."""
    document: dict[str, Any] = deepcopy(DEVICES)
    for path, value in changes.items():
        put(document, tuple(path.split("__")), value)
    return document


def put(document: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Put a value at a path of a document; "DROP" drops what is there."""
    *above, last = path
    for step in above:
        document = document[int(step) if isinstance(document, list) else step]
    if isinstance(document, list):
        document[int(last)] = value
    elif isinstance(value, str) and value == "DROP":
        document.pop(last)
    else:
        document[last] = value
