"""The command fit: its table, its YAML, its figure, and what it refuses."""

import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from strag_sim import profiles
from strag_sim.cli import main
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.scenario import load

SCENARIO = {
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "workers": {"count": 10},
    "policies": [{"kind": "none"}],
}


def run(*arguments):
    """Run the command."""
    return CliRunner().invoke(main, ["fit", *map(str, arguments)])


def pasted(text):
    """Return what each block of YAML in a text says; a block begins with a comment."""
    blocks = [block for block in text.split("\n\n") if block.startswith("# ")]
    return [yaml.safe_load(block) for block in blocks]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Return a CSV of two workers, one of which is slow from step 100 to 160, in ms."""
    rng = np.random.default_rng(1)
    steps = np.tile(np.arange(400), 2)
    worker = np.repeat(["a", "b"], 400)
    slow = (worker == "b") & (steps >= 100) & (steps < 160)
    times = 200 * np.exp(rng.normal(0, 0.05, 800)) * np.where(slow, 2, 1)
    frame = pd.DataFrame({"step": steps, "worker": worker, "ms": times})
    path = tmp_path_factory.mktemp("rows") / "times.csv"
    frame.sample(frac=1, random_state=1).to_csv(path, index=False)
    return path


def test_a_shipped_profile():
    """Every family has a line, the nearest first; two laws are printed that a scenario takes."""
    done = run("collage-vm")

    assert done.exit_code == 0, done.output
    first, table = done.stdout.split("\n\n")[:2]
    assert (
        first == "collage-vm: 10,000 times rebuilt from the profile's table of 137,594 measurements"
    )
    names = [line.split()[0] for line in table.splitlines()[1:]]
    assert names[0] == "mixture"
    assert names[-1] == "table-tail"
    assert len(names) == 8
    parts = pasted(done.stdout)
    assert [load({**SCENARIO, **part}).service.parts[0].weight for part in parts] == [
        0.979556,
        0.95,
    ]


def test_a_tail_that_does_not_fit_is_warned_of():
    """Beyond p95 of the collage machines there is a second mode, and no generalised Pareto law."""
    assert "# Not to be used as it is" in run("collage-vm", "--family", "table-tail").stdout
    assert "# Not to be used" not in run("collage-vm", "--family", "mixture").stdout


def test_a_profile_by_its_path(tmp_path):
    """A JSON file with the format of a profile is one; factors are no times."""
    content = {
        "name": "mine",
        "description": "For a test.",
        "unit": "ratio",
        "n": 500,
        "mean": 1.5,
        "std": 0.5,
        "levels": [0, 0.5, 1],
        "values": [0.5, 1, 4],
        "source": "none",
        "licence": "none",
    }
    profiles.write(tmp_path / "mine.json", content)

    done = run(tmp_path / "mine.json", "--family", "gamma")

    assert done.exit_code == 0, done.output
    assert "500 factors rebuilt" in done.stdout
    assert "These are factors, not seconds" in done.stdout


def test_a_file_with_a_unit(rows):
    """Times in ms are fitted in seconds."""
    done = run(rows, "--column", "ms", "--unit", "ms", "--family", "lognormal")

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{rows}: 800 measured times")
    (law,) = pasted(done.stdout)
    assert law["service"]["mean"] == pytest.approx(0.21, rel=0.05)


def test_states_of_rows_and_of_a_matrix(rows, tmp_path):
    """A slow spell of one worker is found from rows in any order, and from a matrix."""
    table = pd.read_csv(rows)
    table.pivot(index="step", columns="worker", values="ms").to_csv(tmp_path / "wide.csv")
    columns = ("--column", "ms", "--unit", "ms", "--group", "worker", "--order", "step")

    one = run(rows, *columns, "--states", "--family", "mixture")
    other = run(tmp_path / "wide.csv", "--wide", "--order", "step", "--unit", "ms", "--states")

    assert one.exit_code == other.exit_code == 0, one.output + other.output
    states = pasted(one.stdout)[-1]
    assert states == pasted(other.stdout)[-1]
    assert states.keys() == {"service", "slowdown"}
    (slowdown,) = states["slowdown"]
    assert slowdown["kind"] == "states"
    assert slowdown["factor"] == pytest.approx(2, rel=0.05)
    assert slowdown["dwell"] == pytest.approx(60 * 0.215, rel=0.1)
    assert slowdown["share"] == pytest.approx(60 / 800, rel=0.5)  # of one spell little is known
    assert load({**SCENARIO, **states}).slowdown[0].factor == slowdown["factor"]


def test_states_that_are_not_there_are_not_printed(tmp_path):
    """The text says so, and there is no slowdown to paste."""
    rng = np.random.default_rng(2)
    np.save(tmp_path / "wide.npy", np.exp(rng.normal(0, 0.1, (200, 5))))

    done = run(tmp_path / "wide.npy", "--wide", "--states", "--family", "lognormal")

    assert done.exit_code == 0, done.output
    assert "Two states are not supported" in done.stdout
    assert "slowdown:" not in done.stdout


def test_json(rows):
    """Everything as JSON, with null where there is no number."""
    columns = ("--column", "ms", "--unit", "ms", "--group", "worker", "--order", "step")

    done = run(rows, *columns, "--states", "--json")

    content = json.loads(done.stdout)
    assert content["best"] in [each["family"] for each in content["fits"]]
    assert content["fits"][0]["law"]["kind"] == "lognormal"
    assert content["fits"][0]["p999"] is None
    assert content["states"]["supported"] is True
    assert content["states"]["scenario"]["slowdown"][0]["kind"] == "states"


def test_a_figure(tmp_path):
    """In the format that its ending names, and whole."""
    for ending, start in (("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<?xml")):
        done = run("collage-vm", "--family", "gamma", "-o", tmp_path / f"a.{ending}")

        assert done.exit_code == 0, done.output
        assert (tmp_path / f"a.{ending}").read_bytes().startswith(start)
    names = ["a.caption.json", "a.data.csv", "a.pdf", "a.png", "a.svg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["collage-wm"], "give a file of times, or a profile: .*; did you mean 'collage-vm'"),
        (["nowhere.csv"], "nowhere.csv: there is no such file"),
        (["collage-vm", "--unit", "ms"], "--unit: is of files of times; collage-vm is a profile"),
        (["collage-vm", "--format", "csv"], "--format: is of files of times"),
        (["collage-vm", "--wide"], "--wide: is of files of times"),
        (["times.log"], "times.log: its name does not say its format; --format must be"),
        (["good.npy", "--format", "csv"], "looks like npy; say --format npy"),
        (["-"], "standard input: its name does not say its format; --format must be"),
        (["collage-vm", "--family", "gama"], "family: 'gama' is not allowed; .* gamma"),
        (["collage-vm", "--states"], "a profile holds the law of times, not their order"),
        (["collage-vm", "-o", "a.bmp"], "must end in .pdf, .svg, .png"),
        (["few.npy"], "values: 3 are not enough"),
        (["good.npy", "--states"], "workers were not told apart"),
        (["good.npy", "--unit", "parsec"], "parsec"),
        (["good.npy", "--column", "x"], "column"),
        (["broken.json"], "broken.json"),
    ],
)
def test_wrong_input(tmp_path, monkeypatch, arguments, message):
    """Exit code 2, a message and no traceback."""
    monkeypatch.chdir(tmp_path)
    np.save("few.npy", [1.0, 2.0, 3.0])
    np.save("good.npy", Lognormal(mean=1, cv=1).sample(np.random.default_rng(1), 100))
    (tmp_path / "times.log").write_text("1\n2\n")
    (tmp_path / "broken.json").write_text('{"format": "strag-sim profile 1"}')

    done = run(*arguments)

    assert done.exit_code == 2, done.output
    assert re.search(message, done.stderr)
    assert "Traceback" not in done.stderr


def test_standard_input_and_a_name_without_an_ending(tmp_path):
    """Both need --format, and say the same."""
    text = "ms\n" + "\n".join(str(10 + i % 7) for i in range(100)) + "\n"
    (tmp_path / "times.log").write_text(text)
    options = ["--format", "csv", "--unit", "ms", "--family", "gamma"]

    piped = CliRunner().invoke(main, ["fit", "-", *options], input=text)
    named = run(tmp_path / "times.log", *options)

    assert piped.exit_code == named.exit_code == 0, piped.output
    assert piped.stdout.splitlines()[0] == "standard input: 100 measured times"
    assert piped.stdout.splitlines()[1:] == named.stdout.splitlines()[1:]


def test_a_unit_in_a_columns_name_is_asked_for(rows):
    """As by import: times called ms are likely no seconds. With --unit nothing is said."""
    bare = run(rows, "--column", "ms", "--family", "gamma")
    stated = run(rows, "--column", "ms", "--unit", "s", "--family", "gamma")

    assert "say --unit ms" in bare.stderr
    assert stated.stderr == ""


def test_what_is_left_out_is_told(tmp_path, monkeypatch):
    """Rows that cannot be used are counted, with the first of them."""
    monkeypatch.chdir(tmp_path)
    np.save("zero.npy", np.arange(100.0))

    done = run("zero.npy", "--family", "gamma")

    assert done.exit_code == 0, done.output
    assert "zero.npy: 99 measured times (left out: 1 " in done.stdout
    assert "(first: row 1, 0.0))" in done.stdout


def test_help_of_the_command_imports_nothing_heavy():
    """The numbers wait until something is fitted."""
    code = (
        "import sys; from strag_sim.cli import main;"
        "main(['fit', '--help'], standalone_mode=False);"
        "print({'numpy', 'scipy', 'pandas', 'matplotlib'} & sys.modules.keys())"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip().endswith("set()")
