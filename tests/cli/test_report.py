"""The command report: one page of a saved result."""

import pytest
from click.testing import CliRunner
from reported import simulated

from strag_sim.cli import main
from strag_sim.report import page
from strag_sim.results import Result


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of a result."""
    return simulated(runs=2).save(tmp_path_factory.mktemp("made") / "result")


def test_the_page_lies_beside_the_tables(folder):
    """Its path is printed; it is the page of this result."""
    done = CliRunner().invoke(main, ["report", str(folder)])

    assert done.exit_code == 0
    assert done.stdout == f"{folder / 'report.html'}\n"
    assert (folder / "report.html").read_text(encoding="utf-8") == page(Result.open(folder))


def test_the_file_that_is_named(folder, tmp_path):
    """-o writes this file; nothing is left beside it."""
    path = tmp_path / "page.html"
    done = CliRunner().invoke(main, ["report", str(folder), "-o", str(path)])

    assert done.stdout == f"{path}\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("a.pdf", "the name of a page must end in .html"),
        ("no/a.html", "no/a.html: cannot write the page: No such file or directory\n"),
    ],
)
def test_wrong_output(folder, tmp_path, output, message):
    """Exit code 2 and a message."""
    done = CliRunner().invoke(main, ["report", str(folder), "-o", str(tmp_path / output)])

    assert done.exit_code == 2
    assert message in done.stderr


def test_no_result(tmp_path):
    """A folder without a result is refused."""
    done = CliRunner().invoke(main, ["report", str(tmp_path)])

    assert done.exit_code == 2
    assert "no result here" in done.stderr


def test_a_new_result_takes_the_page_with_it(tmp_path):
    """The page of the result before would show other numbers than the tables beside it."""
    folder = simulated(runs=2).save(tmp_path / "result")
    (folder / "report.html").write_text("of the old one")
    (folder / "notes.txt").write_text("of the user")

    simulated(runs=2).save(folder)

    assert not (folder / "report.html").exists()
    assert (folder / "notes.txt").is_file()
