"""Random slowness for the engines: tracks with and without ties, by time and by task."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from strag_sim.slowdown import Slowdown, Streams
from strag_sim.slowdown.tracks import Tracks


@dataclass(frozen=True)
class AnyTracks:
    """Tracks of a few steps that begin anew early, of whole seconds (or tasks) or of any."""

    stepped: bool
    whole: bool
    columns: int
    enabled: bool = True

    def tracks(self, streams: Streams, workers: int, horizon: float, combine: str) -> Tracks:
        """Return the tracks; ``horizon`` and ``combine`` change nothing."""
        rng = streams(0)
        steps = rng.integers(1, 5, self.columns)
        at, value = [], []
        for count in steps:
            later = rng.integers(1, 9, count - 1) if self.whole else rng.uniform(0, 9, count - 1)
            at += [0.0, *np.sort(later)]
            value += list(rng.integers(1, 4, count) if self.whole else rng.uniform(0.5, 4, count))
        return Tracks(
            track=rng.integers(0, self.columns, workers),
            first=np.concatenate(([0], np.cumsum(steps))),
            at=np.array(at),
            value=np.array(value, dtype=np.float64),
            period=float(rng.choice([4.0, 9.0, 7.5, np.inf])),
            stepped=self.stepped,
        )


def slowdowns(whole: bool) -> st.SearchStrategy[tuple[Slowdown, ...]]:
    """Return no slowness, mostly, or up to three parts."""
    part = st.builds(
        AnyTracks,
        stepped=st.booleans(),
        whole=st.just(whole),
        columns=st.integers(1, 3),
        enabled=st.sampled_from([True, True, True, False]),
    )
    return st.one_of(st.just(()), st.lists(part, min_size=1, max_size=3).map(tuple))
