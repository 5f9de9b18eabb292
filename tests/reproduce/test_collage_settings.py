"""The collage authors' system, grid by grid; and what was computed of it by other means."""

import pytest

from strag_sim.policies import Collage
from strag_sim.reproduce.collage_ratios import quantities
from strag_sim.reproduce.collage_settings import (
    BOUND,
    CLOSED,
    GRIDS,
    SCENARIOS,
    at_grid,
    settings,
)
from strag_sim.scenario import load
from strag_sim.simulate import simulate
from strag_sim.statistics import Quantity, section

FURTHER = [
    {
        "kind": "collage",
        "grid": 3,
        "use": "timeout",
        "timeout": f"{late} ms",
        "label": f"by {late} ms",
    }
    for late in (250, 300, 400)
]
FURTHER.append({"kind": "lagrange", "inputs": 9, "tasks": 10, "threshold": 9, "label": "any nine"})
# Mean, standard deviation and p99 in ms of a group of nine, from 300,000 groups drawn straight from
# the authors' latencies, by a program of a few lines that knows no events.
COMPUTED = {
    "none": (284.5, 192.9, 765.5),
    "one copy": (273.8, 185.7, 762.4),
    "resend at p90": (222.9, 66.7, 401.5),
    "resend at p95": (227.2, 73.7, 424.2),
    "resend at 2 medians": (237.5, 93.3, 487.5),
    "two copies on twice the workers": (165.5, 37.9, 237.7),
    "collage early": (143.1, 44.1, 234.2),
    "by 250 ms": (209.7, 35.7, 250.0),
    "by 300 ms": (220.0, 49.8, 300.0),
    "by 400 ms": (239.1, 84.6, 400.0),
    "any nine": (188.0, 68.5, 681.3),
}


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Quantity]]:
    """Return what the policies of ``COMPUTED`` measure, by group, in few runs."""
    closed = SCENARIOS / "closed.yaml"
    further = load(closed, overrides={"runs": 6, "policies": FURTHER})
    results = [simulate(CLOSED.scenario(3, runs=6), jobs=1), simulate(further, jobs=1)]
    return {
        label: dict(quantities(result, label, 9)) for result in results for label in result.labels
    }


@pytest.mark.parametrize("label", COMPUTED)
def test_groups_are_as_computed(label: str, measured: dict[str, dict[str, Quantity]]) -> None:
    """Within the interval, and the percent by which a table of quantiles is off the latencies."""
    for of, power, computed in zip(
        ("mean", "var", "p99"), (1, 0.5, 1), COMPUTED[label], strict=True
    ):
        found = 1000 * measured[label][of].pooled ** power
        interval = section(found, 1000 * measured[label][of].values ** power, 0.99)
        print(label, of, found, interval, computed)
        assert interval.low - 0.01 * computed <= computed <= interval.high + 0.01 * computed


def test_a_machine_stays_as_slow_as_it_is() -> None:
    """Both services are bound to machines in the settings that say so, and in no others."""
    for setting in settings():
        setup = setting.scenario(2).setups()[0]
        bound = [law.per_worker for law in (setup.service, setup.models["collage"].service)]
        assert bound == [setting.machines == BOUND] * 2


@pytest.mark.parametrize("file", ["closed", "open", "search"])
@pytest.mark.parametrize("grid", GRIDS)
def test_numbers_follow_from_the_grid(file: str, grid: int) -> None:
    """A worker an image and one for the collage; twice the images for two copies of each."""
    setups = at_grid(file, grid, {}).setups()
    images = grid**2

    for setup in setups:
        if isinstance(setup.policy, Collage):
            assert (setup.policy.grid, len(setup.speeds)) == (grid, images + 1)
            assert setup.redundant_workers == 1
    counts = {setup.label: len(setup.speeds) for setup in setups}
    assert counts["none"] == images
    assert counts["two copies"] == images + 1
    assert counts["two copies on twice the workers"] == 2 * images


def test_a_group_is_whole_in_every_run() -> None:
    """Requests and warm-up are so many groups of every grid, so that a group has a response."""
    for setting in settings():
        for grid in GRIDS if setting.together else ():
            scenario = setting.scenario(grid)
            assert scenario.requests % grid**2 == scenario.setups()[0].warm_up % grid**2 == 0
