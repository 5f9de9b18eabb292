"""What a profile file says of each configuration measured is read, or refused with one message."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from by_batch import DEVICE, content, point

from strag_sim import profiles
from strag_sim.errors import ProfileError

SAMPLES = {"start": [0, 2.5, 6.0], "time": [2.4, 3, 2], "work": [2.4, 2.9, 0]}
THREE = {"n": 3, "mean": 2.4, "std": 0.4, "levels": [0, 1], "values": [2, 3]}


def loaded(path: Path, what: dict[str, Any]) -> profiles.Profile:
    """Return a profile as it is read after it was written."""
    profiles.write(path, what)
    return profiles.load(str(path))


def test_points_are_read_in_seconds(tmp_path: Path) -> None:
    """Times turn from the file's unit into seconds, counts and rates stay, details are as noted."""
    details = {"first_call": 312.5, "clocks": {"sm": [1980, None]}, "throttled": "no"}
    first = point(1, **THREE, samples=SAMPLES, details=details)
    other = point(4, 2, load="poisson:12.5", autocorrelation=None, effective=None)
    read = loaded(tmp_path / "x.json", content(first, other))
    one, four = read.points

    assert (one.batch, one.concurrency, one.load, one.n) == (1, 1, "closed", 3)
    assert (one.mean, one.std) == pytest.approx((0.0024, 0.0004))
    assert one.levels.tolist() == [0, 1]
    assert one.values == pytest.approx([0.002, 0.003])
    assert one.throughput == first["throughput"]
    assert (one.autocorrelation, one.effective) == (0.01, 390.5)
    assert one.details == details
    assert one.samples is not None
    assert one.samples.start == pytest.approx([0, 0.0025, 0.006])
    assert one.samples.time == pytest.approx([0.0024, 0.003, 0.002])
    assert one.samples.work == pytest.approx([0.0024, 0.0029, 0])
    assert one.samples.response is None
    assert (four.batch, four.concurrency, four.load) == (4, 2, "poisson:12.5")
    assert np.isnan([four.autocorrelation, four.effective]).all()
    assert (dict(four.details), four.samples) == ({}, None)


def test_responses_are_of_requests(tmp_path: Path) -> None:
    """A call with a batch answers several, so there may be more of them than of calls."""
    samples = {**SAMPLES, "response": [3, 3.5, 4, 4.5]}
    read = loaded(tmp_path / "x.json", content(point(1, **THREE, samples=samples)))

    kept = read.points[0].samples
    assert kept is not None
    assert kept.response == pytest.approx([0.003, 0.0035, 0.004, 0.0045])


def test_environment_command_and_date_are_read(tmp_path: Path) -> None:
    """As they stand in the file."""
    how = {"command": "strag-sim profile m", "date": "2026-11-28T13:05:00+00:00"}
    read = loaded(tmp_path / "x.json", content(point(1), **how))

    assert read.device == DEVICE
    assert read.environment == {"device": DEVICE, "torch": "2.13", "tf32": False, "driver": None}
    assert (read.command, read.date) == (how["command"], how["date"])


def test_all_of_it_may_be_left_out() -> None:
    """As in the profiles that are shipped, from published measurements."""
    read = profiles.load("faas-aws")

    assert (read.points, dict(read.environment), read.device) == ((), {}, "")
    assert (read.command, read.date) == ("", "")


def test_a_point_is_a_line(tmp_path: Path) -> None:
    """So that a difference between two files shows which configuration differs."""
    path = tmp_path / "x.json"
    profiles.write(path, content(point(1), point(2), point(4)))
    lines = [line.strip(" ,") for line in path.read_text().splitlines()]

    found = [json.loads(line)["batch"] for line in lines if line.startswith('{"batch"')]
    assert found == [1, 2, 4]


