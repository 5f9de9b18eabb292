"""Redundancy-d: d copies on random workers, the others stopped at the first answer."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import poisson, queue
from strag_sim.theory import redundancy

FORMULA = "sum_(i=d..k) 1 / (k mu C(k-1, d-1) / C(i-1, d-1) - lambda)"


def checks() -> list[Check]:
    """Return the checks of d of k workers at several loads."""
    return [
        check
        for copies, workers, load in ((2, 5, 0.3), (2, 5, 0.7), (3, 10, 0.7))
        for check in checks_of(
            "redundancy-d",
            f"{copies} of {workers}, stopped at the answer, load {load}",
            queue(
                f"redundancy {copies} of {workers} at {load}",
                poisson(load * workers),
                load=load,
                policy={"kind": "replication", "copies": copies},
                workers={"count": workers},
                cancel="running",
            ),
            (
                "mean",
                redundancy.redundancy_d_mean(load * workers, 1, workers, copies),
                FORMULA,
            ),
            ("cost", 1.0, "1 / mu, whatever d"),
            source="Gardner et al. 2017",
        )
    ]
