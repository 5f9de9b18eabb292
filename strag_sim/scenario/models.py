"""What a scenario holds: pydantic models, frozen, equal by value; None is "not given"."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import (
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from strag_sim.arrivals import Arrivals
from strag_sim.distributions.distribution import Distribution
from strag_sim.levels import USUAL
from strag_sim.payload import WIDTHS, Number
from strag_sim.policies.shape import Policy
from strag_sim.scenario.devices import MOST_DEVICES, DeviceGroup, JobKeys
from strag_sim.scenario.fields import (
    Fields,
    choice,
    flag,
    number,
    per_second,
    text,
    time,
    whole,
)
from strag_sim.scenario.kinds import (
    ARRIVALS,
    AS_TIME,
    DISTRIBUTION,
    POLICY,
    SLOWDOWN,
    OneOf,
    parameters_of,
)
from strag_sim.scenario.problems import Problem, error_of, is_unknown_key, problems_of, unknown_key
from strag_sim.scenario.special import (
    ModelsField,
    NamedModel,
    PlacementField,
    file_name,
    rising_levels,
    split,
)
from strag_sim.scenario.stopping import AUTO, MOST_RUNS, Cut, Precision, dropped
from strag_sim.scenario.sweeping import Sweep, SweepField
from strag_sim.setup import Cancel, Placement, Queue, ScriptedPlacement
from strag_sim.slowdown import Combine, Slowdown

if TYPE_CHECKING:
    from strag_sim.setup import Setup

# Upper bounds, checked before anything is allocated.
MOST_WORKERS = 10**6
MOST_SLOTS = 10**7  # of all workers together
MOST_IN_BATCH = 4096
MOST_REQUESTS = 10**9
MOST_POLICIES = 10**4
MOST_NUMBERS = 10**12  # of an input, and of a result
MOST_RATE = 1e21  # operations a second
REQUESTS = 20_000  # of an open or closed loop without `requests`: 20 above the 99.9 % quantile

Name = Annotated[str, text()]
Switch = Annotated[bool, flag()]
Time = Annotated[float, time()]
Accuracy = Annotated[float, number(low=0, high=1)]
PositiveTime = Annotated[float, time(above=0)]
TimeLaw = Annotated[float | Distribution, OneOf(DISTRIBUTION, AS_TIME)]
QueueField = Annotated[Queue, choice("per-worker", "shared")]
CancelField = Annotated[Cancel, choice("never", "queued", "running", "on-start")]


class WorkerGroup(Fields):
    """Workers that are alike; ``speed`` divides service times, ``slots`` is tasks at once."""

    count: Annotated[int, whole(1, MOST_WORKERS)]
    speed: Annotated[float, number(above=0)] = 1.0
    slots: Annotated[int, whole(1, MOST_WORKERS)] = 1


class Batch(Fields):
    """Tasks that a worker serves together: ``max`` of one model, the first waits at most ``wait``.

    Each further task adds the share ``growth`` of the first one's size, where sizes are not
    measured by batch size. A policy takes what it leaves out from the scenario.
    """

    max: Annotated[int, whole(1, MOST_IN_BATCH)] | None = None
    wait: Time | None = None
    growth: Annotated[float, number(low=0)] | None = None


class Workers(Fields):
    """The workers: ``count`` of them alike, or ``groups``; and how tasks come to them."""

    count: Annotated[int, whole(1, MOST_WORKERS)] | None = None
    groups: tuple[WorkerGroup, ...] | None = None
    queue: QueueField | None = None
    placement: Annotated[Placement | ScriptedPlacement, PlacementField()] | None = None
    distinct: Switch | None = None
    batch: Batch | None = None

    def wrong(self) -> Iterable[Problem]:
        """Return what is wrong with keys that do not go together."""
        if self.count is not None and self.groups is not None:
            yield Problem(("groups",), "give either count or groups, and only one of them")
        if self.groups is not None and not self.groups:
            yield Problem(("groups",), "[] is not allowed; give at least one group of workers")
        if self.size > MOST_WORKERS:
            text = f"{self.size} workers are not allowed; there may be at most {MOST_WORKERS}"
            yield Problem(("groups",), text)
        slots = sum(group.count * group.slots for group in self.groups or ())
        if slots > MOST_SLOTS:
            text = f"{slots} slots are not allowed; all workers together may have {MOST_SLOTS}"
            yield Problem(("groups",), f"{text}: give fewer workers or slots")

    @property
    def size(self) -> int:
        """How many workers there are; 0 where that is left to the scenario."""
        return self.count or sum(group.count for group in self.groups or ())


class Input(Fields):
    """What a request carries: what it is sent as, and what it costs to encode and to decode."""

    numbers: Annotated[int, whole(1, MOST_NUMBERS)]
    bytes: Annotated[int, whole(1, MOST_NUMBERS)] | None = None
    answers: Annotated[int, whole(1, MOST_NUMBERS)] = 1000
    precision: Annotated[Number, choice(*WIDTHS)] = "float32"


class Network(Fields):
    """Times on the way: to the worker before a task joins, and back before it is credited.

    What a task is sent and sends takes its bytes over the ``bandwidth`` besides.
    """

    to_worker: TimeLaw | None = None
    from_worker: TimeLaw | None = None
    bandwidth: Annotated[float, per_second()] | None = None


class Master(Fields):
    """The master that encodes and decodes, one thing at a time on each of its ``cores``.

    A core does ``rate`` operations on numbers a second; None is as many as were measured.
    """

    cores: Annotated[int, whole(1, MOST_WORKERS)] | None = None
    rate: Annotated[float, number(low=1, high=MOST_RATE)] | None = None

    def wrong(self) -> Iterable[Problem]:
        """Return what is wrong with a master of whom nothing is said."""
        if self.cores is None and self.rate is None:
            yield Problem((), "says nothing; give cores, such as {cores: 1}, rate or both")


class Handling(Fields):
    """How requests are handled: given for the scenario, for a policy, or for both."""

    cancel: CancelField | None = None
    cancel_delay: Time | None = None
    encode: TimeLaw | None = None
    decode: TimeLaw | None = None
    network: Network | None = None
    master: Master | None = None
    fill_timeout: PositiveTime | None = None
    shared_size: Switch | None = None
    redundant_workers: Annotated[int, split(MOST_WORKERS)] | None = None


class Overrides(Handling):
    """What a policy of a scenario may override, and what it is called."""

    label: Name | None = None
    workers: Workers | None = None
    queue: QueueField | None = None
    placement: Annotated[Placement | ScriptedPlacement, PlacementField()] | None = None
    distinct: Switch | None = None
    batch: Batch | None = None


class Entry(Overrides):
    """A policy of a scenario, and what it overrides."""

    policy: Annotated[Policy, OneOf(POLICY)]

    @property
    def kind(self) -> str:
        """The kind that names the policy in a file."""
        return POLICY.kind_of(self.policy)


def _entry(value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Entry:
    """Read an entry as users write it: the policy's own parameters beside what it overrides."""
    if not isinstance(value, Mapping):
        value = {"policy": value}
    elif not hasattr(value.get("policy"), "shape"):
        overrides = {key: value[key] for key in value if key in OVERRIDES}
        own = {key: value[key] for key in value if key not in OVERRIDES}
        value = {**overrides, "policy": own}
    try:
        entry: Entry = handler(value)
    except ValidationError as error:
        kind = value["policy"].get("kind") if isinstance(value["policy"], Mapping) else None
        raise error_of(_of_entry(p, kind, info.context) for p in problems_of(error)) from None
    clashes = [name for name in parameters_of(type(entry.policy)) if name in OVERRIDES]
    if clashes:
        raise error_of(Problem((name,), CLASH) for name in clashes)
    return entry


