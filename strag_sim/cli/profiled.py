"""What a session of the profiler found, as people read it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from strag_sim.cli.columns import NONE, aligned
from strag_sim.profiler.asked import FEWEST_CALLS
from strag_sim.units import readable, rounded

if TYPE_CHECKING:
    from strag_sim.profiler import Neighbour, Session

HEAD = ("model", "batch", "at once", "calls", "p50", "mean", "p99", "max", "work", "a second")
SHIFTED = 1.1  # halves of a configuration that differ by more were measured in different times


def table(points: dict[str, list[dict[str, Any]]]) -> str:
    """Return a row for each point of each model's profile, whose times are in us.

    The p99 of fewer calls than bound it is a dash; work is a median.
    """
    rows = [
        (
            model,
            str(point["batch"]),
            str(point["concurrency"]),
            f"{point['n']:,}",
            _quantile(point, "p50"),
            _time(point["mean"]),
            _quantile(point, "p99"),
            _time(max(point["samples"]["time"])),
            _time(point["details"]["work"]["p50"]),
            rounded(point["throughput"]),
        )
        for model, found in points.items()
        for point in found
    ]
    return aligned([HEAD, *rows])


def notes(
    session: "Session", neighbour: "Neighbour | None", points: dict[str, list[dict[str, Any]]]
) -> Iterator[str]:
    """Yield what to know about the table."""
    yield f"Timing itself takes {readable(session.overhead)} of a call."
    if neighbour is not None and neighbour.calls and neighbour.mean is not None:
        ran = f"{neighbour.calls:,} calls of {neighbour.model}, {readable(neighbour.mean)} each"
        yield f"The other process made {ran}."
    every = [point for found in points.values() for point in found]
    short = sum(point["n"] < FEWEST_CALLS for point in every)
    if short:
        yield f"In {_rows(short, every)} calls are too few for a p99: it takes {FEWEST_CALLS}."
    alike = [
        point["effective"]
        for point in every
        if point["n"] >= FEWEST_CALLS and (point["effective"] or FEWEST_CALLS) < FEWEST_CALLS
    ]
    if alike:
        yield (
            f"Calls resemble those before them: in {_rows(len(alike), every)} they are worth "
            f"fewer than the {FEWEST_CALLS} independent ones that a p99 takes "
            f"({min(alike):,.0f} at the least), so another day may have another p99."
        )
    shifted = sum(not 1 / SHIFTED <= point["details"]["halves"] <= SHIFTED for point in every)
    if shifted:
        yield (
            f"In {_rows(shifted, every)} the median of the second half differs from that of the "
            f"first by more than {SHIFTED - 1:.0%}: the machine changed meanwhile."
        )


def what_failed(session: "Session", neighbour: "Neighbour | None") -> Iterator[str]:
    """Yield a line for each configuration that was not, or not wholly, measured as asked."""
    for record in session.records:
        done = sum(map(len, record.blocks))
        kept = f"its {done:,} calls before that are kept" if record.is_law else "it is left out"
        if record.failure:
            yield f"{record.configuration}: {record.failure}; {kept}"
        elif done < record.calls:
            yield f"{record.configuration}: interrupted after {done:,} of {record.calls:,} calls"
    if neighbour is not None and neighbour.failure:
        yield f"{neighbour.failure}: some of this was measured without it"


def _rows(some: int, every: Sequence[object]) -> str:
    """Return how many rows of the table."""
    return f"{some} of {len(every)} rows" if len(every) > 1 else "this row"


def _quantile(point: dict[str, Any], name: str) -> str:
    """Return a quantile, a dash where so many calls do not bound it."""
    known = point["details"]["quantiles"].get(name)
    return NONE if known is None else _time(known["value"])


def _time(us: float) -> str:
    """Return a time with its unit."""
    return readable(us / 1e6)
