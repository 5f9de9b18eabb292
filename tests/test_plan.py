"""Plans: which numbers are drawn, where they stand, and what they depend on."""

import dataclasses
import math

import numpy as np
import pytest

from strag_sim.arrivals import Closed, Poisson, Trace
from strag_sim.distributions import (
    Deterministic,
    Exponential,
    Gamma,
    Profile,
    Scripted,
    Uniform,
)
from strag_sim.plan import draw
from strag_sim.policies import (
    MDS,
    Collage,
    Hedge,
    Lagrange,
    NoRedundancy,
    Parity,
    Relaunch,
    Replication,
)
from strag_sim.policies.shape import Policy
from strag_sim.scenario import load
from strag_sim.setup import Model, ScriptedPlacement, Setup
from strag_sim.tables import SCRIPTED, Draws, Plan

RARE = Model(Exponential(mean=0.1), accuracy=0.8)


def setup_of(policy: Policy | None = None, **keys: object) -> Setup:
    """Return the setup of a policy on four workers, with everything drawn that can be."""
    known = {
        "label": "case",
        "policy": policy or NoRedundancy(),
        "arrivals": Poisson(rate=1.0),
        "service": Exponential(mean=2.0),
        "models": {"small": RARE},
        "speeds": (1.0,) * 4,
        "slots": (1,) * 4,
        "encode": Uniform(low=0.1, high=0.2),
        "decode": Gamma(mean=0.1, cv=0.5),
        "to_worker": Exponential(mean=0.01),
        "from_worker": Exponential(mean=0.02),
        "requests": 40,
        "seed": 7,
    }
    return Setup(**(known | keys))


def bare(policy: Policy | None = None, **keys: object) -> Setup:
    """Return a setup without times of the master and the network."""
    nothing = dict.fromkeys(("encode", "decode", "to_worker", "from_worker"))
    return setup_of(policy, **(nothing | keys))


def same(left: Draws, right: Draws) -> bool:
    """Tell whether two runs have the same numbers, to the last bit."""
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(left, right, strict=True))


POLICIES = [
    NoRedundancy(),
    Replication(copies=3),
    Hedge(delay=1.0, hedges=2),
    Collage(grid=2),
    Collage(grid=2, use="timeout", timeout=9.0),
    MDS(inputs=2, tasks=3),
    Lagrange(inputs=2, tasks=4, threshold=3, encode_at="workers"),
    Parity(inputs=2, parities=2),
]


@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize(
    "arrivals", [Poisson(rate=1.0), Closed(clients=4, think=Exponential(mean=1), barrier=True)]
)
def test_a_longer_run_begins_with_the_shorter(policy: Policy, arrivals: object) -> None:
    """Every table of 40 requests is the first rows of that of 400."""
    setup = setup_of(policy, arrivals=arrivals)
    short = draw(setup, 0).draws
    long = draw(dataclasses.replace(setup, requests=400), 0).draws

    for name, table in short._asdict().items():
        first = getattr(long, name)[: len(table)]
        assert np.array_equal(table, first, equal_nan=True), name


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_the_same_run_has_the_same_numbers(policy: Policy) -> None:
    """Seed and run decide all of them; another of either changes each that is drawn."""
    setup = setup_of(policy)
    one = draw(setup, 3).draws

    assert same(one, draw(setup, 3).draws)
    for other in (draw(setup, 4), draw(dataclasses.replace(setup, seed=8), 3)):
        for name, table in one._asdict().items():
            drawn = table[np.isfinite(table)]
            if drawn.size:
                again = getattr(other.draws, name)
                assert not np.isin(drawn, again).any(), name


