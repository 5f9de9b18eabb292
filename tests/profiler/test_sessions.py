"""How a session goes: its order, loads, and what is kept when something fails."""

import threading
import time

import numpy as np
import pytest

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("quick")]
torch = pytest.importorskip("torch")
pytest.importorskip("strag_sim.profiler")

from measuring import content, doing, measured  # noqa: E402

from strag_sim.cli.profiled import what_failed  # noqa: E402
from strag_sim.distributions.curve import Curve  # noqa: E402
from strag_sim.measurements import quantile_table  # noqa: E402
from strag_sim.profiler import Asked, ready, warming  # noqa: E402
from strag_sim.profiler.serving import DUE, START, TIME  # noqa: E402
from strag_sim.profiler.session import _blocks  # noqa: E402
from strag_sim.profiler.warming import warm_up  # noqa: E402


def nothing(_: int) -> None:
    """Do nothing."""


def order(seed: int) -> list[tuple[int, int]]:
    """Return the blocks of two models at three configurations each."""
    subjects = [doing(nothing, "a"), doing(nothing, "b")]
    asked = Asked(device="cpu", batches=(1, 2), concurrencies=(1, 2), requests=500, seed=seed)
    session = ready(subjects, asked)
    return _blocks(session, range(len(session.records)))


def test_blocks_are_interleaved() -> None:
    """Each configuration has its calls, in every stretch of the session, in an order by seed."""
    blocks = order(0)
    calls: dict[int, int] = {}
    for i, size in blocks:
        calls[i] = calls.get(i, 0) + size

    assert calls == {0: 500, 1: 299, 2: 500, 3: 299, 4: 500, 5: 299, 6: 500, 7: 299}
    half = len(blocks) // 2
    for i in calls:
        early = sum(size for j, size in blocks[:half] if j == i)
        assert 0.3 < early / calls[i] < 0.7
    assert order(0) == blocks
    assert order(1) != blocks


def test_all_calls_are_counted() -> None:
    """As many samples as asked, whatever the batch; quantiles without a bound are left out."""
    session = measured(doing(nothing), requests=700, batches=(1, 2, 4), concurrencies=(1, 2))
    points = content(session)["points"]

    assert [(p["batch"], p["concurrency"], p["n"]) for p in points] == [
        *((1, 1, 700), (2, 1, 350), (4, 1, 299)),
        *((1, 2, 700), (2, 2, 350), (4, 2, 299)),
    ]
    assert all(len(p["samples"]["time"]) == p["n"] for p in points)
    assert all("p999" not in p["details"]["quantiles"] for p in points)
    few = content(measured(doing(nothing), requests=298))["points"][0]["details"]["quantiles"]
    many = content(measured(doing(nothing), requests=2995))["points"][0]["details"]["quantiles"]
    assert "p99" not in few
    assert "p999" in many


def test_response_is_from_the_due_time() -> None:
    """A call that stalls makes those behind it wait: their response is long, their time short."""
    stalls = iter([*[0.0] * 30, 0.1, *[0.0] * 1000])
    session = measured(doing(lambda _: time.sleep(next(stalls))), requests=60, rate=200.0)
    rows = session.records[0].rows
    samples = content(session)["points"][0]["samples"]
    stalled = int(np.argmax(samples["time"]))
    waits = np.array(samples["response"]) - np.array(samples["time"])

    assert samples["time"][stalled] >= 1e5
    behind = [i for i in range(stalled + 1, 60) if rows[i, DUE] < rows[stalled, DUE] + 5e7]
    assert len(behind) > 3
    assert all(waits[i] > 3e4 and samples["time"][i] < 3e4 for i in behind)
    assert (rows[:, START] >= rows[:, DUE]).all()
    assert samples["response"] == [
        pytest.approx(r, abs=0.11) for r in (rows[:, START] + rows[:, TIME] - rows[:, DUE]) / 1e3
    ]


@pytest.mark.parametrize("asked", [{"concurrencies": (1, 3)}, {"rate": 5000.0}])
def test_threads_stay_for_a_session(asked: dict) -> None:
    """Whoever serves a block has warmed up, and served all blocks: what a thread tunes, it keeps.

    cuDNN's trials are kept for each thread. Of two configurations of three servers each thread has
    warmed up both, in at least ten calls of each.
    """
    calls: list[tuple[threading.Thread, int]] = []
    session = measured(
        doing(lambda batch: calls.append((threading.current_thread(), batch))),
        requests=300,
        batches=(1, 2),
        **asked,
    )
    servers = max(record.configuration.concurrency for record in session.records)
    of_thread = {thread for thread, _ in calls} - {threading.current_thread()}

    assert len(of_thread) == servers
    assert all(len(record.rows) == record.calls for record in session.records)
    for thread in of_thread:
        warm = [batch for each, batch in calls if each is thread][: 2 * warming.FEWEST]
        assert warm == [1] * warming.FEWEST + [2] * warming.FEWEST


