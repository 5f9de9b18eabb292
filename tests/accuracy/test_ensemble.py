"""Ensembles: what members train on, how they are weighed, and what they answer in a simulation."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch
pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")
ensembles = pytest.importorskip("strag_sim.accuracy.ensemble")
images_of = pytest.importorskip("strag_sim.accuracy.images")
member = pytest.importorskip("strag_sim.accuracy.training.member")
models_of = pytest.importorskip("strag_sim.accuracy.models")
seeds_of = pytest.importorskip("strag_sim.accuracy.checkpoints").seeds_of

import strag_sim  # noqa: E402
from strag_sim.accuracies import AccuracyTable, read_accuracy, write_accuracy  # noqa: E402
from strag_sim.policies.shape import (  # noqa: E402
    Recovery,
    Shape,
    Task,
    check_accuracy,
    check_combiner,
)

COMBINERS = ("average", "majority", "weighted")
SIZE = 3  # members
SERVICES = {"first": "10 ms", "second": "20 ms", "third": "15 ms"}  # of the members


@dataclass(frozen=True, kw_only=True)
class Quorum:
    """An ensemble as a policy: any ``quorum`` of its members answer, as a table is accurate."""

    quorum: int
    combiner: str
    accuracy: str

    def __post_init__(self) -> None:
        """Refuse a table of something else."""
        check_accuracy(self.accuracy, "ensemble", inputs=1, tasks=SIZE, threshold=self.quorum)
        check_combiner(self.accuracy, self.combiner)

    def shape(self) -> Shape:
        """Return a task a member, any quorum of which answers."""
        table = read_accuracy(self.accuracy)
        members = tuple(Task("member", model) for model in SERVICES)
        answer = Recovery(tuple(range(SIZE)), self.quorum, (0,), "ensemble", accuracy=table)
        return Shape(1, members, (answer,))


@pytest.fixture(scope="module")
def models(digits: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the members of one seed, trained until they are unlike."""
    folder = tmp_path_factory.mktemp("members")
    schemes = accuracy.schemes([f"ensemble-{SIZE}-weighted"])
    asked = accuracy.Asked(
        schemes=schemes, images=digits, folder=folder, count=1, steps=150, tiny=True
    )
    list(accuracy.train(asked, accuracy.missing(asked)))
    return folder


@pytest.fixture(params=COMBINERS)
def table(request: pytest.FixtureRequest, digits: Any, models: Path) -> AccuracyTable:
    """Return the table of the ensemble with a combiner."""
    scheme = accuracy.scheme(f"ensemble-{SIZE}-{request.param}")
    measured: AccuracyTable = accuracy.measured(scheme, digits, models, "tests")
    return measured


def recorded(table: AccuracyTable, folder: Path, quorum: int) -> Any:
    """Simulate requests to the ensemble, and return them."""
    path = folder / f"{table.name}.json"
    write_accuracy(table, path)
    combiner = table.content["code"]["combiner"]
    scenario = {
        "seed": 5,
        "runs": 2,
        "requests": 3_000,
        "arrivals": {"kind": "poisson", "rate": 20},
        "service": {"kind": "exponential", "mean": "10 ms"},
        "models": {
            name: {"service": {"kind": "exponential", "mean": mean}}
            for name, mean in SERVICES.items()
        },
        "workers": {"count": 6},
        "policies": [Quorum(quorum=quorum, combiner=combiner, accuracy=str(path))],
    }
    return strag_sim.simulate(strag_sim.load(scenario), record="requests").requests()


def test_members_and_weights_see_no_test_images(digits: Any) -> None:
    """A member's images, those held out and those for testing are apart; each has its own."""
    for seed in (0, 1):
        whole, training = images_of.split(digits, seed), images_of.held_out(digits, seed)
        own = [set(member.member_images(digits, seed, name)) for name in models_of.MEMBERS]

        assert (len(training.testing), len(training.training)) == (432, 865)
        assert sorted([*training.testing, *training.training]) == sorted(whole.training)
        counts = np.bincount(digits.labels[training.testing])
        assert np.abs(counts - np.bincount(digits.labels) * 432 / 1797).max() <= 1
        assert all(len(each) == 69 and each <= set(training.training) for each in own)
        assert all(len(one & other) < 23 for one in own for other in own if one is not other)


