"""The command plot: figures of a saved result, or of a profile."""

import json
from importlib import import_module

import pytest
from click.testing import CliRunner
from measured import simulated

import strag_sim
from strag_sim import plots, profiles, reproduce
from strag_sim.cli import main
from strag_sim.results import Result
from strag_sim.statistics import estimate


def named(place):
    """Return what is written by default at a place."""
    return [f"{place}.{ending}" for ending in ("pdf", "png", "data.csv", "caption.json")]


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
    assert done.stdout.split() == named(folder / "ccdf")
    assert (folder / "ccdf.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "ccdf.png").read_bytes().startswith(b"\x89PNG")


def test_one_file_where_it_is_named(folder, tmp_path):
    """-o writes this file alone."""
    done = CliRunner().invoke(main, ["plot", str(folder), "ccdf", "-o", str(tmp_path / "a.svg")])

    assert done.exit_code == 0
    assert (tmp_path / "a.svg").is_file()
    assert not (folder / "ccdf.pdf").exists()


def test_formats_styles_and_widths(folder, tmp_path):
    """One file a format, as wide as was asked for, and dark where that was."""
    arguments = ["--format", "svg,PDF", "--style", "dark", "--width", "page"]
    place = str(tmp_path / "a")

    done = CliRunner().invoke(main, ["plot", str(folder), "ccdf", "-o", place, *arguments])

    assert done.exit_code == 0, done.output
    files = [f"{place}.{ending}" for ending in ("svg", "pdf", "data.csv", "caption.json")]
    assert done.stdout.split() == files
    content = (tmp_path / "a.svg").read_text()
    assert f'width="{5.33 * 72:.2f}'[:10] in content  # points
    assert "#171a21" in content
    caption = json.loads((tmp_path / "a.caption.json").read_text())
    assert (caption["style"], caption["width"]) == ("dark", "page")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "pdf,gif"], "'gif' is none of pdf, png, svg, pgf"),
        (["-o", "."], ". is a folder; name a file in it, such as a.pdf"),
        (["-o", "a.pdf", "--format", "png"], "a.pdf is a PDF file; give --output a name without"),
        (["--style", "light"], "'light' is not one of 'paper', 'slides', 'dark'"),
        (["--width", "half"], "'half' is not one of 'column', 'page'"),
    ],
)
def test_wrong_looks(folder, arguments, message):
    """What there is, and nothing is written."""
    before = sorted(folder.iterdir())

    done = CliRunner().invoke(main, ["plot", str(folder), "ccdf", *arguments])

    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("kind", "output", "message"),
    [
        ("ccdf", "a.bmp", "must end in"),
        ("ccdf", "no/a.pdf", "no/a.pdf: cannot write the figure: No such file or directory\n"),
        ("ccdf", "result/runs.parquet/a.pdf", "cannot write the figure: Not a directory\n"),
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


def test_a_shipped_profile(tmp_path, monkeypatch):
    """Both files in the current folder, named after the profile."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["plot", "faas-aws", "profile"])

    assert done.exit_code == 0
    assert done.stdout.split() == named("faas-aws")
    assert (tmp_path / "faas-aws.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "faas-aws.png").read_bytes().startswith(b"\x89PNG")


def test_a_profile_from_a_file(tmp_path, monkeypatch):
    """A path that ends in .json; the figure goes where -o says, else to the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    content = {
        "name": "of another name",
        "description": "Three numbers.",
        "source": "This test.",
        "licence": "None.",
        "unit": "us",
        "n": 3,
        "mean": 23.0,
        "std": 12.0,
        "levels": [0, 0.5, 1],
        "values": [10, 20, 40],
    }
    profiles.write(tmp_path / "there/mine.v2.json", content)

    one = CliRunner().invoke(main, ["plot", "there/mine.v2.json", "profile", "-o", "a.svg"])
    other = CliRunner().invoke(main, ["plot", "there/mine.v2.json", "profile"])

    assert one.stdout.split() == ["a.svg", "a.data.csv", "a.caption.json"]
    assert other.stdout.split() == named("mine.v2")
    assert "(us)" in (tmp_path / "a.svg").read_text()


def test_a_policy_is_for_timelines(folder):
    """Other figures show all; a policy that is not there is told, with those that are."""
    done = CliRunner().invoke(main, ["plot", str(folder), "ccdf", "--policy", "none"])
    assert (done.exit_code, "--policy is for timelines" in done.stderr) == (2, True)

    done = CliRunner().invoke(main, ["plot", str(folder), "timeline", "--policy", "nome"])
    assert done.exit_code == 2
    assert "'nome': no such policy; there are none; did you mean 'none'?" in done.stderr

    done = CliRunner().invoke(main, ["plot", str(folder), "timeline"])
    assert done.exit_code == 2
    assert "--record tasks" in done.stderr


def test_what_is_offered_is_what_there_is():
    """The command writes it beside itself, so that its help imports no figures."""
    offered = import_module("strag_sim.cli.plot")
    assert (offered.STYLES, offered.WIDTHS) == (plots.STYLES, plots.WIDTHS)
    assert set(offered.FORMATS) == set(plots.FORMATS)
    assert set(plots.KINDS) <= set(offered.KINDS)
    assert import_module("strag_sim.cli.reproduce").NAMES == reproduce.SYSTEMS


def test_laws_of_a_profile(tmp_path, monkeypatch):
    """The times of its table and the laws nearest to them; named after both."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["plot", "faas-aws", "fit"])

    assert done.exit_code == 0, done.output
    assert done.stdout.split() == named("faas-aws-fit")
    laws = (tmp_path / "faas-aws-fit.data.csv").read_text()
    assert "measured," in laws
    assert "shifted-exponential," in laws


@pytest.mark.parametrize(
    ("what", "message"),
    [("fass-aws", "did you mean 'faas-aws'?"), ("no.json", "be a file that can be read")],
)
def test_no_profile(what, message):
    """The nearest name is suggested; exit code 2."""
    done = CliRunner().invoke(main, ["plot", what, "profile"])

    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output


def test_gain_of_several_results(tmp_path, monkeypatch):
    """It stands beside the first result, under the names of their folders; each has its numbers."""
    monkeypatch.chdir(tmp_path)
    for load, runs in (("0.2", 2), ("0.4", 1)):
        scenario = strag_sim.load(
            {
                "runs": runs,
                "requests": 100,
                "arrivals": {"kind": "poisson", "offered_load": float(load)},
                "service": {"kind": "exponential", "mean": 1},
                "workers": {"count": 2},
                "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
            }
        )
        strag_sim.simulate(scenario).save(tmp_path / "loads" / load)

    done = CliRunner().invoke(main, ["plot", "loads/0.2", "loads/0.4", "gain"])

    assert done.exit_code == 0, done.output
    assert done.stdout.split() == named("loads/gain")
    assert (tmp_path / "loads" / "gain.png").read_bytes()[:4] == b"\x89PNG"
    caption = json.loads((tmp_path / "loads" / "gain.caption.json").read_text())
    known = [(of["result"], of["runs"], of["confidence"]) for of in caption["results"]]
    assert known == [("0.2", 2, 0.95), ("0.4", 1, None)]

    done = CliRunner().invoke(main, ["plot", "loads/0.2", "gain"])
    assert done.stdout.split() == named("loads/0.2/gain")  # of one it lies with its other figures


def test_other_figures_are_of_one_result():
    """Two results cannot share a figure of one."""
    done = CliRunner().invoke(main, ["plot", "a", "b", "ccdf"])

    assert done.exit_code == 2
    assert "ccdf is drawn of one result, not 2." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["results/mine"],
            "'results/mine' is not one of 'ccdf', 'cdf', 'variance', 'paths'",
        ),
        (["ccdf"], "ccdf of what? Name the DIR of a result before it."),
        (["profile"], "profile of what? Name the PROFILE before it."),
    ],
)
def test_what_is_missing_is_named(arguments, message):
    """The kind, or what it is to be drawn of."""
    done = CliRunner().invoke(main, ["plot", *arguments])

    assert done.exit_code == 2
    assert message in done.stderr
