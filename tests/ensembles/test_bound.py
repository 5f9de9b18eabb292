"""The bound of throughput: by hand, by another solver, and by schedules that cannot beat it."""

import heapq
import itertools
import math

import numpy as np
import pytest
from placed import drawn_devices, drawn_matrix, drawn_members, endless, matrix, member
from scipy.optimize import linprog

from strag_sim.ensembles import Device, bounding, throughput_bound
from strag_sim.ensembles.costs import capacity, costs_of, sample_seconds
from strag_sim.ensembles.simplex import largest_value

A, B = member("a", times=(1.0, 1.5)), member("b", times=(2.0, 3.0))
TWICE = Device(memory=math.inf, speed=2.0)


@pytest.mark.parametrize(
    ("rows", "devices", "throughput"),
    [
        # One device: a sample takes 1 + 2 s.
        ([[1, 1]], endless(1), 1 / 3),
        # In batches of two 0.75 + 1.5 s.
        ([[2, 2]], endless(1), 1 / 2.25),
        # One each: b is the bottleneck.
        ([[1, 0], [0, 1]], endless(2), 1 / 2),
        # b also beside a: device 0 has 1 - X left for it, so X = 1/2 + (1 - X)/2.
        ([[1, 1], [0, 1]], endless(2), 2 / 3),
        # Two of all: twice one device.
        ([[1, 1], [1, 1]], endless(2), 2 / 3),
        # A device twice as fast for b.
        ([[1, 0], [0, 1]], [*endless(1), TWICE], 1.0),
        # Two slots: each instance has a device of its own, so b takes 2 s a sample.
        ([[1, 1]], endless(1, slots=2), 1 / 2),
        # The second of two takes 1.6 times as long: they do 1 + 1 / 1.6 = 1.625 s a second of the
        # 3 s of a sample; alone b does no more than 1 / 2.
        ([[1, 1]], endless(1, slots=2, interference=(1, 1.6)), 1 / 2),
        # Six times as long: 1 + 1 / 6 s a second.
        ([[1, 1]], endless(1, slots=2, interference=(1, 6)), (7 / 6) / 3),
        # Three devices of a: three times as much; two slots help no model that is alone.
        ([[1], [1], [1]], endless(3, slots=2), 3.0),
    ],
)
def test_by_hand(rows, devices, throughput):
    """Batches of 1 and 2 take a 1 and 1.5 s, b 2 and 3 s."""
    found = throughput_bound(matrix(rows), devices, [A, B][: len(rows[0])])

    assert found == pytest.approx(throughput, rel=1e-12)


def test_a_service_takes_the_number_of_segments_that_is_best():
    """Of 2, 4 s for one and 20 s for two segments of 2: 8 samples would be slowest of all."""
    falling = member(times=(1.0, 4.0, 9.0, 20.0, 30.0, 40.0, 50.0, 60.0))

    assert sample_seconds(falling, *endless(1), batch=8, segment=2) == 4.0 / 2
    assert sample_seconds(falling, *endless(1), batch=8, segment=8) == 60.0 / 8
    # A segment larger than the batch size: 3 + 3 + 2 samples.
    assert sample_seconds(falling, TWICE, batch=3, segment=8) == (9 + 9 + 4) / 2 / 8


def test_the_capacity_of_slots():
    """What begins as the j-th of those that serve has the factor of j, or of more, at the least."""
    device = Device(memory=1, slots=4, interference=(1.0, 2.0, 5.0, 4.0))

    assert [capacity(device, count) for count in (1, 2)] == [1.0, 1.5]
    assert capacity(device, 3) == pytest.approx(1 + 1 / 2 + 1 / 5)
    assert capacity(device, 9) == pytest.approx(1 + 1 / 2 + 1 / 4 + 1 / 4)
    assert capacity(Device(memory=1, slots=3), 9) == 3.0


def by_linprog(allocation, devices, members):
    """Return the bound by the solver of another author, in samples and not in seconds."""
    costs, cells = costs_of(devices, members, 1), allocation.instances()
    seconds = [costs(d, allocation.models[m], batch) for d, m, batch in cells]
    models = [[-float(m == model) for _, m, _ in cells] for model in range(len(members))]
    busy = [
        [cost * (d == device) for (d, _, _), cost in zip(cells, seconds, strict=True)]
        for device in range(len(devices))
    ]
    own = np.diag(seconds).tolist()
    rows = [*([*row, 1.0] for row in models), *([*row, 0.0] for row in busy + own)]
    counts = [sum(d == device for d, _, _ in cells) for device in range(len(devices))]
    limits = [0.0] * len(models) + [capacity(*each) for each in zip(devices, counts, strict=True)]
    limits += [1.0] * len(cells)
    return -linprog([0.0] * len(cells) + [-1.0], A_ub=rows, b_ub=limits).fun


