"""A session: all configurations of all models, interleaved in small blocks in random order.

One after the other they would meet different hours: clocks that drift, other guests of the host
that come and go. The number of calls is fixed before: to stop where it looks stable would pick
quiet times. Nothing that was measured is dropped.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from strag_sim.plan.streams import ARRIVALS, MEASURING, Streams
from strag_sim.profiler.asked import Asked, Configuration
from strag_sim.profiler.calling import Caller, Loaded, caller, load, overhead, reason
from strag_sim.profiler.environment import host_counters, telemetry
from strag_sim.profiler.memory import keep_memory
from strag_sim.profiler.record import Record
from strag_sim.profiler.servers import Servers
from strag_sim.profiler.serving import Block, Ints
from strag_sim.profiler.subject import Subject
from strag_sim.profiler.warming import warm_up

BLOCK = 25  # calls of each server
Progress = Callable[[int, int], None]  # calls done, of how many


@dataclass
class Session:
    """What was asked and what was found; ``records`` are in the order of models and sizes."""

    asked: Asked
    models: list[Loaded]
    records: list[Record]
    begun: int  # of the first call, on the clock of ``time.perf_counter_ns``
    overhead: float  # seconds that timing adds to a call
    kept_memory: bool  # whether freed memory stayed with the process
    interrupted: bool = False
    counters: dict[str, float | None] = field(default_factory=dict)  # how much they grew


def ready(subjects: Sequence[Subject], asked: Asked) -> Session:
    """Make all models, and set up the session; a ProfilerError says what is wrong with one."""
    kept = keep_memory()
    models = [load(subject, asked) for subject in subjects]
    records = [
        Record(Configuration(subject.name, batch, concurrency), asked.calls(batch))
        for subject in subjects
        for concurrency in asked.concurrencies
        for batch in asked.batches
    ]
    return Session(asked, models, records, time.perf_counter_ns(), overhead(asked), kept)


def measure(session: Session, progress: Progress | None = None) -> None:
    """Measure all configurations; what fails is left out with its reason, Ctrl-C ends it early."""
    before = host_counters()
    try:
        with Servers() as servers:
            _measure(session, servers, progress or (lambda done, of: None))
        for record in session.records:
            record.after = telemetry(session.asked.device)
    except KeyboardInterrupt:
        session.interrupted = True
    session.counters = {
        name: None if before[name] is None or now is None else now - before[name]  # type: ignore[operator]
        for name, now in host_counters().items()
    }


def _measure(session: Session, servers: Servers, progress: Progress) -> None:
    """Warm up all configurations, and serve their blocks."""
    callers = dict(_warmed(session, servers))
    session.begun = time.perf_counter_ns()
    done, all_calls = 0, sum(session.records[i].calls for i in callers)
    for number, (i, calls) in enumerate(_blocks(session, list(callers))):
        record = session.records[i]
        if not record.failure:
            block = _block(session, record, callers[i], calls, number)
            _serve(session, record, block, servers)
            done += calls
            progress(done, all_calls)


def _warmed(session: Session, servers: Servers) -> Iterator[tuple[int, Caller]]:
    """Warm up each configuration; yield what calls those that can be called."""
    loaded = {model.subject.name: model for model in session.models}
    for i, record in enumerate(session.records):
        asked = record.configuration
        try:
            _forget_memory(session.asked.device)
            call = caller(loaded[asked.model], asked.batch, session.asked)
            record.warm_up = _warm_up(session, record, call, servers)
            record.memory = _memory(session.asked.device)
            record.before = telemetry(session.asked.device)
        except Exception as error:  # a model may raise anything
            record.failure = reason(error)
        else:
            yield i, call


def _warm_up(session: Session, record: Record, call: Caller, servers: Servers) -> list[int]:
    """Let each thread that will serve a configuration warm up; return the calls of the first."""
    count = record.configuration.concurrency
    if count == 1 and not session.asked.load.rate:
        return warm_up(call, session.asked)
    return servers.all(count, lambda server: warm_up(call, session.asked, server))[0]


def _blocks(session: Session, measured: Sequence[int]) -> list[tuple[int, int]]:
    """Return (record, calls) of each block, in the order in which they are served.

    Each configuration has its blocks spread evenly over the session, each at random within its
    stretch. An open load has one block, as a queue takes time to fill.
    """
    rng = Streams(session.asked.seed, 0)(MEASURING)
    placed = []
    for i in measured:
        record = session.records[i]
        size = BLOCK * record.configuration.concurrency
        count = 1 if session.asked.load.rate else -(-record.calls // size)
        parts = np.array_split(np.arange(record.calls), count)
        at = (np.arange(count) + rng.random(count)) / count
        placed += [(float(t), i, len(part)) for t, part in zip(at, parts, strict=True)]
    return [(i, calls) for _, i, calls in sorted(placed)]


def _block(session: Session, record: Record, call: Caller, calls: int, number: int) -> Block:
    """Return a block of calls, due at times of its own under an open load."""
    rate = session.asked.load.rate
    due: Ints | None = None
    if rate:
        gaps = Streams(session.asked.seed, number)(ARRIVALS).exponential(1e9 / rate, calls)
        due = np.cumsum(gaps).astype(np.int64)
    return Block(call, calls, record.configuration.concurrency, due)


def _serve(session: Session, record: Record, block: Block, servers: Servers) -> None:
    """Serve one block; keep what was measured, also if it ends early."""
    try:
        block.serve(session.asked, servers)
    except Exception as error:  # a model may raise anything, at any call
        record.failure = reason(error)
    finally:
        record.add(block.measured())


def _forget_memory(device: str) -> None:
    """Let the most memory that was in use be counted anew."""
    if device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats(device)


def _memory(device: str) -> int | None:
    """Return the most memory that was in use on a GPU, in bytes; of a host it is of all models."""
    return torch.cuda.max_memory_allocated(device) if device.startswith("cuda") else None
