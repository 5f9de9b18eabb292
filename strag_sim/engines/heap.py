"""A binary heap of (time, code) on two arrays; equal times come in the order of their codes.

``times[0]`` is infinite while the heap is empty, so that the next time can be read without a test.

The functions have one way out and touch their arrays on it: else numba counts references to the
arrays at each call, which cost a third of the engine's time.
"""

import numpy as np
from numba.extending import register_jitable


@register_jitable
def push(times, codes, size, time, code):
    """Add an entry, in place; return the new size. The arrays must have room for one more."""
    times[size + 1] = np.inf
    i = size
    while i > 0:
        above = (i - 1) >> 1
        if times[above] < time or (times[above] == time and codes[above] < code):
            break
        times[i], codes[i] = times[above], codes[above]
        i = above
    times[i], codes[i] = time, code
    return size + 1


@register_jitable
def drop_first(times, codes, size):
    """Remove the first entry, in place; return the new size."""
    size -= 1
    time, code = times[size], codes[size]
    times[size] = np.inf
    replace_first(times, codes, size, time, code)
    times[size] = np.inf
    return size


@register_jitable
def replace_first(times, codes, size, time, code):
    """Put an entry in the place of the first one, and from there where it belongs."""
    i, below = 0, 1
    while below < size:
        right = below + 1
        earlier = times[right] < times[below]
        tied = (times[right] == times[below]) & (codes[right] < codes[below])
        below += earlier | tied  # no branch that a processor would have to guess
        if time < times[below] or (time == times[below] and code < codes[below]):
            break
        times[i], codes[i] = times[below], codes[below]
        i, below = below, 2 * below + 1
    times[i], codes[i] = time, code


@register_jitable
def push_least(heap, base, size, value):
    """Add a value to the heap of numbers that begins at ``base``; return its new size."""
    if size == 0:  # by far the most frequent case, and small enough to be inlined
        heap[base] = value
        return 1
    return _rise(heap, base, size, value)


@register_jitable
def drop_least(heap, base, size):
    """Remove the least value of the heap of numbers that begins at ``base``; return its size."""
    if size == 1:
        return 0
    return _sink(heap, base, size - 1)


@register_jitable
def _rise(heap, base, size, value):
    """Place a value that is added at the end of a heap; return the new size."""
    i = size
    while i > 0 and heap[base + ((i - 1) >> 1)] > value:
        heap[base + i] = heap[base + ((i - 1) >> 1)]
        i = (i - 1) >> 1
    heap[base + i] = value
    return size + 1


@register_jitable
def _sink(heap, base, size):
    """Place the last value of a heap whose first is removed; return the new size."""
    value = heap[base + size]
    i, below = 0, 1
    while below < size:
        if below + 1 < size and heap[base + below + 1] < heap[base + below]:
            below += 1
        if value <= heap[base + below]:
            break
        heap[base + i] = heap[base + below]
        i, below = below, 2 * below + 1
    heap[base + i] = value
    return size
