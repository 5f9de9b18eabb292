"""A mixture of two normal laws, of greatest likelihood: of logarithms, two lognormal laws."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# Shares of the values that are first taken for the lower part.
_SPLITS = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
# Steps of EM from each start, on so many quantiles of the values at most.
_STEPS, _QUANTILES = 100, 2000
# No part is narrower than this share of the standard deviation of all, nor than the least cv of a
# law, nor has fewer values: the likelihood of a part on a single value grows without bound.
_NARROWEST, _NARROW, _FEWEST = 0.01, 1.001e-3, 5


@dataclass(frozen=True)
class TwoNormals:
    """Two normal laws, in the order of their means; and the log likelihood of the values."""

    weights: tuple[float, float]
    means: tuple[float, float]
    spreads: tuple[float, float]
    log_likelihood: float


def two_normals(values: Numbers) -> TwoNormals:
    """Return the mixture of two normal laws of greatest likelihood, from several fixed starts.

    EM (Dempster, Laird and Rubin, 1977) on quantiles of the values finds the best start; L-BFGS
    then climbs on all of them. Each part keeps a least spread and a least share of the values.

    Parameters
    ----------
    values : array of float64, shape (n,), n >= 10
    """
    if values.size < 2 * _FEWEST:
        raise ValueError(f"two parts need {2 * _FEWEST} values at least")
    whole = float(values.std())
    if whole < 1e-9:  # which is rounding
        raise ValueError("all values are equal")
    floor = max(_NARROWEST * whole, _NARROW)
    ranked = np.sort(values)
    some = ranked
    if ranked.size > _QUANTILES:
        places = (np.arange(_QUANTILES) + 0.5) * ranked.size / _QUANTILES
        some = ranked[places.astype(np.intp)]
    starts = [_started(some, share) for share in _SPLITS] + [_wide(some)]
    climbed = [_em(some, start, floor) for start in starts]
    best = max(climbed, key=lambda parts: _log_likelihood(some, parts))
    return _polished(values, best, floor)


# Inside this module the parts are an array of shape (3, 2): weights, means and spreads.


def _started(ranked: Numbers, share: float) -> Numbers:
    """Return the parts below and above a quantile."""
    cut = int(share * ranked.size)
    low, high = ranked[:cut], ranked[cut:]
    return np.array([[share, 1 - share], [low.mean(), high.mean()], [low.std(), high.std()]])


def _wide(ranked: Numbers) -> Numbers:
    """Return a narrow and a wide part around the same middle."""
    middle, spread = float(np.median(ranked)), float(ranked.std())
    return np.array([[0.8, 0.2], [middle, float(ranked.mean())], [spread / 2, spread * 2]])


def _em(values: Numbers, parts: Numbers, floor: float) -> Numbers:
    """Return the parts after some steps of EM."""
    least = _FEWEST / values.size
    for _ in range(_STEPS):
        parts = np.stack([np.clip(parts[0], least, 1 - least), parts[1], parts[2]])
        parts[2] = np.maximum(parts[2], floor)
        logs = _log_densities(values, parts)
        shares = np.exp(logs - np.logaddexp(logs[0], logs[1]))
        sums = shares.sum(axis=1) + 1e-300
        means = shares @ values / sums
        gaps = values - means[:, None]
        parts = np.stack(
            [sums / values.size, means, np.sqrt((shares * gaps**2).sum(axis=1) / sums)]
        )
    parts[2] = np.maximum(parts[2], floor)
    parts[0] = np.clip(parts[0], least, 1 - least)
    return parts


def _polished(values: Numbers, parts: Numbers, floor: float) -> TwoNormals:
    """Return the parts at the top of the hill on which they stand."""
    from scipy.optimize import minimize

    centre, scale = float(values.mean()), float(values.std())
    scaled = (values - centre) / scale
    least = _FEWEST / values.size
    (w, _), means, spreads = parts
    begin = [np.log(w / (1 - w)), *(means - centre) / scale, *np.log(spreads / scale)]
    ends = np.log((1 - least) / least)
    bounds = [(-ends, ends), (None, None), (None, None), *[(np.log(floor / scale), None)] * 2]
    found = minimize(
        _loss,
        begin,
        args=(scaled,),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500},
    )
    top = _parts_of(found.x)
    order = np.argsort(top[1], kind="stable")
    weights, means, spreads = top[:, order]
    means, spreads = means * scale + centre, spreads * scale
    result = np.stack([weights, means, spreads])
    return TwoNormals(
        (float(weights[0]), float(weights[1])),
        (float(means[0]), float(means[1])),
        (float(spreads[0]), float(spreads[1])),
        _log_likelihood(values, result),
    )


def _parts_of(free: Numbers) -> Numbers:
    """Return the parts of which these are the unbounded parameters."""
    weight = 1 / (1 + np.exp(-free[0]))
    return np.array([[weight, 1 - weight], free[1:3], np.exp(free[3:5])])


def _loss(free: Numbers, values: Numbers) -> tuple[float, Numbers]:
    """Return the mean negative log likelihood and its derivatives by the parameters."""
    parts = _parts_of(free)
    logs = _log_densities(values, parts)
    whole = np.logaddexp(logs[0], logs[1])
    shares = np.exp(logs - whole)
    gaps = (values - parts[1][:, None]) / parts[2][:, None]
    by_mean = (shares * gaps).mean(axis=1) / parts[2]
    by_spread = (shares * (gaps**2 - 1)).mean(axis=1)
    by_weight = shares[0].mean() - parts[0, 0]
    return -float(whole.mean()), -np.array([by_weight, *by_mean, *by_spread])


def _log_densities(values: Numbers, parts: Numbers) -> Numbers:
    """Return the log density of each part, its weight included, at values; shape (2, n)."""
    weights, means, spreads = (row[:, None] for row in parts)
    gaps = (values - means) / spreads
    return np.asarray(np.log(weights / spreads) - 0.5 * (gaps**2 + np.log(2 * np.pi)))


def _log_likelihood(values: Numbers, parts: Numbers) -> float:
    """Return the log likelihood of values."""
    logs = _log_densities(values, parts)
    return float(np.logaddexp(logs[0], logs[1]).sum())
