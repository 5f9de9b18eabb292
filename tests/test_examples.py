"""The examples run as they are, and print what stands beside them."""

import re
import runpy
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
LONGEST = 60  # lines


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_output(script, tmp_path, monkeypatch, capsys):
    """Each prints what its .txt says, and draws its figure where one stands beside it."""
    monkeypatch.chdir(tmp_path)
    with plt.rc_context({"backend": "agg"}):
        runpy.run_path(str(script), run_name="__main__")
    plt.close("all")

    expected = script.with_suffix(".txt").read_text(encoding="utf-8")
    assert capsys.readouterr().out == expected
    figures = [path.name for path in EXAMPLES.glob(f"{script.stem}.png")]
    assert [path.name for path in tmp_path.glob("*.png")] == figures
    if figures:
        # As large as the one that is shown, and not empty.
        drawn, shown = (plt.imread(home / figures[0]) for home in (tmp_path, EXAMPLES))
        assert drawn.shape == shown.shape
        assert drawn[..., :3].std() > 0.05


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_they_are_short_and_say_what_they_show(script):
    """An example is read at once; the page of examples has a line on it."""
    text = script.read_text(encoding="utf-8")

    assert len(text.splitlines()) < LONGEST
    assert re.match(r'"""[A-Za-z].*[.?]\n\n', text)
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert f"[{script.name}]({script.name})" in page
    assert f"[output]({script.stem}.txt)" in page


def test_everything_belongs_to_an_example():
    """No output is left of one that is gone."""
    known = {script.stem for script in SCRIPTS} | {"README"}

    assert {path.stem for path in EXAMPLES.iterdir() if path.is_file()} <= known
