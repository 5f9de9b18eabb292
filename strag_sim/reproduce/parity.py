"""Parity models against equal resources, as their authors measured them.

Kosaian, Rashmi and Venkataraman, "Parity Models: Erasure-Coded Resilience for Prediction Serving
Systems", SOSP 2019 (arXiv:1905.00863); their code, blog and talk.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from strag_sim.reproduce.claims import Claim, Finding, Reproduction
from strag_sim.reproduce.parity_cells import (
    CELLS,
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
from strag_sim.reproduce.parity_search import as_setting, nearest, searched
from strag_sim.reproduce.parity_texts import ABOUT, TITLE, conditions
from strag_sim.statistics.paired import Paired

# By the label of a setting.
Found = Mapping[str, Mapping[Cell, Measured]]


def parity(
    *, runs: int | None = None, jobs: int | None = None, tell: Callable[[str], None]
) -> Reproduction:
    """Simulate ParM and Equal-Resources under readings of the contention; see `reproduce`."""
    again = {} if runs is None else {"runs": runs}
    search = searched(again, jobs, tell)
    settings = (*SETTINGS, as_setting(nearest(search)))
    found = {of.label: simulated(of, again, jobs, tell) for of in settings}
    cells = table(found)
    return Reproduction(
        name="parity",
        title=TITLE,
        about=ABOUT,
        findings=tuple(findings(found)),
        conditions=conditions(cells, search),
        draw=partial(drawn, cells),
        caption=CAPTION,
        tables={"cells": cells, "search": search},
    )


def simulated(
    setting: Setting, again: Mapping[str, Any], jobs: int | None, tell: Callable[[str], None]
) -> dict[Cell, Measured]:
    """Return what is measured under a setting in each cell; ``again`` replaces further values."""
    found = {}
    for cell in CELLS:
        tell(f"parity: {setting.label}, {cell.rate}/s, k = {cell.k}, {cell.shuffles} shuffles")
        found[cell] = measured(setting.scenario, {**setting.overrides(cell), **again}, jobs)
    return found


def findings(found: Found) -> Iterator[Finding]:
    """Yield what is found of each claim under each setting, claim after claim."""
    for name, claim in ratios().items():
        for setting, cells in found.items():
            yield _finding(claim, setting, ratio(cells[Cell()], name))
    for name, claim in largest().items():
        for setting, cells in found.items():
            most = max((ratio(of, name) for of in cells.values()), key=lambda pair: pair.ratio)
            yield _finding(claim, setting, most)
    for claim, more, less in _directions():
        for setting, cells in found.items():
            yield _finding(claim, setting, growth(cells[more], cells[less], "gap"))


def table(found: Found) -> pd.DataFrame:
    """Return one row a setting, cell and measure: times in seconds, and equal over parity."""
    rows = []
    for setting, cells in found.items():
        for cell, of in cells.items():
            for name in NAMES:
                pair = ratio(of, name)
                times = {label.replace(" ", "_"): of[label][name].pooled for label in of}
                rows.append(
                    {
                        "setting": setting,
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


def _directions() -> Iterator[tuple[Claim, Cell, Cell]]:
    """Yield claims of a direction: in the first cell parity reduces the gap more."""
    yield direction("k = 2 over k = 3", "Fig. 10"), Cell(k=2), Cell(k=3)
    yield direction("k = 3 over k = 4", "Fig. 10"), Cell(k=3), Cell(k=4)
    yield direction("5 over 2 shuffles", "Fig. 11"), Cell(shuffles=5), Cell(shuffles=2)


def _finding(claim: Claim, setting: str, pair: Paired) -> Finding:
    """Return a ratio as what is found of a claim."""
    between = pair.ratio_interval
    return Finding(
        claim=claim, setting=setting, value=pair.ratio, low=between.low, high=between.high
    )
