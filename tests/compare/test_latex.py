"""The LaTeX table: its structure, its numbers, and texts of users that LaTeX would stumble over."""

import re

import pytest

import strag_sim
from strag_sim.compare.latex import escaped

NASTY = r"50% & {x_1} #2 ~\$^"
KEYS = {
    "runs": 5,
    "requests": 500,
    "arrivals": {"kind": "poisson", "rate": 1000},
    "service": {"kind": "exponential", "mean": "250 us"},
    "workers": {"count": 1},
    "policies": [
        {"kind": "none"},
        {"kind": "none", "label": NASTY, "workers": {"count": 2}},
        {"kind": "none", "label": "same"},
    ],
}


@pytest.fixture(scope="module")
def comparison():
    """Return a comparison of three policies, one of them the same as the first."""
    return strag_sim.compare(strag_sim.simulate(strag_sim.load(KEYS)))


def test_structure(comparison):
    """Begun and ended, rules in their order, as many cells in each line as columns."""
    text = comparison.latex()
    lines = text.splitlines()

    assert lines[1] == r"\begin{table*}"
    assert lines[-1] == r"\end{table*}"
    rules = [line for line in lines if re.fullmatch(r"\\[a-z]+rule", line)]
    assert rules == [r"\toprule", r"\midrule", r"\midrule", r"\bottomrule"]
    columns = len(re.search(r"\\begin\{tabular\}\{(l.*?)\}", text)[1])
    rows = [line for line in lines if line.endswith(r"\\")]
    assert columns == 9  # the accuracy is not known, and left out
    assert len(rows) == 2 + 2 * 2
    assert {len(re.split(r"(?<!\\)&", row)) for row in rows} == {columns}
    assert text.count("{") == text.count("}")


def test_numbers(comparison):
    """The first line is in units; then ratios, bold where told apart, above their intervals."""
    table = comparison.table().set_index(["label", "measure"])
    mean = table.loc[NASTY, "mean"]
    lines = [
        re.split(r" (?<!\\)& ", line) for line in comparison.latex().splitlines() if "&" in line
    ]

    assert lines[0][:3] == ["policy", "mean", "std"]
    assert lines[1][0] == "none"
    assert re.fullmatch(r"\d+\\,\$\\mu\$s", lines[1][1])
    assert lines[1][3].endswith(r"$\mu$s\textsuperscript{2}")
    assert float(re.search(r"\\textbf\{(.*)\}", lines[2][1])[1]) == pytest.approx(
        mean["ratio"], abs=0.01
    )
    low, high = re.search(r"\\scriptsize (.*)--(.*)", lines[3][1]).groups()
    assert float(low) == pytest.approx(mean["ratio_low"], abs=0.01)
    assert float(high) == pytest.approx(mean["ratio_high"], abs=0.01)
    assert lines[4][:2] == ["same", "1.00"]  # equal: not bold


def test_escaping():
    """Every sign that means something to LaTeX is printed as it is."""
    assert escaped(NASTY) == (
        r"50\% \& \{x\_1\} \#2 \textasciitilde{}\textbackslash{}\$\textasciicircum{}"
    )
    assert escaped("hedge p95") == "hedge p95"


def test_what_is_missing():
    """An unstable policy is called so; with one run there are no intervals."""
    busy = {**KEYS, "arrivals": {"kind": "poisson", "rate": 5000}, "requests": 10_000}
    unstable = strag_sim.compare(strag_sim.simulate(strag_sim.load({**busy, "runs": 2}))).latex()
    alone = strag_sim.compare(strag_sim.simulate(strag_sim.load({**KEYS, "runs": 1}))).latex()

    assert "same & unstable & unstable" in unstable
    assert "nan" not in (unstable + alone).lower()
    assert "scriptsize" not in alone
    assert "textbf" not in alone