def test_many_samples_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Ten thousand calls, with as many digits as they had."""
    times = np.round(np.random.default_rng(1).lognormal(3, 0.2, 10_000), 1)
    columns = {"start": np.cumsum(times).round(1), "time": times, "work": times}
    samples = {key: column.tolist() for key, column in columns.items()}
    made = content(point(1, n=10_000, samples=samples), unit="us")
    read = loaded(tmp_path / "x.json", made)

    kept = read.points[0].samples
    assert kept is not None
    assert np.array_equal(kept.time, times * 1e-6)
    assert np.array_equal(kept.start, columns["start"] * 1e-6)


def without(key: str) -> dict[str, Any]:
    """Return a point that lacks a key."""
    return {name: value for name, value in point(1).items() if name != key}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": {}}, "hold points as a list of objects"),
        ({"points": [3]}, "hold points as a list of objects"),
        ({"points": []}, "hold at least one of its points, or leave the key points out"),
        (
            {"points": [point(1), point(1)]},
            r"one point of batch 1, concurrency 1 and load closed, ",
        ),
        ({"points": [point(2)]}, r"at the top the n, mean.* of its points\[0\], but mean differs"),
        ({"points": [point(1, n=500)]}, r"of its points\[0\], but n differs"),
        ({"environment": "H100"}, "hold environment as an object, but holds 'H100'"),
        ({"environment": {}}, "hold environment.device as text, but holds None"),
        ({"environment": {"device": 3}}, "hold environment.device as text, but holds 3"),
        ({"environment": {"device": "a", "cores": [1]}}, r"environment.cores as .*, but holds \[1"),
        ({"environment": {"device": "a", "x": float("nan")}}, "environment.x as .*, but holds nan"),
        ({"environment": {"device": "a", 3: 4}}, "hold environment.3 as a text"),
        ({"command": ["a"]}, r"hold command as text, but holds \['a'\]"),
        ({"date": "yesterday"}, "state its date as ISO, such as 2026-.*, not 'yesterday'"),
        ({"date": 20261128}, "hold date as text, but holds 20261128"),
    ],
)
def test_what_is_no_profile_is_refused(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    """The message names the key and what stands there."""
    refused(tmp_path / "x.json", {**content(point(1)), **change}, message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch": 0}, r"points\[1\].batch as a whole number >= 1, but holds 0"),
        ({"batch": 2.0}, r"points\[1\].batch as a whole number >= 1, but holds 2.0"),
        ({"concurrency": True}, r"points\[1\].concurrency as a whole number >= 1, but holds True"),
        ({"load": "open"}, r"points\[1\].load as closed, or poisson: .* poisson:20, but holds 'op"),
        ({"load": "poisson:0"}, r"points\[1\].load as closed, or poisson: "),
        ({"load": "poisson:-3"}, r"points\[1\].load as closed, or poisson: "),
        ({"load": None}, r"points\[1\].load as text, but holds None"),
        ({"n": -1}, r"points\[1\].n, the number of measurements >= 0, but holds -1"),
        ({"values": [2, 1], "levels": [0, 1]}, r"points\[1\].values that never fall"),
        ({"throughput": 0}, r"points\[1\].throughput above 0, but holds 0"),
        ({"throughput": None}, r"points\[1\].throughput as a finite number >= 0, but holds None"),
        ({"autocorrelation": 1.5}, r"points\[1\].autocorrelation as a number -1 to 1 or null, not"),
        ({"effective": -2}, r"points\[1\].effective as a number >= 0 or null, not -2"),
        ({"effective": float("inf")}, r"points\[1\].effective as a number >= 0 or null, not inf"),
        ({"details": {"a": {1: 2}}}, r"in points\[1\].details texts, finite numbers"),
        ({"details": [1]}, r"points\[1\].details as an object, but holds \[1\]"),
        (
            {"details": {"a": [{"b": float("nan")}]}},
            r"in points\[1\].details texts, finite numbers",
        ),
        ({"samples": [1]}, r"points\[1\].samples as an object, but holds \[1\]"),
        ({"samples": {}}, r"points\[1\].samples.start as a list of finite numbers"),
        (
            {**THREE, "samples": {**SAMPLES, "work": [1, 2]}},
            r"n = 3 numbers in points\[1\].samples.work, but holds 2",
        ),
        (
            {**THREE, "samples": {**SAMPLES, "time": [1, 2, -0.1]}},
            r"points\[1\].samples.time of at least 0, but \[2\] is -0.1",
        ),
        (
            {**THREE, "samples": {**SAMPLES, "time": [1, 2, "3"]}},
            r"points\[1\].samples.time as a list of finite numbers",
        ),
        (
            {**THREE, "samples": {**SAMPLES, "response": None}},
            r"points\[1\].samples.response as a list of finite numbers",
        ),
    ],
)
def test_a_wrong_point_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    """The message names the point, the key and what stands there."""
    refused(tmp_path / "x.json", content(point(1), {**point(2), **change}), message)


@pytest.mark.parametrize("key", ["batch", "concurrency", "load", "throughput", "effective"])
def test_a_point_lacks_nothing(tmp_path: Path, key: str) -> None:
    """Every key but details and samples must be there; null does not stand in for it."""
    refused(tmp_path / "x.json", content(without(key)), rf"hold points\[0\].{key} as ")


def refused(path: Path, what: dict[str, Any], message: str) -> None:
    """Check that it is not written, with one clear message; reading makes the same checks."""
    with pytest.raises(ProfileError, match=message) as caught:
        profiles.write(path, what)

    assert str(path) in str(caught.value)
    assert " is not allowed; profile must " in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not path.exists()
