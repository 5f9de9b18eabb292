"""Single requests under two policies, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.statistics.per_request import Pairs, per_request


def test_by_hand():
    """Of five requests two gain 1 and 3 s, one loses 4 s, and two stay as they were."""
    found = per_request(np.array([1.0, 2, 9, 7, 3]), np.array([2.0, 5, 5, 7, 3]))

    assert found == Pairs(requests=5, faster=0.4, equal=0.4, slower=0.2, gained=2.0, lost=4.0)


def test_none_is_faster():
    """Nobody gains what has no mean."""
    found = per_request(np.array([2.0, 2.0]), np.array([1.0, 1.0]))

    assert (found.faster, found.slower, found.lost) == (0, 1, 1)
    assert np.isnan(found.gained)


def test_rounding_is_no_gain():
    """The same response at a clock of 10,000 s, once by way of another sum."""
    clock = 1e4
    response = (clock + 0.1 + 0.2) - clock

    assert per_request(np.array([response]), np.array([0.3])).equal == 1
    assert per_request(np.array([0.3001]), np.array([0.3])).slower == 1


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)), min_size=1, max_size=20))
def test_gains_and_losses_are_the_difference_of_the_means(pairs):
    """What is gained less what is lost, by their shares, is the difference of the means."""
    response, base = np.array(pairs).T
    found = per_request(response, base)
    change = np.nan_to_num([found.gained, found.lost]) @ [found.faster, -found.slower]

    assert found.faster + found.equal + found.slower == pytest.approx(1)
    assert change == pytest.approx((base - response).mean(), abs=1e-5)
