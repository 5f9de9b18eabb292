"""Random setups for the engines: small, over all features, with times full of ties or without."""

import math
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from by_batch import point, write
from hypothesis import strategies as st
from slow_parts import slowdowns
from tabled import table

from strag_sim.accuracies import read_accuracy
from strag_sim.arrivals import Closed, Trace
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.policies import (
    KINDS,
    MDS,
    Berrut,
    Collage,
    Ensemble,
    Hedge,
    Lagrange,
    NoRedundancy,
    Parity,
    Relaunch,
    Replication,
)
from strag_sim.policies.shape import Policy, Recovery, Shape, Task
from strag_sim.setup import Batching, Model, Placement, ScriptedPlacement, Setup
from strag_sim.tables import COMBINES

CANCELS = ("never", "queued", "running", "on-start")
PLACEMENTS = ("random", "round-robin", "shortest-queue", "two-choices", "fixed")


@dataclass(frozen=True)
class Ticks:
    """Times for tests: whole seconds from ``low`` to ``high``, or any time between."""

    low: int
    high: int
    whole: bool = True

    @property
    def mean(self) -> float:
        """Return the mean, in seconds."""
        return (self.low + self.high) / 2

    def quantile(self, level: float) -> float:
        """Return a quantile, in seconds."""
        exact = self.low + (self.high - self.low) * level
        return max(1.0, float(math.ceil(exact))) if self.whole else exact

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> np.ndarray:
        """Return times in seconds."""
        if self.whole:
            return rng.integers(self.low, self.high + 1, shape).astype(float)
        return rng.uniform(self.low, self.high, shape) + 1e-9


@dataclass(frozen=True)
class Noted:
    """A user's policy: its group waits for ``deadline``, and takes what has returned by then."""

    own: bool
    deadline: float
    accuracy: str

    def shape(self) -> Shape:
        """Return the shape."""
        own = (Task("own"),) * 2 if self.own else ()
        tasks = own + (Task("coded", release="full"),) * (4 - len(own))
        everyone = Recovery(
            (0, 1, 2, 3), 2, (0, 1), "some", decode=True, accuracy=read_accuracy(self.accuracy)
        )
        alone = tuple(Recovery((i,), 1, (i,), "own") for i in range(len(own)))
        return Shape(2, tasks, (*alone, everyone), together=True, deadline=self.deadline)


@dataclass(frozen=True)
class Overlapping:
    """A user's policy: two recoveries that share tasks, one of them decoded."""

    def shape(self) -> Shape:
        """Return the shape."""
        own, coded = Task("own"), Task("coded", release="full", pool="redundant")
        return Shape(
            2,
            (own, own, coded, coded),
            (
                Recovery((0,), 1, (0,), "own"),
                Recovery((1,), 1, (1,), "own"),
                Recovery((2, 3), 2, (0, 1), "pair", decode=True),
                Recovery((0, 2), 2, (1,), "mixed"),
            ),
        )


