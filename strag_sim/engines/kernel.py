"""Compilation that is cached honestly, and indexes as C does.

Numba's cache looks at the file of a function only, not at the files of what it calls: after an
edit of the rules it would go on running the old ones. So the cache's folder carries a digest of
all sources that a kernel is made of.

Numba lets an index be negative, as Python does, and tests for it at each access. Ids are never
negative here, and the tests cost a tenth of the engine's time, so they are left out.
"""

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba
from numba.core import types
from numba.np import arrayobj

from strag_sim import rules, tables

_COMPILING = threading.Lock()


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function when it is first called; it does not hold the interpreter's lock."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_folder())
    try:
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    finally:
        numba.config.CACHE_DIR = before

    def call(*arguments: Any) -> Any:
        if not getattr(compiled, "signatures", True):
            with _COMPILING, _indices_as_in_c():
                compiled.compile(tuple(numba.typeof(argument) for argument in arguments))
        return compiled(*arguments)

    return call


@contextmanager
def _indices_as_in_c() -> Iterator[None]:
    """Let numba compile, within, accesses that take an index as it is."""
    right = getattr(arrayobj, "fix_integer_index", None)
    if right is None:  # another numba: slower, and no less right
        yield
        return

    def as_it_is(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
        return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)

    arrayobj.fix_integer_index = as_it_is
    try:
        yield
    finally:
        arrayobj.fix_integer_index = right


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
