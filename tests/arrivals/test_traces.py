"""Recorded arrivals: stamps in files, coarse clocks, and what rescaling leaves as it is."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from against_theory import LIMIT, z_of_runs
from counts import dispersion, in_windows, variation
from hypothesis import given, settings
from hypothesis import strategies as st

from strag_sim.arrivals import Mmpp, Phase, Poisson, Trace, Varying, envelopes

BURSTY = Mmpp(states=(Phase(rate=20, dwell=2), Phase(rate=0.5, dwell=5)))


def csv(folder: Path, rows: list[object], name: str = "times.csv") -> str:
    """Write a column of times beside another."""
    frame = pd.DataFrame({"at": rows, "tokens": range(len(rows))})
    frame.to_csv(folder / name, index=False)
    return str(folder / name)


@settings(max_examples=30, deadline=None)
@given(scale=st.floats(1e-3, 1e3), seed=st.integers(0, 99), jitter=st.sampled_from([0, 1.5]))
def test_rescaling_changes_the_rate_alone(scale: float, seed: int, jitter: float) -> None:
    """The rate is divided; gaps vary as they did, counts in windows that scale along as well."""
    times = BURSTY.draw(np.random.default_rng(seed), 3000)
    widths = (1.0, 10.0, 60.0)
    # Rounding must not carry an arrival over the edge of a window.
    near = [np.abs(times / width - np.round(times / width)).min() > 1e-9 for width in widths]

    plain, scaled = (
        Trace(times=tuple(times.tolist()), scale=by, jitter=jitter).draw(
            np.random.default_rng(seed), times.size
        )
        for by in (1.0, scale)
    )

    assert scaled.size / scaled[-1] == pytest.approx(plain.size / plain[-1] / scale)
    assert variation(scaled) == pytest.approx(variation(plain))
    assert variation(plain) > 1.5
    for width, apart in zip(widths, near, strict=True):
        close = 1e-9 if apart and not jitter else 1e-2
        assert dispersion(scaled, width * scale) == pytest.approx(dispersion(plain, width), close)
        assert dispersion(scaled, 2.1 * width * scale) != pytest.approx(dispersion(plain, width))


def test_jitter_mends_a_coarse_clock() -> None:
    """Poisson arrivals on a clock of 3 s: with jitter they are Poisson again, in every window."""
    rate, values, coarse = 3.4, {0.5: [], 3.0: [], 30.0: []}, []
    for run in range(40):
        rng = np.random.default_rng((5, run))
        fine = Poisson(rate=rate).draw(rng, 5000)
        stamps = tuple((fine // 3 * 3).tolist())
        times = Trace(times=stamps, jitter=3.0).draw(rng, 5000)
        assert sorted(times // 3 * 3) == sorted(stamps)
        for width, found in values.items():
            counts = in_windows(times, width)
            found.append(((counts - rate * width) ** 2).mean() / (rate * width))
        counts = in_windows(np.array(stamps), 0.5)
        coarse.append(((counts - rate * 0.5) ** 2).mean() / (rate * 0.5))

    scores = [z_of_runs(np.array(found), 1.0) for found in values.values()]
    print(scores, z_of_runs(np.array(coarse), 1.0))
    assert max(map(abs, scores)) <= LIMIT
    assert abs(z_of_runs(np.array(coarse), 1.0)) > LIMIT


def test_jitter_comes_before_scale() -> None:
    """It is of the recorded clock: half the times, half the spread; drawn anew in each run."""
    trace = Trace(times=(0, 0, 3, 3, 6), jitter=3.0, scale=0.5)
    draws = [trace.draw(np.random.default_rng(seed), 5) for seed in range(200)]

    assert all(((d >= [0, 0, 1.5, 1.5, 3]) & (d <= [1.5, 1.5, 3, 3, 4.5])).all() for d in draws)
    assert len({tuple(d) for d in draws}) == 200
    assert np.mean([d[4] for d in draws]) == pytest.approx(3.75, abs=0.15)
    assert not trace.draws_nothing
    assert Trace(times=(0, 1)).draws_nothing
    assert Trace(times=(0, 1), jitter=0).draws_nothing


def test_batches_of_a_trace() -> None:
    """Each time brings several; the trace holds so many requests."""
    trace = Trace(times=(0, 1, 1), batch=2)

    assert trace.size == 6
    assert trace.draw(np.random.default_rng(1), 5).tolist() == [0, 0, 1, 1, 1]
    with pytest.raises(ValueError, match=r"requests: 7 .* the trace holds 6 arrivals"):
        trace.draw(np.random.default_rng(1), 7)


STAMPS = {
    "azure": ["2023-11-16 18:17:03.9799600", "2023-11-16 18:17:04.0319600", "2023-11-16 18:17:06"],
    "iso": ["2023-11-16T18:17:03.97996Z", "2023-11-16T18:17:04.03196Z", "2023-11-16T18:17:06Z"],
    "zones": [
        "2023-11-16 18:17:03.97996+00:00",
        "2023-11-16 19:17:04.03196+01:00",
        "2023-11-16 18:17:06+0000",
    ],
    "of-day": ["18:17:03.97996", "18:17:04.03196", "18:17:06"],
    "epoch": [1700158623.97996, 1700158624.03196, 1700158626.0],
}


@pytest.mark.parametrize("name", STAMPS)
def test_dates_and_times(tmp_path: Path, name: str) -> None:
    """The first arrival of a file is at 0, whatever its stamps count from."""
    trace = Trace(path=csv(tmp_path, STAMPS[name]), column="at")

    found = trace.draw(np.random.default_rng(1), 3)
    close = 1e-6 if name == "epoch" else 1e-12  # doubles of that size are 2e-7 apart
    assert found.tolist() == pytest.approx([0, 0.052, 2.02004], abs=close)


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_dates_in_parquet(tmp_path: Path, zone: str | None) -> None:
    """Dates that are stored as such, with and without a zone."""
    stamps = pd.Series(pd.to_datetime(STAMPS["azure"], format="ISO8601")).dt.tz_localize(zone)
    pd.DataFrame({"at": stamps}).to_parquet(tmp_path / "times.parquet")

    trace = Trace(path=str(tmp_path / "times.parquet"))

    assert trace.recorded().tolist() == pytest.approx([0, 0.052, 2.02004], abs=1e-12)


def test_units(tmp_path: Path) -> None:
    """Whole milliseconds, from wherever they count."""
    trace = Trace(path=csv(tmp_path, [7000, 10000, 10250]), column="at", unit="ms")

    assert trace.recorded().tolist() == [0, 3, 3.25]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([0, None, 2], r"path: arrival 2 is missing \(nan\); every time must be a number"),
        ([None, 1], r"path: arrival 1 is missing \(nan\)"),
        ([0, 3, 2], r"path: arrival 3 \(2.0\) is before arrival 2 \(3.0\); .*: sort them first"),
        ([-1, 3], "path: arrival 1 is -1.0; times must not be negative"),
        ([0, 1, "x", 3], "path: arrival 3 is 'x'; every time must be a number, as others are"),
        (["a", "b"], "path: arrival 1 is 'a'; every time must be a number or a date such as 2023"),
        (["2023-11-16 18:17:03", None], r"path: arrival 2 is missing \(nan\)"),
        (["2023-11-16 18:17:03", "16.11.2023 18:20"], "arrival 2 is '16.11.2023 18:20'; every"),
        (["2023-11-16 18:17:03", "2023-11-16 18:17:02"], r"arrival 2 \(-1.0\) is before arrival 1"),
        (
            ["2023-11-16 18:17:03Z", "2023-11-16 18:17:04"],
            "arrival 2 is '2023-11-16 18:17:04'; every time must be a time with its zone, as",
        ),
        (["18:17:03", "2023-11-16 18:17:04"], "arrival 1 is '18:17:03'; every time must be a numb"),
        ([True, False], "path: .* must be a file with a column of at least one number or date"),
        ([0, 0, 0], "jitter: missing; 2 of 3 arrivals come at .* the width of their grid, or jitt"),
        (
            [0, 0, 0, 3, 3, 3, 6],
            r"jitter: missing; 4 of 7 arrivals .* \(here it looks like 3 s\), or jitter: 0 to take",
        ),
    ],
)
def test_wrong_stamps(tmp_path: Path, rows: list[object], message: str) -> None:
    """Missing, unsorted, mixed and coarse stamps; the first wrong row is named."""
    with pytest.raises(ValueError, match=message):
        Trace(path=csv(tmp_path, rows), column="at")


def test_coarse_stamps_may_be_meant(tmp_path: Path) -> None:
    """With a jitter, also of 0, and in a list, times may repeat."""
    path = csv(tmp_path, [5, 5, 5, 8])

    assert Trace(path=path, column="at", jitter=0).recorded().tolist() == [0, 0, 0, 3]
    assert Trace(path=path, column="at", jitter=3).recorded().tolist() == [0, 0, 0, 3]
    assert Trace(times=(5, 5, 5, 8)).recorded().tolist() == [5, 5, 5, 8]


def test_units_go_with_numbers(tmp_path: Path) -> None:
    """Dates have none."""
    with pytest.raises(ValueError, match="unit: goes with numbers; the column holds dates"):
        Trace(path=csv(tmp_path, STAMPS["azure"]), column="at", unit="ms")


@pytest.mark.parametrize("name", envelopes.names())
def test_rescaled_envelopes(name: str) -> None:
    """A higher mean rate leaves the shape: on the clock that runs with it gaps shrink alike."""
    plain = Varying(envelope=name, cv=3.0)
    faster = Varying(envelope=name, cv=3.0, rate=7 * plain.mean_rate)
    curve = envelopes.load(name).curve()

    clock = []
    for arrivals in (plain, faster):
        times = arrivals.draw(np.random.default_rng(1), 20_000)
        whole, rest = np.divmod(times, curve.period)
        clock.append(whole * curve.mean * curve.period + curve.due(rest))

    assert faster.mean_rate == pytest.approx(7 * plain.mean_rate)
    assert clock[1] == pytest.approx(clock[0] / 7, abs=1e-6)
