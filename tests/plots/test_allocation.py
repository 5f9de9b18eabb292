"""The figure of an allocation matrix: cells, bars of memory, and the command."""

import math
from typing import Any

import pytest
from click.testing import CliRunner
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from placed import matrix, member

from strag_sim import plots
from strag_sim.cli import main
from strag_sim.ensembles import Allocation, Device, write_allocation
from strag_sim.errors import ResultError

ROWS = matrix([[1, 0, 8], [0, 64, 0]])
MEMBERS = [member(name, memory=3e9, times=(1.0,) * 64) for name in "abc"]


def drawn(allocation: Allocation, **keys: Any) -> Axes:
    """Return the axes on which a matrix is drawn."""
    (ax,) = plots.figure_of(lambda ax: plots.allocation(allocation, ax, **keys)).axes
    return ax


def texts(ax: Axes) -> dict[tuple[float, float], str]:
    """Return the texts in cells, by column and row."""
    return {text.get_position(): text.get_text() for text in ax.texts}


def bars(ax: Axes) -> list[float]:
    """Return the widths of what is drawn beside the matrix, used and full, row by row."""
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [patch.get_width() for patch in found if patch.get_height() == 0.6]


def test_cells_have_their_batch_size_and_the_others_nothing() -> None:
    """Devices are rows from above, models columns under their names."""
    ax = drawn(ROWS)

    assert texts(ax) == {(0, 0): "1", (2, 0): "8", (1, 1): "64"}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b", "c"]
    assert (ax.get_ylabel(), list(ax.get_yticks())) == ("device", [0, 1])
    assert ax.get_ylim() == (1.5, -0.5)
    assert bars(ax) == []


def test_larger_batches_are_darker_and_their_letters_readable() -> None:
    """By the logarithm: 8 is halfway between 1 and 64; white letters on the darkest."""
    ax = drawn(ROWS)
    shade = {
        patch.get_xy(): sum(patch.get_facecolor()[:3])
        for patch in ax.patches
        if isinstance(patch, Rectangle)
    }

    assert shade[-0.5, 0.5] == 3  # empty
    assert 3 > shade[-0.5, -0.5] > shade[1.5, -0.5] > shade[0.5, 0.5]
    assert {text.get_text(): text.get_color() for text in ax.texts} == {
        "1": "black",
        "8": "black",
        "64": "white",
    }


def test_bars_are_the_memory_taken_of_all_there_is() -> None:
    """6 of 8 GB and 3 of 4 GB: three quarters each, the second half as long."""
    ax = drawn(ROWS, devices=[Device(memory=8e9), Device(memory=4e9)], members=MEMBERS)

    used, full, other, half = bars(ax)
    assert used / full == pytest.approx(0.75)
    assert (other, half) == pytest.approx((used / 2, full / 2))
    assert {"6 of 8 GB", "3 of 4 GB", "memory"} <= set(texts(ax).values())


def test_infinite_memory_has_no_frame_to_fill() -> None:
    """What is taken is shown alone."""
    ax = drawn(ROWS, devices=[Device(memory=math.inf)] * 2, members=MEMBERS)

    assert {"6 GB", "3 GB"} <= set(texts(ax).values())
    assert bars(ax)[0] == bars(ax)[1] == pytest.approx(2 * bars(ax)[2])


@pytest.mark.parametrize(("models", "devices", "width"), [(12, 4, 6.9), (1, 16, 3.33)])
def test_the_figure_is_as_large_as_it_must_be(models: int, devices: int, width: float) -> None:
    """Twelve models take both columns of a paper; each row has its height, and texts are apart."""
    names = tuple(f"resnet{i}" for i in range(models))
    allocation = Allocation(names, ((128,) * models,) * devices)
    figure = plots.figure_of(lambda ax: plots.allocation(allocation, ax))
    figure.draw_without_rendering()
    (ax,) = figure.axes
    boxes = [text.get_window_extent() for text in ax.texts]

    assert figure.get_figwidth() == width
    assert figure.get_figheight() > 0.2 * devices
    assert len(boxes) == models * devices
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])


def test_names_too_long_are_cut_and_too_many_devices_refused() -> None:
    """A figure stays one that can be drawn; a dollar is no formula."""
    ax = drawn(Allocation(("$" + "x" * 10**5,), ((1,),)))

    assert ax.get_xticklabels()[0].get_text() == r"\$" + "x" * 26 + "..."
    with pytest.raises(ResultError, match="501 devices are not drawn; at most 500 are"):
        drawn(Allocation(("a",), ((1,),) * 501))


def test_the_command(tmp_path, monkeypatch) -> None:
    """A file gives the figure its name; a broken one is told by its line."""
    monkeypatch.chdir(tmp_path)
    write_allocation("mine.csv", ROWS)
    (tmp_path / "broken.csv").write_text("device,a\n0,x\n")

    done = CliRunner().invoke(main, ["plot", "mine.csv", "allocation"])
    named = CliRunner().invoke(main, ["plot", "mine.csv", "allocation", "-o", "a.svg"])
    broken = CliRunner().invoke(main, ["plot", "broken.csv", "allocation"])
    none = CliRunner().invoke(main, ["plot", "allocation"])
    two = CliRunner().invoke(main, ["plot", "mine.csv", "mine.csv", "allocation"])

    assert done.stdout.split()[:2] == ["mine.pdf", "mine.png"]
    assert (tmp_path / "mine.png").read_bytes().startswith(b"\x89PNG")
    assert named.stdout.split()[:1] == ["a.svg"]
    assert (broken.exit_code, broken.stderr[:34]) == (2, "broken.csv:2: 'x' is not allowed; ")
    assert "allocation of what? Name the MATRIX before it." in none.stderr
    assert "allocation is drawn of one matrix, not 2." in two.stderr
