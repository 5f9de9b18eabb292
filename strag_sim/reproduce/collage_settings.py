"""The settings under which collage inference is simulated: its scenarios, grid by grid."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from strag_sim.scenario import Scenario, load
from strag_sim.scenario.reading import read

SCENARIOS = Path(__file__).parent / "scenarios/collage"
GRIDS = (2, 3, 4, 5)
# The grid for which the scenarios are written.
WRITTEN = 3
# More than one in so many requests by less than a request in a run: budgets are met exactly.
_BARELY = 1 + 1e-6
PER_MACHINE = {"service.per_worker": True, "models.collage.service.per_worker": True}
IID, BOUND = "i.i.d.", "per machine"
LOADS = (0.2, 0.4, 0.6)
MEAN = 0.1538  # seconds of a task (profile collage-vm), by which a load is a rate


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One way in which images come and machines are slow.

    Parameters
    ----------
    arrivals, machines : str
        What tables call it.
    file : str
        Its scenario.
    load : float or None
        Share of the capacity of as many workers as images a group; None in a closed loop.
    together : bool
        Whether images come in groups, so that a group has a response: that of its last image.
    changes : mapping
        What differs from the file.
    """

    arrivals: str
    machines: str
    file: str
    load: float | None = None
    together: bool = True
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def a_run_is_a_set(self) -> bool:
        """Whether each run has machines of its own, which stay as slow as they are."""
        return self.machines == BOUND

    def scenario(self, grid: int, runs: int | None = None) -> Scenario:
        """Return the scenario of a grid, with so many runs in place of its own."""
        images = grid**2
        changes = dict(self.changes)
        if self.load is not None:
            changes["arrivals.rate"] = self.load * images / MEAN
            if self.together:
                changes |= {"arrivals.rate": self.load / MEAN, "arrivals.batch": images}
        if runs is not None:
            changes["runs"] = runs
        return at_grid(self.file, grid, changes)


CLOSED = Setting(arrivals="closed loop", machines=IID, file="closed")


def settings() -> Iterator[Setting]:
    """Yield all settings; the authors' own first."""
    yield CLOSED
    few = {"runs": 100, "requests": 5_400}  # a run is one set of machines
    yield Setting(arrivals="closed loop", machines=BOUND, file="closed", changes=few | PER_MACHINE)
    for together, name in ((False, "Poisson"), (True, "Poisson groups")):
        for load_ in LOADS:
            arrivals = f"{name}, load {load_:g}"
            yield Setting(
                arrivals=arrivals, machines=IID, file="open", load=load_, together=together
            )
        yield Setting(
            arrivals=f"{name}, load 0.4",
            machines=BOUND,
            file="open",
            load=0.4,
            together=together,
            changes={"runs": 100, "requests": 7_200} | PER_MACHINE,
        )


def at_grid(file: str, grid: int, changes: Mapping[str, Any]) -> Scenario:
    """Return a scenario with the numbers of this grid in place of those of 3 x 3.

    A closed loop has as many groups for each grid, which ``requests`` counts in images of 3 x 3.
    """
    path = SCENARIOS / f"{file}.yaml"
    written = read(path).value
    images, of = grid**2, WRITTEN**2
    counts = {of: images, of + 1: images + 1, 2 * of: 2 * images}
    fitted: dict[str, Any] = {"workers.count": counts[written["workers"]["count"]], **changes}
    for number, policy in enumerate(written["policies"]):
        path_of = f"policies.{number}"
        if "grid" in policy:
            fitted[f"{path_of}.grid"] = grid
        if "workers" in policy:
            fitted[f"{path_of}.workers.count"] = counts[policy["workers"]["count"]]
        if "budget" in policy:
            fitted[f"{path_of}.budget"] = _BARELY / images
    if written["arrivals"]["kind"] == "closed":
        fitted["arrivals.barrier"] = images
        fitted["requests"] = changes.get("requests", written["requests"]) // of * images
    return load(path, overrides=fitted)
