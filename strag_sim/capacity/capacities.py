"""What was found of the policies of a scenario, and its table."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from strag_sim.results import write_file


@dataclass(frozen=True)
class Limit:
    """The largest rate at which something holds, in requests a second; NaN where none is known.

    Parameters
    ----------
    rate, low, high : float
        The estimate, and its interval.
    load : float
        The offered load at that rate.
    utilisation, cost : float
        As in results, at the largest rate tried at which it holds.
    """

    rate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    load: float = math.nan
    utilisation: float = math.nan
    cost: float = math.nan


@dataclass(frozen=True)
class Capacity:
    """What was found of one policy.

    Parameters
    ----------
    label : str
        What the scenario calls it.
    stable : Limit
        Up to which its queues keep up.
    saturation : Limit
        What it answers once it is overloaded; its utilisation and cost are those then.
    slo : Limit
        Up to which p99 is within the SLO.
    notes : tuple of str
        What is to be known of these numbers, a sentence each.
    """

    label: str
    stable: Limit
    saturation: Limit
    slo: Limit
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Capacities:
    """What was found of the policies of a scenario, in their order.

    ``slo`` is in seconds, None if there is none; ``interrupted`` is whether policies are missing,
    ``precision`` whether the scenario asks for one, which plays no part.
    """

    policies: tuple[Capacity, ...]
    slo: float | None
    confidence: float
    runs: int
    requests: int
    interrupted: bool = False
    precision: bool = False

    def table(self) -> pd.DataFrame:
        """Return one row a policy: ``label``, then the columns of each limit, then ``notes``.

        The columns are ``stable_rate``, ``stable_rate_low``, ``stable_rate_high``,
        ``stable_load``, ``stable_utilisation``, ``stable_cost``, and so with ``saturation`` and
        ``slo``. Rates are in requests a second, costs in seconds; NaN where there is no number.
        """
        return pd.DataFrame([dict(_row(policy)) for policy in self.policies])

    def save(self, path: str | Path) -> None:
        """Write the table to a CSV file, whole or not at all; a ResultError says why it cannot."""
        write_file(Path(path), self.table().to_csv(index=False, lineterminator="\n"), "table")


def _row(policy: Capacity) -> Iterator[tuple[str, object]]:
    """Yield the columns of a policy and what they hold."""
    yield "label", policy.label
    for name in ("stable", "saturation", "slo"):
        limit: Limit = getattr(policy, name)
        yield f"{name}_rate", limit.rate
        yield f"{name}_rate_low", limit.low
        yield f"{name}_rate_high", limit.high
        yield f"{name}_load", limit.load
        yield f"{name}_utilisation", limit.utilisation
        yield f"{name}_cost", limit.cost
    yield "notes", "; ".join(policy.notes)
