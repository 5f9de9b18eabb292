"""What must hold between the parts of a scenario; each check tells all that it finds."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from strag_sim.arrivals import Closed, Rated
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.scripted import Scripted
from strag_sim.hints import did_you_mean
from strag_sim.policies.ensemble import Ensemble
from strag_sim.policies.none import NoRedundancy
from strag_sim.policies.shape import Shape
from strag_sim.scenario.allocating import check_deployments
from strag_sim.scenario.batches import batches_given, check_batch
from strag_sim.scenario.carrying import check_payload
from strag_sim.scenario.lengths import check_clients, check_segments, check_trace
from strag_sim.scenario.mixing import check_mixed
from strag_sim.scenario.models import Entry, Handling, Scenario
from strag_sim.scenario.problems import Path, Problem, of_constructor, shown
from strag_sim.scenario.resolving import (
    arrivals_of,
    batch_of,
    has_own_pool,
    placement_of,
    setups,
)
from strag_sim.scenario.rivals import check_oracles
from strag_sim.scenario.scripts import check_scripts
from strag_sim.scenario.slowness import check_slowness, slow_laws
from strag_sim.scenario.stopping import AUTO, check_precision
from strag_sim.setup import ScriptedPlacement, Setup

MOST_TASKS = 4096  # a group
LARGEST_GRID = 63  # its collage and own tasks are the most that fit into a group
# The parts without which it is not known what a policy runs on.
NEEDED = {
    "arrivals",
    "devices",
    "job",
    "models",
    "policies",
    "requests",
    "service",
    "warm_up",
    "workers",
}
NO_LAW = (
    "is not allowed with scripted sizes, which have no law; {key} must be a time, such as 20 ms"
)
COUNTS = ("copies", "hedges", "attempts")  # parameters that say how often a request is sent


@dataclass(frozen=True)
class Case:
    """One policy of a scenario, as the checks see it."""

    scenario: Scenario
    place: int
    shape: Shape
    setup: Setup

    @property
    def entry(self) -> Entry:
        """The policy's entry."""
        return self.scenario.policies[self.place]

    def path(self, *keys: str) -> Path:
        """Return where a setting is given: in the policy's entry, else in the scenario."""
        holder: Handling = self.entry
        inside: object = getattr(holder, keys[0], None)
        own = inside is not None and (len(keys) == 1 or getattr(inside, keys[1], None) is not None)
        return ("policies", self.place, *keys) if own else keys


def check_shapes(scenario: Scenario) -> tuple[list[Shape], list[Problem]]:
    """Return the shape of each policy, and what is wrong with those that have none that fits."""
    shapes, problems = [], []
    for i, entry in enumerate(scenario.policies):
        shape, wrong = NoRedundancy().shape(), _too_large(entry.policy)
        if wrong is None:
            try:
                shape = entry.policy.shape()
            except Exception as error:  # a user's own policy may raise anything
                wrong = Problem((), f"{entry.kind} has no shape: {type(error).__name__}: {error}")
        tasks = len(shape.tasks) if isinstance(shape, Shape) else 0
        if wrong is None and not isinstance(shape, Shape):
            wrong = Problem((), f"{entry.kind}: shape() must return a Shape")
        elif tasks > MOST_TASKS:
            text = f"{tasks} tasks a group are not allowed; there may be at most {MOST_TASKS}"
            wrong = Problem((), text)
        if wrong is not None:
            problems.append(Problem(("policies", i, *wrong.path), wrong.text))
            shape = NoRedundancy().shape()
        shapes.append(shape)
    return shapes, problems


def check(scenario: Scenario, shapes: Sequence[Shape], broken: set[str | int]) -> Iterator[Problem]:
    """Yield what is wrong between the parts that are not broken themselves."""
    if not broken & {"arrivals", "requests", "warm_up"}:
        yield from check_trace(scenario)
        if "job" not in broken:
            yield from check_segments(scenario)
    if not broken & {"warm_up", "service", "workers", "policies"}:
        yield from _check_auto(scenario)
    yield from check_mixed(scenario, broken)
    yield from _check_laws(scenario)
    yield from check_clients(scenario)
    if "policies" not in broken:
        yield from _check_labels(scenario)
        yield from check_payload(scenario, shapes, broken)
    if not broken & {"policies", "precision", "runs", "quantiles", "slo"}:
        labels = [str(entry.label) for entry in scenario.policies]
        yield from check_precision(
            scenario.precision, scenario.runs, scenario.quantiles, scenario.slo, labels
        )
    no_load = _load_of_nothing(scenario, broken)
    if no_load:
        yield Problem(("arrivals", "offered_load"), no_load)
        return
    if not broken & NEEDED:
        yield from _check_setups(scenario, shapes, broken)


