"""What is found of collage inference: claims, verdicts, and that a broken collage would show."""

import math
from pathlib import Path

import pandas as pd
import pytest

from strag_sim.reproduce import collage, collage_text, reproduce, write
from strag_sim.reproduce.collage import CLAIMS, by_group, findings, simulated
from strag_sim.reproduce.collage_ratios import ratios, spread_over_runs
from strag_sim.reproduce.collage_settings import CLOSED, Setting, at_grid, settings
from strag_sim.simulate import simulate


def told(_: str) -> None:
    """Tell nobody."""


@pytest.fixture(scope="module")
def matrix() -> pd.DataFrame:
    """Return the authors' own setting at two grids, in few runs."""
    return simulated([CLOSED], [2, 3], 3, 1, told)[0]


def test_claims_are_held_at_each_grid(matrix: pd.DataFrame) -> None:
    """ICDCS's p99 and variance hold at 3 x 3 against resends; nine standard deviations do not."""
    found = list(findings(matrix))
    verdicts = {(each.claim.what, each.claim.low, each.setting): each.verdict for each in found}

    assert len(found) == 2 * len(CLAIMS)
    assert verdicts["p99, baseline over collage", 1.2, "3x3"] == "inside"
    assert verdicts["variation as variance, baseline over collage", 1.8, "3x3"] == "inside"
    deviation = "variation as standard deviation, baseline over collage"
    assert verdicts[deviation, 8.5, "3x3"] == "below"


def test_a_deviation_is_the_root_of_a_variance(matrix: pd.DataFrame) -> None:
    """The interval too."""
    found = {each.claim.what: each for each in findings(matrix) if each.claim.low == 1.8}
    variance, deviation = found.values()

    assert deviation.value == pytest.approx(math.sqrt(variance.value))
    assert deviation.high == pytest.approx(math.sqrt(variance.high))


def test_an_image_is_no_later_than_its_group(matrix: pd.DataFrame) -> None:
    """By group and by image are two things but by the authors' rule for both."""
    same = matrix.query("baseline == 'none' and collage == 'collage early' and grid == 3")

    assert set(same["unit"]) == {"group", "image"}
    assert same["mean"].nunique() == 2
    assert set(by_group(matrix)["unit"]) == {"group"}


def test_a_collage_that_never_answers_is_outside() -> None:
    """Then early use is no redundancy, and resends are faster: the ratio falls below 1.2."""
    never = {"models.collage.service.scale": 1e6, "runs": 2, "requests": 9_000}
    rows = ratios(simulate(at_grid("closed", 3, never), jobs=1), 9)
    broken = rows.query("baseline == 'resend at p95' and collage == 'collage early'")

    assert broken["p99_high"].item() < 1.2
    none = rows.query("baseline == 'none' and collage == 'collage early'")
    assert none["p99"].item() == pytest.approx(1.0, abs=1e-9)


def test_unstable_baselines_have_no_ratio() -> None:
    """Two copies of all at 0.6 of a load without them is more than the workers can do."""
    heavy = Setting(
        arrivals="", machines="i.i.d.", file="open", load=0.6, together=False,
        changes={"requests": 18_000, "cancel": "never"},
    )  # fmt: skip
    rows = ratios(simulate(heavy.scenario(4, runs=2), jobs=1), 1)

    assert rows.query("baseline == 'two copies'")["p99"].isna().all()
    assert rows.query("baseline == 'none' and collage == 'collage early'")["p99"].notna().all()


def test_sets_of_machines_differ() -> None:
    """Bound to machines, the ratio depends on which one has; there is a share that is inside."""
    bound = next(each for each in settings() if each.a_run_is_a_set)
    changes = bound.changes | {"requests": 900}
    scenario = at_grid("closed", 3, changes | {"runs": 8})
    rows = spread_over_runs(simulate(scenario, jobs=1), 9, 1.2, 2.0)

    assert (rows["p10"] <= rows["p50"]).all()
    assert (rows["p50"] <= rows["p90"]).all()
    assert (rows["p90"] > rows["p10"] * 1.1).any()
    assert rows["inside"].between(0, 1).all()


def test_no_variance_has_no_ratio() -> None:
    """Where all groups end at the timeout the variance is rounding."""
    fast = {"models.collage.service.scale": 0.01, "policies.8.timeout": 0.05}
    rows = ratios(simulate(at_grid("closed", 3, fast | {"runs": 2, "requests": 900}), jobs=1), 9)
    ended = rows.query("baseline == 'none' and collage == 'collage at 2 medians'")

    assert ended["var"].isna().all()
    assert ended["p99"].gt(1).all()


@pytest.mark.slow
def test_the_whole_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs of two grids: all files, each claim at each grid, and no number left out."""
    for room in (collage, collage_text):
        monkeypatch.setattr(room, "GRIDS", (2, 3))
    lines: list[str] = []
    written = write(reproduce("collage", runs=2, jobs=1, tell=lines.append), tmp_path, "command")

    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert len(lines) == 11 * 2
    assert {path.name for path in written} >= {
        "matrix.csv",
        "machines.csv",
        "search.csv",
        "building.csv",
    }
    assert len(pd.read_csv(tmp_path / "claims.csv")) == 2 * len(CLAIMS)
    assert "nan" not in text
