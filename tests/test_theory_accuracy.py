"""How many answers are right by a deadline: the simulator at zero load against the closed forms.

Each task is late with the probability 0.05 or 0.2, groups of four never meet, and late answers are
guessed, 1 in 10 right. |z| <= 4 over 40 runs has the size 6e-5; what a plausible mistake would give
must be refused.
"""

import numpy as np
import pytest
from against_theory import LIMIT, z_of_runs
from tabled import by_number

import strag_sim
from strag_sim.theory import accuracy

GUESS, OWN, DEADLINE = 0.1, 0.991, 2.0
ON_TIME, LATE = 1.0, 20.0  # seconds


def right_by_the_deadline(policy, workers, late, placement="fixed"):
    """Return the share of right answers of each run."""
    law = {
        "kind": "mixture",
        "parts": [
            {"weight": 1 - late, "of": {"kind": "deterministic", "value": ON_TIME}},
            {"weight": late, "of": {"kind": "deterministic", "value": LATE}},
        ],
    }
    scenario = {
        "name": "right by the deadline",
        "seed": 71,
        "runs": 40,
        "arrivals": {"kind": "deterministic", "interval": 100.0, "batch": 4},
        "requests": 4000,
        "service": law,
        "accuracy": OWN,
        "workers": {"count": workers, "placement": placement},
        "cancel": "running",
        "policies": [policy],
    }
    rows = strag_sim.simulate(strag_sim.load(scenario), record="requests").requests()
    rows["right"] = np.where(rows.response <= DEADLINE, rows.accuracy, GUESS)
    return rows.groupby("run").right.mean().to_numpy()


def collage():
    """A collage 2x2."""
    return {"kind": "collage", "grid": 2, "accuracy": by_number(4, 1, {1: 0.95}, "collage")}, 5


def parity():
    """Four inputs and a parity, 66 % of what is missing right."""
    return {"kind": "parity", "inputs": 4, "accuracy": by_number(4, 5, {4: 0.66}, "parity")}, 5


def lagrange(tasks, values, **keys):
    """Four inputs, decoded from what is there at the deadline."""
    table = by_number(4, tasks, values)
    sizes = {"inputs": 4, "tasks": tasks, "threshold": min(values)}
    return {"kind": "lagrange", "accuracy": table, "deadline": DEADLINE, **sizes, **keys}, tasks


FIVE, SIX = {4: 0.95, 5: 0.978}, {4: 0.894, 5: 0.959, 6: 0.984}
NINE = dict.fromkeys((7, 8, 9), 0.957)
# The policy and its workers, the closed form, and one that is wrong: for the first, that a collage
# is never late; for parity, that it needs no others; for codes, that the last result is not used.
CASES = {
    "collage": (
        collage,
        lambda p: accuracy.by_collage(OWN, 0.95, p, GUESS),
        lambda p: accuracy.by_own(OWN, p, 0.95),
    ),
    "parity": (
        parity,
        lambda p: accuracy.by_parity(OWN, 0.66, 4, p, GUESS),
        lambda p: accuracy.by_collage(OWN, 0.66, p, GUESS),
    ),
    "Lagrange 4 in 5": (
        lambda: lagrange(5, FIVE),
        lambda p: accuracy.by_any(FIVE, 5, p, GUESS),
        lambda p: accuracy.by_any(dict.fromkeys(FIVE, 0.95), 5, p, GUESS),
    ),
    "Lagrange 4 in 6": (
        lambda: lagrange(6, SIX),
        lambda p: accuracy.by_any(SIX, 6, p, GUESS),
        lambda p: accuracy.by_any({5: 0.959, 6: 0.984}, 6, p, GUESS),
    ),
    "polynomial, 4 in 9": (
        lambda: lagrange(9, NINE),
        lambda p: accuracy.by_any(NINE, 9, p, GUESS),
        lambda p: accuracy.by_any({8: 0.957, 9: 0.957}, 9, p, GUESS),
    ),
}


@pytest.mark.parametrize("late", [0.05, 0.2])
@pytest.mark.parametrize("name", CASES)
def test_right_by_the_deadline(name, late):
    """Within four standard errors of theory, and not of what a mistake would give."""
    make, theory, mistaken = CASES[name]
    policy, workers = make()

    runs = right_by_the_deadline(policy, workers, late)

    z, planted = z_of_runs(runs, theory(late)), z_of_runs(runs, mistaken(late))
    print(f"{name}, {late}: z = {z:.2f}, planted {planted:.1f}")
    assert abs(z) <= LIMIT
    assert abs(planted) > LIMIT


@pytest.mark.parametrize("late", [0.05, 0.2])
def test_copies_and_none(late):
    """Without a table the accuracy is that of own tasks."""
    for policy, copies in (({"kind": "none"}, 1), ({"kind": "replication", "copies": 2}, 2)):
        runs = right_by_the_deadline(policy, 8, late, placement="round-robin")

        assert abs(z_of_runs(runs, accuracy.by_copies(OWN, copies, late, GUESS))) <= LIMIT
        assert abs(z_of_runs(runs, accuracy.by_copies(OWN, 3 - copies, late, GUESS))) > LIMIT


def test_an_answer_at_the_threshold_does_not_use_the_rest():
    """Without a deadline four of five answer, though all five are there at one instant."""
    policy, workers = lagrange(5, FIVE, deadline=None)

    runs = right_by_the_deadline(policy, workers, 0.05)

    first_four = accuracy.by_any(dict.fromkeys(FIVE, 0.95), 5, 0.05, GUESS)
    assert abs(z_of_runs(runs, first_four)) <= LIMIT
