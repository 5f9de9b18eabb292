"""The command plot: figures of a saved result."""

import pytest
from click.testing import CliRunner
from measured import simulated

from strag_sim.cli import main
from strag_sim.results import Result
from strag_sim.statistics import estimate


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a result."""
    sample = simulated()
    result = Result.of([sample], [estimate(sample)], "", {}, confidence=0.95)
    return result.save(tmp_path / "result")


def test_pdf_and_png_beside_the_tables(folder):
    """Both files, and their names on standard output."""
    done = CliRunner().invoke(main, ["plot", str(folder), "ccdf"])

    assert done.exit_code == 0
    assert done.stdout.split() == [str(folder / "ccdf.pdf"), str(folder / "ccdf.png")]
    assert (folder / "ccdf.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "ccdf.png").read_bytes().startswith(b"\x89PNG")


def test_one_file_where_it_is_named(folder, tmp_path):
    """-o writes this file alone."""
    done = CliRunner().invoke(main, ["plot", str(folder), "ccdf", "-o", str(tmp_path / "a.svg")])

    assert done.exit_code == 0
    assert (tmp_path / "a.svg").is_file()
    assert not (folder / "ccdf.pdf").exists()


@pytest.mark.parametrize(
    ("kind", "output", "message"),
    [
        ("ccdf", "a.bmp", "must end in"),
        ("ccdf", "no/a.pdf", "cannot write"),
        ("pie", "a.pdf", "pie"),
    ],
)
def test_wrong_input(folder, tmp_path, kind, output, message):
    """Exit code 2 and a message."""
    done = CliRunner().invoke(main, ["plot", str(folder), kind, "-o", str(tmp_path / output)])

    assert done.exit_code == 2
    assert message in done.stderr


def test_no_result(tmp_path):
    """A folder without a result is refused."""
    done = CliRunner().invoke(main, ["plot", str(tmp_path), "ccdf"])

    assert done.exit_code == 2
    assert "no result here" in done.stderr
