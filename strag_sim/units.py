"""Times, bandwidths and bytes as people write them: the only place that knows units.

Everything else counts seconds, bytes and bits per second.
"""

import math
import numbers
import re
from decimal import Decimal
from typing import Annotated

# Marks a field that is a time in seconds, so that a scenario may write it with a unit.
Seconds = Annotated[float, "time"]

# Decimal, so that "33.3 ms" is exactly the double that 0.0333 is.
_UNITS = {
    "ns": Decimal("1e-9"),
    "us": Decimal("1e-6"),
    "ms": Decimal("1e-3"),
    "s": Decimal(1),
    "min": Decimal(60),
    "h": Decimal(3600),
}
# Both Unicode letters that look like a micro sign; keyboards differ in which they give.
_MICRO = {"\u00b5s": "us", "\u03bcs": "us"}
_NUMBER = r"([+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?)"
_TIME = re.compile(_NUMBER + r"\s*([^\W\d_]*)")
# How a misspelt unit may begin, longest first, and what was meant.
_MEANT = (
    ("mic", "us"),
    ("mil", "ms"),
    ("mse", "ms"),
    ("min", "min"),
    ("nan", "ns"),
    ("ns", "ns"),
    ("us", "us"),
    ("ms", "ms"),
    ("n", "ns"),
    ("u", "us"),
    ("m", "min"),
    ("s", "s"),
    ("h", "h"),
)
_PREFIXES = {"": 0, "k": 3, "M": 6, "G": 9, "T": 12}
_BITS_PER_SECOND = {
    f"{prefix}{unit}/s": Decimal(bits).scaleb(power)
    for unit, bits in (("bit", 1), ("B", 8))
    for prefix, power in _PREFIXES.items()
}
_BANDWIDTH = re.compile(_NUMBER + r"\s*([A-Za-z/]+)")
# Bandwidths as they are written elsewhere; only the case of the b tells bits from bytes.
_ALSO = re.compile(r"([kmgt]?)(bits?|bytes?|b)(?:/s|/sec|/second|ps)?", re.IGNORECASE)
_BYTES = {f"{prefix}B": Decimal(1).scaleb(power) for prefix, power in _PREFIXES.items()} | {
    f"{prefix}iB": Decimal(2) ** (10 * power) for power, prefix in enumerate("KMGT", start=1)
}
_SIZE = re.compile(_NUMBER + r"\s*([A-Za-z]*)")
# Values longer than this are cut in messages; most paths are shorter.
_LONGEST = 200
_ALLOWED = f"a time must be seconds >= 0, or a number with a unit ({', '.join(_UNITS)}) like 20 ms"
_ALLOWED_BANDWIDTH = (
    f"a bandwidth must be a number > 0 with a unit ({', '.join(_BITS_PER_SECOND)}) like 1 Gbit/s"
)

_ALLOWED_BYTES = f"it must be bytes >= 0, or a number with a unit ({', '.join(_BYTES)}) like 24 GiB"


def seconds(value: object) -> float:
    """Return a time in seconds.

    Parameters
    ----------
    value : int, float or str
        Seconds, or text with an optional unit: ``250us``, ``20 ms``, ``1.5s``, ``2 min``, ``1e-3``.

    Returns
    -------
    float
        Finite and >= 0.

    Raises
    ------
    ValueError
        If it is no time; the text says what is allowed and, for a likely slip, what was meant.
    """
    if isinstance(value, str):
        found = _parse(value)
    elif isinstance(value, numbers.Real) and not isinstance(value, bool):
        found = _as_float(value)
    else:
        found = math.nan
    if not 0 <= found < math.inf:
        raise ValueError(f"{shown(value)} is not allowed; {_ALLOWED}{_suggestion(value)}")
    return found + 0.0  # -0.0 becomes 0.0


def bandwidth(value: object) -> float:
    """Return a bandwidth in bits per second.

    Parameters
    ----------
    value : str
        A number with a unit: ``1 Gbit/s``, ``100 Mbit/s``, ``12.5 MB/s``. A number alone is
        refused, for it could be of bits or of bytes. k is a thousand, M a million, and so on.

    Returns
    -------
    float
        Finite and > 0.

    Raises
    ------
    ValueError
        If it is no bandwidth; the text says what is allowed and, for a likely slip, what was meant.
    """
    match = _BANDWIDTH.fullmatch(value.strip()) if isinstance(value, str) else None
    known = match is not None and match[2] in _BITS_PER_SECOND
    found = float(Decimal(match[1]) * _BITS_PER_SECOND[match[2]]) if match and known else math.nan
    if not 0 < found < math.inf:
        meant = _meant_bandwidth(value)
        raise ValueError(f"{shown(value)} is not allowed; {_ALLOWED_BANDWIDTH}{meant}")
    return found


def bandwidth_text(bits: float) -> str:
    """Return bits per second as a text that ``bandwidth`` reads as the same number: 1 Gbit/s."""
    exact = Decimal(repr(float(bits)))
    power = max((p for p in _PREFIXES.values() if exact >= Decimal(1).scaleb(p)), default=0)
    prefix = next(name for name, p in _PREFIXES.items() if p == power)
    amount = format(exact.scaleb(-power), "f" if 1 <= exact < Decimal("1e18") else "")
    plain = amount.rstrip("0").rstrip(".") if "." in amount and "E" not in amount else amount
    return f"{plain} {prefix}bit/s"


