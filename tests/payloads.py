"""A policy with a code whose costs are plain numbers: what tests of payloads share."""

from dataclasses import dataclass
from typing import Literal

import pytest

from strag_sim.codes import costs
from strag_sim.codes.costs import Rates
from strag_sim.policies.coded import coded_shape
from strag_sim.policies.shape import Recovery, Shape, Task, own_recoveries, own_tasks

# A machine that decodes as soon as it has its weights, which it has at once.
EXACT = Rates(flops=40.0, resize_flops=20.0, weights=0.0)


@pytest.fixture(autouse=True)
def exact_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the measured machine be one whose times are whole, for cases worked by hand."""
    monkeypatch.setattr(costs, "shipped", lambda: EXACT)


@dataclass(frozen=True)
class Counted:
    """A code of N tasks: 10 operations a number to encode a group, 3 an answer to decode one.

    Task j is sent j numbers more than an input has.
    """

    tasks: int
    free: bool = False  # decoding costs nothing
    resizes: bool = False

    def encode_flops(self, numbers: int) -> float:
        """Return ten operations a number."""
        return 10.0 * numbers

    def decode_flops(self, answers: int) -> float:
        """Return three operations an answer."""
        return 0.0 if self.free else 3.0 * answers

    def sent(self, numbers: int) -> tuple[int, ...]:
        """Return how many numbers each task is sent."""
        return tuple(numbers + j for j in range(self.tasks))


@dataclass(frozen=True, kw_only=True)
class TwoOfThree:
    """Two requests in three coded tasks, any two of which recover both."""

    encode_at: Literal["master", "workers"] = "master"

    def shape(self) -> Shape:
        """Return the shape."""
        return coded_shape(
            inputs=2, tasks=3, threshold=2, model=None, accuracy=None, encode_at=self.encode_at
        )

    def code(self) -> Counted:
        """Return the code."""
        return Counted(3)


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Two own tasks, backed by one task of a role that answers either, by an unknown code."""

    role: Literal["collage", "parity"] = "parity"

    def shape(self) -> Shape:
        """Return the shape."""
        backup = Task(self.role, release="full", pool="redundant")
        rule = Recovery((0, 1, 2), 2, (0, 1), self.role, decode=True)
        if self.role == "collage":
            rule = Recovery((2,), 1, (0, 1), self.role, decode=True)
        return Shape(2, (*own_tasks(2), backup), (*own_recoveries(2), rule))


@dataclass(frozen=True, kw_only=True)
class Backed(Unknown):
    """The same, with a code; that of a collage is decoded for nothing."""

    def code(self) -> Counted:
        """Return the code."""
        return Counted(1, free=True) if self.role == "collage" else Counted(3)
