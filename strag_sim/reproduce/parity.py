"""Parity models against equal resources, as their authors measured them.

Kosaian, Rashmi and Venkataraman, "Parity Models: Erasure-Coded Resilience for Prediction Serving
Systems", SOSP 2019 (arXiv:1905.00863); their code, blog and talk.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from strag_sim.reproduce.claims import Claim, Finding, Reproduction
from strag_sim.reproduce.parity_cells import (
    CELLS,
    PAIRS,
    SETTINGS,
    Cell,
    Measured,
    Setting,
    growth,
    measured,
    ratio,
)
from strag_sim.reproduce.parity_claims import NAMES, direction, largest, ratios
from strag_sim.reproduce.parity_figure import CAPTION, drawn
from strag_sim.reproduce.parity_search import as_setting, longer, nearest, searched
from strag_sim.reproduce.parity_texts import ABOUT, TITLE, conditions
from strag_sim.statistics.paired import Paired

EXTREMES = (Cell(shuffles=5), Cell(shuffles=2))  # of Fig. 11
# What is measured under each setting, in cells.
Found = Sequence[tuple[Setting, Mapping[Cell, Measured]]]


def parity(
    *, runs: int | None = None, jobs: int | None = None, tell: Callable[[str], None]
) -> Reproduction:
    """Simulate ParM and Equal-Resources under readings of the contention; see `reproduce`."""
    again = {} if runs is None else {"runs": runs}
    search = searched(again, jobs, tell)
    best = nearest(search).iloc[0].to_dict()
    settings = (*SETTINGS, as_setting(best))
    found = [(setting, simulated(setting, CELLS, again, jobs, tell)) for setting in settings]
    asides = [(PAIRS, PAIRS.usual), *((longer(best, cell), cell) for cell in EXTREMES)]
    beside = [(of, simulated(of, [cell], again, jobs, tell)) for of, cell in asides]
    cells = table([*found, *beside])
    return Reproduction(
        name="parity",
        title=TITLE,
        about=ABOUT,
        findings=tuple(findings(found)),
        conditions=conditions(cells, search),
        draw=partial(drawn, cells),
        caption=CAPTION,
        tables={"cells": _rounded(cells), "search": _rounded(search)},
    )


def simulated(
    setting: Setting,
    cells: Iterable[Cell],
    again: Mapping[str, Any],
    jobs: int | None,
    tell: Callable[[str], None],
) -> dict[Cell, Measured]:
    """Return what is measured under a setting in each cell; ``again`` replaces further values."""
    found = {}
    for cell in cells:
        tell(f"parity: {setting.label}, {cell.rate}/s, k = {cell.k}, {cell.shuffles} shuffles")
        found[cell] = measured(setting.scenario, {**setting.overrides(cell), **again}, jobs)
    return found


def findings(found: Found) -> Iterator[Finding]:
    """Yield what is found of each claim under each setting, claim after claim."""
    for name, claim in ratios().items():
        for setting, cells in found:
            yield _finding(claim, setting.label, ratio(cells[setting.usual], name))
    for name, claim in largest().items():
        for setting, cells in found:
            most = max((ratio(of, name) for of in cells.values()), key=lambda pair: pair.ratio)
            yield _finding(claim, setting.label, most)
    for name, claim, more, less in _directions():
        for setting, cells in found:
            yield _finding(claim, setting.label, growth(cells[more], cells[less], name))


def table(found: Found) -> pd.DataFrame:
    """Return one row a setting, cell and measure: times in seconds, and equal over parity."""
    rows = []
    for setting, cells in found:
        for cell, of in cells.items():
            for name in NAMES:
                pair = ratio(of, name)
                times = {label.replace(" ", "_"): of[label][name].pooled for label in of}
                rows.append(
                    {
                        "setting": setting.label,
                        "rate": cell.rate,
                        "k": cell.k,
                        "shuffles": cell.shuffles,
                        "workers": cell.workers,
                        "measure": name,
                        **times,
                        "ratio": pair.ratio,
                        "low": pair.ratio_interval.low,
                        "high": pair.ratio_interval.high,
                    }
                )
    return pd.DataFrame(rows)


def _rounded(of: pd.DataFrame) -> pd.DataFrame:
    """Return a table with numbers of six digits, more than their intervals leave."""
    return of.map(lambda value: float(f"{value:.6g}") if isinstance(value, float) else value)


def _directions() -> Iterator[tuple[str, Claim, Cell, Cell]]:
    """Yield a measure and the claim that parity reduces it more in the first cell."""
    for more, less in ((2, 3), (3, 4)):
        claim = direction("gap", f"k = {more} over k = {less}", "Fig. 10")
        yield "gap", claim, Cell(k=more), Cell(k=less)
    for name in ("p999", "gap"):
        claim = direction(name, "5 over 2 shuffles", "Fig. 11")
        yield name, claim, *EXTREMES


def _finding(claim: Claim, setting: str, pair: Paired) -> Finding:
    """Return a ratio as what is found of a claim."""
    between = pair.ratio_interval
    return Finding(
        claim=claim, setting=setting, value=pair.ratio, low=between.low, high=between.high
    )
