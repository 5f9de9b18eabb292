"""Where a search begins: the largest model first, where most memory is free."""

import math

import numpy as np
import pytest
from placed import drawn_devices, drawn_members, endless, matrix, member

from strag_sim.ensembles import Allocation, Device, Member, problem, worst_fit
from strag_sim.errors import AllocationError


def memories(*sizes: float) -> list[Device]:
    """Return devices of these memories."""
    return [Device(memory=size) for size in sizes]


def of(*sizes: float) -> list[Member]:
    """Return members of these sizes."""
    return [member(name, memory=size) for name, size in zip("abcdef", sizes, strict=False)]


def test_the_largest_goes_first_where_most_is_free() -> None:
    """c (6) to device 1, which has 10; b (5) to device 0, which has 8; a (2) to 1: 4 is over 3."""
    assert worst_fit(memories(8, 10), of(2, 5, 6)) == matrix([[0, 1, 0], [1, 0, 1]])


def test_ties_go_to_the_first() -> None:
    """Of equal models, and of devices with equally much free."""
    assert worst_fit(memories(9, 9), of(3, 3, 3)) == matrix([[1, 0, 1], [0, 1, 0]])


def test_infinite_memories_fill_evenly() -> None:
    """Free is the same everywhere, so that what is taken decides."""
    assert worst_fit(endless(2), of(3, 2, 2)) == matrix([[1, 0, 0], [0, 1, 1]])


def test_samples_of_a_batch_count() -> None:
    """At batch size 2 b takes 1 + 2 x 4 = 9 and goes first; at 1 it takes 5, and a (6) does."""
    members = [
        member("a", memory=6, times=(1.0, 1.0)),
        member("b", memory=1, memory_per_sample=4, times=(1.0, 1.0)),
    ]

    assert worst_fit(memories(12, 10), members, batch=1) == matrix([[1, 0], [0, 1]])
    assert worst_fit(memories(12, 10), members, batch=2) == matrix([[0, 2], [2, 0]])


def test_models_go_to_kinds_that_run_them() -> None:
    """The CPU has most memory, but b has no times for it."""
    members = [
        Member(name="a", memory=1, times={"gpu": (1.0,), "cpu": (9.0,)}),
        Member(name="b", memory=2, times={"gpu": (1.0,)}),
    ]
    devices = [Device(memory=64, kind="cpu"), Device(memory=8)]

    assert worst_fit(devices, members) == matrix([[1, 0], [0, 1]])


def test_what_fits_nowhere_is_told_with_all_devices() -> None:
    """Its size, what is free on each device, and why a kind is out of question."""
    members = [
        Member(name="big", memory=7, memory_per_sample=1, times={"gpu": (1.0, 1.0)}),
        Member(name="small", memory=6, times={"gpu": (1.0, 1.0), "cpu": (1.0,)}),
    ]
    devices = [Device(memory=12), Device(memory=5), Device(memory=99, kind="cpu")]

    with pytest.raises(AllocationError) as refused:
        worst_fit(devices, members, batch=2)
    assert str(refused.value) == (
        "model small fits nowhere: at batch size 2 an instance takes 6 bytes, and device 0 has 3 "
        "bytes free, device 1 has 5 bytes free, device 2 is a cpu, timed up to batch size 1"
    )
    with pytest.raises(AllocationError, match="device 2 is a cpu, for which it has no times$"):
        worst_fit([devices[1], devices[1], devices[2]], members[:1])
    with pytest.raises(AllocationError, match="and there is no device$"):
        worst_fit([], members)
    with pytest.raises(ValueError, match="batch: 0 is not allowed; batch must be at least 1"):
        worst_fit(devices, members, batch=0)


def outcome(seed: int) -> Allocation | str:
    """Return the matrix of drawn devices and members, or why there is none, having checked it."""
    rng = np.random.default_rng(seed)
    devices = drawn_devices(rng, int(rng.integers(1, 6)))
    members = drawn_members(rng, int(rng.integers(1, 9)))
    try:
        found = worst_fit(devices, members, batch=int(rng.integers(1, 5)))
    except AllocationError as error:
        return str(error)
    wrong = problem(found, devices, members)
    assert wrong is None, wrong
    return found


def test_a_thousand_sets_fit_or_are_told_why_not() -> None:
    """No device is ever over-full, and each model has one instance."""
    found = [outcome(seed) for seed in range(1000)]

    told = [each for each in found if isinstance(each, str)]
    assert all("fits nowhere: at batch size" in text for text in told)
    assert 100 < len(told) < 900
    assert all(
        len(each.instances()) == len(each.models) for each in found if isinstance(each, Allocation)
    )


def test_a_fit_that_forgets_samples_overfills(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without memory per sample the thousand sets do not pass."""
    monkeypatch.setattr(Member, "footprint", _forgetful)
    monkeypatch.setattr("strag_sim.ensembles.allocation.taken", _taken)

    with pytest.raises(AssertionError, match="is over-full"):
        test_a_thousand_sets_fit_or_are_told_why_not()


def _forgetful(self: Member, batch: int) -> float:
    return self.memory


def _taken(row: tuple[int, ...], members: list[Member]) -> float:
    pairs = zip(row, members, strict=True)
    return math.fsum(each.memory + each.memory_per_sample * batch for batch, each in pairs if batch)
