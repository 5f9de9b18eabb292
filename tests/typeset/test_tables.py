"""Tables of results: units, digits, what is bold, and what they say of what is missing."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from swept import TINY
from tables_by_hand import made

import strag_sim
from strag_sim.compare.signs import escaped as in_latex
from strag_sim.errors import ResultError
from strag_sim.sweep import Swept
from strag_sim.typeset import table
from strag_sim.typeset.markdown import escaped

KEYS = {
    "runs": 5,
    "requests": 500,
    "warm_up": 50,
    "arrivals": {"kind": "poisson", "rate": 1000},
    "service": {"kind": "exponential", "mean": "250 us"},
    "workers": {"count": 1},
    "policies": [{"kind": "none"}, {"kind": "none", "label": "two", "workers": {"count": 2}}],
}
WAVE = np.array([-0.01, 0.01, -0.01, 0.01])


def simulated(**keys):
    """Return the result of a small scenario."""
    return strag_sim.simulate(strag_sim.load({**KEYS, **keys}))


def grid(text):
    """Return the cells of a table in Markdown, its heads first."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in (lines[0], *lines[2:])]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return a sweep of six cells."""
    folder = tmp_path_factory.mktemp("sweep") / "tiny"
    strag_sim.sweep(TINY, output=folder)
    return Swept.open(folder)


def test_markdown():
    """A unit a column, digits as intervals leave them, the surely best bold; what it is of."""
    result = made({"a": {"p99": 0.5 + WAVE, "cost": 0.02 + WAVE}, "b": {"p99": 1.5 + 2 * WAVE}})
    text = table(result, columns=["p99", "cost"])

    # Half of p99's interval: 3.182 x 0.01155 / 2 = 0.0184 s, which leads with a 1; of b 0.037.
    assert grid(text) == [
        ["policy", "p99 (ms)", "cost (ms)"],
        ["a", "**500(18)**", "20(18)"],
        ["b", "1500(37)", "–"],
    ]
    assert text.splitlines()[1] == "| :-- | --: | --: |"
    assert "4 runs of 1,000 requests a policy." in text
    assert "half of each 95 % confidence interval over runs" in text
    assert "Bold: lowest, told apart from every other policy that has a number, by paired" in text
    assert "–: no cost (b)." in text


def test_latex_is_the_same_table():
    """With the caption, and what is to be known below it."""
    text = table(simulated(), format="latex", columns=["mean", "p99"])

    assert r"policy & mean ($\mu$s) & p99 (ms) \\" in text
    assert r"\caption{5 runs of 500 requests a policy, after 50 of warm-up. In paren" in text
    assert r"95\,\% confidence" in text
    assert re.search(r"^two & \\textbf\{\d+\(\d+\)\} & ", text, re.MULTILINE)
    assert r"\begin{tabular}{lrr}" in text


def test_csv_has_all_digits():
    """In seconds, as the summary has them, with the ends of intervals."""
    result = simulated()
    read = pd.read_csv(io.StringIO(table(result, format="csv", columns=["p99", "runs"])))

    expected = result.summary()[["label", "p99", "p99_low", "p99_high", "runs"]]
    pd.testing.assert_frame_equal(read, expected, check_exact=True, check_dtype=False)


def test_the_usual_columns():
    """Accuracy and the SLO only where they are known."""
    plain, with_slo = table(simulated()), table(simulated(slo="1 ms"))

    heads = ["policy", "mean", "p50", "p99", "p99.9", "variance", "cost"]
    assert [head.partition(" (")[0] for head in grid(plain)[0]] == heads
    assert grid(with_slo)[0][-1] == "SLO met (%)"
    assert "Bold: lowest (SLO met: highest)" in with_slo


def test_columns_that_are_no_estimates():
    """Counts, texts and switches are told as they are."""
    text = table(simulated(), columns=["policy", "requests", "stable", "quantile_method", "max"])

    assert grid(text)[1][:-1] == ["none", "none", "500", "–", "exact"]
    assert "whether queues keep up is not judged (none, two)." in text
    assert "(" not in grid(text)[1][-1]


def test_one_run():
    """No intervals, nothing bold, three digits."""
    text = table(simulated(runs=1))

    assert all(re.fullmatch(r"[\d.]+", cell) for line in grid(text)[1:] for cell in line[1:])
    assert all(len(cell.replace(".", "").lstrip("0")) == 3 for cell in grid(text)[1][1:])
    assert "1 run of 500 requests a policy, after 50 of warm-up. One run has no intervals." in text
    assert "**" not in text
    assert "Bold" not in text


def test_one_policy():
    """Is the best of none."""
    text = table(simulated(policies=[{"kind": "none"}]))

    assert len(grid(text)) == 2
    assert "**" not in text
    assert "bold" not in text.lower()


@pytest.mark.parametrize("form", ["markdown", "latex"])
def test_unstable_policies(form):
    """Dashes and their reason, also where all are; the cost is known all the same."""
    busy = {"arrivals": {"kind": "poisson", "rate": 10_000}, "requests": 10_000, "runs": 2}
    one = {"kind": "none", "label": "enough", "workers": {"count": 4}}
    some = table(simulated(**busy, policies=[{"kind": "none"}, one]), format=form)
    none = table(simulated(**busy), format=form)

    dash = "–" if form == "markdown" else "--"
    reason = f"{dash}: unstable, requests arrive faster than they are answered"
    assert f"{reason} (none)." in some
    assert f"{reason} (none, two)." in none
    assert "nan" not in (some + none).lower()
    line = next(
        line for line in none.splitlines() if "two" in line and "&|"[form[0] == "m"] in line
    )
    assert line.count(dash) == 5
    assert "(s" in none  # what has no number has a unit all the same


