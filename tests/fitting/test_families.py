"""Fits recover what they were drawn from, and no law of the family is likelier."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from strag_sim.distributions.composed import Mixture, Part, Shifted
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.gamma import Gamma
from strag_sim.distributions.generalised_pareto import GeneralisedPareto
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.distributions.pareto import Pareto
from strag_sim.distributions.weibull import Weibull
from strag_sim.fitting import FAMILIES
from strag_sim.fitting.density import log_likelihood
from strag_sim.fitting.tail import generalised_pareto

N, SEEDS = 10_000, range(3)
Numbers = NDArray[np.float64]


def two(weight: float, mean: float, cv: float, slow: float, slow_cv: float) -> Mixture:
    """Return a mixture of two lognormal laws."""
    parts = ((weight, Lognormal(mean=mean, cv=cv)), (1 - weight, Lognormal(mean=slow, cv=slow_cv)))
    return Mixture(parts=tuple(Part(weight=w, of=of) for w, of in parts))


def shifted(shift: float, mean: float, cv: float) -> Shifted:
    """Return a shifted lognormal law."""
    return Shifted(shift=shift, of=Lognormal(mean=mean, cv=cv))


Make = Callable[..., Distribution]
REGULAR: list[tuple[str, Make, tuple[float, ...]]] = [
    ("lognormal", lambda mean, cv: Lognormal(mean=mean, cv=cv), (0.15, 0.4)),
    ("lognormal", lambda mean, cv: Lognormal(mean=mean, cv=cv), (2.0, 3.0)),
    ("weibull", lambda mean, cv: Weibull(mean=mean, cv=cv), (0.15, 0.2)),
    ("weibull", lambda mean, cv: Weibull(mean=mean, cv=cv), (1.0, 2.0)),
    ("gamma", lambda mean, cv: Gamma(mean=mean, cv=cv), (0.15, 0.2)),
    ("gamma", lambda mean, cv: Gamma(mean=mean, cv=cv), (1.0, 2.0)),
    ("shifted-lognormal", shifted, (0.08, 0.07, 0.6)),
    ("shifted-lognormal", shifted, (0.5, 0.2, 1.2)),
    ("mixture", two, (0.97, 0.14, 0.2, 0.7, 0.1)),
    ("mixture", two, (0.7, 0.088, 0.08, 0.107, 0.25)),
]


def parameters(law: Distribution) -> tuple[float, ...]:
    """Return a fitted law's parameters, in the order of the table above."""
    if isinstance(law, Mixture):
        first, second = law.parts
        return (first.weight, *parameters(first.of), *parameters(second.of))
    if isinstance(law, Shifted):
        return (law.shift, *parameters(law.of))
    return law.mean, law.cv  # type: ignore[attr-defined]


def scores(make: Make, true: Sequence[float], found: Sequence[float], values: Numbers) -> Numbers:
    """Return how many standard errors each parameter is off.

    The errors are those of theory: from the curvature of the likelihood at the true parameters,
    by differences.
    """
    steps = np.array([1e-4 * max(abs(x), 1e-3) for x in true])
    size = len(true)
    curvature = np.empty((size, size))
    for i, j in itertools.product(range(size), repeat=2):
        at = {}
        for a, b in itertools.product((-1, 1), repeat=2):
            moved = np.array(true)
            moved[i] += a * steps[i]
            moved[j] += b * steps[j]
            at[a, b] = log_likelihood(make(*moved), values)
        cross = at[1, 1] - at[1, -1] - at[-1, 1] + at[-1, -1]
        curvature[i, j] = cross / (4 * steps[i] * steps[j])
    errors = np.sqrt(np.diag(np.linalg.inv(-curvature)))
    return (np.asarray(found) - np.asarray(true)) / errors


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("family", "make", "true"), REGULAR)
def test_parameters_are_recovered(
    family: str, make: Make, true: tuple[float, ...], seed: int
) -> None:
    """Of 10,000 draws each parameter comes within 4 standard errors, and off by less than 15 %."""
    values = make(*true).sample(np.random.default_rng(seed), N)

    found = parameters(FAMILIES[family].fit(values))

    print(family, found, scores(make, true, found, values))
    assert np.abs(scores(make, true, found, values)).max() <= 4
    assert found == pytest.approx(true, rel=0.15)


