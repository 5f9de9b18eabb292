"""Numbers of a comparison, as they are printed."""

import math

import pytest

from strag_sim.compare.texts import difference, ratio

NAN = math.nan


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0.5594, 0.5449, 0.5748), "0.559 (0.545 to 0.575)"),
        ((12.34, 9.1, 16.0), "12.3 (9.1 to 16.0)"),
        ((140.0, 90.0, 250.0), "140 (90 to 250)"),
        ((1.0, 1.0, 1.0), "1.00 (1.00 to 1.00)"),
        ((0.87654, NAN, NAN), "0.877"),
        ((NAN, NAN, NAN), "-"),
    ],
)
def test_ratio(numbers, text):
    """Two digits of half the interval; without one three digits."""
    assert ratio(*numbers) == text


@pytest.mark.parametrize(
    ("measure", "numbers", "text"),
    [
        ("p99", (-0.3823, -0.4014, -0.3632), "-382 ms (-401 to -363)"),
        ("mean", (-2e-5, -0.006, 0.0061), "+0.0 ms (-6.0 to +6.1)"),
        ("var", (-0.017891, -0.018927, -0.016856), "-17891 ms^2 (-18927 to -16856)"),
        ("var", (3.0, 2.0, 4.0), "+3.0 s^2 (+2.0 to +4.0)"),
        ("accuracy", (-0.0213, -0.0221, -0.0205), "-2.130 % (-2.210 to -2.050)"),
        ("cost", (0.0, 0.0, 0.0), "+0 s (+0 to +0)"),
        ("cost", (0.25, NAN, NAN), "+250 ms"),
        ("std", (NAN, NAN, NAN), "-"),
    ],
)
def test_difference(measure, numbers, text):
    """In one unit, that of the largest of the three."""
    assert difference(measure, *numbers) == text
