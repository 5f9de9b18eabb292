"""The redundancy policies: one a file, and this table of their kinds."""

from strag_sim.policies.berrut import Berrut
from strag_sim.policies.collage import Collage
from strag_sim.policies.ensemble import Ensemble
from strag_sim.policies.hedge import Hedge
from strag_sim.policies.lagrange import Lagrange
from strag_sim.policies.mds import MDS
from strag_sim.policies.none import NoRedundancy
from strag_sim.policies.oracle import Oracle
from strag_sim.policies.parity import Parity
from strag_sim.policies.relaunch import Relaunch
from strag_sim.policies.replication import Replication
from strag_sim.policies.shape import Policy

KINDS: dict[str, type[Policy]] = {
    "none": NoRedundancy,
    "replication": Replication,
    "hedge": Hedge,
    "relaunch": Relaunch,
    "collage": Collage,
    "mds": MDS,
    "lagrange": Lagrange,
    "berrut": Berrut,
    "parity": Parity,
    "ensemble": Ensemble,
    "oracle": Oracle,
}
