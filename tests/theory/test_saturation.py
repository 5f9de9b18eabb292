"""The largest rates against each other, and against numbers worked out by hand."""

import numpy as np
import pytest

from strag_sim.theory import laws, redundancy, saturation

EXP = laws.exponential(1.0)


def later_exponential(times):
    """Return P(S > t) of 0.5 s and an exponential of mean 0.5: a mean of 1."""
    return laws.later(laws.exponential(0.5), 0.5)(times)


def test_replication_may_cost_a_third_of_the_throughput():
    """S = 0.5 + Exp(2): the least of two has the mean 0.75, so 4/3 in place of 2 a second."""
    both = saturation.copies_on_all(later_exponential, 2, upper=30.0)

    assert both == pytest.approx(4 / 3, rel=1e-6)
    assert both / saturation.never_cancelled(2, 1, 1.0) == pytest.approx(2 / 3, rel=1e-6)


def test_replication_may_win_throughput():
    """Hyperexponential sizes of a squared variation of 4: the least of two means 0.35 by hand."""

    def size(times):
        return 0.8 * np.exp(-np.asarray(times) / 0.5) + 0.2 * np.exp(-np.asarray(times) / 3.0)

    # int (0.8 e^-2t + 0.2 e^-t/3)^2 dt = 0.64/4 + 0.32/(2 + 1/3) + 0.04/(2/3)
    least = 0.64 / 4 + 0.32 / (7 / 3) + 0.04 / (2 / 3)
    assert saturation.copies_on_all(size, 2, upper=60.0) == pytest.approx(1 / least, rel=1e-5)
    assert 1 / least > saturation.never_cancelled(2, 1, 1.0)


def test_exponential_copies_cost_nothing():
    """Lockstep, redundancy-d and no redundancy have the same throughput."""
    lockstep = saturation.copies_on_all(EXP, 3, upper=60.0)

    assert lockstep == pytest.approx(saturation.stopped_exponential(3, 1, 1.0), rel=1e-6)
    assert lockstep == pytest.approx(saturation.never_cancelled(3, 1, 1.0), rel=1e-6)


def test_it_is_where_the_mean_ends():
    """Just below it redundancy-d has a mean, at it none."""
    rate = saturation.stopped_exponential(5, 1, 1.0)

    assert redundancy.redundancy_d_mean(rate * (1 - 1e-6), 1.0, 5, 2) > 1e4
    with pytest.raises(ValueError, match="overloaded"):
        redundancy.redundancy_d_mean(rate, 1.0, 5, 2)


def test_split_merge_loses_what_waits():
    """1 / (H_8 - H_2) for 6 of 8, less than the 8 / 6 of workers that go on."""
    harmonic = sum(1 / i for i in range(3, 9))
    rate = saturation.split_merge(EXP, 6, 8, upper=60.0)

    assert rate == pytest.approx(1 / harmonic, rel=1e-6)
    assert rate < saturation.stopped_exponential(8, 6, 1.0)


def test_a_backup_that_takes_no_time_costs_nothing():
    """And one as long as an own task for each request is replication."""
    assert saturation.shared_backup(4, 1.0, 0.0, requests=2) == 4.0
    twice = saturation.shared_backup(4, 1.0, 1.0, requests=1)
    assert twice == saturation.never_cancelled(4, 2, 1.0)
