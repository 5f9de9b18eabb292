"""The figure of where time went: bars as long as responses, made of their parts in order."""

import numpy as np
import pytest

import strag_sim
from strag_sim import plots
from strag_sim.errors import ResultError
from strag_sim.plots.attribution import LOOKS
from strag_sim.statistics.attribution import PARTS

SCENARIO = {
    "runs": 2,
    "requests": 2000,
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 4},
    "policies": [{"kind": "none"}, {"kind": "mds", "inputs": 2, "tasks": 3}],
}
ALL_PARTS = {
    "encode": 0.1,
    "decode": 0.1,
    "network": {"to_worker": 0.1, "from_worker": 0.1},
    "slowdown": [{"kind": "states", "factor": 3, "dwell": 10, "share": 0.1}],
    "policies": [{"kind": "hedge", "delay": 1}, {"kind": "parity", "inputs": 3}],
}


def simulated(**keys):
    """Simulate a scenario, and attribute."""
    return strag_sim.simulate(strag_sim.load({**SCENARIO, **keys}), attribution=True)


@pytest.fixture(scope="module")
def result():
    """Return the result of two policies."""
    return simulated()


def bars(ax):
    """Return (place, start, length) of each piece that is drawn, from the left."""
    found = [
        (bar.get_y() + bar.get_height() / 2, bar.get_x(), bar.get_width()) for bar in ax.patches
    ]
    return sorted(found)


def texts(things):
    """Return what they say."""
    return [thing.get_text() for thing in things]


def test_bars_are_the_table(result):
    """Two bars a policy; each piece begins where the one before it ends, and all make the total."""
    table = result.attribution()
    (ax,) = plots.draw(result, "attribution").axes
    drawn = bars(ax)

    places = sorted({round(float(place), 3) for place, _, _ in drawn})
    assert places == pytest.approx([-0.32, 0, 0.68, 1])
    for place, label, of in ((0, "none", "above p99"), (0.68, "mds 2/3", "all")):
        chosen = (table["label"] == label) & (table["of"] == of) & (table["seconds"] > 0)
        seconds = table["seconds"][chosen]
        pieces = [(start, length) for at, start, length in drawn if at == pytest.approx(place)]
        assert [length for _, length in pieces] == pytest.approx(seconds.tolist())
        assert [start for start, _ in pieces] == pytest.approx(
            [0, *np.cumsum(seconds)[:-1].tolist()]
        )


def test_what_is_written(result):
    """The policies, the parts that take any time, and the mean response above p99."""
    (ax,) = plots.draw(result, "attribution").axes
    totals = result.attribution().query("of == 'above p99'").groupby("label")["seconds"].sum()

    assert texts(ax.get_yticklabels()) == ["none", "mds 2/3"]
    assert ax.yaxis_inverted()
    parts = ["group forming", "queue", "service", "waiting for k-th"]
    assert texts(ax.get_legend().get_texts()) == parts
    assert texts(ax.texts) == [f"{totals[label]:.3g} s" for label in ("none", "mds 2/3")]
    assert ax.get_xlabel() == "mean response above p99 (s);\nthin: of all requests"


def test_all_parts_find_room():
    """Every part has a look of its own, and the legend of all nine stays on the page."""
    figure = plots.draw(simulated(**ALL_PARTS), "attribution")
    figure.draw_without_rendering()
    (ax,) = figure.axes

    assert list(LOOKS) == list(PARTS)
    assert len(set(LOOKS.values())) == len(LOOKS)
    assert texts(ax.get_legend().get_texts()) == [name for name, _, _ in LOOKS.values()]
    box = ax.get_legend().get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.x1
    assert box.y0 >= ax.get_window_extent().y1


def test_neighbours_differ_without_colour():
    """Parts that can stand side by side differ by a fifth of grey, or in their strokes."""
    grey = {
        part: 0.299 * int(c[1:3], 16) + 0.587 * int(c[3:5], 16) + 0.114 * int(c[5:], 16)
        for part, (_, c, _) in LOOKS.items()
    }
    order = list(LOOKS)
    for i, one in enumerate(order):
        for other in order[i + 1 :]:
            alike = abs(grey[one] - grey[other]) < 255 / 5
            # Waiting ends, and encode begins, on the far sides of service, which always is there.
            apart = i < order.index("service") < order.index(other)
            assert not alike or apart or LOOKS[one][2] != LOOKS[other][2], (one, other)


def test_a_policy_without_bars():
    """An unstable one is named, an oracle is not; where no request is above p99 this is said."""
    busy = {"kind": "none", "workers": {"count": 1}, "label": "busy"}
    keys = {
        "arrivals": {"kind": "deterministic", "interval": 1},
        "service": {"kind": "deterministic", "value": 2},
        "requests": 20_000,
    }
    result = simulated(
        **keys,
        workers={"count": 4, "placement": "round-robin"},
        policies=[{"kind": "none"}, busy, {"kind": "oracle"}],
    )
    (ax,) = plots.draw(result, "attribution").axes

    assert texts(ax.texts) == ["none above p99", "unstable"]
    with pytest.raises(ResultError, match="no attribution can be drawn: all policies are unstable"):
        plots.draw(simulated(**keys, policies=[busy]), "attribution")


def test_a_result_that_was_not_attributed():
    """The message says how to run it."""
    result = strag_sim.simulate(strag_sim.load({**SCENARIO, "requests": 50}))

    with pytest.raises(ResultError, match="run again with --attribution"):
        plots.draw(result, "attribution")


def test_a_long_label_leaves_the_bars_their_room():
    """It goes on in further lines, for which its row is high enough."""
    label = "two coded tasks of every three requests, sent to workers that were drawn at random"
    policies = [{**SCENARIO["policies"][1], "label": text} for text in (label, f"{label}, anew")]
    figure = plots.draw(simulated(policies=policies), "attribution")
    figure.draw_without_rendering()
    (ax,) = figure.axes

    assert ax.get_window_extent().width > 0.5 * figure.bbox.width
    one, other = (text.get_window_extent() for text in ax.get_yticklabels())
    assert one.y0 >= other.y1


def test_the_same_bytes(result, tmp_path):
    """The same result gives the same file."""
    for name in ("a.pdf", "b.pdf"):
        plots.write(plots.draw(result, "attribution"), tmp_path / name)

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
