"""What columns are called, and the unit that all values of one have."""

import math

import pytest

from strag_sim.results.quantities import is_estimate, title, unit_of


@pytest.mark.parametrize(
    ("name", "values", "text", "scale"),
    [
        ("p99", [0.365, 0.702], "ms", 1e-3),
        ("p99", [0.365, 7.02, 1.5], "s", 1.0),  # as the middle one has it
        ("mean", [2.5e-7], "ns", 1e-9),
        ("mean", [2.5e-4, math.nan, 0.0], "µs", 1e-6),
        ("mean", [7300.0], "h", 3600.0),
        ("mean", [math.nan, 0.0], "s", 1.0),
        ("var", [0.01**2], "ms²", 1e-6),
        ("var", [0.5e-3**2], "ms²", 1e-6),
        ("var", [0.5**2], "s²", 1.0),
        ("accuracy", [0.97], "%", 0.01),
        ("saturation", [90.0], "1/s", 1.0),
        ("offered_load", [0.4], "", 1.0),
    ],
)
def test_units(name, values, text, scale):
    """Times and their squares by size, everything else by what it is."""
    unit = unit_of(name, values)

    assert unit.text == text
    assert unit.scale == pytest.approx(scale)


def test_titles():
    """Names of columns as people read them."""
    names = ["p50", "p999", "p99999", "var", "slo_met", "arrival_rate", "mean"]
    found = ["p50", "p99.9", "p99.999", "variance", "SLO met", "arrival rate", "mean"]

    assert [title(name) for name in names] == found


def test_estimates():
    """Counts and texts are none."""
    assert is_estimate("p9999")
    assert is_estimate("wasted")
    assert not any(is_estimate(name) for name in ("runs", "label", "stable", "warm_up", "pool"))
