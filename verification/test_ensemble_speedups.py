"""Eight ensembles: greedy allocations are no slower than best batch sizes, and reach bounds."""

from strag_sim.reproduce.ensemble_search import ceilings
from strag_sim.reproduce.ensemble_sets import CASES, RUNS, speedups

OFF = 0.02


def test_greedy_allocations_are_faster() -> None:
    """In runs that the searches did not see; each throughput is within 2 % of its bound."""
    table = speedups(CASES, RUNS, print)

    print(table.to_string())
    assert (table["high"] >= 1).all()
    for name in ("worst-fit", "best-batch", "greedy"):
        assert (abs(table[name] / table[f"{name} bound"] - 1) < OFF).all()
    assert (abs(table["speed-up"] / ceilings(CASES) - 1) < OFF).all()
