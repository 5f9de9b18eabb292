"""What makes the backlog of a stable policy wander, worked out by hand and simulated."""

import math
from dataclasses import replace

import numpy as np
import pytest

from strag_sim.arrivals import Closed, Poisson
from strag_sim.distributions import Exponential
from strag_sim.policies import NoRedundancy
from strag_sim.setup import Batching, Combine, Job, Setup
from strag_sim.slowdown import Fixed, Shock, Slowdown, States
from strag_sim.slowdown.tracks import Tracks
from strag_sim.statistics.variability import spells, variability

STATES = States(factor=5.0, dwell=20.0, share=0.3)


def setup_of(*slowdown: Slowdown, combine: Combine = "product", workers: int = 10) -> Setup:
    """Return workers with exponential sizes of mean 2 s, at half a request a second each."""
    return Setup(
        label="case",
        policy=NoRedundancy(),
        arrivals=Poisson(rate=0.5 * workers),
        service=Exponential(mean=2.0),
        speeds=(1.0,) * workers,
        slots=(1,) * workers,
        slowdown=slowdown,
        combine=combine,
    )


def of_sizes() -> float:
    """Return the dispersion without slowdown: 1, less the outermost parts per thousand."""
    return variability(setup_of())


def test_sizes() -> None:
    """The squared coefficient of variation."""
    assert of_sizes() == pytest.approx(1.0, rel=0.02)


def test_sizes_of_segments_and_batches() -> None:
    """Four segments vary a quarter as much; of a batch of eight, two requests leave at once."""
    one = setup_of()
    segments = replace(one, job=Job(segments=4))

    assert variability(segments) == pytest.approx(of_sizes() / 4)
    batches = replace(segments, batching=Batching(most=8))
    assert variability(batches) == pytest.approx(2 * of_sizes())


def test_states_by_hand() -> None:
    """Slow for 20 s of 66.7 s, by 5: 0.8 of 1/2 size a second is left undone then.

    2 (0.3 x 0.7)^2 x 66.7 s x 0.4^2 = 0.941 a second, over 0.5 requests a second.
    """
    (found,) = spells(setup_of(STATES))

    assert (found.share, found.loss, found.together) == pytest.approx((0.3, 0.8, 1.0))
    assert found.cycle == pytest.approx(20 / 0.3)
    expected = 2 * 0.21**2 * (20 / 0.3) * 0.4**2 / 0.5
    assert variability(setup_of(STATES)) - of_sizes() == pytest.approx(expected)


def test_neighbours_are_slow_together() -> None:
    """Four by four, or all of two: so many times the variance a slot."""
    together = States(factor=5.0, dwell=20.0, share=0.3, shared_by=4)

    for workers, times in ((10, 4), (2, 2)):
        alone = variability(setup_of(STATES, workers=workers)) - of_sizes()
        found = variability(setup_of(together, workers=workers)) - of_sizes()
        assert found == pytest.approx(times * alone)


def test_shocks_by_hand() -> None:
    """Shocks of 1 s, one in 10 s, that hit 0.2 of the workers: slow for 1 - exp(-0.02).

    When one is, each of the nine others is too with the chance 0.2.
    """
    (found,) = spells(setup_of(Shock(rate=0.1, share=0.2, factor=3.0, length=1.0)))

    share = 1 - math.exp(-0.02)
    expected = (share, 1 / share, 2 / 3, 1 + 9 * 0.2)
    assert (found.share, found.cycle, found.loss, found.together) == pytest.approx(expected)


@pytest.mark.parametrize(("combine", "loss"), [("product", 0.8), ("sum", 5 / 7), ("max", 0.6)])
def test_seconds(combine: Combine, loss: float) -> None:
    """Sizes of 2 s that take 5 times as long, 5 s more, or at least 5 s."""
    (found,) = spells(setup_of(STATES, combine=combine))

    assert found.loss == pytest.approx(loss)


def test_what_stays_is_no_spell() -> None:
    """Neither machines that are slow for good, nor what is switched off, nor an unknown rate."""
    off = States(factor=5.0, dwell=20.0, share=0.3, enabled=False)
    closed = Setup(**{**vars(setup_of(STATES)), "arrivals": Closed(clients=3)})

    assert variability(setup_of(Fixed(factor=2.0), off)) == of_sizes()
    assert variability(closed) == of_sizes()


def test_the_variance_of_work_is_that_of_tracks() -> None:
    """What 400 workers could do in 2,000 s varies as it should: chi-square, |z| <= 4."""
    tracks = STATES.tracks(lambda i: np.random.default_rng((7, i)), 400, 2000.0, "product")
    done = np.array([work(tracks, worker, 2000.0) for worker in range(400)])

    # of the sizes of 2 s; the process starts in its stationary law
    expected = (variability(setup_of(STATES)) - of_sizes()) * 0.5 * 2000
    z = (done.var(ddof=1) / expected - 1) / math.sqrt(2 / 399)
    print(f"{done.var(ddof=1):.1f} for {expected:.1f}: z = {z:+.2f}")
    assert abs(z) <= 4
    assert abs((done.var(ddof=1) / (1.5 * expected) - 1) / math.sqrt(2 / 399)) > 4  # planted


def work(tracks: Tracks, worker: int, end: float) -> float:
    """Return the sizes of 2 s that a worker could do, changes of speed taking effect at once."""
    first, stop = tracks.first[tracks.track[worker]], tracks.first[tracks.track[worker] + 1]
    until = np.append(tracks.at[first + 1 : stop], end).clip(max=end)
    lengths = (until - tracks.at[first:stop]).clip(min=0)
    return float((lengths / tracks.value[first:stop]).sum() / 2)