def _of_entry(problem: Problem, kind: object, folder: object) -> Problem:
    """Return the problem of an entry with the path and the keys that its user knows."""
    if problem.path[:1] != ("policy",):
        return problem
    path = problem.path[1:]
    if len(path) == 1 and path[0] in OVERRIDES:
        return Problem(path, CLASH)
    inner = Problem(path, problem.text)
    if is_unknown_key(inner):
        parameters = parameters_of(POLICY.class_of(kind, folder))
        return Problem(path, unknown_key(path[0], [*parameters, *OVERRIDES]))
    return inner


CLASH = "is a parameter of this policy, but {key} is a key of every policy; rename the parameter"
OVERRIDES = tuple(Overrides.model_fields)


class Scenario(Handling):
    """Everything that a simulation is about; made by ``load``, which also checks it as a whole.

    Defaults that depend on other keys (labels, requests, redundant workers) are filled in.
    """

    name: Annotated[str, file_name()] = "scenario"
    seed: Annotated[int, whole(0, 2**64 - 1)] = 0
    runs: Annotated[int, whole(1, MOST_RUNS)] = 20
    requests: Annotated[int, whole(1, MOST_REQUESTS)] | None = None
    warm_up: Annotated[Cut, dropped(MOST_REQUESTS)] = 0
    precision: Precision | None = None
    arrivals: Annotated[Arrivals, OneOf(ARRIVALS)]
    # None until ``load`` has made that of the first model of it.
    service: Annotated[Distribution, OneOf(DISTRIBUTION)] = None  # type: ignore[assignment]
    accuracy: Accuracy | None = None
    models: Annotated[tuple[NamedModel, ...], ModelsField()] = ()
    allow_mixed: Switch = False
    input: Input | None = None
    workers: Workers = Workers()
    devices: tuple[DeviceGroup, ...] | None = None
    job: JobKeys | None = None
    slowdown: tuple[Annotated[Slowdown, OneOf(SLOWDOWN)], ...] = ()
    combine: Annotated[Combine, choice("product", "sum", "max")] = "product"
    policies: tuple[Annotated[Entry, WrapValidator(_entry)], ...]
    quantiles: Annotated[tuple[float, ...], rising_levels()] = USUAL
    slo: PositiveTime | None = None
    confidence: Annotated[float, number(above=0, below=1)] = 0.95
    sweep: Annotated[Sweep, SweepField()] | None = None

    def wrong(self) -> Iterable[Problem]:
        """Return what is wrong with keys that do not go together."""
        yield from self._of_devices()
        if not self.workers.size and self.devices is None:
            yield Problem(("workers",), "missing; give count, such as {count: 10}, or devices")
        if self.service is None and not self.models:
            yield Problem(
                ("service",),
                "missing; give the law of task sizes, a mapping with a kind, or models",
            )
        if not 1 <= len(self.policies) <= MOST_POLICIES:
            text = f"{len(self.policies)} policies are not allowed; give 1 to {MOST_POLICIES}"
            yield Problem(("policies",), text)
        if (self.requests or 0) + self.cut > MOST_REQUESTS:
            text = f"{self.requests} and {self.cut} warming up are not allowed; together"
            yield Problem(("requests",), f"{text} they may be at most {MOST_REQUESTS}")

    def _of_devices(self) -> Iterable[Problem]:
        """Return what is wrong with how many devices there are."""
        if self.devices is not None:
            count = sum(group.count for group in self.devices)
            if not 1 <= count <= MOST_DEVICES:
                text = f"{count} devices are not allowed; give 1 to {MOST_DEVICES}"
                yield Problem(("devices",), f"{text}, or workers instead of them")

    @property
    def cut(self) -> int:
        """How many requests are dropped first; 0 where that is to be found by simulating."""
        return 0 if self.warm_up == AUTO else self.warm_up

    def setups(self) -> "tuple[Setup, ...]":
        """Return what each policy runs on, all overrides and defaults resolved, in order."""
        from strag_sim.scenario.resolving import setups

        return setups(self)
