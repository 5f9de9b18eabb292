"""How long each kind of model is trained, and on how much at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

RATE = 3e-3  # the largest learning rate of Adam
COPIES = 12  # of each image in the pool that is drawn from
_TINY_STEPS, _TINY_COPIES = 60, 2

# Steps, and groups (or, for models of single images, images) a step.
_AMOUNTS: Mapping[str, tuple[int, int]] = {
    "uncoded": (400, 128),
    "collage": (600, 24),
    "lagrange": (400, 48),
    "parity": (500, 64),
    "polynomial": (1500, 128),
    "member": (300, 64),
}


@dataclass(frozen=True)
class Settings:
    """What the training of a model depends on, besides its scheme, its seed and the data."""

    steps: int
    batch: int
    copies: int = COPIES
    rate: float = RATE


def settings(kind: str, steps: int | None = None, *, tiny: bool = False) -> Settings:
    """Return the settings of a kind of model.

    ``steps`` replaces its own number of them; ``tiny`` is for trying out whether all works, in a
    minute and with no accuracy to speak of.
    """
    own, batch = _AMOUNTS[kind]
    if tiny:
        return Settings(steps or _TINY_STEPS, batch, _TINY_COPIES)
    return Settings(steps or own, batch)
