"""What every kind of distribution promises, checked on a table of examples of all kinds."""

import dataclasses
import math
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from strag_sim.distributions import KINDS
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
from strag_sim.distributions.scripted import Scripted
from strag_sim.distributions.table import Table
from strag_sim.distributions.truncated import Truncated
from strag_sim.distributions.uniform import Uniform
from strag_sim.distributions.weibull import Weibull

SIZE = 100_000
FAST, SLOW = Lognormal(mean=0.1, cv=0.3), Shifted(shift=0.5, of=Exponential(mean=0.2))
EXAMPLES: dict[str, list[Distribution]] = {
    "exponential": [Exponential(mean=0.2), Exponential(mean=3)],
    "deterministic": [Deterministic(value=0.02)],
    "uniform": [Uniform(low=0, high=2), Uniform(low=0.1, high=0.1001)],
    "lognormal": [Lognormal(mean=0.15, cv=0.5), Lognormal(mean=2, cv=2)],
    "gamma": [Gamma(mean=0.15, cv=0.2), Gamma(mean=1, cv=3)],
    "weibull": [Weibull(mean=0.15, cv=0.2), Weibull(mean=1, cv=2)],
    "pareto": [Pareto(minimum=0.1, shape=2.8)],
    "generalised-pareto": [
        GeneralisedPareto(scale=0.1, shape=0.3),
        GeneralisedPareto(scale=2, shape=0),
        GeneralisedPareto(scale=1, shape=-0.4),
    ],
    "hyperexponential": [Hyperexponential(means=(0.1, 1.0, 5.0), weights=(0.7, 0.2, 0.1))],
    "mixture": [
        Mixture(parts=(Part(weight=0.98, of=FAST), Part(weight=0.02, of=SLOW))),
        Mixture(
            parts=(
                Part(weight=0.5, of=Deterministic(value=1.0)),
                Part(weight=0.25, of=Deterministic(value=3.0)),
                Part(weight=0.25, of=Uniform(low=2.0, high=4.0)),
                Part(weight=0.0, of=Deterministic(value=99.0)),
            )
        ),
    ],
    "shifted": [Shifted(shift=0.05, of=Gamma(mean=0.1, cv=1.5))],
    "truncated": [
        Truncated(of=Profile(profile="collage-vm"), high=0.98),
        Truncated(of=Weibull(mean=1, cv=2), low=0.5),
        Truncated(of=Mixture(parts=(Part(weight=0.9, of=FAST), Part(weight=0.1, of=SLOW)))),
    ],
    "profile": [Profile(profile="collage-vm"), Profile(profile="collage-vm", scale=0.5)],
    "empirical": [Empirical(values=(0.1, 0.3, 0.2, 0.2, 7.0))],
    "table": [
        Table(levels=(0, 0.5, 0.9, 1), values=(0.1, 0.2, 0.2, 4.0)),
        Table(levels=(0, 1 / 3, 1), values=(0.1, 0.2, 0.5)),
    ],
    "scripted": [Scripted(own=(1.0, 2.0, 4.0)), Scripted(redundant=((1.0, 2.0), (3.0,)))],
}
ALL = [
    pytest.param(law, id=f"{kind}-{i}")
    for kind, laws in EXAMPLES.items()
    for i, law in enumerate(laws)
]
DRAWN = [param for param in ALL if not isinstance(param.values[0], Scripted)]
MIDPOINTS = (np.arange(SIZE) + 0.5) / SIZE


def test_every_kind_has_an_example() -> None:
    """The table of examples follows the table of kinds."""
    assert EXAMPLES.keys() == KINDS.keys()
    assert all(type(law) is KINDS[kind] for kind, laws in EXAMPLES.items() for law in laws)


@pytest.mark.parametrize("law", ALL)
def test_is_a_frozen_keyword_only_dataclass_with_a_docstring(law: Distribution) -> None:
    """A kind is a value: it can be compared, hashed and not changed."""
    again = dataclasses.replace(law)  # type: ignore[type-var]

    assert isinstance(law, Distribution)
    assert type(law).__doc__
    assert law == again
    assert hash(law) == hash(again)
    with pytest.raises(dataclasses.FrozenInstanceError):
        law.mean = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        type(law)(1.0)  # type: ignore[call-arg]