def test_a_parameter_that_is_off_would_be_noticed() -> None:
    """Negative control: a cv 5 % too large, or the mean of the other law."""
    family, make, true = REGULAR[0]
    values = make(*true).sample(np.random.default_rng(0), N)
    mean, cv = parameters(FAMILIES[family].fit(values))

    assert np.abs(scores(make, true, (mean, 1.05 * cv), values)).max() > 4
    assert np.abs(scores(make, true, (1.03 * mean, cv), values)).max() > 4


@pytest.mark.parametrize("seed", SEEDS)
def test_shifted_exponential_is_recovered(seed: int) -> None:
    """The shift is over by an exponential of mean / n, the mean is off by mean / sqrt(n)."""
    law = Shifted(shift=0.5, of=Exponential(mean=0.2))
    values = law.sample(np.random.default_rng(seed), N)

    found = FAMILIES["shifted-exponential"].fit(values)

    assert isinstance(found, Shifted)
    assert 0 <= found.shift - 0.5 <= 12 * 0.2 / N  # 6e-6
    assert abs(found.of.mean - 0.2) <= 4 * 0.2 / N**0.5
    assert found.mean == pytest.approx(values.mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_pareto_is_recovered(seed: int) -> None:
    """The logarithms are shifted exponential: the minimum is over by 1 / (n shape) of itself."""
    values = Pareto(minimum=0.1, shape=2.3).sample(np.random.default_rng(seed), N)

    found = FAMILIES["pareto"].fit(values)

    assert isinstance(found, Pareto)
    assert 0 <= found.minimum / 0.1 - 1 <= 12 / (N * 2.3)
    assert abs(found.shape - 2.3) <= 4 * 2.3 / N**0.5


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", [-0.3, 0.0, 0.25, 0.7])
def test_the_law_of_a_tail_is_recovered(shape: float, seed: int) -> None:
    """Within 4 standard errors by Smith (1985): 1 + xi and sqrt(2 (1 + xi)) over sqrt(n)."""
    law = GeneralisedPareto(scale=0.2, shape=shape)
    values = law.sample(np.random.default_rng(seed), N)

    found = generalised_pareto(values)

    assert abs(found.shape - shape) <= 4 * (1 + shape) / N**0.5
    assert abs(found.scale / 0.2 - 1) <= 4 * (2 * (1 + shape)) ** 0.5 / N**0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_table_with_a_tail_is_recovered(seed: int) -> None:
    """A lognormal body below 0.3 s and beyond it a tail of shape 0.3: knots, threshold and tail."""
    body = Lognormal(mean=0.15, cv=0.2)
    threshold = float(body.quantile(0.95))
    rng = np.random.default_rng(seed)
    inside = body.quantile(0.95 * rng.random(N))
    beyond = threshold + GeneralisedPareto(scale=0.1, shape=0.3).sample(rng, N)
    values = np.where(rng.random(N) < 0.95, inside, beyond)

    found = FAMILIES["table-tail"].fit(values)

    assert isinstance(found, Mixture)
    table, tail = found.parts
    assert [part.weight for part in found.parts] == [0.95, 0.05]
    assert len(table.of.levels) == 36
    # A quantile's standard error is sqrt(p (1 - p) / n) over the density.
    for level in (0.1, 0.5, 0.9):
        density = np.exp(stats.norm.logpdf(stats.norm.ppf(level)))
        spread = 0.198 * float(body.quantile(level))
        error = (level * (1 - level) / N) ** 0.5 / (density / spread)
        assert abs(float(found.quantile(level)) - float(body.quantile(level))) <= 4 * error
    assert abs(tail.of.of.shape - 0.3) <= 4 * 1.3 / (0.05 * N) ** 0.5
    assert tail.of.shift == table.of.values[-1]


@pytest.mark.parametrize(
    ("family", "known", "shapes"),
    [
        ("weibull", stats.weibull_min, (0.8, 1.7)),
        ("gamma", stats.gamma, (0.5, 6.0)),
        ("lognormal", stats.lognorm, (0.2, 1.5)),
    ],
)
def test_scipy_finds_nothing_likelier(
    family: str, known: stats.rv_continuous, shapes: tuple[float, ...]
) -> None:
    """The likelihood is at least that of scipy.stats's own fit."""
    for shape in shapes:
        values = known(shape, scale=0.3).rvs(500, random_state=np.random.default_rng(1))
        reference = known(*known.fit(values, floc=0)).logpdf(values).sum()

        assert log_likelihood(FAMILIES[family].fit(values), values) >= reference - 1e-4


def test_no_start_at_random_finds_a_likelier_mixture() -> None:
    """On draws from a law that is no mixture of two, EM from 20 random starts climbs no higher."""
    from strag_sim.fitting import normals

    rng = np.random.default_rng(5)
    values = np.log(Gamma(mean=1, cv=1.3).sample(rng, 1000))
    found = normals.two_normals(values)

    for _ in range(20):
        means = rng.choice(values, 2)
        start = np.array([[0.5, 0.5], means, values.std() * rng.uniform(0.1, 1, 2)])
        climbed = normals._polished(values, normals._em(values, start, 0.01), 0.01)
        assert climbed.log_likelihood <= found.log_likelihood + 1e-3


def test_a_part_never_collapses_on_one_value() -> None:
    """Half of the values are equal to the last digit: the part on them keeps a width."""
    values = np.concatenate(
        [np.full(500, 0.2), Lognormal(mean=0.3, cv=0.3).quantile(np.arange(1, 500) / 500)]
    )

    found = FAMILIES["mixture"].fit(values)

    assert all(cv >= 1e-3 for cv in parameters(found)[2::2])
    assert np.isfinite(log_likelihood(found, values))


def test_the_shift_stays_below_rounded_values() -> None:
    """Where times are recorded in whole ms, the shift is half a ms below the least at most."""
    law = shifted(0.1, 0.02, 1.0)
    values = np.round(law.sample(np.random.default_rng(2), N), 3)

    found = FAMILIES["shifted-lognormal"].fit(values)

    assert isinstance(found, Shifted)
    assert found.shift <= values.min() - 0.0005 + 1e-12


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    cv=st.floats(0.05, 2),
    factor=st.sampled_from([1e-6, 1e-3, 60.0, 1e4]),
)
def test_another_unit_gives_the_same_law(seed: int, cv: float, factor: float) -> None:
    """Values times c give the law times c, whatever the family."""
    values = 0.01 + Lognormal(mean=0.15, cv=cv).sample(np.random.default_rng(seed), 400)
    levels = [0.01, 0.5, 0.9, 0.99]

    for name, family in FAMILIES.items():
        here, there = (
            family.fit(values).quantile(levels),
            family.fit(values * factor).quantile(levels),
        )
        assert there / factor == pytest.approx(here, rel=1e-2 if name == "mixture" else 1e-4), name


@pytest.mark.parametrize("family", FAMILIES)
def test_equal_values_have_no_law(family: str) -> None:
    """Each family says so, and raises nothing else."""
    with pytest.raises(ValueError, match=r"all values are equal|0 values lie above p95"):
        FAMILIES[family].fit(np.full(100, 0.2))


def test_too_wide_a_sample_has_no_lognormal_law() -> None:
    """A cv beyond what doubles hold is refused in words."""
    with pytest.raises(ValueError, match="too many orders of magnitude"):
        FAMILIES["lognormal"].fit(np.geomspace(1e-9, 1e9, 100))
