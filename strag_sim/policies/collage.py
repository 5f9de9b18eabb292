"""Collage inference: one collage model backs up k x k single-image models.

Narra, Lin, Ananthanarayanan, Avestimehr and Annavaram, "Collage Inference: Using Coded
Redundancy for Lowering Latency Variation in Distributed Image Classification Systems",
ICDCS 2020 (arXiv:1904.12222).
"""

from dataclasses import dataclass
from typing import Literal

from strag_sim.codes import CollageCode
from strag_sim.policies.shape import (
    Recovery,
    Shape,
    Task,
    approximate,
    at_least,
    check_accuracy,
    own_recoveries,
    own_tasks,
)
from strag_sim.units import Seconds

AUTHORS_CANVAS = 416  # pixels a side, whatever the grid


@dataclass(frozen=True, kw_only=True)
class Collage:
    """Let one collage task stand in for any of ``grid`` x ``grid`` own tasks.

    ``use: early`` answers a request by its own task or by the collage, whichever is first.
    ``use: timeout`` is the rule of the authors' master: the group waits for every task or for
    ``timeout`` after it is full; late images are taken from the collage, and where the collage
    is late too they are sent anew (``resend``) to workers that were on time. ``accuracy`` names a
    table of that of what the collage answers; without one it is that of ``model``. The ``canvas``
    has so many pixels a side (the authors' by default); it decides what encoding costs where the
    scenario says what an ``input`` is.
    """

    grid: int
    use: Literal["early", "timeout"] = "early"
    timeout: Seconds | None = None
    resend: bool = True
    model: str | None = None
    accuracy: str | None = None
    canvas: int = AUTHORS_CANVAS

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(1, grid=self.grid)
        # A grid beyond that is too large in any case, and that is what its user should read.
        at_least(min(self.grid, AUTHORS_CANVAS), canvas=self.canvas)
        if self.use not in ("early", "timeout"):
            raise ValueError(f"use: {self.use!r} is not allowed; use must be early or timeout")
        if self.use == "timeout" and self.timeout is None:
            raise ValueError("timeout: missing; use: timeout needs a timeout, such as 300 ms")
        if self.use == "early" and self.timeout is not None:
            raise ValueError(
                f"timeout: {self.timeout} is not allowed; timeout goes with use: timeout"
            )
        if self.timeout is not None and not 0 < self.timeout < float("inf"):
            raise ValueError(
                f"timeout: {self.timeout} is not allowed; timeout must be a time above 0"
            )
        check_accuracy(self.accuracy, "collage", inputs=self.grid**2, tasks=1, threshold=1)

    def shape(self) -> Shape:
        """Return the shape: k^2 own tasks, and a collage that answers any of them."""
        requests = self.grid**2
        collage = Task("collage", self.model, release="full", pool="redundant")
        everyone = tuple(range(requests))
        accuracy = approximate(self.model, self.accuracy)
        by_collage = Recovery((requests,), 1, everyone, "collage", decode=True, accuracy=accuracy)
        return Shape(
            requests,
            (*own_tasks(requests), collage),
            (*own_recoveries(requests), by_collage),
            together=self.use == "timeout",
            deadline=self.timeout,
            resend=self.use == "timeout" and self.resend,
        )

    def code(self) -> CollageCode:
        """Return the code that encodes its groups."""
        return CollageCode(self.grid, self.canvas)
