"""A model on its device, and how long one call of it takes: on the clock, and of its own work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    """A model on its device. ``load_time`` in seconds; sizes are None where they are not known."""

    subject: Subject
    module: torch.nn.Module
    example: Callable[[int], Inputs]
    load_time: float
    parameters: int | None
    macs: int | None  # multiply-accumulates of a batch of 1
    shape: str  # of the inputs for a batch of 1


def load(subject: Subject, asked: Asked) -> Loaded:
    """Make a model and bring it to its device; ProfilerError says what is wrong with it."""
    begun = time.perf_counter()
    made, example = subject.make()
    module = made.to(asked.device, getattr(torch, asked.dtype))
    took = time.perf_counter() - begun
    inputs = example(1)
    shape = ", ".join("x".join(map(str, each.shape)) for each in inputs)
    parameters, macs = _sizes(module, _brought(inputs, asked))
    if asked.compiled:
        module = torch.compile(module)
    return Loaded(subject, module, example, took, parameters, macs, shape)


def caller(loaded: Loaded, batch: int, asked: Asked) -> Caller:
    """Return what calls the model once and times it; its argument chooses the inputs."""
    inputs = [_brought(loaded.example(batch), asked) for _ in range(INPUTS)]
    timed = _on_cuda if asked.device.startswith("cuda") else _on_cpu
    module = loaded.module
    return lambda turn: timed(module, inputs[turn % INPUTS])


@contextmanager
def serving(device: str) -> Iterator[None]:
    """Let a thread call models: without gradients and, on a GPU, on a stream of its own."""
    with torch.inference_mode():
        if device.startswith("cuda"):
            with torch.cuda.stream(torch.cuda.Stream(device)):
                yield
        else:
            yield


def overhead(device: str) -> float:
    """Return the median time, in seconds, that timing adds: that of a module that does nothing."""
    timed = _on_cuda if device.startswith("cuda") else _on_cpu
    nothing = torch.nn.Identity()
    inputs = (torch.zeros(1, device=device),)
    with serving(device):
        return median(timed(nothing, inputs)[1] for _ in range(1000)) / 1e9


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


def _sizes(module: torch.nn.Module, inputs: Inputs) -> tuple[int | None, int | None]:
    """Return parameters and multiply-accumulates, None for what cannot be counted."""
    try:
        return counts(module, inputs)
    except ProfilerError:
        raise
    except Exception:  # whatever a module raises will come again, and be told, when it is measured
        return sum(each.numel() for each in module.parameters()), None
