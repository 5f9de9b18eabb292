"""The master that encodes, against M/D/1: groups that arrive whole wait for its core."""

from against_theory import LIMIT, Claim, cases, simulated, z_score
from payloads import TwoOfThree

from strag_sim.theory import queues

RATE = 0.7  # groups a second; the master encodes one in a second, workers take another


def encoding(seed):
    """Simulate groups of two requests that arrive together, encoded in 80 operations each."""
    return simulated(
        {"policy": TwoOfThree()},
        seed=seed,
        arrivals={"kind": "poisson", "rate": RATE, "batch": 2},
        service={"kind": "deterministic", "value": 1},
        workers={"count": 100, "queue": "shared"},
        input={"numbers": 8},
        master={"cores": 1, "rate": 80},
        decode=0,
        requests=20_000,
        warm_up=2000,
    )


result_of = cases({"one-core": encoding})

# planted: a core that is slower by 3 %
CLAIM = Claim("one-core", "mean", queues.md1_mean(RATE, 1) + 1, queues.md1_mean(RATE, 1.03) + 1)


def test_the_wait_for_the_master():
    """Operations over the rate are the service of the queue that theory knows."""
    z = z_score(result_of(CLAIM.case), CLAIM.measure, CLAIM.expected)

    print(f"{CLAIM}: z {z:.2f}")
    assert abs(z) <= LIMIT


def test_a_planted_fault_is_seen():
    """A rate that is off by three per cent is noticed."""
    assert abs(z_score(result_of(CLAIM.case), CLAIM.measure, CLAIM.planted)) > LIMIT
