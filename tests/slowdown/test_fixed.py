"""Workers that differ for a whole run."""

import numpy as np
import pytest
from slow_tracks import drawings, holds, streams_of

from strag_sim.distributions import Deterministic, Lognormal, Mixture
from strag_sim.distributions.composed import Part
from strag_sim.slowdown import Fixed


def test_a_list_is_taken_as_it_is():
    """One factor a worker; of more, the first."""
    tracks = Fixed(factors=(3.0, 1.0, 2.0)).tracks(streams_of(1), 2, 10.0, "product")

    assert tracks.value.tolist() == [3, 1]
    assert tracks.period == np.inf


def test_a_list_that_is_too_short():
    """Refused, with how many there must be."""
    with pytest.raises(ValueError, match=r"as many as there are workers \(4\)"):
        Fixed(factors=(3.0, 1.0, 2.0)).tracks(streams_of(1), 4, 10.0, "product")


def test_a_law_is_drawn_once_a_worker_and_run():
    """Factors have the law's mean, differ between workers and between runs."""
    found = list(drawings(Fixed(factor=Lognormal(mean=2.0, cv=0.5)), 2000, workers=2))

    holds(lambda x: float(x.value[0]), found, 2.0, 2.2)
    holds(lambda x: float(x.value[0] * x.value[1]), found, 4.0, 4.0 * 1.25)
    assert len({float(x.value[0]) for x in found}) == 2000


def test_a_worker_is_as_slow_among_more_workers():
    """Whatever the law: of a mixture, too, the first workers stay as they are."""
    rare = Mixture(
        parts=(
            Part(weight=0.8, of=Deterministic(value=1.0)),
            Part(weight=0.2, of=Lognormal(mean=5.0, cv=0.2)),
        )
    )
    few, many = (Fixed(factor=rare).tracks(streams_of(2), n, 1.0, "product") for n in (5, 50))

    assert few.value.tolist() == many.value[:5].tolist()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "factor: give either factor or factors"),
        ({"factor": 2.0, "factors": (1.0,)}, "factor: give either factor or factors"),
        ({"factor": 0.0}, "factor: 0.0"),
        ({"factors": ()}, "factors: "),
        ({"factors": (1.0, -1.0)}, r"factors\[1\]: -1.0"),
    ],
)
def test_wrong_parameters(keys, message):
    """Refused where they are made."""
    with pytest.raises(ValueError, match=message):
        Fixed(**keys)
