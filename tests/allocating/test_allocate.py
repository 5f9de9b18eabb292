"""Allocations found by simulating: what they are worth, and that the search is what it says."""

from typing import Any

import pytest

import strag_sim
from strag_sim.allocating import Allocated, finding, scoring
from strag_sim.arrivals import Closed, Poisson
from strag_sim.ensembles import Allocation, best_batch, bounding, problem
from strag_sim.errors import AllocationError, ScenarioError
from strag_sim.scenario.allocating import devices_of, members_of

HEAVY = [
    "vgg19",
    "densenet161",
    "inception-v4",
    "resnet152",
    "nasnet-large",
    "effnet-b6",
    "regnety-320",
    "deit3-b",
    "vit-l",
    "swin-l",
    "convnext-l",
    "maxvit-b",
]
TWO_GPUS: list[dict[str, Any]] = [{"count": 2, "memory": "24 GiB"}]
# Models on devices whose allocation keeps them all busy, or one of them.
ALLOCATED: list[tuple[list[str], list[dict[str, Any]], list[list[int]]]] = [
    (["vgg19", "vit-l"], TWO_GPUS, [[32, 0], [0, 32]]),
    (["vgg19", "vit-l"], TWO_GPUS, [[32, 32], [0, 32]]),
    (["vgg19", "vit-l"], [{"memory": "24 GiB"}], [[128, 32]]),
    (["vgg19", "vit-l", "swin-l"], TWO_GPUS, [[32, 32, 32], [32, 32, 32]]),
    (["vgg19", "vit-l", "swin-l"], TWO_GPUS, [[16, 32, 8], [0, 32, 64]]),
    (["swin-l"], [{"count": 16, "memory": "24 GiB"}], [[32]] * 16),
    (["swin-l"], [{"memory": "24 GiB"}, {"memory": "24 GiB", "speed": 3}], [[32], [32]]),
    (["vgg19", "vit-l"], [{"count": 2, "memory": "24 GiB", "slots": 2}], [[32, 32], [32, 32]]),
    (HEAVY[:4], TWO_GPUS, [[32, 0, 64, 0], [0, 64, 0, 32]]),
    (HEAVY[:6], [{"count": 3, "memory": "24 GiB"}], [[32] * 6, [32] * 6, [0, 0, 0, 32, 32, 32]]),
]


def scenario(members: list[str], devices: list[dict[str, Any]], **keys: Any) -> strag_sim.Scenario:
    """Return a scenario of an ensemble, its requests jobs of four segments of 32."""
    services = {m: {"kind": "profile", "profile": f"timm-{m}-rtx3090"} for m in members}
    return strag_sim.load(
        {
            "requests": 500,
            "arrivals": {"kind": "poisson", "rate": 1},
            "job": {"samples": 128, "segment": 32},
            "models": {name: {"service": service} for name, service in services.items()},
            "devices": devices,
            "policies": [{"kind": "ensemble", "label": "all", "members": members, **keys}],
        }
    )


def served(members: list[str], devices: list[dict[str, Any]], rows: list[list[int]]) -> float:
    """Return the samples a second of an allocation, over the bound of it."""
    given = scenario(members, devices, allocation=rows)
    (setup,), (entry,) = given.setups(), given.policies
    allocation = Allocation(tuple(members), tuple(map(tuple, rows)))
    bound = bounding(devices_of(given), members_of(given, entry), segment=32)(allocation)
    return scoring.throughput(setup, allocation, devices_of(given), 128) / bound


@pytest.mark.parametrize(("members", "devices", "rows"), ALLOCATED)
def test_a_saturated_pipeline_serves_what_its_bottleneck_can(
    members: list[str], devices: list[dict[str, Any]], rows: list[list[int]]
) -> None:
    """Co-located, data-parallel, faster and shared devices: within 2 % of the bound."""
    assert served(members, devices, rows) == pytest.approx(1, abs=0.02)


def test_instances_that_are_slow_at_a_model_take_their_turn_of_it() -> None:
    """First come, first served: small batches of some instances keep it below the bound.

    The bound lets each device do what it is best at.
    """
    rows = [[8] * 6, [16] * 6, [0, 0, 0, 32, 32, 32]]

    assert 0.9 < served(HEAVY[:6], [{"count": 3, "memory": "24 GiB"}], rows) < 0.98


