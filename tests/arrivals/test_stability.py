"""How the burstiness of arrivals enters the judgement of whether queues keep up."""

import pytest
from measured import queue_of, setup_of

from strag_sim.arrivals import Arrivals, Closed, GammaGaps, Mmpp, Phase, Poisson, Varying
from strag_sim.statistics.stability import backlog_growth, grows, is_stable

REQUESTS = 10_000
RUN = 20_000


def bursty(load: float) -> dict[str, Arrivals]:
    """Return arrivals at a single slot whose dispersion is 50 or more."""
    states = (Phase(rate=3, dwell=20), Phase(rate=0.1, dwell=60))
    return {
        "gamma": GammaGaps(rate=load, cv=7),
        "mmpp": Mmpp(states=states, rate=load),
        "batch": Poisson(rate=load / 50, batch=50),
    }


def growths(arrivals: Arrivals) -> list[float]:
    """Return the growth of the backlog in single runs of a single queue."""
    return [backlog_growth(*queue_of(arrivals, RUN, (3, run))) for run in range(60)]


def unstable(arrivals: Arrivals, found: list[float]) -> int:
    """Return how many single runs are called unstable."""
    setup = setup_of(arrivals=arrivals)
    return sum(grows(setup, [growth], RUN) for growth in found)


@pytest.mark.parametrize("kind", ["gamma", "mmpp", "batch"])
def test_bursts_are_no_growth(kind: str) -> None:
    """Below capacity fewer single runs are called unstable than if arrivals were all Poisson.

    At a load of 0.98, where bursts of 20,000 requests come and go, at most a sixth, and half of
    what Poisson arrivals with this growth would be; at 1.2 nine tenths; the mean of runs is surer.
    """
    steady, growing = bursty(0.98)[kind], bursty(1.2)[kind]
    below, above = growths(steady), growths(growing)

    planted = unstable(Poisson(rate=0.98), below)
    print(unstable(steady, below), planted, unstable(growing, above))
    assert unstable(steady, below) <= 10
    assert planted >= 2 * unstable(steady, below)
    assert planted > 10
    assert unstable(growing, above) >= 54
    assert not grows(setup_of(arrivals=steady), below, RUN)
    assert grows(setup_of(arrivals=growing), above, RUN)


def test_what_each_slot_sees() -> None:
    """Split over many slots, bursts thin out: the limit of growth lies between the two extremes."""
    arrivals = bursty(0.8)["gamma"]

    def limit(which: Arrivals, slots: int) -> int:
        """Return the least growth, in requests, that is called unstable."""
        low, high = 0, 10**6
        while high - low > 1:
            middle = (low + high) // 2
            grown = grows(setup_of(arrivals=which, slots=slots), [middle], REQUESTS)
            low, high = (low, middle) if grown else (middle, high)
        return high

    poisson = Poisson(rate=1)
    assert limit(arrivals, 1) == pytest.approx(limit(poisson, 1) * (50 / 2) ** 0.5, rel=0.03)
    assert limit(arrivals, 48) == pytest.approx(limit(poisson, 48) * (3 / 2) ** 0.5, rel=0.03)
    assert limit(Closed(clients=9), 1) == limit(poisson, 1)


def test_a_rate_that_follows_the_clock_is_not_judged() -> None:
    """Its backlog goes up and down with it."""
    varying = Varying(times=(0, 1), rates=(1,))

    assert is_stable(setup_of(arrivals=varying), [1e6], REQUESTS) is None
