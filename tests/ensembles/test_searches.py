"""Searches for an allocation: steepest ascent, the best of all, and batch sizes alone."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from placed import drawn_devices, drawn_members, endless, matrix, member

from strag_sim.ensembles import (
    BATCHES,
    Device,
    best_batch,
    bounding,
    exhaustive,
    greedy,
    problem,
    worst_fit,
)
from strag_sim.ensembles.costs import capacity, costs_of
from strag_sim.ensembles.neighbours import exchanged, neighbours, replaced, resized, room_of, traded
from strag_sim.ensembles.searching import Rank, _spread
from strag_sim.errors import AllocationError

SIZES = (1, 2, 4)
# a takes 1, 1.5 and 2.5 s for batches of 1, 2 and 4, b 2 s for one sample.
A, B = member("a", times=(1.0, 1.5, 2.0, 2.5)), member("b", times=(2.0,))


def cases(seed, count=200):
    """Yield tiny sets of devices and members that have a worst fit: at most six cells.

    In three of ten the members are of one architecture.
    """
    rng = np.random.default_rng(seed)
    found = 0
    while found < count:
        devices = drawn_devices(rng, int(rng.integers(1, 4)))
        members = drawn_members(rng, int(rng.integers(1, 4 if len(devices) < 3 else 3)))
        if rng.random() < 0.3:
            members = [replace(members[0], name=each.name) for each in members]
        try:
            start = worst_fit(devices, members)
        except AllocationError:
            continue
        found += 1
        yield start, devices, members


def texts(found):
    """Return what is changed."""
    return [neighbour.change for neighbour in found]


def test_one_instance_is_changed():
    """Sizes, devices, one more and one less; a keeps one, and nothing is larger than memory."""
    room = room_of(("a", "b"), [Device(memory=2), Device(memory=2)], [A, B], (2, 1))

    assert texts(neighbours(matrix([[1, 1], [2, 0]]), room)) == [
        "a on device 0 from 1 to 2",
        "a on device 1 from 2 to 1",
        "a off device 0",
        "a off device 1",
        "b from device 0 to device 1",
        "b also on device 1, batch size 1",
    ]
    assert texts(neighbours(matrix([[0, 1], [1, 0]]), room)) == [
        "a on device 1 from 1 to 2",
        "a from device 1 to device 0",
        "b from device 0 to device 1",
        "a also on device 0, batch size 1",
        "a also on device 0, batch size 2",
        "b also on device 1, batch size 1",
    ]
    full = room._replace(devices=[Device(memory=1), Device(memory=1)])
    assert texts(neighbours(matrix([[0, 1], [1, 0]]), full)) == ["a on device 1 from 1 to 2"]


def test_two_instances_are_changed():
    """A trade keeps within memory; an exchange leaves each model as often as it was."""
    heavy = [member(name, memory=1, memory_per_sample=1, times=(1.0, 1.0)) for name in "ab"]
    room = room_of(("a", "b"), [Device(memory=5), Device(memory=5)], heavy, (1, 2))

    assert texts(traded(matrix([[1, 2], [1, 0]]), room)) == ["a to 2, b to 1 on device 0"]
    assert texts(resized(matrix([[1, 2], [0, 0]]), room)) == ["b on device 0 from 2 to 1"]
    two_bytes = room._replace(devices=[Device(memory=2), Device(memory=2)])
    assert texts(replaced(matrix([[1, 0], [1, 0]]), two_bytes)) == [
        "b also on device 0, batch size 1, in place of a",
        "b also on device 1, batch size 1, in place of a",
    ]
    (swap,) = exchanged(matrix([[2, 0], [0, 1]]), room)
    assert swap.change == "a on device 0 and b on 1 exchanged"
    assert swap.allocation == matrix([[0, 1], [2, 0]])
    assert not list(exchanged(matrix([[2, 1], [0, 1]]), room))


def test_neighbours_fit():
    """All of 50 tiny cases, and of what lies beside them."""
    for start, devices, members in cases(5, 50):
        room = room_of(start.models, devices, members, SIZES)
        for kind in (neighbours, traded, replaced, exchanged):
            for neighbour in kind(start, room):
                assert problem(neighbour.allocation, devices, members) is None
                assert neighbour.allocation != start


def test_a_search_by_hand():
    """From both on device 0, X = 1/3: a to device 1, X = 1/2; b beside it; a in batches of four.

    With b on both devices and a in batches of four (0.625 s a sample) the two devices have 2 s a
    second for 2.625 s a sample: X = 2 / 2.625.
    """
    devices, members = endless(2), [A, B]
    score = bounding(devices, members)
    found = greedy(matrix([[1, 1], [0, 0]]), devices, members, score, batches=SIZES)

    assert found.steps[0].change == "start"
    assert found.steps[0].score == pytest.approx(1 / 3)
    assert found.score == pytest.approx(2 / 2.625)
    assert found.score == exhaustive(devices, members, score, batches=SIZES).score
    assert found.settled
    assert found.evaluations >= sum(step.evaluated for step in found.steps)


def at_most(devices, members):
    """Return a bound that is cheap: each model alone, and all in the least time on all devices."""
    costs = costs_of(devices, members, 1)
    total = sum(capacity(device, len(members)) for device in devices)

    def bound(allocation):
        seconds = [[] for _ in members]
        for device, model, batch in allocation.instances():
            seconds[model].append(costs(device, allocation.models[model], batch))
        alone = min(sum(1 / each for each in of_model) for of_model in seconds)
        return min(alone, total / sum(map(min, seconds)))

    return bound


@cache
def solved(seed):
    """Return 200 tiny cases, each with the best score of all matrices."""
    found = []
    for start, devices, members in cases(seed):
        score = bounding(devices, members)
        best = exhaustive(devices, members, score, batches=SIZES, bound=at_most(devices, members))
        found.append((start, devices, members, best.score))
    return found


def shares(seed):
    """Return what the greedy search reaches of the best of all, for 200 tiny cases."""
    reached = []
    for start, devices, members, best in solved(seed):
        score = bounding(devices, members)
        found = greedy(start, devices, members, score, batches=SIZES, bound=score)
        assert problem(found.allocation, devices, members) is None
        assert all(after.score >= before.score for before, after in pairwise(found.steps))
        assert found.score <= best * (1 + 1e-9)
        reached.append(found.score / best)
    return np.array(reached)


def test_greedy_finds_the_best_of_tiny_cases():
    """In nine of ten of 200 cases; its score never falls, and is never above the best."""
    reached = shares(4)

    print(f"the best in {np.mean(reached > 1 - 1e-9):.3f} of cases, mean {reached.mean():.4f}")
    assert np.mean(reached > 1 - 1e-9) >= 0.9
    assert reached.mean() > 0.98


def test_without_lighter_loads_too_few_are_found(monkeypatch):
    """Negative control: steepest ascent that stops where the score alone does not rise."""
    monkeypatch.setattr(Rank, "beats", lambda self, other: self.score > other.score * (1 + 1e-9))

    with pytest.raises(AssertionError):
        test_greedy_finds_the_best_of_tiny_cases()


@pytest.mark.parametrize("most", [1, 5, 10**6])
def test_a_search_ends_where_no_neighbour_is_better(most):
    """However few are scored a step, and whatever the bound left out."""
    for start, devices, members in cases(6, 30):
        score = bounding(devices, members)
        for bound in (None, score, lambda allocation, score=score: 1.5 * score(allocation)):
            keys = {"batches": SIZES, "max_neighbours": most, "bound": bound}
            found = greedy(start, devices, members, score, **keys)
            room = room_of(start.models, devices, members, SIZES)
            assert found.settled
            around = neighbours(found.allocation, room)
            assert max(score(each.allocation) for each in around) <= found.score * (1 + 1e-9)


def test_what_is_pruned_is_not_scored():
    """With the score as bound two are scored a step, or few more; without it all are."""
    (start, devices, members), *_ = cases(7, 1)
    score, counts = bounding(devices, members), {}
    for name, bound in (("all", None), ("few", score)):
        asked = []

        def counted(allocation, asked=asked):
            asked.append(allocation)
            return score(allocation)

        found = greedy(start, devices, members, counted, batches=SIZES, bound=bound)
        assert found.evaluations == len(asked)
        counts[name] = len(asked)
        assert any(step.pruned for step in found.steps) == (name == "few")
    assert counts["few"] < counts["all"] / 2


def test_a_search_is_repeatable_and_may_be_cut_short():
    """The same seed, the same steps; after one step it has not settled."""
    (start, devices, members), *_ = cases(8, 1)
    score = bounding(devices, members)
    keys = {"batches": SIZES, "max_neighbours": 3, "seed": 4}

    one, other = (greedy(start, devices, members, score, **keys) for _ in range(2))
    short = greedy(start, devices, members, score, max_iterations=1, **keys)
    assert one == other
    assert short.steps == one.steps[:2]
    assert (len(one.steps) > 2, one.settled, short.settled) == (True, True, False)


@pytest.mark.parametrize("count", [*range(30), 408, 1000])
def test_a_spread_has_all_once(count):
    """From any first one; a few in a row lie apart."""
    found = list(_spread(count, 3))

    assert sorted(found) == list(range(count))
    if count > 20:
        assert min(abs(a - b) for a, b in pairwise(found)) > count // 4


def test_a_start_that_does_not_fit_is_refused():
    """By all that start somewhere; batch sizes must be some."""
    devices, members = [Device(memory=1)], [A, B]
    for search in (greedy, best_batch):
        with pytest.raises(AllocationError, match="device 0 is over-full"):
            search(matrix([[1, 1]]), devices, members, lambda _: 1.0)
        with pytest.raises(ValueError, match=r"batches: \[0\] is not allowed; batches must be"):
            search(matrix([[1, 1]]), devices, members, lambda _: 1.0, batches=[0])


def test_batch_sizes_alone_leave_models_where_they_are():
    """a in batches of four takes 0.625 s of the device that it shares with b: X = 1 / 2.625."""
    devices, members = endless(2), [A, B]
    score = bounding(devices, members)
    found = best_batch(matrix([[1, 1], [0, 0]]), devices, members, score, batches=SIZES)

    assert found.allocation == matrix([[4, 1], [0, 0]])
    assert found.score == pytest.approx(1 / 2.625)


def test_devices_that_are_equally_loaded_hold_up_no_search():
    """No change of one of two equal devices raises the score; the first is made all the same."""
    devices, members = (
        endless(2),
        [member("a", times=A.times["gpu"]), member("b", times=A.times["gpu"])],
    )
    score = bounding(devices, members)
    found = best_batch(matrix([[1, 0], [0, 1]]), devices, members, score, batches=SIZES)

    assert found.allocation == matrix([[4, 0], [0, 4]])
    assert [step.score for step in found.steps] == pytest.approx([1.0, 1.0, 1.6])


def test_a_trade_where_memory_is_full():
    """b (2 s for any batch) had best grow, but a's two samples have the memory that it takes."""
    members = [
        member("a", memory=1, memory_per_sample=1, times=(1.0, 1.9)),
        member("b", memory=1, memory_per_sample=1, times=(2.0, 2.0)),
    ]
    devices = [Device(memory=5)]
    score = bounding(devices, members)
    found = best_batch(matrix([[2, 1]]), devices, members, score, batches=(1, 2))

    assert found.allocation == matrix([[1, 2]])
    assert found.score == pytest.approx(1 / 2)