def _check_setups(
    scenario: Scenario, shapes: Sequence[Shape], broken: set[str | int]
) -> Iterator[Problem]:
    """Yield what is wrong with what the policies run on."""
    try:
        arrivals_of(scenario)
    except ValueError as error:  # what is judged once the load is a rate
        wrong = of_constructor(error, vars(scenario.arrivals))
        yield Problem(("arrivals", *wrong.path), wrong.text)
        return
    unplaced = {i: wrong for i, wrong in check_deployments(scenario, broken) if wrong}
    yield from chain.from_iterable(unplaced.values())
    placed = scenario.model_copy(update={"policies": _without(scenario.policies, unplaced)})
    resolved = setups(placed)
    yield from check_slowness(placed, resolved)
    yield from check_oracles(scenario, shapes)
    for i, setup in enumerate(resolved):
        if i not in broken and i not in unplaced and not setup.rivals:
            yield from _check_policy(Case(scenario, i, shapes[i], setup), broken)


def _without(entries: Sequence[Entry], places: Collection[int]) -> tuple[Entry, ...]:
    """Return the entries with others in these places, which can be resolved."""
    other = Entry(policy=NoRedundancy())
    return tuple(other if i in places else entry for i, entry in enumerate(entries))


def _check_policy(case: Case, broken: set[str | int]) -> Iterator[Problem]:
    """Yield what is wrong with one policy of a scenario."""
    yield from _check_models(case)
    if not broken & {"redundant_workers"}:
        yield from _check_split(case)
    if not broken & {"cancel", "cancel_delay"}:
        yield from _check_cancel(case)
    if "fill_timeout" not in broken:
        yield from _check_closed(case)
    yield from _check_copies(case)
    yield from _check_quantile(case)
    yield from check_scripts(case.setup, case.shape, case.path)
    batch, given = batch_of(case.scenario, case.entry), batches_given(case.scenario, case.entry)
    yield from check_batch(case.setup, case.shape, batch, case.path, next(iter(given), None))


def _too_large(policy: object) -> Problem | None:
    """Return the problem of a parameter that would make a group of too many tasks."""
    for name, value in vars(policy).items() if hasattr(policy, "__dict__") else ():
        most = LARGEST_GRID if name == "grid" else MOST_TASKS
        counts = value.values() if isinstance(value, Mapping) else (value,)
        total = sum(count for count in counts if isinstance(count, int))
        if total > most:
            text = f"{total} is not allowed; {{key}} must be at most {most}"
            more = " together" if isinstance(value, Mapping) else ""
            return Problem((name,), f"{text}{more} (a group has at most {MOST_TASKS} tasks)")
    return None


def _load_of_nothing(scenario: Scenario, broken: set[str | int]) -> str | None:
    """Return why an offered load says nothing about a rate; None if it does, or is not given."""
    arrivals = scenario.arrivals
    if "arrivals" in broken or not isinstance(arrivals, Rated) or arrivals.offered_load is None:
        return None
    if scenario.devices and "devices" not in broken:
        text = f"{shown(arrivals.offered_load)} is not allowed with devices, whose capacity depends"
        return f"{text} on what is allocated; give a rate, in requests per second"
    if "service" not in broken and not math.isfinite(scenario.service.mean):
        return "is not allowed with a service whose mean is infinite; give a rate"
    return None


