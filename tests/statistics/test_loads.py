"""The loads that are certain before anything is simulated, worked out by hand.

Sizes have a mean of 1 s unless the case says otherwise, and workers are ten.
"""

import dataclasses
import math
from typing import Any

import pytest
from hypothesis import given
from plans import setups

from strag_sim.arrivals import Closed, Poisson, Trace, Varying
from strag_sim.distributions import Deterministic, Exponential, Lognormal, Scripted
from strag_sim.distributions.profile import Profile
from strag_sim.policies import (
    MDS,
    Collage,
    Hedge,
    Lagrange,
    NoRedundancy,
    Parity,
    Relaunch,
    Replication,
)
from strag_sim.setup import Model, ScriptedPlacement, Setup
from strag_sim.slowdown import Fixed, Shock, States
from strag_sim.statistics.loads import Loads, certain_loads

INF = math.inf
TWO, CODED, GRID, PAIR = (
    Replication(copies=2),
    MDS(inputs=4, tasks=6),
    Collage(grid=2),
    Parity(inputs=2),
)
SLOW = States(factor=5.0, dwell=20.0, share=0.3)


def setup_of(rate: float, policy: Any = None, workers: int = 10, **keys: Any) -> Setup:
    """Return a policy on workers with exponential sizes of mean 1 s."""
    known = {"speeds": (1.0,) * workers, "slots": (1,) * workers}
    return Setup(
        **{
            "label": "case",
            "policy": policy or NoRedundancy(),
            "arrivals": Poisson(rate=rate),
            "service": Exponential(mean=1.0),
            **known,
            **keys,
        }
    )


