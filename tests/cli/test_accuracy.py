"""The command accuracy: what it trains, writes and prints, and what it refuses."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from strag_sim.accuracies import read_accuracy
from strag_sim.cli import main


def run(*arguments: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["accuracy", *map(str, arguments)])


@pytest.mark.parametrize("library", ["torch", "sklearn", "safetensors"])
@pytest.mark.parametrize("words", [("train", "--tiny", "-o", "models"), ("measure", "models")])
def test_without_the_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...], library: str
) -> None:
    """Who lacks a library of the extra is told what to install."""
    monkeypatch.chdir(tmp_path)
    for name in [each for each in sys.modules if each.startswith("strag_sim.accuracy")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    if library != "torch":
        pytest.importorskip("torch")

    done = run(*words)

    assert done.exit_code == 2
    assert done.stderr == (
        f"accuracy needs {library}, which is not installed: pip install 'strag-sim[torch]'\n"
    )


def test_help_imports_nothing_heavy() -> None:
    """Help and wrong options are answered without torch, and without numpy."""
    program = (
        "import sys\nfrom click.testing import CliRunner\nfrom strag_sim.cli import main\n"
        "for words in (['--help'], ['train', '--help'], ['measure', '--help'], ['train']):\n"
        "    CliRunner().invoke(main, ['accuracy', *words])\n"
        "print(sorted({'torch', 'sklearn', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout == "[]\n"


@pytest.mark.torch
def test_trained_and_measured(tmp_path: Path) -> None:
    """Two seeds of a scheme: models in a folder, a table in another, one line a number."""
    pytest.importorskip("strag_sim.accuracy")
    models, tables = tmp_path / "models", tmp_path / "tables"
    names = "lagrange-2-3,polynomial-2-2-4,ensemble-2-majority"
    trained = run(
        *("train", "--tiny", "--steps", 3, "--seeds", 2, "--schemes", names, "-o", models)
    )
    again = run(*("train", "--tiny", "--steps", 3, "--seeds", 2, "--schemes", names, "-o", models))
    measured = run("measure", models, "--schemes", names, "-o", tables)

    assert (trained.exit_code, measured.exit_code) == (0, 0), trained.output + measured.output
    assert "trained lagrange-2-3, seed 1\n" in trained.stderr
    assert trained.stderr.endswith(f"10 models trained, all are in {models}\n")
    assert again.stderr == f"0 models trained, all are in {models}\n"
    head, *rows = measured.stdout.splitlines()
    assert head.split() == (
        ["table", "returned", "accuracy", "interval", "worst", "set", "as", "uncoded", "uncoded"]
    )
    assert [row.split()[:4] for row in rows] == [
        ["digits-lagrange-2-3", "2", "of", "3"],
        ["digits-lagrange-2-3", "3", "of", "3"],
        ["digits-polynomial-2-2-4", "2", "of", "4"],
        ["digits-polynomial-2-2-4", "3", "of", "4"],
        ["digits-polynomial-2-2-4", "4", "of", "4"],
        ["digits-ensemble-2-majority", "1", "of", "2"],
        ["digits-ensemble-2-majority", "2", "of", "2"],
    ]
    table = read_accuracy(str(tables / "digits-lagrange-2-3.json"))
    assert table.content["seeds"] == [0, 1]
    assert f"wrote {tables / 'digits-lagrange-2-3.json'}\n" in measured.stderr


@pytest.mark.torch
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("train", "--schemes", "colage-3", "-o", "m"), "'colage-3' is no scheme"),
        (("train", "--data", "nowhere", "-o", "m"), "'nowhere' is neither digits"),
        (("measure", "m", "--schemes", "collage-2"), "no model collage-2 is there; strag-sim"),
        (("measure", "m", "--schemes", "ensemble-2-average"), "no model ensemble-2 is there"),
        (("train",), "Missing option"),
        (("train", "--seeds", "0", "-o", "m"), "--seeds"),
    ],
)
def test_wrong_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    """What is wrong is told in a line or two, with exit code 2 and without a traceback."""
    pytest.importorskip("strag_sim.accuracy")
    monkeypatch.chdir(tmp_path)

    done = run(*words)

    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []
