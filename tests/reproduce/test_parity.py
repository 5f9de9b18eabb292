"""ParM's claims, its settings, and the search: each sees what would make it wrong."""

import math
from typing import Any

import matplotlib.figure
import pytest

from strag_sim.reproduce import page, parity, parity_cells, parity_search
from strag_sim.reproduce.claims import Finding
from strag_sim.reproduce.parity_cells import CELLS, SETTINGS, Cell, Measured, measured, ratio
from strag_sim.reproduce.parity_claims import direction, largest, ratios
from strag_sim.reproduce.parity_search import Unknowns, calibrate
from strag_sim.scenario import load

# Few of the tasks are slow, as where the claims hold.
RARE = {
    "slowdown.0.share": 0.07,
    "slowdown.0.dwell": 0.02,
    "slowdown.0.factor": {"kind": "lognormal", "mean": 0.0083, "cv": 0.95},
    "requests": 20_000,
    "runs": 6,
}


def simulated(**changes: Any) -> Measured:
    """Return what is measured where delays are rare, with some values changed."""
    return measured("calibrated", {**RARE, **changes}, 1)


def verdict(of: Measured, name: str) -> str:
    """Return the verdict on a claim."""
    pair = ratio(of, name)
    low, high = pair.ratio_interval.low, pair.ratio_interval.high
    return Finding(claim=ratios()[name], setting="", value=pair.ratio, low=low, high=high).verdict


def test_ranges_are_those_of_two_times_read_off_with_an_error() -> None:
    """p99: 33.05 / 25.55 to 33.35 / 25.25 ms. A gap has the error twice: 32.1 / 10.55 at least."""
    claims = ratios()

    assert (claims["p99"].low, claims["p99"].high) == pytest.approx((1.29354, 1.32079), abs=1e-5)
    assert claims["p999"].paper.startswith("1.72, 1.70 to 1.73")
    assert (claims["gap"].low, claims["gap"].high) == pytest.approx((32.1 / 10.55, 32.7 / 9.95))
    assert (claims["p50"].low, claims["p50"].high) == (0.99, 1.01)
    assert largest()["p999"].high == pytest.approx(52.7 / 27.404)
    assert direction("gap", "", "").high == math.inf


def test_cells_are_those_of_the_figures() -> None:
    """Fig. 9a over the load, 10 over k, 11 over shuffles; both systems have m + m/k instances."""
    assert len(CELLS) == 9 + 2 + 3
    assert [Cell(k=k).workers for k in (2, 3, 4)] == [18, 16, 15]
    # By hand: 1 - (8/9)^4.
    assert Cell().share == pytest.approx(1 - 4096 / 6561)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.scenario)
def test_scenarios_are_of_the_usual_cell(setting: parity_cells.Setting) -> None:
    """A scenario run by itself is the cell at 270/s, k = 2 and 4 shuffles, to the digits in it."""
    folder = parity_cells.files("strag_sim.reproduce") / "scenarios/parity"
    scenario = load(str(folder / f"{setting.scenario}.yaml"))
    cell = load(str(folder / f"{setting.scenario}.yaml"), overrides=setting.overrides(Cell()))

    assert scenario.slowdown[0].share == pytest.approx(Cell().share, abs=5e-4)
    again = cell.model_copy(update={"slowdown": scenario.slowdown})
    assert again.setups() == scenario.setups()


def test_claims_hold_where_delays_are_rare() -> None:
    """With few tasks slow the median is the same, and parity's tail is as much shorter as said.

    The intervals of so few runs cover all that the talk's numbers may be, but for p99.5.
    """
    of = simulated()

    assert {name: verdict(of, name) for name in ("p50", "p995", "p999", "gap")} == {
        "p50": "inside",
        "p995": "overlaps",
        "p999": "inside",
        "gap": "inside",
    }


def test_what_the_authors_call_the_most_is_a_limit() -> None:
    """All below it is not beyond, and confirms nothing."""
    found = {name: Finding(claim=of, setting="", value=1.0) for name, of in largest().items()}

    assert {each.verdict for each in found.values()} == {"not beyond"}
    assert Finding(claim=largest()["gap"], setting="", value=3.6).verdict == "above"


def test_parities_that_come_too_late_are_seen() -> None:
    """The planted fault: nothing is decoded in time, so 12 workers have the tail that 18 have."""
    of = simulated(encode=10.0)

    assert {verdict(of, name) for name in ("p99", "p995", "p999", "gap")} == {"below"}