# Setup -> the load of certain work that requests wait for, that of the busiest pool, that of all.
CASES = {
    "none above": (setup_of(10.5), 1.05, 1.05, 1.05),
    "none below": (setup_of(9.5, cancel="running"), 0.95, 0.95, 0.95),
    "none, batches": (setup_of(1, arrivals=Poisson(rate=2.1, batch=5)), 1.05, 1.05, 1.05),
    "none, all to the first worker": (setup_of(1.2, placement="fixed"), 1.2, 1.2, 1.2),
    # the workers can do 5; with a third of the requests each, the slowest could not
    "none, speeds": (setup_of(4.5, workers=3, speeds=(2.0, 2.0, 1.0)), 0.9, 0.9, 1.5),
    # two copies of 6 are 12; one of them is enough unless all run; the shorter may do
    "copies never": (setup_of(6, TWO, cancel="never"), 1.2, 1.2, 1.2),
    "copies queued": (setup_of(6, TWO), 0.6, 0.6, 1.2),
    "copies on start": (setup_of(6, TWO, cancel="on-start"), 0.6, 0.6, 1.2),
    "copies running": (setup_of(6, TWO, cancel="running"), 0.0, 0.0, 1.2),
    # on workers of their own: the second does 0.5, but nobody need wait for it
    "copies fixed": (
        setup_of(
            0.6, TWO, workers=2, speeds=(1.0, 0.5), placement="fixed", cancel="never"
        ),
        0.6,
        1.2,
        1.2,
    ),
    "copies scripted": (
        setup_of(6, TWO, placement=ScriptedPlacement(own=(0,)), cancel="never"),
        0.6,
        0.6,
        INF,
    ),
    # unequal workers: 15 is more than either a copy each or all as fast as the fastest
    "copies, speeds": (
        setup_of(15, TWO, workers=2, speeds=(1.0, 10.0), cancel="never"),
        1.5,
        1.5,
        15.0,
    ),
    # as equals 12 to each, of which the fast one does 10 and answers half: 6 a worker would do
    "copies, a fast worker": (
        setup_of(6, TWO, workers=2, speeds=(1.0, 10.0), cancel="never"),
        0.6,
        0.6,
        6.0,
    ),
    # 2 groups a second of 6 tasks; any 4 answer; none need run in full if they may be stopped
    "coded never": (setup_of(8, CODED, cancel="never"), 1.2, 1.2, 1.2),
    "coded queued": (setup_of(8, CODED), 0.8, 0.8, 1.2),
    "coded queued beyond": (setup_of(10.5, CODED), 1.05, 1.05, 1.575),
    "coded running": (setup_of(8, CODED, cancel="running"), 0.0, 0.0, 1.2),
    "coded, no spare": (setup_of(11, MDS(inputs=4, tasks=4), cancel="running"), 1.1, 1.1, 1.1),
    # a group of one has 6 tasks all the same
    "coded, short groups": (setup_of(8, CODED, fill_timeout=1.0), 0.8, 0.8, 4.8),
    "coded, encoded by workers": (
        setup_of(
            4,
            Lagrange(inputs=2, tasks=3, threshold=2, encode_at="workers"),
            encode=Deterministic(value=0.5),
        ),
        0.6,
        0.6,
        0.9,
    ),
    "coded, one master": (setup_of(8, CODED, encode=Exponential(mean=1), cores=1), 0.8, 0.8, INF),
    # 1.8 collages a second to one worker; own answers come from 7.2 to nine
    "collage pool alone": (
        setup_of(7.2, GRID, redundant_workers=1, cancel="never"), 0.8, 1.8, 1.8
    ),
    # own tasks pile up, 8 to five; collages, 2 to five, answer all
    "own pool alone": (setup_of(8, GRID, redundant_workers=5, cancel="never"), 0.4, 1.6, 1.6),
    "both pools": (setup_of(8.8, GRID, redundant_workers=2, cancel="never"), 1.1, 1.1, 1.1),
    # with cancels one collage for four requests may be all that runs in full
    "collage queued": (setup_of(7.2, GRID, redundant_workers=1), 0.18, 0.18, 1.8),
    "collage, whole groups": (
        setup_of(7.2, Collage(grid=2, use="timeout", timeout=1.0)), 0.18, 0.18, INF
    ),
    # what the first four workers do not answer in time is sent anew to those that did
    "collage, sent anew": (
        setup_of(
            7.2, Collage(grid=2, use="timeout", timeout=1.0), placement="fixed", cancel="never"
        ),
        0.18,
        0.18,
        INF,
    ),
    # 3 parities a second to one worker, own tasks 6 to eight: two own of three tasks will do
    "parity pool alone": (
        setup_of(6, PAIR, workers=9, redundant_workers=1, cancel="never"), 0.75, 3.0, 3.0
    ),
    # own tasks 6 to four: with the parity, one of them is still needed
    "own pool of parity": (
        setup_of(6, PAIR, workers=9, redundant_workers=5, cancel="never"), 1.5, 1.5, 1.5
    ),
    "parity shared": (setup_of(8, PAIR), 0.8, 0.8, 1.2),
    # hedges may or may not be sent; what expires may be stopped
    "hedge": (setup_of(8, Hedge(delay=1.0), cancel="never"), 0.8, 0.8, 1.6),
    "relaunch": (setup_of(12, Relaunch(timeout=1.0), cancel="never"), 0.0, 0.0, 2.4),
    # copies of mean 3 s: as equals 24; by turns some workers get none of them
    "two models": (
        setup_of(
            6,
            Replication(copies=2, copy_model="m"),
            models={"m": Model(Exponential(mean=3.0))},
            cancel="never",
        ),
        2.4,
        2.4,
        2.4,
    ),
    "two models by turns": (
        setup_of(
            6,
            Replication(copies=2, copy_model="m"),
            models={"m": Model(Exponential(mean=3.0))},
            cancel="never",
            placement="round-robin",
        ),
        0.6,
        0.6,
        INF,
    ),
    # both workers get one of the two, but which gets the copies?
    "two models by queues": (
        setup_of(
            0.7,
            Replication(copies=2, copy_model="m"),
            workers=2,
            models={"m": Model(Exponential(mean=2.0))},
            cancel="never",
            placement="shortest-queue",
        ),
        0.35,
        0.35,
        INF,
    ),
    # slowness that is known for certain: two workers that do 0.5 and 1
    "slow machines": (
        setup_of(1.6, workers=2, slowdown=(Fixed(factors=(2.0, 1.0)),)), 1.6 / 1.5, 1.6 / 1.5, INF
    ),
    "fast machines": (setup_of(10.5, slowdown=(Fixed(factor=0.5),)), 0.525, 0.525, INF),
    "machines of any speed": (
        setup_of(10.5, slowdown=(Fixed(factor=Lognormal(mean=1, cv=1)),)), 0.0, 0.0, INF
    ),
    # not slower than never slow, whatever the share
    "slow states": (setup_of(10.5, slowdown=(SLOW,)), 1.05, 1.05, INF),
    "seconds added": (setup_of(10.5, slowdown=(SLOW,), combine="sum"), 1.05, 1.05, INF),
    "shocks": (
        setup_of(10.5, slowdown=(Shock(rate=1, share=0.1, factor=2.0, length=1.0),)),
        1.05,
        1.05,
        INF,
    ),
    "switched off": (
        setup_of(9.5, slowdown=(dataclasses.replace(SLOW, enabled=False),)), 0.95, 0.95, 0.95
    ),
    # nothing is known of these
    "script": (setup_of(10.5, service=Scripted(own=(1.0,))), 0.0, 0.0, INF),
    "machines": (
        setup_of(1e9, service=Profile(profile="collage-vm", per_worker=True)), 0.0, 0.0, INF
    ),
    "trace": (setup_of(1, arrivals=Trace(times=(0.0, 1.0))), 0.0, 0.0, INF),
    "closed loop": (setup_of(1, arrivals=Closed(clients=3)), 0.0, 0.0, INF),
    "varying": (setup_of(1, arrivals=Varying(times=(0, 1), rates=(10.5,))), 1.05, 1.05, 1.05),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_by_hand(case: str) -> None:
    """Every load is the one in the table."""
    setup, *expected = CASES[case]

    found = dataclasses.astuple(certain_loads(setup))
    assert found == pytest.approx(tuple(expected), abs=1e-9)


@given(setups())
def test_the_least_is_at_most_the_most(setup: Setup) -> None:
    """Whatever is simulated: nothing is stable for certain and unstable for certain."""
    found: Loads = certain_loads(dataclasses.replace(setup, arrivals=Poisson(rate=1.0)))

    assert 0 <= found.least <= found.piling + 1e-12
    assert found.piling <= found.most * (1 + 1e-12)
