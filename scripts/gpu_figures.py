"""Draw what profiles of models say, and write it as a table.

    python scripts/gpu_figures.py FOLDER PROFILE...

A PROFILE is a shipped profile's name, a file, or a folder of files. Into FOLDER come

    batch.png         the time of a call, and requests a second, against the batch size
    interference.png  P(T > t) of models alone and beside another process
    ratio.png         the median of each collage-CNN over that of its single-image model, by grid
    profiles.csv      a row a point of each profile, times in ms

A figure for which nothing was measured is left out, and said to be.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from strag_sim import plots, profiles
from strag_sim.plots.legend import lines
from strag_sim.plots.tails import share_axis, time_ticks
from strag_sim.profiles import Point, Profile

SINGLE = "resnet-34"  # the model that collages stand in for
COLLAGE = re.compile(r"collage-cnn-([0-9]+)")
MS = 1e3
LEGEND = {"fontsize": 5.5, "loc": "upper left", "bbox_to_anchor": (1.0, 1.0)}


@dataclass(frozen=True)
class Measured:
    """A profile of a model, and what it says of itself."""

    profile: Profile

    def told(self, key: str) -> str:
        """Return an entry of its environment, empty where there is none."""
        return str(self.profile.environment.get(key) or "")

    @property
    def model(self) -> str:
        """The model's name."""
        return self.told("model")

    @property
    def label(self) -> str:
        """The model, and its type of numbers where it is not float32."""
        dtype = self.told("dtype")
        return self.model if dtype == "float32" else f"{self.model}, {dtype}"

    @property
    def around(self) -> str:
        """What stands in its name around the model's: the same for all models of a session."""
        return self.profile.name.replace(self.model, "*")

    @property
    def conditions(self) -> tuple[str, ...]:
        """What two profiles of one model must share to be compared, but for the tenant beside."""
        return (self.profile.device, self.model, self.told("dtype"), self.told("compiled"))

    def point(self, batch: int = 1) -> Point | None:
        """Return what was measured at a batch size, one call at a time, in a closed loop."""
        asked = (batch, 1, profiles.CLOSED)
        found = (p for p in self.profile.points if (p.batch, p.concurrency, p.load) == asked)
        return next(found, None)

    def single_points(self) -> list[Point]:
        """Return what was measured one call at a time in a closed loop, by rising batch size."""
        batches = sorted({point.batch for point in self.profile.points})
        return [point for batch in batches if (point := self.point(batch))]


def read(given: Sequence[str]) -> list[Measured]:
    """Return the profiles of models among those given, folders opened, in the order of names."""
    paths = []
    for each in given:
        inside = sorted(Path(each).glob("*.json")) if Path(each).is_dir() else []
        paths += [str(path) if "/" in str(path) else f"./{path}" for path in inside] or [each]
    found = [Measured(profiles.load(path)) for path in paths]
    return sorted((m for m in found if m.model and m.profile.points), key=lambda m: m.profile.name)


def table(measured: Sequence[Measured]) -> pd.DataFrame:
    """Return a row for each point."""
    return pd.DataFrame(
        {
            "profile": each.profile.name,
            "device": each.profile.device,
            "model": each.model,
            "dtype": each.told("dtype"),
            "beside": each.told("beside"),
            "batch": point.batch,
            "concurrency": point.concurrency,
            "load": point.load,
            "calls": point.n,
            "p50": MS * quantile(point, 0.5),
            "mean": MS * point.mean,
            "p99": MS * quantile(point, 0.99),
            "throughput": point.throughput,
            "effective": point.effective,
        }
        for each in measured
        for point in each.profile.points
    )


def quantile(point: Point, level: float) -> float:
    """Return a quantile of the times of a point's calls, in seconds."""
    return float(np.interp(level, point.levels, point.values))


def by_batch(measured: Sequence[Measured]) -> Iterator[Measured]:
    """Yield a profile for each model that was measured alone at several batch sizes."""
    seen = set()
    for each in measured:
        alone = not each.told("beside") and len(each.single_points()) > 1
        if alone and each.conditions not in seen:
            seen.add(each.conditions)
            yield each


