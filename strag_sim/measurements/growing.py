"""An array that grows: pieces are copied behind each other, without ever being held twice."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

# Numbers a segment. Of this size the system gives each its own pages and takes them back at once;
# pages that are not written to cost nothing.
SEGMENT = 2**22


class Growing:
    """Numbers of one type, appended in pieces."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._dtype = dtype
        self._full: list[NDArray[Any]] = []
        self._last = np.empty(SEGMENT, dtype)
        self._used = 0

    def append(self, piece: NDArray[Any]) -> None:
        """Copy a piece behind the others."""
        while piece.size:
            if self._used == SEGMENT:
                self._full.append(self._last)
                self._last, self._used = np.empty(SEGMENT, self._dtype), 0
            taken = piece[: SEGMENT - self._used]
            self._last[self._used : self._used + taken.size] = taken
            self._used += taken.size
            piece = piece[taken.size :]

    def whole(self) -> NDArray[Any]:
        """Return all as one array; to be called once, since it frees the segments as it goes."""
        whole = np.empty(len(self._full) * SEGMENT + self._used, self._dtype)
        whole[len(self._full) * SEGMENT :] = self._last[: self._used]
        while self._full:
            start = (len(self._full) - 1) * SEGMENT
            whole[start : start + SEGMENT] = self._full.pop()
        return whole
