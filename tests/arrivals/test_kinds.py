"""When requests arrive: laws against theory, traces from lists and files, parameters refused."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from strag_sim.arrivals import KINDS, Closed, Deterministic, Poisson, Trace

LIMIT = 4.0  # P(|Z| > 4) = 6e-5
COUNT = 100_000
RATE = 40.0
TIMES = (0.0, 0.5, 0.5, 2.0)


def gaps_of(arrivals: Poisson, seed: int = 1) -> np.ndarray:
    """Return the gaps between arrivals, in seconds; the first counts from 0."""
    return np.diff(arrivals.draw(np.random.default_rng(seed), COUNT), prepend=0.0)


def z_of_mean(gaps: np.ndarray, rate: float) -> float:
    """Return by how many standard errors the mean gap is above 1 / rate; its deviation is too."""
    return float((gaps.mean() * rate - 1) * math.sqrt(gaps.size))


def z_above(gaps: np.ndarray, rate: float, level: float) -> float:
    """Return by how many standard errors the share above a quantile of the exponential is off."""
    share = float((gaps > -math.log(1 - level) / rate).mean())
    return (share - (1 - level)) / math.sqrt(level * (1 - level) / gaps.size)


def z_of_neighbours(gaps: np.ndarray, rate: float) -> float:
    """Return the correlation of each gap with the next in standard errors, 1 / sqrt(n)."""
    centred = gaps * rate - 1
    return float((centred[1:] * centred[:-1]).sum() / math.sqrt(gaps.size))


def test_poisson_has_its_rate() -> None:
    """The mean gap is 1 / rate; a rate 2 % off would be seen."""
    gaps = gaps_of(Poisson(rate=RATE))

    print(z_of_mean(gaps, RATE))
    assert abs(z_of_mean(gaps, RATE)) <= LIMIT
    assert abs(z_of_mean(gaps_of(Poisson(rate=1.02 * RATE)), RATE)) > LIMIT


@pytest.mark.parametrize("level", [0.05, 0.5, 0.9, 0.99, 0.999])
def test_gaps_of_poisson_are_exponential(level: float) -> None:
    """At every quantile; gaps of the same mean with another law would be seen."""
    gaps = gaps_of(Poisson(rate=RATE))
    others = np.random.default_rng(2).gamma(1.5, 1 / (1.5 * RATE), COUNT)

    print(z_above(gaps, RATE, level), z_above(others, RATE, level))
    assert abs(z_above(gaps, RATE, level)) <= LIMIT
    assert abs(z_above(others, RATE, level)) > LIMIT


def test_gaps_of_poisson_are_independent() -> None:
    """Gaps say nothing about the next; means of neighbours would be seen."""
    gaps = gaps_of(Poisson(rate=RATE))
    smoothed = (gaps[1:] + gaps[:-1]) / 2

    print(z_of_neighbours(gaps, RATE))
    assert abs(z_of_neighbours(gaps, RATE)) <= LIMIT
    assert z_of_neighbours(smoothed, RATE) > LIMIT


def test_poisson_is_in_order_and_repeatable() -> None:
    """Times rise, the same generator gives the same, and a longer draw starts alike."""
    draws = [Poisson(rate=RATE).draw(np.random.default_rng(3), n) for n in (50, 50, 200)]

    assert (np.diff(draws[2], prepend=0.0) > 0).all()
    assert draws[0].tolist() == draws[1].tolist() == draws[2][:50].tolist()
    assert draws[0].shape == (50,)


def test_an_offered_load_becomes_a_rate() -> None:
    """0.6 of 10 slots that take 20 ms each: 300 requests a second. A rate stays as it is."""
    assert Poisson(offered_load=0.6).at_capacity(0.02, 10) == Poisson(rate=0.6 * 10 / 0.02)
    assert Poisson(rate=5).at_capacity(0.02, 10) == Poisson(rate=5)
    with pytest.raises(ValueError, match="offered_load: needs the workers' capacity"):
        Poisson(offered_load=0.6).draw(np.random.default_rng(1), 1)


def test_deterministic() -> None:
    """One at 0, and one each interval; nothing is drawn."""
    times = Deterministic(interval=0.25).draw(np.random.default_rng(1), 4)

    assert times.tolist() == [0, 0.25, 0.5, 0.75]
    assert times.dtype == np.float64


def test_a_trace_of_times() -> None:
    """The first so many, several at one time too, scaled; whole numbers are times too."""
    trace = Trace(times=TIMES, scale=2)

    assert trace.draw(np.random.default_rng(1), 3).tolist() == [0, 1, 1]
    assert trace.recorded().tolist() == list(TIMES)
    assert Trace(times=(0, 1)).draw(np.random.default_rng(1), 2).dtype == np.float64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the times in every kind of file."""
    frame = pd.DataFrame({"id": ["a", "b", "c", "d"], "at": TIMES})
    frame.to_csv(tmp_path / "two.csv", index=False)
    frame[["at"]].to_csv(tmp_path / "one.csv", index=False)
    frame.to_parquet(tmp_path / "two.parquet")
    np.save(tmp_path / "plain.npy", np.array(TIMES))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "column"),
    [("two.csv", "at"), ("one.csv", None), ("two.parquet", "at"), ("plain.npy", None)],
)
def test_a_trace_in_a_file(folder: Path, name: str, column: str | None) -> None:
    """A column of a table, which may be left out where it is the only one; read once."""
    trace = Trace(path=str(folder / name), column=column, scale=0.5)
    (folder / name).unlink()

    assert trace.draw(np.random.default_rng(1), 4).tolist() == [0, 0.25, 0.25, 1]


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        (
            "none.csv",
            "at",
            "path: .*none.csv' is not allowed; path must be a readable file .No such",
        ),
        ("two.csv", None, "column: missing; column must be a column of .*: id, at"),
        ("two.csv", "ta", "column: 'ta' is not allowed; column must be a column of .*: id, at"),
        ("two.csv", "id", "path: arrival 1 is 'a'; every time must be a number or a date such as"),
        ("two.txt", None, "path: .* must be a file ending in .csv, .parquet, .npy"),
    ],
)
def test_wrong_files_of_traces(folder: Path, name: str, column: str | None, message: str) -> None:
    """The message names the key, what is there, and what is allowed."""
    with pytest.raises(ValueError, match=message):
        Trace(path=str(folder / name), column=column)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([], "an empty trace is not allowed; give at least one arrival"),
        ([0.0, math.nan], r"arrival 2 is missing \(nan\); every time must be a number"),
        ([0.0, 1.0, math.inf], "arrival 3 is inf; every time must be a number"),
        ([-1.0, 2.0], "arrival 1 is -1.0; times must not be negative"),
        ([0.0, 2.0, 1.5], r"arrival 3 \(1.5\) is before arrival 2 \(2.0\); .* sort them first"),
    ],
)
def test_wrong_times_of_traces(tmp_path: Path, times: list[float], message: str) -> None:
    """In a list and in a file; the first wrong row is named."""
    with pytest.raises(ValueError, match=f"times: {message}"):
        Trace(times=tuple(times))
    if times:
        np.save(tmp_path / "times.npy", np.array(times))
        with pytest.raises(ValueError, match=f"path: {message}"):
            Trace(path=str(tmp_path / "times.npy"))


