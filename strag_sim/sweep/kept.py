"""The runs of a cell, kept so that more runs can be added without redoing these."""

import pickle
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from strag_sim.scenario import Scenario
from strag_sim.simulate.store import Kept, Key
from strag_sim.sweep.writing import sealed, unsealed, write_whole

# Bytes of responses of a cell that are kept; of a longer one all runs are done again if more are
# asked for. Beside what so many requests take to simulate, that is seconds.
MOST = 64 * 2**20
EACH = 8  # bytes of a response


class KeptRuns:
    """What is kept of the runs of a cell, in memory; ``added`` counts those that are new.

    Taken up to the last bit; the file is Python's own (pickle), and begins with a digest of the
    rest: one that is damaged is as good as none. Take none from strangers.
    """

    def __init__(self, known: Mapping[Key, Kept] | None = None) -> None:
        self.runs: dict[Key, Kept] = dict(known or {})
        self.added = 0

    def load(self, key: Key) -> Kept | None:
        """Return what is kept of a run; None if it is not here."""
        return self.runs.get(key)

    def save(self, key: Key, kept: Kept) -> None:
        """Keep a run."""
        self.runs[key] = kept
        self.added += 1

    def write(self, path: Path, settled: Scenario) -> None:
        """Write all runs, unless none is new or they are too large."""
        size = sum(run.count for _, run in self.runs.values()) * EACH
        if self.added and size <= MOST:
            content = pickle.dumps((_tag(settled), self.runs), protocol=pickle.HIGHEST_PROTOCOL)
            write_whole(path, sealed(content))


def read_kept(path: Path, settled: Scenario) -> KeptRuns:
    """Return the runs of a cell that were kept; none where there is no file, or it is damaged.

    Nor where another number of requests was dropped first, as ``warm_up: auto`` may find.
    """
    with suppress(OSError):
        content = unsealed(path.read_bytes())
        if content is not None:
            tag, runs = pickle.loads(content)
            if tag == _tag(settled):
                return KeptRuns(runs)
    return KeptRuns()


def _tag(settled: Scenario) -> tuple[object, ...]:
    """Return what runs of one cell may differ by."""
    return settled.warm_up, settled.requests
