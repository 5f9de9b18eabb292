"""Pairs of runs against numbers worked by hand, Holm against a published example."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from strag_sim.statistics import Quantity
from strag_sim.statistics.paired import METHODS, holm, paired, runs_to_tell

T2 = 4.302653  # Student's t of 2 degrees of freedom, 95 %


def of(values, pooled=None):
    """Return a quantity of runs with these values."""
    values = np.array(values, dtype=float)
    return Quantity(float(values.mean()) if pooled is None else pooled, values)


def between(value, base, method="student"):
    """Return what is found of a pair at 95 %."""
    return paired(value, base, 0.95, method, np.random.default_rng(3))


def test_student_by_hand():
    """2, 4, 8 over 1, 1, 4 are 2, 4, 2: log2 is 1, 2, 1, of mean 4/3 and standard error 1/3.

    So t is 4, of which the two tails of 2 degrees have 1 - 4 / sqrt(4^2 + 2). Differences are
    1, 3, 4, of mean 8/3 and standard error sqrt(14/3 / 6).
    """
    found = between(of([2, 4, 8]), of([1, 1, 4]))

    assert found.ratio == pytest.approx(2 ** (4 / 3))
    assert found.ratio_interval.low == pytest.approx(2 ** ((4 - T2) / 3), rel=1e-6)
    assert found.ratio_interval.high == pytest.approx(2 ** ((4 + T2) / 3), rel=1e-6)
    assert found.difference == pytest.approx(8 / 3)
    half = T2 * math.sqrt(14 / 18)
    assert found.difference_interval.low == pytest.approx(8 / 3 - half, rel=1e-6)
    assert found.difference_interval.high == pytest.approx(8 / 3 + half, rel=1e-6)
    assert found.p == pytest.approx(1 - 4 / math.sqrt(18))
    assert found.effect == pytest.approx(4 / math.sqrt(3))


def test_sectioning_by_hand():
    """The same about a ratio of 2 of all runs together: log2 is 0, 1, 0 away from 1.

    The standard error is sqrt(1 / 6), and t is sqrt(6).
    """
    found = between(of([2, 4, 8], 4.0), of([1, 1, 4], 2.0), "sectioning")

    assert found.ratio == pytest.approx(2)
    assert found.ratio_interval.low == pytest.approx(2 ** (1 - T2 / math.sqrt(6)), rel=1e-6)
    assert found.ratio_interval.high == pytest.approx(2 ** (1 + T2 / math.sqrt(6)), rel=1e-6)
    assert found.p == pytest.approx(1 - math.sqrt(6 / 8))
    assert found.difference == 2.0


def test_student_agrees_with_scipy():
    """Interval and p are those of the t test of one sample."""
    rng = np.random.default_rng(1)
    x, y = rng.lognormal(0.1, 0.2, (2, 12))
    found = between(of(x), of(y))
    theirs = stats.ttest_1samp(np.log(x / y), 0)
    ends = theirs.confidence_interval(0.95)

    assert found.p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert np.log(found.ratio_interval.low) == pytest.approx(ends.low)
    assert np.log(found.ratio_interval.high) == pytest.approx(ends.high)


def test_bootstrap_is_that_of_scipy():
    """The BCa interval of the mean log ratio; p is where it reaches a ratio of 1."""
    rng = np.random.default_rng(2)
    x, y = rng.lognormal(0.1, 0.2, 12), np.ones(12)
    found = between(of(x), of(y), "bootstrap")
    theirs = stats.bootstrap((np.log(x),), np.mean, rng=np.random.default_rng(9), method="BCa")

    assert found.ratio == pytest.approx(np.exp(np.log(x).mean()))
    assert found.ratio_interval.low == pytest.approx(
        np.exp(theirs.confidence_interval.low), abs=0.01
    )
    assert found.ratio_interval.high == pytest.approx(
        np.exp(theirs.confidence_interval.high), abs=0.01
    )
    at_p = paired(of(x), of(y), 1 - found.p, "bootstrap", np.random.default_rng(3))
    assert min(at_p.ratio_interval.low, at_p.ratio_interval.high, key=lambda e: abs(e - 1)) == (
        pytest.approx(1, abs=0.003)
    )


def test_bootstrap_needs_a_generator():
    """None is made behind the back of whoever wants the same numbers again."""
    with pytest.raises(ValueError, match="hand one in"):
        paired(of([1, 2]), of([1, 1]), 0.95, "bootstrap")


def test_bootstrap_says_when_it_cannot_say_how_sure():
    """p is never below what so many resamples can show."""
    found = between(of([2.0, 2.1, 2.2, 2.05]), of([1, 1, 1, 1]), "bootstrap")

    assert found.p == pytest.approx(1e-4, rel=0.01)


@pytest.mark.parametrize("method", METHODS)
class TestWithoutNoise:
    """What has no spread, no number or no logarithm, for each method."""

    def test_equal(self, method):
        """The same in every run: no difference, surely."""
        found = between(of([1, 2, 3]), of([1, 2, 3]), method)

        assert (found.ratio, found.difference, found.p, found.effect) == (1, 0, 1, 0)
        assert (found.ratio_interval.low, found.ratio_interval.high) == (1, 1)

    def test_rounding_is_no_difference(self, method):
        """Sums in another order differ in the last digit, and nothing follows from that."""
        exact = of([0.3, 0.3, 0.3])
        found = between(of([0.1 + 0.2, 0.3, 0.3]), exact, method)

        assert (found.p, found.effect) == (1, 0)

    def test_always_the_same_difference(self, method):
        """Accuracies without chance differ surely, by an interval of no width."""
        found = between(of([0.8, 0.8, 0.8]), of([0.9, 0.9, 0.9]), method)

        assert (found.p, found.effect) == (0, math.inf)
        assert found.difference_interval.low == found.difference_interval.high
        assert found.ratio == pytest.approx(8 / 9)

    def test_no_number(self, method):
        """NaN in, NaN out."""
        found = between(of([math.nan, math.nan]), of([1, 2]), method)

        assert np.isnan([found.ratio, found.difference, found.p, found.effect]).all()
        assert np.isnan([found.ratio_interval.low, found.difference_interval.high]).all()

    def test_no_logarithm(self, method):
        """Where a value is 0 there is no ratio; the difference is tested."""
        found = between(of([0.0, 1.0, 2.0, 1.5]), of([1, 2, 3.5, 4]), method)

        assert math.isnan(found.ratio)
        assert math.isnan(found.ratio_interval.low)
        assert found.difference == pytest.approx(-1.5)
        assert found.difference_interval.high < 0
        assert found.p < 0.05

    def test_one_run(self, method):
        """An estimate, but neither interval nor test."""
        found = between(of([3.0]), of([2.0]), method)

        assert (found.ratio, found.difference) == (pytest.approx(1.5), 1)
        assert np.isnan([found.ratio_interval.low, found.difference_interval.low, found.p]).all()


def test_a_run_without_a_number_is_not_passed_over():
    """A pair that lacks one is not compared over fewer runs than the others, unsaid."""
    found = between(of([1, math.nan, 3], 2.0), of([1, 2, 4], 2.5), "sectioning")

    assert np.isnan([found.p, found.ratio_interval.low, found.difference_interval.low]).all()


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)), min_size=2, max_size=9))
def test_exchanged_policies(pairs):
    """The other way round the ratio is the inverse, the difference negative, p the same."""
    x, y = (of(side) for side in zip(*pairs, strict=True))
    one, other = between(x, y), between(y, x)

    assert one.ratio * other.ratio == pytest.approx(1)
    assert one.ratio_interval.low * other.ratio_interval.high == pytest.approx(1)
    assert one.difference == pytest.approx(-other.difference)
    assert one.p == pytest.approx(other.p)


def test_holm_against_a_published_example():
    """The 15 p-values of Neuhaus et al. (1992), in Benjamini and Hochberg (1995), section 4.1.

    At 5 % the three smallest hold: 13 x 0.0019 = 0.0247 is below, 12 x 0.0095 = 0.114 above.
    """
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]

    found = holm(p)

    assert (found <= 0.05).sum() == 3
    assert found[:4] == pytest.approx([0.0015, 0.0056, 0.0247, 0.1140])


def test_holm_by_hand():
    """In any order, never falling, at most 1; what is not tested does not count.

    0.005 x 4, 0.01 x 3, 0.03 x 2 = 0.06; 0.04 x 1 is no less than that.
    """
    assert holm([0.01, 0.04, math.nan, 0.03, 0.005]) == pytest.approx(
        [0.03, 0.06, math.nan, 0.06, 0.02], nan_ok=True
    )
    assert holm([0.6, 0.7]).tolist() == [1, 1]
    assert holm([math.nan]).size == 1
    assert holm([]).size == 0


@pytest.mark.parametrize("effect", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("level", [0.05, 0.05 / 32])
def test_so_many_runs_would_tell(effect, level):
    """With as many the exact power (noncentral t) is 80 %, with some fewer less."""

    def power(runs):
        beyond = stats.t.isf(level / 2, runs - 1)
        return stats.nct.sf(beyond, runs - 1, effect * math.sqrt(runs))

    runs = runs_to_tell(effect, level)

    assert power(runs + 1) >= 0.8
    assert power(runs - 2) < 0.8


def test_a_difference_of_nothing_on_average_is_not_the_same_in_every_run():
    """Runs 2 and 1 against 1 and 2: no difference in the mean, but one in each run."""
    found = paired(Quantity(1.5, np.array([2.0, 1.0])), Quantity(1.5, np.array([1.0, 2.0])), 0.95)

    assert found.effect == pytest.approx(0, abs=1e-12)
    assert not found.same
    equal = paired(Quantity(1.5, np.array([2.0, 1.0])), Quantity(1.5, np.array([2.0, 1.0])), 0.95)
    assert equal.same


def test_two_runs_at_a_high_confidence_have_any_ratio():
    """Their interval ends beyond all numbers, which is no error."""
    x, y = Quantity(2.0, np.array([1.0, 3.0])), Quantity(1.0, np.array([1.0, 1.0]))

    found = paired(x, y, 0.9999)
    assert found.ratio_interval.high == np.inf
    assert found.ratio_interval.low == pytest.approx(0, abs=1e-300)