def test_due_times_are_of_the_seed() -> None:
    """The same seed has the same arrivals, another others; their rate is the one asked for."""

    def gaps(seed: int) -> list[int]:
        session = measured(doing(nothing), requests=300, rate=2000.0, seed=seed)
        return np.diff(session.records[0].rows[:, DUE]).tolist()

    one = gaps(1)
    assert one == gaps(1)
    assert one != gaps(2)
    assert abs(np.mean(one) / 5e5 - 1) < 4 / np.sqrt(299)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        MemoryError(),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_out_of_memory(error: Exception) -> None:
    """Batches that do not fit are told and left out; the others are kept."""

    def act(batch: int) -> None:
        if batch >= 4:
            raise error

    session = measured(doing(act), requests=30, batches=(1, 2, 4, 8))

    assert [p["batch"] for p in content(session)["points"]] == [1, 2]
    assert list(what_failed(session, None)) == [
        "mine at batch 4: out of memory; it is left out",
        "mine at batch 8: out of memory; it is left out",
    ]


@pytest.mark.parametrize("servers", [1, 2])
def test_a_model_that_raises_midway(servers: int) -> None:
    """What it served before is kept, and the reason told; no thread goes on."""
    calls = 0

    def act(_: int) -> None:
        nonlocal calls
        calls += 1
        time.sleep(1e-4)
        if calls > 60:
            raise ZeroDivisionError("no\nluck")

    session = measured(doing(act), requests=300, concurrencies=(servers,))
    record, told = session.records[0], next(what_failed(session, None))

    assert 30 <= len(record.rows) <= 50
    assert "the model raised ZeroDivisionError: no luck; its" in told
    assert content(session)["points"][0]["details"]["failure"]
    after = calls
    time.sleep(0.01)
    assert calls == after


@pytest.mark.parametrize("servers", [1, 2])
def test_interrupted_midway(servers: int) -> None:
    """Ctrl-C keeps all calls that were done, and says which configurations lack some."""
    calls = 0

    def act(_: int) -> None:
        nonlocal calls
        calls += 1
        time.sleep(1e-4)
        if calls == 100:
            raise KeyboardInterrupt

    session = measured(doing(act), requests=300, concurrencies=(servers,))
    done = len(session.records[0].rows)

    assert session.interrupted
    assert 50 <= done <= 95
    assert content(session)["points"][0]["n"] == done
    assert content(session)["environment"]["interrupted"]
    assert f"interrupted after {done} of 300 calls" in next(what_failed(session, None))


def test_first_call_is_cold() -> None:
    """Nothing calls a model before its first call is timed."""
    pauses = iter([0.05, *[0.0] * 1000])
    session = measured(doing(lambda _: time.sleep(next(pauses))), requests=30)

    assert content(session)["points"][0]["details"]["first_call"] >= 5e4


def test_warm_up_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fast model is warmed up as long as any other: calls alone do not end it."""
    monkeypatch.setattr("strag_sim.profiler.warming.SECONDS", 0.05)
    begun = time.perf_counter()
    took = warm_up(lambda _: (0, 1, 1), Asked(device="cpu"))

    assert time.perf_counter() - begun >= 0.05
    assert len(took) > 200


@pytest.mark.parametrize(("n", "share"), [(300, 5e-3), (1000, 2e-3), (5000, 2e-3)])
def test_tables_say_what_samples_say(n: int, share: float) -> None:
    """The p99 of a table in a file is that of its samples, its mean within 0.2 % of theirs.

    Of fewer than 1,000 a table has hundredths of levels only, and the mean of strongly skewed ones
    may be off by half a percent.
    """
    for seed in range(10):
        samples = np.random.default_rng(seed).lognormal(0, 0.8, n)
        made = quantile_table(samples)
        curve = Curve(np.array(made["levels"]), np.array(made["values"]))
        p99 = np.quantile(samples, 0.99, method="hazen")
        assert curve.mean == pytest.approx(samples.mean(), rel=share)
        assert np.interp(0.99, made["levels"], made["values"]) == pytest.approx(p99, rel=1e-5)
