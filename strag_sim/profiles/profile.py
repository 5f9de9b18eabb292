"""What a profile holds once it is loaded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORMAT = "strag-sim profile 1"
RATIO = "ratio"  # the unit of times relative to a median or the like


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
    turned into seconds (of the unit ``ratio`` they are factors); ``n`` is 0 where the law was
    computed from published parameters; ``machines`` is empty where machines were not told apart;
    ``tail`` says in words where the law ends and how many measurements its end rests on.
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
    tail: str = ""
