"""Devices and members: what they say, and what they refuse."""

import math
import re

import pytest
from placed import member

from strag_sim.ensembles import Device, Member

TIMES = {"gpu": (1.0, 1.5, 1.9)}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"memory": 0}, "memory: 0 is not allowed; memory must be more than 0 bytes"),
        ({"memory": math.nan}, "memory: nan is not allowed"),
        ({"speed": 0}, "speed: 0 is not allowed; speed must be above 0"),
        ({"speed": math.inf}, "speed: inf is not allowed"),
        ({"kind": "tpu"}, "kind: 'tpu' is not allowed; kind must be gpu or cpu"),
        ({"slots": 0}, "slots: 0 is not allowed; slots must be at least 1"),
        (
            {"slots": 2, "interference": (1.0,)},
            "interference: 1 factors are not allowed; interference must have one a slot (2), or no",
        ),
        (
            {"slots": 2, "interference": (1.1, 1.2)},
            "interference: 1.1 is not allowed as the first factor, that of an instance alone; it",
        ),
        ({"slots": 2, "interference": (1, 0.9)}, "interference: 0.9 is not allowed; each factor"),
        ({"slots": 2, "interference": (1, math.inf)}, "interference: inf is not allowed"),
    ],
)
def test_devices_refuse_nonsense(keys, message):
    """Each is named with what was given and what is allowed."""
    with pytest.raises(ValueError, match=re.escape(message)):
        Device(**{"memory": 24e9, **keys})


def test_a_device_may_have_no_end_of_memory():
    """And two slots that do not disturb each other."""
    device = Device(memory=math.inf, slots=2)

    assert (device.speed, device.kind, device.interference) == (1.0, "gpu", ())


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"name": ""}, "name: '' is not allowed; a model needs a name"),
        ({"memory": -1}, "memory: -1 is not allowed; memory must be bytes >= 0"),
        ({"memory": math.inf}, "memory: inf is not allowed"),
        ({"memory_per_sample": math.nan}, "memory_per_sample: nan is not allowed"),
        ({"times": {}}, "times: none is not allowed; a needs those of at least one kind of device"),
        (
            {"times": {"tpu": (1.0,)}},
            "times: 'tpu' is not allowed; a kind of device must be gpu or",
        ),
        ({"times": {"gpu": ()}}, "times.gpu: none is not allowed; leave out the kind that cannot"),
        ({"times": {"cpu": (1.0, 0.0)}}, "times.cpu: 0.0 is not allowed; a time must be above 0"),
    ],
)
def test_members_refuse_nonsense(keys, message):
    """Each is named with what was given and what is allowed."""
    with pytest.raises(ValueError, match=re.escape(message)):
        Member(**{"name": "a", "memory": 1.0, "times": TIMES, **keys})


def test_footprint():
    """100 bytes of weights and 3 samples of 10 bytes are 130 bytes."""
    assert member(memory=100, memory_per_sample=10).footprint(3) == 130


@pytest.mark.parametrize(
    ("samples", "batch", "time"),
    [
        (1, 3, 1.0),  # a batch may be smaller than the batch size
        (3, 3, 1.9),
        (7, 3, 1.9 + 1.9 + 1.0),  # full batches, then the rest
        (8, 3, 1.9 + 1.9 + 1.5),
        (4, 1, 4.0),
    ],
)
def test_samples_are_computed_in_full_batches_and_a_rest(samples, batch, time):
    """Batches of 1, 2 and 3 samples take 1, 1.5 and 1.9 s."""
    assert member(times=TIMES["gpu"]).seconds("gpu", samples, batch) == pytest.approx(time)


def test_the_largest_batch_is_as_far_as_times_are_known():
    """A kind without times runs none."""
    one = member(times=TIMES["gpu"])

    assert (one.largest("gpu"), one.largest("cpu")) == (3, 0)
