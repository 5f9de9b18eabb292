"""The command compare: what it prints and writes, and what it says to wrong input."""

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import strag_sim
from strag_sim.cli import compared, main
from strag_sim.results import Result

KEYS = {
    "runs": 4,
    "requests": 2000,
    "arrivals": {"kind": "poisson", "offered_load": 0.5},
    "service": {"kind": "exponential", "mean": "10 ms"},
    "workers": {"count": 4},
    "policies": [
        {"kind": "none"},
        {"kind": "hedge", "delay": "p95", "label": "hedged"},
        {"kind": "none", "label": "more", "workers": {"count": 8}},
    ],
}


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a result."""
    return strag_sim.simulate(strag_sim.load(KEYS)).save(tmp_path / "result")


def called(*arguments):
    """Return what the command does with these arguments."""
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


def test_table(folder):
    """A block a policy, a line a measure that is known, its requests, and how sure all is."""
    done = called(folder)
    first, second, below = done.stdout.split("\n\n")

    assert done.exit_code == 0
    assert done.stderr == ""
    assert first.splitlines()[0] == "hedged against none"
    assert second.splitlines()[0] == "more against none"
    names = [line.split()[0] for line in second.splitlines()[1:]]
    measures = ["mean", "std", "variance", "p50", "p95", "p99", "p99.9", "cost"]
    assert names == ["ratio", *measures, "requests,"]
    p99 = r"p99 +0\.\d+ \(0\.\d+ to 0\.\d+\) +-\d+\.?\d* ms \(-\d+\.?\d* to -\d+\.?\d*\)  lower"
    assert re.search(p99, second)
    assert "cost" in second
    assert re.search(r"cost .*  equal$", second, re.MULTILINE)
    assert re.search(r"requests, in the mean: [\d.]+ % ± [\d.]+ faster by \d", second)
    assert "95 % intervals over 4 runs paired" in below
    assert "any lower or higher is wrong with probability 5 % at most (Holm, 16 tests)" in below
    assert below.splitlines()[-1] == f"Comparison: {folder}/compare.csv and {folder}/compare.tex"


def test_what_the_runs_cannot_tell(tmp_path):
    """It says at how many runs, and how many would."""
    same = {"kind": "none", "label": "other", "cancel": "running", "placement": "round-robin"}
    keys = {**KEYS, "policies": [KEYS["policies"][0], {**same, "workers": {"count": 3}}]}
    few = strag_sim.simulate(strag_sim.load({**keys, "runs": 2, "requests": 50}))
    done = called(few.save(tmp_path / "few"))

    found = re.findall(r"cannot tell at 2 runs \(about ([\d,]+) would\)", done.stdout)
    assert found
    assert all(int(number.replace(",", "")) > 2 for number in found)


def test_files(folder, tmp_path):
    """CSV and LaTeX beside the tables, or where they are named."""
    called(folder)
    expected = strag_sim.compare(Result.open(folder))

    written = pd.read_csv(folder / "compare.csv")
    assert list(written) == list(expected.table())
    assert written["p_holm"].to_numpy() == pytest.approx(
        expected.table()["p_holm"].to_numpy(), nan_ok=True
    )
    assert (folder / "compare.tex").read_text(encoding="utf-8") == expected.latex()

    named = tmp_path / "named"
    named.mkdir()
    done = called(folder, "--baseline", "more", "-o", named / "a.csv", "-o", named / "b.tex")
    assert done.exit_code == 0
    assert sorted(path.name for path in named.iterdir()) == ["a.csv", "b.tex"]
    assert set(pd.read_csv(named / "a.csv")["baseline"]) == {"more"}


def test_a_new_result_takes_the_comparison_with_it(folder):
    """Beside other numbers it would be wrong; a file of the user's stays."""
    called(folder)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")

    strag_sim.simulate(strag_sim.load({**KEYS, "seed": 1})).save(folder)

    assert not (folder / "compare.csv").exists()
    assert not (folder / "compare.tex").exists()
    assert (folder / "notes.txt").exists()


def test_json(folder):
    """All columns; null where there is no number; nothing else on standard output."""
    done = called(folder, "--json", "--method", "sectioning")
    found = json.loads(done.stdout)

    assert (found["baseline"], found["method"], found["runs"]) == ("none", "sectioning", 4)
    assert len(found["table"]) == 18
    assert found["table"][8]["measure"] == "accuracy"
    assert found["table"][8]["ratio"] is None
    assert [row["label"] for row in found["requests"]] == ["hedged", "more"]
    assert found["files"] == [str(folder / "compare.csv"), str(folder / "compare.tex")]


def test_requests_that_were_not_recorded(folder):
    """Are paired with the first policy only, and it says what to do for another."""
    done = called(folder, "--baseline", "more")

    assert "requests are not paired with more: " in done.stdout
    assert "run again with --record requests" in done.stdout
    assert "in the mean" not in done.stdout


def test_one_run(tmp_path):
    """There is no verdict, and it says why."""
    alone = strag_sim.simulate(strag_sim.load({**KEYS, "runs": 1}))
    done = called(alone.save(tmp_path / "alone"))

    assert done.exit_code == 0
    assert "1 run: there is no interval, and no verdict; simulate at least two" in done.stdout
    assert " to " not in done.stdout
    assert "nan" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--baseline", "hedge"], "'hedge': no such policy; there are none, hedged, more; did you"),
        (["--method", "anova"], "'anova' is not one of 'student', 'sectioning', 'bootstrap'"),
        (["-o", "a.pdf"], "a.pdf: is not allowed; the name must end in .csv or .tex"),
        (["-o", "no/a.csv"], "no/a.csv: cannot write the comparison: No such file or directory"),
    ],
)
def test_wrong_input(folder, tmp_path, monkeypatch, arguments, message):
    """Exit code 2 and a message."""
    monkeypatch.chdir(tmp_path)
    done = called(folder, *arguments)

    assert done.exit_code == 2
    assert message in done.stderr
    assert not (folder / "compare.csv").exists()


def test_rounding_is_no_interval(folder):
    """Where all answers are as accurate, sums of it differ in the last of sixteen digits."""
    result = Result.open(folder)
    third = 0.776 + 1e-16 * np.array([-1.0, 0.0, 1.0])
    ends = dict(zip(("accuracy_low", "accuracy", "accuracy_high"), third, strict=True))
    tables = {**result.tables, "summary": result.summary().assign(**ends)}
    alike = dataclasses.replace(result, tables=tables)
    text = compared.as_text(strag_sim.compare(alike, accuracy=0.776), [])

    assert re.search(" 77.6 % ± 0.0  fastest$", text, re.MULTILINE)


def test_no_result(tmp_path):
    """A folder without a result, and a result without a second policy."""
    done = called(tmp_path)
    assert done.exit_code == 2
    assert "no result here" in done.stderr

    keys = {**KEYS, "policies": KEYS["policies"][:1]}
    strag_sim.simulate(strag_sim.load(keys)).save(tmp_path / "alone")
    done = called(tmp_path / "alone")
    assert done.exit_code == 2
    assert "nothing to compare with: 'none' is the only policy" in done.stderr
