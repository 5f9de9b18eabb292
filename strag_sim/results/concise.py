"""Numbers with their intervals in few characters: 12.34(5) is 12.34, give or take 0.05."""

import math
from decimal import Decimal

NONE = "–"
# Half an interval of this share of its number is none, but for the rounding of sums.
ROUNDING = 1e-9
# Digits of a number that has no interval, and the most of one that is the same in every run.
DIGITS, EXACT = 3, 6
# Between these a number is written without a power of ten.
LEAST, MOST = 1e-3, 1e6
# From here on half an interval is not shown whole: the zeros behind its digits would look measured.
WHOLE = 100
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def concise(value: float, low: float = math.nan, high: float = math.nan) -> str:
    """Return a number and half its interval, in units of the number's last digits: 12.34(5).

    Parameters
    ----------
    value : float
        NaN, and what is not finite, is a dash.
    low, high : float
        Its interval, in the same unit; of one that is not symmetric the larger half is taken. NaN
        where there is none.

    Returns
    -------
    str
        Half the interval has one significant digit, two where the first is a 1, and the number
        ends where it does. Where that is before the point, a half below 100 is shown whole,
        702(23), as the zeros of 700(20) would look measured, and of a larger one there is a power
        of ten: 7.0(2)×10³; as there is from 10^6 on, and below 0.001. What is the same in every
        run has an interval of 0 and up to six digits: 10(0). Without an interval the number has
        three significant digits.

    Notes
    -----
    The notation is that of JCGM 100:2008 (GUM), 7.2.2; the digits are those of Taylor, "An
    Introduction to Error Analysis" (2nd ed. 1997), section 2.2. In the GUM the parentheses hold a
    standard uncertainty, here half a confidence interval: who shows it must say so.
    """
    if not math.isfinite(value):
        return NONE
    half = max(value - low, high - value)
    if math.isnan(low) or math.isnan(high):
        return _plain(value, DIGITS, zeros=True)
    if math.isinf(half):
        return f"{_plain(value, DIGITS, zeros=True)}(∞)"
    if half <= ROUNDING * abs(value):
        return _powered(_plain(value, EXACT, zeros=False), "(0)")
    size = max(abs(value), half)
    plain = LEAST <= size < MOST and float(f"{half:.1e}") < WHOLE
    power = 0 if plain else _power(size, _last(half))
    decimals = max(0, power - _last(half))
    number = f"{Decimal(value).scaleb(-power):z.{decimals}f}"
    digits = f"{Decimal(half).scaleb(decimals - power):.0f}"
    return f"{number}({digits}){_times(power)}"


def _plain(value: float, digits: int, *, zeros: bool) -> str:
    """Return a number with so many significant digits, with or without zeros at its end."""
    rounded = Decimal(f"{value:.{digits - 1}e}")
    if rounded == 0:
        return "0"
    power = 0 if LEAST <= abs(rounded) < MOST else rounded.adjusted()
    decimals = max(0, digits - 1 - rounded.adjusted() + power)
    text = f"{rounded.scaleb(-power):.{decimals}f}"
    if not zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}{_times(power)}"


def _powered(text: str, half: str) -> str:
    """Return a number with what goes before its power of ten."""
    number, times, power = text.partition("×")
    return f"{number}{half}{times}{power}"


def _times(power: int) -> str:
    """Return a power of ten as a factor; nothing for 10^0."""
    return f"×10{str(power).translate(_RAISED)}" if power else ""


def _last(half: float) -> int:
    """Return the place of the last digit that half an interval has: -2 for hundredths."""
    mantissa, _, power = f"{half:.1e}".partition("e")
    return int(power) - (mantissa[0] == "1")


def _power(size: float, last: int) -> int:
    """Return the power of ten of a number's first digit, once it is rounded at its last place."""
    digits = max(0, Decimal(size).adjusted() - last)
    return int(f"{size:.{digits}e}".partition("e")[2])
