"""Random setups for the engines: small, over all features, with times full of ties or without."""

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from strag_sim.arrivals import Closed, Trace
from strag_sim.policies import KINDS
from strag_sim.policies.shape import Policy, Recovery, Shape, Task
from strag_sim.setup import Setup

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


@st.composite
def policies(draw: st.DrawFn, workers: int) -> Policy:
    """Return a policy of any kind, small enough for so many workers."""
    kind = draw(st.sampled_from([*KINDS, "overlapping"]))
    few = st.integers(1, 3)
    if kind == "overlapping":
        return Overlapping()
    if kind == "replication":
        return KINDS[kind](copies=draw(st.integers(1, workers)))
    if kind == "hedge":
        delay = draw(st.sampled_from([0.0, 1.0, 2.0, 2.5, "p50"]))
        budget = draw(st.sampled_from([1.0, 0.5, 0.2, 0.0]))
        return KINDS[kind](delay=delay, hedges=draw(few), budget=budget)
    if kind == "relaunch":
        return KINDS[kind](
            timeout=draw(st.sampled_from([1.0, 2.0, 0.7])), attempts=draw(st.integers(2, 4))
        )
    if kind == "collage":
        if draw(st.booleans()):
            return KINDS[kind](grid=draw(st.integers(1, 2)))
        timeout = draw(st.sampled_from([1.0, 2.0, 3.3]))
        resend = draw(st.booleans())
        return KINDS[kind](
            grid=draw(st.integers(1, 2)), use="timeout", timeout=timeout, resend=resend
        )
    if kind == "mds":
        inputs = draw(few)
        return KINDS[kind](inputs=inputs, tasks=inputs + draw(st.integers(0, 2)))
    if kind == "lagrange":
        tasks = draw(st.integers(1, 4))
        threshold = draw(st.integers(1, tasks))
        at = draw(st.sampled_from(["master", "workers"]))
        return KINDS[kind](inputs=draw(few), tasks=tasks, threshold=threshold, encode_at=at)
    if kind == "berrut":
        return KINDS[kind](
            inputs=draw(few), stragglers=draw(st.integers(0, 2)), errors=draw(st.integers(0, 1))
        )
    if kind == "parity":
        return KINDS[kind](inputs=draw(few), parities=draw(st.integers(1, 2)))
    return KINDS[kind]()


@st.composite
def setups(draw: st.DrawFn, requests: int = 14) -> Setup:
    """Return a setup with any mixture of features."""
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
        service=Ticks(1, draw(st.integers(1, 6)), whole),
        speeds=tuple(
            draw(st.sampled_from([(1.0,) * workers, tuple(1.0 + w % 2 for w in range(workers))]))
        ),
        slots=tuple(
            draw(st.sampled_from([(1,) * workers, tuple(1 + w % 3 for w in range(workers))]))
        ),
        queue=draw(st.sampled_from(["per-worker", "per-worker", "shared"])),
        placement=draw(st.sampled_from(PLACEMENTS)),
        distinct=draw(st.booleans()),
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
        requests=count - warm_up,
        warm_up=warm_up,
        seed=seed,
    )
