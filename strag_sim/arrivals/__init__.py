"""When requests arrive: a kind or a small family a file, and this table of their kinds."""

from strag_sim.arrivals.arrivals import Arrivals, Rated, Steady
from strag_sim.arrivals.closed import Closed
from strag_sim.arrivals.deterministic import Deterministic
from strag_sim.arrivals.mmpp import Mmpp, Phase
from strag_sim.arrivals.poisson import Poisson
from strag_sim.arrivals.renewal import GammaGaps, WeibullGaps
from strag_sim.arrivals.trace import Trace
from strag_sim.arrivals.varying import Varying

__all__ = [
    "KINDS",
    "Arrivals",
    "Closed",
    "Deterministic",
    "GammaGaps",
    "Mmpp",
    "Phase",
    "Poisson",
    "Rated",
    "Steady",
    "Trace",
    "Varying",
    "WeibullGaps",
]

KINDS: dict[str, type[Arrivals]] = {
    "poisson": Poisson,
    "deterministic": Deterministic,
    "gamma": GammaGaps,
    "weibull": WeibullGaps,
    "mmpp": Mmpp,
    "varying": Varying,
    "trace": Trace,
    "closed": Closed,
}
