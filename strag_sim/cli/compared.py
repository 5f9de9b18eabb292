"""A comparison as people read it, as programs do, and as files."""

import json
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from strag_sim.cli.columns import aligned, plus_minus
from strag_sim.cli.summary import with_interval
from strag_sim.compare import (
    ACCURATE,
    CANNOT_TELL,
    EQUAL,
    FASTEST,
    NAMES,
    SLOWER,
    UNSTABLE,
    Comparison,
    difference,
    ratio,
)
from strag_sim.errors import ResultError
from strag_sim.results import write_file

Row = Mapping[Hashable, Any]
ENDINGS = (".csv", ".tex")
MOST_RUNS = 100_000  # of a scenario


def as_text(found: Comparison, paths: Sequence[Path]) -> str:
    """Return a block a policy, and below what the numbers are of and where they were written."""
    blocks = [_block(found, label) for label in dict.fromkeys(found.rows["label"])]
    if found.accuracy is not None:
        blocks.append(_at_accuracy(found, found.accuracy))
    return "\n\n".join([*blocks, "\n".join([*_below(found), f"Comparison: {_listed(paths)}"])])


def as_json(found: Comparison, paths: Sequence[Path]) -> str:
    """Return the tables as JSON, with all columns; null where there is no number."""
    known = ("baseline", "method", "confidence", "runs", "notes")
    everything = {
        **{name: getattr(found, name) for name in known},
        "files": [str(path) for path in paths],
        "table": _records(found.rows),
        "requests": _records(found.pairs),
        "accuracy": found.accuracy,
        "accurate": _records(found.standings),
    }
    return json.dumps(everything, indent=2)


def check_ending(path: Path) -> None:
    """Refuse a file that is neither CSV nor LaTeX by its name."""
    if path.suffix.lower() not in ENDINGS:
        raise ResultError(f"{path}: is not allowed; the name must end in {' or '.join(ENDINGS)}")


def write(found: Comparison, paths: Sequence[Path]) -> None:
    """Write the table as CSV or LaTeX, by each name's ending, whole or not at all."""
    for path in paths:
        csv = path.suffix.lower() == ".csv"
        text = found.rows.to_csv(index=False, lineterminator="\n") if csv else found.latex()
        write_file(path, text, "comparison")


def _block(found: Comparison, label: str) -> str:
    """Return the table of one policy, and a sentence on its requests."""
    rows = found.rows[found.rows["label"] == label]
    known = rows[["value", "baseline_value"]].notna().any(axis=1)
    rows = rows[known | (rows["verdict"] == UNSTABLE)]
    cells = [["", "ratio", "difference"], *(_cells(row) for row in rows.to_dict("records"))]
    ends = ["verdict", *(_verdict(row) for row in rows.to_dict("records"))]
    lines = [f"{line}  {end}" for line, end in zip(aligned(cells).splitlines(), ends, strict=True)]
    pairs = found.pairs[found.pairs["label"] == label]
    sentences = [_sentence(row) for row in pairs.to_dict("records")]
    head = f"{label} against {found.baseline}{_short(found, label)}"
    return "\n".join([head, *lines, *sentences])


def _short(found: Comparison, label: str) -> str:
    """Return the mark of a policy that is not shown to be as accurate as was asked for."""
    rows = found.standings[found.standings["label"] == label]
    return "".join(f" ({each})" for each in rows["standing"] if each not in ACCURATE)


def _at_accuracy(found: Comparison, least: float) -> str:
    """Return the p99 and the accuracy of each policy, and who is the fastest at an accuracy."""
    cells, ends = [[f"accuracy >= {100 * least:.4g} %", "p99", "accuracy"]], [""]
    for row in found.standings.to_dict("records"):
        p99 = with_interval(row["p99"], row["p99_low"], row["p99_high"])
        # Accuracies that are all the same have no interval but the rounding of their sums.
        share, low, high = (round(100 * row[f"accuracy{end}"], 9) for end in ("", "_low", "_high"))
        cells.append([row["label"], p99, plus_minus(share, low, high, " %")])
        ends.append(f"  {row['standing']}")
    lines = zip(aligned(cells).splitlines(), ends, strict=True)
    return "\n".join([*(f"{line}{end}" for line, end in lines), _fastest(found)])


def _fastest(found: Comparison) -> str:
    """Return who has the lowest p99 at the accuracy, and from whom the runs cannot tell it."""
    by_standing = {
        standing: [str(label) for label in rows["label"]]
        for standing, rows in found.standings.groupby("standing")
    }
    if FASTEST not in by_standing:
        return "no policy is shown to be so accurate, with a p99 that settles"
    (first,) = by_standing[FASTEST]
    alike = by_standing.get(CANNOT_TELL, []) + by_standing.get(EQUAL, [])
    if alike:
        return f"lowest p99 of these: {first}, but the runs cannot tell it from {_listed(alike)}"
    slower = by_standing.get(SLOWER, [])
    return f"lowest p99 of these: {first}, " + (
        "told apart from each other one" if slower else "the only one"
    )


def _cells(row: Row) -> list[str]:
    """Return a measure, its ratio and its difference as texts."""
    measure = str(row["measure"])
    of_ratio = (row[name] for name in ("ratio", "ratio_low", "ratio_high"))
    of_difference = [row[name] for name in ("difference", "difference_low", "difference_high")]
    if row["verdict"] == EQUAL:  # but for rounding, which is not to be shown
        of_difference = [0.0 * number for number in of_difference]
    return [NAMES[measure], ratio(*of_ratio), difference(measure, *of_difference)]


def _verdict(row: Row) -> str:
    """Return the verdict; where the runs cannot tell, how many would."""
    if row["verdict"] != CANNOT_TELL:
        return str(row["verdict"])
    if pd.isna(row["runs_needed"]):
        return f"cannot tell at {row['runs']} runs (no number would)"
    needed = float(f"{row['runs_needed']:.2g}")
    known = f"about {needed:,.0f}" if needed <= MOST_RUNS else f"more than {MOST_RUNS:,}"
    return f"cannot tell at {row['runs']} runs ({known} would)"


def _sentence(row: Row) -> str:
    """Return how many requests a policy made faster and slower."""
    parts = []
    for share, time in (("faster", "gained"), ("equal", None), ("slower", "lost")):
        half = 100 * (row[f"{share}_high"] - row[f"{share}_low"]) / 2
        spread = "" if math.isnan(half) else f" ± {half:.1f}"
        text = f"{100 * row[share]:.1f} %{spread} {share}"
        if time and row[share] > 0:
            ends = (float(row[f"{time}{end}"]) for end in ("", "_low", "_high"))
            text += f" by {with_interval(*ends)}"
        parts.append(text)
    return f"requests, in the mean: {', '.join(parts)}"


def _below(found: Comparison) -> Iterator[str]:
    """Yield what the numbers are, and what is missing."""
    confidence = f"{100 * found.confidence:.4g} %"
    alpha = f"{100 * (1 - found.confidence):.4g} %"
    runs = f"{found.runs:,} run{'s' if found.runs > 1 else ''}"
    if found.runs > 1:
        yield (
            f"{confidence} intervals over {runs} paired by their random numbers ({found.method})"
        )
        tests = int(found.rows["p"].notna().sum())
        yield f"any lower or higher is wrong with probability {alpha} at most (Holm, {tests} tests)"
    else:
        yield f"{runs}: there is no interval, and no verdict; simulate at least two"
    yield from found.notes


def _listed(things: Sequence[Path | str]) -> str:
    """Return the names of files or policies in a sentence."""
    return " and ".join(map(str, things))


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table; None where there is no number."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
