"""What the profiler measures: known sleeps and known work, of one thread and of several."""

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("quick")]
torch = pytest.importorskip("torch")
pytest.importorskip("strag_sim.profiler")

from measuring import content, doing, measured  # noqa: E402

from strag_sim.profiler.asked import Asked  # noqa: E402
from strag_sim.profiler.calling import serving  # noqa: E402
from strag_sim.profiler.servers import Servers  # noqa: E402
from strag_sim.profiler.serving import SERVER, START, Block  # noqa: E402

SESSIONS = 5  # as many as are tried where the machine's noise has a say


def gives_back(point: dict, begun: int, slept: np.ndarray) -> bool:
    """Return whether the samples are the sleeps (start, s), each in its place, and no other."""
    start = np.array(point["samples"]["start"]) * 1e-6 + begun / 1e9
    took = np.array(point["samples"]["time"]) * 1e-6
    at = np.searchsorted(slept[:, 0], start - 1e-7)  # starts are rounded to 0.1 us
    own = slept[at, 1]
    return bool(
        len(set(at)) == len(took)
        and (took >= own - 1e-6).all()
        and (
            np.abs(np.quantile(took, [0.5, 0.9, 0.99]) / np.quantile(own, [0.5, 0.9, 0.99]) - 1)
            < 0.02
        ).all()
        and np.corrcoef(took, own)[0, 1] > 0.99
    )


def test_known_sleeps() -> None:
    """Quantiles of known sleeps come back within 2 %, in order, the one outlier among them."""
    rng = np.random.default_rng(5)
    slept: list[tuple[float, float]] = []

    def sleep(_: int) -> None:
        begun = time.perf_counter()
        time.sleep(0.2 if len(slept) == 150 else rng.uniform(5e-3, 20e-3))
        slept.append((begun, time.perf_counter() - begun))

    session = measured(doing(sleep), requests=300)
    made = content(session)
    (point,) = made["points"]

    assert gives_back(point, session.begun, np.array(slept[:-1]))
    assert max(point["samples"]["time"]) >= 200_000
    assert point["details"]["outliers"] >= 1
    assert set(point["details"]["quantiles"]) == {"p50", "p90", "p95", "p99"}
    assert 0 < made["environment"]["timer_overhead"] < 1e-3
    for planted in (sorted, lambda took: took[::-1], lambda took: [0.97 * t for t in took]):
        samples = {**point["samples"], "time": planted(point["samples"]["time"])}
        assert not gives_back({"samples": samples}, session.begun, np.array(slept[:-1]))


def work(_: int) -> None:
    """Work for about a millisecond, with the interpreter's lock held."""
    sum(range(60_000))


def until(holds: Callable[[], bool]) -> bool:
    """Return whether it holds once, at the latest in the last session."""
    return any(holds() for _ in range(SESSIONS))


def test_same_work_takes_the_same_time() -> None:
    """Two interleaved configurations of one module have the same median work, within 5 %."""

    def holds() -> bool:
        session = measured(doing(work, "a"), doing(work, "b"), requests=150)
        first, second = (content(session, m)["points"][0]["details"]["work"] for m in (0, 1))
        return 0.95 < first["p50"] / second["p50"] < 1.05

    assert until(holds)


def test_work_is_told_from_waiting() -> None:
    """A busy thread beside makes calls long, and their work hardly longer."""
    stop = threading.Event()

    def spin() -> None:
        while not stop.is_set():
            sum(range(1000))

    def both() -> tuple[float, float]:
        point = content(measured(doing(work), requests=100))["points"][0]
        return point["mean"], point["details"]["work"]["mean"]

    def holds() -> bool:
        time_alone, work_alone = both()
        stop.clear()
        other = threading.Thread(target=spin)
        other.start()
        try:
            time_beside, work_beside = both()
        finally:
            stop.set()
            other.join()
        longer = time_beside / time_alone
        return longer > 1.3 and work_beside / work_alone - 1 < (longer - 1) / 2

    assert until(holds)


def test_two_at_once() -> None:
    """Two servers of a module that sleeps serve twice as much as one."""

    def holds() -> bool:
        session = measured(doing(lambda _: time.sleep(4e-3)), requests=200, concurrencies=(1, 2))
        one, two = content(session)["points"]
        assert (one["n"], two["n"]) == (200, 200)
        return 1.8 < two["throughput"] / one["throughput"] < 2.2

    assert until(holds)


def test_last_calls_have_company() -> None:
    """A long last call is served among as many as the others: by calls that are not counted."""
    inside, beside = [], 0

    def call(number: int) -> tuple[int, int, int]:
        nonlocal beside
        begun = time.perf_counter_ns()
        beside += 3 in inside
        inside.append(number)
        time.sleep(0.1 if number == 3 else 2e-3)
        inside.remove(number)
        return begun, time.perf_counter_ns() - begun, 0

    block = Block(call, 4, 2)
    with Servers() as servers:
        block.serve(Asked(device="cpu"), servers)

    assert len(block.measured()) == 4
    assert beside >= 10
    assert not inside


def test_a_server_without_a_turn_counts() -> None:
    """One thread that serves all calls while the other is in its first is no double throughput."""
    session = measured(doing(work), requests=2, concurrencies=(2,))
    record = session.records[0]
    record.blocks, record.busy = [], 0
    rows = np.array([[0, 0, 10, 1, 0], [10, 10, 10, 1, 0]]) * 10**6
    rows[:, SERVER] = 0
    rows[:, START] = [0, 10**7]
    record.add(rows)

    assert content(session)["points"][0]["throughput"] == pytest.approx(100)


def test_threads_of_a_convolution() -> None:
    """Also in a thread of its own a call uses as many threads as asked: its work is all there is.

    A new thread that does not say so lets convolutions use all cores.
    """
    seen = []
    module, images = torch.nn.Conv2d(16, 32, 3), torch.randn(2, 16, 56, 56)

    def serve() -> None:
        with serving(Asked(device="cpu", threads=1)):
            module(images)
            own, all_threads = time.thread_time(), time.process_time()
            for _ in range(20):
                module(images)
            seen.append((time.process_time() - all_threads) / (time.thread_time() - own))

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()

    assert seen[0] < 1.3
