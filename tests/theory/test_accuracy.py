"""The closed forms of accuracy by a deadline, against numbers worked out elsewhere.

The accuracies, in percent, were measured on scikit-learn's digits before there was this project;
the expected ones were worked out from them then, and rounded to a tenth.
"""

import pytest

from strag_sim.theory import accuracy

GUESS, LATE = 10.0, (0.0, 0.01, 0.05, 0.1, 0.2)
SCHEMES = {
    "uncoded": (lambda p: accuracy.by_own(99.1, p, GUESS), (99.1, 98.2, 94.6, 90.2, 81.3)),
    "2 copies": (lambda p: accuracy.by_copies(99.1, 2, p, GUESS), (99.1, 99.1, 98.9, 98.2, 95.5)),
    "parity by sum": (
        lambda p: accuracy.by_parity(99.1, 66.0, 4, p, GUESS),
        (99.1, 98.7, 96.9, 93.9, 85.9),
    ),
    "parity by concatenation": (
        lambda p: accuracy.by_parity(99.1, 97.8, 4, p, GUESS),
        (99.1, 99.1, 98.2, 96.0, 88.5),
    ),
    "collage 2x2": (
        lambda p: accuracy.by_collage(99.1, 99.2, p, GUESS),
        (99.1, 99.1, 98.9, 98.2, 95.6),
    ),
    "Lagrange 4 in 5": (
        lambda p: accuracy.by_any({4: 95.0, 5: 97.8}, 5, p, GUESS),
        (97.8, 97.6, 95.2, 89.7, 73.6),
    ),
    "Lagrange 4 in 6": (
        lambda p: accuracy.by_any({4: 89.4, 5: 95.9, 6: 98.4}, 6, p, GUESS),
        (98.4, 98.2, 97.3, 95.2, 86.5),
    ),
    "polynomial of degree 2, 4 in 9": (
        lambda p: accuracy.by_any(dict.fromkeys((7, 8, 9), 95.7), 9, p, GUESS),
        (95.7, 95.7, 95.0, 91.2, 73.3),
    ),
}


@pytest.mark.parametrize("name", SCHEMES)
def test_a_table_worked_out_elsewhere(name):
    """Five probabilities of being late, groups of four; a late answer is guessed, 1 in 10 right."""
    of_late, expected = SCHEMES[name]

    assert [of_late(p) for p in LATE] == pytest.approx(expected, abs=0.06)


def test_without_lateness_the_first_answer_counts():
    """Own answers for all but coded policies."""
    assert accuracy.by_collage(0.9, 0.5, 0.0) == accuracy.by_parity(0.9, 0.5, 3, 0.0) == 0.9
    assert accuracy.by_any({3: 0.7, 4: 0.8}, 4, 0.0) == 0.8


def test_when_all_are_late_all_is_guessed():
    """Whatever the policy."""
    for made in (
        accuracy.by_copies(0.9, 3, 1.0, 0.1),
        accuracy.by_collage(0.9, 0.8, 1.0, 0.1),
        accuracy.by_parity(0.9, 0.8, 2, 1.0, 0.1),
        accuracy.by_any({2: 0.9}, 2, 1.0, 0.1),
    ):
        assert made == pytest.approx(0.1)
