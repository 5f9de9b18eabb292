"""When requests arrive: a kind or a small family a file, and this table of their kinds."""

from strag_sim.arrivals.arrivals import Arrivals, Rated, Steady
from strag_sim.arrivals.closed import Closed
from strag_sim.arrivals.deterministic import Deterministic
from strag_sim.arrivals.poisson import Poisson
from strag_sim.arrivals.trace import Trace

__all__ = [
    "KINDS",
    "Arrivals",
    "Closed",
    "Deterministic",
    "Poisson",
    "Rated",
    "Steady",
    "Trace",
]

KINDS: dict[str, type[Arrivals]] = {
    "poisson": Poisson,
    "deterministic": Deterministic,
    "trace": Trace,
    "closed": Closed,
}
