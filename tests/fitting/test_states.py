"""Slow states: recovered where they are, denied where they are not, honest about memory."""

import itertools
import math

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from strag_sim import fitting
from strag_sim.errors import FitError
from strag_sim.fitting.baum_welch import Chain, climbed
from strag_sim.fitting.lines import PIECE, lines_of
from strag_sim.measurements import Measurements
from strag_sim.scenario import fragment, load
from strag_sim.slowdown.states import States as SlowStates

Numbers = NDArray[np.float64]
SCENARIO = {
    "arrivals": {"kind": "poisson", "rate": 1},
    "workers": {"count": 10},
    "policies": [{"kind": "none"}],
}


def measured(logs: Numbers, scale: float = 0.2) -> Measurements:
    """Return measurements whose log times are rows of workers."""
    workers, steps = logs.shape
    return Measurements(
        scale * np.exp(logs).ravel(),
        np.repeat(np.arange(workers), steps).astype(np.int32),
        np.tile(np.arange(steps, dtype=float), workers),
        tuple(f"w{w}" for w in range(workers)),
    )


def chains(rng: np.random.Generator, shape: tuple[int, int], enter: float, leave: float) -> Numbers:
    """Return whether each worker is slow at each step, as 0 and 1."""
    workers, steps = shape
    slow = np.empty(shape)
    slow[:, 0] = rng.random(workers) < enter / (enter + leave)
    for t in range(1, steps):
        stays = rng.random(workers) > np.where(slow[:, t - 1], leave, enter)
        slow[:, t] = np.where(stays, slow[:, t - 1], 1 - slow[:, t - 1])
    return slow