def test_no_two_purposes_share_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one run each generator has a key of its own, own tasks and redundant ones apart."""
    keys: list[tuple[int, ...]] = []
    original = np.random.SeedSequence

    def recorded(seed: int, *, spawn_key: tuple[int, ...]) -> np.random.SeedSequence:
        keys.append(spawn_key)
        return original(seed, spawn_key=spawn_key)

    monkeypatch.setattr(np.random, "SeedSequence", recorded)
    think = Closed(clients=4, think=Exponential(mean=1), barrier=True)
    draw(setup_of(Replication(copies=20), arrivals=think), 2)
    closed = list(keys)
    keys.clear()
    draw(setup_of(Collage(grid=3, use="timeout", timeout=1.0)), 2)

    for drawn in (closed, keys):
        assert len(drawn) > 40
        assert len(set(drawn)) == len(drawn)
        assert {run for _, run in drawn} == {2}


@pytest.mark.parametrize("policy", POLICIES[1:], ids=str)
def test_policies_share_their_numbers(policy: Policy) -> None:
    """Arrivals, and the sizes, the luck and the network of own tasks, where there are any."""
    plain, other = draw(setup_of(), 0), draw(setup_of(policy), 0)

    names = ["arrival"]
    if other.layout.own:
        names += ["own_size", "own_luck", "own_to", "own_from"]
    for name in names:
        assert np.array_equal(getattr(plain.draws, name), getattr(other.draws, name)), name


def test_one_more_policy_changes_nothing() -> None:
    """Before, after or between: a policy of a scenario has the numbers that it has alone."""
    known: dict[str, object] = {
        "arrivals": {"kind": "poisson", "offered_load": 0.5},
        "service": {"kind": "exponential", "mean": 1},
        "workers": {"count": 4},
        "requests": 50,
    }
    hedge = {"kind": "hedge", "delay": "p95"}
    others = [{"kind": "none"}, {"kind": "parity", "inputs": 2}]

    alone = load(known | {"policies": [hedge]}).setups()[0]
    among = load(known | {"policies": [others[0], hedge, others[1]]}).setups()[1]

    assert same(draw(alone, 1).draws, draw(among, 1).draws)


def test_a_third_copy_changes_nothing_for_the_second() -> None:
    """The j-th redundant task has streams of its own."""
    two, three = (draw(setup_of(Replication(copies=n)), 0).draws for n in (2, 3))

    for name in ("size", "luck", "to", "back"):
        assert np.array_equal(getattr(two, name)[:, 0], getattr(three, name)[:, 0])
        assert not np.isin(getattr(three, name)[:, 0], getattr(three, name)[:, 1]).any()


@pytest.mark.parametrize(
    ("policy", "shared"),
    [
        (Replication(copies=3), True),
        (Hedge(delay=1.0), True),
        (Relaunch(timeout=1.0), True),
        (Replication(copies=3, copy_model="small"), False),
        (Collage(grid=2), False),
        (MDS(inputs=2, tasks=3), False),
    ],
    ids=str,
)
def test_copies_may_share_their_size(policy: Policy, shared: bool) -> None:
    """NaN stands for the own size: of copies of the request itself, not of other work."""
    together = draw(bare(policy, shared_size=True), 0).draws.size
    apart = draw(bare(policy), 0).draws.size

    assert np.isnan(together).all() == shared
    assert np.isfinite(together).all() == (not shared)
    assert np.isfinite(apart).all()


def test_a_model_has_its_own_law() -> None:
    """Copies of a model 20 times as fast: 20,000 sizes of mean 0.1 s, |z| <= 4; not 2 s."""
    policy = Replication(copies=2, copy_model="small")
    sizes = draw(bare(policy, requests=20_000), 0).draws.size

    z = (sizes.mean() / 0.1 - 1) * math.sqrt(sizes.size)
    fault = (sizes.mean() / 2.0 - 1) * math.sqrt(sizes.size)
    print(z, fault)
    assert abs(z) <= 4 < abs(fault)


def test_scripted_sizes_are_read_by_row() -> None:
    """``own[i]`` of request i, ``redundant[j][g]`` of task j of group g; more is left unread."""
    service = Scripted(own=(1, 2, 3, 4, 5), redundant=((6, 7, 8), (9, 10, 11)))
    sizes = draw(bare(Parity(inputs=2, parities=2), service=service, requests=4), 0).draws

    assert sizes.own_size.tolist() == [1, 2, 3, 4]
    assert sizes.size.tolist() == [[6, 9], [7, 10]]


def test_scripted_resends_may_be_left_out() -> None:
    """Without a row a resend has its own task's size, NaN; with one, that."""
    policy = Collage(grid=2, use="timeout", timeout=9.0)
    own = (1, 1, 1, 1)
    left_out, given = (
        draw(bare(policy, service=Scripted(own=own, redundant=rows), requests=4), 0).draws.size
        for rows in (((5,),), ((5,), (6,), (7,)))
    )

    assert left_out[0, 0] == 5
    assert np.isnan(left_out[0, 1:]).all()
    assert given[0, :3].tolist() == [5, 6, 7]
    assert np.isnan(given[0, 3:]).all()


def test_scripted_workers() -> None:
    """As the sizes; a resend that is left out is placed by luck, -1."""
    placement = ScriptedPlacement(own=(3, 2, 1, 0), redundant=((1,), (2,)))
    policy = Collage(grid=2, use="timeout", timeout=9.0)
    plan = draw(bare(policy, placement=placement, requests=4), 0)

    assert plan.protocol.placement == SCRIPTED
    assert plan.draws.own_worker.tolist() == [3, 2, 1, 0]
    assert plan.draws.worker.tolist() == [[1, 2, -1, -1, -1]]


