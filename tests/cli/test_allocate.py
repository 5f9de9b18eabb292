"""The command allocate: the matrix, the file, the exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from strag_sim.allocating import scoring
from strag_sim.cli import main

SCENARIO = """\
requests: 300
arrivals: {kind: poisson, rate: 1}
job: {samples: 64, segment: 16}
models:
  vgg19: {service: {kind: profile, profile: timm-vgg19-rtx3090}}
  vit-l: {service: {kind: profile, profile: timm-vit-l-rtx3090}}
devices: [{count: 2, memory: 24 GiB}]
policies: [{kind: ensemble, members: [vgg19, vit-l]}]
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command beside a scenario file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.yaml").write_text(SCENARIO)
    return lambda *words: CliRunner().invoke(main, ["allocate", "two.yaml", *words])


def test_matrix(run: Run, tmp_path: Path) -> None:
    """A row a device, what it is worth, the steps; the file holds the matrix."""
    done = run("-o", "found.csv", "--batches", "16,32")

    assert done.exit_code == 0
    assert done.stderr == ""
    head, first, second, empty, worth, *steps = done.stdout.splitlines()
    assert head.split() == ["device", "vgg19", "vit-l", "memory", "of"]
    assert (first.split()[0], second.split()[0], empty) == ("0", "1", "")
    assert worth.startswith("2 models on 2 devices: ")
    assert " samples a second (in the long run its devices allow " in worth
    assert steps[-1].endswith(" simulated.")
    rows = (tmp_path / "found.csv").read_text().splitlines()
    assert rows[0] == "device,vgg19,vit-l"
    assert len(rows) == 3


def test_json(run: Run) -> None:
    """All of it for machines."""
    found = json.loads(run("--search", "worst-fit", "--json").stdout)

    assert found["allocation"] == [[0, 1], [1, 0]]
    assert found["models"] == ["vgg19", "vit-l"]
    assert found["p99"] is None
    assert found["settled"] is True
    assert len(found["steps"]) == found["evaluations"] == 1


def test_stopped_search(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C: the best so far, and exit code 130; before anything is known, nothing."""
    right = scoring.throughput
    calls = []

    def interrupted(*given: object) -> float:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return right(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(scoring, "throughput", interrupted)
    done = run()

    assert done.exit_code == 130
    assert "interrupted: this is the best allocation so far" in done.stderr
    assert done.stdout.startswith("device")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--batches", "8,x"), "write sizes of at least 1, such as 1,2,4,8"),
        (("-o", "found.txt"), "must end in .csv"),
        (("-o", "nowhere/found.csv"), "there is no such folder"),
        (("--policy", "none"), "is no ensemble of the scenario"),
        (("--set", "devices.0.memory=1GB"), "model vit-l fits nowhere"),
        (("--set", "devices.0.count=8", "--search", "exhaustive"), "matrices"),
    ],
)
def test_wrong_input(run: Run, words: tuple[str, ...], message: str) -> None:
    """Exit code 2, and no traceback."""
    done = run(*words)

    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