def test_where_services_slow_each_other_the_bound_is_not_reached() -> None:
    """Three that serve at 2.2 times their times do 3 / 2.2; the bound allows 1 + 1 / 1.5 + 1 / 2.2.

    A service keeps the factor with which it began, so what is done is a little more, and a
    schedule might do more than that (see ``costs``).
    """
    slowed = [{"count": 2, "memory": "24 GiB", "interference": [1, 1.5, 2.2]}]
    ratio = served(["vgg19", "vit-l", "swin-l"], slowed, [[32, 32, 32], [32, 32, 32]])

    assert 3 / 2.2 < ratio * (1 + 1 / 1.5 + 1 / 2.2) < 1.1 * 3 / 2.2


def test_a_pipeline_that_runs_out_of_work_is_below_its_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A negative control: one client's job at a time leaves devices idle at its end."""
    monkeypatch.setattr(scoring, "Closed", lambda clients: Closed(clients=1))

    assert served(["vgg19", "vit-l"], TWO_GPUS, [[32, 32], [0, 32]]) < 0.95


def test_twelve_heavy_models_fit_on_four_gpus() -> None:
    """By worst-fit, under the memory that their profiles say; the greedy search is faster."""
    given = scenario(HEAVY, [{"count": 4, "memory": "24 GiB"}])

    worst, sized, found = (
        strag_sim.allocate(given, search=name) for name in ("worst-fit", "best-batch", "greedy")
    )

    for each in (worst, sized, found):
        assert problem(each.allocation, each.devices, each.members) is None
        assert all(
            used <= device.memory for used, device in zip(each.used, each.devices, strict=True)
        )
    assert worst.throughput < sized.throughput < found.throughput
    assert found.throughput > 1.1 * sized.throughput
    scores = [step.score for step in found.steps]
    assert scores == sorted(scores)
    assert strag_sim.allocate(given, search="greedy") == found


def test_exhaustive_search_finds_nothing_better_than_it() -> None:
    """Two models on two GPUs, three batch sizes: the greedy search is as good as all."""
    given = scenario(["vgg19", "vit-l"], TWO_GPUS)

    best, found = (
        strag_sim.allocate(given, search=name, batches=(8, 16, 32))
        for name in ("exhaustive", "greedy")
    )

    assert found.throughput == pytest.approx(best.throughput, rel=0.01)


def test_p99_is_that_of_the_scenarios_run() -> None:
    """What the search says of its matrix is what the simulator says of it."""
    given = scenario(["vgg19", "vit-l"], TWO_GPUS)

    found = strag_sim.allocate(given, objective="p99", batches=(32, 128))

    rows = [list(row) for row in found.allocation.batch]
    result = strag_sim.simulate(scenario(["vgg19", "vit-l"], TWO_GPUS, allocation=rows))
    assert found.p99 == result.runs()["p99"].iloc[0]
    assert found.p99 <= -found.steps[0].score


def test_where_too_much_arrives_the_most_throughput_is_kept() -> None:
    """No p99 tells allocations apart then; that with the highest bound is kept, and it is said."""
    at_once = Poisson(rate=1000)
    given = scenario(["vgg19", "vit-l"], TWO_GPUS).model_copy(update={"arrivals": at_once})

    found = strag_sim.allocate(given, objective="p99", batches=(32, 128))

    most = strag_sim.allocate(given, batches=(32, 128))
    assert found.overfull
    assert found.bound == pytest.approx(most.bound, rel=0.01)
    assert most.bound > 1.2 * strag_sim.allocate(given, batches=(32,), search="worst-fit").bound
    assert {step["score"] for step in found.plain()["steps"]} == {None}
    assert not strag_sim.allocate(given, batches=(32,)).overfull


def test_an_interrupted_search_keeps_the_best_so_far() -> None:
    """Ctrl-C after some allocations: one of those that were simulated comes back."""
    given = scenario(HEAVY, [{"count": 4, "memory": "24 GiB"}])
    seen: list[float] = []

    def stop(count: int, best: float) -> None:
        seen.append(best)
        if count == 2:
            raise KeyboardInterrupt

    found = strag_sim.allocate(given, search="best-batch", progress=stop)

    assert found.interrupted
    assert not found.settled
    assert found.throughput == seen[-1]


