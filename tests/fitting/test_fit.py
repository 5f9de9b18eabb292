"""Fits of several families: ranked, refused in words, rounded, and pasted into a scenario."""

import math

import numpy as np
import pytest
import yaml

from strag_sim import fitting, profiles
from strag_sim.distributions.composed import Mixture, Part
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.distributions.table import Table
from strag_sim.distributions.weibull import Weibull
from strag_sim.errors import FitError
from strag_sim.scenario import fragment, load

SCENARIO = {
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "workers": {"count": 10},
    "policies": [{"kind": "none"}],
}


@pytest.fixture(scope="module")
def collage() -> tuple[fitting.Fit, ...]:
    """Return all fits of the shipped profile."""
    return fitting.fit(fitting.rebuilt(profiles.load("collage-vm")))


def test_on_the_collage_machines_the_mixture_is_best(collage: tuple[fitting.Fit, ...]) -> None:
    """The 2 % that one slow machine of fifty gives are a part of their own: p99 within 1 %."""
    best = fitting.best(collage)
    by_name = {each.family: each.goodness for each in collage if each.goodness}

    assert best is not None
    assert best.family == "mixture"
    assert isinstance(best.law, Mixture)
    assert best.law.parts[1].weight == pytest.approx(0.02, rel=0.1)
    assert abs(by_name["mixture"].p99) < 0.01
    assert min(collage, key=lambda each: each.aic).family == "mixture"
    # No other parametric law comes near; a tail fitted across the gap is far off.
    others = [good.p99 for name, good in by_name.items() if name != "mixture"]
    assert min(map(abs, others)) > 0.2


def test_every_family_is_fitted_in_the_order_of_the_table(
    collage: tuple[fitting.Fit, ...],
) -> None:
    """And each has its errors."""
    assert [each.family for each in collage] == list(fitting.FAMILIES)
    assert all(each.goodness and math.isfinite(each.goodness.ks) for each in collage)


def test_the_criterion_counts_parameters() -> None:
    """AIC of lognormal draws: the mixture's three parameters more gain about as many halves."""
    values = Lognormal(mean=1, cv=0.5).sample(np.random.default_rng(4), 5000)

    one, two = fitting.fit(values, ["lognormal", "mixture"])

    # Twice the gain of likelihood is small beside the price of 6, and never negative.
    assert -20 < two.aic - one.aic <= 6


@pytest.mark.parametrize("family", fitting.FAMILIES)
def test_each_law_is_yaml_of_a_scenario(collage: tuple[fitting.Fit, ...], family: str) -> None:
    """Read back it is the rounded law, whose quantiles are the fitted ones within 1e-5."""
    law = next(each.law for each in collage if each.family == family)
    assert law is not None

    text = fragment({"service": fitting.rounded(law)})
    loaded = load({**SCENARIO, **yaml.safe_load(text)})

    assert loaded.service == fitting.rounded(law)
    levels = [0.01, 0.5, 0.9, 0.99]
    assert loaded.service.quantile(levels) == pytest.approx(law.quantile(levels), rel=1e-4)


def test_rounded_weights_sum_to_one() -> None:
    """Whatever their digits, tiny ones too."""
    for weight in (1 / 3, 0.987654321, 1e-5 / 3, 0.95):
        parts = (Part(weight=weight, of=Weibull(mean=1 / 3, cv=1)),)
        parts += (Part(weight=1 - weight, of=Table(levels=(0, 1), values=(1 / 7, 2 / 7))),)

        law = fitting.rounded(Mixture(parts=parts))

        assert law.parts[0].weight + law.parts[1].weight == 1
        assert law.parts[0].of == Weibull(mean=0.333333, cv=1)
        assert law.parts[1].of.values == (0.142857, 0.285714)


def test_values_rebuilt_from_a_profile_have_its_quantiles() -> None:
    """As many as were measured, at most 10,000, at even midpoints of the table."""
    profile = profiles.load("collage-vm")

    values = fitting.rebuilt(profile)

    assert values.size == 10_000
    assert values[[0, 4999, 9999]] == pytest.approx(
        np.interp([0.00005, 0.49995, 0.99995], profile.levels, profile.values)
    )
    assert values.mean() == pytest.approx(profile.mean, rel=1e-3)


@pytest.mark.parametrize(
    ("values", "families", "message"),
    [
        (np.ones(19), ["gamma"], "values: 19 are not enough; a fit needs 20"),
        (np.append(np.ones(30), 0), ["gamma"], "values: 0.0 is not allowed; values must be fini"),
        (np.append(np.ones(30), np.nan), ["gamma"], "values: nan is not allowed"),
        (np.full(30, 0.2), ["gamma"], "all 30 are 0.2, .*kind: deterministic, value: 0.2"),
        (np.ones(30), ["gama"], "family: 'gama' is not allowed; family must be one of lognormal, "),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    values: np.ndarray, families: list[str], message: str
) -> None:
    """With a message for the user."""
    with pytest.raises(FitError, match=message):
        fitting.fit(values, families)


def test_a_family_that_does_not_fit_says_why_and_the_others_are_fitted() -> None:
    """Of 100 values five lie above p95, too few for a tail."""
    values = Lognormal(mean=1, cv=0.5).sample(np.random.default_rng(4), 100)

    fits = {each.family: each for each in fitting.fit(values)}

    assert fits["table-tail"].law is None
    assert fits["table-tail"].reason == "5 values lie above p95; a tail needs 10"
    assert all(each.law for name, each in fits.items() if name != "table-tail")


def test_of_no_parametric_fit_none_is_best() -> None:
    """A table alone is not ranked."""
    values = Lognormal(mean=1, cv=0.5).sample(np.random.default_rng(4), 1000)

    assert fitting.best(fitting.fit(values, ["table-tail"])) is None
