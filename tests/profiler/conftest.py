"""What holds for tests of the profiler."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Warm up for a moment only, and leave torch as it was."""
    torch = pytest.importorskip("torch")
    warming = pytest.importorskip("strag_sim.profiler.warming")
    monkeypatch.setattr(warming, "SECONDS", 0.0)
    monkeypatch.setattr(warming, "MOST", warming.FEWEST)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)
