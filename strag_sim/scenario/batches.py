"""Whether it is known how long a batch takes, of every model that a policy's tasks run."""

from collections.abc import Callable, Iterator

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.policies.shape import Shape
from strag_sim.scenario.models import Batch, Entry, Scenario
from strag_sim.scenario.problems import Path, Problem
from strag_sim.setup import Batching, Setup


def batches_given(scenario: Scenario, entry: Entry) -> list[Batch]:
    """Return what is said of a policy's batches, what counts first in front."""
    holders = (entry, entry.workers, scenario.workers)
    return [holder.batch for holder in holders if holder and holder.batch]


def check_batch(
    setup: Setup,
    shape: Shape,
    batch: Batch,
    place: Callable[..., Path],
    given: Batch | None,
) -> Iterator[Problem]:
    """Yield what is wrong with a policy's batches; ``place`` gives the path of a setting.

    ``given`` is what says so of the policy, where anything does.
    """
    if setup.deployment:  # the allocation has the sizes
        return
    path = place("batch")
    if path == ("batch",):
        path = place("workers", "batch")
    if given is not None and given.max is None:
        yield Problem((*path, "max"), "missing; {key} must be the most tasks that share a service")
    most = batch.max or 1
    if most == 1:
        return
    names = dict.fromkeys(task.model for task in shape.tasks if task.model in {None, *setup.models})
    measured = {name: _measured(setup.law(name), setup.batching) for name in names}
    for sizes, law in zip(measured.values(), map(setup.law, names), strict=True):
        if sizes and most > sizes[-1] and isinstance(law, Profile):
            text = f"{most} is not allowed; profile {law.profile!r} was measured for batches"
            wanted = f"of {', '.join(map(str, sizes))}: {{key}} must be at most {sizes[-1]}"
            yield Problem((*path, "max"), f"{text} {wanted}")
    unmeasured = [name for name, sizes in measured.items() if not sizes]
    if unmeasured and batch.growth is None:
        text = f"missing; {_whose(unmeasured)} not measured by batch size, so {{key}} must say"
        share = "what share of its first task's size each further task of a batch adds: 0 for none,"
        yield Problem((*path, "growth"), f"{text} {share} 1 for all of it")
    if batch.growth is not None and not unmeasured:
        text = f"{batch.growth} is not allowed: all services were measured by batch size"
        yield Problem((*path, "growth"), f"{text}; leave {{key}} out")


def _measured(law: Distribution, batching: Batching) -> tuple[int, ...]:
    """Return the batch sizes that a law was measured for; none where it knows only one."""
    measured = batching.measured(law)
    return measured.batches if measured else ()


def _whose(names: list[str | None]) -> str:
    """Return whose sizes are meant."""
    if None in names:
        return "service is"
    return f"the service of {', '.join(map(str, names))} is"
