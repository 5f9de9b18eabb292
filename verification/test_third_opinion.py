"""The compiled engine against a naive simulator that was written from the contract alone."""

import math

import numpy as np
from ensembled import deployed_setups
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import setups, waiting_setups

from strag_sim import engines, plan
from strag_sim.setup import ScriptedPlacement, Setup
from strag_sim.tables import COMPLETE, STATES, STUCK, Outcome, Plan
from verification.third_opinion import Answers, simulate

EXAMPLES = settings(
    max_examples=2000,
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


@st.composite
def scripted_setups(draw: st.DrawFn) -> Setup:
    """Return a random setup whose tasks go to written workers, resends sometimes too."""
    setup = draw(setups())
    groups, shape = setup.requests + setup.warm_up, setup.policy.shape()
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    rows = draw(st.sampled_from([len(shape.tasks) - shape.own, shape.redundant]))
    workers = rng.integers(0, len(setup.speeds), (rows + 1, groups)).tolist()
    placement = ScriptedPlacement(
        own=tuple(workers[0]), redundant=tuple(tuple(row) for row in workers[1:])
    )
    return Setup(**{**vars(setup), "placement": placement})


@EXAMPLES
@given(setups())
def test_compiled_engine_agrees_with_a_naive_simulator(setup: Setup) -> None:
    """Whatever the policy and the features, every answer and every task is the same."""
    check(plan.draw(setup, 0))


@EXAMPLES
@given(scripted_setups())
def test_they_agree_where_workers_are_written(setup: Setup) -> None:
    """Also where a scenario names the worker of each task."""
    check(plan.draw(setup, 0))


@EXAMPLES
@given(waiting_setups())
def test_they_agree_where_workers_wait(setup: Setup) -> None:
    """Also where most that happens at an instant is due to a queue that was waited for."""
    check(plan.draw(setup, 0))


@EXAMPLES
@given(deployed_setups())
def test_they_agree_on_ensembles(setup: Setup) -> None:
    """Also where instances share devices, and a member is asked twice."""
    check(plan.draw(setup, 0))


def check(drawn: Plan) -> None:
    """Assert that both simulators make the same of a plan."""
    outcome = engines.run("compiled", drawn, record=True)
    answers = simulate(drawn)

    assert outcome.code in (COMPLETE, STUCK)  # stuck: fewer clients than a group that waits
    columns = answers_of(outcome)
    if not drawn.layout.noting:
        del columns["returned"]
    for name, column in columns.items():
        if name in ("state", "worker", "path", "group", "returned", "batch"):
            np.testing.assert_equal(column, known(answers)[name], err_msg=name)
        else:  # the last bit may differ where a size is looked up in another way
            np.testing.assert_allclose(column, known(answers)[name], rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(outcome.totals[:2], [answers.busy, answers.cost], 1e-9, 1e-12)


def answers_of(outcome: Outcome) -> dict[str, list[object]]:
    """Return what the engine says, by request and by task."""
    log = outcome.log
    assert log is not None
    return only_released(
        {
            "completion": outcome.completion.tolist(),
            "path": outcome.path.tolist(),
            "group": outcome.group.tolist(),
            "returned": outcome.returned.tolist(),
        },
        {
            "released": log.released.tolist(),
            "state": [STATES[state] for state in log.state],
            "worker": log.worker.tolist(),
            "started": log.started.tolist(),
            "finished": log.finished.tolist(),
            "unslowed": log.unslowed.tolist(),
            "batch": log.batch.tolist(),
        },
    )


def known(answers: Answers) -> dict[str, list[object]]:
    """Return what the naive simulator says, likewise."""
    tasks = ("released", "state", "worker", "started", "finished", "unslowed", "batch")
    requests = ("completion", "path", "group", "returned")
    return only_released(
        {name: getattr(answers, name) for name in requests},
        {name: getattr(answers, name) for name in tasks},
    )


def only_released(
    requests: dict[str, list[object]], tasks: dict[str, list[object]]
) -> dict[str, list[object]]:
    """Return all columns; a task that was never released has no row in them, only a NaN."""
    released = [isinstance(t, float) and not math.isnan(t) for t in tasks["released"]]
    kept = {
        name: [x if r else math.nan for x, r in zip(column, released, strict=True)]
        for name, column in tasks.items()
    }
    return requests | kept
