"""Cells packed into chunks, so that handing them out takes little of the time."""

from collections import Counter, deque
from collections.abc import Sequence

from strag_sim.sweep.job import Cell

# Seconds that a chunk should take: handing it out takes milliseconds, and what it holds is
# reported when it ends.
AIM = 1.0
# A chunk is at most this part of what is left for each worker, so that all end together.
SHARE = 4
LARGEST = 2000
# How often the worker of a cell may be lost before the cell is given up.
TRIES = 3

Chunk = tuple[Cell, ...]


class Chunks:
    """Cells that are still to be handed out; how long they take is learned from what was done."""

    def __init__(self, cells: Sequence[Cell], workers: int) -> None:
        self.cells = cells
        self.workers = workers
        self.next = 0
        self.again: deque[Cell] = deque()
        self.lost: Counter[Cell] = Counter()
        self.seconds = self.done = 0.0

    def take(self) -> Chunk | None:
        """Return the next chunk; None where all are handed out.

        Cells whose worker was lost come last, one at a time.
        """
        left = len(self.cells) - self.next
        if left:
            size = max(1, min(self._size(), left // (SHARE * self.workers), LARGEST))
            chunk = tuple(self.cells[self.next : self.next + size])
            self.next += size
            return chunk
        return (self.again.popleft(),) if self.again else None

    @property
    def only_again(self) -> bool:
        """Whether only cells whose worker was lost are left."""
        return self.next >= len(self.cells)

    def told(self, cells: int, seconds: float) -> None:
        """Learn that so many cells took so long on one worker."""
        self.done += cells
        self.seconds += seconds

    def took_worker(self, chunk: Chunk, alone: bool) -> list[Cell]:
        """Take back a chunk whose worker was lost; return its cells that are given up.

        Only a cell that was ``alone`` is to blame: of others nobody knows who it was.
        """
        given_up = []
        for cell in chunk:
            self.lost[cell] += alone
            if self.lost[cell] >= TRIES:
                given_up.append(cell)
            else:
                self.again.append(cell)
        return given_up

    def _size(self) -> int:
        """Return how many cells take about as long as a chunk should; at first it is not known."""
        if not self.done:
            return 1
        return int(AIM / max(self.seconds / self.done, 1e-6)) or 1
