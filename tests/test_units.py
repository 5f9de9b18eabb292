"""Times, bandwidths and amounts of memory as people write them."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.units import (
    amount_of_bytes,
    bandwidth,
    bandwidth_text,
    per_cent,
    readable,
    readable_bytes,
    rounded,
    seconds,
)

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}

BANDWIDTHS = {f"{p}{u}/s": bits * 1000.0**i for u, bits in (("bit", 1), ("B", 8))
              for i, p in enumerate(("", "k", "M", "G", "T"))}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("250us", 0.00025),
        ("20 ms", 0.020),
        ("1.5s", 1.5),
        ("2 min", 120.0),
        ("1e-3", 0.001),
        ("1e3", 1000.0),
        (" 3h ", 10800.0),
        ("5\u00b5s", 5e-6),
        ("5\u03bcs", 5e-6),
        ("7 ns", 7e-9),
        (".5 s", 0.5),
        ("20_000 ms", 20.0),
        ("33.3 ms", 0.0333),
        ("-0", 0.0),
        (0, 0.0),
        (3, 3.0),
        (0.25, 0.25),
        (np.float64(0.5), 0.5),
        (np.int64(2), 2.0),
    ],
)
def test_times_are_read_exactly(text: object, expected: float) -> None:
    """A time with a unit is the same double as its literal in seconds."""
    found = seconds(text)

    assert found == expected
    assert math.copysign(1, found) == 1


@given(st.floats(0, 1e9), st.sampled_from(sorted(UNITS)), st.sampled_from(["", " ", "  "]))
def test_any_number_with_any_unit_is_read(amount: float, unit: str, gap: str) -> None:
    """Reading multiplies by the unit, to rounding."""
    assert seconds(f"{amount!r}{gap}{unit}") == pytest.approx(
        amount * UNITS[unit], rel=1e-15, abs=1e-300
    )


@given(st.floats(0, allow_infinity=False, allow_nan=False))
def test_plain_numbers_survive_a_round_trip(time: float) -> None:
    """Seconds written with repr come back to the last bit, as number and as text."""
    assert seconds(time) == time
    assert seconds(repr(time)) == time


@given(st.floats(1e-12, 1e9))
def test_readable_times_can_be_read_back(time: float) -> None:
    """What is shown is the time, to three digits."""
    assert seconds(readable(time)) == pytest.approx(time, rel=5.1e-3)


@given(st.text(max_size=30))
def test_nonsense_gives_a_time_or_one_clear_error(text: str) -> None:
    """No text crashes; a text that is taken holds a digit and gives a finite time."""
    try:
        found = seconds(text)
    except ValueError as error:
        message = str(error)
        found = 0.0
    else:
        message = "is not allowed; a time must be" if re.search("[0-9]", text) else "no digit"

    assert "is not allowed; a time must be" in message
    assert 0 <= found < math.inf


@pytest.mark.parametrize(
    "value",
    [
        *("", "fast", "ms", "20 parsecs", "12:30", "1 2 ms", "-5 ms", "nan", "inf", "1e999"),
        *("0x10", "1e99999 s", "1e9999999999 s", "1__0", "٣ s", "1.2.3", "--1", "20 ms ms", "5 %"),
        *(None, True, False, [1], {"ms": 1}, b"1s", 1j, -1, -1e-300, math.nan, math.inf),
        *(10**400, -(10**400), pytest.param(10**5000, id="huge"), "9" * 5000),
    ],
)
def test_what_is_no_time_is_refused(value: object) -> None:
    """The message says what is allowed, and stays short."""
    with pytest.raises(ValueError, match="is not allowed; a time must be") as caught:
        seconds(value)

    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("20 msec", "20 ms"),
        ("20 MS", "20 ms"),
        ("3 seconds", "3 s"),
        ("5 m", "5 min"),
        ("2 Hours", "2 h"),
        ("10 micros", "10 us"),
        ("20,5 ms", "20.5 ms"),
    ],
)
def test_plain_slips_get_a_suggestion(text: str, meant: str) -> None:
    """A slip is refused, never guessed; the message says what was probably meant."""
    with pytest.raises(ValueError, match=f"did you mean '{meant}'"):
        seconds(text)


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (0.0, "0 s"),
        (0.0123456, "12.3 ms"),
        (0.9996, "1 s"),
        (0.00025, "250 us"),
        (5e-10, "0.5 ns"),
        (90, "90 s"),
        (150, "2.5 min"),
        (7200, "2 h"),
        (3.6e7, "10000 h"),
        (-0.02, "-20 ms"),
        (math.nan, "nan"),
        (math.inf, "inf"),
    ],
)
def test_readable_picks_a_fitting_unit(time: float, text: str) -> None:
    """Three digits and the unit in which the number is between 1 and 1000, where there is one."""
    assert readable(time) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0123456, "0.01235"),
        (62.0, "62"),
        (12345.6, "12,350"),
        (1e-7, "1e-07"),
        (math.nan, "nan"),
        (math.inf, "inf"),
    ],
)
def test_rounded(number: float, text: str) -> None:
    """Four digits, and no exponent for a large number."""
    assert rounded(number) == text


@pytest.mark.parametrize(("text", "share"), [("1%", 0.01), (" 0.5 % ", 0.005), ("100%", 1.0)])
def test_per_cent(text, share):
    """A share in per cent, with or without blanks."""
    assert per_cent(text) == share


@pytest.mark.parametrize("text", ["1", "%", "1%%", "one %", "-1%", "1e1%", "nan%", ""])
def test_what_is_not_in_per_cent(text):
    """Neither a plain number nor anything else."""
    with pytest.raises(ValueError, match=r"."):
        per_cent(text)


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("1 Gbit/s", 1e9),
        ("100Mbit/s", 1e8),
        ("12.5 MB/s", 1e8),
        ("1 B/s", 8.0),
        (" 2.5e3 kbit/s ", 2.5e6),
        ("1_000 bit/s", 1000.0),
        ("33.3 Mbit/s", 33_300_000.0),
        ("1 TB/s", 8e12),
    ],
)
def test_bandwidths_are_read_exactly(text: str, bits: float) -> None:
    """A bandwidth is the same double as its literal in bits per second; a byte is eight."""
    assert bandwidth(text) == bits


@given(st.floats(1e-9, 1e9), st.sampled_from(sorted(BANDWIDTHS)), st.sampled_from(["", " ", "  "]))
def test_any_number_with_any_unit_of_bandwidth_is_read(amount: float, unit: str, gap: str) -> None:
    """Reading multiplies by the unit, to rounding."""
    found = bandwidth(f"{amount!r}{gap}{unit}")

    assert found == pytest.approx(amount * BANDWIDTHS[unit], rel=1e-15)


@given(st.floats(0, exclude_min=True, allow_infinity=False))
def test_bandwidths_survive_a_round_trip(bits: float) -> None:
    """What is written is read as the same number, to the last bit."""
    assert bandwidth(bandwidth_text(bits)) == bits


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        (1e9, "1 Gbit/s"),
        (1e8, "100 Mbit/s"),
        (2.5e9, "2.5 Gbit/s"),
        (8.0, "8 bit/s"),
        (1e13, "10 Tbit/s"),
        (1e16, "10000 Tbit/s"),
    ],
)
def test_bandwidths_are_written_as_people_write_them(bits: float, text: str) -> None:
    """In the largest unit in which the number is at least 1."""
    assert bandwidth_text(bits) == text


@given(st.text(max_size=30))
def test_nonsense_gives_a_bandwidth_or_one_clear_error(text: str) -> None:
    """No text crashes; a text that is taken gives a finite number above 0."""
    try:
        found = bandwidth(text)
    except ValueError as error:
        message, found = str(error), 1.0
    else:
        message = "is not allowed; a bandwidth must be" if re.search("[0-9]", text) else "no digit"

    assert "is not allowed; a bandwidth must be" in message
    assert 0 < found < math.inf


@pytest.mark.parametrize(
    "value",
    [
        *("", "fast", "Gbit/s", "0 Gbit/s", "-1 Gbit/s", "1 Gbit", "1e999 bit/s", "1 2 Gbit/s"),
        *("1e99999 TB/s", "1 KiB/s", "1 gbit/s", "1000", 1000, 1e9, None, True, [1], math.nan),
        *(10**400, pytest.param(10**5000, id="huge"), "9" * 5000),
    ],
)
def test_what_is_no_bandwidth_is_refused(value: object) -> None:
    """A number alone too, as it could be of bits or of bytes; the message stays short."""
    with pytest.raises(ValueError, match="is not allowed; a bandwidth must be") as caught:
        bandwidth(value)

    assert len(str(caught.value)) < 450


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 Gbps", "1 Gbit/s"),
        ("1 GBps", "1 GB/s"),
        ("10 mbit/s", "10 Mbit/s"),
        ("10 Mb/s", "10 Mbit/s"),
        ("1 Gbit", "1 Gbit/s"),
        ("5 Mbytes/sec", "5 MB/s"),
        ("5 KB/s", "5 kB/s"),
    ],
)
def test_bandwidths_written_otherwise_get_a_suggestion(text: str, meant: str) -> None:
    """They are refused, never guessed; the case of the b tells bits from bytes."""
    with pytest.raises(ValueError, match=f"did you mean '{meant}'"):
        bandwidth(text)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (110_000, "110 kB"),
        (602_112, "602 kB"),
        (999_900, "1 MB"),
        (12_042_240, "12 MB"),
    ],
)
def test_readable_bytes(count: float, text: str) -> None:
    """Three digits, and k for a thousand as in bandwidths."""
    assert readable_bytes(count) == text


SIZES = {"B": 1.0} | {f"{p}B": 1000.0**i for i, p in enumerate("kMGT", start=1)}
SIZES |= {f"{p}iB": 1024.0**i for i, p in enumerate("KMGT", start=1)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24 GiB", 24 * 2**30),
        ("1.2GB", 1_200_000_000),
        (" 900 MiB ", 900 * 2**20),
        ("0.1 kB", 100),
        ("8", 8),
        ("1e3", 1000),
        (0, 0),
        (np.int64(7), 7),
        (2.5e9, 2.5e9),
    ],
)
def test_amount_of_bytes(text: object, expected: float) -> None:
    """A thousand each, or 1024 with an i; a number alone is bytes."""
    assert amount_of_bytes(text) == expected


@given(st.floats(1e-3, 1e6), st.sampled_from(sorted(SIZES)))
def test_every_unit_of_bytes(amount: float, unit: str) -> None:
    """Each prefix is what it stands for, with and without a blank."""
    expected = pytest.approx(amount * SIZES[unit], rel=1e-12)
    assert amount_of_bytes(f"{amount!r} {unit}") == expected
    assert amount_of_bytes(f"{amount!r}{unit}") == expected


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("24 gb", "24 GB"),
        ("24 gib", "24 GiB"),
        ("3 megabytes", ""),
        ("16 GBytes", "16 GB"),
        ("2 KB", "2 kB"),
        ("1 Tb", "1 TB"),
        ("-1 GB", ""),
        ("GB", ""),
        ("1,5 GB", ""),
        ("1 GB/s", ""),
        ("", ""),
        (-1, ""),
        (True, ""),
        (None, ""),
        (math.nan, ""),
        (math.inf, ""),
        ("1e400 GB", ""),
        (10**400, ""),
        ([1], ""),
    ],
)
def test_wrong_amounts_of_bytes(wrong: object, meant: str) -> None:
    """The message says what is allowed, and what was meant where only letters are wrong."""
    with pytest.raises(
        ValueError, match="it must be bytes >= 0, or a number with a unit"
    ) as caught:
        amount_of_bytes(wrong)
    assert len(str(caught.value)) < 450
    assert (f"did you mean '{meant}'?" in str(caught.value)) == bool(meant)


@given(st.text(max_size=30) | st.from_regex(r"[0-9.eE+-]{1,12} ?[kKMGTiBb]{0,4}", fullmatch=True))
def test_any_text_is_an_amount_of_bytes_or_refused(text: str) -> None:
    """No other error."""
    try:
        found = amount_of_bytes(text)
    except ValueError:
        return
    assert 0 <= found < math.inf
