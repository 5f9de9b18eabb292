"""What is asked of whoever simulates cells, and what they report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from strag_sim.scenario import Grid

Cell = int
# done: its result is there; missing: it is not; failed: it cannot be simulated; lost: it may be,
# but cannot be kept, and so would no other.
State = Literal["done", "missing", "failed", "lost"]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """The cells of a sweep and where they are kept.

    ``code`` is that of whoever began the sweep; workers with another refuse.
    """

    grid: Grid
    folder: str
    code: str
    recompute: bool = False


@dataclass(frozen=True)
class Report:
    """What became of a cell.

    Parameters
    ----------
    cell : int
        Its number in the grid.
    state : str
        See ``State``.
    key : str
        Its key; empty where it has none, because its scenario is impossible.
    rows : sequence of mappings
        One a policy, with the columns of ``cells.parquet``, where it is done.
    seconds : float
        That it took just now; 0 where it was done before.
    runs : int
        Runs of a policy that were simulated just now.
    damaged : bool
        Whether its file was there, but damaged.
    error : str
        Why it failed, or is lost.
    """

    cell: Cell
    state: State
    key: str = ""
    rows: Sequence[Row] = ()
    seconds: float = 0.0
    runs: int = 0
    damaged: bool = False
    error: str = ""


# Looks at cells, or simulates them, with so many threads.
Work = Callable[[Job, Sequence[Cell], int], list[Report]]
