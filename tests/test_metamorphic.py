"""Relations that hold where no closed form does: the same draws, told differently.

Common random numbers make them exact: the responses are equal to the last bit, request by request.
"""

import numpy as np
import pytest

import strag_sim

EXPONENTIAL = {"kind": "exponential", "mean": 1.0}
MIXTURE = {
    "kind": "mixture",
    "parts": [
        {"weight": 0.9, "of": {"kind": "exponential", "mean": 0.5}},
        {"weight": 0.1, "of": {"kind": "deterministic", "value": 6.0}},
    ],
}
CANCELS = ["never", "queued", "running"]


def responses(policy, *, load=0.5, service=EXPONENTIAL, workers=6, requests=3000, **keys):
    """Return the responses of 4 runs in seconds; the arrivals depend on the load alone."""
    scenario = {
        "name": "metamorphic",
        "seed": 9,
        "runs": 4,
        "requests": requests,
        "arrivals": {"kind": "poisson", "rate": load * 6},
        "service": service,
        "workers": {"count": workers} if isinstance(workers, int) else workers,
        "policies": [{"label": "case", **policy}],
        **keys,
    }
    return strag_sim.simulate(strag_sim.load(scenario)).responses("case")


NONE = {"kind": "none"}
TWO = {"kind": "replication", "copies": 2}


@pytest.mark.parametrize(
    "policy",
    [
        {"kind": "replication", "copies": 1},
        {"kind": "hedge", "delay": 1e9},
        {"kind": "hedge", "delay": 0.1, "budget": 0},
        {"kind": "relaunch", "timeout": 1e9},
    ],
    ids=["one copy", "late hedge", "no budget", "late relaunch"],
)
@pytest.mark.parametrize("cancel", CANCELS)
def test_redundancy_that_never_happens_changes_nothing(policy, cancel):
    """The same as no redundancy."""
    assert np.array_equal(responses(policy, cancel=cancel), responses(NONE))


@pytest.mark.parametrize("placement", ["random", "shortest-queue", "two-choices"])
@pytest.mark.parametrize("cancel", CANCELS)
def test_a_hedge_without_delay_is_a_copy(cancel, placement):
    """The j-th hedge and the j-th copy draw the same numbers."""
    keys = {"cancel": cancel, "workers": {"count": 6, "placement": placement}, "load": 0.3}

    hedged = responses({"kind": "hedge", "delay": 0}, **keys)

    assert np.array_equal(hedged, responses(TWO, **keys))


@pytest.mark.parametrize(
    "policy", [{"kind": "parity", "inputs": 2}, {"kind": "collage", "grid": 2}]
)
def test_a_code_whose_decode_never_ends_changes_nothing(policy):
    """Redundant tasks disturb nobody on workers of their own, and own tasks do not wait."""
    apart = {"workers": {"count": 8, "distinct": False}, "redundant_workers": 2}

    assert np.array_equal(responses(policy | apart, decode=1e9), responses(NONE))


@pytest.mark.parametrize("kind", ["replication", "hedge", "collage", "parity"])
def test_scaling_all_times_scales_all_responses(kind):
    """By a power of two, so that it is exact."""
    policy = {
        "replication": TWO,
        "hedge": {"kind": "hedge", "delay": 1.5},
        "collage": {"kind": "collage", "grid": 2},
        "parity": {"kind": "parity", "inputs": 2},
    }[kind]
    slow = dict(policy, delay=6.0) if kind == "hedge" else policy
    service = {"kind": "exponential", "mean": 4.0}

    one = responses(policy, load=0.25, decode=0.125)
    four = responses(slow, load=0.0625, service=service, decode=0.5)

    assert np.array_equal(4 * one, four)


@pytest.mark.parametrize("cancel", CANCELS)
def test_copies_of_constant_sizes_gain_nothing_without_queues(cancel):
    """Every response is the size."""
    sizes = {"kind": "deterministic", "value": 0.5}

    answered = responses(TWO, load=1e-4, service=sizes, cancel=cancel)

    assert answered == pytest.approx(np.full(answered.size, 0.5))


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (NONE, TWO),
        (TWO, {"kind": "replication", "copies": 3}),
        (NONE, {"kind": "hedge", "delay": 1.0}),
        ({"kind": "hedge", "delay": 1.0}, {"kind": "hedge", "delay": 1.0, "hedges": 2}),
        ({"kind": "hedge", "delay": 2.0}, {"kind": "hedge", "delay": 1.0}),
        (
            {"kind": "lagrange", "inputs": 1, "tasks": 4, "threshold": 3},
            {"kind": "lagrange", "inputs": 1, "tasks": 5, "threshold": 3},
        ),
        (
            {"kind": "lagrange", "inputs": 1, "tasks": 5, "threshold": 3},
            {"kind": "lagrange", "inputs": 1, "tasks": 5, "threshold": 2},
        ),
    ],
)
def test_more_redundancy_delays_no_answer_without_queues(less, more):
    """Request by request, on the same draws."""
    keys = {"load": 1e-5, "service": MIXTURE, "requests": 1000}

    before, after = responses(less, **keys), responses(more, **keys)

    assert (after <= before + 1e-6).all()
    assert (after < before - 1e-6).any()


@pytest.mark.parametrize("cancel", ["queued", "running"])
def test_cancels_make_no_difference_without_queues(cancel):
    """Only the cost differs."""
    keys = {"load": 1e-5, "requests": 1000}

    assert np.array_equal(
        responses(TWO, cancel=cancel, **keys), responses(TWO, cancel="never", **keys)
    )


def test_workers_of_speed_2_are_sizes_of_a_half():
    """A size over a speed: exact for a power of two."""
    fast = {"groups": [{"count": 6, "speed": 2.0}]}
    half = {"kind": "exponential", "mean": 0.5}

    assert np.array_equal(responses(TWO, workers=fast), responses(TWO, service=half))


def test_a_slot_more_is_a_worker_more():
    """Six workers of one queue are three of two slots each."""
    slots = {"groups": [{"count": 3, "slots": 2}], "queue": "shared"}

    one = responses(NONE, workers={"count": 6, "queue": "shared"})

    assert np.array_equal(one, responses(NONE, workers=slots))
