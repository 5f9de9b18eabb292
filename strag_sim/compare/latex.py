"""A comparison as a LaTeX table with the rules of booktabs, for a paper of two columns."""

import math
import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from strag_sim.compare.texts import NAMES, decimals, value
from strag_sim.compare.verdicts import HIGHER, LOWER, UNSTABLE

Row = Mapping[Hashable, Any]
# An accuracy, if one was asked for, and who is not shown to have it.
Short = tuple[float | None, frozenset[str]]
_METHODS = {
    "student": "Student's $t$ of log ratios",
    "sectioning": "sectioning",
    "bootstrap": "BCa bootstrap",
}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def as_latex(
    rows: pd.DataFrame,
    confidence: float,
    method: str,
    notes: Sequence[str] = (),
    short: Short = (None, frozenset()),
) -> str:
    """Return a table of ratios: a measure two lines, ratios and below them their intervals.

    The first column is the baseline's own values, then there is one a policy. Ratios whose verdict
    is lower or higher are bold. A measure that is known of no policy is left out. Up to two
    policies fit a column of a paper; more get the width of the page (table*). Policies that are
    not shown to have the accuracy that was asked for have a star.
    """
    known = rows[["value", "baseline_value"]].notna().any(axis=1)
    labels, baseline = list(dict.fromkeys(rows["label"])), str(rows["baseline"].iloc[0])
    lines = []
    for name in dict.fromkeys(rows["measure"][known]):
        of = rows[rows["measure"] == name].to_dict("records")
        lines += [[NAMES[name], _value(name, of[0]["baseline_value"]), *map(_ratio, of)]]
        if rows["runs"].iloc[0] > 1:
            lines += [["", "", *map(_interval, of)]]
    stars = [r"\textsuperscript{*}" * (name in short[1]) for name in (baseline, *labels)]
    names = map(escaped, (baseline, *labels))
    heads = ["", *(f"{name}{star}" for name, star in zip(names, stars, strict=True))]
    head, *others = (f"{' & '.join(line)} \\\\" for line in [heads, *lines])
    place = "table*" if len(labels) > 2 else "table"
    return "\n".join(
        [
            "% \\usepackage{booktabs}",
            *(f"% {note}" for note in notes),
            f"\\begin{{{place}}}",
            "\\centering",
            f"\\caption{{{_caption(rows, confidence, method)}{_starred(short)}}}",
            f"\\begin{{tabular}}{{lr{'r' * len(labels)}}}",
            *("\\toprule", head, "\\midrule", *others, "\\bottomrule"),
            "\\end{tabular}",
            f"\\end{{{place}}}\n",
        ]
    )


def escaped(text: str) -> str:
    """Return a text as LaTeX prints it."""
    return re.sub(r"[\\~^&%$#_{}]", lambda sign: _SPECIAL[sign[0]], text)


def _caption(rows: pd.DataFrame, confidence: float, method: str) -> str:
    """Return what the numbers are."""
    runs, baseline = int(rows["runs"].iloc[0]), escaped(str(rows["baseline"].iloc[0]))
    what = f"Ratios to {baseline}, whose own values are given"
    if runs == 1:
        return f"{what}, of one run."
    return (
        f"{what}, with paired {100 * confidence:.4g}\\,\\% confidence intervals over {runs} runs "
        f"({_METHODS[method]}). Bold: lower or higher, corrected for all tests of the table (Holm)."
    )


def _starred(short: Short) -> str:
    """Return what a star is; nothing where there is none."""
    least, labels = short
    if least is None or not labels:
        return ""
    return f" *: not shown to have an accuracy of at least {100 * least:.4g}\\,\\%."


def _value(measure: str, number: float) -> str:
    """Return a value of the baseline with its unit, kept together."""
    if math.isnan(number):
        return "--"
    amount, _, unit = value(measure, number).partition(" ")
    plain, square, _ = unit.partition("^2")
    sign = {"us": "$\\mu$s", "%": "\\%"}.get(plain, plain)
    return f"{amount}\\,{sign}" + ("\\textsuperscript{2}" if square else "")


def _ratio(row: Row) -> str:
    """Return a ratio, bold where policies are told apart."""
    if row["verdict"] == UNSTABLE:
        return UNSTABLE
    if pd.isna(row["ratio"]):
        return "--"
    digits = decimals(row["ratio_high"] - row["ratio_low"], row["ratio"])
    text = f"{row['ratio']:.{digits}f}"
    return f"\\textbf{{{text}}}" if row["verdict"] in (LOWER, HIGHER) else text


def _interval(row: Row) -> str:
    """Return the interval of a ratio in small print; nothing where there is none."""
    width = row["ratio_high"] - row["ratio_low"]
    if pd.isna(width):
        return ""
    digits = decimals(width, row["ratio"])
    return f"\\scriptsize {row['ratio_low']:.{digits}f}--{row['ratio_high']:.{digits}f}"
