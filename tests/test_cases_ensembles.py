"""Hand-worked cases of members on devices: every start and finish derived in the comments.

Workers are instances, models side by side. Members are red, green and blue, in this order.
"""

import pytest
from allotted import DEVICE, allotted, run
from worked import FINISHED, STOPPED, both_engines

from strag_sim.arrivals import Closed
from strag_sim.distributions import Deterministic
from strag_sim.ensembles.devices import Device
from strag_sim.setup import Job, Setup

APART = [("red", 0, 1), ("green", 1, 1), ("blue", 2, 1)]
TOGETHER = [("red", 0, 1), ("green", 0, 1)]


@both_engines
def test_two_members_take_turns_on_a_device(engine):
    """One slot: who joined first starts first, and of those that joined together the first."""
    case = run(engine, allotted(TOGETHER, sizes=[[2, 1], [3, 2]], arrivals=[0, 1]))

    # red 0: 0-2. Green 0 has been there since 0, red 1 since 1: 2-5. Then, both since 1: red 1
    # 5-6, green 1 6-8
    assert case.tasks(0) == [(0, 0, 2, FINISHED), (1, 2, 5, FINISHED)]
    assert case.tasks(1) == [(0, 5, 6, FINISHED), (1, 6, 8, FINISHED)]
    assert case.answers == [5, 8]
    assert case.cost == 8
    assert case.wasted == 0


@both_engines
def test_a_device_with_two_slots(engine):
    """Two of three instances serve at once, the third when a slot is free."""
    on = [("red", 0, 1), ("green", 0, 1), ("blue", 0, 1)]
    device = Device(memory=1, slots=2)
    case = run(engine, allotted(on, sizes=[[2, 1], [3, 4], [2, 5]], arrivals=[0, 1],
                                devices=[device]))  # fmt: skip

    # red 0 0-2, green 0 0-3; blue 0 from 2 on, 2-4, as it came before red 1: 3-4. At 4 both are
    # free: green 1 4-8, blue 1 4-9
    assert case.tasks(0) == [(0, 0, 2, FINISHED), (1, 0, 3, FINISHED), (2, 2, 4, FINISHED)]
    assert case.tasks(1) == [(0, 3, 4, FINISHED), (1, 4, 8, FINISHED), (2, 4, 9, FINISHED)]
    assert case.answers == [4, 9]


@both_engines
def test_instances_of_a_model_share_its_queue(engine):
    """An idle one takes the head; the second device is twice as fast."""
    devices = [DEVICE, Device(memory=1, speed=2)]
    case = run(engine, allotted([("red", 0, 1), ("red", 1, 1)], sizes=[[4, 2, 3]],
                                arrivals=[0, 0, 0.5], devices=devices))  # fmt: skip

    # 0 on worker 0: 0-4. 1 on worker 1, in half of 2: 0-1. 2 there: 1-2.5
    assert [case.tasks(i) for i in range(3)] == [
        [(0, 0, 4, FINISHED)], [(1, 0, 1, FINISHED)], [(1, 1, 2.5, FINISHED)]
    ]  # fmt: skip
    assert case.answers == [4, 1, 2.5]


@both_engines
def test_instances_with_queues_of_their_own(engine):
    """Round robin over the instances of a model; its device may keep one waiting."""
    on = [("red", 0, 1), ("red", 1, 1), ("green", 0, 1)]
    keys = {"queue": "per-worker", "placement": "round-robin"}
    case = run(engine, allotted(on, sizes=[[2, 3], [1, 1]], arrivals=[0, 0], **keys))

    # red 0 on worker 0: 0-2, red 1 on worker 1: 0-3. Green waits for device 0: 2-3, 3-4
    assert case.tasks(0) == [(0, 0, 2, FINISHED), (2, 2, 3, FINISHED)]
    assert case.tasks(1) == [(1, 0, 3, FINISHED), (2, 3, 4, FINISHED)]
    assert case.answers == [3, 4]


