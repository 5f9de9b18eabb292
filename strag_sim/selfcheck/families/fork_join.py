"""Fork-join of 2: both workers see all requests, each in a queue of its own."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import poisson, queue
from strag_sim.theory import redundancy

SOURCE = "Flatto and Hahn 1984; Nelson and Tantawi 1988"


def checks() -> list[Check]:
    """Return the checks: the later of two tasks, and the earlier of two that both run on."""
    both = {"kind": "lagrange", "inputs": 1, "tasks": 2, "threshold": 2}
    either = {"kind": "replication", "copies": 2}
    workers = {"count": 2, "placement": "fixed"}
    return [
        *(
            check
            for load in (0.5, 0.75)
            for check in checks_of(
                "fork-join",
                f"both of 2, load {load}",
                queue(f"fork {load}", poisson(load), load=load, policy=both, workers=workers),
                (
                    "mean",
                    redundancy.fork_join_of_two_mean(load, 1),
                    "(12 - rho) / (8 (mu - lambda))",
                ),
                ("cost", 2.0, "2 / mu"),
                source=SOURCE,
            )
        ),
        *checks_of(
            "fork-join",
            "either of 2, never stopped, load 0.6",
            queue(
                "either of 2",
                poisson(0.6),
                load=0.6,
                policy=either,
                workers=workers,
                cancel="never",
            ),
            (
                "mean",
                redundancy.two_copies_never_cancelled_mean(0.6, 1),
                "(4 + rho) / (8 (mu - lambda))",
            ),
            ("cost", 2.0, "2 / mu"),
            source=SOURCE,
        ),
    ]
