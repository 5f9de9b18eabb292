"""Workers and their tasks over time, around the slowest request: who was slow, and what helped."""

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from strag_sim.errors import ResultError
from strag_sim.plots.legend import caption_below
from strag_sim.plots.marks import FAINTEST, background, faint, ink, keep, of_policy
from strag_sim.plots.rows import SMALL, legend_over
from strag_sim.plots.served import OWN, SLOW, UNKNOWN, USED, WASTED, Window, slow_spells, window_of
from strag_sim.plots.tails import unit_for
from strag_sim.results import Result
from strag_sim.units import readable

# Name in the legend, colour and strokes of each kind of task; they differ without colour too.
LOOKS = {
    OWN: ("own", "#56a5d4", ""),
    USED: ("redundant, used", "#0b5d3b", ""),
    WASTED: ("redundant, wasted", "#e69f00", "/////"),
    UNKNOWN: ("redundant, warm-up", "#b0b0b0", "....."),
}
MOST_DRAWN = 5000  # tasks; more are lines, and take minutes to draw
# Inches of a row, at the least and at the most, of a lane, of all if there is room, and around.
LOWEST, HIGHEST, LANE, ALL, AROUND, HEAD = 0.11, 0.2, 0.09, 2.4, 0.5, 0.13
BAR = 0.8  # of a row
END = 0.018  # of the axis: how long the strokes are where a task was cancelled


def timeline(
    result: Result,
    ax: Axes,
    *,
    label: str | None = None,
    run: int = 0,
    start: float | None = None,
    stop: float | None = None,
) -> Axes:
    """Draw the tasks of a run on their workers, of one policy, and return the axes.

    A row is a worker, a bar a task in service; tasks that are served at a time, in slots or in a
    batch, share the row's height. A redundant task was used if it had finished by the time at which
    a request of its group was answered by another path than own. Strokes end a task that was
    cancelled in service. Shaded is where each task that began took more than ``SLOW`` times as long
    as it would on a worker that is not slow and, on a device, serves alone. The slowest request is
    marked: when it arrives and is answered, its tasks with an outline, and a thin line where they
    wait.

    Parameters
    ----------
    result : Result
        With recorded tasks, else a ResultError says how to have them recorded.
    ax : Axes
    label : str or None
        Of the policy; by default the first that has redundant tasks.
    run : int
        Which run, from 0.
    start, stop : float or None
        Seconds of the run, of which the slowest request answered is marked. By default some 60 to
        100 tasks around the slowest of the run are shown, on at most 40 workers.
    """
    window = window_of(result, label, run, start, stop)
    return draw_window(window, result.labels.index(window.label), ax)


def draw_window(window: Window, number: int, ax: Axes) -> Axes:
    """Draw what a timeline shows, see `timeline`, and return the axes.

    ``number`` is the row of the policy in the summary. A ResultError says that there are too many
    tasks to be drawn.
    """
    if len(window.tasks) > MOST_DRAWN:
        raise ResultError(
            f"{len(window.tasks):,} tasks are served between {window.start:g} s and "
            f"{window.stop:g} s; at most {MOST_DRAWN:,} are drawn: give a shorter time"
        )
    zero = window.start if window.request is None else window.request.arrival
    unit, scale = unit_for(window.stop - window.start)
    with of_policy(ax, number):
        _shade(window, zero, scale, ax)
        _bars(window, zero, scale, ax)
        _request(window, zero, scale, ax)
    ax.set_xlim((window.start - zero) * scale, (window.stop - zero) * scale)
    request = window.request
    since = f"{zero:.6g} s" if request is None else f"request {request.number:,} arrived"
    ax.set(xlabel=f"time since {since} ({unit})", ylabel="worker")
    ax.xaxis.set_major_locator(MaxNLocator(6))
    _rows(window, ax)
    _legend(window, ax)
    caption_below(_caption(window), ax, from_edge=True)
    keep(ax, _drawn(window))
    return ax


def _shade(window: Window, zero: float, scale: float, ax: Axes) -> None:
    """Shade where workers are slow, the whole height of their rows."""
    place = {worker: row for row, worker in enumerate(window.rows)}
    for worker, start, stop in slow_spells(window.tasks):
        corner = ((start - zero) * scale, place[worker] - 0.5)
        ax.add_patch(Rectangle(corner, (stop - start) * scale, 1, **_shaded()))


def _bars(window: Window, zero: float, scale: float, ax: Axes) -> None:
    """Draw the tasks, kind by kind, the strokes where they were cancelled, and outlines."""
    place = {worker: row for row, worker in enumerate(window.rows)}
    tasks = window.tasks
    height = BAR / tasks["lanes"]
    low = tasks["worker"].map(place) - BAR / 2 + tasks["lane"] * height
    left = (tasks["started"] - zero) * scale
    width = (tasks["finished"] - tasks["started"]) * scale
    at = pd.DataFrame({"y": low, "height": height, "left": left, "width": width})
    for kind in LOOKS:
        _barh(at[tasks["kind"] == kind], look_of(kind), ax)
    ends = at[tasks["cancelled"]]
    longest = END * (window.stop - window.start) * scale
    short = ends["width"].clip(upper=longest)
    _barh(ends.assign(left=ends["left"] + ends["width"] - short, width=short), _cancelled(), ax)
    _barh(at[tasks["mine"]], _outline(), ax)


