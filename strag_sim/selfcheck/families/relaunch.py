"""Relaunch without queueing: requests that are stopped at a timeout and sent anew."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import COLLAGE_VM, UNIFORM, apart, collage_vm, uniform_survival
from strag_sim.theory import laws, redundancy

LAW = "P(T > t) = P(X > d)^j P(X > t - j d) in attempt j"
MEAN = "E[min(X, d)] (1 + p + ... + p^(a-2)) + p^(a-1) E[X], p = P(X > d)"
SOURCE = "Wang, Joshi and Wornell 2019"


def checks() -> list[Check]:
    """Return the checks of two attempts at measured latencies, and of three at uniform sizes."""
    own, _, longest = collage_vm()
    timeout, early = 0.25, 1.2
    again = redundancy.relaunch_survival(own, timeout)
    thrice = redundancy.relaunch_survival(uniform_survival, early, 3)
    mean = redundancy.relaunch_mean(own, timeout, upper=longest)
    uniform_mean = redundancy.relaunch_mean(uniform_survival, early, 3, upper=1.5)
    return [
        *checks_of(
            "relaunch",
            "relaunch at 0.25, collage-vm",
            apart(
                "relaunch",
                {"kind": "relaunch", "timeout": timeout},
                workers=4,
                service=COLLAGE_VM,
            ),
            ("mean", mean, MEAN),
            ("p99", laws.quantile(again, 0.99), LAW),
            ("cost", mean, "E[T]"),
            ("straggled", float(own(laws.as_array(timeout))), "P(X > d)"),
            source=SOURCE,
        ),
        *checks_of(
            "relaunch",
            "three attempts, relaunch at 1.2, uniform sizes",
            apart(
                "relaunch twice",
                {"kind": "relaunch", "timeout": early, "attempts": 3},
                workers=4,
                service=UNIFORM,
            ),
            ("mean", uniform_mean, MEAN),
            ("p95", laws.quantile(thrice, 0.95), LAW),
            source=SOURCE,
        ),
    ]
