"""The figure of a profile: what it draws, and that its bytes do not change."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from by_batch import DEVICE, point, write
from matplotlib.figure import Figure

from strag_sim import plots, profiles


def drawn(name):
    """Return the profile and the axes on which it is drawn."""
    law = profiles.load(name)
    return law, plots.profile(law, Figure().add_subplot())


@pytest.mark.parametrize(("name", "unit"), [("lambda-java21", 1e3), ("seattle-rtt", 1)])
def test_curve_is_the_law(name, unit):
    """The share falls from 1, and is a half and a hundredth at the quantiles of the table."""
    law, ax = drawn(name)
    time, share = ax.get_lines()[0].get_data()

    order = np.argsort(share)
    found = np.interp([0.01, 0.5], share[order], time[order])
    wanted = np.interp([0.99, 0.5], law.levels, law.values) * unit
    assert found == pytest.approx(wanted, rel=1e-6)
    assert share.max() == 1
    assert share.min() == pytest.approx(max(1 / law.n, 1e-5))


@pytest.mark.parametrize(
    ("name", "label", "scale"),
    [
        ("faas-aws", "time t (ms)", "linear"),
        ("seattle-rtt", "time t (s)", "log"),
        ("pbs-yammer-write", "time t (ms)", "log"),
        ("azure-fresh-vm-memset", "factor f (times the median)", "linear"),
    ],
)
def test_axes(name, label, scale):
    """The file's unit, or times the median; logarithmic where the tail is long."""
    _, ax = drawn(name)

    assert ax.get_xlabel() == label
    assert ax.get_xscale() == scale
    assert ax.get_yscale() == "log"
    assert ax.get_title() == ""


def test_factors_of_something_else_are_no_times_the_median(tmp_path):
    """A file of ratios may hold any factors, here five times those of a shipped profile."""
    law = profiles.load("azure-fresh-vm-memset")
    content = {
        "name": "five",
        "description": "Factors.",
        "source": "This test.",
        "licence": "None.",
        "unit": "ratio",
        "n": law.n,
        "mean": 5 * law.mean,
        "std": 5 * law.std,
        "levels": law.levels.tolist(),
        "values": (5 * law.values).tolist(),
    }
    profiles.write(tmp_path / "five.json", content)

    _, ax = drawn(str(tmp_path / "five.json"))

    assert ax.get_xlabel() == "factor f"


def test_machines_are_thin_lines_with_one_entry_in_the_legend():
    """Fifty of them, each ending where one of its measurements would be."""
    law, ax = drawn("collage-vm")
    thin = [line for line in ax.get_lines() if line.get_linewidth() < 0.5]

    assert len(thin) == len(law.machines) == 50
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts == ["all", "each of 50 machines"]
    for machine, line in zip(law.machines, thin, strict=True):
        assert line.get_ydata().min() == pytest.approx(1 / machine.n)


@pytest.mark.parametrize(
    ("name", "phrase"),
    [("faas-gcp", "faas-gcp: n = 200. "), ("pbs-yammer-read", "from published parameters")],
)
def test_caption_says_what_it_rests_on(name, phrase):
    """n and the source, whole."""
    law, ax = drawn(name)

    caption = ax.texts[-1].get_text()

    assert phrase in caption
    whole = f"{phrase}{law.source}" if law.n else law.source
    assert "".join(whole.split()) in "".join(caption.split())


@pytest.fixture
def by_batch(tmp_path):
    """The path of a profile of three batch sizes, in any order, one of them at two concurrencies.

    Its file counts microseconds.
    """
    made = [point(1), point(4, n=2000), point(1, 2), point(2)]
    for each in made:
        each["values"] = [1000 * value for value in each["values"]]
        each["mean"], each["std"] = 1000 * each["mean"], 1000 * each["std"]
    return write(tmp_path / "x.json", *made, unit="us")


def test_each_batch_size_has_a_curve(by_batch):
    """Those of the first point's concurrency, rising, each down to the share of one call."""
    law, ax = drawn(by_batch)
    curves = [line for line in ax.get_lines() if line.get_label().startswith("batch")]
    points = sorted((p for p in law.points if p.concurrency == 1), key=lambda point: point.batch)

    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["batch of 1", "batch of 2", "batch of 4"]
    assert len({(line.get_color(), line.get_linestyle()) for line in curves}) == 3
    for each, line in zip(points, curves, strict=True):
        time, share = line.get_data()
        order = np.argsort(share)
        wanted = np.interp([0.99, 0.5], each.levels, each.values) * 1e3
        assert np.interp([0.01, 0.5], share[order], time[order]) == pytest.approx(wanted)
        assert share.min() == pytest.approx(1 / each.n)
    assert ax.get_ylim()[0] == pytest.approx(1 / 2000)


def test_the_axis_of_points_has_a_unit_that_suits(by_batch):
    """Milliseconds though the file counts microseconds; all curves lie within the axis."""
    law, ax = drawn(by_batch)

    assert ax.get_xlabel() == "time t (ms)"
    assert ax.get_xlim()[1] > 1e3 * max(point.values[-1] for point in law.points if point.n == 2000)


def test_the_caption_of_points_says_of_what_n_is_and_the_device(by_batch):
    """n of the batch of 1; and the concurrency where it is not 1."""
    caption = " ".join(drawn(by_batch)[1].texts[-1].get_text().split())
    assert caption == f"made-up: n = 400 calls with a batch of 1. Measured on {DEVICE}. This test."

    write(Path(by_batch), point(1, 2))
    caption = " ".join(drawn(by_batch)[1].texts[-1].get_text().split())
    assert f"Measured on {DEVICE}. Concurrency 2. This test." in caption


def test_a_long_tail_of_any_batch_size_makes_the_axis_logarithmic(tmp_path):
    """From the least time of the fastest to the largest of the slowest."""
    law, ax = drawn(write(tmp_path / "x.json", point(1), point(100)))

    assert ax.get_xscale() == "log"
    assert ax.get_xlim()[0] <= 1e3 * np.interp(0.01, law.levels, law.values) * 1.001
    assert ax.get_xlim()[1] > 1e3 * law.points[1].values[-1]


def test_nothing_of_points_is_cut_off(tmp_path):
    """Nor with many batch sizes, whose legend is high."""
    path = write(tmp_path / "x.json", *(point(2**i) for i in range(8)))
    test_nothing_is_cut_off(path)


@pytest.mark.parametrize("name", profiles.names())
def test_nothing_is_cut_off(name):
    """Caption, labels and legend lie within the page, and the axes are not pressed flat."""
    figure = plots.figure_of(partial(plots.profile, profiles.load(name)))
    figure.draw_without_rendering()
    ax, page = figure.axes[0], figure.bbox

    box = ax.get_tightbbox()
    assert box.x0 >= page.x0
    assert box.y0 >= page.y0
    assert box.x1 <= page.x1
    assert box.y1 <= page.y1
    inches = ax.get_window_extent().height / figure.dpi
    assert inches > 1.5


@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_same_profile_same_bytes(tmp_path, ending):
    """Two drawings of one profile are the same file."""
    law = profiles.load("collage-vm")
    paths = [tmp_path / f"{name}.{ending}" for name in "ab"]

    for path in paths:
        plots.write(plots.figure_of(partial(plots.profile, law)), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