def test_parity_workers_beyond_the_same_resources_are_seen() -> None:
    """The planted fault: at 390/s parity has a queue of 12, which 18 base instances would hide."""
    changes = {"arrivals.rate": 390}
    beyond = {"policies.2.workers": {"count": 24}, "policies.2.redundant_workers": 6}
    fair = ratio(simulated(**changes), "p99").ratio_interval
    unfair = ratio(simulated(**changes, **beyond), "p99").ratio_interval

    assert fair.high < unfair.low


def test_a_calibration_gives_equal_resources_the_talks_tail() -> None:
    """33.2 and 52.7 ms, by the law of the added time alone."""
    again = {"runs": 4}
    found = calibrate(Unknowns(0.1, "20 ms", 0.02), again, 1)
    shares = {"slowdown.0.share": found.share, "requests": 20_000, **again}
    of = measured("calibrated", {**found.values(), **shares}, 1)["equal resources"]

    assert of["p99"].pooled == pytest.approx(0.0332, rel=0.01)
    assert of["p999"].pooled == pytest.approx(0.0527, rel=0.02)


def test_the_shipped_law_is_calibrated() -> None:
    """So it is in the scenario whose header says so, as well as four runs tell."""
    of = measured("calibrated", {"runs": 4}, 1)["equal resources"]

    assert of["p99"].pooled == pytest.approx(0.0332, rel=0.03)
    assert of["p999"].pooled == pytest.approx(0.0527, rel=0.1)


def test_the_least_off_at_length_is_found() -> None:
    """A row that was simulated at less length does not count, however near it is."""
    frame = parity_search.pd.DataFrame(
        {"requests": [1, 9, 9], "off": [0.0, 0.2, 0.1], "share": [0.1, 0.2, 0.3]}
    )

    assert parity_search.nearest(frame)["share"].tolist() == [0.3]


def test_delays_grow_with_the_shuffles() -> None:
    """Twice the shuffles, twice the delay; the rest is the setting that was found."""
    row = {**vars(Unknowns(0.07, "20 ms", 0.02, 0.001, 0.008, 0.95)), "holds": 5}
    found, grown = parity_search.as_setting(row), parity_search.longer(row, Cell(shuffles=8))
    factors = [of.values["slowdown.0.factor"]["mean"] for of in (found, grown)]

    assert factors == pytest.approx([0.008, 0.016])
    assert (found.hit, found.rate, found.values["seed"]) == (grown.hit, 270, 2020)
    assert found.label != grown.label


def test_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """All settings and claims, and all paragraphs, from few and short runs."""

    def short(scenario: str, overrides: Any, jobs: int | None) -> Measured:
        return measured(scenario, {**overrides, "requests": 3_000, "warm_up": 100}, jobs)

    for name in ("parity", "parity_search"):
        monkeypatch.setattr(f"strag_sim.reproduce.{name}.measured", short)
    grid = {"SHARES": (0.07,), "COARSE": (0.07,), "SERVICE_CVS": (0.02,), "MEANS": (0.01,)}
    grid |= {"DELAYS": (1e-3,), "CVS": (0.0, 1.0), "NEAREST": 1, "RATES": (390,)}
    for name, values in grid.items():
        monkeypatch.setattr(parity_search, name, values)
    usual = {
        Cell(),
        Cell(rate=390),
        *(Cell(k=k) for k in (3, 4)),
        *(Cell(shuffles=c) for c in (2, 5)),
    }
    monkeypatch.setattr(parity, "CELLS", tuple(usual))
    told: list[str] = []

    found = parity.parity(runs=2, jobs=1, tell=told.append)
    axes = found.draw(matplotlib.figure.Figure().add_subplot())
    text = page(found, "strag-sim reproduce parity")

    assert len(found.findings) == 5 * (5 + 2 + 4)
    assert len(found.tables["search"]) == 2 * (1 + 2) + 1
    assert len(found.tables["cells"]) == (5 * len(usual) + 3) * 5
    assert [line.get_label() for line in axes.get_lines()][:2] == [
        "p99, calibrated",
        "p99.9, calibrated",
    ]
    assert text.count("\n**") == len(found.conditions) - 1
    assert " nan" not in text
    assert any("calibrating" in line for line in told)
