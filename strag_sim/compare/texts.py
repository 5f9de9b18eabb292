"""Numbers of a comparison as people read them."""

import math

from strag_sim.units import readable, seconds

# The measures, and what tables call them.
NAMES = {
    "mean": "mean",
    "std": "std",
    "var": "variance",
    "p50": "p50",
    "p95": "p95",
    "p99": "p99",
    "p999": "p99.9",
    "cost": "cost",
    "accuracy": "accuracy",
}
NONE = "-"


def ratio(centre: float, low: float, high: float) -> str:
    """Return a ratio and its interval, in the digits that it leaves: 0.62 (0.60 to 0.64).

    Where there is no interval, the ratio alone.
    """
    if math.isnan(centre):
        return NONE
    digits = decimals(high - low, centre)
    between = "" if math.isnan(high - low) else f" ({low:.{digits}f} to {high:.{digits}f})"
    return f"{centre:.{digits}f}{between}"


def difference(measure: str, centre: float, low: float, high: float) -> str:
    """Return a difference and its interval, in one unit: -32.1 ms (-33.1 to -31.1)."""
    if math.isnan(centre):
        return NONE
    known = [number for number in (centre, low, high) if not math.isnan(number)]
    unit, scale = _unit(measure, max(map(abs, known)))
    digits = decimals((high - low) / scale, centre / scale)
    text = f"{centre / scale:+z.{digits}f} {unit}"
    if math.isnan(high - low):
        return text
    return f"{text} ({low / scale:+z.{digits}f} to {high / scale:+z.{digits}f})"


def decimals(width: float, centre: float) -> int:
    """Return how many decimals show two digits of half an interval; without one, three digits."""
    size = width / 2 if width > 0 else abs(centre) / 10
    return max(0, 1 - math.floor(math.log10(size))) if size > 0 else 0


def _unit(measure: str, size: float) -> tuple[str, float]:
    """Return the unit that fits a measure of this size, and how much of a plain number it is."""
    if measure == "accuracy":
        return "%", 0.01
    if size == 0:
        return ("s^2" if measure == "var" else "s"), 1.0
    power = 2 if measure == "var" else 1
    unit = readable(size ** (1 / power)).split()[1]
    return unit + "^2" * (power - 1), seconds(f"1 {unit}") ** power
