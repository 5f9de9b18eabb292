"""The figure of decode gains: its numbers are the codes' own."""

import numpy as np
import pytest
from click.testing import CliRunner

from strag_sim import plots
from strag_sim.cli import main
from strag_sim.codes import BerrutCode, LagrangeCode, gains


@pytest.fixture(scope="module")
def axes():
    """Return the axes of the figure."""
    return plots.figure_of(plots.decode_gain).axes[0]


def test_a_median_and_a_worst_for_each_code(axes):
    """Over all sets of results that may be missing."""
    drawn = {line.get_label(): line for line in axes.get_lines()}
    names = [text.get_text() for text in axes.get_legend().get_texts()]

    assert names == [
        "Lagrange, chebyshev",
        "Lagrange, equispaced",
        "Lagrange, systematic",
        "Berrut, chebyshev",
    ]
    median = drawn["Lagrange, chebyshev"].get_ydata()
    worst = axes.get_lines()[1].get_ydata()
    for missing in (0, 2, 4):
        found = gains(LagrangeCode(8, 12), missing)
        assert (median[missing], worst[missing]) == (np.median(found), found.max())


def test_berruts_stays_small_and_lagranges_does_not(axes):
    """What the figure shows."""
    worst = [line.get_ydata()[4] for line in axes.get_lines()[1:8:2]]

    assert worst[3] == gains(BerrutCode(8, 4), 4).max() < 40
    assert min(worst[:3]) > 1e3


def test_the_command(tmp_path, monkeypatch):
    """Two files in the current folder, or the one that is named; no source."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["plot", "decode-gain"])
    assert done.stdout.split()[:2] == ["decode-gain.pdf", "decode-gain.png"]
    done = CliRunner().invoke(main, ["plot", "decode-gain", "-o", "a.png"])
    assert done.stdout.split()[:1] == ["a.png"]
    done = CliRunner().invoke(main, ["plot", "here", "decode-gain"])
    assert done.exit_code == 2
    assert "decode-gain is drawn of nothing; leave out here." in done.stderr
