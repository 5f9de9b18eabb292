"""Random ensembles for the engines: members on devices, jobs of segments, copies and hedges."""

from dataclasses import replace

from hypothesis import strategies as st
from plans import CANCELS, services, setups

from strag_sim.ensembles.devices import Device
from strag_sim.policies import Ensemble
from strag_sim.setup import Batching, Deployment, Instance, Job, Model, Setup

MEMBERS = ("red", "green", "blue")


@st.composite
def ensembles(draw: st.DrawFn) -> Ensemble:
    """Return an ensemble of one to three members, some of them asked twice."""
    members = MEMBERS[: draw(st.integers(1, 3))]
    some = st.lists(st.sampled_from(members), unique=True, max_size=2)
    again = {name: draw(st.integers(2, 3)) for name in draw(some)}
    delays = st.sampled_from([0.0, 1.0, 2.0, 2.5, "p50"])
    return Ensemble(
        members=members,
        quorum=draw(st.sampled_from([None, *range(1, len(members) + 1)])),
        deadline=draw(st.sampled_from([None, None, 1.0, 2.0, 3.3])),
        copies=again,
        hedges={name: draw(delays) for name in draw(some)},
    )


@st.composite
def devices(draw: st.DrawFn) -> tuple[Device, ...]:
    """Return one to three devices, on which instances wait for or slow each other."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        slots = draw(st.integers(1, 3))
        slower = draw(st.sampled_from([(), (1.0, 1.5, 2.5)[:slots]]))
        speed = draw(st.sampled_from([1.0, 1.0, 2.0]))
        found.append(Device(memory=1e9, speed=speed, slots=slots, interference=slower))
    return tuple(found)


@st.composite
def deployments(draw: st.DrawFn, members: tuple[str, ...]) -> Deployment:
    """Return the members on devices, each once at least."""
    some = draw(devices())
    instances = []
    for name in members:
        on = draw(st.sets(st.integers(0, len(some) - 1), min_size=1))
        instances += [Instance(name, d, draw(st.integers(1, 4))) for d in sorted(on)]
    return Deployment(some, tuple(instances))


@st.composite
def deployed_setups(draw: st.DrawFn) -> Setup:
    """Return a random setup of an ensemble on devices, with any mixture of features."""
    setup = draw(setups(requests=8))
    policy = draw(ensembles())
    deployment = draw(deployments(policy.members))
    whole = draw(st.booleans())
    laws = {name: draw(services(whole).filter(_is_not_by_machine)) for name in policy.members}
    count = len(deployment.instances)
    waits = st.sampled_from([0.0, 0.0, 1.0, 2.0] if whole else [0.0, 0.7, 1.3])
    growths = st.sampled_from([0.0, 0.5, 1.0] if whole else [0.0, 0.3])
    cancel = draw(st.sampled_from(CANCELS))
    return replace(
        setup,
        policy=policy,
        speeds=tuple(deployment.devices[i.device].speed for i in deployment.instances),
        slots=(1,) * count,
        job=Job(draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        deployment=deployment,
        models={name: Model(law) for name, law in laws.items()},
        service=laws[policy.members[0]],
        placement=draw(st.sampled_from(["random", "round-robin", "shortest-queue", "two-choices"])),
        batching=Batching(1, draw(waits), draw(growths)),
        redundant_workers=0,
        cancel=cancel,
        cancel_delay=0.0 if cancel == "on-start" else setup.cancel_delay,
        slowdown=(),
        fill_timeout=None,
    )


def _is_not_by_machine(law: object) -> bool:
    """Return whether a law is not bound to the machines that it was measured on."""
    return not getattr(law, "per_worker", False)
