"""A binary heap of (time, code) on two arrays; equal times come in the order of their codes.

``times[0]`` is infinite while the heap is empty, so that the next time can be read without a test.
"""

import numpy as np
from numba.extending import register_jitable


@register_jitable
def push(times, codes, size, time, code):
    """Add an entry, in place; return the new size. The arrays must have room for it."""
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
    if size == 0:
        times[0] = np.inf
        return size
    time, code = times[size], codes[size]
    i = 0
    while True:
        below = 2 * i + 1
        if below >= size:
            break
        right = below + 1
        if right < size and (
            times[right] < times[below]
            or (times[right] == times[below] and codes[right] < codes[below])
        ):
            below = right
        if time < times[below] or (time == times[below] and code < codes[below]):
            break
        times[i], codes[i] = times[below], codes[below]
        i = below
    times[i], codes[i] = time, code
    return size


@register_jitable
def push_least(heap, base, size, value):
    """Add a value to the heap of numbers that begins at ``base``; return its new size."""
    i = size
    while i > 0 and heap[base + ((i - 1) >> 1)] > value:
        heap[base + i] = heap[base + ((i - 1) >> 1)]
        i = (i - 1) >> 1
    heap[base + i] = value
    return size + 1


@register_jitable
def drop_least(heap, base, size):
    """Remove the least value of the heap of numbers that begins at ``base``; return its size."""
    size -= 1
    value = heap[base + size]
    i = 0
    while True:
        below = 2 * i + 1
        if below >= size:
            break
        if below + 1 < size and heap[base + below + 1] < heap[base + below]:
            below += 1
        if value <= heap[base + below]:
            break
        heap[base + i] = heap[base + below]
        i = below
    heap[base + i] = value
    return size
