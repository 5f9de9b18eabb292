"""The compiled engine stays within its arrays: it runs without the checks that would tell."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RANDOM_PLANS = """
from ensembled import deployed_setups
from hypothesis import HealthCheck, given, seed, settings, strategies
from plans import setups
from strag_sim import plan
from strag_sim.engines import compiled

@seed(1)
@settings(max_examples=800, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(strategies.one_of(setups(requests=20), setups(requests=20), deployed_setups()))
def stays_within(setup):
    compiled.run(plan.draw(setup, 0), record=True)

stays_within()
"""


def test_every_access_lies_within_its_array(tmp_path: Path) -> None:
    """Compiled anew with every index checked, random plans over all features raise nothing."""
    checked = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}

    done = subprocess.run(
        [sys.executable, "-c", RANDOM_PLANS],
        env={**os.environ, **checked, **paths},
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert done.returncode == 0, done.stderr
