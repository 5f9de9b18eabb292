"""Where the time of requests went: bars that are as long as their response, made of its parts."""

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from strag_sim.errors import ResultError
from strag_sim.plots.legend import literal
from strag_sim.plots.marks import background, keep, of_policy
from strag_sim.results import Result
from strag_sim.units import readable, seconds

# Name, colour and strokes of each part, in the order of time and the same in every figure. Light
# stands beside dark, for those who see colours differently and for print without colour; strokes
# tell apart what would still be alike there.
LOOKS = {
    "forming": ("group forming", "#bbbbbb", "\\\\\\\\"),
    "encode": ("encode", "#332288", ""),
    "delay": ("delay", "#e6c229", "...."),
    "network": ("network", "#117733", "||||"),
    "queue": ("queue", "#a6d8f0", ""),
    "service": ("service", "#3f8fc5", ""),
    "slowdown": ("slowdown", "#e69f00", "////"),
    "waiting": ("waiting for k-th", "#7a1f3d", ""),
    "decode": ("decode", "#f4b8d4", ""),
}
# Of which requests the two bars of a policy are: how far above its line they stand, how thick.
BARS = {"all": (0.32, 0.16), "above p99": (0.0, 0.42)}
# Inches that a policy takes, that a line of its label does, and the axis below them all; letters
# of a line.
_EACH, _LINE, _AXIS = 0.36, 0.13, 0.6
_LETTERS = 20


def attribution(result: Result, ax: Axes) -> Axes:
    """Draw where the time of each policy's requests went, and return the axes.

    The thick bar is the mean response of requests above p99, which is written behind it; the thin
    one is that of all requests. Parts stand in the order of time; those that take none are left
    out. An unstable policy is named and has no bars; an oracle is left out. The figure is as high
    as the policies need.
    """
    table, summary = result.attribution(), result.summary()
    places = {str(label): place for place, label in enumerate(summary["label"])}
    unstable = summary["stable"].eq(False).fillna(False)
    labels = list(summary["label"][unstable | summary["label"].isin(table["label"])])
    if table.empty:
        raise ResultError(
            f"{result.folder or 'this result'}: no attribution can be drawn: all policies are "
            "unstable"
        )
    table = table.fillna({"seconds": 0.0})
    parts = [part for part in LOOKS if (table["seconds"][table["part"] == part] > 0).any()]
    keep(ax, table)
    totals = table.groupby(["of", "label"])["seconds"].sum()
    longest = float(totals.max())
    unit = readable(longest).split()[1]
    scale = 1 / seconds(f"1 {unit}")
    for of in BARS:
        times = table[table["of"] == of].pivot(index="label", columns="part", values="seconds")
        _bars(ax, times[parts] * scale, of, places, labels)
    _totals(ax, (totals["above p99"] * scale).to_dict(), unit, labels)
    texts = [literal(textwrap.fill(label, _LETTERS)) for label in labels]
    ax.set_yticks(range(len(labels)), texts)
    ax.set_ylim(len(labels) - 0.6, -0.6)
    ax.set_xlim(0, 1.2 * longest * scale)
    ax.set_xlabel(f"mean response above p99 ({unit});\nthin: of all requests")
    ax.grid(visible=False, axis="y")
    _legend(ax, parts)
    figure = ax.get_figure(root=True)
    if figure is not None:
        lines = max(text.count("\n") + 1 for text in texts)
        figure.set_figheight(_AXIS + max(_EACH, _LINE * lines) * len(labels))
    return ax


def _bars(
    ax: Axes, times: pd.DataFrame, of: str, places: dict[str, int], labels: list[str]
) -> None:
    """Draw one bar a policy, part after part; ``places`` are the policies' rows of the summary."""
    above, thickness = BARS[of]
    starts = times.cumsum(axis=1) - times
    for label in times.index:
        with of_policy(ax, places[label]):
            for part in times:
                if times[part][label] > 0:
                    at = {"left": starts[part][label], **_look(str(part))}
                    ax.barh(labels.index(label) - above, times[part][label], thickness, **at)


def _look(part: str) -> dict[str, Any]:
    """Return how a part is filled."""
    _, colour, strokes = LOOKS[part]
    return {"facecolor": colour, "hatch": strokes, "edgecolor": background(), "linewidth": 0.3}


def _totals(ax: Axes, times: dict[str, float], unit: str, labels: list[str]) -> None:
    """Write the length of its bar behind it, or why there is none."""
    for place, label in enumerate(labels):
        length = times.get(label, 0.0)
        text = f"{length:.3g} {unit}" if length > 0 else "none above p99"
        ax.annotate(
            text if label in times else "unstable",
            (length, place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=6,
        )


def _legend(ax: Axes, parts: list[str]) -> None:
    """Put the legend above the axes, over the whole width of the figure."""
    ax.legend(
        handles=[Patch(**_look(part), label=LOOKS[part][0]) for part in parts],
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=3,
        handlelength=1.2,
        columnspacing=1,
        borderaxespad=0.2,
    )