@pytest.mark.parametrize("law", DRAWN)
def test_sample_has_the_mean(law: Distribution) -> None:
    """The mean of 100,000 draws lies within 4 standard errors (a false alarm in 16,000)."""
    assert abs(mean_score(law, draws_of(law))) <= 4


@pytest.mark.parametrize("law", DRAWN)
def test_sample_has_the_quantiles(law: Distribution) -> None:
    """Kolmogorov's distance of 100,000 draws is below that of a false alarm in 10,000."""
    assert distance(law, draws_of(law)) <= CRITICAL


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param(Exponential(mean=0.98), id="mean-2-percent-off"),
        pytest.param(Gamma(mean=1, cv=0.98), id="same-mean-other-shape"),
        pytest.param(Shifted(shift=0.02, of=Exponential(mean=0.98)), id="shifted"),
    ],
)
def test_a_wrong_law_is_noticed(planted: Distribution) -> None:
    """Negative control: draws of a slightly different law fail the checks above."""
    claimed = Exponential(mean=1)

    draws = draws_of(planted)

    assert abs(mean_score(claimed, draws)) > 4 or distance(claimed, draws) > CRITICAL


@pytest.mark.parametrize("law", ALL)
def test_mean_is_the_integral_of_the_quantiles(law: Distribution) -> None:
    """The midpoint rule over 100,000 levels comes within 0.3 % (a heavy tail's last cell)."""
    assert np.mean(law.quantile(MIDPOINTS)) == pytest.approx(law.mean, rel=3e-3)


@pytest.mark.parametrize("law", ALL)
def test_quantiles_never_fall(law: Distribution) -> None:
    """From level 0 to 1, ends included."""
    quantiles = law.quantile(np.linspace(0, 1, 2001))

    assert not np.isnan(quantiles).any()
    assert (np.diff(quantiles[:-1]) >= 0).all()
    assert quantiles[-1] >= quantiles[-2]
    assert quantiles[0] >= 0


@pytest.mark.parametrize("law", ALL)
def test_quantile_is_the_least_time_with_that_share(law: Distribution) -> None:
    """A share of at least p is at most quantile(p), and of at most p just below it."""
    levels = np.linspace(0.001, 0.999, 999)

    quantiles = law.quantile(levels)

    assert (law.cdf(quantiles * (1 + 1e-9)) >= levels - 1e-9).all()
    assert (law.cdf(quantiles * (1 - 1e-9)) <= levels + 1e-6).all()
    assert law.cdf(0.0) == 0


@pytest.mark.parametrize("law", ALL)
def test_shapes_are_kept(law: Distribution) -> None:
    """A level gives a number, an array of levels an array of its shape; so with times."""
    assert np.shape(law.quantile(0.5)) == ()
    assert np.shape(law.quantile([[0.1, 0.2, 0.3]])) == (1, 3)
    assert np.shape(law.cdf(0.5)) == ()
    assert np.shape(law.cdf(np.ones((2, 2)))) == (2, 2)


@pytest.mark.parametrize("law", DRAWN)
def test_samples_have_the_shape_asked_for_and_follow_the_seed(law: Distribution) -> None:
    """Any shape, none included; the same generator state gives the same bytes."""
    flat = law.sample(np.random.default_rng(3), 12)
    again = law.sample(np.random.default_rng(3), 12)
    square = law.sample(np.random.default_rng(3), (3, 4))

    assert flat.shape == (12,)
    assert flat.dtype == np.float64
    assert flat.tobytes() == again.tobytes()
    assert square.shape == (3, 4)
    assert law.sample(np.random.default_rng(3), (0,)).shape == (0,)
    assert law.sample(np.random.default_rng(3), (2, 0)).shape == (2, 0)


@pytest.mark.parametrize("law", ALL)
@pytest.mark.parametrize("level", [-0.1, 1.1, math.nan, [0.5, 2.0]])
def test_levels_outside_are_refused(law: Distribution, level: float) -> None:
    """A level is a share."""
    with pytest.raises(ValueError, match="level: .* is not allowed; level must be between 0 and 1"):
        law.quantile(level)


