"""What a number of measurements bounds, against the binomial law; how many they amount to, AR(1).

Where chance plays a part: a fixed seed, and a planted fault that is found.
"""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.stats import binom

from strag_sim.measurements import bounded_quantiles, effective_size

LEVELS = (0.5, 0.9, 0.95, 0.99, 0.999)


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("n", [1, 5, 59, 299, 1000, 2995, 20_000])
def test_the_bound_is_the_least_that_covers(n: int, confidence: float) -> None:
    """Of the samples 1 ... n the bound is its own rank: it covers surely enough, and none below.

    The coverage of the r-th smallest is exactly P(B <= r - 1), B binomial.
    """
    found = bounded_quantiles(np.arange(n, 0, -1), LEVELS, confidence)

    for level in LEVELS:
        if level in found:
            rank = found[level][1]
            assert binom.cdf(rank - 1, n, level) >= confidence
            assert rank == 1 or binom.cdf(rank - 2, n, level) < confidence
        else:
            assert binom.cdf(n - 1, n, level) < confidence


@pytest.mark.parametrize(("level", "least"), [(0.5, 5), (0.95, 59), (0.99, 299), (0.999, 2995)])
def test_levels_that_n_cannot_bound_are_left_out(level: float, least: int) -> None:
    """n must be at least ln(0.05) / ln(level); there the bound is the largest sample."""
    assert least == math.ceil(math.log(0.05) / math.log(level))
    assert bounded_quantiles(np.arange(least - 1), [level]) == {}
    assert bounded_quantiles(np.arange(least), [level])[level][1] == least - 1


def test_values_are_nearest_rank_in_any_order() -> None:
    """Of 1 ... 1000, shuffled, p90 is 900 and p99 is 990; no samples bound nothing."""
    samples = np.random.default_rng(1).permutation(np.arange(1.0, 1001))
    found = bounded_quantiles(samples, LEVELS)

    assert [found[level][0] for level in (0.5, 0.9, 0.99)] == [500, 900, 990]
    assert all(value <= bound for value, bound in found.values())
    assert list(found) == [0.5, 0.9, 0.95, 0.99]  # 1,000 samples do not bound p99.9
    assert bounded_quantiles([], LEVELS) == {}


@pytest.mark.parametrize("grain", [0.0, 0.5])
def test_true_quantiles_lie_below_their_bounds_as_often_as_stated(grain: float) -> None:
    """Of exponential times exactly as often as the binomial law says; on a coarse clock no less."""
    rng, sets, n, level = np.random.default_rng(2), 4000, 400, 0.99
    truth = -math.log(1 - level)
    if grain:
        truth = math.ceil(truth / grain) * grain
    covered = 0
    for _ in range(sets):
        times = rng.exponential(size=n)
        if grain:
            times = np.ceil(times / grain) * grain
        covered += bounded_quantiles(times, [level])[level][1] >= truth
    rank = bounded_quantiles(np.arange(1, n + 1), [level])[level][1]
    exact = float(binom.cdf(rank - 1, n, level))
    z = (covered / sets - exact) / math.sqrt(exact * (1 - exact) / sets)
    print(f"{covered / sets:.4f} for {exact:.4f}: z = {z:.2f}")

    assert z > -4
    assert z < 4 or grain
    # The planted fault: one rank below, the quantile lies above the bound too often.
    below = float(binom.cdf(rank - 2, n, level))
    assert (covered / sets - below) / math.sqrt(below * (1 - below) / sets) > 4


def autoregressive(rng: np.random.Generator, r: float, n: int) -> NDArray[np.float64]:
    """Return a stationary AR(1) series of variance 1."""
    noise = rng.normal(0, math.sqrt(1 - r * r), n)
    noise[0] = rng.normal()
    series: NDArray[np.float64] = lfilter([1], [1, -r], noise)
    return series


@pytest.mark.parametrize("r", [0.0, 0.3, 0.7, 0.95])
def test_effective_size_of_ar1(r: float) -> None:
    """n (1 - r) / (1 + r), within 5 % in the mean of some series; scale and shift do not matter."""
    n = 20_000
    found = [
        effective_size(3 + 0.2 * autoregressive(np.random.default_rng((3, i)), r, n))
        for i in range(60)
    ]
    mean = float(np.mean(found))
    print(f"{mean:.0f} for {n * (1 - r) / (1 + r):.0f}")

    assert mean == pytest.approx(n * (1 - r) / (1 + r), rel=0.05)


@pytest.mark.parametrize("r", [0.0, 0.8])
def test_effective_size_is_what_the_mean_says(r: float) -> None:
    """The variance of the mean over many series is that of one sample over the effective size.

    So it is of the number of samples only where these are independent: the planted fault.
    """
    n, sets = 1000, 2000
    means = [autoregressive(np.random.default_rng((4, i)), r, n).mean() for i in range(sets)]
    sizes = [effective_size(autoregressive(np.random.default_rng((4, i)), r, n)) for i in range(99)]

    assert 1 / np.var(means) == pytest.approx(np.mean(sizes), rel=0.15)
    assert (1 / np.var(means) < 0.5 * n) == (r > 0)


def test_effective_size_by_hand() -> None:
    """Deviations -1, -1, 1, 1: correlations 1, 1/4, -1/2, -1/4; the first pair alone, 5/4.

    So 4 measurements amount to 4 / (2 x 5/4 - 1) = 8/3. What swings back amounts to n, not more.
    """
    assert effective_size([4, 4, 6, 6]) == pytest.approx(8 / 3)
    assert effective_size([1, 2, 1, 2, 1, 2, 1, 2]) == 8
    assert effective_size([1, 2, 3]) <= 3


def test_where_there_is_no_effective_size_it_is_nan() -> None:
    """Of equal samples, of one and of none; nothing warns."""
    assert all(math.isnan(effective_size(samples)) for samples in ([0.1] * 9, [3.0], []))
