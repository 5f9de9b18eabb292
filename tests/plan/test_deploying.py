"""The workers of an ensemble as arrays, worked out by hand: pools, batches, tables and factors."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from by_batch import point, write

from strag_sim import plan
from strag_sim.arrivals import Trace
from strag_sim.distributions import Deterministic
from strag_sim.distributions.profile import Profile
from strag_sim.ensembles.devices import Device
from strag_sim.policies import Ensemble
from strag_sim.rules import table_size
from strag_sim.setup import Batching, Deployment, Instance, Job, Model, Setup
from strag_sim.tables import Fleet, Plan

GPU = Device(memory=1e9, speed=2.0, slots=2, interference=(1.0, 1.25))
CPU = Device(memory=1e9, kind="cpu")


def setup_of(
    deployment: Deployment, models: dict[str, Model], job: Job | None = None, **keys: Any
) -> Setup:
    """Return a setup of three requests to all models that are deployed."""
    of_policy = {key: keys.pop(key) for key in [*keys] if key in Ensemble.__dataclass_fields__}
    return Setup(
        **{
            "label": "case",
            "policy": Ensemble(members=deployment.models, **of_policy),
            "arrivals": Trace(times=(0.0, 1.0, 2.0)),
            "service": models[deployment.models[0]].service,
            "speeds": tuple(deployment.devices[i.device].speed for i in deployment.instances),
            "slots": (1,) * len(deployment.instances),
            "job": job or Job(),
            "deployment": deployment,
            "models": models,
            "requests": 3,
            **keys,
        }
    )


def drawn(*args: Any, **keys: Any) -> Plan:
    """Return the plan of such a setup."""
    return plan.draw(setup_of(*args, **keys), 0)


CONSTANT = {name: Model(Deterministic(value=1.0)) for name in ("small", "large")}
THREE = Deployment(
    (GPU, CPU),
    (Instance("large", 0, 8), Instance("small", 0, 4), Instance("small", 1, 2)),
)


def test_instances_and_pools() -> None:
    """An instance is a worker with its device's speed; those of a model are a pool."""
    found = drawn(THREE, CONSTANT, copies={"small": 2}, hedges={"large": 1.0})
    fleet = found.fleet

    assert fleet.speed.tolist() == [2, 2, 1]
    assert fleet.slots.tolist() == [1, 1, 1]
    assert (fleet.pool_first.tolist(), fleet.pool_stop.tolist()) == ([0, 1], [1, 3])
    assert fleet.device.tolist() == [0, 0, 1]
    assert fleet.device_slots.tolist() == [2, 1]
    # large, small, small's copy, large's hedge
    assert found.layout.pool.tolist() == [0, 1, 1, 0]
    # models of the scenario, small first; 0 would be its service
    assert fleet.model.tolist() == [2, 1, 1, 2]
    assert fleet.book.tolist() == [-1] * 4


@pytest.mark.parametrize(
    ("samples", "most"), [(1, [8, 4, 2]), (2, [4, 2, 1]), (3, [2, 1, 1]), (9, [1, 1, 1])]
)
def test_segments_at_once(samples: int, most: list[int]) -> None:
    """As many as the batch has room for, and one at least."""
    found = drawn(THREE, CONSTANT, Job(samples=samples))

    assert found.fleet.most.tolist() == most
    assert found.protocol.most == max(most)


def test_multiples() -> None:
    """Of 3 samples a segment, with a growth of 0.5, by the batches that they are computed in."""
    found = drawn(THREE, CONSTANT, Job(samples=3), batching=Batching(1, 0.0, 0.5))

    # large, batch 8: 3 samples, 6 samples. Small, batch 4: 3, and what it never takes, 4 + 2.
    # Small, batch 2: 2 + 1, and 2 + 2 + 2
    assert found.fleet.multiple.tolist() == [[2, 3.5], [2, 2.5 + 1.5], [2.5, 4.5]]


def test_interference() -> None:
    """One row a device; of a device with fewer slots the rest is 1, and never read."""
    quiet = Deployment((Device(memory=1, slots=2),), (Instance("small", 0, 1),))

    assert drawn(THREE, CONSTANT).fleet.interference.tolist() == [[1, 1.25], [1, 1]]
    assert drawn(quiet, CONSTANT).fleet.interference.size == 0


def test_jobs() -> None:
    """All segments of a request come with it, and the warm-up is of whole requests."""
    found = drawn(THREE, CONSTANT, Job(segments=2), warm_up=1, requests=2)

    assert found.draws.arrival.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.draws.size.shape == (6, 2)
    assert found.protocol.warm_up == 2