@both_engines
def test_each_instance_has_its_own_batch_size(engine):
    """Of one queue the first instance takes one segment, the second up to three."""
    on = [("red", 0, 1), ("red", 1, 3)]
    case = run(engine, allotted(on, sizes=[[2, 2, 9, 9, 1]], arrivals=[0] * 5, growth=0.5))

    # worker 0: 0, 0-2. Worker 1: 1, 2 and 3 in 2 (1 + 0.5 x 2): 0-4. Worker 0: 4, 2-3
    assert [case.batches(i) for i in range(5)] == [[1], [3], [3], [3], [1]]
    assert case.answers == [2, 4, 4, 4, 3]
    assert case.cost == 7


@both_engines
def test_an_instance_waits_for_its_own_batch(engine):
    """A batch of one never waits; one of three waits for two more, or for 2 s."""
    on = [("red", 0, 1), ("red", 1, 3)]
    case = run(engine, allotted(on, sizes=[[4, 2, 9, 1]], arrivals=[0, 1, 2, 3.5], growth=0.5,
                                wait=2.0))  # fmt: skip

    # 0 on worker 0: 0-4. 1 waits at worker 1 until 3, when 2 is there too: 3-6. 3 on worker 0: 4-5
    assert [case.batches(i) for i in range(4)] == [[1], [2], [2], [1]]
    assert case.answers == [4, 6, 6, 5]


@both_engines
def test_a_wait_holds_no_device(engine):
    """An instance that waits for its batch to fill lets another of its device serve."""
    on = [("red", 0, 2), ("green", 0, 1)]
    case = run(engine, allotted(on, sizes=[[2, 1], [3, 1]], arrivals=[0, 4], growth=1.0,
                                wait=2.0))  # fmt: skip

    # red 0 waits until 2, so green 0 starts: 0-3; red 0, overdue: 3-5. At 4 both join; at 5 red 1
    # would wait until 6, so green 1: 5-6, and then red 1: 6-7
    assert case.tasks(0) == [(0, 3, 5, FINISHED), (1, 0, 3, FINISHED)]
    assert case.tasks(1) == [(0, 6, 7, FINISHED), (1, 5, 6, FINISHED)]


@both_engines
def test_a_segment_larger_than_a_batch(engine):
    """Its samples are computed in several batches, one after the other, and the rest in one."""
    on = [("red", 0, 2), ("green", 1, 4), ("blue", 2, 12)]
    sizes = [[2, 2], [1, 3], [4, 8]]
    keys = {"job": Job(samples=5), "growth": 0.5, "arrivals": [0, 0]}
    case = run(engine, allotted(on, sizes=sizes, **keys))

    # of 5 samples red computes 2, 2 and 1: 2 (1.5 + 1.5 + 1) = 8, 0-8 and 8-16. Green 4 and 1:
    # 1 (2.5 + 1), 0-3.5, and 3 x 3.5, to 14. Blue both segments in one: 4 (1 + 0.5 x 9) = 22
    assert case.tasks(0) == [(0, 0, 8, FINISHED), (1, 0, 3.5, FINISHED), (2, 0, 22, FINISHED)]
    assert case.tasks(1) == [(0, 8, 16, FINISHED), (1, 3.5, 14, FINISHED), (2, 0, 22, FINISHED)]
    assert case.batches(1) == [1, 1, 2]
    assert case.cost == 8 + 8 + 3.5 + 10.5 + 22


@both_engines
def test_interference_is_read_at_the_start(engine):
    """By how many then serve, itself included; it holds to the end of the service."""
    device = Device(memory=1, slots=2, interference=(1, 1.5))
    case = run(engine, allotted(TOGETHER, sizes=[[4, 4, 4], [2, 2, 2]], arrivals=[0, 2, 10],
                                devices=[device]))  # fmt: skip

    # red 0 starts first, alone: 0-4. Green 0 beside it: 2 x 1.5, 0-3; green 1: 3-6. Red 1 beside
    # that: 4-10. At 10 nobody serves: red 2, 10-14, and green 2, 10-13
    assert case.tasks(0) == [(0, 0, 4, FINISHED), (1, 0, 3, FINISHED)]
    assert case.tasks(1) == [(0, 4, 10, FINISHED), (1, 3, 6, FINISHED)]
    assert case.tasks(2) == [(0, 10, 14, FINISHED), (1, 10, 13, FINISHED)]
    log = case.outcome.log
    assert log.service.tolist() == [4, 3, 6, 3, 4, 3]
    assert log.unslowed.tolist() == [4, 2, 4, 2, 4, 2]


