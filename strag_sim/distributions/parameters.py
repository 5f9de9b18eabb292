"""The checks of parameters that several kinds share; each raises a ValueError for the user."""

import math
import numbers
from collections.abc import Sequence

from strag_sim.units import shown

# A coefficient of variation outside needs doubles that do not exist (gamma) or is a constant.
_SMALLEST_CV, _LARGEST_CV = 1e-3, 100.0


def refuse(key: str, value: object, allowed: str) -> ValueError:
    """Return the error that says which value is refused and what is allowed instead."""
    return ValueError(f"{key}: {shown(value)} is not allowed; {key} must be {allowed}")


def positive(**values: object) -> None:
    """Require finite numbers above 0."""
    for key, value in values.items():
        if not (is_finite(value) and value > 0):  # type: ignore[operator]
            raise refuse(key, value, "a finite number above 0")


def not_negative(**values: object) -> None:
    """Require finite numbers of at least 0."""
    for key, value in values.items():
        if not (is_finite(value) and value >= 0):  # type: ignore[operator]
            raise refuse(key, value, "a finite number of at least 0")


def cv_in_range(cv: object) -> None:
    """Require a coefficient of variation (standard deviation over mean) that doubles can hold."""
    if not (is_finite(cv) and _SMALLEST_CV <= cv <= _LARGEST_CV):  # type: ignore[operator]
        allowed = f"between {_SMALLEST_CV:g} and {_LARGEST_CV:g} (standard deviation over mean)"
        raise refuse("cv", cv, allowed + "; use kind deterministic for a constant")


def all_positive(key: str, values: Sequence[object]) -> None:
    """Require a sequence, not empty, of finite numbers above 0."""
    if not len(values):
        raise refuse(key, [], "a list of at least one number")
    for i, value in enumerate(values):
        positive(**{f"{key}[{i}]": value})


def is_finite(value: object) -> bool:
    """Tell whether it is a number, no truth value, that a double holds."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:  # an integer beyond any double
        return False


def weights_sum_to_one(weights: Sequence[float]) -> None:
    """Require shares between 0 and 1 that sum to 1."""
    for i, weight in enumerate(weights):
        if not (is_finite(weight) and 0 <= weight <= 1):
            raise refuse(f"weights[{i}]", weight, "between 0 and 1")
    total = math.fsum(weights)
    if abs(total - 1) > 1e-9:
        given = list(weights)
        raise refuse("weights", given, f"shares that sum to 1 (these sum to {total:.10g})")
