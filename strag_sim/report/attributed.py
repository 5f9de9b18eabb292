"""Where the time of requests above p99 went, as the rows of a table."""

from dataclasses import dataclass

from strag_sim.report.cells import Cell
from strag_sim.results import Result
from strag_sim.units import readable


@dataclass(frozen=True)
class Row:
    """A policy, by its place in the summary: its mean above p99, and the share of each part."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Parts:
    """The parts that take some time of some policy, and a row a policy."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def parts(result: Result) -> Parts:
    """Return where the time above p99 went; no rows where that was not asked for."""
    if "attribution" not in result.tables:
        return Parts((), ())
    table = result.attribution()
    tail = table[table["of"] == "above p99"]
    heads = tuple(str(part) for part in tail["part"][tail["seconds"] > 0].unique())
    rows = []
    for number, label in enumerate(result.labels):
        of = tail[tail["label"] == label].set_index("part")
        if of["seconds"].notna().any():
            mean = float(of["seconds"].sum())
            first = Cell(readable(mean).replace("us", "µs"), "", repr(mean), f"{mean!r} s")
            shares = (_share(float(of["share"][head])) for head in heads)
            rows.append(Row(number, (first, *shares)))
    return Parts(heads, tuple(rows))


def _share(share: float) -> Cell:
    """Return a share as a cell."""
    return Cell(f"{100 * share:.1f} %", "", repr(share), repr(share))