def test_no_deployment_has_no_devices() -> None:
    """Of other setups all of it is empty."""
    setup = setup_of(THREE, CONSTANT)
    fleet = plan.draw(Setup(**{**vars(setup), "deployment": None}), 0).fleet

    sizes = {fleet.device.size, fleet.device_slots.size, fleet.interference.size, fleet.most.size}
    assert sizes == {0}


def test_hedges_wait_for_a_quantile_of_their_member() -> None:
    """Not of the scenario's service."""
    models = {"small": Model(Deterministic(value=3.0)), "large": Model(Deterministic(value=7.0))}
    found = drawn(THREE, models, hedges={"large": "p90", "small": "p50"})

    # small's is due at 3, large's 4 s after it
    assert found.layout.next_later.tolist()[:1] == [3]
    assert found.layout.gap.tolist() == [0, 0, 4, 3]


@pytest.fixture
def laws(tmp_path: Path) -> dict[str, Profile]:
    """Return laws of two kinds of device, measured in batches of 1, 2 and 4."""
    gpu = write(tmp_path / "gpu.json", *(point(batch, n=20) for batch in (1, 2, 4)))
    cpu = write(tmp_path / "cpu.json", *(point(batch, 3, n=30) for batch in (1, 2, 4)))
    return {"gpu": Profile(profile=gpu), "cpu": Profile(profile=cpu, concurrency=3)}


def service(fleet: Fleet, worker: int, segments: int, level: float) -> float:
    """Return the size of a service of a worker, as engines look it up."""
    row = fleet.machine[0, worker] + segments - 1
    return float(table_size(level, fleet.levels[0], fleet.values[0, row]))


@pytest.mark.parametrize("level", [0.0, 0.013, 0.5, 0.77, 0.999])
def test_tables_of_services(laws: dict[str, Profile], level: float) -> None:
    """By instance: its batches of the size measured, on its kind of device, one after the other."""
    models = {"small": Model(laws["gpu"], on={"cpu": laws["cpu"]})}
    three = Deployment(
        (GPU, CPU, Device(memory=1)),
        (Instance("small", 0, 4), Instance("small", 1, 2), Instance("small", 2, 3)),
    )
    fleet = drawn(three, models, Job(samples=2)).fleet
    long = drawn(three, models, Job(samples=7)).fleet

    def quantile(kind: str, batch: int) -> float:
        levels, values = laws[kind].batch_tables(4)
        return float(np.interp(level, levels, values[batch - 1]))

    assert fleet.most.tolist() == [2, 1, 1]
    assert fleet.machine.tolist() == [[0, 2, 3]]
    assert fleet.by_batch.tolist() == [True]
    assert fleet.book.tolist() == [0]
    # one segment, 2 samples, and two
    assert service(fleet, 0, 1, level) == pytest.approx(quantile("gpu", 2), rel=1e-12)
    assert service(fleet, 0, 2, level) == pytest.approx(quantile("gpu", 4), rel=1e-12)
    assert service(fleet, 1, 1, level) == pytest.approx(quantile("cpu", 2), rel=1e-12)
    # of 7 samples: 4 + 3; 2 + 2 + 2 + 1; 3 + 3 + 1
    seven = [
        quantile("gpu", 4) + quantile("gpu", 3),
        3 * quantile("cpu", 2) + quantile("cpu", 1),
        2 * quantile("gpu", 3) + quantile("gpu", 1),
    ]
    assert long.most.tolist() == [1, 1, 1]
    assert [service(long, w, 1, level) for w in range(3)] == pytest.approx(seven, rel=1e-12)


def test_levels_are_drawn_for_tables(laws: dict[str, Profile]) -> None:
    """The sizes of a model that was measured by batch size are levels, all others sizes."""
    models = {"small": Model(laws["gpu"]), "large": Model(Deterministic(value=3.0))}
    found = drawn(THREE, models)

    assert found.fleet.book.tolist() == [-1, 0]
    assert (found.draws.size[:, 0] == 3).all()
    assert ((found.draws.size[:, 1] >= 0) & (found.draws.size[:, 1] < 1)).all()


def test_a_law_for_one_kind_of_device_alone(laws: dict[str, Profile]) -> None:
    """A model with tables on some devices has them on all."""
    on = {"cpu": Deterministic(value=1.0)}
    models = {**CONSTANT, "small": Model(laws["gpu"], on=on)}

    with pytest.raises(TypeError, match="for all devices"):
        drawn(THREE, models)
