"""Ensembles, devices and jobs in scenarios: what they are read as, and what others run on."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from by_batch import point, write
from ensemble_scenarios import devices

import strag_sim
from strag_sim.distributions.exponential import Exponential
from strag_sim.ensembles import Device
from strag_sim.errors import ScenarioError
from strag_sim.policies.ensemble import Ensemble
from strag_sim.policies.none import NoRedundancy
from strag_sim.policies.shape import Recovery, Shape, Task, after
from strag_sim.scenario import dump, load
from strag_sim.setup import Instance, Job, Setup
from strag_sim.units import Seconds


def placed(**changes: Any) -> tuple[Setup, ...]:
    """Return the setups of the scenario of devices with values put at dotted paths."""
    return load(devices(**changes)).setups()


def instances(setup: Setup) -> list[tuple[str, int, int]]:
    """Return the instances of an ensemble: model, device and batch size."""
    assert setup.deployment is not None
    return [(each.model, each.device, each.batch) for each in setup.deployment.instances]


def test_devices_and_jobs_are_read_with_their_units_and_defaults() -> None:
    """A count is so many devices; slots are 1, or as many as there are factors of interference."""
    first, second, third = placed()

    assert first.deployment is not None
    assert first.deployment.devices == (
        Device(memory=8 * 2**30),
        Device(memory=8 * 2**30),
        Device(memory=16e9, kind="cpu", speed=0.5, slots=2, interference=(1.0, 1.5)),
        Device(memory=1e9, slots=2),
    )
    assert first.job == second.job == third.job == Job(segments=2, samples=4, in_order=True)
    assert placed(job={})[0].job == Job() == placed(job="DROP")[0].job
    assert placed(job={"samples": 6})[0].job == Job(segments=1, samples=6)


def test_instances_are_workers_that_share_a_queue_a_model() -> None:
    """The worst fit has the batch size of ``batch.max``; a matrix its own, in the policy's order.

    Blue, of 2.004 GB, is put before red, both where most memory is free: 16 and then 14 GB.
    """
    first, second, _ = placed()

    assert instances(first) == [("red", 2, 4), ("blue", 2, 4)]
    assert instances(second) == [
        *[("blue", 0, 8), ("blue", 2, 4)],
        *[("red", 1, 8), ("red", 2, 4)],
    ]
    assert second.speeds == (1.0, 0.5, 1.0, 0.5)
    assert (first.queue, second.queue, second.placement) == ("shared", "per-worker", "two-choices")
    assert [setup.batching.growth for setup in (first, second)] == [0.5, 1.0]
    assert [setup.batching.most for setup in (first, second)] == [1, 1]


def test_without_a_batch_instances_take_a_sample_at_a_time() -> None:
    """That is what worst-fit does where nothing is said of batches, by its name or without."""
    batches = {"batch": {"max": 32, "growth": 0.5}}
    assert instances(placed(policies__0__batch="DROP")[0]) == [("red", 2, 1), ("blue", 2, 1)]
    assert instances(placed(policies__0__allocation="worst-fit")[0])[0] == ("red", 2, 4)
    assert instances(placed(policies__0__batch="DROP", workers=batches)[0])[0] == ("red", 2, 32)


def test_a_file_of_an_allocation_goes_by_the_names_of_its_columns(tmp_path: Path) -> None:
    """Columns may have another order than the members; the path starts at the scenario's folder."""
    (tmp_path / "matrix.csv").write_text("device,blue,red\n0,8,0\n1,0,2\n2,0,0\n3,0,0\n")
    path = tmp_path / "s.yaml"
    path.write_text(
        yaml.safe_dump(devices(policies__0__batch="DROP", policies__0__allocation="matrix.csv"))
    )

    scenario = load(path)
    first = scenario.setups()[0]

    assert first.deployment is not None
    assert set(first.deployment.instances) == {Instance("blue", 0, 8), Instance("red", 1, 2)}
    assert scenario.policies[0].label == "ensemble of 2 allocation=matrix"
    assert load(dump(scenario)) == scenario


def test_memory_and_accuracy_are_the_profiles_own_where_none_are_given() -> None:
    """What the scenario says stands first."""
    law = {"kind": "profile", "profile": "timm-vgg19-rtx3090"}
    models = {"vgg": {"service": law}, "other": {"service": law, "memory": "9 GB", "accuracy": 0.5}}
    policies = [{"kind": "ensemble", "members": ["vgg", "other"]}]
    scenario = load(devices(devices=[{"memory": "24 GiB"}], models=models, policies=policies))
    vgg, other = scenario.models

    assert (vgg.memory, vgg.memory_per_sample, vgg.accuracy) == (1_262_020_000, 14_860_000, 0.724)
    assert (other.memory, other.memory_per_sample, other.accuracy) == (9e9, 14_860_000, 0.5)
    assert scenario.setups()[0].models["vgg"].accuracy == 0.724
    assert load(dump(scenario)) == scenario


