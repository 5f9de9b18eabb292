"""Draw where the time went, for two scenarios: ``python docs/draw_attribution.py [FOLDER]``."""

import sys
from pathlib import Path

import strag_sim
from strag_sim import plots

HERE = Path(__file__).parent
SCENARIOS = ("collage_vs_replication", "iid_or_persistent")


def main(folder: str | Path = HERE / "figures") -> None:
    """Write a figure a scenario, of 20 runs."""
    for name in SCENARIOS:
        path = HERE.parent / f"scenarios/{name}.yaml"
        scenario = strag_sim.load(path, overrides={"runs": 20})
        result = strag_sim.simulate(scenario, attribution=True)
        plots.write(plots.draw(result, "attribution"), Path(folder) / f"attribution-{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
