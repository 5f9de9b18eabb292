"""What tasks are sent and send back, in bytes, and how long coding takes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payloads import EXACT, Backed, Counted, TwoOfThree, Unknown

from strag_sim.payload import Payload, code_of
from strag_sim.policies.collage import Collage
from strag_sim.policies.hedge import Hedge
from strag_sim.policies.none import NoRedundancy
from strag_sim.policies.replication import Replication

CARRIED = Payload(numbers=100, bytes=30, answers=10)


@pytest.mark.parametrize(
    ("policy", "sent", "returned"),
    [
        (NoRedundancy(), (30,), (40,)),
        (Replication(copies=3), (30,) * 3, (40,) * 3),
        (Hedge(delay=1.0, hedges=2), (30,) * 3, (40,) * 3),
        (TwoOfThree(), (400, 404, 408), (40,) * 3),
        (TwoOfThree(encode_at="workers"), (60,) * 3, (40,) * 3),
        (Backed(), (30, 30, 408), (40,) * 3),
        (Backed(role="collage"), (30, 30, 400), (40, 40, 80)),
        (Unknown(), (30, 30, 400), (40,) * 3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bytes_of_each_task(policy, sent, returned):
    """Plain inputs to own tasks, copies and hedges; numbers of 4 bytes where inputs are mixed."""
    shape, code = policy.shape(), code_of(policy)

    assert CARRIED.sent(shape, code) == sent
    assert CARRIED.returned(shape) == returned


def test_resends_are_like_own_tasks():
    """They come last, one for each request of the group."""
    policy = Collage(grid=2, use="timeout", timeout=1.0)

    sent = CARRIED.sent(policy.shape(), Counted(1))

    assert sent == (30, 30, 30, 30, 400, 30, 30, 30, 30)
    assert CARRIED.returned(policy.shape()) == (40, 40, 40, 40, 160, 40, 40, 40, 40)


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 10**6))
def test_half_precision_halves_what_is_coded_and_nothing_else(numbers, size, answers):
    """Own tasks and results are as they were."""
    payload = Payload(numbers, size, answers)
    half = replace(payload, precision="float16")
    shape, code = Backed().shape(), Backed().code()

    *own, coded = payload.sent(shape, code)

    assert half.sent(shape, code) == (*own, coded / 2)
    assert half.returned(shape) == payload.returned(shape)
    assert half.coding(shape, code, EXACT) == payload.coding(shape, code, EXACT)


def test_times_of_coding():
    """The code's operations over the rates; a worker that encodes for itself does its share."""
    shape, at_workers = TwoOfThree().shape(), TwoOfThree(encode_at="workers").shape()

    assert CARRIED.coding(shape, Counted(3), EXACT) == (25, 0.75)
    assert CARRIED.coding(shape, Counted(3, resizes=True), EXACT) == (50, 0.75)
    assert CARRIED.coding(at_workers, Counted(3), EXACT) == (25 / 3, 0.75)
    assert CARRIED.coding(shape, Counted(3), replace(EXACT, weights=0.5)) == (25, 1.25)
    assert CARRIED.coding(shape, Counted(3, free=True), replace(EXACT, weights=0.5)) == (25, 0)


def test_a_code_must_fit_its_shape():
    """A code of more tasks than its policy has is no code of it."""
    with pytest.raises(ValueError, match="zip"):
        CARRIED.sent(TwoOfThree().shape(), Counted(4))


def test_who_has_a_code():
    """Whoever has a method code(); it must say what it costs."""
    assert code_of(TwoOfThree()) == Counted(3)
    assert code_of(NoRedundancy()) is None
    assert code_of(Unknown()) is None
