"""The timeline as it is drawn before a script takes over, or where none may run."""

from dataclasses import dataclass

from strag_sim.report.timeline import KINDS, STEPS, Band, Timeline
from strag_sim.units import readable

# Of the drawing, in its own units: as wide, to the left of time zero, a row.
WIDTH, LEFT, TALLEST, LOWEST, TOP, BOTTOM = 720, 46, 18, 6, 4, 18
HEIGHT = 360  # that rows share where there are many
IN_VIEW = 8  # tasks of a worker, about
TICKS = 5


@dataclass(frozen=True)
class Drawn:
    """Bars (x, y, width, height, kind), names of workers, and ticks of one policy's first time."""

    number: int
    height: int
    share: float
    bars: tuple[tuple[float, float, float, float, str], ...]
    workers: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]


def drawn(found: Timeline) -> Drawn:
    """Return the first policy's tasks in the time that the page shows first."""
    band = found.bands[0]
    row = min(TALLEST, max(LOWEST, HEIGHT // max(1, len(band.workers))))
    share = first_share(found)
    scale = (WIDTH - LEFT) / (share * STEPS)
    bars = []
    for start, length, worker, beside, kind, *_ in band.tasks:
        left, right = max(0.0, start * scale), min((start + length) * scale, WIDTH - LEFT)
        if right > left:
            high = (row - 2) / band.workers[worker][1]
            y = TOP + worker * row + 1 + beside * high
            bars.append((LEFT + left, y, right - left, high, KINDS[kind]))
    return Drawn(
        band.number,
        TOP + row * len(band.workers) + BOTTOM,
        share,
        tuple((*(round(number, 2) for number in bar[:4]), bar[4]) for bar in bars),  # type: ignore[misc]
        _workers(band, row),
        tuple(
            (LEFT + (WIDTH - LEFT) * tick / TICKS, readable(found.length * share * tick / TICKS))
            for tick in range(TICKS)
        ),
    )


def first_share(found: Timeline) -> float:
    """Return which share of the whole time is shown first: some tasks a worker."""
    most = max(len(band.tasks) / max(1, len(band.workers)) for band in found.bands)
    return min(1.0, IN_VIEW / max(1.0, most))


def _workers(band: Band, row: int) -> tuple[tuple[float, str], ...]:
    """Return where the workers' numbers stand, every so many where rows are low."""
    every = 1 if row >= 10 else 2
    return tuple(
        (TOP + (place + 0.5) * row, str(worker))
        for place, (worker, _) in enumerate(band.workers)
        if place % every == 0
    )
