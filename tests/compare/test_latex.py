"""The LaTeX table: its structure, its numbers, and texts of users that LaTeX would stumble over."""

import re

import pytest

import strag_sim
from strag_sim.compare.latex import booktabs
from strag_sim.compare.signs import escaped
from strag_sim.results.concise import concise
from strag_sim.results.sheet import Sheet

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

    assert lines[0] == r"\begin{table*}"
    assert lines[-1] == r"\end{table*}"
    rules = [line for line in lines if re.fullmatch(r"\\[a-z]+rule", line)]
    assert rules == [r"\toprule", r"\midrule", r"\bottomrule"]
    columns = re.search(r"\\begin\{tabular\}\{(.*?)\}", text)[1]
    rows = rows_of(text)
    assert columns == "lrrr"
    assert {len(row) for row in rows} == {len(columns)}
    assert rows[0] == ["", "none", escaped(NASTY), "same"]
    measures = ["mean", "std", "variance", "p50", "p95", "p99", "p99.9", "cost"]
    assert [row[0] for row in rows[1:]] == measures  # the accuracy is not known, and left out
    assert text.count("{") == text.count("}")


def test_numbers(comparison):
    """The baseline is in units; then ratios with half their intervals, bold where told apart."""
    mean = comparison.table().set_index(["label", "measure"]).loc[NASTY, "mean"]
    _, first, _, variance, *_ = rows_of(comparison.latex())

    assert re.fullmatch(r"\d+ \$\\mu\$s", first[1])
    assert variance[1].endswith(r" ms\textsuperscript{2}")
    ratio = re.fullmatch(r"\\textbf\{(.*)\}", first[2])[1]
    assert ratio == concise(mean["ratio"], mean["ratio_low"], mean["ratio_high"])
    assert first[3] == "1(0)"  # equal: not bold


def test_what_has_no_room_in_a_column_takes_the_page():
    """Short labels fit a column of a paper, long ones both, more of them in smaller print; the
    longest are rows."""

    def latex(*labels):
        policies = [{"kind": "none", "label": label} for label in labels]
        keys = {**KEYS, "policies": policies, "requests": 50}
        return strag_sim.compare(strag_sim.simulate(strag_sim.load(keys))).latex()

    short = latex("a", "b")
    assert r"\begin{table}" in short
    assert r"\end{table}" in short
    wide = latex("a policy of many words", "another of them", "third")
    assert r"\begin{table*}" in wide
    assert r"\end{table*}" in wide
    assert "tabcolsep" not in wide
    assert r"\small\setlength{\tabcolsep}{4pt}" in latex(*(f"policy {i}" for i in range(9)))
    nine = latex(*(f"policies {i}" for i in range(9)))
    assert r"\footnotesize\setlength{\tabcolsep}{3pt}" in nine
    turned = rows_of(latex(*(f"a policy of many words, {i}" for i in range(9))))
    assert turned[0][:3] == ["", "mean", "std"]
    assert turned[1][0] == "a policy of many words, 0"


def test_escaping():
    """Every sign that means something to LaTeX is printed as it is."""
    assert escaped(NASTY) == (
        r"50\% \& \{x\_1\} \#2 \textasciitilde{}\textbackslash{}\$\textasciicircum{}"
    )
    assert escaped("hedge p95") == "hedge p95"
    assert escaped("[a] *b* <c|d> `e`") == (
        r"{[}a] {*}b{*} $<$c$|$d$>$ \textasciigrave{}e\textasciigrave{}"
    )
    assert escaped("a--b---c -d–e") == "a-{}-b-{}-{}-c -d--e"
    assert escaped("12 µs ± 5 % × 10⁻³ ≥ λ") == (
        r"12 $\mu$s $\pm$ 5\,\% $\times$ 10\textsuperscript{$-$}\textsuperscript{3} $\geq$ "
        r"$\lambda$"
    )
    assert escaped("two\n\n lines") == "two lines"
    assert escaped("größer, naïve") == "größer, naïve"


def test_letters_without_a_font_are_told():
    """In a comment, for pdflatex stops at them."""
    sheet = Sheet(heads=("", "é µ", "日"), rows=())

    assert "% pdflatex does not know 日: take xelatex" in booktabs(sheet)


def test_what_is_missing():
    """A dash where a policy is unstable, and why; with one run there are no intervals."""
    busy = {**KEYS, "arrivals": {"kind": "poisson", "rate": 5000}, "requests": 10_000}
    unstable = strag_sim.compare(strag_sim.simulate(strag_sim.load({**busy, "runs": 2}))).latex()
    alone = strag_sim.compare(strag_sim.simulate(strag_sim.load({**KEYS, "runs": 1}))).latex()

    assert r"mean & -- & -- & -- \\" in unstable
    assert "--: unstable, requests arrive faster than they are answered (none, " in unstable
    assert "nan" not in (unstable + alone).lower()
    assert "(0)" not in alone
    assert "textbf" not in alone


def test_the_caption_says_what_is_compared_and_how(comparison):
    """The baseline and the method; what is to be known stands in comments."""
    text = strag_sim.compare(
        strag_sim.simulate(strag_sim.load(KEYS)), baseline=NASTY, method="sectioning"
    ).latex()

    assert f"Ratios to {escaped(NASTY)}, whose own values are given" in text
    assert "over runs (sectioning)" in text
    assert "5 runs of 500 requests a policy" in text
    assert "(Student's t of log ratios)" in comparison.latex()
    assert all(f"% {note}" in comparison.latex().splitlines() for note in comparison.notes)


def test_one_run_has_no_intervals():
    """Nor parentheses for them."""
    text = strag_sim.compare(strag_sim.simulate(strag_sim.load({**KEYS, "runs": 1}))).latex()

    assert "One run has no intervals." in text
    assert "parentheses" not in text
    assert all(re.fullmatch(r"[\d.]+", row[2]) for row in rows_of(text)[1:])
