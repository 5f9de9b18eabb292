"""What notebooks show: tables in HTML that is well formed, escaped, and quick."""

import subprocess
import sys
import xml.etree.ElementTree as ET

from swept import TINY
from tables_by_hand import made

import strag_sim
from strag_sim.results.notebook import MOST, as_html
from strag_sim.results.sheet import Cell, Sheet
from strag_sim.sweep import Swept
from strag_sim.sweep.swept import Failure

NASTY = "<b>&\"'|"


def read(html):
    """Return the cells of the table in each row, and the texts of the paragraphs below."""
    root = ET.fromstring(html)
    rows = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    return rows, ["".join(each.itertext()) for each in root.findall("div")]


def test_result():
    """The summary with units and intervals, how much was simulated, and the notes."""
    result = made({NASTY: {"p99": [0.5, 0.51, 0.49]}, "b": {"p99": [1.0, 1.1, 1.2]}})
    known = {**result.provenance, "notes": ["a < b"]}
    result = strag_sim.Result(tables=result.tables, scenario="", provenance=known)

    rows, below = read(result._repr_html_())

    assert rows[0] == ["policy", *(f"{n} (s)" for n in ("mean", "p50"))] + [
        "p99 (ms)",
        "p99.9 (s)",
        "variance (s²)",
        "cost (s)",
    ]
    assert [row[0] for row in rows[1:]] == [NASTY, "b"]
    assert rows[1][3] == "500(25)"
    assert "no p99.9" in below[0]
    assert below[1].startswith("3 runs of 1,000 requests a policy. In parentheses half of each 95")
    assert below[2] == "a < b"


def test_comparison():
    """Ratios, bold where policies are told apart."""
    keys = {
        "runs": 3,
        "requests": 500,
        "arrivals": {"kind": "poisson", "offered_load": 0.5},
        "service": {"kind": "exponential", "mean": "10 ms"},
        "workers": {"count": 4},
        "policies": [{"kind": "none"}, {"kind": "none", "label": NASTY, "workers": {"count": 8}}],
    }
    html = strag_sim.compare(strag_sim.simulate(strag_sim.load(keys)))._repr_html_()
    rows, below = read(html)

    assert rows[0] == ["", "none", NASTY]
    assert [row[0] for row in rows[1:3]] == ["mean", "std"]
    assert "<b>0." in html
    assert below[0].startswith("Ratios to none, whose own values are given.")


def test_sweep(tmp_path):
    """Its cells, what is missing and what failed; before any cell is done, that."""
    swept = strag_sim.sweep(TINY, output=tmp_path / "sweep")
    rows, below = read(swept._repr_html_())
    assert rows[0][:3] == ["offered_load", "count", "policy"]
    assert len(rows) == 13
    assert below == [below[0]]

    half = {**swept.status, "done": 4, "failed": 1}
    failure = Failure(2, {"workers.count": 4}, "no <room>")
    broken = Swept(swept.folder, swept.about, half, (failure,))
    assert read(broken._repr_html_())[1][1:] == [
        "1 of 6 cells are not simulated yet",
        "cell 2 (workers.count=4): no <room>",
    ]
    (swept.folder / "cells.parquet").unlink()
    assert "no cell of this sweep is done yet" in swept._repr_html_()


def test_confidence_of_a_sweep(tmp_path):
    """That of its scenario; none where it is swept over."""
    one = strag_sim.sweep({**TINY, "confidence": 0.9}, output=tmp_path / "one")
    several = strag_sim.sweep(
        {**TINY, "sweep": {"confidence": [0.8, 0.9]}}, output=tmp_path / "several"
    )

    assert one.confidence == 0.9
    assert several.confidence is None
    assert "half of each confidence interval" in several._repr_html_()


def test_long_tables_are_cut():
    """Of thousands of rows the first are shown, and how many more there are."""
    sheet = Sheet(heads=("a",), rows=tuple((Cell(str(i)),) for i in range(MOST + 1200)))
    rows, below = read(as_html(sheet))

    assert len(rows) == 1 + MOST
    assert below == ["... and 1,200 more rows"]


def test_nothing_heavy_is_imported(tmp_path):
    """To show an opened result needs no library but those that opened it."""
    keys = {**TINY, "runs": 2}
    del keys["sweep"]
    folder = strag_sim.simulate(strag_sim.load(keys)).save(tmp_path / "r")
    program = (
        "import sys, strag_sim; r = strag_sim.Result.open(sys.argv[1]); "
        "before = set(sys.modules); r._repr_html_(); "
        "print(*(m for m in sys.modules if m not in before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True
    )

    new = {name.partition(".")[0] for name in done.stdout.split()}
    assert new - set(sys.stdlib_module_names) <= {"strag_sim", "pandas"}
