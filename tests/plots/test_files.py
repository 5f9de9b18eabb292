"""A figure as files: what it shows, what it rests on, and LaTeX's own format."""

import json
import shutil
import subprocess

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure
from measured import simulated

from strag_sim import plots
from strag_sim.errors import ResultError
from strag_sim.plots.marks import background, faint, ink, kept, of_policy
from strag_sim.results import Result
from strag_sim.statistics import estimate

KNOWN = {"seed": 7, "versions": {"strag-sim": "0.0.9"}, "name": "mine"}


def result_of(*labels, runs=3):
    """Return a result of these policies."""
    samples = [simulated(label, requests=400, runs=runs) for label in labels]
    return Result.of(samples, list(map(estimate, samples)), "", KNOWN, confidence=0.9)


def test_data_and_caption_stand_beside_the_figure(tmp_path):
    """What is drawn in SI units; what it rests on, in numbers and in a sentence."""
    result = result_of("none")

    written = plots.publish(
        plots.draw(result, "ccdf"), [tmp_path / "a.svg"], plots.of_result(result, "ccdf")
    )

    assert [path.name for path in written] == ["a.svg", "a.data.csv", "a.caption.json"]
    data = pd.read_csv(tmp_path / "a.data.csv")
    assert list(data) == ["label", "response", "ccdf", "low", "high"]
    assert len(data) > 100
    caption = json.loads((tmp_path / "a.caption.json").read_text())
    assert (caption["runs"], caption["requests"], caption["n"]) == (3, 400, 1200)
    assert (caption["seed"], caption["version"], caption["scenario"]) == (7, "0.0.9", "mine")
    assert (caption["confidence"], caption["policies"]) == (0.9, ["none"])
    assert caption["caption"] == (
        "The share of responses that take longer than a time, by policy. 3 runs of 400 requests a "
        "policy. Intervals: 90 % confidence (Student t over runs, at each single time)."
    )


def test_one_run_has_no_intervals_in_its_caption():
    """None is promised where none is drawn."""
    caption = plots.of_result(result_of("none", runs=1), "ccdf")

    assert (caption["confidence"], caption["intervals"]) == (None, None)
    assert str(caption["caption"]).endswith("No intervals: one run has none.")


@pytest.mark.parametrize("kind", ["ccdf", "warm-up", "pareto"])
def test_marks_are_of_their_policy(kind):
    """Each policy's marks carry the number of its row, by which a page hides them."""
    (ax,) = plots.draw(result_of("one", "two"), kind).axes

    found = {artist.get_gid() for artist in ax.get_children() if artist.get_gid()}

    assert found == {"policy-0", "policy-1"}
    assert kept(ax) is not None


def test_marks_outside_belong_to_nobody():
    """Only what is drawn within the context."""
    ax = Figure().add_subplot()
    (before,) = ax.plot([1])
    with of_policy(ax, 3):
        (within,) = ax.plot([2])

    assert (before.get_gid(), within.get_gid()) == (None, "policy-3")


def test_styles():
    """Ink on its background, pale ink between the two; the width of a page."""
    with plots.styled("dark", "page"):
        assert (ink(), background()) == ("#f2f2f2", "#171a21")
        assert faint(0.0) == "#171a21"
        assert mpl.rcParams["figure.figsize"][0] == 5.33
    with plots.styled():
        assert (ink(), background(), faint(0.5)) == ("#000000", "#ffffff", "#808080")
        assert list(mpl.rcParams["figure.figsize"]) == [3.33, 2.4]
    with pytest.raises(ResultError, match="style: 'loud' is not allowed"), plots.styled("loud"):
        pass


@pytest.mark.parametrize("style", plots.STYLES)
@pytest.mark.parametrize("width", plots.WIDTHS)
def test_a_figure_is_as_wide_as_its_style_says(style, width, tmp_path):
    """In inches, and the PNG in pixels: a page of slides has 1920."""
    figure = plots.draw(result_of("none"), "ccdf", style=style, width=width)
    plots.write(figure, tmp_path / "a.png")

    inches = {"column": 3.33, "page": 6.9 if style == "paper" else 5.33}[width]
    pixels = int.from_bytes((tmp_path / "a.png").read_bytes()[16:20], "big")
    assert figure.get_figwidth() == pytest.approx(inches)
    assert pixels == pytest.approx(inches * (300 if style == "paper" else 360), abs=1)


def test_pgf_without_latex_is_told(tmp_path, monkeypatch):
    """What is missing, and nothing is written."""
    figure = plots.draw(result_of("none"), "ccdf")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ResultError, match="PGF is measured by LaTeX, which does not run here"):
        plots.write(figure, tmp_path / "a.pgf")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("kind", ["ccdf", "cdf", "variance"])
def test_pgf_is_typeset(tmp_path, kind):
    """LaTeX takes the figure into a paper, whatever signs labels hold, in legends and at ticks."""
    result = result_of("a_b & 50 % #1 $x$", "$5 {<~^>} \\foo", "none")
    plots.write(plots.draw(result, kind), tmp_path / "a.pgf")
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\usepackage{pgf}\\begin{document}\\input{a.pgf}\\end{document}"
    )

    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "paper.pdf").is_file()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_what_latex_cannot_set_is_told(tmp_path):
    """A letter that pdflatex has no font for; ticks of the figure stay as they were."""
    figure = plots.draw(result_of("α_1", "none"), "variance")
    named = [text.get_text() for text in figure.axes[0].get_yticklabels()]

    with pytest.raises(ResultError, match="LaTeX cannot set 'α"):
        plots.write(figure, tmp_path / "a.pgf")

    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == named
    assert list(tmp_path.iterdir()) == []
