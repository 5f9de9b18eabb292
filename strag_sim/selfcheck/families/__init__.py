"""The families of checks: one a file, and this table of their names."""

from collections.abc import Callable

from strag_sim.selfcheck.check import Check
from strag_sim.selfcheck.families import (
    accounts,
    batches,
    cancel_on_start,
    collage,
    collage_timeout,
    dm1,
    ensembles,
    fork_join,
    full_replication,
    hedge,
    md1,
    mg1,
    mm1,
    mmc,
    order_statistics,
    parity,
    redundancy_d,
    relaunch,
    round_robin,
    saturation,
    slow_states,
    split_merge,
)

FAMILIES: dict[str, Callable[[], list[Check]]] = {
    "mm1": mm1.checks,
    "mmc": mmc.checks,
    "md1": md1.checks,
    "mg1": mg1.checks,
    "dm1": dm1.checks,
    "round-robin": round_robin.checks,
    "batches": batches.checks,
    "redundancy-d": redundancy_d.checks,
    "full-replication": full_replication.checks,
    "cancel-on-start": cancel_on_start.checks,
    "fork-join": fork_join.checks,
    "split-merge": split_merge.checks,
    "order-statistics": order_statistics.checks,
    "hedge": hedge.checks,
    "relaunch": relaunch.checks,
    "collage": collage.checks,
    "collage-timeout": collage_timeout.checks,
    "parity": parity.checks,
    "ensembles": ensembles.checks,
    "slow-states": slow_states.checks,
    "saturation": saturation.checks,
    "accounts": accounts.checks,
}