@both_engines
def test_a_stop_frees_the_device(engine):
    """Whoever is stopped in service leaves its slot to another instance."""
    on = [("red", 0, 1), ("green", 1, 1), ("blue", 0, 1)]
    case = run(engine, allotted(on, sizes=[[8, 5], [3, 2], [1, 1]], arrivals=[0, 1], quorum=1,
                                cancel="running"))  # fmt: skip

    # red 0 0-8, green 0 0-3, blue 0 queued. At 3 green answers: red 0 is stopped, blue 0 dropped.
    # Red 1 starts at 3, as does green 1: 3-5, which stops it; blue 1 never starts
    assert case.tasks(0) == [
        (0, 0, 3, STOPPED), (1, 0, 3, FINISHED), (-1, None, 3, "cancelled-queued")
    ]  # fmt: skip
    assert case.tasks(1) == [
        (0, 3, 5, STOPPED), (1, 3, 5, FINISHED), (-1, None, 5, "cancelled-queued")
    ]  # fmt: skip
    assert case.answers == [3, 5]
    assert case.wasted == 5 / 10


@both_engines
def test_combining_waits_for_the_core(engine):
    """One core of the master combines one segment after the other."""
    keys = {"sizes": [[1, 1], [2, 1]], "arrivals": [0, 0], "decode": Deterministic(value=2)}
    one = run(engine, allotted(APART[:2], cores=1, **keys))
    many = run(engine, allotted(APART[:2], **keys))

    # red 0-1 and 1-2, green 0-2 and 2-3. All of 0 is in at 2: 2-4; of 1 at 3: 4-6, not 3-5
    assert one.answers == [4, 6]
    assert many.answers == [4, 5]


@both_engines
def test_jobs_of_segments(engine):
    """Segments of a job are tasks like any; those of the next job share batches with them."""
    on = [("red", 0, 4), ("green", 1, 2)]
    keys = {"job": Job(segments=3, samples=2), "growth": 0.5, "warm_up": 1}
    case = run(engine, allotted(on, sizes=[[1] * 6, [1] * 6], arrivals=[0, 1], **keys))

    # red takes two segments, 4 samples: 2.5; at 2.5 segment 2 and segment 3, of the second job:
    # 2.5-5; 4 and 5: 5-7.5. Green one at a time, 2 samples: 1.5, 3, 4.5, 6, 7.5, 9
    assert case.answers == [2.5, 3, 5, 6, 7.5, 9]
    assert case.outcome.arrival.tolist() == [0, 0, 0, 1, 1, 1]
    assert case.batches(2) == [2, 1]
    # the second job's: half of a batch of red, a whole one, and three of green
    assert case.cost == 2.5 / 2 + 2.5 + 3 * 1.5
    assert case.outcome.measured == 3


@both_engines
@pytest.mark.parametrize("segments", [1, 2])
def test_closed_loops_send_whole_jobs(engine, segments):
    """A client sends its next job when the last segment of the one before is answered."""
    setup = allotted(
        [("red", 0, 1)], sizes=[[1, 2, 1, 2]], arrivals=[0] * (4 // segments),
        job=Job(segments=segments),
    )  # fmt: skip
    case = run(engine, Setup(**{**vars(setup), "arrivals": Closed(clients=1)}))

    # one by one: 0-1, 1-3, 3-4, 4-6. Two at a time: both at 0, the next two at 3
    assert case.answers == [1, 3, 4, 6]
    assert case.outcome.arrival.tolist() == ([0, 1, 3, 4] if segments == 1 else [0, 0, 3, 3])
