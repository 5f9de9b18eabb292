"""Coded classification (Tang, Agrawal, Stanczak and Zhu, arXiv:2307.04915): claims, what holds.

The abstract was at hand, the text was not: all settings are ours.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from strag_sim.accuracies import read_accuracy
from strag_sim.plots.legend import legend_above
from strag_sim.plots.marks import faint
from strag_sim.reproduce import coded_claims as claims
from strag_sim.reproduce import coded_designs, coded_schemes
from strag_sim.reproduce.claims import Finding, Reproduction
from strag_sim.reproduce.coded_sets import (
    DESIGNS,
    LEARNED,
    NO_CODE,
    SUMMED_OF_EIGHT,
    THRESHOLDS,
    at,
    measured,
    of_eight,
    simulated,
)
from strag_sim.reproduce.coded_texts import ABOUT, CAPTION, conditions, percent
from strag_sim.results import Result

# Tables of our own models on digits that the page is about.
TABLES = (
    *(f"lagrange-{code}" for code in ("2-3", "4-5", "4-6", "8-10")),
    *(f"lagrange-4-6-stage-{stages}" for stages in (1, 2, 3)),
    *("naive-4-5", "berrut-4-5", "berrut-8-9", "polynomial-2-4-9"),
    *(f"parity-sum-{inputs}" for inputs in (2, 3, 4)),
    *("parity-concatenation-4", "collage-2"),
)


# The scenarios, and what is put in place of their own values; named after the scenario.
SETS: dict[str, dict[str, Any]] = {
    "any_r": {},
    "designs": {},
    "schemes": {},
    "groups_of_eight": {},
    "groups_of_eight on digits": {
        "accuracy": 0.99533,
        "policies.1.accuracy": "digits-berrut-8-9",
        "policies.2.accuracy": SUMMED_OF_EIGHT,
    },
}


def coded(
    *, runs: int | None = None, jobs: int | None = None, tell: Callable[[str], None]
) -> Reproduction:
    """Simulate coded classification, and hold what is found against the abstract."""
    results = {}
    for name, overrides in SETS.items():
        tell(f"coded: {name}")
        results[name] = simulated(name.split()[0], runs, jobs, overrides)
    tell("coded: search over schemes")
    schemes = coded_schemes.searched(runs, jobs)
    designs = coded_designs.searched(runs, jobs, tell)
    accuracies = accuracy_table()
    points = measured(results["designs"])
    return Reproduction(
        name="coded",
        title="Coded classification: claims of Tang et al. beside what is simulated",
        about=ABOUT,
        findings=findings(results),
        conditions=conditions(
            accuracies, designs, schemes, {name: measured(each) for name, each in results.items()}
        ),
        draw=partial(draw, points),
        caption=CAPTION,
        tables={
            "thresholds": points,
            "schemes": measured(results["schemes"]),
            "groups_of_eight": measured(results["groups_of_eight"]),
            "accuracies": accuracies,
            "search_designs": designs,
            "search_schemes": schemes,
        },
    )


def findings(results: dict[str, Result]) -> tuple[Finding, ...]:
    """Return what is found of every claim, in the order of the page."""
    others = [label for label in results["schemes"].labels if label not in ("none", LEARNED)]
    four = read_accuracy("digits-berrut-4-5"), read_accuracy("digits-parity-sum-4")
    eight = read_accuracy("digits-berrut-8-9"), of_eight()
    return (
        *claims.any_of(results["any_r"]),
        *claims.tunable(results["designs"]),
        *claims.accurate(),
        *claims.designs(results["designs"]),
        *claims.superior(results["schemes"], others),
        claims.recovered("digits", eight),
        claims.recovered("digits", four),
        claims.overall("CIFAR-10 (published)", results["groups_of_eight"]),
        claims.overall("digits", results["groups_of_eight on digits"]),
    )


def accuracy_table() -> pd.DataFrame:
    """Return one row a code and number of results: the accuracy, its interval, the worst set's."""
    rows = []
    for table in (*(read_accuracy(f"digits-{name}") for name in TABLES), of_eight()):
        for entry in table.numbers:
            spread = table.spread(entry.returned)
            rows.append(
                {
                    "table": table.name,
                    "K": table.inputs,
                    "N": table.tasks,
                    "returned": entry.returned,
                    "accuracy": entry.value,
                    "low": entry.low,
                    "high": entry.high,
                    "worst set": spread[0] if spread else entry.value,
                    "alone": table.uncoded.value if table.uncoded else None,
                }
            )
    return pd.DataFrame(rows)


def draw(points: pd.DataFrame, ax: Axes) -> Axes:
    """Draw p99 against R for each design, with the accuracy above, and p99 without a code."""
    rows = points.set_index("label")
    milliseconds = 1e3 * rows[["p99", "p99_low", "p99_high"]]
    for design, line, mark in zip(DESIGNS, ("-", "--", ":"), "osD", strict=True):
        them = milliseconds.loc[[at(design, r) for r in THRESHOLDS]]
        middle = them["p99"].to_numpy()
        ends = [middle - them["p99_low"].to_numpy(), them["p99_high"].to_numpy() - middle]
        ax.errorbar(
            THRESHOLDS,
            middle,
            ends,
            linestyle=line,
            marker=mark,
            markersize=3.5,
            capsize=2,
            label=f"encoded by {design}",
        )
    ax.axhline(milliseconds["p99"][NO_CODE], color=faint(), linewidth=0.8, label="no code")
    top = 1.22 * milliseconds["p99_high"].max()
    for r in THRESHOLDS:
        text = percent(rows["accuracy"][at(DESIGNS[0], r)])
        ax.annotate(text, (r, top), (0, -2), "data", "offset points", ha="center", va="top")
    ax.grid(visible=False, axis="x")
    ax.set_xticks(THRESHOLDS)
    ax.set_xlim(THRESHOLDS[0] - 0.35, THRESHOLDS[-1] + 0.35)
    ax.set_ylim(0, top)
    ax.set_xlabel("results waited for, R of 6 (above: accuracy on digits)")
    ax.set_ylabel("p99 of response / ms")
    legend_above(ax)
    return ax
