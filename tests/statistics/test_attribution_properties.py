"""What holds of the parts of every request, over random plans of all policies and features.

That they sum to the response is not enough: whatever is left over would make them sum. So parts
that are drawn before a run, encode, decode and network, are held against what was drawn, and
service against the log.
"""

import numpy as np
from hypothesis import HealthCheck, given, settings
from plans import setups

from strag_sim import engines, plan
from strag_sim.setup import Setup
from strag_sim.statistics.attribution import PARTS, attribute
from strag_sim.tables import ENCODED

TINY = 1e-9


@settings(
    max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(setups())
def test_parts_of_random_plans(setup: Setup) -> None:
    """They are not negative, sum to the response, and are what was drawn and logged."""
    drawn = plan.draw(setup, 0)
    outcome = engines.run("compiled", drawn, True)
    parts = attribute(drawn, outcome)
    response = outcome.completion - outcome.arrival
    answered = ~np.isnan(response)

    assert np.isnan(parts[~answered]).all()
    assert (parts[answered] >= 0).all()
    np.testing.assert_allclose(parts.sum(axis=1)[answered], response[answered], TINY, TINY)
    for request in np.flatnonzero(answered):
        row = dict(zip(PARTS, parts[request].tolist(), strict=True))
        check_drawn(drawn, outcome, request, row, response[request])
        if drawn.paths.name[outcome.path[request]] == "own":
            check_own(drawn, outcome, request, row)


def check_drawn(drawn, outcome, request, row, response) -> None:
    """Hold encode, decode and waiting of a request against its path and the draws.

    Who joins a group when its decode has begun has that part of it which is left.
    """
    layout, draws = drawn.layout, drawn.draws
    path, group = outcome.path[request], outcome.group[request]
    resent = (outcome.path[outcome.group == group] == layout.threshold.size).any()
    cores = drawn.protocol.cores > 0  # what is drawn is then the least, for it may wait for one
    if path == layout.threshold.size:
        assert row["encode"] == row["decode"] == 0
        return
    decode = 0.0
    if layout.decode_column[path] >= 0 and not (layout.together and resent):
        decode = min(draws.decode[group, layout.decode_column[path]], response)
    assert row["decode"] > decode - TINY
    assert cores or row["decode"] < decode + TINY
    assert layout.together or layout.threshold[path] > 1 or row["waiting"] == 0
    tasks = layout.recovery_tasks[slice(*layout.recovery_tasks_from[path : path + 2])]
    encoded = layout.when[tasks] == ENCODED
    encode = draws.encode[group] if draws.encode.size else 0.0
    assert row["encode"] > encode * encoded.all() - TINY
    assert cores or row["encode"] < encode * encoded.any() + TINY


def check_own(drawn, outcome, request, row) -> None:
    """Hold the parts of a request that its own task answered against that task."""
    layout, draws, log = drawn.layout, drawn.draws, outcome.log
    group = outcome.group[request]
    task = group * layout.tasks + np.count_nonzero(outcome.group[:request] == group)
    network = sum(each[request] for each in (draws.own_to, draws.own_from) if each.size)

    assert row["forming"] == row["encode"] == row["delay"] == row["decode"] == 0
    assert abs(row["network"] - network) < TINY
    assert abs(row["service"] - min(log.service[task], log.unslowed[task])) < TINY
    assert abs(row["service"] + row["slowdown"] - log.service[task]) < TINY
    assert layout.together or row["waiting"] == 0
