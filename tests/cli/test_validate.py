"""``strag-sim validate`` and what the group does with wrong input."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from wrong_ensembles import WRONG_ENSEMBLES
from wrong_scenarios import RIGHT, WRONG, Wrong, text

from strag_sim.cli import main


@pytest.fixture
def right(tmp_path: Path) -> Path:
    """A scenario with nothing wrong."""
    path = tmp_path / "right.yaml"
    path.write_text(text())
    return path


@pytest.mark.parametrize("wrong", [*WRONG, *WRONG_ENSEMBLES], ids=lambda wrong: wrong.name)
def test_wrong_scenarios_give_one_clear_message(wrong: Wrong, tmp_path: Path) -> None:
    """Each wrong scenario gives its message on standard error, exit code 2 and no traceback."""
    path = wrong.write(tmp_path)

    result = CliRunner().invoke(main, ["validate", str(path)])

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert wrong.phrase in result.stderr
    assert result.stderr.count(str(path)) == 1
    assert result.stderr.startswith(str(path))
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_all_problems_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Wrong keys, values, kinds and what does not go together are told in one go, with lines."""
    path = tmp_path / "bad.yaml"
    path.write_text(
        "runs: 0\n"
        "arrivals: {kind: poisson, offered_load: 1.4}\n"
        "service: {kind: exponential, mean: 1}\n"
        "workers: {count: 2}\n"
        "cancel: on-start\n"
        "cancel_delay: 1 ms\n"
        "policies:\n"
        "  - {kind: hegde, delay: 1}\n"
        "  - {kind: none, label: a, cuont: 1}\n"
        "  - kind: collage\n"
        "    grid: 0\n"
        "    labl: b\n"
    )

    result = CliRunner().invoke(main, ["validate", str(path)])

    found = [line.removeprefix(f"{path}:").split(": ")[:2] for line in result.stderr.splitlines()]
    assert found == [
        ["1", "runs"],
        ["2", "arrivals.offered_load"],
        ["8", "policies.0.kind"],
        ["9", "policies.1.cuont"],
        ["11", "policies.2.grid"],
        ["12", "policies.2.labl"],
    ]


def test_what_does_not_go_together_is_told_beside_wrong_values(tmp_path: Path) -> None:
    """A wrong value in one place hides no problem between other places."""
    path = tmp_path / "bad.yaml"
    path.write_text(text(runs="0", policies="[{kind: replication, copies: 11}, {kind: hegde}]"))

    result = CliRunner().invoke(main, ["validate", str(path)])

    assert [line.split(": ")[1] for line in sorted(result.stderr.splitlines())] == [
        "policies.0.copies",
        "policies.1.kind",
        "runs",
    ]


def test_right_and_wrong_files(right: Path, tmp_path: Path) -> None:
    """Every file is checked; one that is wrong makes the exit code 2."""
    missing = str(tmp_path / "rigth.yaml")

    result = CliRunner().invoke(main, ["validate", str(right), missing])

    assert result.exit_code == 2
    assert result.stdout == f"{right}: valid: none\n"
    assert result.stderr == f"{missing}: there is no such file; did you mean {str(right)!r}?\n"
    assert CliRunner().invoke(main, ["validate", str(right)]).exit_code == 0


def test_json(right: Path) -> None:
    """--json gives the problems of each file to machines."""
    result = CliRunner().invoke(main, ["validate", str(right), "/nowhere", "--json"])

    first, second = json.loads(result.stdout)
    assert first == {"file": str(right), "valid": True, "policies": ["none"], "problems": []}
    assert second["problems"] == ["/nowhere: there is no such file"]
    assert result.exit_code == 2


def test_folders_and_closed_files(tmp_path: Path, right: Path) -> None:
    """Folders, and files that may not be read, are told as such."""
    assert "this is a folder" in CliRunner().invoke(main, ["validate", str(tmp_path)]).stderr
    right.chmod(0)
    if not os.access(right, os.R_OK):  # root may read everything
        assert "cannot be read" in CliRunner().invoke(main, ["validate", str(right)]).stderr


def test_all_required_keys_are_missed(tmp_path: Path) -> None:
    """A scenario with nothing but a seed is told all that it lacks."""
    path = tmp_path / "bare.yaml"
    path.write_text("seed: 1\n")

    result = CliRunner().invoke(main, ["validate", str(path)])

    assert {line.split(": ")[1] for line in result.stderr.splitlines()} == set(RIGHT)


def test_unknown_command() -> None:
    """A misspelt command gets a suggestion and exit code 2."""
    result = CliRunner().invoke(main, ["validat"])

    assert result.exit_code == 2
    assert "Did you mean 'validate'?" in result.stderr


def test_help_loads_nothing_but_click() -> None:
    """The help names every command and imports no heavy package."""
    heavy = ("numpy", "pydantic", "yaml", "rich", "pandas", "numba", "matplotlib")
    code = (
        "import sys; from strag_sim.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stderr.strip() == "[]"
    for command in ("run", "plot", "validate", "show", "schema", "list", "new"):
        assert f"  {command} " in result.stdout
    assert CliRunner().invoke(main, ["--version"]).stdout.startswith("strag-sim, version ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has this device")
def test_output_onto_a_full_disk() -> None:
    """Where standard output leads there, a message and no traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "strag_sim", "schema"], stdout=full, stderr=subprocess.PIPE
        )

    assert done.returncode == 1
    assert done.stderr.decode() == "the output cannot be written: the disk is full\n"
