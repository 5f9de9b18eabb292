"""Where on the line inputs and tasks stand: families of points in [-1, 1].

An input stands at a data point, a task at a worker's point. What decodes well is decided here:
Berrut and Trefethen, "Barycentric Lagrange Interpolation", SIAM Review 46 (2004), 501-517.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from strag_sim.codes.code import Floats
from strag_sim.errors import CodeError

# Points nearer than this are the same: cos(pi/2) is 6e-17, and should be 0.
SAME = 1e-12


@dataclass(frozen=True)
class Points:
    """K data points and N workers' points; a worker may stand at a data point, and is then a copy.

    Raises a CodeError if a point is not finite, or two data points or two workers coincide.
    """

    data: tuple[float, ...]
    workers: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse points that coincide or are not finite."""
        for name, points in (("data", self.data), ("workers'", self.workers)):
            if not points or not np.isfinite(points).all():
                raise CodeError(f"points: {name} points must be finite numbers, at least one")
            for low, high in pairwise(sorted(points)):
                if high - low <= SAME:
                    raise CodeError(
                        f"points: two {name} points coincide at {low:.6g}; points of one kind must "
                        f"be more than {SAME:g} apart"
                    )


def chebyshev_first(count: int) -> Floats:
    """Return the Chebyshev points of the first kind, cos((2 j + 1) pi / (2 n)), falling."""
    return np.cos((2 * np.arange(count) + 1) * np.pi / (2 * count))


def chebyshev_second(count: int) -> Floats:
    """Return the Chebyshev points of the second kind, cos(j pi / (n - 1)), falling; one alone is 0.

    They hold both ends of the interval.
    """
    return np.cos(np.arange(count) * np.pi / (count - 1)) if count > 1 else np.zeros(1)


def equispaced(count: int) -> Floats:
    """Return evenly spaced points from 1 down to -1; one alone is 0."""
    return np.linspace(1.0, -1.0, count) if count > 1 else np.zeros(1)


def chebyshev_points(inputs: int, tasks: int) -> Points:
    """Return data points of the first kind and workers' points of the second.

    That is where Lagrange-coded inputs and ApproxIFER's stand (its code has cos(j pi / N) in some
    scripts and cos(j pi / (N - 1)) in others). N = 2 K + 1 workers' points hold the K data points.
    """
    return _points(chebyshev_first(inputs), chebyshev_second(tasks))


def equispaced_points(inputs: int, tasks: int) -> Points:
    """Return Chebyshev data points, and workers' points evenly spaced: good for few tasks only."""
    return _points(chebyshev_first(inputs), equispaced(tasks))


def systematic_points(inputs: int, tasks: int) -> Points:
    """Return points where task j is input j itself, for j < K; the tasks behind are parities.

    All are Chebyshev points of the second kind. Data takes those in the middle: of all choices of
    K among N that has the least worst gain (all were tried for K = 4 of N = 5, 6, 8 and 8 of 10).
    A CodeError says if there are fewer tasks than inputs.
    """
    if tasks < inputs:
        raise CodeError(
            f"tasks: {tasks} is not allowed; of a systematic code they must be at least as many "
            f"as its inputs ({inputs})"
        )
    points = chebyshev_second(tasks)
    first = (tasks - inputs) // 2
    data = points[first : first + inputs]
    return _points(data, np.r_[data, points[:first], points[first + inputs :]])


FAMILIES: dict[str, Callable[[int, int], Points]] = {
    "chebyshev": chebyshev_points,
    "equispaced": equispaced_points,
    "systematic": systematic_points,
}


def points_of(points: str | Points, inputs: int, tasks: int) -> Points:
    """Return the points of a family, or these points, if they are K and N; else a CodeError."""
    if isinstance(points, str):
        if points not in FAMILIES:
            raise CodeError(
                f"points: {points!r} is not allowed; points must be "
                f"{', '.join(FAMILIES)}, or Points"
            )
        return FAMILIES[points](inputs, tasks)
    if (len(points.data), len(points.workers)) != (inputs, tasks):
        raise CodeError(
            f"points: {len(points.data)} data and {len(points.workers)} workers' points do not fit "
            f"{inputs} inputs and {tasks} tasks"
        )
    return points


def _points(data: Floats, workers: Floats) -> Points:
    """Return points of arrays."""
    return Points(tuple(data.tolist()), tuple(workers.tolist()))
