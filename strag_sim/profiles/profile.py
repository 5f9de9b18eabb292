"""What a profile holds once it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = "strag-sim profile 1"
RATIO = "ratio"  # the unit of times relative to a median or the like
CLOSED = "closed"  # the load of which each call begins where one ends


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
class Samples:
    """The calls of a point, in the order of the requests; seconds.

    ``start`` (since the first began), ``time`` (by the wall clock) and ``work`` (of the processor
    or device alone) have the shape (n,). ``response`` is from arrival to answer, of each request;
    None where requests did not wait.
    """

    start: NDArray[np.float64]
    time: NDArray[np.float64]
    work: NDArray[np.float64]
    response: NDArray[np.float64] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """What was measured in one configuration: calls of a model with ``batch`` requests each.

    Parameters
    ----------
    batch, concurrency : int
        Requests of a call; calls that were under way at once. At least 1.
    load : str
        ``closed``, where each call begins when one ends, or ``poisson:RATE`` (per second).
    n, mean, std : int, float, float
        Of the times of calls, by the wall clock; n is 0 where they were computed.
    levels, values : array of float64, shape (L,)
        Their quantiles.
    throughput : float
        Requests a second, of all that was under way.
    autocorrelation, effective : float
        At lag 1, and how many independent measurements say as much; NaN where all times are equal,
        or where it is not known.
    details : mapping
        What else was noted, as it stands in the file, times in the file's unit.
    samples : Samples, optional
        None where single calls were not kept.
    """

    batch: int
    concurrency: int
    load: str
    n: int
    mean: float
    std: float
    levels: NDArray[np.float64]
    values: NDArray[np.float64]
    throughput: float
    autocorrelation: float
    effective: float
    details: Mapping[str, Any] = field(default_factory=dict)
    samples: Samples | None = None


@dataclass(frozen=True, kw_only=True)
class Model:
    """What the model of a profile is like; None where the file does not say.

    Parameters
    ----------
    parameters : int, optional
        Numbers that were trained.
    memory : int, optional
        Bytes that one process holds on the device of the profile, whatever it computes.
    memory_per_sample : int, optional
        Bytes beside these for each sample of the batch that it computes.
    accuracy : float, optional
        The share of answers that are right.
    """

    parameters: int | None = None
    memory: int | None = None
    memory_per_sample: int | None = None
    accuracy: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """A measured law of latency with its provenance; times in seconds.

    ``n``, ``mean`` and ``std`` are of the measurements; ``values`` are their quantiles at
    ``levels``, both of shape (L,). ``unit`` is the unit of the file, which the loader has already
    turned into seconds (of the unit ``ratio`` they are factors); ``n`` is 0 where the law was
    computed from published figures; ``machines`` is empty where machines were not told apart;
    ``tail`` says in words where the law ends and how many measurements its end rests on.

    Of a model that was measured by batch size, ``points`` are the configurations; the law is that
    of the first. ``environment`` says on what it was measured (``device`` among it), ``command``
    and ``date`` how and when. All are empty where that is not said. ``model`` is what a program
    must know of the model to place it; None where that is not said.
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
    points: tuple[Point, ...] = ()
    environment: Mapping[str, str | float | bool | None] = field(default_factory=dict)
    command: str = ""
    date: str = ""
    model: Model | None = None

    @property
    def device(self) -> str:
        """What it was measured on, empty if that is not said."""
        return str(self.environment.get("device", ""))
