"""How workers are slow: interchangeable parts, one a file, and the table of their kinds."""

from strag_sim.slowdown.fixed import Fixed
from strag_sim.slowdown.part import Combine, Slowdown, Streams
from strag_sim.slowdown.replay import Replay
from strag_sim.slowdown.shock import Shock
from strag_sim.slowdown.states import States
from strag_sim.slowdown.tracks import bind, joined, wrong_tracks

__all__ = [
    "KINDS",
    "Combine",
    "Fixed",
    "Replay",
    "Shock",
    "Slowdown",
    "States",
    "Streams",
    "bind",
    "joined",
    "wrong_tracks",
]

KINDS: dict[str, type[Slowdown]] = {
    "fixed": Fixed,
    "states": States,
    "shock": Shock,
    "replay": Replay,
}
