"""Calls before the first that counts: until they are as fast as they get."""

import time
from statistics import median

from strag_sim.profiler.asked import Asked
from strag_sim.profiler.calling import Caller, serving

FEWEST, SECONDS = 10, 1.0
MOST = 200  # calls, where they do not become alike in that time
WINDOW, ALIKE = 5, 1.1  # medians of so many calls, the later at most so much faster


def warm_up(call: Caller, asked: Asked, server: int = 0) -> list[int]:
    """Call until it is stable; return how long each call took, in ns: the first is a cold one.

    At least ``FEWEST`` calls and ``SECONDS``. Stable is when the last calls are not faster than
    those before them, in the median: a model that is still warming up becomes faster.
    """
    took: list[int] = []
    begun = time.perf_counter()
    with serving(asked, server):
        while (
            len(took) < FEWEST
            or time.perf_counter() - begun < SECONDS
            or (len(took) < MOST and not _is_stable(took))
        ):
            took.append(call(len(took))[1])
    return took


def _is_stable(took: list[int]) -> bool:
    """Return whether the last calls are about as fast as those before."""
    return median(took[-2 * WINDOW : -WINDOW]) <= ALIKE * median(took[-WINDOW:])
