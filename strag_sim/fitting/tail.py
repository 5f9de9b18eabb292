"""A table of quantiles with a generalised Pareto law for what lies beyond it."""

import math

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.composed import Mixture, Part, Shifted
from strag_sim.distributions.generalised_pareto import GeneralisedPareto
from strag_sim.distributions.table import Table

Numbers = NDArray[np.float64]

# The level at which the tail begins, and how many values must lie beyond it.
THRESHOLD = 0.95
FEWEST = 10
# The levels of the body's table: dense at its ends, even between.
_BODY = np.array([0, 0.005, 0.01, 0.02, *np.arange(0.03, 0.94, 0.03), THRESHOLD])
# Shapes that are looked at: below -1/2 the usual theory of likelihood fails (Smith, Biometrika
# 72, 1985), and from 1 on there is no mean, nor then an offered load.
_LEAST, _GREATEST = -0.5, 0.95
_TRIED = 400


def table_with_tail(values: Numbers) -> Mixture:
    """Return 95 % of a table of quantiles, and 5 % of a generalised Pareto law beyond it.

    The table has the sample's quantiles at 36 levels up to p95; the tail is fitted to what values
    exceed p95 by. ``ValueError`` if fewer than ``FEWEST`` values do.
    """
    table = np.quantile(values, _BODY)
    threshold = float(table[-1])
    beyond = values[values > threshold] - threshold
    if beyond.size < FEWEST:
        raise ValueError(f"{beyond.size} values lie above p95; a tail needs {FEWEST}")
    body = Table(levels=tuple((_BODY / THRESHOLD).tolist()), values=tuple(table.tolist()))
    tail = Shifted(shift=threshold, of=generalised_pareto(beyond))
    return Mixture(
        parts=(Part(weight=THRESHOLD, of=body), Part(weight=round(1 - THRESHOLD, 12), of=tail))
    )


def generalised_pareto(excesses: Numbers) -> GeneralisedPareto:
    """Return the generalised Pareto law of greatest likelihood with a shape from -0.5 to 0.95.

    By one parameter: given shape / scale = r, the likeliest shape is the mean of log(1 + r x)
    (Grimshaw, Technometrics 35, 1993).

    Parameters
    ----------
    excesses : array of float64, shape (n,)
        Above 0.
    """
    from scipy.optimize import minimize_scalar

    unit = float(excesses.mean())
    scaled = excesses / unit

    def law(ratio: float) -> tuple[float, float]:
        """Return the shape and the scale, in units of the mean excess."""
        if abs(ratio) < 1e-9:
            return 0.0, 1.0
        shape = float(np.log1p(ratio * scaled).mean())
        shape = min(max(shape, _LEAST), _GREATEST)
        return shape, shape / ratio

    def loss(ratio: float) -> float:
        shape, scale = law(ratio)
        if shape == 0:
            return 1.0
        return math.log(scale) + (1 + 1 / shape) * float(np.log1p(ratio * scaled).mean())

    # On the scale of asinh: even around 0 and logarithmic far away.
    end = -1 / float(scaled.max())
    tried = np.unique(
        np.concatenate(
            [end * (1 - np.geomspace(1e-6, 1, _TRIED // 4)), [0.0], np.geomspace(1e-3, 1e3, _TRIED)]
        )
    )
    losses = np.array([loss(ratio) for ratio in tried])
    best = int(np.argmin(losses))
    around = (tried[max(best - 1, 0)], tried[min(best + 1, tried.size - 1)])
    found = minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-10})
    ratio = float(found.x) if found.fun < losses[best] else float(tried[best])
    shape, scale = law(ratio)
    return GeneralisedPareto(scale=scale * unit, shape=shape)
