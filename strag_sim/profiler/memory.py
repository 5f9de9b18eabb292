"""Memory that a call has freed stays with the process, as it does in servers and on GPUs."""

import ctypes

# From malloc.h of glibc.
TRIM_THRESHOLD, MMAP_MAX, ARENA_MAX = -1, -4, -8
MOST = 2**31 - 1  # bytes


def keep_memory() -> bool:
    """Let malloc give nothing back to the system; return whether it understood.

    Otherwise glibc returns what a call of a large model has freed, and the next call faults in each
    page anew, or not, depending on what happens to lie above it. MobileNet v2 then takes 25 ms or
    18 ms of processor time at batch 1, for minutes on end, and at batch 8 nearly half of it.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False  # another C library
    # One arena: those of further threads are given back whatever the thresholds say.
    wanted = {TRIM_THRESHOLD: MOST, MMAP_MAX: 0, ARENA_MAX: 1}
    return all(mallopt(name, value) == 1 for name, value in wanted.items())
