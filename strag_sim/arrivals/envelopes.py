"""The shipped rate envelopes: how the rate of real services went up and down.

Each is a JSON file with ``name``, ``description``, ``source``, ``licence``, the seconds of a
``bin``, the ``mean_rate`` (requests a second), the rate of each bin over that mean (``relative``)
and, in ``measured``, what was measured on the trace itself (scripts/make_envelopes.py).
"""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from strag_sim.arrivals.rate_curve import Floats, RateCurve
from strag_sim.units import shown


@dataclass(frozen=True, eq=False)
class Envelope:
    """How a service's rate went, in bins of ``bin`` seconds; ``relative`` is over the mean rate."""

    name: str
    description: str
    source: str
    licence: str
    bin: float
    mean_rate: float
    relative: tuple[float, ...]
    measured: Mapping[str, Any]

    def curve(self) -> RateCurve:
        """Return the rate over time, constant within each bin."""
        relative: Floats = np.array(self.relative, dtype=np.float64)
        edges: Floats = np.arange(relative.size + 1, dtype=np.float64) * self.bin
        rates: Floats = relative * self.mean_rate
        return RateCurve(edges, rates, rates)


def names() -> list[str]:
    """Return the names of the shipped envelopes, sorted."""
    files = (Path(entry.name) for entry in _shipped().iterdir())
    return sorted(file.stem for file in files if file.suffix == ".json")


@cache
def load(name: str) -> Envelope:
    """Return a shipped envelope; raise a ValueError for a name that none has."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"envelope: {shown(name)} is not allowed; envelope must be one of "
            f"{', '.join(names())}{hint}"
        )
    content = json.loads(_shipped().joinpath(f"{name}.json").read_text(encoding="utf-8"))
    relative = tuple(map(float, content.pop("relative")))
    return Envelope(**content, relative=relative)


def _shipped() -> Any:
    """Return the folder of shipped envelopes, wherever the package is installed."""
    return resources.files("strag_sim.arrivals").joinpath("data")
