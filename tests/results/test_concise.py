"""Numbers with half their intervals: 12.34(5)."""

import math
import re
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from strag_sim.results.concise import NONE, concise

NAN = math.nan
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
FORM = re.compile(r"(-?\d+)(?:\.(\d+))?(?:\((\d+)\))?(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?")
NUMBERS = st.floats(-1e300, 1e300, allow_subnormal=False)
HALVES = st.floats(1e-300, 1e300, allow_subnormal=False)


def read(text):
    """Return the number, half its interval and the unit of the last digit, exactly."""
    whole, fraction, half, power = FORM.fullmatch(text).groups()
    scale = int((power or "0").translate(RAISED))
    last = Decimal(1).scaleb(scale - len(fraction or ""))
    number = Decimal(f"{whole}.{fraction}" if fraction else whole).scaleb(scale)
    return number, None if half is None else int(half) * last, last


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((12.344, 12.296, 12.392), "12.34(5)"),
        ((365.57, 364.97, 366.17), "365.6(6)"),
        ((1.2345, 1.2201, 1.2489), "1.234(14)"),  # two digits where the first is a 1
        ((1.2345, 1.2149, 1.2541), "1.23(2)"),  # 0.0196 is 0.020
        ((1.2345, 1.2249, 1.2441), "1.234(10)"),  # 0.0096 is 0.010
        ((0.62, 0.59, 0.66), "0.62(4)"),  # the larger half
        ((702.0, 679.0, 725.0), "702(23)"),
        ((7020.0, 6790.0, 7250.0), "7.0(2)×10³"),
        ((7020.0, 6922.0, 7118.0), "7020(98)"),
        ((7020.0, 6867.0, 7173.0), "7.02(15)×10³"),  # not 7020(153), which has three digits
        ((7020.0, 6920.2, 7119.8), "7.02(10)×10³"),  # 99.8 is 100
        ((12.3e6, 12.2e6, 12.4e6), "1.230(10)×10⁷"),
        ((4.2e-5, 4.0e-5, 4.4e-5), "4.2(2)×10⁻⁵"),
        ((0.0, -0.02, 0.02), "0.00(2)"),
        ((-0.001, -0.3, 0.298), "0.0(3)"),
        ((10.0, 10.0, 10.0), "10(0)"),
        ((12.345678912, 12.345678912, 12.345678912), "12.3457(0)"),
        ((2e9, 2e9, 2e9), "2(0)×10⁹"),
        ((0.0, 0.0, 0.0), "0(0)"),
        ((0.21543, NAN, NAN), "0.215"),
        ((1.0, NAN, NAN), "1.00"),
        ((999.6, NAN, NAN), "1000"),
        ((24353.0, NAN, NAN), "24400"),
        ((2.4353e7, NAN, NAN), "2.44×10⁷"),
        ((0.0, NAN, NAN), "0"),
        ((0.5, 0.1, math.inf), "0.500(∞)"),
        ((NAN, NAN, NAN), NONE),
        ((math.inf, NAN, NAN), NONE),
    ],
)
def test_cases(numbers, text):
    """One digit of half the interval, two where it begins with a 1; worked out by hand."""
    assert concise(*numbers) == text


@given(NUMBERS, HALVES)
def test_what_is_printed_is_within_half_a_unit(value, half):
    """The number and half the interval are off by half a unit of the last digit at most."""
    low, high = value - half, value + half
    assume(high > low and math.isfinite(high - low))
    taken = max(value - low, high - value)

    number, printed, last = read(concise(value, low, high))

    slack = Decimal("1e-20") * max(abs(number), last)  # of the many digits of a float's decimal
    assert abs(number - Decimal(value)) <= last / 2 + slack
    assert abs(printed - Decimal(taken)) <= last / 2 + slack


@given(NUMBERS, HALVES)
def test_digits_of_the_interval(value, half):
    """It has one, two only after a 1, or where it is whole and tens."""
    low, high = value - half, value + half
    assume(max(value - low, high - value) > 1e-9 * abs(value))

    text = concise(value, low, high)
    digits, has_power = FORM.fullmatch(text)[3], "×" in text

    assert len(digits) == 1 or (len(digits) == 2 and (digits[0] == "1" or not has_power))
    assert digits != "0"


@given(st.floats(-1e300, 1e300, allow_subnormal=False))
def test_without_an_interval(value):
    """Three significant digits are within half a unit of the third."""
    number, half, _ = read(concise(value))

    assert half is None
    assert abs(number - Decimal(value)) <= abs(Decimal(value)) * Decimal("0.005")
