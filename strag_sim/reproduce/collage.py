"""Collage inference: what its papers say of p99 and variation, beside what is simulated.

Narra, Lin, Ananthanarayanan, Avestimehr and Annavaram, "Collage Inference: Using Coded Redundancy
for Lowering Latency Variation in Distributed Image Classification Systems", ICDCS 2020
(arXiv:1904.12222); a first version of it (v1), and a workshop paper (arXiv:1906.03999).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from strag_sim.reproduce.claims import Claim, Finding, Reproduction
from strag_sim.reproduce.collage_claims import CLAIMS, RATIOS
from strag_sim.reproduce.collage_figure import CAPTION, draw
from strag_sim.reproduce.collage_ratios import ratios, spread_over_runs
from strag_sim.reproduce.collage_search import building, by_grid, search, with_building
from strag_sim.reproduce.collage_settings import CLOSED, GRIDS, Setting, settings
from strag_sim.reproduce.collage_text import about, conditions
from strag_sim.simulate import simulate
from strag_sim.statistics.paired import Method

# What the page's table holds: a baseline that resends where "The Tail at Scale" (Dean and Barroso,
# 2013) does, and a straggler as one that takes twice as long as the median.
BASELINE, RULE = "resend at p95", "collage at 2 medians"
IMAGE, GROUP = "image", "group"
WHERE = ("arrivals", "machines", "unit", "grid")
DIGITS = 3


def collage(
    *, runs: int | None = None, jobs: int | None = None, tell: Callable[[str], None] = print
) -> Reproduction:
    """Simulate collage inference and its baselines, and hold them against the papers' claims.

    Parameters
    ----------
    runs : int or None
        Runs of each setting; by default as many as its scenarios say.
    jobs : int or None
        Runs at a time; by default one a core.
    tell : callable
        Is told what is being simulated, a line each.
    """
    matrix, machines = simulated(settings(), GRIDS, runs, jobs, tell)
    searched = search(GRIDS, runs, jobs, tell)
    tables = {
        "matrix": matrix,
        "machines": machines,
        "search": searched.drop(columns=building(searched)),
        "building": with_building(by_grid(searched, GRIDS)),
    }
    return Reproduction(
        name="collage",
        title="Collage inference",
        about=about(BASELINE, RULE),
        findings=tuple(findings(matrix)),
        conditions=tuple(conditions(matrix, machines, searched)),
        draw=partial(draw, by_group(matrix)),
        caption=CAPTION,
        tables={name: table.round(DIGITS) for name, table in tables.items()},
    )


def simulated(
    of: Iterable[Setting],
    grids: Sequence[int],
    runs: int | None,
    jobs: int | None,
    tell: Callable[[str], None],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ratios under each setting and grid, and how they differ by set of machines."""
    found: list[pd.DataFrame] = []
    spread: list[pd.DataFrame] = []
    for setting in of:
        for grid in grids:
            tell(f"{setting.arrivals}, {setting.machines}, {grid}x{grid}")
            result = simulate(setting.scenario(grid, runs), jobs=jobs)
            method: Method = "student" if setting.a_run_is_a_set else "sectioning"
            for unit, images in _units(setting, grid):
                where = (setting.arrivals, setting.machines, unit, grid)
                found.append(_placed(ratios(result, images, method), where))
                if setting.a_run_is_a_set:
                    of_runs = spread_over_runs(result, images, RATIOS.low, RATIOS.high)
                    spread.append(_placed(of_runs, where))
    machines = pd.concat(spread, ignore_index=True) if spread else pd.DataFrame()
    return pd.concat(found, ignore_index=True), machines


def findings(matrix: pd.DataFrame) -> Iterator[Finding]:
    """Yield each claim at each grid, in the authors' closed loop by group, i.i.d."""
    rows = by_group(matrix).query("baseline == @BASELINE and collage == @RULE")
    for claim, measure, power in CLAIMS:
        for row in rows.to_dict("records"):
            yield _finding(claim, row, measure, power)


def by_group(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the authors' closed loop, by group, i.i.d."""
    here = matrix["arrivals"].eq(CLOSED.arrivals) & matrix["machines"].eq(CLOSED.machines)
    return matrix[here & matrix["unit"].eq(GROUP)]


def _finding(claim: Claim, row: Mapping[Hashable, Any], measure: str, power: float) -> Finding:
    """Return what a row says of a claim; ``power`` makes a deviation of a variance."""
    value, low, high = (row[f"{measure}{end}"] ** power for end in ("", "_low", "_high"))
    grid = int(row["grid"])
    return Finding(claim=claim, setting=f"{grid}x{grid}", value=value, low=low, high=high)


def _units(setting: Setting, grid: int) -> Iterator[tuple[str, int]]:
    """Yield by what responses are measured, and how many images that is."""
    if setting.together:
        yield GROUP, grid**2
    if not setting.a_run_is_a_set or not setting.together:
        yield IMAGE, 1


def _placed(rows: pd.DataFrame, where: tuple[str, str, str, int]) -> pd.DataFrame:
    """Return rows with the columns that say where they are from in front."""
    front = pd.DataFrame([where] * len(rows), columns=list(WHERE), index=rows.index)
    return pd.concat([front, rows], axis=1)
