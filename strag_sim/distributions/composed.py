"""Laws made of other laws: mixtures, hyperexponential, shifted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import Distribution, above_zero, levels_of, numbers_of
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.parameters import (
    all_positive,
    is_finite,
    not_negative,
    refuse,
    weights_sum_to_one,
)
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.scripted import Scripted
from strag_sim.units import Seconds

# Enough halvings to bring any bracket within a factor 2^40 down to neighbouring doubles.
_HALVINGS = 100


@dataclass(frozen=True, kw_only=True)
class Part:
    """One law of a mixture, and the share ``weight`` of sizes that it gives."""

    weight: float
    of: Distribution

    def __post_init__(self) -> None:
        """Refuse a weight that is no share, and a law that cannot be drawn from."""
        if not (is_finite(self.weight) and 0 <= self.weight <= 1):
            raise refuse("weight", self.weight, "between 0 and 1")
        drawable(self.of)


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """Sizes of which each comes from one of the ``parts``, chosen by their weights (sum 1)."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        """Refuse weights that do not sum to 1."""
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.parts:
            raise refuse("parts", [], "a list of at least one part")
        weights_sum_to_one([part.weight for part in self.parts])

    @property
    def mean(self) -> float:
        """The weighted mean of the parts' means, in seconds."""
        return sum(part.weight * part.of.mean for part in self._used())

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds.

        By bisection: the mixture's quantile lies between the least and the greatest of its parts'.
        """
        levels = levels_of(level)
        quantiles = [part.of.quantile(levels) for part in self._used()]
        low, high = np.min(quantiles, axis=0), np.max(quantiles, axis=0)
        # Where the least is enough already, and where the law has no end, there is no search.
        high = np.where(self.cdf(low) >= levels, low, high)
        low = np.where(np.isfinite(high), low, high)
        for _ in range(_HALVINGS):
            middle = np.where(low < high, 0.5 * low + 0.5 * high, high)
            if np.all((middle == low) | (middle == high)):
                break
            reached = self.cdf(middle) >= levels
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
        return numbers_of(high)

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        shares = [part.weight * part.of.cdf(time) for part in self._used()]
        return numbers_of(np.sum(shares, axis=0))

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        parts = self._used()
        sizes = np.empty(shape)
        chosen = _choose(rng, [part.weight for part in parts], shape)
        for i, part in enumerate(parts):
            here = chosen == i
            sizes[here] = part.of.sample(rng, int(np.count_nonzero(here)))
        return sizes

    def _used(self) -> list[Part]:
        """Return the parts that give any sizes at all."""
        return [part for part in self.parts if part.weight > 0]


@dataclass(frozen=True, kw_only=True)
class Hyperexponential:
    """Sizes that are exponential with mean ``means[i]`` for a share ``weights[i]`` of them."""

    means: tuple[Seconds, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse parameters that make no law."""
        object.__setattr__(self, "means", tuple(self.means))
        object.__setattr__(self, "weights", tuple(self.weights))
        all_positive("means", self.means)
        if len(self.weights) != len(self.means):
            allowed = f"as many as means ({len(self.means)}, not {len(self.weights)})"
            raise refuse("weights", list(self.weights), allowed)
        weights_sum_to_one(self.weights)

    @property
    def mean(self) -> float:
        """The weighted mean, in seconds."""
        return self._mixture().mean

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds."""
        return self._mixture().quantile(level)

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        return self._mixture().cdf(time)

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        sizes = numbers_of(self.means).take(_choose(rng, self.weights, shape))
        sizes *= rng.standard_exponential(shape)
        return above_zero(sizes)

    def _mixture(self) -> Mixture:
        """Return the same law as a mixture."""
        pairs = zip(self.weights, self.means, strict=True)
        return Mixture(parts=tuple(Part(weight=w, of=Exponential(mean=mean)) for w, mean in pairs))


@dataclass(frozen=True, kw_only=True)
class Shifted:
    """Sizes of the law ``of``, each longer by ``shift``."""

    shift: Seconds
    of: Distribution

    def __post_init__(self) -> None:
        """Refuse a negative shift, and a law that cannot be drawn from."""
        not_negative(shift=self.shift)
        drawable(self.of)

    @property
    def mean(self) -> float:
        """The mean, in seconds."""
        return self.shift + self.of.mean

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds."""
        return self.shift + self.of.quantile(level)

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        return self.of.cdf(numbers_of(time) - self.shift)

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        sizes = self.of.sample(rng, shape)
        sizes += self.shift
        return sizes


def drawable(of: Distribution) -> None:
    """Refuse laws that only mean something as the whole service: by position or by worker."""
    bound = isinstance(of, Scripted) or (isinstance(of, Profile) and of.per_worker)
    if bound or not isinstance(of, Distribution):
        raise refuse("of", of, "a law that any task may draw from, not scripted or per_worker")


def _choose(
    rng: np.random.Generator, weights: Sequence[float], shape: int | tuple[int, ...]
) -> NDArray[np.intp]:
    """Draw positions, each i with probability ``weights[i]``, of this shape."""
    steps = np.cumsum(weights)[:-1]  # without the last, so that rounding cannot pass it
    return np.searchsorted(steps, rng.random(shape), side="right")