@pytest.mark.parametrize("planted", [False, True])
def test_weights_are_of_held_out_images(
    planted: bool, digits: Any, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Test images that are wiped out change no weight; they do if they are used, as planted."""
    if planted:
        monkeypatch.setattr(ensembles, "held_out", images_of.split)
    scheme = accuracy.scheme(f"ensemble-{SIZE}-weighted")
    found = accuracy.server(scheme, digits, models, 0)
    pixels = digits.pixels.copy()
    pixels[images_of.split(digits, 0).testing] = 0

    again = ensembles.weights_of(found.members, replace(digits, pixels=pixels), 0)

    assert (again == found.weights).all() != planted
    assert ((found.weights > 0.2) & (found.weights < 1)).all()


def test_a_table_of_an_ensemble(table: AccuracyTable, digits: Any, models: Path) -> None:
    """Every set of members, the combiner, and beside it the one member that would serve alone."""
    combiner = table.name.rpartition("-")[2]
    server = accuracy.server(accuracy.scheme(f"ensemble-3-{combiner}"), digits, models, 0)

    assert table.content["code"] == {
        "kind": "ensemble",
        "inputs": 1,
        "tasks": 3,
        "least": 1,
        "combiner": combiner,
    }
    assert table.content["model"] == {"members": list(models_of.MEMBERS)[:3]}
    assert [each.mask for each in table.sets] == [1, 2, 4, 3, 5, 6, 7]
    best = int(server.weights.argmax())
    assert table.uncoded is not None
    assert table.uncoded.value == table.sets[best].value
    assert table.sets[best].agreement == 1.0


def test_combiners_share_members(digits: Any, models: Path) -> None:
    """A member alone is as accurate whatever combines it with others; it is trained once."""
    schemes = accuracy.schemes([f"ensemble-2-{combiner}" for combiner in COMBINERS])
    tables = [accuracy.measured(each, digits, models, "tests") for each in schemes]

    assert len({tuple(each.value for each in table.sets[:2]) for table in tables}) == 1
    asked = accuracy.Asked(schemes=schemes, images=digits, folder=models / "none", count=1)
    assert [each.name for each in accuracy.missing(asked)] == list(models_of.MEMBERS)[:2]


def test_a_seed_needs_all_members(tmp_path: Path) -> None:
    """Seeds of which a member is missing are not measured."""
    for name, seeds in {"one": (0, 1, 2), "other": (2, 0), "third": (0, 2, 5)}.items():
        (tmp_path / name).mkdir()
        for seed in seeds:
            (tmp_path / name / f"seed-{seed}.json").touch()

    assert seeds_of(tmp_path, "one", "other", "third") == [0, 2]
    assert seeds_of(tmp_path, "one", "fourth") == []


@pytest.mark.parametrize("quorum", [1, 2, 3])
def test_what_comes_out_is_what_was_charged(
    table: AccuracyTable, quorum: int, digits: Any, models: Path, tmp_path: Path
) -> None:
    """Requests of a run answered by the members that had returned: each test image twelve times."""
    rows = recorded(table, tmp_path, quorum)

    by_ensemble, both = accuracy.replay(rows, table, digits, models)

    assert (by_ensemble.way, by_ensemble.answers, both.answers) == ("ensemble", 6_000, 6_000)
    assert set(rows["returned"].astype("int64").map(int.bit_count)) == {quorum}
    assert by_ensemble.inside
    assert abs(by_ensemble.actual.value - by_ensemble.charged) < 0.02


def test_reversed_bits_are_noticed(digits: Any, models: Path, tmp_path: Path) -> None:
    """Planted fault: the first bit is taken for the last member, and other answers come out."""
    scheme = accuracy.scheme(f"ensemble-{SIZE}-average")
    table = accuracy.measured(scheme, digits, models, "tests")
    rows = recorded(table, tmp_path, 1)
    assert abs(table.sets[0].value - table.sets[2].value) > 0.1
    own = rows[rows["returned"] == 0b001].copy()
    own["returned"] = 0b100

    (found, _) = accuracy.replay(own, table, digits, models)

    assert abs(found.actual.value - found.charged) > 0.05


def test_a_policy_of_another_combiner(table: AccuracyTable, tmp_path: Path) -> None:
    """Its table is refused, with what to write instead; so is one with other members."""
    write_accuracy(table, tmp_path / "t.json")
    path, combiner = str(tmp_path / "t.json"), table.content["code"]["combiner"]
    other = COMBINERS[COMBINERS.index(combiner) - 1]

    check_combiner(path, combiner)
    check_combiner(None, other)
    with pytest.raises(ValueError, match=f"^combiner: '{other}' .* give combiner: {combiner}"):
        check_combiner(path, other)
    with pytest.raises(ValueError, match="with 1 inputs and 3 tasks"):
        check_accuracy(path, "ensemble", inputs=1, tasks=5, threshold=2)
    with pytest.raises(ValueError, match="measured of the kind ensemble"):
        check_accuracy(path, "lagrange", inputs=1, tasks=3, threshold=2)