def test_oracles_are_never_the_best():
    """Their costs are missing for a reason."""
    text = table(simulated(policies=[*KEYS["policies"], {"kind": "oracle"}]))

    assert "**" not in grid(text)[3][1]
    assert grid(text)[2][1].startswith("**")
    assert "–: a bound, which runs on no workers (oracle)." in text
    assert "every other policy that has a number, bounds (oracles) apart" in text


def test_labels_with_special_characters():
    """Are shown as they are, and part no cells."""
    nasty = r"50% & {x_1} | #2 *b* [c] <d> `e` \f $g$"
    result = simulated(policies=[{"kind": "none", "label": nasty}, {"kind": "none"}])
    text, latex = table(result), table(result, format="latex")

    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {8}
    assert escaped(nasty) == r"50% \& {x\_1} \| \#2 \*b\* \[c\] \<d\> \`e\` \\f \$g\$"
    assert escaped(nasty) in text
    assert in_latex(nasty) in latex


def test_nine_policies():
    """Take the width of the page."""
    policies = [{"kind": "none", "label": f"policy {n}"} for n in range(9)]
    result = simulated(policies=policies)

    assert r"\begin{table*}" in table(result, format="latex")
    assert r"\begin{table*}" in table(result, "comparison", format="latex")
    assert r"\begin{table}" in table(result, format="latex", columns=["p99"])
    assert len(grid(table(result))) == 10


def test_intervals_of_no_width_and_sizes_far_apart():
    """What is the same in every run, and numbers of any size."""
    result = made(
        {
            "same": {"p99": [0.25] * 4, "cost": [0.0] * 4},
            "tiny": {"p99": 1e-7 * (1 + WAVE), "cost": [1e-9] * 4},
            "huge": {"p99": 1e6 * (1 + WAVE), "cost": 1e3 * (1 + WAVE)},
        }
    )

    assert [line[1] for line in grid(table(result, columns=["p99"]))] == [
        "p99 (ms)",
        "250(0)",
        "**1.000(18)×10⁻⁴**",
        "1.000(18)×10⁹",
    ]
    assert grid(table(result, columns=["cost"]))[1][1] == "**0(0)**"


def test_comparison():
    """Ratios to the baseline, of all measures or of some."""
    result = simulated()
    text = table(result, "comparison", baseline="two", columns=["p99", "cost"])
    compared = strag_sim.compare(result, baseline="two")
    csv = pd.read_csv(io.StringIO(table(result, "comparison", format="csv", columns=["p99"])))

    assert [line[0] for line in grid(text)] == ["", "p99", "cost"]
    assert grid(text)[0][1:] == ["two", "none"]
    assert grid(text)[2][2] == "1(0)"
    assert "Ratios to two, whose own values are given. 5 runs of 500 requests a policy" in text
    assert table(result, "comparison", baseline="two", format="latex") == compared.latex()
    assert csv["measure"].tolist() == ["p99"]
    assert {"ratio_low", "ratio_high", "p_holm", "verdict"} <= set(csv)


def test_sweeps(swept):
    """A row a cell and policy, with what was swept; nothing bold, and no comparison."""
    text = table(swept, columns=["p99", "cost"])
    csv = pd.read_csv(io.StringIO(table(swept, format="csv", columns=["p99"])))

    assert grid(text)[0] == [
        "offered_load".replace("_", r"\_"),
        "count",
        "policy",
        "p99 (ms)",
        "cost (ms)",
    ]
    assert [line[:3] for line in grid(text)[1:4]] == [
        ["0.2", "4", "none"],
        ["0.2", "4", "replication 2"],
        ["0.2", "8", "none"],
    ]
    assert len(grid(text)) == 13
    assert "6 cells of 3 runs of 200 requests a policy. In parentheses half of each 95 %" in text
    assert "**" not in text
    assert list(csv)[:3] == ["arrivals.offered_load", "workers.count", "label"]
    with pytest.raises(ResultError, match="is a sweep, of which there is no comparison"):
        table(swept, "comparison")


def test_notes_come_along():
    """Below a table in Markdown, as comments in LaTeX."""
    result = made({"a": {"p99": [1.0, 2.0]}})
    told = strag_sim.Result(
        tables=result.tables, scenario="", provenance={"confidence": 0.95, "notes": ["Runs: 2 few"]}
    )

    assert table(told).endswith("\n\n- Runs: 2 few\n")
    assert "\n% Runs: 2 few\n" in table(told, format="latex")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"of": "ratios"}, "of: 'ratios' is not allowed; it must be summary, comparison"),
        ({"format": "html"}, "format: 'html' is not allowed; it must be markdown, latex, csv"),
        ({"columns": ["p98"]}, r"'p98': no such column; there are .*p99.*did you mean 'p9[95]'"),
        ({"columns": ["p99_low"]}, "'p99_low': no such column"),
        ({"of": "comparison", "columns": ["wasted"]}, "'wasted': no such column; there are mean"),
        ({"baseline": "a"}, "baseline: a summary has none"),
        ({"of": "comparison", "baseline": "c"}, "'c': no such policy; there are a, b"),
    ],
)
def test_wrong_input(keys, message):
    """Messages say what there is."""
    result = made({"a": {"p99": [1.0, 2.0]}, "b": {"p99": [1.0, 2.0]}})

    with pytest.raises(ResultError, match=message):
        table(result, **keys)
