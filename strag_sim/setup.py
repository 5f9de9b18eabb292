"""One policy of a scenario with all that it may override resolved: what a plan is drawn from."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from strag_sim.arrivals import Arrivals
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.ensembles.devices import Device
from strag_sim.payload import Payload
from strag_sim.policies.shape import Policy
from strag_sim.slowdown import Combine, Slowdown

Cancel = Literal["never", "queued", "running", "on-start"]
Queue = Literal["per-worker", "shared"]
Placement = Literal["random", "round-robin", "shortest-queue", "two-choices", "fixed"]


@dataclass(frozen=True)
class Model:
    """A model that redundant tasks may run: the size of its tasks and its accuracy.

    ``on`` has the sizes on devices of a kind on which they are others.
    """

    service: Distribution
    accuracy: float = math.nan
    on: Mapping[str, Distribution] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """What a request is: so many segments, each of so many samples, that are answered one by one.

    A request is answered when its last segment is. ``in_order``: answers leave in the order in
    which requests arrived, each when all before it have left.
    """

    segments: int = 1
    samples: int = 1
    in_order: bool = False


@dataclass(frozen=True)
class Instance:
    """A model on a device (its number), in batches of at most so many samples."""

    model: str
    device: int
    batch: int


@dataclass(frozen=True)
class Deployment:
    """Models on devices: each instance is a worker; those of a model stand next to each other."""

    devices: tuple[Device, ...]
    instances: tuple[Instance, ...]

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models, in order of their instances: each is a pool of workers."""
        return tuple(dict.fromkeys(instance.model for instance in self.instances))

    @property
    def slots(self) -> int:
        """How many instances can serve at once."""
        on = Counter(instance.device for instance in self.instances)
        return sum(min(self.devices[d].slots, count) for d, count in on.items())


@dataclass(frozen=True)
class Batching:
    """How workers take tasks together: ``most`` of one model, the first waiting at most ``wait``.

    Each further task of a batch adds the share ``growth`` of the first one's size, where sizes
    are not measured by batch size.
    """

    most: int = 1
    wait: float = 0.0
    growth: float = 0.0

    def measured(self, law: Distribution) -> Profile | None:
        """Return the law if its batches take as long as they were measured to; None if not."""
        if self.most == 1 or not isinstance(law, Profile) or law.per_worker:
            return None
        return law if len(law.batches) > 1 else None


@dataclass(frozen=True)
class ScriptedPlacement:
    """Exact workers: ``own[i]`` of request i, ``redundant[j][g]`` of task j of group g."""

    own: tuple[int, ...] | None = None
    redundant: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Setup:
    """One policy of a scenario, resolved. Times are in seconds; a time of None is 0.

    ``speeds`` and ``slots`` have one entry a worker; the ``redundant_workers`` highest-numbered
    workers serve redundant tasks only (0: all workers serve all tasks); with a ``deployment`` the
    workers are its instances. ``cores`` of the master may be None, which is unlimited; over a link
    of the ``bandwidth`` (bits per second; None takes no time) each task brings its part of the
    ``payload``; ``accuracy`` is that of the model that own tasks run. What ``slowdown`` draws is
    combined with sizes by ``combine``. An oracle is the bound of its ``rivals``, the other
    policies of its scenario; other policies have none. ``requests`` and ``warm_up`` count jobs.
    """

    label: str
    policy: Policy
    arrivals: Arrivals
    service: Distribution
    speeds: tuple[float, ...]
    slots: tuple[int, ...]
    job: Job = Job()
    deployment: Deployment | None = None
    models: Mapping[str, Model] = field(default_factory=dict)
    queue: Queue = "per-worker"
    placement: Placement | ScriptedPlacement = "random"
    distinct: bool = True
    batching: Batching = Batching()
    redundant_workers: int = 0
    cancel: Cancel = "queued"
    cancel_delay: float = 0.0
    encode: Distribution | None = None
    decode: Distribution | None = None
    to_worker: Distribution | None = None
    from_worker: Distribution | None = None
    payload: Payload | None = None
    bandwidth: float | None = None
    cores: int | None = None
    fill_timeout: float | None = None
    shared_size: bool = False
    slowdown: tuple[Slowdown, ...] = ()
    combine: Combine = "product"
    accuracy: float = math.nan
    requests: int = 1000
    warm_up: int = 0
    seed: int = 0
    rivals: "tuple[Setup, ...]" = ()

    def law(self, model: str | None) -> Distribution:
        """Return the law of the sizes of a model; None is the one that own tasks run."""
        return self.service if model is None else self.models[model].service

    @property
    def machines(self) -> int:
        """How many machines there are, each with a slowness of its own: devices, or workers."""
        return len(self.deployment.devices) if self.deployment else len(self.speeds)

    @property
    def servers(self) -> int:
        """How many services the workers can do at once."""
        return self.deployment.slots if self.deployment else sum(self.slots)

    @property
    def most(self) -> int:
        """How many tasks a batch may have, of any worker."""
        if self.deployment is None:
            return self.batching.most
        return max(map(self.at_once, self.deployment.instances))

    def at_once(self, instance: Instance) -> int:
        """Return how many segments an instance takes at once: as many as fit, and one at least."""
        return max(1, instance.batch // self.job.samples)

    def is_tabled(self, law: Distribution) -> bool:
        """Return whether a size is looked up in a table, by its level, when service starts."""
        if not isinstance(law, Profile):
            return False
        by_batch = law.batches if self.deployment else self.batching.measured(law)
        return law.per_worker or bool(by_batch)

    def law_on(self, instance: Instance) -> Distribution:
        """Return the law of the sizes of an instance: that on its kind of device."""
        model = self.models[instance.model]
        kind = self.deployment.devices[instance.device].kind if self.deployment else None
        return model.on.get(str(kind), model.service)

    @property
    def work(self) -> float:
        """The mean seconds, at speed 1, of all own tasks or members of a request.

        Of an ensemble on devices in batches as full as they can be, on the quickest instances.
        """
        if self.deployment is None:
            return self.service.mean * self.job.segments
        quickest: dict[str, float] = {}
        for instance in self.deployment.instances:
            seconds = self._seconds_a_segment(instance)
            quickest[instance.model] = min(seconds, quickest.get(instance.model, math.inf))
        return sum(quickest.values()) * self.job.segments

    def _seconds_a_segment(self, instance: Instance) -> float:
        """Return the mean seconds that a full service of an instance takes for each segment."""
        law, batch, at_once = self.law_on(instance), instance.batch, self.at_once(instance)
        if isinstance(law, Profile) and law.batches:
            means = law.batch_means(batch)
        else:
            means = [law.mean * (1 + self.batching.growth * more) for more in range(batch)]
        full, rest = divmod(at_once * self.job.samples, batch)
        return (full * means[-1] + (means[rest - 1] if rest else 0.0)) / at_once

    def batch_means(self, model: str | None) -> list[float]:
        """Return the mean sizes of batches of 1, 2, ... tasks of a model, in seconds."""
        law, most = self.law(model), self.batching.most
        measured = self.batching.measured(law)
        if measured:
            return measured.batch_means(most)
        return [law.mean * (1 + self.batching.growth * further) for further in range(most)]