FEW = st.integers(1, 3)
MODEL = st.sampled_from([None, "other"])
# Small policies of every kind but replication, which depends on the workers.
POLICIES: dict[str, st.SearchStrategy[Policy]] = {
    "none": st.builds(NoRedundancy),
    "hedge": st.builds(
        Hedge,
        delay=st.sampled_from([0.0, 1.0, 2.0, 2.5, "p50"]),
        hedges=FEW,
        budget=st.sampled_from([1.0, 0.5, 0.2, 0.0]),
    ),
    "relaunch": st.builds(
        Relaunch, timeout=st.sampled_from([1.0, 2.0, 0.7]), attempts=st.integers(2, 4)
    ),
    "collage": st.builds(Collage, grid=st.integers(1, 2), model=MODEL)
    | st.builds(
        Collage,
        grid=st.integers(1, 2),
        use=st.just("timeout"),
        timeout=st.sampled_from([1.0, 2.0, 3.3]),
        resend=st.booleans(),
    ),
    "mds": FEW.flatmap(
        lambda k: st.builds(MDS, inputs=st.just(k), tasks=st.integers(k, k + 2), model=MODEL)
    ),
    "lagrange": st.integers(1, 4).flatmap(
        lambda n: st.builds(
            Lagrange,
            inputs=FEW,
            tasks=st.just(n),
            threshold=st.integers(1, n),
            encode_at=st.sampled_from(["master", "workers"]),
        )
    )
    | st.tuples(FEW, st.integers(1, 4)).flatmap(
        lambda size: st.builds(
            Lagrange,
            inputs=st.just(size[0]),
            tasks=st.just(size[1]),
            threshold=st.integers(1, size[1]),
            accuracy=st.just(table(*size, 1)),
            least_accuracy=st.sampled_from([None, 0.0, 0.4, 0.8]),
        )
    ),
    "berrut": st.builds(Berrut, inputs=FEW, stragglers=st.integers(0, 2), errors=st.integers(0, 1)),
    "parity": st.builds(Parity, inputs=FEW, parities=st.integers(1, 2), model=MODEL)
    | st.integers(1, 3).map(
        lambda k: Parity(
            inputs=k, parities=2, accuracy=table(k, k + 2, k, by_place=True, kind="parity")
        )
    ),
    "ensemble": st.builds(
        Ensemble,
        members=st.sampled_from([("other",), ("other", "third"), ("third", "other", "fourth")]),
        quorum=st.sampled_from([None, 1]),
        deadline=st.sampled_from([None, 1.0, 2.0, 3.3]),
        copies=st.sampled_from([{}, {"other": 2}, {"other": 3}]),
        hedges=st.sampled_from([{}, {"other": 1.0}, {"other": "p50"}]),
    ),
    "overlapping": st.builds(Overlapping),
    "noted": st.builds(
        Noted,
        own=st.booleans(),
        deadline=st.sampled_from([1.0, 2.0, 3.3]),
        accuracy=st.just(table(2, 4, 1)),
    ),
}


def policies(workers: int) -> st.SearchStrategy[Policy]:
    """Return a policy of any kind, small enough for so many workers."""
    copies = st.builds(Replication, copies=st.integers(1, workers), copy_model=MODEL)
    known = POLICIES | {"replication": copies}
    # By the table of all kinds, so that a new one is missed here until it has a strategy; an oracle
    # has no plan of its own.
    kinds = [kind for kind in KINDS if kind != "oracle"]
    return st.sampled_from([*kinds, "overlapping", "noted"]).flatmap(known.__getitem__)


def services(whole: bool) -> st.SearchStrategy[Distribution]:
    """Return a law of sizes; now and then one that was measured machine by machine."""
    ticks = st.integers(1, 6).map(lambda high: Ticks(1, high, whole))
    return st.one_of(ticks, ticks, ticks, ticks, st.just(_by_machine()), st.just(_by_batch()))


@cache
def _by_machine() -> Profile:
    """Return the law of the sizes on several machines, read once."""
    return Profile(profile="collage-vm", scale=10.0, per_worker=True)


@cache
def _by_batch() -> Profile:
    """Return the law of batches of 1, 2 and 4, read once."""
    return Profile(profile=_measured_by_batch(), scale=100.0)


@cache
def _measured_by_batch() -> str:
    """Return the path of a profile of batches of 1, 2 and 4."""
    path = Path(tempfile.mkdtemp()) / "by-batch.json"
    return write(path, *(point(batch, n=20) for batch in (1, 2, 4)))


def batchings(whole: bool) -> st.SearchStrategy[Batching]:
    """Return how workers take tasks together; most of all, they do not."""
    wait = st.sampled_from([0.0, 0.0, 1.0, 2.0] if whole else [0.0, 0.7, 1.3])
    growth = st.sampled_from([0.0, 0.5, 1.0] if whole else [0.0, 0.3])
    some = st.builds(Batching, most=st.integers(2, 4), wait=wait, growth=growth)
    return st.one_of(st.just(Batching()), some)


def placements(
    shape: Shape, workers: int, requests: int, rng: np.random.Generator
) -> st.SearchStrategy[Placement | ScriptedPlacement]:
    """Return a placement; a scripted one has rows for all tasks but, now and then, resends."""
    rows = len(shape.tasks) - shape.own

    def scripted(with_resends: bool) -> ScriptedPlacement:
        count = shape.redundant if with_resends else rows
        table = rng.integers(0, workers, (1 + count, requests)).tolist()
        own = tuple(table[0]) if shape.own else None
        return ScriptedPlacement(own, tuple(tuple(row) for row in table[1:]))

    return st.one_of(st.sampled_from(PLACEMENTS), st.booleans().map(scripted))


