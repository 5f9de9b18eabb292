"""What models are allocated to."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["gpu", "cpu"]


@dataclass(frozen=True, kw_only=True)
class Device:
    """A device with so many bytes of memory."""

    memory: float
    speed: float = 1.0
    kind: Kind = "gpu"
    slots: int = 1
    interference: tuple[float, ...] = ()
