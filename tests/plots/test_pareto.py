"""The figure of p99, cost and accuracy: who is grey, what is empty, and what the bars are."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.lines import Line2D
from measured import simulated

from strag_sim import plots
from strag_sim.cli import main
from strag_sim.errors import ResultError
from strag_sim.plots.pareto import dominated
from strag_sim.results import Result
from strag_sim.statistics import estimate

NAN = float("nan")
NAMES = ("p99", "cost", "accuracy")


def summary(**policies: tuple[float, float, float]) -> pd.DataFrame:
    """Return p99, cost and accuracy of policies, with intervals of 10 % to either side."""
    return pd.DataFrame(
        [
            {"label": label}
            | {
                f"{name}{end}": value * by
                for name, value in zip(NAMES, values, strict=True)
                for end, by in (("", 1.0), ("_low", 0.9), ("_high", 1.1))
            }
            for label, values in policies.items()
        ]
    )


def drawn(table: pd.DataFrame) -> Axes:
    """Return the axes on which a result with this summary is drawn."""
    result = Result(tables={"summary": table}, scenario="", provenance={})
    (ax,) = plots.figure_of(lambda ax: plots.pareto(result, ax)).axes
    return ax


def points(ax: Axes) -> dict[str, Line2D]:
    """Return the point of each policy, by what the legend says of it."""
    return {str(line.get_label()): line for line in ax.get_lines() if line.get_markersize() == 5}


THREE = summary(fast=(0.1, 0.3, 0.9), cheap=(0.4, 0.1, 0.99), worse=(0.5, 0.3, 0.9))


def test_points_and_bars_are_those_of_the_summary() -> None:
    """In milliseconds here: p99 over cost, each with its interval."""
    ax = drawn(THREE)

    found = points(ax)["fast: 90.0 ± 9.0 %"]
    assert [float(each[0]) for each in found.get_data()] == [300, 100]
    (up, across) = next(each[2] for each in ax.containers if isinstance(each, ErrorbarContainer))
    ends = [np.array(bar.get_segments()[0]).round(6).tolist() for bar in (up, across)]
    assert sorted(ends) == [[[270, 100], [330, 100]], [[300, 90], [300, 110]]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("cost (worker-ms a request)", "p99 (ms)")


@pytest.mark.parametrize(
    ("policies", "grey"),
    [
        ({"a": (1, 1, 0.9), "b": (2, 2, 0.8)}, {"b"}),
        ({"a": (1, 1, 0.9), "b": (2, 1, 0.9)}, {"b"}),  # as good in two, worse in one
        ({"a": (1, 1, 0.9), "b": (1.2, 1, 0.9)}, set()),  # intervals of 10 % meet
        ({"a": (1, 1, 0.9), "b": (1.2, 1, 0.6)}, {"b"}),  # less accurate beyond doubt
        ({"a": (1, 1, 0.9), "b": (1, 1, 0.9)}, set()),  # the same
        ({"a": (1, 1, 0.8), "b": (2, 2, 0.9)}, set()),  # more accurate
        ({"a": (1, 2, 0.9), "b": (2, 1, 0.8)}, set()),  # cheaper
        ({"a": (1, 1, 0.9), "b": (2, 2, NAN)}, set()),  # who knows how accurate
        ({"a": (1, 1, NAN), "b": (2, 2, 0.5)}, set()),
        ({"a": (1, 1, NAN), "b": (2, 2, NAN)}, {"b"}),
    ],
)
def test_who_is_dominated(policies: dict[str, tuple[float, float, float]], grey: set[str]) -> None:
    """By one that is as good or better in all three, of which accuracy must be known or of none."""
    assert dominated(summary(**policies)) == grey


def test_without_intervals_estimates_decide() -> None:
    """As of a single run, which has none."""
    table = summary(a=(1, 1, 0.9), b=(1.2, 1, 0.9))
    table.loc[:, [name for name in table if name.endswith(("_low", "_high"))]] = NAN

    assert dominated(table) == {"b"}


def test_the_dominated_are_grey_and_the_unknown_empty() -> None:
    """The others have a colour each; the most accurate is the darkest."""
    table = pd.concat([THREE, summary(open=(0.2, 0.2, NAN))], ignore_index=True)

    ax = drawn(table)
    fills = {
        label.partition(":")[0]: to_hex(line.get_markerfacecolor())
        for label, line in points(ax).items()
    }

    def light(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert fills["open"] == "#ffffff"
    assert fills["worse"] == to_hex("0.88")
    assert light(fills["cheap"]) < light(fills["fast"]) < light(fills["worse"])
    assert "open: accuracy not known" in points(ax)
    legend = ax.get_legend()
    assert legend is not None
    colours = {text.get_text().partition(":")[0]: text.get_color() for text in legend.get_texts()}
    assert (colours["worse"], colours["fast"]) == ("#999999", "#000000")
    caption = ax.texts[-1].get_text()
    assert "Empty: accuracy not known." in caption
    assert "Grey: " in caption


def test_markers_tell_policies_apart() -> None:
    """Without colour too."""
    table = summary(**{f"policy {i}": (1.0 + i, 9.0 - i, 0.9) for i in range(8)})

    assert len({line.get_marker() for line in points(drawn(table)).values()}) == 8


def test_who_cannot_be_drawn_is_named() -> None:
    """An unstable policy has no p99, an oracle no cost; of none with both there is no figure."""
    some = summary(fine=(1, 1, 0.9), unstable=(NAN, 1, 0.9), oracle=(1, NAN, 0.9))

    ax = drawn(some)

    assert list(points(ax)) == ["fine: 90.0 ± 9.0 %"]
    assert "Without a p99 or a cost: unstable, oracle." in ax.texts[-1].get_text()
    with pytest.raises(ResultError, match="no policy has both a p99 and a cost to be drawn"):
        drawn(some[some["label"] != "fine"])


def test_far_apart_axes_are_logarithmic() -> None:
    """So that all are seen."""
    ax = drawn(summary(slow=(9, 1, 0.9), fast=(0.1, 1.5, 0.9)))

    assert (ax.get_yscale(), ax.get_xscale()) == ("log", "linear")


def test_the_command(tmp_path) -> None:
    """Both files beside the result's tables; a single run has no intervals, and is drawn."""
    sample = simulated(runs=1)
    result = Result.of([sample], [estimate(sample)], "", {}, confidence=0.95)
    folder = result.save(tmp_path / "result")

    done = CliRunner().invoke(main, ["plot", str(folder), "pareto"])

    assert done.exit_code == 0, done.output
    assert done.stdout.split()[:2] == [str(folder / "pareto.pdf"), str(folder / "pareto.png")]
    assert (folder / "pareto.png").read_bytes().startswith(b"\x89PNG")
