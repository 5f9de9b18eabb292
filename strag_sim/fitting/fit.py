"""Fit families of laws to measured values, and rank them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.composed import Mixture, Part
from strag_sim.distributions.curve import Curve
from strag_sim.distributions.distribution import Distribution
from strag_sim.errors import FitError
from strag_sim.fitting.density import log_likelihood
from strag_sim.fitting.families import FAMILIES
from strag_sim.fitting.goodness import Goodness, goodness
from strag_sim.profiles import Profile

Numbers = NDArray[np.float64]

# Fewer values than this say nothing about a law.
FEWEST = 20
# From a profile at most so many values are rebuilt.
MOST_REBUILT = 10_000
_DIGITS = 6  # significant ones of a law that is written


@dataclass(frozen=True)
class Fit:
    """A family fitted to values.

    ``law`` and ``goodness`` are None where there is none, and ``reason`` says why. ``aic`` is
    Akaike's criterion, 2 (parameters - log likelihood): less is better; NaN of a table.
    """

    family: str
    law: Distribution | None = None
    goodness: Goodness | None = None
    aic: float = math.nan
    reason: str = ""


def fit(values: Numbers, families: Sequence[str] = tuple(FAMILIES)) -> tuple[Fit, ...]:
    """Fit each family to values, shape (n,), by maximum likelihood; in the order given.

    Raises
    ------
    FitError
        If there are fewer than 20 values, all are equal, one is not finite and above 0, or a
        family is unknown.
    """
    if values.size < FEWEST:
        raise FitError(f"values: {values.size} are not enough; a fit needs {FEWEST} at least")
    if not (np.isfinite(values).all() and values.min() > 0):
        wrong = values[~(np.isfinite(values) & (values > 0))][0]
        raise FitError(f"values: {wrong} is not allowed; values must be finite and above 0")
    for family in families:
        if family not in FAMILIES:
            allowed = ", ".join(FAMILIES)
            raise FitError(f"family: {family!r} is not allowed; family must be one of {allowed}")
    if values.min() == values.max():
        raise FitError(
            f"values: all {values.size:,} are {values[0]:g}, which leaves no law to find; write "
            f"{{kind: deterministic, value: {values[0]:g}}}"
        )
    return tuple(_fit(values, family) for family in families)


def best(fits: Sequence[Fit]) -> Fit | None:
    """Return the parametric fit with the least distance; None if none is parametric."""
    found = [each for each in fits if each.goodness and FAMILIES[each.family].parametric]
    return min(found, key=lambda each: each.goodness.ks if each.goodness else 1.0, default=None)


def rebuilt(profile: Profile) -> Numbers:
    """Return values as they may have been measured: a profile's quantiles at even midpoints.

    As many as were measured, at most 10,000; also 10,000 where none were, but a law was published.
    """
    count = min(profile.n, MOST_REBUILT) or MOST_REBUILT
    levels = (np.arange(count) + 0.5) / count
    return Curve(profile.levels, profile.values).quantile(levels)


def rounded(law: Any) -> Any:
    """Return a law with six significant digits a parameter, weights that sum to 1 all the same."""
    if isinstance(law, Mixture):
        weights = [round(part.weight, _DIGITS) for part in law.parts]
        weights[-1] = round(1 - math.fsum(weights[:-1]), _DIGITS)
        parts = zip(weights, law.parts, strict=True)
        return Mixture(parts=tuple(Part(weight=w, of=rounded(part.of)) for w, part in parts))
    if is_dataclass(law) and not isinstance(law, type):
        return replace(law, **{each.name: rounded(getattr(law, each.name)) for each in fields(law)})
    if isinstance(law, tuple):
        return tuple(map(rounded, law))
    return float(f"{law:.{_DIGITS}g}") if isinstance(law, float) else law


def _fit(values: Numbers, name: str) -> Fit:
    """Fit one family; what keeps it from being fitted is said, not raised."""
    family = FAMILIES[name]
    try:
        law = family.fit(values)
    except ValueError as error:
        return Fit(name, reason=str(error))
    aic = math.nan
    if family.parametric:
        aic = 2 * (family.parameters - log_likelihood(law, values))
    return Fit(name, law, goodness(law, values), aic)