def test_all_problems_of_policies_are_told_at_once() -> None:
    """What keeps one ensemble from its devices hides nothing of the policies beside it."""
    with pytest.raises(ScenarioError) as caught:
        load(
            devices(
                policies__0__members=["red", "green"],
                policies__1__allocation=[[8, 0]],
                policies__2={"kind": "replication", "copies": 9},
                slowdown=[{"kind": "fixed", "factors": [1, 2, 1]}],
            )
        )

    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        *("policies.0.members.1", "policies.1.allocation", "slowdown.0.factors"),
        "policies.2.copies",
    ]


def test_what_may_be_left_out_is_not_made_up_beside_a_wrong_key() -> None:
    """Workers are the devices, and service the first model's, also while something is wrong."""
    with pytest.raises(ScenarioError) as caught:
        load(devices(slo=-1, slowdown=[{"kind": "fixed", "factors": [1, 2, 1, 1]}]))

    assert len(caught.value.problems) == 1
    with pytest.raises(ScenarioError) as caught:
        load({"arrivals": {"kind": "poisson", "rate": 1}, "models": 3, "devices": 3})
    assert {problem.split(": ")[0] for problem in caught.value.problems} == {
        *("models", "devices", "policies"),
    }


def test_other_policies_run_on_the_devices_as_plain_workers() -> None:
    """One slot each, at the device's speed; own tasks run the first model; memory is no matter."""
    others = [{"kind": "none"}, {"kind": "collage", "grid": 2, "model": "blue"}]
    none, collage = placed(policies=others)

    assert none.deployment is None
    assert none.speeds == collage.speeds == (1.0, 1.0, 0.5, 1.0)
    assert none.slots == (1, 1, 1, 1)
    assert none.service == Exponential(mean=0.01)
    assert none.queue == "per-worker"
    assert placed(policies=others, workers={"count": 9})[0].speeds == (1.0,) * 9
    given = placed(service={"kind": "exponential", "mean": 1}, policies=others)
    assert given[0].service == Exponential(mean=1.0)


def test_ensembles_without_devices_run_on_plain_workers() -> None:
    """Any worker serves any member; both are in before a request is answered."""
    scenario = load(
        devices(
            devices="DROP",
            job="DROP",
            workers={"count": 6, "queue": "shared"},
            policies=[
                {"kind": "ensemble", "members": ["red", "blue"]},
                {"kind": "ensemble", "members": ["red", "blue"], "quorum": 1},
            ],
            requests=2000,
        )
    )
    both, first = scenario.setups()
    summary = strag_sim.simulate(scenario).summary().set_index("label")

    assert both.deployment is first.deployment is None
    assert both.speeds == (1.0,) * 6
    # The larger and the smaller of two exponential times of 10 and 5 ms, nearly without queueing.
    means = summary["mean"]
    assert means["ensemble of 2"] == pytest.approx(0.01 + 0.005 - 1 / 300, rel=0.05)
    assert means["ensemble of 2 quorum=1"] == pytest.approx(1 / 300, rel=0.05)


