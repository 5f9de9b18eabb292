"""What the models of an ensemble run on: devices with memory, a speed and slots."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["gpu", "cpu"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, kw_only=True)
class Device:
    """A device, on which instances of models share the memory and take turns.

    Parameters
    ----------
    memory : float
        Bytes that its instances may take together; infinity where that is no matter.
    speed : float
        What times of a service are divided by.
    kind : str
        ``gpu`` or ``cpu``; models have times of their own for each.
    slots : int
        How many of its instances may serve at once.
    interference : tuple of float
        The factor of a service by how many then serve, itself included: one number a slot, the
        first of them 1. None at all is no interference.
    """

    memory: float
    speed: float = 1.0
    kind: Kind = "gpu"
    slots: int = 1
    interference: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        if not self.memory > 0:
            raise ValueError(
                f"memory: {self.memory} is not allowed; memory must be more than 0 bytes"
            )
        if not 0 < self.speed < math.inf:
            raise ValueError(f"speed: {self.speed} is not allowed; speed must be above 0")
        if self.kind not in KINDS:
            raise ValueError(
                f"kind: {self.kind!r} is not allowed; kind must be {' or '.join(KINDS)}"
            )
        if self.slots < 1:
            raise ValueError(f"slots: {self.slots} is not allowed; slots must be at least 1")
        _check_interference(self.interference, self.slots)


def _check_interference(factors: tuple[float, ...], slots: int) -> None:
    """Raise a ValueError unless there is a factor a slot, or none at all."""
    if not factors:
        return
    if len(factors) != slots:
        raise ValueError(
            f"interference: {len(factors)} factors are not allowed; interference must have one a "
            f"slot ({slots}), or none"
        )
    if factors[0] != 1:
        raise ValueError(
            f"interference: {factors[0]} is not allowed as the first factor, that of an instance "
            "alone; it must be 1"
        )
    low = next((factor for factor in factors if not 1 <= factor < math.inf), None)
    if low is not None:
        raise ValueError(
            f"interference: {low} is not allowed; each factor must be at least 1, as a service "
            "takes no less time beside others"
        )