def slowed(seed: int, workers: int) -> Measurements:
    """Return 8,000 steps of so many workers: slow in 1 of 6 for 12 steps, by 1.8."""
    rng = np.random.default_rng(seed)
    slow = chains(rng, (workers, 8000 // workers), 1 / 60, 1 / 12)
    fast = rng.normal(0, 0.08, slow.shape)
    return measured(np.where(slow, math.log(1.8) + rng.normal(0, 0.12, slow.shape), fast))


@pytest.fixture(scope="module")
def found() -> list[fitting.States]:
    """Return the fits of ten independent samples of one worker."""
    return [fitting.states(slowed(seed, 1)) for seed in range(10)]


@pytest.mark.parametrize(
    ("name", "true"),
    [("share", 1 / 6), ("dwell", 12.0), ("factor", 1.8)],
)
def test_states_are_recovered(found: list[fitting.States], name: str, true: float) -> None:
    """The mean of ten fits lies within 4 of their standard errors, and within 5 %."""
    values = np.array([getattr(each, name) for each in found])
    error = values.std(ddof=1) / math.sqrt(len(values))

    assert abs(values.mean() - true) <= 4 * error
    assert values.mean() == pytest.approx(true, rel=0.05)
    assert abs(values.mean() - 1.2 * true) > 4 * error  # would be noticed


def test_workers_whose_medians_differ_by_chance_lose_little_of_the_factor() -> None:
    """A worker's median is higher the longer it was slow: of 400 steps each, that is 1 or 2 %."""
    values = [fitting.states(slowed(seed, 20)).factor for seed in range(4)]

    assert np.mean(values) == pytest.approx(1.8, rel=0.02)


def test_true_states_are_supported_with_their_memory(found: list[fitting.States]) -> None:
    """The model's autocorrelation is the measured one, and nothing is said against it."""
    for each in found:
        assert each.supported
        assert each.spreads == pytest.approx((0.08, 0.12), rel=0.1)
        assert each.typical == pytest.approx(0.2, rel=0.02)
        for lag in (1, 5):
            assert each.modelled[lag] == pytest.approx(each.measured[lag], abs=0.05)
        assert not any("remembers" in remark for remark in each.remarks)


def test_a_scenario_says_the_same(found: list[fitting.States]) -> None:
    """The law of the fast state; slow stretches with the share, factor and memory of the steps.

    The memory of a chain in time is exp(-(1 / dwell + 1 / between) t) after t seconds.
    """
    for each in found:
        text = fragment({"service": each.service, "slowdown": [each.slowdown]})
        scenario = load({**SCENARIO, **yaml.safe_load(text)})

        (part,) = scenario.slowdown
        assert isinstance(part, SlowStates)
        assert (part.share, part.factor) == (each.share, each.factor)
        left = math.exp(-each.mean * (1 / part.dwell + 1 / part.between))
        assert left == pytest.approx(each.memory)
        assert each.memory**4 == pytest.approx(each.modelled[5] / each.modelled[1])
        assert part.dwell == pytest.approx(each.dwell * each.mean, rel=0.06)
        assert float(scenario.service.quantile(0.5)) == pytest.approx(each.typical)


def test_independent_times_have_no_states() -> None:
    """Lognormal times without memory: one state is enough, and it is said."""
    rng = np.random.default_rng(3)

    each = fitting.states(measured(rng.normal(0, 0.1, (20, 400))))

    assert not each.supported
    assert "not supported: one lognormal law" in each.remarks[0]


def test_two_kinds_of_times_without_memory_are_no_states() -> None:
    """One time in ten is slow, whichever came before: a mixture says as much, and it is said."""
    rng = np.random.default_rng(3)
    slow = rng.random((20, 400)) < 0.1

    each = fitting.states(measured(np.where(slow, 0.6, 0.0) + rng.normal(0, 0.1, slow.shape)))

    assert not each.supported
    assert "no memory" in each.remarks[0]
    assert each.dwell == pytest.approx(1 / 0.9, rel=0.1)


def test_memory_that_two_states_cannot_have_is_missed_and_told() -> None:
    """Times that wander (AR(1), 0.95): at lags 1, 5 and 20 the model remembers less."""
    rng = np.random.default_rng(3)
    logs = np.zeros((20, 600))
    for t in range(1, 600):
        logs[:, t] = 0.95 * logs[:, t - 1] + rng.normal(0, 0.05, 20)

    each = fitting.states(measured(logs))

    assert each.supported
    assert all(each.modelled[lag] < each.measured[lag] - 0.05 for lag in (1, 5, 20))
    assert "remembers too little" in each.remarks[1]
    assert "replay the measurements" in each.remarks[2]


def test_memory_that_the_times_lose_is_told_too() -> None:
    """A slow spell of exactly 25 steps in 50: far apart, the chain remembers too much."""
    rng = np.random.default_rng(3)
    slow = np.tile(np.arange(500) % 50 < 25, (10, 1))

    each = fitting.states(measured(np.where(slow, 0.5, 0.0) + rng.normal(0, 0.05, slow.shape)))

    assert any("remembers too much" in remark for remark in each.remarks)


def test_likelihood_is_that_of_all_paths_added_up() -> None:
    """Two short lines of different length: every path of states, with its probability."""
    rng = np.random.default_rng(1)
    long, short = rng.normal(0, 1, 22), rng.normal(0, 1, 20)
    values = np.exp(np.concatenate([long, short]))
    worker = np.repeat([0, 1], [22, 20]).astype(np.int32)
    lines = lines_of(Measurements(values, worker, None, ("a", "b")))
    lines = type(lines)(lines.logs[:, :8], lines.there[:, :8].copy(), lines.log_medians, 1.0, 0)
    lines.there[1, 5:] = False
    chain = Chain(np.array([0.2, 0.4]), np.array([-0.3, 0.8]), np.array([0.6, 1.1]), 0.0)

    stated = climbed(lines, chain, 1).log_likelihood

    total = sum(math.log(by_paths(lines.logs[row, :size], chain)) for row, size in ((0, 8), (1, 5)))
    assert stated == pytest.approx(total, rel=1e-12)


def by_paths(logs: Numbers, chain: Chain) -> float:
    """Return the likelihood of one line as the sum over all paths of states."""
    moves = np.array([[1 - chain.leave[0], chain.leave[0]], [chain.leave[1], 1 - chain.leave[1]]])
    begin = chain.leave[::-1] / chain.leave.sum()
    total = 0.0
    for path in itertools.product((0, 1), repeat=len(logs)):
        weight = begin[path[0]]
        for here, there in itertools.pairwise(path):
            weight *= moves[here, there]
        for state, log in zip(path, logs, strict=True):
            gap = (log - chain.means[state]) / chain.spreads[state]
            weight *= math.exp(-gap * gap / 2) / (chain.spreads[state] * math.sqrt(2 * math.pi))
        total += weight
    return total


def test_each_step_climbs() -> None:
    """The likelihood never falls by more than what is left out of it: how lines begin."""
    lines = lines_of(slowed(1, 20))
    chain = Chain(np.array([0.3, 0.3]), np.array([0.0, 0.3]), np.array([0.2, 0.2]), 0.0)
    likelihoods = []

    for _ in range(25):
        chain = climbed(lines, chain, 1)
        likelihoods.append(chain.log_likelihood)

    assert min(np.diff(likelihoods)) > -1e-3
    assert likelihoods[-1] > likelihoods[0] + 1000


def test_few_slow_stretches_are_told() -> None:
    """One stretch of 60 steps in 800 says little about how often there is one."""
    logs = np.random.default_rng(4).normal(0, 0.05, (2, 400))
    logs[1, 100:160] += 0.7

    each = fitting.states(measured(logs))

    assert each.supported
    assert any("rest on few slow stretches (some 1)" in remark for remark in each.remarks)


def test_rows_are_put_in_the_order_of_their_steps() -> None:
    """A file in any order gives the same fit; without its steps it does not."""
    whole = slowed(1, 20)
    mixed = np.random.default_rng(2).permutation(whole.values.size)
    assert whole.worker is not None
    assert whole.step is not None
    rows = (whole.values[mixed], whole.worker[mixed], whole.step[mixed])

    again = fitting.states(Measurements(*rows, whole.names))
    lost = fitting.states(Measurements(rows[0], rows[1], None, whole.names))

    assert again.dwell == pytest.approx(fitting.states(whole).dwell)
    assert lost.dwell < 1.5
    assert any("hardly more than by chance" in remark for remark in lost.remarks)


def test_long_lines_are_cut_and_too_many_times_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces hold every time once; what is beyond the most is counted and told."""
    monkeypatch.setattr("strag_sim.fitting.lines.MOST", 6000)
    whole = slowed(1, 20)

    lines = lines_of(whole)
    each = fitting.states(whole)

    assert lines.there.shape[1] == PIECE
    assert lines.pooled.size + lines.left_out == whole.values.size == 8000
    assert each.left_out == 2000
    assert any("2,000 times were left out" in remark for remark in each.remarks)


@pytest.mark.parametrize(
    ("measurements", "message"),
    [
        (Measurements(np.ones(50)), "workers were not told apart.*--group"),
        (measured(np.zeros((3, 5))), "no worker has 20 times"),
        (measured(np.zeros((3, 50))), "every time is its worker's median"),
    ],
)
def test_what_has_no_states_to_see_is_refused(measurements: Measurements, message: str) -> None:
    """With a message for the user."""
    with pytest.raises(FitError, match=message):
        fitting.states(measurements)
