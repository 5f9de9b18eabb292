"""The figure of p99 against accuracy: points, bars, what is joined and who is left out."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.axes import Axes
from measured import simulated

from strag_sim import plots
from strag_sim.cli import main
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics import estimate

NAN = float("nan")


def row(policy: str, label: str, accuracy: float, p99: float) -> dict[str, object]:
    """Return a policy of a summary, with intervals of 10 % to either side."""
    numbers = {"accuracy": accuracy, "p99": p99}
    ends = {"": 1.0, "_low": 0.9, "_high": 1.1}
    spread = {f"{name}{end}": x * by for name, x in numbers.items() for end, by in ends.items()}
    return {"policy": policy, "label": label, **spread}


def drawn(*rows: dict[str, object]) -> Axes:
    """Return the axes on which a result with these policies is drawn."""
    result = Result(tables={"summary": pd.DataFrame(rows)}, scenario="", provenance={})
    (ax,) = plots.figure_of(lambda ax: plots.accuracy_p99(result, ax)).axes
    return ax


KNOB = [row("lagrange", f"R = {r}", a, t) for r, a, t in ((4, 0.8, 0.1), (5, 0.9, 0.3))]


def test_policies_of_a_kind_are_joined_in_their_order() -> None:
    """In milliseconds here, and in one colour; each policy has a mark of its own."""
    ax = drawn(row("none", "alone", 0.95, 0.5), *KNOB)

    alone, knob = (line for line in ax.lines if line.get_marker() == "None")
    assert knob.get_xydata().tolist() == [[0.8, 100], [0.9, 300]]
    marks = {str(each.get_label()): each[0] for each in ax.containers}
    assert list(marks) == ["alone", "R = 4", "R = 5"]
    assert {marks[name].get_color() for name in ("R = 4", "R = 5")} == {knob.get_color()}
    assert marks["alone"].get_color() == alone.get_color() != knob.get_color()
    assert len({each.get_marker() for each in marks.values()}) == 3


def test_bars_are_the_intervals() -> None:
    """10 % to either side, across and up."""
    ax = drawn(KNOB[0])

    (across, up) = ax.containers[0][2]
    assert across.get_segments()[0][:, 0].tolist() == pytest.approx([0.72, 0.88])
    assert up.get_segments()[0][:, 1].tolist() == pytest.approx([90, 110])


def test_who_cannot_be_drawn_is_named() -> None:
    """An unstable policy, and one whose accuracy is not known."""
    ax = drawn(*KNOB, row("none", "unstable", 0.9, NAN), row("mds", "unknown", NAN, 0.2))

    assert "unstable, unknown" in ax.texts[-1].get_text()


def test_nothing_to_draw() -> None:
    """The message says what is missing."""
    with pytest.raises(ResultError, match="known accuracy; give the scenario the accuracy"):
        drawn(row("none", "unknown", NAN, 0.2))


def test_the_command_writes_it(tmp_path: Path) -> None:
    """Of a result in a folder, beside it."""
    sample = simulated()
    Result.of([sample], [estimate(sample)], "", {}, confidence=0.95).save(tmp_path / "made")

    made = CliRunner().invoke(main, ["plot", str(tmp_path / "made"), "accuracy-p99"])

    assert made.exit_code == 0, made.output
    assert (tmp_path / "made/accuracy-p99.pdf").read_bytes().startswith(b"%PDF")
