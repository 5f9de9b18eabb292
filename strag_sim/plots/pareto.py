"""What a policy's p99 costs: each policy at its cost and p99, coloured by its accuracy."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.text import Annotation, Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from strag_sim.errors import ResultError
from strag_sim.plots.legend import legend_above, literal
from strag_sim.plots.tails import LONG, unit_for
from strag_sim.results import Result

# Accuracies, and numbers beside their size, that are closer than this are the same.
ROUNDING = 1e-9
# The darker, the more accurate, also in print without colour.
SHADES, PLAIN, GREY = "cividis_r", "#0072B2", "0.5"
LETTER_SIZE = 6
CLEAR = 3  # points around that of a policy, in which no number stands
# Where a number may stand, the best first: points away from its own, to the right and up.
_LEFT, _UP = {-1: "right", 0: "center", 1: "left"}, {-1: "top", 0: "center", 1: "bottom"}
_SIDES = ((1, 0), (1, 1), (1, -1), (-1, 0), (-1, 1), (-1, -1), (0, 1), (0, -1))
PLACES = [(away * x, away * y, _LEFT[x], _UP[y]) for away in (4, 8, 13, 18) for x, y in _SIDES]


@dataclass(frozen=True)
class Estimate:
    """An estimate and its interval, whose ends are NaN where there is none."""

    value: float
    low: float
    high: float

    def below(self, other: "Estimate") -> bool:
        """Tell whether it is smaller than another by more than their intervals."""
        high = self.value if math.isnan(self.high) else self.high
        low = other.value if math.isnan(other.low) else other.low
        return high < low - ROUNDING * abs(low)

    def bars(self, scale: float) -> list[list[float]] | None:
        """Return how far the interval reaches to both sides; None where there is none."""
        if math.isnan(self.low + self.high):
            return None
        return [[scale * (self.value - self.low)], [scale * (self.high - self.value)]]


@dataclass(frozen=True)
class Policy:
    """A policy: seconds of p99, worker-seconds a request, and the share of right answers."""

    label: str
    p99: Estimate
    cost: Estimate
    accuracy: Estimate

    @property
    def known(self) -> bool:
        """Whether the accuracy of all its answers is known."""
        return not math.isnan(self.accuracy.value)


def pareto(result: Result, ax: Axes) -> Axes:
    """Draw the p99 of each policy over its cost, coloured by its accuracy, and return the axes.

    Bars are the intervals over runs. A policy is dominated, and grey, if another is no worse in
    p99, cost and accuracy, and better in one of them by more than their intervals. One whose
    accuracy is not known is open; it neither dominates another nor is dominated, unless the
    accuracy of none is known: then p99 and cost alone decide. A policy without a cost, such as an
    oracle, is a line at its p99; unstable policies are named below. The numbers are those of the
    legend.
    """
    policies, unstable = _policies(result)
    placed = [each for each in policies if not math.isnan(each.cost.value)]
    if not placed:
        raise ResultError(
            f"{result.folder or 'this result'}: p99 cannot be drawn against cost: all policies "
            "are unstable"
        )
    cost_unit, x = unit_for(max(each.cost.value for each in placed))
    p99_unit, y = unit_for(max(each.p99.value for each in policies))
    for each, look in zip(placed, _looks(placed, ax), strict=True):
        at, bars = (each.cost.value * x, each.p99.value * y), (each.p99.bars(y), each.cost.bars(x))
        ax.errorbar(*at, *bars, fmt="none", capsize=1.5, elinewidth=0.7, ecolor=GREY)
        ax.plot(*at, linestyle="", zorder=3, **look)
    for each in policies:
        if each not in placed:
            _line(each, y, ax)
    ax.margins(0.1)
    missing = f"\nunstable, so not drawn: {', '.join(unstable)}" if unstable else ""
    ax.set_xlabel(f"cost (worker-{cost_unit} a request){literal(missing)}")
    ax.set_ylabel(f"p99 response time ({p99_unit})")
    ax.xaxis.set_major_locator(MaxNLocator(5))
    if max(each.p99.value for each in policies) > LONG * min(each.p99.value for each in policies):
        ax.set_yscale("log")
    else:
        ax.yaxis.set_major_locator(MaxNLocator(5))
    # Before there is a legend, for which the figure has no room yet.
    _number([(each.cost.value * x, each.p99.value * y) for each in placed], ax)
    legend_above(ax)
    return ax


def dominated(policy: Policy, others: Sequence[Policy]) -> bool:
    """Tell whether another policy is no worse in all, and surely better in something."""
    some = any(each.known for each in (policy, *others))
    return any(_beats(other, policy, some) for other in others)


def _beats(one: Policy, other: Policy, with_accuracy: bool) -> bool:
    """Tell whether one policy dominates another."""
    if with_accuracy and not (one.known and other.known):
        return False
    if one.p99.value > other.p99.value or one.cost.value > other.cost.value * (1 + ROUNDING):
        return False
    if with_accuracy and one.accuracy.value < other.accuracy.value - ROUNDING:
        return False
    faster, cheaper = one.p99.below(other.p99), one.cost.below(other.cost)
    return faster or cheaper or (with_accuracy and other.accuracy.below(one.accuracy))


def _policies(result: Result) -> tuple[list[Policy], list[str]]:
    """Return the policies that have a p99, and the labels of those that have none."""
    policies, unstable = [], []
    for row in result.summary().to_dict("records"):
        p99, cost, accuracy = (
            Estimate(*(float(row[f"{name}{end}"]) for end in ("", "_low", "_high")))
            for name in ("p99", "cost", "accuracy")
        )
        if math.isnan(p99.value):
            unstable.append(str(row["label"]))
        else:
            policies.append(Policy(str(row["label"]), p99, cost, accuracy))
    return policies, unstable


def _looks(placed: Sequence[Policy], ax: Axes) -> list[dict[str, Any]]:
    """Return the marker of each policy, and add the scale of colours where accuracies differ."""
    beaten = [dominated(each, placed) for each in placed]
    known = [
        each.accuracy.value
        for each, grey in zip(placed, beaten, strict=True)
        if each.known and not grey
    ]
    shade = _shades(known, ax) if known and max(known) - min(known) > ROUNDING else None
    looks = []
    for number, (each, grey) in enumerate(zip(placed, beaten, strict=True), 1):
        look: dict[str, Any] = {"marker": "o", "markersize": 5.5, "markeredgewidth": 0.6}
        label = f"{number}  {each.label}"
        if each.known:
            label += f", {100 * each.accuracy.value:.1f}\N{NO-BREAK SPACE}%"
        if grey:
            look |= {"markersize": 4, "color": GREY, "markerfacecolor": "white"}
            label += ", dominated"
        elif known and not each.known:
            look |= {"marker": "D", "color": "black", "markerfacecolor": "white"}
            label += ", accuracy unknown"
        else:
            face = PLAIN if shade is None else shade(each.accuracy.value)
            look |= {"color": "black", "markerfacecolor": face}
        looks.append({**look, "label": label})
    return looks


def _shades(known: Sequence[float], ax: Axes) -> Callable[[float], Any]:
    """Return what gives an accuracy its colour, and draw the scale beside the axes, in per cent."""
    shade = ScalarMappable(Normalize(100 * min(known), 100 * max(known)), SHADES)
    figure = ax.get_figure(root=True)
    assert figure is not None
    bar = figure.colorbar(shade, ax=ax, pad=0.02, aspect=30)
    bar.set_label("accuracy (%)")
    bar.locator = MaxNLocator(5)
    bar.outline.set_visible(False)
    return lambda accuracy: shade.to_rgba(np.array([100 * accuracy]))[0]


def _line(policy: Policy, scale: float, ax: Axes) -> None:
    """Draw a policy without a cost as a line at its p99."""
    p99 = policy.p99.value * scale
    ax.axhline(p99, color="0.35", linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
    ax.annotate(
        f"{literal(policy.label)} (without a cost)",
        (1, p99),
        (-2, 2),
        xycoords=ax.get_yaxis_transform(),
        textcoords="offset points",
        ha="right",
        fontsize=LETTER_SIZE,
        color="0.35",
    )


def _number(points: Sequence[tuple[float, float]], ax: Axes) -> None:
    """Write the number of each point beside it, where there is room."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()  # settles where the axes are
    clear = CLEAR * figure.dpi / 72
    spots = [ax.transData.transform(point) for point in points]
    taken = [Bbox.from_extents(x - clear, y - clear, x + clear, y + clear) for x, y in spots]
    for number, point in enumerate(points, 1):
        text = ax.annotate(
            str(number),
            point,
            (0, 0),
            textcoords="offset points",
            fontsize=LETTER_SIZE,
            arrowprops={"arrowstyle": "-", "linewidth": 0.3, "color": GREY, "shrinkB": 3},
        )
        frame = ax.get_window_extent()
        crowding = [_crowding(_put(text, place), taken, frame) for place in PLACES]
        taken.append(_put(text, PLACES[crowding.index(min(crowding))]))


def _put(text: Annotation, place: tuple[float, float, str, str]) -> Bbox:
    """Move a number, and return the pixels that it takes."""
    text.xyann = place[:2]
    text.set(ha=place[2], va=place[3])
    text.get_window_extent()  # moves it
    return Text.get_window_extent(text)  # of the number alone, without its line


def _crowding(box: Bbox, taken: Sequence[Bbox], frame: Bbox) -> float:
    """Return how much of a number's area is taken by others, or lies outside of the axes."""
    within = Bbox.intersection(box, frame)
    outside = box.width * box.height - (within.width * within.height if within else 0.0)
    shared = (Bbox.intersection(box, other) for other in taken)
    return outside + sum(each.width * each.height for each in shared if each)
