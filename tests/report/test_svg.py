"""Figures as parts of a page: colours that follow it, ids of their own, paths without ballast."""

import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from strag_sim.plots.marks import of_policy
from strag_sim.report.colours import CONTRAST, DARK, palette, variables
from strag_sim.report.marks import belong, tell
from strag_sim.report.svg import inline


@mpl.rc_context({"path.simplify": False})
def drawn(count: int = 30, hatch: str | None = None) -> str:
    """Return the SVG of a figure of two policies: a curve with a band, and a bar."""
    figure = Figure(figsize=(3, 2))
    ax = figure.add_subplot()
    x = np.linspace(0, 10, count)
    with of_policy(ax, 0):
        ax.plot(x, np.sqrt(x), color="#0072b2", label="one & $x$".replace("$", r"\$"))
        ax.fill_between(x, np.sqrt(x) - 0.1, np.sqrt(x) + 0.1, alpha=0.2)
    with of_policy(ax, 1):
        ax.barh([1], [4.0], color="#d55e00", hatch=hatch, label="two")
    ax.set_yticks([1, 2], ["tw\no", "not a policy"])
    ax.annotate("4 of it", (4, 1))
    ax.annotate("not of it", (4, 1.5))
    ax.set_xlabel("time (ms)")
    ax.legend()
    labels = ["one & $x$", "two"]
    belong(figure, labels)
    return inline(figure, "kind", tell(figure, labels))


def test_it_is_one_element_without_what_html_does_not_want():
    """No namespace, no style sheet that would be the page's, no colour that stays."""
    text = drawn()

    root = ET.fromstring(text)
    assert root.tag == "svg"
    assert not [each for each in root.iter() if each.tag in ("style", "metadata")]
    assert "xlink" not in text
    assert not re.search(r"style=\"[^\"]*#[0-9a-f]{6}", text)
    assert "DejaVu" not in text


def test_ids_are_the_figures_own_and_all_are_used():
    """They begin with its name."""
    text = drawn(hatch="//")
    ids = re.findall(r' id="([^"]+)"', text)

    assert ids
    assert all(each.startswith("kind-") for each in ids)
    used = set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r'href="#([^"]+)"', text))
    assert used == set(ids)


def test_all_that_is_a_policys_is_of_its_class():
    """Marks, entries of the legend and names on an axis; what is not a policy's is not."""
    root = ET.fromstring(drawn())
    texts = {
        number: "".join("".join(g.itertext()) for g in root.iter() if g.get("class") == number)
        for number in ("policy-0", "policy-1")
    }

    assert "one & $x$" in texts["policy-0"]
    assert "two: two, 4 ms" in texts["policy-1"]
    assert {"tw", "o"} <= set(re.findall(r"\w+", texts["policy-1"]))
    assert "4 of it" in texts["policy-1"]
    assert "not of it" not in texts["policy-1"]
    assert "not a policy" in "".join(root.itertext())
    assert "not a policy" not in "".join(texts.values())


def test_marks_say_whose_they_are_and_their_numbers():
    """A bar says how long it is, in the unit of its axis."""
    titles = [each.text for each in ET.fromstring(drawn()).iter("title")]

    assert "one & $x$" in titles
    assert "two: two, 4 ms" in titles


def test_long_paths_are_thinned_and_short_ones_left():
    """What is left are corners of the path, its ends among them, none far from the next."""
    found = {}
    for count in (150, 20_000):
        curve = max(re.findall(r'd="(M[^"z]*)"', drawn(count)), key=len)
        found[count] = np.array(re.findall(r"[ML](\S+?) (-?[\d.]+)", curve), dtype=float)

    assert len(found[150]) == 150
    assert 200 < len(found[20_000]) < 4_000
    assert found[20_000][[0, -1]] == pytest.approx(found[150][[0, -1]])
    assert np.diff(found[20_000], axis=0).max() < 0.5


def test_dots_of_a_pattern_take_little_room():
    """matplotlib draws each of two thousand as four curves; they stay where they are."""
    text = drawn(hatch="....")

    assert len(text) < 60_000
    assert "M0 72h0M3 72h0" in text
    assert "stroke-linecap: round" in text


def test_greys_are_mixtures_of_ink_and_ground():
    """Black becomes ink, white the ground, and what is between stays between, on both pages."""
    style = variables("fill: #000000; stroke: #ffffff; color: #808080")
    assert style == "fill: var(--000000); stroke: var(--ffffff); color: var(--808080)"

    colours = palette([style])

    assert colours["000000"] == ("#1b1f24", DARK[0])
    assert colours["ffffff"] == ("#ffffff", DARK[1])
    for place in (0, 1):
        ink, grey, ground = (
            int(colours[c][place][1:3], 16) for c in ("000000", "808080", "ffffff")
        )
        assert min(ink, ground) < grey < max(ink, ground)


def test_colours_stand_out_on_a_dark_page():
    """Dark blue is lightened, yellow left as it is; on a light page both are."""
    colours = palette(["var(--332288) var(--f0e442)"])

    assert [light for light, _ in colours.values()] == ["#332288", "#f0e442"]
    assert colours["f0e442"][1] == "#f0e442"
    linear = [
        [(int(text[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5)]
        for text in (colours["332288"][1], DARK[1])
    ]
    light, dark = (np.dot([0.2126, 0.7152, 0.0722], each) + 0.05 for each in linear)
    assert light / dark >= 0.95 * CONTRAST
