"""Log densities against scipy's, and none outside a law."""

import numpy as np
import pytest
from scipy import stats

from strag_sim.distributions.composed import Mixture, Part, Shifted
from strag_sim.distributions.deterministic import Deterministic
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.gamma import Gamma
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.distributions.pareto import Pareto
from strag_sim.distributions.weibull import Weibull
from strag_sim.fitting.density import log_density, log_likelihood

TIMES = np.geomspace(0.011, 30, 97)
SPREAD = float(np.sqrt(np.log1p(0.25)))
SHAPE = 1 / Weibull(mean=2, cv=0.7).power
PAIRS = [
    (Exponential(mean=2), stats.expon(scale=2)),
    (Lognormal(mean=1, cv=0.5), stats.lognorm(SPREAD, scale=np.exp(-(SPREAD**2) / 2))),
    (Weibull(mean=2, cv=0.7), stats.weibull_min(SHAPE, scale=Weibull(mean=2, cv=0.7).scale)),
    (Gamma(mean=2, cv=0.7), stats.gamma(0.7**-2, scale=2 * 0.7**2)),
    (Pareto(minimum=0.4, shape=2.5), stats.pareto(2.5, scale=0.4)),
    (Shifted(shift=0.3, of=Exponential(mean=2)), stats.expon(loc=0.3, scale=2)),
]


@pytest.mark.parametrize(("law", "known"), PAIRS)
def test_agrees_with_scipy(law: Distribution, known: stats.rv_continuous) -> None:
    """At times inside and outside the law."""
    assert log_density(law, TIMES) == pytest.approx(known.logpdf(TIMES), rel=1e-9)


def test_of_a_mixture_is_that_of_the_weighted_sum() -> None:
    """A part without weight adds nothing."""
    (one, first), (two, second) = PAIRS[0], PAIRS[4]
    parts = ((0.3, one), (0.7, two), (0.0, Lognormal(mean=9, cv=1)))
    law = Mixture(parts=tuple(Part(weight=w, of=of) for w, of in parts))

    wanted = np.log(0.3 * first.pdf(TIMES) + 0.7 * second.pdf(TIMES))

    assert log_density(law, TIMES) == pytest.approx(wanted, rel=1e-9)


def test_a_value_outside_makes_the_sample_impossible() -> None:
    """The likelihood of a sample with one time below the minimum is 0."""
    assert log_likelihood(Pareto(minimum=1, shape=2), np.array([0.9, 2.0])) == -np.inf


def test_a_law_without_a_density_is_refused() -> None:
    """Tables and constants have none."""
    with pytest.raises(TypeError, match="Deterministic has no density"):
        log_density(Deterministic(value=1), TIMES)
