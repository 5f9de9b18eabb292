"""What a session is asked to measure, and how."""

import math
from dataclasses import dataclass

# Below so many calls not even p99 has an upper bound (95 %); larger batches are called as often.
FEWEST_CALLS = 299


@dataclass(frozen=True)
class Load:
    """How requests come: ``rate`` calls a second at Poisson times, or closed, where it is 0."""

    rate: float = 0.0

    def __str__(self) -> str:
        return f"poisson:{self.rate:g}" if self.rate else "closed"


def load_of(text: str) -> Load:
    """Return the load that ``closed`` or ``poisson:RATE`` names; a ValueError for another text."""
    kind, _, rate = text.partition(":")
    if text == "closed":
        return Load()
    try:
        per_second = float(rate)
    except ValueError:
        per_second = math.nan
    if kind != "poisson" or not 0 < per_second < math.inf:
        raise ValueError(
            f"{text!r} is not allowed; a load must be closed, or poisson: and the calls a second, "
            "such as poisson:20"
        )
    return Load(per_second)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What all models of a session have in common.

    Each batch size is measured with ``requests`` requests, in calls of a batch each, at each
    concurrency: so many calls at once, or under an open load so many servers.
    """

    device: str
    dtype: str = "float32"
    batches: tuple[int, ...] = (1,)
    concurrencies: tuple[int, ...] = (1,)
    requests: int = 2000
    load: Load = Load()
    compiled: bool = False
    threads: int = 1
    seed: int = 0

    def calls(self, batch: int) -> int:
        """Return how many calls of a batch size are measured: fixed before, whatever they take."""
        return max(-(-self.requests // batch), min(self.requests, FEWEST_CALLS))


@dataclass(frozen=True)
class Configuration:
    """A model, a batch size and a concurrency: what one point of a profile is of."""

    model: str
    batch: int
    concurrency: int

    def __str__(self) -> str:
        beside = f", {self.concurrency} at once" if self.concurrency > 1 else ""
        return f"{self.model} at batch {self.batch}{beside}"
