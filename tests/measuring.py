"""Models of a session for tests: what they do at each call is a function of the test's."""

from collections.abc import Callable
from typing import Any

import torch

from strag_sim.profiler import Asked, Load, Session, Subject, measure, profile_of, ready

TEXTS = {"name": "mine", "command": "strag-sim profile mine", "licence": "CC0"}


class Doing(torch.nn.Module):
    """A module that does what it is told at each call, with the size of the batch."""

    def __init__(self, act: Callable[[int], object]) -> None:
        super().__init__()
        self.act = act

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Act, and give the inputs back."""
        self.act(len(inputs))
        return inputs


def doing(act: Callable[[int], object], name: str = "mine") -> Subject:
    """Return the model of a function."""
    return Subject(
        name, lambda: (Doing(act).eval(), lambda batch: (torch.zeros(batch, 1),)), "random", "test"
    )


def measured(*subjects: Subject, **asked: Any) -> Session:
    """Return a session that has measured these models on the CPU."""
    load = Load(asked.pop("rate", 0.0))
    session = ready(subjects, Asked(device="cpu", load=load, **asked))
    measure(session)
    return session


def content(session: Session, model: int = 0) -> dict[str, Any]:
    """Return what the profile of a model holds."""
    made = profile_of(session, session.models[model], None, TEXTS)
    assert made is not None
    return made