@pytest.mark.parametrize(("level", "share"), [("p95", 0.95), ("p50", 0.5), ("p99.9", 0.999)])
def test_a_delay_may_be_a_quantile(level: str, share: float) -> None:
    """Of an exponential service of mean 2 s: -2 ln(1 - level) seconds."""
    gap = draw(bare(Hedge(delay=level)), 0).layout.gap

    assert gap.tolist() == [0, pytest.approx(-2 * math.log(1 - share), rel=1e-12)]


def of_machines(workers: int, policy: Policy | None = None, **keys: object) -> Plan:
    """Return the plan of workers that are bound to the 50 machines of the shipped profile."""
    service = Profile(profile="collage-vm", per_worker=True)
    keys |= {"service": service, "speeds": (1.0,) * workers, "slots": (1,) * workers}
    return draw(bare(policy, **keys), 0)


@pytest.mark.parametrize(("workers", "rounds"), [(10, 1), (50, 1), (51, 2), (120, 3)])
def test_each_worker_has_a_machine_of_its_own(workers: int, rounds: int) -> None:
    """While there are enough; then each machine is taken once more before any a third time."""
    fleet = of_machines(workers).fleet
    taken = np.bincount(fleet.machine[0], minlength=50)

    assert fleet.machine.shape == (1, workers)
    assert fleet.book.tolist() == [0]
    assert taken.size == 50
    assert taken.max() == rounds
    assert taken.min() >= rounds - 1


def test_sizes_of_machines_are_levels() -> None:
    """They are looked up once the worker is known, in its machine's table, in seconds."""
    law = Profile(profile="collage-vm", per_worker=True, scale=2.0)
    plan = draw(bare(service=law), 0)
    levels, values = law.machine_tables()

    assert ((plan.draws.own_size >= 0) & (plan.draws.own_size < 1)).all()
    assert np.array_equal(plan.fleet.levels[0], levels)
    assert np.array_equal(plan.fleet.values[0], values)


def test_policies_share_their_machines() -> None:
    """And tasks that run the same law share its book; others have none."""
    plain = of_machines(10)
    collage = of_machines(10, Collage(grid=2, model="small"), models={"small": RARE})
    other = draw(bare(service=Profile(profile="collage-vm", per_worker=True)), 1)

    assert np.array_equal(plain.fleet.machine, collage.fleet.machine)
    assert collage.fleet.book.tolist() == [0, 0, 0, 0, -1]
    assert not np.array_equal(plain.fleet.machine[0, :4], other.fleet.machine[0])


def test_two_books() -> None:
    """Two laws of machines: each with tables of its own, on the same machines."""
    fast = Profile(profile="collage-vm", per_worker=True, scale=0.5)
    plan = of_machines(10, Collage(grid=2, model="fast"), models={"fast": Model(fast)})

    assert plan.fleet.book.tolist() == [0, 0, 0, 0, 1]
    assert np.array_equal(plan.fleet.machine[0], plan.fleet.machine[1])
    assert plan.fleet.values[1] == pytest.approx(0.5 * plan.fleet.values[0])


def test_pools_of_workers() -> None:
    """The highest-numbered workers serve redundant tasks; without a split all serve all."""
    split = draw(bare(Parity(inputs=2), redundant_workers=1), 0).fleet
    shared = draw(bare(Parity(inputs=2)), 0).fleet

    assert (split.pool_first.tolist(), split.pool_stop.tolist()) == ([0, 3], [3, 4])
    assert (shared.pool_first.tolist(), shared.pool_stop.tolist()) == ([0, 0], [4, 4])


def test_workers_that_encode_take_longer() -> None:
    """Encoding is added to each task's size, whatever that is, and is drawn beside it."""
    policy = Lagrange(inputs=2, tasks=3, threshold=2, encode_at="workers")
    encoding = draw(bare(policy, encode=Deterministic(value=0.5)), 0).draws
    plain = draw(bare(policy), 0).draws

    assert np.array_equal(encoding.size, plain.size)
    assert np.array_equal(encoding.added, np.full(plain.size.shape, 0.5))
    assert plain.added.size == 0


