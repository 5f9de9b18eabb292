"""Levels of quantiles, and what their columns are called: 0.99 is p99."""

# Always reported, whatever other levels are asked for.
USUAL = (0.5, 0.9, 0.95, 0.99, 0.999)


def column(level: float) -> str:
    """Return the name of a quantile's column: 0.5 is p50, 0.99 is p99, 0.999 is p999."""
    digits = f"{level:.15f}".rstrip("0").partition(".")[2]
    return f"p{digits:0<2}"


def level_of(name: str) -> float:
    """Return the level of a column's name, such as 0.999 of p999: what `column` undoes."""
    return float(f"0.{name[1:]}")