def test_a_trace_is_not_longer_than_it_is() -> None:
    """Nothing is made up or repeated."""
    with pytest.raises(ValueError, match=r"requests: 5 .* the trace holds 4 arrivals"):
        Trace(times=TIMES).draw(np.random.default_rng(1), 5)


@pytest.mark.parametrize(
    ("clients", "barrier", "rounds"),
    [(1, False, (1, 1)), (3, True, (1, 9)), (3, 1, (1, 1)), (3, 4, (4, 4))],
)
def test_rounds_of_a_closed_loop(
    clients: int, barrier: bool | int, rounds: tuple[int, int]
) -> None:
    """One request; with a barrier a group of the policy, or a number whatever the policy."""
    closed = Closed(clients=clients, barrier=barrier)

    assert (closed.round_of(1), closed.round_of(9)) == rounds
    with pytest.raises(ValueError, match="no arrival times before it is run"):
        closed.draw(np.random.default_rng(1), 1)


@pytest.mark.parametrize(
    ("kind", "parameters", "key"),
    [
        ("poisson", {}, "rate"),
        ("poisson", {"rate": 1.0, "offered_load": 0.5}, "rate"),
        *[("poisson", {"rate": rate}, "rate") for rate in (0.0, -1.0, math.inf, math.nan)],
        *[("poisson", {"offered_load": x}, "offered_load") for x in (0.0, 1.0, -1, math.nan)],
        *[("deterministic", {"interval": x}, "interval") for x in (0.0, -1, math.inf, math.nan)],
        ("trace", {}, "times"),
        ("trace", {"times": (0.0,), "path": "x.csv"}, "times"),
        ("trace", {"times": (0.0,), "column": "at"}, "column"),
        *[("trace", {"times": (0.0,), "scale": x}, "scale") for x in (0.0, -1, math.inf, math.nan)],
        ("closed", {"clients": 0}, "clients"),
        ("closed", {"clients": 1, "barrier": 0}, "barrier"),
        ("closed", {"clients": 1, "barrier": -2}, "barrier"),
    ],
)
def test_wrong_parameters(kind: str, parameters: dict[str, object], key: str) -> None:
    """Each is refused with the name of its key."""
    with pytest.raises(ValueError, match=f"^{key}: "):
        KINDS[kind](**parameters)
