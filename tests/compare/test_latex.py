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


def rows_of(text):
    """Return the cells of each line of the table."""
    lines = [line.removesuffix(r" \\") for line in text.splitlines() if line.endswith(r"\\")]
    return [re.split(r"(?<!\\) ?& ?", line) for line in lines]


def test_structure(comparison):
    """Begun and ended, rules in their order, as many cells in each line as columns."""
    text = comparison.latex()
    lines = [line for line in text.splitlines() if not line.startswith("%")]

    assert lines[0] == r"\begin{table}"
    assert lines[-1] == r"\end{table}"
    rules = [line for line in lines if re.fullmatch(r"\\[a-z]+rule", line)]
    assert rules == [r"\toprule", r"\midrule", r"\bottomrule"]
    columns = re.search(r"\\begin\{tabular\}\{(.*?)\}", text)[1]
    rows = rows_of(text)
    assert columns == "lrrr"
    assert {len(row) for row in rows} == {len(columns)}
    assert rows[0] == ["", "none", escaped(NASTY), "same"]
    measures = ["mean", "std", "variance", "p50", "p95", "p99", "p99.9", "cost"]
    assert [row[0] for row in rows[1::2]] == measures  # the accuracy is not known, and left out
    assert {row[0] for row in rows[2::2]} == {""}
    assert text.count("{") == text.count("}")


def test_numbers(comparison):
    """The baseline is in units; then ratios, bold where told apart, above their intervals."""
    mean = comparison.table().set_index(["label", "measure"]).loc[NASTY, "mean"]
    _, first, second, *others = rows_of(comparison.latex())

    assert re.fullmatch(r"\d+\\,\$\\mu\$s", first[1])
    assert others[2][1].endswith(r"$\mu$s\textsuperscript{2}")
    ratio = re.fullmatch(r"\\textbf\{(.*)\}", first[2])[1]
    assert float(ratio) == pytest.approx(mean["ratio"], abs=0.01)
    low, high = re.fullmatch(r"\\scriptsize (.*)--(.*)", second[2]).groups()
    assert float(low) == pytest.approx(mean["ratio_low"], abs=0.01)
    assert float(high) == pytest.approx(mean["ratio_high"], abs=0.01)
    assert first[3] == "1.00"  # equal: not bold


def test_more_policies_take_the_width_of_the_page():
    """Three beside the baseline are too many for a column."""
    keys = {**KEYS, "policies": [*KEYS["policies"], {"kind": "none", "label": "third"}]}
    text = strag_sim.compare(strag_sim.simulate(strag_sim.load(keys))).latex()

    assert r"\begin{table*}" in text
    assert r"\end{table*}" in text
    assert r"\begin{tabular}{lrrrr}" in text


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

    assert r"mean & -- & unstable & unstable \\" in unstable
    assert "nan" not in (unstable + alone).lower()
    assert "scriptsize" not in alone
    assert "textbf" not in alone


def test_the_caption_says_what_is_compared_and_how(comparison):
    """The baseline and the method; what is to be known stands in comments."""
    text = strag_sim.compare(
        strag_sim.simulate(strag_sim.load(KEYS)), baseline=NASTY, method="sectioning"
    ).latex()

    assert f"Ratios to {escaped(NASTY)}, whose own values are given" in text
    assert "over 5 runs (sectioning)" in text
    assert "(Student's $t$ of log ratios)" in comparison.latex()
    assert all(f"% {note}" in comparison.latex().splitlines() for note in comparison.notes)


def test_one_run_has_no_intervals():
    """Nor lines for them."""
    text = strag_sim.compare(strag_sim.simulate(strag_sim.load({**KEYS, "runs": 1}))).latex()

    assert "whose own values are given, of one run." in text
    assert "interval" not in text
    assert all(row[0] for row in rows_of(text)[1:])
