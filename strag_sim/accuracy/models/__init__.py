"""The networks that are trained: small ones, so that two cores train all of them in an hour."""

from strag_sim.accuracy.models.collage import CollageNet
from strag_sim.accuracy.models.lagrange import LagrangeNet
from strag_sim.accuracy.models.member import MEMBERS, MemberNet
from strag_sim.accuracy.models.polynomial import PolynomialNet
from strag_sim.accuracy.models.staged import STAGES, StagedNet
from strag_sim.accuracy.models.weights import initialised

__all__ = [
    "MEMBERS",
    "STAGES",
    "CollageNet",
    "LagrangeNet",
    "MemberNet",
    "PolynomialNet",
    "StagedNet",
    "initialised",
]