@pytest.mark.parametrize(
    ("fill_timeout", "groups"), [(None, 2), (0.5, 5), (1.0, 3), (5.0, 2), (100.0, 2)]
)
def test_groups_that_close_early(fill_timeout: float | None, groups: int) -> None:
    """Requests at 0, 1, 5, 6, 7 s in groups of three.

    At 0.5 s each is alone; at 1 s they are 0 1, 5 6 and 7; at 5 s 0 1 5 (on time) and 6 7.
    """
    trace = Trace(times=(0, 1, 5, 6, 7))
    setup = bare(MDS(inputs=3, tasks=4), arrivals=trace, requests=5, fill_timeout=fill_timeout)

    assert draw(setup, 0).draws.size.shape == (groups, 4)


def test_a_closed_loop_has_no_arrivals_yet() -> None:
    """Times to think are drawn, one a request; arrivals are what the engines find."""
    think = Exponential(mean=1)
    plan = draw(bare(Parity(inputs=3), arrivals=Closed(clients=2, think=think, barrier=True)), 0)

    assert np.isnan(plan.draws.arrival).all()
    assert plan.draws.think.shape == (40,)
    assert (plan.protocol.clients, plan.protocol.round) == (2, 3)


def test_warm_up_requests_are_drawn_too() -> None:
    """They are requests like the others, and come first."""
    warm = draw(bare(warm_up=10, requests=30), 0)

    assert warm.draws.arrival.shape == (40,)
    assert np.array_equal(warm.draws.own_size, draw(bare(), 0).draws.own_size)


def test_paths() -> None:
    """Each recovery with its accuracy: of the model, of own tasks, or not known; then resends."""
    known = draw(bare(Collage(grid=1, model="small"), accuracy=0.9), 0)
    unknown = draw(bare(Parity(inputs=1), accuracy=0.9), 0)
    exact = draw(bare(MDS(inputs=1, tasks=2, model="small"), accuracy=0.9), 0)

    assert known.paths.name == ("own", "collage", "resend")
    assert known.paths.accuracy.tolist() == [0.9, 0.8, 0.9]
    assert np.isnan(unknown.paths.accuracy).tolist() == [False, True, False]
    assert exact.paths.accuracy.tolist() == [0.8, 0.9]
    assert known.roles == ("own", "collage")


@dataclasses.dataclass(frozen=True)
class Zero:
    """A user's law that gives 0 once in a while."""

    mean: float = 1.0

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> np.ndarray:
        """Return ones, and a 0 every third."""
        return (np.arange(shape) % 3 > 0).astype(float)


@pytest.mark.parametrize(
    ("policy", "keys"),
    [
        (NoRedundancy(), {"service": Zero()}),
        (MDS(inputs=2, tasks=3), {"service": Zero()}),
        (Parity(inputs=2, model="zero"), {"models": {"zero": Model(Zero())}}),
    ],
    ids=str,
)
def test_sizes_of_zero_are_refused(policy: Policy, keys: dict[str, object]) -> None:
    """A task would finish in the instant in which it starts."""
    with pytest.raises(ValueError, match="service: a size is missing or not above 0"):
        draw(bare(policy, **keys), 0)


@pytest.mark.parametrize(
    ("own", "redundant"),
    [
        ((0, 1, 2, 4), ((3, 3),)),
        ((0, 1, -1, 2), ((3, 3),)),
        ((0, 1, 2), ((3, 3),)),
        (None, ((3, 3),)),
        ((0, 1, 2, 3), ((3, 4),)),
        ((0, 1, 2, 3), ((3, -2),)),
        ((0, 1, 2, 3), ((3,),)),
        ((0, 1, 2, 3), ()),
    ],
)
def test_scripted_workers_that_are_not_there_are_refused(
    own: tuple[int, ...] | None, redundant: tuple[tuple[int, ...], ...]
) -> None:
    """Out of range or left out, of own tasks and of redundant ones."""
    placement = ScriptedPlacement(own=own, redundant=redundant)
    setup = bare(Parity(inputs=2), placement=placement, requests=4)

    with pytest.raises(ValueError, match=r"workers.placement: give .* there are 4 workers"):
        draw(setup, 0)


def test_too_few_scripted_sizes_are_refused() -> None:
    """The message says how many there are, and of how many."""
    with pytest.raises(ValueError, match="service.own: 2 sizes are too few; .* the 3 requests"):
        draw(bare(service=Scripted(own=(1, 1)), requests=3), 0)


def test_scripted_sizes_of_coded_tasks_are_not_left_out() -> None:
    """There is no own task whose size could stand in."""
    short = Scripted(redundant=((1, 1), (1, 1), (1,)))

    with pytest.raises(ValueError, match="service: a size is missing or not above 0"):
        draw(bare(MDS(inputs=2, tasks=3), service=short, requests=4), 0)
