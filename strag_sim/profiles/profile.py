"""What a profile holds once it is loaded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORMAT = "strag-sim profile 1"


@dataclass(frozen=True, kw_only=True, eq=False)
class Machine:
    """What was measured on one machine; times in seconds.

    ``n``, ``mean`` and ``std`` are of the measurements; ``values`` are their quantiles at
    ``levels``, both of shape (L,).
    """

    name: str
    n: int
    mean: float
    std: float
    levels: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """A measured law of latency with its provenance; times in seconds.

    ``n``, ``mean`` and ``std`` are of the measurements; ``values`` are their quantiles at
    ``levels``, both of shape (L,). ``unit`` is the unit of the file, which the loader has already
    turned into seconds; ``machines`` is empty where machines were not told apart.
    """

    name: str
    description: str
    unit: str
    n: int
    mean: float
    std: float
    levels: NDArray[np.float64]
    values: NDArray[np.float64]
    machines: tuple[Machine, ...]
    source: str
    licence: str
    sha256: str
