"""The distributions of times: a kind or a small family a file, and this table of their kinds."""

from strag_sim.distributions.composed import Hyperexponential, Mixture, Shifted
from strag_sim.distributions.deterministic import Deterministic
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.empirical import Empirical
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.gamma import Gamma
from strag_sim.distributions.generalised_pareto import GeneralisedPareto
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.distributions.pareto import Pareto
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.scripted import Scripted
from strag_sim.distributions.table import Table
from strag_sim.distributions.truncated import Truncated
from strag_sim.distributions.uniform import Uniform
from strag_sim.distributions.weibull import Weibull

KINDS: dict[str, type[Distribution]] = {
    "exponential": Exponential,
    "deterministic": Deterministic,
    "uniform": Uniform,
    "lognormal": Lognormal,
    "gamma": Gamma,
    "weibull": Weibull,
    "pareto": Pareto,
    "generalised-pareto": GeneralisedPareto,
    "hyperexponential": Hyperexponential,
    "mixture": Mixture,
    "shifted": Shifted,
    "truncated": Truncated,
    "profile": Profile,
    "empirical": Empirical,
    "table": Table,
    "scripted": Scripted,
}
