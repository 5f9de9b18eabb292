"""The generalised Pareto law: what lies beyond a high threshold, whatever the law below it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import above_zero, levels_of, numbers_of
from strag_sim.distributions.parameters import is_finite, positive, refuse
from strag_sim.units import Seconds

# Below -1 the law crowds against its end and has no likeliest parameters; above 10 samples would
# pass the largest double.
_LEAST_SHAPE, _GREATEST_SHAPE = -1.0, 10.0
# Nearer to 0 the law is the exponential one to the last digits, and x / shape has none.
_EXPONENTIAL = 1e-12


@dataclass(frozen=True, kw_only=True)
class GeneralisedPareto:
    """Sizes of which a share ``(1 + shape t / scale)^(-1 / shape)`` exceeds t.

    With a shape of 0 this is the exponential law. Above 0 the tail falls by the power 1 / shape,
    and from 1 on the mean is infinite; below 0 the law ends at ``scale / -shape``. Excesses of
    nearly any law over a threshold near its upper end have this law in the limit (Pickands 1975).
    """

    scale: Seconds
    shape: float

    def __post_init__(self) -> None:
        """Refuse parameters that make no law."""
        positive(scale=self.scale)
        if not (is_finite(self.shape) and _LEAST_SHAPE <= self.shape <= _GREATEST_SHAPE):
            allowed = f"between {_LEAST_SHAPE:g} and {_GREATEST_SHAPE:g}"
            raise refuse("shape", self.shape, allowed)

    @property
    def mean(self) -> float:
        """The mean, in seconds; infinity for a shape of at least 1."""
        return self.scale / (1 - self.shape) if self.shape < 1 else math.inf

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return ``scale ((1 - level)^-shape - 1) / shape``, in seconds."""
        with np.errstate(divide="ignore"):  # level 1 is infinity, or the end
            return self._stretched(-np.log1p(-levels_of(level)))

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        ratio = np.maximum(numbers_of(time), 0.0) / self.scale
        if abs(self.shape) < _EXPONENTIAL:
            return numbers_of(-np.expm1(-ratio))
        with np.errstate(divide="ignore"):  # at and beyond the end the share is 1
            powers = np.log1p(np.maximum(self.shape * ratio, -1.0)) / self.shape
        return numbers_of(-np.expm1(-powers))

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        return above_zero(self._stretched(rng.standard_exponential(shape)))

    def _stretched(self, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what exponential sizes of mean 1 are in this law."""
        if abs(self.shape) < _EXPONENTIAL:
            return numbers_of(self.scale * sizes)
        return numbers_of(self.scale * (np.expm1(self.shape * sizes) / self.shape))
