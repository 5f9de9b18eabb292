"""Collage inference by the rule of its authors' code, without queueing: a group waits together."""

from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import COLLAGE_VM, GROUPS, Scenario, apart, collage_vm
from strag_sim.theory import groups, laws

GRID, TIMEOUT, DECODE = 3, 0.25, 0.02
LAW = "1 - P(A <= t) P(C <= t) before d; then as min(A, C + decode), from the collage if C <= d"
SOURCE = "Narra et al. 2020"


def checks() -> list[Check]:
    """Return the checks: without resend the law of T; with it, who is answered by what."""
    own, _, longest = collage_vm()
    together = groups.collage_timeout_survival(own, own, GRID**2, TIMEOUT, DECODE)
    late = float(own(laws.as_array(TIMEOUT)))
    return [
        *checks_of(
            "collage-timeout",
            "collage of 9, timeout 0.25, no resend",
            nine("collage waits", resend=False),
            ("mean", laws.mean(together, upper=longest + DECODE), f"int of {LAW}"),
            ("p50", laws.quantile(together, 0.5), LAW),
            ("P(T > 0.26)", float(together(laws.as_array(0.26))), LAW),
            source=SOURCE,
        ),
        *checks_of(
            "collage-timeout",
            "collage of 9, timeout 0.25, resend",
            nine("collage resends", count=GROUPS // 4),
            ("straggled", late, "P(X > d)"),
            ("by collage", late * (1 - late), "P(X > d) P(C <= d)"),
            source=SOURCE,
        ),
    ]


def nine(name: str, *, count: int = GROUPS, **parameters: Any) -> Scenario:
    """Return so many groups of nine images and a collage on ten workers."""
    return apart(
        name,
        {"kind": "collage", "grid": GRID, "use": "timeout", "timeout": TIMEOUT, **parameters},
        workers=GRID**2 + 1,
        together=GRID**2,
        service=COLLAGE_VM,
        placement="fixed",
        decode=DECODE,
        count=count,
    )
