"""How long codes take to encode and decode, measured.

What counts is time of the processor, so that waiting for others on the machine does not. Each time
is the median over rounds of the least of a round's calls; codes take turns, a round at a time, so
that a drift of the machine is no difference of codes. Of codes that send the inputs themselves the
parities are timed, without a copy of the inputs.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from strag_sim.codes.berrut import BerrutCode
from strag_sim.codes.code import Code
from strag_sim.codes.collage import CollageCode
from strag_sim.codes.lagrange import LagrangeCode
from strag_sim.codes.mds import MDSCode
from strag_sim.codes.parity import ParityCode

# Of images with three colours and so many pixels a side; classes of each answer.
SIDES, COLOURS, CLASSES = (32, 224), 3, 1000
# K and N; where N is K + 1 parities and collages are timed too.
PAIRS = (
    *((4, 5), (4, 6), (4, 8), (9, 10), (9, 12), (9, 16)),
    *((16, 17), (16, 20), (16, 24), (16, 32), (25, 26), (25, 30), (25, 36)),
)
# The canvas of the collage authors, 416 for images of 224, and as much of other sizes.
CANVAS = 416 / 224
ROUNDS, ROUND_TIME, FEWEST = 9, 0.004, 3  # seconds, and calls at the least

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """What is timed: a code, under a name, on images of so many pixels a side."""

    name: str
    code: Code
    side: int

    @property
    def numbers(self) -> int:
        """The numbers of one input."""
        return COLOURS * self.side**2


@dataclass(frozen=True)
class Timing:
    """What was found: seconds to encode a group, and to decode it with its weights."""

    trial: Trial
    encode: float
    decode: float


def trials(sides: Sequence[int] = SIDES, pairs: Sequence[tuple[int, int]] = PAIRS) -> list[Trial]:
    """Return what is timed: every code, K and N on images of these sizes."""
    found = []
    for side in sides:
        for inputs, tasks in pairs:
            found += [
                Trial("lagrange", LagrangeCode(inputs, tasks), side),
                Trial("berrut", BerrutCode(inputs, tasks - inputs), side),
                Trial("mds", MDSCode(inputs, tasks), side),
            ]
            if tasks == inputs + 1:
                found += [
                    Trial("parity sum", ParityCode(inputs), side),
                    Trial("concatenation", ParityCode(inputs, encoder="concatenation"), side),
                    Trial("collage", CollageCode(round(inputs**0.5), round(CANVAS * side)), side),
                ]
    return found


def measure(
    asked: Sequence[Trial],
    advance: Progress | None = None,
    clock: Callable[[], float] = time.process_time,
) -> list[Timing]:
    """Time every trial, in turns, and return what was found, in their order.

    ``clock`` is in seconds of the processor, those of all threads.
    """
    calls = [call for trial in asked for call in _calls(trial)]
    least: list[list[float]] = [[] for _ in calls]
    for done in range(ROUNDS):
        for call, times in zip(calls, least, strict=True):
            times.append(_least(call, clock))
        if advance:
            advance(done + 1, ROUNDS)
    found = [statistics.median(times) for times in least]
    return [Timing(*each) for each in zip(asked, found[::2], found[1::2], strict=True)]


def spread_out(inputs: int, tasks: int) -> list[int]:
    """Return K of the N tasks, evenly spread: those whose results are decoded here.

    Which ones they are does not change the time; their gain is within the limit.
    """
    return [int(task) for task in np.linspace(0, tasks - 1, inputs).round()]


def _calls(trial: Trial) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return what is timed: to encode, and to decode. The numbers say nothing about the time."""
    code = trial.code
    shape = (code.inputs, COLOURS, trial.side, trial.side)
    images = np.sin(np.arange(np.prod(shape), dtype=np.float32)).reshape(shape)
    returned = [0] if code.tasks == 1 else spread_out(code.inputs, code.tasks)
    columns = CLASSES * (code.inputs if code.tasks == 1 else 1)
    results = np.cos(np.arange(len(returned) * columns, dtype=np.float64)).reshape(-1, columns)
    encode = code.parities_of if isinstance(code, ParityCode | MDSCode) else code.encode
    return partial(encode, images), partial(code.decode, results, returned)


def _least(call: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return the least time of a round's calls; the first, with cold caches, does not count."""
    call()
    start, least, calls = clock(), np.inf, 0
    while calls < FEWEST or clock() - start < ROUND_TIME:
        before = clock()
        call()
        least = min(least, clock() - before)
        calls += 1
    return float(least)
