"""The part of a law between two levels: its mean against integrals on paper and by quadrature."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate

from strag_sim.distributions.composed import Hyperexponential, Mixture, Part, Shifted
from strag_sim.distributions.deterministic import Deterministic
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.empirical import Empirical
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.gamma import Gamma
from strag_sim.distributions.generalised_pareto import GeneralisedPareto
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.distributions.pareto import Pareto
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.table import Table
from strag_sim.distributions.truncated import Truncated
from strag_sim.distributions.uniform import Uniform
from strag_sim.distributions.weibull import Weibull

TWO = Mixture(
    parts=(
        Part(weight=0.9, of=Lognormal(mean=0.1, cv=0.2)),
        Part(weight=0.1, of=Shifted(shift=2, of=Pareto(minimum=0.5, shape=2.5))),
    )
)
SMOOTH = [
    Exponential(mean=0.2),
    Uniform(low=0.1, high=0.4),
    Lognormal(mean=0.15, cv=0.5),
    Lognormal(mean=1, cv=20),
    Gamma(mean=1, cv=3),
    Weibull(mean=1, cv=5),
    Pareto(minimum=0.1, shape=1.3),
    GeneralisedPareto(scale=1, shape=0.6),
    GeneralisedPareto(scale=1, shape=-0.5),
    Hyperexponential(means=(0.1, 5.0), weights=(0.9, 0.1)),
    Shifted(shift=0.3, of=Gamma(mean=0.1, cv=1.5)),
    TWO,
    Truncated(of=TWO, low=0.2, high=0.95),
]


def by_quadrature(law: Distribution, low: float, high: float) -> float:
    """Return the mean between two levels by scipy's adaptive rule, on the complement's log.

    Piece by piece, because over the whole it overlooks where the quantiles of a mixture jump.
    """
    ends = np.linspace(-math.log1p(-low), -math.log1p(-high), 16)
    pieces = [
        integrate.quad(
            lambda s: float(law.quantile(-math.expm1(-s))) * math.exp(-s),
            first,
            last,
            limit=500,
            epsabs=0,
            epsrel=1e-8,
        )[0]
        for first, last in itertools.pairwise(ends)
    ]
    return math.fsum(pieces) / (high - low)


@pytest.mark.parametrize("law", SMOOTH, ids=lambda law: type(law).__name__)
@pytest.mark.parametrize(("low", "high"), [(0, 0.98), (0.8, 0.95), (0.95, 0.9501)])
def test_mean_of_smooth_laws(law: Distribution, low: float, high: float) -> None:
    """Within a millionth of the integral that scipy finds."""
    wanted = by_quadrature(law, low, high)

    assert Truncated(of=law, low=low, high=high).mean == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("law", SMOOTH, ids=lambda law: type(law).__name__)
def test_the_parts_below_and_above_a_level_make_the_whole(law: Distribution) -> None:
    """Their means, weighted by their shares, are the law's."""
    below, above = Truncated(of=law, high=0.98), Truncated(of=law, low=0.98)

    assert 0.98 * below.mean + 0.02 * above.mean == pytest.approx(law.mean, rel=1e-9)


def test_mean_beyond_a_level_on_paper() -> None:
    """Pareto: quantile(low) shape / (shape - 1); exponential: mean more than the quantile."""
    pareto = Truncated(of=Pareto(minimum=1, shape=2.5), low=0.99)
    exponential = Truncated(of=Exponential(mean=2), low=0.999)

    assert pareto.mean == pytest.approx(0.01 ** (-1 / 2.5) * 2.5 / 1.5, rel=1e-9)
    assert exponential.mean == pytest.approx(2 * math.log(1000) + 2, rel=1e-9)


@pytest.mark.parametrize(
    ("law", "low", "high", "mean"),
    [
        # Lines from 1.0005 at 0.25 to 2 at 0.5, then to 2.8 at 0.9.
        (
            Table(levels=(0, 0.5, 1), values=(0.001, 2, 3)),
            0.25,
            0.9,
            (0.25 * 3.0005 / 2 + 0.96) / 0.65,
        ),
        # Half of the first value and all of the second.
        (Empirical(values=(1.0, 2.0, 4.0, 8.0)), 0.125, 0.5, (0.125 * 1 + 0.25 * 2) / 0.375),
        (Empirical(values=(4.0, 1.0)), 0.25, 1, (0.25 * 1 + 0.5 * 4) / 0.75),
        (Deterministic(value=3.0), 0.1, 0.2, 3.0),
    ],
)
def test_mean_of_tables_and_values_is_exact(
    law: Distribution, low: float, high: float, mean: float
) -> None:
    """Lines and steps are added up, not integrated."""
    assert Truncated(of=law, low=low, high=high).mean == pytest.approx(mean, rel=1e-12)


def test_mean_of_a_mixture_that_jumps_at_a_level() -> None:
    """Of constants 1, 2, 5 with shares 1/2, 1/4, 1/4: levels 0.25 to 0.8 hold .25, .25, .05."""
    parts = ((0.5, 1.0), (0.25, 2.0), (0.25, 5.0))
    law = Mixture(parts=tuple(Part(weight=w, of=Deterministic(value=v)) for w, v in parts))

    cut = Truncated(of=law, low=0.25, high=0.8)

    assert cut.mean == pytest.approx((0.25 * 1 + 0.25 * 2 + 0.05 * 5) / 0.55, rel=1e-12)


def test_a_profile_without_its_stragglers() -> None:
    """collage-vm without its slowest 2 %: it ends at the quantile, with the mean of the lines."""
    whole = Profile(profile="collage-vm")
    cut = Truncated(of=whole, high=0.98)

    draws = cut.sample(np.random.default_rng(3), 200_000)

    assert draws.max() <= whole.quantile(0.98) == cut.quantile(1)
    assert abs(draws.mean() - cut.mean) <= 4 * draws.std() / math.sqrt(200_000)
    assert abs(draws.mean() - whole.mean) > 4 * draws.std() / math.sqrt(200_000)  # would be seen


def test_without_levels_it_is_the_law_itself() -> None:
    """The same mean, and the same quantiles and shares to the last bit."""
    law = Gamma(mean=0.15, cv=2)
    levels = np.linspace(0, 1, 101)

    assert Truncated(of=law).mean == law.mean
    assert (Truncated(of=law).quantile(levels) == law.quantile(levels)).all()
    assert (Truncated(of=law).cdf(levels) == law.cdf(levels)).all()


def test_no_draw_is_infinite() -> None:
    """The level of a draw is below 1 even where rounding would make it 1."""

    class Last(np.random.Generator):
        """Draws the last double below 1."""

        def random(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            return np.full(3, np.nextafter(1, 0))

    law = Truncated(of=Exponential(mean=1), low=0.5)

    assert 0.5 + 0.5 * np.nextafter(1, 0) == 1
    assert np.isfinite(law.sample(Last(np.random.PCG64(1)), 3)).all()


def test_a_tail_without_a_mean() -> None:
    """Above a level it is infinite like the law's; below it is not."""
    law = Pareto(minimum=1, shape=0.9)

    assert Truncated(of=law, low=0.5).mean == math.inf
    assert Truncated(of=law, high=0.5).mean == pytest.approx(by_quadrature(law, 0, 0.5), rel=1e-6)
