"""Distances and errors against closed forms, scipy and counting."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from strag_sim.distributions.composed import Shifted
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.empirical import Empirical
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.generalised_pareto import GeneralisedPareto
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.distributions.pareto import Pareto
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.table import Table
from strag_sim.distributions.uniform import Uniform
from strag_sim.fitting.goodness import goodness, ks, slowest_measured, slowest_of


def pareto_slowest(shape: float) -> float:
    """Return the mean of the slowest of 16 from a Pareto law of minimum 1."""
    a = 1 / shape
    return math.exp(math.lgamma(17) + math.lgamma(1 - a) - math.lgamma(17 - a))


@pytest.mark.parametrize(
    ("law", "slowest"),
    [
        (Exponential(mean=2), 2 * sum(1 / i for i in range(1, 17))),
        (Uniform(low=0, high=1), 16 / 17),
        (Shifted(shift=3, of=Uniform(low=0, high=1)), 3 + 16 / 17),
        (Pareto(minimum=1, shape=3), pareto_slowest(3)),
        (Pareto(minimum=1, shape=1.05), pareto_slowest(1.05)),
        (GeneralisedPareto(scale=0.95, shape=0.95), pareto_slowest(1 / 0.95) - 1),
        (Pareto(minimum=1, shape=1), math.inf),
        # Lines: the integral of 16 u^15 (1 + u) up to 1/2, of 16 u^15 (1.5 + 4 (u - 1/2)) beyond.
        (
            Table(levels=(0, 0.5, 1), values=(1, 1.5, 3.5)),
            0.5**16 + 16 / 17 * 0.5**17 - 0.5 * (1 - 0.5**16) + 64 / 17 * (1 - 0.5**17),
        ),
    ],
)
def test_slowest_of_sixteen_in_closed_form(law: Distribution, slowest: float) -> None:
    """The mean of the largest of 16, also where its law is heavy or bent."""
    assert slowest_of(law) == pytest.approx(slowest, rel=1e-6)


@pytest.mark.parametrize(
    "law", [Lognormal(mean=0.1, cv=2), Profile(profile="collage-vm")], ids=["lognormal", "profile"]
)
def test_slowest_of_sixteen_by_drawing(law: Distribution) -> None:
    """The mean of 40,000 maxima lies within 4 standard errors; that of 15 draws would not."""
    draws = law.sample(np.random.default_rng(11), (40_000, 16))
    largest = draws.max(axis=1)
    error = largest.std() / math.sqrt(len(largest))

    assert abs(largest.mean() - slowest_of(law)) <= 4 * error
    assert abs(draws[:, :14].max(axis=1).mean() - slowest_of(law)) > 4 * error


def test_slowest_measured_by_counting() -> None:
    """Of values 1, 1, 2, 7: the largest is 7 unless all 16 draws miss it, and so on."""
    wanted = 7 * (1 - 0.75**16) + 2 * (0.75**16 - 0.5**16) + 0.5**16

    assert slowest_measured(np.array([1.0, 1.0, 2.0, 7.0])) == pytest.approx(wanted, rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=40))
def test_distance_is_scipys(values: list[float]) -> None:
    """The two-sided statistic, for any values, ties among them."""
    law = Lognormal(mean=1, cv=1)
    ranked = np.sort(values)

    assert ks(law, ranked) == pytest.approx(stats.kstest(ranked, law.cdf).statistic, abs=1e-9)


def test_distance_to_a_law_that_jumps_with_the_values() -> None:
    """A law of the very values is at no distance; of others, at the largest jump missed."""
    values = np.array([1.0, 1.0, 2.0, 4.0])

    assert ks(Empirical(values=(1.0, 1.0, 2.0, 4.0)), values) == 0
    assert ks(Empirical(values=(1.0, 2.0, 2.0, 4.0)), values) == 0.25


def test_errors_of_quantiles_are_beside_the_nearest_rank() -> None:
    """Of 1, 2, ..., 1000 p99 is 990 and p99.9 is 999."""
    law = Uniform(low=0, high=2000)

    found = goodness(law, np.arange(1, 1001, dtype=float))

    assert found.p99 == pytest.approx(1980 / 990 - 1)
    assert found.p999 == pytest.approx(1998 / 999 - 1)


@pytest.mark.parametrize(("n", "known"), [(99, 0), (100, 1), (999, 1), (1000, 2)])
def test_quantiles_that_no_value_lies_beyond_are_left_out(n: int, known: int) -> None:
    """p99 needs a hundred values, p99.9 a thousand."""
    found = goodness(Uniform(low=0, high=1), np.arange(1, n + 1) / n)

    assert np.isfinite([found.p99, found.p999]).sum() == known
