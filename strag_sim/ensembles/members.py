"""The models of an ensemble: the memory that an instance takes, and the time of its batches."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from strag_sim.ensembles.devices import KINDS, Kind


@dataclass(frozen=True, kw_only=True)
class Member:
    """A model of an ensemble, as far as putting it on devices goes.

    Parameters
    ----------
    name : str
        Of the model.
    memory : float
        Bytes of an instance, whatever its batch size: weights, and what the runtime needs.
    memory_per_sample : float
        Bytes more for each sample of its batch size.
    times : mapping of str to tuple of float
        For a kind of device, the mean seconds of a batch of 1, 2, ... samples at speed 1. Batches
        beyond the last were not measured and are not allowed; a kind that is missing cannot run it.
    """

    name: str
    memory: float
    memory_per_sample: float = 0.0
    times: Mapping[Kind, tuple[float, ...]]

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        if not self.name:
            raise ValueError("name: '' is not allowed; a model needs a name")
        for key, amount in (
            ("memory", self.memory),
            ("memory_per_sample", self.memory_per_sample),
        ):
            if not 0 <= amount < math.inf:
                raise ValueError(f"{key}: {amount} is not allowed; {key} must be bytes >= 0")
        if not self.times:
            raise ValueError(
                f"times: none is not allowed; {self.name} needs those of at least one kind of "
                f"device ({', '.join(KINDS)})"
            )
        for kind, times in self.times.items():
            _check_times(kind, times)

    def footprint(self, batch: int) -> float:
        """Return the bytes that an instance with this batch size takes."""
        return self.memory + self.memory_per_sample * batch

    def largest(self, kind: Kind) -> int:
        """Return the largest batch size known on a kind of device; 0 if that cannot run it."""
        return len(self.times.get(kind, ()))

    def seconds(self, kind: Kind, samples: int, batch: int) -> float:
        """Return the mean time of so many samples at speed 1, in batches of at most ``batch``.

        That is as many full batches as there are, and one of the rest.
        """
        times = self.times[kind]
        full, rest = divmod(samples, batch)
        time = full * times[batch - 1] if full else 0.0
        return time + times[rest - 1] if rest else time


def _check_times(kind: Kind, times: tuple[float, ...]) -> None:
    """Raise a ValueError unless these are the times of a kind of device."""
    if kind not in KINDS:
        raise ValueError(
            f"times: {kind!r} is not allowed; a kind of device must be {' or '.join(KINDS)}"
        )
    if not times:
        raise ValueError(
            f"times.{kind}: none is not allowed; leave out the kind that cannot run it"
        )
    wrong = next((time for time in times if not 0 < time < math.inf), None)
    if wrong is not None:
        raise ValueError(f"times.{kind}: {wrong} is not allowed; a time must be above 0 seconds")