def test_the_best_of_all_is_refused_where_there_are_too_many():
    """Nine choices in each of 48 cells; the number is told."""
    members = [member(name, times=(1.0,) * 128) for name in "abcdefghijkl"]

    with pytest.raises(AllocationError) as refused:
        exhaustive(endless(4), members, lambda _: 1.0)
    assert f"they make {9**48:,} matrices, and at most 1,000,000 are looked at" in str(
        refused.value
    )
    assert len(BATCHES) == 8


def test_the_best_of_none():
    """Where no matrix fits."""
    with pytest.raises(AllocationError, match="no allocation of a, b fits the memory of 1 devices"):
        exhaustive([Device(memory=1)], [A, B], lambda _: 1.0, batches=(1,))


def test_the_best_of_all_by_hand():
    """Of 15 matrices in which a and b fit two devices of one byte, two: each on one of them."""
    devices = [Device(memory=1), Device(memory=1, speed=2.0)]
    score = bounding(devices, [A, B])
    found = exhaustive(devices, [A, B], score, batches=(1,))

    assert (found.allocation, found.score) == (matrix([[1, 0], [0, 1]]), 1.0)
    assert found.evaluations == 2


def test_what_a_bound_leaves_out_loses_nothing():
    """The best of all with a bound, or none, has the same score; with one fewer are scored."""
    for _, devices, members in cases(9, 10):
        score = bounding(devices, members)
        plain = exhaustive(devices, members, score, batches=SIZES)
        bounded = exhaustive(
            devices, members, score, batches=SIZES, bound=at_most(devices, members)
        )

        assert bounded.score == pytest.approx(plain.score, rel=1e-9)
        assert bounded.evaluations < plain.evaluations or plain.evaluations < 10