def test_a_search_interrupted_while_it_climbs_by_the_bound_keeps_what_it_climbed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing but the start was simulated by then; the best by the bound is, and is better."""
    given = scenario(HEAVY, [{"count": 4, "memory": "24 GiB"}])
    start = strag_sim.allocate(given, search="worst-fit")
    asked = 0

    def stopping(*given: Any, **keys: Any) -> Any:
        bound = bounding(*given, **keys)

        def stop(allocation: Allocation) -> float:
            nonlocal asked
            asked += 1
            if asked == 8000:
                raise KeyboardInterrupt
            return bound(allocation)

        return stop

    monkeypatch.setattr(finding, "bounding", stopping)
    found = strag_sim.allocate(given)

    assert found.interrupted
    assert found.evaluations == 2
    assert found.throughput == found.steps[-1].score > 1.5 * start.throughput


def test_steps_lead_from_worst_fit_to_the_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first is what worst-fit serves; of equal scores, the last step's matrix is returned."""
    given = strag_sim.load("scenarios/ensemble_quorum.yaml")
    ends: list[Allocation] = []

    def kept(*words: Any, **keys: Any) -> Any:
        search = best_batch(*words, **keys)
        ends.append(search.allocation)
        return search

    monkeypatch.setattr(finding, "best_batch", kept)
    worst, found = (
        strag_sim.allocate(given, policy="all, deep hedged", search=name, batches=(1, 2))
        for name in ("worst-fit", "best-batch")
    )

    assert found.steps[0].score == worst.throughput
    assert found.allocation == ends[-1]
    assert found.throughput == found.steps[-1].score


def test_a_quorum_has_no_bound() -> None:
    """Where some members need not answer, more may be served than the bound of all allows."""
    found = strag_sim.allocate(scenario(["vgg19", "vit-l"], TWO_GPUS, quorum=1), search="worst-fit")

    assert found.bound != found.bound  # NaN
    assert found.plain()["bound"] is None


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"search": "gready"}, "search: 'gready' is not allowed; .* Did you mean 'greedy'"),
        ({"objective": "speed"}, "objective: 'speed' is not allowed; objective must be one of"),
        ({"batches": ()}, "batches: .* is not allowed; batches must be sizes of at least 1"),
        ({"policy": "al"}, "policy: 'al' is no ensemble of the scenario; they are all"),
    ],
)
def test_wrong_parameters_are_refused(keys: dict[str, Any], message: str) -> None:
    """With what is allowed."""
    with pytest.raises(ScenarioError, match=f"(?i){message}"):
        strag_sim.allocate(scenario(["vgg19"], TWO_GPUS), **keys)


def test_what_cannot_be_allocated_is_said() -> None:
    """No devices, no ensemble, a model that fits nowhere."""
    base: dict[str, Any] = {
        "arrivals": {"kind": "poisson", "rate": 1},
        "service": {"kind": "exponential", "mean": 1},
        "workers": {"count": 1},
        "policies": [{"kind": "none"}],
    }
    with pytest.raises(ScenarioError, match="devices: missing; list them"):
        strag_sim.allocate(strag_sim.load(base))
    with pytest.raises(ScenarioError, match="policies: none is an ensemble"):
        strag_sim.allocate(strag_sim.load({**base, "devices": [{"memory": "1 GB"}]}))
    with pytest.raises(AllocationError, match="vgg19"):
        strag_sim.allocate(scenario(["vgg19"], [{"memory": "2 GB"}]), batches=(128,))


def test_a_matrix_is_saved_for_scenarios(tmp_path: Any) -> None:
    """What was found is what a scenario that names the file runs on."""
    given = scenario(["vgg19", "vit-l"], TWO_GPUS)
    found: Allocated = strag_sim.allocate(given)
    found.save(tmp_path / "found.csv")

    again = scenario(["vgg19", "vit-l"], TWO_GPUS, allocation=str(tmp_path / "found.csv"))

    (setup,) = again.setups()
    assert setup.deployment is not None
    instances = [
        (i.device, found.allocation.models.index(i.model), i.batch)
        for i in setup.deployment.instances
    ]
    assert instances == [tuple(cell) for cell in found.allocation.instances()]
