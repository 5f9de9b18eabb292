"""What a session of the profiler found, as people read it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from strag_sim.cli.columns import NONE, aligned
from strag_sim.units import readable

if TYPE_CHECKING:
    from strag_sim.profiler import Neighbour, Session

HEAD = ("model", "batch", "at once", "n", "p50", "mean", "p99", "max", "work p50")
MORE = ("a second", "lag 1", "effective n")
FEWEST = {"p99": 299}  # independent calls that bound a quantile
SHIFTED = 1.1  # halves of a configuration that differ by more were measured in different times


def table(points: dict[str, list[dict[str, Any]]]) -> str:
    """Return a row for each point of each model's profile, whose times are in us."""
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
            f"{point['throughput']:.4g}",
            NONE if point["autocorrelation"] is None else f"{point['autocorrelation']:.2f}",
            NONE if point["effective"] is None else f"{point['effective']:,.0f}",
        )
        for model, found in points.items()
        for point in found
    ]
    return aligned([(*HEAD, *MORE), *rows])


def notes(
    session: "Session", neighbour: "Neighbour | None", points: dict[str, list[dict[str, Any]]]
) -> Iterator[str]:
    """Yield what to know about the table."""
    yield f"Timing itself takes {readable(session.overhead)} of a call."
    if neighbour is not None and neighbour.calls:
        ran = f"{neighbour.calls:,} calls of {neighbour.model}, {readable(neighbour.mean)} each"
        yield f"The other process made {ran}."
    every = [point for found in points.values() for point in found]
    few = sum(
        point["effective"] is not None and point["effective"] < FEWEST["p99"] for point in every
    )
    if few:
        yield (
            f"Calls resemble those before them: {few} of {len(every)} rows hold fewer than "
            f"{FEWEST['p99']} independent ones, so their p99 may be another on another day."
        )
    shifted = [p for p in every if not 1 / SHIFTED <= p["details"]["halves"] <= SHIFTED]
    if shifted:
        yield (
            f"In {len(shifted)} rows the median of the second half differs from that of the first "
            f"by more than {SHIFTED - 1:.0%}: the machine changed meanwhile."
        )


def what_failed(session: "Session") -> Iterator[str]:
    """Yield a line for each configuration that was not, or not wholly, measured."""
    for record in session.records:
        done = sum(map(len, record.blocks))
        kept = f"its {done:,} calls before that are kept" if record.is_law else "it is left out"
        if record.failure:
            yield f"{record.configuration}: {record.failure}; {kept}"
        elif session.interrupted:
            yield f"{record.configuration}: interrupted after {done:,} of {record.calls:,} calls"


def _quantile(point: dict[str, Any], name: str) -> str:
    """Return a quantile, a dash where so many calls do not bound it."""
    known = point["details"]["quantiles"].get(name)
    return NONE if known is None else _time(known["value"])


def _time(us: float) -> str:
    """Return a time with its unit."""
    return readable(us / 1e6)
