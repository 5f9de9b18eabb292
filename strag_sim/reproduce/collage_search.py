"""Which of the settings that the papers leave open would meet their claims."""

from collections.abc import Callable, Sequence

import pandas as pd

from strag_sim.reproduce.collage_claims import MEAN, NINE, RATIOS, VARIANCE, WORKSHOP
from strag_sim.reproduce.collage_ratios import MEASURES, quantities, ratios
from strag_sim.reproduce.collage_settings import at_grid
from strag_sim.results import Result
from strag_sim.simulate import simulate

TARGET = 1.47  # the workshop's p99
NEAR = 0.05  # of 1.47 and 9, where a search looks for settings near them
EARLY = "early"
_WHO = ["unit", "baseline", "collage"]


def search(
    grids: Sequence[int], runs: int | None, jobs: int | None, tell: Callable[[str], None]
) -> pd.DataFrame:
    """Return a row a unit, baseline and collage: its ratios at each grid, as ``p99_3``.

    ``build_3`` is how many seconds of building the collage, before any image of a group is sent,
    would make the ratio of p99 that of the workshop paper (NaN where it is less already), and
    ``built_3`` the ratio of means that it would then have; the variance stays.
    """
    found = []
    for grid in grids:
        tell(f"open settings, {grid}x{grid}")
        changes = {} if runs is None else {"runs": runs}
        result = simulate(at_grid("search", grid, changes), jobs=jobs)
        by_group = _built(result, grid**2).assign(unit="group")
        by_image = _built(result, 1).assign(unit="image")
        # By the authors' rule all images of a group are answered together.
        by_image = by_image[by_image["collage"].str.startswith(EARLY)]
        wide = pd.concat([by_group, by_image]).set_index(_WHO)
        found.append(wide.add_suffix(f"_{grid}"))
    return pd.concat(found, axis=1).reset_index()


def by_grid(searched: pd.DataFrame, grids: Sequence[int]) -> pd.DataFrame:
    """Return a searched table with a row a grid: columns p99, var, mean, build and built."""
    names = [*MEASURES, "build", "built"]
    rows = [
        searched[[*_WHO, *(f"{name}_{grid}" for name in names)]]
        .set_axis([*_WHO, *names], axis=1)
        .assign(grid=grid)
        for grid in grids
    ]
    return pd.concat(rows, ignore_index=True)


def inside_at_all(rows: pd.DataFrame, grids: Sequence[int], variation: float = 1.0) -> pd.DataFrame:
    """Return who meets the ICDCS paper's p99 and variation at every grid: a row each.

    Variation is this power of the variance: 1, or a half for the standard deviation.
    """
    inside = rows["p99"].between(RATIOS.low, RATIOS.high)
    inside &= (rows["var"] ** variation).between(VARIANCE.low, VARIANCE.high)
    count = rows[inside].groupby(_WHO, sort=False).size()
    return count[count == len(grids)].reset_index()[_WHO]


def near_both(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose p99 and variance are both near those of the workshop paper."""
    nine = (NINE.low + NINE.high) / 2
    near = rows["p99"].between(TARGET * (1 - NEAR), TARGET * (1 + NEAR))
    return rows[near & rows["var"].between(nine * (1 - NEAR), nine * (1 + NEAR))]


def with_building(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that meet all of the workshop paper if building takes its ``build``."""
    met = rows["var"].between(NINE.low, NINE.high) & rows["built"].between(MEAN.low, MEAN.high)
    return rows[met & rows["p99"].ge(WORKSHOP.low)].sort_values("build")


def building(searched: pd.DataFrame) -> list[str]:
    """Return the columns of a searched table that are about building."""
    return [name for name in searched.columns if name.startswith(("build_", "built_"))]


def _built(result: Result, images: int) -> pd.DataFrame:
    """Return the ratios of a result, and what building would make of them."""
    rows = ratios(result, images)[["baseline", "collage", *MEASURES]]
    found = {label: quantities(result, label, images) for label in result.labels}

    def pooled(column: str, measure: str) -> pd.Series:
        return rows[column].map(lambda label: found[label][measure].pooled)

    build = pooled("baseline", "p99") / TARGET - pooled("collage", "p99")
    build = build.where(build >= 0)
    built = (pooled("collage", "mean") + build) / pooled("baseline", "mean")
    return rows.assign(build=build, built=built)