def _barh(at: pd.DataFrame, look: dict[str, Any], ax: Axes) -> None:
    """Draw bars with one look."""
    if len(at):
        ax.barh(at["y"], at["width"], at["height"], left=at["left"], align="edge", **look)


def look_of(kind: str) -> dict[str, Any]:
    """Return how the tasks of a kind are filled."""
    _, colour, strokes = LOOKS[kind]
    return {"facecolor": colour, "hatch": strokes, "edgecolor": background(), "linewidth": 0.3}


def _request(window: Window, zero: float, scale: float, ax: Axes) -> None:
    """Mark when the slowest request arrives and is answered, and where its tasks wait."""
    request = window.request
    if request is None:
        return
    place = {worker: row for row, worker in enumerate(window.rows)}
    for task in window.queued.to_dict("records"):
        until = task["finished"] if pd.isna(task["started"]) else task["started"]
        ends = [(time - zero) * scale for time in (task["released"], until)]
        ax.plot(ends, [place[task["worker"]]] * 2, **_line())
    if request.arrival < window.start:
        text = f"arrived {readable(window.start - request.arrival)} before"
        _write_above(text, (window.start - zero) * scale, "left", ax)
    else:
        _mark(0.0, "arrives", "right", ax)
    _mark((request.completion - zero) * scale, "answered", "left", ax)


def _mark(at: float, text: str, side: str, ax: Axes) -> None:
    """Draw a line at a time, and write above it what happens then."""
    ax.axvline(at, color=ink(), linewidth=0.6, linestyle=(0, (1, 2)))
    _write_above(text, at, side, ax)


def _write_above(text: str, at: float, side: str, ax: Axes) -> None:
    """Write a text above the axes, which ends or begins at a time."""
    ax.annotate(
        text,
        (at, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 2),
        textcoords="offset points",
        ha=side,
        fontsize=SMALL,
        annotation_clip=False,
    )


def _rows(window: Window, ax: Axes) -> None:
    """Name the rows, and make the figure as high as they need."""
    count = len(window.rows)
    ax.set_yticks(range(count), [f"{worker:,}" for worker in window.rows], fontsize=SMALL)
    ax.set_ylim(count - 0.5, -0.5)
    ax.tick_params("y", length=0)
    ax.grid(visible=False)
    figure = ax.get_figure(root=True)
    if figure is not None:
        highest = max(HIGHEST, LANE * int(window.tasks["lanes"].max()))
        figure.set_figheight(AROUND + count * max(LOWEST, min(highest, ALL / count)))


def _legend(window: Window, ax: Axes) -> None:
    """Put the legend above the axes: what there is, and no more."""
    tasks = window.tasks
    there = set(tasks["kind"])
    handles: list[Artist] = [
        Patch(**look_of(kind), label=name) for kind, (name, *_) in LOOKS.items() if kind in there
    ]
    if tasks["cancelled"].any():
        handles.append(Patch(**_cancelled(), label="cancelled"))
    if tasks["slow"].any():
        handles.append(Patch(**_shaded(), label="worker slow"))
    if tasks["mine"].any():
        handles.append(Patch(**_outline(), label="slowest request"))
        handles.append(Line2D([], [], **_line(), label="waits in queue"))
    legend_over(handles, ax, above=HEAD)


def _caption(window: Window) -> str:
    """Return whose tasks they are, and which workers are left out."""
    tasks = len(window.tasks)
    texts = [f"{window.label}, run {window.run}: {tasks:,} task{'s' if tasks > 1 else ''}."]
    if window.request is not None:
        took = readable(window.request.completion - window.request.arrival)
        texts.append(f"Request {window.request.number:,} took {took}.")
    if len(window.rows) < window.workers:
        shown = f"{len(window.rows)} of {window.workers:,} workers"
        texts.append(f"{shown}: those that served its tasks, then by number.")
    if window.tasks["slow"].any():
        texts.append(f"Worker slow: services take more than {SLOW:g} times as long.")
    return " ".join(texts)


def _drawn(window: Window) -> pd.DataFrame:
    """Return a row a task: where and when it is drawn, and how; times in seconds of the run."""
    names = {"started": "start", "finished": "stop", "mine": "of_slowest"}
    columns = ["worker", "lane", "lanes", *names, "kind", "cancelled", "slow", "task", "group"]
    return window.tasks[columns].rename(columns=names).assign(label=window.label)


def _cancelled() -> dict[str, Any]:
    """Return how the end of a task is filled that was cancelled in service."""
    look = {"facecolor": background(), "edgecolor": ink(), "hatch": "xxxxxxxx"}
    return {**look, "linewidth": 0.4, "zorder": 2}


def _shaded() -> dict[str, Any]:
    """Return how it is shaded where a worker is slow."""
    return {"facecolor": faint(FAINTEST), "linewidth": 0, "zorder": 0.5}


def _outline() -> dict[str, Any]:
    """Return the outline of the tasks of the slowest request."""
    return {"facecolor": "none", "edgecolor": ink(), "linewidth": 1.0, "zorder": 3}


def _line() -> dict[str, Any]:
    """Return the line of a task that waits."""
    return {"color": ink(), "linewidth": 0.8, "linestyle": "-", "zorder": 1.5}
