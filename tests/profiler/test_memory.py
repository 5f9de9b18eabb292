"""Freed memory is kept, so that no call pays for the pages of the one before."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "strag_sim/profiler/memory.py"
# The room beside the package's own __init__ is left out, as that needs torch.
PROGRAM = f"""
import resource, runpy, sys, threading
memory = runpy.run_path({str(FILE)!r})
if sys.argv[1] == "kept":
    assert memory["keep_memory"]()
def call():
    for size in (40, 3, 90, 7):
        bytearray(size << 20)
def faults():
    call()
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(5):
        call()
    print(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)
faults()
thread = threading.Thread(target=faults)
thread.start()
thread.join()
"""
glibc = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(ctypes.CDLL(None), "mallopt"),
    reason="mallopt is glibc's",
)


def faults(how: str) -> list[int]:
    """Return how many pages five calls faulted in, of the main thread and of another."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    )
    return [int(line) for line in done.stdout.split()]


@glibc
def test_calls_fault_in_no_pages() -> None:
    """Five calls that need 140 MB each touch pages that are there; a few are of Python itself."""
    assert max(faults("kept")) < 500


@glibc
def test_otherwise_they_do() -> None:
    """Negative control: 140 MB are 35,840 pages of 4 KiB a call, or fewer that are larger."""
    assert min(faults("given back")) > 1000
