"""Eight ensembles: greedy allocations are no slower than best batch sizes, and reach bounds."""

from verification import ensemble_speedups


def test_greedy_allocations_are_faster() -> None:
    """The exit code says so, of runs that the searches did not see."""
    assert ensemble_speedups.main() == 0
