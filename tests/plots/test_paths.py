"""The figure of who answered: shares by path, where they are from, and what is not known."""

from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

import strag_sim
from strag_sim import plots
from strag_sim.plots.marks import kept
from strag_sim.plots.paths import FURTHER, LOOKS, OTHER, looks_of
from strag_sim.results import Result

LONG = "two copies at $1.50 an hour_of work, of which the loser is $ cancelled_late"
SCENARIO = {
    "runs": 3,
    "requests": 1000,
    "arrivals": {"kind": "poisson", "offered_load": 0.2},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 5},
    "policies": [
        {"kind": "none"},
        {"kind": "hedge", "delay": 1.5},
        {"kind": "mds", "inputs": 2, "tasks": 3},
    ],
}
ALL = [
    {"kind": "none"},
    {"kind": "replication", "copies": 2},
    {"kind": "replication", "copies": 2, "cancel": "running", "label": LONG},
    {"kind": "hedge", "delay": 1},
    {"kind": "relaunch", "timeout": 2},
    {"kind": "collage", "grid": 2},
    {"kind": "parity", "inputs": 3},
    {"kind": "mds", "inputs": 2, "tasks": 3},
    {"kind": "collage", "grid": 2, "use": "timeout", "timeout": 3, "label": "by $timeout$"},
]


def simulated(record: str = "summary", **keys: object) -> Result:
    """Simulate a scenario."""
    return strag_sim.simulate(strag_sim.load({**SCENARIO, **keys}), record=record)


@pytest.fixture(scope="module")
def result() -> Result:
    """Return the result of three policies, in memory, requests recorded."""
    return simulated("requests")


def drawn(result: Result) -> Axes:
    """Return the axes of the figure of a result, laid out."""
    figure = plots.draw(result, "paths")
    figure.draw_without_rendering()
    return figure.axes[0]


def bars(ax: Axes) -> list[tuple[float, float]]:
    """Return the start and length of the pieces that are drawn, row by row."""
    found = [each for each in ax.patches if isinstance(each, Rectangle)]
    return [(bar.get_x(), bar.get_width()) for bar in found]


def written(ax: Axes) -> list[str]:
    """Return the texts beside the axes."""
    return [text.get_text() for text in ax.texts]


def legend(ax: Axes) -> list[str]:
    """Return what the legend has."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_pieces_are_the_shares(result: Result) -> None:
    """All own; own and then hedged, as straggled says; all coded."""
    ax, summary = drawn(result), result.summary()
    straggled = float(summary["straggled"][1])

    assert 0.05 < straggled < 0.4
    assert bars(ax) == [
        (0, 1),
        (0, pytest.approx(1 - straggled)),
        (pytest.approx(1 - straggled), pytest.approx(straggled)),
        (0, 1),
    ]
    assert legend(ax) == ["own", "hedge", "coded"]
    assert written(ax)[::2] == ["0.0 %", "no own tasks"]
    assert written(ax)[1].startswith(f"{100 * straggled:.0f}")
    assert written(ax)[3] == "not own"


def test_data_have_what_is_written_behind(result: Result) -> None:
    """The share that was not own and its interval, on each row of its policy."""
    found, summary = kept(drawn(result)), result.summary().set_index("label")

    assert list(found) == ["label", "path", "share", "not_own", "not_own_low", "not_own_high"]
    hedged = found[found["label"] == "hedge 1.5 s"]
    assert list(hedged["path"]) == ["own", "hedge"]
    for end in ("", "_low", "_high"):
        assert set(hedged[f"not_own{end}"]) == {summary[f"straggled{end}"]["hedge 1.5 s"]}


def test_memory_recorded_requests_and_a_folder_agree(result: Result, tmp_path: Path) -> None:
    """What runs counted is what recorded requests say."""
    result.save(tmp_path / "made")

    one, other = (kept(drawn(each)) for each in (result, Result.open(tmp_path / "made")))
    assert one.equals(other)


def test_without_recorded_requests_only_own_and_other_are_known(tmp_path: Path) -> None:
    """From the summary; the caption says what else there could be."""
    made = simulated()
    made.save(tmp_path / "made")
    ax = drawn(Result.open(tmp_path / "made"))

    assert legend(ax) == ["own", "other"]
    assert [round(length, 6) for _, length in bars(ax)] == [
        round(length, 6) for _, length in bars(drawn(made))
    ]
    assert "run again with --record requests" in written(ax)[-1].replace("\n", " ")


def test_one_run_and_one_policy() -> None:
    """A share without an interval."""
    ax = drawn(simulated(runs=1, policies=[{"kind": "hedge", "delay": 1}]))

    assert len(bars(ax)) == 2
    assert written(ax)[0].endswith(" %")
    assert "(" not in written(ax)[0]


def test_unstable_policies_are_named() -> None:
    """Their answers have paths all the same."""
    keys = {"requests": 20_000, "arrivals": {"kind": "poisson", "rate": 8}}
    ax = drawn(simulated(**keys, policies=[{"kind": "replication", "copies": 2, "label": "two"}]))

    assert [text.get_text() for text in ax.get_yticklabels()] == ["two (unstable)"]
    assert len(bars(ax)) == 2


def test_an_oracle_names_the_policies_of_its_answers() -> None:
    """Paths that no policy shipped has get looks of their own."""
    ax = drawn(simulated(policies=[*SCENARIO["policies"][:2], {"kind": "oracle"}]))

    assert {"none: own", "hedge 1.5 s: own"} & set(legend(ax))


def test_looks_differ() -> None:
    """No two paths are filled alike, and in grey they differ by a sixth or by strokes."""

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    looks = [look for name, look in LOOKS.items() if name != OTHER] + list(FURTHER)
    for i, (colour, strokes) in enumerate(looks):
        for other, marks in looks[:i]:
            assert strokes != marks or abs(grey(colour) - grey(other)) > 255 / 6, (colour, other)
    given = looks_of(["own", "mine", "yours"])
    assert given["mine"]["facecolor"] != given["yours"]["facecolor"]


def test_nine_policies_keep_apart() -> None:
    """With a long label and signs of formulas: nothing is cut, and no texts overlap."""
    ax = drawn(simulated(policies=ALL))
    page = ax.get_figure().bbox
    texts = [*ax.get_yticklabels(), *ax.texts, *ax.get_legend().get_texts()]
    boxes = [text.get_window_extent() for text in texts]

    assert {"own", "copy", "hedge", "relaunch", "collage", "parity", "coded"} <= set(legend(ax))
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 for box in boxes)
    assert all(page.y0 <= box.y0 and box.y1 <= page.y1 for box in boxes)
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert ax.get_window_extent().width > 0.25 * page.width


def test_marks_belong_to_their_policy(result: Result) -> None:
    """The pieces and the text of each row."""
    ax = drawn(result)

    gids = [bar.get_gid() for bar in ax.patches]
    assert gids == ["policy-0", "policy-1", "policy-1", "policy-2"]
    assert [text.get_gid() for text in ax.texts] == [f"policy-{i}" for i in range(3)] + [None]
