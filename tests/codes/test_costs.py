"""Costs: rates of measured times, and times of rates."""

import json
from importlib import resources

import pytest

from strag_sim.codes import BerrutCode, CollageCode, LagrangeCode, ParityCode
from strag_sim.codes.costs import (
    Rates,
    content,
    decode_time,
    encode_time,
    rates,
    shipped,
    write_costs,
)
from strag_sim.codes.timing import Timing, Trial
from strag_sim.errors import CodeError

# Inputs of 3 x 10 x 10 numbers: 4 as 5 tasks are 12,000 operations, a collage of them 4,800.
TIMINGS = [
    Timing(Trial("lagrange", LagrangeCode(4, 5), 10), 12_000 / 1e9, 5e-5 + 32_000 / 2e9),
    Timing(Trial("lagrange", LagrangeCode(4, 5), 10), 12_000 / 2e9, 5e-5 + 32_000 / 2e9),
    Timing(Trial("berrut", BerrutCode(4, 1), 10), 12_000 / 3e9, 6e-5 + 32_000 / 2e9),
    Timing(Trial("parity sum", ParityCode(4), 10), 1.0, 1.0),
    Timing(Trial("collage", CollageCode(2, 19), 10), 4_800 / 7e8, 1e-6),
]


def test_rates_are_medians():
    """Of dense codes for weighted sums, of what resizes for resizing; others do not count."""
    found = rates(TIMINGS)

    assert found.flops == pytest.approx(2e9)
    assert found.resize_flops == pytest.approx(7e8)
    assert found.weights == pytest.approx(5e-5)


def test_times_of_rates():
    """Operations over the rate that they run at; a decode begins with its weights."""
    on = Rates(flops=1e9, resize_flops=1e8, weights=1e-4)

    assert encode_time(LagrangeCode(4, 6), 1000, on) == pytest.approx(2 * 4 * 6 * 1000 / 1e9)
    assert encode_time(CollageCode(2, 8), 1000, on) == pytest.approx(4 * 4 * 1000 / 1e8)
    assert decode_time(LagrangeCode(4, 6), 10, on) == pytest.approx(1e-4 + 2 * 4 * 4 * 10 / 1e9)
    assert decode_time(CollageCode(2, 8), 10, on) == 0


def test_what_is_shipped():
    """Is what its own times give, and of an order that processors have."""
    text = resources.files("strag_sim.codes").joinpath("data/costs.json").read_text("utf-8")
    found = json.loads(text)

    assert found["format"] == 1
    assert found["command"].startswith("strag-sim codes")
    assert {"date", "machine", "versions", "rates", "times"} < set(found)
    assert shipped() == Rates(**found["rates"])
    assert 1e9 < shipped().flops < 1e12
    assert 1e8 < shipped().resize_flops < 1e11
    assert encode_time(LagrangeCode(4, 6), 1000) == 2 * 4 * 6 * 1000 / shipped().flops
    dense = [t for t in found["times"] if t["code"] in ("lagrange", "berrut")]
    of_each = sorted(each["encode_flops"] / each["encode"] for each in dense)
    assert of_each[len(of_each) // 2 - 1] <= shipped().flops * 1.001
    assert of_each[len(of_each) // 2] >= shipped().flops * 0.999


def test_a_file_of_costs(tmp_path):
    """A line a time; the numbers have four digits."""
    path = tmp_path / "costs.json"
    write_costs(path, content(TIMINGS, {"command": "strag-sim codes", "date": "2026-01-02"}))

    lines = path.read_text("utf-8").splitlines()
    found = json.loads("\n".join(lines))
    assert list(found) == ["format", "command", "date", "rates", "times"]
    assert len(lines) == 2 + 5 + len(TIMINGS) + 1
    assert found["times"][4] == {
        "code": "collage",
        "side": 10,
        "inputs": 4,
        "tasks": 1,
        "encode": 6.857e-06,
        "decode": 1e-06,
        "encode_flops": 4800.0,
        "decode_flops": 0.0,
    }


def test_a_file_that_cannot_be_written(tmp_path):
    """Says why, and leaves nothing."""
    known = content(TIMINGS, {})
    with pytest.raises(CodeError, match="no/costs.json: cannot be written: No such file or dir"):
        write_costs(tmp_path / "no" / "costs.json", known)
    assert list(tmp_path.iterdir()) == []
