"""The kit for authors of policies: does a policy keep to the rules that every engine relies on?"""

import dataclasses
import itertools

import numpy as np

from strag_sim import engines, plan
from strag_sim.arrivals import Deterministic as Regular
from strag_sim.arrivals import Poisson
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.uniform import Uniform
from strag_sim.policies.shape import Policy, Shape
from strag_sim.setup import Cancel, Model, Setup
from strag_sim.tables import COMPLETE, STATES, Outcome

CANCELS: tuple[Cancel, ...] = ("never", "queued", "running", "on-start")


def check_policy(policy: Policy, *, plans: int = 50) -> None:
    """Check a policy; raise an AssertionError that says what is wrong with it.

    It must be a frozen dataclass with a docstring, give the same valid shape each time, answer
    every request (alone, in a short group, and under load), and both engines must run it to the
    same outcome, to the last bit, on so many small random plans.

    Parameters
    ----------
    policy : Policy
        An object with a ``shape()``, such as ``Replication(copies=2)``.
    plans : int
        Random plans on which the engines are compared, spread over the ways to cancel.
    """
    name = type(policy).__name__
    _require(dataclasses.is_dataclass(policy), f"{name} is not a dataclass")
    _require(_is_frozen(policy), f"{name} is not frozen")
    _require(bool(type(policy).__doc__), f"{name} has no docstring")
    shape = policy.shape()
    _require(isinstance(shape, Shape), f"{name}.shape() returns {shape!r}, not a Shape")
    _require(policy.shape() == shape, f"{name}.shape() is not the same each time")
    check_answers(policy, shape)
    cancels = itertools.cycle(CANCELS)
    for seed, cancel in zip(range(plans), cancels, strict=False):
        check_engines(policy, shape, cancel, seed)


def check_answers(policy: Policy, shape: Shape) -> None:
    """Check that full and short groups are answered where nobody is slow and nobody queues."""
    for requests in {1, shape.requests, 2 * shape.requests + 1}:
        setup = _setup(policy, shape, requests, "queued", 0, idle=True)
        outcome = engines.run("compiled", plan.draw(setup, 0))
        missing = int(np.isnan(outcome.completion).sum())
        _require(
            outcome.code == COMPLETE,
            f"{missing} of {requests} requests are never answered "
            f"(groups of {shape.requests}, the last one short): can every recovery be reached?",
        )


def check_engines(policy: Policy, shape: Shape, cancel: Cancel, seed: int) -> None:
    """Check that both engines run a random plan to the same outcome."""
    drawn = plan.draw(_setup(policy, shape, 4 * shape.requests + 3, cancel, seed), 0)
    one, other = (_named(engines.run(name, drawn, record=True)) for name in engines.ENGINES)
    try:
        np.testing.assert_equal(one, other)
    except AssertionError as difference:
        raise AssertionError(
            f"the engines disagree (cancel: {cancel}, seed: {seed}); this is a fault of the "
            f"engines, please report it with the policy:\n{difference}"
        ) from None


def _setup(
    policy: Policy, shape: Shape, requests: int, cancel: Cancel, seed: int, *, idle: bool = False
) -> Setup:
    """Return a small setup, under load or with workers that are always idle."""
    workers = 2 * len(shape.tasks) + shape.requests if idle else len(shape.tasks) + 1
    pooled = any(task.pool == "redundant" for task in shape.tasks)
    names = {task.model for task in shape.tasks if task.model}
    busy = Poisson(rate=0.6 * workers * shape.requests / len(shape.tasks))
    return Setup(
        label="checked",
        policy=policy,
        arrivals=Regular(interval=100.0) if idle else busy,
        service=Uniform(low=0.9, high=1.0) if idle else Exponential(mean=1.0),
        models={name: Model(Exponential(mean=0.5)) for name in names},
        speeds=(1.0,) * workers,
        slots=(1,) * workers,
        redundant_workers=1 if pooled else 0,
        cancel=cancel,
        encode=None if idle else Uniform(low=0.0, high=0.2),
        decode=None if idle else Uniform(low=0.0, high=0.2),
        requests=requests,
        seed=seed,
    )


def _is_frozen(policy: Policy) -> bool:
    """Is a dataclass frozen?"""
    parameters = getattr(policy, "__dataclass_params__")  # noqa: B009 - unknown to type checkers
    return bool(parameters.frozen)


def _named(outcome: Outcome) -> Outcome:
    """Return an outcome with the states of its tasks as results show them."""
    if outcome.log is None:
        return outcome
    states = np.array(STATES)[outcome.log.state]
    return outcome._replace(log=outcome.log._replace(state=states))


def _require(holds: bool, complaint: str) -> None:
    """Raise an AssertionError unless it holds, also where Python drops its assert statements."""
    if not holds:
        raise AssertionError(complaint)
