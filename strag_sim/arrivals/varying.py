"""Arrivals at a rate that follows the clock: written out, or the shipped envelope of a service."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from strag_sim.arrivals import envelopes
from strag_sim.arrivals.rate_curve import RateCurve
from strag_sim.arrivals.rates import (
    UNKNOWN_RATE,
    check_batch,
    check_rescaling,
    in_batches,
    with_rate,
)
from strag_sim.distributions.gamma import Gamma
from strag_sim.distributions.parameters import cv_in_range, not_negative, refuse
from strag_sim.units import Seconds

# Of peak over mean: so many candidates are thinned out for one arrival that stays.
MOST_PEAK = 100
# Drawn at a time, whatever is asked for, so that a longer draw begins alike.
_CANDIDATES = 8192


@dataclass(frozen=True, kw_only=True)
class Varying:
    """Poisson arrivals at a rate that follows the clock: written out, or a shipped envelope.

    ``rates`` (per second) hold between ``times`` from 0, of which there is one more; if there are
    as many, the rate goes straight from each to the next. Or ``envelope`` names a shipped one.
    After its end the rate repeats. All rates are multiplied so that their mean is ``rate`` or
    brings the ``offered_load``, if given. With ``cv`` the arrivals are no Poisson process: gaps are
    gamma with that coefficient of variation on a clock that runs with the rate. With
    ``random_start`` each run begins anywhere in the period; ``batch`` as for poisson.
    """

    times: tuple[Seconds, ...] | None = None
    rates: tuple[float, ...] | None = None
    envelope: str | None = None
    rate: float | None = None
    offered_load: float | None = None
    cv: float | None = None
    random_start: bool = False
    batch: int = 1

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        if self.times is not None:
            object.__setattr__(self, "times", tuple(self.times))
        if self.rates is not None:
            object.__setattr__(self, "rates", tuple(self.rates))
        given = (self.times is not None, self.rates is not None, self.envelope is not None)
        if given not in ((True, True, False), (False, False, True)):
            raise ValueError("times: give either times and rates, or envelope")
        check_rescaling(self.rate, self.offered_load)
        check_batch(self.batch)
        if self.cv is not None:
            cv_in_range(self.cv)
        curve = self._curve
        if self.cv is None and curve.peak > MOST_PEAK * curve.mean:
            raise ValueError(
                f"rates: a peak of {curve.peak / curve.mean:.3g} times the mean is not allowed; it "
                f"must be at most {MOST_PEAK} times the mean; or give cv: 1, which is not thinned"
            )

    def at_capacity(self, mean_size: float, slots: int) -> "Varying":
        """Return the same arrivals with the offered load turned into a rate."""
        return with_rate(self, mean_size, slots)

    @property
    def mean_rate(self) -> float:
        """The requests a second over whole periods; NaN while the offered load is no rate."""
        return self._factor() * self._curve.mean * self.batch

    @property
    def dispersion(self) -> None:
        """None: how requests bunch is the rate's doing, which no limit describes."""
        return

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        if self.offered_load is not None:
            raise ValueError(UNKNOWN_RATE)
        start = self._curve.period * rng.random() if self.random_start else 0.0
        instants = self._thinned if self.cv is None else self._on_a_clock
        return in_batches(self.batch, count, lambda n: instants(rng, n, start))

    def _thinned(self, rng: np.random.Generator, count: int, start: float) -> NDArray[np.float64]:
        """Return Poisson arrivals by thinning.

        Of candidates at the peak rate each stays with the probability rate / peak: exact for any
        rate (Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning",
        Naval Research Logistics Quarterly 26 (1979)).
        """
        curve = self._curve
        peak, period = curve.peak, curve.period
        found, have, now = [np.empty(0)], 0, start
        while have < count:
            gaps = rng.standard_exponential(_CANDIDATES)
            gaps /= self._factor() * peak
            candidates = now + np.cumsum(gaps)
            now = float(candidates[-1])
            stay = rng.random(_CANDIDATES) * peak < curve.at(candidates % period)
            found.append(candidates[stay])
            have += found[-1].size
        return np.concatenate(found)[:count] - start

    def _on_a_clock(
        self, rng: np.random.Generator, count: int, start: float
    ) -> NDArray[np.float64]:
        """Return arrivals whose gaps are gamma with mean 1 in expected arrivals.

        Exact too, for a cv of 1 the same law as thinning: expected arrivals are turned back into
        the time at which so many are due.
        """
        gaps = Gamma(mean=1.0, cv=self.cv or 1.0).sample(rng, count)
        curve, factor = self._curve, self._factor()
        due = float(curve.due(np.array(start))) + np.cumsum(gaps) / factor
        periods, rest = np.divmod(due, curve.mean * curve.period)
        return np.maximum.accumulate(periods * curve.period + curve.when(rest) - start)

    @cached_property
    def _curve(self) -> RateCurve:
        """The rate over one period, before it is rescaled."""
        if self.envelope is not None:
            return envelopes.load(self.envelope).curve()
        return _curve_of(self.times or (), self.rates or ())

    def _factor(self) -> float:
        """Return what all rates are multiplied by; NaN while the offered load is no rate."""
        if self.offered_load is not None:
            return math.nan
        return 1.0 if self.rate is None else self.rate / self._curve.mean


def _curve_of(times: tuple[float, ...], rates: tuple[float, ...]) -> RateCurve:
    """Return the rate that a scenario writes out; refuse one that makes no sense."""
    if not rates or len(times) < 2 or len(times) - len(rates) not in (0, 1):
        raise ValueError(
            f"rates: {len(rates)} rates for {len(times)} times are not allowed; give one rate less "
            "than times (each holds until the next time) or as many (straight lines between them)"
        )
    if times[0] != 0:
        raise refuse("times[0]", times[0], "0, where a period begins")
    for i, (before, here) in enumerate(zip(times, times[1:], strict=False), start=1):
        if not before < here < math.inf:
            raise refuse(f"times[{i}]", here, f"a time above the one before it ({before})")
    for i, rate in enumerate(rates):
        not_negative(**{f"rates[{i}]": rate})
    if not any(rates):
        raise refuse("rates", list(rates), "a list in which some rate is above 0")
    values = np.array(rates, dtype=np.float64)
    steps = len(rates) < len(times)
    left, right = (values, values) if steps else (values[:-1], values[1:])
    return RateCurve(np.array(times, dtype=np.float64), left, right)
