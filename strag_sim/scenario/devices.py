"""The keys of what ensembles are served by, and of requests that are jobs of several segments."""

from collections.abc import Iterable
from typing import Annotated

from strag_sim.ensembles.devices import Device, Kind
from strag_sim.scenario.fields import Fields, choice, flag, number, size, whole
from strag_sim.scenario.problems import Problem, shown
from strag_sim.setup import Job

MOST_DEVICES = 4096  # of all groups together
MOST_SLOTS = 256  # of a device
MOST_SAMPLES = 10**6  # of a request


class JobKeys(Fields):
    """What a request is: ``samples``, cut into segments of ``segment`` samples each.

    Each segment is answered by itself, the request with its last. ``in_order`` lets answers leave
    in the order in which requests arrived.
    """

    samples: Annotated[int, whole(1, MOST_SAMPLES)] = 1
    segment: Annotated[int, whole(1, MOST_SAMPLES)] | None = None
    in_order: Annotated[bool, flag()] = False

    def wrong(self) -> Iterable[Problem]:
        """Return what is wrong with keys that do not go together."""
        if self.segment is not None and self.samples % self.segment:
            below = max(d for d in range(1, self.segment + 1) if self.samples % d == 0)
            text = f"{self.segment} is not allowed; {{key}} must divide samples ({self.samples})"
            yield Problem(("segment",), f"{text}, as {below} does")

    def job(self) -> Job:
        """Return the job."""
        segment = self.samples if self.segment is None else self.segment
        return Job(self.samples // segment, segment, self.in_order)


def job_of(keys: JobKeys | None) -> Job:
    """Return what a request is, where a scenario says so; else one sample in one segment."""
    return keys.job() if keys else Job()


class DeviceGroup(Fields):
    """Devices that are alike, to which the models of an ensemble are allocated.

    ``slots`` is how many of a device's instances serve at once. ``interference`` has the factor of
    a service by how many then serve, itself included; its length is then the slots.
    """

    count: Annotated[int, whole(1, MOST_DEVICES)] = 1
    memory: Annotated[float, size(above=0)]
    kind: Annotated[Kind, choice("gpu", "cpu")] = "gpu"
    speed: Annotated[float, number(above=0)] = 1.0
    slots: Annotated[int, whole(1, MOST_SLOTS)] | None = None
    interference: tuple[Annotated[float, number(low=1)], ...] | None = None

    def wrong(self) -> Iterable[Problem]:
        """Return what is wrong with keys that do not go together."""
        factors = self.interference
        if factors is None:
            return
        if not factors or factors[0] != 1:
            text = (
                f"{shown(list(factors[:1]))} is not allowed as its start"
                if factors
                else "[] is not allowed"
            )
            more = "{key} must begin with 1, the factor of an instance alone, such as [1, 1.6]"
            yield Problem(("interference",), f"{text}; {more}")
        elif len(factors) > MOST_SLOTS:
            text = f"{len(factors)} factors are not allowed; {{key}} must have at most {MOST_SLOTS}"
            yield Problem(("interference",), f"{text}, one for each instance that may serve")
        elif self.slots is not None and self.slots != len(factors):
            text = f"{self.slots} is not allowed; interference has {len(factors)} factors, one for"
            yield Problem(
                ("slots",), f"{text} each number of instances that serve: leave out slots"
            )

    def devices(self) -> tuple[Device, ...]:
        """Return the devices."""
        factors = self.interference or ()
        alike = Device(
            memory=self.memory,
            speed=self.speed,
            kind=self.kind,
            slots=self.slots or len(factors) or 1,
            interference=factors,
        )
        return (alike,) * self.count