def draw_batch(measured: Sequence[Measured], figure: Figure) -> bool:
    """Draw the median time of a call and the requests a second; return whether there were any."""
    drawn = list(by_batch(measured))
    times, rates = figure.subplots(1, 2)
    for each, style in zip(drawn, lines(), strict=False):
        points = each.single_points()
        sizes = [point.batch for point in points]
        style = {**style, "label": each.label, "marker": ".", "markersize": 3}
        times.plot(sizes, [MS * quantile(point, 0.5) for point in points], **style)
        rates.plot(sizes, [point.throughput for point in points], **style)
    batches = sorted({point.batch for each in drawn for point in each.single_points()})
    for ax, label in ((times, "median time of a call (ms)"), (rates, "requests a second")):
        ax.set(xscale="log", yscale="log", xlabel="batch size", ylabel=label)
        ax.set_xticks(batches, map(str, batches))
        ax.xaxis.set_minor_locator(NullLocator())
    if drawn:
        rates.legend(**LEGEND)
    return bool(drawn)


def pairs(measured: Sequence[Measured]) -> Iterator[tuple[Measured, Measured]]:
    """Yield profiles of a model alone and beside another process, of the same conditions."""
    for beside in measured:
        alone = (m for m in measured if m.conditions == beside.conditions and not m.told("beside"))
        first = next((each for each in alone if each.point()), None)
        if beside.told("beside") and beside.point() and first:
            yield first, beside


def draw_interference(measured: Sequence[Measured], figure: Figure) -> bool:
    """Draw the laws at batch 1, alone and beside; return whether there were any."""
    found = list(pairs(measured))
    ax = figure.subplots()
    floor = 1.0
    for alone, beside in found:
        for each, name in ((alone, "alone"), (beside, f"beside {beside.told('beside')}")):
            point = each.point()
            assert point is not None
            shares = np.geomspace(1 / point.n, 1, 400)
            values = MS * np.interp(1 - shares, point.levels, point.values)
            ax.plot(values, shares, label=f"{each.label}, {name}")
            floor = min(floor, 1 / point.n)
    share_axis(ax, floor, "P(T > t)")
    ax.set(xlabel="time t (ms)", xscale="log")
    if found:
        low, high = ax.get_xlim()
        time_ticks(ax, decades=float(np.log10(high / low)))
        ax.legend(**LEGEND)
    return bool(found)


def ratios(measured: Sequence[Measured]) -> pd.DataFrame:
    """Return the medians of collage-CNNs over those of the single-image model of their session."""
    rows = []
    for single in measured:
        if single.model != SINGLE or single.told("beside"):
            continue
        for each in measured:
            grid = COLLAGE.fullmatch(each.model)
            if grid is None or each.around != single.around:
                continue
            for point in each.single_points():
                base = single.point(point.batch)
                if base is not None:
                    ratio = quantile(point, 0.5) / quantile(base, 0.5)
                    row = (each.around, each.told("dtype"), int(grid[1]), point.batch, ratio)
                    rows.append(row)
    found = pd.DataFrame(rows, columns=["session", "dtype", "grid", "batch", "ratio"])
    return found.sort_values(["session", "batch", "grid"], ignore_index=True)


def draw_ratio(measured: Sequence[Measured], figure: Figure) -> bool:
    """Draw how much longer a collage-CNN takes than its single-image model, by grid."""
    found = ratios(measured)
    ax: Axes = figure.subplots()
    sessions = found.groupby(["session", "dtype", "batch"], sort=False)
    for ((session, dtype, batch), part), style in zip(sessions, lines(), strict=False):
        label = f"{session}, batch of {batch}, {dtype}"
        ax.plot(part["grid"], part["ratio"], label=label, marker="o", markersize=3, **style)
    ax.axhline(1, color="0.35", linewidth=0.6)
    ax.set(xlabel="images a side of the collage", ylabel=f"median over that of {SINGLE}")
    ax.set_xticks(sorted(set(found["grid"])))
    ax.set_ylim(bottom=0)
    if len(found):
        ax.legend(**LEGEND)
    return bool(len(found))


FIGURES = {"batch": draw_batch, "interference": draw_interference, "ratio": draw_ratio}


def main(folder: str, *given: str) -> int:
    """Write the figures and the table; return 1 where there was nothing to draw at all."""
    measured, home = read(given), Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    table(measured).to_csv(home / "profiles.csv", index=False, float_format="%.6g")
    drawn = 0
    for name, draw in FIGURES.items():
        with plots.styled():
            figure = Figure(figsize=(6.9, 2.6))
            FigureCanvasAgg(figure)
            if draw(measured, figure):
                figure.savefig(home / f"{name}.png", dpi=150)
                drawn += 1
            else:
                print(f"{name}.png is left out: none of the profiles is for it")
    print(ratios(measured).to_string(index=False, float_format=lambda r: f"{r:.3f}"))
    return 0 if drawn else 1


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(str(__doc__))
    sys.exit(main(*sys.argv[1:]))