@st.composite
def setups(draw: st.DrawFn, requests: int = 14, *, batches: bool = True) -> Setup:
    """Return a setup with any mixture of features, that of batches if they are allowed."""
    whole = draw(st.booleans())
    workers = draw(st.integers(1, 5))
    policy = draw(policies(workers))
    count = draw(st.integers(1, requests))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)

    def sometimes(law: Ticks) -> Ticks | None:
        return draw(st.sampled_from([None, None, law]))

    fill_timeout = draw(st.sampled_from([None, 0.0, 1.0, 2.5]))
    if draw(st.integers(0, 3)) == 0:
        barrier = draw(st.sampled_from([False, True, 2, 3]))
        arrivals = Closed(
            clients=draw(st.integers(1, 4)), think=sometimes(Ticks(0, 2, whole)), barrier=barrier
        )
        if policy.shape().own == 0 and fill_timeout is None:
            fill_timeout = 1.0
    else:
        gaps = Ticks(0, draw(st.integers(1, 4)), whole).sample(rng, count)
        arrivals = Trace(times=tuple(np.cumsum(gaps)))
    cancel = draw(st.sampled_from(CANCELS))
    pooled = any(task.pool == "redundant" for task in policy.shape().tasks) and workers > 1
    warm_up = draw(st.integers(0, count - 1))
    return Setup(
        label="random",
        policy=policy,
        arrivals=arrivals,
        service=draw(services(whole)),
        speeds=tuple(
            draw(st.sampled_from([(1.0,) * workers, tuple(1.0 + w % 2 for w in range(workers))]))
        ),
        slots=tuple(
            draw(st.sampled_from([(1,) * workers, tuple(1 + w % 3 for w in range(workers))]))
        ),
        queue=draw(st.sampled_from(["per-worker", "per-worker", "shared"])),
        placement=draw(placements(policy.shape(), workers, count, rng)),
        distinct=draw(st.booleans()),
        batching=draw(batchings(whole)) if batches else Batching(),
        models={name: Model(draw(services(whole))) for name in ("other", "third", "fourth")},
        redundant_workers=draw(st.integers(0, workers - 1)) if pooled else 0,
        cancel=cancel,
        cancel_delay=draw(st.sampled_from([0.0, 0.0, 1.0, 1.5])) if cancel != "on-start" else 0.0,
        encode=sometimes(Ticks(0, 2, whole)),
        decode=sometimes(Ticks(0, 2, whole)),
        to_worker=sometimes(Ticks(0, 2, whole)),
        from_worker=sometimes(Ticks(0, 2, whole)),
        cores=draw(st.sampled_from([None, None, 1, 2])),
        fill_timeout=fill_timeout,
        shared_size=draw(st.booleans()),
        slowdown=draw(slowdowns(whole)),
        combine=draw(st.sampled_from(COMBINES)),
        requests=count - warm_up,
        warm_up=warm_up,
        seed=seed,
    )


@st.composite
def waiting_setups(draw: st.DrawFn) -> Setup:
    """Return a random setup whose workers wait for batches to fill, of two models mostly."""
    setup = draw(setups(requests=20))
    most, wait = draw(st.integers(2, 3)), draw(st.sampled_from([1.0, 2.0, 2.5, 10.0]))
    policies = [
        setup.policy,
        Replication(copies=min(2, len(setup.speeds)), copy_model="other"),
        Hedge(delay=draw(st.sampled_from([0.0, 1.0, 2.5])), hedges=draw(st.integers(1, 2))),
        Parity(inputs=2, model="other"),
    ]
    changes = {
        "batching": Batching(most, wait, draw(st.sampled_from([0.0, 0.5, 1.0]))),
        "policy": draw(st.sampled_from(policies)),
        "placement": draw(st.sampled_from(["random", "round-robin", "shortest-queue"])),
    }
    return Setup(**(vars(setup) | changes))
