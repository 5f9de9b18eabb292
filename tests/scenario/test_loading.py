"""Scenarios loaded from files, texts and mappings, and written back."""

import dataclasses
import math
import pickle
from pathlib import Path

import pytest
import yaml

from strag_sim.arrivals import Closed, Poisson
from strag_sim.distributions.deterministic import Deterministic
from strag_sim.distributions.exponential import Exponential
from strag_sim.errors import ScenarioError
from strag_sim.payload import Payload
from strag_sim.policies.hedge import Hedge
from strag_sim.policies.none import NoRedundancy
from strag_sim.policies.shape import Shape
from strag_sim.scenario import dump, load
from strag_sim.setup import ScriptedPlacement

RIGHT = {
    "arrivals": {"kind": "poisson", "rate": 1},
    "service": {"kind": "exponential", "mean": "10 ms"},
    "workers": {"count": 10},
    "policies": [{"kind": "none"}],
}
SHIPPED = sorted(
    [
        *Path(__file__).parents[2].glob("scenarios/*.yaml"),
        *Path(__file__).parents[2].glob("strag_sim/scenario/starters/*.yaml"),
    ]
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mine:
    """A policy of a user."""

    times: int = 1

    def shape(self) -> Shape:
        """Return the shape of no redundancy."""
        return NoRedundancy().shape()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_are_right_and_commented(path: Path) -> None:
    """Each opens with a comment, loads, and is what its dump loads as."""
    scenario = load(path)

    assert path.read_text().startswith("# ")
    assert load(dump(scenario)) == scenario
    assert len(scenario.setups()) == len(scenario.policies) > 1


def test_defaults() -> None:
    """What is not given is as documented."""
    scenario = load(RIGHT)
    setup = scenario.setups()[0]

    assert (scenario.name, scenario.seed, scenario.runs, scenario.warm_up) == ("scenario", 0, 20, 0)
    assert (scenario.requests, scenario.confidence, scenario.slo) == (20_000, 0.95, None)
    assert scenario.quantiles == (0.5, 0.9, 0.95, 0.99, 0.999)
    assert (setup.queue, setup.placement, setup.distinct) == ("per-worker", "random", True)
    assert (setup.cancel, setup.cancel_delay, setup.encode, setup.cores) == (
        "queued",
        0,
        None,
        None,
    )
    assert math.isnan(setup.accuracy)
    assert setup.speeds == (1.0,) * 10


def test_defaults_of_what_requests_carry() -> None:
    """Inputs travel as bytes, one a number; links, cores and operations are not limited."""
    scenario = load(RIGHT | {"input": {"numbers": 150_528}})
    setup = scenario.setups()[0]

    assert scenario.input is not None
    assert dict(scenario.input) == {
        "numbers": 150_528,
        "bytes": 150_528,
        "answers": 1000,
        "precision": "float32",
    }
    assert (setup.bandwidth, setup.cores) == (None, None)
    assert setup.payload == Payload(150_528, 150_528, 1000)
    assert load(RIGHT).setups()[0].payload is None


def test_a_policy_overrides_its_network_and_master_key_by_key() -> None:
    """What it does not say stays that of the scenario."""
    scenario = load(
        RIGHT
        | {
            "input": {"numbers": 8},
            "network": {"to_worker": 1, "bandwidth": "1 Gbit/s"},
            "master": {"cores": 2, "rate": 1e9},
            "policies": [
                {"kind": "none", "network": {"bandwidth": "1 MB/s"}, "master": {"rate": 5}},
                {"kind": "none", "label": "b", "network": {"to_worker": 2}, "master": {"cores": 1}},
            ],
        }
    )
    one, two = scenario.setups()

    assert (one.bandwidth, one.cores, one.to_worker) == (8e6, 2, Deterministic(value=1.0))
    assert (two.bandwidth, two.cores, two.to_worker) == (1e9, 1, Deterministic(value=2.0))


def test_a_scenario_is_a_value() -> None:
    """Scenarios are equal by value, may be keys, cannot be changed and survive pickling."""
    scenario = load(RIGHT)

    assert load(RIGHT) == scenario
    assert hash(load(RIGHT)) == hash(scenario)
    assert load(RIGHT, overrides=["seed=1"]) != scenario
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    with pytest.raises(ValueError, match="frozen"):
        scenario.seed = 3  # type: ignore[misc]


def test_the_name_of_the_file_is_the_default_name(tmp_path: Path) -> None:
    """A scenario without a name is called as its file."""
    path = tmp_path / "tails.yaml"
    path.write_text(yaml.safe_dump(RIGHT))

    assert load(path).name == "tails"


def test_objects_in_a_mapping() -> None:
    """Policies, laws and arrivals may be objects, alone or beside overrides."""
    scenario = load(
        {
            "arrivals": Closed(clients=3),
            "service": Exponential(mean=0.5),
            "workers": {"count": 2},
            "policies": [
                Hedge(delay=0.1),
                {"policy": Mine(times=2), "label": "mine", "cancel": "never"},
                Mine(times=3),
            ],
        }
    )

    assert [entry.label for entry in scenario.policies] == ["hedge 100 ms", "mine", "Mine times=3"]
    assert scenario.setups()[1].cancel == "never"
    assert scenario.setups()[1].policy == Mine(times=2)
    assert scenario.setups()[0].service == Exponential(mean=0.5)
    assert f"{__name__}:Mine" in dump(scenario)


def test_a_policy_from_a_module_beside_the_file(tmp_path: Path) -> None:
    """module:Class is found in the scenario's folder; a namesake elsewhere is another."""
    source = (
        "import dataclasses\nfrom strag_sim.policies.none import NoRedundancy\n"
        "@dataclasses.dataclass(frozen=True, kw_only=True)\nclass Mine:\n"
        "    wait: float = {default}\n    def shape(self):\n        return NoRedundancy().shape()\n"
    )
    waits = []
    for name, default in (("one", 1.0), ("two", 2.0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "beside.py").write_text(source.format(default=default))
        path = tmp_path / name / "s.yaml"
        path.write_text(yaml.safe_dump(RIGHT | {"policies": [{"kind": "beside:Mine"}]}))
        waits.append(load(path).setups()[0].policy.wait)  # type: ignore[attr-defined]

    assert waits == [1.0, 2.0]


def test_a_policy_may_not_use_the_keys_of_entries() -> None:
    """A parameter called like a key that every policy has is refused."""

    @dataclasses.dataclass(frozen=True)
    class Clash:
        cancel: str = "x"

        def shape(self) -> Shape:
            return NoRedundancy().shape()

    with pytest.raises(ScenarioError, match="rename the parameter"):
        load(RIGHT | {"policies": [Clash()]})


def test_overrides() -> None:
    """Values are put at paths, new keys too, before the check; a mapping does as well."""
    texts = ["policies.0={kind: replication, copies: 2}", "policies.0.copies=3", "master.cores=1e0"]
    scenario = load(RIGHT, overrides=[*texts, "service.mean=20 ms"])

    assert scenario.policies[0].label == "replication 3"
    assert scenario.setups()[0].cores == 1
    assert scenario.service == Exponential(mean=0.02)
    assert load(RIGHT, overrides={"workers.count": 20, "seed": 5}).workers.count == 20
    assert RIGHT["policies"] == [{"kind": "none"}]


@pytest.mark.parametrize(
    ("override", "phrase"),
    [
        (
            "policies.3.copies=2",
            "--set policies.3.copies: policies.3 is unknown; policies is a list",
        ),
        ("seed.deeper=1", "seed.deeper is unknown; seed has no keys"),
        ("policies.x=1", "policies.x is unknown"),
        ("policies.0.cpies=2", "--set policies.0.cpies=2: policies.0.cpies: unknown key"),
        ("runs=0", "--set runs=0: runs: 0 is not allowed"),
        (
            "service={kind: gama, mean: 5 ms, cv: 1}",
            "--set service={kind: gama, mean: 5 ms, cv: 1}: service.kind: 'gama' is not allowed",
        ),
        ("runs", "write path=value"),
        ("runs=", "has no value"),
        ("name=[", "this is not YAML"),
        ("seed=!!int 3", "the tag !!int is not allowed"),
        (".=3", "is unknown"),
    ],
)
def test_wrong_overrides(override: str, phrase: str) -> None:
    """An override that cannot be is named with its path."""
    with pytest.raises(ScenarioError) as caught:
        load(RIGHT | {"seed": 1}, overrides=[override])

    assert len(caught.value.problems) == 1
    assert phrase in str(caught.value)


def test_times_and_laws() -> None:
    """Times take units; a constant, a 0 and a law may stand where a law may."""
    scenario = load(
        RIGHT
        | {
            "encode": "2 ms",
            "decode": {"kind": "exponential", "mean": "1 ms"},
            "network": {"to_worker": 0.5},
            "policies": [
                {"kind": "none"},
                {"kind": "none", "encode": 0, "network": {"from_worker": 1}},
            ],
        }
    )
    first, second = scenario.setups()

    assert first.encode == Deterministic(value=0.002)
    assert first.decode == Exponential(mean=0.001)
    assert second.encode is None
    assert (second.to_worker, second.from_worker) == (
        Deterministic(value=0.5),
        Deterministic(value=1),
    )
    assert load(dump(scenario)) == scenario


def test_offered_load_is_of_the_scenarios_workers() -> None:
    """A policy with more workers sees the same arrivals."""
    scenario = load(
        RIGHT
        | {
            "arrivals": {"kind": "poisson", "offered_load": 0.5},
            "workers": {"groups": [{"count": 2, "slots": 2}, {"count": 1, "speed": 0.5}]},
            "policies": [{"kind": "none"}, {"kind": "none", "workers": {"count": 18}}],
        }
    )
    first, second = scenario.setups()

    assert first.arrivals == second.arrivals == Poisson(rate=0.5 * 5 / 0.010)
    assert (first.speeds, first.slots) == ((1.0, 1.0, 0.5), (2, 2, 1))
    assert len(second.speeds) == 18
    assert [entry.label for entry in scenario.policies] == ["none", "none (2)"]


@pytest.mark.parametrize(
    ("changes", "split"),
    [
        ({}, 1),
        ({"workers": {"count": 36}}, 3),
        ({"redundant_workers": "shared"}, 0),
        ({"redundant_workers": 4}, 4),
        ({"workers": {"count": 10, "placement": "fixed"}}, 0),
    ],
)
def test_workers_of_redundant_tasks(changes: dict[str, object], split: int) -> None:
    """Collage gets floor(n / (k^2 + 1)) workers of its own, at least one, unless told otherwise."""
    policies = [{"kind": "collage", "grid": 3}, {"kind": "parity", "inputs": 2}, {"kind": "none"}]
    scenario = load(RIGHT | {"policies": policies} | changes)

    assert [scenario.setups()[i].redundant_workers for i in (0, 2)] == [split, 0]
    assert load(dump(scenario)) == scenario


def test_one_worker_cannot_be_split() -> None:
    """The default split of a single worker is refused with the way out."""
    one = {"workers": {"count": 1}, "policies": [{"kind": "parity", "inputs": 2}]}

    with pytest.raises(ScenarioError, match="or be shared"):
        load(RIGHT | one)
    assert load(RIGHT | one | {"redundant_workers": "shared"}).setups()[0].redundant_workers == 0


def test_overrides_of_policies() -> None:
    """A policy's own queue, placement, cancel and workers stand before the scenario's."""
    scenario = load(
        RIGHT
        | {
            "workers": {"count": 3, "queue": "shared", "distinct": False},
            "cancel": "never",
            "policies": [
                {"kind": "none"},
                {"kind": "none", "queue": "per-worker", "placement": "fixed", "cancel": "running"},
                {"kind": "none", "workers": {"placement": "round-robin", "distinct": True}},
            ],
        }
    )
    seen = [(s.queue, s.placement, s.cancel, s.distinct, len(s.speeds)) for s in scenario.setups()]

    assert seen == [
        ("shared", "random", "never", False, 3),
        ("per-worker", "fixed", "running", False, 3),
        ("shared", "round-robin", "never", True, 3),
    ]


def test_traces_and_paths_start_at_the_file(tmp_path: Path) -> None:
    """A trace's default is all of it but the warm-up; its path is relative to the scenario."""
    (tmp_path / "times.csv").write_text("at\n0\n1\n2.5\n")
    path = tmp_path / "s.yaml"
    trace = {"kind": "trace", "path": "times.csv", "scale": 2}
    path.write_text(yaml.safe_dump(RIGHT | {"arrivals": trace, "warm_up": 1}))

    scenario = load(path)

    assert scenario.requests == 2
    assert load(dump(scenario)) == scenario
    with pytest.raises(ScenarioError, match="path"):
        load(RIGHT | {"arrivals": trace})


def test_scripts() -> None:
    """Exact sizes and workers are taken as they are; rows of resends may be left out."""
    scenario = load(
        RIGHT
        | {
            "requests": 4,
            "arrivals": {"kind": "deterministic", "interval": 1},
            "service": {"kind": "scripted", "own": ["1 s", 1, 1, 2], "redundant": [[3]]},
            "workers": {"count": 5, "placement": {"kind": "scripted", "own": [0, 1, 2, 3],
                                                  "redundant": [[4]]}},
            "policies": [{"kind": "collage", "grid": 2, "use": "timeout", "timeout": "5 s"}],
        }
    )  # fmt: skip
    setup = scenario.setups()[0]

    assert setup.placement == ScriptedPlacement(own=(0, 1, 2, 3), redundant=((4,),))
    assert setup.redundant_workers == 0
    assert load(dump(scenario)) == scenario


def test_yaml_words() -> None:
    """1e3 is a number, quoted words are texts, comments and anchors are fine."""
    scenario = load(
        'name: "no"   # quoted\nseed: 0x10\nrequests: 1e3\nwarm_up: 1_000\n'
        "arrivals: {kind: poisson, rate: 1}\nservice: &law {kind: exponential, mean: 1e-3}\n"
        'encode: *law\nworkers: {count: 2}\npolicies:\n  - {kind: none, label: "12:30"}\n'
    )

    assert (scenario.name, scenario.seed, scenario.requests) == ("no", 16, 1000)
    assert scenario.policies[0].label == "12:30"
    assert scenario.encode == scenario.service == Exponential(mean=0.001)
    assert load(dump(scenario)) == scenario
