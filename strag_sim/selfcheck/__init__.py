"""Theory against simulation: closed forms, held against scenarios as users write them."""

from strag_sim.selfcheck.check import Check, Verdict
from strag_sim.selfcheck.families import FAMILIES
from strag_sim.selfcheck.judging import LIMIT, SIZE, WIDEST, WIDEST_QUICK
from strag_sim.selfcheck.running import checks, selfcheck

__all__ = [
    "FAMILIES",
    "LIMIT",
    "SIZE",
    "WIDEST",
    "WIDEST_QUICK",
    "Check",
    "Verdict",
    "checks",
    "selfcheck",
]