def _check_auto(scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem where more requests than are scripted would be needed."""
    placements = [placement_of(scenario, entry) for entry in scenario.policies]
    scripted = isinstance(scenario.service, Scripted)
    if scenario.warm_up == AUTO and (
        scripted or any(isinstance(each, ScriptedPlacement) for each in placements)
    ):
        text = "auto is not allowed with scripted sizes or workers, which end; {key} must be"
        yield Problem(("warm_up",), f"{text} the number of requests to drop first")


def _check_labels(scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem for each label that is given twice."""
    counts = Counter(entry.label for entry in scenario.policies)
    for i, entry in enumerate(scenario.policies):
        if counts[entry.label] > 1:
            counts[entry.label] = -counts[entry.label]  # the first keeps it
        elif counts[entry.label] < -1:
            text = f"{entry.label!r} is not allowed; another policy has this label already"
            yield Problem(("policies", i, "label"), text)


def _check_laws(scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem for each time whose law only means something for the service of tasks."""
    holders: list[tuple[Path, Handling]] = [((), scenario)]
    holders += [(("policies", i), entry) for i, entry in enumerate(scenario.policies)]
    for path, holder in holders:
        network = holder.network
        laws: list[tuple[Path, object]] = [
            ((*path, "encode"), holder.encode),
            ((*path, "decode"), holder.decode),
            ((*path, "network", "to_worker"), network and network.to_worker),
            ((*path, "network", "from_worker"), network and network.from_worker),
        ]
        for place, law in laws:
            yield from _check_law(place, law)
    if isinstance(scenario.arrivals, Closed):
        yield from _check_law(("arrivals", "think"), scenario.arrivals.think)
    for path, law in slow_laws(scenario):
        yield from _check_law(path, law)


def _check_law(path: Path, law: object) -> Iterator[Problem]:
    """Yield a problem for sizes by position or by worker."""
    if isinstance(law, Scripted):
        yield Problem((*path, "kind"), "scripted is not allowed; scripted sizes are for service")
    if isinstance(law, Profile) and law.per_worker:
        text = "true is not allowed; only the service of tasks is bound to workers"
        yield Problem((*path, "per_worker"), text)


def _check_models(case: Case) -> Iterator[Problem]:
    """Yield a problem for each model that the policy names and the scenario has not."""
    known = case.setup.models
    for name in dict.fromkeys(task.model for task in case.shape.tasks):
        if name is None or name in known:
            continue
        policy = case.entry.policy
        key = next((k for k in ("model", "copy_model") if getattr(policy, k, None) == name), None)
        allowed = f"{{key}} must be one of {', '.join(known)}" if known else "the scenario has none"
        text = f"{name!r} is not allowed; {allowed}; models are listed under the key models"
        path: Path = ("policies", case.place, key) if key else ("policies", case.place)
        yield Problem(path, text + did_you_mean(name, known))


def _check_split(case: Case) -> Iterator[Problem]:
    """Yield a problem where no worker is left for own tasks, or no task for redundant workers."""
    split, size = case.setup.redundant_workers, len(case.setup.speeds)
    if not has_own_pool(case.shape):
        if case.entry.redundant_workers is not None:
            text = "is not allowed here; only tasks of collage and parity have workers of their own"
            yield Problem(("policies", case.place, "redundant_workers"), text)
    elif split >= size:
        text = f"{split} is not allowed; {{key}} must leave a worker for own tasks (of {size})"
        yield Problem(case.path("redundant_workers"), f"{text}, or be shared")


def _check_cancel(case: Case) -> Iterator[Problem]:
    """Yield a problem for a delayed cancel on start."""
    if case.setup.cancel == "on-start" and case.setup.cancel_delay > 0:
        text = f"{case.setup.cancel_delay} is not allowed; {{key}} must be 0 with cancel: on-start"
        yield Problem(case.path("cancel_delay"), f"{text} (siblings are dropped at once)")


def _check_closed(case: Case) -> Iterator[Problem]:
    """Yield a problem where the clients of a closed loop can never fill a group."""
    arrivals, shape = case.setup.arrivals, case.shape
    if not isinstance(arrivals, Closed) or case.setup.fill_timeout is not None:
        return
    at_once = arrivals.clients * arrivals.round_of(shape.requests) * case.setup.job.segments
    if at_once < shape.requests and (shape.together or not shape.own):
        text = f"{arrivals.clients} is not allowed; a group of {case.setup.label!r} needs"
        more = (
            f"{shape.requests} requests at once: give more clients, barrier: true or fill_timeout"
        )
        yield Problem(("arrivals", "clients"), f"{text} {more}")


def _check_copies(case: Case) -> Iterator[Problem]:
    """Yield a problem for more copies of a request than there are workers."""
    setup, shape, size = case.setup, case.shape, len(case.setup.speeds)
    chosen = setup.placement == "fixed" or isinstance(setup.placement, ScriptedPlacement)
    by_place = chosen and setup.queue == "per-worker"
    sent = sum(task.pool == "own" for task in shape.tasks)
    if shape.requests > 1 or not shape.own or not setup.distinct or by_place or sent <= size:
        return
    policy = case.entry.policy
    key = next((key for key in COUNTS if hasattr(policy, key)), None)
    allowed = f"there are {size} workers, and distinct sends each of the {sent} to another"
    value = f"{getattr(policy, key)} is not allowed; " if key else ""
    text = f"{value}{allowed}; give more workers or distinct: false"
    yield Problem(("policies", case.place, *([key] if key else [])), text)


def _check_quantile(case: Case) -> Iterator[Problem]:
    """Yield a problem for a delay that is a quantile of scripted sizes."""
    delay = getattr(case.entry.policy, "delay", None)
    if isinstance(delay, str) and isinstance(case.setup.service, Scripted):
        yield Problem(("policies", case.place, "delay"), f"{delay!r} {NO_LAW}")
    hedges = case.entry.policy.hedges if isinstance(case.entry.policy, Ensemble) else None
    for name, delay in (hedges or {}).items():
        if isinstance(delay, str) and isinstance(case.setup.law(name), Scripted):
            yield Problem(("policies", case.place, "hedges", name), f"{delay!r} {NO_LAW}")