def amount_of_bytes(value: object) -> float:
    """Return a number of bytes.

    Parameters
    ----------
    value : int, float or str
        Bytes, or text with a unit: ``24 GB`` (1e9 bytes each), ``24 GiB`` (2^30), ``60 MB``.

    Returns
    -------
    float
        Finite and >= 0.

    Raises
    ------
    ValueError
        If it is no number of bytes; the text says what is allowed.
    """
    found = math.nan
    if isinstance(value, str):
        match = _SIZE.fullmatch(value.strip())
        if match and (match[2] or "B") in _BYTES:
            found = float(Decimal(match[1]) * _BYTES[match[2] or "B"])
    elif isinstance(value, numbers.Real) and not isinstance(value, bool):
        found = _as_float(value)
    if not 0 <= found < math.inf:
        raise ValueError(f"{shown(value)} is not allowed; {_ALLOWED_BYTES}{_meant_bytes(value)}")
    return found + 0.0


def readable_bytes(count: float) -> str:
    """Return a number of bytes as text with three digits and a fitting unit: ``602 kB``."""
    size = float(f"{count:.3g}")
    power = max((p for p in _PREFIXES.values() if size >= 10**p), default=0)
    prefix = next(name for name, p in _PREFIXES.items() if p == power)
    return f"{_plain(count / 10**power)} {prefix}B"


def readable(time: float) -> str:
    """Return a time in seconds as text with three digits and a fitting unit, such as ``12.3 ms``.

    NaN gives ``nan``, an infinity ``inf`` or ``-inf``; a negative time (a difference) keeps its
    sign.
    """
    if not math.isfinite(time):
        return str(float(time))
    size = abs(float(f"{time:.3g}"))
    if size == 0:
        return "0 s"
    unit = _fitting(size)
    amount = time / float(_UNITS[unit])
    return f"{_plain(amount)} {unit}"


def per_cent(text: str) -> float:
    """Return the share that is written in per cent, 0.01 of ``1%``; ValueError for other texts."""
    found = re.fullmatch(r"\s*([0-9.]+)\s*%\s*", text)
    if found is None:
        raise ValueError(f"{text!r} is not in per cent")
    return float(found[1]) / 100


def rounded(number: float) -> str:
    """Return a number with four digits, without an exponent where people need none: ``12,340``."""
    return f"{float(f'{number:.4g}'):,.10g}"


def shown(value: object) -> str:
    """Return a value as a message shows it: as Python writes it, cut if it is long."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to print integers of thousands of digits
        return "a huge integer"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _parse(text: str) -> float:
    """Return the seconds that the text says, NaN if it says none."""
    match = _TIME.fullmatch(text.strip())
    if not match:
        return math.nan
    unit = _MICRO.get(match[2], match[2] or "s")
    if unit not in _UNITS:
        return math.nan
    return float(Decimal(match[1]) * _UNITS[unit])


def _as_float(value: numbers.Real) -> float:
    """Return the float; infinity for an integer that no float holds."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _suggestion(value: object) -> str:
    """Return "; did you mean ...?" where the slip is plain, else nothing."""
    text = value.strip() if isinstance(value, str) and len(value) <= 60 else ""
    if re.fullmatch(r"[0-9]+,[0-9]+\s*\w*", text):
        return f"; did you mean '{text.replace(',', '.')}'?"
    match = _TIME.fullmatch(text)
    if not match or not match[2] or match[2] in _UNITS:
        return ""
    unit = next((unit for start, unit in _MEANT if match[2].lower().startswith(start)), "")
    return f"; did you mean '{match[1]} {unit}'?" if unit else ""


def _meant_bandwidth(value: object) -> str:
    """Return "; did you mean ...?" where a bandwidth is written as it is elsewhere."""
    text = value.strip() if isinstance(value, str) and len(value) <= 60 else ""
    match = _BANDWIDTH.fullmatch(text)
    also = match and match[2] not in _BITS_PER_SECOND and _ALSO.fullmatch(match[2])
    if not match or not also:
        return ""
    prefix = "k" if also[1].lower() == "k" else also[1].upper()
    unit = "B" if also[2] == "B" or also[2].lower().startswith("by") else "bit"
    return f"; did you mean '{match[1]} {prefix}{unit}/s'?"


def _meant_bytes(value: object) -> str:
    """Return "; did you mean ...?" where a unit of bytes is written in other letters."""
    text = value.strip() if isinstance(value, str) and len(value) <= 60 else ""
    match = _SIZE.fullmatch(text)
    if not match or not match[2]:
        return ""
    letters = match[2].lower().removesuffix("ytes").removesuffix("yte").removesuffix("b")
    unit = next((unit for unit in _BYTES if unit.lower().removesuffix("b") == letters), "")
    return f"; did you mean '{match[1]} {unit}'?" if unit else ""


def _fitting(size: float) -> str:
    """Return the largest unit in which a positive time is at least 1 (2 for min and h)."""
    if size >= 7200:
        return "h"
    if size >= 120:
        return "min"
    return next((unit for unit in ("s", "ms", "us") if size >= float(_UNITS[unit])), "ns")


def _plain(amount: float) -> str:
    """Return three digits, without an exponent below a million."""
    rounded = float(f"{amount:.3g}")
    return f"{rounded:.0f}" if 1000 <= abs(rounded) < 1e6 else f"{rounded:.3g}"
