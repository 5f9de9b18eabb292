"""The command import: what it prints, what it writes, what it refuses."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from strag_sim import profiles
from strag_sim.cli import main
from strag_sim.measurements import Choice, read

ROWS = [(w, s, 10 * (w + 1) + s) for s in range(30) for w in range(3)]
TEXT = "worker,step,ms\n" + "".join(f"{w},{s},{t}\n" for w, s, t in ROWS)
OPTIONS = ["--column", "ms", "--unit", "ms", "--group", "worker", "--order", "step"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of 90 times of 3 workers."""
    path = tmp_path / "times.csv"
    path.write_text(TEXT)
    return path


def run(*arguments: object, stdin: str | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["import", *map(str, arguments)], input=stdin)


def test_statistics_without_output(path: Path) -> None:
    """They are printed, and nothing is written."""
    done = run(path, *OPTIONS)

    assert done.exit_code == 0
    assert f"{path}: 90 times, column ms in ms, 3 workers by worker, ordered by step" in done.stdout
    assert "p50 34 ms" in " ".join(done.stdout.split())
    assert "30 complete rounds of 30" in done.stdout
    assert list(path.parent.iterdir()) == [path]


def test_profile(path: Path) -> None:
    """Pooled and of each worker, in the unit of the file; scenarios take it as it is."""
    output = path.with_name("mine.json")
    done = run(path, *OPTIONS, "-o", output, "--licence", "CC0", "--description", "Thirty rounds.")
    profile = profiles.load(str(output))

    assert done.exit_code == 0
    assert done.stderr == f"wrote {output}: a profile\n"
    assert (profile.name, profile.unit, profile.n) == ("times", "ms", 90)
    assert profile.source == "imported from times.csv"
    assert (profile.licence, profile.description) == ("CC0", "Thirty rounds.")
    assert profile.mean == pytest.approx(0.0345)
    assert [machine.name for machine in profile.machines] == ["0", "1", "2"]
    assert "The law ends at the largest of 90 measurements" in profile.tail


def test_standard_input_and_json(path: Path) -> None:
    """The same numbers, for machines; what is not a number is null."""
    done = run("-", "--format", "csv", *OPTIONS, "--json", stdin=TEXT + "0,30,-3\n")
    found = json.loads(done.stdout)

    assert done.exit_code == 0
    assert (found["file"], found["rows"], found["n"]) == ("standard input", 91, 90)
    assert found["dropped"] == [{"reason": "negative", "count": 1, "first": 91, "cell": "'-3'"}]
    assert (found["max"], found["unit"], found["dispersion"]) == (0.059, "s", found["dispersion"])
    assert json.loads(run(path, "--column", "ms", "--json").stdout)["between"] is None


@pytest.mark.parametrize("ending", ["csv", "parquet", "npy"])
def test_matrix(path: Path, ending: str) -> None:
    """Rounds by workers, in seconds; incomplete rounds are left out and counted."""
    path.write_text(TEXT.replace("1,7,27\n", ""))
    output = path.with_name(f"matrix.{ending}")
    done = run(path, *OPTIONS, "--as", "matrix", "-o", output)
    taken = read(output, Choice(wide=True)).measurements

    assert done.exit_code == 0
    assert "29 rounds of 3 workers, in seconds; 2 times of incomplete rounds left" in done.stderr
    expected = [t / 1000 for _, s, t in ROWS if s != 7]
    assert taken.values.tolist() == expected
    assert taken.names == ("0", "1", "2")


def test_a_unit_in_the_name_of_a_column(path: Path) -> None:
    """It is no statement, but worth a note; the option is one."""
    assert "if they are ms, say --unit ms" in run(path, "--column", "ms").stderr
    assert run(path, *OPTIONS).stderr == ""
    assert run(path, "--column", "step").stderr == ""


def test_a_column_without_times_is_no_worker(tmp_path: Path) -> None:
    """It is left out of a wide table, which is worth a note: it may be the order."""
    (tmp_path / "a.csv").write_text("day,x,y\nmon,1,2\ntue,3,4\n")

    bare = run(tmp_path / "a.csv", "--wide")
    named = run(tmp_path / "a.csv", "--wide", "--column", "x", "--column", "y")

    assert "note: no times in day; name the columns of workers with --column" in bare.stderr
    assert named.stderr == ""


def test_relative(path: Path) -> None:
    """Factors to the median, in a matrix and in a profile."""
    matrix, profile = path.with_name("m.npy"), path.with_name("p.json")
    run(path, *OPTIONS, "--as", "matrix", "--relative", "-o", matrix)
    run(path, *OPTIONS, "--relative", "-o", profile)

    assert np.load(matrix)[4, 2] == pytest.approx(34 / 34)
    assert profiles.load(str(profile)).unit == "ratio"
    assert profiles.load(str(profile)).mean == pytest.approx(34.5 / 34, rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "a.csv"], "a.csv: is not allowed; a profile must end in .json"),
        (["-o", "a.json", "--as", "matrix"], "a matrix must end in .csv or .parquet or .npy"),
        (["-o", "no/a.json"], "there is no folder no"),
        (["-o", "old.json"], "old.json: exists already; --force overwrites it"),
        (["-o", "times.csv", "--as", "matrix", "--force"], "is the file that is read"),
        (["-o", "a.npy", "--as", "matrix"], "workers are not told apart; name their column"),
        (["--as", "matrix", "--wide"], "--as matrix needs -o"),
        (["--format", "xls"], "'xls' is not one of"),
    ],
)
def test_what_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    """With a message, exit code 2, and nothing touched."""
    monkeypatch.chdir(path.parent)
    Path("old.json").write_text("old")

    done = run("times.csv", "--column", "ms", *arguments)

    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output
    assert {file.name for file in path.parent.iterdir()} == {"times.csv", "old.json"}
    assert path.read_text() == TEXT


def test_no_complete_round(path: Path) -> None:
    """A matrix has none to show; the message says what a round is."""
    path.write_text("worker,step,ms\n0,1,5\n1,2,6\n")
    done = run(path, *OPTIONS, "--as", "matrix", "-o", path.with_name("m.npy"))

    assert done.exit_code == 2
    assert "in none of 2 rounds each of 2 workers was measured once" in done.stderr


def test_force_replaces(path: Path) -> None:
    """The old file gives way to the new one, whole."""
    output = path.with_name("p.json")
    output.write_text("old")

    assert run(path, *OPTIONS, "-o", output, "--force").exit_code == 0
    assert profiles.load(str(output)).n == 90


def test_a_line_of_ten_million_columns(tmp_path: Path) -> None:
    """It is refused when 4 MiB of it are read."""
    path = tmp_path / "line.csv"
    path.write_bytes(b"1.5," * 10**7)
    tracemalloc.start()

    done = run(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert done.exit_code == 2
    assert f"{path}: line 1 is longer than 4 MiB" in done.stderr
    assert most < 2**24  # of the line's 40 MB