@pytest.mark.parametrize(
    "law",
    [
        Uniform(low=0, high=5e-324),
        Gamma(mean=1, cv=100),
        Exponential(mean=1e-320),
        Weibull(mean=1, cv=100),
        Mixture(parts=(Part(weight=1, of=Gamma(mean=1, cv=100)),)),
        Shifted(shift=0, of=Gamma(mean=1, cv=100)),
        Hyperexponential(means=(1e-320, 1), weights=(0.5, 0.5)),
    ],
)
def test_sizes_are_above_zero_even_where_rounding_gives_zero(law: Distribution) -> None:
    """A size of 0 would finish a task at the instant in which it starts."""
    sizes = law.sample(np.random.default_rng(1), 10_000)

    assert (sizes > 0).all()
    assert np.isfinite(sizes).all()


@pytest.mark.parametrize("kind", [Lognormal, Gamma, Weibull])
@pytest.mark.parametrize("cv", [0.001, 0.3, 1.0, 1.4])
def test_cv_is_that_of_the_law(kind: type, cv: float) -> None:
    """The standard deviation of the quantiles over the mean is the parameter, within 2 %."""
    quantiles = kind(mean=0.2, cv=cv).quantile(MIDPOINTS)

    assert np.std(quantiles) / 0.2 == pytest.approx(cv, rel=0.02)


def test_pareto_with_a_shape_up_to_one_has_no_mean() -> None:
    """The mean is infinite, and samples are finite all the same."""
    law = Pareto(minimum=1, shape=0.1)

    assert law.mean == math.inf
    assert np.isfinite(law.sample(np.random.default_rng(1), SIZE)).all()


def test_quantiles_of_a_mixture_of_constants_are_its_constants() -> None:
    """Bisection ends on the very double where the mixture jumps."""
    parts = tuple(Part(weight=w, of=Deterministic(value=v)) for w, v in ((0.5, 0.1), (0.5, 0.7)))

    quantiles = Mixture(parts=parts).quantile([0, 0.2, 0.5, 0.6, 1])

    assert quantiles.tolist() == [0.1, 0.1, 0.1, 0.7, 0.7]


def test_unbounded_laws_have_an_infinite_last_quantile() -> None:
    """And nothing in reaching it is undefined (such as infinity less infinity)."""
    laws = [*EXAMPLES["exponential"], *EXAMPLES["hyperexponential"], *EXAMPLES["pareto"]]

    with np.errstate(all="raise"):
        assert all(law.quantile(1) == math.inf for law in laws)


def test_scripted_sizes_cannot_be_drawn() -> None:
    """They are read by position; drawing them would be a fault of the caller."""
    with pytest.raises(ValueError, match="scripted sizes are read"):
        Scripted(own=(1.0,)).sample(np.random.default_rng(1), 3)


def test_importing_the_kinds_imports_no_slow_library() -> None:
    """The command answers in a blink: scipy and pandas wait until they are needed."""
    code = (
        "import sys, strag_sim.distributions as d; d.KINDS['profile'](profile='collage-vm'); "
        "print({'scipy', 'pandas', 'pyarrow', 'numba', 'pydantic'} & sys.modules.keys())"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


# The Dvoretzky-Kiefer-Wolfowitz bound with Massart's constant: holds for every law.
CRITICAL = math.sqrt(math.log(2 / 1e-4) / (2 * SIZE))


def draws_of(law: Distribution) -> NDArray[np.float64]:
    """Draw the sample that the checks look at."""
    return law.sample(np.random.default_rng(20_240_501), SIZE)


def mean_score(law: Distribution, draws: NDArray[np.float64]) -> float:
    """Return how many standard errors the draws' mean is from the law's; 0 if nothing varies."""
    error = float(np.std(draws, ddof=1)) / math.sqrt(len(draws))
    gap = float(np.mean(draws)) - law.mean
    return gap / error if error > 1e-12 * law.mean else gap / law.mean * 1e9


def distance(law: Distribution, draws: NDArray[np.float64]) -> float:
    """Return the largest gap between the draws' shares and the law's, at its own quantiles."""
    times = law.quantile(np.linspace(0.0005, 0.9995, 1000)) * (1 + 1e-12)
    shares = np.searchsorted(np.sort(draws), times, side="right") / len(draws)
    return float(np.abs(shares - law.cdf(times)).max())
