"""A model on its device, and how long one call of it takes: on the clock, and of its own work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from statistics import median

import torch

from strag_sim.errors import ProfilerError
from strag_sim.profiler.asked import Asked
from strag_sim.profiler.models import counts
from strag_sim.profiler.subject import Inputs, Subject

INPUTS = 8  # that take turns, so that no call finds its input in a cache
Timed = tuple[int, int, int]  # when a call started, how long it took, how long it worked; ns
Caller = Callable[[int], Timed]


@dataclass(frozen=True)
class Loaded:
    """A model on its device. ``load_time`` in seconds, ``shape`` of inputs for a batch of 1."""

    subject: Subject
    module: torch.nn.Module  # as it was made; ``called`` may be compiled
    called: Callable[..., object]
    example: Callable[[int], Inputs]
    load_time: float
    shape: str


def load(subject: Subject, asked: Asked) -> Loaded:
    """Make a model and bring it to its device; ProfilerError says what is wrong with it."""
    if asked.device.startswith("cuda"):
        torch.backends.cudnn.benchmark = True  # shapes are fixed, and each is warmed up
    begun = time.perf_counter()
    made, example = subject.make()
    try:
        module = made.to(asked.device, getattr(torch, asked.dtype))
    except Exception as error:  # torch has no class of errors of its own
        where = f"cannot be brought to {asked.device} in {asked.dtype}"
        raise ProfilerError(f"{subject.name} {where}: {reason(error)}") from error
    took = time.perf_counter() - begun
    shape = ", ".join("x".join(map(str, each.shape)) for each in example(1))
    called = torch.compile(module) if asked.compiled else module
    return Loaded(subject, module, called, example, took, shape)


def caller(loaded: Loaded, batch: int, asked: Asked) -> Caller:
    """Return what calls the model once and times it; its argument chooses the inputs."""
    inputs = [_brought(loaded.example(batch), asked) for _ in range(INPUTS)]
    timed = _on_cpu
    if asked.device.startswith("cuda"):
        timed = _on_cuda
        torch.cuda.synchronize()  # inputs came by another stream than the one that calls
    return lambda turn: timed(loaded.called, inputs[turn % INPUTS])


@contextmanager
def serving(asked: Asked, server: int = 0) -> Iterator[None]:
    """Let a thread call models: without gradients and, on a GPU, on the stream of this server.

    The stream is the same each time, as torch keeps memory for each. The number of threads must be
    set by each thread: convolutions do not see what another has set.
    """
    torch.set_num_threads(asked.threads)
    with torch.inference_mode():
        if asked.device.startswith("cuda"):
            with torch.cuda.stream(_stream(asked.device, server)):
                yield
        else:
            yield


def overhead(asked: Asked) -> float:
    """Return the median time, in seconds, that timing adds: that of a module that does nothing."""
    timed = _on_cuda if asked.device.startswith("cuda") else _on_cpu
    nothing = torch.nn.Identity()
    inputs = (torch.zeros(1, device=asked.device),)
    with serving(asked):
        return median(timed(nothing, inputs)[1] for _ in range(1000)) / 1e9


def sizes(loaded: Loaded, asked: Asked) -> tuple[int, int | None]:
    """Return parameters and the multiply-accumulates of a batch of 1, None if not to be counted.

    It calls the module: who wants to see a cold first call asks afterwards.
    """
    try:
        return counts(loaded.module, _brought(loaded.example(1), asked))
    except Exception:  # whatever a module raises
        return sum(each.numel() for each in loaded.module.parameters()), None


def reason(error: Exception) -> str:
    """Return why a model cannot be called, in a line."""
    if isinstance(error, torch.OutOfMemoryError):
        torch.cuda.empty_cache()
        return "out of memory"
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or "allocate memory" in text or "out of memory" in text:
        return "out of memory"
    hint = "; try another --dtype" if "not implemented for" in text else ""
    return f"the model raised {type(error).__name__}: {text[:200]}{hint}"


@cache
def _stream(device: str, server: int) -> torch.cuda.Stream:
    """Return the stream of a server."""
    return torch.cuda.Stream(device)


def _on_cpu(module: Callable[..., object], inputs: Inputs) -> Timed:
    """Time a call on the processor; work is the processor time of the thread that calls."""
    begun, worked = time.perf_counter_ns(), time.thread_time_ns()
    module(*inputs)
    work = time.thread_time_ns() - worked
    return begun, time.perf_counter_ns() - begun, work


def _on_cuda(module: Callable[..., object], inputs: Inputs) -> Timed:
    """Time a call on a GPU, which is waited for; work is what the GPU spent between two events."""
    stream = torch.cuda.current_stream()
    first, last = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    stream.synchronize()
    begun = time.perf_counter_ns()
    first.record(stream)
    module(*inputs)
    last.record(stream)
    last.synchronize()
    took = time.perf_counter_ns() - begun
    return begun, took, round(first.elapsed_time(last) * 1e6)


def _brought(inputs: Inputs, asked: Asked) -> Inputs:
    """Return inputs on the device; numbers with a point in the type of the model."""
    dtype = getattr(torch, asked.dtype)
    return tuple(
        each.to(asked.device, dtype) if each.is_floating_point() else each.to(asked.device)
        for each in inputs
    )
