"""Whether an oracle can bound the other policies of a scenario."""

from collections.abc import Iterator, Sequence

from strag_sim.arrivals import Closed
from strag_sim.policies.ensemble import Ensemble
from strag_sim.policies.oracle import Oracle, why_unbounded
from strag_sim.policies.shape import Shape
from strag_sim.scenario.models import OVERRIDES, Scenario
from strag_sim.scenario.problems import Path, Problem
from strag_sim.scenario.resolving import batch_of


def check_oracles(scenario: Scenario, shapes: Sequence[Shape]) -> Iterator[Problem]:
    """Yield why an oracle would say nothing, or something wrong."""
    oracles = [i for i, e in enumerate(scenario.policies) if isinstance(e.policy, Oracle)]
    for i in oracles:
        path: Path = ("policies", i)
        for key in OVERRIDES:
            if key != "label" and getattr(scenario.policies[i], key) is not None:
                text = "is not allowed for an oracle, which runs on nothing; leave it out"
                yield Problem((*path, key), text)
        if i != oracles[0]:
            text = "a second oracle is not allowed; it would say what the first says: give one"
            yield Problem(path, text)
        elif len(oracles) == len(scenario.policies):
            text = "an oracle alone is not allowed; it bounds the other policies: give at least one"
            yield Problem(path, text)
        elif isinstance(scenario.arrivals, Closed):
            text = "an oracle is not allowed in a closed loop: requests come when others are"
            more = "answered, so no two policies have the same ones; give open arrivals"
            yield Problem(path, f"{text} {more}")
        else:
            yield from _check_shapes(scenario, shapes, path)


def _check_shapes(scenario: Scenario, shapes: Sequence[Shape], path: Path) -> Iterator[Problem]:
    """Yield a problem for each policy that more idle workers may slow down."""
    for entry, shape in zip(scenario.policies, shapes, strict=True):
        why = why_unbounded(shape)
        on_devices = isinstance(entry.policy, Ensemble) and bool(scenario.devices)
        if on_devices:
            text = f"an oracle is not allowed beside {entry.label!r}, which is on devices: what"
            yield Problem(path, f"{text} an instance takes depends on what else is served")
        elif (batch_of(scenario, entry).max or 1) > 1 and not isinstance(entry.policy, Oracle):
            text = f"an oracle is not allowed beside {entry.label!r}, which has batches: a task"
            yield Problem(path, f"{text} takes as long as its batch, whose size it cannot know")
        if why:
            text = f"an oracle is not allowed beside {entry.label!r}, which idle workers may delay"
            yield Problem(path, f"{text}: {why}")
