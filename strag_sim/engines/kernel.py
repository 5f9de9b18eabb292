"""Compilation that is cached honestly.

Numba's cache looks at the file of a function only, not at the files of what it calls: after an
edit of the rules it would go on running the old ones. So the cache's folder carries a digest of
all sources that a kernel is made of.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

from strag_sim import rules, tables


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function without the interpreter's lock, cached by the digest of its sources."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_folder())
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy")(function)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = before


def _folder() -> Path:
    """Return a folder that can be written, named after the sources."""
    sources = [Path(rules.__file__), Path(tables.__file__), *Path(__file__).parent.glob("*.py")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()
    home = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    for root in (Path(home).expanduser(), Path(tempfile.gettempdir())):
        folder = root / "strag-sim" / digest[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="strag-sim-"))