def test_labels_are_short_and_different() -> None:
    """Members by their number, a matrix by its kind, a file by its name, times with units."""
    policies: list[Any] = [
        {"kind": "ensemble", "members": ["red", "blue"]},
        {"kind": "ensemble", "members": ["blue", "red"], "copies": {}},
        {"kind": "ensemble", "members": ["blue"], "allocation": [[1], [0], [0], [0]]},
        {"kind": "ensemble", "members": ["blue"], "hedges": {"blue": "p95"}, "quorum": 1},
        {"kind": "ensemble", "members": ["blue"], "deadline": "20 ms", "combiner": "majority"},
    ]

    assert [entry.label for entry in load(devices(policies=policies)).policies] == [
        "ensemble of 2",
        "ensemble of 2 (2)",
        "ensemble of 1 allocation=matrix",
        "ensemble of 1 quorum=1 hedges=blue:p95",
        "ensemble of 1 deadline=20 ms combiner=majority",
    ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ordered:
    """A policy of a user, with mappings: a model by name, each after its own delay."""

    delays: Mapping[str, Seconds]
    shares: Mapping[str, float] | None = None
    weights: tuple[float, ...] = ()

    def shape(self) -> Shape:
        """Return tasks that give the same result as the own one, each later."""
        later = [Task("later", name, after(d), alternative=0) for name, d in self.delays.items()]
        tasks = (Task("member"), *later)
        return Shape(1, tasks, (Recovery(tuple(range(len(tasks))), 1, (0,), "first"),))


def test_mappings_are_parameters_of_users_policies_too() -> None:
    """They are read by name, in their order, with units, and told where they are wrong."""
    kind = f"{__name__}:Ordered"
    entry: dict[str, Any] = {"kind": kind, "delays": {"red": "20 ms", "blue": 1}}
    scenario = load(devices(policies=[entry, Ordered(delays={"red": 0.1})]))
    first, second = scenario.policies

    assert first.policy == Ordered(delays={"red": 0.02, "blue": 1.0})
    assert (first.label, second.label) == (
        "Ordered red:20 ms,blue:1 s",
        "Ordered red:100 ms",
    )
    assert load(dump(scenario)) == scenario
    strag_sim.simulate(scenario)
    with pytest.raises(ScenarioError) as caught:
        load(devices(policies=[{**entry, "delays": {"red": "20 mss"}, "shares": [1]}]))
    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        "policies.0.delays.red",
        "policies.0.shares",
    ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shared:
    """A policy of a user, whose allocation is a share."""

    allocation: float

    def shape(self) -> Shape:
        """Return the shape of no redundancy."""
        return NoRedundancy().shape()


def test_an_allocation_of_a_users_policy_is_what_its_author_says() -> None:
    """Only a matrix, or what names one, is read as such."""
    scenario = load(devices(policies=[{"kind": f"{__name__}:Shared", "allocation": 0.5}]))

    assert scenario.policies[0].policy == Shared(allocation=0.5)
    with pytest.raises(
        ScenarioError, match="policies.0.allocation: 'x' is not allowed; allocation"
    ):
        load(devices(policies=[{"kind": f"{__name__}:Shared", "allocation": "x"}]))


def test_ensembles_with_mappings_are_values() -> None:
    """They have a hash, whatever the order of copies and hedges."""
    one = Ensemble(members=("a", "b"), copies={"a": 2, "b": 3}, hedges={"a": "p95", "b": 1.0})
    same = Ensemble(members=("a", "b"), copies={"b": 3, "a": 2}, hedges={"b": 1.0, "a": "p95"})

    assert one == same
    assert hash(one) == hash(same)
    assert len({one, same, Ensemble(members=("a", "b"))}) == 2
    assert NoRedundancy() not in {one}


def test_services_on_a_kind_of_device_are_compared_by_themselves(tmp_path: Path) -> None:
    """Those of GPUs may come from one device, those of processors from another."""
    figures = {"memory": 9, "memory_per_sample": 1}

    def model(gpu: str, cpu: str | None) -> dict[str, Any]:
        def law(name: str) -> dict[str, Any]:
            file = write(tmp_path / f"{name}.json", point(1), point(2), device=name)
            return {"kind": "profile", "profile": file}

        return {"service": law(gpu), **figures, **({"on": {"cpu": law(cpu)}} if cpu else {})}

    def loaded(*models: dict[str, Any], **keys: Any) -> Any:
        names = dict(zip(("red", "blue"), models, strict=True))
        return load(devices(models=names, policies=[{"kind": "none"}], **keys))

    fitting = loaded(model("RTX", "i9"), model("RTX", "i9"))
    assert [model.on["cpu"].profile_data.device for model in fitting.models] == ["i9", "i9"]
    with pytest.raises(
        ScenarioError, match="models.blue.on.cpu.profile: .*measured on 'Xeon', but"
    ):
        loaded(model("RTX", "i9"), model("RTX", "Xeon"))
    with pytest.raises(ScenarioError, match="models.blue.service.profile: .* on 'RTX', but .* on"):
        loaded(model("RTX", "i9"), model("RTX", None))
    assert loaded(model("RTX", "i9"), model("RTX", "Xeon"), allow_mixed=True)
    gpus = [{"memory": "8 GB"}]
    assert loaded(model("RTX", "i9"), model("RTX", "Xeon"), devices=gpus)


def test_a_hedge_may_be_a_quantile_of_a_model_measured_by_batch_size() -> None:
    """It is that of the model's service of a single sample; without a unit it stays a name."""
    law = {"kind": "profile", "profile": "timm-vgg19-rtx3090"}
    policies = [{"kind": "ensemble", "members": ["vgg"], "hedges": {"vgg": "p95"}}]
    scenario = load(
        devices(devices=[{"memory": "24 GiB"}], models={"vgg": {"service": law}}, policies=policies)
    )
    drawn = strag_sim.plan.draw(scenario.setups()[0], 0)

    assert drawn.layout.gap[1] == scenario.setups()[0].service.quantile(0.95)
    assert load(dump(scenario)) == scenario


@pytest.mark.parametrize(
    ("override", "path"),
    [
        ("devices.0.memory=1 GB", "--set devices.0.memory=1 GB: policies.1"),
        ("policies.0.members=[red, red]", "policies.0.members"),
        ("policies.1.copies.red=1", "policies.1.copies.red"),
        ("job.segment=3", "job.segment"),
        ("models.red.memory=x", "models.red.memory"),
        ("policies.1.allocation=none.csv", "policies.1.allocation"),
    ],
)
def test_overrides_that_cannot_be_are_named(override: str, path: str) -> None:
    """The message opens with the path of what was set, or of what it made wrong."""
    with pytest.raises(ScenarioError) as caught:
        load(devices(), overrides=[override])

    assert len(caught.value.problems) == 1
    assert path.removeprefix(f"--set {override}: ") in caught.value.problems[0]


def test_overrides_of_devices_members_and_memory() -> None:
    """They go through lists by place and through mappings by key, as all overrides."""
    overrides = ["devices.2.memory=3GB", "policies.0.members=[blue]", "models.blue.memory=1 GiB"]
    scenario = load(devices(), overrides=overrides)

    assert scenario.devices is not None
    assert scenario.devices[2].memory == 3e9
    assert scenario.policies[0].label == "ensemble of 1"
    assert scenario.models[1].memory == 2**30