def test_another_solver_finds_the_same():
    """300 drawn allocations, half of them of devices that are alike, with ties."""
    rng = np.random.default_rng(1)
    for _ in range(300):
        devices = drawn_devices(rng, int(rng.integers(1, 6)), slots=4)
        members = drawn_members(rng, int(rng.integers(1, 7)))
        if rng.random() < 0.3:
            members = [member(each.name, times=(1.0, 1.0, 1.0, 1.0)) for each in members]
        allocation = drawn_matrix(rng, devices, members)
        expected = by_linprog(allocation, devices, members)

        assert throughput_bound(allocation, devices, members) == pytest.approx(expected, rel=1e-8)


def test_programmes_full_of_ties_come_to_an_end():
    """300 programmes of small whole numbers, half of whose limits are 0."""
    rng = np.random.default_rng(2)
    for _ in range(300):
        count, columns = rng.integers(2, 12, 2)
        rows = rng.integers(-1, 3, (count, columns)).astype(float)
        rows = np.vstack([rows, np.ones(columns)])
        limits = np.append(rng.integers(0, 2, count), 5).astype(float)
        gains = rng.integers(-1, 4, columns).astype(float)
        expected = -linprog(-gains, A_ub=rows, b_ub=limits).fun

        assert largest_value(rows, limits, gains) == pytest.approx(expected, abs=1e-9)


def test_times_of_cells_are_looked_up_once_and_change_nothing():
    """The bound as a function is that of one call."""
    rng = np.random.default_rng(3)
    devices, members = drawn_devices(rng, 3), drawn_members(rng, 3)
    bound = bounding(devices, members, segment=2)

    for allocation in (drawn_matrix(rng, devices, members, (2, 4)) for _ in range(20)):
        alone = throughput_bound(allocation, devices, members, segment=2)
        assert bound(allocation) == bound(allocation) == alone


def served(allocation, devices, members, rng, rounds=4000):
    """Return the samples a second of a schedule that is always busy, of a model the least.

    Whenever a slot is free, an instance that is idle begins a batch: mostly that whose model is
    behind, sometimes any. A service has the factor of those that then serve, itself included.
    """
    cells, now = allocation.instances(), 0.0
    done, begun = [0] * len(members), [0] * len(members)
    idle, serving, order = set(range(len(cells))), [], itertools.count()
    for _ in range(rounds):
        for device, this in enumerate(devices):
            free = [i for i in idle if cells[i].device == device]
            on = sum(cells[i].device == device for _, _, i in serving)
            while free and on < this.slots:
                behind = min(free, key=lambda i: begun[cells[i].model])
                i = behind if rng.random() < 0.95 else int(rng.choice(free))
                on += 1
                factor = this.interference[on - 1] if this.interference else 1.0
                _, model, batch = cells[i]
                time = members[model].seconds("gpu", batch, batch) * factor / this.speed
                heapq.heappush(serving, (now + time, next(order), i))
                begun[model] += batch
                free.remove(i)
                idle.remove(i)
        now, _, i = heapq.heappop(serving)
        done[cells[i].model] += cells[i].batch
        idle.add(i)
    return min(done) / now


def beaten(cases=40):
    """Return how far schedules come, as shares of their bounds."""
    rng = np.random.default_rng(4)
    shares = []
    for _ in range(cases):
        devices = drawn_devices(rng, int(rng.integers(1, 4)), slots=3)
        members = drawn_members(rng, int(rng.integers(1, 4)))
        allocation = drawn_matrix(rng, devices, members)
        reached = served(allocation, devices, members, rng)
        shares.append(reached / throughput_bound(allocation, devices, members))
    return shares


def test_no_schedule_beats_the_bound():
    """40 drawn cases of some thousand services; some come within 2 % of it."""
    shares = beaten()

    assert max(shares) <= 1 + 1e-9
    assert max(shares) > 0.98


def test_a_schedule_that_reaches_the_bound_of_two_slots():
    """100 samples of a take 100 s, one of b a third, and thrice that as the second that serves.

    Every 100 s a batch of a begins alone and keeps the factor 1, and 100 samples of b, one after
    another, end with it: one sample a second of each.
    """
    members = [member("a", times=range(1, 101)), member("b", times=(1 / 3,))]
    devices = endless(1, slots=2, interference=(1, 3))

    assert throughput_bound(matrix([[100, 1]]), devices, members) >= 1 - 1e-9
    assert throughput_bound(matrix([[100, 1]]), devices, members) == pytest.approx(1)


@pytest.mark.parametrize(
    ("planted", "case"),
    [
        # Were all that serve slowed alike, k of them would do k / f(k) a second.
        (
            lambda device, _: max(k / f for k, f in enumerate(device.interference, start=1)),
            test_a_schedule_that_reaches_the_bound_of_two_slots,
        ),
        (lambda *_: 0.9, test_no_schedule_beats_the_bound),
    ],
)
def test_a_bound_that_is_too_low_is_beaten(planted, case, monkeypatch):
    """Negative controls: wrong capacities of devices fail their cases."""
    case()
    monkeypatch.setattr("strag_sim.ensembles.bound.capacity", planted)

    with pytest.raises(AssertionError):
        case()
